"""Small labelled data sets in the plane for section 4, "Multi Layer Perceptron for Prediction Tasks".

Each is made here from a seed; scikit-learn has similar ones, but is a large install for a few lines of NumPy.
Half of the samples have label 1, the others 0. The coordinates are centred and lie mostly within ±3.
"""

from collections.abc import Callable
from numbers import Real
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths import toy
from lecture643.maths.checks import Floats, finite_array, integer


class Data(NamedTuple):
    """D = {(xˢ, yˢ)}: x is (S, d), one sample a row; y is (S,), its labels."""

    x: Floats
    y: Floats


def four_points() -> Data:
    """The lecture's own four samples. Slide: "MLP - Data Perspective: A Simple Example"."""
    neuron = toy.four_points()
    return Data(neuron.x, neuron.y)


def xor(size: int = 200, noise: float = 0.4, seed: int = 0) -> Data:
    """Four clouds around (±1.5, ±1.5); y = 1 where the signs of the two coordinates differ.

    size: S, at least 2; xor(4, noise=0) is the truth table. noise: the standard deviation of what is added to
    each coordinate, at least 0. seed: settles all draws.
    Raises ValueError for other values; so do the functions below, which take the same arguments.
    """

    def place(u: Floats, y: Floats) -> Floats:
        side = np.where(u < 0.5, -1.5, 1.5)
        return np.column_stack([side, side * (1 - 2 * y)])

    return _scatter(place, size, noise, seed)


def two_moons(size: int = 200, noise: float = 0.2, seed: int = 0) -> Data:
    """Two half circles, each reaching into the other. Arguments as in `xor`."""

    def place(u: Floats, y: Floats) -> Floats:
        # The upper moon turned by 180° about the origin is the lower one.
        return (1 - 2 * y[:, None]) * (1.6 * _on_circle(np.pi * u) + [-0.8, -0.4])

    return _scatter(place, size, noise, seed)


def circles(size: int = 200, noise: float = 0.15, seed: int = 0) -> Data:
    """A circle of radius 1 (y = 1) in one of radius 2.2. Arguments as in `xor`."""
    return _scatter(lambda u, y: (2.2 - 1.2 * y[:, None]) * _on_circle(2 * np.pi * u), size, noise, seed)


def gaussians(size: int = 200, noise: float = 0.6, seed: int = 0) -> Data:
    """Two clouds, around (1.2, 1.2) for y = 1 and (−1.2, −1.2) for y = 0. Arguments as in `xor`."""
    return _scatter(lambda u, y: np.column_stack([2.4 * y - 1.2] * 2), size, noise, seed)


def spirals(size: int = 200, noise: float = 0.1, seed: int = 0) -> Data:
    """Two arms of one and a half turns, one the other turned by 180°. Arguments as in `xor`."""

    def place(u: Floats, y: Floats) -> Floats:
        return (0.3 + 2.3 * u[:, None]) * _on_circle(np.pi * (3 * u + y))

    return _scatter(place, size, noise, seed)


def split(data: Data, held_out: float = 0.25, seed: int = 0) -> tuple[Data, Data]:
    """(train, test): a random share `held_out` of the samples, rounded, is kept for the test.

    Raises ValueError when the share is not between 0 and 1, or leaves no sample on one side.
    """
    size = len(data.y)
    if not isinstance(held_out, Real) or not 0 < held_out < 1:
        raise ValueError(f"held_out must lie between 0 and 1, got {held_out!r}")
    held = round(held_out * size)
    if not 0 < held < size:
        raise ValueError(f"held_out must leave samples on both sides, got {held_out!r} of {size} samples")
    order = np.random.default_rng(integer("seed", seed, 0)).permutation(size)
    train, test = order[held:], order[:held]
    return Data(data.x[train], data.y[train]), Data(data.x[test], data.y[test])


def to_signs(y: ArrayLike) -> Floats:
    """Labels 0 and 1 as −1 and +1, the Y of slide "Multi Layer Perceptron for Prediction Tasks"; any shape.

    Raises ValueError for other labels.
    """
    return 2 * _labels(y, (0, 1)) - 1


def from_signs(y: ArrayLike) -> Floats:
    """Labels −1 and +1 as 0 and 1, (y + 1) / 2, for a sigmoid cannot reach −1 (fine print F13); any shape.

    Raises ValueError for other labels.
    """
    return (_labels(y, (-1, 1)) + 1) / 2


def _labels(y: ArrayLike, allowed: tuple[int, int]) -> Floats:
    y = finite_array("y", y)
    if not np.isin(y, allowed).all():
        raise ValueError(
            f"y must hold labels {allowed[0]} and {allowed[1]}, got {np.unique(y).tolist()!r:.80}"
        )
    return y


def _scatter(place: Callable[[Floats, Floats], Floats], size: int, noise: float, seed: int) -> Data:
    """`size` samples at place(u, y) plus normal noise, shuffled; the u of a label are spread over [0, 1)."""
    size, seed = integer("size", size, 2), integer("seed", seed, 0)
    if not isinstance(noise, Real) or not 0 <= noise < np.inf:
        raise ValueError(f"noise must be a finite number of at least 0, got {noise!r}")
    rng = np.random.default_rng(seed)
    order = rng.permutation(size)
    y = order % 2.0
    u = (order // 2 + rng.random(size)) / ((size + 1) // 2)  # one in each of equal intervals
    return Data(place(u, y) + noise * rng.standard_normal((size, 2)), y)


def _on_circle(angle: Floats) -> Floats:
    return np.column_stack([np.cos(angle), np.sin(angle)])
