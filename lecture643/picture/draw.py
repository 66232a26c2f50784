"""Pictures of the lecture's things on a given matplotlib Axes: no pyplot, no figure of their own.

One palette for the whole companion: a thing keeps its colour, its marker and its line style
wherever it appears. The colours are Okabe and Ito's, which colour-blind readers can tell apart.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, ListedColormap
from matplotlib.contour import QuadContourSet
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver

from lecture643.maths.checks import Floats
from lecture643.maths.functions import Perceptron
from lecture643.maths.text import number as number
from lecture643.maths.text import vector as vector
from lecture643.maths.toy import SigmoidNeuron


@dataclass(frozen=True)
class Style:
    """Sizes in points. `projector` also hides the secondary controls of a view."""

    font: float
    line: float
    marker: float
    projector: bool = False

    def context(self) -> AbstractContextManager[None]:
        """While it lasts, new artists take these sizes; nothing stays changed in matplotlib."""
        return mpl.rc_context(
            {
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
        )


INK = "#1b1f24"
FAINT = "#8a9099"
ALERT = "#b2182b"  # what goes wrong
DESK = Style(font=11, line=2.0, marker=8)
PROJECTOR = Style(font=15.5, line=3.4, marker=13, projector=True)


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
POINTS = (
    Look("1", "#cc5f9c", "o"),
    Look("2", "#e69f00", "s"),
    Look("3", "#56b4e9", "^"),
    Look("4", "#6b4fbb", "D"),
)
LABELS = {1: Look("+1", "#b35806", "o"), -1: Look("−1", "#542788", "s")}  # near the ends of LABEL_MAP
_LOOKS = METHODS | KINDS_OF_GD
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


def clipped(values: Floats, limit: float) -> Floats:
    """Points that left the picture, drawn on its edge."""
    return np.clip(values, -limit, limit)


# --- weight space -------------------------------------------------------------------------------


def weight_axes(ax: Axes, limit: float, title: str = "") -> None:
    """A square of weights from −limit to limit, with the slides' names on the axes."""
    _square(ax, limit, title, "$w_{11}^1$", "$w_{12}^1$")


def _square(ax: Axes, limit: float, title: str, across: str, up: str) -> None:
    ax.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", title=title)
    ax.set_xlabel(across, labelpad=1)
    ax.set_ylabel(up, rotation=0, ha="right", va="bottom")
    ax.yaxis.set_label_coords(-0.015, 1.03)  # above the axis: beside it big type would be cut off
    ticks = np.linspace(-limit, limit, 5)
    ax.set(xticks=ticks, yticks=ticks)


def plane_axes(ax: Axes, limit: float, title: str = "") -> None:
    """A square of points x, where f is any function, from −limit to limit."""
    _square(ax, limit, title, "$x_1$", "$x_2$")


def plateau_labels(ax: Axes, problem: SigmoidNeuron, limit: float) -> None:
    """The height that E tends to in each direction, written into the middle of each cone."""
    for low, high, height in problem.plateaus():
        middle = np.deg2rad((low + high) / 2)
        place = 0.62 * limit * np.array([np.cos(middle), np.sin(middle)])
        ax.text(place[0], place[1], f"E → {height:g}", ha="center", va="center", weight="bold")


def error_contour(ax: Axes, error: Floats, limit: float) -> QuadContourSet:
    """Filled contours of E (or one eⁱ) given on an even grid over ±limit, with thin lines on top."""
    grid = np.linspace(-limit, limit, len(error))
    top = max(float(error.max()), 1e-9)
    filled = ax.contourf(grid, grid, error, np.linspace(0, top, 25), cmap=ERROR_MAP)
    lines = np.array([0.0025, 0.025, 0.125, 0.25, 0.5, 0.75, 0.875, 0.975]) * top
    ax.contour(grid, grid, error, lines, colors="white", linewidths=0.8)
    return filled


def height_contour(ax: Axes, height: Floats, limit: float) -> list[QuadContourSet]:
    """Filled contours of any f given on an even grid over ±limit; blank where it is no finite number.

    Returns what was drawn, so that it can be hidden.
    """
    grid = np.linspace(-limit, limit, len(height))
    height = np.ma.masked_invalid(height)
    low, high = float(height.min()), float(height.max())
    levels = np.linspace(low, max(high, low + 1e-9), 25)
    filled = ax.contourf(grid, grid, height, levels, cmap=ERROR_MAP)
    lines: dict[str, Any] = {"colors": "white", "linewidths": 0.8, "linestyles": "solid"}
    return [filled, ax.contour(grid, grid, height, levels[1:-1:2], **lines)]


def current_weights(ax: Axes) -> Line2D:
    """The marker of the current w; move it with `set_data([w1], [w2])`."""
    return ax.plot(
        [], [], CURRENT.marker, color=CURRENT.colour, markeredgecolor="white", markeredgewidth=1.6, zorder=9
    )[0]


