"""What notebooks 00 and 01 say about views and cells, and the activities of 01.

Each test quotes the words that it checks. The expected values are computed here anew: plain loops, closed
forms, decimal arithmetic.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from claims import NOTEBOOKS, Notebook, says
from hands import drag, message, press

import lecture643 as lec
from lecture643 import explore
from lecture643.explore.basins import even_starts
from lecture643.explore.surface import grid
from lecture643.live import hall
from lecture643.live.stage import Stage
from lecture643.live.view import View

START, FIRST = Notebook("00"), Notebook("01")
X = [(-3, -3), (-2, -2), (4, 4), (2, -5)]
Y = [1, 1, 0, 0]


@pytest.fixture(autouse=True)
def _close_the_views() -> Iterator[None]:
    """Views that stay open would all be redrawn by the test of the hall."""
    before = set(hall.open_views)
    yield
    for view in set(hall.open_views) - before:
        view.close()


def sigma(z: float) -> float:
    """σ, written so that it does not overflow."""
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def parts(w: tuple[float, float]) -> list[float]:
    """eⁱ(w) from the slide's table."""
    z = [w[0] * a + w[1] * b for a, b in X]
    return [sigma(-v if y else v) ** 2 for v, y in zip(z, Y, strict=True)]  # 1 − σ(z) would lose its digits


def error(w: tuple[float, float]) -> float:
    return sum(parts(w))


def slope(w: tuple[float, float]) -> tuple[float, float]:
    """∇E(w), as on the slides."""
    one = two = 0.0
    for (a, b), y in zip(X, Y, strict=True):
        out = sigma(w[0] * a + w[1] * b)
        push = 2 * (out - y) * out * sigma(-(w[0] * a + w[1] * b))
        one, two = one + push * a, two + push * b
    return one, two


def wrong_points(degrees: float) -> int:
    """How many of the four points are wrong far out in this direction."""
    w = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return sum((w[0] * a + w[1] * b > 0) != bool(y) for (a, b), y in zip(X, Y, strict=True))


def exact_sigma(z: str) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return 1 / (1 + (-Decimal(z)).exp())


# --- 00 -----------------------------------------------------------------------------------------


def test_00_all_of_them_may_compute_equally_many_sample_gradients() -> None:
    START.said("All of them may compute equally many sample gradients.")
    view = START.value("taste")
    computed = [walk.batches.size for walk in view.state.paths.values()]
    assert len(computed) == 3  # "Three methods"
    assert len(set(computed)) == 1


def test_00_drag_the_cross_in_the_left_picture_move_the_learning_rate_press_play() -> None:
    START.said("**Drag the cross** in the left picture to another start, move the learning rate, press ▶.")
    view = START.value("taste")
    (panel,) = view.settings.kinds()["start"].panels
    boxes = {name: axes.get_position().x0 for name, axes in view.live.panels.items()}
    assert boxes[panel] == min(boxes.values())
    press(view, panel, 1, -1)
    assert view.settings.start == (1, -1)
    labels = {told["label"]: told for told in view.settings.told()}
    assert "learning rate γ" in labels
    assert any("play" in told for told in labels.values())


@pytest.mark.parametrize(
    ("words", "notebook", "views"),
    [
        ("turn the loss surface, find weights that classify", "01", ["surface", "neuron"]),
        ("turn a direction like a dial, look for an optimum", "02", ["direction", "optimum"]),
        ("search along a line, colour the basins", "03", ["line_search", "basins"]),
        ("race three methods with equal budgets", "04", ["descent"]),
        ("step backwards through the network", "05", ["backprop"]),
        ("see a gradient vanish on its way back", "06", ["depth"]),
        ("train, stop, go on, predict unseen points", "07", ["training"]),
    ],
)
def test_00_the_map(words: str, notebook: str, views: list[str]) -> None:
    (row,) = re.findall(rf"\n\|[^\n]*{notebook}_[^\n]*", START.cells["map"].source)
    assert words in row
    for view in views:
        assert Notebook(notebook).shows(view)


def test_00_numbers_count_the_lectures_statements_and_the_fine_print() -> None:
    START.said("Numbers such as 2.4 count the lecture's statements", "F1 to F15 the fine print.")
    told = set()
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            told |= set(cell["metadata"].get("lecture", []))
    assert {name for name in told if re.fullmatch(r"F\d+", name)} == {f"F{i}" for i in range(1, 16)}
    assert "2.4" in told


def test_00_arrow_keys_move_the_point_that_was_dragged_last() -> None:
    START.said("Arrow keys move a slider, and also the point that you dragged last.")
    view = explore.neuron()
    press(view, "weights", 2, 1)
    message(view, "nudge", across=1, up=0)
    message(view, "nudge", across=0, up=-1)
    assert view.settings.w == pytest.approx((2.05, 0.95))
    assert 'type: "range"' in Stage._esm  # a browser's own sliders


