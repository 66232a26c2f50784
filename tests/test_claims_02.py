"""Notebook 02: what its texts and activities claim about the views.

Each test quotes the words that it checks. The expected values are computed here anew: plain loops, closed
forms, decimal arithmetic.
"""

import math
import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from claims import Notebook, says
from hands import drag, message

import lecture643 as lec
from lecture643 import explore, functions
from lecture643.explore.interior import NAMES
from lecture643.explore.optimum import FEASIBLE
from lecture643.explore.perceptron import LOSS
from lecture643.explore.stationary import maps
from lecture643.live import View
from lecture643.maths import methods
from lecture643.maths.toy import four_points

SECOND = Notebook("02")
X = [(-3, -3), (-2, -2), (4, 4), (2, -5)]
Y = [1, 1, 0, 0]
SLIDE = "as on the slide, 1 − a"
A = np.array([[0.5, 0.4], [0.4, 1]])  # of the quadratic
SEVERAL = (-2.6, -1.6, -0.2, 1.2, 2.5)


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


def degrees_of(v: np.ndarray) -> float:
    return math.degrees(math.atan2(v[1], v[0]))


def sliders(view: View, name: str) -> list[str]:
    """What stands beside the sliders of a setting."""
    return next(told["names"] for told in view.settings.told() if told["name"] == name)


def turn(view: View, degrees: float, length: float | None = None) -> None:
    """Turn d by its sliders."""
    (shown,) = (told["value"] for told in view.settings.told() if told["name"] == "d")
    view.take_shown({"d": [degrees, length or shown[1]]})


def reached(view: View) -> list[bool]:
    return [goal["reached"] for goal in view.stage.tasks["goals"]]


# --- 2.1, 2.2: optima ---------------------------------------------------------------------------


def test_21_prediction_the_best_place_that_is_left_is_the_end_of_c() -> None:
    says(
        "cut",
        "Now C is cut to [−1, 1.5].",
        "The valleys at −2 and 2 lie outside of C now, however low they are. From 0 to 1.5 f falls all "
        "the way",
        "S* = {1.5}, f* = −0.9703.",
    )
    f = polynomial((-2, 0, 2), 0.3)
    x = np.linspace(-1, 1.5, 10_001)
    assert x[f(x).argmin()] == 1.5
    assert f(1.5) == pytest.approx(-0.9703, abs=5e-5)
    assert (np.diff(f(x[x >= 0])) < 0).all()
    assert f(2) == f(-2) < f(1.5)
    view = SECOND.value("problem")
    message(view, "task", act="commit", guess=[2])
    told = view.stage.tasks["prediction"]
    assert told["truth"] == [1.5]
    assert abs(2 - 1.5) > told["close"]


def test_21_when_c_shrinks_f_star_rises_or_stays() -> None:
    SECOND.said(
        "When $\\mathcal C$ shrinks, $f^*$ rises or stays.", "The dotted part of the curve is not allowed"
    )
    view = explore.optimum(function="two equal valleys", z=0.5)
    assert view.whole.get_linestyle() == ":"
    values = []
    for high in np.arange(3, -3.01, -0.25):
        view.set(feasible=(-3, high))
        values.append(view.state.on.least)
        assert view.line.get_xdata().max() == high
    assert (np.diff(values) >= -1e-12).all()
    assert values[-1] > values[0]


def test_21_goal_both_ends_of_c_are_in_s_star() -> None:
    says(
        "cut",
        "Cut C so that both of its ends are in S*.",
        "f(−x) = f(x) here.",
        "It has two members where two",
    )
    f = polynomial((-2, 0, 2), 0.3)
    assert (f - f(-np.polynomial.Polynomial([0, 1]))).coef == pytest.approx(0)
    view = SECOND.value("problem")
    message(view, "task", act="commit", guess=None)
    assert reached(view) == [False]
    view.set(feasible=(0.5, 0.5))  # one point is no two ends
    assert reached(view) == [False]
    view.set(feasible=(-1, 1))
    assert "C = [−1, 1]" in view.describe()
    assert "S* = {−1, 1}." in view.describe()
    assert reached(view) == [True]


def test_21_the_strips_and_the_stars() -> None:
    SECOND.said("The stars in the picture are $S^*$, the lowest strip is $\\mathcal C$.")
    view = SECOND.value("problem")
    assert view.best.get_marker() == "*"
    assert view.best.get_xdata().tolist() == [-2, 2]
    (around,), (feasible,) = set(view.around_bar.get_ydata()), set(view.feasible_bar.get_ydata())
    assert feasible < around < min(view.line.get_ydata())


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


def test_22_prediction_all_three_are_local_optima() -> None:
    says(
        "which_are_local",
        "The three yellow places pass the test with ε = 0.8.",
        "and only the lowest one still passes.",
        "the definition asks for some ε. A small one is enough, and each of the three passes with one.",
        "x = 2.5 passes with every ε. That makes it the global optimum.",
        "x = 2.5 does pass with every ε: nowhere in C is f lower.",
    )
    view = SECOND.value("local")
    assert len(view.passing.get_xdata()) + len(view.best.get_xdata()) == 3
    assert "With this ε {−2.6, −0.2, 2.5} pass." in view.describe()
    assert "a local optimum" not in view.describe()  # the question is open
    message(view, "task", act="commit", guess=1)
    assert view.stage.tasks["prediction"]["truth"] == 0
    assert view.settings.epsilon == 6
    assert len(view.passing.get_xdata()) == 0
    assert "S* = {2.5}. With this ε only 2.5 passes." in view.describe()
    x, f = np.linspace(-3, 3, 6001), polynomial(SEVERAL, 0.2)
    assert x[f(x).argmin()] == pytest.approx(2.5)
    lower = (f(x[1:-1]) < f(x[:-2])) & (f(x[1:-1]) < f(x[2:]))
    assert x[1:-1][lower] == pytest.approx([-2.6, -0.2, 2.5])


