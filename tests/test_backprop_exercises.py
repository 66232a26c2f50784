"""Homework 3.4, layer 1, 3.8 and 3.9: the solutions are what backpropagation computes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture643 import exercises
from lecture643.maths.network import MLP


@given(st.integers(0, 1000))
def test_the_solutions_are_what_backprop_computes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mlp, x, y = MLP.random((2, 2, 2, 1), seed, scale=1.0), rng.normal(size=2), rng.random()
    (z, a), g = mlp.forward(x), mlp.backprop(x, y)
    W = [None, *mlp.weights]
    phi_prime = [None, *g.phi_prime]
    row = exercises.second_row(2 * (a[3][0] - y), z[3], W[3], z[2], a[1])
    assert row == pytest.approx(g.weights[1][1], rel=1e-9, abs=1e-15)
    whole = exercises.layer_1(phi_prime[2] * g.delta[1], W[2], z[1], x)
    assert whole == pytest.approx(g.weights[0], rel=1e-9, abs=1e-15)
    for ell in (1, 2, 3):
        gradient = exercises.weight_gradient(ell, W, phi_prime, g.delta[-1], a)
        assert gradient == pytest.approx(g.weights[ell - 1], rel=1e-9, abs=1e-15)
    deep = MLP.random((3, 4, 2), seed, scale=1.0, biases=True)
    batch, labels = rng.normal(size=(5, 3)), rng.random((5, 2))
    g = deep.backprop(batch, labels)
    for phi, delta, bias in zip(g.phi_prime, g.delta, g.biases, strict=True):
        assert exercises.bias_gradient(phi, delta) == pytest.approx(bias, rel=1e-9, abs=1e-15)
