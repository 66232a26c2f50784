"""One sigmoid neuron on four points: predictions, errors, gradients and the loss surface.

    ŷ = σ(w₁₁x₁ + w₁₂x₂),   eⁱ = (yⁱ − ŷⁱ)²,   E(w) = Σ eⁱ(w)

Everything broadcasts over the leading axes of `w`, whose shape is (..., d): one call evaluates
a single weight vector, a whole grid or a thousand starts.
"""

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths.checks import Floats, all_finite, finite_array


def sigmoid(z: ArrayLike) -> Floats:
    """σ(z) = 1 / (1 + exp(−z)), accurate and without a warning for every float.

    Slide: "MLP - Data Perspective: A Simple Example". The result has the shape of `z`.
    """
    z = np.asarray(z, dtype=float)
    with np.errstate(under="ignore"):  # no exponent is above 0, so nothing can overflow
        return np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z)))


def sigmoid_prime(z: ArrayLike) -> Floats:
    """σ'(z) = σ(z) σ(−z), accurate far out too, where 1 − σ(z) would round to 0."""
    with np.errstate(under="ignore"):
        decay = np.exp(-np.abs(np.asarray(z, dtype=float)))  # σ' is even
        return decay / (1.0 + decay) ** 2


class SigmoidNeuron:
    """ŷ = σ(w·x) on the samples (xⁱ, yⁱ), with the squared error.

    x: (S, d), the inputs, a row for each sample.
    y: (S,), the labels, each in [0, 1] (a sigmoid reaches no others).
    size: S, the number of samples.

    Raises ValueError when the shapes do not match, a number is not finite or a label lies outside [0, 1].
    """

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        self.x = finite_array("x", x, (None, None))
        self.y = finite_array("y", y, (len(self.x),))
        if ((self.y < 0) | (self.y > 1)).any():
            raise ValueError(
                f"y must lie in [0, 1], got {self.y.tolist()}; map labels −1 and +1 by (y + 1) / 2"
            )
        self.size = len(self.y)

    def predict(self, w: ArrayLike) -> Floats:
        """ŷ of every sample: w (..., d) -> (..., S)."""
        return sigmoid(self._weights(w) @ self.x.T)

    def sample_errors(self, w: ArrayLike) -> Floats:
        """eⁱ = (yⁱ − ŷⁱ)²: w (..., d) -> (..., S)."""
        residual, _ = self._residual_and_slope(self._weights(w), self.x, self.y)
        return residual**2

    def error(self, w: ArrayLike) -> Floats:
        """The total error E = Σ eⁱ: w (..., d) -> (...)."""
        return self.sample_errors(w).sum(axis=-1)

    def sample_gradients(self, w: ArrayLike) -> Floats:
        """∇eⁱ = 2 (ŷⁱ − yⁱ) σ'(w·xⁱ) xⁱ, a row for each sample: w (..., d) -> (..., S, d)."""
        residual, slope = self._residual_and_slope(self._weights(w), self.x, self.y)
        return (2 * residual * slope)[..., np.newaxis] * self.x

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇E = Σ ∇eⁱ, or the sum over the samples that the index array `batch` names.

        w (..., d) -> (..., d). Raises ValueError when `batch` names a sample that is not there.
        """
        x, y = (self.x, self.y) if batch is None else self._samples(batch)
        residual, slope = self._residual_and_slope(self._weights(w), x, y)
        return (2 * residual * slope) @ x

    def surface(self, w1: ArrayLike, w2: ArrayLike) -> Floats:
        """E over a grid, as contour plots want it: (len(w2), len(w1)). For d = 2 only.

        Slide: "Visualizing the loss surface".
        """
        w1, w2 = finite_array("w1", w1, (None,)), finite_array("w2", w2, (None,))
        return self.error(np.stack(np.meshgrid(w1, w2), axis=-1))

    def plateaus(self) -> list[tuple[float, float, float]]:
        """The heights that E(t·w) tends to for t → ∞, one (from°, to°, height) for each cone of
        directions w (fine print F3).

        Far out every ŷ is 0 or 1, so E only depends on the side of w·x = 0 that each point is on.
        Angles run counter-clockwise from the w₁₁ axis, `to` may exceed 360. For d = 2 only.
        """
        across = np.rad2deg(np.arctan2(self.x[:, 1], self.x[:, 0]))  # w·x = 0 a quarter turn to both sides
        ends = np.unique(np.round(np.concatenate([across + 90, across - 90]) % 360, 9) % 360)
        cones = []
        for low, high in zip(ends, np.append(ends[1:], ends[0] + 360), strict=True):
            middle = np.deg2rad((low + high) / 2)
            says_one = self.x @ (np.cos(middle), np.sin(middle)) > 0
            cones.append((float(low), float(high), float(((says_one - self.y) ** 2).sum())))
        return cones

    @staticmethod
    def _residual_and_slope(w: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """ŷ − y and σ'(z), neither with a subtraction that loses digits where σ saturates.

        ŷ − y = (1 − y) σ(z) − y σ(−z), since σ(z) + σ(−z) = 1. This is the inner loop of every descent,
        so one exponential serves σ(z), σ(−z) and σ'(z), by the formulas of `sigmoid` and `sigmoid_prime`.
        """
        z = w @ x.T
        decay = np.exp(-np.abs(z))
        total = 1.0 + decay
        larger, smaller = 1.0 / total, decay / total
        positive = z >= 0
        at_z, at_minus_z = np.where(positive, larger, smaller), np.where(positive, smaller, larger)
        return (1.0 - y) * at_z - y * at_minus_z, decay / total**2

    def _samples(self, batch: ArrayLike) -> tuple[Floats, Floats]:
        index = np.asarray(batch)
        try:
            return self.x[index], self.y[index]
        except IndexError:
            raise ValueError(
                f"batch must be an array of sample indices from 0 to {self.size - 1}, got {batch!r}"
            ) from None

    def _weights(self, w: ArrayLike) -> Floats:
        w = np.asarray(w, dtype=float)
        if w.ndim == 0 or w.shape[-1] != self.x.shape[1]:
            raise ValueError(f"w must have shape (..., {self.x.shape[1]}), got {w.shape}")
        if not all_finite(w):
            raise ValueError(f"w must hold finite numbers, got {w.tolist()!r:.80}")
        return w


def four_points() -> SigmoidNeuron:
    """The lecture's own data: (−3,−3)→1, (−2,−2)→1, (4,4)→0, (2,−5)→0.

    Slide: "MLP - Data Perspective: A Simple Example".
    """
    return SigmoidNeuron(x=[[-3, -3], [-2, -2], [4, 4], [2, -5]], y=[1, 1, 0, 0])


def points_around(problem: SigmoidNeuron, size: int, spread: float = 0.5, seed: int = 0) -> SigmoidNeuron:
    """More samples of the same kind: point i is drawn around point i mod S of `problem`, with its label.

    size: how many. spread: the standard deviation of each coordinate.
    """
    copies = np.arange(size) % problem.size
    noise = np.random.default_rng(seed).normal(scale=spread, size=(size, problem.x.shape[1]))
    return SigmoidNeuron(problem.x[copies] + noise, problem.y[copies])
