"""Checks of arguments: one plain sentence that names the argument, what came and what is allowed."""

from collections.abc import Callable, Sequence
from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def finite_array(name: str, value: ArrayLike, shape: Sequence[int | None] | None = None) -> Floats:
    """`value` as an array of finite floats; `shape` may hold None where any length is allowed.

    Raises ValueError when the numbers are not finite or the shape does not fit.
    """
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, got {value!r}") from None
    if shape is not None and not _fits(array.shape, shape):
        wanted = ", ".join("any" if length is None else str(length) for length in shape)
        raise ValueError(f"{name} must have shape ({wanted}), got {array.shape}")
    if not all_finite(array):
        raise ValueError(f"{name} must hold finite numbers, got {_first_odd(array)}")
    return array


def all_finite(array: Floats) -> bool:
    """Whether no number is inf or nan."""
    if array.size < 8:  # quicker one by one than as an array, and loops check every iterate
        return all(map(isfinite, array.ravel().tolist()))
    return bool(np.isfinite(array).all())


def real(name: str, value: Any) -> float:
    """`value` as a finite float; else ValueError."""
    if not isinstance(value, Real) or isinstance(value, bool) or not isfinite(value):
        raise ValueError(f"{name} must be a finite number, got {value!r}")
    return float(value)


def positive(name: str, value: Any) -> float:
    """`value` as a float greater than zero and finite; else ValueError."""
    if not isinstance(value, Real) or not 0 < float(value) < np.inf:
        raise ValueError(f"{name} must be a positive finite number, got {value!r}")
    return float(value)


def integer(name: str, value: Any, least: int, most: int | None = None) -> int:
    """`value` as an int between `least` and `most` (no upper end where None); else ValueError."""
    allowed = f"at least {least}" if most is None else f"from {least} to {most}"
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        raise ValueError(f"{name} must be a whole number {allowed}, got {value!r}")
    return int(value)


def function(name: str, value: Any) -> Callable[..., Any]:
    """`value`, if it can be called; else ValueError."""
    if not callable(value):
        raise ValueError(f"{name} must be the function itself, its name without brackets, got {value!r}")
    return value


def _fits(shape: tuple[int, ...], wanted: Sequence[int | None]) -> bool:
    return len(shape) == len(wanted) and all(w is None or s == w for s, w in zip(shape, wanted, strict=True))


def _first_odd(array: Floats) -> float:
    return float(array[~np.isfinite(array)].flat[0])
