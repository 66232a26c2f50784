"""Ten thousand starts at once: on which plateau of E does gradient descent end?"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from numpy.typing import NDArray

from lecture643.live import Pair, Play, Settings, View, given, log, point, whole
from lecture643.maths.checks import Floats, integer
from lecture643.maths.crowd import Crowd, soft_labels, wrong
from lecture643.maths.race import neuron_walk
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

LIMIT = 6.0
MOST_STEPS = 2000
COARSE_SIDE = 32
COARSE_STEPS = 120
SLICE_SECONDS = 0.008


def some_starts(name: str, value: int) -> int:
    """Neither too few nor too many to a side."""
    return integer(name, value, 2, 400)


def labels_0_and_1(name: str, problem: SigmoidNeuron) -> SigmoidNeuron:
    """Only these have plateaus of whole heights."""
    if soft_labels(problem):
        raise ValueError(f"the labels of {name} must be 0 or 1, got {problem.y.tolist()}")
    return problem


@dataclass(frozen=True)
class BasinsSettings(Settings):
    """What the view can be set to."""

    rate: float = log("learning rate γ", 0.1, 0.01, 100, meaning="γ")
    steps: int = whole("steps", MOST_STEPS, 0, MOST_STEPS, play=Play(stride=5), meaning="how many are taken")
    start: Pair = point(
        ("start w₁₁¹", "start w₁₂¹"),
        (2, -1),
        LIMIT,
        panels=["weights"],
        secondary=True,
        meaning="the w⁰ that is marked",
    )
    side: int = given(100, "starts to a side of the square from −6 to 6, from 2 to 400", some_starts)
    problem: SigmoidNeuron = given(
        four_points, "other data with two inputs and labels 0 and 1", labels_0_and_1
    )


@dataclass(frozen=True)
class State:
    """Where each start has come to, and the whole walk of one of them."""

    heights: NDArray[np.intp]  # (side, side), of the plateau that the walk from each start is on
    shares: tuple[float, ...]  # of the starts, one for each plateau
    w: Floats  # (k+1, 2), the walk of the marked start
    error: Floats  # (k+1,)
    unfinished: bool  # fewer starts and steps than are wanted

    @property
    def k(self) -> int:
        """The steps taken."""
        return len(self.w) - 1


class Basins(View[BasinsSettings, State]):
    """Which plateau GD ends on, coloured over its starts (fine print F3).

    Lines part the four cones, one for each plateau. With 0 steps the colours are the cones; the more
    steps, the more starts have crossed into another. The marked start is to be dragged; its walk is drawn
    on the left, and its E against k below on the right.
    """

    panels = Mosaic(
        "weights shares / weights walk",
        size=(1000, 520),
        heights=(1.1, 1),
        rooms={"weights": (3.6, 0.9, 2.8, 2.6), "shares": (4, 0.9, 1, 2), "walk": (4, 0.9, 2.8, 2)},
    )

    def build(self, live: LiveFigure) -> None:
        self.plateaus = heights_of(self.settings.problem)
        self.colours = [draw.TERRACES[i % len(draw.TERRACES)] for i in range(len(self.plateaus))]
        weights = live.axes("weights")
        draw.weight_axes(weights, LIMIT, "starts, by where GD ends: drag ✕")
        edges = [-0.5, *(np.array(self.plateaus[1:]) - 0.5), self.plateaus[-1] + 0.5]
        self.map = weights.imshow(
            np.zeros((1, 1)),
            extent=(-LIMIT, LIMIT, -LIMIT, LIMIT),
            origin="lower",
            cmap=ListedColormap(self.colours),
            norm=BoundaryNorm(edges, len(self.plateaus)),
            interpolation="nearest",
        )
        white = {"facecolor": "white", "alpha": 0.85, "linewidth": 0, "boxstyle": "round,pad=0.15"}
        self.letters = [
            weights.text(0, 0, f"→ {height}", ha="center", va="center", bbox=white)
            for height in self.plateaus
        ]
        borders = rays([low for low, _, _ in self.settings.problem.plateaus()])
        lines = [weights.plot(*borders, color=c, lw=lw)[0] for c, lw in (("white", 2.6), (draw.INK, 0.9))]
        self._build_walk(live, weights)
        self._build_shares(live)
        live.moving(self.map, *lines, *self.letters, *self.path, *self.start)
        live.moving(*self.bars, *self.told, self.error)

    def _build_walk(self, live: LiveFigure, weights: Axes) -> None:
        """The walk and its start, with white around them, as they lie on dark and light."""
        line = live.style.line
        self.path = [
            weights.plot([], [], color="white", lw=line + 2.5)[0],
            draw.method_walk(weights, "gd"),
        ]
        self.start = [
            weights.plot([], [], "x", color=colour, markeredgewidth=width, ms=live.style.marker + larger)[0]
            for colour, width, larger in (("white", 5.5, 3), (draw.INK, 2.5, 0))
        ]
        ax = live.axes("walk", title="the walk from ✕")
        ax.set_xscale("symlog", linthresh=1)
        top = self.plateaus[-1]
        ax.set(xlim=(0, 1.5 * MOST_STEPS), ylim=(-0.06 * top, 1.12 * top), yticks=self.plateaus)
        ax.set_xticks([0, 1, 10, 100, 1000], ["0", "1", "10", "100", "1000"])
        ax.set_xlabel("step $k$", labelpad=1)
        ax.set_ylabel("$E(w^k)$", labelpad=2)
        ax.grid(True, axis="y", alpha=0.5)
        self.error = draw.method_walk(ax, "gd")

    def _build_shares(self, live: LiveFigure) -> None:
        ax = live.axes("shares", title="share of the starts")
        ax.set(xlim=(0, 133), xticks=[], ylim=(-0.6, len(self.plateaus) - 0.4))
        ax.set_yticks(range(len(self.plateaus)), [f"E → {height}" for height in self.plateaus])
        ax.invert_yaxis()
        ax.tick_params(axis="y", length=0)
        ax.spines["bottom"].set_visible(False)
        self.bars = list(ax.barh(range(len(self.plateaus)), 0, 0.7, color=self.colours, edgecolor=draw.INK))
        self.told = [ax.text(0, row, "", va="center") for row in range(len(self.plateaus))]

    def states(self, settings: BasinsSettings) -> Iterator[State]:
        """First fewer starts and steps, then all."""
        crowd = crowd_of(settings.problem, settings.side, settings.rate)
        if not self.at_once and not crowd.go_on(settings.steps, 0):
            few = crowd_of(settings.problem, min(settings.side, COARSE_SIDE), settings.rate)
            first = self._state(settings, few, min(settings.steps, COARSE_STEPS), unfinished=True)
            yield first
            while not crowd.go_on(settings.steps, SLICE_SECONDS):
                yield first
        yield self._state(settings, crowd, settings.steps)

    def _state(self, settings: BasinsSettings, crowd: Crowd, k: int, unfinished: bool = False) -> State:
        problem, heights = settings.problem, crowd.plateaus(k)
        shares = tuple(float((heights == height).mean()) for height in self.plateaus)
        samples = np.tile(np.arange(problem.size), (k, 1))
        w = neuron_walk(problem, settings.start, np.full(k, settings.rate), samples)
        side = math.isqrt(len(heights))
        return State(heights.reshape(side, side), shares, w, problem.error(w), unfinished)

    def draw(self, state: State) -> None:
        self.map.set_data(state.heights)
        path = draw.clipped(state.w, LIMIT)
        for line, start in zip(self.path, self.start, strict=True):
            line.set_data(*path.T)
            start.set_data(*path[:1].T)
        k = spread(len(path))
        self.error.set_data(k, state.error[k])
        for bar, told, share in zip(self.bars, self.told, state.shares, strict=True):
            bar.set_width(100 * share)
            told.set_x(100 * share + 2)
            told.set_text(f"{draw.number(100 * share)} %")
        starts = even_starts(len(state.heights))
        for letter, height in zip(self.letters, self.plateaus, strict=True):
            here = starts[state.heights.ravel() == height]
            letter.set_visible(len(here) > 0)
            if len(here):
                letter.set_position(here[((here - here.mean(axis=0)) ** 2).sum(axis=1).argmin()])

    def sentence(self, state: State) -> str:
        settings = self.settings
        parts = [
            f"{draw.number(100 * share)} % on E → {height}"
            for share, height in zip(state.shares, self.plateaus, strict=True)
        ]
        taken = f"{state.k} of " if state.k < settings.steps else ""
        w, error = state.w[-1], state.error[-1]
        return (
            f"After {taken}{draw.plural(settings.steps, 'GD step')} with γ = {draw.number(settings.rate)}, "
            f"of {state.heights.size} starts there are {', '.join(parts)}; the walk from "
            f"{draw.vector(settings.start)} has come to w = {draw.vector(w)} with E = {draw.number(error)}, "
            f"in the cone of E → {wrong(settings.problem, w)}."
        )


@lru_cache(maxsize=6)
def crowd_of(problem: SigmoidNeuron, side: int, rate: float) -> Crowd:
    """The crowd of this rate, as far as it has come."""
    return Crowd(problem, even_starts(side), rate, MOST_STEPS)


def heights_of(problem: SigmoidNeuron) -> list[int]:
    """The heights of the plateaus, from below."""
    return sorted({round(height) for _, _, height in problem.plateaus()})


def even_starts(side: int) -> Floats:
    """A start in each of side × side equal squares that fill [−6, 6]²: (side², 2).

    A quarter below the middle, so that none lies on an edge between two cones of the four points.
    """
    w1, w2 = ((np.arange(side) + part) / side * 2 * LIMIT - LIMIT for part in (0.5, 0.25))
    return np.stack(np.meshgrid(w1, w2), axis=-1).reshape(-1, 2)


def rays(angles: list[float]) -> tuple[Floats, Floats]:
    """Lines from the origin, in degrees: x and y for one Line2D."""
    towards = np.deg2rad(angles)[:, np.newaxis]
    out = np.array([0, 20, np.nan])
    return (np.cos(towards) * out).ravel(), (np.sin(towards) * out).ravel()


def spread(length: int) -> NDArray[np.intp]:
    """Places in a walk that are enough to draw it against a logarithmic axis."""
    return np.unique(np.geomspace(1, length, 200).astype(int)) - 1
