"""Predictions and goals in a view: nothing is told before one commits, and what is done is kept."""

import asyncio
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hands import ends, message

from lecture643 import lesson, logbook
from lecture643.explore.descent import Descent
from lecture643.explore.sigmoid import Sigmoid
from lecture643.live import View
from lecture643.live.asked import Goal, Heading, Mark, Options, Spot
from lecture643.live.tasks import Tasks

AnyView = View[Any, Any]
STEEPEST = Options(
    ask="Where is σ steepest?",
    options=["at z = −2", "at z = 0", "nowhere"],
    truth=lambda state: 1 if state.slope == 0.25 else 0,
    reveal={"z": 0},
    because=["it is flatter there.", lambda state: f"its slope is {state.slope:g}.", "it is no line."],
    tempting=2,
)
FLAT = Goal(
    say="Make the slope smaller than 0.01.",
    far=lambda state: max(state.slope - 0.01, 0),
    now=lambda state: f"the slope is {state.slope:.4f}",
    hint="Go far out.",
    why=lambda state: f"At z = {state.z:g} σ is nearly flat.",
    way={"z": 5},
)
LEVEL = Mark(
    ask="How high is σ(2)?",
    panel="near",
    name="σ(2)",
    stops=[k / 20 for k in range(21)],
    truth=lambda state: state.value,
    reveal={"z": 2},
    close=0.05,
    because="look.",
)


@pytest.fixture(autouse=True)
def logbook_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LECTURE643_PROGRESS", str(tmp_path / "progress.json"))
    yield
    logbook.clear()


def asked(**tasks: Any) -> AnyView:
    return Sigmoid(z=-4).asking("steepest", **tasks)


def act(view: AnyView, act: str, **more: Any) -> None:
    message(view, "task", act=act, **more)


def test_a_view_that_asks_nothing_tells_nothing() -> None:
    view = Sigmoid()
    assert view.stage.tasks == {}
    assert view.describe() == view.sentence(view.state)


def test_before_one_commits_the_answer_is_nowhere() -> None:
    view = asked(ask=STEEPEST, goals=[FLAT])
    told = view.stage.tasks["prediction"]
    assert told["state"] == "open"
    assert told.keys() == {"kind", "ask", "options", "state", "guess"}
    assert view.describe().startswith("Predict: Where is σ steepest? A: at z = −2; B: at z = 0; C: nowhere.")
    assert view.settings.z == -4
    assert logbook.pages() == {}


@pytest.mark.parametrize(("guess", "right"), [(1, True), (0, False), (None, False)])
def test_one_commits_and_the_view_goes_to_the_answer_and_says_why(guess: int | None, right: bool) -> None:
    view = asked(ask=STEEPEST)
    act(view, "commit", guess=guess)
    told = view.stage.tasks["prediction"]
    assert (told["state"], told["guess"], told["truth"]) == ("answered", guess, 1)
    assert told["because"] == ["it is flatter there.", "its slope is 0.25.", "it is no line."]
    assert view.settings.z == 0
    entry = logbook.noted("predictions", "steepest")
    assert entry
    assert entry["right"] is right
    assert entry["truth"] == "B: at z = 0"
    assert entry["said"] == {1: "B: at z = 0", 0: "A: at z = −2", None: ""}[guess]


def test_one_commits_only_once() -> None:
    view = asked(ask=STEEPEST)
    act(view, "commit", guess=0)
    act(view, "commit", guess=1)
    assert view.stage.tasks["prediction"]["guess"] == 0


def test_after_a_restart_the_answer_is_still_there_and_can_be_asked_anew() -> None:
    act(asked(ask=STEEPEST), "commit", guess=0)
    view = asked(ask=STEEPEST)  # as in a new kernel
    told = view.stage.tasks["prediction"]
    assert (told["state"], told["guess"], told["truth"]) == ("answered", 0, 1)
    assert view.settings.z == 0  # what is said of the answer is seen
    act(view, "again")
    assert view.settings.z == 0
    act(view, "anew")
    assert view.stage.tasks["prediction"]["state"] == "open"
    assert view.settings.z == -4
    assert logbook.noted("predictions", "steepest") is None


def test_in_a_notebook_it_plays_to_the_answer_frame_by_frame() -> None:
    seen: list[float] = []

    async def commit() -> None:
        view = asked(ask=STEEPEST)
        view.controls["z"].observe(lambda change: seen.append(change["new"]), names="value")
        act(view, "commit", guess=0)
        while view.stage.tasks["prediction"]["state"] != "answered":
            await asyncio.sleep(0.01)
        view.close()

    asyncio.run(commit())
    assert len(seen) > 10
    assert seen == sorted(seen)
    assert seen[-1] == 0


