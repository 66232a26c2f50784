"""How fast a sequence falls: the slope on log-log axes, and the factor of each step."""

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths.checks import Floats, finite_array


def power_law(x: ArrayLike, y: ArrayLike) -> float:
    """The exponent s of y ≈ c·xˢ: the slope of log y against log x, by least squares.

    x and y have shape (n,), n ≥ 2, and are positive; else ValueError.
    """
    return _slope(np.log(_positives("x", x)), np.log(_positives("y", y)))


def linear_factor(k: ArrayLike, y: ArrayLike) -> float:
    """The q of y ≈ c·qᵏ ("linear convergence"): from the slope of log y against k, by least squares.

    k and y have shape (n,), n ≥ 2, and y is positive; else ValueError.
    """
    return float(np.exp(_slope(finite_array("k", k, (None,)), np.log(_positives("y", y)))))


def _slope(x: Floats, y: Floats) -> float:
    if len(x) != len(y) or len(np.unique(x)) < 2:
        raise ValueError(f"a slope needs two different places and as many values, got {len(x)} and {len(y)}")
    x = x - x.mean()
    return float(x @ (y - y.mean()) / (x @ x))


def _positives(name: str, values: ArrayLike) -> Floats:
    array = finite_array(name, values, (None,))
    if (array <= 0).any():
        raise ValueError(f"{name} must be positive, got {array.min()}")
    return array
