"""Notebook 02: what its texts claim about views and cells, and that the controls reach every *Try it*.

Each test quotes the words that it checks; `said` makes sure that the notebook still says them.
"""

import math
import re
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hands import drag

from lecture643 import explore, functions
from lecture643.explore.interior import NAMES
from lecture643.explore.optimum import FEASIBLE
from lecture643.explore.perceptron import LOSS
from lecture643.explore.stationary import maps
from lecture643.live import View
from lecture643.maths import methods
from lecture643.maths.toy import four_points

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "02_optimization_concepts.ipynb"
CELLS = {cell.id: cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells}
TEXT = " ".join(" ".join(cell.source for cell in CELLS.values()).replace("\n> ", " ").split())
X = [(-3, -3), (-2, -2), (4, 4), (2, -5)]
Y = [1, 1, 0, 0]
SLIDE = "as on the slide, 1 − a"
A = np.array([[0.5, 0.4], [0.4, 1]])  # of the quadratic, typed in 2.6
SEVERAL = (-2.6, -1.6, -0.2, 1.2, 2.5)


def said(*quotes: str) -> None:
    for quote in quotes:
        assert " ".join(quote.split()) in TEXT


def ran(*ids: str) -> dict:
    """What these code cells define, run in turn."""
    names: dict = {"np": np, "lec": __import__("lecture643"), "E": four_points()}
    for name in ids:
        exec(CELLS[name].source, names)
    return names


def stored(name: str) -> str:
    """What a cell printed when its output was stored."""
    return "".join(output.get("text", "") for output in CELLS[name].outputs)


def sigma(z: float) -> float:
    """σ, written so that it does not overflow."""
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def total_error(w: tuple | np.ndarray) -> float:
    """E(w) from the slide's table."""
    return sum((y - sigma(w[0] * x[0] + w[1] * x[1])) ** 2 for x, y in zip(X, Y, strict=True))


def slope(w: tuple | np.ndarray, parts: bool = False) -> tuple[float, float]:
    """∇E(w); with `parts`, p and q of F2."""
    z = [w[0] * x[0] + w[1] * x[1] for x in X]
    steep = [2 * (sigma(v) - y) * sigma(v) * sigma(-v) for v, y in zip(z, Y, strict=True)]
    p, q = -3 * steep[0] - 2 * steep[1] + 4 * steep[2], steep[3]
    return (p, q) if parts else (p + 2 * q, p - 5 * q)


def polynomial(turns: tuple, scale: float) -> np.polynomial.Polynomial:
    return (scale * np.polynomial.Polynomial.fromroots(turns)).integ()


def angle(v: np.ndarray, w: np.ndarray) -> float:
    """Between two vectors, in degrees."""
    return math.degrees(math.acos(np.clip(v @ w / (np.hypot(*v) * np.hypot(*w)), -1, 1)))


def sliders(view: View, name: str) -> list[str]:
    """What stands beside the sliders of a setting."""
    return next(told["names"] for told in view.settings.told() if told["name"] == name)


def turn(view: View, degrees: float, length: float | None = None) -> None:
    """Turn d by its sliders."""
    (shown,) = (told["value"] for told in view.settings.told() if told["name"] == "d")
    view.take_shown({"d": [degrees, length or shown[1]]})


# --- 2.1, 2.2: optima ---------------------------------------------------------------------------


def test_the_valleys_at_minus_2_and_2_both_have_the_value_minus_1_2() -> None:
    said("the valleys at $-2$ and $2$ both have the value $-1.2$")
    f = polynomial((-2, 0, 2), 0.3)
    assert f(-2) == pytest.approx(-1.2)
    assert f(2) == pytest.approx(-1.2)
    state = explore.optimum(function="two equal valleys", z=0.5).state
    assert state.best.tolist() == [-2, 2]
    assert state.on.least == pytest.approx(-1.2)


def test_cutting_one_valley_leaves_f_star_and_cutting_both_raises_it_onto_the_edge() -> None:
    said(
        "Cutting one of them off leaves $f^*$ as it was.",
        "Cutting off both raises it, and then the best place that is left is on the edge of $\\mathcal C$.",
    )
    view = explore.optimum(function="two equal valleys", z=0.5)
    view.set(feasible=(-1, 3))
    assert view.state.on.least == pytest.approx(-1.2)
    for low, high in ((-1.9, 1.9), (-1, 0.5), (2.1, 3), (-3, -2.5), (0.3, 1.2)):
        view.set(feasible=(low, high))
        assert view.state.on.least > -1.2 + 1e-3
        assert set(view.state.best.round(9)) <= {low, high}


def test_when_c_shrinks_f_star_rises_or_stays() -> None:
    said("When $\\mathcal C$ shrinks, $f^*$ rises or stays.")
    view = explore.optimum(function="two equal valleys", z=0.5)
    values = []
    for high in np.arange(3, -3.01, -0.25):
        view.set(feasible=(-3, high))
        values.append(view.state.on.least)
    assert (np.diff(values) >= -1e-12).all()
    assert values[-1] > values[0]


def test_try_it_one_optimum_on_the_edge_then_both_ends() -> None:
    said("Cut $\\mathcal C$ so that $S^*$ is a single point on the edge", "so that $S^*$ is both ends of")
    view = explore.optimum(function="two equal valleys", z=0.5)
    assert not set(view.state.best) & {view.state.on.low, view.state.on.high}
    view.set(feasible=(0.5, 1))
    assert "C = [0.5, 1]" in view.describe()
    assert "S* = {1}." in view.describe()
    view.set(feasible=(-1, 1))
    assert "C = [−1, 1]" in view.describe()
    assert "S* = {−1, 1}." in view.describe()


