"""A browser that asks a view all that a hand can ask, and keeps the answers.

What it keeps are the very messages that a kernel sends (see live/stage.py), so a film of them is no second
drawing of anything.
"""

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from lecture643.live.asked import said
from lecture643.live.view import View

DENSITY = 2  # of the still part: pixels to a screen pixel
NAME = "film"


@dataclass(frozen=True)
class Shot:
    """One answer: its words, and the bytes of its picture; still: their number among the stills."""

    words: Mapping[str, Any]
    still: int
    ops: bytes
    images: tuple[bytes, ...]


@dataclass
class Reel:
    """What is in a film. stills and outlines once; shots are told by their place in `shots`."""

    stills: list[bytes] = field(default_factory=list)
    glyphs: dict[int, bytes] = field(default_factory=dict)
    controls: list[Any] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)


class Recorder:
    """Asks `view` in the place of a window; reel: what came back.

    room: for the picture, in the window's pixels; as much as it likes if None.
    """

    def __init__(self, view: View[Any, Any], room: tuple[int, int] | None = None) -> None:
        self.view, self.reel, self._room = view, Reel(), room
        self._places: dict[Any, int] = {}  # of shots, by all that is in them
        self._still, self._newest = 0, Shot({}, 0, b"", ())
        self._known: dict[str, tuple[Any, Shot]] = {}  # settings, as written -> their state and shot
        self._behind = False  # whether the figure shows another state than the view has

    def __enter__(self) -> "Recorder":
        self.view.stage.send = self._hear
        wide, high = self._room or self.view.live.size
        self.ask(kind="hello", density=DENSITY, width=wide, height=high)
        return self

    def __exit__(self, *_: object) -> None:
        self._tell({"kind": "bye"})
        del self.view.stage.send

    def ask(self, **message: Any) -> Shot:
        """What answers this message, as the browser would send it."""
        self._tell(message)
        return self._newest

    def shown(self, settings: Any) -> Shot:
        """The shot of these settings."""
        self.view.show(settings, raising=True)
        return self._newest

    def keep(self, shot: Shot) -> int:
        """Its place on the reel."""
        key = json.dumps(shot.words), shot.still, shot.ops, shot.images
        place = self._places.setdefault(key, len(self.reel.shots))
        if place == len(self.reel.shots):
            self.reel.shots.append(shot)
        return place

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Meanwhile nothing is asked of the reader, so the same settings look the same and are drawn once."""
        show = self.view.show

        def show_once(settings: Any, raising: bool = False) -> None:
            name = repr(settings)
            if name in self._known:
                self.view.settings, self._behind = settings, True
                self.view.state, self._newest = self._known[name]
                return
            self._behind = False
            show(settings, raising)
            if not self._newest.words["error"]:
                self._known[name] = self.view.state, self._newest

        self.view.show = show_once  # type: ignore[method-assign]
        try:
            yield
        finally:
            del self.view.show
            self._known, self._behind = {}, False

    def _tell(self, message: dict[str, Any]) -> None:
        self.view.stage._on_message(None, {"client": NAME, "number": 1, "seen": True, **message}, None)

    def _hear(self, told: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        if told["kind"] == "still":
            self._still = _place(self.reel.stills, buffers[0])
        if told["kind"] == "frame" and self._behind:  # something is said, and nothing was drawn for it
            self._behind = False
            self.view.draw_figure(self.view.state)
            self.view.tell()
        elif told["kind"] == "frame":
            count = len(told["glyphs"])
            ops, glyphs, images = buffers[0], buffers[1 : 1 + count], buffers[1 + count :]
            self.reel.glyphs.update(zip(told["glyphs"], glyphs, strict=True))
            self._newest = Shot(self._words(told), self._still, ops, tuple(images))

    def _words(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """What is said with a frame; goals as they are, without what had been reached before."""
        view, state = self.view, self.view.state
        goals = [
            {"now": goal.now(state), "far": far if (far := self._far(goal)) < float("inf") else None}
            | ({"why": said(goal.why, state)} if far == 0 else {})
            for goal in view.tasks.goals
        ]
        return {
            "say": told["say"],
            "error": told["error"],
            "values": told["values"],
            "grips": [[round(part, 4) for part in grip] for grip in told["grips"]],
            "controls": _place(self.reel.controls, [_unwritten(told) for told in view.stage.controls]),
            "code": arguments(view.code()),
            **({"goals": goals} if goals else {}),
        }

    def _far(self, goal: Any) -> float:
        return float(goal.distance(self.view.state, self.view.settings, self.view.tasks.at_first))


def _unwritten(told: Mapping[str, Any]) -> dict[str, Any]:
    """A control without a box for values of one's own: only a kernel can answer what is typed there."""
    return {name: each for name, each in told.items() if name != "typed"}


def arguments(call: str) -> dict[str, str]:
    """What is given in a line of Python that calls something: name -> as it is written."""
    made = ast.parse(call, mode="eval").body
    assert isinstance(made, ast.Call)
    return {str(each.arg): ast.unparse(each.value) for each in made.keywords}


def stops(told: Mapping[str, Any]) -> Iterable[list[Any]]:
    """What each slider, list or box of a control can be moved to, as the browser sends it."""
    value = told["value"]
    if told["kind"] == "switch":
        yield [False, True]
    elif told["kind"] == "choice":
        yield list(range(len(told["options"])))
    elif told["kind"] == "number":
        yield _row(told)
    else:
        sides = told.get("sides", [told] * len(told["names"]))
        for place, side in enumerate(sides):
            yield [[*value[:place], at, *value[place + 1 :]] for at in _row(side)]


def _row(told: Mapping[str, Any]) -> list[Any]:
    if "stops" in told:
        return [_short(stop) for stop in told["stops"]]
    low, high, step = told["min"], told["max"], told["step"]
    count = round((high - low) / step) + 1
    row = [_short(min(low + i * step, high)) for i in range(count)]
    return [int(at) for at in row] if told.get("whole") else row


def _short(value: float) -> float:
    """To six digits, as the slider has it (see controls.js)."""
    return float(f"{value:.6g}")


def _place(kept: list[Any], one: Any) -> int:
    """Where it is in the list; it is put there if it is not."""
    if one not in kept:
        kept.append(one)
    return kept.index(one)
