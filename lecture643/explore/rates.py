"""How fast the error falls: fixed steps, exact search and Nesterov, against 1/√k, 1/k, 1/k² and qᵏ."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text

from lecture643.live import Settings, View, choice, log, whole
from lecture643.maths.convergence import LONGEST, LOWEST, STEPS, STRETCHED, Case, Curve, cases, walk
from lecture643.maths.methods import Walk
from lecture643.maths.speed import FEWEST, Law, law
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

SHOWN = np.unique(np.concatenate([np.geomspace(1, STEPS, 300), np.linspace(1, STEPS / 10, 250)]).astype(int))
FIRST, SLICE = 0.002, 0.006  # seconds of walking to the first picture, and between two
GAPS = {"error": "E(wᵏ) − E*", "gradient": "the smallest ‖∇E‖ so far"}
QUANTITIES = {
    "error": r"$(E(w^k)-E^*)\,/\,(E(w^0)-E^*)$",
    "gradient": r"$\min_{i\leq k}\,\|\nabla E(w^i)\|\,/\,\|\nabla E(w^0)\|$",
}
NAMES = {"fixed": "GD", "exact": "exact search", "nesterov": "Nesterov"}
METHODS = {
    "gd": ("fixed",),
    "exact": ("fixed", "exact"),
    "nesterov": ("fixed", "nesterov"),
    "all": ("fixed", "exact", "nesterov"),
}
LEFT = 1e-6  # it is told when no more than this part of the first value is left


@dataclass(frozen=True)
class RatesSettings(Settings):
    """What the comparison can be set to."""

    function: str = choice(
        "function",
        "quadratic",
        {"quadratic": "quadratic", "8th power": "power", "four points": "points", "hill": "hill"},
        meaning='"quadratic", "power", "points" or "hill"',
    )
    gap: str = choice(
        "show",
        "error",
        {"E − E*": "error", "smallest ‖∇E‖": "gradient"},
        meaning='"error", or "gradient" for the smallest gradient norm so far',
    )
    rate: float = log(
        "learning rate γ",
        1.0,
        1e-2,
        10,
        extra=(1.8, 1.9, 1.98),
        meaning="γ of the fixed step and of Nesterov's; 1 is 1/L for all but the four points",
    )
    kappa: float = log(
        "condition number κ",
        100.0,
        1,
        1e4,
        applies=lambda s: s.function in STRETCHED,
        meaning="the condition number κ, also that of the geometric line ((κ−1)/(κ+1))²ᵏ",
    )
    methods: str = choice(
        "methods",
        "all",
        {"GD": "gd", "GD, exact search": "exact", "GD, Nesterov": "nesterov", "all three": "all"},
        secondary=True,
        meaning='"gd" for the fixed step alone, "exact" or "nesterov" for one beside it, or "all"',
    )
    steps: int = whole("steps K", STEPS, 10, STEPS, log=True, secondary=True, meaning="how far the walks go")


@dataclass(frozen=True)
class State:
    """The methods on one function, and the law that each follows over the same k, `begin` to `end`."""

    settings: RatesSettings
    case: Case
    curves: dict[str, Curve]
    begin: int
    end: int
    laws: dict[str, Law]  # of those that can be measured

    @property
    def unfinished(self) -> bool:
        """Whether more of the walks is to come."""
        return any(curve.on_way for curve in self.curves.values())

    @property
    def comparable(self) -> bool:
        """Whether the textbook's factor speaks of what is shown."""
        quadratic = self.settings.function == "quadratic" and self.settings.gap == "error"
        return quadratic and "exact" in self.curves

    @property
    def textbook(self) -> float:
        """((κ − 1)/(κ + 1))²."""
        return ((self.settings.kappa - 1) / (self.settings.kappa + 1)) ** 2


