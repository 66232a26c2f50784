"""The interactive views, one file each; every one is called like a function: `explore.neuron()`."""

from lecture643.explore.backprop import Backprop as backprop
from lecture643.explore.descent import Descent as descent
from lecture643.explore.matrices import Matrices as matrices
from lecture643.explore.neuron import Neuron as neuron
from lecture643.explore.surface import Surface as surface

__all__ = ["backprop", "descent", "matrices", "neuron", "surface"]