@pytest.mark.parametrize("make", [explore.neuron, explore.sigmoid, explore.surface, explore.basins])
def test_00_a_setting_that_makes_no_sense_is_told_and_the_last_good_picture_stays(make: Any) -> None:
    START.said("the view says so in words and keeps its last good picture.")
    view = make()
    picture, sentence = view.live.picture(), view.describe()
    for name, control in view.controls.items():
        control.value = 1e9
        assert re.search(r"must|no setting|numbers", view._failure), name
        assert view.describe() == sentence
        assert view.live.picture() == picture


def test_00_homework_has_a_checker_and_hints(capsys: pytest.CaptureFixture[str]) -> None:
    START.said("write your function, run the cell, ask for a hint when you are stuck.")
    exercise = lec.exercises.SECOND_ROW
    exercise.check(lambda *_: None)
    exercise.hint()
    assert "return" in capsys.readouterr().out


def test_00_what_you_see_can_also_be_computed() -> None:
    START.said("Views are ordinary Python objects, so what you see can also be computed.")
    sentence = START.value("from-code")
    assert "ŷ = (0.9168, 0.832, 0.03917, 0.04743), so E = 0.03892; 4 of the 4 points lie" in sentence
    assert error((-1, 0.2)) == pytest.approx(0.03892, abs=5e-6)


def test_00_in_the_hall_type_gets_larger_lines_thicker_and_secondary_controls_are_hidden() -> None:
    START.said(
        "type gets larger, lines get thicker, and secondary controls are hidden.",
        "`lec.desk()` goes back. Views that are already open change too.",
    )
    view = explore.basins()
    desk = view.live.style
    try:
        lec.projector()
        assert view.live.style.font > desk.font
        assert view.live.style.line > desk.line
        assert view.stage.hall
        assert [told["name"] for told in view.stage.controls if told["secondary"]] == ["start"]
    finally:
        lec.desk()
    assert view.live.style == desk
    assert not view.stage.hall


# --- 1.1, 1.2 -----------------------------------------------------------------------------------


def test_11_only_the_weights_move() -> None:
    FIRST.said("The data stay as they are: **only the weights move.**", "In the left picture each place is a")
    says("only_the_weights", "It was 0.7509 at first.", "x and y in the table are what they were.")
    view = FIRST.value("aim")
    assert error(view.settings.w) == pytest.approx(0.7509, abs=5e-5)
    panels = view.live.panels
    assert panels["weights"].get_position().x0 < panels["inputs"].get_position().x0
    before = view.state
    drag(view, "weights", [(0, 0), (2, 1), (3.02, -1.98)])
    assert view.settings.w == (3.0, -2.0)
    assert (view.state.predictions != before.predictions).all()
    assert (view.state.errors != before.errors).all()
    assert view.settings.problem.x.tolist() == [list(x) for x in X]
    assert view.settings.problem.y.tolist() == Y


def test_11_what_the_neuron_says_from_0_violet_to_1_orange() -> None:
    FIRST.said("what the neuron then says about every input $x$, from 0 (violet) to 1 (orange)")
    view = explore.neuron(w=(-1, 0.2))
    red, _, blue, _ = view.shading.cmap([0.05, 0.95]).T
    assert blue[0] > red[0]
    assert red[1] > blue[1]
    shades = np.asarray(view.shading.get_array())
    across = np.linspace(-6, 6, len(shades))
    for i, j in ((3, 40), (24, 24), (40, 5)):
        assert shades[i, j] == pytest.approx(sigma(-across[j] + 0.2 * across[i]))


@pytest.mark.parametrize("w", [(-0.5, 0.5), (3.0, 1.0), (-6.0, 5.5), (0.0, -2.0)])
def test_12_the_line_passes_through_the_origin_at_a_right_angle_to_the_arrow_w(w: tuple) -> None:
    FIRST.said(
        "In the right picture $w$ is an arrow,",
        "and the line $\\hat y=\\tfrac12$ stands at a right angle to it.",
        "The line always passes through the origin, since there is no bias. Turning $w$ turns the line.",
    )
    view = explore.neuron(w=w)
    (x0, x1), (y0, y1) = view.half.get_data()
    assert x0 * y1 - x1 * y0 == pytest.approx(0)  # on a line with the origin, and on both sides of it:
    assert x0 * x1 + y0 * y1 < 0
    for x, y in ((x0, y0), (x1, y1)):
        assert sigma((w[0] * x + w[1] * y) / 100) == pytest.approx(0.5)
    arrow = float(view.arrow.U[0]), float(view.arrow.V[0])
    assert arrow[0] * (x1 - x0) + arrow[1] * (y1 - y0) == pytest.approx(0, abs=1e-9)
    assert arrow[0] * w[1] == pytest.approx(arrow[1] * w[0])
    assert arrow[0] * w[0] + arrow[1] * w[1] > 0
    assert math.hypot(*arrow) <= math.hypot(*w) + 1e-9
    assert view.arrow.get_offsets().tolist() == [[0, 0]]


