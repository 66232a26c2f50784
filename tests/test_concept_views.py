"""What the views of notebook 02 claim: optima, directions, line search, p and q, the perceptron."""

import re

import numpy as np
import pytest
from hands import drag
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from lecture643 import explore
from lecture643.explore.direction import FUNCTIONS
from lecture643.explore.optimum import AROUND, FEASIBLE, OptimumSettings
from lecture643.explore.optimum import FUNCTIONS as VALLEYS
from lecture643.explore.stationary import StationarySettings
from lecture643.maths.functions import Function
from lecture643.maths.toy import four_points

POINTS = four_points()

# --- optimum ------------------------------------------------------------------------------------

OPTIMUM = explore.optimum()


@settings(max_examples=40)
@given(
    st.sampled_from(list(VALLEYS)),
    st.integers(-60, 60),
    st.integers(1, 60),
    st.tuples(*[st.integers(-60, 60)] * 2),
)
def test_the_test_of_local_optimality_against_a_fine_scan(
    function: str, z20: int, epsilon20: int, ends20: tuple[int, int]
) -> None:
    z, epsilon = z20 / 20, epsilon20 / 20
    low, high = sorted(end / 20 for end in ends20)
    state = OPTIMUM.compute(OptimumSettings(function, z, epsilon, (ends20[0] / 20, ends20[1] / 20)))
    feasible = np.unique(np.append(np.linspace(low, high, 20_001), z if low <= z <= high else low))
    f = VALLEYS[function].error(feasible[:, None])
    assert_allclose(state.on.least, f.min(), atol=1e-6)
    if not low <= z <= high:
        assert not state.feasible
        return
    value = VALLEYS[function].error([z])
    near = np.abs(feasible - z) <= epsilon + 1e-12
    beaten = f[near].min() < value - 1e-9
    assert (state.lower is not None) == beaten
    lower = np.abs(feasible[f < value - 1e-9] - z)
    if len(lower):
        assert_allclose(state.reach, lower.min(), atol=2e-3)  # rounding of 1e-9 near a flat place
    else:
        assert state.reach > 6 or state.reach == np.inf


def test_every_place_that_passes_is_told() -> None:
    view = explore.optimum(epsilon=0.5)
    assert view.state.passing.tolist() == [-2.6, -0.2, 2.5]
    view.set(epsilon=6)
    assert view.state.passing.tolist() == view.state.best.tolist() == [2.5]
    assert "not a global one" in explore.optimum(z=-2.6, epsilon=0.5).describe()
    assert "is a global optimum" in explore.optimum(z=2.5).describe()


def test_two_equal_valleys_make_a_set_of_solutions() -> None:
    view = explore.optimum(function="two equal valleys", z=-2, epsilon=6)
    assert view.state.best.tolist() == [-2, 2]
    assert "S* = {−2, 2}" in view.describe()
    view.set(feasible=(-1, 3))
    assert view.state.best.tolist() == [2]
    assert "lies outside C" in view.describe()


def test_on_the_edge_of_c_the_gradient_need_not_be_zero() -> None:
    view = explore.optimum(function="hill", z=1, feasible=(-2, 1))
    assert view.state.reach == pytest.approx(2)
    assert view.state.slope == pytest.approx(-0.3)
    assert "need not be 0" in view.describe()


@pytest.mark.parametrize(
    ("function", "z", "told"),
    [("flat inflection", -1, "f is lower on one side"), ("hill", 0, "f is lower on both sides")],
)
def test_f10_the_gradient_is_zero_and_there_is_no_optimum(function: str, z: float, told: str) -> None:
    view = explore.optimum(function=function, z=z)
    assert view.state.slope == 0
    assert view.state.reach == 0
    assert "z is no local optimum; ∇f(z) = 0 all the same: " + told in view.describe()


def test_a_feasible_set_of_one_point() -> None:
    view = explore.optimum(z=1, feasible=(1, 1))
    assert view.state.best.tolist() == view.state.passing.tolist() == [1]
    assert "global optimum" in view.describe()


