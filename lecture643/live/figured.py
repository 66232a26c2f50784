"""A figure that is there while somebody needs it.

A matplotlib figure holds about 5 MB, and a notebook has many views of which one or two are in sight. What a
view has made for its figure is let go when nobody sees it, and made anew, from the view's state, when it is
asked for. The view need not know: its attributes are simply there.
"""

import asyncio
import ctypes
import gc
import math
import sys
import time
from typing import TYPE_CHECKING, Any, ClassVar

from lecture643.live import hall
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

COLLECTED_AFTER = 1.0  # seconds
_C_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None


class Figured:
    """What has a figure: `panels` say where, `build(live)` makes it, `draw(state)` moves it."""

    panels: ClassVar[Mosaic]
    live: LiveFigure
    _size: tuple[int, int] | None
    _made: frozenset[str] = frozenset()  # the names of what belongs to the figure

    @property
    def has_figure(self) -> bool:
        """Whether it is there now."""
        return "live" in vars(self)

    def make_figure(self) -> None:
        """Make the figure, in the present style and size; it shows no state yet."""
        live = LiveFigure(self.panels, hall.style(), self._size)
        self.live = live
        self._made |= {"live"}
        with live.style.context():
            self._noting("build", live)
            self._mark(live)

    def draw_figure(self, state: Any) -> None:
        """Move what is drawn to where the state puts it."""
        with self.live.style.context():
            self._noting("draw", state)

    def forget_figure(self) -> None:
        """Forget the figure and all that was made for it."""
        for name in self._made & vars(self).keys():
            delattr(self, name)

    def let_figure_go(self) -> None:
        """Forget it, and give its memory back."""
        if self.has_figure:
            self.forget_figure()
            _collector.soon()

    def _mark(self, live: LiveFigure) -> None:
        """Draw what does not belong to the view itself."""

    def _noting(self, step: str, given: Any) -> None:
        """Take a step, and note which attributes it makes."""
        before = set(vars(self))
        getattr(self, step)(given)
        self._made |= vars(self).keys() - before

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name in self._made and not self.has_figure:
                self.make_figure()
                if "state" in vars(self):
                    self.draw_figure(self.state)
                return getattr(self, name)
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs here; None in a plain script."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class _Collector:
    """Gives memory back: once for all figures of a second, as a search for them takes a tenth of one."""

    def __init__(self) -> None:
        self._due = -math.inf

    def soon(self) -> None:
        """In a second where an event loop runs, else now."""
        loop, now = running_loop(), time.monotonic()
        if loop is None:
            _give_back()
        elif now > self._due:
            self._due = now + COLLECTED_AFTER
            loop.call_later(COLLECTED_AFTER, _give_back)


_collector = _Collector()


def _give_back() -> None:
    """Free what nothing holds any more, and give it back to the system where there is a way."""
    gc.collect()  # artists, axes and figure hold each other
    if trim := getattr(_C_LIBRARY, "malloc_trim", None):  # glibc keeps what is freed, about 20 MB of it
        trim(0)
