"""A film of a view: all that one can see in it by moving one thing at a time, to be played without a kernel.

    film = film_of(explore.descent())     # a dict, whose bytes are in film["data"]
    script("descent", film)               # a file that a page can load, from a plain folder too

One thing is moved at a time, around the settings at first, or those with which a prediction's answer is seen:
every stop of every main control, and places in the picture that can be dragged to. film.js plays it.
"""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from lecture643 import logbook
from lecture643.live.asked import said
from lecture643.live.kinds import Choice
from lecture643.live.view import View
from lecture643.reach import compact
from lecture643.reach.places import places
from lecture643.reach.recorder import Recorder, stops

MOST = 400  # stops of one slider
DEAR, FAIR, FEW = (
    250_000,
    130_000,
    12,
)  # bytes: of more than DEAR, stops are left out, down to FAIR, or to FEW
MOST_PRESSED = 60  # from which the buttons are pressed


def film_of(
    view: View[Any, Any],
    secondary: bool = False,
    room: tuple[int, int] | None = None,
    most: int = MOST,
) -> dict[str, Any]:
    """The film of a view, which stands at its first settings afterwards, and nothing is noted of it.

    secondary: whether the controls that wait under "more" are recorded, too. room: for its picture, in
    screen pixels. most: how many stops of one slider are recorded.
    """
    with logbook.aside(), Recorder(view, room) as recorder:
        film: dict[str, Any] = {
            "size": list(view.live.size),
            "actions": dict(view.actions),
            "hall": bool(view.stage.hall),
            "call": f"lec.explore.{view.name}",
            "written": _written(view.settings),
            "tasks": _asked(recorder),
        }
        around = view.settings
        film |= _moved(recorder, around, secondary, most)
        film["prepared"] = {name: recorder.ask(kind="prepare", state=name) for name in view.states_prepared}
        film["goals"] = [_given_up(recorder, goal, around) for goal in view.tasks.goals]
        if view.tasks.prediction:
            view.tasks.anew({})
        view.show(view.tasks.at_first)
    return film | compact.told(recorder.reel)


# --- what is recorded ---------------------------------------------------------------------------------


def _asked(recorder: Recorder) -> dict[str, Any]:
    """The prediction, the way to its answer, and the answer; of a view without one, its start."""
    view, tasks = recorder.view, recorder.view.tasks
    if tasks.prediction:
        tasks.anew({})  # the reader may have answered already
    told = tasks.told()
    way = [recorder.shown(view.settings)]
    if not tasks.prediction:
        return {"open": told, "way": way}
    way += [recorder.shown(view.settings.changed(**values)) for values in tasks.way()]
    tasks.commit({"guess": None, "calm": True})
    return {"open": told, "way": way, "answered": tasks.told()}


def _given_up(recorder: Recorder, goal: Any, around: Any) -> dict[str, Any]:
    """What is shown to who gives a goal up, and what is told."""
    shot = recorder.shown(around.changed(**goal.way))
    return {"hint": goal.hint, "way": shot, "why": said(goal.why, recorder.view.state)}


def _moved(recorder: Recorder, around: Any, secondary: bool, most: int) -> dict[str, Any]:
    """All that can be moved around these settings: stops of controls, places to drag to, buttons to press."""
    view = recorder.view
    base = recorder.shown(around)

    def answer(**message: Any) -> int:
        view.settings = around
        return recorder.ask(**message)

    tracks = {}
    for told in list(view.stage.controls):
        if not told.get("hidden") and (secondary or not told["secondary"]):
            tracks[told["name"]] = _track(recorder, told, answer, most)
    recorder.shown(around)
    drags = []
    for panel, found in groupby(places(view), key=lambda place: place.panel):
        seen = [(*place.at, recorder.shown(place.settings)) for place in found]
        drags.append({"box": view.live.box(panel), "places": seen})
    return {"base": base, "tracks": tracks, "drags": drags, "presses": _pressed(recorder, around, tracks)}


def _track(recorder: Recorder, told: dict[str, Any], answer: Callable[..., int], most: int) -> dict[str, Any]:
    """The stops of a control, each with its shot; thin: whether some were left out, as they are dear."""

    def shot(value: Any) -> int:
        return answer(kind="set", values={told["name"]: value})

    values, thin = [], False
    for row in stops(told):
        cost = compact.cost([recorder.reel.shots[shot(value)] for value in row[len(row) // 2 :][:5]])
        every = -(-len(row) // most)
        if len(row) * cost > DEAR:
            every = max(every, round(len(row) * cost / FAIR))
            every = min(every, max(len(row) // FEW, 1))
        values += row[::every]
        thin = thin or every > 1
    return {"values": values, "shots": [shot(value) for value in values], "thin": thin}


def _pressed(recorder: Recorder, around: Any, tracks: dict[str, Any]) -> dict[str, dict[int, int]]:
    """What a button brings: action -> from -> to.

    From the beginning; where one moves what is played and nothing else, as a step does, also from each stop.
    """
    view = recorder.view
    played = [told["name"] for told in view.stage.controls if told.get("play") and told["name"] in tracks]
    presses: dict[str, dict[int, int]] = {action: {} for action in view.actions}

    def moves(start: Any) -> set[str]:
        """Press each button there; what of what is played is all that one moves."""
        moved = set()
        for action, reached in presses.items():
            shot = recorder.shown(start)
            reached[shot] = recorder.ask(kind="press", action=action)
            names = {name for name in start.kinds() if getattr(view.settings, name) != getattr(start, name)}
            moved |= names if names <= set(played) else set()
        return moved

    for name in moves(around):
        for value in tracks[name]["values"][:MOST_PRESSED]:
            moves(around.changed(**{name: value}))
    return presses


def _written(settings: Any) -> dict[str, list[str]]:
    """How the options of each choice are written in Python."""
    kinds = settings.kinds().items()
    return {
        name: [repr(value) for value in kind.named(settings).values()]
        for name, kind in kinds
        if isinstance(kind, Choice)
    }


# --- as a file ----------------------------------------------------------------------------------------


def packed(film: Mapping[str, Any]) -> bytes:
    """The film in one piece: the length of what is told, what is told as JSON, the bytes; gzipped."""
    head = {name: value for name, value in film.items() if name != "data"}
    told = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(len(told).to_bytes(4, "little") + told + film["data"], compresslevel=9, mtime=0)


def script(name: str, film: Mapping[str, Any]) -> str:
    """A script that brings the film to a page, from a plain folder too, where nothing can be fetched."""
    return f'lecture643.film("{name}", "{base64.b64encode(packed(film)).decode()}");\n'