def test_z_epsilon_and_the_ends_of_c_are_dragged() -> None:
    view = explore.optimum()
    drag(view, "curve", [(0, 0), (1.5, 1)])
    assert view.state.z == 1.5
    drag(view, "curve", [(2, AROUND), (0.5, AROUND)])
    assert view.state.epsilon == pytest.approx(1)
    drag(view, "curve", [(2.6, FEASIBLE), (1, FEASIBLE)])
    drag(view, "curve", [(-2.9, FEASIBLE), (-1, 0)])  # what was gripped is held, wherever the hand goes
    assert (view.state.on.low, view.state.on.high) == (-1, 1)
    assert view.state.z == 1.5


def test_a_finger_finds_a_handle_at_all_that_is_dragged() -> None:
    view = explore.optimum(z=1, epsilon=0.5, feasible=(-2, 2))
    assert [at for _, at in view.handles()] == [
        (1, pytest.approx(view.state.value)),
        (1.5, AROUND),
        (-2, FEASIBLE),
        (2, FEASIBLE),
    ]
    assert explore.interior(x=(1, 0), epsilon=0.5).handles() == [("plane", (1, 0)), ("plane", (1.5, 0))]
    assert explore.direction(x=(1, 0), d=(0, 0.1)).handles() == [("plane", (1, 0)), ("plane", (1, 2))]


# --- direction ----------------------------------------------------------------------------------


def test_f9_the_limit_and_the_inner_product_disagree() -> None:
    view = explore.direction(function="x₁x₂²/(x₁²+x₂²)", x=(0, 0), d=(1, 1))
    assert_allclose(view.state.quotients, 0.5)
    assert view.state.inner == 0
    assert "f'(x; d) = 0.5, while ⟨∇f(x), d⟩ = 0" in view.describe()
    assert view.differ.get_text() == "They differ!"
    view.set(x=(1, 0))
    assert view.differ.get_text() == ""
    assert "while" not in view.describe()


def test_the_disc_holds_the_descent_directions() -> None:
    view = explore.direction(x=(1, 0.5))
    angles = np.radians(np.arange(361))
    downhill = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ POINTS.gradient((1, 0.5)) < 0
    assert (view.state.descent == downhill).all()
    f9 = explore.direction(function="x₁x₂²/(x₁²+x₂²)", x=(0, 0), d=(-1, 1))
    assert f9.state.descent.sum() == 178  # the left half, without the axis
    assert "So d is a descent direction" in f9.describe()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"function": "quadratic", "x": (2, 0), "d": (-1, 0)}, "for every ε < 4, and no further"),
        ({"x": (0, 0), "d": (-2.75, -1)}, "for every α up to 10, where the search ends"),
        (
            {"function": "saddle", "x": (0, 0), "d": (0, 1)},
            "∇f(x) = 0, so no direction is one), although f(x",
        ),
        ({"function": "saddle", "x": (0, 0), "d": (1, 0)}, "∇f(x) = 0, so no direction is one)."),
        ({"function": "saddle", "x": (0, 0), "d": (1, 1)}, "∇f(x) = 0, so no direction is one)."),
        ({"function": "saddle", "x": (3, 3), "d": (1, 1)}, "no descent direction (f'(x; d) ≥ 0)."),
        # ∇f(0) = 0 there, and yet some directions are: f is not differentiable
        ({"function": "x₁x₂²/(x₁²+x₂²)", "x": (0, 0), "d": (1, 0)}, "no descent direction (f'(x; d) ≥ 0)."),
        ({"function": "x₁x₂²/(x₁²+x₂²)", "x": (0, 0), "d": (-1, -1)}, "So d is a descent direction"),
        ({"x": (6, 6), "d": (-1, 0)}, "(rounding: f changes in its last digits only)"),
    ],
)
def test_the_interval_of_the_proposition_is_told(settings: dict, told: str) -> None:
    assert told in explore.direction(**settings).describe()


def test_the_interval_is_marked_with_its_open_end() -> None:
    view = explore.direction(function="quadratic", x=(2, 0), d=(-1, 0), reach=5)
    assert_allclose(view.slice.below.get_xdata(), [0, 0.8])
    assert_allclose(view.slice.open_end.get_xdata(), [0.8])
    view.set(reach=2)
    assert_allclose(view.slice.below.get_xdata(), [0, 1])
    assert len(view.slice.open_end.get_xdata()) == 0


