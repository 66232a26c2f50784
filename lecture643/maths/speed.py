"""How fast a sequence falls: by a factor in each step, by a power of k, or by neither law."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths.checks import Floats, finite_array

FEWEST = 6  # values: through fewer, both laws pass too easily
NEAR = 0.1  # a law fits where no value is off by more than this part of it …
STRAIGHT = 0.05  # … nor by more than this part of the whole fall, on a log axis
ROUNDING = 1e-9  # a smaller change is rounding


@dataclass(frozen=True)
class Law:
    """The law that a sequence follows.

    kind: "factor" (y ≈ c·qᵏ, linear convergence), "power" (y ≈ c·kˢ) or "none".
    value: q or s; nan where there is none. error: the largest part by which a y differs from the law.
    """

    kind: str
    value: float
    error: float


def law(k: ArrayLike, y: ArrayLike, lowest: float = 0.0) -> Law:
    """Which law y follows: both are fitted to log y, and the one with the smaller residual wins.

    It is "none" where neither fits, where y stands still up to rounding, and where a y is not above `lowest`,
    below which the values are rounding. k and y have shape (n,), and k is positive; else ValueError.
    """
    k, y = _positives("k", k), finite_array("y", y, (None,))
    if len(k) < FEWEST or (y <= lowest).any() or np.ptp(np.log(y)) < ROUNDING:
        return Law("none", np.nan, np.nan)
    factor, power = linear_factor(k, y), power_law(k, y)
    off = {
        ("factor", factor): _residual(k * np.log(factor), y),
        ("power", power): _residual(power * np.log(k), y),
    }
    (kind, value), least = min(off.items(), key=lambda fit: fit[1])
    if least > min(np.log(1 + NEAR), STRAIGHT * np.ptp(np.log(y))):
        return Law("none", np.nan, np.nan)
    return Law(kind, value, float(np.expm1(least)))


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


def late_power(k: ArrayLike, y: ArrayLike) -> float | None:
    """The s of y ≈ c·kˢ, if the last two decades of k agree on it to 0.2 and the last one keeps to it."""
    k, y = _positives("k", k), _positives("y", y)
    last, before = k >= k[-1] / 10, (k >= k[-1] / 100) & (k <= k[-1] / 10)
    s, earlier = power_law(k[last], y[last]), power_law(k[before], y[before])
    off = float(np.std(np.log(y[last]) - s * np.log(k[last])))
    return s if abs(s - earlier) <= 0.2 and off <= 0.2 else None


def _slope(x: Floats, y: Floats) -> float:
    if len(x) != len(y) or len(np.unique(x)) < 2:
        raise ValueError(f"a slope needs two different places and as many values, got {len(x)} and {len(y)}")
    x = x - x.mean()
    return float(x @ (y - y.mean()) / (x @ x))


def _residual(fitted: Floats, y: Floats) -> float:
    """The largest distance of log y from the fit, whose constant log c is still to be added."""
    rest = np.log(y) - fitted
    return float(np.abs(rest - rest.mean()).max())


def _positives(name: str, values: ArrayLike) -> Floats:
    array = finite_array(name, values, (None,))
    if (array <= 0).any():
        raise ValueError(f"{name} must be positive, got {array.min()}")
    return array
