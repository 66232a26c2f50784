"""A film of a view: all that one can see in it by moving one thing at a time, to be played without a kernel.

    film = film_of(explore.descent())     # a dict, whose bytes are in film["data"]
    script("descent", film)               # a file that a page can load, from a plain folder too

One thing is moved at a time, around the settings at first, or those with which a prediction's answer is seen:
every stop of every main control, and places in the picture that can be dragged to. film.js plays it.
"""

import base64
import gzip
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import Any

from lecture643 import logbook
from lecture643.live.asked import said
from lecture643.live.kinds import Choice
from lecture643.live.view import View
from lecture643.reach import compact
from lecture643.reach.places import Place, places
from lecture643.reach.recorder import Recorder, Shot, stops

MOST = 400  # stops of one slider
BUDGET = 370_000.0  # bytes for the still parts and all that can be moved; what is too dear is recorded at
FEW = 8  # fewer stops, but at so many; and at no more
DEAR = 3_000.0  # where each takes more than so many bytes, as a landscape does
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
        with recorder.remembering():
            film |= _moved(recorder, around, secondary, most)
            film["prepared"] = {
                name: recorder.keep(recorder.ask(kind="prepare", state=name)) for name in view.states_prepared
            }
            film["goals"] = [_given_up(recorder, goal, around) for goal in view.tasks.goals]
        if view.tasks.prediction:
            view.tasks.anew({})
        else:
            view.show(view.tasks.at_first)
    return film | compact.told(recorder.reel)


# --- what is recorded ---------------------------------------------------------------------------------


def _asked(recorder: Recorder) -> dict[str, Any]:
    """The prediction, the way to its answer, and the answer; of a view without one, its start."""
    view, tasks = recorder.view, recorder.view.tasks
    if tasks.prediction and (tasks.asked != "open" or view.settings != tasks.at_first):
        tasks.anew({})
    told = tasks.told()
    way = [recorder.keep(recorder.shown(view.settings))]
    if not tasks.prediction:
        return {"open": told, "way": way}
    shots = (recorder.shown(view.settings.changed(**values)) for values in tasks.way())
    way += [recorder.keep(shot) for shot in shots]
    tasks.commit({"guess": None, "calm": True})
    return {"open": told, "way": way, "answered": tasks.told()}


def _given_up(recorder: Recorder, goal: Any, around: Any) -> dict[str, Any]:
    """What is shown to who gives a goal up, and what is told."""
    shot = recorder.shown(around.changed(**goal.way))
    return {"hint": goal.hint, "way": recorder.keep(shot), "why": said(goal.why, recorder.view.state)}


def _moved(recorder: Recorder, around: Any, secondary: bool, most: int) -> dict[str, Any]:
    """All that can be moved around these settings: stops of controls, places to drag to, buttons to press."""
    base = recorder.keep(recorder.shown(around))
    ways = [*_stops(recorder, around, secondary, most), *_places(recorder)]
    recorder.view.foresee(settings for way in ways for settings in way.settings)
    tracks: dict[str, dict[str, Any]] = {}
    drags = []
    for way, every in zip(ways, _strides(recorder, ways), strict=True):
        values, shots = way.values[::every], [way.shot(i) for i in range(0, len(way.values), every)]
        if way.box is None:
            track = tracks.setdefault(way.name, {"values": [], "shots": [], "thin": False})
            track["values"] += values
            track["shots"] += shots
            track["thin"] |= every > 1
        else:
            seen = [(*place.at, shot) for place, shot in zip(values, shots, strict=True)]
            drags.append({"box": way.box, "places": seen})
    return {"base": base, "tracks": tracks, "drags": drags, "presses": _pressed(recorder, around, tracks)}


