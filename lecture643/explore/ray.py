"""E along a ray from the origin: how w gets better and better, and never best (fine print F1)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lecture643.live import Pair, Pointer, Settings, View, number
from lecture643.maths.checks import Floats
from lecture643.maths.plane import polar, turned
from lecture643.maths.toy import four_points
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

FAR = 20.0
LOWEST = 1e-36
POINTS = four_points()
ALONG = np.linspace(0, FAR, 201)


@dataclass(frozen=True)
class RaySettings(Settings):
    """What the view can be set to."""

    angle: float = number("angle of u °", 150.0, -180, 180, step=1, meaning="of the ray, in degrees")
    t: float = number("t", 2.0, 0, FAR, step=0.5, meaning="how far out w is")


@dataclass(frozen=True)
class State:
    """w = t·u, and E along the ray."""

    angle: float
    t: float
    u: Floats  # (2,), of length 1
    error: float  # E(t·u)
    curves: Floats  # (5, n), E and e¹ … e⁴ at each of ALONG
    limit: float  # what E(t·u) tends to for t → ∞


class Ray(View[RaySettings, State]):
    """w = t·u walks straight out (slide "Visualizing the loss surface", fine print F1).

    Left: E over the weights, seen from afar, with the ray. Right: E and each eⁱ along the ray, on a log axis.
    Drag w on the left, or t on the right.
    """

    panels = Mosaic("weights along", size=(1000, 460), widths=(4, 5), rooms={"along": (5, 1, 2.8, 2)})

    def build(self, live: LiveFigure) -> None:
        weights = live.axes("weights")
        draw.weight_axes(weights, FAR, "E from afar: drag w")
        even = np.linspace(-FAR, FAR, 161)
        draw.error_contour(weights, POINTS.surface(even, even), FAR)
        draw.plateau_labels(weights, POINTS, FAR)
        (self.line,) = weights.plot([], [], ":", color=draw.INK)
        self.here = draw.current_weights(weights)

        along = live.axes("along", xlim=(0, FAR), ylim=(LOWEST, 30), yscale="log")
        along.set_xticks(np.linspace(0, FAR, 5))
        along.set_xlabel(r"$t$, along the ray $w=t\,u$", labelpad=1)
        along.grid(True, alpha=0.35, linewidth=0.8)
        looks = draw.POINTS[: POINTS.size]
        self.parts = [
            along.plot([], [], color=look.colour, marker=look.marker, markevery=25, label=f"$e^{i}$")[0]
            for i, look in enumerate(looks, start=1)
        ]
        thick: dict[str, Any] = {"linewidth": 1.6 * live.style.line, "label": "$E$"}
        (self.sum,) = along.plot([], [], color=draw.INK, **thick)
        row: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, 0.99), "frameon": False}
        along.legend(ncols=5, handlelength=1.4, columnspacing=1, **row)
        self.now = draw.current_weights(along)
        live.moving(self.line, self.here, *self.parts, self.sum, self.now)

    def compute(self, settings: RaySettings) -> State:
        u = turned(settings.angle)
        parts = POINTS.sample_errors(ALONG[:, np.newaxis] * u).T
        answers = (1 + np.sign(POINTS.x @ u)) / 2  # what ŷ tends to: 0, 1, or ½ for a point on the line
        return State(
            angle=settings.angle,
            t=settings.t,
            u=u,
            error=float(POINTS.error(settings.t * u)),
            curves=np.stack([parts.sum(axis=0), *parts]),
            limit=float(((answers - POINTS.y) ** 2).sum()),
        )

    def draw(self, state: State) -> None:
        self.line.set_data(*np.stack([np.zeros(2), 2 * FAR * state.u], axis=1))
        self.here.set_data(*(state.t * state.u)[:, np.newaxis])
        for line, curve in zip((self.sum, *self.parts), state.curves, strict=True):
            line.set_data(ALONG, curve)
        self.now.set_data([state.t], [state.error])

    def sentence(self, state: State) -> str:
        told = (
            f"At t = {draw.number(state.t)} along u = {draw.vector(state.u)}, which points to "
            f"{draw.number(state.angle)}°, E = {draw.number(state.error)}"
        )
        if state.limit == 0:
            return f"{told}. Farther out E goes on falling towards 0, and is 0 nowhere."
        return f"{told}. Farther out E tends to {draw.number(state.limit)}."

    def handles(self) -> list[tuple[str, Pair]]:
        """w on the map, and t on its curve."""
        x, y = (state := self.state).t * state.u
        return [("weights", (float(x), float(y))), ("along", (state.t, state.error))]

    def drag(self, pointer: Pointer) -> dict[str, float]:
        """On the map the ray turns, too."""
        if pointer.panel == "along":
            return {"t": pointer.x}
        angle, t = polar((pointer.x, pointer.y))
        return {"angle": angle, "t": t}
