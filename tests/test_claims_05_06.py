"""What notebooks 05 and 06 say about their cells and views, each claim held against numbers made anew.

`says` quotes the claim, so that a test whose sentence has left the notebook fails too. Gradients come from
the complex step or from numpy written out here, never from the package's own backward pass.
"""

import inspect
import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from claims import told
from hands import drag, message, press
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from test_backprop_view import dashed, framed_in, heads, press_on, shown_at, thick

import lecture643 as lec
from lecture643 import explore, lesson
from lecture643.maths import network
from lecture643.maths.depth import networks
from lecture643.maths.derivation import Network, steps
from lecture643.maths.quantity import Quantity
from lecture643.picture import draw

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def text_of(name: str) -> str:
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    return " ".join(" ".join(cell.source for cell in cells if cell.cell_type == "markdown").split())


HAND, MATRICES = text_of("05_backpropagation_by_hand"), text_of("06_backpropagation_in_matrices")


def says(notebook: str, *claims: str) -> None:
    for claim in claims:
        assert " ".join(claim.split()) in notebook, claim


def tells(activity: str, *claims: str) -> None:
    """An activity still says so: its question, why each answer is right or not, its goals and their whys."""
    words = told(activity)
    for claim in claims:
        assert claim in words, claim


def answered(activity: str) -> Any:
    """Its view, after the answer was shown."""
    view = lesson.activities[activity]()
    message(view, "task", act="commit", guess=None)
    return view


def is_reached(view: Any, goal: int = 0) -> bool:
    return bool(view.stage.tasks["goals"][goal]["reached"])


def printed(notebook: str, cell: str) -> str:
    """What a cell has printed; `test_notebooks` holds it against a fresh run."""
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    return next("".join(o.text for o in c.outputs if "text" in o) for c in cells if c.id == cell)


# --- the lecture's network, written out once more ------------------------------------------------

