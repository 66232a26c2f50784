"""The steps of backpropagation for any small network, against automatic differentiation and `MLP`."""

from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import autograd_gradient

from lecture643.maths.derivation import (
    ERROR,
    EXAMPLE_WEIGHTS,
    Network,
    evaluate,
    example,
    formula_of,
    small_sizes,
    steps,
)
from lecture643.maths.network import ACTIVATIONS, ERRORS, MLP, numerical_gradient
from lecture643.maths.quantity import TEX, Quantity, spell
from lecture643.maths.tour import computed
from lecture643.maths.toy import sigmoid

PHI = {
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "identity": lambda z: z,
}


@st.composite
def networks(draw: st.DrawFn) -> tuple[MLP, np.ndarray, np.ndarray]:
    """A network of up to 4 layers of up to 4 neurons with any weights, φ, biases and error, and a sample."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    error = draw(st.sampled_from(ERRORS))
    phis = [draw(st.sampled_from(list(ACTIVATIONS))) for _ in sizes[1:]]
    phis[-1] = "sigmoid" if error == "cross-entropy" else phis[-1]
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    weights = [rng.normal(size=(n, m)) for m, n in pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]] if draw(st.booleans()) else None
    x, y = rng.normal(size=sizes[0]), rng.random(sizes[-1])
    return MLP(weights, biases, phis, error), x, y


def error_of(mlp: MLP, x: np.ndarray, y: np.ndarray, parts: list) -> Any:
    """e by the textbook's formulas, with other matrices and biases, for autograd."""
    L, a = len(mlp.weights), x
    for ell in range(L):
        z = anp.dot(parts[ell], a) + (parts[L + ell] if mlp.biases else 0)
        a = PHI[mlp.activation[ell]](z)
    if mlp.error == "squared":
        return anp.sum((a - y) ** 2)
    return -anp.sum(y * anp.log(a) + (1 - y) * anp.log(1 - a))


@given(networks())
def test_every_derivative_is_that_of_automatic_differentiation(drawn: tuple) -> None:
    mlp, x, y = drawn
    values, net = evaluate(mlp, x, y), Network.of(mlp)
    parts = [*mlp.weights, *(mlp.biases or [])]
    assert values[ERROR] == pytest.approx(float(error_of(mlp, x, y, parts)), rel=1e-9)
    slopes = []
    for k, part in enumerate(parts):

        def error(flat: np.ndarray, k: int = k, shape: tuple = part.shape) -> Any:
            moved = [anp.reshape(flat, shape) if n == k else other for n, other in enumerate(parts)]
            return error_of(mlp, x, y, moved)

        slopes += autograd_gradient(error, part.ravel()).tolist()
    by_hand = [values[q._replace(kind="∂" + q.kind)] for q in net.weights]
    assert by_hand == pytest.approx(slopes, rel=1e-8, abs=1e-12)


@given(networks())
def test_every_step_computes_what_backprop_computes(drawn: tuple) -> None:
    mlp, x, y = drawn
    values, net = evaluate(mlp, x, y), Network.of(mlp)
    z, a = mlp.forward(x)
    g = mlp.backprop(x, y)
    expected = {ERROR: float(mlp.sample_errors(x, y))}
    for ell in range(1, net.L + 1):
        for i in net.neurons(ell):
            delta, phi_prime = g.delta[ell - 1][i - 1], g.phi_prime[ell - 1][i - 1]
            expected |= {Quantity("z", ell, i): z[ell][i - 1], net.a(ell, i): a[ell][i - 1]}
            expected |= {net.a(ell, i, "∂"): delta, Quantity("φ'", ell, i): phi_prime}
            expected[Quantity("∂z", ell, i)] = g.biases[ell - 1][i - 1]
            if mlp.biases:
                expected[Quantity("∂b", ell, i)] = g.biases[ell - 1][i - 1]
            for j in net.neurons(ell - 1):
                expected[Quantity("∂w", ell, i, j)] = g.weights[ell - 1][i - 1, j - 1]
    assert {step.result for step in steps(net) if step.result.kind != "path"} == set(expected)
    for q, value in expected.items():
        assert values[q] == pytest.approx(value, rel=1e-9, abs=1e-13), str(q)


@given(networks())
def test_the_matrices_entries_have_the_general_equations(drawn: tuple) -> None:
    mlp, x, y = drawn
    values, net, g = evaluate(mlp, x, y), Network.of(mlp), mlp.backprop(x, y)
    for ell in range(1, net.L + 1):
        found = {
            "δ": g.delta[ell - 1][:, np.newaxis],
            "∂w": g.weights[ell - 1],
            "∂b": g.biases[ell - 1][:, np.newaxis],
            "V": g.V[ell - 1],
        }
        for kind, matrix in found.items():
            if kind == "V" and ell == 1:  # V¹ leads back to x, which no step asks for
                continue
            for (i, j), value in np.ndenumerate(matrix):
                step = formula_of(Quantity(kind, ell, i + 1, j + 1), net)
                assert step.compute(values) == pytest.approx(value, rel=1e-9, abs=1e-13)