def test_the_ends_of_c_may_cross_and_grip_on_both_sides() -> None:
    view = explore.optimum()
    view.set(feasible=(2.5, 1))
    assert "C = [1, 2.5]" in view.describe()
    names = sliders(view, "feasible")
    assert names == ["one end of C", "other end of C"]  # of which neither promises to be the lower one
    view = explore.optimum()
    drag(view, "curve", [(3.1, FEASIBLE), (1, FEASIBLE)])
    drag(view, "curve", [(-3.1, FEASIBLE), (-1, FEASIBLE)])
    assert view.settings.feasible == (-1, 1)


def test_at_epsilon_0_8_three_places_pass_and_in_the_end_only_s_star() -> None:
    said(
        "At $\\epsilon=0.8$ three places pass the test: the yellow ones.", "Only the members of $S^*$ remain"
    )
    view = explore.optimum(z=-0.2, epsilon=0.8)
    assert len(view.passing.get_xdata()) + len(view.best.get_xdata()) == 3
    assert "With this ε {−2.6, −0.2, 2.5} pass." in view.describe()
    view.set(epsilon=6)
    assert len(view.passing.get_xdata()) == 0
    assert "S* = {2.5}. With this ε only 2.5 passes." in view.describe()
    assert view.state.reach > 0
    assert "Yet it is a local optimum" in view.describe()  # "the others are still local optima"


def test_what_is_red_is_lower_within_epsilon_and_on_a_slope_every_epsilon_fails() -> None:
    said(
        "As long as there is red, $z$ fails *with this* $\\epsilon$.",
        "On a slope $z$ fails with every $\\epsilon$",
    )
    f = polynomial(SEVERAL, 0.2)
    for z in (-2.6, -2, -0.2, 0.5, 1.2, 2.5):
        view = explore.optimum(z=z, epsilon=2.5)
        x, height = view.lower.get_data()
        red = ~np.isnan(height)
        assert (f(x[red]) < f(z)).all()
        assert (np.abs(x[red] - z) <= 2.5).all()
        assert red.any() == ("fails with ε" in view.describe())
    for z in (-2, 0.5, 2):
        for epsilon in (0.05, 6):
            view = explore.optimum(z=z, epsilon=epsilon)
            assert "However small ε is, some u is lower, so z is no local optimum" in view.describe()


def test_try_it_the_largest_epsilon_is_told_to_who_has_found_it() -> None:
    said(
        "find the largest $\\epsilon$ with which it still passes. (The sentence tells the exact value once "
        "your $\\epsilon$ is within one step of it.)",
        "It passes up to $\\epsilon\\approx 2.117$.",
        "the slope of the valley at $-0.2$, at the height of $f(-2.6)$: that valley is a little deeper.",
    )
    f = polynomial(SEVERAL, 0.2)
    touched = min(r.real for r in (f - f(-2.6)).roots() if abs(r.imag) < 1e-9 and r.real > -2.5)
    assert touched + 2.6 == pytest.approx(2.117, abs=5e-4)
    assert f(-0.2) < f(-2.6) < f(-0.2) + 0.2
    view = explore.optimum(z=-0.2, epsilon=0.8)
    view.set(z=-2.6)
    for epsilon in (0.05, 0.8, 2, 2.2, 6):
        view.set(epsilon=epsilon)
        assert "2.117" not in view.describe()
        assert "2.117" not in " ".join(cell.get_text() for cell in view.facts.cells)
    for epsilon, verdict in ((2.1, "passes with"), (2.15, "fails with")):
        view.set(epsilon=epsilon)
        assert f"z = −2.6 {verdict}" in view.describe()
        assert "the largest ε with which it passes is 2.117;" in view.describe()
        assert "yes, for ε ≤ 2.117" in [cell.get_text() for cell in view.facts.cells]


def test_try_it_where_c_begins_a_new_place_passes() -> None:
    said("set $\\epsilon$ back to $0.5$ and let $\\mathcal C$ begin at $0.6$: a new place passes.")
    view = explore.optimum(z=-2.6, epsilon=2.1)
    assert 0.6 not in view.state.passing
    view.set(epsilon=0.5)
    view.set(feasible=(0.6, 3))
    assert "With this ε {0.6, 2.5} pass." in view.describe()
    derivative = polynomial(SEVERAL, 0.2).deriv()
    assert derivative(0.6) > 0  # "as f rises from there, although ∇f(0.6) ≠ 0"


# --- 2.3: the gradient --------------------------------------------------------------------------


def test_one_entry_is_wrong_the_second() -> None:
    said("One entry of the gradient below is wrong.", "The right entry is $x_1^2+3x_2^2$.")
    typed = ran("setup")
    exec(CELLS["gradient"].source.split("lec.exercises")[0], typed)
    x, h = (Fraction(2), Fraction(1)), Fraction(1, 10**6)
    f = typed["f"]
    exact = [(f((x[0] + h, x[1])) - f((x[0] - h, x[1]))) / (2 * h)]
    exact += [(f((x[0], x[1] + h)) - f((x[0], x[1] - h))) / (2 * h)]
    assert [round(float(part), 6) for part in exact] == [4, 7]
    assert typed["gradient"](x) == [4, 5]