def test_what_one_moves_after_the_answer_is_no_answer() -> None:
    view = asked(ask=STEEPEST)
    act(view, "commit", guess=1)
    assert view.tasks.now()["at_answer"]
    view.set(z=1)
    assert not view.tasks.now()["at_answer"]
    view.set(z=0)
    assert view.tasks.now()["at_answer"]


# --- guesses on the picture ---------------------------------------------------------------------


def test_a_level_is_guessed_where_the_axis_has_it() -> None:
    view = asked(ask=LEVEL)
    told = view.stage.tasks["prediction"]
    left, bottom, right, top = told["box"]
    assert 0 < left < right < 0.55
    low, high = view.live.panels["near"].get_ylim()
    for stop, up in zip(told["tracks"][0]["places"], told["at"], strict=True):
        assert up == pytest.approx(bottom + (stop - low) / (high - low) * (top - bottom))


def test_the_truth_stays_on_its_place_when_the_picture_is_laid_out_anew() -> None:
    view = asked(ask=LEVEL)
    act(view, "commit", guess=[0.2])
    before = view.stage.tasks["prediction"]["truth_at"]
    view.fit(700, 500)
    _, bottom, _, top = view.stage.tasks["prediction"]["box"]
    now = view.stage.tasks["prediction"]["truth_at"]
    low, high = view.live.panels["near"].get_ylim()
    assert now == pytest.approx(bottom + (view.state.value - low) / (high - low) * (top - bottom))
    assert now != before


@pytest.mark.parametrize(("guess", "right"), [(0.85, True), (0.9, True), (0.8, False)])
def test_near_is_right(guess: float, right: bool) -> None:
    view = asked(ask=LEVEL)
    act(view, "commit", guess=[guess])
    entry = logbook.noted("predictions", "steepest")
    assert entry
    assert entry["right"] is right
    assert entry["truth"] == "σ(2) = 0.8808"
    assert view.stage.tasks["prediction"]["truth"] == [pytest.approx(0.8808, abs=1e-4)]


def test_a_spot_and_a_heading_stand_where_the_picture_has_them() -> None:
    look: dict[str, Any] = {"panel": "weights", "close": 0.5, "because": "so.", "reveal": {"shown": 40}}
    spot = Spot(ask="?", names=("w₁", "w₂"), stops=range(-3, 4), truth=lambda s: s.paths["gd"].w[-1], **look)
    view = Descent(shown=0).asking("spot", spot)
    told = view.stage.tasks["prediction"]
    left, bottom, right, top = told["box"]
    assert told["at"][0][0] == pytest.approx(left)
    assert told["at"][1][-1] == pytest.approx(top)
    act(view, "commit", guess=[-2, 0])
    across, up = view.stage.tasks["prediction"]["truth_at"]
    assert left < across < right
    assert bottom < up < top
    heading = Heading(ask="?", origin=(0, 0), length=1, truth=lambda s: -160.0, **look | {"close": 20})
    view = Descent(shown=0).asking("heading", heading)
    told = view.stage.tasks["prediction"]
    (x, y), (from_x, from_y) = told["at"][told["tracks"][0]["places"].index(90)], told["from"]
    assert x == pytest.approx(from_x)
    assert y > from_y
    assert heading.right([-175], -160.0)
    assert heading.right([-180], 170.0)
    assert not heading.right([20], -160.0)


def test_the_truth_stays_in_its_place_when_the_picture_is_laid_out_anew() -> None:
    view = asked(ask=LEVEL)
    act(view, "commit", guess=[0.5])
    for width in (1400, 640):
        view.fit(width, 900)
        told = view.stage.tasks["prediction"]
        assert told["truth_at"] == pytest.approx(view.live.place_of("near", (0, told["truth"][0]))[1])
        assert told["at"][10] == pytest.approx(view.live.place_of("near", (0, 0.5))[1])


def test_a_short_answer_plays_in_few_frames() -> None:
    seen: list[float] = []

    async def commit() -> None:
        view = asked(ask=replace(STEEPEST, seconds=0.25))
        view.controls["z"].observe(lambda change: seen.append(change["new"]), names="value")
        act(view, "commit", guess=0)
        while view.stage.tasks["prediction"]["state"] != "answered":
            await asyncio.sleep(0.01)
        view.close()

    asyncio.run(commit())
    assert len(seen) == 3


