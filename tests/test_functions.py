"""The functions that teach one thing each, numerical gradients and the proposition's interval."""

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from oracles import autograd_gradient, central_differences

from lecture643 import descent, exercises, slopes
from lecture643.maths.functions import Function, PartialsOnly, Perceptron, Polynomial
from lecture643.maths.methods import Quadratic
from lecture643.maths.toy import four_points

points_2d = arrays(float, 2, elements=st.floats(-4, 4))
directions = points_2d.filter(lambda d: np.linalg.norm(d) > 1e-2)
POINTS = four_points()
SIGNED = Perceptron(POINTS.x, 2 * POINTS.y - 1)
F9 = PartialsOnly()


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=5), st.floats(-3, 3))
def test_a_polynomial_has_the_turns_it_was_given(turns: list[float], x: float) -> None:
    f = Polynomial(turns, scale=0.5, offset=2)
    assert f.error([0.0]) == 2
    assert (f.gradient(np.array(turns)[:, None]) == 0).all()
    assert_allclose(f.gradient([x]), central_differences(f.error, np.array([x])), rtol=1e-4, atol=1e-6)
    assert f.error(np.zeros((3, 4, 1))).shape == (3, 4)
    assert f.gradient(np.zeros((3, 4, 1))).shape == (3, 4, 1)


@given(directions)
def test_f9s_function_and_its_partials(x: np.ndarray) -> None:
    def textbook(v: np.ndarray) -> float:
        return v[0] * v[1] ** 2 / (v[0] ** 2 + v[1] ** 2)

    assert_allclose(F9.error(x), textbook(x), rtol=1e-12, atol=1e-300)
    assert_allclose(F9.gradient(x), autograd_gradient(textbook, x), rtol=1e-9, atol=1e-12)


@given(directions)
def test_f9_the_limit_at_the_origin_is_f_of_d(d: np.ndarray) -> None:
    limit = F9.directional_derivative((0, 0), d)
    assert_allclose(limit, descent.difference_quotient(F9.error, (0, 0), d, 1e-9), rtol=1e-9, atol=1e-12)
    assert F9.gradient((0, 0)).tolist() == [0, 0]
    away = np.array([1.0, -2.0])
    inner = descent.directional_derivative(F9.gradient(away), d)
    assert F9.directional_derivative(away, d) == inner


def test_f9_along_the_diagonal_is_a_half() -> None:
    assert_allclose(F9.directional_derivative((0, 0), (1, 1)), 0.5, rtol=1e-15)
    assert F9.error([[0, 0], [0, 3], [2, 0]]).tolist() == [0, 0, 0]


@given(points_2d.filter(lambda w: np.abs(POINTS.x @ w).min() > 1e-3))
def test_the_perceptrons_gradient_away_from_the_kinks(w: np.ndarray) -> None:
    y = SIGNED.y

    def textbook(v: np.ndarray) -> float:
        return anp.sum(anp.maximum(0, -y * anp.dot(POINTS.x, v)))

    assert_allclose(SIGNED.error(w), textbook(w), atol=1e-12)
    assert_allclose(SIGNED.gradient(w), autograd_gradient(textbook, w), atol=1e-12)


@given(points_2d, st.integers(0, 3))
def test_sgd_of_length_one_is_the_perceptrons_update(start: np.ndarray, seed: int) -> None:
    path = descent.sgd(SIGNED, start, rate=1.0, steps=12, seed=seed)
    w = np.array(start, dtype=float)
    for k, (j,) in enumerate(path.batches):
        if SIGNED.y[j] * (SIGNED.x[j] @ w) <= 0:
            w = w + SIGNED.y[j] * SIGNED.x[j]
        assert_allclose(path.w[k + 1], w, atol=1e-12)


@given(points_2d, points_2d, st.integers(0, 3))
def test_the_perceptrons_step_is_a_subgradient(w: np.ndarray, v: np.ndarray, j: int) -> None:
    """h(v) ≥ h(w) + ⟨g, v − w⟩ for each sample's h, on the kinks too."""

    def h(u: np.ndarray) -> float:
        return max(0.0, -SIGNED.y[j] * (SIGNED.x[j] @ u))

    for at in (w, np.zeros(2)):
        assert h(v) >= h(at) + SIGNED.gradient(at, [j]) @ (v - at) - 1e-9


