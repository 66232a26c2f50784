"""Directions, line search and the methods, against closed forms and the slides' own statements."""

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from oracles import autograd_gradient

from lecture643 import descent
from lecture643.maths.methods import ExactLineSearch, Quadratic, Walk, exact_line_search, harmonic
from lecture643.maths.toy import four_points

POINTS = four_points()
BOWL = Quadratic([[1, 0], [0, 10]])
points_2d = arrays(float, 2, elements=st.floats(-4, 4))
directions = points_2d.filter(lambda d: np.linalg.norm(d) > 1e-2)


# --- directions ---------------------------------------------------------------------------------


@given(points_2d, directions)
def test_directional_derivative_is_the_limit_of_the_difference_quotient(x: np.ndarray, d: np.ndarray) -> None:
    inner = descent.directional_derivative(POINTS.gradient(x), d)
    quotient = descent.difference_quotient(POINTS.error, x, d, np.array([1e-3, 1e-6]))
    assert_allclose(quotient[1], inner, atol=1e-3)
    assert abs(quotient[1] - inner) <= abs(quotient[0] - inner) + 1e-6


def test_directional_derivative_broadcasts() -> None:
    gradients = np.ones((5, 3, 2))
    assert descent.directional_derivative(gradients, (1, 2)).tolist() == [[3.0] * 3] * 5


@given(points_2d)
def test_the_negative_gradient_is_a_descent_direction(x: np.ndarray) -> None:
    gradient = POINTS.gradient(x)
    assert descent.is_descent_direction(gradient, -gradient)
    assert not descent.is_descent_direction(gradient, gradient)


def test_f9_partial_derivatives_are_not_enough() -> None:
    def f(x: np.ndarray) -> float:
        return x[0] * x[1] ** 2 / (x[0] ** 2 + x[1] ** 2) if x.any() else 0.0

    along = descent.difference_quotient(f, (0, 0), (1, 1), 10.0 ** -np.arange(7))
    assert_allclose(along, 0.5)  # and ⟨∇f(0), d⟩ = 0


# --- line search --------------------------------------------------------------------------------


@given(
    st.floats(0.05, 50),
    st.floats(0.05, 50),
    st.floats(-0.9, 0.9),
    points_2d.filter(lambda w: abs(w).max() > 0.1),
)
def test_line_search_on_a_quadratic_is_the_closed_form(a: float, b: float, c: float, w: np.ndarray) -> None:
    matrix = np.array([[a, c * np.sqrt(a * b)], [c * np.sqrt(a * b), b]])
    bowl = Quadratic(matrix)
    g = bowl.gradient(w)
    found = descent.line_search(bowl, w, -g, alpha_max=1e3)
    assert_allclose(found.alpha, (g @ g) / (g @ matrix @ g), rtol=1e-11)
    assert not found.on_bound


class ManyValleys:
    """f(x) = Σ (1 − cos(3x)) + x²/20: the global minimum of a slice is not its first valley."""

    size = 1

    def error(self, w: np.ndarray) -> np.ndarray:
        w = np.asarray(w, dtype=float)
        return (1 - np.cos(3 * w) + w**2 / 20).sum(axis=-1)

    def gradient(self, w: np.ndarray, batch: None = None) -> np.ndarray:
        w = np.asarray(w, dtype=float)
        return 3 * np.sin(3 * w) + w / 10


def test_line_search_finds_the_lowest_of_many_valleys() -> None:
    found = descent.line_search(ManyValleys(), [-6.0], [1.0], alpha_max=20)
    assert_allclose(found.alpha, 6.0, rtol=1e-14)
    assert found.error < 1e-28


@pytest.mark.parametrize(
    ("alpha_max", "error"), [(0.1, 0.43393), (1, 0.14254), (5, 0.0057545), (10, 4.479e-5), (1000, 0)]
)
def test_f5_the_slice_from_the_origin_falls_to_every_bound(alpha_max: float, error: float) -> None:
    found = descent.line_search(POINTS, (0, 0), (-2.75, -1), alpha_max=alpha_max)
    assert found.on_bound
    assert found.alpha == alpha_max
    assert_allclose(found.error, error, rtol=1e-4)


@given(points_2d, directions)
def test_line_search_is_no_worse_than_a_fine_scan(w: np.ndarray, d: np.ndarray) -> None:
    found = descent.line_search(POINTS, w, d, alpha_max=10)
    scan = POINTS.error(w + np.linspace(1e-6, 10, 4001)[:, None] * d)
    assert found.error <= scan.min() + 1e-12
    assert_allclose(found.error, POINTS.error(w + found.alpha * d), rtol=1e-12)


