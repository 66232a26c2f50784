"""The matrices of backpropagation: their entries, shapes, scalar formulas, and what a press chooses."""

import re
from itertools import combinations

import numpy as np
import pytest
from drawn import settings_of
from hands import press
from hypothesis import given
from test_backprop_view import calculated

from lecture643 import explore
from lecture643.explore.matrices import Matrices, MatricesSettings
from lecture643.picture.draw import number
from lecture643.picture.lettering import text_width

VIEW = explore.matrices()
OPTIONS = [(2, 2, 2, 1), (3, 4, 2), (3, 2, 4, 3, 2)]


def written(view: Matrices) -> dict:
    """(matrix, row, column) -> the number that stands in that cell."""
    found = {}
    for place in view.places:
        texts = [t.text for t in view.texts.lines if place.contains(t.x, t.y)]
        assert len(texts) == 1, place
        found.setdefault(place.key, texts[0])
    return found


@pytest.mark.parametrize("sizes", OPTIONS)
@pytest.mark.parametrize("error", ["squared", "cross-entropy"])
@pytest.mark.parametrize("seed", [0, 7])
def test_both_equations_hold_and_are_what_is_written(sizes: tuple, error: str, seed: int) -> None:
    L = len(sizes) - 1
    VIEW.set(sizes=sizes, error=error, seed=seed)
    for step in range(L):
        VIEW.set(step=step)
        state = VIEW.state
        assert state.ell == L - step
        m = state.matrices()
        assert m["∇W"].shape == (sizes[state.ell], sizes[state.ell - 1])
        assert np.allclose(m["∇W"], m["Diag"] @ m["δ"] @ m["aᵀ"], rtol=1e-12)
        assert np.allclose(m["∇W"], state.example.central.weights[state.ell - 1], rtol=1e-6, atol=1e-9)
        assert state.agrees
        if step:
            assert np.allclose(m["δ"], m["Wᵀ+"] @ m["Diag+"] @ m["δ+"], rtol=1e-12)
            assert np.allclose(m["δ"], m["V+"] @ m["δ+"], rtol=1e-12)
        elif error == "squared":
            assert np.allclose(m["δ"], 2 * (m["ŷ"] - m["y"]), rtol=1e-12)
        else:
            assert np.allclose(m["δ"], (m["ŷ"] - m["y"]) / (m["ŷ"] * (1 - m["ŷ"])), rtol=1e-9)
        cells = written(VIEW)
        for name, matrix in m.items():
            for (row, column), value in np.ndenumerate(matrix):
                assert cells[name, row + 1, column + 1] == number(value, 3)
        for name, matrix in m.items():
            if name != "V+" or step:
                shape = f"{matrix.shape[0]} × {matrix.shape[1]}"
                assert shape in [t.text for t in VIEW.texts.lines], name


@given(settings_of(MatricesSettings))
def test_the_scalar_formula_with_numbers_gives_the_entry(made: MatricesSettings) -> None:
    state = VIEW.compute(made)
    name = "V+" if state.chosen == "V" else state.chosen
    expected = state.matrices()[name][state.i - 1, state.j - 1]
    told = VIEW.sentence(state).split("; ")[1].split(" = ")
    assert told[-1] == number(expected)
    assert calculated(told[-2], "sigmoid") == pytest.approx(expected, rel=5e-3, abs=3e-3)
    assert state.agrees or "relu" in state.mlp.activation


@pytest.mark.parametrize(
    ("settings", "formula"),
    [
        ({"step": 1, "i": 2}, "∂e/∂w₂₁² = φ'(z₂²) δ₂² a₁¹ = 0.06802 · 0.4068 · 0.7503 = 0.02076"),
        ({"step": 2, "entry": "δ"}, "δ₁¹ = ∂e/∂z₁² w₁₁² + ∂e/∂z₂² w₂₁² = "),
        ({"step": 2, "entry": "V", "i": 1, "j": 2}, "entry (1, 2) of V² = w₂₁² φ'(z₂²) = 2 · 0.06802"),
        ({"step": 0, "entry": "δ"}, "δ₁³ = 2 (ŷ₁ − y₁) = 2 (0.4526 − 1) = −1.095"),
        (
            {"step": 0, "entry": "δ", "error": "cross-entropy"},
            "δ₁³ = (1 − y₁)/(1 − ŷ₁) − y₁/ŷ₁ = (1 − 1)/0.5474 − 1/0.4526 = −2.209",
        ),
        ({"step": 1, "entry": "∇b", "i": 2, "biases": True}, "∂e/∂b₂² = φ'(z₂²) δ₂² = "),
    ],
)
def test_the_formulas_are_the_slides(settings: dict, formula: str) -> None:
    view = explore.matrices(**settings)
    assert formula in view.describe()
    view.close()


def test_the_default_is_the_network_of_the_other_view() -> None:
    values = explore.backprop(step=41).state.values
    view = explore.matrices(step=2)
    for ell, gradient in enumerate(view.state.example.gradients.weights, start=1):
        for (i, j), entry in np.ndenumerate(gradient):
            q = next(q for q in values if q[:] == ("∂w", ell, i + 1, j + 1))
            assert values[q] == pytest.approx(entry, rel=1e-12)
    view.close()


