"""Open views follow a homework: they take the newest function, and go to the number that is off."""

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from lecture643 import checked
from lecture643.checked import Checked, Place
from lecture643.live import cells, hall
from lecture643.live.view import View

AnyView = View[Any, Any]

_remarked: WeakKeyDictionary[AnyView, str] = WeakKeyDictionary()  # by which homework


def follow(found: Checked) -> bool:
    """Let the open views show what a check has found; whether one of them shows its place."""
    for view in list(hall.open_views):
        if _remarked.get(view) == found.homework:  # by an earlier check
            view.remark("")
        if found.function and getattr(view.settings, found.takes, None):
            view.take({found.takes: found.function})
    place, here = found.place, cells.turn()
    views = [view for view in hall.open_views if place and _can_show(view, place)]
    if not place or not views:
        return False
    view = min(views, key=lambda view: _distance(view.turn, here))
    view.set(**place.settings)
    view.remark(found.words)
    _remarked[view] = found.homework
    return True


def _distance(turn: tuple[int, int], here: int) -> tuple[bool, int, int]:
    """Views above are nearer than those below; of the same cell the newest is nearest."""
    cell, age = turn
    return cell > here, abs(here - cell), -age


def _can_show(view: AnyView, place: Place) -> bool:
    """Whether it is such a view, with all else at the lecture's own, and no question open."""
    if view.name != place.view or view.tasks.asked in ("open", "playing"):
        return False
    try:
        there = view.settings.changed(**place.settings)
    except ValueError:  # another network has other steps
        return False
    others = view.settings.kinds().keys() - place.settings.keys() - {*place.free, place.own}
    return all(_same(getattr(there, name), _default(there, name)) for name in others)


def _default(settings: Any, name: str) -> Any:
    kind = settings.kinds()[name]
    return kind.checked(name, kind.first(settings), settings)


def _same(one: Any, other: Any) -> bool:
    """Data are the same where all their numbers are."""
    if type(one) is not type(other) or not hasattr(one, "__dict__"):
        return bool(np.array_equal(one, other))
    pairs = zip(vars(one).values(), vars(other).values(), strict=True)
    return all(np.array_equal(*pair) for pair in pairs)


checked.on_check(follow)
