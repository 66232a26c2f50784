"""Homework on backpropagation by hand: the second row of ∇W² (3.4), and layer 1."""

import numpy as np

from lecture643.checked import Place
from lecture643.homework.exercise import Exercise
from lecture643.maths.checks import Floats
from lecture643.maths.derivation import EXAMPLE_WEIGHTS, EXAMPLE_X, EXAMPLE_Y, SIZES
from lecture643.maths.network import MLP, Forward, Gradients
from lecture643.maths.quantity import Quantity
from lecture643.maths.toy import sigmoid, sigmoid_prime


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


def _networks() -> list[tuple[Forward, Gradients, MLP]]:
    """The network and sample of `explore.backprop`, and two of random numbers."""
    made = [(MLP(EXAMPLE_WEIGHTS), EXAMPLE_X, EXAMPLE_Y)]
    for seed in (0, 1):
        rng = np.random.default_rng(seed)
        made.append((MLP.random(SIZES, seed, scale=1.0), tuple(rng.normal(size=2)), float(rng.random())))
    return [(mlp.forward(x), mlp.backprop(x, y), mlp) for mlp, x, y in made]


def _by_hand() -> list[tuple[float, Floats, Floats, Floats, Floats]]:
    """Arguments of `second_row`."""
    return [(float(g.delta[2][0]), f.z[3], mlp.weights[2], f.z[2], f.a[1]) for f, g, mlp in _networks()]


def _at_layer_1() -> list[tuple[Floats, ...]]:
    """Arguments of `layer_1`."""
    return [(g.phi_prime[1] * g.delta[1], mlp.weights[1], f.z[1], f.a[0]) for f, g, mlp in _networks()]


def _from_paths(de_da1: Floats, z1: Floats, x: Floats) -> Floats:
    return np.outer(de_da1 * sigmoid_prime(z1), x)


def in_diagram(q: Quantity) -> Place:
    """The step of `explore.backprop` that computes this."""
    return Place(str(q), "backprop", {"step": str(q)}, free=["weight"])


def _in_row_2(case: int, at: tuple[int, ...]) -> Place | None:
    return None if case else in_diagram(Quantity("∂w", 2, 2, at[0] + 1))


def _in_layer_1(case: int, at: tuple[int, ...]) -> Place | None:
    return None if case else in_diagram(Quantity("∂w", 1, at[0] + 1, at[1] + 1))


SECOND_ROW = Exercise(
    name="SECOND_ROW",
    title="the second row of ∇W²",
    notebook="05",
    statements=["3.4"],
    minutes=5,
    difficulty="easy",
    reference=second_row,
    cases=_by_hand(),
    place=_in_row_2,
    hints=[
        "Follow the way from w₂₁² to e on the diagram: through z₂² and a₂², then over one weight into z₁³.",
        "That weight is w₁₂³, in the code W3[0, 1]. What differs from the first row of W²?",
        "∂e/∂w₂ⱼ² = ∂e/∂ŷ · φ'(z₁³) · w₁₂³ · φ'(z₂²) · aⱼ¹.",
    ],
    slips=[
        ("the sign is the other way round.", lambda *c: -second_row(*c)),
        (
            "the factor ∂e/∂ŷ is missing: e changes with ŷ first.",
            lambda d, z3, W3, z2, a1: second_row(1.0, z3, W3, z2, a1),
        ),
        (
            "φ stands where its slope φ' should: back through a neuron leads φ'(z).",
            lambda d, z3, W3, z2, a1: d * sigmoid(z3[0]) * W3[0, 1] * sigmoid(z2[1]) * a1,
        ),
        (
            "a² stands where a¹ should: w₂ⱼ² is fed by aⱼ¹. Your a² comes from z2.",
            lambda d, z3, W3, z2, a1: second_row(d, z3, W3, z2, sigmoid(z2)),
        ),
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
    name="LAYER_1",
    title="∇W¹, over two paths",
    notebook="05",
    statements=["3.5"],
    minutes=10,
    difficulty="medium",
    reference=layer_1,
    cases=_at_layer_1(),
    place=_in_layer_1,
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
        (
            "φ stands where its slope φ' should: back through a neuron leads φ'(z).",
            lambda d, W2, z1, x: np.outer((W2.T @ d) * sigmoid(z1), x),
        ),
        ("rows and columns are exchanged: ∂e/∂wᵢⱼ¹ stands in row i.", lambda *c: layer_1(*c).T),
        (
            "only the entries with i = j are there: every ∂e/∂zᵢ¹ meets every xⱼ, an outer product.",
            lambda d, W2, z1, x: np.diag((W2.T @ d) * sigmoid_prime(z1) * x),
        ),
    ],
)
