"""The diagram of backpropagation: the lecture's network, any small network, and the hand on it."""

import re
from itertools import combinations

import numpy as np
import pytest
from drawn import settings_of
from hands import drag, message, press
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

import lecture643 as lec
from lecture643 import explore
from lecture643.explore.backprop import BackpropSettings
from lecture643.live.small_network import network_of
from lecture643.maths.derivation import ERROR, Network, steps
from lecture643.maths.network import ACTIVATIONS, MLP
from lecture643.maths.quantity import Quantity
from lecture643.picture.draw import BACKWARD, INK, number
from lecture643.picture.lettering import text_width

VIEW = explore.backprop()
SLIDES = Network()
STEPS = steps(SLIDES)
NUMBERS = st.floats(-3, 3)
OTHERS = [(2, 3, 1), (3, 4, 2), (3, 3, 3), (1, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 4), (1, 4, 1, 4)]

# --- the formulas ---------------------------------------------------------------------------------


@given(
    step=st.integers(1, 40),
    activation=st.sampled_from(["sigmoid", "tanh", "relu", "identity"]),
    x=st.tuples(NUMBERS, NUMBERS),
    y=st.floats(0, 1),
    w=st.lists(NUMBERS, min_size=10, max_size=10),
)
def test_the_formula_with_numbers_gives_the_result(
    step: int, activation: str, x: tuple, y: float, w: list
) -> None:
    """The very string under the picture, calculated: right up to the four digits that are written."""
    weights = dict(zip(map(str, SLIDES.weights), w, strict=True))
    made = BackpropSettings(step=step, activation=activation, x=x, y=y, weights=weights)
    state = VIEW.compute(made)
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
    plain = re.sub(r" ln ([\d.e-]+)", r"*ln(\1)", plain)
    known = {"φ": lambda z: ACTIVATIONS[activation][0](np.float64(z)), "ln": np.log}
    return float(eval(plain, known))


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
    assert f"; {formula} = " in explore.backprop(step=step).describe()


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (
            {"step": "e", "error": "cross-entropy"},
            "e = −(y ln ŷ + (1 − y) ln (1 − ŷ)) = −(1 ln 0.4526 + (1 − 1) ln 0.5474) = 0.7926.",
        ),
        (
            {"step": "∂e/∂z₁³", "error": "cross-entropy"},
            "∂e/∂z₁³ = ŷ − y = 0.4526 − 1 = −0.5474; φ' = ŷ (1 − ŷ) cancels against",
        ),
        ({"step": "∂e/∂b₁¹", "biases": True}, "∂e/∂b₁¹ = ∂e/∂z₁¹ = "),
        ({"step": "z₁²", "biases": True}, "z₁² = w₁₁² · a₁¹ + w₁₂² · a₂¹ + b₁² = "),
        ({"step": "e", "sizes": (3, 4, 2)}, "e = (ŷ₁ − y₁)² + (ŷ₂ − y₂)² = "),
        ({"step": "∂e/∂w₁₁¹", "sizes": (2, 3, 1)}, "∂e/∂ŷ · φ'(z₁²) · w₁₁² · φ'(z₁¹) · x₁ = "),
        ({"step": "∂e/∂w₁₁¹", "sizes": (3, 4, 2)}, "∂e/∂w₁₁¹ = ∂e/∂a₁¹ · φ'(z₁¹) · x₁ = "),
        ({"biases": True}, "there are ten weights and five biases, among them w₁₁³ = 2; 45 steps follow"),
        (
            {"activation": ("tanh", "relu"), "output": "sigmoid"},
            "φ is tanh in layer 1, ReLU in layer 2 and the sigmoid in layer 3, and",
        ),
    ],
)
def test_other_networks_have_their_own_formulas_and_words(made: dict, told: str) -> None:
    assert told in explore.backprop(**made).describe()


# --- the diagram ----------------------------------------------------------------------------------


def shown_at(view: explore.backprop, q: Quantity) -> str:
    """The number that stands in the cell of q."""
    cell = view.diagram.places[q]
    texts = [t for t in view.diagram.texts.lines if cell.contains(t.x, t.y) and t.align == "right"]
    assert len(texts) <= 1
    return texts[0].text if texts else ""


