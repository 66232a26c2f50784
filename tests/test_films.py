"""A film holds the very frames that a kernel would send, and what can be reached by moving one thing."""

import gzip
import io
import json
import random
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lecture643 import explore, lesson, logbook
from lecture643.live.asked import Options
from lecture643.picture import figure
from lecture643.reach import compact, films
from lecture643.reach.recorder import Recorder, arguments, stops

SHORT = Options(
    ask="Which?", options=["a", "b"], truth=lambda _: 1, because=["no", "yes"], tempting=0, seconds=0.1
)
MAKERS = {"algorithm": explore.algorithm, "towards_the_minimum": lesson.towards_the_minimum}


@cache
def film_of(name: str) -> dict[str, Any]:
    return films.film_of(MAKERS[name]())


@pytest.fixture(params=list(MAKERS))
def filmed(request: pytest.FixtureRequest) -> tuple[Any, dict[str, Any]]:
    return MAKERS[request.param], film_of(request.param)


def ops(film: dict[str, Any]) -> list[bytes]:
    return compact.restored(film["data"], film["ops"], film["stepped"])


def around(maker: Any) -> Any:
    """A fresh view, at the settings around which all was recorded."""
    logbook.clear()  # else it would be answered already
    view = maker()
    if view.tasks.prediction:
        view.tasks.commit({"guess": None, "calm": True})
    return view


def test_random_stops_equal_a_fresh_views_frames(filmed: tuple[Any, dict[str, Any]]) -> None:
    maker, film = filmed
    recorded, draw = ops(film), random.Random(643)
    moves = [
        (name, value, shot)
        for name, track in film["tracks"].items()
        for value, shot in zip(track["values"], track["shots"], strict=True)
    ]
    for name, value, place in draw.sample(moves, min(12, len(moves))):
        with Recorder(around(maker)) as fresh:
            shot = fresh.ask(kind="set", values={name: value})
        told = film["shots"][place]
        assert shot.ops == recorded[place]
        assert json.loads(json.dumps(shot.words["say"])) == told["say"]
        assert json.loads(json.dumps(shot.words["values"])) == json.loads(json.dumps(told["values"]))
        assert len(shot.images) == len(told["images"])


def test_every_stop_of_every_main_control_is_there(filmed: tuple[Any, dict[str, Any]]) -> None:
    maker, film = filmed
    main = [told for told in around(maker).stage.controls if not told["secondary"] and not told.get("hidden")]
    assert main
    for told in main:
        assert film["tracks"][told["name"]]["values"] == [value for row in stops(told) for value in row]


