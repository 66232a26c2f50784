"""What is so at present: names in a column, and beside each what it is."""

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes

from lecture643.picture.style import FAINT


class Facts:
    """Names and what is written beside them, from the top of bare axes; `write` changes what is written.

    rows: how many fit in; a legend finds its room below. at: where the names end, from 0 to 1.
    cells: what changes, for `live.moving`.
    """

    def __init__(self, ax: Axes, names: Sequence[str], rows: int, at: float = 0.3) -> None:
        ax.set(xlim=(0, 1), ylim=(rows, 0))
        ax.axis("off")
        look: dict[str, Any] = {"va": "center"}
        for row, name in enumerate(names):
            ax.text(at - 0.03, row + 0.5, name, ha="right", color=FAINT, **look)
        self.cells = [ax.text(at + 0.03, row + 0.5, "", ha="left", **look) for row in range(len(names))]

    def write(self, told: Iterable[str]) -> None:
        """Fill the cells from the first on."""
        for cell, text in zip(self.cells, told, strict=True):
            cell.set_text(text)
