"""Where in a picture a finger can take hold and drag, and what it then sets."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lecture643.live.hand import Pointer
from lecture643.live.view import View

MOST = 80  # places of one picture
COARSE, FINEST = 6, 24  # places across a panel, at first and at most


@dataclass(frozen=True)
class Place:
    """at: in parts of the picture, in `panel`. settings: those that a press there brings."""

    panel: str
    at: tuple[float, float]
    settings: Any


def places(view: View[Any, Any]) -> list[Place]:
    """Those of all panels in turn, as close together as MOST allows; each brings settings of its own."""
    few = len(list(_grid(view, COARSE)))
    count = min(FINEST, math.ceil(COARSE * math.sqrt(MOST / max(few, 1))))
    found = _at_most(view, count)
    if len(found) <= 0.75 * MOST and count < FINEST:  # some panels give way sideways only
        found = _at_most(view, FINEST)
    return found


def _at_most(view: View[Any, Any], count: int) -> list[Place]:
    """So many across a panel, or fewer."""
    while len(found := list(_grid(view, count))) > MOST:
        count = min(count - 1, math.ceil(count * math.sqrt(MOST / len(found))))
    return found


def _grid(view: View[Any, Any], count: int) -> Iterator[Place]:
    for panel, axes in view.live.panels.items():
        left, bottom, right, top = view.live.box(panel)
        seen: dict[str, tuple[Any, list[tuple[float, float]]]] = {}
        for i in range(count):
            for j in range(count):
                at = left + (right - left) * (i + 0.5) / count, bottom + (top - bottom) * (j + 0.5) / count
                settings = _set_by(view, panel, axes, at)
                if settings is not None and settings != view.settings:
                    seen.setdefault(repr(settings), (settings, []))[1].append(at)
        for settings, where in seen.values():
            yield Place(panel, _middle(where), settings)


def _set_by(view: View[Any, Any], panel: str, axes: Any, at: tuple[float, float]) -> Any:
    """What a press there sets, with what a hand means by it."""
    x, y = axes.transData.inverted().transform(view.figure.transFigure.transform(at))
    settings = view.settings
    for name, value in view.drag(Pointer(panel, axes, float(x), float(y), *at, begins=True)).items():
        settings = settings.changed(**{name: settings.kinds()[name].snapped(value, settings)})
    return settings


def _middle(where: list[tuple[float, float]]) -> tuple[float, float]:
    """The one of them that is nearest to their mean."""
    mean = [sum(part) / len(where) for part in zip(*where, strict=True)]
    x, y = min(where, key=lambda at: (at[0] - mean[0]) ** 2 + (at[1] - mean[1]) ** 2)
    return round(x, 4), round(y, 4)
