"""Slopes: directional derivatives, descent directions, and gradients checked by central differences."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.maths.checks import Floats, finite_array, positive
from lecture643.maths.text import apart, number, subscript, written


def directional_derivative(gradient: ArrayLike, d: ArrayLike) -> Floats:
    """f'(x; d) = ⟨∇f(x), d⟩ of a differentiable f; both arguments (..., n), the result (...).

    Slide: "Directional derivative". Raises ValueError when d is 0, which is no direction.
    """
    gradient = finite_array("gradient", gradient)
    return (gradient * direction_of(d)).sum(axis=-1)


def limit_along(f: Any, x: ArrayLike, d: ArrayLike) -> Floats:
    """f'(x; d), the limit: ⟨∇f(x), d⟩, but where f is not differentiable what f itself knows; d (..., n)."""
    known = getattr(f, "directional_derivative", None)
    return np.asarray(known(x, d) if known else directional_derivative(f.gradient(x), d))


def difference_quotient(
    f: Callable[[Floats], ArrayLike], x: ArrayLike, d: ArrayLike, alpha: ArrayLike
) -> Floats:
    """(f(x + αd) − f(x)) / α, whose limit for α ↓ 0 is f'(x; d); one value for each α in `alpha`.

    x and d have shape (n,), and `f` takes one point of that shape.
    Slide: "Directional derivative". Raises ValueError when d is 0 or an α is not positive.
    """
    x, d, alpha = finite_array("x", x, (None,)), direction_of(d), finite_array("alpha", alpha)
    if (alpha <= 0).any():
        raise ValueError(f"alpha must be positive, got {alpha.min()}")
    ahead = np.array([f(x + a * d) for a in alpha.ravel()], dtype=float).reshape(alpha.shape)
    return (ahead - np.asarray(f(x), dtype=float)) / alpha


def is_descent_direction(gradient: ArrayLike, d: ArrayLike) -> NDArray[np.bool_]:
    """Whether f'(x; d) < 0. Slide: "Descent Direction". Raises ValueError when d is 0."""
    return np.asarray(directional_derivative(gradient, d) < 0)


def numerical_gradient(function: Callable[[Floats], ArrayLike], w: ArrayLike, step: float = 1e-5) -> Floats:
    """∇f by central differences, (f(w + h) − f(w − h)) / 2h for one coordinate after the other; shaped as w.

    h is `step`, times |w_i| where that is above 1. It is off by h²/6 times the third derivative, and by the
    rounding of f, about 10⁻¹⁶|f|/h. Where w, f and its derivatives are of size 1 that leaves 10 digits; at
    w_i = 1000 only 4 of sin(w_i), but 10 of a power of w_i. It takes two evaluations of f per coordinate.
    Slide: "High Dimensional Representation - Notations".
    Raises ValueError when w is not finite or the step is not positive.
    """
    w, step = finite_array("w", w), positive("step", step)
    gradient = np.empty_like(w)
    for i, w_i in np.ndenumerate(w):
        above, below = w.copy(), w.copy()
        above[i] += step * max(1.0, abs(w_i))
        below[i] -= step * max(1.0, abs(w_i))
        width = above[i] - below[i]  # not 2h: w ± h has been rounded
        gradient[i] = (np.asarray(function(above)) - np.asarray(function(below))) / width
    return gradient


def gradient_mistake(
    function: Callable[[Floats], ArrayLike], gradient: Callable[[Floats], ArrayLike], at: ArrayLike
) -> str:
    """Which component of a gradient is wrong at the point `at` (d,), in one sentence; "" where none is.

    Each is compared with difference quotients of f, as far as those are exact.
    """
    at = finite_array("at", at, (None,))
    where = f"at x = {written(at)}"
    with np.errstate(all="ignore"):
        given = np.asarray(gradient(at.copy()), dtype=float)
        if given.shape != at.shape:
            return (
                f"the gradient {where} must have shape {at.shape}, one partial derivative for each "
                f"component of x, got {given.shape}"
            )
        partials = [_partial(function, at, i) for i in range(at.size)]
    faults = [fault for i in range(at.size) if (fault := _objection(i, float(given[i]), partials[i], where))]
    others = len(faults) - 1
    more = f" ({others} more {'is' if others == 1 else 'are'} off)" if others > 0 else ""
    return faults[0] + more if faults else ""


class _Partial(NamedTuple):
    """∂f/∂x_i from difference quotients: its value, how far that may be off, and the slope on either side."""

    value: float
    doubt: float
    left: float
    right: float
    kink: bool


def _partial(function: Callable[[Floats], ArrayLike], at: Floats, i: int) -> _Partial:
    """Of many steps h the one is taken that is least in doubt, between bending (large h) and rounding."""

    def value(x_i: float) -> float:
        x = at.copy()
        x[i] = x_i
        return float(np.asarray(function(x)))

    h = 0.0913 * max(1.0, abs(at[i])) * 7.3 ** -np.arange(9.0)  # no round ratio, which a period might fit
    above, below, here = at[i] + h, at[i] - h, value(at[i])
    up, down = np.array([value(x) for x in above]), np.array([value(x) for x in below])
    size = np.maximum(abs(here), np.maximum(np.abs(up), np.abs(down)))
    right, left = (up - here) / (above - at[i]), (here - down) / (at[i] - below)
    central, jump, total = (up - down) / (above - below), np.abs(right - left), np.abs(right) + np.abs(left)
    rounding = 1e-15 * (size + abs(at[i]) * jump) / h
    doubt = np.nan_to_num(np.abs(np.diff(central)) + rounding[1:], nan=np.inf)
    best = 1 + int(doubt.argmin())
    sure = np.flatnonzero(100 * rounding < 1e-3 * total)
    last = int(sure[-1]) if len(sure) else 0  # the smallest h whose one-sided quotients have three digits
    # Where f is smooth the jump falls with h, at a kink it stays; where f itself jumps it grows like 1/h.
    kink = last > 0 and jump[last] > 0.01 * total[last] and 0.5 < jump[last] / jump[last - 1] < 5
    return _Partial(float(central[best]), float(doubt[best - 1]), float(left[last]), float(right[last]), kink)


def _objection(i: int, given: float, partial: _Partial, where: str) -> str:
    """What is wrong with one component, in words; empty where nothing is."""
    name = f"∂f/∂x{subscript(i + 1)}"
    if partial.doubt == np.inf:
        return f"f is not a finite number near {where[3:]}, so there is nothing to compare with"
    if partial.kink:
        sides = f"{number(partial.left)} on one side and {number(partial.right)} on the other"
        return f"{name} does not exist {where}: there f has a kink, with the slope {sides}"
    gap, value, doubt = abs(given - partial.value), abs(partial.value), partial.doubt
    if doubt > 1e-3 * max(1.0, value) and gap <= 10 * (doubt + value):
        return f"{name} cannot be judged {where}: the difference quotients of f do not settle there"
    if gap <= doubt + 1e-6 * value + 1e-12:
        return ""
    yours, true = apart(given, partial.value)
    return f"component {i + 1}, {name}, is off {where}: yours is {yours}, central differences give {true}"


def direction_of(d: ArrayLike) -> Floats:
    d = finite_array("d", d)
    if d.ndim == 0 or (d == 0).all(axis=-1).any():
        raise ValueError("d must be a direction, got the zero vector")
    return d
