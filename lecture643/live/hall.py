"""The look of all views: for one reader, or for a hall."""

import weakref
from typing import TYPE_CHECKING, Any

from lecture643.picture.style import DESK, PROJECTOR, Style, for_height

if TYPE_CHECKING:
    from lecture643.live.view import View

open_views: "weakref.WeakSet[View[Any, Any]]" = weakref.WeakSet()
_style = DESK


def style() -> Style:
    """The present look."""
    return _style


def projector(height: float | None = None) -> None:
    """Big type, thick lines and only the main controls, for a hall; `desk` goes back.

    height: of the whole screen in its pixels, where one view fills it: no letter is smaller than 1/45 of it.
    Open views change too.
    """
    _restyle(for_height(height) if height else PROJECTOR)


def desk() -> None:
    """The look for one reader."""
    _restyle(DESK)


def _restyle(style: Style) -> None:
    global _style
    if style == _style:
        return
    _style = style
    for view in list(open_views):
        view.rebuild()
