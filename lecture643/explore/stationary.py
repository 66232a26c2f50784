"""Why E has no stationary point, and why the stopping test fires in floating point all the same."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lecture643.live.controls import choice, slider
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.toy import SigmoidNeuron, four_points, sigmoid
from lecture643.picture import draw

EXTENTS = (6.0, 60.0, 600.0)
FINE = 121  # points to a side of the maps
CAREFUL, SLIDE = "carefully", "as on the slide, 1 − a"
P_COLOUR, Q_COLOUR = "#5b6470", draw.POINTS[3].colour  # q is what sample 4 alone contributes


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
        return 90 - float(np.degrees(np.arctan2(abs(self.gradient[0]), abs(self.gradient[1]))))


class Stationary(View[State]):
    """∇E is never 0, yet it is computed as 0 (slide "Characterization Of Local Optimum", fine print F2, F4).

    Samples 1 to 3 pull along (1, 1), sample 4 along (2, −5): ∇E = p·(1, 1) + q·(2, −5). The maps show p and q
    over the weights; red is where they are computed as exactly 0. Right: both parts and their sum at w; the
    longest arrow always has the same length, and the dotted line is the w₁₁¹ axis. Drag w in either map.

    w: the weights. extent: 6, 60 or 600, how far both weights reach; None takes the least that holds w.
    written: how φ' is computed, "carefully" (σ(z)σ(−z)) or "as on the slide, 1 − a" (a(1 − a)).
    """

    size = (1000, 400)

    def __init__(self, w: ArrayLike = (0.5, 0), extent: float | None = None, written: str = CAREFUL) -> None:
        w1, w2 = finite_array("w", w, (2,))
        self.problem = four_points()
        self._maps = lru_cache(maxsize=None)(self._maps_of)
        if extent is None:
            extent = next((e for e in EXTENTS if max(abs(w1), abs(w2)) <= e), EXTENTS[-1])
        controls = {
            "extent": choice("weights", [(f"±{e:g}", e) for e in EXTENTS], float(extent)),
            "written": choice("φ′ computed", [CAREFUL, SLIDE], written),
            "w1": slider("w₁₁¹", w1, -extent, extent, extent / 120),
            "w2": slider("w₁₂¹", w2, -extent, extent, extent / 120),
        }
        # Registered before the view's own observer, so that the sliders reach as far as the maps.
        controls["extent"].observe(lambda _: self._fit_sliders(), names="value")
        super().__init__(controls, rows=[["extent", "written"], ["w1", "w2"]])

    def _fit_sliders(self) -> None:
        extent, held = self.controls["extent"].value, self._holding
        self._holding = True
        for name in ("w1", "w2"):
            control = self.controls[name]
            control.value = min(max(control.value, -extent), extent)
            control.min, control.max, control.step = -extent, extent, extent / 120
        self._holding = held

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        colours = draw.ERROR_MAP.with_extremes(bad=draw.ALERT)
        self.planes, self.images = [], []
        for left, title in ((0.06, r"$\log_{10}\,p$"), (0.38, r"$\log_{10}\,q$")):
            plane = live.axes(left, 0.17, 0.28, 0.7)
            draw.weight_axes(plane, EXTENTS[0], title)
            self.planes.append(plane)
            self.images.append(plane.imshow(np.zeros((2, 2)), origin="lower", cmap=colours))
        self.scale = live.figure.colorbar(self.images[0], cax=live.axes(0.667, 0.17, 0.012, 0.7))
        self._drawn: tuple[float, str] | None = None
        self.here = [draw.current_weights(plane) for plane in self.planes]

        parts = live.axes(0.755, 0.17, 0.235, 0.7, xlim=(-0.4, 1.2), ylim=(-1.1, 0.85), aspect="equal")
        parts.axis("off")
        parts.set_title(r"$\nabla E=p\,\binom{1}{1}+q\,\binom{2}{-5}$")
        parts.axhline(0, color=draw.FAINT, linestyle=":")
        parts.text(1.2, -0.03, "$w_{11}^1$", ha="right", va="top", fontsize="small")
        self.arrows = draw.arrows(parts, [draw.INK, P_COLOUR, Q_COLOUR])
        self.told = [
            parts.text(0.5, y, "", color=colour, ha="center", va="top", transform=parts.transAxes)
            for y, colour in ((0.0, P_COLOUR), (-0.11, Q_COLOUR))
        ]
        live.moving(*self.here, self.arrows, *self.told)

    def draw(self, state: State) -> None:
        if self._drawn != (state.extent, state.written):
            self._draw_maps(state.extent, state.written)
            self._drawn = (state.extent, state.written)
            self.live.still_changed()
        for marker in self.here:
            marker.set_data(*draw.clipped(state.w, state.extent)[:, np.newaxis])
        vectors = np.array([state.gradient, [state.p, state.p], [2 * state.q, -5 * state.q]])
        longest = np.hypot(*vectors.T).max()
        self.arrows.set_visible(longest > 0)
        if longest > 0:
            draw.point_arrows(self.arrows, np.zeros(2), vectors / longest)
        for text, name, value in zip(self.told, "pq", (state.p, state.q), strict=True):
            text.set_text(f"{name} = {draw.number(value)}")

    def _draw_maps(self, extent: float, written: str) -> None:
        maps = self._maps(extent, written)
        lowest = float(np.nanmin(self._maps(extent, CAREFUL)))
        for plane, image, values in zip(self.planes, self.images, maps, strict=True):
            plane.set(xlim=(-extent, extent), ylim=(-extent, extent))
            ticks = np.linspace(-extent, extent, 5)
            plane.set(xticks=ticks, yticks=ticks)
            image.set_data(np.ma.masked_invalid(values))
            image.set_extent((-extent, extent, -extent, extent))
            image.set_clim(lowest, float(np.nanmax(maps)))

    # --- the mathematics ------------------------------------------------------------------------

    def compute(self, extent: float, written: str, w1: float, w2: float) -> State:
        w = finite_array("w", (w1, w2))
        p, q = _parts(_sample_gradients(self.problem, w, written))
        gradient = np.array([p + 2 * q, p - 5 * q])
        error = float(self.problem.error(w))
        return State(w, extent, written, float(p), float(q), gradient, self.problem.gradient(w), error)

    def _maps_of(self, extent: float, written: str) -> Floats:
        """log₁₀ of p and of q over the plane, nan where they are computed as 0: (2, FINE, FINE)."""
        across = np.linspace(-extent, extent, FINE)
        w = np.stack(np.meshgrid(across, across), axis=-1)
        parts = np.stack(_parts(_sample_gradients(self.problem, w, written)))
        return np.log10(parts, out=np.full_like(parts, np.nan), where=parts > 0)

    # --- the words ------------------------------------------------------------------------------

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

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"w1": pointer.x, "w2": pointer.y} if pointer.axes in self.planes else {}


def _sample_gradients(problem: SigmoidNeuron, w: Floats, written: str) -> Floats:
    """∇eⁱ, (..., S, 2): as the package computes them, or with the slide's a(1 − a), which loses digits."""
    if written == CAREFUL:
        return problem.sample_gradients(w)
    a, y = sigmoid(w @ problem.x.T), problem.y
    with np.errstate(under="ignore"):
        return (2 * (a - y) * a * (1 - a))[..., np.newaxis] * problem.x


def _parts(gradients: Floats) -> tuple[Any, Any]:
    """p and q: the first three samples lie along (1, 1), the fourth along (2, −5)."""
    return gradients[..., :3, 0].sum(axis=-1), gradients[..., 3, 0] / 2