def test_the_perceptrons_full_gradient_is_the_sum_over_batches() -> None:
    w = np.array([[0.5, -1.0], [0.0, 0.0], [2.0, 1.0]])
    assert_allclose(SIGNED.gradient(w), sum(SIGNED.gradient(w, [j]) for j in range(4)))


def test_a_function_of_ones_own_broadcasts() -> None:
    mine = Function(lambda x: x[0] ** 2 * x[1], lambda x: [2 * x[0] * x[1], x[0] ** 2])
    grid = np.random.default_rng(0).normal(size=(3, 4, 2))
    assert_allclose(mine.error(grid), grid[..., 0] ** 2 * grid[..., 1])
    assert_allclose(mine.gradient(grid)[..., 1], grid[..., 0] ** 2)
    assert_allclose(Function(mine.f).gradient(grid), mine.gradient(grid), rtol=1e-7, atol=1e-9)
    found = descent.line_search(mine, (1, 1), (-1, -1), alpha_max=2)
    assert_allclose(found.error, mine.error(np.array([1.0, 1.0]) - found.alpha))


# --- proposition 2.6 ----------------------------------------------------------------------------


@given(st.floats(0.1, 10), st.floats(0.1, 10), points_2d, directions)
def test_the_interval_on_a_quadratic_is_the_closed_form(
    a: float, b: float, x: np.ndarray, d: np.ndarray
) -> None:
    bowl = Quadratic(np.diag([a, b]))
    slope = float(bowl.gradient(x) @ d)
    found = descent.descent_interval(bowl, x, d, alpha_max=100)
    if slope < -1e-6:
        expected = -2 * slope / float(d @ np.diag([a, b]) @ d)
        assert_allclose(found, expected if expected < 100 else np.inf, rtol=1e-6)
    elif slope >= 0:
        assert found == 0


@given(points_2d, directions)
def test_f_is_lower_on_the_whole_interval_and_not_beyond(x: np.ndarray, d: np.ndarray) -> None:
    slope = POINTS.gradient(x) @ d
    end = descent.descent_interval(POINTS, x, d, alpha_max=10)
    inside = np.linspace(0, min(end, 10), 999)[1:-1]
    if end > 0:
        assert (POINTS.error(x + inside[:, None] * d) <= POINTS.error(x)).all()
    elif abs(slope) > 1e-6:
        assert slope > 0
    if 0 < end < np.inf:
        assert POINTS.error(x + end * (1 + 1e-3) * d) >= POINTS.error(x) - 1e-9


def test_a_saddle_falls_without_a_descent_direction() -> None:
    saddle = Quadratic([[1, 0], [0, -1]])
    assert not descent.is_descent_direction(saddle.gradient((0, 0)), (0, 1))
    assert descent.descent_interval(saddle, (0, 0), (0, 1)) == np.inf
    assert descent.descent_interval(saddle, (0, 0), (1, 0)) == 0
    assert descent.descent_interval(saddle, (0, 0), (1, 1)) == 0


# --- gradients by hand --------------------------------------------------------------------------


@given(points_2d)
def test_the_numerical_gradient_of_e(w: np.ndarray) -> None:
    assert_allclose(slopes.numerical_gradient(POINTS.error, w), POINTS.gradient(w), atol=1e-8)


def cubic(x: np.ndarray) -> float:
    return x[0] ** 2 * x[1] + x[2] ** 3