def test_22_what_is_red_is_lower_within_epsilon_and_on_a_slope_every_epsilon_fails() -> None:
    SECOND.said(
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


def test_22_goal_the_largest_epsilon_is_told_to_who_has_found_it() -> None:
    says(
        "which_are_local",
        "Put z into the valley at −2.6 and find the largest ε with which it still passes.",
        "Red is where f is lower than f(z).",
        "It passes up to ε = 2.117. There N(z, ε) touches the next valley, which is a little deeper, at the "
        "height f(z) = 0.04799.",
    )
    f = polynomial(SEVERAL, 0.2)
    touched = min(r.real for r in (f - f(-2.6)).roots() if abs(r.imag) < 1e-9 and r.real > -2.5)
    assert touched + 2.6 == pytest.approx(2.117, abs=5e-4)
    assert f(-2.6) == pytest.approx(0.04799, abs=5e-6)
    assert f(-0.2) < f(-2.6) < f(-0.2) + 0.2
    view = SECOND.value("local")
    message(view, "task", act="commit", guess=None)
    view.set(z=-2.6)
    for epsilon in (0.05, 0.8, 2, 2.2, 6):
        view.set(epsilon=epsilon)
        assert "2.117" not in view.describe()
        assert "2.117" not in " ".join(cell.get_text() for cell in view.facts.cells)
        assert reached(view) == [False]
    for epsilon, verdict in ((2.1, "passes with"), (2.15, "fails with")):
        view.set(epsilon=epsilon)
        assert reached(view) == [True]
        assert f"z = −2.6 {verdict}" in view.describe()
        assert "the largest ε with which it passes is 2.117;" in view.describe()
        assert "yes, for ε ≤ 2.117" in [cell.get_text() for cell in view.facts.cells]


# --- 2.3: the gradient --------------------------------------------------------------------------


def cubic(x: tuple) -> Fraction:
    return x[0] ** 2 * x[1] + x[1] ** 3


def test_23_along_1_0_it_is_4_and_along_0_1_it_is_7() -> None:
    SECOND.said(
        "f(x)=x_1^2x_2+x_2^3,\\quad \\nabla f(x)=\\begin{pmatrix}2x_1x_2\\\\ x_1^2+3x_2^2\\end{pmatrix}.",
        "along $d=(1,0)$ only $x_1$ does.",
        "Below stands where that leads: 4, the first entry of $\\nabla f(2,1)$.",
    )
    says(
        "entries",
        "Along d = (0, 1) only x₂ moves, and f'(x; d) = 7. The formula says x₁² + 3x₂² = 7.",
        "For the second entry x₂ moves, and x₁ stays as it is.",
    )
    h = Fraction(1, 10**6)
    partials = [
        (cubic((2 + h, Fraction(1))) - cubic((2 - h, Fraction(1)))) / (2 * h),
        (cubic((Fraction(2), 1 + h)) - cubic((Fraction(2), 1 - h))) / (2 * h),
    ]
    assert [round(float(part), 6) for part in partials] == [4, 7]
    view = SECOND.value("gradient-view")
    assert "f'(x; d) = ⟨∇f(x), d⟩ = 4;" in view.describe()
    for alpha, quotient in zip(10.0 ** -np.arange(5), view.state.quotients, strict=False):
        assert quotient == pytest.approx((cubic((2 + alpha, 1)) - cubic((2, 1))) / alpha)
    turn(view, 90)
    assert "f'(x; d) = ⟨∇f(x), d⟩ = 7;" in view.describe()
    assert reached(view) == [True, False]


def test_23_goal_a_place_with_the_gradient_0_12() -> None:
    says(
        "entries",
        "Drag x to a place where ∇f(x) = (0, 12).",
        "2x₁x₂ has to be 0 there. Then x₁² + 3x₂² = 12 is easy.",
        "2x₁x₂ = 0 and x₁² + 3x₂² = 12: with x₁ = 0 x₂ is 2 or −2, with x₂ = 0 x₁ is √12 or −√12.",
    )
    for x in ((0, 2), (0, -2), (math.sqrt(12), 0), (-math.sqrt(12), 0)):
        assert (2 * x[0] * x[1], x[0] ** 2 + 3 * x[1] ** 2) == pytest.approx((0, 12))
        view = SECOND.value("gradient-view")
        view.set(x=x)
        assert reached(view)[1]


def test_23_a_gradient_of_your_own_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    SECOND.said(
        "`lec.explore.direction(problem=lec.functions.Function(f))`",
        "`lec.exercises.check_gradient(f, gradient, at=(2, 1))` checks a gradient of yours, component by "
        "component.",
    )
    assert "f'(x; d) = ⟨∇f(x), d⟩ = " in explore.direction(problem=functions.Function(cubic)).describe()
    lec.exercises.check_gradient(cubic, lambda x: [2 * x[0] * x[1], x[0] + 3 * x[1] ** 2], at=(2, 1))
    assert "component 2" in capsys.readouterr().out
    lec.exercises.check_gradient(cubic, lambda x: [2 * x[0] * x[1], x[0] ** 2 + 3 * x[1] ** 2], at=(2, 1))
    assert capsys.readouterr().out.startswith("Right")


# --- 2.4: the directional derivative, the interior ----------------------------------------------


def test_24_the_table_less_than_half_at_1_then_a_digit_a_line() -> None:
    SECOND.said(
        "for $\\alpha=1$ the quotient is less than half of the limit.",
        "From $0.1$ on, each line gains one digit",
    )
    x, d = np.array([1, 0.5]), np.array([-1, 0.5])
    limit = float(np.array(slope(x)) @ d)
    state = SECOND.value("derivative").state
    assert state.quotients[0] == pytest.approx(total_error(x + d) - total_error(x))
    assert 0 > state.quotients[0] > limit / 2
    errors = np.abs(state.quotients - limit)[1:6]
    assert (np.abs(errors[:-1] / errors[1:] - 10) < 0.5).all()


def test_24_largest_along_the_gradient_smallest_against_it_0_at_a_right_angle() -> None:
    SECOND.said(
        "it is largest along $\\nabla f(x)$, smallest along $-\\nabla f(x)$, and 0 at a right angle to both."
    )
    view = explore.direction(x=(1, 0.5))
    derivatives = {}
    for degrees in range(-180, 180):
        turn(view, degrees, 1)
        derivatives[degrees] = view.state.derivative
    g = np.array(slope((1, 0.5)))
    assert max(derivatives, key=derivatives.__getitem__) == round(degrees_of(g))
    assert min(derivatives, key=derivatives.__getitem__) == round(degrees_of(-g))
    assert abs(derivatives[round(degrees_of(g)) + 90]) < 0.02 * max(derivatives.values())


def test_24_goal_a_short_slice_is_its_own_tangent() -> None:
    says(
        "slope_along",
        "Make the slice so short that the curve is less than 5 % off its dashed tangent.",
        "For small α the curve is the line of slope f'(x; d) = −0.9267: that is what the limit says.",
    )
    x, d = np.array([1, 0.5]), np.array([-1, 0.5])
    limit = float(np.array(slope(x)) @ d)
    assert limit == pytest.approx(-0.9267, abs=5e-5)
    view = SECOND.value("derivative")
    for reach in (5, 0.1, 0.02, 0.001):
        view.set(reach=reach)
        alpha = np.linspace(0, reach, 201)
        rise = np.array([total_error(x + a * d) for a in alpha]) - total_error(x)
        off = np.abs(rise - limit * alpha).max() / abs(limit * reach)
        assert reached(view)[0] == (off < 0.05)
        if off < 0.05:
            break
    assert reach == 0.02


def test_24_goal_at_a_right_angle_d_lies_along_the_contour_through_x() -> None:
    says(
        "slope_along",
        "Turn d to where f'(x; d) is 0: at a right angle to ∇f(x), to within half a degree.",
        "At 44° d lies along the contour through x, on the edge of the light half of the disc. Along a "
        "contour f "
        "neither falls nor rises.",
    )
    view = SECOND.value("derivative")
    x, y = view.contour.get_data()
    along = np.stack([x, y], axis=1)
    distance = np.hypot(*(along - [1, 0.5]).T)
    assert np.nanmin(distance) < 0.06  # the contour goes through x
    assert [total_error(w) for w in along[distance < 2]] == pytest.approx(
        [total_error((1, 0.5))] * int((distance < 2).sum()), abs=0.06
    )
    close = along[distance < 0.5]
    for degrees in (-136, 44):
        turn(view, degrees)
        assert 89.5 <= view.state.angle <= 90.5
        assert reached(view)[1]
        fitted = np.linalg.svd(close - close.mean(axis=0))[2][0]  # the contour's direction near x
        assert min(angle(view.state.d, fitted), angle(view.state.d, -fitted)) < 10
        at = degrees % 360
        edge = view.state.descent[[(at - 2) % 360, (at + 2) % 360]]
        assert sorted(edge) == [False, True]


MEMBERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "disc": lambda y: y[:, 0] ** 2 + y[:, 1] ** 2 <= 6.25,
    "square, one side open": lambda y: (y[:, 0] >= -2) & (y[:, 0] < 2) & (np.abs(y[:, 1]) <= 2),
    "segment": lambda y: (y[:, 1] == 0) & (np.abs(y[:, 0]) <= 2.5),
    "ℝ²": lambda y: np.isfinite(y[:, 0]),
}