def framed_in(view: explore.backprop, colour: str) -> set[str]:
    """The cells with frames of this colour."""
    frames = zip(view.diagram.places, view.diagram.cells.get_edgecolor(), strict=True)
    return {str(q) for q, frame in frames if frame[3] and np.allclose(frame[:3], to_rgb(colour))}


def thick(view: explore.backprop) -> set[str]:
    """The edges that are drawn thick."""
    edges = zip(view.diagram.lines, view.diagram.edges.get_linewidth(), strict=True)
    return {str(q) for q, width in edges if width > 2}


def dashed(view: explore.backprop) -> set[str]:
    """The edges that are drawn dashed."""
    edges = zip(view.diagram.lines, view.diagram.edges.get_linestyle(), strict=True)
    return {str(q) for q, (_, dashes) in edges if dashes is not None}


def heads(view: explore.backprop) -> tuple[set[str], set[str]]:
    """The edges with an arrow head forward, and those with one back."""
    seen = np.array(view.diagram.heads.get_facecolor()[:, 3] > 0).reshape(2, -1)
    ahead, back = ({str(q) for q, yes in zip(view.diagram.lines, row, strict=True) if yes} for row in seen)
    return ahead, back


@pytest.mark.parametrize("done", range(42))
def test_the_diagram_holds_the_numbers_so_far_and_no_others(done: int) -> None:
    VIEW.set(step=done)
    state = VIEW.state
    lit = state.step.quantities if state.step else []
    for q in VIEW.diagram.places:
        if q._replace(kind="path") in lit and q.kind == "∂w":
            assert shown_at(VIEW, q) == f"← {number(state.values[q._replace(kind='path')])}"
        elif q in state.known:
            assert shown_at(VIEW, q).removesuffix(" ✓") == number(state.values[q])
        else:
            assert shown_at(VIEW, q) == ""


def test_a_step_lights_its_result_its_factors_and_their_edges() -> None:
    VIEW.set(step="∂e/∂a₁¹")
    assert framed_in(VIEW, BACKWARD.colour) == {"∂e/∂a₁¹", "∂e/∂w₁₁²", "∂e/∂w₂₁²"}
    assert thick(VIEW) == {"w₁₁²", "w₂₁²"}
    assert heads(VIEW) == (set(), {"w₁₁²", "w₂₁²"})


def test_the_error_comes_from_all_outputs_and_goes_back_to_one() -> None:
    view = explore.backprop(sizes=(3, 4, 2), step="e")
    assert heads(view)[0] == {"e₁", "e₂"}
    view.set(step="∂e/∂ŷ₂")
    assert heads(view) == (set(), {"e₂"})


def test_all_ten_badges_say_yes_and_a_badge_can_say_no() -> None:
    view = explore.backprop(step=41)
    badges = [shown_at(view, w._replace(kind="∂w"))[-1] for w in SLIDES.weights]
    assert badges == ["✓"] * 10
    assert "All ten equal their central differences" in view.describe()
    # At its kink ReLU has two slopes: the convention takes 0, the central difference half of each.
    view.set(activation="relu", x=(0, 1), weights={"w₁₁¹": 5, "w₁₂¹": 0, "w₁₂³": 1.5})
    assert shown_at(view, Quantity("∂w", 1, 1, 2))[-1] == "≠"
    assert "∂e/∂w₁₂¹ comes out otherwise: a ReLU stands at its kink" in view.describe()
    view.set(weight="w₁₂¹", step="∂e/∂w₁₂¹")
    assert "by central difference" in view.describe()
    assert "≠" in view.describe()


@settings(max_examples=40)
@given(settings_of(BackpropSettings))
def test_all_derivatives_agree_wherever_the_controls_are(made: BackpropSettings) -> None:
    state = VIEW.compute(made)
    kinked = any(
        made.activation == "relu" and abs(value) < 1e-3 for q, value in state.values.items() if q.kind == "z"
    )
    assert kinked or all(state.agrees(dw) for dw in state.numbers.central)


