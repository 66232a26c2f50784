"""What the methods minimise: the protocol of a problem."""

from typing import Protocol

from numpy.typing import ArrayLike

from lecture643.maths.checks import Floats


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
        """∇eⁱ, a row for each sample: (..., d) -> (..., S, d)."""