def test_12_stretching_w_makes_the_change_from_0_to_1_steeper() -> None:
    FIRST.said("Stretching $w$ makes the change from 0 to 1 steeper.")
    changes = []
    for stretch in (0.5, 1, 2, 4):
        view = explore.neuron(w=(-stretch, 0.5 * stretch))
        shades = np.asarray(view.shading.get_array())
        changes.append(np.abs(np.diff(shades, axis=1)).max())
    assert (np.diff(changes) > 0).all()


def test_12_the_arrow_has_to_point_towards_the_points_with_y_1() -> None:
    says("only_the_weights", "towards the points with y = 1, away from those with y = 0")
    view = lec.lesson.only_the_weights()
    for degrees in range(360):
        w = 3 * math.cos(math.radians(degrees)), 3 * math.sin(math.radians(degrees))
        view.set(w=w)
        towards = all((w[0] * a + w[1] * b > 0) == bool(y) for (a, b), y in zip(X, Y, strict=True))
        assert (view.state.right == 4) == towards


# --- 1.3 ----------------------------------------------------------------------------------------


def test_13_steepest_at_0_with_slope_a_quarter() -> None:
    says(
        "steepest",
        "the slope is σ(z)σ(−z), two factors that add up to 1. Their product is largest where both are 0.5, "
        "at z = 0: it is 0.25 there.",
        "with the slope 1 it would be up after one unit of z. It takes several.",
        "no factor of it is above 1",
        "0.5 is how high σ is at z = 0",
    )
    view = explore.sigmoid(z=0)
    assert (view.state.value, view.state.slope) == (0.5, 0.25)
    for z in (-3.0, -0.5, 0.5, 2.0):
        view.set(z=z)
        assert view.state.slope < 0.25
        quotient = (sigma(z + 1e-6) - sigma(z - 1e-6)) / 2e-6
        assert view.state.slope == pytest.approx(quotient, rel=1e-8)
        assert view.state.slope == pytest.approx(sigma(z) * sigma(-z))
        assert sigma(z) + sigma(-z) == pytest.approx(1)
    assert all(p * (1 - p) < Fraction(1, 4) for p in (Fraction(i, 100) for i in range(1, 50)))
    assert sigma(1) - sigma(-1) < 0.5  # not even two units take it half of the way


def test_13_the_point_only_ever_climbs_and_the_tangent_flattens_on_both_sides() -> None:
    FIRST.said(
        "The dashed tangent has the slope $\\varphi'(z)$.",
        "the point only ever climbs, and the tangent flattens on both sides.",
    )
    view = explore.sigmoid(z=-8)
    values, slopes = [], []
    for half in range(-16, 17):
        view.set(z=half / 2)
        values.append(float(view.point.get_ydata()[0]))
        (x0, x1), (y0, y1) = view.tangent.get_data()
        slopes.append((y1 - y0) / (x1 - x0))
        assert slopes[-1] == pytest.approx(sigma(half / 2) * sigma(-half / 2))
    assert (np.diff(values) > 0).all()
    assert (np.diff(slopes[:17]) > 0).all()
    assert (np.diff(slopes[16:]) < 0).all()


def test_13_the_distance_to_the_limit() -> None:
    FIRST.said("the distance to the limit, on a log axis. Far out it is a straight line, which never ends.")
    says(
        "steepest",
        "Far out each unit of z makes the distance smaller by a factor of e ≈ 2.718, and never 0.",
        "At z = 14 it is 8.315×10⁻⁷ away.",
    )
    assert math.e == pytest.approx(2.718, abs=5e-4)
    view = explore.sigmoid(z=0)
    assert view.live.panels["far"].get_yscale() == "log"
    distance = {}
    for z in (0, 1, -1, 5, 6, 14, 20, 21, 44, 45, -45):
        view.set(z=z)
        distance[z] = view.state.distance
        assert distance[z] == pytest.approx(float(exact_sigma(str(-abs(z)))), rel=1e-13)
        assert distance[z] > 0
        assert view.far_point.get_ydata()[0] == pytest.approx(distance[z])
    assert distance[14] == pytest.approx(8.315e-7, rel=1e-3)
    assert distance[5] / distance[6] == pytest.approx(math.e, rel=0.01)
    assert distance[20] / distance[21] == pytest.approx(math.e, rel=1e-8)
    assert distance[44] / distance[45] == pytest.approx(math.e, rel=1e-8)


def gives_up(view: View) -> bool:
    return f"1 − σ({view.settings.z:g}) is exactly 0" in view.describe()