class Rates(View[RatesSettings, State]):
    """E(w^k) − E* against k, with E* = inf E, in axes that make straight lines of two kinds of speed.

    Slide: "Gradient Descent for our MLP Problem", its claims O(1/√k), O(1/k²) and linear convergence.
    Left, log-log: c/kˢ is a straight line of slope −s. Right, semi-log, the first 1000 steps: c·qᵏ
    (linear convergence) is a straight line. All is drawn as a part of its first value, for the methods that
    are asked for, up to step K. A law that fits is written into the picture in which it is straight; all
    methods are measured over the same k.

    The functions: "quadratic", strongly convex: ½(w₁²/κ + w₂²), from (1, 1/κ), the worst start for exact
    search; "power", convex, not strongly so: (w₁⁸/κ + w₂⁸)/56; "points": the four points' E from 0;
    "hill", not convex: (1 + ‖w‖²)^(−1/8)·4, which falls for ever.
    """

    panels = Mosaic(
        "powers steady",
        (1000, 520),
        rooms={"powers": (5.6, 1, 2.8, 4.2), "steady": (4.2, 1.5, 2.8, 4.2)},
    )

    def build(self, live: LiveFigure) -> None:
        self.powers = live.axes("powers", xscale="log", xlim=(1, STEPS), title="log–log: $c/k^s$ is straight")
        self.steady = live.axes("steady", xlim=(0, STEPS / 10), title="semi-log: $c\\,q^k$ is straight")
        for ax in (both := (self.powers, self.steady)):
            ax.set(yscale="log", ylim=(LOWEST / 10, 10), yticks=10.0 ** np.arange(-15, 1, 3))
            ax.set_xlabel("step $k$", labelpad=1)
            ax.grid(True, alpha=0.35, linewidth=0.8)
            self._references(ax)
        beside: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "rotation": 90}
        left = -5.5 * live.style.font, 0
        self.quantity = self.powers.annotate("", (0, 0.5), xytext=left, va="center", **beside)
        self.lines = {(ax, method): draw.method_line(ax, method) for ax in both for method in NAMES}
        wide = 2.3 * rcParams["lines.linewidth"]  # beads, on which exact search is the string
        beads: dict[str, Any] = {"linestyle": (0, (0.01, 2.2)), "dash_capstyle": "round", "linewidth": wide}
        self.geometric = [ax.plot([], [], color=draw.INK, **beads)[0] for ax in both]
        name = r"$\left(\frac{\kappa-1}{\kappa+1}\right)^{2k}$"
        self.textbook = _legend(self.steady, [self.geometric[0]], [name])
        self.named = ""
        self.fits = {
            (kind, method): self._place_for_a_law(ax, method)
            for kind, ax in (("power", self.powers), ("factor", self.steady))
            for method in NAMES
        }
        live.moving(*self.geometric, *self.lines.values(), self.textbook, self.quantity, *self.fits.values())

    def _name_methods(self, methods: str) -> None:
        """The legend of those that are shown."""
        if self.named != methods:
            self.named = methods
            lines = [self.lines[self.powers, method] for method in METHODS[methods]]
            _legend(self.powers, lines, [draw.KINDS_OF_GD[method].name for method in METHODS[methods]])
            self.live.still_changed()

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
        above: dict[str, Any] = {"xytext": (0, 4), "textcoords": "offset points", "va": "bottom"}
        for power, name in ((0.5, r"$1/\sqrt{k}$"), (1, "$1/k$"), (2, "$1/k^2$")):
            ax.plot(k, k**-power, color=draw.FAINT, linewidth=1.1, zorder=1)
            x = STEPS**0.9 if ax is self.powers else 0.9 * STEPS / 10
            ax.annotate(name, (x, x**-power), ha="center", color=draw.FAINT, **above)

    def states(self, settings: RatesSettings) -> Iterator[State]:
        """All walk on in turn, a slice at a time."""
        s, methods = settings, METHODS[settings.methods]
        walks = {method: walk(method, s.function, s.kappa, s.rate) for method in methods}
        for seconds in chain([FIRST], repeat(SLICE)):
            on_way = [method for method in methods if not walks[method].is_over(_length(method, s))]
            for method in on_way:
                walks[method].reach(_length(method, s), self.at_most(seconds / len(on_way)))
            state = _state(settings, walks)
            yield state
            if not state.unfinished:
                return

    def draw(self, state: State) -> None:
        self.quantity.set_text(QUANTITIES[state.settings.gap])
        self._name_methods(state.settings.methods)
        for (_, method), line in self.lines.items():
            line.set_visible(method in state.curves)
            if curve := state.curves.get(method):
                last = len(curve.share) - 1
                k = np.append(SHOWN[: np.searchsorted(SHOWN, last)], last)
                line.set_data(k, np.clip(curve.share[k], LOWEST / 100, 100))
        for artist in (*self.geometric, self.textbook):
            artist.set_visible(state.comparable)
        for line in self.geometric:
            line.set_data(SHOWN, np.maximum(state.textbook**SHOWN, LOWEST / 100))
        self._write_laws(state)

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
        told = [f"{state.case.name}, γ = {draw.number(state.settings.rate)}."]
        if state.laws:
            each = "; ".join(f"{_told(fit)} for {NAMES[method]}" for method, fit in state.laws.items())
            told.append(
                f"The law of {GAPS[state.settings.gap]} from k = {state.begin} to k = {state.end}: {each}."
                f"{_how_well(state.laws)}"
            )
        told += [_unmeasured_told(state, method) for method in state.curves if method not in state.laws]
        told += _left_told(state)
        if state.comparable and "exact" in state.laws:
            told.append(
                "In the worst case, says the textbook, a step of exact search multiplies E − E* by "
                f"((κ−1)/(κ+1))² = {draw.number(state.textbook)}."
            )
        return " ".join(told)


