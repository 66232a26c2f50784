"""The look of all pictures: one palette, one set of sizes.

A thing keeps its colour, its marker and its line style wherever it appears. The colours are Okabe and Ito's,
which colour-blind readers can tell apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.colors import Colormap, ListedColormap


@dataclass(frozen=True)
class Style:
    """Sizes in points. `projector` also hides the secondary controls of a view.

    least: no letter is smaller. fills: the view fills a screen, so its picture takes any shape.
    """

    font: float
    line: float
    marker: float
    projector: bool = False
    least: float = 0.0
    fills: bool = False

    def fitted(self, scale: float) -> "Style":
        """For a picture of another size: larger in a larger one, and still to be read in a smaller one."""
        if self.fills:
            return self
        scale = max(scale, 0.85)
        return replace(self, font=self.font * scale, line=self.line * scale, marker=self.marker * scale)

    @contextmanager
    def context(self) -> Iterator[None]:
        """While it lasts, new artists take these sizes; nothing stays changed in matplotlib.

        (`mpl.rc_context` copies all of its 300 settings, for every picture.)
        """
        sizes, now = self._sizes(), cast(dict[str, Any], mpl.rcParams)
        before = {name: now[name] for name in sizes}
        now.update(sizes)
        try:
            yield
        finally:
            now.update(before)

    def _sizes(self) -> dict[str, Any]:
        """As matplotlib calls them, with the colours beside."""
        return {
            "font.size": self.font,
            "axes.titlesize": self.font * 1.05,
            "axes.labelsize": self.font,
            "legend.fontsize": self.font * 0.9,
            "xtick.labelsize": self.font * 0.85,
            "ytick.labelsize": self.font * 0.85,
            "lines.linewidth": self.line,
            "lines.markersize": self.marker,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": INK,
            "text.color": INK,
            "axes.labelcolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
        }


INK = "#1b1f24"
FAINT = "#626973"
ALERT = "#b2182b"  # what goes wrong
DESK = Style(font=11, line=2.0, marker=8)
PROJECTOR = Style(font=15.5, line=3.4, marker=13, projector=True)


def for_height(height: float) -> Style:
    """For a screen of so many pixels that one view fills. The small type of a picture is 5/6 of its font."""
    least = height / 45 * 0.72
    font = 1.26 * least
    return Style(font=font, line=0.21 * font, marker=0.8 * font, projector=True, least=least, fills=True)


@dataclass(frozen=True)
class Look:
    """How one thing is drawn, everywhere."""

    name: str
    colour: str
    marker: str
    dashes: Any = "-"


METHODS = {
    "gd": Look("GD", "#0072b2", "o", "-"),
    "sgd": Look("SGD", "#d55e00", "^", "--"),
    "minibatch": Look("mini-batch SGD", "#007a55", "s", "-."),
}
EXACT = Look("GD, exact search", "#7a3b00", "v", (0, (5, 1.2, 1.2, 1.2)))
KINDS_OF_GD = {
    "fixed": METHODS["gd"],
    "exact": EXACT,
    "nesterov": Look("Nesterov", "#7d6400", "P", (0, (7, 2))),
}
OWN = Look("yours", "#1b1f24", "D", ":")  # what a student's own function does
POINTS = (
    Look("1", "#cc5f9c", "o"),
    Look("2", "#e69f00", "s"),
    Look("3", "#56b4e9", "^"),
    Look("4", "#6b4fbb", "D"),
)
LABELS = {1: Look("+1", "#b35806", "o"), -1: Look("−1", "#542788", "s")}  # near the ends of LABEL_MAP
LOOKS = METHODS | KINDS_OF_GD | {"yours": OWN}
# Regions of the weights, by the terrace of E. Side by side they have a contrast of 3 or more, the first and
# the last excepted, which differ in hue and lie opposite.
TERRACES = ("#08306b", "#fff3c4", "#c8742c", "#4a1010")
CURRENT = Look("w", INK, "o")
OPTIMUM = Look("S*", "#f0e442", "*")
DIRECTION = Look("d", "#a3195b", "o")
# Told apart without colour too: one is dark and solid, the other lighter and dashed.
FORWARD = Look("forward", "#00465a", ">", "-")  # what flows through a network from x to e
BACKWARD = Look("backward", "#c92f82", "<", "--")  # and the error gradient that flows back


def _lightened(name: str, share: float) -> Colormap:
    """A perceptually uniform map with white mixed in, so that paths and labels stand out on it."""
    colours = mpl.colormaps[name](np.linspace(0, 1, 256))
    return ListedColormap(colours * (1 - share) + share, name=f"{name}_light")


ERROR_MAP = _lightened("cividis", 0.42)
SIGN_MAP = ListedColormap(
    mpl.colormaps["RdBu_r"](np.linspace(0.2, 0.8, 256))
)  # entries of a matrix, from negative to positive, white at 0
LABEL_MAP = mpl.colormaps["PuOr_r"]  # ŷ from 0 (violet) to 1 (orange), pale at ½
# The same without the dark ends, to lie under samples in the colours of their labels.
PALE_LABEL_MAP = ListedColormap(LABEL_MAP(np.linspace(0.25, 0.75, 256)), name="PuOr_r_pale")