@pytest.mark.parametrize("shape", MEMBERS)
def test_f8_interior_points_of_each_set_against_balls_of_many_points(shape: str) -> None:
    SECOND.said("all points of $\\mathbb R^2$ are interior points, and none of the segment")
    angles = np.linspace(0, 2 * np.pi, 721)
    ball = np.concatenate([r * np.stack([np.cos(angles), np.sin(angles)], axis=1) for r in (0.999, 0.5)])
    assert set(MEMBERS) == set(NAMES)
    view, holds = explore.interior(shape=shape), MEMBERS[shape]
    for x in [(0, 0), (1, 0.5), (2.5, 0), (1.5, 2), (2, 0), (-2, 1), (0.5, 2), (1.9, -1.9), (3, 3)]:
        for epsilon in (0.05, 0.5, 1.5):
            view.set(x=x, epsilon=epsilon)
            state = view.state
            point = np.array([x], dtype=float)
            assert state.member == holds(point)[0]
            assert state.inside == (state.member and holds(point + epsilon * ball).all())
            assert state.interior == (state.member and holds(point + 1e-6 * ball).all())
            if shape == "ℝ²":
                assert state.interior
            if shape == "segment":
                assert not state.interior


def test_f8_a_ball_that_sticks_out_proves_nothing() -> None:
    SECOND.said("A ball that sticks out proves nothing, since a smaller one may fit.")
    view = SECOND.value("interior-view")
    assert "sticks out of C; the largest that lies in C has ε = 1: x ∈ int(C)." in view.describe()


def test_f8_goals_a_point_that_is_not_interior_and_the_slides_ball() -> None:
    SECOND.said(
        "That ball cannot leave $\\mathcal C$, so *every* point of $\\mathcal C$ would be an interior one."
    )
    says(
        "room",
        "Find a point of C that is no interior point.",
        "Every ball around a point of a solid side sticks out. The dashed side does not belong to C.",
        "A ball taken in C lies in C by definition. With it every point of C would be interior.",
        "Drag x towards one of the three solid sides, and onto it.",
    )
    view = SECOND.value("interior-view")
    view.set(x=(2, 0))
    assert "is no point of C" in view.describe()
    assert reached(view) == [False, False]
    for x in ((-2, 0), (0.5, 2), (-1, -2)):
        view.set(x=x)
        assert "sticks out of C, and so does every smaller one: x ∉ int(C)." in view.describe()
        assert reached(view) == [True, False]
    view.set(taken_in="C, as on the slide")
    assert "So x would be an interior point, though it is none." in view.describe()
    assert reached(view) == [True, True]


