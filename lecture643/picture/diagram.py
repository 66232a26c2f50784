"""Cells with numbers, matrices of them, arrows between them, and formulas: the parts of diagrams.

All lengths are screen pixels of the panel, y upwards; type is given in points, as everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from lecture643.maths.checks import Floats
from lecture643.maths.quantity import TEX, Formula, Item, Quantity, Ratio, spell
from lecture643.maths.text import number
from lecture643.picture.lettering import Line, text_width
from lecture643.picture.style import FAINT, INK, SIGN_MAP

PT = 0.72  # points in a screen pixel


class Cell(NamedTuple):
    """A place for a number, with its name at the left side."""

    key: Any
    left: float
    bottom: float
    width: float
    height: float
    name: str = ""
    size: float = 11.0  # of type
    colour: Any = "none"  # of its ground
    share: float = 0.8  # the size of the name, in parts of that of the number

    @property
    def corners(self) -> list[tuple[float, float]]:
        """The outline, a little apart from the next cell."""
        low, high, right = self.bottom + 0.5, self.bottom + self.height - 0.5, self.left + self.width
        return [(self.left, low), (right, low), (right, high), (self.left, high)]

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return self.left + self.width / 2, self.bottom + self.height / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return 0 <= x - self.left <= self.width and 0 <= y - self.bottom <= self.height

    def written(self, number: str, colour: Any = INK, named: Any = FAINT) -> Iterator[Line]:
        """The name, and the number as large as it fits; in the middle where there is no name."""
        y = self.bottom + self.height / 2 - 0.33 * self.size / PT
        # Indices need room above and below.
        size = self.share * min(self.size, 0.7125 * self.height * PT)
        name = Line(self.left + 4, y, self.name, size, named, "left")
        room = self.width - 12 - (text_width(self.name) * name.size / PT if self.name else 0)
        yield name
        right = self.left + self.width - 4
        yield Line(right, y, number, 0.9 * self.size, colour, "right").fitted(room)


def in_pixels(ax: Axes) -> tuple[float, float]:
    """Axes whose units are screen pixels: their width and height."""
    width, height = ax.bbox.width * 100 / ax.figure.dpi, ax.bbox.height * 100 / ax.figure.dpi
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    return width, height


def arrow_head(line: Floats, size: float) -> Floats:
    """A triangle with its tip at the end of the line, no longer than its last part."""
    length = float(np.linalg.norm(line[-1] - line[-2]))
    along, size = (line[-1] - line[-2]) / length, min(size, length)
    across = 0.53 * np.array([-along[1], along[0]])
    return np.array([line[-1], line[-1] - size * (along - across), line[-1] - size * (along + across)])


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> Floats:
    """The heights nearest to the wanted ones, in the same order, that are `apart` and between the ends."""
    order = np.argsort(wanted)
    blocks: list[list[float]] = []  # of heights that push each other: all, less the room of those below
    for n, at in enumerate(order):
        block = [wanted[at] - n * apart]
        while blocks and np.mean(blocks[-1]) > np.mean(block):
            block = blocks.pop() + block
        blocks.append(block)
    pushed = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks])
    places = np.empty(len(order))
    places[order] = np.clip(pushed, low, high - apart * (len(order) - 1)) + apart * np.arange(len(order))
    return places


# --- matrices -------------------------------------------------------------------------------------


def equations(
    rows: Sequence[Sequence[str]],
    matrices: Mapping[str, Floats],
    labels: Mapping[str, str],
    box: tuple[float, float, float, float],
    font: float,
    least: float = 0.0,
) -> tuple[list[Cell], list[Line]]:
    """Rows of matrices and signs in a box, all entries in cells of one size: the cells, and the texts.

    rows: names of `matrices`, and signs. labels: name -> what stands above the matrix. The key of a cell is
    (name, row, column), counted from 1. least: the smallest type that can be read, where that is known.
    """
    left, bottom, width, height = box
    em, cell = font / PT, _cell_size(rows, matrices, width, height, font / PT)
    cells: list[Cell] = []
    lines: list[Line] = []
    tallest = [_rows_of(row, matrices) for row in rows]
    spare = (height - cell[1] * sum(tallest)) / len(rows)
    top = bottom + height
    for row, tall in zip(rows, tallest, strict=True):
        middle = top - spare / 2 - tall * cell[1] / 2
        top -= spare + tall * cell[1]
        x = left + (width - _row_width(row, matrices, cell[0], em)) / 2
        for item in row:
            room = _room(item, matrices, em)
            if item not in matrices:
                lines.append(Line(x + room / 2, middle - 0.33 * em, item, 1.2 * font))
            else:
                grid = _grid(item, matrices[item], x + 0.4 * em, middle, cell, font)
                cells += grid
                lines += _captions(labels[item], matrices[item].shape, grid, em)
                lines += _entries(matrices[item], grid, font, least)
                x += _columns_of([item], matrices) * cell[0]
            x += room
    return cells, lines


def _cell_size(
    rows: Sequence[Sequence[str]], matrices: Mapping[str, Floats], width: float, height: float, em: float
) -> tuple[float, float]:
    """The width and height in which all cells fit in."""
    tallest = [_rows_of(row, matrices) for row in rows]
    high = min(2.6 * em, _high(height, len(rows), sum(tallest), em), 118 / 590 * 5 * height / max(tallest))
    spare = (width - 1.3 * em - _row_width(row, matrices, 0, em) for row in rows)
    wide = min(room / _columns_of(row, matrices) for room, row in zip(spare, rows, strict=True))
    return min(6.0 * em, wide), high


def _high(height: float, rows: int, cells: int, em: float) -> float:
    """The height that captions leave for each cell; where that is little they stand closer."""
    at_ease = (height - 4.2 * em * rows) / cells
    return max(at_ease, min(1.25 * em, (height - 3.3 * em * rows) / cells))


def _room(item: str, matrices: Mapping[str, Floats], em: float) -> float:
    """The width that an item of a row takes besides its cells."""
    return 0.8 * em if item in matrices else 1.85 * em + text_width(item) * 1.2 * em


def _row_width(row: Sequence[str], matrices: Mapping[str, Floats], wide: float, em: float) -> float:
    return sum(_room(item, matrices, em) for item in row) + wide * _columns_of(row, matrices)


def _rows_of(row: Sequence[str], matrices: Mapping[str, Floats]) -> int:
    return max(len(matrices[item]) for item in row if item in matrices)


def _columns_of(row: Sequence[str], matrices: Mapping[str, Floats]) -> int:
    return sum(matrices[item].shape[1] for item in row if item in matrices)


def _grid(
    name: str, matrix: Floats, left: float, middle: float, size: tuple[float, float], font: float
) -> list[Cell]:
    """The cells of a matrix, row by row, coloured by sign and size."""
    wide, high = size
    colours = SIGN_MAP(0.5 + 0.5 * matrix / max(np.abs(matrix).max(), 1e-300))
    top = middle + len(matrix) * high / 2
    return [
        Cell((name, i + 1, j + 1), left + j * wide, top - (i + 1) * high, wide, high, "", font, colours[i, j])
        for i, j in np.ndindex(matrix.shape)
    ]


def _captions(label: str, shape: tuple[int, ...], grid: Sequence[Cell], em: float) -> Iterator[Line]:
    """The name above and the shape below."""
    first, last = grid[0], grid[-1]
    centre, width = (first.left + last.left + last.width) / 2, last.left + last.width - first.left
    above, below = first.bottom + first.height + 0.6 * em, last.bottom - 1.2 * em
    yield Line(centre, above, label, 1.1 * em * PT).fitted(width + em)
    yield Line(centre, below, f"{shape[0]} × {shape[1]}", 0.8 * em * PT, FAINT).fitted(width + em)


def _entries(matrix: Floats, grid: Sequence[Cell], font: float, least: float) -> Iterator[Line]:
    """The numbers, all in the size in which the longest fits.

    least: what is smaller nobody reads, so it is left out; two digits are enough there.
    """
    digits, margin = (2, 4) if least else (3, 8)
    texts = [number(value, digits) for value in matrix.flat]
    cell = grid[0]
    size = min(
        font,
        (cell.width - margin) * PT / max(map(text_width, texts)),
        0.8 * cell.height * PT,
    )
    for text, (x, y) in zip(texts if size >= least else [], (cell.centre for cell in grid), strict=False):
        yield Line(x, y - 0.36 * size / PT, text, size)


# --- formulas -------------------------------------------------------------------------------------

EMS = {"w": 3.9, "b": 3.9, "y": 2.6, "e": 4.6, "a": 4.3, "ŷ": 4.3, "z": 5.0, "φ'": 4.8}
EMS |= {"1−a": 4.8, "1+a": 4.8, "1−ŷ": 4.8, "1+ŷ": 4.8}


def ems(item: Item) -> float:
    """The room for an item of a formula, for any number that it may have."""
    if isinstance(item, Ratio):
        return max(6.5, *(sum(map(ems, part)) for part in item))
    return EMS.get(item.kind, 5.7) if isinstance(item, Quantity) else 0.5 + text_width(item)


def formula_rows(
    items: Formula, numbers: Sequence[str], box: tuple[float, float, float, float], size: float, colour: Any
) -> Iterator[Line]:
    """A formula with symbols, and below it the same with numbers, in a box (left, bottom, width, height).

    Every item has its own column, as wide for any number, so that no digit moves another item. Where it would
    become small it goes on in another row. The first item, the result, has the colour.
    """
    left, bottom, width, height = box
    widths = [ems(item) for item in items]
    tall = any(isinstance(q, Ratio) or (isinstance(q, Quantity) and q.kind[0] in "∂p") for q in items)

    def largest(rows: list[list[int]]) -> float:
        longest = max(sum(widths[k] for k in row) for row in rows)
        return min(size, width * PT / longest, height * PT / needed(rows) / len(rows))

    def needed(rows: list[list[int]]) -> float:
        return 4.7 if len(rows) == 1 else 4.9 if tall else 3.3

    rows = max((_rows(items, widths, count) for count in (1, 2, 3)), key=largest)
    type_size, step = largest(rows), height / len(rows)
    off = (1.57 if tall or len(rows) == 1 else 0.8) * type_size / PT
    for n, row in enumerate(rows):
        ends = np.cumsum([0, *(widths[k] for k in row)])
        middles = left + width / 2 + (ends[:-1] + np.diff(ends) / 2 - ends[-1] / 2) * type_size / PT
        base = bottom + height - (n + 0.5) * step - 0.33 * type_size / PT
        for k, x in zip(row, middles, strict=True):
            item, look = items[k], INK if k else colour
            symbol = item if isinstance(item, str) else f"${spell((item,), TEX)}$"
            yield Line(x, base + off, symbol, type_size, look)
            number = Line(x, base - off, numbers[k], type_size, look, bold=not k)
            yield number.fitted(widths[k] * type_size / PT)


def _rows(items: Formula, widths: Sequence[float], count: int) -> list[list[int]]:
    """The items in so many rows or fewer, alike in length, each row beginning with a sign."""
    rows: list[list[int]] = [[]]
    share, done = sum(widths) / count, 0.0
    for k, item in enumerate(items):
        ahead = done + widths[k] + (widths[k + 1] if k + 1 < len(items) else 0)
        if k > 1 and item in ("+", "−", "·") and ahead > share * len(rows):
            rows.append([])
        rows[-1].append(k)
        done += widths[k]
    return rows
