"""`lec.link`: settings of the same name move together, either way, without an echo, while both are open."""

import asyncio
from dataclasses import dataclass

import numpy as np
import pytest
from hands import drag, message

import lecture643 as lec
from lecture643 import explore, lesson
from lecture643.live import Settings, View, switch
from lecture643.live.stage import Stage
from lecture643.maths.toy import four_points


def test_the_other_begins_where_the_first_one_is() -> None:
    one, other = explore.neuron(w=(1, -2)), explore.surface()
    told = lec.link(one, other)
    assert other.settings.w == (1, -2)
    assert "neuron and surface move together: w" in repr(told)


def test_w_dragged_on_the_map_rolls_the_ball_and_back() -> None:
    neuron, surface = explore.neuron(), explore.surface()
    lec.link(neuron, surface)
    drag(neuron, "weights", [(-0.5, 0.5), (2, 1)])
    x, y, z = (float(part[0]) for part in surface.ball.get_data_3d())
    assert (x, y) == (2, 1)
    assert z == pytest.approx(float(four_points().error(np.array([2.0, 1.0]))))
    assert "The ball lies at w = (2, 1)" in surface.describe()
    drag(surface, "contours", [(2, 1), (-3, 0.5)])
    assert neuron.settings.w == (-3, 0.5)
    across, up = neuron.half.get_data()  # the line in the plane of the data is at right angles to w
    assert np.array([across[1] - across[0], up[1] - up[0]]) @ (-3, 0.5) == pytest.approx(0)


def test_points_move_in_both_views_and_the_hand_stays_its_own() -> None:
    neuron, race = explore.neuron(), explore.descent()
    link = lec.link(neuron, race)
    assert link.names == ["points", "which"]
    neuron.set(tool="one")
    drag(neuron, "inputs", [(1, 2), (1, 3)])
    assert race.settings.points == neuron.settings.points
    assert race.settings.points[4] == (1, 3, 1)
    assert race.settings.tool == "none"
    race.reset()
    assert len(neuron.settings.points) == 4


def test_there_is_no_echo() -> None:
    one, other = explore.neuron(), explore.neuron()
    lec.link(one, other)
    drawn: list[str] = []
    for name, view in (("one", one), ("other", other)):
        draw = view.draw
        view.draw = lambda state, name=name, draw=draw: (drawn.append(name), draw(state))
    one.set(w=(1, 1))
    assert drawn == ["one", "other"]
    other.controls["w"].value = (2, 1)
    assert drawn == ["one", "other", "other", "one"]


def test_three_views_in_a_ring_come_to_rest() -> None:
    views = [explore.neuron(), explore.surface(), explore.neuron()]
    for one, other in ((0, 1), (1, 2), (2, 0)):
        lec.link(views[one], views[other])
    views[1].set(w=(0.25, 1.5))
    assert [view.settings.w for view in views] == [(0.25, 1.5)] * 3


def test_unlinked_or_closed_each_moves_alone() -> None:
    one, other = explore.neuron(), explore.neuron()
    link = lec.link(one, other)
    link.unlink()
    link.unlink()
    one.set(w=(1, 1))
    assert other.settings.w == (-0.5, 0.5)
    lec.link(one, other)
    other.close()
    assert not one.observers
    one.set(w=(2, 2))
    assert other.settings.w == (1, 1)
    assert not other.observers


def test_a_value_that_the_other_does_not_allow_stays_where_it_is() -> None:
    neuron, surface = explore.neuron(), explore.surface(extent=2.0)
    lec.link(neuron, surface)
    neuron.set(w=(5, 0))
    assert surface.settings.w == (-0.5, 0.5)
    assert surface._failure == ""
    surface.set(azimuth=10)
    assert neuron.settings.w == (5, 0)  # what has not moved is not told


def test_a_prediction_that_is_open_is_not_spoiled() -> None:
    asked, other = lesson.point_4(), explore.neuron(w=(2, 2))
    lec.link(other, asked)
    other.set(w=(3, 1))
    assert asked.settings.w == (0.5, -0.5)
    message(asked, "task", act="commit", guess=[90])
    assert asked.tasks.asked == "answered"
    assert other.settings.w == asked.settings.w  # the answer is seen in both