def test_the_ball_is_dragged_by_its_rim_and_x_by_itself() -> None:
    view = explore.interior(x=(0, 0), epsilon=1)
    drag(view, "plane", [(1, 0), (2, 0)])
    assert view.state.epsilon == pytest.approx(2)
    drag(view, "plane", [(0, 0), (1, -1)])
    assert view.state.x == pytest.approx([1, -1])


def test_f9_the_limit_differs_from_the_inner_product_but_on_the_axes() -> None:
    SECOND.said("The two agree along the axes only.", "so both partial derivatives at 0 are 0")
    says(
        "partials_only",
        "differ by more than 0.384, for ‖d‖₂ = 1",
        "They agree along the axes. Look in between.",
        "Along d the quotient is 0.3849 for every α, and so is the limit. But both partial derivatives "
        "are 0 here, so "
        "that ⟨∇f(x), d⟩ = 0.",
    )
    view = SECOND.value("f9")
    largest = 0.0
    for degrees in range(-180, 180):
        turn(view, degrees, 1)
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        assert view.state.quotients == pytest.approx([c * s**2] * 7, abs=1e-9)
        assert (view.differ.get_text() == "") == (degrees % 90 == 0)
        largest = max(largest, abs(c * s**2))
        assert reached(view)[0] == (largest > 0.384)
    assert reached(view) == [True]
    assert largest == pytest.approx(2 / math.sqrt(27), abs=1e-3)  # 0.3849, with tan² = 2
    view.set(x=(0.05, 0))
    for degrees in range(-180, 180, 15):
        turn(view, degrees)
        assert view.differ.get_text() == ""  # "they agree in every direction"


# --- 2.5, 2.6: descent directions ---------------------------------------------------------------


@pytest.mark.parametrize("x", [(3, 1), (-2, 4)])
def test_25_half_of_all_directions_are_descent_directions(x: tuple) -> None:
    SECOND.said("The light half of the disc holds all descent directions: half of all directions, whenever")
    view = explore.direction(function="quadratic", x=x)
    assert 178 <= view.state.descent[:360].sum() <= 180
    for degrees in range(0, 360, 10):
        d = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
        assert view.state.descent[degrees] == (A @ x @ d < 0)


def test_25_prediction_minus_the_gradient_misses_the_minimum() -> None:
    SECOND.said(
        "The black arrow is at a right angle to the contour through $x$, so it seldom points at the minimum",
        "The dotted line goes on where it points.",
    )
    says(
        "towards_the_minimum",
        "Now x moves to (−5, 1), on the left.",
        "−∇f(x) is at a right angle to the contour through x, and points to 25°. That is 37° past the "
        "minimum",
    )
    x = np.array([-5, 1])
    truth, towards_the_star = degrees_of(-A @ x), degrees_of(-x)
    assert (round(truth), round(abs(truth - towards_the_star))) == (25, 37)
    view = SECOND.value("descent")
    start = np.array(view.settings.x)
    assert angle(-A @ start, -start) < 10  # at first it seems to point at the star
    message(view, "task", act="commit", guess=[-10])
    told = view.stage.tasks["prediction"]
    assert told["truth"] == pytest.approx([truth])
    assert abs(towards_the_star - truth) > 2 * told["close"]
    along = np.stack(view.contour.get_data(), axis=1)
    along = along[~np.isnan(along).any(axis=1)]
    assert ((along @ A) * along).sum(axis=1) / 2 == pytest.approx(
        np.full(len(along), x @ A @ x / 2), abs=0.02
    )
    close = along[np.hypot(*(along - x).T) < 0.4]
    tangent = np.linalg.svd(close - close.mean(axis=0))[2][0]
    assert abs(angle(tangent, A @ x) - 90) < 1
    ahead = np.stack(view.ahead.get_data(), axis=1)
    assert angle(ahead[1] - ahead[0], -A @ x) == pytest.approx(0, abs=1e-5)
    assert np.array(view.minimum.get_data()).tolist() == [[0], [0]]


@pytest.mark.parametrize("x", [(1.2, 2.15), (3.5, -1.95)])
def test_25_goal_minus_the_gradient_points_at_the_minimum_from_two_lines(x: tuple) -> None:
    says(
        "towards_the_minimum",
        "Find an x from which −∇f(x) does point at the minimum, to within half a degree.",
        "Such x lie on two lines, the axes of the ellipses. There ∇f(x) is a multiple of x.",
        "Where does a contour stand at a right angle to the line from the star?",
    )
    view = SECOND.value("descent")
    message(view, "task", act="commit", guess=None)
    assert reached(view) == [False]
    view.set(x=x)
    assert reached(view) == [True]
    assert "−∇f(x) points at the minimum, to within half a degree." in view.describe()
    assert angle(A @ x, np.array(x)) < 0.5
    assert min(angle(np.array(x), v * side) for v in np.linalg.eigh(A)[1].T for side in (1, -1)) < 0.5