def test_each_time_h_is_divided_by_10_the_error_is_divided_by_100() -> None:
    said("Each time $h$ is divided by 10, the error is divided by 100.", "(try $h=10^{-13}$)")
    found = [Fraction(v) for v in re.findall(r"x₂: ([\d.]+)", stored("gradient-by-hand"))]
    assert [v - 7 for v in found] == [Fraction(1, 100**k) for k in range(4)]
    f = ran("setup")
    exec(CELLS["gradient"].source.split("lec.exercises")[0], f)
    errors = [abs((f["f"]((2, 1 + h)) - f["f"]((2, 1 - h))) / (2 * h) - 7) for h in (1e-5, 1e-13)]
    assert errors[1] > 1e-4 > 1e-8 > errors[0]


def test_along_0_1_the_limit_is_7_and_at_0_degrees_it_is_4() -> None:
    said("the limit is the second entry of the gradient, 7. Turn $d$ to $0°$ to read off the first one, 4.")
    mine = functions.Function(lambda x: x[0] ** 2 * x[1] + x[1] ** 3)
    view = explore.direction(problem=mine, x=(2, 1), d=(0, 1))
    assert "f'(x; d) = ⟨∇f(x), d⟩ = 7;" in view.describe()
    turn(view, 0)
    assert "f'(x; d) = ⟨∇f(x), d⟩ = 4;" in view.describe()


def test_try_it_the_mended_gradient_is_right_also_far_out(capsys: pytest.CaptureFixture) -> None:
    said("Mend the gradient and run its cell again.")
    assert "component 2" in stored("gradient")
    ran("setup", "gradient")
    assert "component 2" in capsys.readouterr().out
    mended = CELLS["gradient"].source.replace("x[0] + 3", "x[0] ** 2 + 3")
    for at in ("(2, 1)", "(-3, 0.5)", "(2000, -10000)"):
        exec(mended.replace("(2, 1)", at), {"lec": ran("setup")["lec"]})
        assert capsys.readouterr().out.startswith("Right")


def test_the_view_refuses_a_wrong_gradient_and_names_the_component() -> None:
    said("It refuses a wrong gradient and names the component.")
    names = ran("setup")
    exec(CELLS["gradient"].source.split("lec.exercises")[0], names)
    with pytest.raises(ValueError, match="component 2"):
        explore.direction(problem=functions.Function(names["f"], names["gradient"]), x=(2, 1))


# --- 2.4: the directional derivative, the interior ----------------------------------------------


def test_the_table_less_than_half_at_1_then_a_digit_a_line() -> None:
    said(
        "for $\\alpha=1$ the quotient is less than half of the limit.",
        "From $0.1$ on, each line gains one digit",
    )
    x, d = np.array([1, 0.5]), np.array([-1, 0.5])
    limit = float(np.array(slope(x)) @ d)
    state = explore.direction(x=(1, 0.5), d=(-1, 0.5)).state
    assert state.quotients[0] == pytest.approx(total_error(x + d) - total_error(x))
    assert 0 > state.quotients[0] > limit / 2
    errors = np.abs(state.quotients - limit)[1:6]
    assert (np.abs(errors[:-1] / errors[1:] - 10) < 0.5).all()


def test_for_small_alpha_the_curve_becomes_its_own_dashed_tangent() -> None:
    said("the curve becomes its own dashed tangent")
    view = explore.direction(x=(1, 0.5), d=(-1, 0.5))
    away = []
    for reach in (5, 0.001):
        view.set(reach=reach)
        alpha, rise = view.state.slice
        away.append(np.abs(rise / (alpha[-1] * view.state.inner) - alpha / alpha[-1]).max())
    assert away[0] > 0.2
    assert away[1] < 0.002


def test_on_a_plateau_every_directional_derivative_is_small_but_the_angle_is_not() -> None:
    said("On a plateau every $f'(x;d)$ is small, so look at the angle instead.")
    view = explore.direction(x=(-6, -6), d=(1, 0))
    g = np.array(slope((-6, -6)))
    for degrees in (-90, 0, 60):
        turn(view, degrees)
        assert abs(view.state.derivative) < 1e-5
        d = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
        assert view.state.angle == pytest.approx(angle(g, d), abs=1e-3)


def test_try_it_at_a_right_angle_d_lies_along_the_contour_through_x() -> None:
    said(
        "Turn $d$ until the sentence gives an angle of $90°$ to within half a degree.",
        "in one of its two directions ($-136°$ and $44°$), and on the edge of the light half",
    )
    view = explore.direction(x=(1, 0.5), d=(-1, 0.5))
    x, y = view.contour.get_data()
    along = np.stack([x, y], axis=1)
    distance = np.hypot(*(along - [1, 0.5]).T)
    assert np.nanmin(distance) < 0.06  # the contour goes through x
    assert [total_error(w) for w in along[distance < 2]] == pytest.approx(
        [total_error((1, 0.5))] * int((distance < 2).sum()), abs=0.06
    )
    close = along[distance < 0.5]
    for degrees in (-136, 44):
        assert not 89.5 <= view.state.angle <= 90.5
        turn(view, degrees)
        told = re.search(r"the angle between ∇f\(x\) and d is ([\d.]+)°", view.describe())
        assert told
        assert 89.5 <= float(told[1]) <= 90.5
        fitted = np.linalg.svd(close - close.mean(axis=0))[2][0]  # the contour's direction near x
        assert min(angle(view.state.d, fitted), angle(view.state.d, -fitted)) < 10
        at = degrees % 360
        edge = view.state.descent[[(at - 2) % 360, (at + 2) % 360]]
        assert sorted(edge) == [False, True]
        turn(view, 0)