# --- the methods --------------------------------------------------------------------------------


def test_exact_line_search_zigzags_as_in_the_textbook() -> None:
    g = 10.0
    path = descent.gradient_descent(BOWL, (g, 1), rate=exact_line_search, steps=60)
    k = np.arange(61)
    assert_allclose(path.w[:, 0], g * ((g - 1) / (g + 1)) ** k, atol=1e-8)
    assert_allclose(path.w[:, 1], (-(g - 1) / (g + 1)) ** k, atol=1e-8)
    assert len(path.line_searches) == 60
    assert_allclose(path.rates, 2 / (1 + g), rtol=1e-9)


def test_path_tells_what_the_steps_cost() -> None:
    gd = descent.gradient_descent(POINTS, (0, 0), rate=0.5, steps=3)
    sgd = descent.sgd(POINTS, (0, 0), rate=0.5, steps=3)
    blocks = descent.minibatch_sgd(POINTS, (0, 0), batch_size=2, rate=harmonic, steps=3)
    assert gd.sample_gradients.tolist() == [0, 4, 8, 12]
    assert sgd.sample_gradients.tolist() == [0, 1, 2, 3]
    assert blocks.sample_gradients.tolist() == [0, 2, 4, 6]
    assert gd.batches.tolist() == [[0, 1, 2, 3]] * 3
    assert sgd.batches.shape == (3, 1)
    assert blocks.rates.tolist() == [1, 1 / 2, 1 / 3]
    assert gd.stopped == sgd.stopped == blocks.stopped == "steps"
    for path in (gd, sgd, blocks):
        assert path.w.shape == (4, 2)
        assert_allclose(path.error, POINTS.error(path.w))


@given(points_2d, st.floats(0.01, 2), st.integers(0, 99))
def test_each_step_is_the_slides_formula(start: np.ndarray, rate: float, seed: int) -> None:
    path = descent.minibatch_sgd(POINTS, start, batch_size=3, rate=rate, steps=5, seed=seed)
    for k, batch in enumerate(path.batches):
        assert len(set(batch.tolist())) == 3
        step = -rate * POINTS.sample_gradients(path.w[k])[batch].sum(axis=0)
        assert_allclose(path.w[k + 1], path.w[k] + step, rtol=1e-12)


@given(points_2d, st.floats(0.01, 5), st.integers(0, 99))
def test_minibatch_with_all_samples_takes_gradient_descents_steps(
    start: np.ndarray, rate: float, seed: int
) -> None:
    whole = descent.minibatch_sgd(POINTS, start, batch_size=4, rate=rate, steps=20, seed=seed)
    gd = descent.gradient_descent(POINTS, start, rate=rate, steps=20)
    assert (whole.w == gd.w).all()


def test_the_seed_settles_the_draws_on_any_machine() -> None:
    sgd = descent.sgd(POINTS, (0, 0), rate=0.5, steps=12, seed=643)
    blocks = descent.minibatch_sgd(POINTS, (0, 0), batch_size=2, rate=0.5, steps=5, seed=643)
    assert sgd.batches.ravel().tolist() == SGD_DRAWS
    assert blocks.batches.tolist() == BLOCK_DRAWS
    again = descent.sgd(POINTS, (0, 0), rate=0.5, steps=12, seed=643)
    assert (again.w == sgd.w).all()


SGD_DRAWS = [2, 0, 3, 0, 2, 2, 0, 3, 1, 0, 3, 2]
BLOCK_DRAWS = [[0, 3], [1, 3], [0, 2], [0, 3], [0, 3]]


def test_the_samples_of_sgd_are_drawn_evenly() -> None:
    drawn = descent.sgd(POINTS, (0, 0), rate=1e-9, steps=8000, seed=1).batches.ravel()
    assert (np.abs(np.bincount(drawn, minlength=4) - 2000) < 200).all()  # five standard deviations
    blocks = descent.minibatch_sgd(POINTS, (0, 0), batch_size=2, rate=1e-9, steps=3000, seed=1).batches
    pairs = np.bincount(blocks[:, 0] * 4 + blocks[:, 1], minlength=16)
    assert (np.abs(pairs[pairs > 0] - 500) < 110).all()
    assert (pairs > 0).sum() == 6


