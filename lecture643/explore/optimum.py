"""Local and global optima of a function of one variable on an interval that can be cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from lecture643.live.controls import choice, slider
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths.checks import Floats, finite_array, positive
from lecture643.maths.functions import Polynomial
from lecture643.picture import draw

LIMIT = 3.0
MARGIN = 0.12  # beyond ±LIMIT, so that a handle at an end can be gripped on both sides
STEP = 0.05  # of the sliders
TOP, BOTTOM = 2.6, -1.8
FUNCTIONS = {
    "several valleys": Polynomial((-2.6, -1.6, -0.2, 1.2, 2.5), scale=0.2),
    "two equal valleys": Polynomial((-2, 0, 2), scale=0.3),
    "flat inflection": Polynomial((-1, -1, 1.5), scale=0.2),
    "hill": Polynomial((0,), scale=-0.3, offset=1.5),
}
DUST = 1e-7  # a slider's stops miss −0.2 by rounding; what is nearer than this counts as there
SAME = 1e-14  # values of f that differ by less are the same


@dataclass(frozen=True)
class State:
    """z and ε, and what is optimal: all places are x values."""

    function: str
    z: float
    epsilon: float
    low: float
    high: float
    value: float  # f(z)
    slope: float  # ∇f(z)
    lower: float | None  # the lowest place of N(z, ε), where it is lower than z
    reach: float  # z passes the test for every ε up to this; 0 for none, inf for all
    falls_on: int  # to how many sides f falls from z at once
    passing: Floats  # all places that pass the test with this ε
    best: Floats  # S*
    optimal_value: float  # f*

    @property
    def feasible(self) -> bool:
        """Whether z ∈ C."""
        return self.low <= self.z <= self.high

    @property
    def on_edge(self) -> bool:
        """Whether z is an end of C."""
        return self.z in (self.low, self.high)

    @property
    def found(self) -> bool:
        """Whether ε is the largest with which z passes, as nearly as the slider can be set."""
        return 0 < self.reach < np.inf and abs(self.epsilon - self.reach) <= STEP


class Optimum(View[State]):
    """min f(x) over x ∈ C: the local and the global optima (slide "General Optimization Problem").

    Drag z along the curve, ε in the strip N(z, ε), and either end of C in its strip. z passes with this ε
    when f is nowhere lower in N(z, ε) = {u ∈ C : |z − u| ≤ ε}, and is a local optimum when it passes with
    some ε.
    Stars: S*. Circles: the other places that pass with this ε. Red: where f is lower than f(z) within ε.

    function: "several valleys", "two equal valleys", "flat inflection" or "hill".
    z: the point. epsilon: ε. feasible: the two ends of C.
    """

    size = (1000, 540)

    def __init__(
        self,
        function: str = "several valleys",
        z: float = -0.2,
        epsilon: float = 0.8,
        feasible: Sequence[float] = (-3, 3),
    ) -> None:
        low, high = finite_array("feasible", feasible, (2,))
        finite_array("z", z)
        positive("epsilon", epsilon)
        self._moved = "z"
        controls = {
            "function": choice("f", list(FUNCTIONS), function),
            "z": slider("z", z, -LIMIT, LIMIT, STEP),
            "epsilon": slider("ε", epsilon, STEP, 6, STEP),
            "low": slider("one end of C", low, -LIMIT, LIMIT, STEP),
            "high": slider("other end of C", high, -LIMIT, LIMIT, STEP),
        }
        rows = [["function"], ["z", "epsilon"], ["low", "high"]]
        super().__init__(controls, rows, secondary=["low", "high"])

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.across = np.linspace(-LIMIT, LIMIT, 481)
        wide = (-LIMIT - MARGIN, LIMIT + MARGIN)
        self.curve = live.axes(0.06, 0.33, 0.55, 0.6, xlim=wide, ylim=(BOTTOM, TOP))
        self.curve.set_title(r"drag $z$, $\epsilon$ and the ends of $\mathcal{C}$")
        self.curve.set_ylabel("$f(x)$", rotation=0, ha="right", va="bottom")
        self.curve.yaxis.set_label_coords(-0.015, 1.0)
        self.curve.tick_params(labelbottom=False)
        self.around, self.around_bar = self._strip(live, 0.235, r"$N(z,\epsilon)$")
        self.feasible, self.feasible_bar = self._strip(live, 0.135, r"$\mathcal{C}$")
        self.feasible.tick_params(labelbottom=True, bottom=True)
        self.feasible.set_xlabel("$x$", labelpad=1)

        plot = self.curve.plot
        self.neighbours = Rectangle((0, BOTTOM), 0, TOP - BOTTOM, color=draw.INK, alpha=0.08, linewidth=0)
        self.curve.add_patch(self.neighbours)
        (self.whole,) = plot([], [], color=draw.FAINT, linestyle=":")
        (self.line,) = plot([], [], color=draw.INK)
        (self.level,) = plot([], [], color=draw.FAINT, linewidth=1)
        (self.lower,) = plot([], [], color=draw.ALERT, linewidth=2.2 * self.line.get_linewidth())
        (self.tangent,) = plot([], [], color=draw.DIRECTION.colour, linestyle="--")
        mark: dict[str, Any] = {"color": draw.OPTIMUM.colour, "markeredgecolor": draw.INK, "zorder": 5}
        size = self.line.get_markersize()
        (self.passing,) = plot([], [], "o", linestyle="", markersize=1.5 * size, **mark)
        (self.best,) = plot([], [], draw.OPTIMUM.marker, linestyle="", markersize=2.4 * size, **mark)
        self.here = draw.current_weights(self.curve)
        live.moving(self.around_bar, self.feasible_bar, self.neighbours, self.whole, self.line)
        live.moving(self.level, self.lower, self.tangent, self.passing, self.best, self.here)
        self._build_table(live)

    def _strip(self, live: LiveFigure, bottom: float, name: str) -> tuple[Any, Any]:
        """A thin axes below the curve, with a bar that shows an interval."""
        ax = live.axes(0.06, bottom, 0.55, 0.065, xlim=self.curve.get_xlim(), ylim=(0, 1), yticks=[])
        ax.set_facecolor("#eef0f3")
        ax.tick_params(labelbottom=False, bottom=False)
        ax.spines[:].set_visible(False)
        ax.text(1.012, 0.5, name, transform=ax.transAxes, va="center", ha="left", clip_on=False)
        (bar,) = ax.plot([], [], color=draw.INK, marker="|", linewidth=5, solid_capstyle="butt")
        bar.set(markeredgewidth=3, markersize=0.036 * self.size[1])
        return ax, bar

    def _build_table(self, live: LiveFigure) -> None:
        table = live.axes(0.69, 0.03, 0.3, 0.94, xlim=(0, 1), ylim=(0, 1))
        table.axis("off")
        names = ("$z$", "$f(z)$", r"$\nabla f(z)$", r"$z\in\mathcal{C}$", "local", "global", "$f^*$", "$S^*$")
        rows = np.linspace(0.95, 0.4, len(names))
        for row, name in zip(rows, names, strict=True):
            table.text(0.24, row, name, ha="right", va="center", color=draw.FAINT)
        self.cells = [table.text(0.3, row, "", ha="left", va="center") for row in rows]
        table.legend(
            [self.best, self.passing, self.lower, self.tangent],
            ["$S^*$, global", r"passes with this $\epsilon$", "lower than $f(z)$", r"slope $\nabla f(z)$"],
            loc="lower left",
            bbox_to_anchor=(0.0, -0.02),
            frameon=False,
            handlelength=1.6,
        )
        live.moving(*self.cells)

    def draw(self, state: State) -> None:
        f, x = FUNCTIONS[state.function], self.across
        inside = np.union1d(x[(x > state.low) & (x < state.high)], (state.low, state.high))
        self.whole.set_data(x, _values(f, x))
        self.line.set_data(inside, _values(f, inside))
        left, right = _neighbourhood(state.z, state.epsilon, state.low, state.high)
        near = np.union1d(x[(x > left) & (x < right)], (left, right))
        height = _values(f, near)
        self.lower.set_data(near, np.where(height < state.value - SAME, height, np.nan))
        for artist in (self.lower, self.neighbours, self.around_bar):
            artist.set_visible(state.feasible)
        self.neighbours.set_x(left)
        self.neighbours.set_width(right - left)
        self.level.set_data(self.curve.get_xlim(), [state.value] * 2)
        run = 0.7 / np.hypot(1, state.slope)
        ends = np.array([-run, run])
        self.tangent.set_data(state.z + ends, state.value + state.slope * ends)
        only_local = np.setdiff1d(state.passing, state.best)
        self.passing.set_data(only_local, _values(f, only_local))
        self.best.set_data(state.best, _values(f, state.best))
        self.here.set_data([state.z], [state.value])
        self.here.set_markerfacecolor(draw.CURRENT.colour if state.feasible else "white")
        self.here.set_markeredgecolor("white" if state.feasible else draw.CURRENT.colour)
        self.around_bar.set_data([left, right], [0.5, 0.5])
        self.feasible_bar.set_data([state.low, state.high], [0.5, 0.5])
        for cell, text in zip(self.cells, self._table(state), strict=True):
            cell.set_text(text)

    def _table(self, state: State) -> list[str]:
        where = "no" if not state.feasible else "yes, on the edge" if state.on_edge else "yes, inside"
        local = "no" if not state.feasible or state.reach == 0 else "yes"
        if state.feasible and state.reach == np.inf:
            local = "yes, for every ε"
        elif state.found:
            local = f"yes, for ε ≤ {draw.number(state.reach)}"
        return [
            draw.number(state.z),
            draw.number(state.value),
            draw.number(state.slope),
            where,
            local,
            "yes" if state.z in state.best else "no",
            draw.number(state.optimal_value),
            _set(state.best),
        ]

    # --- the mathematics ------------------------------------------------------------------------

    def compute(self, function: str, z: float, epsilon: float, low: float, high: float) -> State:
        f = FUNCTIONS[function]
        ends = _snapped(np.sort(finite_array("C", (low, high))), f.turns)
        z = float(_snapped(finite_array("z", [z]), np.append(f.turns, ends))[0])
        # Between two neighbouring places f is monotone, so optima can be nowhere else.
        places = np.unique(np.concatenate([ends, f.turns[(f.turns > ends[0]) & (f.turns < ends[1])]]))
        values = _values(f, places)
        feasible = bool(ends[0] <= z <= ends[1])
        value = float(_values(f, np.array([z]))[0])
        lowest = _lowest_near(f, z, epsilon, places) if feasible else z
        sides = [_fall(f, z, side) for side in (places[places > z], places[places < z][::-1])]
        return State(
            function=function,
            z=z,
            epsilon=epsilon,
            low=float(ends[0]),
            high=float(ends[1]),
            value=value,
            slope=float(f.gradient([z])[0]) + 0.0,  # not −0
            lower=None if lowest == z else lowest,
            reach=min(sides) if feasible else 0.0,
            falls_on=sides.count(0.0),
            passing=np.array([p for p in places if _lowest_near(f, p, epsilon, places) == p]),
            best=places[values <= values.min() + SAME],
            optimal_value=float(values.min()),
        )

    # --- the words ------------------------------------------------------------------------------

    def sentence(self, state: State) -> str:
        where = f"C = [{draw.number(state.low)}, {draw.number(state.high)}]"
        found = (
            f"Over {where} the least value is f* = {draw.number(state.optimal_value)}, "
            f"S* = {_set(state.best)}. With this ε {_passing_told(state.passing)}."
        )
        if not state.feasible:
            outside = f"z = {draw.number(state.z)} lies outside {where}"
            return f"{outside}, so it is no solution, however low f is there. {found}"
        return f"{self._verdict(state)}; {self._gradient_told(state)}. {found}"

    def _verdict(self, state: State) -> str:
        z, epsilon = f"z = {draw.number(state.z)}", f"ε = {draw.number(state.epsilon)}"
        if state.z in state.best:
            return f"{z} is a global optimum: no u in C is lower, so it passes with every ε"
        # The largest ε is asked for in the notebook, so it is told to those only who have found it.
        largest = f"; the largest ε with which it passes is {draw.number(state.reach)}" if state.found else ""
        if state.lower is None:
            return (
                f"{z} passes with {epsilon}, since no u in N(z, ε) is lower. So it is a local optimum, "
                f"and not a global one{largest}"
            )
        fails = f"{z} fails with {epsilon}, since u = {draw.number(state.lower)} in N(z, ε) is lower"
        if state.reach > 0:
            return f"{fails}. Yet it is a local optimum, as it passes with a smaller ε{largest}"
        return f"{fails}. However small ε is, some u is lower, so z is no local optimum"

    def _gradient_told(self, state: State) -> str:
        told = f"∇f(z) = {draw.number(state.slope)}"
        if state.slope == 0 and state.reach == 0:
            kind = "f is lower on both sides" if state.falls_on == 2 else "f is lower on one side"
            return f"{told} all the same: {kind}"
        if state.slope != 0 and state.reach > 0:
            return f"{told}, which need not be 0 on the edge of C"
        return told

    def drag(self, pointer: Pointer) -> dict[str, float]:
        """z follows on the curve, ε and the nearer end of C in their strips."""
        if pointer.axes is self.curve:
            return {"z": pointer.x}
        if pointer.axes is self.around:
            return {"epsilon": abs(pointer.x - self.state.z)}
        if pointer.axes is not self.feasible:
            return {}
        if pointer.begins:
            ends = [self.controls[name].value for name in ("low", "high")]
            self._moved = ("low", "high")[int(np.argmin(np.abs(np.array(ends) - pointer.x)))]
        return {self._moved: pointer.x}


def _values(f: Polynomial, x: Floats) -> Floats:
    return f.error(x[..., np.newaxis])


def _snapped(x: Floats, places: Floats) -> Floats:
    """x, each entry moved onto the place that it misses by rounding only."""
    nearest = places[np.abs(x[:, np.newaxis] - places).argmin(axis=1)]
    return np.where(np.abs(x - nearest) < DUST, nearest, x)


def _neighbourhood(z: float, epsilon: float, low: float, high: float) -> tuple[float, float]:
    """N(z, ε) = {u ∈ C : |z − u| ≤ ε}, for z ∈ C."""
    return max(low, z - epsilon), min(high, z + epsilon)


def _lowest_near(f: Polynomial, z: float, epsilon: float, places: Floats) -> float:
    """The lowest place of N(z, ε); z itself where none is lower than z."""
    left, right = _neighbourhood(z, epsilon, places[0], places[-1])
    near = np.concatenate([[z, left, right], places[(places > left) & (places < right)]])
    values = _values(f, near)
    lowest = int(values.argmin())
    return float(near[lowest] if values[lowest] < values[0] - SAME else z)


def _fall(f: Polynomial, z: float, ahead: Floats) -> float:
    """How far it is from z, past the places ahead, to where f falls below f(z); inf where it never does."""
    value, last = _values(f, np.array([z]))[0], z
    for place in ahead:
        if _values(f, np.array([place]))[0] < value - SAME:
            return 0.0 if last == z else abs(_crossing(f, value, last, float(place)) - z)
        last = float(place)
    return np.inf


def _crossing(f: Polynomial, value: float, above: float, below: float) -> float:
    """Where a monotone piece of f, from above the value to below it, crosses it."""
    for _ in range(12):
        cell = np.linspace(above, below, 33)
        first = max(1, int(np.argmax(_values(f, cell) < value)))
        above, below = float(cell[first - 1]), float(cell[first])
    return above


def _passing_told(places: Floats) -> str:
    return f"only {draw.number(places[0])} passes" if len(places) == 1 else f"{_set(places)} pass"


def _set(places: Floats) -> str:
    return "{" + ", ".join(draw.number(p) for p in places) + "}"