def test_interior_points_of_each_set_against_balls_of_many_points() -> None:
    said("With its rim, exactly the points of the rim are not interior", "A segment in the plane has none")
    turn = np.linspace(0, 2 * np.pi, 721)
    rings = [r * np.stack([np.cos(turn), np.sin(turn)], axis=1) for r in (0.999, 0.5)]
    ball = np.concatenate(rings)
    member = {
        "disc": lambda y: y[:, 0] ** 2 + y[:, 1] ** 2 <= 6.25,
        "square, one side open": lambda y: (y[:, 0] >= -2) & (y[:, 0] < 2) & (np.abs(y[:, 1]) <= 2),
        "segment": lambda y: (y[:, 1] == 0) & (np.abs(y[:, 0]) <= 2.5),
        "ℝ²": lambda y: np.isfinite(y[:, 0]),
    }
    assert set(member) == set(NAMES)
    view = explore.interior()
    for shape, holds in member.items():
        for x in [(0, 0), (1, 0.5), (2.5, 0), (1.5, 2), (2, 0), (-2, 1), (0.5, 2), (1.9, -1.9), (3, 3)]:
            for epsilon in (0.05, 0.5, 1.5):
                view.set(shape=shape, x=x, epsilon=epsilon)
                state = view.state
                point = np.array([x], dtype=float)
                assert state.member == holds(point)[0]
                assert state.inside == (state.member and holds(point + epsilon * ball).all())
                assert state.interior == (state.member and holds(point + 1e-6 * ball).all())


def test_a_ball_that_sticks_out_proves_nothing_and_the_largest_goes_to_0() -> None:
    said(
        "A ball that sticks out proves nothing, since a smaller one may fit.",
        "the largest $\\epsilon$ goes to 0",
    )
    view = explore.interior(shape="square, one side open", x=(1, 0.5), epsilon=1.5)
    assert "sticks out of C; the largest that lies in C has ε = 1: x ∈ int(C)." in view.describe()
    rooms = []
    for x1 in (1, 1.5, 1.9, 1.95):
        view.set(x=(x1, 0.5))
        rooms.append(view.state.room)
    assert rooms == pytest.approx([1, 0.5, 0.1, 0.05])
    view.set(x=(2, 0.5))
    assert "is no point of C" in view.describe()


def test_try_it_a_point_of_the_square_that_is_not_interior() -> None:
    said(
        "Find a point of the square that is not an interior point.",
        "Every point on one of the three closed sides, such as $(-2,0)$.",
        "The points of the dashed side are not in the square at all.",
        "With the ball taken in $\\mathcal C$ your point would count as an interior one.",
    )
    view = explore.interior(shape="square, one side open", x=(1, 0.5), epsilon=1.5)
    assert "x ∈ int(C)" in view.describe()
    for x in ((-2, 0), (0.5, 2), (-1, -2)):
        view.set(x=x)
        assert "sticks out of C, and so does every smaller one: x ∉ int(C)." in view.describe()
    view.set(taken_in="C, as on the slide")
    assert "So x would be an interior point, though it is none." in view.describe()
    view.set(x=(2, 0))
    assert "is no point of C" in view.describe()


def test_try_it_of_the_four_sets_the_plane_has_interior_points_only_and_the_segment_none() -> None:
    said("All points of $\\mathbb R^2$ are interior points, and none of the segment.")
    view = explore.interior(shape="square, one side open", x=(1, 0.5), epsilon=1.5)
    view.set(shape="ℝ²")
    assert "and so does every larger one: x ∈ int(C)." in view.describe()
    view.set(shape="segment", epsilon=0.05)
    for x1 in (-2.5, 0, 1.3):
        view.set(x=(x1, 0))
        assert "so does every smaller one: x ∉ int(C)." in view.describe()


def test_f8_a_ball_taken_in_c_lies_in_c_by_definition() -> None:
    said("That ball lies in $\\mathcal C$ by definition", "The ball must be taken in $\\mathbb R^d$.")
    first, second = stored("interior").splitlines()
    assert first.startswith("ball taken in C")
    assert first.endswith("True")
    assert second.endswith("False")


def test_the_ball_is_dragged_by_its_rim_and_x_by_itself() -> None:
    view = explore.interior(x=(0, 0), epsilon=1)
    drag(view, "plane", [(1, 0), (2, 0)])
    assert view.state.epsilon == pytest.approx(2)
    drag(view, "plane", [(0, 0), (1, -1)])
    assert view.state.x == pytest.approx([1, -1])


def test_f9_half_for_every_alpha_along_1_1_and_agreement_on_the_axes_only() -> None:
    said("the quotient is $\\tfrac12$ for *every* $\\alpha$", "the two agree along the axes only")
    view = explore.direction(function="x₁x₂²/(x₁²+x₂²)", x=(0, 0), d=(1, 1))
    assert view.state.quotients == pytest.approx([0.5] * 7)
    assert Fraction(1, 10) * Fraction(1, 100) / (2 * Fraction(1, 100)) / Fraction(1, 10) == Fraction(1, 2)
    for degrees in range(-180, 180, 15):
        turn(view, degrees)
        assert (view.differ.get_text() == "") == (degrees % 90 == 0)
    view.set(x=(0.05, 0))
    for degrees in range(-180, 180, 15):
        turn(view, degrees)
        assert view.differ.get_text() == ""


