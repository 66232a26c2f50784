"""A direction that turns like a dial: f'(x; d) as a limit, descent directions, how long f stays lower."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lecture643.live import Pair, Pointer, Settings, View, arrow, choice, given, log, point
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.functions import PartialsOnly
from lecture643.maths.methods import Problem, Quadratic
from lecture643.maths.plane import angle_between, polar, turned, unit
from lecture643.maths.slopes import gradient_mistake, limit_along
from lecture643.maths.toy import four_points
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.levels import LevelMaps, grid
from lecture643.picture.mosaic import Mosaic
from lecture643.picture.slice import Slice
from lecture643.picture.table import Table

LIMIT = 6.0
DIAL = 2.0  # radius of the disc in which d is turned
SEARCHED = 10.0  # how far along d the interval of the proposition is looked for
AIMED = 0.5  # degrees: so near to a direction the sliders can get
ALPHAS = 10.0 ** -np.arange(7)
ALPHA_NAMES = ("1", "0.1", "0.01", "0.001", "10⁻⁴", "10⁻⁵", "10⁻⁶")
FUNCTIONS: dict[str, Problem] = {
    "E of the four points": four_points(),
    "quadratic": Quadratic([[0.5, 0.4], [0.4, 1]]),
    "saddle": Quadratic([[1, 0], [0, -1]]),
    "x₁x₂²/(x₁²+x₂²)": PartialsOnly(),
}
MINIMA = {"quadratic": np.zeros(2)}
OWN = "your f"


def _names(settings: Any) -> list[str]:
    """One's own function stands first where there is one, as it is the default."""
    return [*FUNCTIONS] if settings.problem is None else [*FUNCTIONS, OWN]


@dataclass(frozen=True)
class DirectionSettings(Settings):
    """What the view can be set to."""

    problem: Problem | None = given(
        lambda: None, "your own function of two variables, besides those (see `functions.Function`)"
    )
    function: str = choice(
        "f",
        lambda settings: _names(settings)[-1 if settings.problem else 0],
        _names,
        meaning="one of the names in `FUNCTIONS`",
    )
    x: Pair = point(("x₁", "x₂"), (1, 0.5), LIMIT, panels=["plane"], secondary=True, meaning="the point")
    d: Pair = arrow(("angle of d °", "‖d‖₂"), (-1, 0.5), 0.1, 3, meaning="the direction")
    reach: float = log("slice up to α", 5.0, 1e-3, 10, meaning="where the slice ends")

    def __post_init__(self) -> None:
        super().__post_init__()
        f = self.problem
        if f and (mistake := gradient_mistake(f.error, f.gradient, self.x)):
            raise ValueError(mistake)


@dataclass(frozen=True)
class State:
    """x, d and what f does from x along d."""

    f: Problem
    x: Floats
    d: Floats
    value: float  # f(x)
    gradient: Floats
    inner: float  # ⟨∇f(x), d⟩
    derivative: float  # f'(x; d), the limit
    quotients: Floats  # for each of ALPHAS
    descent: NDArray[np.bool_]  # for each degree of the dial, whether f' < 0 there
    slice: Floats  # (2, n), α and f(x + αd) − f(x)
    angle: float | None  # in degrees, from ∇f(x) to d; None where ∇f(x) = 0
    minimum: Floats | None  # of f, where it has one
    misses: float | None  # by how many degrees −∇f(x) points past the minimum
    interval: float  # f stays below f(x) for α below it; inf where it does as far as it was looked
    reach: float  # the end of the slice


