"""A slice of f that a line search looks through, from 0 to the bound of its bracket."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from lecture643.maths.checks import Floats
from lecture643.maths.search import LineSearch
from lecture643.maths.text import number
from lecture643.picture.style import ALERT, EXACT, FAINT, INK


class BracketedSlice:
    """The slice in parts of its own scales, so that only the numbers at the ticks move.

    artists: for `live.moving`.
    """

    def __init__(self, ax: Axes, title: str) -> None:
        ax.set(xlim=(0, 1), ylim=(-0.12, 1.5), xticks=[], yticks=[], title=title)
        look: dict[str, Any] = {"clip_on": False, "fontsize": "small"}
        self.heights = [ax.text(-0.015, y, "", ha="right", va="center", **look) for y in (1.0, 0.0)]
        self.places = [ax.text(1, -0.18, "", ha=ha, va="top", **look) for ha in ("center", "right")]
        ax.text(0, -0.18, "0", ha="center", va="top", **look)
        ax.plot([0, 1], [1, 1], color=FAINT, linewidth=1)
        (self.curve,) = ax.plot([], [], color=INK)
        (self.drop,) = ax.plot([], [], ":", color=EXACT.colour)
        (self.found,) = ax.plot(
            [], [], EXACT.marker, color=EXACT.colour, markeredgecolor="white", clip_on=False
        )
        bracket = ([0.985, 1, 1, 0.985], [-0.1, -0.1, 1.45, 1.45])  # the ] of (0, α_max]
        (self.bracket,) = ax.plot(*bracket, color=ALERT, linewidth=4, clip_on=False)
        self.artists: list[Artist] = [self.curve, self.drop, self.bracket, self.found]
        self.artists += self.heights + self.places

    def draw(self, slice_: Floats, search: LineSearch | None, bound: float) -> None:
        """Scaled so that s(0) is at 1 and s(α^k) at 0; slice_: (2, n), α and s(α), search: what was found."""
        alpha, value = slice_
        end = alpha[-1]
        lowest = search.error if search else value.min()
        height = value[0] - lowest or 1.0  # a level slice lies at s(0)
        self.curve.set_data(alpha / end, 1 + (value - value[0]) / height)
        at = search.alpha / end if search else np.nan
        self.found.set_data([at], [0])
        self.drop.set_data([at, at], [-0.12, 1])
        bound_in_sight = search is not None and bound <= end * (1 + 1e-9)
        self.bracket.set_visible(bound_in_sight)
        self.heights[0].set_text(number(value[0]))
        self.heights[1].set_text(number(lowest) if height != 1.0 or search else "")
        self.places[0].set_x(min(at, 0.6) if search else 0)  # clear of the number at the end
        self.places[0].set_visible(search is not None and at < 1)
        self.places[0].set_text(f"$\\alpha^k$ = {number(search.alpha)}" if search else "")
        name = r"$\alpha_{\max}$ = " if bound_in_sight else ""
        self.places[1].set_text(f"{name}{number(end)}")