def test_d_is_turned_and_x_is_moved_by_dragging() -> None:
    view = explore.direction(x=(1, 0.5))
    drag(view, "plane", [(4, 0.5), (1, 5)])
    assert_allclose(view.state.d, [0, np.hypot(1, 0.5)])  # as long as it was
    assert view.state.x.tolist() == [1, 0.5]
    drag(view, "plane", [(1.1, 0.5), (3, 2)])
    assert_allclose(view.state.x, [3, 2])


def test_a_function_of_ones_own_is_shown_and_its_wrong_gradient_is_told() -> None:
    mine = Function(lambda x: x[0] ** 2 + 3 * x[1] ** 2, lambda x: [2 * x[0], 6 * x[1]])
    view = explore.direction(problem=mine, x=(1, 1), d=(-1, -1))
    assert view.state.inner == pytest.approx(-8)
    view.set(function="saddle", x=(2, 1))
    view.set(function="your f")
    wrong = Function(mine.f, lambda x: [2 * x[0], 3 * x[1]])
    with pytest.raises(ValueError, match=r"component 2, ∂f/∂x₂, is off at x = .*: yours is 3, .* give 6"):
        explore.direction(problem=wrong, x=(1, 1))
    with pytest.raises(ValueError, match="d must be a direction, got the zero vector"):
        explore.direction(d=(0, 0))


def test_a_function_without_a_value_somewhere_keeps_the_last_good_picture() -> None:
    view = explore.direction(problem=Function(lambda x: np.log(x[0]) + x[1]), x=(2, 0), d=(1, 0))
    view.controls["x"].value = (-2, 0)
    assert "finite" in view._failure
    assert view.state.x[0] == 2
    view.controls["x"].value = (3, 0)
    assert view._failure == ""


def test_all_functions_are_problems() -> None:
    for f in FUNCTIONS.values():
        assert f.error(np.zeros((3, 4, 2))).shape == (3, 4)
        assert f.gradient(np.ones((3, 4, 2))).shape == (3, 4, 2)


# --- line search --------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", [2.0, 30.0, 1000.0])
def test_successive_gradients_of_exact_search_are_orthogonal(condition: float) -> None:
    view = explore.line_search(condition=condition, start=(5, 1))
    for k in range(6):
        view.set(shown=k)
        angle = re.search(r"meet at an angle of ([\d.]+)°", view.describe())
        assert angle
        assert float(angle[1]) == pytest.approx(90, abs=1e-3)
        assert view.state.exact.w[k + 1] == pytest.approx(
            view.state.exact.w[k] - view.state.exact.rates[k] * view.state.gradient
        )


def test_the_zigzag_has_the_textbooks_worst_rate() -> None:
    view = explore.line_search(condition=10, start=(5, 0.5), shown=20)
    error = view.state.exact.error
    assert len(error) == 21
    assert_allclose(error[1:] / error[:-1], ((10 - 1) / (10 + 1)) ** 2, rtol=1e-6)


def test_on_the_four_points_there_is_no_argmin_from_the_origin() -> None:
    view = explore.line_search(function="E of the four points", start=(0, 0), shown=0, bound=10)
    assert "there is no argmin over α > 0" in view.describe()
    assert "α_max = 10, with E = 4.479×10⁻⁵" in view.describe()
    view.set(bound=5.0)
    assert "α_max = 5, with E = 0.005754" in view.describe()
    view.set(bound=1000.0, shown=3)
    assert "There ∇f is exactly 0 in floating point" in view.describe()


def _told(view: explore.line_search, name: str) -> dict:
    return next(told for told in view.stage.controls if told["name"] == name)