STEPS = steps(Network())
W = [np.array([[0.5, 0.3], [-0.4, 0.6]]), np.array([[1.0, -0.5], [2.0, 1.5]]), np.array([[2.0, -1.5]])]
X, Y = np.array([1.0, 2.0]), 1.0
PHI = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: z * (z.real > 0),
}
SLOPE = {
    "sigmoid": lambda z: PHI["sigmoid"](z) * (1 - PHI["sigmoid"](z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0) * 1.0,
}


def layers(W: Sequence[NDArray], x: NDArray, phi: Sequence[str]) -> tuple[list, list]:
    """z¹ … z^L and a⁰ … a^L."""
    z, a = [], [x]
    for W_ell, name in zip(W, phi, strict=True):
        z.append(W_ell @ a[-1])
        a.append(PHI[name](z[-1]))
    return z, a


def e_of(W: Sequence[NDArray], x: NDArray = X, y: float | NDArray = Y, phi: str = "sigmoid") -> complex:
    return ((layers(W, x, [phi] * len(W))[1][-1] - y) ** 2).sum()


def complex_step(W: Sequence[NDArray], x: NDArray = X, y: float = Y, phi: str = "sigmoid") -> list[NDArray]:
    """∂e/∂w = Im e(w + ih)/h for every weight: exact, since nothing is subtracted."""
    slopes = []
    for ell in range(len(W)):
        slopes.append(np.empty_like(W[ell]))
        for at in np.ndindex(W[ell].shape):
            moved = [V.astype(complex) for V in W]
            moved[ell][at] += 1e-30j
            slopes[ell][at] = e_of(moved, x, y, phi).imag / 1e-30
    return slopes


def deltas(W: Sequence[NDArray], x: NDArray, y: NDArray, phi: Sequence[str]) -> list[NDArray]:
    """δ¹ … δ^L of the squared error, by the slide's sum over m."""
    z, a = layers(W, x, phi)
    delta = [2 * (a[-1] - y)]
    for W_ell, z_ell, name in zip(W[:0:-1], z[:0:-1], phi[:0:-1], strict=True):
        delta.insert(0, W_ell.T @ (SLOPE[name](z_ell) * delta[0]))
    return delta


def changed(**weights: float) -> list[NDArray]:
    """The lecture's network with some weights moved: w12_3 is w₁₂³."""
    moved = [V.copy() for V in W]
    for name, value in weights.items():
        i, j, ell = int(name[1]), int(name[2]), int(name[4])
        moved[ell - 1][i - 1, j - 1] = value
    return moved


def sizes_told(view: object) -> tuple[float, float]:
    """e and the size of the largest derivative, as the sentence of the last step says them."""
    told = re.search(r"e = ([^,]+), and .* largest in size is \S+ = −?([^ ]+?)\. ", view.describe())  # type: ignore[attr-defined]
    assert told
    e, largest = (as_number(text) for text in told.groups())
    return e, largest


def as_number(text: str) -> float:
    text = re.sub(
        r"×10(\S+)", lambda m: "e" + m[1].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")), text
    )
    return float(text.replace("−", "-"))


def largest(W: Sequence[NDArray], y: float = Y) -> float:
    return max(np.abs(slopes).max() for slopes in complex_step(W, y=y))


# --- 05: the statements --------------------------------------------------------------------------


def test_changing_w21_2_changes_the_way_to_e_and_nothing_else() -> None:
    tells(
        "what_follows",
        "w₂₁² grows from 2 to 2.5",
        "w₂₁² goes into neuron 2 of layer 2, and from there over w₁₂³ to ŷ: the dark edges.",
        "e goes from 0.2996 to 0.3085.",
    )
    before = dict(explore.backprop(step="e").state.values)
    view = answered("what_follows")
    now = view.state.values
    assert (before[Quantity("w", 2, 2, 1)], now[Quantity("w", 2, 2, 1)]) == (2, 2.5)
    forward = [step.result for step in STEPS if step.forward]
    moved = {str(q) for q in forward if now[q] != before[q]}
    assert moved == {"z₂²", "a₂²", "z₁³", "ŷ", "e"}
    assert view.stage.tasks["prediction"]["truth"] == 1
    for said, e in (("0.2996", e_of(W)), ("0.3085", e_of(changed(w21_2=2.5)))):
        assert draw.number(e.real) == said


def test_the_cards_are_filled_from_the_top_and_then_from_below_it() -> None:
    says(HAND, "The way forward writes $z$ and then $a$, the way back the lower three lines.")
    for card, own in itertools.groupby(STEPS, key=lambda s: s.forward):
        kinds = {step.result.kind for step in own}
        assert kinds == ({"z", "a", "ŷ", "e"} if card else {"∂a", "∂ŷ", "φ'", "∂z", "∂w", "path"})


def luminance(colour: str) -> float:
    rgb = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def test_forward_is_dark_and_solid_and_back_is_lighter_and_dashed() -> None:
    says(
        HAND,
        "What flows forward is dark, with solid arrows and frames.",
        "What flows back is lighter, with dashed ones.",
    )
    assert (luminance(draw.BACKWARD.colour) + 0.05) / (luminance(draw.FORWARD.colour) + 0.05) > 2
    for look in (draw.FORWARD, draw.BACKWARD):  # white numbers stand on both
        assert 1.05 / (luminance(look.colour) + 0.05) >= 4.5
    view = explore.backprop(step="∂e/∂z₁²")
    places, cells = view.diagram.places, view.diagram.cells
    frames = dict(zip(places, zip(cells.get_linestyle(), cells.get_edgecolor(), strict=True), strict=True))
    grounds = dict(zip(places, cells.get_facecolor(), strict=True))
    for q in set(places) & view.state.known - {view.state.selected}:
        (_, dashes), frame = frames[q]
        back = q.kind in ("∂a", "∂ŷ", "φ'", "∂z", "∂w")
        assert (dashes is not None and frame[3] > 0) == back, str(q)
    pale = grounds[Quantity("z", 1, 1)], grounds[Quantity("∂ŷ", 3)]
    grey = [float(np.dot([0.2126, 0.7152, 0.0722], colour[:3])) for colour in pale]
    assert grey[0] < grey[1] - 0.03  # so the grounds differ without colour too


@pytest.mark.parametrize(("step", "arrow"), [("z₁²", "→"), ("∂e/∂a₁²", "←")])
def test_an_arrow_at_the_headline_tells_the_direction(step: str, arrow: str) -> None:
    view = explore.backprop(step=step)
    headline = next(line.text for line in view.formula.lines if line.bold and "step" in line.text)
    assert arrow in headline
    assert bool(dashed(view)) == (arrow == "←")  # thick edges are dashed on the way back only


def test_a_thick_edge_without_a_head_is_the_weight_of_the_derivative() -> None:
    says(HAND, "A thick edge without an arrow head belongs to the weight whose derivative is computed.")
    view = explore.backprop()
    for number, step in enumerate(STEPS, start=1):
        view.set(step=number)
        ahead, back = heads(view)
        bare = thick(view) - ahead - back
        assert bare == ({str(step.result.weight)} if step.result.kind == "∂w" else set())
        assert not (back if step.forward else ahead)


def test_the_formula_stands_there_with_symbols_and_with_numbers() -> None:
    says(
        HAND,
        "The formula under the picture is written twice: with symbols, and with the numbers of the picture.",
    )
    view = explore.backprop(step="∂e/∂w₁₁³")
    rows: dict = {}
    for line in view.formula.lines:
        rows.setdefault(line.y, []).append(line.text)
    symbols, numbers = (row for row in rows.values() if "=" in row)
    assert [s for s in symbols if s.startswith("$")] == [
        r"$\dfrac{\partial e}{\partial w_{11}^3}$",
        r"$\dfrac{\partial e}{\partial \hat y}$",
        r"$\varphi'(z_{1}^3)$",
        "$a_{1}^2$",
    ]
    z, a = layers(W, X, ["sigmoid"] * 3)
    factors = [2 * (a[3][0] - Y), SLOPE["sigmoid"](z[2][0]), a[2][0]]
    expected = [draw.number(value) for value in (np.prod(factors), *factors)]
    assert [n for n in numbers if n not in "=·"] == expected


def test_a_press_on_a_number_or_a_weight() -> None:
    says(
        HAND,
        "Press a number in the picture to see where it comes from. Press a weight to get its slider, or drag",
        "or drag its number to the side; the edges over which it reaches $e$ turn dark.",
        "$x$ and $y$ can be dragged too.",
    )
    view = explore.backprop(step=41)
    press_on(view, Quantity("z", 2, 1))
    assert "z₁² = w₁₁² · a₁¹ + w₁₂² · a₂¹" in view.describe()
    press_on(view, Quantity("w", 3, 1, 2))
    assert view.settings.weight == "w₁₂³"
    assert view.controls["value"].value == W[2][0, 1]
    for q in (Quantity("w", 3, 1, 2), Quantity("a", 0, 1), Quantity("y")):
        x, y = view.diagram.places[q].centre
        before = view.state.values[q]
        drag(view, "diagram", [(x, y), (x - 20, y)])
        assert view.state.values[q] < before


def test_the_code_cells_are_the_network_of_the_view() -> None:
    e = float(e_of(W).real)
    assert printed("05_backpropagation_by_hand", "forward-code") == f"ŷ = {1 - e**0.5:.4f}, e = {e:.4f}\n"
    assert explore.backprop(step="e").describe().endswith(f"= {draw.number(e)}.")


def test_with_the_sigmoid_both_slopes_of_layer_3_have_one_sign_and_with_tanh_they_need_not() -> None:
    tells(
        "shared_factors",
        "The weights w₁₁³ = 2 and w₁₂³ = −1.5 have different signs.",
        "both have the factors ∂e/∂ŷ = −1.095 and φ'(z₁³) > 0, and the last ones are a₁² = 0.6 and a₂² = ",
        "ŷ is below y",
    )
    view = answered("shared_factors")
    first, second = (Quantity("∂w", 3, 1, j) for j in (1, 2))
    for phi, differ in (("sigmoid", False), ("tanh", True)):
        view.set(activation=phi, x=(1, -2))
        by_hand = complex_step(W, x=np.array([1.0, -2.0]), phi=phi)[2][0]
        assert [view.state.values[q] for q in (first, second)] == pytest.approx(by_hand, rel=1e-9)
        assert (by_hand[0] * by_hand[1] < 0) == differ == is_reached(view, 1)
    by_hand = complex_step(W)[2][0]
    assert (by_hand < 0).all()
    assert layers(W, X, ["sigmoid"] * 3)[1][3][0] < Y


def test_three_factors_are_framed_and_the_next_step_shares_two() -> None:
    says(
        HAND,
        "Three numbers are framed in the colour of the step: the three factors.",
        "(The dark frame marks the weight that has the slider.)",
        "The two derivatives share the first two of them.",
    )
    view = explore.backprop(step="∂e/∂w₁₁³")
    assert "∂e/∂w₁₁³ = ∂e/∂ŷ · φ'(z₁³) · a₁² = " in view.describe()
    number = view.state.done
    framed = framed_in(view, draw.BACKWARD.colour)
    assert framed == {"∂e/∂ŷ", "φ'(z₁³)", "a₁²", "∂e/∂w₁₁³"}  # the last in full colour
    assert framed_in(view, draw.INK) == {view.settings.weight} == {"w₁₁³"}
    view.set(step=number + 1)
    assert "∂e/∂w₁₂³ = ∂e/∂ŷ · φ'(z₁³) · a₂² = " in view.describe()


def test_every_derivative_has_the_factor_of_the_error() -> None:
    tells("shared_factors", "Every one of the ten has the factor ∂e/∂ŷ = 2(ŷ − y) = 0.005294.")
    far, near = complex_step(W, y=1.0), complex_step(W, y=0.45)
    y_hat = layers(W, X, ["sigmoid"] * 3)[1][-1][0]
    for one, other in zip(far, near, strict=True):
        assert other == pytest.approx(one * (y_hat - 0.45) / (y_hat - 1.0), rel=1e-9)


def test_the_formula_for_w12_2_and_the_dashed_edge() -> None:
    says(HAND, "back over the dashed edge of $w_{11}^3$, through $\\varphi$ again")
    view = explore.backprop(step="∂e/∂w₁₂²")
    assert "∂e/∂w₁₂² = ∂e/∂ŷ · φ'(z₁³) · w₁₁³ · φ'(z₁²) · a₂¹ = " in view.describe()
    assert dashed(view) == {"w₁₁³"}


def test_the_slip_of_the_slides_is_one() -> None:
    says(HAND, "the line for $\\partial e/\\partial w_{12}^2$ has $w_{12}^3$ in the middle", "the ✓ decides")
    tells("over_which_weight", "the only way from there to z₁³ is over w₁₁³: the dashed edge.")
    z, a = layers(W, X, ["sigmoid"] * 3)
    shared = 2 * (a[3][0] - Y) * SLOPE["sigmoid"](z[2][0]) * SLOPE["sigmoid"](z[1][0]) * a[1][1]
    right, slip = shared * W[2][0]
    assert right == pytest.approx(complex_step(W)[1][0, 1], rel=1e-12)
    assert slip * right < 0
    view = answered("over_which_weight")
    assert dashed(view) == {"w₁₁³"}
    assert shown_at(view, Quantity("∂w", 2, 1, 2)) == f"{draw.number(right)} ✓"


def test_steps_22_to_26_are_the_homework() -> None:
    says(HAND, "The views above show the numbers at the steps 22 to 26.")
    results = [str(step.result) for step in STEPS][21:26]
    assert results == ["∂e/∂a₂²", "φ'(z₂²)", "∂e/∂z₂²", "∂e/∂w₂₁²", "∂e/∂w₂₂²"]


def test_the_two_rows_differ_in_two_factors() -> None:
    says(
        HAND,
        "The two rows differ in exactly two factors, $w_{12}^3$ for $w_{11}^3$ and $\\varphi'(z_2^2)$ for",
    )
    told = [
        explore.backprop(step=f"∂e/∂w{low}²").describe().split("; ")[1].split(" = ")[1]
        for low in ("₁₁", "₂₁")
    ]
    first, second = (set(formula.split(" · ")) for formula in told)
    assert first - second == {"w₁₁³", "φ'(z₁²)"}
    assert second - first == {"w₁₂³", "φ'(z₂²)"}


def test_the_numbers_of_the_two_paths() -> None:
    tells(
        "two_paths",
        "∂e/∂z₁² = −0.1302 and ∂e/∂z₂² = 0.02767",
        "the paths carry −0.1302 and 0.05534, together −0.07485.",
    )
    z, _ = layers(W, X, ["sigmoid"] * 3)
    de_dz2 = SLOPE["sigmoid"](z[1]) * deltas(W, X, np.array([Y]), ["sigmoid"] * 3)[1]
    assert [*map(draw.number, de_dz2)] == ["−0.1302", "0.02767"]
    paths = de_dz2 * W[1][:, 0]
    assert [draw.number(n) for n in (*paths, paths.sum())] == ["−0.1302", "0.05534", "−0.07485"]
    assert abs(paths.sum()) < abs(paths[0])
    start = lesson.activities["two_paths"]()
    assert shown_at(start, Quantity("∂z", 2, 2)) == "0.02767", "it stands in the picture"
    assert shown_at(start, Quantity("∂a", 1, 1)) == "", "the answer does not"


def test_the_steps_around_the_sum_of_the_paths() -> None:
    says(
        HAND,
        "Two dashed arrows arrive at $a_1^1$. Each carries its own number, written with ← on its edge.",
        "Go one and two steps back to see each path alone.",
        "Go three and four steps on to see where their sum is used",
    )
    view = explore.backprop(step="∂e/∂a₁¹")
    assert dashed(view) == {"w₁₁²", "w₂₁²"}
    for m, number in ((1, "−0.1302"), (2, "0.05534")):
        assert shown_at(view, Quantity("∂w", 2, m, 1)) == f"← {number}"
    here = view.state.done
    for step, formula in (
        (here - 1, "path 2 of 2"),
        (here - 2, "path 1 of 2"),
        (here + 3, "∂e/∂w₁₁¹ = ∂e/∂a₁¹ · "),
        (here + 4, "∂e/∂w₁₂¹ = ∂e/∂a₁¹ · "),
    ):
        view.set(step=step)
        assert formula in view.describe()


@given(
    w=st.lists(st.floats(-5, 5), min_size=10, max_size=10),
    x=st.tuples(st.floats(-5, 5), st.floats(-5, 5)),
    y=st.floats(0, 1),
)
def test_the_ten_ticks_stay_wherever_the_sliders_are(w: list, x: tuple, y: float) -> None:
    says(
        HAND,
        "Move $x_1$, $x_2$, $y$ or any weight (they stand under *more*): the numbers follow, and the ten ✓ "
        "stay.",
    )
    named = dict(zip(map(str, Network().weights), w, strict=True))
    state = LAST.compute(LAST.settings.changed(x=x, y=y, weights=named))
    assert all(state.agrees(dw) for dw in state.numbers.central)
    moved = [np.reshape(w[:4], (2, 2)), np.reshape(w[4:8], (2, 2)), np.reshape(w[8:], (1, 2))]
    expected = np.concatenate([g.ravel() for g in complex_step(moved, np.array(x), y)])
    assert [state.values[q._replace(kind="∂w")] for q in Network().weights] == pytest.approx(
        expected, rel=1e-8, abs=1e-14
    )


LAST = explore.backprop(step=41)


def test_the_library_gives_the_same_ten() -> None:
    says(
        HAND, "`lec.network.MLP` does the same for a network of any shape. Open `lecture643/maths/network.py`"
    )
    assert Path(inspect.getfile(lec.network)).as_posix().endswith("lecture643/maths/network.py")
    for found, gradient in zip(network.MLP(W).backprop(X, Y).weights, complex_step(W), strict=True):
        assert found == pytest.approx(gradient, rel=1e-12)


def test_central_differences_cost_two_runs_a_weight() -> None:
    says(
        HAND,
        "For ten weights central differences run the network 20 times.",
        "With a million weights it is two passes against two million.",
    )
    runs = itertools.count()

    def counted(w: NDArray) -> float:
        next(runs)
        return float(e_of([w[:4].reshape(2, 2), w[4:8].reshape(2, 2), w[8:].reshape(1, 2)]).real)

    lec.network.numerical_gradient(counted, np.concatenate([V.ravel() for V in W]))
    assert next(runs) == 20


# --- 05: the goals -------------------------------------------------------------------------------


def test_the_error_grows_towards_1_and_the_derivative_comes_to_a_fraction() -> None:
    tells(
        "wrong_and_flat",
        "Let w₁₂³ sink from −1.5 to −5.",
        "of its size 21.64 % are left.",
        "φ'(z₁³) has come down to 0.0303",
        "e is 0.9384 now, and ∂e/∂w₁₂³ only −0.0544.",
    )
    rows = [(e_of(m).real, complex_step(m)[2][0, 1]) for w in (-1.5, -3, -5) if (m := changed(w12_3=w))]
    errors, slopes = zip(*rows, strict=True)
    assert list(errors) == sorted(errors)
    assert [draw.number(n) for n in (errors[-1], slopes[-1])] == ["0.9384", "−0.0544"]
    assert draw.number(100 * slopes[-1] / slopes[0]) == "21.64"
    z = layers(changed(w12_3=-5), X, ["sigmoid"] * 3)[0][2][0]
    assert draw.number(SLOPE["sigmoid"](z)) == "0.0303"


def test_the_pattern_of_the_homework_is_the_first_row() -> None:
    pattern = "de_dyhat * phi_prime(z3[0]) * W3[0, 0] * phi_prime(z2[0]) * a1"
    says(HAND, f"`{pattern}`, with `phi_prime = lec.toy.sigmoid_prime`.")
    z, a = layers(W, X, ["sigmoid"] * 3)
    names = {"de_dyhat": 2 * (a[3][0] - Y), "z3": z[2], "W3": W[2], "z2": z[1], "a1": a[1]}
    row = eval(pattern, names | {"phi_prime": lec.toy.sigmoid_prime})
    assert row == pytest.approx(complex_step(W)[1][0], rel=1e-12)


def test_the_slope_of_the_sigmoid_is_at_most_a_quarter_and_flat_at_its_ends() -> None:
    says(HAND, "For the sigmoid it is positive, at most ¼, and nearly 0 where the output is nearly 0 or 1.")
    z = np.linspace(-30, 30, 60_001)
    slope = SLOPE["sigmoid"](z)
    assert slope.max() == pytest.approx(0.25)
    assert (slope > 0).all()
    ends = np.minimum(PHI["sigmoid"](z), 1 - PHI["sigmoid"](z)) < 0.001
    assert slope[ends].max() < 0.001


def test_one_weight_of_layer_3_brings_e_below_a_hundredth_and_the_other_cannot() -> None:
    tells(
        "what_follows",
        "Bring e below 0.01 by one weight of layer 3.",
        "Only one of the two can do it.",
        "w₁₂³ is multiplied by a₂² = 0.9484, w₁₁³ only by a₁² = 0.6: even at 5 it is not enough.",
    )
    view = answered("what_follows")
    for name, far in (("w11_3", 0.029), ("w12_3", 0.0)):
        errors = [e_of(changed(w21_2=2.5, **{name: w})).real for w in np.arange(-5, 5.01, 0.05)]
        assert min(errors) >= far
        assert (min(errors) < 0.01) == (name == "w12_3")
    assert explore.backprop().controls["value"].max == 5
    assert layers(changed(w21_2=2.5), X, ["sigmoid"] * 3)[1][2].round(4).tolist() == [0.6, 0.9484]
    press_on(view, Quantity("w", 3, 1, 1))
    view.set(value=5)
    press_on(view, Quantity("w", 3, 1, 2))
    view.set(value=1.1)
    assert not is_reached(view), "two weights have moved"
    view.set(weights={"w₂₁²": 2.5}, value=1.1)
    assert is_reached(view)


def test_y_where_all_ten_are_small() -> None:
    tells("shared_factors", "Make all ten derivatives smaller than 0.002 in size. Move only y.")
    view = answered("shared_factors")
    for y in (0.4, 0.5):
        view.set(y=y)
        assert largest(W, y=y) > 0.002
        assert not is_reached(view)
    view.set(y=0.45)
    assert largest(W, y=0.45) < 0.002
    assert is_reached(view)
    view.set(step=41)
    assert sizes_told(view)[1] == pytest.approx(largest(W, y=0.45), rel=1e-3)


def test_layer_2_exactly_zero_by_two_weights_of_layer_3() -> None:
    tells(
        "over_which_weight",
        "Make all four ∂e/∂w of layer 2 exactly 0. Move only weights of layer 3.",
        "w₁₁³ = 0 silences the first row of W², w₁₂³ = 0 the second.",
        "ŷ = φ(0) = 0.5, whatever x is.",
    )
    view = answered("over_which_weight")
    layer_2 = [Quantity("∂w", 2, i, j) for i in (1, 2) for j in (1, 2)]
    view.set(step=41)
    view.set(weight="w₁₁³", value=0)
    assert [shown_at(view, q) == "0 ✓" for q in layer_2] == [True, True, False, False]
    assert view.tasks.now()["goals"][0]["now"] == "2 of the four are 0"
    assert not is_reached(view)
    view.set(weight="w₁₂³", value=0)
    assert [shown_at(view, q) for q in layer_2] == ["0 ✓"] * 4
    assert not np.any(complex_step(changed(w11_3=0, w12_3=0))[1])
    assert is_reached(view)
    view.set(x=(-3, 4.5))
    assert view.sentence(view.state).startswith("ŷ = 0.5,")


def test_the_two_paths_cancel() -> None:
    tells(
        "two_paths",
        "∂e/∂a₁¹ smaller than 0.005 in size. Move only w₁₁².",
        "∂e/∂a₁¹ = 0.001199. It is a factor of ∂e/∂w₁₁¹ = 0.0002247 and ∂e/∂w₁₂¹ = 0.0004494.",
    )
    view = answered("two_paths")
    assert not is_reached(view)
    view.set(value=0.4)
    assert is_reached(view)
    there = changed(w11_2=0.4)
    assert draw.number(deltas(there, X, np.array([Y]), ["sigmoid"] * 3)[0][0]) == "0.001199"
    assert [*map(draw.number, complex_step(there)[0][0])] == ["0.0002247", "0.0004494"]
    for w in (0.3, 0.5):
        assert abs(deltas(changed(w11_2=w), X, np.array([Y]), ["sigmoid"] * 3)[0][0]) > 0.005


def test_wrong_and_flat() -> None:
    tells(
        "wrong_and_flat",
        "e > 0.99, while all ten derivatives are smaller than 0.001 in size.",
        "All ten have the factor φ'(z₁³).",
    )
    view = answered("wrong_and_flat")
    assert not is_reached(view)
    press_on(view, Quantity("w", 3, 1, 1))
    view.set(value=-5)
    assert is_reached(view)
    there = changed(w11_3=-5, w12_3=-5)
    assert e_of(there).real > 0.99
    assert largest(there) < 0.001
    view.set(step=41)
    assert sizes_told(view) == pytest.approx((e_of(there).real, largest(there)), rel=1e-3)


def test_your_network() -> None:
    tells("your_network", "There and back in 167 steps. All 56 equal their central differences ✓.")
    assert len(steps(Network((4, 4, 4, 4, 2), ("sigmoid",) * 4))) == 167
    view = lesson.activities["your_network"]()
    for seed in range(31):
        view.set(sizes=(3, 4, 2), activation="relu", seed=seed)
        values, x = view.state.values, [view.state.values[q] for q in view.state.network.inputs]
        W1, W2 = (
            np.reshape([values[w] for w in view.state.network.weights if w.ell == ell], shape)
            for ell, shape in ((1, (4, 3)), (2, (2, 4)))
        )
        y = np.array([values[q] for q in view.state.network.labels])
        z, _ = layers([W1, W2], np.array(x), ["relu", "relu"])
        delta = deltas([W1, W2], np.array(x), y, ["relu", "relu"])[0]
        dead = not np.any(SLOPE["relu"](z[0]) * delta)
        assert (view.tasks.now()["goals"][1]["now"].startswith("12 of 12 are 0")) == dead


def test_ones_own_numbers_go_in() -> None:
    line = 'lec.explore.backprop(sizes=(2, 3, 1), weights={"w₁₁¹": 0.7}, x=(1, -1), y=0, step=1)'
    says(HAND, f"`{line}`")
    view = eval(line, {"lec": lec})
    assert view.state.values[Quantity("w", 1, 1, 1)] == 0.7
    assert view.settings.x == (1, -1)


def test_gradient_descent_takes_very_long_to_get_away_from_there() -> None:
    says(HAND, "Gradient descent takes very long to get away from there.")
    stuck, free = changed(w11_3=-5, w12_3=-5), W
    for start, leaves in ((stuck, False), (free, True)):
        now = [V.copy() for V in start]
        for _ in range(200):
            now = [V - 0.5 * g for V, g in zip(now, complex_step(now), strict=True)]
        assert (e_of(now).real < 0.1) == leaves


# --- 06: the statements --------------------------------------------------------------------------


def test_the_framed_entry_is_the_homework_of_notebook_05() -> None:
    says(
        MATRICES,
        "It is the network of notebook 05, at layer 2. The framed entry of $\\nabla_{W^2} e$ is",
        "Framed with it are the three numbers that it is made of.",
    )
    view = explore.matrices(step=1, entry="∇W", i=2, j=1)
    assert "∂e/∂w₂₁² = φ'(z₂²) δ₂² a₁¹ = " in view.describe()
    assert view.describe().split("; ")[1].endswith(f"= {draw.number(complex_step(W)[1][1, 0])}")
    widths = view.cells.get_linewidth()
    framed = [p.key for p, width in zip(view.places, widths, strict=True) if width > 1]
    assert set(framed) == {("∇W", 2, 1), ("Diag", 2, 2), ("δ", 2, 1), ("aᵀ", 1, 1)}


def test_a_press_on_any_cell_shows_a_formula() -> None:
    says(
        MATRICES,
        "Press another entry: below stands the scalar formula, with its numbers",
        "of what you pressed or of what it is a part of.",
    )
    view = explore.matrices(step=1, entry="∇W", i=2, j=1)
    for entry in [p.key for p in view.places if p.key[0] != "layer"]:
        place = next(p for p in view.places if p.key == entry)
        press(view, "matrices", *place.centre)
        assert re.search(r"; .* = .* = .*; ", view.describe())
        if entry[0] in ("∇W", "δ", "V+"):
            lit = dict(zip([p.key for p in view.places], view.cells.get_linewidth(), strict=True))
            assert lit[entry] > 1


def test_the_sum_over_m() -> None:
    tells(
        "the_sum",
        "One that feeds two neurons stands in layer 1",
        "They are a column of W², over which this activation is sent out.",
    )
    view = lesson.activities["the_sum"]()
    view.set(step=2, entry="δ")
    expected = deltas(W, X, np.array([Y]), ["sigmoid"] * 3)[0]
    for i, value in enumerate(expected, start=1):
        view.set(i=i)
        assert f"= ∂e/∂z₁² w₁{'₁₂'[i - 1]}² + ∂e/∂z₂² w₂{'₁₂'[i - 1]}² = " in view.describe()
        assert f"= {draw.number(value)}; " in view.describe()
        assert is_reached(view)


def test_the_shapes_of_a_3_4_2_network() -> None:
    tells(
        "shape_of_v",
        "that is the shape of W², which takes 4 numbers to 2.",
        "V² takes the gradient back, from the 2 numbers of δ² to the 4 of δ¹. It has the shape of (W²)ᵀ.",
        "that is the shape of (W¹)ᵀ",
    )
    gradients = network.MLP.random((3, 4, 2)).backprop([1.0, 2.0, 3.0], [1.0, 0.0])
    assert gradients.weights[1].shape == (2, 4)
    assert gradients.weights[0].T.shape == (3, 4)
    assert gradients.V[1].shape == (4, 2)
    options = lesson.activities["shape_of_v"].ask.options  # type: ignore[union-attr]
    assert options[answered("shape_of_v").stage.tasks["prediction"]["truth"]] == "4 × 2"


@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), (2, 3, 1), (3, 4, 2), (3, 2, 4, 3, 2)])
def test_a_row_is_framed_and_neighbours_fit(sizes: tuple) -> None:
    says(
        MATRICES,
        "Of $(W^{\\ell+1})^\\top$ that is a *row*, which is a column of $W^{\\ell+1}$.",
        "The shape stands under each matrix, and neighbours always fit.",
    )
    for step in range(1, len(sizes) - 1):
        view = explore.matrices(sizes=sizes, step=step, entry="δ", i=1)
        m = view.state.matrices()
        for factors in (["Wᵀ+", "Diag+", "δ+"], ["V+", "δ+"], ["Diag", "δ", "aᵀ"]):
            for left, right in itertools.pairwise(factors):
                assert m[left].shape[1] == m[right].shape[0]
        widths = dict(zip([p.key for p in view.places], view.cells.get_linewidth(), strict=True))
        row = [entry for entry, width in widths.items() if entry[0] == "Wᵀ+" and width > 1]
        assert sorted(row) == [("Wᵀ+", 1, m) for m in range(1, sizes[view.state.ell + 1] + 1)]
        texts = [t.text for t in view.texts.lines]
        assert all(f"{a.shape[0]} × {a.shape[1]}" in texts for a in m.values())


