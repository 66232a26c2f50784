"""Many random deep networks at once: how large their gradients are, layer by layer, and what bounds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from lecture643.maths.checks import Floats
from lecture643.maths.network import MLP

NETWORKS = 24
DEEPEST = 50
WIDEST = 32
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0, "identity": 1.0}  # the largest φ'


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


@lru_cache(maxsize=1)
def _drawn() -> tuple[Floats, Floats, Floats]:
    """Drawn once, for the deepest and widest networks; a smaller one is a part of these."""
    rng = np.random.default_rng(643)
    weights = rng.standard_normal((DEEPEST, NETWORKS, WIDEST, WIDEST))
    return weights, rng.standard_normal((NETWORKS, WIDEST, 1)), rng.random((NETWORKS, WIDEST, 1))


def networks(
    depth: int, width: int, scale: float, which: Sequence[int] | slice = slice(None)
) -> tuple[Floats, Floats, Floats]:
    """Some networks, or all: the weights (L, networks, N, N), their x and their y, both (networks, N, 1)."""
    weights, x, y = _drawn()
    scaled = weights[:depth, which, :width, :width] * (scale / np.sqrt(width))
    return scaled, x[which, :width], y[which, :width]


def sizes_of(weights: Floats, x: Floats, y: Floats, activation: str, network: int) -> Sizes:
    """Both passes through all networks at once: one after the other would be too slow for a slider.

    weights: (L, networks, N, N). x, y: (networks, N, 1). network: the one whose ‖W^ℓ‖₂ and ‖V^ℓ‖₂ are wanted.
    """
    mlp = MLP.stack(list(weights), activation)
    with np.errstate(all="ignore"):  # that numbers overflow is the lesson
        z, a = mlp.forward_pass(x)
        back = mlp.backward_pass(y, z, a)
        delta, inputs, diagonals = lengths(back.delta), lengths(a[:-1]), np.stack(back.phi_prime)
        W_norms, V_norms = np.linalg.norm(
            [weights[:, network].mT, weights[:, network].mT * diagonals[:, network].mT], 2, axis=(-2, -1)
        )
        backwards = np.append(V_norms[1:], delta[-1, network])[::-1]
        return Sizes(
            delta=_no_nan(delta).T,
            # ∇_{W^ℓ} e = Diag(φ'^ℓ) δ^ℓ (a^{ℓ−1})ᵀ has rank one: its 2-norm is the product of two lengths.
            nabla=_no_nan(lengths(back.de_dz) * inputs).T,
            bound=_no_nan(diagonals.max(axis=(-2, -1)) * delta * inputs).T,
            W_norms=W_norms,
            V_norms=V_norms,
            product=_no_nan(np.cumprod(backwards)[::-1]),
        )


def lengths(columns: Any) -> Floats:
    """‖v‖₂ of columns v (..., N, 1), right also where the squares alone would overflow or underflow."""
    columns = np.asarray(columns)
    largest = np.abs(columns).max(axis=(-2, -1), keepdims=True)
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    found: Floats = np.linalg.norm(columns / unit, axis=(-2, -1)) * unit[..., 0, 0]
    return found


def _no_nan(sizes: Floats) -> Floats:
    """∞ − ∞ and 0 · ∞ are overflows too."""
    return np.where(np.isnan(sizes), np.inf, sizes)