@dataclass(frozen=True)
class _Way:
    """Neighbours to go through: the stops of the control `name`, or the places in a panel, with its box.

    settings: those of each. ask: what the i-th of them brings. most: no more of them are recorded.
    """

    name: str
    values: Sequence[Any]
    settings: Iterable[Any]
    ask: Callable[[int], Shot]
    recorder: Recorder
    most: int
    box: tuple[float, float, float, float] | None = None

    def shot(self, i: int) -> int:
        """The place of what the i-th of them brings."""
        return self.recorder.keep(self.ask(i))

    @cached_property
    def price(self) -> float:
        """How many bytes all of them add to a film, about."""
        some = range(len(self.values))[len(self.values) // 2 :][:3]
        return len(self.values) * compact.cost([self.ask(i) for i in some])


def _stops(recorder: Recorder, around: Any, secondary: bool, most: int) -> Iterator[_Way]:
    """Through each control; a pair of numbers has two ways."""

    def shot(name: str, row: list[Any], i: int) -> Shot:
        recorder.view.settings = around
        return recorder.ask(kind="set", values={name: row[i]})

    for told in list(recorder.view.stage.controls):
        if not told.get("hidden") and (secondary or not told["secondary"]):
            for row in stops(told):
                name = told["name"]
                settings = map(partial(_changed, around, name), row)
                yield _Way(name, row, settings, partial(shot, name, row), recorder, most)


def _changed(around: Any, name: str, shown: Any) -> Any:
    """The settings with another value, as the browser has it; those around where it is not allowed."""
    try:
        return around.changed(**{name: around.kinds()[name].meant(shown, around)})
    except ValueError:
        return around


def _places(recorder: Recorder) -> list[_Way]:
    """Over each panel."""

    def shot(found: list[Place], i: int) -> Shot:
        return recorder.shown(found[i].settings)

    ways = []
    for panel, there in groupby(places(recorder.view), key=lambda place: place.panel):
        found, box = list(there), recorder.view.live.box(panel)
        settings = [place.settings for place in found]
        ways.append(_Way(panel, found, settings, partial(shot, found), recorder, MOST, box))
    return ways


def _strides(recorder: Recorder, ways: Sequence[_Way]) -> list[int]:
    """Of how many neighbours on each way one is recorded: the cheap take little, the dear share the rest."""
    strides = [1] * len(ways)
    ranked = sorted(range(len(ways)), key=lambda i: ways[i].price)
    for way in ways:
        if len(way.values) < 2 * FEW:  # none of its neighbours can be left out, nor can their stills
            for i in range(len(way.values)):
                way.shot(i)
    left = BUDGET - sum(map(len, compact.stills(recorder.reel.stills)))
    for done, i in enumerate(ranked):
        way, count = ways[i], len(ways[i].values)
        dear = math.ceil(way.price * (len(ways) - done) / max(left, 1))
        dear = count if way.price > DEAR * count else dear
        strides[i] = max(math.ceil(count / way.most), min(dear, count // FEW), 1)
        left -= way.price / strides[i]
    return strides


def _pressed(recorder: Recorder, around: Any, tracks: dict[str, Any]) -> dict[str, dict[int, int]]:
    """What a button brings: action -> from -> to.

    From the beginning; where one moves what is played and nothing else, as a step does, also from each stop.
    """
    view = recorder.view
    played = [told["name"] for told in view.stage.controls if told.get("play") and told["name"] in tracks]
    presses: dict[str, dict[int, int]] = {action: {} for action in view.actions}

    def press(start: Any, actions: Iterable[str]) -> dict[str, set[str]]:
        """Press each of these buttons there; what each has moved."""
        shot, state, moved = recorder.keep(recorder.shown(start)), view.state, {}
        for action in actions:
            view.settings, view.state = start, state
            presses[action][shot] = recorder.keep(recorder.ask(kind="press", action=action))
            moved[action] = {
                name for name in start.kinds() if getattr(view.settings, name) != getattr(start, name)
            }
        return moved

    moved = press(around, presses)
    for name in played:
        if {name} in moved.values():
            steps = [
                action for action, names in moved.items() if names <= {name}
            ]  # from the first none goes back
            for value in tracks[name]["values"][:MOST_PRESSED]:
                press(around.changed(**{name: value}), steps)
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
