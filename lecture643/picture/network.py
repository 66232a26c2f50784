"""Where the parts of a small network stand: cards of neurons, edges, and the labels of these.

It is laid out for its panel, so that another network, another panel or other type needs no other literals.
"""

from collections.abc import Set
from itertools import pairwise

import numpy as np

from lecture643.maths.checks import Floats
from lecture643.maths.derivation import ERROR, Network
from lecture643.maths.quantity import Quantity
from lecture643.picture.diagram import PT, Cell, spread
from lecture643.picture.lettering import Line
from lecture643.picture.style import FAINT

NARROW = 620  # pixels; in less there is no room for labels between the layers
MOST_LABELS = 9  # in one gap; of more edges only some carry their numbers
# The widths of an input's card, a neuron's card and an edge's label in type sizes: at least, and at ease.
INPUT, CARD, LABEL, NO_LABEL = (5.0, 6.0), (7.8, 9.8), (6.5, 6.95), (2.0, 2.0)
ROW = 1.636  # the height of a row in type sizes
BETWEEN = 0.9  # from card to card at least, in rows
ROWS = {
    "a": "$a$",
    "∂a": r"$\partial e/\partial a$",
    "φ'": r"$\varphi'(z)$",
    "∂z": r"$\partial e/\partial z$",
}