def test_a_view_that_is_closed_already_is_not_moved() -> None:
    plane, surface = explore.neuron(), explore.surface()
    surface.close()
    lec.link(plane, surface)
    plane.set(w=(3, 1))
    assert surface.settings.w is None


def test_in_notebook_01_the_ball_rolls_once_the_question_is_answered() -> None:
    surface, plane = lesson.terraces(), explore.neuron()
    lec.link(plane, surface)
    plane.set(w=(1, 1))
    assert surface.settings.w is None
    message(surface, "task", act="commit", guess=1)
    plane.set(w=(-3, 0.5))
    assert surface.settings.w == (-3, 0.5)
    assert "The ball lies at w = (−3, 0.5)" in surface.describe()


def test_in_notebook_03_two_walks_begin_where_the_basins_cross_is() -> None:
    basins, walks = lesson.starts(), explore.line_search(function="E of the four points")
    lec.link(basins, walks, "start")
    assert walks.settings.start == (1, -1)
    message(basins, "task", act="commit", guess=[50])
    rate = walks.settings.rate
    walks.set(start=(-2, 3))
    assert basins.settings.start == (-2, 3)
    basins.set(start=(2, 2), rate=0.5)
    assert (walks.settings.start, walks.settings.rate) == ((2, 2), rate)


@pytest.mark.parametrize(
    ("views", "names", "told"),
    [
        (("sigmoid", "surface"), (), "sigmoid and surface share no setting that could be tied"),
        (("neuron", "surface"), ("rate",), "neuron and surface do not share 'rate', they share w"),
        (("neuron", "descent"), ("tool",), "do not share 'tool', they share points, which"),
    ],
)
def test_what_cannot_be_tied_is_told(views: tuple[str, str], names: tuple[str, ...], told: str) -> None:
    one, other = (getattr(explore, name)() for name in views)
    with pytest.raises(ValueError, match=told):
        lec.link(one, other, *names)


def test_what_is_no_view_is_told() -> None:
    view = explore.neuron()
    with pytest.raises(ValueError, match=r"other must be a view, such as lec.explore.neuron\(\), got 3"):
        lec.link(view, 3)
    with pytest.raises(ValueError, match="link needs two views, got the same one twice"):
        lec.link(view, view)


def test_within_an_event_loop_a_hand_moves_both(monkeypatch: pytest.MonkeyPatch) -> None:
    async def moved() -> None:
        one, other = explore.neuron(), explore.surface()
        lec.link(one, other)
        frames: list[str] = []
        monkeypatch.setattr(Stage, "show", lambda stage, *_: frames.append(stage))
        message(other, "sight", seen=True)  # a frame goes to where somebody looks
        message(one, "set", values={"w": [1.5, 2.5]})
        await asyncio.sleep(0)
        assert other.settings.w == (1.5, 2.5)
        assert {one.stage, other.stage} == set(frames)
        one.close()
        other.close()

    asyncio.run(moved())


@dataclass(frozen=True)
class LevelSettings(Settings):
    seed: int = switch("seed", False)


class Level(View[LevelSettings, LevelSettings]):
    panels = explore.sigmoid.panels

    def build(self, live: object) -> None:
        self.live.axes(self.panels.names[0])

    def compute(self, settings: LevelSettings) -> LevelSettings:
        return settings

    def draw(self, state: LevelSettings) -> None: ...

    def sentence(self, state: LevelSettings) -> str:
        return ""


def test_the_same_name_for_another_thing_is_no_tie() -> None:
    with pytest.raises(ValueError, match="share no setting"):
        lec.link(Level(), explore.descent())


def test_a_page_keeps_no_walk_that_is_on_its_way() -> None:
    """While an event loop runs, a link's push shows the first slice only; what is stored is all."""

    async def displayed() -> tuple[bool, str]:
        basins, walks = explore.basins(), explore.line_search(function="E of the four points", shown=20)
        lec.link(basins, walks, "start")
        data, _ = walks._repr_mimebundle_()
        return walks.unfinished, data["text/plain"]

    unfinished, told = asyncio.run(displayed())
    assert not unfinished
    assert "after 20 steps of exact search" in told
