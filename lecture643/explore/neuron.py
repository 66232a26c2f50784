"""The sigmoid neuron: weight space, data space and the table of ŷ and eⁱ, all moving together."""

from dataclasses import dataclass

import numpy as np

from lecture643.live import Pair, Settings, View, given, point
from lecture643.maths.checks import Floats
from lecture643.maths.toy import SigmoidNeuron, four_points, sigmoid
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import NARROW, Mosaic
from lecture643.picture.table import Table

LIMIT = 6.0
HEADS = ("point", "$x$", "$y$", r"$\hat y=\sigma(w\cdot x)$", r"$e=(y-\hat y)^2$", r"$E=\sum_i e^i$")
SHORT_HEADS = ("", "$x$", "$y$", r"$\hat y$", "$e^i$", "$E$")
ROOM = (3.6, 5, 2.8, 2.6)
FRAME = np.array([[0.01, 0.78, 0.78, 0.01, 0.01], [0.05, 0.05, 0.95, 0.95, 0.05]])  # of a row of the table


@dataclass(frozen=True)
class NeuronSettings(Settings):
    """What the view can be set to."""

    w: Pair = point(("w₁₁¹", "w₁₂¹"), (-0.5, 0.5), LIMIT, panels=["weights"], meaning="the weights at first")
    problem: SigmoidNeuron = given(four_points, "other data with two inputs and up to four points")
    marked: int = given(0, "the point whose row is framed, until w moves", resets_with=["w"])


@dataclass(frozen=True)
class State:
    """What the view shows for one w."""

    w: Floats
    predictions: Floats
    errors: Floats
    right: int


class Neuron(View[NeuronSettings, State]):
    """Drag w over the loss surface and see the neuron change.

    Slide: "MLP - Data Perspective: A Simple Example".
    Left: E over the weights, with the current w. Right: the inputs, shaded by ŷ, with the line ŷ = ½ and
    with w as an arrow. Below: ŷ and eⁱ of every point, and E.
    """

    panels = Mosaic(
        "weights inputs / table table",
        size=(1000, 660),
        heights=(7, 3),
        bare=["table"],
        rooms={"weights": ROOM, "inputs": ROOM},
    )

    def build(self, live: LiveFigure) -> None:
        problem = self.settings.problem
        weights = live.axes("weights")
        draw.weight_axes(weights, LIMIT, "E over the weights: drag w")
        grid = np.linspace(-LIMIT, LIMIT, 161)
        draw.error_contour(weights, problem.surface(grid, grid), LIMIT)
        self.marker = draw.current_weights(weights)

        inputs = live.axes("inputs")
        draw.data_axes(inputs, LIMIT, "line: ŷ = ½; arrow: w")
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
        points = draw.data_points(inputs, problem)
        self._build_table(live)
        live.moving(self.marker, self.shading, self.half, *points, self.arrow)
        live.moving(*(cell for row in self.table.cells for cell in row[3:5]), self.total)
        (self.frame,) = self.table.ax.plot([], [], color=draw.INK)
        live.moving(self.frame)

    def _build_table(self, live: LiveFigure) -> None:
        problem = self.settings.problem
        heads = SHORT_HEADS if live.size[0] < NARROW else HEADS
        self.table = Table(live.axes("table"), heads, problem.size, widths=(2, 3, 1.4, 3.6, 3.8, 4))
        for row, look in enumerate(draw.POINTS[: problem.size]):
            at, beside = (self.table.columns[0], row + 1.5), (1.2 * live.style.font, 0)
            self.table.ax.plot(*at, look.marker, color=look.colour, markeredgecolor=draw.INK)
            self.table.ax.annotate(look.name, at, xytext=beside, textcoords="offset points", va="center")
        data = zip(problem.x, problem.y, strict=True)
        self.table.write(((draw.vector(x), draw.number(y)) for x, y in data), first=1)
        middle = (problem.size - 1) / 2
        self.total = self.table.text(middle, self.table.columns[-1], fontsize="x-large", weight="bold")

    def compute(self, settings: NeuronSettings) -> State:
        problem, w = settings.problem, np.array(settings.w)
        predictions = problem.predict(w)
        right = ((predictions - 0.5) * (problem.y - 0.5) > 0).sum()  # a point on the line is on no side
        return State(w, predictions, problem.sample_errors(w), int(right))

    def draw(self, state: State) -> None:
        self.marker.set_data(*state.w[:, np.newaxis])
        self.shading.set_data(sigmoid(self.grid @ state.w))
        self.half.set_data(*draw.boundary(state.w, LIMIT))
        draw.point_arrows(self.arrow, np.zeros(2), draw.shortened(state.w[np.newaxis], 0.9 * LIMIT))
        pairs = zip(state.predictions, state.errors, strict=True)
        self.table.write(([draw.number(value) for value in pair] for pair in pairs), first=3)
        self.total.set_text(draw.number(state.errors.sum()))
        row = self.settings.marked
        self.frame.set_data(FRAME + np.array([[0], [row]]) if row else ([], []))

    def sentence(self, state: State) -> str:
        points = draw.plural(len(state.errors), "point")
        lie = "lies" if state.right == 1 else "lie"
        sides = f"{state.right} of the {points} {lie} on the correct side of the line ŷ = ½"
        if not state.w.any():
            sides = "there is no line ŷ = ½, since ŷ = ½ everywhere"
        return (
            f"At w = {draw.vector(state.w)} the neuron says ŷ = {draw.vector(state.predictions)}, "
            f"so E = {draw.number(state.errors.sum())}; {sides}."
        )
