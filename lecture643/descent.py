"""Descent methods: directions, line search, gradient descent, SGD and mini-batch SGD.

Every method is one loop, w^{k+1} = w^k − γ_k · (a sum of sample gradients); the methods differ
only in which samples they sum over. Each returns a `Path`, the whole walk.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.checks import Floats, finite_array, integer, positive

Rate = float | Callable[[int], float]


class Problem(Protocol):
    """What can be minimised: E(w) = Σ eⁱ(w) over `size` samples, for w of shape (..., d)."""

    @property
    def size(self) -> int:
        """S, the number of samples."""

    def error(self, w: ArrayLike, /) -> Floats:
        """E: (..., d) -> (...)."""

    def gradient(self, w: ArrayLike, /, batch: ArrayLike | None = None) -> Floats:
        """∇E, or the sum of ∇eⁱ over the samples in `batch`: (..., d) -> (..., d)."""


class Quadratic:
    """f(w) = ½ wᵀAw with a symmetric matrix A (d, d); one sample, so `size` is 1.

    Raises ValueError when A is not square, not symmetric or not finite.
    """

    size = 1

    def __init__(self, matrix: ArrayLike) -> None:
        self.matrix = finite_array("matrix", matrix, (None, None))
        if self.matrix.shape[0] != self.matrix.shape[1] or not np.allclose(self.matrix, self.matrix.T):
            raise ValueError(f"matrix must be square and symmetric, got {self.matrix.tolist()}")

    def error(self, w: ArrayLike) -> Floats:
        """f: (..., d) -> (...)."""
        return 0.5 * (np.asarray(w) * self.gradient(w)).sum(axis=-1)

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇f = Aw: (..., d) -> (..., d). There is one sample, so `batch` does not matter."""
        return np.asarray(w, dtype=float) @ self.matrix


class Power:
    """f(w) = Σ aᵢ |wᵢ|ᵖ / (p(p − 1)): convex, and for p > 2 not strongly so, since f'' = 0 at its minimum 0.

    exponent: p, at least 2. stiffness: the aᵢ > 0, shape (d,). Inside the cube |wᵢ| ≤ 1 the gradient's
    Lipschitz constant is the largest aᵢ. Raises ValueError for other values.
    """

    size = 1

    def __init__(self, exponent: float, stiffness: ArrayLike) -> None:
        self.exponent = positive("exponent", exponent)
        self.stiffness = finite_array("stiffness", stiffness, (None,))
        if self.exponent < 2 or (self.stiffness <= 0).any():
            raise ValueError(
                f"exponent must be at least 2 and stiffness positive, got {exponent!r}, {stiffness!r}"
            )

    def error(self, w: ArrayLike) -> Floats:
        """f: (..., d) -> (...)."""
        p = self.exponent
        return (self.stiffness * np.abs(w) ** p).sum(axis=-1) / (p * (p - 1))

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇f, component i: aᵢ sign(wᵢ) |wᵢ|ᵖ⁻¹ / (p − 1): (..., d) -> (..., d)."""
        p = self.exponent
        return self.stiffness * np.sign(w) * np.abs(w) ** (p - 1) / (p - 1)


class Hill:
    """f(w) = (1 + ‖w‖²)^(−a/2) / a: a hill whose foot falls for ever towards 0, smooth and not convex.

    GD walks out without end, and its gradient norm falls like k^(−(a+1)/(a+2)): for a small a hardly
    faster than the 1/√k that every smooth function is promised. Raises ValueError unless a > 0.
    """

    size = 1

    def __init__(self, a: float) -> None:
        self.a = positive("a", a)

    def error(self, w: ArrayLike) -> Floats:
        """f: (..., d) -> (...)."""
        return (1 + np.square(w).sum(axis=-1)) ** (-self.a / 2) / self.a

    def gradient(self, w: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """∇f = −w (1 + ‖w‖²)^(−a/2 − 1): (..., d) -> (..., d)."""
        w = np.asarray(w, dtype=float)
        return -w * (1 + np.square(w).sum(axis=-1, keepdims=True)) ** (-self.a / 2 - 1)


# --- directions ---------------------------------------------------------------------------------


def directional_derivative(gradient: ArrayLike, d: ArrayLike) -> Floats:
    """f'(x; d) = ⟨∇f(x), d⟩ of a differentiable f; both arguments (..., n), the result (...).

    Slide: "Directional derivative". Raises ValueError when d is 0, which is no direction.
    """
    gradient = finite_array("gradient", gradient)
    return (gradient * _direction(d)).sum(axis=-1)


def difference_quotient(
    f: Callable[[Floats], ArrayLike], x: ArrayLike, d: ArrayLike, alpha: ArrayLike
) -> Floats:
    """(f(x + αd) − f(x)) / α, whose limit for α ↓ 0 is f'(x; d); one value for each α in `alpha`.

    x and d have shape (n,), and `f` takes one point of that shape.
    Slide: "Directional derivative". Raises ValueError when d is 0 or an α is not positive.
    """
    x, d, alpha = finite_array("x", x, (None,)), _direction(d), finite_array("alpha", alpha)
    if (alpha <= 0).any():
        raise ValueError(f"alpha must be positive, got {alpha.min()}")
    ahead = np.array([f(x + a * d) for a in alpha.ravel()], dtype=float).reshape(alpha.shape)
    return (ahead - np.asarray(f(x), dtype=float)) / alpha


def is_descent_direction(gradient: ArrayLike, d: ArrayLike) -> NDArray[np.bool_]:
    """Whether f'(x; d) < 0. Slide: "Descent Direction". Raises ValueError when d is 0."""
    return np.asarray(directional_derivative(gradient, d) < 0)


