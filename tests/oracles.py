"""Independent oracles: central differences, and automatic differentiation by the library autograd."""

from collections.abc import Callable

import autograd
import autograd.numpy as anp
import numpy as np
from numpy.typing import NDArray


def central_differences(f: Callable, w: NDArray, step: float = 1e-5) -> NDArray:
    """∇f(w) by (f(w + h eᵢ) − f(w − h eᵢ)) / 2h."""
    return np.array([(f(w + step * e) - f(w - step * e)) / (2 * step) for e in np.eye(len(w))])


def textbook_error(x: NDArray, y: NDArray) -> Callable:
    """E(w) = Σ (y − 1/(1 + exp(−w·x)))², written as the slide has it, for autograd."""
    return lambda w: anp.sum((y - 1 / (1 + anp.exp(-anp.dot(x, w)))) ** 2)


def autograd_gradient(f: Callable, w: NDArray) -> NDArray:
    """∇f(w) by automatic differentiation."""
    return autograd.grad(f)(np.asarray(w, dtype=float))
