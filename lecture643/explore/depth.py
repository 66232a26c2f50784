"""How large the gradient is after its way back through a deep network: it vanishes, or it explodes."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose, sqrt
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from lecture643.live import Pointer, Settings, View, choice, log, whole
from lecture643.maths.checks import Floats
from lecture643.maths.depth import DEEPEST, NETWORKS, STEEPEST, WIDEST, Sizes, networks, sizes_of
from lecture643.maths.network import ACTIVATIONS
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

GLOROT, HE = 1.0, sqrt(2)  # their g, where all layers are equally wide
LARGE, FEW = 10_000, 5  # networks of more weights are shown a few first
EDGE = 1e24  # the picture reaches from 1/EDGE to EDGE
BAND, BOUND = "#cdd5e0", "#a6611a"


@dataclass(frozen=True)
class DepthSettings(Settings):
    """What the networks can be set to."""

    activation: str = choice("φ", "sigmoid", list(ACTIVATIONS), meaning="φ of all layers")
    network: int = whole("network", 1, 1, NETWORKS, secondary=True, meaning="the one that is the line")
    depth: int = whole("depth L", 20, 2, DEEPEST, meaning="L")
    width: int = whole("width N", 16, 2, WIDEST, meaning="N")
    scale: float = log(
        "weight scale g",
        GLOROT,
        1e-2,
        1e4,
        extra=[HE],
        meaning="g; the weights have standard deviation g/√N, so that g = 1 is Glorot's choice, g = √2 He's",
    )


@dataclass(frozen=True)
class State:
    """The sizes for one setting; line: which row of theirs is the network that is the line."""

    settings: DepthSettings
    sizes: Sizes
    line: int

    @property
    def unfinished(self) -> bool:
        """Whether some networks are still to come."""
        return len(self.sizes.delta) < NETWORKS


class Depth(View[DepthSettings, State]):
    """Vanishing and exploding gradients (end of slide "GD/SGD for MLP: Sample-wise Gradient Computation").

    Many random networks, N neurons in every layer, input and output too, each with a random sample (x, y) and
    e = ‖ŷ − y‖². Left: ‖δ^ℓ‖₂ and the product of the ‖V^m‖₂, which bounds it. Right: ‖∇_{W^ℓ} e‖₂ and the
    slide's bound. The band holds all networks, the line is one of them. Below: the weight scale, to be
    dragged.
    """

    panels = Mosaic(
        "delta nabla / scale scale",
        size=(1000, 530),
        heights=(4, 1.1),
        rooms={
            "delta": (4.4, 1.3, 1.8, 4.2),
            "nabla": (4.4, 1.3, 1.8, 4.2),
            "scale": (4.4, 1.2, 3, 1.3),
        },
    )

    def build(self, live: LiveFigure) -> None:
        product = r"\Vert V^{\ell+1}\Vert_2\cdots\Vert V^L\Vert_2\,\Vert\delta^L\Vert_2"
        self.delta = _Panel(live.axes("delta"), rf"$\Vert\delta^\ell\Vert_2\leq{product}$")
        self.nabla = _Panel(live.axes("nabla"), r"$\Vert\nabla_{W^\ell}e\Vert_2\leq$ the slide's bound")
        self.delta.ax.legend(
            handles=[self.delta.line, self.delta.band, self.delta.bound],
            loc="lower center",
            bbox_to_anchor=(0.5, 1),
            borderaxespad=2.2,
            columnspacing=1,
            handlelength=1.8,
            ncols=3,
            frameon=False,
        )
        self._build_scale(live.axes("scale"))
        live.moving(*self.delta.artists, *self.nabla.artists, self.here)

    def _build_scale(self, ax: Axes) -> None:
        ax.set(xscale="log", xlim=(1e-2, 1e4), ylim=(0, 1), yticks=[])
        ax.set_xticks(10.0 ** np.arange(-2, 5), [_power(10.0**e) for e in range(-2, 5)])
        ax.spines["left"].set_visible(False)
        ax.set_xlabel(r"drag $g$: the weights have standard deviation $g/\sqrt{N}$", labelpad=1)
        marks = ((GLOROT, "Glorot", 0.85, "right"), (HE, "He", 1, "center"))
        for at, name, beside, side in (*marks, (2.0, r"$\Vert W^\ell\Vert_2\approx 4$", 1.15, "left")):
            ax.plot([at, at], [0, 1], color=draw.FAINT, linewidth=1.5, clip_on=False)
            ax.text(at * beside, 1.1, name, ha=side, va="bottom", fontsize="small")
        (self.here,) = ax.plot(
            [], [], draw.CURRENT.marker, color=draw.CURRENT.colour, markeredgecolor="white", clip_on=False
        )

    def states(self, settings: DepthSettings) -> Iterator[State]:
        """Large networks: first a few of them."""
        if not self.at_once and settings.depth * settings.width**2 > LARGE:
            yield _state(settings, sorted({*range(FEW), settings.network - 1}))
        yield self.compute(settings)

    def compute(self, settings: DepthSettings) -> State:
        return _state(settings, list(range(NETWORKS)))

    def draw(self, state: State) -> None:
        sizes, i = state.sizes, state.line
        self.delta.show(sizes.delta, i, sizes.product)
        self.nabla.show(sizes.nabla, i, sizes.bound[i])
        self.here.set_data([state.settings.scale], [0.5])

    def sentence(self, state: State) -> str:
        s, sizes, i = state.settings, state.sizes, state.line
        return (
            f"{s.depth} {s.activation} layers of {s.width} neurons, g = {draw.number(s.scale)}"
            f"{_named(s.scale)}: from layer {s.depth} back to layer 1 of network {s.network}, ‖δ‖₂ goes from "
            f"{_told(sizes.delta[i, -1])} to {_told(sizes.delta[i, 0])}{_verdict(sizes.delta, i)}. "
            f"{_gradient_told(sizes, i)}; {_norms_told(sizes, s.activation)}."
        )

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        return {"scale": pointer.x} if pointer.panel == "scale" else {}


def _state(s: DepthSettings, which: list[int]) -> State:
    line = which.index(s.network - 1)
    return State(s, sizes_of(*networks(s.depth, s.width, s.scale, which), s.activation, line), line)


# --- in words -----------------------------------------------------------------------------------


def _told(size: float) -> str:
    return draw.number(size) if size < np.inf else "more than the largest float, 1.8×10³⁰⁸"


def _named(scale: float) -> str:
    names = ((GLOROT, " (Glorot)"), (HE, " (He)"))  # a slider has √2 in six digits
    return next((name for g, name in names if isclose(g, scale, rel_tol=1e-5)), "")


def _verdict(delta: Floats, i: int) -> str:
    """The mean factor of a layer, and what it means."""
    last, first = delta[:, -1], delta[:, 0]
    if not 0 < first[i] < np.inf:
        return ": it has vanished" if first[i] == 0 else ": it has exploded"
    fit = (first > 0) & (first < np.inf)
    factors = np.exp((np.log(first[fit]) - np.log(last[fit])) / (delta.shape[1] - 1))
    factor = factors[fit[:i].sum()]
    kept = first[i] / last[i]  # over all layers: many factors near 1 add up
    verdict = (
        "it vanishes"
        if factor < 0.8 or kept < 0.01
        else "it explodes"
        if factor > 1.25 or kept > 100
        else "it roughly keeps its size"
    )
    low, high = draw.number(factors.min()), draw.number(factors.max())
    told = "all" if len(delta) == NETWORKS else str(len(delta))
    return (
        f", a factor of {draw.number(factor)} for each layer, {low} to {high} in {told} networks: {verdict}"
    )


def _gradient_told(sizes: Sizes, i: int) -> str:
    nabla = sizes.nabla[i]
    for where, what in ((nabla == np.inf, "overflowed"), (nabla == 0, "is exactly 0")):
        if where.any():
            return f"∇W^ℓ {what} at {_layers(np.flatnonzero(where) + 1)}"
    share = draw.number(nabla[0] / sizes.bound[i, 0]) if sizes.bound[i, 0] < np.inf else "0"
    return f"‖∇W¹‖₂ = {draw.number(nabla[0])} is {share} times the slide's bound"


def _layers(numbers: Any) -> str:
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return f"ℓ = {first}"
    return f"ℓ = {first} to {last}" if last - first == len(numbers) - 1 else f"{len(numbers)} layers"


def _norms_told(sizes: Sizes, activation: str) -> str:
    steepest, largest = STEEPEST[activation], float(sizes.W_norms.max())
    cap = draw.number(steepest * largest)
    if steepest == 1.0:
        return (
            f"φ' ≤ 1 and ‖W^ℓ‖₂ ≤ {draw.number(largest)}, so a layer cannot stretch δ more than {cap} times"
        )
    told = f"‖W^ℓ‖₂ ≤ {draw.number(largest)}, so ‖V^ℓ‖₂ ≤ ¼‖W^ℓ‖₂ ≤ {cap}"
    return (
        f"{told}: below 1, δ has to shrink in every layer (F14)" if largest < 4 else f"{told}, and may grow"
    )


class _Panel:
    """One size over the layers: the band of all networks, one of them, its bound, and marks at the edges."""

    def __init__(self, ax: Axes, title: str) -> None:
        self.ax = ax
        self.ax.set(yscale="log", ylim=(1 / EDGE, EDGE), xlim=(-0.03, 1.03))
        self.ax.set_title(title, pad=8)
        ticks = 10.0 ** np.arange(-24, 25, 8)
        self.ax.set_yticks(ticks, [_power(tick) for tick in ticks])
        self.ax.set_xticks([0, 1], ["layer 1", "layer $L$"])
        self.ax.grid(True, axis="y", alpha=0.35, linewidth=0.8)
        self.band = PolyCollection([], facecolor=BAND, edgecolor=BAND, label=f"all {NETWORKS} networks")
        self.ax.add_collection(self.band)
        (self.bound,) = self.ax.plot([], [], "--", color=BOUND, label="its bound", zorder=4)
        (self.line,) = self.ax.plot([], [], "o-", color=draw.INK, label="one network", markersize=5)
        self.beyond = [
            self.ax.plot([], [], mark, color=draw.ALERT, markersize=5, clip_on=False)[0] for mark in "^v"
        ]
        self.artists: list[Any] = [self.band, self.line, self.bound, *self.beyond]

    def show(self, sizes: Floats, i: int, bound: Floats) -> None:
        across = np.linspace(0, 1, sizes.shape[1])
        low, high = _inside(sizes.min(axis=0)), _inside(sizes.max(axis=0))
        around = np.concatenate([np.column_stack([across, low]), np.column_stack([across, high])[::-1]])
        self.band.set_verts([around])
        self.line.set_data(across, _inside(sizes[i]))
        self.bound.set_data(across, _inside(bound))
        edges = ((sizes[i] > EDGE, EDGE), (sizes[i] < 1 / EDGE, 1 / EDGE))
        for marks, (where, edge) in zip(self.beyond, edges, strict=True):
            marks.set_data(across[where], np.full(where.sum(), edge))


def _power(value: float) -> str:
    """10⁻⁸, 0.1, 1, 10⁴: how an axis writes a power of ten."""
    return draw.number(value).removeprefix("1×")


def _inside(sizes: Floats) -> Floats:
    return np.clip(sizes, 1 / EDGE, EDGE)
