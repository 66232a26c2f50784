"""What is seen beside a decision map: E, the accuracy, a pinned curve, how often each label is mistaken."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from lecture643.maths.checks import Floats
from lecture643.maths.learning import Curve
from lecture643.picture.axes import error_axes
from lecture643.picture.marks import method_line
from lecture643.picture.style import FAINT, INK, LABELS
from lecture643.picture.table import Table

LOWEST, HIGHEST = 1e-3, 1e2  # E in the picture


class TrainingCurves:
    """Axes of E and of the accuracy. methods: whose curves there can be. moving: the artists that move."""

    def __init__(self, errors: Axes, accuracy: Axes, epochs: int, methods: Sequence[str]) -> None:
        error_axes(errors, "", LOWEST)
        errors.set(ylim=(LOWEST, HIGHEST), xlim=(0, epochs))
        look: dict[str, Any] = {"color": FAINT, "linestyle": (0, (2, 2)), "alpha": 0.7}
        (self.ghost,) = errors.plot([], [], **look)
        (self._key,) = errors.plot([], [], transform=errors.transAxes, **look)
        self._name = errors.text(0.1, 0.07, "", transform=errors.transAxes, va="center", fontsize="small")
        self.of = {method: method_line(errors, method) for method in methods}
        (self.head,) = errors.plot([], [], "o", color=INK, clip_on=False)
        errors.legend(
            handles=list(self.of.values()),
            loc="lower center",
            bbox_to_anchor=(0.45, 1),
            ncols=len(methods),
            frameon=False,
            columnspacing=0.7,
            handlelength=2.4,
            handletextpad=0.4,
        )
        accuracy.set(ylim=(0, 1.04), xlim=(0, epochs), yticks=[0, 0.5, 1])
        accuracy.grid(True, alpha=0.35, linewidth=0.8)
        (trained,) = accuracy.plot([], [], color=INK, label="training")
        (held_out,) = accuracy.plot([], [], ":", color=INK, label="held out")
        self.right = (trained, held_out)
        accuracy.legend(loc="lower right", frameon=False, ncols=2)
        below = [self.ghost, self._key, self._name]
        self.moving: list[Artist] = [*below, *self.of.values(), self.head, *self.right]

    def show(self, curves: Mapping[str, Curve], mine: Curve) -> None:
        """E of the methods that there are, and the head of the one that is looked at."""
        for method, line in self.of.items():
            curve = curves.get(method)
            line.set_data((curve.epochs, np.clip(curve.error, LOWEST, HIGHEST)) if curve else ([], []))
        self.head.set_data(mine.epochs[-1:], np.clip(mine.error[-1:], LOWEST, HIGHEST))

    def score(self, epochs: Floats, parts: Sequence[NDArray[np.bool_]]) -> None:
        """The accuracy on the training and the held-out samples: (times, S) each."""
        for line, right in zip(self.right, parts, strict=True):
            line.set_data((epochs, right.mean(axis=1)) if right.size else ([], []))

    def pin(self, curve: Curve | None, name: str) -> None:
        """A curve that stays, with its name; or none."""
        self._name.set_text(name)
        self._key.set_data(([0.02, 0.085], [0.07, 0.07]) if curve else ([], []))
        self.ghost.set_data((curve.epochs, np.clip(curve.error, LOWEST, HIGHEST)) if curve else ([], []))


class Confusion:
    """How often each label is taken for +1 and for −1, in training and of what is held out."""

    def __init__(self, ax: Axes) -> None:
        table = Table(ax, ("it says", "+1", "−1", "+1", "−1"), rows=2, widths=(1.3, 1, 1, 1, 1))
        for x, head in ((0.43, "training"), (0.81, "held out")):
            ax.text(x, -0.35, head, ha="center", va="center")
        for row, look in enumerate(LABELS.values()):
            table.cells[row][0].set_text(f"y = {look.name}")
            table.ax.plot(-0.02, row + 1.5, look.marker, color=look.colour, clip_on=False)
        self.cells = [cell for row in table.cells for cell in row[1:]]

    def show(self, counts: Sequence[str]) -> None:
        """Row by row: for +1 and for −1, what is said of the training and of the held-out samples."""
        for cell, count in zip(self.cells, counts, strict=True):
            cell.set_text(count)