# --- 2.5, 2.6: descent directions ---------------------------------------------------------------


def test_half_of_all_directions_are_descent_directions() -> None:
    said(
        "Half of them, whenever $\\nabla f(x)\\neq0$",
        "The light half of the disc holds the descent directions.",
    )
    for x in ((3, 1), (-2, 4)):
        view = explore.direction(function="quadratic", x=x)
        assert 178 <= view.state.descent[:360].sum() <= 180
    assert "at 100% of 10,000 points" in stored("descent-check")
    assert "at 50% of them" in stored("descent-check")


def test_a_descent_direction_may_lead_past_the_minimum() -> None:
    said("One of them may still lead past the minimum, the star")
    view = explore.direction(function="quadratic", x=(3, 1), d=(-1, 0.4))
    assert "So d is a descent direction" in view.describe()
    d, x = np.array([-1, 0.4]), np.array([3, 1])
    nearest = x - (x @ d) / (d @ d) * d
    assert np.hypot(*nearest) > 1
    assert np.array(view.minimum.get_data()).tolist() == [[0], [0]]
    assert view.minimum.get_visible()
    view.set(function="saddle")
    assert not view.minimum.get_visible()


def test_minus_the_gradient_is_at_a_right_angle_to_the_contour_through_x() -> None:
    said(
        "$-\\nabla f$, is at a right angle to the contour through $x$",
        "The dotted line goes on where it points.",
    )
    view = explore.direction(function="quadratic", x=(3, 1))
    along = np.stack(view.contour.get_data(), axis=1)
    along = along[~np.isnan(along).any(axis=1)]
    assert ((along @ A) * along).sum(axis=1) / 2 == pytest.approx(
        np.full(len(along), np.array([3, 1]) @ A @ [3, 1] / 2), abs=0.01
    )
    close = along[np.hypot(*(along - [3, 1]).T) < 0.4]
    tangent = np.linalg.svd(close - close.mean(axis=0))[2][0]
    assert abs(angle(tangent, A @ [3, 1]) - 90) < 1
    ahead = np.stack(view.ahead.get_data(), axis=1)
    assert angle(ahead[1] - ahead[0], -A @ [3, 1]) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("x", [(1.2, 2.15), (3.5, -1.95)])
def test_try_it_minus_the_gradient_points_at_the_minimum(x: tuple) -> None:
    said(
        "Find an $x$ from which $-\\nabla f(x)$ points at the minimum, to within half a degree.",
        "through $x\\approx(1.2,\\,2.15)$ and $x\\approx(3.5,\\,-1.95)$",
    )
    view = explore.direction(function="quadratic", x=(3, 1), d=(-1, 0.4))
    away = angle(A @ [3, 1], np.array([3, 1]))
    assert f"−∇f(x) points {away:.1f}° past the minimum" in view.describe()
    view.set(x=x)
    assert "−∇f(x) points at the minimum, to within half a degree." in view.describe()
    assert angle(A @ x, np.array(x)) < 0.5
    assert min(angle(np.array(x), v * side) for v in np.linalg.eigh(A)[1].T for side in (1, -1)) < 0.5


def test_the_bar_ends_twice_as_far_as_the_lowest_point_and_shrinks_towards_the_edge() -> None:
    said(
        "which is twice the distance to the lowest point of the slice",
        "Its end is hollow: there $f$ is *equal* to $f(x)$",
        "the bar shrinks, but as long as $f'(x;d)<0$ there is one",
    )
    x = np.array([3, 1])
    view = explore.direction(function="quadratic", x=(3, 1), d=(-1, -1), reach=10)
    ends = []
    for degrees in (-130, -80, -60, -45, -41):
        turn(view, degrees, 1)
        d = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
        assert A @ x @ d < 0
        lowest = -(A @ x @ d) / (d @ A @ d)
        assert view.state.interval == pytest.approx(2 * lowest, rel=1e-6)
        there = x + view.state.interval * d
        assert there @ A @ there == pytest.approx(x @ A @ x)
        ends.append(view.state.interval)
        assert len(view.slice.open_end.get_xdata()) == 1
    assert ends == sorted(ends, reverse=True)
    assert 0 < ends[-1] < 0.3
    assert "3.565217   formula: 3.565217" in stored("proposition-check")


def test_try_it_a_bar_without_end_and_one_with() -> None:
    said(
        "at $-160°$, it does not end",
        "At $-90°$ it ends at $\\alpha\\approx0.77$: $E$ falls from 1 to about 0.92",
    )
    view = explore.direction(function="quadratic", x=(3, 1), d=(-1, -1))
    view.set(function="E of the four points", x=(0, 0))
    turn(view, -160, 1)
    assert "f(x + αd) < f(x) for every α up to 10, where the search ends" in view.describe()
    assert math.degrees(math.atan2(*(-v for v in slope((0, 0))[::-1]))) == pytest.approx(-160, abs=0.05)
    turn(view, -90)
    assert "So d is a descent direction: f(x + αd) < f(x) on (0, ε] for every ε < 0.769" in view.describe()
    fall = [total_error((0, -t)) for t in np.linspace(0, 10, 2001)]
    assert fall[0] == 1
    assert min(fall) == pytest.approx(0.92, abs=0.005)
    assert min(fall[160:]) >= 1  # "climbs above 1 and stays there"
    assert max(fall[160:]) > 1.003