def test_a_press_chooses_an_entry_and_lights_what_it_is_made_of() -> None:
    view = explore.matrices(sizes=(3, 4, 2), step=1)

    def press_on(entry: tuple) -> None:
        place = next(place for place in view.places if place.key == entry)
        press(view, "matrices", *place.centre)

    def framed() -> set:
        widths = view.cells.get_linewidth()
        return {place.key for place, width in zip(view.places, widths, strict=True) if width > 1}

    press_on(("∇W", 3, 2))
    assert (view.state.chosen, view.state.i, view.state.j) == ("∇W", 3, 2)
    assert framed() == {("∇W", 3, 2), ("Diag", 3, 3), ("δ", 3, 1), ("aᵀ", 1, 2)}
    press_on(("V+", 4, 2))
    assert framed() == {("V+", 4, 2), ("Wᵀ+", 4, 2), ("Diag+", 2, 2)}
    press_on(("δ", 4, 1))
    assert ("Wᵀ+", 4, 1) in framed()
    assert ("δ+", 2, 1) in framed()
    press_on(("∇W", 4, 3))  # from δ, which has one column: the slider's range has to widen first
    assert (view.state.chosen, view.state.i, view.state.j) == ("∇W", 4, 3)
    press_on(("aᵀ", 1, 1))
    assert (view.state.i, view.state.j) == (4, 1)
    press_on(("layer", 2, 0))
    assert view.state.ell == 2
    press_on(("ŷ", 2, 1))
    assert (view.state.chosen, view.state.i) == ("δ", 2)
    assert framed() == {("δ", 2, 1), ("ŷ", 2, 1), ("y", 2, 1)}
    view.close()


def test_the_sliders_have_the_rows_and_columns_that_there_are() -> None:
    view = explore.matrices(sizes=(3, 4, 2), step=1)
    assert (view.controls["step"].max, view.controls["i"].max, view.controls["j"].max) == (1, 4, 3)
    view.set(i=4, j=3)
    view.set(step=0)
    assert (view.state.i, view.state.j) == (2, 3)
    view.set(sizes=(2, 2, 2, 1))
    assert (view.controls["step"].max, view.controls["i"].max, view.controls["j"].max) == (2, 1, 2)
    assert (view.state.i, view.state.j) == (1, 2)
    view.set(entry="V")  # there is no V⁴
    assert view.state.j == 1
    assert view.state.chosen == "δ"
    view.close()


def test_other_sizes_and_odd_settings() -> None:
    view = explore.matrices(sizes=(1, 3, 1), step=1, i=3)
    assert "the 1-3-1 network" in view.describe()
    assert re.search(r"∂e/∂w₃₁¹ = .* = −?\d", view.describe())
    view.close()
    for odd, told in (
        ({"sizes": (2, 5, 1)}, "from 1 to 4"),
        ({"sizes": (2,)}, "the number of layers"),
        ({"sizes": (2, 2, 2, 2, 2, 2)}, "the number of layers"),
        ({"error": "absolute"}, "error must be one of"),
        ({"activation": "softmax"}, "activation must be one of"),
        ({"entry": "W"}, "entry must be one of"),
        ({"entry": "∇b"}, "entry must be one of ∇W, δ, V, got '∇b'"),
        ({"step": 3}, "step must be a whole number from 0 to 2"),
        ({"step": 0, "i": 2}, "i must be a whole number from 1 to 1"),
        ({"seed": -1}, "seed must be a whole number"),
    ):
        with pytest.raises(ValueError, match=told):
            explore.matrices(**odd)


def test_with_biases_their_gradient_stands_beside() -> None:
    view = explore.matrices(sizes=(3, 4, 2), biases=True, step=1)
    m = view.state.matrices()
    assert np.allclose(m["∇b"], m["Diag"] @ m["δ"], rtol=1e-12)
    assert np.allclose(m["∇b"][:, 0], view.state.example.central.biases[0], rtol=1e-6, atol=1e-9)
    assert "∇W¹ and ∇b¹ equal their central differences." in view.describe()
    place = next(place for place in view.places if place.key == ("∇b", 3, 1))
    press(view, "matrices", *place.centre)
    assert "; ∂e/∂b₃¹ = φ'(z₃¹) δ₃¹ = " in view.describe()
    view.set(biases=False)
    assert view.state.chosen == "∇W"


@pytest.mark.parametrize("width", [400, 1000, 1600])
@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), (3, 2, 4, 3, 2), (4, 4, 4, 4, 2), (1, 1)])
@pytest.mark.parametrize("biases", [False, True])
def test_nothing_overlaps_and_nothing_leaves_the_picture(width: int, sizes: tuple, biases: bool) -> None:
    view = explore.matrices(sizes=sizes, biases=biases, entry="δ")
    view.fit(width, 2000)
    across, high = view.size
    for step in range(len(sizes) - 1):
        view.set(step=step)
        boxes = [(c.left, c.bottom, c.left + c.width, c.bottom + c.height) for c in view.places]
        assert all(0 <= box[0] <= box[2] <= across and 0 <= box[1] <= box[3] <= high for box in boxes)
        for one, other in combinations(boxes, 2):
            assert any(one[k + 2] <= other[k] + 0.01 or other[k + 2] <= one[k] + 0.01 for k in (0, 1))
        for line in view.texts.lines:
            long = text_width(line.text, line.bold) * line.size / 0.72
            assert 0 <= line.x - long / 2 <= line.x + long / 2 <= across, line