def test_a_column_instead_of_the_diagonal_matrix_is_something_else() -> None:
    says(
        MATRICES,
        "A matrix times a column is a column, and it cannot be multiplied by the next column",
        "multiplying by it is multiplying entry by entry. `lecture643/maths/network.py` does just that.",
    )
    assert "np.diag" not in inspect.getsource(network)
    z, _ = layers(W, X, ["sigmoid"] * 3)
    delta = deltas(W, X, np.array([Y]), ["sigmoid"] * 3)
    slope = SLOPE["sigmoid"](z[1])
    assert W[1].T @ np.diag(slope) @ delta[1] == pytest.approx(delta[0])
    assert W[1].T @ (slope * delta[1]) == pytest.approx(delta[0])
    columns = slope[:, np.newaxis], delta[1][:, np.newaxis]
    with pytest.raises(ValueError, match="matmul"):
        W[1].T @ columns[0] @ columns[1]


def test_the_derivatives_along_the_label_and_the_prediction_differ_in_sign() -> None:
    says(MATRICES, "For the squared error the two derivatives differ in their sign only.")
    for y_hat, y in ((0.4526, 1.0), (0.9, 0.2)):
        along_prediction = ((y_hat + 1e-30j - y) ** 2).imag
        along_label = ((y_hat - y - 1e-30j) ** 2).imag
        assert along_prediction == -along_label != 0