def descent_interval(problem: Problem, x: ArrayLike, d: ArrayLike, alpha_max: float = 10.0) -> float:
    """How far f stays below f(x) from x along d: the first α > 0 with f(x + αd) ≥ f(x) again.

    Every ε below it makes f(x + αd) < f(x) true on the whole of (0, ε], as the slide's proposition says that
    some ε does. np.inf where f stays below as far as alpha_max; 0 where f does not fall at first (or not by
    more than its rounding errors). x and d have shape (n,).
    (A rise narrower than alpha_max / 400 can slip through.)
    Slide: "Descent Direction", proposition.

    Raises ValueError for a zero direction or a bound that is not positive.
    """
    x = finite_array("x", x, (None,))
    d = _direction(finite_array("d", d, x.shape))
    alpha = positive("alpha_max", alpha_max) * _FINE_GRID
    start = problem.error(x)

    def rise(at: Floats) -> Floats:
        return problem.error(x + at[:, np.newaxis] * d) - start

    with np.errstate(over="ignore", invalid="ignore"):
        rises = rise(alpha)
        told = np.abs(rises) > 8 * np.spacing(np.abs(start))  # less is rounding
        first = int(np.argmax(told))
        if not told[first] or not rises[first] < 0:
            return 0.0
        back = first + np.flatnonzero(~(rises[first:] < 0))
        return _first(lambda at: ~(rise(at) < 0), alpha[back[0] - 1], alpha[back[0]]) if len(back) else np.inf


def numerical_gradient(function: Callable[[Floats], ArrayLike], w: ArrayLike, step: float = 1e-5) -> Floats:
    """∇f by central differences, (f(w + h) − f(w − h)) / 2h for one coordinate after the other; shaped as w.

    h is `step`, times |w_i| where that is above 1. About 10 digits are right, for two evaluations of f per
    coordinate. Slide: "High Dimensional Representation - Notations".
    Raises ValueError when w is not finite or the step is not positive.
    """
    w, step = finite_array("w", w), positive("step", step)
    gradient = np.empty_like(w)
    for i, w_i in np.ndenumerate(w):
        above, below = w.copy(), w.copy()
        above[i] += step * max(1.0, abs(w_i))
        below[i] -= step * max(1.0, abs(w_i))
        rise = np.asarray(function(above)) - np.asarray(function(below))
        gradient[i] = rise / (above[i] - below[i])  # not 2h: w ± h has been rounded
    return gradient