def test_f15_the_first_stop_at_which_1_minus_sigma_is_exactly_0() -> None:
    says(
        "rounded_to_1",
        "Find the smallest z > 0 on this slider",
        "Follow the red dashed line to where it ends.",
        "The true distance is 8.533×10⁻¹⁷. The numbers just below 1 that a computer has are 1.11×10⁻¹⁶ "
        "apart, so σ(37) is rounded to 1.",
    )
    view = FIRST.value("f15")
    assert not gives_up(view)
    while not gives_up(view):
        view.set(z=view.settings.z + view.settings.told()[0]["step"])
    assert view.settings.z == 37
    assert view.tasks.told()["goals"][0]["reached"]
    (red,) = [line for line in view.live.panels["far"].lines if "doubles" in str(line.get_label())]
    assert max(red.get_xdata()) == pytest.approx(36.75, abs=0.03)  # between the last stop and this one
    nearest = {z: 1 - exact_sigma(z) for z in ("36.5", "37")}  # a double below 1 is 2⁻⁵³ away at least
    assert nearest["37"] < Decimal(2) ** -54 * 2 < nearest["36.5"] * 2
    assert 1 - math.nextafter(1, 0) == pytest.approx(1.11e-16, rel=1e-3)
    assert float(nearest["37"]) == pytest.approx(8.533e-17, rel=1e-3)
    view.set(z=-45)  # the sentence names the point at which it is taken
    assert "1 − σ(45) is exactly 0" in view.describe()


def test_f15_sigma_of_minus_z_keeps_its_digits(capsys: pytest.CaptureFixture[str]) -> None:
    FIRST.said(
        "where you mean $1-\\sigma(z)$, write $\\sigma(-z)$: it is the same number, and it keeps its digits.",
        "it has far more numbers near 0 than near 1",
    )
    FIRST.ran("f15-code")
    lost, kept = map(float, capsys.readouterr().out.split())
    assert lost == 0
    assert kept == pytest.approx(float(exact_sigma("-37")), rel=1e-15)
    assert 1 - exact_sigma("37") == pytest.approx(exact_sigma("-37"), rel=Decimal("1e-15"))
    assert math.ulp(1e-17) < 1e-15 * math.ulp(0.9)


# --- 1.4 ----------------------------------------------------------------------------------------


def test_14_the_table_of_predictions() -> None:
    told = re.findall(
        r"\| (\d) \| (\S+) \| (\S+) \| (\d) \| \$\\sigma\((\S+?)w_\{11\}\^1([+-]\d)w_\{12\}\^1\)",
        FIRST.cells["points-text"].source,
    )
    assert [int(row[0]) for row in told] == [1, 2, 3, 4]
    for row, (a, b), y in zip(told, X, Y, strict=True):
        assert [int(cell.replace("−", "-")) for cell in row[1:]] == [a, b, y, a, b]


def test_14_the_picture_and_the_table_number_the_points_alike() -> None:
    view = FIRST.value("points")
    beside = [text.get_text() for text in view.live.panels["inputs"].texts]
    assert beside == ["1: y = 1", "2: y = 1", "3: y = 0", "4: y = 0"]
    below = [text.get_text() for text in view.live.panels["table"].texts]
    assert [text for text in below if text in "1234"][:4] == ["1", "0", "0", "1"] or "4" in below
    for number, point in enumerate(X, start=1):
        at = [tuple(np.ravel(line.get_data())) for line in view.live.panels["inputs"].lines]
        assert point in at
        assert str(number) in below


@pytest.mark.parametrize("w", [(0.5, -0.5), (3.0, 1.0), (-1.0, 0.2)])
def test_14_prediction_4_falls_fastest_straight_against_its_x_wherever_w_is(w: tuple) -> None:
    says("point_4", "It falls fastest straight against x, along (−2, 5), at 112°, wherever w is.")

    def fall(degrees: float) -> float:
        towards = math.radians(degrees)
        moved = w[0] + 1e-3 * math.cos(towards), w[1] + 1e-3 * math.sin(towards)
        return sigma(2 * moved[0] - 5 * moved[1])

    best = min(range(-180, 180), key=fall)
    assert best == round(math.degrees(math.atan2(5, -2))) == 112
    ask = lec.lesson.activities["point_4"].ask
    assert ask
    assert ask.truth(explore.neuron(w=w).state) == pytest.approx(best, abs=0.5)


def test_14_points_1_and_2_pay_for_it() -> None:
    says(
        "point_4",
        "it says 0.97, and the label is 0.",
        "It has fallen to 0.0003034. Points 1 and 2, with label 1, pay for it: ŷ = 0.0266 and 0.08317.",
    )
    before, after = explore.neuron(w=(0.5, -0.5)).state, explore.neuron(w=(-0.3, 1.5)).state
    assert before.predictions == pytest.approx([0.5, 0.5, 0.5, sigma(3.5)])
    assert round(sigma(3.5), 2) == 0.97
    expected = [sigma(-0.3 * a + 1.5 * b) for a, b in X]
    assert after.predictions == pytest.approx(expected)
    assert expected[:2] == pytest.approx([0.0266, 0.08317], rel=1e-3)
    assert expected[3] == pytest.approx(0.0003034, rel=1e-3)


