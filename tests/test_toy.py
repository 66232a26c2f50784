"""The sigmoid neuron: right everywhere, far out too, and clear about what it does not take."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from oracles import autograd_gradient, central_differences, textbook_error

from lecture643.maths.toy import SigmoidNeuron, four_points, sigmoid, sigmoid_prime

POINTS = four_points()
weights = arrays(float, 2, elements=st.floats(-4, 4))
any_float = st.floats(allow_nan=False, allow_infinity=True)


@given(any_float)
def test_sigmoid_is_silent_bounded_and_symmetric_for_every_float(z: float) -> None:
    with np.errstate(all="raise"):
        value, mirrored, slope = sigmoid(z), sigmoid(-z), sigmoid_prime(z)
    assert 0 <= value <= 1
    assert_allclose(value + mirrored, 1, rtol=1e-15)
    assert 0 <= slope <= 0.25 * (1 + 1e-15)
    assert slope == sigmoid_prime(-z)


@given(st.floats(-700, 30), st.floats(1e-3, 10))
def test_sigmoid_is_monotonic(z: float, further: float) -> None:
    assert sigmoid(z) < sigmoid(z + further) or sigmoid(z) > 1 - 1e-12


def test_sigmoid_at_known_places() -> None:
    # 25 digits from 1/(1+exp(-z)) in 60-digit arithmetic.
    assert_allclose(sigmoid([0, 2, -37, -745]), [0.5, 0.8807970779778824, 8.533047625744066e-17, 5e-324])
    assert sigmoid(37) == 1.0  # fine print F15
    assert sigmoid(36) < 1.0
    assert sigmoid([[0.0, np.inf], [-np.inf, 0.0]]).tolist() == [[0.5, 1.0], [0.0, 0.5]]


@given(st.floats(-30, 30))
def test_sigmoid_prime_is_the_derivative(z: float) -> None:
    h = 1e-5
    assert_allclose(sigmoid_prime(z), (sigmoid(z + h) - sigmoid(z - h)) / (2 * h), rtol=1e-5, atol=1e-11)


def test_the_lectures_figures_at_the_origin() -> None:
    assert POINTS.error((0, 0)) == 1.0
    assert POINTS.gradient((0, 0)).tolist() == [2.75, 1.0]
    assert POINTS.sample_errors((0, 0)).tolist() == [0.25] * 4
    assert POINTS.size == 4


@given(weights)
def test_gradient_equals_automatic_differentiation_and_central_differences(w: np.ndarray) -> None:
    f = textbook_error(POINTS.x, POINTS.y)
    assert_allclose(POINTS.error(w), f(w), rtol=1e-9, atol=1e-14)
    assert_allclose(POINTS.gradient(w), autograd_gradient(f, w), rtol=1e-9, atol=1e-12)
    assert_allclose(POINTS.gradient(w), central_differences(POINTS.error, w), rtol=1e-5, atol=1e-8)


@given(arrays(float, (5, 3), elements=st.floats(-3, 3)), arrays(float, 5, elements=st.floats(0, 1)))
def test_gradient_on_any_data_with_labels_between_0_and_1(x: np.ndarray, y: np.ndarray) -> None:
    w = np.array([0.3, -1.2, 0.7])
    gradient = SigmoidNeuron(x, y).gradient(w)
    assert_allclose(gradient, autograd_gradient(textbook_error(x, y), w), rtol=1e-9, atol=1e-12)


@given(weights)
def test_the_whole_is_the_sum_of_its_samples(w: np.ndarray) -> None:
    assert_allclose(POINTS.error(w), POINTS.sample_errors(w).sum(), rtol=1e-14)
    assert_allclose(POINTS.gradient(w), POINTS.sample_gradients(w).sum(axis=0), rtol=1e-12, atol=1e-300)
    assert_allclose(
        POINTS.gradient(w, batch=[3, 1]),
        POINTS.sample_gradients(w)[[3, 1]].sum(axis=0),
        rtol=1e-12,
        atol=1e-300,
    )


@pytest.mark.parametrize(
    ("w", "gradient"),  # fine print F4, from 60-digit arithmetic
    [
        ((-20, -30), (6.755647521e-48, -1.688911880e-47)),
        ((-40, -60), (1.140969336e-95, -2.852423339e-95)),
        ((-400, -600), (0, 0)),
    ],
)
def test_gradient_far_out_keeps_its_digits_until_it_underflows(w: tuple, gradient: tuple) -> None:
    assert_allclose(POINTS.gradient(w), gradient, rtol=1e-9)


@given(weights)
def test_no_stationary_point(w: np.ndarray) -> None:
    """F2: ∇E = p (1, 1) + q (2, −5) with p, q > 0, so it can not be 0."""
    on_the_diagonal = POINTS.sample_gradients(w)[:3]  # the points 1, 2 and 3 are multiples of (1, 1)
    assert (on_the_diagonal[:, 0] == on_the_diagonal[:, 1]).all()
    p, q = on_the_diagonal[:, 0].sum(), POINTS.sample_gradients(w)[3, 0] / 2
    assert p > 0
    assert q > 0
    assert_allclose(POINTS.gradient(w), (p + 2 * q, p - 5 * q), rtol=1e-9, atol=1e-15 * (p + q))


def test_no_minimum_is_attained() -> None:
    """F1: along a separating direction E falls for ever."""
    along = POINTS.error(np.arange(1.0, 30)[:, None] * (-1, 0.2))
    assert (np.diff(along) < 0).all()
    assert along[-1] < 1e-30


def test_four_plateaus() -> None:
    """F3, and E far out in the middle of each cone."""
    cones = POINTS.plateaus()
    assert [(round(low), round(high), height) for low, high, height in cones] == [
        (22, 135, 3),
        (135, 202, 0),
        (202, 315, 1),
        (315, 382, 4),
    ]
    for low, high, height in cones:
        angle = np.deg2rad((low + high) / 2)
        assert_allclose(POINTS.error((1e3 * np.cos(angle), 1e3 * np.sin(angle))), height, atol=1e-9)


def test_a_third_of_the_starts_end_on_the_plateau_at_1() -> None:
    """F3: γ = 0.1 and 2,000 steps from an even grid of starts in [−6, 6]²."""
    even = np.linspace(-6, 6, 13)
    w = np.stack(np.meshgrid(even, even), axis=-1).reshape(-1, 2)
    for _ in range(2000):
        w = w - 0.1 * POINTS.gradient(w)
    on_plateau = np.abs(POINTS.error(w) - 1) < 0.05
    assert 0.28 < on_plateau.mean() < 0.40


def test_everything_broadcasts() -> None:
    grid = np.zeros((30, 20, 2))
    assert POINTS.predict(grid).shape == (30, 20, 4)
    assert POINTS.error(grid).shape == (30, 20)
    assert POINTS.gradient(grid).shape == (30, 20, 2)
    assert POINTS.gradient(grid, batch=[0]).shape == (30, 20, 2)
    assert POINTS.sample_gradients(grid).shape == (30, 20, 4, 2)
    w1, w2 = np.linspace(-1, 1, 5), np.linspace(0, 2, 7)
    surface = POINTS.surface(w1, w2)
    assert surface.shape == (7, 5)
    assert surface[6, 1] == POINTS.error((w1[1], w2[6]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SigmoidNeuron([[1, 2]], [-1]), r"y must lie in \[0, 1\], got \[-1.0\]; map labels"),
        (lambda: SigmoidNeuron([1, 2], [1, 0]), r"x must have shape \(any, any\), got \(2,\)"),
        (lambda: SigmoidNeuron([[1, 2]], [1, 0]), r"y must have shape \(1\), got \(2,\)"),
        (lambda: SigmoidNeuron([[1, np.nan]], [1]), "x must hold finite numbers, got nan"),
        (lambda: SigmoidNeuron("points", [1]), "x must be an array of numbers, got 'points'"),
        (lambda: POINTS.error((1, 2, 3)), r"w must have shape \(\.\.\., 2\), got \(3,\)"),
        (lambda: POINTS.error(1.0), r"w must have shape \(\.\.\., 2\), got \(\)"),
        (lambda: POINTS.gradient((np.nan, 0)), "w must hold finite numbers, got .nan"),
        (lambda: POINTS.gradient((0, 0), batch=[4]), "batch must be an array of sample indices from 0 to 3"),
        (
            lambda: POINTS.gradient((0, 0), batch=[0.5]),
            "batch must be an array of sample indices from 0 to 3",
        ),
        (lambda: POINTS.surface([np.inf], [0]), "w1 must hold finite numbers, got inf"),
    ],
)
def test_bad_input_is_named_in_one_sentence(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("w", [(1e200, -1e200), (-1e150, 1e300), (5e-324, 0)])
def test_any_finite_weights_are_taken_in_silence(w: tuple) -> None:
    assert np.isfinite(POINTS.error(w))
    assert np.isfinite(POINTS.gradient(w)).all()
