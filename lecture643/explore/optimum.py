"""Local and global optima of a function of one variable on an interval that can be cut."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from lecture643.live import Pair, Pointer, Settings, View, choice, number, point
from lecture643.maths.checks import Floats
from lecture643.maths.functions import Polynomial
from lecture643.maths.optima import SAME, OnInterval, Trial
from lecture643.picture import draw
from lecture643.picture.facts import Facts
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

LIMIT = 3.0
MARGIN = 0.12  # beyond ±LIMIT, so that a handle at an end can be gripped on both sides
STEP = 0.05  # of the sliders
TOP, BOTTOM = 2.6, -1.8  # of the curve
STRIP = 0.48  # the height of a strip below it
AROUND, FEASIBLE = BOTTOM - 0.46, BOTTOM - 1.16  # the middles of the strips: N(z, ε) and C
FUNCTIONS = {
    "several valleys": Polynomial((-2.6, -1.6, -0.2, 1.2, 2.5), scale=0.2),
    "two equal valleys": Polynomial((-2, 0, 2), scale=0.3),
    "flat inflection": Polynomial((-1, -1, 1.5), scale=0.2),
    "hill": Polynomial((0,), scale=-0.3, offset=1.5),
}
FACTS = ("$z$", "$f(z)$", r"$\nabla f(z)$", r"$z\in\mathcal{C}$", "local", "global", "$f^*$", "$S^*$")


@dataclass(frozen=True)
class OptimumSettings(Settings):
    """What the view can be set to."""

    function: str = choice(
        "f",
        "several valleys",
        list(FUNCTIONS),
        meaning='"several valleys", "two equal valleys", "flat inflection" or "hill"',
    )
    z: float = number("z", -0.2, -LIMIT, LIMIT, STEP, meaning="the point")
    epsilon: float = number("ε", 0.8, STEP, 2 * LIMIT, STEP, meaning="ε")
    feasible: Pair = point(
        ("one end of C", "other end of C"),
        (-LIMIT, LIMIT),
        LIMIT,
        step=STEP,
        secondary=True,
        meaning="the two ends of C",
    )


class Optimum(View[OptimumSettings, Trial]):
    """min f(x) over x ∈ C: the local and the global optima (slide "General Optimization Problem").

    Drag z along the curve, ε in the strip N(z, ε), and either end of C in its strip. z passes with this ε
    when f is nowhere lower in N(z, ε) = {u ∈ C : |z − u| ≤ ε}, and is a local optimum when it passes with
    some ε.
    Stars: S*. Circles: the other places that pass with this ε. Red: where f is lower than f(z) within ε.
    """

    panels = Mosaic(
        "curve facts",
        size=(1000, 540),
        widths=(68, 32),
        bare=["facts"],
        rooms={"curve": (3.2, 4, 2.8, 2.0)},
    )

    def build(self, live: LiveFigure) -> None:
        self.across = np.linspace(-LIMIT, LIMIT, 481)
        wide = (-LIMIT - MARGIN, LIMIT + MARGIN)
        curve = live.axes("curve", xlim=wide, ylim=(FEASIBLE - STRIP / 2, TOP), yticks=[-1, 0, 1, 2])
        curve.set_title(r"drag $z$, $\epsilon$ and the ends of $\mathcal{C}$")
        curve.set_ylabel("$f(x)$", rotation=0, ha="right", va="bottom")
        curve.yaxis.set_label_coords(-0.015, 1.0)
        curve.set_xlabel("$x$", labelpad=1)
        curve.spines["left"].set_bounds(BOTTOM, TOP)
        curve.spines["bottom"].set_visible(False)
        curve.axhline(BOTTOM, color=draw.INK, linewidth=0.8)
        self.around_bar = _strip(curve, AROUND, r"$N(z,\epsilon)$")
        self.feasible_bar = _strip(curve, FEASIBLE, r"$\mathcal{C}$")

        plot, line = curve.plot, live.style.line
        self.neighbours = Rectangle((0, BOTTOM), 0, TOP - BOTTOM, color=draw.INK, alpha=0.08, linewidth=0)
        curve.add_patch(self.neighbours)
        (self.whole,) = plot([], [], color=draw.FAINT, linestyle=":")
        (self.line,) = plot([], [], color=draw.INK)
        (self.level,) = plot([], [], color=draw.FAINT, linewidth=1)
        (self.lower,) = plot([], [], color=draw.ALERT, linewidth=2.2 * line)
        (self.tangent,) = plot([], [], color=draw.DIRECTION.colour, linestyle="--")
        mark: dict[str, Any] = {"color": draw.OPTIMUM.colour, "markeredgecolor": draw.INK, "zorder": 5}
        size = live.style.marker
        (self.passing,) = plot([], [], "o", linestyle="", markersize=1.5 * size, **mark)
        (self.best,) = plot([], [], draw.OPTIMUM.marker, linestyle="", markersize=2.4 * size, **mark)
        self.here = draw.current_weights(curve)
        live.moving(self.around_bar, self.feasible_bar, self.neighbours, self.whole, self.line)
        live.moving(self.level, self.lower, self.tangent, self.passing, self.best, self.here)

        facts = live.axes("facts")
        self.facts = Facts(facts, FACTS, rows=13)
        facts.legend(
            [self.best, self.passing, self.lower, self.tangent],
            ["$S^*$, global", r"passes with this $\epsilon$", "lower than $f(z)$", r"slope $\nabla f(z)$"],
            loc="lower left",
            frameon=False,
            handlelength=1.6,
        )
        live.moving(*self.facts.cells)

    def draw(self, state: Trial) -> None:
        f, x, (left, right) = state.on.value, self.across, state.near
        inside = np.union1d(x[(x > state.on.low) & (x < state.on.high)], (state.on.low, state.on.high))
        self.whole.set_data(x, f(x))
        self.line.set_data(inside, f(inside))
        near = np.union1d(x[(x > left) & (x < right)], (left, right))
        height = f(near)
        self.lower.set_data(near, np.where(height < state.value - SAME, height, np.nan))
        for artist in (self.lower, self.neighbours, self.around_bar):
            artist.set_visible(state.feasible)
        self.neighbours.set(x=left, width=right - left)
        self.level.set_data((-LIMIT - MARGIN, LIMIT + MARGIN), [state.value] * 2)
        ends = np.array([-0.7, 0.7]) / np.hypot(1, state.slope)
        self.tangent.set_data(state.z + ends, state.value + state.slope * ends)
        only_local = np.setdiff1d(state.passing, state.best)
        self.passing.set_data(only_local, f(only_local))
        self.best.set_data(state.best, f(state.best))
        self.here.set_data([state.z], [state.value])
        self.here.set_markerfacecolor(draw.CURRENT.colour if state.feasible else "white")
        self.here.set_markeredgecolor("white" if state.feasible else draw.CURRENT.colour)
        self.around_bar.set_data([left, right], [AROUND] * 2)
        self.feasible_bar.set_data([state.on.low, state.on.high], [FEASIBLE] * 2)
        self.facts.write(self._facts(state))

    def _facts(self, state: Trial) -> list[str]:
        where = "no" if not state.feasible else "yes, on the edge" if state.on_edge else "yes, inside"
        local = "no" if not state.feasible or state.reach == 0 else "yes"
        if state.feasible and state.reach == np.inf:
            local = "yes, for every ε"
        elif _found(state):
            local = f"yes, for ε ≤ {draw.number(state.reach)}"
        return [
            draw.number(state.z),
            draw.number(state.value),
            draw.number(state.slope),
            where,
            local,
            "yes" if state.z in state.best else "no",
            draw.number(state.on.least),
            _set(state.best),
        ]

    def compute(self, settings: OptimumSettings) -> Trial:
        on = OnInterval(FUNCTIONS[settings.function], *sorted(settings.feasible))
        return on.trial(settings.z, settings.epsilon)

    def sentence(self, state: Trial) -> str:
        where = f"C = [{draw.number(state.on.low)}, {draw.number(state.on.high)}]"
        found = (
            f"Over {where} the least value is f* = {draw.number(state.on.least)}, "
            f"S* = {_set(state.best)}. With this ε {_passing_told(state.passing)}."
        )
        if not state.feasible:
            outside = f"z = {draw.number(state.z)} lies outside {where}"
            return f"{outside}, so it is no solution, however low f is there. {found}"
        return f"{self._verdict(state)}; {self._gradient_told(state)}. {found}"

    def _verdict(self, state: Trial) -> str:
        z, epsilon = f"z = {draw.number(state.z)}", f"ε = {draw.number(state.epsilon)}"
        if state.z in state.best:
            return f"{z} is a global optimum: no u in C is lower, so it passes with every ε"
        # The largest ε is asked for in the notebook, so it is told to those only who have found it.
        largest = (
            f"; the largest ε with which it passes is {draw.number(state.reach)}" if _found(state) else ""
        )
        if state.lower is None:
            return (
                f"{z} passes with {epsilon}, since no u in N(z, ε) is lower. So it is a local optimum, "
                f"and not a global one{largest}"
            )
        fails = f"{z} fails with {epsilon}, since u = {draw.number(state.lower)} in N(z, ε) is lower"
        if state.reach > 0:
            return f"{fails}. Yet it is a local optimum, as it passes with a smaller ε{largest}"
        return f"{fails}. However small ε is, some u is lower, so z is no local optimum"

    def _gradient_told(self, state: Trial) -> str:
        told = f"∇f(z) = {draw.number(state.slope)}"
        if state.slope == 0 and state.reach == 0:
            kind = "f is lower on both sides" if state.falls_on == 2 else "f is lower on one side"
            return f"{told} all the same: {kind}"
        if state.slope != 0 and state.reach > 0:
            return f"{told}, which need not be 0 on the edge of C"
        return told

    def handles(self) -> list[tuple[str, Pair]]:
        """z, ε on the side where it has room, and both ends of C."""
        low, high = self.settings.feasible
        rim = min(self.settings.z + self.settings.epsilon, LIMIT)
        at = (self.settings.z, self.state.value), (rim, AROUND), (low, FEASIBLE), (high, FEASIBLE)
        return [("curve", each) for each in at]

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """z follows on the curve, ε and the nearer end of C in their strips."""
        if pointer.panel != "curve":
            return {}
        low, high = self.settings.feasible
        if pointer.begins:
            strip = "z" if pointer.y > BOTTOM else "ε" if pointer.y > (AROUND + FEASIBLE) / 2 else ""
            self.held = strip or ("low" if abs(low - pointer.x) <= abs(high - pointer.x) else "high")
        if self.held == "z":
            return {"z": pointer.x}
        if self.held == "ε":
            return {"epsilon": abs(pointer.x - self.settings.z)}
        return {"feasible": (pointer.x, high) if self.held == "low" else (low, pointer.x)}


def _strip(curve: Axes, middle: float, name: str) -> Line2D:
    """A thin strip below the curve, with a bar that shows an interval."""
    curve.axhspan(middle - STRIP / 2, middle + STRIP / 2, color="#eef0f3", linewidth=0)
    curve.text(1.012, middle, name, transform=curve.get_yaxis_transform(), va="center", clip_on=False)
    low, high = curve.get_ylim()
    height = STRIP / (high - low) * curve.bbox.height * 72 / 100  # in points
    bar: dict[str, Any] = {"marker": "|", "linewidth": 5, "markeredgewidth": 3, "markersize": 0.75 * height}
    return curve.plot([], [], color=draw.INK, solid_capstyle="butt", **bar)[0]


def _found(state: Trial) -> bool:
    """Whether ε is the largest with which z passes, as nearly as the slider can be set."""
    return 0 < state.reach < np.inf and abs(state.epsilon - state.reach) <= STEP


def _passing_told(places: Floats) -> str:
    return f"only {draw.number(places[0])} passes" if len(places) == 1 else f"{_set(places)} pass"


def _set(places: Floats) -> str:
    return "{" + ", ".join(draw.number(p) for p in places) + "}"
