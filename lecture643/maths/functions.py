"""Functions to minimise that each teach one thing, beside the lecture's E.

All of them are problems in the sense of `problem.Problem`: `error(w)` and `gradient(w)` broadcast over the
leading axes of w (..., d), and `size` is the number of samples.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths.checks import Floats, finite_array, positive
from lecture643.maths.slopes import directional_derivative, numerical_gradient


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


class Polynomial:
    """f of one variable, given by the places where its derivative is 0: f'(x) = scale · Π (x − turnᵢ).

    A place named once is a minimum or a maximum; one named twice is a flat inflection, where f' is 0 and f
    goes on falling (fine print F10). f(0) is `offset`. Points have shape (..., 1).

    Raises ValueError when a number is not finite.
    """

    size = 1

    def __init__(self, turns: ArrayLike, scale: float = 1.0, offset: float = 0.0) -> None:
        self.turns = np.sort(finite_array("turns", turns, (None,)))
        self.scale = float(finite_array("scale", scale, ()))
        derivative = np.polynomial.Polynomial.fromroots(self.turns) * self.scale
        self._value = derivative.integ(k=float(finite_array("offset", offset, ())))

    def error(self, w: ArrayLike) -> Floats:
        """f: (..., 1) -> (...)."""
        return self._value(_points(w, 1)[..., 0])

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇f = (f'), exactly 0 at the turns: (..., 1) -> (..., 1)."""
        return self.scale * (_points(w, 1) - self.turns).prod(axis=-1, keepdims=True)


class PartialsOnly:
    """f(x) = x₁x₂² / (x₁² + x₂²), f(0) = 0: both partial derivatives exist everywhere, and yet f is not
    differentiable at 0. There f'(0; d) = f(d), while ⟨∇f(0), d⟩ = 0 (fine print F9).
    """

    size = 1

    def error(self, w: ArrayLike) -> Floats:
        """f: (..., 2) -> (...)."""
        direction, length = _polar(_points(w, 2))
        return length * direction[..., 0] * direction[..., 1] ** 2

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """The two partial derivatives, which depend on the direction of x only: (..., 2) -> (..., 2)."""
        direction, _ = _polar(_points(w, 2))
        one, two = direction[..., 0], direction[..., 1]
        return np.stack([two**2 * (two**2 - one**2), 2 * one**3 * two], axis=-1)

    def directional_derivative(self, x: ArrayLike, d: ArrayLike) -> Floats:
        """f'(x; d), the limit itself: at 0 it is f(d), since f(αd)/α = f(d) for every α > 0."""
        x = _points(x, 2)
        inner = directional_derivative(self.gradient(x), d)
        return np.where((x == 0).all(axis=-1), self.error(d), inner)


class Perceptron:
    """Σ max(0, −y w·x) over the samples: what the perceptron's update descends (homework 2.9).

    x: (S, d). y: (S,), labels −1 and +1. At a kink, where w·x = 0, any slope between the two sides is a
    subgradient; `gradient` takes the one of a wrong point there, as the perceptron does, so that it
    leaves w = 0.

    Raises ValueError when shapes do not match or a label is not −1 or +1.
    """

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        self.x = finite_array("x", x, (None, None))
        self.y = finite_array("y", y, (len(self.x),))
        if (np.abs(self.y) != 1).any():
            raise ValueError(f"y must be −1 or +1, got {self.y.tolist()}; map labels 0 and 1 by 2y − 1")
        self.size = len(self.y)

    def error(self, w: ArrayLike) -> Floats:
        """(..., d) -> (...)."""
        return np.maximum(0, -self.margins(w)).sum(axis=-1)

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """−Σ yx over the samples (of the batch) with y w·x ≤ 0: (..., d) -> (..., d)."""
        samples = slice(None) if batch is None else np.asarray(batch)
        wrong = self.margins(w)[..., samples] <= 0
        return -(wrong * self.y[samples]) @ self.x[samples]

    def margins(self, w: ArrayLike) -> Floats:
        """y w·x of every sample, positive where it is right: (..., d) -> (..., S)."""
        return self.y * (_points(w, self.x.shape[1]) @ self.x.T)


class Function:
    """A function of your own, written for one point x of shape (d,), as a problem that the views take.

    f: x -> a number. gradient: x -> (d,); central differences where it is None.
    """

    size = 1

    def __init__(
        self, f: Callable[[Floats], float], gradient: Callable[[Floats], ArrayLike] | None = None
    ) -> None:
        self.f = f
        self._gradient = gradient or (lambda x: numerical_gradient(f, x))

    def error(self, w: ArrayLike) -> Floats:
        """f at every point: (..., d) -> (...)."""
        w = np.asarray(w, dtype=float)
        with np.errstate(all="ignore"):  # far out a formula may overflow, which the picture leaves blank
            return np.array([self.f(x) for x in w.reshape(-1, w.shape[-1])], dtype=float).reshape(
                w.shape[:-1]
            )

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇f at every point: (..., d) -> (..., d)."""
        w = np.asarray(w, dtype=float)
        with np.errstate(all="ignore"):
            rows = [self._gradient(x) for x in w.reshape(-1, w.shape[-1])]
        return np.array(rows, dtype=float).reshape(w.shape)


def _points(w: ArrayLike, d: int) -> Floats:
    w = np.asarray(w, dtype=float)
    if w.ndim == 0 or w.shape[-1] != d:
        raise ValueError(f"w must have shape (..., {d}), got {w.shape}")
    return w


def _polar(x: Floats) -> tuple[Floats, Floats]:
    """x as a unit vector and a length; at 0 the vector is 0."""
    length = np.hypot(x[..., 0], x[..., 1])
    safe = np.where(length > 0, length, 1.0)
    return x / safe[..., np.newaxis], length
