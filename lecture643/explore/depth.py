"""How large the gradient is after its way back through a deep network: it vanishes, or it explodes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from lecture643.live.controls import choice, log_slider, place, whole
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths.checks import Floats, integer
from lecture643.maths.network import ACTIVATIONS
from lecture643.picture import draw

NETWORKS = 24
DEEPEST = 50
WIDEST = 32
GLOROT, HE = 1.0, float(np.sqrt(2))  # their g, where all layers are equally wide
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0, "identity": 1.0}  # the largest φ'
EDGE = 1e24  # the picture reaches from 1/EDGE to EDGE
BAND, BOUND = "#cdd5e0", "#a6611a"


@dataclass(frozen=True)
class Sizes:
    """What the slide's bound compares, [i, ℓ−1]: a row for each network, a column for each layer.

    delta: ‖δ^ℓ‖₂. nabla: ‖∇_{W^ℓ} e‖₂. bound: ‖Diag(φ'^ℓ)‖₂ ‖V^{ℓ+1} … V^L δ^L‖₂ ‖a^{ℓ−1}‖₂.
    W_norms, V_norms, product: of one network, ‖W^ℓ‖₂, ‖V^ℓ‖₂ and ‖V^{ℓ+1}‖₂ … ‖V^L‖₂ ‖δ^L‖₂, each (L,).
    What is larger than any float is inf.
    """

    delta: Floats
    nabla: Floats
    bound: Floats
    W_norms: Floats
    V_norms: Floats
    product: Floats


@dataclass(frozen=True)
class State:
    """The sizes for one setting."""

    depth: int
    width: int
    activation: str
    scale: float
    network: int  # counted from 0
    sizes: Sizes


class Depth(View[State]):
    """Vanishing and exploding gradients (end of slide "GD/SGD for MLP: Sample-wise Gradient Computation").

    Many random networks, N neurons in every layer, input and output too, each with a random sample (x, y) and
    e = ‖ŷ − y‖². Left: ‖δ^ℓ‖₂ and the product of the ‖V^m‖₂, which bounds it. Right: ‖∇_{W^ℓ} e‖₂ and the
    slide's bound. The band holds all networks, the line is one of them. Below: the weight scale, to be
    dragged.

    depth: L, 2 to 50. width: N, 2 to 32. activation: φ of all layers. scale: g; the weights have standard
    deviation g/√N, so that g = 1 is Glorot's choice and g = √2 is He's. network: the line, 1 to 24.
    Raises ValueError for other values.
    """

    size = (1000, 500)

    def __init__(
        self,
        depth: int = 20,
        width: int = 16,
        activation: str = "sigmoid",
        scale: float = GLOROT,
        network: int = 1,
    ) -> None:
        # Drawn once, for the deepest and widest networks; a smaller one is a part of these.
        rng = np.random.default_rng(643)
        self._weights = rng.standard_normal((DEEPEST, NETWORKS, WIDEST, WIDEST))
        self._x = rng.standard_normal((NETWORKS, WIDEST, 1))
        self._y = rng.random((NETWORKS, WIDEST, 1))
        controls = {
            "activation": choice("φ", list(ACTIVATIONS), activation),
            "depth": whole("depth L", integer("depth", depth, 2, DEEPEST), 2, DEEPEST),
            "width": whole("width N", integer("width", width, 2, WIDEST), 2, WIDEST),
            "scale": log_slider("weight scale g", HE, -2, 4),
            "network": whole("network", integer("network", network, 1, NETWORKS), 1, NETWORKS),
        }
        place(controls["scale"], scale)
        super().__init__(
            controls, rows=[["activation", "network"], ["depth", "width", "scale"]], secondary=["network"]
        )

    def build(self, live: LiveFigure) -> None:
        product = r"\Vert V^{\ell+1}\Vert_2\cdots\Vert V^L\Vert_2\,\Vert\delta^L\Vert_2"
        self.delta = _Panel(live, 0.075, rf"$\Vert\delta^\ell\Vert_2\leq{product}$")
        self.nabla = _Panel(live, 0.575, r"$\Vert\nabla_{W^\ell}e\Vert_2\leq$ the slide's bound")
        self.delta.ax.legend(
            handles=[self.delta.line, self.delta.band, self.delta.bound],
            loc="lower center",
            bbox_to_anchor=(1.1, 1.13),
            ncols=3,
            frameon=False,
        )
        self._build_scale(live)
        live.moving(*self.delta.artists, *self.nabla.artists, self.here)

    def _build_scale(self, live: LiveFigure) -> None:
        self.scale = live.axes(0.075, 0.13, 0.905, 0.06)
        self.scale.set(xscale="log", xlim=(1e-2, 1e4), ylim=(0, 1), yticks=[])
        self.scale.set_xticks(10.0 ** np.arange(-2, 5), [_power(10.0**e) for e in range(-2, 5)])
        self.scale.minorticks_off()
        self.scale.spines["left"].set_visible(False)
        self.scale.set_xlabel(
            r"drag the weight scale $g$: the weights have standard deviation $g/\sqrt{N}$", labelpad=1
        )
        marks = (
            (GLOROT, "Glorot", "right"),
            (HE, "He", "center"),
            (2.0, r"$\Vert W^\ell\Vert_2\approx 4$", "left"),
        )
        for at, name, side in marks:
            self.scale.plot([at, at], [0, 1], color=draw.FAINT, linewidth=1.5, clip_on=False)
            self.scale.text(at, 1.1, name, ha=side, va="bottom", fontsize="small")
        (self.here,) = self.scale.plot(
            [], [], draw.CURRENT.marker, color=draw.CURRENT.colour, markeredgecolor="white", clip_on=False
        )

    def networks(self, depth: int, width: int, scale: float) -> tuple[Floats, Floats, Floats]:
        """All networks: the weights (L, networks, N, N), their x and their y, both (networks, N, 1)."""
        weights = self._weights[:depth, :, :width, :width] * (scale / np.sqrt(width))
        return weights, self._x[:, :width], self._y[:, :width]

    def compute(self, depth: int, width: int, activation: str, scale: float, network: int) -> State:
        sizes = sizes_of(*self.networks(depth, width, scale), activation, network - 1)
        return State(depth, width, activation, scale, network - 1, sizes)

    def draw(self, state: State) -> None:
        self.delta.show(state.sizes.delta, state.network, state.sizes.product)
        self.nabla.show(state.sizes.nabla, state.network, state.sizes.bound[state.network])
        self.here.set_data([state.scale], [0.5])

    def sentence(self, state: State) -> str:
        sizes, i, L = state.sizes, state.network, state.depth
        return (
            f"{L} {state.activation} layers of {state.width} neurons, g = {draw.number(state.scale)}"
            f"{_named(state.scale)}: from layer {L} back to layer 1 of network {i + 1}, ‖δ‖₂ goes from "
            f"{_told(sizes.delta[i, -1])} to {_told(sizes.delta[i, 0])}{_verdict(sizes.delta, i)}. "
            f"{_gradient_told(sizes, i)}; {_norms_told(sizes, state.activation)}."
        )

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"scale": float(np.clip(pointer.x, 1e-2, 1e4))} if pointer.axes is self.scale else {}


def sizes_of(weights: Floats, x: Floats, y: Floats, activation: str, network: int) -> Sizes:
    """Both passes through all networks at once: one after the other would be too slow for a slider.

    weights: (L, networks, N, N). x, y: (networks, N, 1). network: the one whose ‖W^ℓ‖₂ and ‖V^ℓ‖₂ are wanted.
    """
    phi, phi_prime = ACTIVATIONS[activation]
    with np.errstate(all="ignore"):  # that numbers overflow is the lesson
        z, a = [], [x]
        for W in weights:
            z.append(W @ a[-1])  # z^ℓ = W^ℓ a^{ℓ−1}
            a.append(phi(z[-1]))
        diagonals = phi_prime(np.stack(z))
        delta = [2.0 * (a[-1] - y)]
        for W, diagonal in zip(weights[:0:-1], diagonals[:0:-1], strict=True):
            delta.append(W.mT @ (diagonal * delta[-1]))  # δ^ℓ = (W^{ℓ+1})ᵀ Diag(φ'^{ℓ+1}) δ^{ℓ+1}
        deltas, inputs = np.stack(delta[::-1]), _length(np.stack(a[:-1]))
        V = np.linalg.norm(weights[:, network].mT * diagonals[:, network].mT, 2, axis=(-2, -1))
        backwards = np.append(V[1:], _length(deltas[-1, network]))[::-1]
        return Sizes(
            delta=_no_nan(_length(deltas)).T,
            # ∇_{W^ℓ} e = Diag(φ'^ℓ) δ^ℓ (a^{ℓ−1})ᵀ has rank one: its 2-norm is the product of two lengths.
            nabla=_no_nan(_length(diagonals * deltas) * inputs).T,
            bound=_no_nan(diagonals.max(axis=(-2, -1)) * _length(deltas) * inputs).T,
            W_norms=np.linalg.norm(weights[:, network], 2, axis=(-2, -1)),
            V_norms=V,
            product=_no_nan(np.cumprod(backwards)[::-1]),
        )


def _length(columns: Floats) -> Floats:
    """‖v‖₂ of columns v (..., N, 1), right also where the squares alone would overflow or underflow."""
    largest = np.abs(columns).max(axis=(-2, -1), keepdims=True)
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    length: Floats = np.linalg.norm(columns / unit, axis=(-2, -1)) * unit[..., 0, 0]
    return length


def _no_nan(sizes: Floats) -> Floats:
    """∞ − ∞ and 0 · ∞ are overflows too."""
    return np.where(np.isnan(sizes), np.inf, sizes)


# --- in words -----------------------------------------------------------------------------------


def _told(size: float) -> str:
    return draw.number(size) if size < np.inf else "more than the largest float, 1.8×10³⁰⁸"


def _named(scale: float) -> str:
    return {GLOROT: " (Glorot)", HE: " (He)"}.get(scale, "")


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
    return f", a factor of {draw.number(factor)} for each layer, {low} to {high} in all networks: {verdict}"


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

    def __init__(self, live: LiveFigure, left: float, title: str) -> None:
        self.ax: Axes = live.axes(left, 0.335, 0.405, 0.5)
        self.ax.set(yscale="log", ylim=(1 / EDGE, EDGE), xlim=(-0.03, 1.03))
        self.ax.set_title(title, pad=8)
        ticks = 10.0 ** np.arange(-24, 25, 8)
        self.ax.set_yticks(ticks, [_power(tick) for tick in ticks])
        self.ax.set_xticks([0, 1], ["layer 1", "layer $L$"])
        self.ax.minorticks_off()
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