@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_of_one_sample_has_rank_one(seed: int) -> None:
    tells(
        "rank_of_gradient",
        "every row is a multiple of xᵀ.",
        "Only the sum over several samples can have a higher rank.",
    )
    rng = np.random.default_rng(seed)
    mlp = network.MLP.random((4, 5, 3), seed=seed, scale=1.0)
    one = mlp.backprop(rng.normal(size=4), rng.random(3)).weights
    some = mlp.backprop(rng.normal(size=(6, 4)), rng.random((6, 3))).weights
    assert [np.linalg.matrix_rank(g) for g in one] == [1, 1]
    assert all(np.linalg.matrix_rank(g) > 1 for g in some)


def test_all_rows_have_the_pattern_of_x() -> None:
    says(MATRICES, "In $\\nabla_{W^1} e$ all rows have the same pattern, up to the sign: that of $x^\\top$.")
    state = explore.matrices(sizes=(3, 4, 2), step=1, entry="∇W", i=4, j=3).state
    m = state.matrices()
    strength = np.diag(m["Diag"]) * m["δ"][:, 0]
    assert m["∇W"] == pytest.approx(strength[:, np.newaxis] * m["aᵀ"], rel=1e-12)
    assert len(set(np.sign(strength))) == 2  # "up to the sign"


