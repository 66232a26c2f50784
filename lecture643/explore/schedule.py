"""Learning rates that shrink: the conditions on γ_k as running sums, beside many runs of (mini-batch) SGD."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from lecture643.live.controls import choice, log_slider, slider, whole
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, finite_array, integer, positive
from lecture643.maths.crowd import sgd_runs
from lecture643.maths.speed import power_law
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw

LIMIT = 2.0
STEPS = 10_000
SKETCH_STEPS = 500
LOWEST = 1e-7
PRESETS = {"p = 0": 0.0, "p = ½": 0.5, "p = 1": 1.0}
DATA = {"points": "four points", "soft": "soft labels"}
BATCH_SIZE = {"sgd": 1, "minibatch": 2}


@dataclass(frozen=True)
class State:
    """Many runs of one method under one schedule."""

    method: str
    data: str
    c: float
    p: float
    k: NDArray[np.intp]  # the steps at which E is known
    gap: Floats  # (len(k), seeds), E(w^k) − E*
    steps: int  # taken by each run
    path: Floats  # (points, 2), of the seed that is drawn, thinned out
    ends: Floats  # (seeds, 2), the last iterates
    sums: tuple[Floats, Floats]  # Σγᵢ/c and Σγᵢ²/c² up to each k
    limits: tuple[float, float]  # what they tend to, maybe inf
    speed: float | None  # the exponent s where the mean gap goes like kˢ, else None


class Schedule(View[State]):
    """γ_k = c/(k+1)ᵖ: which conditions hold, and what many seeds make of it.

    Slides: "Stochastic Gradient Descent for our MLP Problem" (Σγ_k² < ∞, Σγ_k → ∞) and "Mini-batch
    Stochastic Gradient Descent for our MLP Problem" (similar restrictions).
    Left: the path of one seed, and where all seeds are at the end. Right, above: both sums as they grow, in
    units of c and c²; below: E − E* of all seeds, with E* = inf E, mean and middle 80 %.
    On the four points every sample's gradient vanishes together, so SGD needs no small steps. With soft
    labels (0.8 and 0.2 for 1 and 0) the samples contradict each other at the minimum, and it does.

    c, p: of γ_k. data: "points" or "soft". method: "sgd" or "minibatch", with 2 of the 4 samples in a block.
    start: w⁰, to be dragged. seed: whose path is drawn. seeds: how many runs there are. goal: a mean of
    E − E* to get below, drawn as a line.
    """

    size = (1000, 520)

    def __init__(
        self,
        c: float = 1.0,
        p: float = 1.0,
        data: str = "points",
        start: ArrayLike = (0, 0),
        seed: int = 0,
        seeds: int = 50,
        method: str = "sgd",
        goal: float | None = None,
    ) -> None:
        start_1, start_2 = finite_array("start", start, (2,))
        self.seeds = integer("seeds", seeds, 2, 1000)
        self.goal = None if goal is None else positive("goal", goal)
        points = four_points()
        self.problems = {"points": points, "soft": SigmoidNeuron(points.x, 0.2 + 0.6 * points.y)}
        self._runs = lru_cache(maxsize=64)(self._runs_anew)
        self._sums = lru_cache(maxsize=64)(_sums_anew)
        controls = {
            "c": log_slider("c", c, -2, 2),
            "p": slider("p", p, 0, 1.5, 0.05),
            "data": choice("data", [(name, key) for key, name in DATA.items()], data),
            "method": choice("method", [(draw.METHODS[m].name, m) for m in BATCH_SIZE], method),
            "seed": whole("path of seed", seed, 0, self.seeds - 1),
            "start_1": slider("start w₁₁¹", start_1, -LIMIT, LIMIT, 0.05),
            "start_2": slider("start w₁₂¹", start_2, -LIMIT, LIMIT, 0.05),
        }
        presets = [widgets.Button(description=name, layout={"width": "70px"}) for name in PRESETS]
        for button in presets:
            button.on_click(lambda pressed: setattr(controls["p"], "value", PRESETS[pressed.description]))
        super().__init__(
            controls,
            rows=[["c", "p", *presets], ["data", "method", "seed"], ["start_1", "start_2"]],
            secondary=["seed", "start_1", "start_2"],
        )

    def build(self, live: LiveFigure) -> None:
        place = (0.08, 0.135, 0.4, 0.79)
        self.weights = live.axes(*place, zorder=2, facecolor="none")
        draw.weight_axes(self.weights, LIMIT, "path, and all ends: drag ✕")
        self.grounds = {name: live.axes(*place) for name in self.problems}
        grid = np.linspace(-LIMIT, LIMIT, 121)
        for name, problem in self.problems.items():
            draw.error_contour(self.grounds[name], problem.surface(grid, grid), LIMIT)
            self.grounds[name].set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), aspect="equal")
            self.grounds[name].set_axis_off()
        (self.path,) = self.weights.plot([], [], linewidth=1.2)
        edge: dict[str, Any] = {
            "markeredgecolor": "white",
            "markeredgewidth": 0.6,
            "markersize": 0.7 * live.style.marker,
        }
        (self.ends,) = self.weights.plot([], [], linestyle="", **edge)
        self.start = self.weights.plot(
            [], [], "x", color=draw.INK, markersize=1.4 * live.style.marker, markeredgewidth=2.5
        )[0]
        self._build_sums(live.axes(0.59, 0.63, 0.25, 0.295))
        self._build_errors(live.axes(0.59, 0.135, 0.385, 0.325))
        live.moving(self.start, self.path, self.ends, *self.sums, *self.limits, *self.tends)
        live.moving(self.band, self.mean)

    def _build_sums(self, ax: Axes) -> None:
        ax.set(xscale="log", yscale="log", xlim=(1, STEPS), ylim=(0.7, 2e4), title="the two sums")
        ax.set_yticks([1, 10, 100, 1000, 10_000])
        ax.set_xlabel("step $k$", labelpad=0)
        ax.grid(True, alpha=0.35, linewidth=0.8)
        self.sums = [ax.plot([], [], dashes, color=draw.INK)[0] for dashes in ("-", "--")]
        self.limits = [ax.plot([], [], ":", color=draw.FAINT)[0] for _ in self.sums]
        self.tends = [ax.text(1.04, 0, "", transform=ax.transAxes, va="center") for _ in self.sums]

    def _build_errors(self, ax: Axes) -> None:
        draw.error_axes(ax, "step $k$", LOWEST)
        ax.set(xscale="log", xlim=(1, STEPS), yticks=[1e-6, 1e-4, 1e-2, 1], title="$E(w^k)-E^*$ of the seeds")
        ax.set_ylabel("")
        if self.goal is not None:
            ax.axhline(self.goal, color=draw.INK, linestyle=":")
            ax.annotate("goal", (0, self.goal), (4, 3), ax.get_yaxis_transform(), "offset points")
        self.band = ax.fill_between([1, 2], [1, 1], [2, 2], alpha=0.3, linewidth=0)
        (self.mean,) = ax.plot([], [])

    def compute(self, **values: Any) -> State:
        return self._state(STEPS, **values)

    def sketch(self, **values: Any) -> State:
        return self._state(SKETCH_STEPS, **values)

    def _state(
        self,
        steps: int,
        c: float,
        p: float,
        data: str,
        method: str,
        seed: int,
        start_1: float,
        start_2: float,
    ) -> State:
        w, gap = self._runs(data, method, c, p, start_1, start_2, steps)
        k = _recorded(steps)
        return State(
            method=method,
            data=data,
            c=c,
            p=p,
            k=k,
            gap=gap,
            steps=steps,
            path=w[:, seed],
            ends=w[-1],
            sums=self._sums(p),
            limits=(zeta(p), zeta(2 * p)),
            speed=_power(k, gap.mean(axis=1)),
        )

    def _runs_anew(
        self, data: str, method: str, c: float, p: float, start_1: float, start_2: float, steps: int
    ) -> tuple[Floats, Floats]:
        """The iterates of all seeds, as many as are drawn, and E − E* at the recorded steps."""
        problem = self.problems[data]
        rate, seeds = descent.decaying(c, p), range(self.seeds)
        w = sgd_runs(problem, (start_1, start_2), rate, steps, seeds, BATCH_SIZE[method])
        gap = problem.error(w[_recorded(steps)]) - self._infimum(data)
        drawn = np.union1d(np.arange(min(300, steps) + 1), _recorded(steps))
        return w[drawn], np.maximum(gap, 1e-16)

    def _infimum(self, data: str) -> float:
        """inf E: 0 for the four points (fine print F1), and a minimum that GD finds for the soft labels."""
        if data == "points":
            return 0.0
        return float(descent.gradient_descent(self.problems[data], (0, 0), rate=0.3, steps=300).error.min())

    def draw(self, state: State) -> None:
        for name, ground in self.grounds.items():
            if ground.get_visible() != (name == state.data):
                ground.set_visible(name == state.data)
                self.live.still_changed()
        look = draw.METHODS[state.method]
        for line in (self.path, self.mean):
            line.set(color=look.colour, linestyle=look.dashes)
        self.ends.set(color=look.colour, marker=look.marker, markeredgecolor="white")
        self.band.set_facecolor(look.colour)
        self.path.set_data(*draw.clipped(state.path, LIMIT).T)
        self.ends.set_data(*draw.clipped(state.ends, LIMIT).T)
        self.start.set_data(*draw.clipped(state.path[:1], LIMIT).T)
        self._draw_sums(state)
        low, high = (np.maximum(q, LOWEST / 10) for q in np.quantile(state.gap, (0.1, 0.9), axis=1))
        self.band.set_verts([np.concatenate([np.c_[state.k, low], np.c_[state.k, high][::-1]])])
        self.mean.set_data(state.k, np.maximum(state.gap.mean(axis=1), LOWEST / 10))

    def _draw_sums(self, state: State) -> None:
        k = _recorded(STEPS)
        names = (r"$\Sigma\gamma_i/c$", r"$\Sigma\gamma_i^2/c^2$")
        first, second = (float(np.log(total[-1] / 0.7) / np.log(2e4 / 0.7)) for total in state.sums)
        second = min(
            max(min(second, first - 0.36), 0.1), 0.5
        )  # the labels never touch, nor leave their place
        heights = (min(max(first, second + 0.36), 0.88), second)
        for i, total in enumerate(state.sums):
            self.sums[i].set_data(k, total)
            finite = np.isfinite(state.limits[i])
            self.limits[i].set_data(*([1, STEPS], [state.limits[i]] * 2) if finite else ([], []))
            tends = draw.number(state.limits[i]) if finite else "∞"
            self.tends[i].set_text(f"{names[i]}\n→ {tends}")
            self.tends[i].set_y(heights[i])

    def sentence(self, state: State) -> str:
        total, squares = state.sums
        first = (
            f"Σγₖ has no bound ({draw.number(state.c * total[-1])} after {STEPS} steps)"
            if np.isinf(state.limits[0])
            else f"Σγₖ stays below {draw.number(state.c * state.limits[0])}, so the walk gets only so far"
        )
        second = (
            f"Σγₖ² has no bound ({draw.number(state.c**2 * squares[-1])}), so the slide promises nothing"
            if np.isinf(state.limits[1])
            else f"Σγₖ² stays below {draw.number(state.c**2 * state.limits[1])}"
        )
        both = ": both conditions hold" if np.isinf(state.limits[0]) and np.isfinite(state.limits[1]) else ""
        low, high = np.quantile(state.gap[-1], (0.1, 0.9))
        method = "SGD" if state.method == "sgd" else "mini-batch SGD (2 of the 4 samples in each step)"
        return (
            f"γₖ = {_rate(state.c, state.p)}: {first}, and {second}{both}. "
            f"On the {DATA[state.data]}, {self.seeds} seeds of {method} from {draw.vector(state.path[0])}: "
            f"after {state.steps} steps the mean of E − E* is {draw.number(state.gap[-1].mean())} "
            f"(the middle 80 %: {draw.number(low)} to {draw.number(high)}). "
            f"{_speed_told(state.speed)}{self._goal_told(state)}"
        )

    def _goal_told(self, state: State) -> str:
        if self.goal is None:
            return ""
        below = "below" if state.gap[-1].mean() < self.goal else "not below"
        return f" The mean is {below} the goal {draw.number(self.goal)}."

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"start_1": pointer.x, "start_2": pointer.y} if pointer.axes is self.weights else {}


def _recorded(steps: int) -> NDArray[np.intp]:
    """The steps at which E is looked at: even on a logarithmic axis, from 1 to `steps`."""
    return np.unique(np.geomspace(1, steps, 120).round().astype(int))


def _power(k: NDArray[np.intp], mean: Floats) -> float | None:
    """The s of mean ≈ c·kˢ, if the last two decades agree on it to 0.2 and the last one keeps to it."""
    top = k[-1]
    last, before = k >= top / 10, (k >= top / 100) & (k <= top / 10)
    x, y = np.log(k[last]), np.log(mean[last])
    s, earlier = power_law(k[last], mean[last]), power_law(k[before], mean[before])
    off = float(np.std(y - s * x))
    return s if abs(s - earlier) <= 0.2 and off <= 0.2 else None


def _speed_told(speed: float | None) -> str:
    if speed is None:
        return "It does not go like one power of k over the last two decades."
    if abs(speed) < 0.1:
        return "It has hardly changed over the last two decades."
    return f"It goes like k^{draw.number(speed, 2)} over the last two decades."


def _rate(c: float, p: float) -> str:
    """c/(k+1)ᵖ as one writes it."""
    top = draw.number(c)
    return {0: top, 0.5: f"{top}/√(k+1)", 1: f"{top}/(k+1)"}.get(p, f"{top}/(k+1)^{draw.number(p)}")


def _sums_anew(p: float) -> tuple[Floats, Floats]:
    """Σ 1/(i+1)ᵖ and Σ 1/(i+1)²ᵖ over the first k steps, at the recorded k."""
    factors = np.arange(1.0, STEPS + 1) ** -p
    before = _recorded(STEPS) - 1
    return np.cumsum(factors)[before], np.cumsum(factors**2)[before]


def zeta(s: float) -> float:
    """Σ 1/nˢ over n = 1, 2, …: inf for s ≤ 1, else by Euler and Maclaurin's formula, to all digits."""
    if s <= 1:
        return np.inf
    n = np.arange(1.0, 1000.0)
    tail = 1000 ** (1 - s) / (s - 1) + 1000**-s / 2 + s * 1000 ** (-s - 1) / 12
    return float((n**-s).sum() + tail)
