"""Level maps of several functions on one square, of which one is shown."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from lecture643.maths.checks import Floats
from lecture643.picture.axes import height_contour, level_line


def grid(limit: float, fine: int = 97) -> Floats:
    """The points (fine, fine, 2) of an even grid over ±limit."""
    across = np.linspace(-limit, limit, fine)
    return np.stack(np.meshgrid(across, across), axis=-1)


class LevelMaps:
    """Filled contours over ±limit, made when they are first shown; the others are hidden meanwhile."""

    def __init__(self, ax: Axes, limit: float) -> None:
        self._ax, self._limit = ax, limit
        self._made: dict[Any, list[Artist]] = {}
        self._shown: Any = None
        self._height: Floats

    def show(self, f: Any, heights: Callable[[Any], Floats]) -> bool:
        """Show the map of f, whose heights on an even grid are asked for; whether it was another before."""
        if f is self._shown:
            return False
        self._shown, self._height = f, heights(f)
        if f not in self._made:
            self._made[f] = [*height_contour(self._ax, self._height, self._limit)]
        for artist in chain(*self._made.values()):
            artist.set_visible(artist in self._made[f])
        return True

    def line(self, level: float) -> tuple[Floats, Floats]:
        """The contour of this level in the map that is shown: x and y for one Line2D."""
        return level_line(self._height, self._limit, level)