class Direction(View[DirectionSettings, State]):
    """f'(x; d) and the descent directions (slides "Directional derivative" and "Descent Direction").

    Drag near x to move x; drag elsewhere to turn d. The light half of the disc holds the descent directions,
    f'(x; d) < 0. The black arrow is −∇f(x), the black line the contour through x. The quadratic has a star at
    its minimum and a dotted line that goes on along −∇f(x). Middle: the slice α ↦ f(x + αd) − f(x), dashed
    the line of slope ⟨∇f(x), d⟩, and on the axis the interval in which f stays below f(x). Right: the
    difference quotients.

    Raises ValueError when d is 0, or when the gradient of `problem` is not that of its error.
    """

    panels = Mosaic(
        "plane slice table",
        size=(1000, 500),
        widths=(47, 26, 27),
        bare=["table"],
        rooms={"plane": (3.2, 0.6, 2.8, 2.2), "slice": (3.6, 1.2, 2.8, 2.2)},
    )

    def build(self, live: LiveFigure) -> None:
        plane = live.axes("plane")
        draw.plane_axes(plane, LIMIT, "drag x, turn d")
        self.maps = LevelMaps(plane, LIMIT)
        (self.dial,) = plane.plot([], [], color="white", linewidth=1.2)
        (self.downhill,) = plane.fill([0], [0], color="white", alpha=0.6, linewidth=0)
        self.arrows = draw.arrows(plane, [draw.INK, draw.DIRECTION.colour])
        (self.contour,) = plane.plot([], [], color=draw.INK, linewidth=1.44)
        (self.ahead,) = plane.plot([], [], ":", color=draw.INK, linewidth=1.44)
        star: dict[str, Any] = {"color": draw.OPTIMUM.colour, "markeredgecolor": draw.INK}
        (self.minimum,) = plane.plot([], [], draw.OPTIMUM.marker, markersize=2 * live.style.marker, **star)
        self.here = draw.current_weights(plane)
        signs = [plane.plot([], [], color=colour)[0] for colour in (draw.INK, draw.DIRECTION.colour)]
        plane.legend(
            [*signs, self.downhill, self.contour],
            [r"$-\nabla f(x)$", "$d$", "$f'(x;d)<0$", "contour through $x$"],
            loc="lower left",
            handlelength=1.2,
            borderpad=0.3,
            labelspacing=0.3,
            facecolor="#cfd3d8",
        )
        live.moving(self.downhill, self.contour, self.dial, self.ahead, self.minimum, self.arrows, self.here)
        self.slice = Slice(live.axes("slice"), live.style)
        live.moving(*self.slice.artists)
        self._build_table(live)

    def _build_table(self, live: LiveFigure) -> None:
        heads = (r"$\alpha$", r"$\dfrac{f(x+\alpha d)-f(x)}{\alpha}$")
        self.table = Table(live.axes("table"), heads, len(ALPHAS) + 3, widths=(1, 2.2))
        self.table.write([name] for name in ALPHA_NAMES)
        rows = len(ALPHAS)
        self.table.ax.set_ylim(rows + 4, -0.5)  # the fraction is tall
        self.table.ax.axhline(rows + 1, 0.02, 0.98, color=draw.FAINT, linewidth=1)
        names = ("$f'(x;d)$ =", draw.DIRECTION.colour), (r"$\langle\nabla f,d\rangle$ =", draw.INK)
        self.limits = []
        for row, (name, colour) in enumerate(names, start=rows):  # formulas are slow to set: they stay
            self.table.text(row, 0.44, ha="right", color=colour).set_text(name)
            self.limits.append(self.table.text(row, 0.47, ha="left", color=colour))
        self.differ = self.table.text(rows + 2, 0.5, color=draw.ALERT, weight="bold")
        cells = [row[1] for row in self.table.cells[:rows]]
        live.moving(*cells, *self.limits, self.differ)

    def draw(self, state: State) -> None:
        if self.maps.show(state.f, heights):
            self.live.still_changed()
        self.downhill.set_xy(draw.disc(state.x, DIAL * state.descent.astype(float)))
        self.dial.set_data(*draw.disc(state.x, DIAL * np.ones(91)).T)
        draw.point_arrows(self.arrows, state.x, np.stack([unit(-state.gradient), unit(state.d)]) * DIAL)
        self.contour.set_data(*self.maps.line(state.value))
        to = state.x if state.minimum is None else state.minimum
        end = state.x - 1.15 * np.hypot(*(to - state.x)) * unit(state.gradient)
        self.ahead.set_data(*np.stack([state.x, end], axis=1))
        self.minimum.set_data(*to[:, np.newaxis])
        for artist in (self.ahead, self.minimum):
            artist.set_visible(state.minimum is not None)
        self.here.set_data(*state.x[:, np.newaxis])
        self.slice.draw(state.slice, state.inner, state.interval)
        self.table.write(([draw.number(value)] for value in state.quotients), first=1)
        for cell, value in zip(self.limits, (state.derivative, state.inner), strict=True):
            cell.set_text(draw.number(value))
        self.differ.set_text("" if state.derivative == state.inner else "They differ!")

    def compute(self, settings: DirectionSettings) -> State:
        f = settings.problem if settings.function == OWN else FUNCTIONS[settings.function]
        assert f is not None  # else it would be no option
        x, d, reach = np.array(settings.x), np.array(settings.d), settings.reach
        gradient = finite_array("∇f(x)", f.gradient(x))
        alpha = np.linspace(0, reach, 201)
        rise = f.error(x + alpha[:, np.newaxis] * d) - f.error(x)
        minimum = MINIMA.get(settings.function)
        return State(
            f=f,
            x=x,
            d=d,
            value=float(f.error(x)),
            gradient=gradient,
            inner=float(descent.directional_derivative(gradient, d)) + 0.0,
            derivative=float(limit_along(f, x, d)) + 0.0,
            quotients=finite_array("f along d", descent.difference_quotient(f.error, x, d, ALPHAS)) + 0.0,
            descent=limit_along(f, x, turned(np.arange(361))) < 0,
            slice=finite_array("f along d", np.stack([alpha, rise])),
            angle=angle_between(gradient, d),
            minimum=minimum,
            misses=None if minimum is None else angle_between(-gradient, minimum - x),
            interval=descent.descent_interval(f, x, d, alpha_max=max(reach, SEARCHED)),
            reach=reach,
        )

    def sentence(self, state: State) -> str:
        at = f"At x = {draw.vector(state.x)} along d = {draw.vector(state.d)}"
        limit, inner = draw.number(state.derivative), draw.number(state.inner)
        quotient = f"the difference quotient is {draw.number(state.quotients[-1])} for α = 10⁻⁶"
        if abs(ALPHAS[-1] * state.derivative) < 100 * np.spacing(abs(state.value)) and state.derivative:
            quotient += " (rounding: f changes in its last digits only)"
        if state.derivative != state.inner:
            meets = (
                f"f'(x; d) = {limit}, while ⟨∇f(x), d⟩ = {inner}: both partial derivatives exist here, "
                "and f is not differentiable"
            )
        else:
            meets = f"f'(x; d) = ⟨∇f(x), d⟩ = {inner}"
        return f"{at} {quotient}, and {meets}{self._angles_told(state)}. {self._fall_told(state)}"

    @staticmethod
    def _angles_told(state: State) -> str:
        told = "" if state.angle is None else f"; the angle between ∇f(x) and d is {state.angle:.1f}°"
        if state.misses is None:
            return told
        exactly = "at the minimum, to within half a degree"
        aimed = exactly if state.misses <= AIMED else f"{state.misses:.1f}° past the minimum"
        return f"{told}, and −∇f(x) points {aimed}"

    def _fall_told(self, state: State) -> str:
        if state.derivative < 0:
            return f"So d is a descent direction: {self._interval_told(state)}."
        stationary = not state.gradient.any() and not state.descent.any()
        why = "∇f(x) = 0, so no direction is one" if stationary else "f'(x; d) ≥ 0"
        although = f", although {self._interval_told(state)}" if state.interval > 0 else ""
        return f"So d is no descent direction ({why}){although}."

    @staticmethod
    def _interval_told(state: State) -> str:
        if state.interval == 0:
            return "f(x + αd) < f(x) for small α, by less than floating-point numbers can tell"
        if state.interval == np.inf:
            return f"f(x + αd) < f(x) for every α up to {draw.number(SEARCHED)}, where the search ends"
        return f"f(x + αd) < f(x) on (0, ε] for every ε < {draw.number(state.interval)}, and no further"

    def handles(self) -> list[tuple[str, Pair]]:
        """Also the tip of d."""
        tip = np.clip(self.settings.x + DIAL * unit(np.array(self.settings.d)), -LIMIT, LIMIT)
        return [*super().handles(), ("plane", (float(tip[0]), float(tip[1])))]

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """From near x: x follows. From elsewhere: d points there."""
        if pointer.panel != "plane":
            return {}
        angle, away = polar(np.subtract((pointer.x, pointer.y), self.settings.x))
        if pointer.begins:
            self.turning = away > 0.4 * DIAL
        if not self.turning:
            return {"x": (pointer.x, pointer.y)}
        return {"d": tuple(turned(angle, np.hypot(*self.settings.d)))}


@lru_cache(maxsize=8)
def heights(f: Any) -> Floats:
    """f on an even grid over the plane, for its map."""
    return np.asarray(f.error(grid(LIMIT)))
