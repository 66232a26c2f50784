"""Slopes: directional derivatives, descent directions, and gradients checked by central differences."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.maths.checks import Floats, finite_array, positive


def directional_derivative(gradient: ArrayLike, d: ArrayLike) -> Floats:
    """f'(x; d) = ⟨∇f(x), d⟩ of a differentiable f; both arguments (..., n), the result (...).

    Slide: "Directional derivative". Raises ValueError when d is 0, which is no direction.
    """
    gradient = finite_array("gradient", gradient)
    return (gradient * direction_of(d)).sum(axis=-1)


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

    h is `step`, times |w_i| where that is above 1. About 10 digits are right, for two evaluations of f per
    coordinate. Slide: "High Dimensional Representation - Notations".
    Raises ValueError when w is not finite or the step is not positive.
    """
    w, step = finite_array("w", w), positive("step", step)
    gradient = np.empty_like(w)
    for i, w_i in np.ndenumerate(w):
        above, below = w.copy(), w.copy()
        above[i] += step * max(1.0, abs(w_i))
        below[i] -= step * max(1.0, abs(w_i))
        rise = np.asarray(function(above)) - np.asarray(function(below))
        gradient[i] = rise / (above[i] - below[i])  # not 2h: w ± h has been rounded
    return gradient


def gradient_mistake(
    function: Callable[[Floats], ArrayLike], gradient: Callable[[Floats], ArrayLike], at: ArrayLike
) -> str:
    """Which component of a gradient is wrong at the point `at` (d,), in one sentence; "" where none is.

    Compared with `numerical_gradient`, as far as that is exact.
    """
    at = finite_array("at", at, (None,))
    with np.errstate(all="ignore"):
        given = np.asarray(gradient(at.copy()), dtype=float)
        value = float(np.asarray(function(at.copy())))
        expected, coarser = (numerical_gradient(function, at, step) for step in (1e-5, 2e-5))
    if given.shape != at.shape:
        return (
            f"the gradient at x = {at.tolist()} must have shape {at.shape}, one partial derivative for each "
            f"component of x, got {given.shape}"
        )
    if not np.isfinite(expected).all():
        return f"f is not a finite number around x = {at.tolist()}, so there is nothing to compare with"
    doubt = np.abs(expected - coarser) + 1e-10 * (
        1 + abs(value)
    )  # what the differences themselves are off by
    off = np.flatnonzero(~(np.abs(given - expected) <= 1e-6 * np.abs(expected).max() + doubt))
    if not len(off):
        return ""
    i, others = int(off[0]), len(off) - 1
    more = f" ({others} more {'is' if others == 1 else 'are'} off)" if others else ""
    return (
        f"component {i + 1}, ∂f/∂x{str(i + 1).translate(_SUBSCRIPT)}, is off at x = {at.tolist()}: "
        f"yours is {given[i]:.6g}, central differences give {expected[i]:.6g}{more}"
    )


_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def direction_of(d: ArrayLike) -> Floats:
    d = finite_array("d", d)
    if d.ndim == 0 or (d == 0).all(axis=-1).any():
        raise ValueError("d must be a direction, got the zero vector")
    return d
