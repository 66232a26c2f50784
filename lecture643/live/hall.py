"""The look of all views: for one reader, or for a hall."""

import weakref
from typing import TYPE_CHECKING, Any

from lecture643.picture.style import DESK, PROJECTOR, Style

if TYPE_CHECKING:
    from lecture643.live.view import View

open_views: "weakref.WeakSet[View[Any, Any]]" = weakref.WeakSet()
_style = DESK


def style() -> Style:
    """The present look."""
    return _style


def projector() -> None:
    """Big type, thick lines and only the main controls, for a hall; `desk` goes back.

    Open views change too.
    """
    _restyle(PROJECTOR)


def desk() -> None:
    """The look for one reader."""
    _restyle(DESK)


def _restyle(style: Style) -> None:
    global _style
    _style = style
    for view in list(open_views):
        view.rebuild()