def gradient_mistake(
    function: Callable[[Floats], ArrayLike], gradient: Callable[[Floats], ArrayLike], at: ArrayLike
) -> str:
    """Which component of a gradient is wrong at the point `at` (d,), in one sentence; "" where none is.

    Compared with `numerical_gradient`, as far as that is exact.
    """
    at = finite_array("at", at, (None,))
    with np.errstate(all="ignore"):
        given = np.asarray(gradient(at.copy()), dtype=float)
        value = float(np.asarray(function(at.copy())))
        expected, coarser = (numerical_gradient(function, at, step) for step in (1e-5, 2e-5))
    if given.shape != at.shape:
        return (
            f"the gradient at x = {at.tolist()} must have shape {at.shape}, one partial derivative for each "
            f"component of x, got {given.shape}"
        )
    if not np.isfinite(expected).all():
        return f"f is not a finite number around x = {at.tolist()}, so there is nothing to compare with"
    doubt = np.abs(expected - coarser) + 1e-10 * (
        1 + abs(value)
    )  # what the differences themselves are off by
    off = np.flatnonzero(~(np.abs(given - expected) <= 1e-6 * np.abs(expected).max() + doubt))
    if not len(off):
        return ""
    i, others = int(off[0]), len(off) - 1
    more = f" ({others} more {'is' if others == 1 else 'are'} off)" if others else ""
    return (
        f"component {i + 1}, ∂f/∂x{str(i + 1).translate(_SUBSCRIPT)}, is off at x = {at.tolist()}: "
        f"yours is {given[i]:.6g}, central differences give {expected[i]:.6g}{more}"
    )


_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _direction(d: ArrayLike) -> Floats:
    d = finite_array("d", d)
    if d.ndim == 0 or (d == 0).all(axis=-1).any():
        raise ValueError("d must be a direction, got the zero vector")
    return d


# --- line search --------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineSearch:
    """The step a line search chose.

    alpha: α, the minimiser of the slice α ↦ f(w + αd).
    error: f(w + αd) there.
    on_bound: True when the slice has not turned upwards before alpha_max, so that the true
        minimiser lies further out or does not exist (fine print F5).
    """

    alpha: float
    error: float
    on_bound: bool


def line_search(problem: Problem, w: ArrayLike, direction: ArrayLike, alpha_max: float = 100.0) -> LineSearch:
    """argmin of α ↦ f(w + αd) over (0, alpha_max].

    w and direction have shape (n,). The slice is sampled on a grid, close near 0 and even further out; every
    valley of the samples is narrowed until its ends are neighbouring floats, and the lowest one wins.
    (A valley narrower than a hundredth of α_max and a quarter of its own α can slip through.)
    It is the *slope* that is searched for its zero, not the value: near a minimum the value is flat,
    and comparing values would lose half the digits. Slide: "Algorithm Development using Descent Direction".

    Raises ValueError for a zero direction or a bound that is not positive.
    """
    w = finite_array("w", w, (None,))
    d = _direction(finite_array("direction", direction, w.shape))
    alpha_max = positive("alpha_max", alpha_max)

    def slope(alpha: Floats) -> Floats:
        return (problem.gradient(w + alpha[:, np.newaxis] * d) * d).sum(axis=-1)

    with np.errstate(over="ignore", invalid="ignore"):
        grid = alpha_max * _GRID
        found = [_zero_crossing(slope, low, high) for low, high in _turns(grid, slope(grid))]
        candidates = np.array([*found, grid[1], alpha_max])
        errors = problem.error(w + candidates[:, np.newaxis] * d)
    # The bound wins a tie with the least step: a slice that underflows to a flat 0 is still falling.
    best = len(errors) - 1 - int(np.argmin(np.where(np.isnan(errors), np.inf, errors)[::-1]))
    on_bound = best == len(candidates) - 1
    return LineSearch(float(candidates[best]), float(errors[best]), on_bound)


_FINE_GRID = np.unique(np.concatenate([np.geomspace(1e-12, 1.0, 121), np.linspace(0.0025, 1.0, 400)]))
_GRID = np.unique(np.concatenate([[0.0], np.geomspace(1e-12, 1.0, 121), np.linspace(0.01, 1.0, 100)]))


def _turns(grid: Floats, slopes: Floats) -> Iterator[tuple[float, float]]:
    """The grid cells in which the slope turns from falling to rising."""
    turning = (slopes[:-1] <= 0) & (slopes[1:] > 0)
    return ((grid[i], grid[i + 1]) for i in np.flatnonzero(turning))


