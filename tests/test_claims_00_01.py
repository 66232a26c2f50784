"""What notebooks 00 and 01 say about views and cells, and that the controls reach every *Try it*.

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
from claims import NOTEBOOKS, Notebook
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
    return [(y - sigma(w[0] * a + w[1] * b)) ** 2 for (a, b), y in zip(X, Y, strict=True)]


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
        assert f"explore.{view}(" in Notebook(notebook).text


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


def rows(text: str) -> list[dict[str, str]]:
    """What the cell of 1.1 prints: x, y, ŷ and e of each sample."""
    found = re.findall(r"x = \[ *(\S+) +(\S+?)\] +y = (\S+) +ŷ = (\S+) +e = (\S+)", text)
    return [dict(zip(("x1", "x2", "y", "guess", "e"), row, strict=True)) for row in found]


def test_11_predictions_and_errors_change_x_and_y_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    FIRST.said("`data` holds four samples.", "predictions and errors change, `x` and `y` do not.")
    source = FIRST.cells["aim"].source
    told = []
    for w in ((-0.5, 0.5), (0.3, 0.1)):
        exec(source.replace("w = (-0.5, 0.5)", f"w = {w}"), {"lec": lec})
        told.append(rows(capsys.readouterr().out))
        for row, (a, b), y, e in zip(told[-1], X, Y, parts(w), strict=True):
            assert (float(row["x1"]), float(row["x2"]), float(row["y"])) == (a, b, y)
            assert float(row["guess"]) == pytest.approx(sigma(w[0] * a + w[1] * b), abs=5e-5)
            assert float(row["e"]) == pytest.approx(e, abs=5e-5)
    for one, other in zip(*told, strict=True):
        assert one["guess"] != other["guess"]
        assert one["e"] != other["e"]


def test_12_the_packages_predict_must_agree_with_the_formula() -> None:
    FIRST.said("The package's `predict` must agree with it.")
    data = lec.toy.four_points()
    assert FIRST.value("neuron-by-hand", data=data)
    by_hand = FIRST.ran("neuron-by-hand", data=data)["neuron"]
    for w in ((0.7, -1.3), (-2.0, 0.4)):
        expected = [sigma(w[0] * a + w[1] * b) for a, b in X]
        assert [by_hand(a, b, *w) for a, b in X] == pytest.approx(expected)
        assert data.predict(w) == pytest.approx(expected)


# --- 1.3 ----------------------------------------------------------------------------------------


def test_13_steepest_at_0_with_slope_a_quarter() -> None:
    FIRST.said("At $z=0$, with slope $\\tfrac14$.", "their product is largest when both are $\\tfrac12$.")
    view = explore.sigmoid(z=0)
    assert view.state.slope == 0.25
    for z in (-3.0, -0.5, 0.5, 2.0):
        view.set(z=z)
        assert view.state.slope < 0.25
        quotient = (sigma(z + 1e-6) - sigma(z - 1e-6)) / 2e-6
        assert view.state.slope == pytest.approx(quotient, rel=1e-8)
        assert view.state.slope == pytest.approx(sigma(z) * sigma(-z))
        assert sigma(z) + sigma(-z) == pytest.approx(1)
    assert all(p * (1 - p) < Fraction(1, 4) for p in (Fraction(i, 100) for i in range(1, 50)))


def test_13_the_point_only_ever_climbs_and_the_tangent_flattens_on_both_sides() -> None:
    FIRST.said("The point only ever climbs, and the tangent flattens on both sides.")
    view = explore.sigmoid(z=-8)
    values, slopes = [], []
    for half in range(-16, 17):
        view.set(z=half / 2)
        values.append(float(view.point.get_ydata()[0]))
        (x0, x1), (y0, y1) = view.tangent.get_data()
        slopes.append((y1 - y0) / (x1 - x0))
    assert (np.diff(values) > 0).all()
    assert (np.diff(slopes[:17]) > 0).all()
    assert (np.diff(slopes[16:]) < 0).all()


def test_13_the_distance_to_the_limit() -> None:
    FIRST.said(
        "From $|z|=0$ to 1 it falls by a factor of 1.86.",
        "Far out every unit of $|z|$ makes it smaller by a factor $e$, so the line becomes straight.",
        "The distance is zero nowhere.",
    )
    view = explore.sigmoid(z=0)
    assert view.live.panels["far"].get_yscale() == "log"
    told = {}
    for z in (0, 1, -1, 5, 6, 20, 21, 44, 45, -45):
        view.set(z=z)
        told[z] = view.state.distance
        assert told[z] == pytest.approx(float(exact_sigma(str(-abs(z)))), rel=1e-13)
        assert told[z] > 0
        assert view.far_point.get_ydata()[0] == pytest.approx(told[z])
    assert told[0] / told[1] == pytest.approx(1.86, abs=0.005)
    assert told[5] / told[6] == pytest.approx(math.e, rel=0.01)
    assert told[20] / told[21] == pytest.approx(told[44] / told[45]) == pytest.approx(math.e, rel=1e-8)


def gives_up(view: View) -> bool:
    return f"1 − σ({view.settings.z:g}) is exactly 0" in view.describe()


def test_13_goal_the_first_stop_at_which_1_minus_sigma_is_exactly_0() -> None:
    FIRST.said("What is the first $z$ at which the sentence says that $1-\\sigma(z)$ is exactly 0?")
    view = FIRST.value("sigmoid")
    assert not gives_up(view)
    view.set(z=30)
    assert not gives_up(view)
    while not gives_up(view):
        view.set(z=view.settings.z + view.settings.told()[0]["step"])
    assert view.settings.z == 37
    nearest = {z: 1 - exact_sigma(z) for z in ("36.5", "37")}  # a double below 1 is 2⁻⁵³ away at least
    assert nearest["37"] < Decimal(2) ** -54 * 2 < nearest["36.5"] * 2
    view.set(z=-45)  # the sentence names the point at which it is taken
    assert "1 − σ(45) is exactly 0" in view.describe()


def test_f15_37_is_rounded_to_1_and_minus_37_keeps_all_its_digits(capsys: pytest.CaptureFixture[str]) -> None:
    FIRST.said(
        "So $\\sigma(37)$ is rounded to exactly 1, while $\\sigma(-37)$ keeps all its digits.",
        "Only much farther out does the other end give way too: $\\sigma(-800)$ is exactly 0 here.",
    )
    FIRST.ran("f15")
    assert capsys.readouterr().out.splitlines() == [
        "σ(36) == 1: False    σ(37) == 1: True",
        "1 − σ(37) = 0, but σ(−37) = 8.533e-17",
        "σ(−700) == 0: False    σ(−800) == 0: True",
    ]
    assert exact_sigma("37") < 1
    assert float(lec.toy.sigmoid(-37)) == pytest.approx(float(exact_sigma("-37")), rel=1e-15)
    assert 0 < exact_sigma("-800") < Decimal("4.9e-324")


def test_f15_numbers_near_0_are_stored_very_finely_and_numbers_near_1_coarsely() -> None:
    FIRST.said("It stores numbers near 0 very finely and numbers near 1 coarsely.")
    assert math.ulp(1e-17) < 1e-32
    assert math.ulp(0.9) > 1e-16


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


def test_14_at_w_0_it_says_a_half_about_everything() -> None:
    FIRST.said("It says ½ about everything.")
    view = explore.neuron(w=(0, 0))
    assert view.state.predictions.tolist() == [0.5] * 4
    assert "ŷ = ½ everywhere" in view.describe()


def test_14_point_4_wants_smaller_w11_and_larger_w12() -> None:
    FIRST.said("smaller $w_{11}^1$, larger $w_{12}^1$.")
    view = explore.neuron(w=(0, 0))
    for w in ((-0.1, 0), (0, 0.1)):
        view.set(w=w)
        assert view.state.predictions[3] < 0.5
        assert view.state.predictions[3] == pytest.approx(sigma(2 * w[0] - 5 * w[1]))
    assert Y[3] == 0


def test_14_drag_w_in_the_left_picture() -> None:
    FIRST.said("Drag $w$ in the left picture.")
    view = FIRST.value("points")
    panels = view.live.panels
    assert panels["weights"].get_position().x0 < panels["inputs"].get_position().x0
    drag(view, "weights", [(0, 0), (2, 1), (3.02, -1.98)])
    assert view.settings.w == (3.0, -2.0)
    assert "w = (3, −2)" in view.describe()
    drag(view, "inputs", [(0, 0), (2, 1)])
    assert view.settings.w == (3.0, -2.0)


@pytest.mark.parametrize("w", [(-0.5, 0.5), (3.0, 1.0), (-6.0, 5.5), (0.0, -2.0)])
def test_14_the_line_passes_through_the_origin_at_a_right_angle_to_the_arrow_w(w: tuple) -> None:
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


def test_14_stretching_w_makes_the_change_from_0_to_1_steeper() -> None:
    FIRST.said("Stretching $w$ makes the change from 0 to 1 steeper.")
    changes = []
    for stretch in (0.5, 1, 2, 4):
        view = explore.neuron(w=(-stretch, 0.5 * stretch))
        shades = np.asarray(view.shading.get_array())
        changes.append(np.abs(np.diff(shades, axis=1)).max())
    assert (np.diff(changes) > 0).all()


def test_14_at_a_w_the_neuron_can_tell_nothing_about_points_1_2_and_3() -> None:
    FIRST.said("Points 1, 2 and 3 lie on one line through the origin.", "can tell nothing about them.")
    assert all(a == b for a, b in X[:3])
    view = FIRST.value("points")
    assert view.settings.w == (-0.5, 0.5)
    assert view.state.predictions[:3].tolist() == [0.5] * 3
    assert "1 of the 4 points lies on the correct side of the line ŷ = ½" in view.describe()


# --- 1.5 ----------------------------------------------------------------------------------------


def test_15_written_out_term_by_term_next_to_the_packages_error(capsys: pytest.CaptureFixture[str]) -> None:
    FIRST.said("written out for the four points, term by term, next to the package's `error`")
    FIRST.ran("neuron-by-hand", "error-by-hand", data=lec.toy.four_points())
    told = re.findall(r"(\d\.\d+) by hand, (\d\.\d+) by the package", capsys.readouterr().out)
    for (hand, package), w in zip(told, ((0, 0), (1, -1)), strict=True):
        assert float(hand) == float(package) == pytest.approx(error(w), abs=5e-5)


def test_15_goal_e_below_a_thousandth(capsys: pytest.CaptureFixture[str]) -> None:
    FIRST.said("Drag $w$ in the view of 1.4 until the table shows an $E$ below $10^{-3}$.")
    view = FIRST.value("points")
    assert float(view.total.get_text()) > 1e-3
    drag(view, "weights", [(-0.5, 0.5), (-3, 1)])
    assert view.total.get_text() in view.describe()
    told = view.total.get_text().replace("×10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    assert float(told) == pytest.approx(error(view.settings.w), rel=1e-3)
    assert float(told) < 1e-3
    source, data = FIRST.cells["try"].source, lec.toy.four_points()
    exec(source, {"data": data})
    assert "Not there yet" in capsys.readouterr().out
    exec(source.replace("(-0.5, 0.5)", str(view.settings.w)), {"data": data})
    assert "You made it!" in capsys.readouterr().out


# --- 1.6 ----------------------------------------------------------------------------------------


def test_16_the_heights_far_out_are_0_1_3_and_4() -> None:
    FIRST.said(
        "in almost every direction, each $\\hat y$ is nearly 0 or 1.",
        "$E$ is the number of points that are wrong.",
        "they are right together or wrong together, and add 0 or 3. Point 4 adds 0 or 1.",
        "So the heights are 0, 1, 3 and 4.",
    )
    seen = set()
    for degrees in range(360):
        angle = math.radians(degrees + 0.5)
        far = parts((200 * math.cos(angle), 200 * math.sin(angle)))
        if min(abs((degrees + 0.5 - edge + 90) % 180 - 90) for edge in (135, 21.8)) < 2:
            continue  # the edges
        assert all(min(e, 1 - e) < 1e-6 for e in far)
        assert len({round(e) for e in far[:3]}) == 1
        assert round(sum(far)) == wrong_points(degrees + 0.5)
        seen.add(round(sum(far)))
    assert seen == {0, 1, 3, 4}


def test_16_switch_plateaus_on_and_the_heights_are_written_into_the_picture() -> None:
    FIRST.said("Switch `plateaus` on, and they are written into the picture.")
    view = FIRST.value("surface")

    def written() -> set[str]:
        return {text.get_text() for text in view.live.panels["contours"].texts}

    assert written() == set()  # what one is asked for is not told before
    view.set(plateaus=True)
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
    view = FIRST.value("surface")
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


def test_16_far_out_it_becomes_four_flat_terraces_with_steep_cliffs_between_them() -> None:
    FIRST.said("Choose ±20: it becomes four flat terraces with steep cliffs between them.")
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


def test_16_goal_look_along_the_cliff_between_the_terraces_1_and_0() -> None:
    FIRST.said(
        "Turn the surface until you look along the cliff between the terraces 1 and 0; "
        "the sentence tells when you do.",
        "One looks along it from azimuth −158° or 22°.",
        "It runs from the origin in the direction $(-5,-2)$.",
        "The opposite direction $(5,2)$ is the edge between the terraces 3 and 4.",
    )
    view = FIRST.value("surface")
    reached = []
    for azimuth in [int(view.settings.azimuth), *range(-180, 181)]:
        view.set(azimuth=azimuth)
        if "0 and 1" in along(view):
            reached.append(azimuth)
    assert reached == [-158, 22]  # so not at first
    edge = math.degrees(math.atan2(-2, -5))
    assert [wrong_points(edge - 1), wrong_points(edge + 1)] == [0, 1]
    assert edge == pytest.approx(-158.2, abs=0.05)
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


def test_f3_the_cones_of_directions(capsys: pytest.CaptureFixture[str]) -> None:
    FIRST.said("Each terrace is a cone of directions.")
    for low, high, height in lec.toy.four_points().plateaus():
        for share in (0.01, 0.5, 0.99):
            assert wrong_points(low + share * (high - low)) == height


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


def test_f3_about_a_third_are_on_the_terrace_1_and_few_leave_it(capsys: pytest.CaptureFixture[str]) -> None:
    FIRST.said(
        "on a terrace there is hardly any slope.",
        "Of 169 starts spread evenly over $[-6,6]^2$, about a third are on the terrace of height 1 after "
        "2,000 steps with $\\gamma=0.1$.",
        "the terrace still slopes, so a walk may leave it, however late.",
        "But 18,000 more steps have freed only a few of them.",
    )
    even = np.linspace(-6, 6, 13)
    starts = np.stack(np.meshgrid(even, even), axis=-1).reshape(-1, 2)
    counts = []
    for w in ends(starts, (2000, 20_000)):
        errors = np.array([error(tuple(each)) for each in w])
        counts.append({h: int((abs(errors - h) < 0.1).sum()) for h in (0, 1, 3, 4)})
        on = w[abs(errors - 1) < 0.1]
        assert np.median([math.hypot(*slope(tuple(each))) for each in on]) < 1e-3
    assert sum(counts[0].values()) == 169
    assert counts[0][1] / 169 == pytest.approx(1 / 3, abs=0.03)
    assert 1 <= counts[0][1] - counts[1][1] <= 6
    FIRST.ran("f3", data=lec.toy.four_points())
    told = capsys.readouterr().out.splitlines()[-2:]
    assert [eval(line.partition(": ")[2]) for line in told] == counts


def test_f1_a_line_through_the_origin_separates_the_labels_just_there() -> None:
    FIRST.said("whenever $w_{11}^1+w_{12}^1<0$ and $2w_{11}^1<5w_{12}^1$.")
    for degrees in range(360):
        w1, w2 = math.cos(math.radians(degrees + 0.5)), math.sin(math.radians(degrees + 0.5))
        assert (wrong_points(degrees + 0.5) == 0) == (w1 + w2 < 0 and 2 * w1 < 5 * w2)


@pytest.mark.parametrize("degrees", [140, 170, 200])
def test_f1_stretching_w_makes_every_prediction_better_and_e_never_gets_to_0(degrees: int) -> None:
    FIRST.said(
        "Inside that cone, stretching $w$ makes every prediction better, for ever.",
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


def test_f1_the_cell_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    FIRST.ran("f1", data=lec.toy.four_points())
    told = [float(line.split("E = ")[1]) for line in capsys.readouterr().out.splitlines()]
    assert all(0 < after < before for before, after in pairwise(told))
    assert told[0] == pytest.approx(error((-1, 0.2)), rel=1e-2)


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
