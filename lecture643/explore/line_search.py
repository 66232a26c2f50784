"""Exact line search iterate by iterate, beside a fixed step."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lecture643.live.controls import choice, log_slider, slider, whole
from lecture643.live.view import LiveFigure, Pointer, View, player
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, finite_array, integer
from lecture643.maths.methods import ExactLineSearch, Path, Problem, Quadratic
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw

LIMIT = 6.0
LOWEST, HIGHEST = 1e-12, 60.0
QUADRATIC, POINTS = "quadratic", "E of the four points"


@dataclass(frozen=True)
class State:
    """The two walks and the slice at the iterate that is shown."""

    function: str
    condition: float
    exact: Path
    fixed: Path
    k: int  # of the exact walk
    fixed_k: int
    bound: float  # alpha_max
    rate: float  # the fixed step
    gradient: Floats  # ∇f(w^k)
    next_gradient: Floats | None  # ∇f(w^{k+1}); None after the last step
    no_argmin: bool  # f falls forever along −∇f(w^k), towards a value that it never takes
    slice: Floats  # (2, n): α, f(w^k − α∇f(w^k))


class LineSearch(View[State]):
    """Gradient descent with exact line search (slide "Gradient Descent Algorithm to solve (GEN-OPT)").

    Left: the iterates of exact search and of a fixed step from the same start; drag the start. Top right: the
    slice s(α) = f(w^k + αd^k), d^k = −∇f(w^k), the bracket (0, α_max] that is searched, and the α^k found.
    Below: f(w^k) against k. The quadratic is ½(w₁²/κ + w₂²) with the condition number κ.

    function: "quadratic" or "E of the four points". condition: κ. start: w⁰. bound: α_max.
    rate: the fixed step. steps: how many are taken. shown: the k whose slice is shown.
    """

    size = (1000, 510)

    def __init__(
        self,
        function: str = QUADRATIC,
        condition: float = 5.0,
        start: ArrayLike = (5, 1),
        bound: float = 1000.0,
        rate: float = 0.5,
        steps: int = 20,
        shown: int = 6,
    ) -> None:
        start_1, start_2 = finite_array("start", start, (2,))
        steps = integer("steps", steps, 1, 60)
        if not 1 <= condition < np.inf:
            raise ValueError(f"condition must be a finite number of at least 1, got {condition!r}")
        self.steps = steps
        self.points = four_points()
        self._walks = lru_cache(maxsize=16)(self._walks_anew)
        controls = {
            "function": choice("f", [QUADRATIC, POINTS], function),
            "condition": log_slider("condition number κ", condition, 0, 3),
            "start_1": slider("start, across", start_1, -LIMIT, LIMIT, 0.05),
            "start_2": slider("start, up", start_2, -LIMIT, LIMIT, 0.05),
            "bound": log_slider("bound α_max", bound, -1, 4),
            "rate": log_slider("fixed step γ", rate, -2, 2),
            "shown": whole("step k", min(integer("shown", shown, 0), steps), 0, steps),
        }
        super().__init__(
            controls,
            rows=[
                ["function", "condition"],
                ["start_1", "start_2", "bound"],
                ["rate", *player(controls["shown"]), "shown"],
            ],
            secondary=["start_1", "start_2", "rate"],
        )

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.weights = live.axes(0.05, 0.115, 0.4, 0.785)
        draw.weight_axes(self.weights, LIMIT, "drag the start")
        grid = np.linspace(-LIMIT, LIMIT, 161)
        draw.error_contour(self.weights, self.points.surface(grid, grid), LIMIT)
        self._build_ellipses()
        self._build_slice(live)
        self.errors = live.axes(0.58, 0.11, 0.4, 0.29)
        draw.error_axes(self.errors, "step $k$", LOWEST)
        self.errors.set(xlim=(-0.03 * self.steps, 1.03 * self.steps), ylim=(LOWEST, HIGHEST))
        self.errors.xaxis.set_major_locator(MaxNLocator(integer=True))
        self.errors.set_ylabel("$f(w^k)$", labelpad=2)

        looks = {name: draw.KINDS_OF_GD[name] for name in ("fixed", "exact")}
        self.lines, self.heads = {}, {}
        small = 0.55 * self.found.get_markersize()
        for name, look in looks.items():
            for at, ax in (("path", self.weights), ("error", self.errors)):
                style: dict[str, Any] = {"color": look.colour, "marker": look.marker, "markersize": small}
                (self.lines[at, name],) = ax.plot([], [], linestyle=look.dashes, **style)
                (self.heads[at, name],) = ax.plot([], [], look.marker, color=look.colour)
                self.heads[at, name].set_markeredgecolor("white")
        self.start = self.weights.plot([], [], "x", color=draw.INK, markeredgewidth=2.5)[0]
        self.arrow = draw.arrows(self.weights, [draw.INK])
        self.errors.legend(
            [self.lines["error", name] for name in ("exact", "fixed")], ["exact line search", "fixed step"],
            loc="lower center", bbox_to_anchor=(0.5, 0.98), ncols=2, frameon=False, handlelength=2.2,
        )  # fmt: skip
        live.moving(self.shading, self.ellipses, *self.lines.values(), self.start)
        live.moving(*self.heads.values(), self.arrow)

    def _build_ellipses(self) -> None:
        """The quadratic's own map, which lies over the four points' map and moves with κ."""
        grid = np.linspace(-LIMIT, LIMIT, 49)
        self.grid = np.stack(np.meshgrid(grid, grid), axis=-1)
        self.shading = self.weights.imshow(
            np.zeros((49, 49)), extent=(-LIMIT, LIMIT, -LIMIT, LIMIT), origin="lower",
            cmap=draw.ERROR_MAP, vmin=0, vmax=LIMIT**2, interpolation="bilinear",
        )  # fmt: skip
        (self.ellipses,) = self.weights.plot([], [], color="white", linewidth=0.8)

    def _build_slice(self, live: LiveFigure) -> None:
        """The slice in parts of its own scales, so that only the numbers at the ticks move."""
        self.along = live.axes(0.58, 0.6, 0.4, 0.3, xlim=(0, 1), ylim=(-0.12, 1.5), xticks=[], yticks=[])
        self.along.set_title(r"slice $s(\alpha)=f(w^k+\alpha d^k)$")
        look: dict[str, Any] = {"clip_on": False, "fontsize": "small"}
        self.heights = [self.along.text(-0.015, y, "", ha="right", va="center", **look) for y in (1.0, 0.0)]
        self.places = [self.along.text(1, -0.18, "", ha=ha, va="top", **look) for ha in ("center", "right")]
        self.along.text(0, -0.18, "0", ha="center", va="top", **look)
        (self.level,) = self.along.plot([0, 1], [1, 1], color=draw.FAINT, linewidth=1)
        (self.curve,) = self.along.plot([], [], color=draw.INK)
        exact = draw.KINDS_OF_GD["exact"]
        (self.drop,) = self.along.plot([], [], ":", color=exact.colour)
        (self.found,) = self.along.plot([], [], exact.marker, color=exact.colour, clip_on=False)
        self.found.set_markeredgecolor("white")
        bracket = ([0.985, 1, 1, 0.985], [-0.1, -0.1, 1.45, 1.45])  # the ] of (0, α_max]
        (self.bracket,) = self.along.plot(*bracket, color=draw.ALERT, linewidth=4, clip_on=False)
        live.moving(self.curve, self.drop, self.bracket, self.found, *self.heights, *self.places)

    def draw(self, state: State) -> None:
        quadratic = state.function == QUADRATIC
        self._name_axes(*("$w_1$", "$w_2$") if quadratic else ("$w_{11}^1$", "$w_{12}^1$"))
        self.controls["condition"].disabled = not quadratic  # the four points have no κ
        self.shading.set_visible(quadratic)
        self.ellipses.set_visible(quadratic)
        if quadratic:
            self.shading.set_data(_quadratic(state.condition).error(self.grid))
            self.ellipses.set_data(*_ellipses(state.condition))
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
        self._draw_slice(state)

    def _name_axes(self, across: str, up: str) -> None:
        if self.weights.get_xlabel() != across:
            self.weights.xaxis.label.set_text(across)
            self.weights.yaxis.label.set_text(up)
            self.live.still_changed()

    def _draw_slice(self, state: State) -> None:
        """Scaled so that s(0) is at 1 and s(α^k) at 0."""
        alpha, value = state.slice
        end = alpha[-1] or 1.0
        search = self._search(state)
        lowest = search.error if search else value.min()
        height = value[0] - lowest or 1.0
        self.curve.set_data(alpha / end, (value - lowest) / height)
        at = search.alpha / end if search else np.nan
        self.found.set_data([at], [0])
        self.drop.set_data([at, at], [-0.12, 1])
        bound_in_sight = state.bound <= end * (1 + 1e-9)
        self.bracket.set_visible(bound_in_sight)
        self.heights[0].set_text(draw.number(value[0]))
        self.heights[1].set_text(draw.number(lowest) if height != 1.0 or search else "")
        self.places[0].set_x(min(at, 0.6) if search else 0)  # clear of the number at the end
        self.places[0].set_visible(search is not None and at < 1)
        self.places[0].set_text(f"$\\alpha^k$ = {draw.number(search.alpha)}" if search else "")
        name = r"$\alpha_{\max}$ = " if bound_in_sight else ""
        self.places[1].set_text(f"{name}{draw.number(end)}")

    # --- the mathematics ------------------------------------------------------------------------

    def compute(
        self,
        function: str,
        condition: float,
        start_1: float,
        start_2: float,
        bound: float,
        rate: float,
        shown: int,
    ) -> State:
        f: Problem = _quadratic(condition) if function == QUADRATIC else self.points
        # κ does not matter for the four points, so that their walks are kept when it changes.
        shape = condition if function == QUADRATIC else 1.0
        exact, fixed = self._walks(function, shape, start_1, start_2, bound, rate)
        k, fixed_k = min(shown, len(exact.w) - 1), min(shown, len(fixed.w) - 1)
        w = exact.w[k]
        gradient = f.gradient(w)
        reach = bound
        if k < len(exact.line_searches) and not exact.line_searches[k].on_bound:
            reach = min(bound, draw.nice(1.8 * exact.line_searches[k].alpha))
        alpha = np.linspace(0, reach, 201)
        return State(
            function=function,
            condition=condition,
            exact=exact,
            fixed=fixed,
            k=k,
            fixed_k=fixed_k,
            bound=bound,
            rate=rate,
            gradient=gradient,
            next_gradient=f.gradient(exact.w[k + 1]) if k + 1 < len(exact.w) else None,
            no_argmin=function == POINTS and _separates(self.points, -gradient),
            slice=np.stack([alpha, f.error(w - alpha[:, np.newaxis] * gradient)]),
        )

    def _walks_anew(
        self, function: str, condition: float, start_1: float, start_2: float, bound: float, rate: float
    ) -> tuple[Path, Path]:
        f: Problem = _quadratic(condition) if function == QUADRATIC else self.points
        start = finite_array("start", (start_1, start_2))
        with np.errstate(over="ignore"):
            finite_array("f at the start", f.error(start))
        exact = descent.gradient_descent(f, start, rate=ExactLineSearch(bound), steps=self.steps)
        return exact, descent.gradient_descent(f, start, rate=rate, steps=self.steps)

    @staticmethod
    def _search(state: State) -> descent.LineSearch | None:
        return state.exact.line_searches[state.k] if state.k < len(state.exact.line_searches) else None

    # --- the words ------------------------------------------------------------------------------

    def sentence(self, state: State) -> str:
        name = f"½(w₁²/κ + w₂²) with κ = {draw.number(state.condition)}"
        on, f = (name, "f") if state.function == QUADRATIC else ("the four points", "E")
        error = draw.number(state.exact.error[state.k])
        return (
            f"On {on}, {f}(wᵏ) is {error} after {_steps(state.k)} of exact search and "
            f"{self._fixed_told(state)}. {self._step_told(state)}"
        )

    @staticmethod
    def _fixed_told(state: State) -> str:
        step = f"the fixed step γ = {draw.number(state.rate)}"
        if state.fixed.diverged_at is not None and state.fixed_k == len(state.fixed.w) - 1:
            return f"no number any more with {step}, which has diverged at k = {state.fixed.diverged_at}"
        return f"{draw.number(state.fixed.error[state.fixed_k])} after {_steps(state.fixed_k)} with {step}"

    def _step_told(self, state: State) -> str:
        search, bound = self._search(state), draw.number(state.bound)
        if search is None:
            zero = "There ∇f is exactly 0 in floating point, so the slides' test stops the walk."
            return zero if state.exact.stopped == "zero gradient" else "The walk is over."
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
        return (
            f"The next step is αᵏ = {draw.number(search.alpha)}, found in (0, {bound}]; "
            f"{self._angle_told(state)}."
        )

    @staticmethod
    def _angle_told(state: State) -> str:
        """How orthogonal two successive gradients are; one that has vanished has no direction."""
        before, after = state.gradient, state.next_gradient
        if after is None or np.linalg.norm(after) <= 1e-13 * np.linalg.norm(before):
            return "this one step reaches the minimum: ∇f(wᵏ⁺¹) = 0 up to rounding"
        one, other = before / np.linalg.norm(before), after / np.linalg.norm(after)
        angle = np.degrees(np.arccos(np.clip(one @ other, -1, 1)))
        return f"the gradients at wᵏ and wᵏ⁺¹ meet at an angle of {angle:.4f}°"

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"start_1": pointer.x, "start_2": pointer.y} if pointer.axes is self.weights else {}


def _quadratic(condition: float) -> Quadratic:
    return Quadratic(np.diag([1 / condition, 1.0]))


def _ellipses(condition: float) -> Floats:
    """Eight level lines of the quadratic in one, with gaps: (2, n)."""
    turn = np.append(np.linspace(0, 2 * np.pi, 91), np.nan)
    heights = 0.5 * LIMIT**2 * (np.arange(1, 9) / 6) ** 2  # even steps along the w₂ axis
    half_axes = np.sqrt(2 * heights)[:, np.newaxis] * np.array([np.sqrt(condition), 1.0])
    return np.stack([(half_axes[:, :1] * np.cos(turn)).ravel(), (half_axes[:, 1:] * np.sin(turn)).ravel()])


def _separates(problem: SigmoidNeuron, direction: Floats) -> bool:
    """Whether every point is right far out in this direction, where E falls to 0 and never takes it (F1)."""
    return bool(((problem.x @ direction) * (problem.y - 0.5) > 0).all())


def _steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"
