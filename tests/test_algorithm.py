"""The general descent algorithm, with each direction, step and stop, and its view."""

import numpy as np
import pytest
from hands import press
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from lecture643 import explore
from lecture643.explore.algorithm import DIRECTIONS, MOST, VALLEY, step_of
from lecture643.maths import algorithm
from lecture643.maths.functions import Power
from lecture643.maths.methods import descend, gradient_descent
from lecture643.maths.toy import four_points

WHERE = st.tuples(*[st.floats(-6, 6)] * 2).filter(lambda x: max(map(abs, x)) > 1e-3)


@given(WHERE, st.sampled_from(list(DIRECTIONS)), st.sampled_from(["halved", "exact"]))
def test_f_falls_at_every_step(start: tuple, direction: str, step: str) -> None:
    x = descend(VALLEY, start, DIRECTIONS[direction], step_of(step, 1), algorithm.small_gradient(1e-3), MOST)
    assert (np.diff(VALLEY.error(x)) < 0).all()
    assert np.linalg.norm(VALLEY.gradient(x[-1])) <= 1e-3 or len(x) == MOST + 1


@given(WHERE, st.sampled_from(list(DIRECTIONS)))
def test_every_direction_is_a_descent_direction(start: tuple, direction: str) -> None:
    x = np.array(start)
    assert VALLEY.gradient(x) @ DIRECTIONS[direction](VALLEY, x) < 0


@given(WHERE)
def test_the_exact_step_is_the_lowest_point_of_the_slice(start: tuple) -> None:
    x = np.array(start)
    d = algorithm.downhill(VALLEY, x)
    assert_allclose(algorithm.exact(VALLEY, x, d), (d @ d) / (d @ (d * [1, 10])), rtol=1e-6)


def test_with_minus_the_gradient_and_a_fixed_step_it_is_gradient_descent() -> None:
    points = four_points()
    x = descend(points, (1, 0.5), algorithm.downhill, algorithm.fixed(0.3), lambda f, x: False, most=50)
    assert_allclose(x, gradient_descent(points, (1, 0.5), rate=0.3, steps=50).w)


def test_it_stops_where_it_is_told_to_and_not_before() -> None:
    f = Power(2, [1.0, 4.0])
    stop = algorithm.small_gradient(1e-4)
    x = descend(f, (3, -2), algorithm.downhill, algorithm.halved, stop, most=1000)
    assert [stop(f, each) for each in x] == [False] * (len(x) - 1) + [True]
    assert len(descend(f, (3, -2), algorithm.downhill, algorithm.halved, stop, most=4)) == 5
    assert len(descend(f, (3, -2), algorithm.downhill, algorithm.halved, stop, most=0)) == 1


def test_where_the_gradient_is_0_there_is_no_direction_so_it_stays() -> None:
    x = descend(VALLEY, (0, 0), algorithm.downhill, algorithm.halved, lambda f, x: False)
    assert x.tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"start": (np.nan, 0)}, "start must hold finite numbers"),
        ({"most": -1}, "most must be a whole number at least 0"),
    ],
)
def test_bad_input_is_told_in_one_sentence(arguments: dict, told: str) -> None:
    good = {"start": (1, 1), "direction": algorithm.downhill, "step": algorithm.halved}
    with pytest.raises(ValueError, match=told):
        descend(VALLEY, **{**good, "stop": lambda f, x: False, **arguments})
    with pytest.raises(ValueError, match="rate must be a positive finite number"):
        algorithm.fixed(-1)


# --- the view -----------------------------------------------------------------------------------


def test_the_view_shows_the_walk_up_to_k_and_the_next_step() -> None:
    view = explore.algorithm(step="exact")
    assert view.settings.shown == view.settings.steps == 31
    view.set(shown=3)
    d, x = view.state.d, view.state.x
    assert_allclose(view.state.alpha * d, x[4] - x[3])
    assert_allclose([view.arrow.U[0], view.arrow.V[0]], x[4] - x[3])
    assert len(view.path.get_xdata()) == 4
    assert "after 3 steps f = " in view.describe()
    assert "The next step is α = " in view.describe()
    view.set(shown=31)
    assert "so the walk stops." in view.describe()
    assert not view.arrow.get_visible()


def test_the_whole_walk_stays_whole_when_a_choice_changes_its_length() -> None:
    view = explore.algorithm(step="halved")
    for settings, steps in (({"direction": "rescaled"}, 1), ({"direction": "one coordinate"}, 8)):
        view.set(**settings)
        assert (view.settings.shown, view.settings.steps) == (steps, steps)
    view.set(shown=5)
    view.set(stop=0.0)
    assert view.settings.shown == 5


def test_the_fixed_step_has_a_slider_only_where_it_is_chosen() -> None:
    view = explore.algorithm()

    def hidden() -> bool:
        (told,) = (each for each in view.settings.told() if each["name"] == "rate")
        return bool(told.get("hidden"))

    assert not hidden()
    view.set(step="halved")
    assert hidden()


def test_the_stop_is_drawn_where_the_walk_stops() -> None:
    view = explore.algorithm(stop=0.1)
    assert set(view.stop.get_ydata()) == {0.1}
    *before, last = view.state.norm
    assert min(before) > 0.1 >= last
    view.set(stop=0.0)
    assert not view.stop.get_visible()
    assert "The walk has not stopped in 100 steps." in view.describe()


def test_the_start_is_dragged() -> None:
    view = explore.algorithm()
    press(view, "plane", 3.02, -1.98)
    assert view.settings.start == (3, -2)
