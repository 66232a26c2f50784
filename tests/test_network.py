"""The network against automatic differentiation, differences, a published example and the slides' bounds."""

import tracemalloc
from itertools import pairwise, product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lecture643 import data
from lecture643.maths.methods import sgd
from lecture643.maths.network import ACTIVATIONS, MLP, MLPProblem, numerical_gradient
from lecture643.maths.toy import four_points

AUTOGRAD_PHI = {
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "identity": lambda z: z,
}


def autograd_error(parameters, a, y, activation, error):
    """E of the layers that follow a, in the textbook's way, for autograd to differentiate."""
    for W, b, name in zip(*parameters, activation, strict=True):
        a = AUTOGRAD_PHI[name](anp.dot(a, W.T) + b)
    if error == "squared":
        return anp.sum((a - y) ** 2)
    return -anp.sum(y * anp.log(a) + (1 - y) * anp.log(1 - a))


def weights_and_biases(mlp):
    return mlp.weights, mlp.biases or [np.zeros(n) for n in mlp.sizes[1:]]


def assert_close(ours, oracle, relative):
    """Entry by entry, but no closer than `relative` times the largest entry."""
    np.testing.assert_allclose(ours, oracle, rtol=relative, atol=relative * np.abs(oracle).max())


def network(sizes, activation="sigmoid", error="squared", biases=True, seed=0, spread=1.2):
    rng = np.random.default_rng(seed)
    weights = [spread / np.sqrt(n) * rng.normal(size=(m, n)) for n, m in pairwise(sizes)]
    return MLP(weights, [rng.normal(size=m) for m in sizes[1:]] if biases else None, activation, error)


def samples(mlp, count, seed=0):
    """x and y for `count` samples, or for one that is no batch where `count` is None."""
    rng = np.random.default_rng(seed)
    shape = () if count is None else (count,)
    labels = rng.integers(0, 2, (*shape, mlp.sizes[-1])).astype(float)
    return rng.normal(size=(*shape, mlp.sizes[0])), labels