# --- 2.7: the general algorithm -----------------------------------------------------------------


def test_the_direction_makes_the_walk_much_shorter_and_exact_steps_save_little() -> None:
    said("one step with $\\alpha=1$ arrives", "Exact steps along $-\\nabla f$ zigzag and save little.")
    steps = [int(n) for n in re.findall(r"(\d+) steps", stored("algorithm-swap"))]
    halved, exact, rescaled = steps
    assert rescaled == 1
    assert 0.8 * halved < exact < halved


def test_try_it_one_coordinate_at_a_time_and_no_stop() -> None:
    said("With halved steps it takes 8 steps here", "Without a stop the walk goes on for all 2,000 steps")
    cell = ran("setup", "algorithm", "algorithm-choice")
    bowl, start = methods.Quadratic([[1, 0], [0, 10]]), np.array([5.0, 1.0])

    def largest(f: methods.Quadratic, x: np.ndarray) -> np.ndarray:
        g = np.array([x[0], 10 * x[1]])
        return -np.where(np.abs(g) == np.abs(g).max(), g, 0)

    assert len(cell["descend"](bowl, start, largest, cell["halved"], cell["small"])) == 1 + 8
    walk = cell["descend"](bowl, start, largest, cell["halved"], lambda f, x: False)
    assert len(walk) == 2001
    assert bowl.error(walk[-1]) == bowl.error(walk[1500]) == 0  # "f has long been exactly 0"


# --- 2.8: when to stop --------------------------------------------------------------------------


def test_on_the_edge_the_function_goes_on_falling_outside() -> None:
    said("as here at $z=1$: outside $\\mathcal C$ the function goes on falling")
    view = explore.optimum(function="hill", z=1, feasible=(-2, 1))
    assert view.state.on_edge
    assert view.state.slope == pytest.approx(-0.3)
    x, f = view.whole.get_data()
    assert (np.diff(f[x >= 1]) < 0).all()


def test_f10_the_top_of_the_hill_and_the_flat_inflection_have_gradient_zero() -> None:
    said("$\\nabla f(z)=0$ also holds at a maximum, at a flat inflection and at a saddle")
    view = explore.optimum(function="hill", z=1, feasible=(-2, 1))
    assert "∇f(z) = 0" not in view.describe()
    view.set(z=0)
    assert "z is no local optimum; ∇f(z) = 0 all the same: f is lower on both sides" in view.describe()
    flat = explore.optimum(function="flat inflection", z=-1).describe()
    assert "z is no local optimum; ∇f(z) = 0 all the same: f is lower on one side" in flat


def test_f10_a_descent_method_that_starts_exactly_there_stops_at_once() -> None:
    said("A descent method that starts exactly there stops at once, and is wrong.")
    saddle = methods.Quadratic([[1, 0], [0, -1]])
    path = methods.gradient_descent(saddle, (0, 0), rate=0.1, steps=10)
    assert (len(path.w), path.stopped) == (1, "zero gradient")


def test_at_the_saddle_no_direction_is_one_and_yet_f_falls_for_ever() -> None:
    said("At the saddle the disc has no light half", "$f$ falls for ever along $d=(0,1)$")
    view = explore.direction(function="saddle", x=(0, 0), d=(0, 1))
    assert not view.state.descent.any()
    assert view.state.interval == np.inf
    assert list(view.slice.below.get_xdata()) == [0, 1]
    assert len(view.slice.open_end.get_xdata()) == 0


def test_try_it_off_the_saddle_the_arrow_points_back_along_x1_and_away_along_x2() -> None:
    said("From $(0.05,0)$: there $-\\nabla f=(-x_1,x_2)$ points back to 0. From $(0,0.05)$ it points away.")
    view = explore.direction(function="saddle", x=(0, 0), d=(0, 1))
    assert view.arrows.U[0] == view.arrows.V[0] == 0
    assert view.controls["x"].kind.step == 0.05
    view.set(x=(0.05, 0))
    assert view.arrows.U[0] < 0 == view.arrows.V[0]
    view.set(x=(0, 0.05))
    assert view.arrows.V[0] > 0 == view.arrows.U[0]


def test_f2_p_and_q_are_large_in_their_bands_and_nowhere_zero() -> None:
    said(
        "$p$ is large in a band where points 1 to 3 are undecided, and $q$ where point 4, $(2,-5)$, is",
        "Away from its band each falls by powers of ten, but nowhere to 0.",
    )
    view = explore.stationary(w=(0.5, 0))
    for w in ((1, -1), (-2, 2.1), (2.5, 1), (-2.5, -1)):
        view.set(w=w)
        p, q = slope(w, parts=True)
        assert (view.state.p, view.state.q) == pytest.approx((p, q), rel=1e-9)
        assert (p > 0.1) == (abs(w[0] + w[1]) < 1)
        assert (q > 0.1) == (abs(2 * w[0] - 5 * w[1]) < 1)
    p, q = maps(6.0, "carefully")
    assert np.isfinite([p, q]).all()
    assert p.min() < -5
    assert q.min() < -5


