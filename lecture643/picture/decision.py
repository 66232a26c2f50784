"""What a classifier says of every input: the coloured ground, its border, the samples, an unseen point."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from lecture643.maths.checks import Floats
from lecture643.maths.learning import says_plus
from lecture643.maths.text import number
from lecture643.picture.axes import clipped, data_axes, level_line
from lecture643.picture.marks import samples
from lecture643.picture.style import ALERT, INK, LABELS, PALE_LABEL_MAP

SIDE = 100  # of the map, in pixels
MARK: dict[str, Any] = {"linestyle": "", "fillstyle": "none", "markeredgewidth": 1.6}
Group = tuple[int, bool]  # the label, and whether it is held out
Which = NDArray[np.bool_]  # (S,)


class Decision:
    """ŷ over the inputs: from the threshold on it is +1's side, with +1's colour and letters.

    moving: the artists that `ground`, `points` and `answer` move.
    """

    def __init__(self, ax: Axes, title: str) -> None:
        self.ax = ax
        data_axes(ax, 1.0, title)
        self.shading = ax.imshow(
            np.zeros((SIDE, SIDE)),
            origin="lower",
            cmap=PALE_LABEL_MAP,
            vmin=0,
            vmax=1,
            interpolation="bilinear",
        )
        (self.border,) = ax.plot([], [], color=INK)
        self.samples = {
            (label, out): samples(ax, label, hollow=out) for label in LABELS for out in (False, True)
        }
        (self.wrong,) = ax.plot([], [], marker="x", color=ALERT, **MARK)
        size = self.wrong.get_markersize()
        (self.next,) = ax.plot([], [], marker="o", markersize=1.6 * size, color=INK, **MARK)
        self.signs = [
            ax.text(
                0, 0, look.name, ha="center", va="center", color=look.colour, weight="bold", size="x-large"
            )
            for look in LABELS.values()
        ]
        (self.unseen,) = ax.plot([], [], "*", color=INK, markersize=2 * size, markeredgecolor="white")
        plate = {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.8, "linewidth": 0}
        self.told = ax.text(0, 0, "", ha="center", va="center", bbox=plate)
        self.moving: list[Artist] = [self.shading, self.border, *self.samples.values(), self.wrong, self.next]
        self.moving += [*self.signs, self.unseen, self.told]

    def reach(self, limit: float) -> bool:
        """Show the inputs up to ±limit; whether that is a new still part."""
        if self.ax.get_xlim()[1] == limit:
            return False
        data_axes(self.ax, limit, self.ax.get_title())
        self.shading.set_extent((-limit, limit, -limit, limit))
        return True

    def ground(self, answers: Floats, threshold: float, limit: float, x: Floats) -> None:
        """Colour the ground by ŷ (SIDE, SIDE), and letter each side: where the network is surest of it, off
        the samples x (S, 2) if there is room.
        """
        sides = stretched(answers, threshold)
        self.shading.set_data(sides)
        self.border.set_data(*level_line(answers, limit, threshold))
        inside, across = sides[8:-8:4, 8:-8:4], np.linspace(-limit, limit, SIDE)[8:-8:4]
        sure = 2 * inside - 1  # of +1; below 0 of −1
        crowded = _near(across, x, 0.13 * limit)
        each_side = ((sure, (sure >= 0).any()), (-sure, (sure < 0).any()))
        for text, (mine, anywhere) in zip(self.signs, each_side, strict=True):
            row, column = np.unravel_index(
                np.where(crowded | (mine < 0), mine - 2, mine).argmax(), mine.shape
            )
            text.set_position((across[column], across[row]))
            text.set_visible(bool(anywhere))

    def points(
        self,
        x: Floats,
        groups: Mapping[Group, NDArray[np.bool_]],
        wrong: NDArray[np.bool_],
        following: list[int],
    ) -> None:
        """The samples x (S, 2) by group, crossed where they are wrong, ringed where the next step looks."""
        for group, which in groups.items():
            self.samples[group].set_data(*x[which].T)
        self.wrong.set_data(*x[wrong].T)
        self.next.set_data(*x[following].T)

    def answer(self, unseen: tuple[float, float], answer: float, sign: str, limit: float) -> None:
        """The star at x̂, and what is said of it."""
        x, y = clipped(np.array(unseen), limit)
        self.unseen.set_data([x], [y])
        above = (0.12 if y < 0.8 * limit else -0.12) * limit
        side = "right" if x > 0.3 * limit else "left" if x < -0.3 * limit else "center"
        self.told.set(ha=side, position=(np.clip(x, -0.96 * limit, 0.96 * limit), y + above))
        self.told.set_text(f"ŷ = {number(answer)}, so {sign}")


def stretched(answers: Floats, threshold: float) -> Floats:
    """ŷ stretched so that the threshold lies at ½: below it is −1's colour, from it on +1's."""
    below = answers / (2 * max(threshold, 1e-9))
    above = 0.5 + (answers - threshold) / (2 * max(1 - threshold, 1e-9))
    return np.where(says_plus(answers, threshold), above, below)


def _near(across: Floats, x: Floats, reach: float) -> Which:
    """Which places of the grid, rows by columns, have a sample beside them."""
    column, row = (np.abs(across[:, np.newaxis] - side) < reach for side in x.T)  # (n, S) each
    return (row.astype(int) @ column.T.astype(int)) > 0
