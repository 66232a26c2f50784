"""How fast the error falls: fixed steps, exact search and Nesterov, against 1/√k, 1/k, 1/k² and qᵏ."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from lecture643.live.controls import choice, log_slider
from lecture643.live.view import LiveFigure, View
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats
from lecture643.maths.functions import Hill, Power
from lecture643.maths.methods import ExactLineSearch, Path, Problem
from lecture643.maths.speed import linear_factor, power_law
from lecture643.maths.toy import four_points
from lecture643.picture import draw

STEPS = 10_000
SEARCHES = 1000  # an exact search costs as much as some hundred steps, so there are fewer of them
SKETCH = {"fixed": 600, "nesterov": 600, "exact": 60}
LOWEST = 1e-13  # below this part of the first value rounding takes over
HIGHEST = 1e300
GAPS = {"error": "E(w^k) − E*", "gradient": "the smallest ‖∇E‖ so far"}
QUANTITIES = {
    "error": r"$(E(w^k)-E^*)\,/\,(E(w^0)-E^*)$",
    "gradient": r"$\min_{i\leq k}\,\|\nabla E(w^i)\|\,/\,\|\nabla E(w^0)\|$",
}
STRETCHED = ("quadratic", "power")  # by κ
POWER = 8
HILL = 0.25


@dataclass(frozen=True)
class Case:
    """A function to descend on: all start with a value of about 1 and inf = 0.

    alpha_max: the end of the exact search's bracket.
    """

    name: str
    problem: Problem
    start: tuple[float, float]
    alpha_max: float


@dataclass(frozen=True)
class Curve:
    """One method's values against k, as parts of the first one.

    last: the k up to which the measurement goes. speed: the slope on log-log axes over its last decade.
    factor: what a step multiplies by, over the same k. Both are None where the walk ended too soon.
    """

    k: NDArray[np.intp]
    share: Floats
    last: int
    speed: float | None
    factor: float | None
    path: Path


@dataclass(frozen=True)
class State:
    """The three methods on one function."""

    function: str
    gap: str
    case: Case
    rate: float
    kappa: float
    textbook: float  # ((κ − 1)/(κ + 1))²
    curves: dict[str, Curve]


class Rates(View[State]):
    """E(w^k) − E* against k, with E* = inf E, in axes that make straight lines of two kinds of speed.

    Slide: "Gradient Descent for our MLP Problem", its claims O(1/√k), O(1/k²) and linear convergence.
    Left, log-log: c/kˢ is a straight line of slope −s. Right, semi-log, the first 1000 steps: c·qᵏ
    (linear convergence) is a straight line. All is drawn as a part of its first value.

    function: "quadratic", strongly convex: ½(w₁²/κ + w₂²), from (1, 1/κ), the worst start for exact search;
        "power", convex, not strongly so: (w₁⁸/κ + w₂⁸)/56; "points": the four points' E from 0;
        "hill", not convex: (1 + ‖w‖²)^(−1/8)·4, which falls for ever.
    gap: "error", or "gradient" for the smallest gradient norm so far.
    rate: γ of the fixed step and of Nesterov's; 1 is 1/L for all but the four points.
    kappa: the condition number κ, also that of the geometric line ((κ−1)/(κ+1))²ᵏ.
    """

    size = (1000, 520)

    def __init__(
        self, function: str = "quadratic", gap: str = "error", rate: float = 1.0, kappa: float = 100.0
    ) -> None:
        self._path = lru_cache(maxsize=32)(self._path_anew)
        controls = {
            "function": choice(
                "function",
                [
                    ("quadratic", "quadratic"),
                    ("8th power", "power"),
                    ("four points", "points"),
                    ("hill", "hill"),
                ],
                function,
            ),
            "gap": choice("show", [("E − E*", "error"), ("smallest ‖∇E‖", "gradient")], gap),
            "rate": log_slider("learning rate γ", rate, -2, 1),
            "kappa": log_slider("condition number κ", kappa, 0, 4),
        }
        super().__init__(controls, rows=[["function", "gap"], ["rate", "kappa"]])

    def build(self, live: LiveFigure) -> None:
        self.powers = live.axes(0.115, 0.125, 0.37, 0.71, xscale="log", xlim=(1, STEPS))
        self.powers.set_title("log–log: $c/k^s$ is straight")
        self.powers.set_xlabel("step $k$", labelpad=1)
        self.steady = live.axes(0.6, 0.125, 0.37, 0.71, xlim=(0, STEPS / 10))
        self.steady.set_title("semi-log: $c\\,q^k$ is straight")
        self.steady.set_xlabel("step $k$", labelpad=1)
        for ax in (self.powers, self.steady):
            ax.set(yscale="log", ylim=(LOWEST / 10, 10), yticks=10.0 ** np.arange(-12, 1, 3))
            ax.grid(True, alpha=0.35, linewidth=0.8)
            self._references(ax)
        self.quantity = live.figure.text(0.005, 0.48, "", rotation=90, ha="left", va="center")
        self.lines = {
            (ax, method): draw.method_line(ax, method)
            for ax in (self.powers, self.steady)
            for method in draw.KINDS_OF_GD
        }
        self.geometric = [
            ax.plot([], [], linestyle=(0, (1, 1.6)), color=draw.INK)[0] for ax in (self.powers, self.steady)
        ]
        self.geometric[0].set_label(r"$\left(\frac{\kappa-1}{\kappa+1}\right)^{2k}$")
        live.figure.legend(
            handles=[*(self.lines[self.powers, m] for m in draw.KINDS_OF_GD), self.geometric[0]],
            loc="upper center",
            bbox_to_anchor=(0.53, 1.01),
            ncols=4,
            frameon=False,
            columnspacing=1.4,
        )
        live.moving(*self.geometric, *self.lines.values(), self.quantity)

    def _references(self, ax: Axes) -> None:
        """The slopes to compare with: they all start at 1, as the curves do."""
        k = np.geomspace(1, STEPS, 400)
        for power, name in ((0.5, r"$1/\sqrt{k}$"), (1, "$1/k$"), (2, "$1/k^2$")):
            ax.plot(k, k**-power, color=draw.FAINT, linewidth=1.1, zorder=1)
            x = STEPS**0.9 if ax is self.powers else 0.9 * STEPS / 10
            ax.annotate(
                name,
                (x, x**-power),
                xytext=(0, 4),
                textcoords="offset points",
                color=draw.FAINT,
                ha="center",
                va="bottom",
            )

    def compute(self, **values: Any) -> State:
        return self._state({"fixed": STEPS, "nesterov": STEPS, "exact": SEARCHES}, **values)

    def sketch(self, **values: Any) -> State:
        return self._state(SKETCH, **values)

    def _state(self, steps: dict[str, int], function: str, gap: str, rate: float, kappa: float) -> State:
        case = cases(kappa)[function]
        shape = kappa if function in STRETCHED else 1.0  # what does not matter is no reason to walk anew
        paths = {
            "fixed": self._path("fixed", function, shape, rate, steps["fixed"]),
            "exact": self._path("exact", function, shape, 1.0, steps["exact"]),
            "nesterov": self._path("nesterov", function, shape, rate, steps["nesterov"]),
        }
        curves = {method: _curve(case.problem, path, gap) for method, path in paths.items()}
        return State(function, gap, case, rate, kappa, ((kappa - 1) / (kappa + 1)) ** 2, curves)

    def _path_anew(self, method: str, function: str, kappa: float, rate: float, steps: int) -> Path:
        """One walk; kept, since many changes leave some of the three as they were."""
        case = cases(kappa)[function]
        if method == "exact":
            search = ExactLineSearch(case.alpha_max)
            return descent.gradient_descent(case.problem, case.start, rate=search, steps=steps)
        walk = descent.nesterov if method == "nesterov" else descent.gradient_descent
        return walk(case.problem, case.start, rate=rate, steps=steps)

    def draw(self, state: State) -> None:
        self.quantity.set_text(QUANTITIES[state.gap])
        for (_, method), line in self.lines.items():
            curve = state.curves[method]
            line.set_data(curve.k, np.clip(curve.share, LOWEST / 100, 100))
        k = SHOWN
        for line in self.geometric:
            line.set_visible(state.function == "quadratic")  # elsewhere there is no κ to compare with
            line.set_data(k, np.maximum(state.textbook**k, LOWEST / 100))

    def sentence(self, state: State) -> str:
        slopes = "; ".join(self._speed_told(state, method) for method in draw.KINDS_OF_GD)
        told = (
            f"{state.case.name}, γ = {draw.number(state.rate)}: the slope of {GAPS[state.gap]} on "
            f"log-log axes over the last decade of k is {slopes}."
        )
        factors = [(name, state.curves[m].factor) for m, name in (("fixed", "GD"), ("exact", "exact search"))]
        if state.function == "quadratic" and all(factor for _, factor in factors):
            each = " and ".join(f"{draw.number(factor or 0)} ({name})" for name, factor in factors)
            told += (
                f" A step multiplies it by {each}; the textbook's worst case for exact search is "
                f"((κ−1)/(κ+1))² = {draw.number(state.textbook)} for E."
            )
        bound = sum(search.on_bound for search in state.curves["exact"].path.line_searches)
        if bound:
            told += (
                f" The exact search ended on its bound α_max = {draw.number(state.case.alpha_max)} "
                f"in {bound} of {len(state.curves['exact'].path.rates)} steps."
            )
        return told

    def _speed_told(self, state: State, method: str) -> str:
        curve, name = state.curves[method], draw.KINDS_OF_GD[method].name
        if curve.path.diverged_at is not None:
            return f"none for {name}, which diverged at k = {curve.path.diverged_at}"
        if curve.speed is None:
            return f"none for {name}, which was there in {_steps(curve.last + 1)}"
        return f"{draw.number(curve.speed)} for {name} (up to k = {curve.last})"


def cases(kappa: float) -> dict[str, Case]:
    """The functions of the view, for a condition number κ."""
    return {
        "quadratic": Case(
            f"½(w₁²/κ + w₂²) with κ = {draw.number(kappa)}",
            descent.Quadratic(np.diag([1 / kappa, 1.0])),
            (1.0, 1 / kappa),
            100.0,
        ),
        "power": Case(
            f"(w₁⁸/κ + w₂⁸)/56 with κ = {draw.number(kappa)}",
            Power(POWER, (1 / kappa, 1.0)),
            (1.0, 1.0),
            1e6,
        ),
        "points": Case("The four points' E from w⁰ = 0", four_points(), (0.0, 0.0), 10.0),
        "hill": Case("4 (1 + ‖w‖²)^(−1/8)", Hill(HILL), (1.0, 1.0), 10.0),
    }


SHOWN = np.unique(np.concatenate([np.geomspace(1, STEPS, 300), np.linspace(1, STEPS / 10, 250)]).astype(int))


def _curve(problem: Problem, path: Path, gap: str) -> Curve:
    """What is drawn and measured of a path; the infimum is 0 for all functions of this view."""
    if gap == "error":
        values = path.error
    else:
        values = np.minimum.accumulate(np.linalg.norm(problem.gradient(path.w), axis=-1))
    with np.errstate(over="ignore"):
        share = np.minimum(values / values[0], HIGHEST)  # a walk that diverges
    shown = SHOWN[: np.searchsorted(SHOWN, len(share))]
    above = np.flatnonzero(share > LOWEST)
    last = int(above[-1])
    decade = above[above >= max(1, last // 10)]
    speed = factor = None
    if len(decade) > 5 and path.diverged_at is None:
        speed = power_law(decade, share[decade])
        factor = linear_factor(decade, share[decade])
    return Curve(shown, share[shown], last, speed, factor, path)


def _steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"
