"""The picture of a tour through backpropagation: a network's diagram, and the formula below."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyBboxPatch

from lecture643.maths.derivation import ERROR, Network
from lecture643.maths.quantity import Quantity, in_numbers
from lecture643.maths.text import number
from lecture643.maths.tour import Tour
from lecture643.picture.diagram import Cell, arrow_head, formula_rows, in_pixels
from lecture643.picture.lettering import Line, Texts
from lecture643.picture.network import Layout
from lecture643.picture.style import BACKWARD, FAINT, FORWARD, INK, Style


def _tint(colour: str, share: float) -> Any:
    """The colour with white mixed in, not transparent: an edge must not run through a number."""
    return 1 - share * (1 - np.array(to_rgb(colour)))


# The grounds of known numbers, of the way forward and of the way back, and the dashed frame of the latter.
PALE, PALE_BACK = _tint(FORWARD.colour, 0.13), _tint(BACKWARD.colour, 0.07)
DASHED = _tint(BACKWARD.colour, 0.45)
ERROR_FORMULA = {
    "squared": r"$e = (\hat y - y)^2$",
    "cross-entropy": r"$e = -y\,\ln\hat y - (1-y)\,\ln(1-\hat y)$",
}


class Diagram:
    """A network's still part on cleared axes, and artists for the moving one, the result of `moving`.

    places: quantity -> the cell that it has now. lines: weight -> its edge, and e with its index -> its line.
    """

    def __init__(self, ax: Axes, network: Network, style: Style) -> None:
        ax.clear()
        self.style = style
        self.layout = layout = Layout(network, *in_pixels(ax), style.font, share=0.92 if style.fills else 0.8)
        for left, bottom, width, height in layout.cards:
            outline = FancyBboxPatch((left, bottom), width, height, boxstyle="round,pad=4")
            outline.set(facecolor="white", edgecolor=INK, linewidth=1.3)
            ax.add_patch(outline)
        for x, y, text, size, colour, *_ in layout.heads:
            ax.text(x, y, text, color=colour, fontsize=size, ha="center")
        several = network.sizes[-1] > 1
        ends = {ERROR._replace(i=several * i): line for i, line in enumerate(layout.errors, start=1)}
        self.lines = layout.edges | ends
        heads = [arrow_head(line[::way], layout.type) for way in (1, -1) for line in self.lines.values()]
        self.edges, self.cells = LineCollection(list(self.lines.values())), PolyCollection([])
        self.heads = PolyCollection(heads, linewidths=0)
        for made in (self.edges, self.heads, self.cells):
            ax.add_collection(made)
        self.texts = Texts(ax)
        self.moving = (self.edges, self.heads, self.cells, self.texts)
        self.places: dict[Quantity, Cell] = {}

    def fits(self, network: Network) -> bool:
        """Whether it has the places for this network."""
        built = self.layout.network
        return (network.sizes, network.biases) == (built.sizes, built.biases)

    def at(self, x: float, y: float) -> Quantity | None:
        """What stands here: a number, or else the weight of an edge."""
        inside = (q for q, cell in self.places.items() if cell.contains(x, y))
        return next(inside, None) or self.layout.edge_at(x, y)

    def show(self, tour: Tour) -> None:
        """Draw how far the tour has come."""
        lit = tour.lit
        labelled = {q.weight for q in lit if q.kind in ("w", "∂w", "path")} | {tour.selected}
        self.places = self.layout.cells | self.layout.labels(labelled)
        self._show_cells(tour, lit)
        self._show_edges(tour, lit)
        self.texts.write([line for cell in self.places.values() for line in _written(cell, tour)])

    def _show_cells(self, tour: Tour, lit: list[Quantity]) -> None:
        """The result in full colour, framed what it is made of, a tint on all that is known.

        What the way back computes has dashed frames, so that one sees it without colour too.
        """
        framed, known, colour = {_place(q) for q in lit}, tour.known, _colour(tour)
        faces, frames, dashes = [], [], []
        for q in self.places:
            unknown = "white" if q.kind == "∂w" and self.layout.crowded(q.ell) else "none"
            face = (PALE_BACK if q.back else PALE) if q in known else unknown
            face = _tint(colour, 0.25) if q in framed else face
            faces.append(colour if lit and q == _place(lit[0]) else face)
            frame = DASHED if q in known and q.back else "none"
            frames.append(INK if q == tour.selected else colour if q in framed else frame)
            dashes.append((BACKWARD if q.back else FORWARD).dashes)
        self.cells.set_verts([cell.corners for cell in self.places.values()])
        self.cells.set(facecolor=faces, edgecolor=frames, linestyle=dashes)

    def _show_edges(self, tour: Tour, lit: list[Quantity]) -> None:
        """Thick where something flows, its head where it flows to; dark what the selected weight feeds.

        Where not every weight has its number, the width tells its size, and dots that it is negative.
        """
        colour, fed = _colour(tour), _fed(tour.selected, list(self.lines))
        flows = {q.weight for q in lit if q.kind in ("w", "path")}
        if lit and lit[0].kind in ("e", "∂ŷ"):
            flows |= {q for q in self.lines if q.kind == "e" and lit[0].i in (0, q.i)}
        thick = flows | {q.weight for q in lit if q.kind == "∂w"}
        crowd = {w: tour.values[w] for w in self.layout.edges if self.layout.crowded(w.ell)}
        widest = max(map(abs, crowd.values()), default=0) or 1
        widths, styles = [], []
        for w in self.lines:
            width = 0.4 + 1.4 * abs(crowd[w]) / widest if w in crowd else 1.2
            width = max(width, 0.9 * self.style.line) if w in fed else width
            widths.append(1.6 * self.style.line if w in thick else width)
            dashes = (FORWARD if tour.forward else BACKWARD).dashes
            styles.append(dashes if w in flows else ":" if crowd.get(w, 0) < 0 else "-")
        colours = [colour if w in thick else INK if w in fed else FAINT for w in self.lines]
        self.edges.set(color=colours, linewidth=widths, linestyle=styles)
        heads = [tour.forward and w in flows for w in self.lines]
        heads += [not tour.forward and w in flows for w in self.lines]
        self.heads.set_facecolor([colour if head else "none" for head in heads])


def below(tour: Tour, width: float, height: float, font: float) -> Iterator[Line]:
    """The headline, the formula with symbols, below it the same with numbers, and a remark."""
    middle, size, colour = width / 2, 1.5 * font, _colour(tour)
    pointed = f"{tour.headline} →" if tour.forward else f"← {tour.headline}"
    headline = pointed if tour.step else tour.headline
    yield Line(middle, 0.87 * height, headline, 1.12 * font, colour, bold=True).fitted(width - 12)
    yield Line(middle, 0.05 * height, tour.remark, 0.95 * font).fitted(width - 12)
    if tour.step:
        box = (10.0, 0.12 * height, width - 20, 0.6 * height)
        yield from formula_rows(tour.formula, in_numbers(tour.formula, tour.values), box, size, colour)
        return
    text = _gradient(tour.network) if tour.done else ERROR_FORMULA[tour.network.error]
    yield Line(middle, 0.56 * height, text, size, colour).fitted(width - 20)
    if tour.done:
        slopes = [number(tour.values[dw]) for dw in tour.numbers.central]
        text = ", ".join(slopes if len(slopes) <= 10 else [*slopes[:4], "…", *slopes[-4:]])
        yield Line(middle, 0.2 * height, f"({text})", size, colour).fitted(width - 20)


def _gradient(net: Network) -> str:
    parts = [q._replace(kind="∂" + q.kind).tex for q in net.weights]
    shown = [*parts[:2], r"\cdots", parts[-1]] if len(parts) > 3 else parts
    return r"$\nabla_w e = \left[\ " + r"\ ".join(shown) + r"\ \right]^\top$"


def _colour(tour: Tour) -> str:
    return (FORWARD if tour.forward else BACKWARD).colour


def _fed(weight: Quantity, edges: list[Quantity]) -> set[Quantity]:
    """The edges on the paths from a weight to e."""
    ell, i = weight.ell, weight.i
    own = {q for q in edges if q == weight or (q.ell == ell + 1 and q.j == i) or q.ell > ell + 1}
    last = max(q.ell for q in edges)
    return own | {q for q in edges if q.kind == "e" and (ell < last or q.i in (0, i))}


def _place(q: Quantity) -> Quantity:
    """The place on the diagram where this number stands."""
    if q.kind.startswith("1"):
        return q._replace(kind=q.kind[2:])
    return q._replace(kind="∂w") if q.kind == "path" else q


def _written(cell: Cell, tour: Tour) -> Iterator[Line]:
    """The name in a cell, and the number if it is known, white where the cell is in full colour."""
    q: Any = cell.key
    colour = "white" if tour.lit and q == _place(tour.lit[0]) else INK
    return cell.written(tour.shown(q), colour, colour if q in tour.lit else FAINT)
