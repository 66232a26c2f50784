"""How fast the error falls: fixed steps, exact search and Nesterov, against 1/√k, 1/k, 1/k² and qᵏ."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.text import Text
from numpy.typing import NDArray

from lecture643.live.controls import choice, log_slider
from lecture643.live.view import LiveFigure, View
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats
from lecture643.maths.functions import Hill, Power
from lecture643.maths.methods import ExactLineSearch, Path, Problem
from lecture643.maths.speed import FEWEST, Law, law
from lecture643.maths.toy import four_points
from lecture643.picture import draw

STEPS = 10_000
SEARCHES = 1000  # an exact search costs as much as some hundred steps, so there are fewer of them
SKETCH = {"fixed": 600, "nesterov": 600, "exact": 60}
LOWEST = 1e-13  # below this part of the first value nothing is drawn or measured
HIGHEST = 1e300
GAPS = {"error": "E(wᵏ) − E*", "gradient": "the smallest ‖∇E‖ so far"}
QUANTITIES = {
    "error": r"$(E(w^k)-E^*)\,/\,(E(w^0)-E^*)$",
    "gradient": r"$\min_{i\leq k}\,\|\nabla E(w^i)\|\,/\,\|\nabla E(w^0)\|$",
}
NAMES = {"fixed": "GD", "exact": "exact search", "nesterov": "Nesterov"}
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
    """One method's values, as parts of the first one.

    share: at the places k that are drawn. whole: at every k. last: the k up to which they can be measured.
    """

    k: NDArray[np.intp]
    share: Floats
    whole: Floats
    last: int
    path: Path

    @property
    def measurable(self) -> bool:
        """Not where it diverged or ended too soon, nor an exact search that only ever found its bound."""
        searches = self.path.line_searches
        only_bounds = bool(searches) and all(search.on_bound for search in searches)
        return self.path.diverged_at is None and self.last >= FEWEST and not only_bounds


@dataclass(frozen=True)
class State:
    """The three methods on one function, and the law that each follows over the same k, `begin` to `end`."""

    function: str
    gap: str
    case: Case
    rate: float
    kappa: float
    textbook: float  # ((κ − 1)/(κ + 1))²
    curves: dict[str, Curve]
    begin: int
    end: int
    laws: dict[str, Law]  # of those that can be measured


class Rates(View[State]):
    """E(w^k) − E* against k, with E* = inf E, in axes that make straight lines of two kinds of speed.

    Slide: "Gradient Descent for our MLP Problem", its claims O(1/√k), O(1/k²) and linear convergence.
    Left, log-log: c/kˢ is a straight line of slope −s. Right, semi-log, the first 1000 steps: c·qᵏ
    (linear convergence) is a straight line. All is drawn as a part of its first value. A law that fits is
    written into the picture in which it is straight; all methods are measured over the same k.

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
        wide = 2.3 * rcParams["lines.linewidth"]  # beads, on which exact search is the string
        self.geometric = [
            ax.plot(
                [], [], linestyle=(0, (0.01, 2.2)), dash_capstyle="round", color=draw.INK, linewidth=wide
            )[0]
            for ax in (self.powers, self.steady)
        ]
        legend: dict[str, Any] = {"loc": "upper center", "frameon": False, "columnspacing": 1.4}
        methods = [self.lines[self.powers, method] for method in draw.KINDS_OF_GD]
        live.figure.legend(handles=methods, bbox_to_anchor=(0.45, 1.01), ncols=3, **legend)
        self.textbook = live.figure.legend(
            [self.geometric[0]],
            [r"$\left(\frac{\kappa-1}{\kappa+1}\right)^{2k}$"],
            bbox_to_anchor=(0.86, 1.01),
            **legend,
        )
        live.moving(*self.geometric, *self.lines.values(), self.textbook, self.quantity)
        self.fits = {
            (kind, method): self._place_for_a_law(ax, method)
            for kind, ax in (("power", self.powers), ("factor", self.steady))
            for method in draw.KINDS_OF_GD
        }
        live.moving(*self.fits.values())

    @staticmethod
    def _place_for_a_law(ax: Axes, method: str) -> Text:
        """At the lower left, in the method's colour."""
        around = {"boxstyle": "square,pad=0.1", "facecolor": "white", "alpha": 0.8, "linewidth": 0}
        colour = draw.KINDS_OF_GD[method].colour
        place: dict[str, Any] = {"transform": ax.transAxes, "va": "bottom", "bbox": around}
        return ax.text(0.03, 0, "", color=colour, fontsize="small", **place)

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
        measured = {method: curve for method, curve in curves.items() if curve.measurable}
        end = min((curve.last for curve in measured.values()), default=0)
        k = np.arange(max(1, end // 10), end + 1)  # the same for all, so that they can be compared
        laws = {method: law(k, curve.whole[k], LOWEST / 100) for method, curve in measured.items()}
        textbook = ((kappa - 1) / (kappa + 1)) ** 2
        return State(function, gap, case, rate, kappa, textbook, curves, max(1, end // 10), end, laws)

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
        comparable = state.function == "quadratic" and state.gap == "error"
        for artist in (*self.geometric, self.textbook):
            artist.set_visible(comparable)
        for line in self.geometric:
            line.set_data(SHOWN, np.maximum(state.textbook**SHOWN, LOWEST / 100))
        self._write_laws(state)
        self.controls["kappa"].disabled = state.function not in STRETCHED

    def _write_laws(self, state: State) -> None:
        """Each law into the picture in which it is a straight line, from the bottom up."""
        for kind, sign in (("power", "∝ $k^{{{}}}$"), ("factor", "× {} each step")):
            row = 0
            for method in reversed(draw.KINDS_OF_GD):
                text, fit = self.fits[kind, method], state.laws.get(method)
                text.set_visible(fit is not None and fit.kind == kind)
                if fit is not None and fit.kind == kind:
                    text.set_text(f"{NAMES[method]} {sign.format(draw.number(fit.value))}")
                    text.set_y(0.03 + 0.085 * row)
                    row += 1

    def sentence(self, state: State) -> str:
        told = [f"{state.case.name}, γ = {draw.number(state.rate)}."]
        if state.laws:
            each = "; ".join(f"{_told(fit)} for {NAMES[method]}" for method, fit in state.laws.items())
            told.append(
                f"The law of {GAPS[state.gap]} from k = {state.begin} to k = {state.end}: {each}."
                f"{_how_well(state.laws)}"
            )
        told += [self._unmeasured_told(state, method) for method in state.curves if method not in state.laws]
        if state.function == "quadratic" and state.gap == "error" and "exact" in state.laws:
            told.append(
                "In the worst case, says the textbook, a step of exact search multiplies it by "
                f"((κ−1)/(κ+1))² = {draw.number(state.textbook)}."
            )
        return " ".join(told)

    @staticmethod
    def _unmeasured_told(state: State, method: str) -> str:
        curve, name = state.curves[method], draw.KINDS_OF_GD[method].name
        if curve.path.diverged_at is not None:
            return f"{name} diverged at k = {curve.path.diverged_at}."
        if curve.last < FEWEST:
            return f"{name} was there after {_steps(curve.last + 1)}."
        bound = draw.number(state.case.alpha_max)
        return (
            f"Each of the {len(curve.path.rates)} exact searches ended on the bound α_max = {bound}, "
            f"so this is GD with γ = {bound}."
        )


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
    last = int(np.flatnonzero(share > LOWEST)[-1])
    return Curve(shown, share[shown], share, last, path)


def _told(fit: Law) -> str:
    """A law in words."""
    if fit.kind == "factor":
        return f"times {draw.number(fit.value)} in each step"
    if fit.kind == "power":
        return f"like k^{draw.number(fit.value)}"
    return "none (neither a factor in each step nor a power of k)"


def _how_well(laws: dict[str, Law]) -> str:
    """The errors of all the laws that fit, in one bound: 0.1, 0.2, 0.5, 1 … per cent."""
    errors = [fit.error for fit in laws.values() if fit.kind != "none"]
    return (
        f" What fits, fits within {draw.number(draw.nice(max(100 * max(errors), 0.1)))} %." if errors else ""
    )


def _steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"