def test_the_first_factor_is_v_of_the_next_layer() -> None:
    tells(
        "one_too_far",
        "V² leads from 2 numbers to 4, and V¹ goes on to 3: (−0.07449, −0.01092, −0.04547) is ∂e/∂x.",
        "that is V²δ², the right product.",
        "Diag(φ'¹), of 4 rows and columns, cannot be multiplied by it.",
    )
    example = answered("one_too_far").state.example
    mlp, x, y = example.mlp, example.forward.a[0], example.y
    by_step = [e_of(mlp.weights, x + 1e-30j * unit, y).imag / 1e-30 for unit in np.eye(3)]
    assert draw.vector(by_step) == "(−0.07449, −0.01092, −0.04547)"
    V1, V2 = (
        W_ell.T * SLOPE["sigmoid"](z) for W_ell, z in zip(mlp.weights, example.forward.z[1:], strict=True)
    )
    assert V1 @ V2 @ (2 * (example.forward.a[2] - y)) == pytest.approx(by_step, rel=1e-10)


def test_a_bias_is_a_weight_fed_with_one() -> None:
    says(
        MATRICES,
        "A bias is a weight that is always fed with the same number.",
        '`lec.explore.matrices(biases=True, entry="∇b")` shows $\\nabla_{b^\\ell} e$ of one sample, '
        "beside its ✓.",
    )
    biased = network.MLP.random((2, 3, 1), seed=1, scale=1.0, biases=True)
    x, y = np.array([[-3, -3], [-2, -2], [4, 4], [2, -5], [1, 0]]), np.array([1, 1, 0, 0, 1])

    def E(b1: NDArray) -> complex:
        a1 = PHI["sigmoid"](x @ biased.weights[0].T + b1)
        return ((PHI["sigmoid"](a1 @ biased.weights[1].T)[:, 0] - y) ** 2).sum()

    by_step = np.array([E(1e-30j * unit).imag / 1e-30 for unit in np.eye(3)])
    g = biased.backprop(x, y)
    assert lec.exercises.bias_gradient(g.phi_prime[0], g.delta[0]) == pytest.approx(by_step, rel=1e-9)
    view = explore.matrices(biases=True, entry="∇b")
    assert "∂e/∂b₁² = φ'(z₁²) δ₁² = " in view.describe()
    assert "∇W² and ∇b² equal their central differences" in view.describe()


