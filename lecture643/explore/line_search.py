"""Exact line search iterate by iterate, beside a fixed step."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from lecture643.live import Pair, Play, Settings, View, choice, given, log, point, whole
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, integer
from lecture643.maths.crowd import wrong
from lecture643.maths.methods import ExactLineSearch, Path, Problem, Quadratic, Walk
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw
from lecture643.picture.bracket import BracketedSlice
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

LIMIT = 6.0
LOWEST, HIGHEST = 1e-12, 60.0
QUADRATIC, POINTS = "quadratic", "E of the four points"
SLICE = 0.004  # seconds of walking between two pictures


@dataclass(frozen=True)
class LineSearchSettings(Settings):
    """What the two walks can be set to."""

    function: str = choice("f", QUADRATIC, [QUADRATIC, POINTS], meaning=f'"{QUADRATIC}" or "{POINTS}"')
    condition: float = log(
        "condition number κ", 5.0, 1, 1000, applies=lambda s: s.function == QUADRATIC, meaning="κ"
    )
    start: Pair = point(
        ("start, across", "start, up"), (5, 1), LIMIT, panels=["weights"], secondary=True, meaning="w⁰"
    )
    bound: float = log("bound α_max", 1000.0, 0.1, 1e4, meaning="α_max")
    rate: float = log("fixed step γ", 0.5, 0.01, 1000, secondary=True, meaning="the fixed step")
    steps: int = given(20, "how many can be taken, 1 to 60", lambda name, steps: integer(name, steps, 1, 60))
    shown: int = whole(
        "step k", lambda s: min(6, s.steps), 0, lambda s: s.steps, Play(), meaning="whose slice is shown"
    )


@dataclass(frozen=True)
class State:
    """The two walks, at least as far as they are shown, and the slice at the iterate that is shown."""

    settings: LineSearchSettings
    exact: Path
    fixed: Path
    k: int  # of the exact walk
    fixed_k: int
    search: descent.LineSearch | None  # the one at w^k; None after the last step
    gradient: Floats  # ∇f(w^k)
    next_gradient: Floats | None  # ∇f(w^{k+1}); None after the last step
    no_argmin: bool  # f falls forever along −∇f(w^k), towards a value that it never takes
    slice: Floats  # (2, n): α, f(w^k − α∇f(w^k))
    unfinished: bool  # the exact walk is still on its way to the k that is wanted


class LineSearch(View[LineSearchSettings, State]):
    """Gradient descent with exact line search (slide "Gradient Descent Algorithm to solve (GEN-OPT)").

    Left: the iterates of exact search and of a fixed step from the same start; drag the start. Top right: the
    slice s(α) = f(w^k + αd^k), d^k = −∇f(w^k), the bracket (0, α_max] that is searched, and the α^k found.
    Below: f(w^k) against k. The quadratic is ½(w₁²/κ + w₂²) with the condition number κ.
    """

    panels = Mosaic(
        "weights slice / weights errors",
        size=(1000, 510),
        heights=(1, 1.06),
        rooms={"slice": (5.4, 1.4, 1.8, 2), "errors": (5.4, 1.4, 3.2, 2)},
    )

    def build(self, live: LiveFigure) -> None:
        self.weights, self.errors = live.axes("weights"), live.axes("errors")
        draw.weight_axes(self.weights, LIMIT, "drag the start")
        grid = np.linspace(-LIMIT, LIMIT, 161)
        draw.error_contour(self.weights, four_points().surface(grid, grid), LIMIT)
        self._build_ellipses(live)
        self.slice = BracketedSlice(live.axes("slice"), r"slice $s(\alpha)=f(w^k+\alpha d^k)$")
        live.moving(*self.slice.artists)
        draw.error_axes(self.errors, "step $k$", LOWEST)
        steps = self.settings.steps
        self.errors.set(xlim=(-0.03 * steps, 1.03 * steps), ylim=(LOWEST, HIGHEST))
        self.errors.xaxis.set_major_locator(MaxNLocator(integer=True))
        self.errors.set_ylabel("$f(w^k)$", labelpad=2)
        self.lines, self.heads = {}, {}
        for name in ("fixed", "exact"):
            for at, ax in (("path", self.weights), ("error", self.errors)):
                self.lines[at, name], self.heads[at, name] = _walk_on(ax, name)
        self.start = self.weights.plot([], [], "x", color=draw.INK, markeredgewidth=2.5)[0]
        self.arrow = draw.arrows(self.weights, [draw.INK])
        legend: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.45, 0.98), "frameon": False}
        handles = [self.lines["error", name] for name in ("exact", "fixed")]
        names = ["exact line search", "fixed step"]
        self.errors.legend(handles, names, ncols=2, columnspacing=1.2, handlelength=2.2, **legend)
        live.moving(*self.lines.values(), self.start, *self.heads.values(), self.arrow)

    def _build_ellipses(self, live: LiveFigure) -> None:
        """The quadratic's own map, which lies over the four points' map and moves with κ."""
        grid = np.linspace(-LIMIT, LIMIT, 49)
        self.grid = np.stack(np.meshgrid(grid, grid), axis=-1)
        look: dict[str, Any] = {"cmap": draw.ERROR_MAP, "vmin": 0, "vmax": LIMIT**2, "origin": "lower"}
        extent = (-LIMIT, LIMIT, -LIMIT, LIMIT)
        self.shading = self.weights.imshow(
            np.zeros((49, 49)), extent=extent, interpolation="bilinear", **look
        )
        (self.ellipses,) = self.weights.plot([], [], color="white", linewidth=0.8)
        live.moving(self.shading, self.ellipses)

    def draw(self, state: State) -> None:
        quadratic = state.settings.function == QUADRATIC
        self._name_axes(*("$w_1$", "$w_2$") if quadratic else ("$w_{11}^1$", "$w_{12}^1$"))
        self.shading.set_visible(quadratic)
        self.ellipses.set_visible(quadratic)
        if quadratic:
            self.shading.set_data(_problem(QUADRATIC, state.settings.condition).error(self.grid))
            self.ellipses.set_data(*_ellipses(state.settings.condition))
        for name, path, k in (("exact", state.exact, state.k), ("fixed", state.fixed, state.fixed_k)):
            w = draw.clipped(path.w[: k + 1], LIMIT)
            error = np.clip(path.error[: k + 1], LOWEST, HIGHEST)
            for at, x, y in (("path", w[:, 0], w[:, 1]), ("error", np.arange(k + 1), error)):
                self.lines[at, name].set_data(x, y)
                self.heads[at, name].set_data(x[-1:], y[-1:])
        self.start.set_data(*draw.clipped(state.exact.w[:1], LIMIT).T)
        length = np.hypot(*state.gradient)
        downhill = -state.gradient / length * 0.25 * LIMIT if length > 0 else np.zeros(2)
        draw.point_arrows(self.arrow, draw.clipped(state.exact.w[state.k], LIMIT), downhill[np.newaxis])
        self.slice.draw(state.slice, state.search, state.settings.bound)

    def _name_axes(self, across: str, up: str) -> None:
        if self.weights.get_xlabel() != across:
            self.weights.xaxis.label.set_text(across)
            self.weights.yaxis.label.set_text(up)
            self.live.still_changed()

    def states(self, settings: LineSearchSettings) -> Iterator[State]:
        """Searching takes its time: the walk comes a slice at a time, and is kept where κ does not matter."""
        s, there = settings, False
        condition = s.condition if s.function == QUADRATIC else 1.0
        exact = _walk(s.function, condition, s.start, ExactLineSearch(s.bound))
        fixed = _walk(s.function, condition, s.start, s.rate)
        fixed.reach(s.shown)
        while not there:
            there = exact.reach(min(s.shown + 1, s.steps), self.at_most(SLICE))
            yield _state(s, exact.path, fixed.path, there)

    def sentence(self, state: State) -> str:
        name = f"½(w₁²/κ + w₂²) with κ = {draw.number(state.settings.condition)}"
        on, f = (name, "f") if state.settings.function == QUADRATIC else ("the four points", "E")
        error = draw.number(state.exact.error[state.k])
        return (
            f"On {on}, {f}(wᵏ) is {error} after {draw.plural(state.k, 'step')} of exact search and "
            f"{_fixed_told(state)}. {_step_told(state)}"
        )


def _walk_on(ax: Axes, name: str) -> tuple[Line2D, Line2D]:
    """The empty line of a walk, and the mark at its end."""
    look = draw.KINDS_OF_GD[name]
    style: dict[str, Any] = {"color": look.colour, "marker": look.marker}
    (line,) = ax.plot([], [], linestyle=look.dashes, **style)
    (head,) = ax.plot([], [], linestyle="", markeredgecolor="white", **style)
    line.set_markersize(0.55 * head.get_markersize())
    return line, head


# --- the mathematics ----------------------------------------------------------------------------


def _problem(function: str, condition: float) -> Problem:
    return Quadratic(np.diag([1 / condition, 1.0])) if function == QUADRATIC else four_points()


@lru_cache(maxsize=32)
def _walk(function: str, condition: float, start: Pair, rate: float | ExactLineSearch) -> Walk:
    piece = 3 if isinstance(rate, ExactLineSearch) else 60
    return Walk(descent.gradient_descent, _problem(function, condition), start, rate, piece)


def _state(s: LineSearchSettings, exact: Path, fixed: Path, there: bool) -> State:
    f, searches = _problem(s.function, s.condition), exact.line_searches[: s.steps]
    k = min(s.shown, len(exact.w) - 1) if there else len(searches) - 1
    search = searches[k] if k < len(searches) else None
    w, gradient = exact.w[k], f.gradient(exact.w[k])
    reach = s.bound
    if search and not search.on_bound:
        reach = min(s.bound, draw.nice(1.8 * search.alpha))
    alpha = np.linspace(0, reach, 201)
    return State(
        settings=s,
        exact=exact,
        fixed=fixed,
        k=k,
        fixed_k=min(s.shown, len(fixed.w) - 1),
        search=search,
        gradient=gradient,
        next_gradient=f.gradient(exact.w[k + 1]) if search else None,
        no_argmin=isinstance(f, SigmoidNeuron) and wrong(f, -gradient) == 0,  # F1: E falls to 0 far out
        slice=np.stack([alpha, f.error(w - alpha[:, np.newaxis] * gradient)]),
        unfinished=not there,
    )


def _ellipses(condition: float) -> Floats:
    """Eight level lines of the quadratic in one, with gaps: (2, n)."""
    turn = np.append(np.linspace(0, 2 * np.pi, 91), np.nan)
    heights = 0.5 * LIMIT**2 * (np.arange(1, 9) / 6) ** 2  # even steps along the w₂ axis
    half_axes = np.sqrt(2 * heights)[:, np.newaxis] * np.array([np.sqrt(condition), 1.0])
    return np.stack([(half_axes[:, :1] * np.cos(turn)).ravel(), (half_axes[:, 1:] * np.sin(turn)).ravel()])


# --- in words -----------------------------------------------------------------------------------


def _fixed_told(state: State) -> str:
    step = f"the fixed step γ = {draw.number(state.settings.rate)}"
    if state.fixed_k < state.settings.shown and state.fixed.diverged_at is not None:
        return f"no number any more with {step}, which has diverged at k = {state.fixed.diverged_at}"
    error = draw.number(state.fixed.error[state.fixed_k])
    return f"{error} after {draw.plural(state.fixed_k, 'step')} with {step}"


def _step_told(state: State) -> str:
    search, bound = state.search, draw.number(state.settings.bound)
    if search is None:
        zero = "There ∇f is exactly 0 in floating point, so the slides' test stops the walk."
        ends = state.k == len(state.exact.w) - 1 and state.exact.stopped == "zero gradient"
        return zero if ends else "The walk is over."
    if search.on_bound and state.no_argmin:
        return (
            "From here there is no argmin over α > 0: s(α) falls for ever towards 0 and never gets "
            "there. "
            f"So the search ends on its bound α_max = {bound}, with E = {draw.number(search.error)}."
        )
    if search.on_bound:
        return (
            f"s(α) still falls at the bound α_max = {bound}, so the step ends there, with s(αᵏ) = "
            f"{draw.number(search.error)}: the argmin over α > 0 lies further out, or there is none."
        )
    return f"The next step is αᵏ = {draw.number(search.alpha)}, found in (0, {bound}]; {_angle_told(state)}."


def _angle_told(state: State) -> str:
    """How orthogonal two successive gradients are; one that has vanished has no direction."""
    before, after = state.gradient, state.next_gradient
    if after is None or np.linalg.norm(after) <= 1e-13 * np.linalg.norm(before):
        if state.settings.function == POINTS:  # E has no minimum
            left = 0.0 if after is None else float(np.linalg.norm(after))
            return f"after this one step ‖∇E‖ is {draw.number(left)}, next to nothing"
        return "this one step reaches the minimum: ∇f(wᵏ⁺¹) = 0 up to rounding"
    one, other = before / np.linalg.norm(before), after / np.linalg.norm(after)
    angle = np.degrees(np.arccos(np.clip(one @ other, -1, 1)))
    return f"the gradients at wᵏ and wᵏ⁺¹ meet at an angle of {angle:.4f}°"
