"""Learning rates that shrink: the conditions on γ_k as running sums, beside many runs of (mini-batch) SGD."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from lecture643.live import Pair, Settings, View, choice, given, log, number, point, whole
from lecture643.maths.checks import Floats, integer, positive
from lecture643.maths.methods import gradient_descent
from lecture643.maths.schedules import SLICE, STEPS, Plan, Runs, recorded, sums, walks, zeta
from lecture643.maths.speed import late_power
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

LIMIT = 2.0
LOWEST = 1e-7
DATA = {"points": "four points", "soft": "soft labels"}
BATCH_SIZE = {"sgd": 1, "minibatch": 2}
TOGETHER = 1000  # runs that take their steps at once
Kind = tuple[str, str, int]  # of runs: data, method, number of seeds


@dataclass(frozen=True)
class ScheduleSettings(Settings):
    """What the schedule and its runs can be set to."""

    seeds: int = given(50, "how many runs there are", lambda name, value: integer(name, value, 2, 1000))
    goal: float | None = given(None, "a mean of E − E* to get below, drawn as a line", positive)
    c: float = log("c", 1.0, 0.01, 100, meaning="of γ_k")
    p: float = number("p", 1.0, 0, 1.5, meaning="of γ_k")
    data: str = choice(
        "data", "points", {name: key for key, name in DATA.items()}, meaning='"points" or "soft"'
    )
    method: str = choice(
        "method",
        "sgd",
        {draw.METHODS[method].name: method for method in BATCH_SIZE},
        meaning='"sgd" or "minibatch", with 2 of the 4 samples in a block',
    )
    seed: int = whole(
        "path of seed", 0, 0, lambda s: s.seeds - 1, secondary=True, meaning="the run whose path is drawn"
    )
    start: Pair = point(
        ("start w₁₁¹", "start w₁₂¹"), (0, 0), LIMIT, panels=["weights"], secondary=True, meaning="w⁰"
    )


@dataclass(frozen=True)
class State:
    """Many runs of one method under one schedule."""

    settings: ScheduleSettings
    k: NDArray[np.intp]  # the steps at which E is known
    gap: Floats  # (len(k), seeds), E(w^k) − E*
    steps: int  # taken by each run
    path: Floats  # (points, 2), of the seed that is drawn, thinned out
    ends: Floats  # (seeds, 2), the last iterates
    sums: tuple[Floats, Floats]  # Σγᵢ/c and Σγᵢ²/c² up to each recorded k
    limits: tuple[float, float]  # what they tend to, maybe inf
    speed: float | None  # the exponent s where the mean gap goes like kˢ, else None
    unfinished: bool


class Schedule(View[ScheduleSettings, State]):
    """γ_k = c/(k+1)ᵖ: which conditions hold, and what many seeds make of it.

    Slides: "Stochastic Gradient Descent for our MLP Problem" (Σγ_k² < ∞, Σγ_k → ∞) and "Mini-batch
    Stochastic Gradient Descent for our MLP Problem" (similar restrictions).
    Left: the path of one seed, and where all seeds are at the end. Right, above: both sums as they grow, in
    units of c and c²; below: E − E* of all seeds, with E* = inf E, mean and middle 80 %.
    On the four points every sample's gradient vanishes together, so SGD needs no small steps. With soft
    labels (0.8 and 0.2 for 1 and 0) the samples contradict each other at the minimum, and it does.
    """

    panels = Mosaic(
        "weights sums / weights errors",
        size=(1000, 520),
        widths=(0.95, 1),
        heights=(1, 1.05),
        rooms={"sums": (3.6, 8.6, 2.8, 2), "errors": (3.6, 1.2, 3.3, 2)},
    )
    actions = {"constant": "p = 0", "root": "p = ½", "typical": "p = 1"}

    def constant(self) -> None:
        """γ_k = c."""
        self.set(p=0)

    def root(self) -> None:
        """γ_k = c/√(k+1)."""
        self.set(p=0.5)

    def typical(self) -> None:
        """γ_k = c/(k+1)."""
        self.set(p=1)

    def __init__(self, **settings: Any) -> None:
        self._foreseen: dict[tuple[Kind, Plan], Runs] = {}
        super().__init__(**settings)

    def build(self, live: LiveFigure) -> None:
        self.grounds = {name: live.axes("weights") for name in DATA}
        grid = np.linspace(-LIMIT, LIMIT, 121)
        for name, ground in self.grounds.items():
            draw.error_contour(ground, problem_of(name).surface(grid, grid), LIMIT)
            ground.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), aspect="equal")
            ground.set_axis_off()
        weights = live.axes("weights", facecolor="none", zorder=2)
        draw.weight_axes(weights, LIMIT, "path, and all ends: drag ✕")
        (self.path,) = weights.plot([], [], linewidth=1.2)
        (self.ends,) = weights.plot(
            [], [], linestyle="", markeredgewidth=0.6, markersize=0.7 * live.style.marker
        )
        self.start = draw.start_cross(weights, 1.4)
        self._build_sums(live.axes("sums"))
        self._build_errors(live.axes("errors"))
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
        draw.goal_line(ax, self.settings.goal)
        self.band = ax.fill_between([1, 2], [1, 1], [2, 2], alpha=0.3, linewidth=0)
        (self.mean,) = ax.plot([], [])

    def foresee(self, every: Iterable[ScheduleSettings]) -> None:
        """Take all steps of all the runs that will be asked for, many at once."""
        kinds: dict[Kind, set[Plan]] = {}
        for settings in every:
            kinds.setdefault(_kind(settings), set()).add(_plan(settings))
        for kind, plans in kinds.items():
            in_turn, count = sorted(plans), max(1, TOGETHER // kind[-1])
            for i in range(0, len(in_turn), count):
                for plan, runs in _all_run(kind, in_turn[i : i + count]).items():
                    self._foreseen[kind, plan] = runs

    def states(self, settings: ScheduleSettings) -> Iterator[State]:
        which = _kind(settings), _plan(settings)
        runs = self._foreseen.get(which) or _runs(*which)
        runs.go_on(STEPS if self.at_once else SLICE)
        yield self._state(settings, runs)
        while runs.steps < STEPS:
            runs.go_on(runs.steps + SLICE)
            yield self._state(settings, runs)

    def _state(self, settings: ScheduleSettings, runs: Runs) -> State:
        k, gap = runs.gap()
        return State(
            settings=settings,
            k=k,
            gap=gap,
            steps=runs.steps,
            path=runs.path(settings.seed),
            ends=runs.w,
            sums=sums(settings.p),
            limits=(zeta(settings.p), zeta(2 * settings.p)),
            speed=late_power(k, gap.mean(axis=1)),
            unfinished=runs.steps < STEPS,
        )

    def draw(self, state: State) -> None:
        for name, ground in self.grounds.items():
            if ground.get_visible() != (name == state.settings.data):
                ground.set_visible(name == state.settings.data)
                self.live.still_changed()
        look = draw.METHODS[state.settings.method]
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
        names = (r"$\Sigma\gamma_i/c$", r"$\Sigma\gamma_i^2/c^2$")
        first, second = (float(np.log(total[-1] / 0.7) / np.log(2e4 / 0.7)) for total in state.sums)
        second = min(
            max(min(second, first - 0.36), 0.1), 0.5
        )  # the labels never touch, nor leave their place
        heights = (min(max(first, second + 0.36), 0.88), second)
        for i, total in enumerate(state.sums):
            self.sums[i].set_data(recorded(), total)
            finite = np.isfinite(state.limits[i])
            self.limits[i].set_data(*([1, STEPS], [state.limits[i]] * 2) if finite else ([], []))
            tends = draw.number(state.limits[i]) if finite else "∞"
            self.tends[i].set_text(f"{names[i]}\n→ {tends}")
            self.tends[i].set_y(heights[i])

    def sentence(self, state: State) -> str:
        settings, mean = state.settings, state.gap[-1].mean()
        low, high = np.quantile(state.gap[-1], (0.1, 0.9))
        method = "SGD" if settings.method == "sgd" else "mini-batch SGD (2 of the 4 samples in each step)"
        below = "below" if settings.goal is not None and mean < settings.goal else "not below"
        goal = "" if settings.goal is None else f" The mean is {below} the goal {draw.number(settings.goal)}."
        return (
            f"γₖ = {_rate(settings.c, settings.p)}: {_conditions_told(state)}. "
            f"On the {DATA[settings.data]}, {settings.seeds} seeds of {method} from "
            f"{draw.vector(settings.start)}: after {state.steps} steps the mean of E − E* is "
            f"{draw.number(mean)} (the middle 80 %: {draw.number(low)} to {draw.number(high)}). "
            f"{_speed_told(state.speed)}{goal}"
        )


def _kind(settings: ScheduleSettings) -> Kind:
    return settings.data, settings.method, settings.seeds


def _plan(settings: ScheduleSettings) -> Plan:
    return Plan(settings.start, settings.c, settings.p)


@lru_cache(maxsize=16)
def _runs(kind: Kind, plan: Plan) -> Runs:
    """Kept, so that runs that have been left go on where they were."""
    data, method, seeds = kind
    walk = walks(problem_of(data), [plan], seeds, BATCH_SIZE[method])
    return Runs(problem_of(data), infimum_of(data), walk)


def _all_run(kind: Kind, plans: Sequence[Plan]) -> dict[Plan, Runs]:
    """The runs under each plan, all of whose steps are taken."""
    data, method, seeds = kind
    runs = {plan: Runs(problem_of(data), infimum_of(data)) for plan in plans}
    for walk in walks(problem_of(data), plans, seeds, BATCH_SIZE[method]):
        for plan, part in zip(plans, np.split(walk, len(plans), axis=1), strict=True):
            runs[plan].take(part)
    return runs


def problem_of(data: str) -> SigmoidNeuron:
    """The four points, with their labels or with soft ones."""
    points = four_points()
    return points if data == "points" else SigmoidNeuron(points.x, 0.2 + 0.6 * points.y)


@lru_cache
def infimum_of(data: str) -> float:
    """inf E: 0 for the four points (fine print F1), and a minimum that GD finds for the soft labels."""
    if data == "points":
        return 0.0
    return float(gradient_descent(problem_of(data), (0, 0), rate=0.3, steps=300).error.min())


def _conditions_told(state: State) -> str:
    c, (total, squares), (limit, limit_of_squares) = state.settings.c, state.sums, state.limits
    first = (
        f"Σγₖ has no bound ({draw.number(c * total[-1])} after {STEPS} steps)"
        if np.isinf(limit)
        else f"Σγₖ stays below {draw.number(c * limit)}, so the walk gets only so far"
    )
    second = (
        f"Σγₖ² has no bound ({draw.number(c**2 * squares[-1])}), so the slide promises nothing"
        if np.isinf(limit_of_squares)
        else f"Σγₖ² stays below {draw.number(c**2 * limit_of_squares)}"
    )
    both = ": both conditions hold" if np.isinf(limit) and np.isfinite(limit_of_squares) else ""
    return f"{first}, and {second}{both}"


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