def test_try_it_the_gradient_lies_along_the_dotted_axis() -> None:
    said(
        "The sentence tells the angle between them: bring it below $2°$.",
        "at $w=(-0.1,-0.1)$: $p=1.403$, $q=0.2809$, and the angle is $0.05°$",
    )
    view = explore.stationary(w=(0.5, 0))
    g = slope((0.5, 0))
    before = math.degrees(math.atan2(abs(g[1]), abs(g[0])))
    assert before > 2
    assert f"The angle between ∇E and the w₁₁¹ axis is {before:.2f}°." in view.describe()
    view.set(w=(-0.1, -0.1))
    p, q = slope((-0.1, -0.1), parts=True)
    assert (round(p, 3), round(q, 4)) == (1.403, 0.2809)
    assert "The angle between ∇E and the w₁₁¹ axis is 0.05°." in view.describe()
    assert view.controls["w"].kind.snapped((-0.104, -0.09), view.settings) == (-0.1, -0.1)  # a stop of both


def test_f2_gradient_descent_does_not_stop() -> None:
    said("So where does gradient descent with the slides' test stop on $E$? It does not stop:")
    assert "stopped because of: steps" in stored("f2-run")
    w = np.zeros(2)
    for _ in range(10_000):
        w -= 0.5 * np.array(slope(w))
    norm = re.search(r"k =  10000   ‖∇E‖₂ = (\S+)", stored("f2-run"))
    assert norm
    assert float(norm[1]) == pytest.approx(math.hypot(*slope(w)), rel=1e-3)


# --- F4: floating point -------------------------------------------------------------------------


def long_gradient(w: tuple[int, int]) -> tuple[Decimal, Decimal]:
    """∇E with 2,500 digits."""
    with localcontext() as context:
        context.prec = 2500
        parts = [Decimal(0), Decimal(0)]
        for x, y in zip(X, Y, strict=True):
            a = 1 / (1 + Decimal(-(w[0] * x[0] + w[1] * x[1])).exp())
            parts = [part + 2 * (a - y) * a * (1 - a) * xi for part, xi in zip(parts, x, strict=True)]
        return parts[0], parts[1]


@pytest.mark.parametrize("w", [(-20, -30), (-40, -60)])
def test_f4_sigma_of_minus_z_is_right_and_one_minus_a_is_wrong(w: tuple) -> None:
    said(
        "$(1.141\\cdot10^{-95},-2.852\\cdot10^{-95})$, tiny, and in the right direction",
        "it points in a wrong direction",
    )
    truth = [float(part) for part in long_gradient(w)]
    careful, slide = (explore.stationary(w=w, written=how).state.gradient for how in ("carefully", SLIDE))
    assert careful == pytest.approx(truth, rel=1e-9, abs=0)
    assert f"({truth[0]:.3e}, {truth[1]:.3e})" in stored("f4")
    if w == (-40, -60):
        assert slide.tolist() == [0, 0]
        assert truth == pytest.approx([1.141e-95, -2.852e-95], rel=1e-3, abs=0)
    else:
        assert angle(slide / slide.max(), np.array(truth) / truth[0]) > 90


def test_f4_at_minus_400_minus_600_the_truth_is_of_the_order_10_to_the_minus_955() -> None:
    said("At $(-400,-600)$ the truth is of the order $10^{-955}$, below the smallest double")
    truth = long_gradient((-400, -600))
    assert truth[0].adjusted() == truth[1].adjusted() == -955
    for how in ("carefully", SLIDE):
        assert not explore.stationary(w=(-400, -600), written=how).state.gradient.any()


def test_f4_where_the_maps_are_red() -> None:
    said(
        "With $1-a$ nearly half of the plane has lost $q$, and the lower left corner has lost both.",
        "only a small upper left corner of $q$ stays red: there $q$ is smaller than the smallest double",
        "No place within $\\pm60$ has lost both. Choose $\\pm600$ to see much more underflow.",
    )
    view = explore.stationary(w=(-45, -55), written=SLIDE)
    lost = np.isnan(maps(60.0, SLIDE))
    assert 0.4 < lost[1].mean() < 0.5
    rows, columns = np.nonzero(lost[0] & lost[1])
    assert max(rows) < 60 > max(columns)  # of 121 each: the lower left quarter
    assert lost[:, 0, 0].all()
    careful = np.isnan(maps(60.0, "carefully"))
    assert not careful[0].any()
    rows, columns = np.nonzero(careful[1])
    assert 0 < len(rows) < 0.01 * careful[1].size
    assert min(rows) > 100 > 30 > max(columns)
    assert np.isnan(maps(600.0, "carefully"))[1].mean() > 0.5
    view.set(written="carefully", w=(-60, 60))
    assert "q = 0" in view.describe()
    assert "The true q is positive, but it is computed as 0." in view.describe()
    z = 2 * -60 - 5 * 60  # of point 4, so that q ≈ 2 e^(2z) there, below half of the smallest double
    assert math.log10(2) + 2 * z * math.log10(math.e) < math.log10(5e-324) - math.log10(2)


# --- 2.9: the perceptron ------------------------------------------------------------------------


def perceptron(start: tuple, k: int) -> tuple[np.ndarray, int]:
    """w after k samples in turn, and how many corrections there were."""
    w, corrections = np.array(start, dtype=float), 0
    for step in range(k):
        x, y = np.array(X[step % 4]), 2 * Y[step % 4] - 1
        if y * (w @ x) <= 0:
            w, corrections = w + y * x, corrections + 1
    return w, corrections