def test_the_weights_have_the_names_of_their_function() -> None:
    view = explore.line_search()
    assert (view.weights.get_xlabel(), view.weights.get_ylabel()) == ("$w_1$", "$w_2$")
    assert "hidden" not in _told(view, "condition")
    view.set(function="E of the four points")
    assert (view.weights.get_xlabel(), view.weights.get_ylabel()) == ("$w_{11}^1$", "$w_{12}^1$")
    assert _told(view, "condition")["hidden"]
    assert view.weights.yaxis.label.get_position()[1] > 1  # above the axis still


def test_a_step_that_ends_on_the_bound_without_that_reason_is_told_otherwise() -> None:
    view = explore.line_search(condition=100, start=(5, 0), bound=10, shown=0)
    assert "further out, or there is none" in view.describe()
    view.set(bound=1000.0)
    assert "this one step reaches the minimum" in view.describe()
    far = explore.line_search(function="E of the four points", start=(-6, 6), bound=20, shown=0)
    assert "after this one step ‖∇E‖ is" in far.describe()  # E has no minimum


def test_a_fixed_step_that_is_too_long_diverges_in_words() -> None:
    view = explore.line_search(rate=100, shown=20, steps=60)
    view.set(shown=60)
    assert "with the fixed step" in view.describe()
    far = explore.line_search(rate=1000, shown=60, steps=60)
    assert "which has diverged at k =" in far.describe()
    far.set(shown=far.state.fixed.diverged_at - 1)  # where it still is a number, it is told
    assert "diverged" not in far.describe()


def test_a_long_search_comes_in_slices_that_say_how_far_it_is() -> None:
    view = explore.line_search()
    seen = list(view.states(view.settings.changed(condition=3.3)))
    assert not seen[-1].unfinished
    far = explore.line_search(condition=40, steps=60, shown=0)
    seen = list(far.states(far.settings.changed(shown=60, condition=41.5)))
    ks = [state.k for state in seen]
    assert ks == sorted(set(ks))
    assert ks[-1] == 60
    assert [state.unfinished for state in seen] == [True] * (len(seen) - 1) + [False]
    for state in seen:
        assert f"after {state.k} steps of exact search and" in far.sentence(state)
        assert ("The walk is over." in far.sentence(state)) == (state.k == 60)
    assert "The next step is" in far.sentence(seen[0])


def test_a_walk_that_another_view_has_taken_further_ends_where_this_one_ends() -> None:
    explore.line_search(condition=7.7, steps=60, shown=60)
    short = explore.line_search(condition=7.7, steps=9, shown=9)
    assert "after 9 steps of exact search" in short.describe()
    assert "The walk is over." in short.describe()


def test_the_slice_starts_at_s_of_0_and_touches_its_minimum() -> None:
    view = explore.line_search()
    alpha, value = view.state.slice
    search = view.state.exact.line_searches[view.state.k]
    assert value[0] == pytest.approx(view.state.exact.error[view.state.k])
    assert value.min() >= search.error * (1 - 1e-12)
    assert alpha[-1] >= search.alpha


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: explore.optimum(z=np.nan), "z must be a finite number, got nan"),
        (lambda: explore.optimum(epsilon=0), "epsilon must be from 0.05 to 6, got 0"),
        (lambda: explore.optimum(feasible=(1,)), r"feasible must have shape \(2\), got \(1,\)"),
        (lambda: explore.optimum(function="flat"), "function must be one of several valleys, .* got 'flat'"),
        (lambda: explore.direction(x=(0, np.inf)), "x must hold finite numbers, got inf"),
        (lambda: explore.direction(reach=0), "reach must be from 0.001 to 10, got 0"),
        (lambda: explore.line_search(condition=0.5), "condition must be from 1 to 1000, got 0.5"),
        (lambda: explore.line_search(steps=0), "steps must be a whole number from 1 to 60, got 0"),
        (lambda: explore.line_search(start=(1e200, 0)), "start must have both numbers from -6 to 6"),
        (lambda: explore.direction(d=(3, 4)), "d must have a length from 0.1 to 3, got one of 5"),
        (lambda: explore.stationary(extent=7), "extent must be one of 6.0, 60.0, 600.0, got 7"),
        (lambda: explore.stationary(w=(1, 2, 3)), r"w must have shape \(2\), got \(3,\)"),
        (
            lambda: explore.stationary(w=(601, 0)),
            r"w must have both numbers from -600 to 600, got \(601, 0\)",
        ),
        (lambda: explore.perceptron(shown=-1), "shown must be a whole number from 0 to 16, got -1"),
    ],
)
def test_bad_settings_are_named_in_one_sentence(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)


