"""The homework of the slides, each an `Exercise` with `check`, `hint` and `solution`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lecture643.homework.exercise import Exercise as Exercise
from lecture643.homework.exercise import check_gradient as check_gradient
from lecture643.maths.checks import Floats
from lecture643.maths.toy import sigmoid_prime

# --- 2.9, the perceptron ------------------------------------------------------------------------


def perceptron_subgradient(w: Floats, x: Floats, y: float) -> Floats:
    """A subgradient at w of max(0, −y w·x), for one sample x (d,) with label y = −1 or +1.

    Where −y w·x > 0 the sample is wrong and the function is −y w·x, whose gradient is −yx. Where it is right
    the function is 0, and so is its gradient. On the kink between the two the perceptron takes −yx.
    A step of length 1 against it is the perceptron's update, w ← w + yx.
    """
    wrong = y * (w @ x) <= 0
    return -y * x if wrong else 0 * x


def _samples() -> list[tuple[Floats, Floats, float]]:
    """Right, wrong and tied samples of both labels."""
    weights = np.array([[-1.0, 0.5], [1.0, 0.25], [0.0, 0.0], [-1.0, 1.0]])
    points = (([-3.0, -3.0], 1.0), ([4.0, 4.0], -1.0), ([2.0, -5.0], -1.0))
    return [(w, np.array(x), y) for w in weights for x, y in points]


PERCEPTRON = Exercise(
    reference=perceptron_subgradient,
    cases=_samples(),
    hints=[
        "Two cases: which of 0 and −y w·x is the larger one when the sample is right, and when it is wrong?",
        "−y w·x is linear in w, so its gradient does not depend on w.",
        "Right (y w·x > 0): 0, as an array like x. Wrong, or on the line (y w·x ≤ 0): −yx.",
    ],
    slips=[
        (
            "the sign is the other way round: this is the update, and the subgradient is its negative.",
            lambda w, x, y: -perceptron_subgradient(w, x, y),
        ),
        (
            "the label is missing: the slope of −y w·x is −yx.",
            lambda w, x, y: -x if y * (w @ x) <= 0 else 0 * x,
        ),
        ("a right sample has slope 0; yours moves w for every sample.", lambda w, x, y: -y * x),
        (
            "this moves w where the sample is right; mind the sign of y w·x.",
            lambda w, x, y: -y * x * (y * (w @ x) > 0),
        ),
        (
            "on the line, y w·x = 0, the perceptron counts a sample as wrong: else it never leaves w = 0.",
            lambda w, x, y: -y * x if y * (w @ x) < 0 else 0 * x,
        ),
    ],
)


# --- backpropagation by hand: 3.4 and layer 1 ---------------------------------------------------


def second_row(de_dyhat: float, z3: Floats, W3: Floats, z2: Floats, a1: Floats) -> Floats:
    """(∂e/∂w₂₁², ∂e/∂w₂₂²): neuron 2 of layer 2 reaches e by z₂², the weight w₁₂³ and z₁³."""
    de_dz3 = de_dyhat * sigmoid_prime(z3[0])
    de_dz2 = de_dz3 * W3[0, 1] * sigmoid_prime(z2[1])
    return de_dz2 * a1


def layer_1(de_dz2: Floats, W2: Floats, z1: Floats, x: Floats) -> Floats:
    """∇W¹ (2, 2): a₁¹ and a₂¹ each feed z₁² and z₂², so two paths lead back to each, and add up."""
    de_da1 = np.array(
        [
            de_dz2[0] * W2[0, 0] + de_dz2[1] * W2[1, 0],
            de_dz2[0] * W2[0, 1] + de_dz2[1] * W2[1, 1],
        ]
    )
    de_dz1 = de_da1 * sigmoid_prime(z1)
    return np.outer(de_dz1, x)


def _by_hand(seed: int) -> tuple[float, Floats, Floats, Floats, Floats]:
    """Arguments of `second_row`."""
    rng = np.random.default_rng(seed)
    return float(rng.normal()), rng.normal(size=1), rng.normal(size=(1, 2)), rng.normal(size=2), rng.random(2)


def _at_layer_1(seed: int) -> tuple[Floats, ...]:
    """Arguments of `layer_1`."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=2), rng.normal(size=(2, 2)), rng.normal(size=2), rng.normal(size=2)


def _from_paths(de_da1: Floats, z1: Floats, x: Floats) -> Floats:
    return np.outer(de_da1 * sigmoid_prime(z1), x)