@pytest.mark.parametrize("look", ["desk", "projector"])
@pytest.mark.parametrize("width", [400, 1000, 1600])
@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), *OTHERS])
@pytest.mark.parametrize("biases", [False, True])
def test_nothing_overlaps_and_nothing_leaves_the_picture(
    look: str, width: int, sizes: tuple, biases: bool
) -> None:
    try:
        getattr(lec, look)()
        view = explore.backprop(sizes=sizes, biases=biases, error="cross-entropy", seed=2)
        view.fit(width, 2000)
        last = view.controls["step"].max
        for done in {0, 3, view.state.network.L * 3, last // 2, last - 1, last}:
            view.set(step=done)
            check_cells(view)
            (across, down) = view.room
            for texts, ends in ((view.diagram.texts, view.diagram.layout.width), (view.formula, across)):
                for line in texts.lines:
                    long = text_width(line.text, line.bold) * line.size / 0.72
                    left = line.x - {"left": 0, "center": 0.5, "right": 1}[line.align] * long
                    assert left >= -0.5, line
                    assert left + long <= ends + 0.5, line
            assert all(0 < line.y < down for line in view.formula.lines)
    finally:
        lec.desk()


def check_cells(view: explore.backprop) -> None:
    """Cells and cards stand apart, in the panel; every name and number in its own cell."""
    layout, cells = view.diagram.layout, list(view.diagram.places.values())
    boxes = [(c.left, c.bottom, c.width, c.height) for c in cells]
    for left, bottom, wide, high in [*boxes, *layout.cards]:
        assert 0 <= left <= left + wide <= layout.width
        assert 0 <= bottom <= bottom + high <= layout.height
    labels = [box for c, box in zip(cells, boxes, strict=True) if c.key not in layout.cells]
    for group in (boxes, layout.cards, [*labels, *layout.cards]):
        for one, other in combinations(group, 2):
            apart = [
                one[k] + one[k + 2] <= other[k] + 0.01 or other[k] + other[k + 2] <= one[k] + 0.01
                for k in (0, 1)
            ]
            assert any(apart) or (one in labels and other in labels and one[0] == other[0]), (one, other)


def test_a_crowded_gap_has_numbers_only_where_they_are_needed() -> None:
    view = explore.backprop(sizes=(3, 4, 2), step="∂e/∂w₃₂¹", weight="w₁₁¹")
    labels = {str(q) for q in view.diagram.places if q.kind == "w" and q.ell == 1}
    assert labels == {"w₃₂¹", "w₁₁¹"}  # of twelve
    assert sum(q.kind == "w" and q.ell == 2 for q in view.diagram.places) == 8
    view.set(step=0)
    widths = dict(zip(view.diagram.lines, view.diagram.edges.get_linewidth(), strict=True))
    styles = dict(zip(view.diagram.lines, view.diagram.edges.get_linestyle(), strict=True))
    crowd = [w for w in view.state.network.weights if w.ell == 1 and w.i != 1]
    size = {w: abs(view.state.values[w]) for w in crowd}
    assert sorted(crowd, key=lambda w: (size[w], w)) == sorted(crowd, key=lambda w: (widths[w], w))
    assert all((styles[w][1] is not None) == (view.state.values[w] < 0) for w in crowd)


def test_the_paths_that_the_selected_weight_feeds_are_dark() -> None:
    view = explore.backprop(weight="w₂₁¹")
    colours = dict(zip(view.diagram.lines, view.diagram.edges.get_color(), strict=True))
    dark = {str(q) for q, colour in colours.items() if np.allclose(colour[:3], to_rgb(INK))}
    assert dark == {"w₂₁¹", "w₁₂²", "w₂₂²", "w₁₁³", "w₁₂³", "e"}
    view.set(weight="w₁₂³")
    colours = dict(zip(view.diagram.lines, view.diagram.edges.get_color(), strict=True))
    assert {str(q) for q, c in colours.items() if np.allclose(c[:3], to_rgb(INK))} == {"w₁₂³", "e"}


# --- the hand -------------------------------------------------------------------------------------


def press_on(view: explore.backprop, q: Quantity) -> None:
    press(view, "diagram", *view.diagram.places[q].centre)


def test_a_press_on_a_number_goes_to_where_it_comes_from() -> None:
    view = explore.backprop(step=41)
    for result in ("∂e/∂z₁²", "z₂¹", "∂e/∂w₂₁¹", "e"):
        q = next(s.result for s in STEPS if str(s.result) == result)
        press_on(view, q)
        assert view.state.step is not None
        assert view.state.step.result == q
    assert view.settings.weight == "w₂₁¹"  # the last weight that was pressed
    press(view, "formula", 5, 5)  # on nothing
    assert view.state.step.result == ERROR
    press_on(view, Quantity("w", 2, 1, 1))
    assert view.settings.weight == "w₁₁²"
    assert view.settings.value == 1.0


def test_an_edge_without_a_number_is_selected_by_a_press_on_it() -> None:
    view = explore.backprop(sizes=(3, 4, 2))
    w = Quantity("w", 1, 3, 1)
    assert w not in view.diagram.places
    press(view, "diagram", *(0.8 * view.diagram.lines[w][0] + 0.2 * view.diagram.lines[w][1]))
    assert view.settings.weight == "w₃₁¹"
    assert shown_at(view, w) == number(view.state.values[w])


@pytest.mark.parametrize(
    "q", [Quantity("w", 2, 2, 1), Quantity("b", 1, 2), Quantity("a", 0, 2), Quantity("y")]
)
def test_a_number_is_dragged_to_the_side(q: Quantity) -> None:
    view = explore.backprop(biases=True, y=0.5)
    first = view.state.values[q]
    x, y = view.diagram.places[q].centre
    drag(view, "diagram", [(x, y), (x + 1, y)])
    assert view.state.values[q] == first  # a press with a shaking hand
    drag(view, "diagram", [(x, y), (x + 10, y), (x + 20, y)])
    assert view.state.values[q] == pytest.approx(first + 0.4)
    drag(view, "diagram", [(x, y), (x - 2000, y)])
    low = {"y": 0, "a": -5}.get(q.kind, -5)
    assert view.state.values[q] == low


def test_changes_stay_when_another_weight_gets_the_slider() -> None:
    view = explore.backprop(weight="w₂₁²", value=2.5)
    assert view.code() == "lec.explore.backprop(weight='w₂₁²', value=2.5)"
    view.set(weight="w₁₁¹")
    assert view.settings.value == 0.5
    view.set(value=-1.234)
    values = view.state.values
    assert (values[Quantity("w", 2, 2, 1)], values[Quantity("w", 1, 1, 1)]) == (2.5, -1.234)
    again = eval(view.code(), {"lec": lec})
    assert again.state.values == values
    view.set(weight="w₂₁²")
    assert view.settings.value == 2.5
    view.set(value=2)  # the lecture's again
    view.set(weight="w₁₁³")
    assert view.settings.weights == (("w₁₁¹", -1.234),)
    view.set(seed=3)
    assert view.settings.weights == ()
    view.reset()
    assert view.state.values[Quantity("w", 2, 2, 1)] == 2.5


def test_a_step_stays_at_its_quantity_when_the_network_changes() -> None:
    view = explore.backprop(step="∂e/∂w₂₁¹")
    view.set(sizes=(3, 4, 2))
    assert str(view.state.step.result) == "∂e/∂w₂₁¹"
    view.set(biases=True)
    assert str(view.state.step.result) == "∂e/∂w₂₁¹"
    view.set(step=view.controls["step"].max)
    view.set(sizes=(2, 3, 1))
    assert view.state.step is None
    assert view.state.done == len(view.state.steps) + 1


def test_a_network_and_the_activations_of_its_layers_can_be_typed() -> None:
    view = explore.backprop()
    message(view, "set", values={"sizes": "3-2-3-1"})
    message(view, "set", values={"activation": " tanh - relu"})
    assert view.settings.sizes == (3, 2, 3, 1)
    assert view.settings.activation == ("tanh", "relu")
    assert network_of(view.settings).activations == ("tanh", "relu", "relu")
    message(view, "set", values={"activation": "tanh"})
    assert view.code() == "lec.explore.backprop(sizes=(3, 2, 3, 1), activation='tanh')"


@pytest.mark.parametrize("typed", ["", "-", "2-", "-1", "0-1", "9", "2-2-2-2-2-2", "tanh", "²", "1e3", "💥"])
def test_what_is_typed_wrongly_is_told_and_changes_nothing(typed: str) -> None:
    view = explore.backprop(sizes=(2, 3, 1))
    before = view.settings
    message(view, "set", values={"sizes": typed, "seed": 4})
    assert view.settings == before
    assert "must " in view._failure


def test_the_buttons_go_by_neuron_and_by_layer() -> None:
    view = explore.backprop()
    seen = []
    for _ in range(4):
        view.neuron()
        seen.append(view.state.step.result)
    assert list(map(str, seen)) == ["z₁¹", "z₂¹", "z₁²", "z₂²"]
    view.layer()
    assert str(view.state.step.result) == "z₁³"
    view.layer()
    view.layer()
    assert str(view.state.step.result) == "∂e/∂ŷ"
    view.layer()
    view.neuron()
    assert str(view.state.step.result) == "∂e/∂a₂²"
    view.layer_back()
    assert str(view.state.step.result) == "∂e/∂a₁²"
    for _ in range(9):
        view.layer_back()
    assert view.state.done == 0
    for _ in range(9):
        view.layer()
    assert view.state.done == 41


# --- settings -------------------------------------------------------------------------------------


def test_settings_are_kept_and_odd_ones_refused() -> None:
    weights = [np.eye(2), np.eye(2), [[1, 1]]]
    view = explore.backprop(x=(0.5, -4.7), y=0.25, weights=weights, activation="tanh", step=41)
    expected = MLP(weights, activation="tanh").predict([0.5, -4.7])
    assert view.state.values[Quantity("ŷ", 3)] == pytest.approx(expected, rel=1e-12)
    for odd, told in (
        ({"x": (1, 2, 3)}, "x must have shape"),
        ({"x": (np.nan, 0)}, "x must hold finite numbers"),
        ({"x": (7, 0)}, "x must have its numbers from -5 to 5, got 7"),
        ({"y": "one"}, "y must be an array of numbers"),
        ({"weights": [np.eye(2)]}, "weights must be of a network of sizes"),
        ({"weights": [np.eye(2), np.eye(2), [[1, 200]]]}, "between −100 and 100"),
        ({"weights": {"w₃₃³": 1}}, "weights must be among w₁₁¹, .* got 'w₃₃³'"),
        ({"weights": {"w₁₁³": "a"}}, "weights must be a finite number"),
        ({"activation": "softmax"}, "activation must be one of"),
        ({"output": "tanh", "error": "cross-entropy"}, "output must be one of sigmoid, got 'tanh'"),
        ({"step": 42}, "step must be a whole number from 0 to 41"),
        ({"step": "∂e/∂w₃₃³"}, "step must be a number or one of"),
        ({"weight": "w₃₃³"}, "weight must be one of"),
        ({"sizes": (2, 5, 1)}, r"sizes\[1\] must be a whole number from 1 to 4"),
        ({"sizes": (2, 2, 2, 2, 2, 2)}, "the number of layers must be a whole number from 1 to 4"),
    ):
        with pytest.raises(ValueError, match=told):
            explore.backprop(**odd)


def test_tanh_may_lead_to_a_sigmoid() -> None:
    view = explore.backprop(activation="tanh")
    assert view.settings.output == "tanh"
    view.set(error="cross-entropy")
    assert view.state.network.activations == ("tanh", "tanh", "sigmoid")
    again = eval(view.code(), {"lec": lec})
    assert again.describe() == view.describe()


@settings(max_examples=25)
@given(settings_of(BackpropSettings))
def test_the_code_gives_the_same_view(made: BackpropSettings) -> None:
    assert eval(made.code("S"), {"S": BackpropSettings}) == made
