"""The hand among points of one's own: what a press does, and the buttons that do the same."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lecture643.live.hand import Pointer
from lecture643.live.kinds import Pair
from lecture643.live.own_points import FEWEST, MOST, Rows, flipped, moved, without
from lecture643.maths.text import number, vector

REACH = 0.8  # so near to a point a press means it
TOLD = {
    "move": "drag a point",
    "one": "press: a new point, y = 1",
    "zero": "press: a new point, y = 0",
    "flip": "press a point: its label flips",
    "delete": "press a point: it goes",
}
BUTTONS: Mapping[str, Any] = {
    "add": {"more": "add a point"},
    "flip": {"more": "flip its label"},
    "delete": {"more": "delete it"},
}


def nearest(rows: Rows, at: Pair) -> int:
    """The number, from 1, of the point at this place; 0 where there is none."""
    far = np.linalg.norm(np.array(rows)[:, :2] - at, axis=1)
    return int(far.argmin()) + 1 if far.min() <= REACH else 0


class Painting:
    """Of a view whose settings have points, which, and a tool: buttons and the hand."""

    if TYPE_CHECKING:
        settings: Any

        def take(self, values: Mapping[str, Any]) -> None: ...
        def remark(self, words: str) -> None: ...

    _offset: Pair | None = None  # from the hand to the point that it holds

    def add(self) -> None:
        """A new point in the middle, with the label of the chosen one."""
        rows, which = self.settings.points, self.settings.which
        if self._has_room():
            self.take({"points": (*rows, (0.0, 0.0, rows[which - 1][2] if which else 1.0))})

    def flip(self) -> None:
        """The other label for the chosen point."""
        if self._is_chosen():
            self.take({"points": flipped(self.settings.points, self.settings.which)})

    def delete(self) -> None:
        """The chosen point goes."""
        if self._is_chosen() and self._can_spare():
            self.take({"points": without(self.settings.points, self.settings.which)})

    def paint(self, pointer: Pointer) -> dict[str, Any]:
        """What a press or a drag in the plane of the points does."""
        rows, at = self.settings.points, (pointer.x, pointer.y)
        if pointer.begins:
            return self._begun(rows, at)
        if self._offset is None or not self.settings.which:
            return {}
        held = at[0] + self._offset[0], at[1] + self._offset[1]
        return {"points": moved(rows, self.settings.which, held)}

    def _begun(self, rows: Rows, at: Pair) -> dict[str, Any]:
        tool, near = self.settings.tool, nearest(rows, at)
        self._offset = None
        if tool in ("one", "zero"):
            self._offset = (0.0, 0.0)
            return {"points": (*rows, (*at, float(tool == "one")))} if self._has_room() else {}
        if not near:
            return {}
        if tool == "flip":
            return {"points": flipped(rows, near)}
        if tool == "delete":
            return {"points": without(rows, near)} if self._can_spare() else {}
        self._offset = rows[near - 1][0] - at[0], rows[near - 1][1] - at[1]
        return {"which": near}

    def _has_room(self) -> bool:
        return self._or_says(len(self.settings.points) < MOST, f"There is room for {MOST} points.")

    def _can_spare(self) -> bool:
        return self._or_says(len(self.settings.points) > FEWEST, "Two points have to stay.")

    def _is_chosen(self) -> bool:
        return self._or_says(bool(self.settings.which), "Choose a point first: press it, or set its number.")

    def _or_says(self, allowed: bool, why_not: str) -> bool:
        if not allowed:
            self.remark(why_not)
        return allowed


def chosen_told(settings: Any, named: Callable[[float], str] = number) -> str:
    """A sentence on the chosen point, if there is one; named: a label, in words."""
    if not settings.which:
        return ""
    x1, x2, label = settings.points[settings.which - 1]
    place = f"{vector((x1, x2))}, y = {named(label)}"
    return f" Point {settings.which} of {len(settings.points)} is chosen: {place}."
