"""Why E has no stationary point, and why the stopping test fires in floating point all the same."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from lecture643.live import Pair, Settings, View, choice, point
from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.plane import polar
from lecture643.maths.toy import four_points, sigmoid
from lecture643.picture import draw
from lecture643.picture.axes import as_wide
from lecture643.picture.figure import LiveFigure
from lecture643.picture.levels import grid
from lecture643.picture.mosaic import Mosaic

EXTENTS = (6.0, 60.0, 600.0)
FINE = 121  # points to a side of the maps
CAREFUL, SLIDE = "carefully", "as on the slide, 1 − a"
P_COLOUR, Q_COLOUR = "#5b6470", draw.POINTS[3].colour  # q is what sample 4 alone contributes
POINTS = four_points()


def _least(settings: Any) -> float:
    """The least extent that holds w, where a caller gives w only."""
    w = finite_array("w", getattr(settings, "w", (0, 0)), (2,))
    return next((extent for extent in EXTENTS if np.abs(w).max() <= extent), EXTENTS[-1])


@dataclass(frozen=True)
class StationarySettings(Settings):
    """What the view can be set to."""

    extent: float = choice(
        "weights",
        _least,
        {f"±{extent:g}": extent for extent in EXTENTS},
        meaning="6, 60 or 600, how far both weights reach; None takes the least that holds w",
    )
    written: str = choice(
        "φ′ computed",
        CAREFUL,
        [CAREFUL, SLIDE],
        meaning='how φ\' is computed, "carefully" (σ(z)σ(−z)) or "as on the slide, 1 − a" (a(1 − a))',
    )
    w: Pair = point(
        ("w₁₁¹", "w₁₂¹"),
        (0.5, 0),
        limit=lambda settings: settings.extent,
        step=lambda settings: settings.extent / 120,
        panels=["p", "q"],
        meaning="the weights",
    )


@dataclass(frozen=True)
class State:
    """∇E = p·(1, 1) + q·(2, −5) at w, as it was computed and as it is."""

    w: Floats
    extent: float
    written: str
    p: float
    q: float
    gradient: Floats  # as it was computed
    truth: Floats  # by the careful way, which is right until it underflows
    error: float  # E(w)

    @property
    def angle(self) -> float:
        """From ∇E to the w₁₁¹ axis, in degrees; 90 where ∇E = 0."""
        return 90 - polar(np.abs(self.gradient[::-1]))[0]


class Stationary(View[StationarySettings, State]):
    """∇E is never 0, yet it is computed as 0 (slide "Characterization Of Local Optimum", fine print F2, F4).

    Samples 1 to 3 pull along (1, 1), sample 4 along (2, −5): ∇E = p·(1, 1) + q·(2, −5). The maps show p and q
    over the weights; red is where they are computed as exactly 0. Right: both parts and their sum at w; the
    longest arrow always has the same length, and the dotted line is the w₁₁¹ axis. Drag w in either map.
    """

    panels = Mosaic(
        "p q parts",
        size=(1000, 400),
        widths=(33, 39.5, 27.5),
        rooms={"q": (3.6, 5.2, 2.8, 2.0), "parts": (0.3, 0.3, 4, 3)},
    )

    def build(self, live: LiveFigure) -> None:
        colours = draw.ERROR_MAP.with_extremes(bad=draw.ALERT)
        self.planes, self.images = [], []
        for name in ("p", "q"):
            plane = live.axes(name)
            draw.weight_axes(plane, EXTENTS[0], rf"$\log_{{10}}\,{name}$")
            self.planes.append(plane)
            self.images.append(plane.imshow(np.zeros((2, 2)), origin="lower", cmap=colours))
        as_wide(*self.planes)
        scale = self.planes[1].inset_axes((1.05, 0, 0.045, 1))
        live.figure.colorbar(self.images[0], cax=scale)
        self.drawn: tuple[float, str] | None = None
        self.here = [draw.current_weights(plane) for plane in self.planes]

        parts = live.axes("parts", xlim=(-0.4, 1.2), ylim=(-1.1, 0.85), aspect="equal")
        parts.axis("off")
        parts.set_title(r"$\nabla E=p\,\binom{1}{1}+q\,\binom{2}{-5}$")
        parts.axhline(0, color=draw.FAINT, linestyle=":")
        parts.text(1.2, -0.03, "$w_{11}^1$", ha="right", va="top", fontsize="small")
        self.arrows = draw.arrows(parts, [draw.INK, P_COLOUR, Q_COLOUR])
        below: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
        self.told = [
            parts.annotate(
                "", (0.5, 0), (0, y * live.style.font), color=colour, ha="center", va="top", **below
            )
            for y, colour in ((0.0, P_COLOUR), (-1.5, Q_COLOUR))
        ]
        live.moving(*self.here, self.arrows, *self.told)

    def draw(self, state: State) -> None:
        if self.drawn != (state.extent, state.written):
            self._draw_maps(state.extent, state.written)
            self.drawn = (state.extent, state.written)
            self.live.still_changed()
        for marker in self.here:
            marker.set_data(*state.w[:, np.newaxis])
        vectors = np.array([state.gradient, [state.p, state.p], [2 * state.q, -5 * state.q]])
        longest = np.hypot(*vectors.T).max()
        self.arrows.set_visible(longest > 0)
        if longest > 0:
            draw.point_arrows(self.arrows, np.zeros(2), vectors / longest)
        for text, name, value in zip(self.told, "pq", (state.p, state.q), strict=True):
            text.set_text(f"{name} = {draw.number(value)}")

    def _draw_maps(self, extent: float, written: str) -> None:
        values = maps(extent, written)
        lowest, highest = float(np.nanmin(maps(extent, CAREFUL))), float(np.nanmax(values))
        ticks = np.linspace(-extent, extent, 5)
        for plane, image, part in zip(self.planes, self.images, values, strict=True):
            image.set(data=np.ma.masked_invalid(part), extent=(-extent, extent, -extent, extent))
            image.set_clim(lowest, highest)
            plane.set(xlim=(-extent, extent), ylim=(-extent, extent), xticks=ticks, yticks=ticks)

    def compute(self, settings: StationarySettings) -> State:
        w, written = np.array(settings.w), settings.written
        p, q = _parts(_sample_gradients(w, written))
        gradient, truth = np.array([p + 2 * q, p - 5 * q]), POINTS.gradient(w)
        error = float(POINTS.error(w))
        return State(w, settings.extent, written, float(p), float(q), gradient, truth, error)

    def sentence(self, state: State) -> str:
        at = f"At w = {draw.vector(state.w)}, where E = {draw.number(state.error)},"
        split = f"∇E = p·(1, 1) + q·(2, −5) with p = {draw.number(state.p)} and q = {draw.number(state.q)}"
        truth = f"the truth is ∇E = {draw.vector(state.truth)}"
        if state.p > 0 and state.q > 0 and np.allclose(state.gradient, state.truth, rtol=1e-3, atol=0):
            angle = f"The angle between ∇E and the w₁₁¹ axis is {state.angle:.2f}°."
            return f"{at} {split}: both positive, so ∇E = {draw.vector(state.gradient)} is not 0. {angle}"
        lost = [name for name, part in zip("pq", (state.p, state.q), strict=True) if part == 0]
        if len(lost) == 1 and np.allclose(state.gradient, state.truth, rtol=1e-3, atol=0):
            computed = f"The true {lost[0]} is positive, but it is computed as 0."
            return f"{at} {split}, so ∇E = {draw.vector(state.gradient)}. {computed}"
        if not state.gradient.any() and not state.truth.any():
            fires = "both underflow, so the test ‖∇E‖₂ = 0 fires, although the true p and q are positive"
            return f"{at} {split}: {fires}."
        if not state.gradient.any():
            return f"{at} {split}, computed with 1 − a: the test ‖∇E‖₂ = 0 fires, although {truth}."
        if not (state.p > 0 and state.q > 0) and not state.truth.any():
            return f"{at} {split}: one of them underflows."
        return f"{at} {split}, so ∇E is computed as {draw.vector(state.gradient)}; {truth}."


@cache
def maps(extent: float, written: str) -> Floats:
    """log₁₀ of p and of q over the plane, nan where they are computed as 0: (2, FINE, FINE)."""
    parts = np.stack(_parts(_sample_gradients(grid(extent, FINE), written)))
    return np.log10(parts, out=np.full_like(parts, np.nan), where=parts > 0)


def _sample_gradients(w: Floats, written: str) -> Floats:
    """∇eⁱ, (..., S, 2): as the package computes them, or with the slide's a(1 − a), which loses digits."""
    if written == CAREFUL:
        return POINTS.sample_gradients(w)
    a = sigmoid(w @ POINTS.x.T)
    with np.errstate(under="ignore"):
        return (2 * (a - POINTS.y) * a * (1 - a))[..., np.newaxis] * POINTS.x


def _parts(gradients: Floats) -> tuple[Any, Any]:
    """p and q: the first three samples lie along (1, 1), the fourth along (2, −5)."""
    return gradients[..., :3, 0].sum(axis=-1), gradients[..., 3, 0] / 2
