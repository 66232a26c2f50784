"""Axes of the lecture's planes and curves, and what lies still on them."""

from typing import Any

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet

from lecture643.maths.checks import Floats
from lecture643.maths.toy import SigmoidNeuron
from lecture643.picture.style import ERROR_MAP


def clipped(values: Floats, limit: float) -> Floats:
    """Points that left the picture, drawn on its edge."""
    return np.clip(values, -limit, limit)


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


def plateau_labels(ax: Axes, problem: SigmoidNeuron, limit: float, name: str = "E") -> None:
    """The height that E (or `name`) tends to in each direction, written into the middle of each cone."""
    for low, high, height in problem.plateaus():
        middle = np.deg2rad((low + high) / 2)
        place = 0.62 * limit * np.array([np.cos(middle), np.sin(middle)])
        ax.text(place[0], place[1], f"{name} → {height:g}", ha="center", va="center", weight="bold")


def error_contour(ax: Axes, error: Floats, limit: float) -> QuadContourSet:
    """Filled contours of E (or one eⁱ) given on an even grid over ±limit, with thin lines on top."""
    grid = np.linspace(-limit, limit, len(error))
    top = max(float(error.max()), 1e-9)
    # A flat terrace (1 or 3 of 4) has no height at which a band or a line could run to and fro.
    filled = ax.contourf(grid, grid, error, np.linspace(0, top, 26), cmap=ERROR_MAP)
    lines = np.array([0.0025, 0.025, 0.125, 0.24, 0.5, 0.74, 0.875, 0.975]) * top
    ax.contour(grid, grid, error, lines, colors="white", linewidths=0.8)
    return filled


def height_contour(ax: Axes, height: Floats, limit: float) -> list[QuadContourSet]:
    """Filled contours of any f given on an even grid over ±limit; blank where it is no finite number.

    Returns what was drawn, so that it can be hidden.
    """
    grid = np.linspace(-limit, limit, len(height))
    height = np.ma.masked_invalid(height)
    low, high = float(height.min()), float(height.max())
    levels = np.linspace(low, max(high, low + 1e-9), 26)
    filled = ax.contourf(grid, grid, height, levels, cmap=ERROR_MAP)
    lines: dict[str, Any] = {"colors": "white", "linewidths": 0.8, "linestyles": "solid"}
    return [filled, ax.contour(grid, grid, height, levels[1:-1:2], **lines)]


def as_wide(*axes: Axes) -> None:
    """Make all as wide as the narrowest of them."""
    width = min(ax.get_position().width for ax in axes)
    for ax in axes:
        box = ax.get_position()
        ax.set_position((box.x0, box.y0, width, box.height))


def nice(value: float) -> float:
    """The next of 1, 2 and 5 times a power of ten: the end of a scale that need not change at every move."""
    if not value > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next((m * power for m in (1, 2, 5) if value <= m * power * (1 + 1e-9)), 10 * power))


def data_axes(ax: Axes, limit: float, title: str = "") -> None:
    """A square of inputs from −limit to limit."""
    _square(ax, limit, title, "$x_1$", "$x_2$")


def level_line(height: Floats, limit: float, level: float) -> tuple[Floats, Floats]:
    """Where `height`, given on an even grid over ±limit, crosses the level: x and y for one Line2D.

    Its pieces are separated by nan. (Axes.contour would make new artists for each picture.)
    """
    across = np.linspace(-limit, limit, len(height))
    gap = np.full((1, 2), np.nan)
    pieces: Any = contour_generator(across, across, height).lines(level)
    x, y = np.concatenate([gap, *(part for piece in pieces for part in (piece, gap))]).T
    return x, y


def error_axes(ax: Axes, across: str, lowest: float = 1e-5) -> None:
    """E on a log axis against `across`, with a light grid."""
    ax.set(yscale="log", ylim=(lowest, 8), xlabel=across)
    ax.set_ylabel("$E(w^k)$", labelpad=2)
    ax.grid(True, alpha=0.35, linewidth=0.8)


def boundary(w: Floats, limit: float) -> tuple[Floats, Floats]:
    """The line w·x = 0 over a square from −limit to limit: x and y for one Line2D; none where w = 0."""
    length = np.hypot(*w)
    across = np.array([-w[1], w[0]]) * (2 * limit / length if length else np.nan)
    return np.array([-across[0], across[0]]), np.array([-across[1], across[1]])


def shortened(vectors: Floats, limit: float) -> Floats:
    """Arrows (n, 2) from the origin; those that would leave the square are drawn shorter."""
    longest = np.abs(vectors).max(axis=1, keepdims=True)
    return vectors * limit / np.maximum(longest, limit)