# --- 1.5 ----------------------------------------------------------------------------------------


def test_15_at_w_0_e_is_1() -> None:
    says("undecided", "each error is (½)² = 0.25, whatever the label, and four of them add up to 1.")
    assert parts((0, 0)) == [0.25] * 4
    view = explore.neuron(w=(0, 0))
    assert view.state.predictions.tolist() == [0.5] * 4
    assert "ŷ = ½ everywhere" in view.describe()
    assert view.state.errors.sum() == 1
    assert lec.lesson.activities["undecided"].ask.truth(view.state) == 1  # B


def test_15_the_dotted_line_is_where_e_is_below_a_thousandth() -> None:
    says("undecided", "Bring E below 0.001: drag w to beyond the dotted line.")
    view = FIRST.value("error")
    (line,) = [line for line in view.live.panels["weights"].lines if line.get_linestyle() == ":"]
    around = np.stack(line.get_data(), axis=1)
    around = around[~np.isnan(around).any(axis=1)]
    assert len(around) > 50
    assert [error(tuple(w)) for w in around] == pytest.approx([1e-3] * len(around), rel=0.1)
    for inside in ((-3, 0.5), (-5, 0)):
        assert error(inside) < 1e-3 < error((inside[0] / 3, inside[1] / 3))


@pytest.mark.parametrize("w", [(-1, 0.2), (-1.5, 0), (-2, 1.5)])
def test_15_once_all_points_are_right_a_longer_w_makes_every_prediction_better(w: tuple) -> None:
    says(
        "undecided", "Once all points are right, a longer w makes the neuron surer", "First turn w until all"
    )
    assert all((w[0] * a + w[1] * b > 0) == bool(y) for (a, b), y in zip(X, Y, strict=True))
    for longer in (1.2, 2, 3):
        pairs = zip(parts(w), parts((longer * w[0], longer * w[1])), strict=True)
        assert all(after < before for before, after in pairs)


# --- 1.6 ----------------------------------------------------------------------------------------


def test_16_the_heights_far_out_are_0_1_3_and_4() -> None:
    says(
        "terraces",
        "far out each point adds 0 if it is right and 1 if it is wrong.",
        "they are right together or wrong together. So the heights are 0, 1, 3, 4.",
        "never are just two points wrong",
        "far out each ŷ is nearly 0 or 1, so that only the side counts on which a point lies.",
        "Each of them is nearly 0 or 1 far out, but the sum can be more.",
    )
    seen = set()
    for degrees in range(360):
        angle = math.radians(degrees + 0.5)
        far = parts((200 * math.cos(angle), 200 * math.sin(angle)))
        if min(abs((degrees + 0.5 - edge + 90) % 180 - 90) for edge in (135, 21.8)) < 2:
            continue  # the edges: "in almost every direction"
        assert all(min(e, 1 - e) < 1e-6 for e in far)
        assert len({round(e) for e in far[:3]}) == 1
        assert round(sum(far)) == wrong_points(degrees + 0.5)
        seen.add(round(sum(far)))
    assert seen == {0, 1, 3, 4}


def test_16_the_heights_are_written_into_the_picture_only_with_the_answer() -> None:
    view = FIRST.value("surface")

    def written() -> set[str]:
        return {text.get_text() for text in view.live.panels["contours"].texts}

    assert written() == set()  # what one is asked for is not told before
    message(view, "task", act="commit", guess=2)
    assert view.stage.tasks["prediction"]["truth"] == 1
    assert written() == {f"$E$ → {height}" for height in (0, 1, 3, 4)}
    for text in view.live.panels["contours"].texts:
        x, y = text.get_position()
        assert text.get_text() == f"$E$ → {wrong_points(math.degrees(math.atan2(y, x)))}"
    view.set(error=4)
    assert written() == {"$e^4$ → 0", "$e^4$ → 1"}


def shown(view: View) -> np.ndarray:
    """The heights that the view draws, from the sentence's own grid."""
    return grid(view.settings.problem, view.settings.error, view.settings.extent)


