"""The sigmoid neuron: weight space, data space and the table of ŷ and eⁱ, all moving together."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from lecture643.live import Pair, Pointer, View, given, point
from lecture643.live.own_points import NeuronPoints, tool_setting
from lecture643.live.painting import BUTTONS, TOLD, Painting, chosen_told
from lecture643.maths.checks import Floats
from lecture643.maths.toy import SigmoidNeuron, sigmoid
from lecture643.picture import draw
from lecture643.picture.error_map import ErrorMap
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import NARROW, Mosaic
from lecture643.picture.own_points import OwnPoints
from lecture643.picture.table import Table

LIMIT = 6.0
ROWS = 4  # of the table
TITLE = "line: ŷ = ½; arrow: w"
HEADS = ("point", "$x$", "$y$", r"$\hat y=\sigma(w\cdot x)$", r"$e=(y-\hat y)^2$", r"$E=\sum_i e^i$")
SHORT_HEADS = ("", "$x$", "$y$", r"$\hat y$", "$e^i$", "$E$")
ROOM = (3.6, 5, 2.8, 2.6)
FRAME = np.array([[0.01, 0.78, 0.78, 0.01, 0.01], [0.05, 0.05, 0.95, 0.95, 0.05]])  # of a row of the table


@dataclass(frozen=True)
class NeuronSettings(NeuronPoints):
    """What the view can be set to."""

    w: Pair = point(("w₁₁¹", "w₁₂¹"), (-0.5, 0.5), LIMIT, panels=["weights"], meaning="the weights at first")
    tool: str = tool_setting()
    marked: int = given(0, "the point whose row is framed, until w moves", resets_with=["w", "points"])


@dataclass(frozen=True)
class State:
    """What the view shows for one w."""

    w: Floats
    predictions: Floats
    errors: Floats
    right: int
    settings: NeuronSettings


class Neuron(Painting, View[NeuronSettings, State]):
    """Drag w over the loss surface and see the neuron change; drag a point and see the surface change.

    Slide: "MLP - Data Perspective: A Simple Example".
    Left: E over the weights, with the current w. Right: the inputs, shaded by ŷ, with the line ŷ = ½ and
    with w as an arrow. Below: ŷ and eⁱ of four points, and E of all. The hand can also add points, delete
    them and flip their labels.
    """

    panels = Mosaic(
        "weights inputs / table table",
        size=(1000, 660),
        heights=(7, 3),
        bare=["table"],
        rooms={"weights": ROOM, "inputs": ROOM},
    )

    actions = BUTTONS

    def build(self, live: LiveFigure) -> None:
        self.weights, self.inputs = live.axes("weights"), live.axes("inputs")
        draw.weight_axes(self.weights, LIMIT, "E over the weights: drag w")
        self.map = ErrorMap(self.weights, LIMIT)
        draw.error_contour(self.weights, _grid_of(self.settings.problem), LIMIT)
        self.marker = draw.current_weights(self.weights)
        self._build_inputs(live, self.inputs)
        self._build_table(live)
        self.told: tuple[SigmoidNeuron, int] | None  # of which points the table tells, and from which on
        (self.frame,) = self.table.ax.plot([], [], color=draw.INK)
        self._lay_out(live, own=False)

    def _lay_out(self, live: LiveFigure, own: bool) -> None:
        """What moves; with points of one's own also the map, and what the table says of the points."""
        self.own, self.told = own, None
        of_points = [*(artist for row in self.rows for artist in row), *self.table.texts]
        for artist in of_points:
            artist.set_animated(False)
        live.start_over()
        live.moving(*(self.map.moving if own else ()), self.marker, self.shading, self.half)
        live.moving(*self.points.moving, self.arrow)
        live.moving(*(of_points if own else (cell for row in self.table.cells for cell in row[3:5])))
        live.moving(self.total, self.frame)

    def _build_inputs(self, live: LiveFigure, inputs: Axes) -> None:
        draw.data_axes(inputs, LIMIT, TITLE)
        across = np.linspace(-LIMIT, LIMIT, 49)
        self.grid = np.stack(np.meshgrid(across, across), axis=-1)
        self.shading = inputs.imshow(
            np.zeros((49, 49)),
            extent=(-LIMIT, LIMIT, -LIMIT, LIMIT),
            origin="lower",
            cmap=draw.LABEL_MAP,
            vmin=0,
            vmax=1,
            interpolation="bilinear",
        )
        scale = inputs.inset_axes((1.05, 0, 0.04, 1), title="ŷ")
        live.figure.colorbar(self.shading, cax=scale, ticks=[0, 0.5, 1])
        (self.half,) = inputs.plot([], [], color=draw.INK)
        self.arrow = draw.arrows(inputs, [draw.INK])
        self.points = OwnPoints(inputs)

    def _build_table(self, live: LiveFigure) -> None:
        heads = SHORT_HEADS if live.size[0] < NARROW else HEADS
        self.table = Table(live.axes("table"), heads, ROWS, widths=(2, 3, 1.4, 3.6, 3.8, 4))
        self.rows = []
        for row in range(ROWS):
            at, beside = (self.table.columns[0], row + 1.5), (1.2 * live.style.font, 0)
            (marker,) = self.table.ax.plot(*at, "o", markeredgecolor=draw.INK)
            name = self.table.ax.annotate("", at, xytext=beside, textcoords="offset points", va="center")
            self.rows.append((marker, name))
        self.total = self.table.text(1.5, self.table.columns[-1], fontsize="x-large", weight="bold")

    def compute(self, settings: NeuronSettings) -> State:
        problem, w = settings.neuron, np.array(settings.w)
        predictions = problem.predict(w)
        right = ((predictions - 0.5) * (problem.y - 0.5) > 0).sum()  # a point on the line is on no side
        return State(w, predictions, problem.sample_errors(w), int(right), settings)

    def draw(self, state: State) -> None:
        settings, problem = state.settings, state.settings.neuron
        own = problem is not settings.problem
        if own != self.own:
            self._lay_out(self.live, own)
        self.map.show(_grid_of(problem) if own else None)
        title = TITLE if settings.tool == "move" else TOLD[settings.tool]
        if self.inputs.get_title() != title:
            self.inputs.set_title(title)
            self.live.still_changed()
        self.marker.set_data(*state.w[:, np.newaxis])
        self.shading.set_data(sigmoid(self.grid @ state.w))
        self.half.set_data(*draw.boundary(state.w, LIMIT))
        draw.point_arrows(self.arrow, np.zeros(2), draw.shortened(state.w[np.newaxis], 0.9 * LIMIT))
        self.points.ring_around(problem.x[settings.which - 1] if settings.which else None)
        first = min(max(settings.which - 2, 0), max(problem.size - ROWS, 0))
        if self.told != (problem, first):
            self.told = problem, first
            self.points.show(problem)
            self._tell_points(problem, first)
        self._tell_errors(state, first)

    def _tell_points(self, problem: SigmoidNeuron, first: int) -> None:
        """In the table; of more than four points it shows four, the chosen one among them."""
        for i, (marker, name) in enumerate(self.rows, start=first):
            here = i < problem.size
            marker.set_visible(here)
            name.set_text(f"{i + 1}" if here else "")
            if here:
                label = draw.LABELS[1 if problem.y[i] >= 0.5 else -1]
                look = draw.POINTS[i] if problem.size <= ROWS else label
                marker.set(marker=look.marker, markerfacecolor=look.colour)
        data = zip(problem.x, problem.y, strict=True)
        self._write([(draw.vector(x), draw.number(y)) for x, y in data], first, column=1)

    def _tell_errors(self, state: State, first: int) -> None:
        pairs = zip(state.predictions, state.errors, strict=True)
        self._write([tuple(map(draw.number, pair)) for pair in pairs], first, column=3)
        self.total.set_text(draw.number(state.errors.sum()))
        row = state.settings.marked
        self.frame.set_data(FRAME + np.array([[0], [row]]) if row else ([], []))

    def _write(self, rows: list[tuple[str, ...]], first: int, column: int) -> None:
        told = rows[first : first + ROWS]
        self.table.write([*told, *[("", "")] * (ROWS - len(told))], first=column)

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """Among the inputs the points, among the weights w."""
        return self.paint(pointer) if pointer.panel == "inputs" else super().drag(pointer)

    def handles(self) -> list[tuple[str, Pair]]:
        """w, and every point."""
        return [*super().handles(), *(("inputs", row[:2]) for row in self.settings.points)]

    def sentence(self, state: State) -> str:
        size = len(state.errors)
        points, lie = draw.plural(size, "point"), "lies" if state.right == 1 else "lie"
        sides = f"{state.right} of the {points} {lie} on the correct side of the line ŷ = ½"
        if not state.w.any():
            sides = "there is no line ŷ = ½, since ŷ = ½ everywhere"
        low, high = draw.number(state.predictions.min()), draw.number(state.predictions.max())
        says = f"= {draw.vector(state.predictions)}" if size <= ROWS else f"from {low} to {high}"
        return (
            f"At w = {draw.vector(state.w)} the neuron says ŷ {says}, "
            f"so E = {draw.number(state.errors.sum())}; {sides}.{chosen_told(state.settings)}"
        )


@lru_cache(maxsize=8)
def _grid_of(problem: SigmoidNeuron) -> Floats:
    grid = np.linspace(-LIMIT, LIMIT, 161)
    return problem.surface(grid, grid)