class Layout:
    """The places in a panel of `width` and `height` screen pixels, for type of `font` points.

    share: the size of names, in parts of that of numbers.
    size: of the type that fits, in points. cards: outlines (left, bottom, width, height). cells: by quantity.
    heads: the captions. edges: weight -> line. errors: lines from the outputs to e.
    """

    def __init__(
        self, network: Network, width: float, height: float, font: float, share: float = 0.8
    ) -> None:
        self.network, self.width, self.height, self.share = network, width, height, share
        self.cards: list[tuple[float, float, float, float]] = []
        self.cells: dict[Quantity, Cell] = {}
        self._columns(font / PT)
        self._rows()
        weights = [w for w in network.weights if w.kind == "w"]
        self.edges = {w: self._edge(w) for w in weights}
        self.errors = [self._to_error(i) for i in network.neurons(network.L)]

    # --- across -----------------------------------------------------------------------------------

    def _columns(self, wanted: float) -> None:
        """As wide as is at ease; the rest is for the gaps."""
        net, L = self.network, self.network.L
        label = LABEL if self.width >= NARROW else NO_LABEL
        wider = 1.6 * net.biases  # b and ∂e/∂b stand side by side
        margins = 1.25 + 1.3 * (net.sizes[-1] > 1)
        least, ease = (INPUT[k] + L * (CARD[k] + wider * (1 - k) + label[k] + 0.75) + margins for k in (0, 1))
        self.type = min(wanted, self.width / least)
        share = min(max((self.width / self.type - least) / (ease - least), 0), 1)
        card = (CARD[0] + wider, CARD[1])
        self.input, self.card, self.label = (
            self.type * (each[0] + share * (each[1] - each[0])) for each in (INPUT, card, label)
        )
        gap = (self.width - margins * self.type - self.input - L * self.card) / L
        begins = [
            0.53 * self.type + (n > 0) * (self.input + gap + (n - 1) * (self.card + gap))
            for n in range(L + 1)
        ]
        self.columns = [(left, left + (self.card if n else self.input)) for n, left in enumerate(begins)]

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """From the cards of one layer to those of the next."""
        return [(one[1], other[0]) for one, other in pairwise(self.columns)]

    @property
    def heads(self) -> list[Line]:
        """The captions of layers and gaps."""
        named = zip(self.columns, ["input", *(f"layer {n + 1}" for n in range(self.network.L))], strict=True)
        texts = [*named]
        if self.width >= NARROW:
            texts += [(gap, r"$w$ and $\partial e/\partial w$") for gap in self.gaps]
        y, size = self.height - 1.57 * self._head, 0.9 * self.type * PT
        return [
            Line(sum(ends) / 2, y, text, size, FAINT).fitted(ends[1] - ends[0] + 8) for ends, text in texts
        ]

    @property
    def _head(self) -> float:
        """The type size that the room above and below is made for."""
        return min(self.type, self.height / 26.8)

    # --- up and down ------------------------------------------------------------------------------

    def _rows(self) -> None:
        net = self.network
        high, low = self.height - 3.1 * self._head, 1.2 * self._head
        rows, outputs = 6 if net.biases else 5, net.sizes[-1]
        needed = [n * rows + BETWEEN * (n - 1) for n in net.sizes[1:]]
        # Of the last column, which has the card of e too; a single output stands in the middle above it.
        below = outputs + 1 + BETWEEN
        needed.append(outputs * (rows + BETWEEN) - BETWEEN + below if outputs > 1 else rows + 2 * below)
        self.row = min(ROW * self.type, (high - low) / max(needed))
        self.size = min(self.type, self.row / 1.15) * PT
        card = rows * self.row
        self.high, self.low = high, low
        self.levels = [self._spaced(n, high - card / 2, low + card / 2) for n in net.sizes]
        own = (outputs + 1) * self.row
        if outputs > 1:  # the last column ends with the card of e
            self.levels[-1] = self._spaced(
                outputs, high - card / 2, low + own + BETWEEN * self.row + card / 2
            )
        for j in net.neurons(0):
            x = Quantity("a", 0, j)
            self._card(0, self.levels[0][j - 1], [[(x, f"${x.tex}$", 1.0)]])
        for ell in range(1, net.L + 1):
            for i in net.neurons(ell):
                self._card(ell, self.levels[ell][i - 1], self._neuron(ell, i))
        labels = [[(y, f"${y.tex}$", 1.0)] for y in net.labels]
        self._card(net.L, low + own / 2, [*labels, [(ERROR, "$e$", 1.0)]])

    @staticmethod
    def _spaced(count: int, first: float, last: float) -> list[float]:
        """Evenly from first to last; a single one in the middle."""
        return [float(y) for y in np.linspace(first, last, count)] if count > 1 else [(first + last) / 2]

    def _neuron(self, ell: int, i: int) -> list[list[tuple[Quantity, str, float]]]:
        """The rows of a neuron's card: cells with names and their shares of the width."""
        net = self.network
        b = Quantity("b", ell, i)
        rows = [[(b, f"${b.tex}$", 0.45), (b._replace(kind="∂b"), "", 0.55)]] if net.biases else []
        quantities = [net.a(ell, i), net.a(ell, i, "∂"), Quantity("φ'", ell, i), Quantity("∂z", ell, i)]
        named = zip(quantities, ROWS.values(), strict=True)
        rows += [[(Quantity("z", ell, i), "$z$", 1.0)], *([(q, name, 1.0)] for q, name in named)]
        if ell == net.L:
            rows[-4] = [(net.a(ell, i), r"$a=\hat y$", 1.0)]
        return rows

    def _card(self, column: int, middle: float, rows: list[list[tuple[Quantity, str, float]]]) -> None:
        left, right = self.columns[column]
        top = middle + len(rows) * self.row / 2
        self.cards.append((left, top - len(rows) * self.row, right - left, len(rows) * self.row))
        for n, row in enumerate(rows, start=1):
            begin = left
            for q, name, share in row:
                width = share * (right - left)
                place = begin, top - n * self.row, width, self.row
                self.cells[q] = Cell(q, *place, name, self.size, share=self.share)
                begin += width

    # --- edges ------------------------------------------------------------------------------------

    def _edge(self, w: Quantity) -> Floats:
        """From the right side of neuron j's card to the left side of neuron i's."""
        left, right = self.gaps[w.ell - 1]
        return np.array(
            [(left + 5, self.levels[w.ell - 1][w.j - 1]), (right - 5, self.levels[w.ell][w.i - 1])]
        )

    def _to_error(self, i: int) -> Floats:
        """From an output to e: straight down, or around the cards between."""
        left, right = self.columns[-1]
        end = self.low + (self.network.sizes[-1] + 1) * self.row
        y = self.levels[-1][i - 1]
        if self.network.sizes[-1] == 1:
            return np.array([((left + right) / 2, y - self._half), ((left + right) / 2, end)])
        around, middle = right + 5 + 0.95 * self.type, self.low + self.row / 2
        return np.array([(right + 5, y), (around, y), (around, middle), (right + 5, middle)])

    @property
    def _half(self) -> float:
        return (6 if self.network.biases else 5) * self.row / 2

    def crowded(self, ell: int) -> bool:
        """Whether more edges lead to this layer than can all have labels."""
        return self.network.sizes[ell - 1] * self.network.sizes[ell] > MOST_LABELS or self.width < NARROW

    def labels(self, lit: Set[Quantity]) -> dict[Quantity, Cell]:
        """Cells for w and ∂e/∂w at the edges: of all, or of those that are lit where the gap is crowded."""
        if self.width < NARROW:
            return {}
        cells: dict[Quantity, Cell] = {}
        for ell in range(1, self.network.L + 1):
            shown = [w for w in self.edges if w.ell == ell and (w in lit or not self.crowded(ell))]
            cells |= self._labels(shown)
        return cells

    def _labels(self, weights: list[Quantity]) -> dict[Quantity, Cell]:
        """Near where each edge begins, but so that none covers another."""
        if not weights:
            return {}
        height = min(self.row, (self.high - self.low) / (2.1 * len(weights)))
        size = min(self.size, height / 1.15 * PT)
        wanted = [self._wanted(w, height) for w in weights]
        middles = spread(wanted, 2.1 * height, self.low + height, self.high - 0.9 * height)
        cells: dict[Quantity, Cell] = {}
        for w, y in zip(weights, middles, strict=True):
            (left, start), (right, end) = self.edges[w]
            x = left + (right - left) * (0.5 if start == end else (y - start) / (end - start))
            begin = min(max(x - self.label / 2, left), right - self.label)
            cells[w] = Cell(w, begin, y, self.label, height, f"${w.tex}$", size, share=self.share)
            dw = w._replace(kind="∂w")
            cells[dw] = Cell(dw, begin, y - height, self.label, height, "", size)
        return cells

    def _wanted(self, w: Quantity, height: float) -> float:
        """The height at which a label would stand alone: off a level edge at the rim, else on its edge."""
        (_, start), (_, end) = self.edges[w]
        if start == end:
            last = self.network.sizes[w.ell]
            return start + 1.16 * height * (1 if w.i == 1 else -1 if w.i == last else 0)
        fanned = 1 in (self.network.sizes[w.ell - 1], self.network.sizes[w.ell])
        return start + (0.5 if fanned else 0.28) * (end - start)

    def edge_at(self, x: float, y: float) -> Quantity | None:
        """The weight whose edge passes within a few pixels."""
        best, nearest = None, 7.0
        for w, ((left, start), (right, end)) in self.edges.items():
            if left <= x <= right:
                along = (x - left) / (right - left)
                away = (
                    abs(y - start - along * (end - start))
                    * (right - left)
                    / np.hypot(right - left, end - start)
                )
                if away < nearest:
                    best, nearest = w, away
        return best
