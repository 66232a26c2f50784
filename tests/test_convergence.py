"""How fast, where to, at what cost: the mathematics and the views of 2.11 to 2.13, against closed forms."""

import asyncio
from collections.abc import Callable

import autograd.numpy as anp
import numpy as np
import pytest
from hands import message
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from oracles import autograd_gradient

from lecture643 import crowd, descent, explore
from lecture643.explore.basins import even_starts
from lecture643.explore.schedule import infimum_of, problem_of
from lecture643.maths import speed, timing
from lecture643.maths.convergence import LONGEST, LOWEST, cases
from lecture643.maths.functions import Hill, Power
from lecture643.maths.methods import Path, Quadratic, exact_line_search
from lecture643.maths.schedules import zeta
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture.style import KINDS_OF_GD

POINTS = four_points()
points_2d = arrays(float, 2, elements=st.floats(-6, 6))
rates_wide = st.floats(-2, 2).map(lambda decade: 10**decade)


# --- measuring speed ----------------------------------------------------------------------------


@given(st.floats(-4, 4), st.floats(0.1, 10), st.integers(2, 50))
def test_a_power_law_is_measured_exactly(slope: float, c: float, count: int) -> None:
    x = np.arange(1, count + 1)
    assert_allclose(speed.power_law(x, c * x**slope), slope, atol=1e-10)


@given(st.floats(0.1, 1.2), st.floats(0.1, 10), st.integers(2, 50))
def test_a_linear_factor_is_measured_exactly(q: float, c: float, count: int) -> None:
    k = np.arange(count)
    assert_allclose(speed.linear_factor(k, c * q**k), q, rtol=1e-10)


@given(st.floats(0.05, 0.99), st.floats(0.1, 10), st.integers(6, 60), st.integers(1, 100))
def test_a_constant_factor_is_told_from_a_power(q: float, c: float, count: int, first: int) -> None:
    k = np.arange(first, first + count)
    found = speed.law(k, c * q ** (k - first))
    assert found.kind == "factor"
    assert_allclose(found.value, q, rtol=1e-9)
    assert found.error < 1e-9


@given(st.floats(-4, -0.05), st.floats(0.1, 10), st.integers(10, 100))
def test_a_power_is_told_from_a_constant_factor(s: float, c: float, first: int) -> None:
    k = np.arange(first, 10 * first)
    found = speed.law(k, c * k**s)
    assert found.kind == "power"
    assert_allclose(found.value, s, rtol=1e-9)
    assert found.error < 1e-9


def test_the_error_of_a_law_is_the_largest_deviation() -> None:
    k = np.arange(100, 1000)
    off = np.where(k % 2, 1.02, 1 / 1.02)
    assert speed.law(k, off / k).error == pytest.approx(0.02, abs=5e-4)
    assert speed.law(k, off**6 / k).kind == "none"  # 12 % off


NO_LAW = {
    "two speeds, one after the other": lambda k: 0.96**k + 0.01,
    "swings": lambda k: np.cos(k) ** 2 / k,
    "stands still": lambda k: np.full(len(k), 0.0099),
    "stands still up to rounding": lambda k: 0.0099 * (1 + 2e-16 * np.sin(k)),
    "rounding at the end": lambda k: np.maximum(0.5**k, 1e-16),
    "0 at the end": lambda k: np.where(k < 500, 0.9**k, 0.0),
}


@pytest.mark.parametrize("case", NO_LAW)
def test_where_neither_law_fits_none_is_told(case: str) -> None:
    k = np.arange(74, 749)
    assert speed.law(k, NO_LAW[case](k), lowest=1e-15).kind == "none"


