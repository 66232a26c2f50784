"""Points of one's own: given as rows, painted in the picture, moved by sliders and buttons."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hands import drag, message, press

from lecture643 import explore, toy
from lecture643.live import View
from lecture643.live.own_points import MOST
from lecture643.maths.toy import SigmoidNeuron, four_points

LECTURE = ((-3.0, -3.0, 1.0), (-2.0, -2.0, 1.0), (4.0, 4.0, 0.0), (2.0, -5.0, 0.0))
OWN = ((0.0, 3.0, 1.0), (2.0, 2.0, 0.0), (-1.0, -4.0, 0.25))

Make = Callable[..., View[Any, Any]]


def said(rows: Any, w: tuple[float, float]) -> float:
    """E of rows at w, by the formula."""
    x, y = np.array(rows)[:, :2], np.array(rows)[:, 2]
    return float(((y - 1 / (1 + np.exp(-x @ w))) ** 2).sum())


# --- what is allowed -----------------------------------------------------------------------------


def test_the_lectures_points_are_the_default() -> None:
    view = explore.neuron()
    assert view.settings.points == LECTURE
    assert view.settings.neuron is view.settings.problem
    assert view.code() == "lec.explore.neuron()"


@pytest.mark.parametrize(
    "rows", [OWN, [list(row) for row in OWN], np.array(OWN)], ids=["tuples", "lists", "array"]
)
def test_points_are_given_as_rows(rows: Any) -> None:
    view = explore.neuron(points=rows, w=(1, 0.5))
    assert view.settings.points == OWN
    assert view.state.errors.sum() == pytest.approx(said(OWN, (1, 0.5)))
    assert eval(view.code(), {"lec": __import__("lecture643")}).settings == view.settings


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("a", "points must be an array of numbers, got 'a'"),
        ([(1, 2)], r"points must be rows of three numbers \(x₁, x₂, label\), got \[\(1, 2\)\]"),
        ([(1, 1, 1)], "points must be from 2 to 40, got 1"),
        ([(0, 0, 1)] * 41, "points must be from 2 to 40, got 41"),
        ([(1, 9, 1), (1, 1, 0)], "points must lie from -6 to 6 in x₁ and x₂"),
        ([(1, np.nan, 1), (1, 1, 0)], "points must hold finite numbers, got nan"),
        ([(1, 1, -1), (2, 1, 1)], r"labels from 0 to 1, got \[-1.0, 1.0\]; map labels −1 and \+1 by"),
    ],
)
def test_what_is_no_point_is_told(rows: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        explore.neuron(points=rows)
    view = explore.neuron()
    message(view, "set", values={})
    view.take({"points": rows})
    assert "the setting stays as it was" in view._failure
    assert view.settings.points == LECTURE


def test_other_data_bring_their_own_points_wherever_they_lie() -> None:
    far = SigmoidNeuron([[9.0, 0.0], [0.0, -9.0]] * 30, [1, 0] * 30)
    view = explore.neuron(problem=far)
    assert len(view.settings.points) == 60
    view.set(which=2)
    assert view.settings.neuron is far
    view.set(problem=toy.four_points())
    assert view.settings.points == LECTURE


# --- the hand ------------------------------------------------------------------------------------


def test_a_point_is_dragged_and_the_surface_follows() -> None:
    view = explore.neuron(w=(0.5, 0.5))
    before = view.live.picture()
    drag(view, "inputs", [(4, 4), (3, 1), (-1, 2)])
    rows = (*LECTURE[:2], (-1.0, 2.0, 0.0), LECTURE[3])
    assert view.settings.points == rows
    assert view.settings.which == 3
    assert view.state.errors.sum() == pytest.approx(said(rows, (0.5, 0.5)))
    assert "Point 3 of 4 is chosen: (−1, 2), y = 0." in view.describe()
    shown = view.map.moving[0]
    assert shown.get_visible()
    (low, _), size = view.weights.get_xlim(), len(shown.get_array())
    assert low == -6
    at = (size - 1) * 3 // 4  # w = 3 on the grid
    top = max(said(rows, (a, b)) for a in np.linspace(-6, 6, 161) for b in (-6, 6, 0))
    assert shown.get_array()[at, at] * top == pytest.approx(said(rows, (3, 3)), rel=0.05)
    view.reset()
    assert view.live.picture() == before


def test_a_press_beside_all_points_does_nothing() -> None:
    view = explore.neuron()
    drag(view, "inputs", [(0, 3), (1, 1)])
    assert view.settings == explore.neuron().settings


def test_points_are_added_flipped_and_deleted_by_a_press() -> None:
    view = explore.neuron(tool="one")
    press(view, "inputs", 1, 2)
    view.set(tool="zero")
    press(view, "inputs", 5, -1)
    assert view.settings.points == (*LECTURE, (1, 2, 1), (5, -1, 0))
    assert view.settings.which == 6
    view.set(tool="flip")
    press(view, "inputs", 1, 2)
    assert view.settings.points[4] == (1, 2, 0)
    view.set(tool="delete")
    press(view, "inputs", -3, -3)
    assert view.settings.points == (*LECTURE[1:], (1, 2, 0), (5, -1, 0))
    assert "press a point: it goes" in view.inputs.get_title()


def test_two_points_stay_and_forty_are_enough() -> None:
    view = explore.neuron(points=LECTURE[:2], which=1, tool="delete")
    press(view, "inputs", -3, -3)
    assert "Two points have to stay." in view.describe()
    message(view, "press", action="delete")
    assert view.settings.points == LECTURE[:2]
    full = explore.neuron(points=[(x / 10, 1, x % 2) for x in range(MOST)], tool="one")
    press(full, "inputs", -4, -4)
    message(full, "press", action="add")
    assert len(full.settings.points) == MOST
    assert "There is room for 40 points." in full.describe()


# --- the keyboard --------------------------------------------------------------------------------


def test_all_that_the_mouse_does_controls_do_too() -> None:
    view = explore.neuron()
    message(view, "set", values={"which": 2})
    message(view, "set", values={"points": [-1.0, 3.5]})
    assert view.settings.points[1] == (-1.0, 3.5, 1.0)
    message(view, "press", action="flip")
    assert view.settings.points[1] == (-1.0, 3.5, 0.0)
    message(view, "press", action="add")
    assert (len(view.settings.points), view.settings.which) == (5, 5)
    message(view, "press", action="delete")
    assert len(view.settings.points) == 4
    view.reset()
    message(view, "press", action="delete")
    assert "Choose a point first" in view.describe()
    assert view.settings.points == LECTURE


def test_arrow_keys_move_what_was_dragged_last() -> None:
    view = explore.neuron()
    drag(view, "inputs", [(4, 4), (3, 3)])
    message(view, "nudge", across=2, up=-1)
    assert view.settings.points[2] == pytest.approx((3.2, 2.9, 0.0))
    assert view.settings.which == 3


def test_its_sliders_are_there_once_a_point_is_chosen() -> None:
    view = explore.neuron()

    def hidden() -> bool:
        told = next(each for each in view.settings.told() if each["name"] == "points")
        return bool(told.get("hidden"))

    assert hidden()
    view.set(which=1)
    assert not hidden()


# --- few and many --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [2, 3, 4, 5, 9, 40])
def test_any_number_of_points_has_a_picture_and_a_sentence(size: int) -> None:
    rng = np.random.default_rng(size)
    rows = [(*place, k % 2) for k, place in enumerate(rng.uniform(-6, 6, (size, 2)))]
    view = explore.neuron(points=rows)
    for which in (0, 1, size):
        view.set(which=which)
        assert view.live.picture()
        view.live.frame()
        shown = [name.get_text() for _, name in view.rows if name.get_text()]
        assert len(shown) == min(size, 4)
        assert not which or str(which) in shown
    assert f"of the {size} points" in view.describe()


def test_a_hall_and_a_phone_have_own_points_too() -> None:
    view = explore.neuron(points=OWN, which=2)
    view.fit(400, 900)
    assert view.map.moving[0].get_visible()
    assert view.settings.points == OWN


def test_the_problem_that_was_given_is_taken_as_it_is() -> None:
    problem = four_points()
    assert explore.neuron(problem=problem).settings.neuron is problem


# --- the race on one's own points ----------------------------------------------------------------


def test_the_race_runs_on_own_points() -> None:
    view = explore.descent(points=OWN, rate=0.3, steps=20, start=(1, -1))
    assert view.settings.samples == 3
    w = np.array([1.0, -1.0])
    for _ in range(20):
        w = w - 0.3 * SigmoidNeuron(np.array(OWN)[:, :2], np.array(OWN)[:, 2]).gradient(w)
    assert view.state.paths["gd"].w[-1] == pytest.approx(w)
    assert view.state.error["gd"] == pytest.approx(said(OWN, tuple(w)))
    assert eval(view.code(), {"lec": __import__("lecture643")}).settings == view.settings


def test_the_points_stand_in_the_place_of_the_upper_curves() -> None:
    view = explore.descent()
    picture = view.live.picture()
    drag(view, "inputs", [(4, 4), (1, 1)])
    assert view.settings.points == LECTURE  # they are not seen
    view.set(tool="move")
    before = view.state.error
    drag(view, "inputs", [(4, 4), (1, 1)])
    assert view.settings.points[2] == (1, 1, 0)
    assert view.state.error != before
    assert view.axes.map.moving[0].get_visible()
    view.set(tool="none")
    assert view.settings.points[2] == (1, 1, 0)
    view.reset()
    assert view.live.picture() == picture


def test_the_legend_names_as_many_arrows_as_there_are() -> None:
    def named() -> int:
        legend = view.axes.weights.get_legend()
        assert legend in view.live._moving or not view.axes.own
        return len(legend.get_texts())

    view = explore.descent()
    assert named() == 5
    view.set(points=OWN)
    assert named() == 4
    view.set(points=[*LECTURE, *OWN])
    assert named() == 1
    assert view.settings.samples == 7
    view.reset()
    assert named() == 5


def test_a_goal_about_the_lectures_points_is_not_reached_on_others() -> None:
    from lecture643 import lesson

    view = lesson.race()
    goal, way = view.tasks.goals[0], view.tasks.goals[0].way
    easy = [(-5.0, -5.0, 1.0), (5.0, 5.0, 0.0)]
    view.tasks.asked = "answered"
    view.set(points=easy, **way)
    view.set(shown=view.controls["shown"].max)
    assert goal.far(view.state) == 0
    assert goal.distance(view.state, view.settings, view.tasks._settings) == np.inf


# --- training on one's own points ----------------------------------------------------------------

SIX = [(-3, -3, -1), (1, 1, 1), (2, -1, -1), (-1, 2, 1), (0, 0, 1), (4, 4, -1)]


def test_a_network_trains_on_own_points() -> None:
    view = explore.training(points=SIX, sizes=(2, 8, 1), rate=0.3)
    assert view.settings.data == "your points"
    task = view.state.run.task
    assert task.x.tolist() == [[x1, x2] for x1, x2, _ in SIX]
    assert task.label.tolist() == [label for _, _, label in SIX]
    assert task.trained == 6
    assert view.settings.points[0] == (-3, -3, 0)  # −1 is kept as 0
    assert eval(view.code(), {"lec": __import__("lecture643")}).settings == view.settings


def test_training_takes_no_labels_in_between() -> None:
    with pytest.raises(ValueError, match=r"points must have labels 0 and 1, or −1 and \+1, got"):
        explore.training(points=[(0, 0, 0.5), (1, 1, 1)])


def test_who_paints_trains_on_what_is_painted() -> None:
    view = explore.training(data="your points", sizes=(2, 1), epochs=10, tool="one")
    assert view.state.run.task.x.tolist() == [list(row[:2]) for row in LECTURE]
    press(view, "inputs", 0, 5)
    assert view.state.run.task.label.tolist() == [1, 1, -1, -1, 1]
    assert "Point 5 of 5 is chosen: (0, 5), y = +1." in view.describe()
    assert len(view.ring.get_xdata()) == 1
    view.set(tool="move")
    drag(view, "inputs", [(0, 5), (-1, 4)])
    assert view.settings.points[4] == (-1, 4, 1)
    view.reset()
    assert view.settings.points == LECTURE


def test_a_button_begins_a_set_of_ones_own() -> None:
    view = explore.training(sizes=(2, 1), epochs=5)
    message(view, "press", action="add")
    assert view.settings.data == "your points"
    assert view.settings.points == (*LECTURE, (0, 0, 1))
    view.set(data="XOR")  # and goes back to another without losing them
    assert view.settings.points == (*LECTURE, (0, 0, 1))
    view.set(points=LECTURE)
    assert view.settings.data == "your points"


def test_the_unseen_is_dragged_where_it_is_nearer_than_every_point() -> None:
    view = explore.training(data="your points", sizes=(2, 1), epochs=5, unseen=(0, 2))
    drag(view, "inputs", [(0, 2), (1, 3)])
    assert (view.settings.unseen, view.settings.points) == ((1, 3), LECTURE)
    drag(view, "inputs", [(4, 4), (3, 3)])
    assert (view.settings.unseen, view.settings.points[2]) == ((1, 3), (3, 3, 0))
    view.set(tool="flip")
    press(view, "inputs", 1, 3)
    assert view.settings.unseen == (1, 3)


def test_the_hand_is_asked_for_only_with_own_points() -> None:
    def hidden(view: View[Any, Any]) -> set[str]:
        return {told["name"] for told in view.settings.told() if told.get("hidden")}

    view = explore.training(epochs=5, sizes=(2, 1))
    assert {"tool", "which", "points"} <= hidden(view)
    view.set(points=SIX, which=1)
    assert not {"tool", "which", "points"} & hidden(view)
    title = view.inputs.ax.get_title()
    view.set(tool="delete")
    assert view.inputs.ax.get_title() != title


# --- no setting about the points is dead, and all of them can be told --------------------------


@pytest.mark.parametrize("name", ["neuron", "descent", "training"])
def test_points_tool_and_which_change_what_is_seen(name: str) -> None:
    more = {"epochs": 5, "sizes": (2, 1)} if name == "training" else {}
    view = getattr(explore, name)(points=SIX if name == "training" else OWN, **more)
    for change in ({"which": 2}, {"tool": "flip"}, {"points": LECTURE}):
        before = view.live.picture(), view.describe()
        view.set(**change)
        assert (view.live.picture(), view.describe()) != before
    assert len(view.handles()) >= 5
