"""A direction that turns like a dial: f'(x; d) as a limit, descent directions, how long f stays lower."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.live.controls import choice, log_slider, slider
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.functions import PartialsOnly
from lecture643.maths.methods import Problem, Quadratic
from lecture643.maths.slopes import gradient_mistake
from lecture643.maths.toy import four_points
from lecture643.picture import draw

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


@dataclass(frozen=True)
class State:
    """x, d and what f does from x along d."""

    function: str
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


class Direction(View[State]):
    """f'(x; d) and the descent directions (slides "Directional derivative" and "Descent Direction").

    Drag near x to move x; drag elsewhere to turn d. The light half of the disc holds the descent directions,
    f'(x; d) < 0. The black arrow is −∇f(x), the black line the contour through x. The quadratic has a star at
    its minimum and a dotted line that goes on along −∇f(x). Middle: the slice α ↦ f(x + αd) − f(x), dashed
    the line of slope ⟨∇f(x), d⟩, and on the axis the interval in which f stays below f(x). Right: the
    difference quotients.

    function: one of the names in `FUNCTIONS`. x: the point. d: the direction. reach: where the slice ends.
    problem: your own function of two variables, besides those (see `functions.Function`).
    Raises ValueError when d is 0, or when the gradient of `problem` is not that of its error.
    """

    size = (1000, 500)

    def __init__(
        self,
        function: str | None = None,
        x: ArrayLike = (1, 0.5),
        d: ArrayLike = (-1, 0.5),
        reach: float = 5.0,
        problem: Problem | None = None,
    ) -> None:
        x1, x2 = finite_array("x", x, (2,))
        d1, d2 = finite_array("d", d, (2,))
        if not (d1 or d2):
            raise ValueError("d must be a direction, got the zero vector")
        self.functions = FUNCTIONS if problem is None else FUNCTIONS | {OWN: problem}
        if problem and (mistake := gradient_mistake(problem.error, problem.gradient, (x1, x2))):
            raise ValueError(mistake)
        names = list(self.functions)
        self._turning = True
        controls = {
            "function": choice("f", names, function or names[-1 if problem else 0]),
            "x1": slider("x₁", x1, -LIMIT, LIMIT, 0.05),
            "x2": slider("x₂", x2, -LIMIT, LIMIT, 0.05),
            "angle": slider("angle of d °", float(np.degrees(np.arctan2(d2, d1))), -180, 180, 1, decimals=0),
            "length": slider("‖d‖₂", float(np.hypot(d1, d2)), 0.1, 3, 0.1, decimals=1),
            "reach": log_slider("slice up to α", reach, -3, 1),
        }
        super().__init__(
            controls,
            rows=[["function"], ["x1", "x2"], ["angle", "length", "reach"]],
            secondary=["x1", "x2", "length"],
        )

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.plane = live.axes(0.045, 0.12, 0.39, 0.78)
        draw.plane_axes(self.plane, LIMIT, "drag x, turn d")
        grid = np.linspace(-LIMIT, LIMIT, 97)
        points = np.stack(np.meshgrid(grid, grid), axis=-1)
        self.heights = {name: f.error(points) for name, f in self.functions.items()}
        self.maps = {
            name: draw.height_contour(self.plane, height, LIMIT) for name, height in self.heights.items()
        }
        (self.dial,) = self.plane.plot([], [], color="white", linewidth=1.2)
        (self.downhill,) = self.plane.fill([0], [0], color="white", alpha=0.6, linewidth=0)
        self.arrows = draw.arrows(self.plane, [draw.INK, draw.DIRECTION.colour])
        thin = 0.6 * self.dial.get_linewidth()
        (self.contour,) = self.plane.plot([], [], color=draw.INK, linewidth=2 * thin)
        (self.ahead,) = self.plane.plot([], [], ":", color=draw.INK, linewidth=2 * thin)
        (self.minimum,) = self.plane.plot(
            [], [], draw.OPTIMUM.marker, color=draw.OPTIMUM.colour, markeredgecolor=draw.INK
        )
        self.minimum.set_markersize(2 * self.minimum.get_markersize())
        self.here = draw.current_weights(self.plane)
        signs = [self.plane.plot([], [], color=c)[0] for c in (draw.INK, draw.DIRECTION.colour)]
        self.plane.legend(
            [*signs, self.downhill, self.contour],
            [r"$-\nabla f(x)$", "$d$", "$f'(x;d)<0$", "contour through $x$"],
            loc="lower left",
            handlelength=1.2,
            borderpad=0.3,
            labelspacing=0.3,
            facecolor="#cfd3d8",
        )
        live.moving(self.downhill, self.contour, self.dial, self.ahead, self.minimum, self.arrows, self.here)
        self._build_slice(live)
        self._build_table(live)

    def _build_slice(self, live: LiveFigure) -> None:
        """The slice in parts of its own scale, so that only the numbers at the ticks move."""
        self.along = live.axes(0.54, 0.12, 0.19, 0.78, xlim=(0, 1), ylim=(-1, 1), xticks=[], yticks=[])
        self.along.set_title(r"$f(x+\alpha d)-f(x)$")
        self.along.axhline(0, color=draw.FAINT, linewidth=1)
        look: dict[str, Any] = {"transform": self.along.transAxes, "clip_on": False, "fontsize": "small"}
        self.along.text(0.5, -0.03, r"$\alpha$", ha="center", va="top", **(look | {"fontsize": "medium"}))
        self.along.text(0, -0.03, "0", ha="center", va="top", **look)
        self.along.text(-0.04, 0.5, "0", ha="right", va="center", **look)
        self.end = self.along.text(1, -0.03, "", ha="center", va="top", **look)
        self.scale = [
            self.along.text(-0.04, height, "", ha="right", va=side, **look)
            for height, side in ((1, "top"), (0, "bottom"))
        ]
        (self.tangent,) = self.along.plot([], [], "--", color=draw.FAINT)
        (self.curve,) = self.along.plot([], [], color=draw.DIRECTION.colour)
        wide = 3 * self.curve.get_linewidth()
        (self.below,) = self.along.plot(
            [], [], color=draw.OPTIMUM.colour, linewidth=wide, solid_capstyle="butt"
        )
        (self.open_end,) = self.along.plot(
            [], [], "o", color="white", markeredgecolor=draw.INK, clip_on=False
        )
        self.name = self.along.text(0, 0.07, r"$(0,\epsilon]$", ha="center", va="bottom")
        live.moving(self.name, self.below, self.tangent, self.curve, self.open_end, self.end, *self.scale)

    def _build_table(self, live: LiveFigure) -> None:
        table = live.axes(0.742, 0.05, 0.256, 0.9, xlim=(0, 1), ylim=(0, 1))
        table.axis("off")
        table.text(0.16, 0.955, r"$\alpha$", ha="center", va="center", color=draw.FAINT)
        table.text(
            0.62, 0.95, r"$\dfrac{f(x+\alpha d)-f(x)}{\alpha}$", ha="center", va="center", color=draw.FAINT,
        )  # fmt: skip
        rows = np.linspace(0.84, 0.3, len(ALPHAS))
        for row, name in zip(rows, ALPHA_NAMES, strict=True):
            table.text(0.16, row, name, ha="center", va="center", color=draw.FAINT)
        self.cells = [table.text(0.62, row, "", ha="center", va="center") for row in rows]
        table.axhline(0.25, 0.02, 0.98, color=draw.FAINT, linewidth=1)
        self.derivative = table.text(0.5, 0.185, "", ha="center", va="center", color=draw.DIRECTION.colour)
        self.inner = table.text(0.5, 0.09, "", ha="center", va="center")
        self.differ = table.text(0.5, 0.0, "", ha="center", va="center", color=draw.ALERT, weight="bold")
        live.moving(*self.cells, self.derivative, self.inner, self.differ)

    def draw(self, state: State) -> None:
        for name, parts in self.maps.items():
            for part in parts:
                if part.get_visible() != (name == state.function):
                    part.set_visible(name == state.function)
                    self.live.still_changed()
        self.downhill.set_xy(draw.disc(state.x, DIAL * state.descent.astype(float)))
        self.dial.set_data(*draw.disc(state.x, DIAL * np.ones(91)).T)
        draw.point_arrows(self.arrows, state.x, np.stack([_unit(-state.gradient), _unit(state.d)]) * DIAL)
        self.contour.set_data(*draw.level_line(self.heights[state.function], LIMIT, state.value))
        to = state.x if state.minimum is None else state.minimum
        end = state.x - 1.15 * np.hypot(*(to - state.x)) * _unit(state.gradient)
        self.ahead.set_data(*np.stack([state.x, end], axis=1))
        self.minimum.set_data(*to[:, np.newaxis])
        for artist in (self.ahead, self.minimum):
            artist.set_visible(state.minimum is not None)
        self.here.set_data(*state.x[:, np.newaxis])
        self._draw_slice(state)
        told = [*state.quotients, state.derivative, state.inner]
        written = [draw.number(value) for value in told]
        for cell, text in zip(self.cells, written, strict=False):
            cell.set_text(text)
        self.derivative.set_text(f"$f'(x;d)$ = {written[-2]}")
        self.inner.set_text(rf"$\langle\nabla f,d\rangle$ = {written[-1]}")
        self.differ.set_text("" if state.derivative == state.inner else "They differ!")

    def _draw_slice(self, state: State) -> None:
        alpha, rise = state.slice
        height = draw.nice(float(np.abs(rise).max()))
        self.curve.set_data(alpha / state.reach, rise / height)
        self.tangent.set_data([0, 1], [0, state.inner * state.reach / height])
        end = min(state.interval / state.reach, 1.0)
        self.below.set_data([0, end], [0, 0])
        self.name.set_x(end / 2)
        self.name.set_visible(end > 0.12)
        ends_here = 0 < state.interval <= state.reach
        self.open_end.set_data([end] if ends_here else [], [0] if ends_here else [])
        self.end.set_text(draw.number(state.reach))
        for text, value in zip(self.scale, (height, -height), strict=True):
            text.set_text(draw.number(value))

    # --- the mathematics ------------------------------------------------------------------------

    def compute(
        self, function: str, x1: float, x2: float, angle: float, length: float, reach: float
    ) -> State:
        f = self.functions[function]
        x = finite_array("x", (x1, x2))
        d = _vector(angle, length)
        gradient = finite_array("∇f(x)", f.gradient(x))
        alpha = np.linspace(0, reach, 201)
        rise = f.error(x + alpha[:, np.newaxis] * d) - f.error(x)
        minimum = MINIMA.get(function)
        return State(
            function=function,
            x=x,
            d=d,
            value=float(f.error(x)),
            gradient=gradient,
            inner=float(descent.directional_derivative(gradient, d)) + 0.0,
            derivative=float(_derivative(f, x, d)) + 0.0,
            quotients=finite_array("f along d", descent.difference_quotient(f.error, x, d, ALPHAS)) + 0.0,
            descent=_derivative(f, x, _vector(np.arange(361), 1.0)) < 0,
            slice=finite_array("f along d", np.stack([alpha, rise])),
            angle=_angle(gradient, d),
            minimum=minimum,
            misses=None if minimum is None else _angle(-gradient, minimum - x),
            interval=descent.descent_interval(f, x, d, alpha_max=max(reach, SEARCHED)),
            reach=reach,
        )

    # --- the words ------------------------------------------------------------------------------

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
        stationary = state.derivative == state.inner and not state.gradient.any()
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

    def drag(self, pointer: Pointer) -> dict[str, float]:
        """From near x: x follows. From elsewhere: d points there."""
        if pointer.axes is not self.plane:
            return {}
        away = np.array([pointer.x, pointer.y]) - self.state.x
        if pointer.begins:
            self._turning = bool(np.hypot(*away) > 0.4 * DIAL)
        if not self._turning:
            return {"x1": pointer.x, "x2": pointer.y}
        return {"angle": float(np.degrees(np.arctan2(away[1], away[0])))}


def _vector(angle: ArrayLike, length: float) -> Floats:
    """The vector (..., 2) with this angle in degrees; rounded, so that 90° is (0, 1) and not (6×10⁻¹⁷, 1)."""
    turned = np.radians(angle)
    return np.round(length * np.stack([np.cos(turned), np.sin(turned)], axis=-1), 12) + 0.0


def _angle(one: Floats, other: Floats) -> float | None:
    """The angle in degrees between two vectors; None where one of them is 0."""
    if not (one.any() and other.any()):
        return None
    one, other = _unit(one), _unit(other)
    return float(np.degrees(np.arctan2(abs(one[0] * other[1] - one[1] * other[0]), one @ other)))


def _unit(v: Floats) -> Floats:
    length = np.hypot(*v)
    return v / length if length > 0 else v


def _derivative(f: Problem, x: Floats, d: Floats) -> Floats:
    """f'(x; d), the limit: ⟨∇f(x), d⟩, but where f is not differentiable what f itself knows; d (..., 2)."""
    known = getattr(f, "directional_derivative", None)
    return known(x, d) if known else descent.directional_derivative(f.gradient(x), d)