def test_few_values_follow_no_law() -> None:
    k = np.arange(1, 6)
    assert speed.law(k, 0.5**k).kind == "none"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: speed.law([0, 1, 2], [1, 1, 1]), "k must be positive, got 0.0"),
        (lambda: speed.power_law([1, 2], [1, 0]), "y must be positive, got 0.0"),
        (lambda: speed.power_law([1, 1], [1, 2]), "a slope needs two different places"),
        (lambda: speed.linear_factor([1, 2, 3], [1, 2]), "a slope needs two different places"),
        (lambda: speed.linear_factor([1, 2], [1, np.nan]), "y must hold finite numbers"),
        (lambda: descent.decaying(0, 1), "c must be a positive finite number, got 0"),
        (lambda: descent.decaying(1, -0.1), "p must be at least 0, got -0.1"),
        (lambda: Power(1, (1, 1)), "exponent must be at least 2"),
        (lambda: Power(4, (1, 0)), "exponent must be at least 2 and stiffness positive"),
        (lambda: Hill(0), "a must be a positive finite number, got 0"),
        (
            lambda: crowd.descend_from_all(POINTS, (0, 0), 0.1, 5),
            r"starts must have shape \(any, any\), got \(2,\)",
        ),
        (
            lambda: crowd.sgd_runs(POINTS, (0, 0), exact_line_search, 5, [0]),
            "rate must be a number or a function",
        ),
        (lambda: crowd.sgd_runs(POINTS, (0, 0), 0.1, 5, [-1]), "seed must be a whole number at least 0"),
        (
            lambda: explore.basins(problem=SigmoidNeuron([[1, 2]], [0.5])),
            "the labels of problem must be 0 or 1",
        ),
        (lambda: explore.basins(side=1), "side must be a whole number from 2 to 400, got 1"),
        (lambda: explore.schedule(seeds=1), "seeds must be a whole number from 2 to 1000, got 1"),
        (lambda: explore.rates(kappa=-1), "kappa must be from 1 to 10000, got -1"),
    ],
)
def test_bad_input_is_named_in_one_sentence(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# --- the functions ------------------------------------------------------------------------------


@given(points_2d, st.sampled_from([2, 4, 8]))
def test_power_against_automatic_differentiation(w: np.ndarray, p: int) -> None:
    a = np.array([0.3, 2.0])
    f = Power(p, a)
    oracle = autograd_gradient(lambda v: anp.sum(a * v**p) / (p * (p - 1)), w)
    assert_allclose(f.gradient(w), oracle, rtol=1e-12, atol=1e-300)


@given(points_2d, st.floats(0.1, 3))
def test_hill_against_automatic_differentiation(w: np.ndarray, a: float) -> None:
    oracle = autograd_gradient(lambda v: (1 + anp.sum(v**2)) ** (-a / 2) / a, w)
    assert_allclose(Hill(a).gradient(w), oracle, rtol=1e-12, atol=1e-300)


def test_hill_is_not_convex_and_falls_towards_0() -> None:
    hill = Hill(0.25)
    assert hill.error([0, 0]) > (hill.error([1, 0]) + hill.error([-1, 0])) / 2
    assert 0 < hill.error([1e40, 0]) < 1e-8


# --- many at once -------------------------------------------------------------------------------


labels = st.lists(st.sampled_from([0, 0.2, 0.5, 0.8, 1]), min_size=4, max_size=4)


@given(labels, points_2d, st.floats(0.05, 5), st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_many_seeds_at_once_are_the_runs_of_sgd(
    labels: list[float], start: np.ndarray, c: float, seeds: list[int]
) -> None:
    rate, problem = descent.decaying(c, 0.5), SigmoidNeuron(POINTS.x, labels)
    runs = crowd.sgd_runs(problem, start, rate, 60, seeds)
    for run, seed in enumerate(seeds):
        alone = descent.sgd(problem, start, rate=rate, steps=60, seed=seed)
        assert_allclose(runs[:, run], alone.w, rtol=1e-9, atol=1e-12)


class Steep:
    """Two samples: e¹ = w⁴, which diverges, and e² = 0."""

    size = 2

    def error(self, w: np.ndarray) -> np.ndarray:
        return (w**4).sum(axis=-1)

    def gradient(self, w: np.ndarray, batch: None = None) -> np.ndarray:
        return 4 * w**3

    def sample_gradients(self, w: np.ndarray) -> np.ndarray:
        return np.stack([4 * w**3, 0 * w], axis=-2)


def test_a_run_that_diverges_stays_at_its_last_finite_iterate() -> None:
    runs = crowd.sgd_runs(Steep(), [10.0], 1.0, 40, range(5))
    assert np.isfinite(runs).all()
    assert (runs[-1] == runs[-2]).all()
    assert (np.abs(runs[-1]) > 1e100).all()


@given(arrays(float, (7, 2), elements=st.floats(-6, 6)), st.floats(0.01, 20), st.integers(0, 50))
def test_many_starts_at_once_are_the_walks_of_gradient_descent(
    starts: np.ndarray, rate: float, steps: int
) -> None:
    ends = crowd.descend_from_all(POINTS, starts, rate, steps)
    alone = [descent.gradient_descent(POINTS, start, rate=rate, steps=steps).w[-1] for start in starts]
    assert_allclose(ends, alone, rtol=1e-8, atol=1e-9)


def test_decaying_contains_the_slides_schedules() -> None:
    k = range(20)
    assert [descent.decaying(1, 1)(i) for i in k] == [descent.harmonic(i) for i in k]
    assert {descent.decaying(0.3, 0)(i) for i in k} == {0.3}
    assert_allclose([descent.decaying(2, 0.5)(i) for i in k], 2 / np.sqrt(np.arange(1, 21)))


# --- where gradient descent ends (F3) -----------------------------------------------------------


def sides(problem: SigmoidNeuron, w: np.ndarray) -> np.ndarray:
    return w @ problem.x.T > 0


@settings(max_examples=40)
@given(
    arrays(float, (40, 2), elements=st.floats(-12, 12)),
    rates_wide,
    st.integers(1, 400),
    st.integers(0, 1000),
)
def test_who_is_said_to_stay_does_stay(w: np.ndarray, rate: float, steps: int, seed: int) -> None:
    """The proof in `stays`, against walking on, for the four points and for data at random."""
    random = np.random.default_rng(seed)
    other = SigmoidNeuron(random.normal(size=(5, 2)) * 3, random.integers(2, size=5))
    for problem in (POINTS, other):
        staying = w[crowd.stays(problem, w, rate, steps)]
        at = staying
        for _ in range(steps):
            at = at - rate * problem.gradient(at)
            assert (sides(problem, at) == sides(problem, staying)).all()


def test_most_starts_are_soon_known_to_stay() -> None:
    w = even_starts(30)
    for _ in range(100):
        w = w - 0.1 * POINTS.gradient(w)
    assert crowd.stays(POINTS, w, 0.1, 2000).mean() > 0.75
    assert not crowd.stays(POINTS, np.zeros((1, 2)), 0.1, 2000).any()
    soft = SigmoidNeuron(POINTS.x, 0.2 + 0.6 * POINTS.y)
    assert not crowd.stays(soft, w, 0.1, 2000).any()


@given(points_2d.filter(lambda w: np.hypot(*w) > 0.1))
def test_wrong_points_are_the_height_of_the_plateau(w: np.ndarray) -> None:
    assume((np.abs(POINTS.x @ w) > 1e-3).all())
    assert_allclose(POINTS.error(1e5 * w), crowd.wrong(POINTS, w), atol=1e-12)


@pytest.mark.parametrize("rate", [0.01, 0.1, 1, 30])
def test_basins_are_what_plain_gradient_descent_finds(rate: float) -> None:
    view = explore.basins(rate=rate, side=20)
    plain = crowd.descend_from_all(POINTS, even_starts(20), rate, 2000)
    assert (view.state.heights.ravel() == crowd.wrong(POINTS, plain)).all()


def test_f3_a_third_of_the_starts_walks_out_onto_the_plateau_1() -> None:
    view = explore.basins(rate=0.1, steps=2000)
    assert view.state.heights.shape == (100, 100)
    assert_allclose(view.state.shares, (0.4292, 0.3471, 0.2089, 0.0148), atol=5e-4)
    assert "34.71 % on E → 1" in view.describe()
    assert sum(view.state.shares) == pytest.approx(1)


def test_without_steps_the_basins_are_the_cones_of_the_plateaus() -> None:
    view = explore.basins(steps=0)
    angle = np.rad2deg(np.arctan2(*even_starts(100).T[::-1]))
    expected = np.full(len(angle), -1.0)
    for low, high, height in POINTS.plateaus():
        expected[(angle - low) % 360 < high - low] = height
    inside = np.abs(even_starts(100) @ POINTS.x.T).min(axis=1) > 1e-9
    assert (view.state.heights.ravel() == expected)[inside].all()


# --- how fast (2.11, F6) ------------------------------------------------------------------------


@pytest.mark.parametrize("kappa", [2, 10, 100, 1000])
def test_exact_search_has_the_textbooks_factor(kappa: float) -> None:
    """((κ − 1)/(κ + 1))², which Kantorovich's inequality gives and the start (1, 1/κ) attains."""
    view = explore.rates(kappa=kappa)
    expected = ((kappa - 1) / (kappa + 1)) ** 2
    assert view.state.laws["exact"].kind == "factor"
    assert view.state.laws["exact"].value == pytest.approx(expected, rel=1e-2 / 5)
    best = 2 / (1 + 1 / kappa)  # the best fixed step has the same worst case
    path = descent.gradient_descent(cases(kappa)["quadratic"].problem, (1, 1 / kappa), rate=best, steps=50)
    assert_allclose(path.error[1:] / path.error[:-1], expected, rtol=1e-9)


def test_a_fixed_step_is_linear_on_a_quadratic() -> None:
    view = explore.rates(kappa=100, rate=1)
    assert view.state.laws["fixed"].value == pytest.approx((1 - 1 / 100) ** 2, rel=1e-6)
    assert "times 0.9801 in each step for GD; times 0.9608 in each step for exact search" in view.describe()


def test_f6_the_four_points_fall_like_one_over_k() -> None:
    view = explore.rates(function="points", rate=0.5)
    assert view.state.laws["fixed"].value == pytest.approx(-1, abs=0.02)
    assert view.state.laws["nesterov"].value == pytest.approx(-2, abs=0.02)
    assert "exact" not in view.state.laws  # F5: the exact search only ever finds its bound
    assert "Each of the 1000 exact searches ended on the bound α_max = 10" in view.describe()


@pytest.mark.parametrize("kappa", [1, 3, 10, 100, 1000, 10_000])
@pytest.mark.parametrize("start", [(1.0, 1.0), (1.0, 1e-4), (-3.0, 2.0)])
def test_nesterov_is_at_least_as_fast_as_one_over_k_squared(kappa: float, start: tuple[float, float]) -> None:
    """E(w^k) − E* ≤ 2‖w⁰ − w*‖² / (γ (k + 1)²) with γ = 1/L, down to 10⁻¹²."""
    path = descent.nesterov(Quadratic(np.diag([1 / kappa, 1])), start, rate=1.0, steps=10_000)
    k = np.arange(len(path.error))
    counts = (k > 0) & (path.error > 1e-12)
    assert (path.error <= 2 * np.dot(start, start) / (k + 1) ** 2)[counts].all()
    assert path.error[-1] < 1e-12 or kappa > 1000


def test_the_power_is_convex_but_its_speed_is_not_linear() -> None:
    """w' = −wᵖ⁻¹ gives E ∼ k^(−p/(p−2)): between 1/k and any faster power, as p falls from ∞ to 2."""
    view = explore.rates(function="power", kappa=1)
    assert view.state.laws["fixed"].value == pytest.approx(-8 / 6, abs=0.01)


def test_the_hill_shows_how_slow_the_gradient_may_fall() -> None:
    view = explore.rates(function="hill", gap="gradient")
    assert view.state.laws["fixed"].value == pytest.approx(-1.25 / 2.25, abs=0.002)
    view.set(gap="error")
    assert view.state.laws["fixed"].value == pytest.approx(-0.25 / 2.25, abs=0.002)


@pytest.mark.parametrize(
    ("function", "rate"), [("quadratic", 1), ("power", 1), ("hill", 1), ("points", 1 / 16)]
)
def test_the_smallest_gradient_norm_keeps_its_promise(function: str, rate: float) -> None:
    """min ‖∇E(wⁱ)‖² ≤ 2 (E(w⁰) − E*) / (γ (k + 1)) for γ ≤ 1/L: the O(1/√k) of every smooth function."""
    case = cases(100)[function]
    path = descent.gradient_descent(case.problem, case.start, rate=rate, steps=2000)
    smallest = np.minimum.accumulate(np.linalg.norm(case.problem.gradient(path.w), axis=-1))
    k = np.arange(len(path.w))
    assert (smallest <= np.sqrt(2 * path.error[0] / (rate * (k + 1)))).all()


def test_what_ends_too_soon_or_diverges_is_said() -> None:
    view = explore.rates(kappa=1)
    assert "GD was there after 1 step." in view.describe()
    view.set(kappa=100, rate=10)
    assert "GD diverged at k = " in view.describe()
    assert "fixed" not in view.state.laws


def test_the_lines_are_the_walks_measured() -> None:
    view = explore.rates(kappa=50)
    curve, path = view.state.curves["fixed"], view.state.curves["fixed"].path
    assert isinstance(path, Path)
    x, y = view.lines[view.powers, "fixed"].get_data()
    assert_allclose(y, np.maximum(path.error[x] / path.error[0], LOWEST / 100))
    assert curve.share[1] == path.error[1] / path.error[0]


def test_it_answers_at_once_walks_on_and_ends_with_the_whole() -> None:
    view = explore.rates()
    seen = list(view.states(view.settings.changed(kappa=47)))
    assert [state.unfinished for state in seen] == [True] * (len(seen) - 1) + [False]
    first, last = seen[0], seen[-1]
    for method, curve in first.curves.items():
        assert 0 < len(curve.path.rates) < len(last.curves[method].path.rates) <= LONGEST[method]
    for state in seen:
        assert ("is on its way" in view.sentence(state)) == (len(state.laws) < 3)
        assert "was there after" not in view.sentence(state)
    again = list(view.states(view.settings.changed(kappa=47)))  # the hand has moved on, and come back
    assert [state.end for state in again] == [last.end]
    case = cases(47)["quadratic"]
    whole = descent.nesterov(case.problem, case.start, 1.0, LONGEST["nesterov"])
    assert_allclose(last.curves["nesterov"].share, whole.error / whole.error[0], rtol=1e-9)


@pytest.mark.parametrize(
    ("methods", "shown"),
    [
        ("gd", ["GD"]),
        ("exact", ["GD", "GD, exact search"]),
        ("nesterov", ["GD", "Nesterov"]),
        ("all", ["GD", "GD, exact search", "Nesterov"]),
    ],
)
def test_only_the_methods_that_are_asked_for_are_seen_and_told(methods: str, shown: list[str]) -> None:
    view = explore.rates()
    before = view.live.still_id
    view.set(methods=methods)
    assert [text.get_text() for text in view.powers.get_legend().get_texts()] == shown
    assert (view.live.still_id == before) == (methods == "all")
    lines = {method for (_, method), line in view.lines.items() if line.get_visible()}
    assert {KINDS_OF_GD[method].name for method in lines} == set(shown)
    assert ("Nesterov" in view.describe()) == ("Nesterov" in shown)
    assert view.geometric[0].get_visible() == view.textbook.get_visible() == ("GD, exact search" in shown)
    assert ("says the textbook" in view.describe()) == ("GD, exact search" in shown)


def test_the_walks_go_as_far_as_k_and_laws_are_told_of_these_steps() -> None:
    view, whole = explore.rates(kappa=100, steps=150), explore.rates(kappa=100)
    for method, curve in view.state.curves.items():
        assert curve.share == pytest.approx(whole.state.curves[method].share[:151])
        assert view.lines[view.powers, method].get_xdata()[-1] == 150
    assert "from k = 15 to k = 150: times 0.9801 in each step for GD" in view.describe()
    diverging = explore.rates(kappa=100, rate=2.5, steps=10)
    assert "diverged" not in diverging.describe()
    diverging.set(steps=10_000)
    assert "GD diverged at k =" in diverging.describe()


def test_it_is_told_after_how_many_steps_a_millionth_is_left() -> None:
    view = explore.rates(kappa=20, methods="exact")
    for method, name in (("fixed", "GD"), ("exact", "exact search")):
        share = view.state.curves[method].share
        k = view.state.curves[method].first_below(1e-6)
        assert k
        assert share[k] <= 1e-6 < share[k - 1]
        assert f"{k} of {name}" in view.describe()
    view.set(steps=20)
    assert "millionth" not in view.describe()


def test_kappa_is_shown_where_it_matters() -> None:
    view = explore.rates()
    for function, matters in (("quadratic", True), ("power", True), ("points", False), ("hill", False)):
        view.set(function=function)
        told = next(told for told in view.stage.controls if told["name"] == "kappa")
        assert told.get("hidden", False) != matters


# --- learning rates that shrink (2.13, F7) ------------------------------------------------------


def test_zeta_against_its_closed_forms() -> None:
    assert zeta(2) == pytest.approx(np.pi**2 / 6, rel=1e-14)
    assert zeta(4) == pytest.approx(np.pi**4 / 90, rel=1e-14)
    assert zeta(1.1) == pytest.approx(10.584448464950809, rel=1e-12)  # DLMF 25.2, by mpmath
    assert np.isinf(zeta(1))
    assert np.isinf(zeta(0))


@pytest.mark.parametrize(
    ("p", "holds"),
    [(0, (True, False)), (0.5, (True, False)), (0.6, (True, True)), (1, (True, True)), (1.2, (False, True))],
)
def test_the_two_conditions(p: float, holds: tuple[bool, bool]) -> None:
    view = explore.schedule(p=p, c=2)
    state = view.state
    assert (np.isinf(state.limits[0]), np.isfinite(state.limits[1])) == holds
    assert ("both conditions hold" in view.describe()) == all(holds)
    gamma = 2.0 / np.arange(1, 10_001) ** p
    assert 2 * state.sums[0][-1] == pytest.approx(gamma.sum())
    assert 4 * state.sums[1][-1] == pytest.approx((gamma**2).sum())
    for total, limit in zip(state.sums, state.limits, strict=True):
        assert total[-1] < limit
        assert (np.diff(total) > 0).all()


def test_the_schedule_shows_the_runs_of_sgd() -> None:
    view = explore.schedule(c=0.7, p=0.4, seed=3, start=(1, -1), seeds=5)
    alone = descent.sgd(POINTS, (1, -1), rate=descent.decaying(0.7, 0.4), steps=10_000, seed=3)
    assert_allclose(view.state.path[-1], alone.w[-1], rtol=1e-9)
    assert_allclose(view.state.path[:301], alone.w[:301], rtol=1e-9)
    assert_allclose(view.state.gap[:, 3], alone.error[view.state.k], rtol=1e-6)


@pytest.mark.parametrize("data", ["points", "soft"])
@pytest.mark.parametrize("method", ["sgd", "minibatch"])
def test_what_a_schedule_foresees_is_what_it_shows_alone(data: str, method: str) -> None:
    view, alone = (explore.schedule(data=data, method=method, seeds=7) for _ in range(2))
    every = [
        view.settings.changed(**values)
        for values in [{"c": 0.3}, {"c": 80.0}, {"p": 0.25}, {"start": (1.5, -1)}, {"c": 9.0, "p": 0.0}]
    ]
    view.foresee(every)
    for one in every:
        for each in (view, alone):
            each.show(one)
        assert np.array_equal(view.state.gap, alone.state.gap)
        assert np.array_equal(view.state.ends, alone.state.ends)
        assert np.array_equal(view.state.path, alone.state.path)


def test_f7_on_the_four_points_shrinking_only_slows() -> None:
    shrinking, constant = (explore.schedule(c=c, p=p).state.gap[-1] for c, p in ((1, 1), (0.5, 0)))
    assert 0.007 < np.median(shrinking) < 0.1
    assert np.median(constant) < 1e-3


def test_with_soft_labels_a_constant_rate_has_a_floor_and_a_shrinking_one_has_none() -> None:
    view = explore.schedule(data="soft", c=0.5, p=0)
    assert abs(view.state.speed) < 0.1
    assert view.state.gap[-1].mean() > 1e-3
    view.set(p=0.75)
    assert view.state.gap[-1].mean() < 1e-5
    view.set(p=1.5)  # Σγ is finite: it stops on the way
    assert view.state.gap[-1].mean() > 0.02
    view.set(p=0.75, start=(-0.55, 0.05))
    assert -0.9 < view.state.speed < -0.6


def test_the_soft_labels_have_an_attained_minimum() -> None:
    problem, lowest = problem_of("soft"), infimum_of("soft")
    fine = np.stack(np.meshgrid(np.linspace(-2, 1, 601), np.linspace(-1, 1, 401)), axis=-1)
    assert lowest <= problem.error(fine).min() <= lowest + 1e-4
    path = descent.gradient_descent(problem, (0, 0), rate=exact_line_search, steps=200)
    assert lowest == pytest.approx(path.error[-1], abs=1e-15)


def test_the_buttons_set_the_exponent() -> None:
    view = explore.schedule(p=0.3)
    assert list(view.actions.values()) == ["p = 0", "p = ½", "p = 1"]
    for action, p in zip(view.actions, (0, 0.5, 1), strict=True):
        message(view, "press", action=action)
        assert view.settings.p == p


def test_the_runs_go_on_slice_by_slice_and_where_they_were() -> None:
    view = explore.schedule()
    seen = view.states(view.settings.changed(p=0.35))
    taken = [next(seen).steps for _ in range(3)]
    assert taken == sorted(set(taken))
    assert taken[-1] < 10_000
    again = list(view.states(view.settings.changed(p=0.35)))  # the hand has moved on, and come back
    assert again[0].steps == taken[-1]
    assert [state.unfinished for state in again] == [True] * (len(again) - 1) + [False]
    whole = descent.sgd(POINTS, (0, 0), descent.decaying(1, 0.35), steps=10_000, seed=7)
    assert_allclose(again[-1].ends[7], whole.w[-1], rtol=1e-9)
    for state in again[:3]:
        assert f"after {state.steps} steps" in view.sentence(state)
        assert_allclose(state.gap[-1, 7], whole.error[state.steps], rtol=1e-6)


# --- the cost (2.12) ----------------------------------------------------------------------------


def test_the_fit_sees_only_the_last_decades() -> None:
    sizes = np.array(timing.SIZES, dtype=float)
    times = 2e-5 + 1e-9 * sizes  # overhead first, then proportional
    assert timing.fitted_slope(sizes, times, 2) == pytest.approx(1, abs=0.35)
    assert timing.fitted_slope(sizes, 1e-9 * sizes, 2) == pytest.approx(1)
    assert timing.fitted_slope(sizes, np.full(len(sizes), 1e-5), 2) == pytest.approx(0, abs=1e-12)
    assert timing.fitted_slope([10, 32], [1, 2], 2) is None
    assert timing.fitted_slope([], [], 2) is None


@given(arrays(float, 4, elements=st.floats(-3, 3)))
def test_in_blocks_it_is_the_same_error(w: np.ndarray) -> None:
    problem = timing.random_data(25_000, 4)
    blocks = timing.InBlocks(problem)
    assert [block.size for block in blocks.blocks] == [10_000, 10_000, 5_000]
    assert_allclose(blocks.error(w), problem.error(w), rtol=1e-10)
    assert_allclose(blocks.gradient(w), problem.gradient(w), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("samples", [3, 10, 25_000])
def test_the_search_that_is_timed_is_the_exact_search(samples: int) -> None:
    problem = timing.random_data(samples, 4)
    downhill = -problem.gradient(np.zeros(4))
    whole = descent.line_search(problem, np.zeros(4), downhill, alpha_max=100)
    timed = timing.step_of("exact", samples, 4)()
    assert timed.alpha == pytest.approx(whole.alpha, rel=1e-6)
    assert timed.error == pytest.approx(whole.error, rel=1e-12)
    assert timed.on_bound == whole.on_bound


def test_a_step_holds_a_few_numbers_for_each_weight_however_many_samples() -> None:
    for method in ("gd", "sgd"):
        held = [timing.held_bytes(timing.step_of(method, 10, d)) for d in (10**4, 10**5)]
        assert held[1] / held[0] == pytest.approx(10, rel=0.1)
        assert 8 <= held[1] / 10**5 <= 64
    many = timing.held_bytes(timing.step_of("gd", 200_000, 4))
    assert many < 1.2 * timing.held_bytes(timing.step_of("gd", 20_000, 4))
    assert timing.held_bytes(lambda: np.ones(10_000)) == pytest.approx(80_000, rel=0.05)


def pretended(step: tuple[str, int, int]) -> float:
    """Times as the theory has them."""
    method, samples, inputs = step
    return {"exact": 1e-7, "gd": 1e-9, "sgd": 1e-9}[method] * inputs * (1 if method == "sgd" else samples)


@pytest.fixture
def theory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "step_of", lambda *step: step)
    monkeypatch.setattr(timing, "seconds", pretended)
    monkeypatch.setattr(timing, "held_bytes", lambda step: 16 * step[2])


@pytest.mark.usefixtures("theory")
def test_measuring_fills_in_the_lines_and_the_slopes() -> None:
    view = explore.cost()
    assert view.describe().startswith("Not measured yet")
    assert not any(len(line.get_xdata()) for line in view.lines.values())
    before = view.live.picture()
    view.measure()
    assert view.live.picture() != before
    assert view.state.slopes["samples"]["gd"] == pytest.approx(1)
    assert view.state.slopes["samples"]["sgd"] == pytest.approx(0)
    assert view.state.slopes["inputs"]["sgd"] == pytest.approx(1)
    assert "at d = 5 and S = 10⁶: a step of GD takes 5 ms, a step of SGD 5×10⁻⁶ ms" in view.describe()
    assert "Fitted slopes in S: GD, exact search 1, GD 1, SGD 0;" in view.describe()
    assert "A step of GD holds 16 bytes for each weight." in view.describe()
    assert list(view.lines["samples", "gd"].get_xdata()) == list(timing.SIZES)
    longest = view.state.points["samples"]["exact"][-1][1]
    assert 0.1 < longest < 0.5  # the search's line ends before it would take long
    assert view.state.progress == 1
    view.set(d=7)
    assert view.describe().startswith("Not measured yet")
    view.set(d=5)
    assert view.describe().startswith("Measured here")


def test_the_slopes_of_the_theory_can_be_kept_back() -> None:
    view = explore.cost(theory=False)
    assert view.describe() == "Not measured yet, at d = 5 and at S = 10: press Measure."
    assert not any(line.get_visible() for line in view.theory.values())
    view.set(theory=True)
    assert "The grey lines have the slopes of the theory" in view.describe()
    assert all(line.get_visible() for line in view.theory.values())


@pytest.mark.usefixtures("theory")
def test_the_button_measures_a_piece_at_a_time() -> None:
    async def press() -> list[float]:
        view = explore.cost()
        message(view, "press", action="measure")
        seen = [view.state.progress]
        while seen[-1] < 1:
            assert "% done" in view.describe()
            await asyncio.sleep(0.001)
            seen.append(view.state.progress)
        assert view.describe().startswith("Measured here")
        view.close()
        return seen

    seen = asyncio.run(press())
    assert len(set(seen)) > 10
    assert seen == sorted(seen)


def test_a_measurement_that_fails_is_told_in_the_view(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object) -> None:
        raise MemoryError("there is too little memory")

    monkeypatch.setattr(timing, "step_of", too_much)
    view = explore.cost()
    message(view, "press", action="measure")
    assert "too little memory" in view._failure
    view.refresh()
    assert view._failure == ""


def test_it_measures_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "SIZES", (10, 32, 100))
    view = explore.cost()
    message(view, "press", action="measure")  # without an event loop to wait for, all at once
    assert view.describe().startswith("Measured here")
    for by_method in view.state.points.values():
        for points in by_method.values():
            assert len(points) == 3
            assert all(0 < value < 1e6 for _, value in points)
