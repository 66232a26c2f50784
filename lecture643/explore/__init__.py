"""The interactive views, one file each; every one is called like a function: `explore.neuron()`."""

from lecture643.explore.backprop import Backprop as backprop
from lecture643.explore.basins import Basins as basins
from lecture643.explore.cost import Cost as cost
from lecture643.explore.depth import Depth as depth
from lecture643.explore.descent import Descent as descent
from lecture643.explore.direction import Direction as direction
from lecture643.explore.line_search import LineSearch as line_search
from lecture643.explore.matrices import Matrices as matrices
from lecture643.explore.neuron import Neuron as neuron
from lecture643.explore.optimum import Optimum as optimum
from lecture643.explore.perceptron import Perceptron as perceptron
from lecture643.explore.rates import Rates as rates
from lecture643.explore.schedule import Schedule as schedule
from lecture643.explore.sigmoid import Sigmoid as sigmoid
from lecture643.explore.stationary import Stationary as stationary
from lecture643.explore.surface import Surface as surface
from lecture643.explore.training import Training as training

__all__ = [
    "backprop",
    "basins",
    "cost",
    "depth",
    "descent",
    "direction",
    "line_search",
    "matrices",
    "neuron",
    "optimum",
    "perceptron",
    "rates",
    "schedule",
    "sigmoid",
    "stationary",
    "surface",
    "training",
]
