"""Homework on backpropagation in matrices: the product of the V^m (3.8) and the biases (3.9)."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lecture643.checked import Place
from lecture643.homework.by_hand import in_diagram
from lecture643.homework.exercise import Exercise
from lecture643.maths.checks import Floats
from lecture643.maths.derivation import EXAMPLE_WEIGHTS, EXAMPLE_X, EXAMPLE_Y
from lecture643.maths.network import MLP
from lecture643.maths.quantity import Quantity

Layers = Sequence[Any]  # indexed as on the slides, by ℓ; where there is nothing for ℓ = 0, that is None


def weight_gradient(ell: int, W: Layers, phi_prime: Layers, delta_L: Floats, a: Layers) -> Floats:
    """∇_{W^ℓ} e = Diag(φ'^ℓ) V^{ℓ+1} … V^L δ^L (a^{ℓ−1})ᵀ."""
    L = len(W) - 1
    delta = delta_L
    for m in range(L, ell, -1):
        V = W[m].T @ np.diag(phi_prime[m])
        delta = V @ delta
    return np.outer(np.diag(phi_prime[ell]) @ delta, a[ell - 1])


def bias_gradient(phi_prime: Floats, delta: Floats) -> Floats:
    """∇_{b^ℓ} E (N_ℓ,), from φ'^ℓ and δ^ℓ of S samples, each (S, N_ℓ): z = Wa + b, so that ∂z/∂b is 1."""
    return (phi_prime * delta).sum(axis=0)


LAYERS = (2, 1, 3)  # in this order they are asked for


def _lecture(ell: int) -> tuple[int, Layers, Layers, Floats, Layers]:
    """Arguments of `weight_gradient`: the network and sample that `explore.matrices` shows first."""
    mlp = MLP(EXAMPLE_WEIGHTS)
    g = mlp.backprop(EXAMPLE_X, EXAMPLE_Y)
    return ell, [None, *mlp.weights], [None, *g.phi_prime], g.delta[-1], mlp.forward(EXAMPLE_X).a


def _random(ell: int, seed: int) -> tuple[int, Layers, Layers, Floats, Layers]:
    """The same, with three neurons in each layer, so that a slip has a right shape."""
    rng = np.random.default_rng(seed)
    W = [None, *rng.normal(size=(3, 3, 3))]
    phi_prime = [None, *rng.uniform(0.05, 0.25, (3, 3))]
    return ell, W, phi_prime, rng.normal(size=3), list(rng.random((4, 3)))


def _told(ell: int, W: Layers, phi_prime: Layers, delta_L: Floats, a: Layers) -> str:
    sizes = "-".join(str(len(part)) for part in a)
    numbers = "the lecture's" if len(delta_L) == 1 else "random"
    return f"ell = {ell} in the network {sizes} with {numbers} numbers"


def _product(
    ell: int,
    W: Layers,
    phi_prime: Layers,
    delta_L: Floats,
    a: Layers,
    *,
    V: Callable[[Floats, Floats], Floats] = lambda W, phi_prime: W.T * phi_prime,
    start: int = 1,
) -> Floats:
    """`weight_gradient` with other V^m, or with a product that starts at V^{ℓ+start}."""
    delta = delta_L
    for m in range(len(W) - 1, ell + start - 1, -1):
        delta = V(W[m], phi_prime[m]) @ delta
    return np.outer(phi_prime[ell] * delta, a[ell - 1])


def _upward(ell: int, W: Layers, phi_prime: Layers, delta_L: Floats, a: Layers) -> Floats:
    """`weight_gradient` with V^L … V^{ℓ+1} δ^L."""
    delta = delta_L
    for m in range(ell + 1, len(W)):
        delta = W[m].T @ (phi_prime[m] * delta)
    return np.outer(phi_prime[ell] * delta, a[ell - 1])


def _lecture_layer() -> tuple[Floats, Floats]:
    """Arguments of `bias_gradient`: layer 2 of what `explore.matrices` shows first, one sample."""
    g = MLP(EXAMPLE_WEIGHTS).backprop(EXAMPLE_X, EXAMPLE_Y)
    return g.phi_prime[1][np.newaxis], g.delta[1][np.newaxis]


def _in_nabla(case: int, at: tuple[int, ...]) -> Place | None:
    """∂e/∂w_ij^ℓ, in `explore.matrices`."""
    if case >= len(LAYERS):
        return None
    ell, i, j = LAYERS[case], at[0] + 1, at[1] + 1
    settings = {"step": len(EXAMPLE_WEIGHTS) - ell, "entry": "∇W", "i": i, "j": j}
    return Place(str(Quantity("∂w", ell, i, j)), "matrices", settings)


def _before_the_bias(case: int, at: tuple[int, ...]) -> Place | None:
    """∂e/∂b_i² is the same number as ∂e/∂z_i², which `explore.backprop` shows."""
    return None if case else in_diagram(Quantity("∂z", 2, at[0] + 1))


MATRIX_EXPRESSION = Exercise(
    name="MATRIX_EXPRESSION",
    title="∇W^ℓ as a product of matrices",
    notebook="06",
    statements=["3.8"],
    minutes=20,
    difficulty="hard",
    reference=weight_gradient,
    cases=[*map(_lecture, LAYERS), *(_random(ell, ell) for ell in (1, 2, 3))],
    tell=_told,
    place=_in_nabla,
    hints=[
        "Begin with δ^L, multiply by V^L, then by V^{L−1}, … Which V is the last that leads to layer ℓ?",
        "It is V^{ℓ+1} … V^L δ^L: for m from L down to ℓ+1, V^m = W[m].T @ np.diag(phi_prime[m]).",
        "Then Diag(φ'^ℓ) in front, and (a^{ℓ−1})ᵀ behind: np.outer(phi_prime[ell] * delta, a[ell - 1]).",
    ],
    slips=[
        ("the sign is the other way round.", lambda *c: -weight_gradient(*c)),
        (
            "the product starts at V^ℓ; δ^ℓ is V^{ℓ+1} … V^L δ^L, one matrix fewer.",
            lambda *c: _product(*c, start=0),
        ),
        ("the product starts at V^{ℓ+2}: V^{ℓ+1} is missing.", lambda *c: _product(*c, start=2)),
        (
            "W^m has to be transposed in V^m = (W^m)ᵀ Diag(φ'^m).",
            lambda *c: _product(*c, V=lambda W, phi_prime: W * phi_prime),
        ),
        (
            "the order in V^m is (W^m)ᵀ Diag(φ'^m): the gradient passes φ' first, then the weights.",
            lambda *c: _product(*c, V=lambda W, phi_prime: phi_prime[:, np.newaxis] * W.T),
        ),
        (
            "brackets are missing: W.T @ (phi_prime * delta), so that φ' meets δ before Wᵀ does.",
            lambda *c: _product(*c, V=lambda W, phi_prime: np.diag(W.T @ phi_prime)),
        ),
        (
            "no V is there: δ^ℓ is V^{ℓ+1} … V^L δ^L, and only δ^L is used.",
            lambda *c: _product(*c, start=len(c[1])),
        ),
        (
            "the order of the matrices is turned round: V^L comes first to δ^L, V^{ℓ+1} last.",
            lambda ell, W, p, d, a: _upward(ell, W, p, d, a),
        ),
        ("φ'^m is missing in V^m = (W^m)ᵀ Diag(φ'^m).", lambda *c: _product(*c, V=lambda W, _: W.T)),
        (
            "the factor Diag(φ'^ℓ) in front is missing.",
            lambda ell, W, p, d, a: weight_gradient(ell, W, p, d, a) / p[ell][:, np.newaxis],
        ),
        (
            "the activations are those of the wrong layer: W^ℓ is fed by a^{ℓ−1}.",
            lambda ell, W, p, d, a: weight_gradient(ell, W, p, d, a[1:]),
        ),
        ("rows and columns are exchanged: ∂e/∂wᵢⱼ stands in row i.", lambda *c: weight_gradient(*c).T),
    ],
)
BIASES = Exercise(
    name="BIASES",
    title="the gradient along the biases",
    notebook="06",
    statements=["3.9"],
    minutes=10,
    difficulty="medium",
    place=_before_the_bias,
    reference=bias_gradient,
    cases=[
        _lecture_layer(),
        (np.array([[0.25, 0.1, 0.2]]), np.array([[1.0, -2.0, 0.5]])),
        (
            np.array([[0.25, 0.1], [0.2, 0.05], [0.15, 0.24]]),
            np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.7]]),
        ),
    ],
    hints=[
        "With a bias zᵢ = Σⱼ wᵢⱼ aⱼ + bᵢ. What is ∂zᵢ/∂bᵢ?",
        "It is 1, so that ∂e/∂bᵢ = ∂e/∂zᵢ = φ'(zᵢ) δᵢ for each sample.",
        "E is the sum over the samples, and so is its gradient: add over axis 0.",
    ],
    slips=[
        ("the sign is the other way round.", lambda *c: -bias_gradient(*c)),
        ("the factor φ' is missing: δ is ∂e/∂a, and ∂e/∂b is ∂e/∂z.", lambda _, delta: delta.sum(axis=0)),
        ("E is the sum over the samples, not their mean.", lambda p, delta: (p * delta).mean(axis=0)),
        ("δ is missing; this is only φ'.", lambda p, _: p.sum(axis=0)),
        (
            "the products have to be added sample by sample; the product of the sums is something else.",
            lambda p, delta: p.sum(axis=0) * delta.sum(axis=0),
        ),
        (
            "these are the samples one by one, a row each; E sums over them, axis=0.",
            lambda p, delta: p * delta,
        ),
        (
            "this adds up over the neurons; add over the samples, axis=0, and keep the neurons apart.",
            lambda p, delta: (p * delta).sum(axis=1),
        ),
        ("all is added up to one number; every neuron has its own bias.", lambda p, d: (p * d).sum()),
        ("this is the first sample only; E sums over all of them.", lambda p, delta: p[0] * delta[0]),
        (
            "this is a matrix product, in which neurons meet other neurons' δ; multiply entry by entry.",
            lambda p, delta: p.T @ delta,
        ),
        ("φ' is there twice.", lambda p, delta: (p**2 * delta).sum(axis=0)),
    ],
)
