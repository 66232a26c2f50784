"""Ten thousand starts at once: on which plateau of E does gradient descent end?"""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap
from numpy.typing import ArrayLike, NDArray

from lecture643.live.controls import log_slider, slider, whole
from lecture643.live.view import LiveFigure, Pointer, View, player
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, finite_array, integer
from lecture643.maths.crowd import descend_from_all, stays, wrong
from lecture643.maths.methods import Path
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw

LIMIT = 6.0
MOST_STEPS = 2000
SKETCH_SIDE = 40
SKETCH_STEPS = 250


@dataclass(frozen=True)
class State:
    """Where each start has come to, and the whole walk of one of them."""

    heights: NDArray[
        np.intp
    ]  # (side, side), of the plateau that the walk from each start is on after `steps`
    shares: tuple[float, ...]  # of the starts, one for each of the view's plateaus
    path: Path  # the walk of the marked start
    rate: float
    steps: int


class Basins(View[State]):
    """Which plateau GD ends on, coloured over its starts (fine print F3).

    White lines part the four cones, one for each plateau. With 0 steps the colours are the cones; the more
    steps, the more starts have crossed into another. The marked start is to be dragged; its walk is drawn
    on the left, and its E against k below on the right.

    start: the marked w⁰. rate: γ. steps: how many are taken, up to 2000.
    side: starts to a side of the square from −6 to 6. problem: other data with two inputs and labels 0 and 1.
    """

    size = (1000, 520)

    def __init__(
        self,
        start: ArrayLike = (2, -1),
        rate: float = 0.1,
        steps: int = MOST_STEPS,
        side: int = 100,
        problem: SigmoidNeuron | None = None,
    ) -> None:
        self.problem = problem or four_points()
        if ((self.problem.y > 0) & (self.problem.y < 1)).any():
            raise ValueError(f"the labels of problem must be 0 or 1, got {self.problem.y.tolist()}")
        self.side = integer("side", side, 2, 400)
        self.plateaus = sorted({round(height) for _, _, height in self.problem.plateaus()})
        self._heights = lru_cache(maxsize=64)(self._heights_anew)
        start_1, start_2 = finite_array("start", start, (2,))
        controls = {
            "rate": log_slider("learning rate γ", rate, -2, 2),
            "steps": whole("steps", steps, 0, MOST_STEPS),
            "start_1": slider("start w₁₁", start_1, -LIMIT, LIMIT, 0.05),
            "start_2": slider("start w₁₂", start_2, -LIMIT, LIMIT, 0.05),
        }
        super().__init__(
            controls,
            rows=[["rate", *player(controls["steps"], stride=5), "steps"], ["start_1", "start_2"]],
            secondary=["start_1", "start_2"],
        )

    def build(self, live: LiveFigure) -> None:
        self.weights = live.axes(0.08, 0.135, 0.4, 0.79)
        draw.weight_axes(self.weights, LIMIT, "starts, by where GD ends: drag ✕")
        self.colours = [draw.ERROR_MAP(h / max(self.plateaus[-1], 1)) for h in self.plateaus]
        edges = [-0.5, *(np.array(self.plateaus[1:]) - 0.5), self.plateaus[-1] + 0.5]
        self.map = self.weights.imshow(
            np.zeros((1, 1)),
            extent=(-LIMIT, LIMIT, -LIMIT, LIMIT),
            origin="lower",
            cmap=ListedColormap(self.colours),
            norm=BoundaryNorm(edges, len(self.plateaus)),
            interpolation="nearest",
        )
        rays = [np.deg2rad(low) for low, _, _ in self.problem.plateaus()]
        borders = [
            self.weights.plot([0, 20 * np.cos(a)], [0, 20 * np.sin(a)], color="white", lw=1)[0] for a in rays
        ]
        self.line = draw.method_walk(self.weights, "gd")
        self.start = self.weights.plot([], [], "x", color=draw.INK, markeredgewidth=2.5)[0]

        self._build_shares(live)
        self._build_walk(live)
        live.moving(self.map, *borders, self.start, self.line)
        live.moving(*self.bars, *self.told, self.error)

    def _build_shares(self, live: LiveFigure) -> None:
        ax = live.axes(0.605, 0.56, 0.37, 0.36, title="share of the starts")
        ax.set(xlim=(0, 100), xticks=[], ylim=(-0.6, len(self.plateaus) - 0.4))
        ax.set_yticks(range(len(self.plateaus)), [f"E → {height}" for height in self.plateaus])
        ax.invert_yaxis()
        ax.tick_params(axis="y", length=0)
        ax.spines["bottom"].set_visible(False)
        self.bars = list(ax.barh(range(len(self.plateaus)), 0, 0.7, color=self.colours, edgecolor=draw.INK))
        self.told = [ax.text(0, row, "", va="center") for row in range(len(self.plateaus))]

    def _build_walk(self, live: LiveFigure) -> None:
        ax = live.axes(0.605, 0.135, 0.37, 0.29, title="the walk from ✕")
        ax.set_xscale("symlog", linthresh=1)
        top = self.plateaus[-1]
        ax.set(xlim=(0, 1.5 * MOST_STEPS), ylim=(-0.06 * top, 1.12 * top), yticks=self.plateaus)
        ax.set_xticks([0, 1, 10, 100, 1000], ["0", "1", "10", "100", "1000"])
        ax.set_xlabel("step $k$", labelpad=1)
        ax.set_ylabel("$E(w^k)$", labelpad=2)
        ax.grid(True, axis="y", alpha=0.5)
        self.error = draw.method_walk(ax, "gd")

    def compute(self, **values: Any) -> State:
        return self._state(self.side, MOST_STEPS, **values)

    def sketch(self, **values: Any) -> State:
        return self._state(min(self.side, SKETCH_SIDE), SKETCH_STEPS, **values)

    def _state(
        self, side: int, walked: int, rate: float, steps: int, start_1: float, start_2: float
    ) -> State:
        heights = self._heights(side, rate, steps)
        counts = [(heights == height).sum() for height in self.plateaus]
        start = (start_1, start_2)
        path = descent.gradient_descent(self.problem, start, rate=rate, steps=min(steps, walked))
        return State(heights, tuple(float(c) / heights.size for c in counts), path, rate, steps)

    def _heights_anew(self, side: int, rate: float, steps: int) -> NDArray[np.intp]:
        ends = descend_from_all(self.problem, even_starts(side), rate, steps, partial(stays, self.problem))
        return wrong(self.problem, ends).reshape(side, side)

    def draw(self, state: State) -> None:
        self.map.set_data(state.heights)
        path = draw.clipped(state.path.w, LIMIT)
        self.line.set_data(*path.T)
        self.start.set_data(*path[:1].T)
        k = _spread(len(path))
        self.error.set_data(k, state.path.error[k])
        for bar, told, share in zip(self.bars, self.told, state.shares, strict=True):
            bar.set_width(75 * share)
            told.set_x(75 * share + 1.5)
            told.set_text(f"{draw.number(100 * share)} %")

    def sentence(self, state: State) -> str:
        parts = [
            f"{draw.number(100 * share)} % on E → {height}"
            for share, height in zip(state.shares, self.plateaus, strict=True)
        ]
        at, error = wrong(self.problem, state.path.w[-1]), state.path.error[-1]
        return (
            f"After {state.steps} GD steps with γ = {draw.number(state.rate)}, of {state.heights.size} "
            f"starts there are {', '.join(parts)}; the walk from {draw.vector(state.path.w[0])} has come to "
            f"w = {draw.vector(state.path.w[-1])} with E = {draw.number(error)}, in the cone of E → {at}."
        )

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"start_1": pointer.x, "start_2": pointer.y} if pointer.axes is self.weights else {}


def even_starts(side: int) -> Floats:
    """A start in each of side × side equal squares that fill [−6, 6]²: (side², 2).

    A quarter below the middle, so that none lies on an edge between two cones of the four points.
    """
    w1, w2 = ((np.arange(side) + part) / side * 2 * LIMIT - LIMIT for part in (0.5, 0.25))
    return np.stack(np.meshgrid(w1, w2), axis=-1).reshape(-1, 2)


def _spread(length: int) -> NDArray[np.intp]:
    """Places in a walk that are enough to draw it against a logarithmic axis."""
    return np.unique(np.geomspace(1, length, 200).astype(int)) - 1
