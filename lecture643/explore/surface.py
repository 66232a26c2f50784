"""The loss surface in three dimensions, to be turned, with its contour twin."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from lecture643.live.controls import choice, slider
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw

EXTENTS = (2.0, 6.0, 20.0)
FINE = 161  # points to a side for the contours
COARSE = 4  # the landscape takes every fourth of them


@dataclass(frozen=True)
class State:
    """What the view shows: which error, how far out, seen from where."""

    azimuth: float
    elevation: float
    error: int  # 0 for E, else i for eⁱ
    extent: float
    lowest: float
    highest: float


class Surface(View[State]):
    """E(w), or one eⁱ(w), as a landscape (slide "Visualizing the loss surface").

    Turn it by dragging, or with the two sliders. Right: the same as contours, with an arrow
    that tells where one looks from.

    azimuth, elevation: where it is seen from, in degrees. error: 0 for E, i for eⁱ.
    extent: 2, 6 or 20, the reach of both weights.
    """

    size = (1000, 500)

    def __init__(
        self,
        azimuth: float = -120,
        elevation: float = 35,
        error: int = 0,
        extent: float = 6,
        problem: SigmoidNeuron | None = None,
    ) -> None:
        self.problem = problem or four_points()
        names = ["E", *(f"e{'¹²³⁴⁵⁶⁷⁸⁹'[i]}" for i in range(min(self.problem.size, 9)))]
        # Floats, since only they are equal to a dropdown's own 2, 6 and 20 in every case.
        finite_array("azimuth and elevation", (azimuth, elevation))
        self._grab = (0.0, 0.0, 0.0, 0.0)
        self._grids = lru_cache(maxsize=None)(self._grid_of)
        controls = {
            "azimuth": slider("azimuth °", azimuth, -180, 180, 1, decimals=0),
            "elevation": slider("elevation °", elevation, 0, 90, 1, decimals=0),
            "error": choice("height", [(name, i) for i, name in enumerate(names)], error),
            "extent": choice("weights", [(f"±{e:g}", e) for e in EXTENTS], float(extent)),
        }
        super().__init__(controls, rows=[["error", "extent"], ["azimuth", "elevation"]])

    def build(self, live: LiveFigure) -> None:
        self.space: Any = live.axes(-0.02, -0.02, 0.6, 1.06, projection="3d")
        self.contours = live.axes(0.64, 0.12, 0.34, 0.68)
        self._drawn: tuple[int, float] | None = None

    def compute(self, azimuth: float, elevation: float, error: int, extent: float) -> State:
        finite_array("azimuth and elevation", (azimuth, elevation))
        height = self._grids(error, extent)
        return State(azimuth, elevation, error, extent, float(height.min()), float(height.max()))

    def draw(self, state: State) -> None:
        if self._drawn != (state.error, state.extent):
            self._draw_landscape(state)
            self._drawn = (state.error, state.extent)
        self.space.view_init(elev=state.elevation, azim=state.azimuth)
        towards = np.deg2rad(state.azimuth)
        eye = state.extent * np.array([np.cos(towards), np.sin(towards)])
        draw.point_arrows(self.eye, eye, -0.25 * eye[np.newaxis])

    def _draw_landscape(self, state: State) -> None:
        """A new height or extent: make the surface and its contours anew."""
        height, limit = self._grids(state.error, state.extent), state.extent
        self.space.clear()
        self.space.set_axis_off()
        across = np.linspace(-limit, limit, FINE)[::COARSE]
        w1, w2 = np.meshgrid(across, across)
        self.space.plot_surface(
            w1,
            w2,
            height[::COARSE, ::COARSE],
            cmap=draw.ERROR_MAP,
            rstride=1,
            cstride=1,
            edgecolor="#00000030",
            linewidth=0.3,
        )
        self._draw_frame(limit, max(state.highest, 1e-9), self._name(state.error))
        self.contours.clear()
        draw.weight_axes(self.contours, limit, f"{self._name(state.error)} seen from above")
        draw.error_contour(self.contours, height, limit)
        if not state.error:
            draw.plateau_labels(self.contours, self.problem, limit)
        self.eye = draw.arrows(self.contours, [draw.INK])
        self.live.start_over()
        self.live.moving(self.space, self.eye)

    def _draw_frame(self, limit: float, top: float, name: str) -> None:
        """The bottom square with the weights' names, and a scale for the height at one corner."""
        write = self.space.text
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * limit
        self.space.plot(*corners.T, np.zeros(5), color=draw.FAINT, linewidth=1)
        write(0, -1.2 * limit, 0, "$w_{11}^1$", ha="center", va="center")
        write(-1.2 * limit, 0, 0, "$w_{12}^1$", ha="center", va="center")
        for end in (-limit, limit):
            write(
                end,
                -1.13 * limit,
                0,
                f"{end:g}".replace("-", "−"),
                ha="center",
                va="center",
                fontsize="small",
            )
            write(
                -1.13 * limit,
                end,
                0,
                f"{end:g}".replace("-", "−"),
                ha="center",
                va="center",
                fontsize="small",
            )
        self.space.plot([-limit] * 2, [limit] * 2, [0, top], color=draw.FAINT, linewidth=1)
        for tick in range(1, int(np.floor(top + 1e-9)) + 1):
            write(-1.07 * limit, 1.07 * limit, tick, f"{tick}", ha="center", va="center", fontsize="small")
        write(-1.07 * limit, 1.07 * limit, 1.13 * top, f"${name}$", ha="center", va="center")
        self.space.set(xlim=(-limit, limit), ylim=(-limit, limit), zlim=(0, top))
        self.space.set_box_aspect((4, 4, 2.6), zoom=0.93)

    def _grid_of(self, error: int, extent: float) -> Floats:
        across = np.linspace(-extent, extent, FINE)
        w = np.stack(np.meshgrid(across, across), axis=-1)
        return self.problem.sample_errors(w)[..., error - 1] if error else self.problem.error(w)

    @staticmethod
    def _name(error: int) -> str:
        return f"e^{error}" if error else "E"

    def sentence(self, state: State) -> str:
        name = f"e{'¹²³⁴⁵⁶⁷⁸⁹'[state.error - 1]}" if state.error else "E"
        return (
            f"{name} over the weights from −{state.extent:g} to {state.extent:g}, seen from azimuth "
            f"{draw.number(state.azimuth)}° and elevation {draw.number(state.elevation)}°: it lies between "
            f"{draw.number(state.lowest)} and {draw.number(state.highest)} on this grid."
        )

    def drag(self, pointer: Pointer) -> dict[str, float]:
        """A drag over the whole width is a full turn."""
        if pointer.axes is not self.space:
            return {}
        if pointer.begins:
            azimuth, elevation = self.controls["azimuth"].value, self.controls["elevation"].value
            self._grab = (pointer.across, pointer.up, azimuth, elevation)
        across, up, azimuth, elevation = self._grab
        turned = azimuth - 360 * (pointer.across - across)
        return {
            "azimuth": (turned + 180) % 360 - 180,
            "elevation": elevation - 180 * (pointer.up - up),
        }