def test_gradient_descent_stops_where_the_gradient_is_exactly_zero() -> None:
    path = descent.gradient_descent(Quadratic(np.eye(2)), (3, 4), rate=1.0, steps=10)
    assert path.stopped == "zero gradient"
    assert path.w.tolist() == [[3, 4], [0, 0]]
    assert (
        descent.gradient_descent(Quadratic(np.eye(2)), (3, 4), rate=1.0, steps=1).stopped == "zero gradient"
    )
    assert len(descent.gradient_descent(BOWL, (0, 0), rate=1.0).w) == 1


def test_divergence_is_told_not_raised() -> None:
    path = descent.gradient_descent(BOWL, (10, 1), rate=0.5, steps=10_000)
    assert path.stopped == "diverged"
    assert path.diverged_at == len(path.w)
    assert np.isfinite(path.w).all()
    assert np.isfinite(path.error).all()
    assert len(path.rates) == len(path.w) - 1 == len(path.sample_gradients) - 1
    descent.sgd(POINTS, (0, 0), rate=1e308, steps=5)


def test_no_steps_is_a_path_of_one_point() -> None:
    for path in (
        descent.gradient_descent(POINTS, (1, 2), rate=1, steps=0),
        descent.sgd(POINTS, (1, 2), rate=1, steps=0),
        descent.minibatch_sgd(POINTS, (1, 2), batch_size=2, rate=1, steps=0),
        descent.nesterov(POINTS, (1, 2), rate=1, steps=0),
    ):
        assert path.w.tolist() == [[1, 2]]
        assert path.stopped == "steps"


def test_f6_error_falls_like_a_constant_over_k() -> None:
    path = descent.gradient_descent(POINTS, (0, 0), rate=0.5, steps=10_000)
    assert_allclose(10_000 * path.error[-1], 0.1252, atol=5e-5)


def test_f7_the_slides_rate_is_hopelessly_slow_here() -> None:
    slow = [descent.sgd(POINTS, (0, 0), rate=harmonic, steps=20_000, seed=s).error[-1] for s in range(3)]
    assert min(slow) > 0.007
    fast = [descent.sgd(POINTS, (0, 0), rate=0.5, steps=400, seed=s) for s in range(50)]
    first_below = [int(np.argmax(path.error < 0.01)) for path in fast]
    assert 40 <= np.median(first_below) <= 60


@pytest.mark.parametrize("condition", [10.0, 1000.0])
def test_nesterov_keeps_its_promise(condition: float) -> None:
    """f(w^k) − f* ≤ 2 L ‖w⁰ − w*‖² / (k + 1)² (Nesterov 1983; Beck and Teboulle 2009, theorem 4.4)."""
    bowl = Quadratic(np.diag([1.0, condition]))
    path = descent.nesterov(bowl, (1, 1), rate=1 / condition, steps=300)
    k = np.arange(1, 301)
    assert (path.error[1:] <= 2 * condition * 2 / (k + 1) ** 2).all()
    gd = descent.gradient_descent(bowl, (1, 1), rate=1 / condition, steps=300)
    assert path.error[-1] < gd.error[-1] or gd.error[-1] < 1e-12