def test_26_the_bar_ends_where_f_is_equal_again_and_shrinks_towards_the_edge() -> None:
    SECOND.said(
        "The end of the bar is hollow: there $E$ is *equal* to $E(x)$",
        "the bar may get short, but as long as $f'(x;d)<0$ there is one.",
        "The yellow bar on the axis of the slice is the longest interval on which $E$ stays below $E(x)$.",
    )
    view = SECOND.value("proposition")
    ends = []
    for degrees in (-90, -80, -75, -72):
        turn(view, degrees, 1)
        d = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
        assert np.array(slope((0, 0))) @ d < 0
        fall = np.array([total_error(t * d) for t in np.linspace(0, view.state.interval, 200)[1:-1]])
        assert (fall < 1).all()
        assert total_error(view.state.interval * d) == pytest.approx(1)
        ends.append(view.state.interval)
        assert len(view.slice.open_end.get_xdata()) == 1
    assert ends == sorted(ends, reverse=True)
    assert 0 < ends[-1] < 0.2
    assert view.slice.below.get_color() == "#f0e442"


def test_26_goals_a_bar_without_end_and_one_with() -> None:
    says(
        "how_far",
        "Along −160° E stays below 1 as far as one looks. Every ε up to 10 will do.",
        "Here f'(x; d) = −1, and E is back at E(x) for α = 0.7697.",
        "Turn d towards the edge of the light half of the disc, where f'(x; d) is close to 0.",
        "Turn d into the cone in which E falls to 0.",
    )
    view = SECOND.value("proposition")
    assert slope((0, 0))[0] > 0  # along d = (1, 0) E rises
    assert reached(view) == [False, False]
    turn(view, -160, 1)
    assert "f(x + αd) < f(x) for every α up to 10, where the search ends" in view.describe()
    assert max(total_error((-0.93969 * t, -0.34202 * t)) for t in np.linspace(0.01, 10, 1000)) < 1
    assert reached(view) == [True, False]
    turn(view, -90)
    assert "So d is a descent direction: f(x + αd) < f(x) on (0, ε] for every ε < 0.7697" in view.describe()
    assert slope((0, 0))[1] == pytest.approx(1)
    assert total_error((0, -0.7697)) == pytest.approx(1, abs=1e-4)
    assert reached(view) == [True, True]


def test_26_a_short_d_does_not_make_the_bar_longer() -> None:
    view = SECOND.value("proposition")
    turn(view, -90, 0.1)  # in units of ‖d‖ the bar would reach nearly to 8
    assert reached(view) == [False, False]


# --- 2.7: the general algorithm -----------------------------------------------------------------


def steps_of(direction: str, step: str, start: tuple = (5.0, 1.0), tolerance: float = 1e-3) -> int:
    """How many steps the walk takes in the valley ½(x₁² + 10x₂²), by hand; 100 at most."""

    def f(x: np.ndarray) -> float:
        return (x[0] ** 2 + 10 * x[1] ** 2) / 2

    x = np.array(start)
    for k in range(1, 101):
        g = x * [1, 10]
        d = {
            "−∇f": -g,
            "rescaled": -g / [1, 10],
            "one coordinate": -np.where(np.abs(g) == np.abs(g).max(), g, 0),
        }[direction]
        if step == "exact":
            alpha = -(g @ d) / (d @ (d * [1, 10]))
        elif step == "halved":
            alpha = 1.0
            while f(x + alpha * d) >= f(x):
                alpha /= 2
        else:
            alpha = float(step)
        x = x + alpha * d
        if np.hypot(*(x * [1, 10])) <= tolerance:
            return k
    return 100


def test_27_prediction_the_direction_makes_the_walk_much_shorter() -> None:
    says(
        "swap",
        "With d = −∇f and the halved step this walk takes 35 steps until ‖∇f‖₂ ≤ 10⁻³.",
        "it takes 31 steps: along −∇f the exact steps zigzag, too.",
        "it takes 1 step: divided so, −∇f points straight at the minimum.",
        "it takes 8 steps: each mends one axis of the ellipses.",
        "The valley is ten times steeper across than along.",
    )
    assert steps_of("−∇f", "halved") == 35
    assert steps_of("−∇f", "exact") == 31
    assert steps_of("rescaled", "halved") == 1
    assert steps_of("one coordinate", "halved") == 8
    view = SECOND.value("algorithm")
    assert "after 35 steps" in view.describe()
    message(view, "task", act="commit", guess=0)
    assert view.stage.tasks["prediction"]["truth"] == 1
    assert "after 1 step " in view.describe()


def test_27_goals_a_start_on_an_axis_and_a_fixed_step() -> None:
    says(
        "swap",
        "From (5, 0), on an axis of the ellipses, −∇f points at the minimum. From all other places it "
        "does not",
        "γ = 0.15 does it. From 0.2 on the walk jumps across the valley and never gets down",
        "A longer step saves steps, until it is so long that f rises.",
    )
    assert steps_of("−∇f", "exact", start=(5.0, 0.0)) == 1
    assert min(steps_of("−∇f", "exact", start=(5.0, y)) for y in (0.5, 1.0, 3.0)) > 3
    by_rate = {rate: steps_of("−∇f", str(rate)) for rate in (0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3)}
    assert by_rate[0.15] <= 60 < by_rate[0.12] < by_rate[0.1] < by_rate[0.08]
    assert all(by_rate[rate] == 100 for rate in (0.2, 0.25, 0.3))
    view = SECOND.value("algorithm")
    message(view, "task", act="commit", guess=None)
    view.set(direction="−∇f", step="fixed γ")
    for rate, steps in by_rate.items():
        view.set(rate=rate)
        assert reached(view)[1] == (steps <= 60 or rate > 0.15)  # once reached it stays so
    view.set(step="exact", start=(5, 0))
    assert reached(view) == [True, True]