# --- p and q ------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.floats(-5.5, 5.5), st.floats(-5.5, 5.5))
def test_f2_the_gradient_is_two_positive_parts(w1: float, w2: float) -> None:
    state = STATIONARY.compute(StationarySettings(6.0, "carefully", (w1, w2)))
    assert state.p > 0
    assert state.q > 0
    assert_allclose(state.gradient, POINTS.gradient((w1, w2)), rtol=1e-9)
    assert_allclose(
        np.linalg.solve([[1, 2], [1, -5]], state.truth), [state.p, state.q], rtol=1e-6, atol=1e-13
    )


STATIONARY = explore.stationary()
SLIDE = "as on the slide, 1 − a"


@pytest.mark.parametrize(
    ("w", "written", "told"),
    [
        ((-40, -60), "carefully", "∇E = (1.141×10⁻⁹⁵, −2.852×10⁻⁹⁵) is not 0"),
        (
            (-40, -60),
            SLIDE,
            "the test ‖∇E‖₂ = 0 fires, although the truth is ∇E = (1.141×10⁻⁹⁵, −2.852×10⁻⁹⁵)",
        ),
        (
            (-20, -30),
            SLIDE,
            "computed as (1.532×10⁻¹⁷³, 1.532×10⁻¹⁷³); the truth is ∇E = (6.756×10⁻⁴⁸, −1.689×10⁻⁴⁷)",
        ),
        ((-400, -600), "carefully", "both underflow, so the test ‖∇E‖₂ = 0 fires"),
        ((0, 0), SLIDE, "p = 2.25 and q = 0.25: both positive"),
    ],
)
def test_f4_both_ways_of_writing_far_out(w: tuple, written: str, told: str) -> None:
    assert told in explore.stationary(w=w, written=written).describe()


def test_the_sliders_reach_as_far_as_the_maps() -> None:
    view = explore.stationary(w=(-40, -60))
    assert view.settings.extent == 60  # the least that holds w
    view.controls["extent"].value = 6.0
    assert view.state.w.tolist() == [-6, -6]
    assert "extent=" not in view.code()
    view.set(extent=60.0)
    assert "extent=60.0" in view.code()
    drag(view, "q", [(0, 0), (3, -3)])
    assert_allclose(view.state.w, [3, -3])


# --- the perceptron -----------------------------------------------------------------------------


def test_the_perceptron_walks_by_its_own_rule() -> None:
    view = explore.perceptron(start=(4, 3), shown=16)
    w = np.array([4.0, 3.0])
    for k in range(16):
        x, y = POINTS.x[k % 4], 2 * POINTS.y[k % 4] - 1
        if y * (x @ w) <= 0:
            w = w + y * x
    assert view.state.walks["perceptron"][-1].tolist() == w.tolist()
    assert view.state.right["perceptron"] == 4
    assert "leaves w" in view.describe()


def test_the_perceptron_leaves_the_origin() -> None:
    view = explore.perceptron(start=(0, 0), shown=0)
    assert view.state.perceptron_error == 0
    assert (
        "0 of 4 points right and Σ max(0, −y w·x) = 0; next, point 1 (the circle) moves it" in view.describe()
    )


@pytest.mark.parametrize("azimuth", range(-180, 181, 15))
def test_the_names_of_the_weights_stand_before_the_surface(azimuth: int) -> None:
    view = explore.surface(azimuth=azimuth, extent=20)
    eye = np.array([np.cos(np.deg2rad(azimuth)), np.sin(np.deg2rad(azimuth))])
    for texts in (view.across, view.up):
        assert np.dot(texts[-1].get_position_3d()[:2], eye) > -1e-9
    left = np.array([eye[1], -eye[0]])
    assert np.dot(view.scale[-1].get_position_3d()[:2], left) > 0