def test_a_press_in_the_picture_is_a_place_of_the_film(filmed: tuple[Any, dict[str, Any]]) -> None:
    maker, film = filmed
    recorded = ops(film)
    for panel in film["drags"]:
        across, up, place = panel["places"][len(panel["places"]) // 2]
        with Recorder(around(maker)) as fresh:
            shot = fresh.ask(kind="point", phase="down", across=across, up=up)
        assert shot.ops == recorded[place]


def test_a_button_steps_on_and_back_from_every_stop() -> None:
    view = explore.backprop()
    film = films.film_of(view)
    recorded, track, values = ops(film), film["tracks"]["step"], {}
    for value, place in zip(track["values"], track["shots"], strict=True):
        values.setdefault(place, value)
    assert len(values) > 10
    for action in view.actions:
        assert set(film["presses"][action]) >= set(values)
    for place in random.Random(643).sample(list(values), 4):
        for action in view.actions:
            with Recorder(explore.backprop()) as fresh:
                fresh.ask(kind="set", values={"step": values[place]})
                shot = fresh.ask(kind="press", action=action)
            assert shot.ops == recorded[film["presses"][action][place]]


def test_the_same_settings_are_drawn_once_and_what_is_said_of_them_has_their_picture() -> None:
    view, drawn = explore.direction(), []
    here, there = (view.settings.changed(x=x) for x in ((1, 1), (-1, 0.5)))
    draw = view.draw
    view.draw = lambda state: (drawn.append(state), draw(state))[1]
    with Recorder(view) as recorder:
        alone = recorder.shown(here)
        with recorder.remembering():
            first, other, again = (recorder.shown(settings) for settings in (here, there, here))
            assert len(drawn) == 3
            assert first is again
            assert first.ops == alone.ops != other.ops
            assert view.settings == here
            said = recorder.ask(kind="set", values={"reach": -1})
            assert said.words["error"]
            assert said.ops == alone.ops
        assert recorder.shown(there).ops == other.ops


def test_a_film_of_a_view_that_was_moved_begins_where_all_begins() -> None:
    view = explore.direction().asking("short", SHORT)
    view.set(x=(1, 1))
    film = films.film_of(view)
    start, moved = (film["shots"][place]["values"]["x"] for place in (film["tasks"]["way"][0], film["base"]))
    assert start == moved == list(explore.direction().settings.x)


def test_a_prediction_is_asked_and_answered() -> None:
    film = film_of("towards_the_minimum")
    view = lesson.towards_the_minimum()
    asked, answered = film["tasks"]["open"]["prediction"], film["tasks"]["answered"]["prediction"]
    assert asked == view.tasks.told()["prediction"]
    assert asked["state"] == "open"
    assert answered["state"] == "answered"
    assert "truth" in answered
    assert film["tasks"]["way"][-1] == film["base"]


def test_nothing_is_noted_of_who_makes_a_film() -> None:
    logbook.note("goals", "mine", goal="kept")
    film = films.film_of(explore.direction().asking("short", SHORT))
    assert film["tasks"]["answered"]["prediction"]["truth"] == 1
    assert logbook.pages() == {"goals": {"mine": logbook.noted("goals", "mine")}}


def test_a_goal_says_how_far_it_is_in_each_shot() -> None:
    film = film_of("towards_the_minimum")
    for i, goal in enumerate(film["goals"]):
        reached = film["shots"][goal["way"]]["goals"][i]
        assert reached["far"] == 0
        assert reached["why"]
    assert all(len(shot["goals"]) == len(film["goals"]) for shot in film["shots"])


def test_the_film_is_one_small_file() -> None:
    film = film_of("algorithm")
    whole = gzip.decompress(films.packed(film))
    length = int.from_bytes(whole[:4], "little")
    told = json.loads(whole[4 : 4 + length])
    parts = (sum(told[name]) for name in ("stills", "pictures", "outlines"))
    assert len(whole) == 4 + length + 2 * sum(told["ops"]) + sum(parts)
    assert len(films.packed(film)) <= 400_000
    assert films.packed(film) == films.packed(films.film_of(explore.algorithm()))


def test_a_large_film_stays_small_as_its_stills_are_written_in_few_colours() -> None:
    film = films.film_of(lesson.entries())
    assert len(film["stills"]) > 3
    assert sum(film["stills"]) <= compact.HEAVY
    assert len(films.packed(film)) <= 400_000


def test_a_coarser_still_is_the_same_to_the_eye() -> None:
    png = explore.direction().live.still(1)
    fine, coarse = (Image.open(io.BytesIO(each)).convert("RGB") for each in (png, compact.coarser(png, 1.0)))
    apart = np.abs(np.asarray(fine, int) - np.asarray(coarse, int))
    assert coarse.size == fine.size
    assert apart.mean() < 0.5
    assert len(np.unique(np.asarray(coarse).reshape(-1, 3), axis=0)) <= compact.COLOURS


def test_both_ways_of_writing_pictures_give_them_back() -> None:
    pictures = [bytes(range(0, 60, 2)), bytes([255, 0, 1, 2]), bytes([1, 0, 7, 255])]
    lengths = [len(each) // 2 for each in pictures]
    assert compact.restored(compact.steps(pictures), lengths) == pictures
    assert compact.restored(b"".join(pictures), lengths, stepped=False) == pictures


def test_a_stored_picture_says_that_it_is_a_still(monkeypatch: pytest.MonkeyPatch) -> None:
    live = explore.sigmoid().live
    told = Image.open(io.BytesIO(live.captioned("z = 0")))
    monkeypatch.setattr(figure, "STILL", "")
    silent = Image.open(io.BytesIO(live.captioned("z = 0")))
    assert told.width == silent.width
    assert told.height > silent.height


def test_stops_are_those_of_the_sliders_in_the_browser() -> None:
    assert list(stops({"kind": "switch", "value": True})) == [[False, True]]
    assert list(stops({"kind": "choice", "value": 0, "options": ["a", "b", "c"]})) == [[0, 1, 2]]
    whole = {"kind": "number", "value": 2, "min": 1, "max": 3, "step": 1, "whole": True}
    assert list(stops(whole)) == [[1, 2, 3]]
    pair = {"kind": "point", "value": [0, 1], "names": ["a", "b"], "min": 0, "max": 1, "step": 0.5}
    assert list(stops(pair)) == [[[0, 1], [0.5, 1], [1, 1]], [[0, 0], [0, 0.5], [0, 1]]]


def test_arguments_are_read_from_a_line_of_python() -> None:
    assert arguments("lec.explore.descent(rate=0.5, start=(1.0, 2.0))") == {
        "rate": "0.5",
        "start": "(1.0, 2.0)",
    }