def test_27_what_to_look_for() -> None:
    SECOND.said(
        "With the direction $-\\nabla f$ the walk zigzags across the valley.",
        "0.1 is safe and slow, and with 0.25 $f$ rises at every step.",
        "with $-\\nabla f$ the walk takes all the 100 steps that it may.",
        "The *halved* step begins with $\\alpha=1$ and halves it until $f$ is lower than before.",
    )
    view = explore.algorithm(step="halved")
    assert (np.diff(np.sign(view.state.x[:8, 1])) != 0).sum() >= 5
    view.set(step="fixed γ", rate=0.25)
    assert (np.diff(view.state.f) > 0).all()
    assert "f did not fall in 100 of them: that step is too long." in view.describe()
    view.set(rate=0.1)
    assert (np.diff(view.state.f) < 0).all()
    assert view.settings.steps > 35
    for step in ("halved", "exact", "fixed γ"):
        view.set(step=step, stop=0.0)
        assert (
            view.settings.steps == 100 == steps_of("−∇f", "0.1" if step == "fixed γ" else step, tolerance=0)
        )


# --- 2.8: when to stop --------------------------------------------------------------------------


def test_28_goal_a_local_optimum_on_the_edge() -> None:
    says(
        "on_the_edge",
        "Make z a local optimum although ∇f(z) is not 0.",
        "z = 0.6 is on the edge of C. f is lower outside, but nothing is allowed there.",
    )
    f = polynomial(SEVERAL, 0.2)
    assert f.deriv()(0.6) > 0
    assert f(0.55) < f(0.6)
    view = SECOND.value("stop")
    assert "so z is no local optimum" in view.describe()
    assert reached(view) == [False]
    drag(view, "curve", [(-3, FEASIBLE), (0.6, FEASIBLE)])
    assert view.settings.feasible == (0.6, 3)
    assert "which need not be 0 on the edge of C" in view.describe()
    assert reached(view) == [True]


def test_28_prediction_the_gradient_is_0_nowhere() -> None:
    SECOND.said("$E$ has no local optimum either", "the test $\\|\\nabla E\\|_2=0$ never fires.")
    says(
        "anywhere",
        "p and q are positive everywhere, and (1, 1) and (2, −5) do not lie on one line.",
        "on a terrace ∇E is tiny, (0.0004866, −0.001185) at (4, 2.5), but not 0: the terrace still slopes.",
        "E has no lowest point: along a ray it falls towards 0 for ever (F1).",
    )
    assert slope((4, 2.5)) == pytest.approx((0.0004866, -0.001185), rel=1e-3)
    assert total_error((4, 2.5)) == pytest.approx(3, abs=0.01)
    for w in np.random.default_rng(1).uniform(-6, 6, (2000, 2)):
        p, q = slope(w, parts=True)
        assert p > 0
        assert q > 0
    assert 1 * -5 != 1 * 2  # the determinant of (1, 1) and (2, −5)
    view = SECOND.value("anywhere")
    message(view, "task", act="commit", guess=0)
    assert view.stage.tasks["prediction"]["truth"] == 1


def test_28_gradient_descent_with_the_slides_test_does_not_stop_on_e() -> None:
    path = methods.gradient_descent(four_points(), start=(0, 0), rate=0.5, steps=10_000)
    assert path.stopped == "steps"
    w = np.zeros(2)
    for _ in range(10_000):
        w -= 0.5 * np.array(slope(w))
    assert path.w[-1] == pytest.approx(w)
    assert math.hypot(*slope(w)) > 1e-5


def test_f10_where_the_gradient_is_0_and_no_local_optimum_is() -> None:
    SECOND.said("$\\nabla f(z)=0$ also holds at a maximum, at a flat inflection and at a saddle")
    says(
        "flat",
        "Find a z with ∇f(z) = 0 that is no local optimum.",
        "At z = −1 ∇f(z) = 0, and f is lower on one side. The test ‖∇f‖₂ = 0 would stop here.",
    )
    view = SECOND.value("f10")
    assert reached(view) == [False]
    view.set(z=-1)
    assert "z is no local optimum; ∇f(z) = 0 all the same: f is lower on one side" in view.describe()
    assert reached(view) == [True]
    top = explore.optimum(function="hill", z=0)
    assert "z is no local optimum; ∇f(z) = 0 all the same: f is lower on both sides" in top.describe()


def test_f10_a_descent_method_that_starts_exactly_there_stops_at_once() -> None:
    SECOND.said("A descent method that starts exactly there stops at once, and is wrong.")
    saddle = methods.Quadratic([[1, 0], [0, -1]])
    path = methods.gradient_descent(saddle, (0, 0), rate=0.1, steps=10)
    assert (len(path.w), path.stopped) == (1, "zero gradient")


def test_f10_at_the_saddle_no_direction_is_one_and_yet_f_falls_for_ever() -> None:
    SECOND.said(
        "At 0 the disc has no light half", "$f$ falls for ever along $d=(0,1)$", "\\tfrac12(x_1^2-x_2^2)"
    )
    view = SECOND.value("f10-saddle")
    assert view.state.f.error([[2.0, 1.0], [1.0, 3.0]]).tolist() == [1.5, -4]
    assert not view.state.descent.any()
    assert view.state.interval == np.inf
    assert list(view.slice.below.get_xdata()) == [0, 1]
    assert len(view.slice.open_end.get_xdata()) == 0


def test_f10_goal_from_the_x1_axis_one_runs_into_the_saddle() -> None:
    says(
        "saddle",
        "From (1, 0), on the x₁ axis, gradient descent runs into the saddle. From all other places it "
        "gets away.",
        "Along one axis f rises from the saddle, along the other it falls.",
    )
    for start, gets_away in (((1.0, 0.0), False), ((1.0, 1e-6), True), ((0.0, 0.05), True)):
        w = np.array(start)
        for _ in range(400):
            w = w - 0.1 * w * [1, -1]
        assert (np.hypot(*w) > 1) == gets_away
        assert gets_away or np.hypot(*w) < 1e-9
    view = SECOND.value("f10-saddle")
    assert reached(view) == [False]
    view.set(x=(0, 0.05))
    assert view.arrows.V[0] > 0 == view.arrows.U[0]
    assert reached(view) == [False]
    view.set(x=(0.05, 0))
    assert view.arrows.U[0] < 0 == view.arrows.V[0]
    assert reached(view) == [True]


