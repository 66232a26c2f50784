"""A multi-layer perceptron and its gradient by backpropagation, in the symbols of the slides.

    forward     a⁰ = x,   z^ℓ = W^ℓ a^{ℓ−1} + b^ℓ,   a^ℓ = φ(z^ℓ),   ŷ = a^L
    backward    δ^ℓ = ∂e/∂a^ℓ = (W^{ℓ+1})ᵀ Diag(φ'^{ℓ+1}) δ^{ℓ+1} = V^{ℓ+1} δ^{ℓ+1}
                ∇_{W^ℓ} e = Diag(φ'^ℓ) δ^ℓ (a^{ℓ−1})ᵀ

`MLP.forward_pass` and `MLP.backward_pass` are these lines; all else is checks and shapes. In those two a
sample is a column, as on the slides: a^ℓ is (N_ℓ, S) for S samples, and multiplying by (a^{ℓ−1})ᵀ sums over
them. Outside, a sample is a row, as in any table of data. Diag(φ') is never built: multiplying by a diagonal
matrix is multiplying entry by entry. All symbols and their names: docs/notation.md.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths.checks import Floats, finite_array, integer, positive
from lecture643.maths.slopes import numerical_gradient as numerical_gradient
from lecture643.maths.toy import sigmoid, sigmoid_prime

Activation = str | Sequence[str]

# φ and φ' by name. φ' is computed from z: 1 − a has lost the digits where φ saturates.
# ReLU has no derivative at z = 0; it is taken as 0 there.
ACTIVATIONS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    "sigmoid": (sigmoid, sigmoid_prime),
    "tanh": (np.tanh, lambda z: 4.0 * sigmoid_prime(2.0 * z)),  # since tanh(z) = 2σ(2z) − 1
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: (z > 0).astype(float)),
    "identity": (lambda z: z, np.ones_like),
}
ERRORS = ("squared", "cross-entropy")


class Forward(NamedTuple):
    """What the forward pass computed, indexed as on the slides: z[ℓ] is z^ℓ and a[ℓ] is a^ℓ.

    Each is (N_ℓ,) for one sample, (S, N_ℓ) for a batch. a[0] is x. The input layer has no pre-activation;
    z[0] only fills the place, with x again.
    """

    z: list[Floats]
    a: list[Floats]


@dataclass(frozen=True, eq=False)
class Gradients:
    """What backpropagation computed: lists over the layers 1 … L, so that [ℓ−1] belongs to layer ℓ.

    weights: ∇_{W^ℓ} e, (N_ℓ, N_{ℓ−1}); of a batch the sum over its samples, which is the gradient of E.
    biases: ∇_{b^ℓ} e, (N_ℓ,), summed likewise; for a network without biases, those of biases that are 0.
    delta: δ^ℓ = ∂e/∂a^ℓ, with respect to the activations; (N_ℓ,), of a batch (S, N_ℓ).
    phi_prime: φ'(z^ℓ), the diagonal of Diag(φ'^ℓ), in the shapes of delta.
    """

    weights: list[Floats]
    biases: list[Floats]
    delta: list[Floats]
    phi_prime: list[Floats]
    _W: list[Floats] = field(repr=False)

    @cached_property
    def V(self) -> list[Floats]:
        """V^ℓ = (W^ℓ)ᵀ Diag(φ'^ℓ): (N_{ℓ−1}, N_ℓ), of a batch (S, N_{ℓ−1}, N_ℓ); formed on demand."""
        return [W.T * diagonal[..., None, :] for W, diagonal in zip(self._W, self.phi_prime, strict=True)]


class Backward(NamedTuple):
    """What the backward pass computed, over the layers 1 … L: δ^ℓ, ∂e/∂z^ℓ = Diag(φ'^ℓ) δ^ℓ and φ'(z^ℓ)."""

    delta: list[Floats]
    de_dz: list[Floats]
    phi_prime: list[Floats]


class MLP:
    """A multi-layer perceptron. Slide: "GD/SGD for MLP: Sample-wise Gradient Computation".

    weights: W^1 … W^L, where weights[ℓ−1] is W^ℓ of shape (N_ℓ, N_{ℓ−1}).
    biases: b^1 … b^L, each (N_ℓ,), or None as on the slides.
    activation: "sigmoid", "tanh", "relu" or "identity"; one name for all layers, or a list of one per layer.
    error: "squared", e = Σ (ŷ − y)², or "cross-entropy", e = −Σ (y ln ŷ + (1−y) ln(1−ŷ)), summed over
        the output neurons. Cross-entropy needs a sigmoid in the last layer, and labels in [0, 1].

    The network keeps copies, which may be updated in place: mlp.weights[0] -= rate * gradients.weights[0].
    Numbers that explode give inf or nan, without a warning.
    Raises ValueError when the shapes do not chain, a number is not finite or a name is unknown.
    """

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike] | None = None,
        activation: Activation = "sigmoid",
        error: str = "squared",
    ) -> None:
        self.weights = [finite_array(f"weights[{i}]", W, (None, None)).copy() for i, W in enumerate(weights)]
        L = len(self.weights)
        if L == 0:
            raise ValueError("weights must hold at least one matrix, got none")
        for i, (W, after) in enumerate(pairwise(self.weights), start=1):
            finite_array(f"weights[{i}]", after, (None, len(W)))
        self.biases: list[Floats] | None = None
        if biases is not None:
            if len(biases) != L:
                raise ValueError(f"biases must hold {L} vectors, one per layer, got {len(biases)}")
            checked = (finite_array(f"biases[{i}]", biases[i], (len(W),)) for i, W in enumerate(self.weights))
            self.biases = [b.copy() for b in checked]
        one_for_all = isinstance(activation, str) or not isinstance(activation, Sequence)
        self.activation: list[str] = [str(activation)] * L if one_for_all else list(activation)
        if len(self.activation) != L or not set(self.activation) <= set(ACTIVATIONS):
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}, or {L} of them, got {activation!r}"
            )
        self.error = error
        if error not in ERRORS:
            raise ValueError(f"error must be one of {', '.join(ERRORS)}, got {error!r}")
        if error == "cross-entropy" and self.activation[-1] != "sigmoid":
            raise ValueError(
                f"activation must end in a sigmoid layer for cross-entropy, got {self.activation[-1]!r}"
            )

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        seed: int = 0,
        scale: str | float = "glorot",
        biases: bool = False,
        activation: Activation = "sigmoid",
        error: str = "squared",
    ) -> Self:
        """A network of N_0, …, N_L = `sizes` neurons with normally distributed weights; biases start at 0.

        scale: their standard deviation, as a number, "glorot" for √(2 / (N_{ℓ−1} + N_ℓ)), which suits sigmoid
        and tanh, or "he" for √(2 / N_{ℓ−1}), which suits ReLU. Raises ValueError as the constructor does.
        """
        sizes = [integer(f"sizes[{i}]", n, 1) for i, n in enumerate(sizes)]
        if len(sizes) < 2:
            raise ValueError(f"sizes must name the inputs and at least one layer, got {sizes}")
        rng = np.random.default_rng(integer("seed", seed, 0))
        weights = []
        for before, after in pairwise(sizes):
            named = {"glorot": (2 / (before + after)) ** 0.5, "he": (2 / before) ** 0.5}
            if isinstance(scale, str) and scale not in named:
                raise ValueError(f"scale must be glorot, he or a positive number, got {scale!r}")
            deviation = named[scale] if isinstance(scale, str) else positive("scale", scale)
            weights.append(deviation * rng.standard_normal((after, before)))
        return cls(weights, [np.zeros(n) for n in sizes[1:]] if biases else None, activation, error)

    @property
    def sizes(self) -> tuple[int, ...]:
        """N_0, N_1, …, N_L: the inputs, then the neurons of each layer."""
        return (self.weights[0].shape[1], *(len(W) for W in self.weights))

    @classmethod
    def stack(cls, weights: Sequence[Floats], activation: Activation = "sigmoid") -> Self:
        """Many networks at once, for the two passes: weights[ℓ−1] is (networks, N_ℓ, N_{ℓ−1}), not copied."""
        mlp = cls([W[0] for W in weights], activation=activation)
        mlp.weights = list(weights)
        return mlp

    # The two passes, unchecked, a sample per column. The weights may carry leading axes, (..., N_ℓ, N_{ℓ−1});
    # then everything computed from them does too, so that a whole grid of weights takes one call.

    def forward_pass(self, x: Floats) -> tuple[list[Floats], list[Floats]]:
        """z^0 … z^L and a^0 … a^L for the columns x."""
        z, a = [x], [x]  # a⁰ = x
        for ell, W in enumerate(self.weights, start=1):
            phi, _ = ACTIVATIONS[self.activation[ell - 1]]
            z.append(W @ a[ell - 1])  # z^ℓ = W^ℓ a^{ℓ−1}
            if self.biases is not None:
                z[ell] += self.biases[ell - 1][..., None]  # + b^ℓ
            a.append(phi(z[ell]))  # a^ℓ = φ(z^ℓ)
        return z, a

    def backward_pass(self, y: Floats, z: list[Floats], a: list[Floats]) -> Backward:
        """From the last layer to the first, for the labels y and what the forward pass computed."""
        W = dict(enumerate(self.weights, start=1))  # W[ℓ] is W^ℓ
        L = len(W)
        phi_prime = {ell: ACTIVATIONS[name][1](z[ell]) for ell, name in enumerate(self.activation, start=1)}
        delta, de_dz = {}, {}
        delta[L], de_dz[L] = self._output_gradients(y, z[L], a[L], phi_prime[L])
        for ell in range(L - 1, 0, -1):
            delta[ell] = W[ell + 1].mT @ de_dz[ell + 1]  # δ^ℓ = (W^{ℓ+1})ᵀ Diag(φ'^{ℓ+1}) δ^{ℓ+1}
            de_dz[ell] = phi_prime[ell] * delta[ell]  # ∂e/∂z^ℓ = Diag(φ'^ℓ) δ^ℓ
        return Backward(*([by_layer[ell] for ell in W] for by_layer in (delta, de_dz, phi_prime)))

    def _nablas(self, x: Floats, y: Floats) -> tuple[list[Floats], list[Floats], Backward]:
        """∇_{W^ℓ} e and ∇_{b^ℓ} e, summed over the samples, and all that flowed back."""
        with np.errstate(all="ignore"):
            z, a = self.forward_pass(x)
            back = self.backward_pass(y, z, a)
            # ∇_{W^ℓ} e = Diag(φ'^ℓ) δ^ℓ (a^{ℓ−1})ᵀ and ∇_{b^ℓ} e = Diag(φ'^ℓ) δ^ℓ
            nabla_W = [de_dz @ before.mT for de_dz, before in zip(back.de_dz, a, strict=False)]
            return nabla_W, [de_dz.sum(axis=-1) for de_dz in back.de_dz], back

    def _output_gradients(self, y: Floats, z: Floats, a: Floats, phi_prime: Floats) -> tuple[Floats, Floats]:
        """δ^L = ∂e/∂ŷ and ∂e/∂z^L = Diag(φ'^L) δ^L."""
        residual = self._residual(y, z, a)
        if self.error == "squared":
            delta = 2.0 * residual
            return delta, phi_prime * delta
        # φ' = ŷ(1−ŷ) cancels against the fractions of δ^L; what is left, ŷ − y, holds where those overflow.
        return _fraction(1.0 - y, sigmoid(-z)) - _fraction(y, a), residual

    def _residual(self, y: Floats, z: Floats, a: Floats) -> Floats:
        """ŷ − y; of a sigmoid as (1−y)σ(z) − yσ(−z), since σ(z) − 1 rounds to 0 from z = 37 on (F4)."""
        return (1.0 - y) * a - y * sigmoid(-z) if self.activation[-1] == "sigmoid" else a - y

    def _sample_errors(self, y: Floats, z: Floats, a: Floats) -> Floats:
        """e of each sample, (..., S), from the last layer's z and a."""
        if self.error == "squared":
            e = self._residual(y, z, a) ** 2
        else:  # −ln σ(z) = ln(1 + e^{−z}), right also where ŷ has rounded to 0 or 1
            e = y * np.logaddexp(0.0, -z) + (1.0 - y) * np.logaddexp(0.0, z)
        return np.asarray(e.sum(axis=-2))

    # The same for one sample (d,) or a batch of rows (S, d).

    def forward(self, x: ArrayLike) -> Forward:
        """All z^ℓ and a^ℓ for x (d,) or (S, d). Raises ValueError for other shapes and numbers not finite."""
        x = self._inputs(x)
        with np.errstate(all="ignore"):
            z, a = self.forward_pass(np.atleast_2d(x).T)
        return Forward(_rows(z, x), _rows(a, x))

    def predict(self, x: ArrayLike) -> Floats:
        """ŷ for x (d,) or (S, d): (N_L,) or (S, N_L), without that last axis if N_L is 1.

        Slide: "Multi Layer Perceptron for Prediction Tasks". Raises ValueError as `forward`.
        """
        output = self.forward(x).a[-1]
        prediction: Floats = output[..., 0][()] if output.shape[-1] == 1 else output
        return prediction

    def sample_errors(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """e of one sample, x (d,), a number; or of each sample of a batch, x (S, d), as (S,).

        y: (N_L,) or (S, N_L); the last axis may be missing if N_L is 1. Raises ValueError when a shape does
        not fit, a number is not finite or a label is none that the error accepts.
        """
        x = self._inputs(x)
        y = self._labels(x, y)
        with np.errstate(all="ignore"):
            z, a = self.forward_pass(np.atleast_2d(x).T)
            errors: Floats = self._sample_errors(y, z[-1], a[-1]).reshape(x.shape[:-1])[()]
        return errors

    def backprop(self, x: ArrayLike, y: ArrayLike) -> Gradients:
        """The gradients of e, or of E, the sum over a batch. Arguments and ValueErrors as in `sample_errors`.

        Slide: "GD/SGD for MLP: Sample-wise Gradient Computation". With cross-entropy δ^L = (1−y)/(1−ŷ) − y/ŷ
        is inf where it exceeds the largest float; the gradients are right there too.
        """
        x = self._inputs(x)
        y = self._labels(x, y)
        nabla_W, nabla_b, back = self._nablas(np.atleast_2d(x).T, y)
        W_now = [W.copy() for W in self.weights]  # V is formed later, perhaps after an update in place
        return Gradients(nabla_W, nabla_b, _rows(back.delta, x), _rows(back.phi_prime, x), W_now)

    def _inputs(self, x: ArrayLike) -> Floats:
        x, d = finite_array("x", x), self.sizes[0]
        if x.ndim not in (1, 2) or x.shape[-1] != d:
            raise ValueError(f"x must have shape ({d},) or (S, {d}), got {x.shape}")
        return x

    def _labels(self, x: Floats, y: ArrayLike) -> Floats:
        """y in columns, (N_L, S)."""
        y, outputs = finite_array("y", y), self.sizes[-1]
        wanted = x.shape[:-1] if outputs == 1 else (*x.shape[:-1], outputs)
        if y.shape not in (wanted, (*x.shape[:-1], outputs)):
            raise ValueError(f"y must have shape {wanted}, as x has shape {x.shape}, got {y.shape}")
        if self.error == "cross-entropy" and ((y < 0) | (y > 1)).any():
            raise ValueError(
                f"y must lie in [0, 1] for cross-entropy, got {y.min():g} to {y.max():g}; "
                "data.from_signs maps labels −1 and +1"
            )
        return y.reshape(-1, outputs).T


class MLPProblem:
    """E(w) = Σ eⁱ(w) of an MLP on data, in the form that the methods of `descent` minimise.

    One vector w holds all weights: W^1 row by row, W^2, …, W^L, then b^1, …, b^L if there are biases.

    sizes, activation, error, biases: as in `MLP.random`. x: (S, d). y: (S, N_L), or (S,) if N_L is 1.
    size: S, the number of samples. dimension: the number of weights.
    Raises ValueError as `MLP.random` and `MLP.sample_errors` do.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        x: ArrayLike,
        y: ArrayLike,
        activation: Activation = "sigmoid",
        error: str = "squared",
        biases: bool = False,
    ) -> None:
        self._mlp = MLP.random(sizes, biases=biases, activation=activation, error=error)
        self.x = finite_array("x", x, (None, self._mlp.sizes[0]))
        self.y = self._mlp._labels(self.x, y).T
        self.size = integer("the number of rows of x", len(self.x), 1)
        arrays = self._mlp.weights + (self._mlp.biases or [])
        ends = np.cumsum([array.size for array in arrays]).tolist()
        self.dimension: int = ends[-1]
        self._places = [(slice(end - a.size, end), a.shape) for a, end in zip(arrays, ends, strict=True)]

    def error(self, w: ArrayLike) -> Floats:
        """E: w (..., dimension) -> (...). Raises ValueError for another shape or numbers not finite."""
        w = self._checked(w)
        points = w.reshape(-1, self.dimension)
        errors = np.empty(len(points))
        # In blocks: the activations for all points of a long path at once would take gigabytes.
        block = max(1, 300_000 // (self.size * max(self._mlp.sizes)))
        with np.errstate(all="ignore"):
            for i in range(0, len(points), block):
                mlp = self._at(points[i : i + block])
                z, a = mlp.forward_pass(self.x.T)
                errors[i : i + block] = mlp._sample_errors(self.y.T, z[-1], a[-1]).sum(axis=-1)
        total: Floats = errors.reshape(w.shape[:-1])[()]
        return total

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇E, or the sum of ∇eⁱ over the samples that the index array `batch` names: (..., dimension), as w.

        Slide: "Stochastic Gradient Descent for training MLP". Raises ValueError as `error`, and for a batch
        that names no sample of the data.
        """
        mlp, x, y = self._at(self._checked(w)), self.x, self.y
        if batch is not None:
            try:
                x, y = x[np.atleast_1d(batch)], y[np.atleast_1d(batch)]
            except IndexError:
                raise ValueError(
                    f"batch must hold indices from 0 to {self.size - 1}, got {batch!r}"
                ) from None
        nabla_W, nabla_b, _ = mlp._nablas(x.T, y.T)
        return _flat(nabla_W, nabla_b if mlp.biases else [])

    def network(self, w: ArrayLike) -> MLP:
        """The network that has the weights w (dimension,)."""
        mlp = self._at(finite_array("w", w, (self.dimension,)))
        return MLP(mlp.weights, mlp.biases, mlp.activation, mlp.error)

    def flatten(self, mlp: MLP) -> Floats:
        """The w of a network of these sizes; the inverse of `network`. Raises ValueError for other sizes."""
        w = _flat(mlp.weights, mlp.biases or [])
        wanted, got = ((m.sizes, m.biases is not None) for m in (self._mlp, mlp))
        if got != wanted:
            raise ValueError(f"mlp must have (sizes, biases) = {wanted}, got {got}")
        return w

    def start(self, seed: int = 0, scale: str | float = "glorot") -> Floats:
        """A random w⁰ (dimension,), drawn as in `MLP.random`."""
        return self.flatten(MLP.random(self._mlp.sizes, seed, scale, biases=self._mlp.biases is not None))

    def _at(self, w: Floats) -> MLP:
        """The network whose weights are views into w (..., dimension), unchecked, for loops."""
        mlp, L = copy(self._mlp), len(self._mlp.weights)
        arrays = [w[..., place].reshape(w.shape[:-1] + shape) for place, shape in self._places]
        mlp.weights, mlp.biases = arrays[:L], arrays[L:] or None
        return mlp

    def _checked(self, w: ArrayLike) -> Floats:
        w = finite_array("w", w)
        if w.shape[-1:] != (self.dimension,):
            raise ValueError(f"w must have shape (..., {self.dimension}), got {w.shape}")
        return w


def _fraction(p: Floats, q: Floats) -> Floats:
    """p / q, but 0 where p is 0, even if q has underflowed to 0 as well."""
    return np.divide(p, q, out=np.zeros_like(q), where=p != 0)


def _flat(weights: list[Floats], biases: list[Floats]) -> Floats:
    return np.concatenate([W.reshape(*W.shape[:-2], -1) for W in weights] + biases, axis=-1)


def _rows(columns: list[Floats], x: Floats) -> list[Floats]:
    """Columns (N, S) as rows (S, N), or as (N,) where x is a single sample."""
    return [column.T if x.ndim == 2 else column[:, 0] for column in columns]
