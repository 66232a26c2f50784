"""`explore.depth`: its sizes against `MLP.backprop`, the slide's bound, F14, and the extremes."""

import asyncio
import math
from typing import Any

import numpy as np
import pytest
from hands import drag
from hypothesis import given
from hypothesis import strategies as st

from lecture643 import explore
from lecture643.explore.depth import EDGE, FEW, HE, DepthSettings
from lecture643.maths.depth import NETWORKS, STEEPEST, Sizes, lengths, networks, sizes_of
from lecture643.maths.network import ACTIVATIONS, MLP


def sizes_at(depth: int, width: int, activation: str, scale: float, network: int) -> Sizes:
    return sizes_of(*networks(depth, width, scale), activation, network - 1)


scales = st.floats(-2, 1).map(lambda power: 10.0**power)
settings = {
    "depth": st.integers(2, 50),
    "width": st.integers(2, 32),
    "activation": st.sampled_from(list(ACTIVATIONS)),
    "scale": scales,
    "network": st.integers(1, NETWORKS),
}


@given(
    st.integers(2, 8),
    st.integers(2, 6),
    settings["activation"],
    st.floats(0.1, 5),
    st.integers(0, NETWORKS - 1),
)
def test_the_sizes_are_those_of_backpropagation(L: int, N: int, phi: str, scale: float, i: int) -> None:
    weights, x, y = networks(L, N, scale)
    sizes = sizes_of(weights, x, y, phi, i)
    mlp = MLP(list(weights[:, i]), activation=phi)
    gradients, forward = mlp.backprop(x[i, :, 0], y[i, :, 0]), mlp.forward(x[i, :, 0])
    V = [np.linalg.norm(matrix, 2) for matrix in gradients.V]
    for ell in range(1, L + 1):
        delta = np.linalg.norm(gradients.delta[ell - 1])
        bound = np.linalg.norm(np.diag(gradients.phi_prime[ell - 1]), 2) * delta
        same = {"rel": 1e-10, "abs": 1e-300}
        assert sizes.delta[i, ell - 1] == pytest.approx(delta, **same)
        nabla = np.linalg.norm(gradients.weights[ell - 1], 2)
        assert sizes.nabla[i, ell - 1] == pytest.approx(nabla, **same)
        bound *= np.linalg.norm(forward.a[ell - 1])
        assert sizes.bound[i, ell - 1] == pytest.approx(bound, **same)
        product = np.prod(V[ell:]) * np.linalg.norm(gradients.delta[-1])
        assert sizes.product[ell - 1] == pytest.approx(product, **same)


@given(**settings)
def test_no_gradient_is_larger_than_the_slides_bound(
    depth: int, width: int, activation: str, scale: float, network: int
) -> None:
    sizes = sizes_at(depth, width, activation, scale, network)
    rounding = 1 + 1e-12 * depth
    assert (sizes.nabla <= sizes.bound * rounding).all()
    assert (sizes.delta[network - 1] <= sizes.product * rounding).all()
    assert (sizes.V_norms / sizes.W_norms <= STEEPEST[activation] * rounding).all()


@pytest.mark.parametrize("network", range(1, NETWORKS + 1))
def test_f14_a_sigmoid_network_with_norms_below_four_vanishes_geometrically(network: int) -> None:
    sizes = sizes_at(depth=50, width=16, activation="sigmoid", scale=1.0, network=network)
    assert sizes.W_norms.max() < 4
    delta = sizes.delta[network - 1]
    factors = delta[:-1] / delta[1:]
    assert (factors <= sizes.W_norms[1:] / 4).all()
    # Geometric: in the logarithm a straight line, with less wobble than a layer's step.
    layers, logs = np.arange(50), np.log(delta)
    slope, height = np.polyfit(layers, logs, 1)
    assert slope > -math.log(sizes.W_norms.max() / 4)
    assert np.abs(logs - (slope * layers + height)).max() < slope


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_lengths_do_not_overflow_before_their_vectors_do(v: list[float]) -> None:
    with np.errstate(over="ignore"):
        length = float(lengths(np.array(v)[:, np.newaxis]))
    assert length == pytest.approx(math.hypot(*v), rel=1e-14, abs=0)


