"""The steps of backpropagation: their numbers, their formulas, and how the diagram shows them."""

import re

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from oracles import autograd_gradient
from test_views import all_widgets, drag

from lecture643 import explore
from lecture643.maths.derivation import (
    ERROR,
    EXAMPLE_WEIGHTS,
    PREDICTION,
    SIZES,
    WEIGHTS,
    L,
    Quantity,
    Values,
    evaluate,
    steps,
)
from lecture643.maths.network import ACTIVATIONS, MLP, numerical_gradient
from lecture643.maths.toy import sigmoid
from lecture643.picture.draw import BACKWARD, number
from lecture643.picture.lettering import text_width

VIEW = explore.backprop()

NUMBERS = st.floats(-3, 3)
SAMPLE = {
    "x": st.tuples(NUMBERS, NUMBERS),
    "y": st.floats(0, 1),
    "w": st.lists(NUMBERS, min_size=10, max_size=10),
}


def network(w: list, activation: str) -> MLP:
    w = np.asarray(w)
    return MLP([w[:4].reshape(2, 2), w[4:8].reshape(2, 2), w[8:].reshape(1, 2)], activation=activation)


def from_library(mlp: MLP, x: tuple, y: float) -> Values:
    """The same quantities as `MLP` computes them."""
    z, a = mlp.forward(x)
    gradients = mlp.backprop(x, y)
    values = {ERROR: float(mlp.sample_errors(x, y))}
    for ell in range(1, L + 1):
        for i in range(1, SIZES[ell] + 1):
            delta, phi_prime = gradients.delta[ell - 1][i - 1], gradients.phi_prime[ell - 1][i - 1]
            values |= {Quantity("z", ell, i): z[ell][i - 1], Quantity("a", ell, i): a[ell][i - 1]}
            values |= {Quantity("∂a", ell, i): delta, Quantity("φ'", ell, i): phi_prime}
            values[Quantity("∂z", ell, i)] = delta * phi_prime
    for w in WEIGHTS:
        values[w._replace(kind="∂w")] = gradients.weights[w.ell - 1][w.i - 1, w.j - 1]
    return values


# --- the numbers ----------------------------------------------------------------------------------


@given(activation=st.sampled_from(list(ACTIVATIONS)), **SAMPLE)
def test_every_step_computes_what_backprop_computes(activation: str, x: tuple, y: float, w: list) -> None:
    mlp = network(w, activation)
    values = evaluate(steps(activation), mlp, np.array(x), y)
    expected = from_library(mlp, x, y)
    assert {step.result for step in steps(activation) if step.result.kind != "path"} == set(expected)
    for q, value in expected.items():
        assert values[q] == pytest.approx(value, rel=1e-9, abs=1e-13), str(q)


@given(activation=st.sampled_from(["sigmoid", "tanh", "identity"]), **SAMPLE)
def test_every_derivative_is_the_central_difference(activation: str, x: tuple, y: float, w: list) -> None:
    values = evaluate(steps(activation), network(w, activation), np.array(x), y)

    def error(w: np.ndarray) -> float:
        return float(network(w, activation).sample_errors(x, y))

    by_hand = [values[q._replace(kind="∂w")] for q in WEIGHTS]
    assert by_hand == pytest.approx(numerical_gradient(error, w), rel=1e-6, abs=1e-8)


@given(**SAMPLE)
def test_every_derivative_is_that_of_the_textbook_formula(x: tuple, y: float, w: list) -> None:
    """Against automatic differentiation of the slide's nested formula, which shares no code with ours."""
    import autograd.numpy as anp

    def error(w: np.ndarray) -> float:
        def phi(z: np.ndarray) -> np.ndarray:
            return 1 / (1 + anp.exp(-z))

        layers = w[:4].reshape(2, 2), w[4:8].reshape(2, 2), w[8:].reshape(1, 2)
        a = anp.array(x)
        for W in layers:
            a = phi(anp.dot(W, a))
        return (a[0] - y) ** 2

    values = evaluate(steps("sigmoid"), network(w, "sigmoid"), np.array(x), y)
    by_hand = [values[q._replace(kind="∂w")] for q in WEIGHTS]
    assert by_hand == pytest.approx(autograd_gradient(error, np.array(w)), rel=1e-9, abs=1e-13)