def _zero_crossing(slope: Callable[[Floats], Floats], low: float, high: float) -> float:
    """Where the slope crosses 0 upwards in [low, high]."""
    return _first(lambda alpha: slope(alpha) > 0, low, high)


def _first(holds: Callable[[Floats], NDArray[np.bool_]], low: float, high: float) -> float:
    """Where a condition, false at `low` and true at `high`, begins: 33 points at once, over and over."""
    while True:
        cell = np.linspace(low, high, 33)
        begins = int(np.argmax(holds(cell[1:]))) + 1
        if high - low <= 4 * np.spacing(high) or (cell[begins - 1], cell[begins]) == (low, high):
            return (low + high) / 2
        low, high = cell[begins - 1], cell[begins]


@dataclass(frozen=True)
class ExactLineSearch:
    """The rate of gradient descent that searches α^k anew at each step, over (0, alpha_max]."""

    alpha_max: float = 100.0

    def __call__(self, problem: Problem, w: ArrayLike, direction: ArrayLike) -> LineSearch:
        return line_search(problem, w, direction, self.alpha_max)


exact_line_search = ExactLineSearch()


# --- the methods --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Path:
    """The walk of a method: K steps, K + 1 iterates.

    w: (K+1, d), the iterates, w[0] the start.
    error: (K+1,), E(w^k).
    rates: (K,), γ_k (or α^k where it was searched).
    batches: (K, b), the samples (counted from 0) that step k summed over.
    sample_gradients: (K+1,), how many sample gradients the steps up to w^k have cost
        (what a line search evaluates besides is not counted in).
    line_searches: K results where the rate was a line search, else none.
    stopped: 'steps' (all were taken), 'zero gradient' (the slides' test, exactly 0) or 'diverged'.
    diverged_at: the k whose w^k or E(w^k) was the first to be no finite number (it is not kept), else None.
    """

    w: Floats
    error: Floats
    rates: Floats
    batches: NDArray[np.intp]
    sample_gradients: NDArray[np.intp]
    line_searches: tuple[LineSearch, ...]
    stopped: str
    diverged_at: int | None = None


def harmonic(k: int) -> float:
    """γ_k = 1 / (k + 1), the slides' typical choice for SGD (Robbins and Monro 1951)."""
    return 1.0 / (k + 1)


def decaying(c: float, p: float) -> Callable[[int], float]:
    """k -> γ_k = c / (k + 1)ᵖ. Σγ_k = ∞ asks for p ≤ 1, and Σγ_k² < ∞ for p > ½.

    Slide: "Stochastic Gradient Descent for our MLP Problem".
    Raises ValueError for a c that is not positive or a p below 0.
    """
    c, p = positive("c", c), float(finite_array("p", p, ()))
    if p < 0:
        raise ValueError(f"p must be at least 0, got {p}")
    return lambda k: c / (k + 1) ** p


def gradient_descent(
    problem: Problem, start: ArrayLike, rate: Rate | ExactLineSearch = exact_line_search, steps: int = 100
) -> Path:
    """w^{k+1} = w^k − α^k ∇E(w^k), until the steps are used up or ∇E is exactly 0 (Cauchy 1847).

    start: (d,). rate: a number, a callable k -> γ_k, or `exact_line_search`.
    One step costs S sample gradients. Slide: "Gradient Descent for our MLP Problem".
    Raises ValueError for a start that is not finite, a rate that is not positive, steps below 0.
    """
    return _walk(problem, start, rate, _all_samples(problem, steps), stop_at_zero=True)


