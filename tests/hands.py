"""What a hand does to a view, as the browser tells it."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from lecture643.live import View

_numbers = count(1)


def message(view: View[Any, Any], kind: str, **told: Any) -> None:
    """One message of the browser."""
    told = {"client": "hand", "number": next(_numbers), "seen": True, **told}
    view.stage._on_message(None, {"kind": kind, **told}, [])


def point(view: View[Any, Any], phase: str, panel: str, at: tuple[float, float]) -> None:
    """A press ("down"), "move" or release ("up") at a point in the data units of a panel."""
    across, up = view.live.place_of(panel, at)
    message(view, "point", phase=phase, across=across, up=up)


def press(view: View[Any, Any], panel: str, x: float, y: float) -> None:
    """Press and release at one place."""
    drag(view, panel, [(x, y)])


def drag(view: View[Any, Any], panel: str, places: Sequence[tuple[float, float]]) -> None:
    """A drag through these places of a panel."""
    point(view, "down", panel, places[0])
    for place in places[1:]:
        point(view, "move", panel, place)
    point(view, "up", panel, places[-1])


def ends(view: View[Any, Any], name: str) -> list[Any]:
    """The values at which a setting is tried: both ends and the middle, or all of a choice."""
    told = next(each for each in view.settings.told() if each["name"] == name)
    if told["kind"] == "number":
        middle = (told["min"] + told["max"]) / 2
        return [told["min"], int(middle) if told.get("whole") else middle, told["max"]]
    if told["kind"] == "point":
        kind, sides = view.controls[name].kind, told.get("sides", [told] * len(told["names"]))
        low, high = [side["min"] for side in sides], [side["max"] for side in sides]
        middle = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
        corners = [low, [*low[:-1], high[-1]], middle, [*high[:-1], low[-1]], high]
        return [tuple(kind.meant(corner, view.settings)) for corner in corners]
    return view.controls[name].options or [False, True]