def test_the_two_paths_are_what_moves_e_through_either_neuron() -> None:
    """∂e/∂a₁¹ over one path: e as a function of a₁¹ where only z₁², or only z₂², may follow it."""
    view = explore.backprop()
    v = view.state.values
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


# --- the formulas ---------------------------------------------------------------------------------


@given(step=st.integers(1, 40), activation=st.sampled_from(["sigmoid", "tanh", "relu", "identity"]), **SAMPLE)
def test_the_formula_with_numbers_gives_the_result(
    step: int, activation: str, x: tuple, y: float, w: list
) -> None:
    """The very string under the picture, calculated: right up to the four digits that are written."""
    weights = dict(zip((f"w{q.i}{q.j}_{q.ell}" for q in WEIGHTS), w, strict=True))
    state = VIEW.compute(step=step, activation=activation, weight="w11_1", x1=x[0], x2=x[1], y=y, **weights)
    shown = VIEW.sentence(state).split("; ")[1].split(" = ")
    *_, formula, result = shown
    assert state.step is not None
    expected = state.values[state.step.result]
    assert result.rstrip(".") == number(expected)
    size = max((abs(state.values[q]) for q in state.step.quantities[1:]), default=1) + 1
    assert calculated(formula, activation) == pytest.approx(expected, rel=0.01, abs=3e-3 * size**2)