def test_16_each_e_is_a_single_step_and_E_is_their_sum() -> None:
    FIRST.said("Choose $e^1$ to $e^4$: each is a single step, and $E$ is their sum.")
    view = explore.surface()
    whole, total = shown(view), 0
    across = np.linspace(-6, 6, len(whole))
    for error_of, (a, b) in enumerate(X, start=1):
        view.set(error=error_of)
        assert view.live.panels["contours"].get_title() == f"$e^{error_of}$ seen from above"
        assert view.describe().startswith(f"e{'¹²³⁴'[error_of - 1]} over the weights")
        height = shown(view)
        at = (a * across[np.newaxis] + b * across[:, np.newaxis]).ravel()
        along = height.ravel()[at.argsort()]
        falls, rises = (np.diff(along) < 1e-12).all(), (np.diff(along) > -1e-12).all()
        assert falls != rises  # across the edge it only falls, or only rises
        assert {round(along[0], 3), round(along[-1], 3)} == {0, 1}
        for i, j in ((3, 150), (80, 80), (140, 20)):
            assert height[i, j] == pytest.approx(parts((across[j], across[i]))[error_of - 1])
        total = total + height
    assert total == pytest.approx(whole)


def tilted(extent: float) -> float:
    """The share of the square in which E falls by more than 0.05 for each unit of w."""
    across = np.linspace(-extent, extent, 60)
    return float(np.mean([math.hypot(*slope((w1, w2))) > 0.05 for w1 in across for w2 in across]))


def test_16_near_the_origin_it_is_smooth_and_most_of_it_is_tilted() -> None:
    FIRST.said("near the origin the surface is smooth, and most of it is clearly tilted.")
    view = explore.surface(extent=2)
    assert view.live.panels["contours"].get_xlim() == (-2, 2)
    assert tilted(2) > 0.75
    bends = np.abs(np.diff(shown(view), n=2, axis=1)).max()
    assert bends < 0.05  # from one grid point to the next the slope changes little


def test_16_far_out_it_becomes_flat_terraces_with_steep_cliffs_between_them() -> None:
    FIRST.said("Choose ±20: it becomes flat terraces with steep cliffs between them.")
    view = explore.surface(extent=20)
    height = shown(view)
    on = {h: (np.abs(height - h) < 0.02).mean() for h in (0, 1, 3, 4)}
    assert min(on.values()) > 0.1
    assert sum(on.values()) > 0.85
    assert tilted(20) < 0.15
    steepest = max(math.hypot(*slope((t, -t + 0.3))) for t in np.linspace(2, 10, 50))
    assert steepest > 1


def along(view: View) -> list[str]:
    told = re.search(r"you look along the edge between the terraces (.*)\.$", view.describe())
    return told[1].split(", and between ") if told else []


def test_16_goal_look_along_the_cliff_between_the_terraces_0_and_1() -> None:
    says(
        "terraces",
        "Turn the surface until you look along the cliff between the terraces 0 and 1.",
        "There point 4, (2, −5), changes sides: 2w₁₁ = 5w₁₂.",
        "From azimuth 22° you look along 2w₁₁ = 5w₁₂, where w·x of point 4 is 0. On the other side of the "
        "origin this line is the cliff between the terraces 3 and 4.",
    )
    view = lec.lesson.terraces()
    message(view, "task", act="commit", guess=None)
    reached = []
    for azimuth in [int(view.settings.azimuth), *range(-180, 181)]:
        view.set(azimuth=azimuth)
        (goal,) = lec.lesson.activities["terraces"].goals
        assert (goal.far(view.state) == 0) == ("0 and 1" in along(view))
        if "0 and 1" in along(view):
            reached.append(azimuth)
    assert reached == [-158, 22]  # so not at first
    edge = math.degrees(math.atan2(-2, -5))
    assert [wrong_points(edge - 1), wrong_points(edge + 1)] == [0, 1]
    back = math.degrees(math.atan2(2, 5))
    assert [wrong_points(back - 1), wrong_points(back + 1)] == [4, 3]
    assert 2 * -5 == 5 * -2  # on 2w₁₁ = 5w₁₂


def test_16_the_sentence_tells_every_edge_one_looks_along() -> None:
    view = explore.surface()
    for azimuth in range(-180, 181):
        view.set(azimuth=azimuth)
        expected = set()
        for ray in (azimuth, azimuth + 180):
            beside = {wrong_points(ray - 0.5001), wrong_points(ray + 0.5001)}
            if len(beside) == 2:
                expected.add("{} and {}".format(*sorted(beside)))
        assert set(along(view)) == expected


def test_16_here_you_can_turn_it() -> None:
    FIRST.said("here you can turn it.")
    view = explore.surface(azimuth=0, elevation=30)
    message(view, "point", phase="down", across=0.3, up=0.5)
    message(view, "point", phase="move", across=0.05, up=0.4)
    message(view, "point", phase="up", across=0.05, up=0.4)
    assert (view.settings.azimuth, view.settings.elevation) == (90, 48)
    assert (view.space.azim, view.space.elev) == (90, 48)


# --- F3, F1 -------------------------------------------------------------------------------------


def plateaus(w: np.ndarray) -> list[int]:
    """How many points are on the wrong side."""
    return ((w @ np.array(X).T > 0) != np.array(Y, dtype=bool)).sum(axis=1).tolist()


