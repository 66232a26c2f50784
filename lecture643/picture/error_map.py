"""A map of E over the weights that moves with the points, for which still contours are too slow."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from lecture643.maths.checks import Floats
from lecture643.picture.axes import level_line
from lecture643.picture.style import ERROR_MAP

BANDS = 25
LINES = (0.0025, 0.025, 0.125, 0.24, 0.5, 0.74, 0.875, 0.975)  # as parts of the highest E


class ErrorMap:
    """E over ±limit, over still contours that it hides while it is shown.

    moving: the picture and its lines, which lie below all else that moves.
    """

    def __init__(self, ax: Axes, limit: float) -> None:
        self._limit = limit
        room = (-limit, limit, -limit, limit)
        look: dict[str, Any] = {
            "cmap": ERROR_MAP.resampled(BANDS),
            "interpolation": "nearest",
            "visible": False,
        }
        self._image = ax.imshow(np.zeros((2, 2)), extent=room, origin="lower", vmin=0, vmax=1, **look)
        (self._lines,) = ax.plot([], [], color="white", linewidth=0.8, visible=False)
        self.moving: list[Artist] = [self._image, self._lines]

    def show(self, error: Floats | None) -> None:
        """Show this E, given on an even grid; nothing where it is None."""
        for artist in self.moving:
            artist.set_visible(error is not None)
        if error is None:
            return
        top = max(float(error.max()), 1e-9)
        self._image.set_data(error / top)
        pieces = [level_line(error / top, self._limit, level) for level in LINES]
        self._lines.set_data(*np.concatenate(pieces, axis=1))
