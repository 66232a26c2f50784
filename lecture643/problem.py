"""What the methods minimise: the protocol of a problem, and functions whose minimum is known."""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from lecture643.checks import Floats, finite_array, positive


class Problem(Protocol):
    """What can be minimised: E(w) = Σ eⁱ(w) over `size` samples, for w of shape (..., d)."""

    @property
    def size(self) -> int:
        """S, the number of samples."""

    def error(self, w: ArrayLike, /) -> Floats:
        """E: (..., d) -> (...)."""

    def gradient(self, w: ArrayLike, /, batch: ArrayLike | None = None) -> Floats:
        """∇E, or the sum of ∇eⁱ over the samples in `batch`: (..., d) -> (..., d)."""


class SampleProblem(Problem, Protocol):
    """A problem that also gives the gradients sample by sample."""

    def sample_gradients(self, w: ArrayLike, /) -> Floats:
        """∇eⁱ, one row a sample: (..., d) -> (..., S, d)."""


class Quadratic:
    """f(w) = ½ wᵀAw with a symmetric matrix A (d, d); one sample, so `size` is 1.

    Raises ValueError when A is not square, not symmetric or not finite.
    """

    size = 1

    def __init__(self, matrix: ArrayLike) -> None:
        self.matrix = finite_array("matrix", matrix, (None, None))
        if self.matrix.shape[0] != self.matrix.shape[1] or not np.allclose(self.matrix, self.matrix.T):
            raise ValueError(f"matrix must be square and symmetric, got {self.matrix.tolist()}")

    def error(self, w: ArrayLike) -> Floats:
        """f: (..., d) -> (...)."""
        return 0.5 * (np.asarray(w) * self.gradient(w)).sum(axis=-1)

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇f = Aw: (..., d) -> (..., d). There is one sample, so `batch` does not matter."""
        return np.asarray(w, dtype=float) @ self.matrix


class Power:
    """f(w) = Σ aᵢ |wᵢ|ᵖ / (p(p − 1)): convex, and for p > 2 not strongly so, since f'' = 0 at its minimum 0.

    exponent: p, at least 2. stiffness: the aᵢ > 0, shape (d,). Inside the cube |wᵢ| ≤ 1 the gradient's
    Lipschitz constant is the largest aᵢ. Raises ValueError for other values.
    """

    size = 1

    def __init__(self, exponent: float, stiffness: ArrayLike) -> None:
        self.exponent = positive("exponent", exponent)
        self.stiffness = finite_array("stiffness", stiffness, (None,))
        if self.exponent < 2 or (self.stiffness <= 0).any():
            raise ValueError(
                f"exponent must be at least 2 and stiffness positive, got {exponent!r}, {stiffness!r}"
            )

    def error(self, w: ArrayLike) -> Floats:
        """f: (..., d) -> (...)."""
        p = self.exponent
        return (self.stiffness * np.abs(w) ** p).sum(axis=-1) / (p * (p - 1))

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇f, component i: aᵢ sign(wᵢ) |wᵢ|ᵖ⁻¹ / (p − 1): (..., d) -> (..., d)."""
        p = self.exponent
        return self.stiffness * np.sign(w) * np.abs(w) ** (p - 1) / (p - 1)


class Hill:
    """f(w) = (1 + ‖w‖²)^(−a/2) / a: a hill whose foot falls for ever towards 0, smooth and not convex.

    GD walks out without end, and its gradient norm falls like k^(−(a+1)/(a+2)): for a small a hardly
    faster than the 1/√k that every smooth function is promised. Raises ValueError unless a > 0.
    """

    size = 1

    def __init__(self, a: float) -> None:
        self.a = positive("a", a)

    def error(self, w: ArrayLike) -> Floats:
        """f: (..., d) -> (...)."""
        return (1 + np.square(w).sum(axis=-1)) ** (-self.a / 2) / self.a

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇f = −w (1 + ‖w‖²)^(−a/2 − 1): (..., d) -> (..., d)."""
        w = np.asarray(w, dtype=float)
        return -w * (1 + np.square(w).sum(axis=-1, keepdims=True)) ** (-self.a / 2 - 1)