def ends(starts: np.ndarray, stops: tuple[int, ...], rate: float = 0.1) -> Iterator[np.ndarray]:
    """GD's walks after these numbers of steps."""
    x, y = np.array(X, dtype=float), np.array(Y, dtype=float)
    w, k = starts, 0
    for stop in stops:
        for _ in range(stop - k):
            a = 1 / (1 + np.exp(np.minimum(-(w @ x.T), 700)))
            w = w - rate * (2 * (a - y) * a * (1 - a)) @ x
        k = stop
        yield w


def test_f3_each_terrace_is_a_cone_of_directions() -> None:
    for low, high, height in lec.toy.four_points().plateaus():
        for share in (0.01, 0.5, 0.99):
            assert wrong_points(low + share * (high - low)) == height


def test_f3_prediction_the_walk_is_caught_on_the_terrace_1() -> None:
    FIRST.said("They get short where $E$ is flat, and on a terrace it is nearly flat.")
    says(
        "caught",
        "Gradient descent begins at ✕ = (3, −1), on the highest one, and takes 2000 steps with γ = 0.1.",
        "It has left the terrace of height 4 and has come to w = (0.9097, −3.09), with E = 1. On the terrace "
        "of height 1 there is hardly any slope: the next step is 9.064×10⁻⁵ long.",
    )
    assert plateaus(np.array([(3, -1)])) == [4] == [max(map(wrong_points, range(360)))]
    ((w,),) = ends(np.array([(3.0, -1.0)]), (2000,))
    assert w == pytest.approx([0.9097, -3.09], rel=1e-3)
    assert plateaus(w[np.newaxis]) == [1]
    assert error(tuple(w)) == pytest.approx(1, abs=1e-3)
    assert 0.1 * math.hypot(*slope(tuple(w))) == pytest.approx(9.064e-5, rel=1e-3)


def test_f3_goal_another_start_gets_down() -> None:
    says(
        "caught",
        "Drag ✕ to a start on another terrace from which gradient descent does reach E → 0.",
        "From (2, 0) it gets to E = 0.0003367. Where one begins decides",
    )
    assert plateaus(np.array([(2, 0)]))[0] > 0
    ((w,),) = ends(np.array([(2.0, 0.0)]), (2000,))
    assert error(tuple(w)) == pytest.approx(0.0003367, rel=1e-3)


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 2.0])
def test_f3_about_a_third_is_caught_whatever_the_rate(rate: float) -> None:
    FIRST.said(
        "About a third of all starts end on the terrace of height 1.",
        "Move $\\gamma$: from 0.01 to 2 it is always 33 to 36 %.",
        "They are not caught for good, since the terrace still slopes.",
    )
    view = explore.basins(rate=rate)
    share = view.state.shares[view.plateaus.index(1)]
    assert 0.33 <= share <= 0.36
    (w,) = ends(even_starts(100), (2000,), rate=rate)
    assert share == pytest.approx(plateaus(w).count(1) / len(w))
    caught = w[np.array(plateaus(w)) == 1]
    assert all(math.hypot(*slope(tuple(each))) > 0 for each in caught[::50])


def test_f1_a_line_through_the_origin_separates_the_labels_just_there() -> None:
    FIRST.said("whenever $w_{11}^1+w_{12}^1<0$ and $2w_{11}^1<5w_{12}^1$.", "These $w$ make a cone.")
    for degrees in range(360):
        w1, w2 = math.cos(math.radians(degrees + 0.5)), math.sin(math.radians(degrees + 0.5))
        assert (wrong_points(degrees + 0.5) == 0) == (w1 + w2 < 0 and 2 * w1 < 5 * w2)


@pytest.mark.parametrize("degrees", [140, 170, 200])
def test_f1_stretching_w_makes_every_prediction_better_and_e_never_gets_to_0(degrees: int) -> None:
    FIRST.said(
        "Inside the cone, stretching $w$ makes every prediction better, for ever.",
        "$E$ comes as close to 0 as you like and never gets there.",
    )
    w = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    sequence = []
    with localcontext() as context:
        context.prec = 80
        for t in (1, 2, 4, 8, 16, 32, 64, 128, 1000):
            z = [Decimal(t) * (Decimal(w[0]) * a + Decimal(w[1]) * b) for a, b in X]
            sequence.append([1 / (1 + (v if y else -v).exp()) ** 2 for v, y in zip(z, Y, strict=True)])
    for before, after in pairwise(sequence):
        assert all(0 < b < a for a, b in zip(before, after, strict=True))
    assert sum(sequence[-1]) < Decimal("1e-20")


