"""What moves on the axes: the current w, walks, arrows, labelled points."""

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver

from lecture643.maths.checks import Floats
from lecture643.maths.functions import Perceptron
from lecture643.maths.text import number
from lecture643.maths.toy import SigmoidNeuron
from lecture643.picture.axes import level_line
from lecture643.picture.style import CURRENT, INK, LABELS, LOOKS, METHODS, POINTS, Look

AWAY = 1000.0  # out of every picture of weights
WHITE = {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.75, "linewidth": 0}  # below a text


def current_weights(ax: Axes) -> Line2D:
    """The marker of the current w; move it with `set_data([w1], [w2])`."""
    return ax.plot(
        [], [], CURRENT.marker, color=CURRENT.colour, markeredgecolor="white", markeredgewidth=1.6, zorder=9
    )[0]


def method_line(ax: Axes, method: str, **settings: Any) -> Line2D:
    """The empty line of one method, in its colour and dashes."""
    look = LOOKS[method]
    return ax.plot([], [], linestyle=look.dashes, color=look.colour, label=look.name, **settings)[0]


def method_walk(ax: Axes, method: str) -> Line2D:
    """The empty line of one method, with the method's marker at its last point."""
    marker = {"marker": METHODS[method].marker, "markeredgecolor": "white", "markeredgewidth": 1.4}
    return method_line(ax, method, markevery=[-1], **marker)


def cloud(ax: Axes, method: str) -> Line2D:
    """The empty faint dots of one method's many walks; move them with `set_data`."""
    size = 0.5 * mpl.rcParams["lines.markersize"]
    look = METHODS[method]
    return ax.plot([], [], "o", color=look.colour, markersize=size, markeredgewidth=0, alpha=0.4)[0]


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


def step_arrows(
    quiver: Quiver,
    tips: Sequence[Line2D],
    at: Floats,
    vectors: Floats,
    shortest: float,
    tipped: bool = True,
) -> None:
    """As `point_arrows`; where `tipped`, with a marker at the tip of each but the first; not if shorter.

    vectors: (n, 2); arrows of the quiver beyond these n are hidden, and so are those below `shortest`.
    """
    every = np.zeros((quiver.N, 2))
    every[: len(vectors)] = vectors
    long = np.linalg.norm(every, axis=1) >= shortest
    # Of an arrow without length there would be a dot: it goes where none is seen.
    point_arrows(quiver, np.where(long[:, np.newaxis], at, AWAY), every)
    for i, tip in enumerate(tips, start=1):
        tip.set_data(*(at + every[i])[:, np.newaxis] if tipped and long[i] else ([], []))


def arrow_tip(ax: Axes, look: Look) -> Line2D:
    """The marker that says whose arrow it is."""
    size = 0.65 * mpl.rcParams["lines.markersize"]
    return ax.plot([], [], look.marker, color=look.colour, markeredgecolor=INK, markersize=size)[0]


def tips_legend(ax: Axes, tips: Sequence[tuple[str, str, str]]) -> None:
    """In one row below, what the arrows are: colour, marker and label of each."""
    handles = [Line2D([], [], linestyle="", color=c, marker=marker, label=label) for c, marker, label in tips]
    room: dict[str, Any] = {"handlelength": 1, "handletextpad": 0.2, "columnspacing": 0.7, "borderpad": 0.3}
    ax.legend(handles=handles, loc="lower center", ncols=len(handles), framealpha=0.85, **room)


def methods_legend(ax: Axes, lines: Sequence[Line2D]) -> None:
    """In one row above the axes, which line is which method's."""
    room: dict[str, Any] = {"handlelength": 2.0, "columnspacing": 1.1, "borderaxespad": 0.2, "frameon": False}
    ax.legend(handles=lines, loc="lower right", bbox_to_anchor=(1.02, 0.99), ncols=len(lines), **room)


def start_cross(ax: Axes, scale: float = 1.6) -> Line2D:
    """The cross where a walk begins; move it with `set_data`."""
    size = scale * mpl.rcParams["lines.markersize"]
    return ax.plot([], [], "x", color=INK, markersize=size, markeredgewidth=2.5)[0]


def goal_line(ax: Axes, goal: float | None) -> None:
    """A dotted line at the height that is to be got below, if there is one."""
    if goal is not None:
        ax.axhline(goal, color=INK, linestyle=":")
        ax.annotate("goal", (0, goal), (4, 3), ax.get_yaxis_transform(), "offset points")


def goal_contour(ax: Axes, problem: SigmoidNeuron, goal: float) -> None:
    """On a map of weights, a dotted line around where E is below the goal, and the goal inside it."""
    limit = float(ax.get_xlim()[1])
    even = np.linspace(-limit, limit, 161)
    error = problem.surface(even, even)
    ax.plot(*level_line(error, limit, goal), ":", color=INK)
    row, column = np.unravel_index(error.argmin(), error.shape)
    at = even[column], even[row]
    look: dict[str, Any] = {"textcoords": "offset points", "va": "center", "bbox": WHITE}
    ax.annotate(f"E < {number(goal)}", at, (4, 0), **look)


def disc(at: Floats, radius: Floats) -> Floats:
    """The outline (n, 2) of a shape around a point, from its radius at n angles, evenly from 0° to 360°."""
    angles = np.linspace(0, 2 * np.pi, len(radius))
    return at + radius[:, np.newaxis] * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def hatching(middle: tuple[float, float], radius: float, apart: float = 0.18) -> Floats:
    """Slanting lines inside a circle that do not move with it: x and y for one Line2D."""
    x, y = middle
    first, last = ((y - x) / np.sqrt(2) + side for side in (-radius, radius))  # across the lines
    lines = apart * np.arange(np.ceil(first / apart), last / apart)
    half = np.sqrt(radius**2 - (lines - (y - x) / np.sqrt(2)) ** 2)
    along = (x + y) / np.sqrt(2) + np.stack([-half, half, np.full_like(half, np.nan)], axis=1)
    return np.stack([along - lines[:, np.newaxis], along + lines[:, np.newaxis]]).reshape(2, -1) / np.sqrt(2)


def data_points(ax: Axes, problem: SigmoidNeuron | Perceptron) -> list[Any]:
    """The labelled points, each with its own marker, and its number and label beside it."""
    artists: list[Any] = []
    size = mpl.rcParams["lines.markersize"] * 1.3
    for (x1, x2), y, look in zip(problem.x, problem.y, POINTS, strict=False):
        artists += ax.plot(
            x1, x2, look.marker, color=look.colour, markersize=size, markeredgecolor=INK, markeredgewidth=1.3
        )
        side = 1 if x1 < 0.4 * ax.get_xlim()[1] else -1  # the label stays inside
        artists.append(
            ax.annotate(
                f"{look.name}: y = {number(y)}",
                (x1, x2),
                fontsize="small",
                xytext=(0.8 * side * size, 0),
                textcoords="offset points",
                ha="left" if side > 0 else "right",
                va="center",
                bbox=WHITE,
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
