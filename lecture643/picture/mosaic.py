"""Where the panels of a picture stand: a small table of names, laid out in units of the type's size.

Room for ticks and titles depends on the type and not on the picture's size, so that the same table serves a
phone and a hall. In a narrow picture the panels stand below each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]  # left, bottom, width, height in parts of the picture

NARROW = 620  # screen pixels
LEAST = 0.02  # of the picture, where the type leaves a panel no room
ROOM = (3.6, 0.9, 2.8, 2.0)  # left, right, below and above a panel, in font sizes


@dataclass(frozen=True)
class Mosaic:
    """Panels by name, in rows that are parted by "/": Mosaic("map steps / map cost", widths=(2, 3)).

    A name that stands more than once fills all its cells. widths, heights: of columns and rows, relative.
    bare: panels without ticks and titles, which need no room around. rooms: other room for some panels.
    stacked: height to width of panels that need another shape where they stand below each other.
    size: the picture's width and height in screen pixels, where there is space enough.
    """

    table: str
    size: tuple[int, int] = (1000, 480)
    widths: Sequence[float] = ()
    heights: Sequence[float] = ()
    bare: Sequence[str] = ()
    rooms: Mapping[str, Sequence[float]] = field(default_factory=dict)
    stacked: Mapping[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> list[list[str]]:
        """The table of names."""
        return [row.split() for row in self.table.split("/")]

    @property
    def names(self) -> list[str]:
        """Every name once, in reading order."""
        return list(dict.fromkeys(name for row in self.rows for name in row))

    def fitted(self, width: float, height: float) -> tuple[int, int]:
        """The size of the picture in a space of this width and height, in screen pixels."""
        across, down = self.size
        if width >= NARROW:
            scale = min(width / across, max(height / down, NARROW / across))
            return round(across * scale), round(down * scale)
        if len(self.names) == 1 and not self.stacked:
            return round(width), round(width * down / across)
        return round(width), round(sum(self._stacked(width)))

    def grown(self, scale: float) -> tuple[int, int]:
        """The picture's size for type that is so many times larger; never smaller than it is."""
        across, down = (round(side * max(scale, 1)) for side in self.size)
        return across, down

    def filled(self, width: float, height: float) -> tuple[int, int]:
        """The size of a picture that fills a screen: its shape may differ from its own, within bounds."""
        shape = self.size[0] / self.size[1]
        wide = max(min(width, 1.6 * shape * height), NARROW)
        return round(wide), round(min(height, 1.5 * wide / shape))

    def boxes(self, size: tuple[float, float], font: float) -> dict[str, Box]:
        """The place of each panel in a picture of this size, for type of `font` screen pixels."""
        narrow = size[0] < NARROW
        cells = self._column(size) if narrow else self._cells()
        return {name: self._inside(name, cell, size, font) for name, cell in cells.items()}

    def _cells(self) -> dict[str, Box]:
        """The cells that each panel fills, in parts of the picture."""
        rows = self.rows
        xs = _ends(self.widths or [1] * len(rows[0]))
        ys = _ends(self.heights or [1] * len(rows))
        at = {
            name: [(i, j) for i, row in enumerate(rows) for j, other in enumerate(row) if other == name]
            for name in self.names
        }
        return {
            name: (
                xs[min(j for _, j in where)],
                1 - ys[max(i for i, _ in where) + 1],
                xs[max(j for _, j in where) + 1] - xs[min(j for _, j in where)],
                ys[max(i for i, _ in where) + 1] - ys[min(i for i, _ in where)],
            )
            for name, where in at.items()
        }

    def _stacked(self, width: float) -> list[float]:
        """The height of each panel that has the whole width: its own shape, but not too slim or tall."""
        across, down = self.size
        shapes = {name: (box[3] * down) / (box[2] * across) for name, box in self._cells().items()}
        return [width * self.stacked.get(name, min(max(shapes[name], 0.45), 1.0)) for name in shapes]

    def _column(self, size: tuple[float, float]) -> dict[str, Box]:
        ends = _ends(self._stacked(size[0]))
        return {
            name: (0, 1 - low, 1, low - high)
            for name, high, low in zip(self._cells(), ends, ends[1:], strict=False)
        }

    def _inside(self, name: str, cell: Box, size: tuple[float, float], font: float) -> Box:
        room = (0, 0, 0, 0) if name in self.bare else self.rooms.get(name, ROOM)
        left, right, below, above = (part * font for part in room)
        x, y, width, height = cell
        return (
            x + left / size[0],
            y + below / size[1],
            max(width - (left + right) / size[0], LEAST),
            max(height - (below + above) / size[1], LEAST),
        )


def _ends(lengths: Sequence[float]) -> list[float]:
    """0, …, 1: where parts of these lengths begin and end."""
    whole, ends = sum(lengths), [0.0]
    for length in lengths:
        ends.append(ends[-1] + length / whole)
    return ends
