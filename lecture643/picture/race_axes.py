"""The axes of a race: the map of E, the curves' scales, and a plane of the points in the place of a curve."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist

from lecture643.maths.race import Race, error_map
from lecture643.picture import draw
from lecture643.picture.error_map import ErrorMap
from lecture643.picture.figure import LiveFigure
from lecture643.picture.own_points import OwnPoints

LIMIT = 3.0  # of the weights
REACH = 6.0  # of the points
LOWEST = 1e-5


class RaceAxes:
    """Panels "weights", "step" or "inputs", and "cost".

    own: whether the race is on other points than at first, whose E moves. plane: whether the points are seen.
    """

    def __init__(self, live: LiveFigure, goal: float | None) -> None:
        self._live = live
        self._ground = live.axes("weights")
        self.weights = live.axes("weights", facecolor="none")
        draw.weight_axes(self.weights, LIMIT, "drag ✕; an arrow is a step")
        self.map = ErrorMap(self.weights, LIMIT)
        self.inputs = live.panels["inputs"] = live.axes("step")
        draw.data_axes(self.inputs, REACH)
        self.points = OwnPoints(self.inputs)
        self.by_step, self.by_cost = live.axes("step"), live.axes("cost")
        for ax, across in ((self.by_step, "step $k$"), (self.by_cost, "sample gradients spent")):
            draw.error_axes(ax, across)
            ax.set_xscale("symlog", linthresh=1)  # logarithmic, but with a place for 0
            ax.xaxis.set_major_formatter("{x:g}")
            draw.goal_line(ax, goal)
        self._fits: Any = None  # what the scales and the legend have been made for
        self.own = False
        self.swap("")

    @property
    def plane(self) -> bool:
        """Whether the points are seen."""
        return self.inputs.get_visible()

    @property
    def layout(self) -> tuple[Any, ...]:
        """What decides which artists move."""
        return self.own, self.plane, self.weights.get_legend()

    @property
    def below(self) -> list[Artist]:
        """What moves below all else."""
        points, legend = self.points.moving if self.plane else [], self.weights.get_legend()
        return [*self.map.moving, legend, *points] if self.own and legend else points

    def swap(self, title: str) -> None:
        """Show the points under this title; or the curves, where there is none."""
        self.inputs.set(visible=bool(title), title=title)
        self.by_step.set_visible(not title)
        if legend := self.by_cost.get_legend():  # the other one is with the upper curves
            legend.set_visible(bool(title))

    def fit(self, race: Race, own: bool) -> None:
        """Show the E of this race; another number of samples has other scales and another legend."""
        self.own = own
        if self._fits != (race.samples, race.given.size, own):
            self._fits = race.samples, race.given.size, own
            self._ground.set_visible(not own)
            if not own:
                self._draw_ground(race)
            self._scale(race)
            self._live.still_changed()
        self.map.show(error_map(race.given, race.samples, LIMIT) if own else None)

    def _draw_ground(self, race: Race) -> None:
        self._ground.clear()
        draw.error_contour(self._ground, error_map(race.given, race.samples, LIMIT), LIMIT)
        self._ground.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), aspect="equal")
        self._ground.set_axis_off()

    def _scale(self, race: Race) -> None:
        scale = race.samples / race.given.size
        for ax in (self.by_step, self.by_cost):
            ax.set_ylim(LOWEST * scale, 8 * scale * max(race.given.size / len(draw.POINTS), 1))
        share = "" if scale == 1 else rf"\,{race.given.size}/{race.samples}\,"
        tips = [(draw.INK, ">", rf"$-\gamma_k{share}\nabla E$")]
        for i, look in enumerate(draw.POINTS[: race.samples] if has_few(race) else (), start=1):
            tips.append((look.colour, look.marker, rf"$-\gamma_k\nabla e^{i}$" if i == 1 else f"${i}$"))
        draw.tips_legend(self.weights, tips)

    def stretch(self, taken: int, budget: int) -> None:
        """Fit the curves' axes to the walks' length; only then is the still part drawn anew."""
        for ax, most in ((self.by_step, taken), (self.by_cost, budget)):
            right = 2 ** (np.ceil(2 * np.log2(1.3 * max(most, 1))) / 2)  # seldom another one
            if ax.get_xlim()[1] != right:
                ax.set_xlim(-0.2, right)
                self._live.still_changed()


def has_few(race: Race) -> bool:
    """Whether each sample has its own arrow."""
    return race.samples <= len(draw.POINTS)