def method_line(ax: Axes, method: str, **settings: Any) -> Line2D:
    """The empty line of one method, in its colour and dashes."""
    look = _LOOKS[method]
    return ax.plot([], [], linestyle=look.dashes, color=look.colour, label=look.name, **settings)[0]


def method_walk(ax: Axes, method: str) -> Line2D:
    """The empty line of one method, with the method's marker at its last point."""
    marker = {"marker": METHODS[method].marker, "markeredgecolor": "white", "markeredgewidth": 1.4}
    return method_line(ax, method, markevery=[-1], **marker)


def arrows(ax: Axes, colours: Sequence[str]) -> Quiver:
    """One arrow for each colour, in data units; move them with `point_arrows`."""
    none = np.zeros(len(colours))
    size: dict[str, Any] = {
        "width": 0.0055 * mpl.rcParams["lines.linewidth"],
        "headwidth": 3.2,
        "headlength": 3.6,
    }
    look: dict[str, Any] = {
        "color": list(colours),
        "edgecolor": "white",
        "linewidth": 0.8,
        "headaxislength": 3.4,
    }
    return ax.quiver(none, none, none, none, angles="xy", scale_units="xy", scale=1, **size, **look)


def point_arrows(quiver: Quiver, at: Floats, vectors: Floats) -> None:
    """Let every arrow of the quiver start at the point `at` (2,); vectors (n, 2)."""
    quiver.set_offsets(np.broadcast_to(at, vectors.shape))
    quiver.set_UVC(vectors[:, 0], vectors[:, 1])


def disc(at: Floats, radius: Floats) -> Floats:
    """The outline (n, 2) of a shape around a point, from its radius at n angles, evenly from 0° to 360°."""
    angles = np.linspace(0, 2 * np.pi, len(radius))
    return at + radius[:, np.newaxis] * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def nice(value: float) -> float:
    """The next of 1, 2 and 5 times a power of ten: the end of a scale that need not change at every move."""
    if not value > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next((m * power for m in (1, 2, 5) if value <= m * power * (1 + 1e-9)), 10 * power))


# --- data space ---------------------------------------------------------------------------------


def data_axes(ax: Axes, limit: float, title: str = "") -> None:
    """A square of inputs from −limit to limit."""
    _square(ax, limit, title, "$x_1$", "$x_2$")


def data_points(ax: Axes, problem: SigmoidNeuron | Perceptron) -> list[Any]:
    """The labelled points, each with its own marker, and its label beside it."""
    artists: list[Any] = []
    size = mpl.rcParams["lines.markersize"] * 1.3
    for (x1, x2), y, look in zip(problem.x, problem.y, POINTS, strict=False):
        artists += ax.plot(
            x1, x2, look.marker, color=look.colour, markersize=size, markeredgecolor=INK, markeredgewidth=1.3
        )
        side = 1 if y < 0.5 and x1 < 3 else -1  # the labels of neighbours stay apart, and inside
        artists.append(
            ax.annotate(
                f"y = {number(y)}",
                (x1, x2),
                fontsize="small",
                xytext=(0.8 * side * size, 0),
                textcoords="offset points",
                ha="left" if side > 0 else "right",
                va="center",
                bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.75, "linewidth": 0},
            )
        )
    return artists


def samples(ax: Axes, label: int, hollow: bool) -> Line2D:
    """The empty markers of the samples with the label +1 or −1; move them with `set_data`."""
    look, size = LABELS[label], 0.7 * mpl.rcParams["lines.markersize"]
    inside, edge = ("white", look.colour) if hollow else (look.colour, "white")
    return ax.plot(
        [], [], look.marker, color=inside, markeredgecolor=edge, markersize=size, markeredgewidth=0.2 * size
    )[0]


def level_line(height: Floats, limit: float, level: float) -> tuple[Floats, Floats]:
    """Where `height`, given on an even grid over ±limit, crosses the level: x and y for one Line2D.

    Its pieces are separated by nan. (Axes.contour would make new artists for each picture.)
    """
    across = np.linspace(-limit, limit, len(height))
    gap = np.full((1, 2), np.nan)
    pieces: Any = contour_generator(across, across, height).lines(level)
    x, y = np.concatenate([gap, *(part for piece in pieces for part in (piece, gap))]).T
    return x, y


# --- curves -------------------------------------------------------------------------------------


def error_axes(ax: Axes, across: str, lowest: float = 1e-5) -> None:
    """E on a log axis against `across`, with a light grid."""
    ax.set(yscale="log", ylim=(lowest, 8), xlabel=across)
    ax.set_ylabel("$E(w^k)$", labelpad=2)
    ax.grid(True, alpha=0.35, linewidth=0.8)