def test_f1_goals_there_is_no_last_t_and_the_slowest_of_the_four_decides() -> None:
    says(
        "no_minimum",
        "At t = 15 E = 2.899×10⁻¹⁰. There is no last t: go on.",
        "At 178° E = 3.091×10⁻³⁴ for t = 20. E falls fastest where the slowest of the four errors falls "
        "fastest. But no t is the best one: the next is better.",
        "E is hardly larger than its largest eⁱ.",
        "t ends at 20, so turn u, too",
    )
    view = FIRST.value("f1")
    assert view.settings.kinds()["t"].high == 20

    def at(degrees: float, t: float) -> tuple[float, float]:
        return t * math.cos(math.radians(degrees)), t * math.sin(math.radians(degrees))

    assert error(at(150, 15)) == pytest.approx(2.899e-10, rel=1e-3)
    assert error(at(178, 20)) == pytest.approx(3.091e-34, rel=1e-3)
    assert error(at(150, 20)) > 1e-30  # so one has to turn
    cone = range(140, 200)
    for degrees in cone:
        along = [error(at(degrees, t / 2)) for t in range(41)]
        assert (np.diff(along) < 0).all()
        assert max(parts(at(degrees, 20))) <= along[-1] <= 2 * max(parts(at(degrees, 20)))
    slowest = {d: min(abs(at(d, 1)[0] * a + at(d, 1)[1] * b) for a, b in X) for d in cone}
    steepest = min(cone, key=lambda degrees: error(at(degrees, 20)))
    assert abs(steepest - max(slowest, key=slowest.__getitem__)) <= 1


# --- what the views do besides ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: explore.neuron(w=(7, 0)), "w must have both numbers from -6 to 6"),
        (lambda: explore.neuron().set(w="a"), "w must be an array of numbers"),
        (lambda: explore.sigmoid(z=np.nan), "z must be a"),
        (lambda: explore.surface(error=5), "error must be one of 0, 1, 2, 3, 4, got 5"),
    ],
)
def test_bad_settings_are_told_in_one_sentence(make: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make()


def test_views_take_other_data() -> None:
    problem = lec.toy.SigmoidNeuron([[1, 2], [-1, 1]], [1, 0])
    assert "2 of the 2 points lie" in explore.neuron(w=(1, 0), problem=problem).describe()
    assert explore.surface(problem=problem).controls["error"].options == [0, 1, 2]
    assert explore.basins(problem=problem, side=10, steps=5).state.heights.shape == (10, 10)


def test_sigmoid_is_dragged_in_both_pictures() -> None:
    view = explore.sigmoid(z=2)
    press(view, "near", -3.1, 0.5)
    assert view.settings.z == -3
    press(view, "far", 20.2, 1e-5)  # stays on the side of 0 on which it is
    assert view.settings.z == -20
    assert "σ(10) ≈ 1 " in explore.sigmoid(z=10).describe()


def test_the_terraces_of_basins_can_be_told_apart() -> None:
    """By contrast, in every pair but the opposite 0 and 4, and by their letters."""
    view = explore.basins()

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for i, j in ((0, 1), (0, 2), (1, 2), (1, 3), (2, 3)):
        low, high = sorted(luminance(view.colours[at]) for at in (i, j))
        assert (high + 0.05) / (low + 0.05) >= 3
    for letter, height in zip(view.letters, view.plateaus, strict=True):
        x, y = letter.get_position()
        at = tuple(int((part + 6) / 12 * 100) for part in (y, x))
        assert view.state.heights[at] == height
        assert letter.get_text() == f"→ {height}"


def test_basins_answers_with_fewer_starts_and_steps_first() -> None:
    view = explore.basins()
    settings = view.settings.changed(rate=0.37)
    states = list(view.states(settings))
    assert states[0].heights.size < 2000
    assert states[0].k < 200
    view.settings = settings
    assert view.sentence(states[0]).startswith(f"After {states[0].k} of 2000 GD steps with γ = 0.37, of ")
    assert states[-1].heights.size == 10_000
    assert view.sentence(states[-1]).startswith("After 2000 GD steps with γ = 0.37, of 10000 starts")
    (w,) = ends(even_starts(math.isqrt(states[0].heights.size)), (states[0].k,), rate=0.37)
    assert states[0].heights.ravel().tolist() == plateaus(w)
    assert states[0].shares == pytest.approx([plateaus(w).count(h) / len(w) for h in (0, 1, 3, 4)])
    assert len(list(view.states(settings.changed(start=(1, 1))))) == 1  # the crowd is known


@pytest.mark.parametrize("steps", [0, 1, 19, 20, 21, 777, 2000])
def test_a_crowd_tells_any_step_as_if_it_had_walked_from_the_start(steps: int) -> None:
    starts = even_starts(15)
    crowd = lec.crowd.Crowd(lec.toy.four_points(), starts, 0.1, 2000)
    crowd.go_on(1200, math.inf)
    (w,) = ends(starts, (steps,))
    assert crowd.plateaus(steps).tolist() == plateaus(w)