def descend_from_all(
    problem: Problem,
    starts: ArrayLike,
    rate: float,
    steps: int,
    settled: Callable[[Floats, float, int], NDArray[np.bool_]] | None = None,
) -> Floats:
    """Where gradient descent with a fixed rate ends from each of many starts at once: (n, d) -> (n, d).

    There is no loop over the starts: one array takes each step. `settled(w, rate, steps_to_go)` may tell,
    one bool for each row of w, which walks need not be followed any further; they end where they are then.
    Raises ValueError as `gradient_descent`.
    """
    ends = finite_array("starts", starts, (None, None)).copy()
    rate, steps = positive("rate", rate), integer("steps", steps, 0)
    walking, w, k = np.arange(len(ends)), ends, 0
    while k < steps and len(walking):
        if settled is not None:
            still = ~settled(w, rate, steps - k)
            ends[walking] = w
            walking, w = walking[still], w[still]
        pause = min(max(2, k // 4), 40, steps - k)  # asking is cheap, not free
        for _ in range(pause):
            w = w - rate * problem.gradient(w)
        k += pause
    ends[walking] = w
    return ends


def nesterov(problem: Problem, start: ArrayLike, rate: Rate, steps: int = 100) -> Path:
    """Nesterov's accelerated gradient descent, the O(1/k²) of slide "Gradient Descent for our MLP Problem".

    Looks ahead along the last move, y^k = w^k + β_k (w^k − w^{k−1}), and steps from there:
    w^{k+1} = y^k − γ ∇E(y^k), with β_k from Nesterov's 1983 sequence t_k. Arguments as for
    `gradient_descent`, without a line search.
    """
    batches = _all_samples(problem, steps)
    t = [1.0]
    for _ in batches:
        t.append((1 + np.sqrt(1 + 4 * t[-1] ** 2)) / 2)
    momentum = [0.0] + [(now - 1) / after for now, after in pairwise(t)]
    return _walk(problem, start, _numeric(rate), batches, stop_at_zero=True, momentum=momentum)


def sgd(problem: Problem, start: ArrayLike, rate: Rate, steps: int = 100, seed: int = 0) -> Path:
    """w^{k+1} = w^k − γ_k ∇e^{j_k}(w^k), the sample j_k drawn evenly (Robbins and Monro 1951).

    start: (d,). rate: a number or a callable k -> γ_k. The seed settles all draws.
    One step costs one sample gradient. Slide: "Stochastic Gradient Descent for our MLP Problem".
    Raises ValueError as `gradient_descent`.
    """
    steps = integer("steps", steps, 0)
    batches = _generator(seed).integers(problem.size, size=(steps, 1))
    return _walk(problem, start, _numeric(rate), batches)


class SampleProblem(Problem, Protocol):
    """A problem that also gives the gradients sample by sample."""

    def sample_gradients(self, w: ArrayLike, /) -> Floats:
        """∇eⁱ, one row a sample: (..., d) -> (..., S, d)."""


def sgd_runs(
    problem: SampleProblem, start: ArrayLike, rate: Rate, steps: int, seeds: Sequence[int]
) -> Floats:
    """The iterates of `sgd` for many seeds at once: (steps + 1, number of seeds, d).

    One array holds the runs, so that a step of all costs little more than a step of one; run i draws the
    samples that `sgd` draws with seeds[i]. A run that diverges stays at its last finite iterate.
    Other arguments and errors as for `sgd`.
    """
    start, steps = finite_array("start", start, (None,)), integer("steps", steps, 0)
    rates = _rates(_numeric(rate), steps)
    samples = np.array([_generator(s).integers(problem.size, size=steps) for s in seeds]).T
    runs = np.arange(len(seeds))
    w = np.empty((steps + 1, len(seeds), len(start)))
    w[0] = start
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(steps):
            gradients = problem.sample_gradients(w[k])[runs, samples[k]]
            w[k + 1] = w[k] - rates[k] * gradients
            if not np.isfinite(w[k + 1]).all():
                lost = ~np.isfinite(w[k + 1]).all(axis=-1)
                w[k + 1, lost] = w[k, lost]
    return w


def minibatch_sgd(
    problem: Problem, start: ArrayLike, batch_size: int, rate: Rate, steps: int = 100, seed: int = 0
) -> Path:
    """w^{k+1} = w^k − γ_k Σ_{j∈B_k} ∇e^j(w^k), the block B_k drawn without repetition, anew each step.

    As `sgd`; one step costs `batch_size` sample gradients, and with all samples in the batch the
    steps are those of gradient descent. Slide: "Mini-batch Stochastic Gradient Descent for our MLP Problem".
    Raises ValueError also when `batch_size` is not from 1 to S.
    """
    steps = integer("steps", steps, 0)
    batch_size = integer("batch_size", batch_size, 1, problem.size)
    draw = _generator(seed).choice
    drawn = [draw(problem.size, batch_size, replace=False, shuffle=False) for _ in range(steps)]
    # Sorted, so that a full batch sums in the same order as gradient descent does.
    batches = np.sort(np.array(drawn, dtype=np.intp).reshape(steps, batch_size), axis=1)
    return _walk(problem, start, _numeric(rate), batches)


def _walk(
    problem: Problem,
    start: ArrayLike,
    rate: Rate | ExactLineSearch,
    batches: NDArray[np.intp],
    stop_at_zero: bool = False,
    momentum: Sequence[float] | None = None,
) -> Path:
    """The loop that all methods share: one step for each row of `batches`."""
    start = finite_array("start", start, (None,))
    steps = len(batches)
    rates = np.zeros(steps) if isinstance(rate, ExactLineSearch) else _rates(rate, steps)
    full = batches.shape[1] == problem.size  # spares gradient descent the picking of samples
    w = np.empty((steps + 1, len(start)))
    w[0] = start
    searches: list[LineSearch] = []
    stopped, taken = "steps", steps
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is a lesson, not a warning
        for k in range(steps + stop_at_zero):  # the slides test the last iterate too
            here = w[k] + momentum[k] * (w[k] - w[k - 1]) if momentum and k else w[k]
            gradient = problem.gradient(here, None if full else batches[min(k, steps - 1)])
            if stop_at_zero and not gradient.any():
                stopped, taken = "zero gradient", k
                break
            if k == steps:
                break
            if isinstance(rate, ExactLineSearch):
                searches.append(rate(problem, w[k], -gradient))
                rates[k] = searches[-1].alpha
            w[k + 1] = here - rates[k] * gradient
            if not np.isfinite(w[k + 1]).all():
                stopped, taken = "diverged", k
                break
        error = problem.error(w[: taken + 1])
    lost = np.flatnonzero(~np.isfinite(error))
    if len(lost):
        stopped, taken = "diverged", int(lost[0]) - 1
    return Path(
        w=w[: taken + 1],
        error=error[: taken + 1],
        rates=rates[:taken],
        batches=batches[:taken],
        sample_gradients=np.arange(taken + 1) * batches.shape[1],
        line_searches=tuple(searches[:taken]),
        stopped=stopped,
        diverged_at=taken + 1 if stopped == "diverged" else None,
    )


def _all_samples(problem: Problem, steps: int) -> NDArray[np.intp]:
    """Every sample in every step: (steps, S), a view that takes no memory for the repetition."""
    steps = integer("steps", steps, 0)
    return np.broadcast_to(np.arange(problem.size), (steps, problem.size))


def _rates(rate: Rate, steps: int) -> Floats:
    """γ_0 … γ_{K−1}, each checked to be positive."""
    if not callable(rate):
        return np.full(steps, positive("rate", rate))
    return np.array([positive(f"rate({k})", rate(k)) for k in range(steps)])


def _numeric(rate: Any) -> Rate:
    if isinstance(rate, ExactLineSearch):
        raise ValueError(
            "rate must be a number or a function of k, got a line search, which needs the whole E"
        )
    return rate


def _generator(seed: Any) -> np.random.Generator:
    return np.random.default_rng(integer("seed", seed, 0))


# --- how fast -----------------------------------------------------------------------------------


def power_law(x: ArrayLike, y: ArrayLike) -> float:
    """The exponent s of y ≈ c·xˢ: the slope of log y against log x, by least squares.

    x and y have shape (n,), n ≥ 2, and are positive; else ValueError.
    """
    return _slope(np.log(_positives("x", x)), np.log(_positives("y", y)))


def linear_factor(k: ArrayLike, y: ArrayLike) -> float:
    """The q of y ≈ c·qᵏ ("linear convergence"): from the slope of log y against k, by least squares.

    k and y have shape (n,), n ≥ 2, and y is positive; else ValueError.
    """
    return float(np.exp(_slope(finite_array("k", k, (None,)), np.log(_positives("y", y)))))


def _slope(x: Floats, y: Floats) -> float:
    if len(x) != len(y) or len(np.unique(x)) < 2:
        raise ValueError(f"a slope needs two different places and as many values, got {len(x)} and {len(y)}")
    x = x - x.mean()
    return float(x @ (y - y.mean()) / (x @ x))


def _positives(name: str, values: ArrayLike) -> Floats:
    array = finite_array(name, values, (None,))
    if (array <= 0).any():
        raise ValueError(f"{name} must be positive, got {array.min()}")
    return array