def test_an_activity_says_which_controls_are_seen_at_once() -> None:
    def at_once(view: AnyView) -> list[str]:
        return [told["name"] for told in view.stage.controls if not told["secondary"]]

    view = Descent().asking("first", goals=[], first=["seed", "rate"])
    assert at_once(view) == ["rate", "seed"]
    view.set(samples=40)  # the ranges are told anew
    assert at_once(view) == ["rate", "seed"]
    assert at_once(Descent().asking("own")) == [
        t["name"] for t in Descent().settings.told() if not t["secondary"]
    ]


def test_a_factor_is_a_ratio() -> None:
    mark = Mark(
        ask="?",
        panel="cost",
        name="E",
        stops=[10.0**-k for k in range(5)],
        truth=lambda _: 1,
        close=3,
        factor=True,
        because="",
    )
    assert mark.right([0.5], 1.0)
    assert mark.right([3.0], 1.0)
    assert not mark.right([0.3], 1.0)


# --- goals --------------------------------------------------------------------------------------


def test_a_goal_is_read_from_the_view_and_is_kept_once_reached() -> None:
    view = asked(goals=[FLAT])
    (goal,) = view.stage.tasks["goals"]
    assert (goal["reached"], goal["why"], goal["hint"]) == (False, "", "")
    (now,) = view.tasks.now()["goals"]
    assert now["now"] == "the slope is 0.0177"
    assert 0 <= now["part"] < 1
    view.set(z=-5)
    view.set(z=0)
    (goal,) = view.stage.tasks["goals"]
    (now,) = view.tasks.now()["goals"]
    assert goal["reached"]
    assert goal["why"]
    assert (now["now"], now["best"], now["part"]) == ("the slope is 0.2500", "the slope is 0.0066", 1)
    (now,) = asked(goals=[FLAT]).tasks.now()["goals"]  # as when the notebook is opened again
    assert (now["now"], now["best"], now["part"]) == ("the slope is 0.0177", "the slope is 0.0066", 1)
    view.set(z=-6)  # further than it had to
    (now,) = view.tasks.now()["goals"]
    assert now["best"] == now["now"] == "the slope is 0.0025"
    entry = logbook.noted("goals", "steepest")
    assert entry
    assert entry["code"] == "lec.explore.sigmoid(z=-5.0)"


def test_a_goal_waits_for_the_prediction() -> None:
    view = asked(ask=STEEPEST, goals=[FLAT])
    view.set(z=6)
    assert not view.stage.tasks["goals"][0]["reached"]
    act(view, "commit", guess=0)
    view.set(z=6)
    assert view.stage.tasks["goals"][0]["reached"]


def test_a_hint_and_a_way_are_shown_when_asked_for_and_do_not_count() -> None:
    view = asked(goals=[FLAT])
    act(view, "hint", goal=0)
    assert view.stage.tasks["goals"][0]["hint"] == "Go far out."
    act(view, "give_up", goal=0)
    (goal,) = view.stage.tasks["goals"]
    assert view.settings.z == 5
    assert not goal["reached"]
    assert view.tasks.now()["goals"][0]["best"] == "the slope is 0.0177"  # one's own
    assert goal["why"] == "At z = 5 σ is nearly flat."
    assert logbook.noted("goals", "steepest") is None


def test_why_stays_as_it_was_told_when_the_goal_was_reached() -> None:
    view = asked(goals=[FLAT])
    view.set(z=5)
    view.set(z=0)
    act(view, "hint", goal=0)  # which tells all goals anew
    assert view.stage.tasks["goals"][0]["why"] == "At z = 5 σ is nearly flat."
    again = asked(goals=[FLAT])  # as in a new kernel
    assert again.stage.tasks["goals"][0]["why"] == "At z = 5 σ is nearly flat."


def test_a_way_begins_where_the_answer_is_seen() -> None:
    view = asked(ask=replace(STEEPEST, reveal={"z": 1}, truth=lambda _: 1), goals=[replace(FLAT, way={})])
    act(view, "commit", guess=0)
    view.set(z=3)
    act(view, "give_up", goal=0)
    assert view.settings.z == 1


def test_what_must_stay_must_stay() -> None:
    moved = Goal(
        say="", far=lambda s: 0, now=lambda s: "", hint="", why="", way={"steps": 5}, fixed=["start"]
    )
    tasks = Tasks(view := Descent(), "kept", goals=[moved])
    assert moved.distance(view.state, view.settings, view.settings) == 0
    assert moved.distance(view.state, view.settings.changed(start=(1, 0)), view.settings) == math.inf
    assert tasks.told()["goals"]


