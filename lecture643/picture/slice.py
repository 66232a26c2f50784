"""A slice of f along a direction, with the interval in which f stays below f(x)."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from lecture643.maths.checks import Floats
from lecture643.maths.text import number
from lecture643.picture.axes import nice
from lecture643.picture.style import DIRECTION, FAINT, INK, OPTIMUM, Style


class Slice:
    """α ↦ f(x + αd) − f(x) in parts of its own scale, so that only the numbers at the ticks move.

    artists: what moves, for `live.moving`.
    """

    def __init__(self, ax: Axes, style: Style) -> None:
        ax.set(xlim=(0, 1), ylim=(-1, 1), xticks=[], yticks=[], title=r"$f(x+\alpha d)-f(x)$")
        ax.axhline(0, color=FAINT, linewidth=1)
        look: dict[str, Any] = {"transform": ax.transAxes, "clip_on": False, "fontsize": "small"}
        ax.text(0.5, -0.03, r"$\alpha$", ha="center", va="top", **(look | {"fontsize": "medium"}))
        ax.text(0, -0.03, "0", ha="center", va="top", **look)
        ax.text(-0.04, 0.5, "0", ha="right", va="center", **look)
        self._end = ax.text(1, -0.03, "", ha="center", va="top", **look)
        ends = ((1, "top"), (0, "bottom"))
        self._scale = [ax.text(-0.04, height, "", ha="right", va=side, **look) for height, side in ends]
        (self._tangent,) = ax.plot([], [], "--", color=FAINT)
        (self._curve,) = ax.plot([], [], color=DIRECTION.colour)
        bar: dict[str, Any] = {"linewidth": 3 * style.line, "solid_capstyle": "butt"}
        (self.below,) = ax.plot([], [], color=OPTIMUM.colour, **bar)
        (self.open_end,) = ax.plot([], [], "o", color="white", markeredgecolor=INK, clip_on=False)
        self._name = ax.text(0, 0.07, r"$(0,\epsilon]$", ha="center", va="bottom")
        lines = (self.below, self._tangent, self._curve, self.open_end)
        self.artists = [self._name, *lines, self._end, *self._scale]

    def draw(self, slice_: Floats, slope: float, interval: float) -> None:
        """Move it all.

        slice_: (2, n), α from 0 on and the rise. slope: of the dashed line. interval: where f stays lower.
        """
        alpha, rise = slice_
        reach, height = float(alpha[-1]), nice(float(np.abs(rise).max()))
        self._curve.set_data(alpha / reach, rise / height)
        self._tangent.set_data([0, 1], [0, slope * reach / height])
        end = min(interval / reach, 1.0)
        self.below.set_data([0, end], [0, 0])
        self._name.set_x(end / 2)
        self._name.set_visible(end > 0.12)
        ends_here = 0 < interval <= reach
        self.open_end.set_data([end] if ends_here else [], [0] if ends_here else [])
        for text, value in zip([self._end, *self._scale], (reach, height, -height), strict=True):
            text.set_text(number(value))