def test_f2_p_and_q_are_large_in_their_bands_and_nowhere_zero() -> None:
    SECOND.said(
        "$p$ is large in a band where points 1 to 3 are undecided, and $q$ where point 4 is.",
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


def test_f2_the_formulas_of_p_and_q() -> None:
    SECOND.said(
        "p=6(1-\\hat y^1)\\varphi'_1+4(1-\\hat y^2)\\varphi'_2+8\\hat y^3\\varphi'_3>0,\\quad q=2\\hat "
        "y^4\\varphi'_4>0."
    )
    for w in ((0.5, 0), (-0.3, 1.1), (1.2, 0.4)):
        y = [sigma(w[0] * a + w[1] * b) for a, b in X]
        phi = [v * (1 - v) for v in y]
        p = 6 * (1 - y[0]) * phi[0] + 4 * (1 - y[1]) * phi[1] + 8 * y[2] * phi[2]
        assert (p, 2 * y[3] * phi[3]) == pytest.approx(slope(w, parts=True))


def test_f2_goal_the_gradient_lies_along_the_dotted_axis() -> None:
    says(
        "along_the_axis",
        "lies along the dotted axis, to within 2°.",
        "The second entry of ∇E is p − 5q.",
        "Here p = 1.403 and q = 0.2809: p is nearly 5q.",
    )
    view = SECOND.value("f2")
    g = slope((0.5, 0))
    before = math.degrees(math.atan2(abs(g[1]), abs(g[0])))
    assert before > 2
    assert f"The angle between ∇E and the w₁₁¹ axis is {before:.2f}°." in view.describe()
    assert reached(view) == [False]
    view.set(w=(-0.1, -0.1))
    p, q = slope((-0.1, -0.1), parts=True)
    assert (round(p, 3), round(q, 4)) == (1.403, 0.2809)
    assert slope((-0.1, -0.1))[1] == pytest.approx(p - 5 * q)
    assert "The angle between ∇E and the w₁₁¹ axis is 0.05°." in view.describe()
    assert reached(view) == [True]


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
def test_f4_sigma_of_minus_z_is_right_and_one_minus_a_is_wrong(
    w: tuple, capsys: pytest.CaptureFixture[str]
) -> None:
    SECOND.said("At $(-20,-30)$ the slide's way even points in a wrong direction.")
    truth = [float(part) for part in long_gradient(w)]
    careful, slide = (explore.stationary(w=w, written=how).state.gradient for how in ("carefully", SLIDE))
    assert careful == pytest.approx(truth, rel=1e-9, abs=0)
    if w == (-40, -60):
        says("fires", "The truth is ∇E = (1.141×10⁻⁹⁵, −2.852×10⁻⁹⁵), and E = 1.")
        assert slide.tolist() == [0, 0]
        assert truth == pytest.approx([1.141e-95, -2.852e-95], rel=1e-3, abs=0)
        assert total_error(w) == pytest.approx(1)
    else:
        SECOND.ran("f4")
        told = [
            [float(part) for part in re.findall(r"-?\d\S*e\S*\d", line)]
            for line in capsys.readouterr().out.splitlines()
        ]
        assert told[0] == pytest.approx(slide, rel=1e-6, abs=0)
        assert told[1] == pytest.approx(truth, rel=1e-6, abs=0)
        assert angle(slide / slide.max(), np.array(truth) / truth[0]) > 90


def test_f4_at_minus_400_minus_600_no_formula_helps() -> None:
    says(
        "fires", "the truth is smaller than the smallest number that a computer has. No formula helps there."
    )
    truth = long_gradient((-400, -600))
    assert truth[0].adjusted() == truth[1].adjusted() == -955
    for how in ("carefully", SLIDE):
        assert not explore.stationary(w=(-400, -600), written=how).state.gradient.any()


def test_f4_where_the_maps_are_red() -> None:
    SECOND.said(
        "With $1-a$ nearly half of the plane has lost $q$, and the lower left corner has lost both.",
        "Computed carefully, no place within $\\pm60$ has lost both.",
    )
    lost = np.isnan(maps(60.0, SLIDE))
    assert 0.4 < lost[1].mean() < 0.5
    rows, columns = np.nonzero(lost[0] & lost[1])
    assert max(rows) < 60 > max(columns)  # of 121 each: the lower left quarter
    assert lost[:, 0, 0].all()
    careful = np.isnan(maps(60.0, "carefully"))
    assert not (careful[0] & careful[1]).any()


def test_f4_goals_the_test_fires_in_the_corner_and_carefully_only_far_out() -> None:
    says("fires", "Red is where p or q is computed as exactly 0. Both must be.", "Not within ±60.")
    view = SECOND.value("f4-view")
    assert reached(view) == [False, False]
    view.set(w=(-60, 60))  # one part is lost only
    assert reached(view) == [False, False]
    view.set(w=(-45, -55))
    assert (
        "the test ‖∇E‖₂ = 0 fires, although the truth is ∇E = (1.81×10⁻⁸⁰, −4.524×10⁻⁸⁰)" in view.describe()
    )
    assert reached(view) == [True, False]
    view.set(written="carefully")
    assert reached(view) == [True, False]
    view.set(extent=600.0, w=(-400, -600))
    assert reached(view) == [True, True]


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


def summed(w: np.ndarray) -> float:
    return sum(max(0, -(2 * y - 1) * (w @ np.array(x))) for x, y in zip(X, Y, strict=True))


def test_29_the_view_walks_as_the_textbook_does() -> None:
    view = explore.perceptron(start=(1, 0.5))
    gd = np.array([1, 0.5])
    for k in range(17):
        view.set(shown=k)
        w, _ = perceptron((1, 0.5), k)
        assert view.state.walks["perceptron"][-1] == pytest.approx(w)
        assert view.state.right == {"perceptron": right(w), "gd": right(gd)}
        assert view.state.perceptron_error == pytest.approx(summed(w))
        gd = gd - 0.5 * np.array(slope(gd))


def test_29_the_function_is_0_in_the_whole_cone_and_the_test_rightly_fires() -> None:
    SECOND.said(
        "The function is 0 (dark blue) in the whole cone in which all points are right: there its "
        "gradient is 0",
        "gradient descent on $E$ with $\\gamma=0.5$, which never stops.",
    )
    assert explore.perceptron().settings.rate == 0.5
    for w in np.random.default_rng(0).uniform(-6, 6, (500, 2)):
        assert (LOSS.error(w) == 0) == (right(w) == 4)
        assert LOSS.error(w) == pytest.approx(summed(w))
        assert right(w) < 4 or not LOSS.gradient(w).any()


def test_29_the_black_arrow_is_a_sample() -> None:
    SECOND.said(
        "the black arrow is the next step, minus a subgradient of one sample. It is $\\pm x^i$, a sample "
        "itself"
    )
    view = explore.perceptron(start=(1, 0.5))
    for k in range(16):
        view.set(shown=k)
        now, after = perceptron((1, 0.5), k)[0], perceptron((1, 0.5), k + 1)[0]
        assert view.arrow.get_visible() == bool((after - now).any())
        if view.arrow.get_visible():
            step = np.array([view.arrow.U[0], view.arrow.V[0]])
            assert step == pytest.approx(after - now)
            assert tuple(np.abs(step)) in [tuple(np.abs(x)) for x in X]


def test_29_what_a_subgradient_is() -> None:
    SECOND.said("$g$ is one if $h(v)\\ge h(w)+\\langle g,v-w\\rangle$ for all $v$.", "lies nowhere above it")
    draws = np.random.default_rng(2)
    for x, y in zip(X, Y, strict=True):
        sign = 2 * y - 1

        def h(w: np.ndarray, x: tuple = x, sign: int = sign) -> float:
            return max(0, -sign * (w @ np.array(x)))

        for w in [*draws.normal(size=(5, 2)), np.zeros(2)]:
            g = lec.exercises.perceptron_subgradient(w, np.array(x, dtype=float), float(sign))
            for v in draws.normal(size=(20, 2)) * 3:
                assert h(v) >= h(w) + g @ (v - w) - 1e-9


@pytest.mark.parametrize("shown", [0, 3, 16])
def test_each_w_is_an_arrow_at_a_right_angle_to_its_line(shown: int) -> None:
    view = explore.perceptron(start=(6, -6), shown=shown)
    for i, name in enumerate(("perceptron", "gd")):
        arrow = np.array([view.normals.U[i], view.normals.V[i]])
        x, y = view.lines[name].get_data()
        assert arrow @ [x[1] - x[0], y[1] - y[0]] == pytest.approx(0, abs=1e-9)
        assert view.state.walks[name][-1] @ arrow > 0
        assert np.abs(arrow).max() < 6  # it stays in the picture


def test_29_goal_from_4_3_the_perceptron_makes_it_and_gd_does_not_move() -> None:
    says(
        "beside_gd",
        "On its terrace, E = 3, GD hardly moves: the sigmoid is flat there. The Perceptron's steps are ±x",
        "Let gradient descent begin where E is flat.",
    )
    view = SECOND.value("perceptron")
    assert view.state.right["perceptron"] < 4
    assert reached(view) == [False, False]
    view.set(shown=16)  # from (1, 0.5) both make it
    assert view.state.right == {"perceptron": 4, "gd": 4}
    assert reached(view) == [False, False]
    view.set(start=(4, 3))
    assert reached(view) == [True, False]
    assert view.state.right["perceptron"] == right(perceptron((4, 3), 16)[0]) == 4
    assert view.state.right["gd"] == right(np.array([4, 3])) == 1
    assert total_error((4, 3)) == pytest.approx(3, abs=1e-3)
    assert math.hypot(*slope((4, 3))) < 1e-3
    assert view.state.walks["gd"][-1] == pytest.approx([4, 3], abs=0.01)


def test_29_goal_w_0_is_a_useless_minimum() -> None:
    says(
        "beside_gd",
        "At w = (0, 0) the sum is least, and 0 points are right: a useless minimum. The Perceptron leaves "
        "it only",
        "Where is every y w·x equal to 0?",
    )
    assert right(np.zeros(2)) == summed(np.zeros(2)) == 0
    assert perceptron((0, 0), 1)[0].any()
    view = SECOND.value("perceptron")
    view.set(start=(0, 0), shown=0)
    assert reached(view) == [False, True]


def test_29_a_correction_may_spoil_others() -> None:
    SECOND.said("A subgradient step need not descend: correcting one sample may spoil others.")
    w = np.array([-0.1, -1])
    assert right(w) == 3
    assert [summed(v) for v in (w, w + np.array([-2, 5]))] == pytest.approx([4.8, 17.1])


def test_points_are_named_as_the_picture_shows_them() -> None:
    view = explore.perceptron(start=(1, 0.5), shown=3)
    assert "next, point 4 (the diamond) moves it by yx = (−2, 5)." in view.describe()


# --- the notebook as a whole --------------------------------------------------------------------


def test_every_section_has_the_number_of_its_statement_and_none_twice() -> None:
    sources = "\n".join(cell.source for cell in SECOND.cells.values())
    assert re.findall(r"^## (2\.\d+) ", sources, flags=re.M) == [f"2.{n}" for n in range(1, 10)]


def test_sliders_keep_the_superscript() -> None:
    assert sliders(explore.stationary(), "w") == ["w₁₁¹", "w₁₂¹"]
    assert sliders(explore.perceptron(), "start") == ["start w₁₁¹", "start w₁₂¹"]
