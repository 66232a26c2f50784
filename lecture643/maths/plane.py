"""Vectors of the plane: their length, their angle."""

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths.checks import Floats


def turned(angle: ArrayLike, length: float = 1.0) -> Floats:
    """The vector (..., 2) with this angle in degrees; rounded, so that 90° is (0, 1) and not (6×10⁻¹⁷, 1)."""
    radians = np.radians(angle)
    return np.round(length * np.stack([np.cos(radians), np.sin(radians)], axis=-1), 12) + 0.0


def polar(vector: ArrayLike) -> tuple[float, float]:
    """The angle of a vector in degrees, and its length."""
    x, y = np.asarray(vector, dtype=float)
    return float(np.degrees(np.arctan2(y, x))), float(np.hypot(x, y))


def unit(vector: Floats) -> Floats:
    """A vector of length 1 with the same direction; 0 stays 0."""
    length = np.hypot(*vector)
    return vector / length if length > 0 else vector


def angle_between(one: Floats, other: Floats) -> float | None:
    """The angle in degrees between two vectors; None where one of them is 0."""
    if not (one.any() and other.any()):
        return None
    one, other = unit(one), unit(other)
    return float(np.degrees(np.arctan2(abs(one[0] * other[1] - one[1] * other[0]), one @ other)))