def test_where_a_goal_lies_is_marked_in_the_picture() -> None:
    marked: list[Any] = []
    goal = Goal(**{**vars(FLAT), "mark": marked.append})
    view = asked(goals=[goal])
    assert marked == [view.live]


# --- every activity of the notebooks -------------------------------------------------------------

ACTIVITIES = sorted(lesson.activities)
GOALS = [(name, i) for name in ACTIVITIES for i in range(len(lesson.activities[name].goals))]
ASKED = [name for name in ACTIVITIES if lesson.activities[name].ask]


@pytest.mark.parametrize("name", ACTIVITIES)
def test_every_activity_opens_and_says_what_it_asks(name: str) -> None:
    activity = lesson.activities[name]
    view = activity()
    assert activity.notebook
    assert activity.statements
    if name != "taste":  # it asks nothing yet
        assert activity.ask or activity.goals
        assert view.stage.tasks
    assert view.live.captioned(view.describe())


@pytest.mark.parametrize("name", ASKED)
def test_every_prediction_has_an_answer_that_the_view_computes(name: str) -> None:
    view, ask = lesson.activities[name](), lesson.activities[name].ask
    assert ask
    start = view.sentence(view.state)
    act(view, "commit", guess=None)
    told = view.stage.tasks["prediction"]
    assert told["state"] == "answered"
    assert all(told["because"])
    if isinstance(ask, Options):
        assert 0 <= told["truth"] < len(ask.options) == len(ask.because)
        assert ask.tempting != told["truth"]
    else:
        (first, *_), (low, high) = told["truth"], (min(ask.stops), max(ask.stops))  # type: ignore[attr-defined]
        assert low <= first <= high
        guess = told["tracks"][0]["places"][len(ask.stops) // 2]  # type: ignore[attr-defined]
        assert not ask.right([guess] * len(told["tracks"]), ask.truth(view.state)), "the first guess is right"
    assert not ask.reveal or view.sentence(view.state) != start, "the answer is seen before one commits"


@pytest.mark.parametrize("name", ASKED)
def test_every_prediction_plays_to_its_answer(name: str) -> None:
    """In a notebook, where there is time: every frame on the way is a setting that the view allows."""
    activity = lesson.activities[name]
    assert activity.ask
    quick = replace(activity.ask, seconds=0)

    async def commit() -> AnyView:
        view = activity.view(**activity.settings).asking(name, quick, activity.goals)
        act(view, "commit", guess=None)
        while view.stage.tasks["prediction"]["state"] != "answered":
            await asyncio.sleep(0.01)
        return view

    view = asyncio.run(commit())
    assert view._failure == ""
    for setting, value in activity.ask.reveal.items():
        assert view.settings == view.settings.changed(**{setting: value})


@pytest.mark.parametrize("name", sorted({name for name, _ in GOALS}))
def test_how_a_goal_stands_is_told_in_words_wherever_one_goes(name: str) -> None:
    view = lesson.activities[name]()
    view.tasks.commit({"guess": None})  # no window looks, so that nothing is drawn
    first = view.settings
    for setting in view.controls:
        values = ends(view, setting)
        for value in (values[0], values[-1]):
            view.set(**{setting: value})
            for goal in view.tasks.now()["goals"]:
                assert goal["now"]
                assert not re.search(r"\b(nan|inf|None)\b", goal["now"]), (
                    f"{setting} = {value}: {goal['now']}"
                )
        view.show(first)


@pytest.mark.parametrize(("name", "i"), GOALS)
def test_every_goal_is_reached_by_its_way_and_not_before(name: str, i: int) -> None:
    view, goal = lesson.activities[name](), lesson.activities[name].goals[i]
    act(view, "commit", guess=None)
    assert not view.stage.tasks["goals"][i]["reached"], "it is reached at the start"
    settings = view.settings
    for setting, value in goal.way.items():  # at the view's own stops, one control after the other
        settings = settings.changed(**{setting: value})
        kind, value = settings.kinds()[setting], getattr(settings, setting)
        assert kind.snapped(value, settings) == value, f"{setting} = {value} is between two stops"
    view.show(settings, raising=True)
    assert view.stage.tasks["goals"][i]["reached"]
    assert goal.hint
    assert view.stage.tasks["goals"][i]["why"]