def test_the_way_back_takes_l_minus_1_products() -> None:
    says(
        MATRICES,
        "From $\\delta^L$ to $\\delta^1$ it takes $L - 1$ products of a matrix with a *vector*.",
        "$N^3$ multiplications for one product",
    )

    products = []

    class Counted(np.ndarray):
        def __matmul__(self, other: NDArray) -> NDArray:
            products.append((self.shape, other.shape))
            return np.asarray(self) @ np.asarray(other)

    mlp = network.MLP.random((3, 3, 3, 3, 3, 3))
    x, y = np.ones((3, 1)), np.zeros((3, 1))
    z, a = mlp.forward_pass(x)
    mlp.weights = [V.view(Counted) for V in mlp.weights]
    mlp.backward_pass(y, z, a)
    assert products == [((3, 3), (3, 1))] * (5 - 1)


def test_the_dark_box_goes_from_the_last_layer_to_the_first() -> None:
    says(
        MATRICES,
        "the filled box moves from $\\delta^4$ to $\\delta^1$.",
        "The length of each $\\delta$ is written in its box.",
    )
    view = explore.matrices(sizes=(3, 2, 4, 3, 2), step=0)
    for step in range(4):
        view.set(step=step)
        boxes = [p for p in view.places if p.key[0] == "layer"]
        assert [p.key[1] for p in boxes if p.colour == draw.BACKWARD.colour] == [4 - step]
        texts = [t.text for t in view.texts.lines]
        example = view.state.example
        x = example.forward.a[0]
        for ell, delta in enumerate(
            deltas(example.mlp.weights, x, example.y, example.mlp.activation), start=1
        ):
            assert f"‖δ{'⁰¹²³⁴'[ell]}‖ = {draw.number(np.linalg.norm(delta), 3)}" in texts


def lengths_told(view: explore.matrices) -> tuple[float, float]:
    """‖δ¹‖ and ‖δ⁴‖ as the strip shows them."""
    told = {t.text[2]: as_number(t.text.split(" = ")[1]) for t in view.texts.lines if t.text.startswith("‖δ")}
    return told["¹"], told["⁴"]


def test_f14_the_quarter() -> None:
    says(
        MATRICES,
        "Its slope is at most ¼",
        "every layer shrinks $\\delta$ by at least the same factor below 1",
    )
    assert SLOPE["sigmoid"](np.linspace(-30, 30, 60_001)).max() == pytest.approx(0.25)
    deep = network.MLP.random((6,) * 11, seed=0, scale=0.5).weights
    x, y = np.linspace(-1, 1, 6), np.ones(6)
    z, _ = layers(deep, x, ["sigmoid"] * 10)
    delta = deltas(deep, x, y, ["sigmoid"] * 10)
    V = [W_ell.T @ np.diag(SLOPE["sigmoid"](z_ell)) for W_ell, z_ell in zip(deep, z, strict=True)]
    norms, quarters = ([np.linalg.norm(M, 2) for M in M_s] for M_s in (V, [W_ell / 4 for W_ell in deep]))
    assert all(v <= q < 1 for v, q in zip(norms, quarters, strict=True))
    lengths = [np.linalg.norm(d) for d in delta]
    assert all(before <= max(quarters) * after for before, after in itertools.pairwise(lengths))


def test_large_weights_do_not_make_sigmoid_gradients_explode() -> None:
    says(
        MATRICES,
        "Twenty-four random networks make the band. The line is one of them.",
        "At $g = 4$ the slope is only 0.13 on average.",
    )
    tells(
        "guarantee",
        "At g = 2 ‖W^ℓ‖₂ goes up to 4.1. Yet at most 1.2×10⁻⁷ of ‖δ^L‖₂ is left in layer 1, in any network.",
        "It still vanishes in all 24 networks: at most 0.00025 of ‖δ^L‖₂ is left.",
        "φ' is ¼ at z = 0 only, and large weights make z large.",
    )
    for scale, left in ((2.0, "1.2×10⁻⁷"), (4.0, "0.00025")):
        weights, x, y = networks(20, 16, scale)
        assert weights.shape == (20, 24, 16, 16)
        parts = []
        for i in range(24):
            delta = deltas(list(weights[:, i]), x[i, :, 0], y[i, :, 0], ["sigmoid"] * 20)
            parts.append(np.linalg.norm(delta[0]) / np.linalg.norm(delta[-1]))
        assert draw.number(max(parts), 2) == left
        norms = [np.linalg.norm(W_ell, 2) for W_ell in weights[:, 0]]
        assert max(norms) > 4 if scale == 2 else min(norms) > 6
    assert round(max(np.linalg.norm(M, 2) for M in networks(20, 16, 2.0)[0][:, 0]), 3) == 4.1
    z = [layers(list(weights[:, i]), x[i, :, 0], ["sigmoid"] * 20)[0] for i in range(24)]
    assert round(float(SLOPE["sigmoid"](np.array(z)).mean()), 2) == 0.13
    view = explore.depth(scale=4)
    band = view.delta.band.get_paths()[0].vertices[:, 1]
    line = view.delta.line.get_ydata()
    assert band.min() <= line.min()
    assert line.max() <= band.max()