def test_both_sides_are_told() -> None:
    view = explore.depth()
    assert "it vanishes" in view.describe()
    assert "δ has to shrink in every layer (F14)" in view.describe()
    view.set(activation="relu", scale=4)
    assert "it explodes" in view.describe()
    view.set(scale=HE)
    assert "(He)" in view.describe()
    assert "it roughly keeps its size" in view.describe()
    view.set(activation="sigmoid", scale=8)
    assert "may grow" in view.describe()


def test_an_overflow_is_told_and_marked_at_the_edge() -> None:
    view = explore.depth(depth=50, activation="relu", scale=1e4)
    assert "∇W^ℓ overflowed at ℓ = 1 to 50" in view.describe()
    assert "more than the largest float" in view.describe()
    above, below = view.nabla.beyond
    assert (above.get_ydata() == EDGE).all()
    assert len(above.get_xdata()) == 50
    assert len(below.get_xdata()) == 0
    view.set(depth=2, scale=1)
    assert len(above.get_xdata()) == 0


def test_an_overflow_somewhere_names_the_layers() -> None:
    """In identity networks a^{ℓ−1} grows as δ^ℓ shrinks, though not evenly: only some layers overflow."""
    told = set()
    view = explore.depth(depth=50, activation="identity")
    for scale in np.geomspace(1000, 3000, 60):
        state = view.compute(DepthSettings(depth=50, activation="identity", scale=float(scale)))
        lost = np.flatnonzero(np.isinf(state.sizes.nabla[0])) + 1
        if 0 < len(lost) < 50:
            told.add(view.sentence(state).partition("overflowed at ")[2].partition(";")[0])
    assert told
    for where in told:
        assert where.startswith("ℓ = ") or where.endswith(" layers")


def test_saturated_networks_have_gradients_of_exactly_zero_and_say_so() -> None:
    view = explore.depth(depth=50, activation="sigmoid", scale=1e4)
    assert "∇W^ℓ is exactly 0 at ℓ = 1 to " in view.describe()


def test_glorot_and_he_are_where_random_networks_have_them() -> None:
    for rule, scale in (("glorot", 1.0), ("he", HE)):
        W = MLP.random((32, 32), scale=rule).weights[0]
        assert W / MLP.random((32, 32), scale=scale / math.sqrt(32)).weights[0] == pytest.approx(1)


def test_the_weight_scale_can_be_dragged_to_a_stop() -> None:
    view = explore.depth()
    for at, stop in ((0.0213, 0.02), (1.43, HE), (1e9, 1e4), (1e-9, 0.01)):
        drag(view, "scale", [(1, 0.5), (at, 0.5)])
        assert view.settings.scale == stop


def test_he_is_named_as_a_slider_has_it() -> None:
    assert HE in explore.depth().settings.kinds()["scale"].told(DepthSettings())["stops"]
    assert "g = 1.414 (He)" in explore.depth(scale=1.41421).describe()


def test_large_networks_answer_with_a_few_of_them_first() -> None:
    async def move() -> tuple[Any, str, str]:
        view = explore.depth(depth=50, width=32, network=20)
        view.controls["scale"].value = 1.2
        first, told = view.state, view.describe()
        while view.state.unfinished:
            await asyncio.sleep(0.01)
        view.close()
        return first, told, view.describe()

    first, told, at_last = asyncio.run(move())
    assert first.unfinished
    assert len(first.sizes.delta) == FEW + 1
    whole = sizes_at(50, 32, "sigmoid", 1.2, 20)
    assert first.sizes.delta[first.line] == pytest.approx(whole.delta[19], rel=1e-12)
    assert f"in {FEW + 1} networks" in told
    assert "in all networks" in at_last
    assert "of network 20" in told
    assert "of network 20" in at_last


@pytest.mark.parametrize("setting", [{"depth": 51}, {"width": 1}, {"network": 0}, {"scale": 0}])
def test_settings_out_of_range_are_refused(setting: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=rf"{next(iter(setting))} must be"):
        explore.depth(**setting)
