"""Backpropagation in matrices: δ^ℓ = V^{ℓ+1} δ^{ℓ+1} and ∇W^ℓ, drawn with their shapes and entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from lecture643.live import Play, Pointer, View, choice, whole
from lecture643.live.small_network import NetworkSettings, network_of
from lecture643.maths.layer import Layer, computed
from lecture643.maths.text import superscript
from lecture643.picture import draw
from lecture643.picture.diagram import Cell, arrow_head, equations, in_pixels
from lecture643.picture.figure import LiveFigure
from lecture643.picture.lettering import Line, Texts
from lecture643.picture.mosaic import NARROW, Mosaic

ENTRIES = ("∇W", "δ", "V")
DELTA_L = {
    "squared": r"$= 2 (\hat y - y)\ $ with",
    "cross-entropy": r"$= \dfrac{1-y}{1-\hat y} - \dfrac{y}{\hat y}\ $ with",
}


def _shape(s: Any) -> tuple[int, int]:
    """The rows and columns of the matrix whose entry is chosen."""
    sizes, ell = s.sizes, len(s.sizes) - 1 - s.step
    columns = {"∇W": sizes[ell - 1], "V": sizes[min(ell + 1, len(sizes) - 1)]}
    return sizes[ell], columns.get(s.entry, 1)


@dataclass(frozen=True)
class MatricesSettings(NetworkSettings):
    """A network with its sample, a layer, and an entry of one of its matrices."""

    step: int = whole(
        "layers back from L",
        lambda s: min(1, len(s.sizes) - 2),
        0,
        lambda s: len(s.sizes) - 2,
        play=Play(interval=1500, jumps=True),
        meaning="how many layers back from L",
    )
    entry: str = choice(
        "entry of",
        "∇W",
        lambda s: [*ENTRIES, "∇b"] if s.biases else list(ENTRIES),
        meaning='"∇W", "δ" or "V"; with biases also "∇b"',
    )
    i: int = whole("row i", 1, 1, lambda s: _shape(s)[0], meaning="its row")
    j: int = whole("column j", 1, 1, lambda s: _shape(s)[1], meaning="and its column")


class Matrices(View[MatricesSettings, Layer]):
    """The general equations as matrices (slide "GD/SGD for MLP: Sample-wise Gradient Computation").

    Above, how the error gradient has come back to layer ℓ: δ^ℓ = (W^{ℓ+1})ᵀ Diag(φ'^{ℓ+1}) δ^{ℓ+1} =
    V^{ℓ+1} δ^{ℓ+1}. Below, what it gives there: ∇W^ℓ = Diag(φ'^ℓ) δ^ℓ (a^{ℓ−1})ᵀ. Step from L down to 1;
    press an entry to read its scalar formula. Colours compare the entries of one matrix.
    """

    panels = Mosaic("matrices", size=(1000, 590), bare=["matrices"], stacked={"matrices": 1.8})

    def compute(self, settings: MatricesSettings) -> Layer:
        found = computed(network_of(settings), settings.seed)
        ell = len(settings.sizes) - 1 - settings.step
        last = settings.entry == "V" and ell == len(settings.sizes) - 1  # there is no V^{L+1}
        return Layer(found, ell, "δ" if last else settings.entry, settings.i, 1 if last else settings.j)

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.canvas = live.axes("matrices")
        self.size, self.font = in_pixels(self.canvas), live.style.font
        self.em = self.font / 0.72
        colour, dashes = draw.BACKWARD.colour, draw.BACKWARD.dashes
        self.arrows = LineCollection([], colors=colour, linestyles=dashes, linewidths=live.style.line)
        self.heads, self.cells = PolyCollection([], facecolors=colour), PolyCollection([])
        for made in (self.arrows, self.heads, self.cells):
            self.canvas.add_collection(made)
        self.texts = Texts(self.canvas)
        live.moving(self.arrows, self.heads, self.cells, self.texts)

    def draw(self, state: Layer) -> None:
        width, height = self.size
        matrices, lit = state.matrices(), state.lit
        rows = _equations(state, narrow=width < NARROW)
        labels = {name: _label(name, state) for name in matrices}
        box = (0.0, 0.2 * height, width, 0.66 * height)
        cells, lines = equations(rows, matrices, labels, box, self.font, self.live.style.least)
        boxes, flow = self._flow(state)
        self.places = sorted(
            [*cells, *boxes], key=lambda cell: cell.key in lit
        )  # these last, their frames whole
        self.texts.write([*lines, *flow, *self._formula(state)])
        here = [cell.key in lit for cell in self.places]
        self.cells.set_verts([cell.corners for cell in self.places])
        self.cells.set_facecolor([cell.colour for cell in self.places])
        self.cells.set_edgecolor([draw.INK if yes else draw.FAINT for yes in here])
        self.cells.set_linewidth([self.live.style.line if yes else 0.6 for yes in here])

    def _flow(self, state: Layer) -> tuple[list[Cell], list[Line]]:
        """From e back to layer 1: the length of every δ^ℓ, and the V^ℓ between them."""
        (width, height), em, L = self.size, self.em, state.L
        cell = min(10.2 * em, (width - 5.9 * em) / L - 2.2 * em)
        y, step = 0.92 * height, (width - 5.9 * em - cell) / max(L - 1, 1)
        boxes, lines, segments = [], [], []
        for ell in range(1, L + 1):
            left = 0.45 * em + (ell - 1) * step
            end = left + step if ell < L else width - 2.6 * em
            here = ell == state.ell
            colour = draw.BACKWARD.colour if here else "white"
            boxes.append(Cell(("layer", ell, 0), left, y - em, cell, 2.1 * em, colour=colour))
            length = draw.number(float(np.linalg.norm(state.example.gradients.delta[ell - 1])), 3)
            text = Line(left + cell / 2, y - 0.33 * em, f"‖δ{superscript(ell)}‖ = {length}", self.font)
            lines.append(text._replace(colour="white" if here else draw.INK).fitted(cell - 0.6 * em))
            segments.append([(end, y), (left + cell + 0.1 * em, y)])
            if ell < L:
                lines.append(
                    Line((left + cell + end) / 2 + 0.4 * em, y + 0.55 * em, f"$V^{ell + 1}$", self.font)
                )
        self.heads.set_verts([arrow_head(np.array(segment), 0.95 * em) for segment in segments])
        self.arrows.set_segments([[start, (x + 0.5 * em, y)] for start, (x, y) in segments])
        return boxes, [*lines, Line(width - 1.6 * em, y - 0.33 * em, "$e$", 1.3 * self.font)]

    def _formula(self, state: Layer) -> Iterator[Line]:
        """The scalar formula of the chosen entry, and the same with numbers."""
        (width, height), size = self.size, 1.4 * self.font
        yield Line(width / 2, 0.142 * height, f"${state.tex}$", size).fitted(width - 20)
        summands = state.numbers.split(" + ")
        half = len(summands) // 2 if width < NARROW and len(summands) > 1 else 0
        rows = [" + ".join(summands[half:]), " + ".join([*summands[:half], ""]) if half else ""]
        for n, row in enumerate(rows):
            y = 0.02 * height + n * 1.6 * self.em
            yield Line(width / 2, y, row, size, draw.BACKWARD.colour, bold=True).fitted(width - 20)

    def sentence(self, state: Layer) -> str:
        return state.sentence

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """A press on an entry chooses it, or what it is a part of; a press on ‖δ^ℓ‖ goes to that layer."""
        for cell in self.places if pointer.begins else ():
            if cell.contains(pointer.x, pointer.y):
                return _chosen_by(cell, self.state.L)
        return {}


def _equations(state: Layer, narrow: bool) -> list[list[str]]:
    """How δ^ℓ has come about and what it gives, as names of matrices and signs."""
    gives = ["∇W", "=", "Diag", "δ", "aᵀ"]
    bias = (
        ["∇b", rf"$= \mathrm{{Diag}}(\varphi'^{{{state.ell}}})\,\delta^{state.ell}$"]
        if state.mlp.biases
        else []
    )
    if state.ell == state.L:
        above = [["δ", DELTA_L[state.mlp.error], "ŷ", "y"]]
    else:
        above = [["δ", "=", "Wᵀ+", "Diag+", "δ+"], ["=", "V+", "δ+"]]
    rows = [*above, gives, *([bias] if bias else [])]
    if narrow:
        return rows
    return [[item for row in above for item in row], [*gives, *([" "] if bias else []), *bias]]


def _label(name: str, state: Layer) -> str:
    ell = state.ell
    return {
        "δ": rf"$\delta^{ell}$",
        "δ+": rf"$\delta^{ell + 1}$",
        "Wᵀ+": rf"$(W^{ell + 1})^\top$",
        "Diag+": rf"$\mathrm{{Diag}}(\varphi'^{{{ell + 1}}})$",
        "Diag": rf"$\mathrm{{Diag}}(\varphi'^{{{ell}}})$",
        "V+": rf"$V^{ell + 1}$",
        "∇W": rf"$\nabla_{{W^{ell}}} e$ {'✓' if state.agrees else '≠'}",
        "∇b": rf"$\nabla_{{b^{ell}}} e$ {'✓' if state.agrees else '≠'}",
        "aᵀ": rf"$(a^{ell - 1})^\top$" if ell > 1 else r"$x^\top$",
        "ŷ": r"$\hat y$",
        "y": "$y$",
    }[name]


def _chosen_by(cell: Cell, L: int) -> dict[str, Any]:
    """The settings that a press on this cell makes."""
    name, row, column = cell.key
    if name == "layer":
        return {"step": L - row}
    if name in ("∇W", "Diag", "aᵀ"):
        return (
            {"entry": "∇W"} | ({"i": row} if name != "aᵀ" else {}) | ({"j": column} if name != "Diag" else {})
        )
    if name in ("V+", "Wᵀ+"):
        return {"entry": "V", "i": row, "j": column}
    if name in ("Diag+", "δ+"):
        return {"entry": "V", "j": row}
    return {"entry": "∇b" if name == "∇b" else "δ", "i": row}
