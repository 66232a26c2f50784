"""The loss surface in three dimensions, to be turned, with its contour twin."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from lecture643.live import Pair, Pointer, Settings, View, choice, given, number, switch
from lecture643.live.maybe import maybe_point
from lecture643.maths.checks import Floats
from lecture643.maths.text import superscript
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

EXTENTS = (2.0, 6.0, 20.0)
FINE = 161  # points to a side for the contours
COARSE = 5  # the landscape takes every fifth of them


def heights(settings: Any) -> dict[str, int]:
    """E, or the error of one point."""
    return {"E": 0} | {f"e{superscript(i + 1)}": i + 1 for i in range(settings.problem.size)}


@dataclass(frozen=True)
class SurfaceSettings(Settings):
    """What the view can be set to."""

    problem: SigmoidNeuron = given(four_points, "other data with two inputs")
    error: int = choice("height", 0, heights, meaning="0 for E, i for eⁱ")
    extent: float = choice(
        "weights", 6.0, {f"±{e:g}": e for e in EXTENTS}, meaning="2, 6 or 20, the reach of both weights"
    )
    azimuth: float = number(
        "azimuth °", -120.0, -180, 180, step=1, meaning="where it is seen from, in degrees"
    )
    elevation: float = number("elevation °", 35.0, 0, 90, step=1, meaning="from how high up, in degrees")
    plateaus: bool = switch("plateaus", False, meaning="whether the heights far out are written on the right")
    w: Pair | None = maybe_point(
        ("ball w₁₁¹", "ball w₁₂¹"),
        lambda s: s.extent,
        panels=["contours"],
        secondary=True,
        meaning="where a ball lies on the surface; none where it is None",
    )


@dataclass(frozen=True)
class State:
    """What the view shows: which error, how far out, seen from where."""

    azimuth: float
    elevation: float
    name: str
    extent: float
    lowest: float
    highest: float
    along: list[str]  # the edges between terraces that run along the line of sight
    w: Pair | None  # where the ball lies
    height: float  # E, or eⁱ, there; 0 where there is none


class Surface(View[SurfaceSettings, State]):
    """E(w), or one eⁱ(w), as a landscape (slide "Visualizing the loss surface").

    Turn it by dragging, or with the two sliders. Right: the same as contours, with an arrow
    that tells where one looks from. Press there, and a ball lies on the surface at that w.
    """

    panels = Mosaic(
        "space contours",
        size=(1000, 500),
        widths=(3, 2),
        bare=["space"],
        rooms={"contours": (3.6, 1.5, 4, 4)},
    )

    def build(self, live: LiveFigure) -> None:
        self.space: Any = live.axes("space", projection="3d")
        self.contours = live.axes("contours")
        self.drawn: Any = None
        self.grab = (0.0, 0.0, 0.0, 0.0)

    def compute(self, settings: SurfaceSettings) -> State:
        height = grid(settings.problem, settings.error, settings.extent)
        name = f"e{superscript(settings.error)}" if settings.error else "E"
        along = edges_along(part(settings.problem, settings.error), settings.azimuth)
        ends = float(height.min()), float(height.max())
        one, w = part(settings.problem, settings.error), settings.w
        height_there = float(one.error(np.array(w))) if w else 0.0
        return State(
            settings.azimuth, settings.elevation, name, settings.extent, *ends, along, w, height_there
        )

    def draw(self, state: State) -> None:
        settings = self.settings
        if self.drawn != (settings.error, settings.extent, settings.plateaus):
            self._draw_landscape(settings, state.highest)
            self.drawn = settings.error, settings.extent, settings.plateaus
        self.space.view_init(elev=state.elevation, azim=state.azimuth)
        self._turn_frame(state)
        towards = np.deg2rad(state.azimuth)
        eye = state.extent * np.array([np.cos(towards), np.sin(towards)])
        draw.point_arrows(self.eye, eye, -0.25 * eye[np.newaxis])
        w1, w2, height = ([state.w[0]], [state.w[1]], [state.height]) if state.w else ([], [], [])
        self.ball.set_data_3d(w1, w2, height)
        self.marker.set_data(w1, w2)

    def handles(self) -> list[tuple[str, Pair]]:
        """The ball, once there is one."""
        return super().handles() if self.settings.w else []

    def _draw_landscape(self, settings: SurfaceSettings, highest: float) -> None:
        """A new height or extent: make the surface and its contours anew."""
        height, limit = grid(settings.problem, settings.error, settings.extent), settings.extent
        name = f"$e^{settings.error}$" if settings.error else "$E$"
        self.space.clear()
        self.space.set_axis_off()
        across = np.linspace(-limit, limit, FINE)[::COARSE]
        self.space.plot_surface(
            *np.meshgrid(across, across),
            height[::COARSE, ::COARSE],
            cmap=draw.ERROR_MAP,
            rstride=1,
            cstride=1,
            edgecolor="#00000030",
            linewidth=0.3,
        )
        self._draw_frame(limit, max(highest, 1e-9), name)
        self.contours.clear()
        draw.weight_axes(self.contours, limit, f"{name} seen from above")
        draw.error_contour(self.contours, height, limit)
        if settings.plateaus:
            draw.plateau_labels(self.contours, part(settings.problem, settings.error), limit, name)
        self.eye = draw.arrows(self.contours, [draw.INK])
        self.marker = draw.current_weights(self.contours)
        self.ball: Any = draw.current_weights(self.space)  # a Line3D
        self.live.start_over()
        self.live.moving(self.space, self.eye, self.marker)

    def _draw_frame(self, limit: float, top: float, name: str) -> None:
        """The bottom square, with texts for its front sides, and a scale for the height at one corner."""
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * limit
        self.space.plot(*corners.T, np.zeros(5), color=draw.FAINT, linewidth=1)
        self.top = top
        (self.pole,) = self.space.plot([], [], [], color=draw.FAINT, linewidth=1)
        ends = [draw.number(end * limit) for end in (-1, 1)]
        self.across = self._texts([*ends, "$w_{11}^1$"])
        self.up = self._texts([*ends, "$w_{12}^1$"])
        self.ticks = [*range(1, int(np.floor(top + 1e-3)) + 1), 1.13 * top]
        self.scale = self._texts([*map(str, self.ticks[:-1]), name])
        self.space.set(xlim=(-limit, limit), ylim=(-limit, limit), zlim=(0, top))
        self.space.set_box_aspect((4, 4, 2.6), zoom=0.93)

    def _texts(self, told: Sequence[str]) -> list[Any]:
        """The last of them is a name, the others are numbers."""
        look: dict[str, Any] = {"ha": "center", "va": "center"}
        numbers = [self.space.text(0, 0, 0, text, fontsize="small", **look) for text in told[:-1]]
        return [*numbers, self.space.text(0, 0, 0, told[-1], **look)]

    def _turn_frame(self, state: State) -> None:
        """Texts stand in front of the surface, its scale at the left; none where it is seen end-on."""
        limit, towards, low = state.extent, np.deg2rad(state.azimuth), state.elevation < 15
        along, aside = np.cos(towards), np.sin(towards)
        x, y = (1 if side > 0 else -1 for side in (along, aside))  # the front sides
        shown = not low or abs(aside) > 0.25, not low or abs(along) > 0.25, state.elevation < 75
        for texts, seen in zip((self.across, self.up, self.scale), shown, strict=True):
            for text in texts:
                text.set_visible(seen)
        for end, apart, across, up in zip((-1, 1, 0), (1.13, 1.13, 1.2), self.across, self.up, strict=True):
            across.set_position_3d((end * limit, y * apart * limit, 0))
            up.set_position_3d((x * apart * limit, end * limit, 0))
        left, back = y * limit, -x * limit
        self.pole.set_data_3d([left, left], [back, back], [0, self.top])
        for tick, text in zip(self.ticks, self.scale, strict=True):
            text.set_position_3d((1.07 * left, 1.07 * back, tick))

    def sentence(self, state: State) -> str:
        told = (
            f"{state.name} over the weights from −{state.extent:g} to {state.extent:g}, seen from azimuth "
            f"{draw.number(state.azimuth)}° and elevation {draw.number(state.elevation)}°: it lies between "
            f"{draw.number(state.lowest)} and {draw.number(state.highest)} on this grid"
        )
        along = f"; you look along the edge between the terraces {', and between '.join(state.along)}"
        ball = ""
        if state.w:
            there = draw.number(state.height)
            ball = f" The ball lies at w = {draw.vector(state.w)}, where {state.name} = {there}."
        return f"{told}{along if state.along else ''}.{ball}"

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """In space, a drag over the whole width is a full turn; among the contours it moves the ball."""
        if pointer.panel != "space":
            return super().drag(pointer)
        if pointer.begins:
            self.grab = (pointer.across, pointer.up, self.settings.azimuth, self.settings.elevation)
        across, up, azimuth, elevation = self.grab
        turned = azimuth - 360 * (pointer.across - across)
        return {
            "azimuth": (turned + 180) % 360 - 180,
            "elevation": elevation - 180 * (pointer.up - up),
        }


def part(problem: SigmoidNeuron, error: int) -> SigmoidNeuron:
    """The whole problem, or one sample of it."""
    one = slice(error - 1, error)
    return SigmoidNeuron(problem.x[one], problem.y[one]) if error else problem


@lru_cache(maxsize=32)
def grid(problem: SigmoidNeuron, error: int, extent: float) -> Floats:
    """E, or eⁱ, on an even grid."""
    across = np.linspace(-extent, extent, FINE)
    return part(problem, error).surface(across, across)


def edges_along(problem: SigmoidNeuron, azimuth: float) -> list[str]:
    """The terraces on both sides of each edge that runs along the line of sight, within half a degree."""
    cones = problem.plateaus()
    found = [
        f"{draw.number(min(before, after))} and {draw.number(max(before, after))}"
        for (_, edge, before), (_, _, after) in pairwise([*cones, cones[0]])
        if abs((edge - azimuth + 90) % 180 - 90) <= 0.5
    ]
    return list(dict.fromkeys(found))