SECOND_ROW = Exercise(
    reference=second_row,
    cases=[_by_hand(0), _by_hand(1)],
    hints=[
        "Follow the way from w₂₁² to e on the diagram: through z₂² and a₂², then over one weight into z₁³.",
        "That weight is w₁₂³, in the code W3[0, 1]. What differs from the first row of W²?",
        "∂e/∂w₂ⱼ² = ∂e/∂ŷ · φ'(z₁³) · w₁₂³ · φ'(z₂²) · aⱼ¹.",
    ],
    slips=[
        ("the sign is the other way round.", lambda *c: -second_row(*c)),
        (
            "the factor φ'(z₁³) is missing.",
            lambda d, z3, W3, z2, a1: d * W3[0, 1] * sigmoid_prime(z2[1]) * a1,
        ),
        (
            "the factor φ'(z₂²) is missing.",
            lambda d, z3, W3, z2, a1: d * sigmoid_prime(z3[0]) * W3[0, 1] * a1,
        ),
        (
            "the weight w₁₂³ is missing, over which a₂² reaches z₁³.",
            lambda d, z3, W3, z2, a1: d * sigmoid_prime(z3[0]) * sigmoid_prime(z2[1]) * a1,
        ),
        (
            "this goes on over w₁₁³, but neuron 2 of layer 2 reaches z₁³ over w₁₂³.",
            lambda d, z3, W3, z2, a1: second_row(d, z3, W3[:, ::-1], z2, a1),
        ),
        (
            "φ' is taken at z₁², which is the other neuron's; it must be z₂².",
            lambda d, z3, W3, z2, a1: second_row(d, z3, W3, z2[::-1], a1),
        ),
        (
            "this is the first row, ∂e/∂w₁₁² and ∂e/∂w₁₂².",
            lambda d, z3, W3, z2, a1: second_row(d, z3, W3[:, ::-1], z2[::-1], a1),
        ),
        (
            "the two activations are exchanged: w₂₁² comes from a₁¹.",
            lambda d, z3, W3, z2, a1: second_row(d, z3, W3, z2, a1[::-1]),
        ),
    ],
)
LAYER_1 = Exercise(
    reference=layer_1,
    cases=[_at_layer_1(0), _at_layer_1(1)],
    hints=[
        "First ∂e/∂a₁¹: which of the z² does a₁¹ flow into, and over which weights?",
        "∂e/∂a₁¹ = ∂e/∂z₁² w₁₁² + ∂e/∂z₂² w₂₁², one term for each path.",
        "Then ∂e/∂zᵢ¹ = ∂e/∂aᵢ¹ φ'(zᵢ¹), and ∂e/∂wᵢⱼ¹ = ∂e/∂zᵢ¹ xⱼ: np.outer(de_dz1, x).",
    ],
    slips=[
        ("the sign is the other way round.", lambda *c: -layer_1(*c)),
        (
            "only the path through z₁² is there; the one through z₂² has to be added.",
            lambda d, W2, z1, x: _from_paths(d[0] * W2[0], z1, x),
        ),
        (
            "only the path through z₂² is there; the one through z₁² has to be added.",
            lambda d, W2, z1, x: _from_paths(d[1] * W2[1], z1, x),
        ),
        (
            "the two paths have to be added, not averaged.",
            lambda d, W2, z1, x: layer_1(d, W2, z1, x) / 2,
        ),
        (
            "W² has to be transposed: back to aⱼ¹ lead w₁ⱼ² and w₂ⱼ², a column of W².",
            lambda d, W2, z1, x: layer_1(d, W2.T, z1, x),
        ),
        ("the factor φ'(zᵢ¹) is missing.", lambda d, W2, z1, x: np.outer(W2.T @ d, x)),
        ("rows and columns are exchanged: ∂e/∂wᵢⱼ¹ stands in row i.", lambda *c: layer_1(*c).T),
        (
            "only the entries with i = j are there: every ∂e/∂zᵢ¹ meets every xⱼ, an outer product.",
            lambda d, W2, z1, x: np.diag((W2.T @ d) * sigmoid_prime(z1) * x),
        ),
    ],
)


# --- backpropagation in matrices: 3.8 and 3.9 ---------------------------------------------------

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


def _layers(ell: int, seed: int) -> tuple[int, Layers, Layers, Floats, Layers]:
    """Arguments of `weight_gradient`; all layers have three neurons, so that a slip has a right shape."""
    rng = np.random.default_rng(seed)
    W = [None, *rng.normal(size=(3, 3, 3))]
    phi_prime = [None, *rng.uniform(0.05, 0.25, (3, 3))]
    return ell, W, phi_prime, rng.normal(size=3), list(rng.random((4, 3)))


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


MATRIX_EXPRESSION = Exercise(
    reference=weight_gradient,
    cases=[_layers(1, 0), _layers(2, 1), _layers(3, 2)],
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
    reference=bias_gradient,
    cases=[
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
    ],
)
