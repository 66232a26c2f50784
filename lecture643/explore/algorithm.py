"""The general descent algorithm on a long valley: direction, step and stop are choices."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes

from lecture643.live import Pair, Play, Settings, View, choice, log, point, whole
from lecture643.maths import algorithm
from lecture643.maths.algorithm import Direction, Step
from lecture643.maths.checks import Floats
from lecture643.maths.functions import Quadratic
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.levels import grid
from lecture643.picture.mosaic import Mosaic

LIMIT = 6.0
MOST = 100  # steps
STEEPNESS = (1.0, 10.0)
VALLEY = Quadratic(np.diag(STEEPNESS))
LOW, HIGH = 1e-9, 1e5  # of f, and of ‖∇f‖, where they are drawn
DOWNHILL, ONE, RESCALED = "−∇f", "one coordinate", "rescaled"
DIRECTIONS: dict[str, Direction] = {
    DOWNHILL: algorithm.downhill,
    ONE: algorithm.one_coordinate,
    RESCALED: algorithm.rescaled(STEEPNESS),
}
TOLD = {DOWNHILL: DOWNHILL, ONE: "one coordinate at a time", RESCALED: "−∇f, rescaled by the steepness,"}
HALVED, EXACT, FIXED = "halved", "exact", "fixed γ"
STEPS: dict[str, Step] = {HALVED: algorithm.halved, EXACT: algorithm.exact}
STOPS = {"‖∇f‖ ≤ 0.1": 0.1, "‖∇f‖ ≤ 10⁻³": 1e-3, "‖∇f‖ = 0": 0.0}


@dataclass(frozen=True)
class AlgorithmSettings(Settings):
    """What is left open by the slide, and where the walk begins."""

    direction: str = choice(
        "direction", DOWNHILL, list(DIRECTIONS), meaning='"−∇f", "one coordinate" or "rescaled"'
    )
    step: str = choice("step", FIXED, [*STEPS, FIXED], meaning='"halved", "exact" or "fixed γ"')
    rate: float = log("γ", 0.1, 0.01, 1, applies=lambda s: s.step == FIXED, meaning="the fixed step")
    stop: float = choice("stop", 1e-3, STOPS, meaning="0.1, 1e-3 or 0: the ‖∇f‖₂ at which the walk stops")
    start: Pair = point(
        ("start x₁", "start x₂"), (5, 1), LIMIT, panels=["plane"], secondary=True, meaning="x⁰"
    )
    shown: int = whole(
        "step k",
        lambda s: s.steps,
        0,
        lambda s: s.steps,
        at_end=True,
        play=Play(),
        meaning="as far as the walk is shown (all of it where None)",
    )

    @property
    def walk(self) -> Floats:
        """The whole walk with these choices, (K+1, 2)."""
        return walk(self.direction, self.step, self.rate, self.stop, self.start)

    @property
    def steps(self) -> int:
        """K."""
        return len(self.walk) - 1


@dataclass(frozen=True)
class State:
    """The whole walk, and how far it is shown."""

    settings: AlgorithmSettings
    x: Floats  # (K+1, 2)
    f: Floats  # (K+1,)
    norm: Floats  # (K+1,), ‖∇f‖₂
    d: Floats  # the direction from x^k; 0 where the walk is over
    alpha: float  # and the step

    @property
    def k(self) -> int:
        """As far as it is shown."""
        return self.settings.shown

    @property
    def stopped(self) -> bool:
        """Whether the stop has fired at its end."""
        return bool(self.norm[-1] <= self.settings.stop)

    @property
    def rises(self) -> int:
        """In how many of the shown steps f has not fallen."""
        return int((np.diff(self.f[: self.k + 1]) >= 0).sum())


class Algorithm(View[AlgorithmSettings, State]):
    """Find a descent direction and a step, move, check a stop (slide "Algorithm Development …").

    The function is a long valley, f(x) = ½(x₁² + 10x₂²). Directions: −∇f; only the coordinate with the
    largest partial derivative; −∇f, each coordinate divided by its own steepness, 1 and 10. Steps: 1, halved
    until f is lower; the exact α, with the lowest f along d; a fixed γ, whatever f does. Drag the start.
    Right: f(x^k), and ‖∇f(x^k)‖₂ with the height at which the walk stops; it takes 100 steps at most.
    """

    panels = Mosaic(
        "plane f / plane norm",
        size=(1000, 480),
        rooms={"f": (5, 1, 1.4, 2), "norm": (5, 1, 3, 1.8)},
    )

    def build(self, live: LiveFigure) -> None:
        plane = live.axes("plane")
        draw.plane_axes(plane, LIMIT, "½(x₁² + 10x₂²): drag ✕")
        draw.error_contour(plane, VALLEY.error(grid(LIMIT)), LIMIT)
        star: dict[str, Any] = {"color": draw.OPTIMUM.colour, "markeredgecolor": draw.INK}
        plane.plot([0], [0], draw.OPTIMUM.marker, markersize=2 * live.style.marker, **star)
        self.start = draw.start_cross(plane)
        self.dots, self.path = _dots(plane), draw.method_walk(plane, "gd")
        self.arrow = draw.arrows(plane, [draw.DIRECTION.colour])
        self.f, self.norm = (
            _curve(live.axes(name), title)
            for name, title in (("f", "$f(x^k)$"), ("norm", r"$\|\nabla f(x^k)\|_2$"))
        )
        norm = live.panels["norm"]
        norm.set_xlabel("step $k$", labelpad=1)
        (self.stop,) = norm.plot([], [], ":", color=draw.INK)
        self.stop_at = norm.annotate("stop", (MOST, 1), (0, 3), textcoords="offset points", ha="right")
        live.moving(self.path, self.dots, self.start, self.arrow, self.f, self.stop, self.stop_at, self.norm)

    def compute(self, settings: AlgorithmSettings) -> State:
        x, here, over = settings.walk, settings.walk[settings.shown], settings.shown == settings.steps
        d = np.zeros(2) if over else DIRECTIONS[settings.direction](VALLEY, here) + 0.0
        return State(
            settings=settings,
            x=x,
            f=VALLEY.error(x),
            norm=np.linalg.norm(VALLEY.gradient(x), axis=-1),
            d=d,
            alpha=0.0 if over else step_of(settings.step, settings.rate)(VALLEY, here, d),
        )

    def draw(self, state: State) -> None:
        steps = np.arange(state.k + 1)
        seen = draw.clipped(state.x[steps], LIMIT)
        for line in (self.path, self.dots):
            line.set_data(*seen.T)
        self.start.set_data(*seen[:1].T)
        draw.point_arrows(self.arrow, seen[-1], state.alpha * state.d[np.newaxis])
        self.arrow.set_visible(bool(state.d.any()))
        for line, values in ((self.f, state.f), (self.norm, state.norm)):
            line.set_data(steps, np.clip(values[steps], LOW, HIGH))
        height = state.settings.stop
        self.stop.set_data([0, MOST], [height] * 2)
        for artist in (self.stop, self.stop_at):
            artist.set_visible(height > 0)
        self.stop_at.xy = (MOST, height or 1)

    def sentence(self, state: State) -> str:
        s, k = state.settings, state.k
        step = f"γ = {draw.number(s.rate)}" if s.step == FIXED else f"the {s.step} step"
        told = (
            f"From x⁰ = {draw.vector(s.start)} along {TOLD[s.direction]} with {step}: "
            f"after {draw.plural(k, 'step')} f = {draw.number(state.f[k])} and "
            f"‖∇f‖₂ = {draw.number(state.norm[k])}"
        )
        rises = f" f did not fall in {state.rises} of them: that step is too long." if state.rises else ""
        if k < s.steps:
            alpha, d = draw.number(state.alpha), draw.vector(state.d)
            return f"{told}. The next step is α = {alpha} along d = {d}.{rises}"
        stops = ", so the walk stops" if state.stopped else f". The walk has not stopped in {MOST} steps"
        return f"{told}{stops}.{rises}"


def step_of(step: str, rate: float) -> Step:
    """How far to go along d."""
    return algorithm.fixed(rate) if step == FIXED else STEPS[step]


@lru_cache(maxsize=64)
def walk(direction: str, step: str, rate: float, stop: float, start: Pair) -> Floats:
    """The walk with these choices, (K+1, 2)."""
    rule = algorithm.small_gradient(stop)
    return algorithm.descend(VALLEY, start, DIRECTIONS[direction], step_of(step, rate), rule, MOST)


def _dots(plane: Axes) -> Any:
    """The iterates, small."""
    look, size = draw.METHODS["gd"], 0.8 * rcParams["lines.markersize"]
    return plane.plot([], [], look.marker, color=look.colour, markersize=size)[0]


def _curve(ax: Axes, title: str) -> Any:
    """A logarithmic axis over the steps, and its empty line."""
    ax.set(yscale="log", xlim=(0, MOST), ylim=(LOW, HIGH), title=title)
    ax.set_yticks([1e-8, 1e-4, 1, 1e4])
    ax.grid(True, alpha=0.35, linewidth=0.8)
    return draw.method_walk(ax, "gd")