@st.composite
def cases(draw):
    """A network of one to six layers, each with its own activation, and samples for it."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=7))
    activation = [draw(st.sampled_from(sorted(ACTIVATIONS))) for _ in sizes[1:]]
    error = draw(st.sampled_from(["squared", "cross-entropy"]))
    if error == "cross-entropy":
        activation[-1] = "sigmoid"
    seed = draw(st.integers(0, 10_000))
    mlp = network(sizes, activation, error, draw(st.booleans()), seed)
    x, y = samples(mlp, draw(st.none() | st.integers(1, 6)), seed)
    assume(np.abs(mlp.forward(x).z[-1]).max() < 8)  # further out the oracles' 1 − σ(z) loses too many digits
    return mlp, x, y


# --- gradients ----------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None, derandomize=True)
@given(cases())
def test_gradients_equal_automatic_differentiation(case):
    mlp, x, y = case
    rows = np.atleast_2d(x), np.atleast_2d(y)
    dW, db = grad(autograd_error)(weights_and_biases(mlp), *rows, mlp.activation, mlp.error)
    ours = mlp.backprop(x, y)
    for got, oracle in zip(ours.weights + ours.biases, dW + db, strict=True):
        assert got.shape == oracle.shape
        assert_close(got, oracle, 1e-10)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(cases())
def test_delta_is_the_derivative_by_the_activations(case):
    mlp, x, y = case
    a, ours = mlp.forward(x).a, mlp.backprop(x, y)
    for ell, delta in enumerate(ours.delta, start=1):
        rest = [arrays[ell:] for arrays in weights_and_biases(mlp)]
        by_a = grad(autograd_error, 1)  # the derivative by the second argument
        oracle = by_a(rest, np.atleast_2d(a[ell]), np.atleast_2d(y), mlp.activation[ell:], mlp.error)
        assert delta.shape == a[ell].shape
        assert_close(np.atleast_2d(delta), oracle, 1e-10)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(cases())
def test_gradient_equals_central_differences(case):
    mlp, x, y = case
    bends = np.concatenate(
        [z.ravel() for z, name in zip(mlp.forward(x).z[1:], mlp.activation, strict=True) if name == "relu"]
        + [[1.0]]
    )
    assume(np.abs(bends[bends != 0]).min() > 1e-3)  # a difference across the bend of ReLU is no derivative
    problem = MLPProblem(
        mlp.sizes,
        np.atleast_2d(x),
        np.atleast_2d(y),
        mlp.activation,
        mlp.error,
        biases=mlp.biases is not None,
    )
    w = problem.flatten(mlp)
    assert_close(problem.gradient(w), numerical_gradient(problem.error, w), 1e-6)


def test_numerical_gradient_keeps_the_shape_and_scales_the_step():
    w = np.array([[1.0, -2.0], [3.0, 0.0]])
    np.testing.assert_allclose(numerical_gradient(lambda w: (w**3).sum(), w), 3 * w**2, rtol=1e-9, atol=1e-9)
    assert numerical_gradient(lambda w: w[0] ** 3, [3e6])[0] == pytest.approx(27e12, rel=1e-9)


def test_gradient_of_a_batch_is_the_sum_over_its_samples():
    mlp = network((3, 4, 2), "tanh")
    x, y = samples(mlp, 5)
    batch, single = mlp.backprop(x, y), [mlp.backprop(*sample) for sample in zip(x, y, strict=True)]
    for ell in range(2):
        np.testing.assert_allclose(batch.weights[ell], sum(g.weights[ell] for g in single), rtol=1e-13)
        np.testing.assert_allclose(batch.biases[ell], sum(g.biases[ell] for g in single), rtol=1e-13)
        np.testing.assert_allclose(batch.delta[ell], [g.delta[ell] for g in single], rtol=1e-13)
        np.testing.assert_allclose(batch.V[ell], [g.V[ell] for g in single], rtol=1e-13)


def test_published_worked_example():
    """Matt Mazur, "A Step by Step Backpropagation Example" (2015): a 2-2-2 network, one step at rate ½.

    His error is ½ Σ (ŷ − y)², half of ours, so that our gradients are twice his. He has one bias per layer
    and leaves it as it is.
    """
    x, y = [0.05, 0.10], [0.01, 0.99]
    mlp = MLP([[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]], [[0.35, 0.35], [0.60, 0.60]])
    forward = mlp.forward(x)
    np.testing.assert_allclose(forward.z[1], [0.3775, 0.3925], atol=1e-12)
    np.testing.assert_allclose(forward.a[1], [0.593269992, 0.596884378], atol=5e-10)
    np.testing.assert_allclose(forward.a[2], [0.75136507, 0.772928465], atol=5e-9)
    assert mlp.sample_errors(x, y) / 2 == pytest.approx(0.298371109, abs=5e-10)
    gradients = mlp.backprop(x, y)
    assert gradients.weights[1][0, 0] / 2 == pytest.approx(0.082167041, abs=5e-10)
    W1, W2 = (W - 0.5 * g / 2 for W, g in zip(mlp.weights, gradients.weights, strict=True))
    np.testing.assert_allclose(W1, [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], atol=6e-9)
    np.testing.assert_allclose(W2, [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], atol=6e-9)


# --- one layer is the single neuron -------------------------------------------------------------


@pytest.mark.parametrize("w", [(0, 0), (1, -2), (-3.5, 0.25), (-20, -30), (-40, -60), (60, 5), (-400, -600)])
def test_one_layer_is_the_sigmoid_neuron(w):
    neuron = four_points()
    problem = MLPProblem((2, 1), neuron.x, neuron.y)
    np.testing.assert_allclose(problem.error(w), neuron.error(w), rtol=1e-15, atol=0)
    np.testing.assert_allclose(problem.gradient(w), neuron.gradient(w), rtol=2e-15, atol=0)
    np.testing.assert_allclose(problem.gradient(w, [2, 0]), neuron.gradient(w, [2, 0]), rtol=2e-15, atol=0)


def test_gradient_far_out_has_all_its_digits():
    """Fine print F4; the numbers are from 60-digit arithmetic."""
    x, y = data.four_points()
    mlp = MLP([[[-40, -60]]])
    np.testing.assert_allclose(
        mlp.backprop(x, y).weights[0], [[1.140969336e-95, -2.852423339e-95]], rtol=3e-10
    )
    mlp.weights[0][:] = -20, -30
    np.testing.assert_allclose(mlp.backprop(x, y).weights[0], [[6.756e-48, -1.689e-47]], rtol=3e-4)


# --- cross-entropy ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "y", "e", "delta", "slope"),
    [
        (0, 1, np.log(2), -2, -0.5),
        (40, 1, 4.248354255291589e-18, -1, -4.248354255291589e-18),
        (-40, 0, 4.248354255291589e-18, 1, 4.248354255291589e-18),
        (40, 0, 40, 2.3538526683702e17, 1),
        (-700, 1, 700, -1.0142320547350045e304, -1),
        (800, 1, 0, -1, 0),
        (800, 0, 800, np.inf, 1),
        (-800, 0, 0, 1, 0),
        (-800, 1, 800, -np.inf, -1),
        (1, 0.25, 1.0632616875182228, 2.4467415110514232, 0.48105857863000487),
    ],
)
def test_cross_entropy_far_out(z, y, e, delta, slope):
    mlp = MLP([[[z]]], error="cross-entropy")
    gradients = mlp.backprop([1], [y])
    np.testing.assert_allclose(mlp.sample_errors([1], [y]), e, rtol=1e-14)
    np.testing.assert_allclose(gradients.delta[0], [delta], rtol=1e-13)
    np.testing.assert_allclose(gradients.weights[0], [[slope]], rtol=1e-14)


# --- V, norms, vanishing and exploding ----------------------------------------------------------


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases())
def test_gradient_is_the_product_of_V_and_obeys_the_slides_bound(case):
    mlp, x, y = case
    x, y = np.atleast_2d(x)[0], np.atleast_2d(y)[0]  # the bound is for one sample
    a, gradients = mlp.forward(x).a, mlp.backprop(x, y)
    V, flowing = gradients.V, gradients.delta[-1]  # V^{ℓ+1} … V^L δ^L, from the right
    for ell in range(len(V), 0, -1):
        diagonal = np.diag(gradients.phi_prime[ell - 1])
        assert V[ell - 1].shape == mlp.weights[ell - 1].T.shape
        nabla = gradients.weights[ell - 1]
        assert_close(nabla, diagonal @ np.outer(flowing, a[ell - 1]), 1e-12)
        bound = np.linalg.norm(diagonal, 2) * np.linalg.norm(flowing) * np.linalg.norm(a[ell - 1])
        assert np.linalg.norm(nabla, 2) <= bound * (1 + 1e-12)
        flowing = V[ell - 1] @ flowing


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 6), min_size=2, max_size=6), st.integers(0, 1000), st.floats(0.1, 30))
def test_sigmoid_V_is_at_most_a_quarter_of_W(sizes, seed, spread):
    mlp = network(sizes, seed=seed, spread=spread)
    for V, W in zip(mlp.backprop(*samples(mlp, 4, seed)).V, mlp.weights, strict=True):
        assert (np.linalg.norm(V, 2, axis=(1, 2)) <= np.linalg.norm(W, 2) / 4 * (1 + 1e-12)).all()


def test_V_belongs_to_the_weights_of_its_gradient():
    mlp = network((2, 3, 1))
    x, y = samples(mlp, None)
    before, after = mlp.backprop(x, y), mlp.backprop(x, y)
    expected = before.V[0].copy()
    mlp.weights[0] -= 10.0
    np.testing.assert_array_equal(after.V[0], expected)


def test_gradients_vanish_and_explode_with_depth():
    deep = (2, *[4] * 29, 1)
    x = np.ones(2)
    vanishing = MLP.random(deep, scale=1.0).backprop(x, 0).weights
    exploding = MLP.random(deep, scale=2.0, activation="identity").backprop(x, 0).weights
    assert np.linalg.norm(vanishing[0]) < 1e-10 * np.linalg.norm(vanishing[-1])
    assert np.linalg.norm(exploding[0]) > 1e6


@pytest.mark.parametrize(
    ("activation", "error"), [*product(ACTIVATIONS, ["squared"]), ("sigmoid", "cross-entropy")]
)
@pytest.mark.parametrize("size", [1e3, 1e155, 1e300])
def test_exploding_numbers_are_quiet(activation, error, size):
    x, y = data.xor(6)
    mlp = MLP.random((2, 3, 3, 1), scale=size, biases=True, activation=activation, error=error)
    problem = MLPProblem((2, 3, 3, 1), x, y, activation, error, biases=True)
    w = problem.flatten(mlp)
    with np.errstate(all="raise"):  # what would be a warning now fails
        mlp.forward(x), mlp.predict(x), mlp.sample_errors(x, y), mlp.backprop(x, y)
        problem.error(w), problem.gradient(w), problem.gradient(w, [1, 2])
    if activation == "identity" and size == 1e300:
        assert not np.isfinite(problem.error(w))
        assert not np.isfinite(problem.gradient(w)).all()


def test_tanh_slope_far_out():
    """1 − tanh² is 0 from z = 19 on; the slope itself is 4 e^{−2z}."""
    gradients = MLP([[[30.0]]], activation="tanh").backprop([1.0], 0.0)
    np.testing.assert_allclose(gradients.phi_prime[0], [4 * np.exp(-60)], rtol=1e-13)


# --- shapes -------------------------------------------------------------------------------------


def test_forward_is_indexed_as_on_the_slides():
    mlp = network((3, 4, 2), ["relu", "tanh"])
    x, _ = samples(mlp, 5)
    z, a = mlp.forward(x)
    assert [v.shape for v in a] == [v.shape for v in z] == [(5, 3), (5, 4), (5, 2)]
    np.testing.assert_array_equal(a[0], x)
    np.testing.assert_array_equal(z[0], x)
    np.testing.assert_allclose(z[2], a[1] @ mlp.weights[1].T + mlp.biases[1], rtol=1e-14)
    np.testing.assert_array_equal(a[1], np.maximum(z[1], 0))
    np.testing.assert_array_equal(a[2], np.tanh(z[2]))
    np.testing.assert_allclose(mlp.forward(x[3]).a[2], a[2][3], rtol=1e-14)
    assert mlp.sizes == (3, 4, 2)


@pytest.mark.parametrize(("outputs", "one", "many"), [(1, (), (5,)), (2, (2,), (5, 2))])
def test_shapes_of_predictions_and_errors(outputs, one, many):
    mlp = network((3, outputs))
    x, y = samples(mlp, 5)
    assert np.shape(mlp.predict(x[0])) == one
    assert mlp.predict(x).shape == many
    assert np.shape(mlp.sample_errors(x[0], y[0])) == ()
    assert mlp.sample_errors(x, y).shape == (5,)
    np.testing.assert_allclose(mlp.sample_errors(x, y), ((mlp.forward(x).a[-1] - y) ** 2).sum(axis=1))
    np.testing.assert_array_equal(mlp.sample_errors(x, y.reshape(many)), mlp.sample_errors(x, y))


def test_biases_that_are_absent_and_biases_of_zero_agree():
    without, x = MLP.random((2, 3, 1), seed=5), np.ones((4, 2))
    with_zero = MLP.random((2, 3, 1), seed=5, biases=True)
    assert without.biases is None
    ours, zeros = (mlp.backprop(x, np.ones(4)).biases for mlp in (without, with_zero))
    for got, expected in zip(ours, zeros, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_the_network_keeps_copies():
    W, b = np.ones((1, 2)), np.ones(1)
    mlp = MLP([W], [b])
    mlp.weights[0] += 1
    mlp.biases[0] += 1
    assert (W == 1).all()
    assert (b == 1).all()


@pytest.mark.parametrize(("scale", "variance"), [("glorot", 2 / 500), ("he", 2 / 200), (3.0, 9.0)])
def test_random_weights_have_the_named_spread_and_follow_the_seed(scale, variance):
    mlp = MLP.random((200, 300), seed=1, scale=scale)
    assert mlp.weights[0].var() == pytest.approx(variance, rel=0.03)
    np.testing.assert_array_equal(mlp.weights[0], MLP.random((200, 300), seed=1, scale=scale).weights[0])
    assert (mlp.weights[0] != MLP.random((200, 300), seed=2, scale=scale).weights[0]).any()


# --- the problem --------------------------------------------------------------------------------


@pytest.mark.parametrize("biases", [False, True])
@pytest.mark.parametrize("error", ["squared", "cross-entropy"])
def test_problem_agrees_with_its_networks_over_leading_axes(biases, error):
    x, y = data.circles(30)
    problem = MLPProblem((2, 4, 3, 1), x, y, ["relu", "tanh", "sigmoid"], error, biases)
    w = np.random.default_rng(0).normal(size=(2, 3, problem.dimension))
    E, nabla, nabla_batch = problem.error(w), problem.gradient(w), problem.gradient(w, [4, 4, 7])
    assert E.shape == (2, 3)
    assert nabla.shape == nabla_batch.shape == w.shape
    for i in np.ndindex(2, 3):
        mlp = problem.network(w[i])
        gradients, on_batch = mlp.backprop(x, y), mlp.backprop(x[[4, 4, 7]], y[[4, 4, 7]])
        assert E[i] == pytest.approx(mlp.sample_errors(x, y).sum(), rel=1e-13)
        assert problem.error(w[i]) == pytest.approx(E[i], rel=1e-13)
        for flat, layers in ((nabla[i], gradients), (nabla_batch[i], on_batch)):
            pieces = layers.weights + (layers.biases if biases else [])
            assert_close(flat, np.concatenate([piece.ravel() for piece in pieces]), 1e-13)
        np.testing.assert_array_equal(problem.flatten(mlp), w[i])


def test_error_of_many_points_does_not_depend_on_the_blocks():
    x, y = data.spirals(1000)
    problem = MLPProblem((2, 20, 1), x, y)
    w = np.random.default_rng(1).normal(size=(120, problem.dimension))  # eight blocks of 15 points
    np.testing.assert_allclose(problem.error(w), [problem.error(point) for point in w], rtol=1e-13)
    assert problem.error(w[:0]).shape == (0,)


def test_one_sample_as_a_batch():
    problem = MLPProblem((2, 2, 1), *data.four_points())
    w = problem.start()
    total = sum(problem.gradient(w, i) for i in range(problem.size))
    np.testing.assert_allclose(total, problem.gradient(w), rtol=1e-13)


def test_start_is_seeded_and_fits():
    problem = MLPProblem((2, 3, 1), *data.xor(8), biases=True)
    assert problem.start(3).shape == (problem.dimension,) == (13,)
    np.testing.assert_array_equal(problem.start(3), problem.start(3))
    assert (problem.start(3)[:9] != problem.start(4)[:9]).all()
    np.testing.assert_array_equal(problem.start(3, scale=2.0)[:6], 2 * problem.start(3, scale=1.0)[:6])


@pytest.mark.parametrize("error", ["squared", "cross-entropy"])
def test_sgd_trains_the_network(error):
    x, y = data.xor(60, noise=0.2)
    problem = MLPProblem((2, 4, 1), x, y, ["tanh", "sigmoid"], error, biases=True)
    path = sgd(problem, problem.start(1), rate=0.3, steps=2000)
    assert ((problem.network(path.w[-1]).predict(x) > 0.5) == y).all()


# --- bad input ----------------------------------------------------------------------------------

GOOD = MLP([np.ones((3, 2)), np.ones((1, 3))])
CROSS = MLP([np.ones((1, 2))], error="cross-entropy")
PROBLEM = MLPProblem((2, 3, 1), np.ones((4, 2)), np.ones(4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MLP([]), "weights must hold at least one matrix, got none"),
        (lambda: MLP([np.ones(3)]), r"weights\[0\] must have shape \(any, any\), got \(3,\)"),
        (
            lambda: MLP([np.ones((3, 2)), np.ones((1, 2))]),
            r"weights\[1\] must have shape \(any, 3\), got \(1, 2\)",
        ),
        (lambda: MLP([[[1, np.nan]]]), r"weights\[0\] must hold finite numbers, got nan"),
        (lambda: MLP([[[1, 2]]], [[1], [2]]), "biases must hold 1 vectors, one per layer, got 2"),
        (lambda: MLP([[[1, 2]]], [[1, 2]]), r"biases\[0\] must have shape \(1\), got \(2,\)"),
        (lambda: MLP([[[1, 2]]], [[np.inf]]), r"biases\[0\] must hold finite numbers, got inf"),
        (lambda: MLP([[[1, 2]]], activation="swish"), "activation must be one of sigmoid, .* got 'swish'"),
        (lambda: MLP([[[1, 2]]], activation=np.tanh), "activation must be one of sigmoid, .* got <ufunc"),
        (lambda: MLP([[[1]]], activation=["relu", "relu"]), "activation must be .* 1 of them, got"),
        (lambda: MLP([[[1, 2]]], error="hinge"), "error must be one of squared, cross-entropy, got 'hinge'"),
        (
            lambda: MLP([[[1]]], activation="relu", error="cross-entropy"),
            "sigmoid .* cross-entropy, got 'relu'",
        ),
        (lambda: MLP.random((2,)), r"sizes must name the inputs and at least one layer, got \[2\]"),
        (lambda: MLP.random((2, 0)), r"sizes\[1\] must be a whole number at least 1, got 0"),
        (lambda: MLP.random((2, 1), seed=-1), "seed must be a whole number at least 0, got -1"),
        (
            lambda: MLP.random((2, 1), scale="xavier"),
            "scale must be glorot, he or a positive number, got 'xavier'",
        ),
        (lambda: MLP.random((2, 1), scale=-1), "scale must be a positive finite number, got -1"),
        (lambda: GOOD.forward([1, 2, 3]), r"x must have shape \(2,\) or \(S, 2\), got \(3,\)"),
        (lambda: GOOD.predict(np.ones((2, 2, 2))), r"x must have shape .* got \(2, 2, 2\)"),
        (lambda: GOOD.forward([1, np.inf]), "x must hold finite numbers, got inf"),
        (lambda: GOOD.backprop(np.ones((4, 2)), np.ones(3)), r"y must have shape \(4,\), as .* got \(3,\)"),
        (
            lambda: GOOD.backprop(np.ones((4, 2)), np.ones((4, 2))),
            r"y must have shape \(4,\), .* got \(4, 2\)",
        ),
        (lambda: GOOD.sample_errors([1, 2], [1, 2]), r"y must have shape \(\), as .* got \(2,\)"),
        (lambda: GOOD.backprop([1, 2], np.nan), "y must hold finite numbers, got nan"),
        (
            lambda: CROSS.backprop(np.ones((2, 2)), [-1, 1]),
            r"y must lie in \[0, 1\] .* got -1 to 1; .*from_signs",
        ),
        (
            lambda: MLPProblem((3, 1), np.ones((4, 2)), np.ones(4)),
            r"x must have shape \(any, 3\), got \(4, 2\)",
        ),
        (
            lambda: MLPProblem((2, 1), np.ones((0, 2)), []),
            "the number of rows of x must be .* at least 1, got 0",
        ),
        (lambda: MLPProblem((2, 1), [[1, 2]], [2], error="cross-entropy"), r"y must lie in \[0, 1\]"),
        (lambda: PROBLEM.error(np.ones(4)), r"w must have shape \(..., 9\), got \(4,\)"),
        (lambda: PROBLEM.gradient(1.0), r"w must have shape \(..., 9\), got \(\)"),
        (lambda: PROBLEM.gradient(np.full(9, np.nan)), "w must hold finite numbers, got nan"),
        (lambda: PROBLEM.gradient(np.ones(9), []), r"batch must hold indices from 0 to 3, got \[\]"),
        (lambda: PROBLEM.gradient(np.ones(9), [4]), r"batch must hold indices from 0 to 3, got \[4\]"),
        (lambda: PROBLEM.network(np.ones((2, 9))), r"w must have shape \(9\), got \(2, 9\)"),
        (lambda: PROBLEM.flatten(MLP.random((2, 3, 1), biases=True)), "mlp must have .* got .*True"),
        (lambda: PROBLEM.flatten(MLP.random((2, 4, 1))), r"mlp must have .* got \(\(2, 4, 1\), False\)"),
        (lambda: numerical_gradient(np.sum, [1.0], step=0), "step must be a positive finite number, got 0"),
    ],
)
def test_bad_input_is_named_in_one_sentence(call, message):
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


# --- memory -------------------------------------------------------------------------------------


def test_a_gradient_allocates_a_small_multiple_of_the_activations():
    x, y = data.spirals(4000)
    problem = MLPProblem((2, 32, 32, 1), x, y)
    w = problem.start()
    activations = problem.size * (32 + 32 + 1) * w.itemsize
    problem.gradient(w)
    tracemalloc.start()
    problem.gradient(w)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * activations  # z, a, φ', δ, and two at a time on the way


def test_the_error_of_a_long_path_does_not_hold_all_activations():
    x, y = data.spirals(1000)
    problem = MLPProblem((2, 16, 1), x, y)
    w = np.zeros((1000, problem.dimension))
    tracemalloc.start()
    problem.error(w)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6  # the activations of all 1000 points would take 136 MB
