"""The stage in the browser, as a widget: what it is told, and what it asks.

The browser asks {kind, client, number, seen, …}: "set" (values), "point" (a press, a move or a release in the
picture), "nudge" (an arrow key), "press" (a button), "prepare" (a prepared state), "task" (what is done
about a prediction or a goal, see tasks.py). Each of these is answered just once, by a "frame" or, where there
is nothing to show, by "nothing": a window has one question under way, and what waits there gives way to what
is newer. It tells, and needs no answer: "hello" (its density and its room), "sight" (whether it
is seen has changed), "bye". A window numbers its messages, as a kernel has threads of which one may overtake
another: what is told last counts, whenever it is heard.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lecture643.picture.figure import LiveFigure

_HERE = Path(__file__).parent

# JupyterLab may run callbacks in a thread beside the one that runs cells; matplotlib is not made for that.
lock = threading.RLock()


def source() -> str:
    """One ES module: a widget's module can import no file, so the parts are joined."""
    parts = ("player.js", "controls.js", "tasks.js", "stage.js")
    lines = (line for name in parts for line in (_HERE / name).read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if not line.startswith("import "))


def style() -> str:
    """Its style sheet."""
    return (_HERE / "stage.css").read_text(encoding="utf-8")


@dataclass
class Client:
    """One window that shows the view: its screen's density, whether it is seen, and what it has."""

    density: float = 1.0
    seen: bool = True
    still: int = -1
    glyphs: set[int] = field(default_factory=set)
    newest: dict[str, float] = field(default_factory=dict)  # kind of a message -> its number

    def hear(self, message: Mapping[str, Any]) -> bool:
        """Whether one looks; returns False where a newer message of the kind has overtaken this one."""
        kind, number = message["kind"], message["number"]
        if number > max(self.newest.values(), default=-inf):
            self.seen = message["seen"]
        if number < self.newest.get(kind, -inf):
            return False
        self.newest[kind] = number
        return True

    def look(self, density: float) -> None:
        """It shows the view on a screen of this density."""
        if density != self.density:
            self.still = -1
        self.density = density


class Stage(anywidget.AnyWidget):
    """The widget. ask: called with each message. clients: the windows that show it, by their own names."""

    _esm = source()
    _css = style()
    controls: Any = traitlets.List([]).tag(sync=True)
    actions: Any = traitlets.Dict({}).tag(sync=True)
    tasks: Any = traitlets.Dict({}).tag(sync=True)
    hall = traitlets.Bool(False).tag(sync=True)

    @classmethod
    def of(cls, values: Mapping[str, Any], ask: Callable[[dict[str, Any]], None], **traits: Any) -> "Stage":
        """A stage with one more trait for each setting, for jslink and the like; it is right at rest."""
        own = {name: traitlets.Any(value).tag(sync=True) for name, value in values.items()}
        return type("Stage", (cls,), own)(ask, **traits)

    def __init__(self, ask: Callable[[dict[str, Any]], None], **traits: Any) -> None:
        super().__init__(**traits)
        self.clients: dict[str, Client] = {}
        self._ask = ask
        self._question: dict[str, Any] = {}
        self.on_msg(self._on_message)

    @property
    def is_seen(self) -> bool:
        """Whether a window shows it."""
        return any(client.seen for client in self.clients.values())

    def _on_message(self, _: Any, message: dict[str, Any], __: Any) -> None:
        with lock:
            kind, name = message["kind"], message["client"]
            client = self.clients.setdefault(name, Client())
            if not client.hear(message) and kind in ("hello", "sight"):
                return
            if kind == "bye":
                del self.clients[name]
            elif kind == "hello":
                client.look(min(max(float(message["density"]), 1.0), 3.0))
            elif kind != "sight":
                self._question = {"client": name, "number": message["number"]}
            try:
                self._ask(message)
            finally:
                if self._question:  # nothing came of it
                    self._answer({"kind": "nothing"}, [])

    def show(self, live: LiveFigure, words: Mapping[str, Any]) -> None:
        """Send a frame to the windows that are seen, and first the still part to those that lack it."""
        seen = [client for client in self.clients.values() if client.seen]
        if not seen:
            return
        for density in sorted({c.density for c in seen if c.still != live.still_id}):
            told = {"kind": "still", "still": live.still_id, "density": density, "size": live.size}
            self.send(told, [live.still(density)])
        frame = live.frame()
        known = set[int].intersection(*(client.glyphs for client in seen))
        new = sorted(set(frame.glyphs) - known)
        for client in seen:
            client.still = live.still_id
            client.glyphs.update(frame.glyphs)
        told = {"kind": "frame", "still": live.still_id, "glyphs": new, **words}
        self._answer(told, [frame.ops, *(live.glyph(each) for each in new), *frame.images])

    def lay_out(self, size: tuple[int, int], words: Mapping[str, Any]) -> None:
        """Let a window that is not seen know how large the picture will be, and what is said of it."""
        self.send({"kind": "words", "size": size, **words})

    def _answer(self, told: dict[str, Any], buffers: list[bytes]) -> None:
        question, self._question = self._question, {}
        self.send(told | question, buffers)
