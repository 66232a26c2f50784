"""The sigmoid neuron: weight space, data space and the table of ŷ and eⁱ, all moving together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lecture643.live.controls import slider
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.toy import SigmoidNeuron, four_points, sigmoid
from lecture643.picture import draw

LIMIT = 6.0


@dataclass(frozen=True)
class State:
    """What the view shows for one w."""

    w: Floats
    predictions: Floats
    errors: Floats
    right: int


class Neuron(View[State]):
    """Drag w over the loss surface and see the neuron change.

    Slide: "MLP - Data Perspective: A Simple Example".
    Left: E over the weights, with the current w. Right: the inputs, shaded by ŷ, with the line ŷ = ½.
    Below: ŷ and eⁱ of every point, and E.

    w: the weights at the start. problem: other data with two inputs and up to four points.
    """

    size = (1000, 660)

    def __init__(self, w: ArrayLike = (-0.5, 0.5), problem: SigmoidNeuron | None = None) -> None:
        w1, w2 = finite_array("w", w, (2,))
        self.problem = problem or four_points()
        controls = {
            "w1": slider("w₁₁", w1, -LIMIT, LIMIT, 0.05),
            "w2": slider("w₁₂", w2, -LIMIT, LIMIT, 0.05),
        }
        super().__init__(controls, rows=[["w1", "w2"]])

    def build(self, live: LiveFigure) -> None:
        self.weights = live.axes(0.05, 0.385, 0.355, 0.5379)
        draw.weight_axes(self.weights, LIMIT, "E over the weights: drag w")
        grid = np.linspace(-LIMIT, LIMIT, 161)
        draw.error_contour(self.weights, self.problem.surface(grid, grid), LIMIT)
        self.marker = draw.current_weights(self.weights)

        self.inputs = live.axes(0.55, 0.385, 0.355, 0.5379)
        draw.data_axes(self.inputs, LIMIT, "ŷ over the inputs; line: ŷ = ½")
        across = np.linspace(-LIMIT, LIMIT, 49)
        self.grid = np.stack(np.meshgrid(across, across), axis=-1)
        self.shading = self.inputs.imshow(
            np.zeros((49, 49)),
            extent=(-LIMIT, LIMIT, -LIMIT, LIMIT),
            origin="lower",
            cmap=draw.LABEL_MAP,
            vmin=0,
            vmax=1,
            interpolation="bilinear",
        )
        scale = live.axes(0.93, 0.385, 0.014, 0.5379, title="ŷ")
        live.figure.colorbar(self.shading, cax=scale, ticks=[0, 0.5, 1])
        (self.half,) = self.inputs.plot([], [], color=draw.INK)
        points = draw.data_points(self.inputs, self.problem)

        self._build_table(live)
        live.moving(self.marker, self.shading, self.half, *points, *self.cells, self.total)

    def _build_table(self, live: LiveFigure) -> None:
        table = live.axes(0.05, 0.0, 0.93, 0.29)
        table.set(xlim=(0, 1), ylim=(0, 1))
        table.axis("off")
        rows = np.linspace(0.7, 0.1, max(4, self.problem.size))
        heads = ("point", "$x$", "$y$", r"$\hat y=\sigma(w\cdot x)$", r"$e=(y-\hat y)^2$")
        columns = (0.03, 0.17, 0.3, 0.46, 0.66)
        for left, head in zip(columns, heads, strict=True):
            table.text(left, 0.88, head, va="center", ha="center", color=draw.FAINT)
        for row, x, y, look in zip(rows, self.problem.x, self.problem.y, draw.POINTS, strict=False):
            table.plot(
                columns[0], row, look.marker, color=look.colour, markeredgecolor=draw.INK, clip_on=False
            )
            table.text(columns[1], row, draw.vector(x), va="center", ha="center")
            table.text(columns[2], row, f"{y:g}", va="center", ha="center")
        self.cells = [
            table.text(left, row, "", va="center", ha="center") for left in columns[3:] for row in rows
        ]
        table.text(0.88, 0.88, r"$E=\sum_i e^i$", va="center", ha="center", color=draw.FAINT)
        self.total = table.text(0.88, 0.5, "", va="center", ha="center", fontsize="xx-large", weight="bold")

    def compute(self, w1: float, w2: float) -> State:
        w = finite_array("w", (w1, w2))
        predictions = self.problem.predict(w)
        right = int(
            ((predictions - 0.5) * (self.problem.y - 0.5) > 0).sum()
        )  # a point on the line is on no side
        return State(w, predictions, self.problem.sample_errors(w), right)

    def draw(self, state: State) -> None:
        self.marker.set_data(*draw.clipped(state.w, LIMIT)[:, np.newaxis])
        self.shading.set_data(sigmoid(self.grid @ state.w))
        along = np.array([-state.w[1], state.w[0]])  # ŷ = ½ where w·x = 0: across w, through the origin
        length = np.hypot(*along)
        ends = along / length * 2 * LIMIT if length else along * np.nan
        self.half.set_data([-ends[0], ends[0]], [-ends[1], ends[1]])
        for cell, value in zip(self.cells, np.concatenate([state.predictions, state.errors]), strict=False):
            cell.set_text(draw.number(value))
        self.total.set_text(draw.number(state.errors.sum()))

    def sentence(self, state: State) -> str:
        where = "there is no line ŷ = ½, since ŷ = ½ everywhere" if not state.w.any() else ""
        sides = f"on their side of the line ŷ = ½ are {state.right} of the {self.problem.size} points"
        return (
            f"At w = {draw.vector(state.w)} the neuron says ŷ = {draw.vector(state.predictions)}, "
            f"so E = {draw.number(state.errors.sum())}; {where or sides}."
        )

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"w1": pointer.x, "w2": pointer.y} if pointer.axes is self.weights else {}