def right(w: np.ndarray) -> int:
    return sum((2 * y - 1) * (w @ np.array(x)) > 0 for x, y in zip(X, Y, strict=True))


def test_it_is_a_tie_in_steps_both_have_all_four_right_at_k_4() -> None:
    said(
        "Here it is a tie in steps: both have all four points right at $k=4$.",
        "it has spent 16 sample gradients, and the Perceptron has looked at 4 samples",
        "and made two corrections",
    )
    view = explore.perceptron(start=(1, 0.5))
    gd = np.array([1, 0.5])
    for k in range(17):
        view.set(shown=k)
        w, corrections = perceptron((1, 0.5), k)
        assert view.state.right == {"perceptron": right(w), "gd": right(gd)}
        assert (right(w) == 4) == (right(gd) == 4) == (k >= 4)
        assert (corrections == 2) == (k >= 4)
        gd = gd - 0.5 * np.array(slope(gd))
    path = methods.gradient_descent(four_points(), (1, 0.5), rate=0.5, steps=4)
    assert path.sample_gradients[-1] == 16


def test_the_perceptrons_function_and_gradient_are_exactly_0_at_the_end() -> None:
    said("The Perceptron's function is exactly 0 once all points are right, and so is its gradient")
    view = explore.perceptron(start=(1, 0.5), shown=4)
    assert "with 4 of 4 points right and Σ max(0, −y w·x) = 0;" in view.describe()
    w = view.state.walks["perceptron"][-1]
    assert not LOSS.gradient(w).any()


def test_with_the_same_samples_the_two_end_at_the_same_w() -> None:
    said("With the same samples, the two end at the same $w$.")
    assert "sample 4 is wrong: w = [-4.   2.5]\nSGD ends at     w = [-4.   2.5]" in stored("perceptron-code")


def test_the_function_is_0_in_the_whole_cone_and_its_steps_are_samples() -> None:
    said("It is 0 (dark blue) in the whole cone in which all points are right.", "Its steps are $\\pm x^i$")
    view = explore.perceptron(start=(1, 0.5))
    for w in np.random.default_rng(0).uniform(-6, 6, (500, 2)):
        if right(w) == 4:
            assert LOSS.error(w) == 0
        else:
            assert LOSS.error(w) > 0
    view.set(shown=16)
    for step in np.diff(view.state.walks["perceptron"], axis=0):
        assert not step.any() or tuple(np.abs(step)) in [tuple(np.abs(x)) for x in X]


@pytest.mark.parametrize("shown", [0, 3, 16])
def test_each_w_is_an_arrow_at_a_right_angle_to_its_line(shown: int) -> None:
    said("it stands at a right angle to its line, and points to the side that is counted as $y=+1$")
    view = explore.perceptron(start=(6, -6), shown=shown)
    for i, name in enumerate(("perceptron", "gd")):
        arrow = np.array([view.normals.U[i], view.normals.V[i]])
        x, y = view.lines[name].get_data()
        assert arrow @ [x[1] - x[0], y[1] - y[0]] == pytest.approx(0, abs=1e-9)
        assert view.state.walks[name][-1] @ arrow > 0
        assert np.abs(arrow).max() < 6  # it stays in the picture


def test_try_it_from_4_3_the_perceptron_makes_it_and_gd_does_not_move() -> None:
    said(
        "Start at $(4,3)$ and go to $k=16$.",
        "Gradient descent stands on the plateau $E\\approx3$: three points are as wrong as can be",
    )
    view = explore.perceptron(start=(1, 0.5))
    assert view.state.right["perceptron"] < 4
    view.set(start=(4, 3), shown=16)
    assert view.state.right["perceptron"] == right(perceptron((4, 3), 16)[0]) == 4
    assert view.state.right["gd"] == right(np.array([4, 3])) == 1
    assert total_error((4, 3)) == pytest.approx(3, abs=1e-3)
    assert math.hypot(*slope((4, 3))) < 1e-3
    assert view.state.walks["gd"][-1] == pytest.approx([4, 3], abs=0.01)


def test_points_are_named_as_the_picture_shows_them() -> None:
    view = explore.perceptron(start=(1, 0.5), shown=3)
    assert "next, point 4 (the diamond) moves it by yx = (−2, 5)." in view.describe()


def test_w_0_is_a_useless_minimum_and_a_correction_may_spoil_others() -> None:
    said("the value is 0, and no point is right", "correcting one sample may spoil others")
    assert right(np.zeros(2)) == 0
    w = np.array([-0.1, -1])
    assert right(w) == 3
    lost = [
        sum(max(0, -(2 * y - 1) * (v @ np.array(x))) for x, y in zip(X, Y, strict=True))
        for v in (w, w + np.array([-2, 5]))
    ]
    assert lost == pytest.approx([4.8, 17.1])
    assert "the sum goes from 4.8 to 17.1" in stored("perceptron-fine")


# --- the notebook as a whole --------------------------------------------------------------------


def test_every_section_has_the_number_of_its_statement_and_none_twice() -> None:
    numbers = re.findall(r"^## (2\.\d+) ", "\n".join(cell.source for cell in CELLS.values()), flags=re.M)
    assert numbers == [f"2.{n}" for n in range(1, 10)]


def test_sliders_keep_the_superscript() -> None:
    assert sliders(explore.stationary(), "w") == ["w₁₁¹", "w₁₂¹"]
    assert sliders(explore.perceptron(), "start") == ["start w₁₁¹", "start w₁₂¹"]