@given(networks())
def test_no_step_uses_what_is_not_there_yet(drawn: tuple) -> None:
    net = Network.of(drawn[0])
    there = {*net.weights, *net.inputs, *net.labels}
    groups = []
    for step in steps(net):
        parts = {q._replace(kind=q.kind[2:]) if q.kind.startswith("1") else q for q in step.quantities[1:]}
        assert parts <= there, str(step.result)
        there.add(step.result)
        groups.append(step.group)
    begins = [group for n, group in enumerate(groups) if not n or group != groups[n - 1]]
    assert len(begins) == len(set(begins)) == 2 * sum(net.sizes[1:]) + 1


def test_the_slides_steps_come_in_the_slides_order() -> None:
    order = [str(step.result) for step in steps(Network())]
    assert len(order) == 40
    assert order[:2] == ["z₁¹", "a₁¹"]
    assert order[9:13] == ["ŷ", "e", "∂e/∂ŷ", "φ'(z₁³)"]
    assert order[26:29] == ["∂e/∂z₁² · ∂z₁²/∂a₁¹", "∂e/∂z₂² · ∂z₂²/∂a₁¹", "∂e/∂a₁¹"]


def test_the_two_paths_are_what_moves_e_through_either_neuron() -> None:
    """∂e/∂a₁¹ over one path: e as a function of a₁¹ where only z₁², or only z₂², may follow it."""
    v = evaluate(*example(Network(), 0))
    W = [np.array(W_ell) for W_ell in EXAMPLE_WEIGHTS]

    def error(a1: float, a2: float) -> float:
        z = np.array([W[1][0] @ [a1, v[Quantity("a", 1, 2)]], W[1][1] @ [a2, v[Quantity("a", 1, 2)]]])
        return float((sigmoid(W[2] @ sigmoid(z))[0] - 1) ** 2)

    at = np.full(2, v[Quantity("a", 1, 1)])
    through_1, through_2 = numerical_gradient(lambda a: error(*a), at)
    assert v[Quantity("path", 2, 1, 1)] == pytest.approx(through_1, rel=1e-6)
    assert v[Quantity("path", 2, 2, 1)] == pytest.approx(through_2, rel=1e-6)
    assert v[Quantity("∂a", 1, 1)] == pytest.approx(through_1 + through_2, rel=1e-6)
    assert through_1 * through_2 < 0  # the example that is shown: forgetting one path turns the sign
    assert abs(through_1) > abs(through_2)


def test_cross_entropy_is_right_where_the_prediction_has_rounded() -> None:
    """ŷ − y and e to all digits, at z = ±800: there 1 − ŷ and ŷ are 0 as floats, and δ is not finite."""
    for z, y, e, slope in ((800.0, 0.0, 800.0, 1.0), (-800.0, 1.0, 800.0, -1.0), (800.0, 1.0, 0.0, 0.0)):
        mlp = MLP([[[1.0]]], error="cross-entropy")
        values = evaluate(mlp, np.array([z]), np.array([y]))
        assert values[ERROR] == pytest.approx(e, abs=1e-300)
        assert values[Quantity("∂z", 1, 1)] == pytest.approx(slope, abs=1e-300)
        assert values[Quantity("∂w", 1, 1, 1)] == pytest.approx(slope * z, abs=1e-300)


def test_a_central_difference_is_doubted_where_e_bends_sharply_and_not_at_a_kink() -> None:
    net = Network((1, 1), ("sigmoid",))
    sharp = computed(net, (20.0,), (5.0,), (0.0,))
    assert sharp.agrees(Quantity("∂w", 1, 1, 1))
    kink = computed(Network((1, 1), ("relu",)), (0.0,), (1.0,), (1.0,))
    assert not kink.agrees(Quantity("∂w", 1, 1, 1))


@pytest.mark.parametrize(
    ("q", "plain", "tex"),
    [
        (Quantity("w", 2, 1, 2), "w₁₂²", "w_{12}^2"),
        (Quantity("a", 0, 2), "x₂", "x_2"),
        (Quantity("b", 3, 4), "b₄³", "b_{4}^3"),
        (Quantity("ŷ", 3), "ŷ", r"\hat y"),
        (Quantity("∂ŷ", 3, 2), "∂e/∂ŷ₂", r"\dfrac{\partial e}{\partial \hat y_2}"),
        (Quantity("δ", 1, 1), "δ₁¹", r"\delta_{1}^1"),
        (Quantity("V", 2, 1, 2), "entry (1, 2) of V²", r"\left(V^2\right)_{12}"),
        (Quantity("φ'", 2, 1), "φ'(z₁²)", r"\varphi'(z_{1}^2)"),
        (Quantity("1−ŷ", 3, 1), "(1 − ŷ₁)", r"(1 − \hat y_1)"),
    ],
)
def test_one_speller_for_all(q: Quantity, plain: str, tex: str) -> None:
    assert (str(q), q.tex) == (plain, tex)


def test_fractions_stand_over_each_other_for_matplotlib_only() -> None:
    formula = formula_of(Quantity("δ", 1, 1), Network((1, 1), ("sigmoid",), error="cross-entropy")).formula
    assert spell(formula) == "(1 − y₁)/(1 − ŷ₁) − y₁/ŷ₁"
    assert spell(formula, TEX) == r"\dfrac{1 − y_1}{1 − \hat y_1}−\dfrac{y_1}{\hat y_1}"


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ((2, 5), r"sizes\[1\] must be a whole number from 1 to 4"),
        ((2,), "the number of layers must be"),
        ((0, 1), "from 1"),
    ],
)
def test_what_is_too_large_is_told(sizes: tuple, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        small_sizes("sizes", sizes)