@pytest.mark.parametrize(
    ("gradient", "told"),
    [
        (lambda x: [2 * x[0] * x[1], x[0] ** 2, 3 * x[2] ** 2], "Right: all 3 components agree"),
        (
            lambda x: [2 * x[0] * x[1], x[0] ** 2, 3 * x[2]],
            "component 3, ∂f/∂x₃, is off at x = (2, 3, −2)",
        ),
        (lambda x: [2 * x[0] * x[1], x[0] ** 2, 3 * x[2]], "yours is −6, central differences give 12."),
        (lambda x: [1, 1, 12], "component 1, ∂f/∂x₁, is off"),
        (lambda x: [1, 1, 12], "yours is 1, central differences give 12 (1 more is off)"),
        (lambda x: [12, 4.0001, 12], "component 2"),
        (lambda x: [12, np.nan, 12], "component 2"),
        (lambda x: [12, 4], "must have shape (3,)"),
        (lambda x: [..., ..., ...], "Not attempted yet."),
        (lambda x: ..., "Not attempted yet."),
        (lambda x: None, "your function returns nothing: is there a return in every branch?"),
        (lambda x: x["a"], "your function stopped with IndexError: only integers"),
        (lambda x: "four", "the answer should be numbers, yours is 'four'."),
    ],
)
def test_a_wrong_gradient_is_told_by_its_component(
    gradient: object, told: str, capsys: pytest.CaptureFixture
) -> None:
    exercises.check_gradient(cubic, gradient, (2, 3, -2))  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert told in said
    assert said.count("\n") == 1


@given(points_2d.filter(lambda x: np.abs(x).min() > 0.05), st.integers(0, 1), st.floats(0.01, 10))
def test_whichever_component_is_off_is_found(x: np.ndarray, wrong: int, by: float) -> None:
    def off(v: np.ndarray) -> np.ndarray:
        return POINTS.gradient(v) + by * np.eye(2)[wrong]

    assert slopes.gradient_mistake(POINTS.error, POINTS.gradient, x) == ""
    assert f"component {wrong + 1}," in slopes.gradient_mistake(POINTS.error, off, x)


def test_steep_and_wild_functions_are_not_accused() -> None:
    assert slopes.gradient_mistake(lambda x: 1e8 * x[0], lambda x: [1e8], [3.0]) == ""
    wild = slopes.gradient_mistake(
        lambda x: np.sin(1000 * x[0]), lambda x: [1000 * np.cos(1000 * x[0])], [1.0]
    )
    assert wild == ""
    assert "not a finite number" in slopes.gradient_mistake(
        lambda x: np.log(x[0]), lambda x: [1 / x[0]], [-1]
    )


def test_the_perceptron_homework_names_the_slip(capsys: pytest.CaptureFixture) -> None:
    check = exercises.PERCEPTRON.check
    attempts = [
        (exercises.perceptron_subgradient, "Right."),
        (lambda w, x, y: -y * x if y * (w @ x) <= 0 else np.zeros(2), "Right."),
        (lambda w, x, y: ..., "Not attempted yet. About 10 minutes, medium."),
        (lambda w, x, y: y * x if y * (w @ x) <= 0 else 0 * x, "the sign is the other way round"),
        (lambda w, x, y: -x if y * (w @ x) <= 0 else 0 * x, "the label is missing"),
        (lambda w, x, y: -y * x, "moves w for every sample"),
        (lambda w, x, y: -y * x if y * (w @ x) < 0 else 0 * x, "never leaves w = 0"),
        (lambda w, x, y: -y * x if y * (w @ x) > 0 else 0 * x, "mind the sign"),
    ]
    for attempt, told in attempts:
        check(attempt)
        assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Polynomial([np.nan]), "turns must hold finite numbers, got nan"),
        (lambda: Polynomial([0]).error([1, 2]), r"w must have shape \(\.\.\., 1\), got \(2,\)"),
        (lambda: F9.error([1, 2, 3]), r"w must have shape \(\.\.\., 2\), got \(3,\)"),
        (lambda: Perceptron([[1, 2]], [0]), "y must be −1 or \\+1, got \\[0.0\\]; map labels"),
        (lambda: Perceptron([[1, 2]], [1, 1]), r"y must have shape \(1\), got \(2,\)"),
        (lambda: descent.descent_interval(POINTS, (0, 0), (0, 0)), "d must be a direction"),
        (lambda: descent.descent_interval(POINTS, (0, 0), (0, 1), -1), "alpha_max must be a positive"),
        (lambda: slopes.numerical_gradient(POINTS.error, (0, np.inf)), "w must hold finite numbers"),
        (lambda: slopes.numerical_gradient(POINTS.error, (0, 0), 0), "step must be a positive"),
    ],
)
def test_bad_input_is_named_in_one_sentence(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as told:
        call()  # type: ignore[operator]
    assert "\n" not in str(told.value)