def calculated(formula: str, activation: str) -> float:
    """What a pocket calculator makes of it."""
    plain = formula.replace("−", "-").replace("·", "*").replace(")²", ")**2").replace("2 (", "2*(")
    plain = re.sub(r"×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "e" + m[1].translate(PLAIN), plain)
    plain = plain.replace("1 if", "1.0 if").replace(", else", " else")
    return float(eval(plain, {"φ": lambda z: ACTIVATIONS[activation][0](np.float64(z))}))


PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@pytest.mark.parametrize(
    ("step", "formula"),
    [
        ("z₁¹", "z₁¹ = w₁₁¹ · x₁ + w₁₂¹ · x₂"),
        ("ŷ", "ŷ = φ(z₁³)"),
        ("e", "e = (ŷ − y)²"),
        ("∂e/∂ŷ", "∂e/∂ŷ = 2 (ŷ − y)"),
        ("∂e/∂w₁₂³", "∂e/∂w₁₂³ = ∂e/∂ŷ · φ'(z₁³) · a₂²"),
        ("∂e/∂w₁₁²", "∂e/∂w₁₁² = ∂e/∂ŷ · φ'(z₁³) · w₁₁³ · φ'(z₁²) · a₁¹"),
        ("∂e/∂w₂₂²", "∂e/∂w₂₂² = ∂e/∂ŷ · φ'(z₁³) · w₁₂³ · φ'(z₂²) · a₂¹"),
        ("∂e/∂a₁¹", "∂e/∂a₁¹ = ∂e/∂z₁² · ∂z₁²/∂a₁¹ + ∂e/∂z₂² · ∂z₂²/∂a₁¹"),
        ("∂e/∂w₂₁¹", "∂e/∂w₂₁¹ = ∂e/∂a₂¹ · φ'(z₂¹) · x₁"),
    ],
)
def test_the_formulas_are_the_slides(step: str, formula: str) -> None:
    view = explore.backprop(step=step)
    assert f"; {formula} = " in view.describe()
    view.close()


def test_the_slides_steps_come_in_the_slides_order() -> None:
    order = [str(step.result) for step in steps("sigmoid")]
    assert len(order) == 40
    assert order[:2] == ["z₁¹", "a₁¹"]
    assert order[9:13] == ["ŷ", "e", "∂e/∂ŷ", "φ'(z₁³)"]
    assert order[26:29] == ["∂e/∂z₁² · ∂z₁²/∂a₁¹", "∂e/∂z₂² · ∂z₂²/∂a₁¹", "∂e/∂a₁¹"]
    # No step uses what is not there yet.
    given = {*WEIGHTS, Quantity("a", 0, 1), Quantity("a", 0, 2), Quantity("y")}
    for step in steps("sigmoid"):
        made_of = {q._replace(kind="a") if q.kind == "1−a" else q for q in step.quantities[1:]}
        assert made_of <= given, str(step.result)
        given.add(step.result)


# --- the diagram ----------------------------------------------------------------------------------


def shown_at(view: explore.backprop, q: Quantity) -> str:
    """The number that stands in the cell of q."""
    cell = view.places[q].get_bbox()
    texts = [t for t in view.texts.lines if cell.contains(t.x, t.y) and t.align == "right"]
    assert len(texts) <= 1
    return texts[0].text if texts else ""


@pytest.mark.parametrize("done", range(42))
def test_the_diagram_holds_the_numbers_so_far_and_no_others(done: int) -> None:
    VIEW.set(step=done)
    state = VIEW.state
    lit = state.step.quantities if state.step else []
    for q in VIEW.places:
        if q._replace(kind="path") in lit and q.kind == "∂w":
            assert shown_at(VIEW, q) == f"← {number(state.values[q._replace(kind='path')])}"
        elif q in state.known:
            assert shown_at(VIEW, q).removesuffix(" ✓") == number(state.values[q])
        else:
            assert shown_at(VIEW, q) == ""


def test_a_step_lights_its_result_its_factors_and_their_edges() -> None:
    VIEW.set(step=1 + [str(s.result) for s in steps("sigmoid")].index("∂e/∂a₁¹"))
    frames = dict(zip(VIEW.places, VIEW.cells.get_edgecolor(), strict=True))
    own = to_rgb(BACKWARD.colour)  # in a paler colour, all that the way back has computed is framed
    lit = {str(q) for q, frame in frames.items() if frame[3] and np.allclose(frame[:3], own)}
    assert lit == {"∂e/∂a₁¹", "∂e/∂w₁₁²", "∂e/∂w₂₁²"}
    thick = dict(zip(VIEW.lines, VIEW.edges.get_linewidth(), strict=True))
    assert {str(q) for q, width in thick.items() if width > 2} == {"w₁₁²", "w₂₁²"}
    heads = dict(zip([*VIEW.lines, *VIEW.lines], VIEW.heads.get_facecolor()[:, 3], strict=True))
    assert sum(heads.values()) == 2  # both of them arrows back, which come second
    assert VIEW.heads.get_facecolor()[: len(VIEW.lines), 3].sum() == 0


def test_all_ten_badges_say_yes_and_a_badge_can_say_no() -> None:
    view = explore.backprop(step=41)
    badges = [shown_at(view, w._replace(kind="∂w"))[-1] for w in WEIGHTS]
    assert badges == ["✓"] * 10
    assert "All ten equal their central differences" in view.describe()
    # At its kink ReLU has two slopes: the convention takes 0, the central difference half of each.
    view.set(activation="relu", x1=0, x2=1, w11_1=5, w12_1=0, w12_3=1.5)
    assert shown_at(view, Quantity("∂w", 1, 1, 2))[-1] == "≠"
    assert "∂e/∂w₁₂¹ comes out otherwise: a ReLU stands at its kink" in view.describe()
    view.set(weight="w12_1", step=[str(s.result) for s in steps("relu")].index("∂e/∂w₁₂¹") + 1)
    assert "by central difference" in view.describe()
    assert "≠" in view.describe()
    view.close()


@pytest.mark.parametrize("look", ["desk", "projector"])
def test_every_number_fits_into_its_cell(look: str) -> None:
    import lecture643 as lec

    extreme = {"x1": 5, "x2": -5, "w11_1": 5, "w12_1": -5, "w11_2": -4.35}
    try:
        getattr(lec, look)()
        view = explore.backprop()
        for done in range(42):
            view.set(step=done, **(extreme if done % 2 else {}))
            for line in view.texts.lines:
                width = text_width(line.text, line.bold) * line.size / 0.72
                left = line.x - {"left": 0, "center": 0.5, "right": 1}[line.align] * width
                assert left >= 0, line
                assert left + width <= view.size[0], line
        view.close()
    finally:
        lec.desk()


# --- the hand -------------------------------------------------------------------------------------


def test_a_press_on_a_number_goes_to_where_it_comes_from() -> None:
    view = explore.backprop(step=41)
    for result in ("∂e/∂z₁²", "z₂¹", "∂e/∂w₂₁¹", "e"):
        q = next(s.result for s in steps("sigmoid") if str(s.result) == result)
        drag(view, view.canvas, [view.places[q].get_center()])
        assert view.state.step is not None
        assert view.state.step.result == q
    assert view.controls["weight"].value == "w21_1"  # the last weight that was pressed
    drag(view, view.canvas, [(view.size[0] / 2, 1)])  # on nothing
    assert view.state.step.result == ERROR
    drag(view, view.canvas, [view.places[Quantity("w", 2, 1, 1)].get_center()])
    assert view.controls["weight"].value == "w11_2"
    view.close()


def test_the_buttons_step_and_jump() -> None:
    view = explore.backprop()
    buttons = {b.tooltip: b for b in all_widgets(view.box) if isinstance(b, widgets.Button)}
    for tooltip, at in (
        ("one step forward", 1),
        ("one step forward", 2),
        ("one step back", 1),
        ("to the end", 41),
        ("one step forward", 41),
        ("to the start", 0),
        ("one step back", 0),
    ):
        buttons[tooltip].click()
        assert view.state.done == at
    view.close()


def test_one_weight_has_the_slider() -> None:
    view = explore.backprop(weight="w₂₁²")
    names = [f"w{q.i}{q.j}_{q.ell}" for q in WEIGHTS]

    def visible() -> list:
        return [name for name in names if view.controls[name].layout.display != "none"]

    assert visible() == ["w21_2"]
    view.set(weight="w11_1")
    assert visible() == ["w11_1"]
    view.set(w11_1=-1.234)
    assert view.state.values[WEIGHTS[0]] == -1.234
    view.close()


def test_settings_are_kept_and_odd_ones_refused() -> None:
    view = explore.backprop(
        x=(0.5, -7), y=0.25, weights=[np.eye(2), np.eye(2), [[1, 1]]], activation="tanh", step=41
    )
    mlp = MLP([np.eye(2), np.eye(2), [[1, 1]]], activation="tanh")
    assert view.state.values[PREDICTION] == pytest.approx(mlp.predict([0.5, -7]), rel=1e-12)
    view.close()
    for odd, told in (
        ({"x": (1, 2, 3)}, "x must have shape"),
        ({"x": (np.nan, 0)}, "x must hold finite numbers"),
        ({"y": "one"}, "y must be an array of numbers"),
        ({"weights": [np.eye(2)]}, "weights must be of a network of sizes"),
        ({"weights": [np.eye(2), np.eye(2), [[1, 200]]]}, "between −100 and 100"),
        ({"activation": "softmax"}, "activation must be one of"),
        ({"step": 42}, "step must be a whole number from 0 to 41"),
        ({"step": "∂e/∂w₃₃³"}, "step must be a number or one of"),
        ({"weight": "w₃₃³"}, "weight must be one of"),
    ):
        with pytest.raises(ValueError, match=told):
            explore.backprop(**odd)
