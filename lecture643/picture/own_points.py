"""Labelled points that change: up to four look as the lecture's do, more of them as their labels do."""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from lecture643.maths.checks import Floats
from lecture643.maths.text import number
from lecture643.maths.toy import SigmoidNeuron
from lecture643.picture.marks import data_points, samples
from lecture643.picture.style import INK, LABELS, POINTS


class OwnPoints:
    """The points of a neuron on the plane of its inputs, and a ring around a chosen one.

    moving: the artists that `show` and `ring_around` move.
    """

    def __init__(self, ax: Axes) -> None:
        size = len(POINTS)
        self.ring = chosen_ring(ax)
        every = data_points(ax, SigmoidNeuron(np.zeros((size, 2)), np.zeros(size)))
        self._few = list(zip(every[::2], every[1::2], strict=True))
        self._many = {label: samples(ax, label, hollow=False) for label in LABELS}
        self._reach = float(ax.get_xlim()[1])
        self.moving: list[Artist] = [self.ring, *every, *self._many.values()]

    def show(self, problem: SigmoidNeuron) -> None:
        """Put the markers where the points are."""
        few = problem.size <= len(POINTS)
        for i, (marker, label) in enumerate(self._few):
            here = few and i < problem.size
            marker.set_data(*problem.x[i : i + 1].T if here else ([], []))
            label.set_visible(here)
            if here:
                self._write(label, problem.x[i], f"{POINTS[i].name}: y = {number(problem.y[i])}")
        for label, line in self._many.items():
            which = ((problem.y >= 0.5) == (label > 0)) & (not few)
            line.set_data(*problem.x[which].T)

    def ring_around(self, x: Floats | None) -> None:
        """The ring around this point, or none."""
        self.ring.set_data(*([], []) if x is None else x[:, np.newaxis])

    def _write(self, label: Any, x: Floats, words: str) -> None:
        """Beside the point, on the side where the words stay inside."""
        right = bool(x[0] < 0.4 * self._reach)
        label.xy = x[0], x[1]
        label.set_text(words)
        away = abs(label.xyann[0])
        label.xyann = (away if right else -away, 0)
        label.set_horizontalalignment("left" if right else "right")


def chosen_ring(ax: Axes) -> Any:
    """The empty ring around a chosen point; move it with `set_data`."""
    size = 2.3 * mpl.rcParams["lines.markersize"]
    look: dict[str, Any] = {"fillstyle": "none", "markeredgewidth": 2, "color": INK, "linestyle": ""}
    return ax.plot([], [], "o", markersize=size, **look)[0]
