"""The interactive views, one file each; every one is called like a function: `explore.neuron()`."""

from lecture643.explore.basins import Basins as basins
from lecture643.explore.cost import Cost as cost
from lecture643.explore.descent import Descent as descent
from lecture643.explore.neuron import Neuron as neuron
from lecture643.explore.rates import Rates as rates
from lecture643.explore.schedule import Schedule as schedule
from lecture643.explore.surface import Surface as surface

__all__ = ["basins", "cost", "descent", "neuron", "rates", "schedule", "surface"]