def test_the_gap_of_the_norms_grows_and_the_slides_bound_is_close() -> None:
    says(
        MATRICES,
        "bounds $\\Vert\\delta^\\ell\\Vert_2$ from above, and the gap grows with every layer on the way back",
        "On the right the slide's bound lies close to what it bounds:",
    )
    view = explore.depth()
    weights, x, y = networks(20, 16, 1.0)
    W0, x0 = list(weights[:, 0]), x[0, :, 0]
    z, a = layers(W0, x0, ["sigmoid"] * 20)
    delta = deltas(W0, x0, y[0, :, 0], ["sigmoid"] * 20)
    V = [
        np.linalg.norm(W_ell.T @ np.diag(SLOPE["sigmoid"](z_ell)), 2)
        for W_ell, z_ell in zip(W0, z, strict=True)
    ]
    product = [np.prod(V[ell + 1 :]) * np.linalg.norm(delta[-1]) for ell in range(20)]
    gaps = [p / np.linalg.norm(d) for p, d in zip(product, delta, strict=True)]
    assert all(one > next_one for one, next_one in itertools.pairwise(gaps))
    assert view.delta.bound.get_ydata() == pytest.approx(product, rel=1e-9)
    for ell in range(20):
        slope = SLOPE["sigmoid"](z[ell])
        nabla = np.linalg.norm(slope * delta[ell]) * np.linalg.norm(a[ell])
        assert 0.5 < nabla / (slope.max() * np.linalg.norm(delta[ell]) * np.linalg.norm(a[ell])) <= 1
        assert view.nabla.line.get_ydata()[ell] == pytest.approx(nabla, rel=1e-9)


def test_relu_with_large_weights_explodes() -> None:
    tells("vanishing", "The line rises towards layer 1: on the way back it changes by 7.49 powers of ten.")
    view = answered("vanishing")
    view.set(activation="relu", scale=4)
    heights = view.delta.line.get_ydata()
    assert round(float(np.log10(heights[0] / heights[-1])), 2) == 7.49
    assert is_reached(view)
    assert "it explodes" in view.describe()


def test_about_half_of_the_relu_neurons_are_off() -> None:
    tells("vanishing", "About half of the ReLU neurons are off.")
    weights, x, _ = networks(50, 32, float(np.sqrt(2)))
    off = [
        np.mean(np.array(layers(list(weights[:, i]), x[i, :, 0], ["relu"] * 50)[0]) <= 0) for i in range(24)
    ]
    assert 0.4 < np.mean(off) < 0.6


@pytest.mark.parametrize("step", [0, 1, 2])
def test_the_other_error_changes_all_that_flows_by_one_factor(step: int) -> None:
    says(MATRICES, "The activations, the slopes and all $V^\\ell$ stay.", "all by one common factor")
    view = explore.matrices(step=0, entry="δ", error="cross-entropy")
    view.set(step=step)
    cross = view.state.example
    view.set(error="squared")
    squared = view.state.example
    for kept in (0, 1):
        for one, other in zip(cross.forward[kept], squared.forward[kept], strict=True):
            assert (one == other).all()
    for one, other in zip(
        cross.gradients.phi_prime + cross.gradients.V,
        squared.gradients.phi_prime + squared.gradients.V,
        strict=True,
    ):
        assert (one == other).all()
    y_hat = layers(W, X, ["sigmoid"] * 3)[1][-1][0]
    factor = (-1 / y_hat) / (2 * (y_hat - 1))
    for name in ("delta", "weights", "biases"):
        for one, other in zip(getattr(cross.gradients, name), getattr(squared.gradients, name), strict=True):
            assert one == pytest.approx(factor * other, rel=1e-9)


def test_the_two_lines_of_the_algorithm_give_every_gradient() -> None:
    says(MATRICES, "The whole algorithm is two lines in a loop.")
    out = printed("06_backpropagation_in_matrices", "flow-code").splitlines()
    assert out == [f"layer {ell}: equal to backprop: True" for ell in (4, 3, 2, 1)]
    weights = network.MLP.random((3, 2, 4, 3, 2), seed=1).weights
    x, y = np.array([1.0, -1.0, 0.5]), np.array([1.0, 0.0])
    by_step = complex_step(weights, x, y)  # type: ignore[arg-type]
    for found, expected in zip(network.MLP(weights).backprop(x, y).weights, by_step, strict=True):
        assert found == pytest.approx(expected, rel=1e-9)


def test_a_seed_for_which_delta_grows() -> None:
    tells("flow", "Mostly it shrinks. Try tanh first, then ReLU", "The sigmoid has no such seed")
    view = lesson.activities["flow"]()
    found, share = {}, {}
    for activation in ("tanh", "relu", "sigmoid"):
        ratios = []
        for seed in range(view.controls["seed"].max + 1):
            view.set(activation=activation, seed=seed)
            example = view.state.example
            delta = deltas(example.mlp.weights, example.forward.a[0], example.y, example.mlp.activation)
            ratios.append(np.linalg.norm(delta[0]) / np.linalg.norm(delta[3]))
            first, last = lengths_told(view)
            assert (first > last) == (ratios[-1] > 1)
        found[activation] = np.flatnonzero(np.array(ratios) > 1).tolist()
        share[activation] = np.array(ratios)
    assert found == {"tanh": [3, 15], "relu": [14], "sigmoid": []}
    assert all((r < 1).mean() > 0.9 for r in share.values())  # mostly it shrinks


def test_the_entry_made_of_w12_4() -> None:
    tells("shape_of_v", "Row 2, column 1: the indices are exchanged, since V⁴ = (W⁴)ᵀ Diag(φ'⁴).")
    view = answered("shape_of_v")
    goal = " = w₁₂⁴ φ'(z₁⁴) = "
    view.set(sizes=(3, 2, 4, 3, 2), step=1)
    assert not is_reached(view)
    press(view, "matrices", *next(p for p in view.places if p.key == ("V+", 2, 1)).centre)
    assert f"entry (2, 1) of V⁴{goal}" in view.describe()
    assert is_reached(view)
    state = view.state
    W4, z4 = state.mlp.weights[3], state.example.forward.z[4]
    V4 = W4.T @ np.diag(SLOPE["sigmoid"](z4))
    assert view.describe().split("; ")[1].endswith(f"= {draw.number(V4[1, 0])}")


def test_two_silent_rows() -> None:
    tells("rank_of_gradient", "With the ReLU φ' is 0 where z < 0, whatever δ is.")
    view = answered("rank_of_gradient")
    view.set(activation="relu", seed=2)
    assert is_reached(view)
    example = view.state.example
    z = example.mlp.weights[0] @ example.forward.a[0]
    nabla = view.state.matrices()["∇W"]
    assert ((nabla == 0).all(axis=1) >= (z < 0)).all()
    assert (nabla == 0).all(axis=1).sum() == 2


