"""A table of texts in a panel: heads, rows, and cells that change."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.text import Text

from lecture643.picture.style import FAINT


class Table:
    """Texts in even rows on bare axes; `write` changes the cells.

    heads: one for each column. rows: how many there are below the heads. widths: of the columns, relative.
    cells: the texts by row and column, for `live.moving`. Sizes and alike are given as to `Axes.text`.
    """

    def __init__(
        self, ax: Axes, heads: Sequence[str], rows: int, widths: Sequence[float] = (), **look: Any
    ) -> None:
        ax.set(xlim=(0, 1), ylim=(rows + 1, 0))
        ax.axis("off")
        self.ax, self._look = ax, {"ha": "center", "va": "center"} | look
        self.columns = _middles(widths or [1] * len(heads))
        for x, head in zip(self.columns, heads, strict=True):
            ax.text(x, 0.5, head, color=FAINT, **self._look)
        self.cells = [[self.text(row, x) for x in self.columns] for row in range(rows)]

    def text(self, row: float, x: float, **look: Any) -> Text:
        """An empty text in a row (the first below the heads is 0), at x from 0 to 1."""
        return self.ax.text(x, row + 1.5, "", **self._look | look)

    def write(self, rows: Iterable[Iterable[str]], first: int = 0) -> None:
        """Fill the cells from column `first` on, row by row."""
        for cells, row in zip(self.cells, rows, strict=False):
            for cell, written in zip(cells[first:], row, strict=False):
                cell.set_text(written)

    @property
    def texts(self) -> list[Text]:
        """All cells, row by row."""
        return [cell for row in self.cells for cell in row]


def _middles(widths: Sequence[float]) -> list[float]:
    ends = [sum(widths[:i]) / sum(widths) for i in range(len(widths) + 1)]
    return [(low + high) / 2 for low, high in pairwise(ends)]