@given(points_2d)
def test_quadratic_against_automatic_differentiation(w: np.ndarray) -> None:
    matrix = np.array([[3.0, 1.0], [1.0, 2.0]])
    f = Quadratic(matrix)
    assert_allclose(f.gradient(w), autograd_gradient(lambda v: 0.5 * v @ anp.dot(matrix, v), w), atol=1e-12)
    assert_allclose(f.error(w), 0.5 * w @ matrix @ w, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: descent.sgd(POINTS, (0, 0), rate=-1), "rate must be a positive finite number, got -1"),
        (lambda: descent.sgd(POINTS, (0, 0), rate=0), "rate must be a positive finite number, got 0"),
        (lambda: descent.sgd(POINTS, (0, 0), rate=np.nan), "rate must be a positive finite number, got nan"),
        (
            lambda: descent.sgd(POINTS, (0, 0), rate="fast"),
            "rate must be a positive finite number, got 'fast'",
        ),
        (lambda: descent.sgd(POINTS, (0, 0), rate=lambda k: 1 - k), r"rate\(1\) must be a positive"),
        (lambda: descent.sgd(POINTS, (0, 0), rate=exact_line_search), "rate must be a number or a function"),
        (lambda: descent.sgd(POINTS, (0, np.nan), rate=1), "start must hold finite numbers, got nan"),
        (lambda: descent.sgd(POINTS, (0, 0, 0), rate=1), r"w must have shape \(\.\.\., 2\), got \(3,\)"),
        (lambda: descent.sgd(POINTS, (0, 0), rate=1, steps=-1), "steps must be a whole number at least 0"),
        (lambda: descent.sgd(POINTS, (0, 0), rate=1, steps=1.5), "steps must be a whole number at least 0"),
        (
            lambda: descent.sgd(POINTS, (0, 0), rate=1, seed=-3),
            "seed must be a whole number at least 0, got -3",
        ),
        (
            lambda: descent.minibatch_sgd(POINTS, (0, 0), batch_size=5, rate=1),
            "batch_size must be a whole number from 1 to 4, got 5",
        ),
        (lambda: descent.line_search(POINTS, (0, 0), (0, 0)), "d must be a direction, got the zero vector"),
        (
            lambda: descent.line_search(POINTS, (0, 0), (1, 0), -1),
            "alpha_max must be a positive finite number",
        ),
        (lambda: descent.line_search(POINTS, (0, 0), (1, 0, 0)), r"direction must have shape \(2\)"),
        (lambda: descent.directional_derivative((1, 1), (0, 0)), "d must be a direction, got the zero"),
        (
            lambda: descent.difference_quotient(POINTS.error, (0, 0), (1, 0), 0),
            "alpha must be positive, got 0",
        ),
        (lambda: Quadratic([[1, 2]]), "matrix must be square and symmetric"),
        (lambda: Quadratic([[1, 2], [3, 4]]), "matrix must be square and symmetric"),
    ],
)
def test_bad_input_is_named_in_one_sentence(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)


def test_the_bound_of_the_line_search_can_be_chosen() -> None:
    path = descent.gradient_descent(POINTS, (0, 0), rate=ExactLineSearch(alpha_max=2), steps=1)
    assert path.line_searches[0].on_bound
    assert path.rates.tolist() == [2]


@pytest.mark.parametrize("method", ["fixed", "exact", "nesterov"])
@pytest.mark.parametrize("start", [(1.0, -2.0), (0.0, 0.0)])
def test_a_walk_in_pieces_is_the_whole_walk(method: str, start: tuple[float, float]) -> None:
    rate = ExactLineSearch(10) if method == "exact" else 0.3
    walks = descent.nesterov if method == "nesterov" else descent.gradient_descent
    whole, walk = walks(four_points(), start, rate, 57), Walk(walks, four_points(), start, rate, piece=10)
    assert not walk.reach(57, seconds=0)
    assert len(walk.path.rates) == 10
    assert walk.reach(57)
    assert (walk.path.w == whole.w).all()
    assert walk.path.error == pytest.approx(whole.error, rel=1e-12)
    assert (walk.path.rates == whole.rates).all()
    assert walk.path.line_searches == whole.line_searches
    assert (walk.path.sample_gradients == whole.sample_gradients).all()
    assert walk.path.stopped == whole.stopped == "steps"


def test_a_walk_that_is_over_goes_no_further() -> None:
    flat = Walk(descent.gradient_descent, Quadratic(np.eye(2)), (2, 1), 1.0)
    assert flat.reach(50)
    assert (flat.path.stopped, len(flat.path.rates)) == ("zero gradient", 1)
    away = Walk(descent.nesterov, Quadratic(np.eye(2)), (2, 1), 100.0, piece=7)
    assert away.reach(1000)
    assert away.path.diverged_at == descent.nesterov(Quadratic(np.eye(2)), (2, 1), 100.0, 1000).diverged_at


class Wall:
    """Falls evenly, to a wall at ½ whose slope is infinite."""

    size = 1

    def error(self, w: np.ndarray) -> np.ndarray:
        w = np.asarray(w, float)[..., 0]
        return np.where(w > 0.5, np.inf, -w)

    def gradient(self, w: np.ndarray, batch: None = None) -> np.ndarray:
        return np.where(np.asarray(w, float) > 0.5, np.inf, -1.0)


@pytest.mark.parametrize("alpha_max", [1.0, 1e6])
def test_a_search_ends_at_a_wall(alpha_max: float) -> None:
    found = descent.line_search(Wall(), [0.0], [1.0], alpha_max=alpha_max)
    assert found.alpha == pytest.approx(0.5, rel=1e-12)
    assert not found.on_bound