def test_the_norm_of_an_outer_product() -> None:
    says(
        MATRICES, "$\\nabla_{W^\\ell} e = u v^\\top$ has the norm $\\Vert u\\Vert\\,\\Vert v\\Vert$ exactly."
    )
    u, v = np.array([0.3, -0.2, 0.1]), np.array([1.0, -2.0])
    stretched = [
        np.linalg.norm(np.outer(u, v) @ [np.cos(t), np.sin(t)]) for t in np.linspace(0, np.pi, 10_001)
    ]
    assert max(stretched) == pytest.approx(np.linalg.norm(u) * np.linalg.norm(v), rel=1e-6)


def test_twenty_layers_leave_next_to_nothing() -> None:
    tells(
        "vanishing",
        "At 7.967×10⁻¹³. Each layer leaves a part of about 0.22",
        "‖δ¹‖₂ falls geometrically with the depth",
    )
    found = {}
    for depth in (5, 10, 20):
        weights, x, y = networks(depth, 16, 1.0)
        found[depth] = deltas(list(weights[:, 0]), x[0, :, 0], y[0, :, 0], ["sigmoid"] * depth)
    first, last = (float(np.linalg.norm(found[20][ell])) for ell in (0, -1))
    assert draw.number(first) == "7.967×10⁻¹³"
    factors = [(np.linalg.norm(d[0]) / np.linalg.norm(d[-1])) ** (1 / (len(d) - 1)) for d in found.values()]
    assert max(factors) / min(factors) < 1.25, "a geometric decay"
    assert round((first / last) ** (1 / 19), 2) == 0.22


def test_a_scale_at_which_relu_keeps_its_size() -> None:
    tells("vanishing", "The factor 2 in He's variance makes up for it: g = √2.")
    view = answered("vanishing")
    view.set(activation="relu", depth=50)
    assert not is_reached(view, 1)
    for scale, verdict in ((1.2, "it vanishes"), (2, "it explodes")):
        view.set(scale=scale)
        assert verdict in view.describe()
        assert not is_reached(view, 1)
    view.set(scale=1.5)
    assert "it roughly keeps its size" in view.describe()
    assert is_reached(view, 1)
    weights, x, y = networks(50, 16, 1.5)
    delta = deltas(list(weights[:, 0]), x[0, :, 0], y[0, :, 0], ["relu"] * 50)
    assert 0.01 < np.linalg.norm(delta[0]) / np.linalg.norm(delta[-1]) < 100
    assert abs(1.5 - np.sqrt(2)) < abs(1.5 - 1)


def test_the_flat_place_is_not_flat_for_the_cross_entropy() -> None:
    tells(
        "stuck",
        "no derivative is larger than 0.001.",
        "0.9261 in size. ∂e/∂ŷ = −1/ŷ = −2066 is as large as φ'(z₁³) is small.",
        "In the product ∂e/∂z₁³ = ŷ − y = −0.9995 both are gone.",
        "ŷ = 0.9995: with the cross-entropy ∂e/∂z₁³ is small only where the network is right.",
    )
    there = changed(w11_3=-5, w12_3=-5)
    assert largest(there) < 0.001
    _, a = layers(there, X, ["sigmoid"] * 3)
    y_hat = float(a[3][0])
    assert [draw.number(n) for n in (-1 / y_hat, y_hat - 1)] == ["−2066", "−0.9995"]
    assert draw.number((1 - y_hat) * max(a[2])) == "0.9261"
    assert -1 / y_hat * y_hat * (1 - y_hat) == pytest.approx(y_hat - 1)
    view = answered("stuck")
    assert view.sentence(view.state).count("−0.9261") == 1
    assert not is_reached(view)
    view.set(error="squared")
    assert not is_reached(view), "small, but not with the cross-entropy"
    assert draw.number(PHI["sigmoid"](5 * (a[2][0] + a[2][1]))) == "0.9995"


def test_the_cross_entropy_pulls_at_least_twice_as_hard() -> None:
    says(
        MATRICES,
        "For $y = 1$ the cross-entropy pulls $\\dfrac1{2\\hat y(1-\\hat y)}$ times as hard as the squared "
        "error.",
        "it always pulls at least twice as hard, and far harder where the network is wrong",
    )
    z = np.linspace(-6, 6, 121)
    pulls = {
        name: [network.MLP([[[1.0]]], error=name).backprop([v], 1.0).biases[0][0] for v in z]
        for name in lec.network.ERRORS
    }
    quotient = np.divide(pulls["cross-entropy"], pulls["squared"])
    y_hat = 1 / (1 + np.exp(-z))
    assert quotient == pytest.approx(1 / (2 * y_hat * (1 - y_hat)), rel=1e-9)
    assert quotient.min() == pytest.approx(2)
    assert quotient[0] > 100


def test_delta_overflows_where_the_product_does_not() -> None:
    says(
        MATRICES,
        "At $z = -800$ it is larger than any number that double precision can hold.",
        "`MLP.backprop` does not multiply $\\varphi'$ and $\\delta^L$ here, it computes $\\hat y - y$",
    )
    one = network.MLP([[[1.0]]], error="cross-entropy").backprop([-800.0], 1.0)
    assert one.delta[0][0] == -np.inf
    assert one.biases[0][0] == -1.0


# --- both ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", [HAND, MATRICES])
def test_phi_is_written_in_one_way(notebook: str) -> None:
    assert not re.search(r"\\phi(?![a-zA-Z])|ϕ", notebook)


def test_sections_carry_the_statements_numbers() -> None:
    for notebook, numbers in ((HAND, range(1, 6)), (MATRICES, range(6, 13))):
        headings = re.findall(r"## 3\.(\d+) (?!again)", notebook)
        assert headings == [str(n) for n in numbers]
        assert not re.search(r"#+ [56]\.\d", notebook)


def test_both_views_show_the_same_network_for_the_same_sizes_and_seed() -> None:
    says(MATRICES, "`lec.explore.backprop` takes the same sizes and the same seed")
    for sizes, seed in (((2, 2, 2, 1), 0), ((3, 4, 2), 5), ((3, 2, 4, 3, 2), 14)):
        values = explore.backprop(sizes=sizes, seed=seed).state.values
        layer = explore.matrices(sizes=sizes, seed=seed).state
        for ell, gradient in enumerate(layer.example.gradients.weights, start=1):
            for (i, j), entry in np.ndenumerate(gradient):
                assert values[Quantity("∂w", ell, i + 1, j + 1)] == pytest.approx(entry, rel=1e-9)


def test_the_view_of_05_takes_other_networks() -> None:
    says(
        HAND,
        "choose other *sizes* or type your own (3-2-4-1), and under *more* biases, another $\\varphi$ "
        "(or one for each layer, tanh-relu) and the other error.",
    )
    told = {each["name"]: each["secondary"] for each in explore.backprop().settings.told()}
    assert not told["sizes"]
    assert all(told[name] for name in ("biases", "activation", "output", "error"))
    view = explore.backprop(step=41)
    view.set(sizes=(2, 3, 1), biases=True, activation="tanh", error="cross-entropy")
    assert view.state.done == len(view.state.steps) + 1
    assert "All 13 equal their central differences ✓" in view.describe()
    view.set(sizes=(3, 2, 4, 1), biases=False, activation=("tanh", "relu"), error="squared")
    assert "equal their central differences ✓" in view.describe()