def _length(method: str, settings: RatesSettings) -> int:
    """So many steps the method takes."""
    return min(LONGEST[method], settings.steps)


def _legend(ax: Axes, handles: list[Line2D], names: list[str]) -> Legend:
    """In one row above the title."""
    place: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "borderaxespad": 2}
    look: dict[str, Any] = {"frameon": False, "columnspacing": 1.2, "handlelength": 2.2}
    return ax.legend(handles, names, ncols=len(names), **place, **look)


def _state(s: RatesSettings, walks: dict[str, Walk]) -> State:
    case = cases(s.kappa)[s.function]
    curves = {
        method: Curve.of(case.problem, walk, s.gap, _length(method, s)) for method, walk in walks.items()
    }
    measured = {method: curve for method, curve in curves.items() if curve.measurable}
    end = min((curve.last for curve in measured.values()), default=0)
    begin = max(1, end // 10)
    k = np.arange(begin, end + 1)  # the same for all, so that they can be compared
    laws = {method: law(k, curve.share[k], LOWEST / 100) for method, curve in measured.items()}
    return State(s, case, curves, begin, end, laws)


# --- in words -----------------------------------------------------------------------------------


def _unmeasured_told(state: State, method: str) -> str:
    curve, name = state.curves[method], draw.KINDS_OF_GD[method].name
    if curve.on_way:
        return f"{name} is on its way."
    if curve.path.diverged_at is not None:
        return f"{name} diverged at k = {curve.path.diverged_at}."
    if curve.last < FEWEST:
        return f"{name} was there after {draw.plural(curve.last + 1, 'step')}."
    bound = draw.number(state.case.alpha_max)
    return (
        f"Each of the {len(curve.path.rates)} exact searches ended on the bound α_max = {bound}, "
        f"so this is GD with γ = {bound}."
    )


def _left_told(state: State) -> list[str]:
    """After how many steps next to nothing is left."""
    first = {method: curve.first_below(LEFT) for method, curve in state.curves.items()}
    each = [f"{k} of {NAMES[method]}" for method, k in first.items() if k is not None]
    return [f"Steps until a millionth of the first value is left: {', '.join(each)}."] if each else []


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
