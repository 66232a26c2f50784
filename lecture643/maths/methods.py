"""Gradient descent, Nesterov's acceleration, SGD and mini-batch SGD.

Every method is one loop, w^{k+1} = w^k − γ_k · (a sum of sample gradients); the methods differ
only in which samples they sum over. Each returns a `Path`, the whole walk.

What they rest on can be called from here too: `problem` (what is minimised), `slopes`, `line_search`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from math import sqrt
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.maths.algorithm import descend as descend
from lecture643.maths.checks import Floats, all_finite, finite_array, integer, positive
from lecture643.maths.functions import Quadratic as Quadratic
from lecture643.maths.problem import Problem as Problem
from lecture643.maths.search import ExactLineSearch as ExactLineSearch
from lecture643.maths.search import LineSearch as LineSearch
from lecture643.maths.search import descent_interval as descent_interval
from lecture643.maths.search import exact_line_search as exact_line_search
from lecture643.maths.search import line_search as line_search
from lecture643.maths.slopes import difference_quotient as difference_quotient
from lecture643.maths.slopes import directional_derivative as directional_derivative
from lecture643.maths.slopes import is_descent_direction as is_descent_direction

Rate = float | Callable[[int], float]


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
    problem: Problem,
    start: ArrayLike,
    rate: Rate | ExactLineSearch = exact_line_search,
    steps: int = 100,
    after: Path | None = None,
) -> Path:
    """w^{k+1} = w^k − α^k ∇E(w^k), until the steps are used up or ∇E is exactly 0 (Cauchy 1847).

    start: (d,). rate: a number, a callable k -> γ_k, or `exact_line_search`.
    after: the beginning of this very walk, which then need not be walked again.
    One step costs S sample gradients. Slide: "Gradient Descent for our MLP Problem".
    Raises ValueError for a start that is not finite, a rate that is not positive, steps below 0.
    """
    batches = _all_samples(problem, steps)
    rates = rate if isinstance(rate, ExactLineSearch) else rates_of(rate, steps)
    return _walk(problem, start, rates, batches, stop_at_zero=True, after=after)


def nesterov(
    problem: Problem, start: ArrayLike, rate: Rate, steps: int = 100, after: Path | None = None
) -> Path:
    """Nesterov's accelerated gradient descent, the O(1/k²) of slide "Gradient Descent for our MLP Problem".

    Looks ahead along the last move, y^k = w^k + β_k (w^k − w^{k−1}), and steps from there:
    w^{k+1} = y^k − γ ∇E(y^k), with β_k from Nesterov's 1983 sequence t_k. Arguments as for
    `gradient_descent`, without a line search.
    """
    batches = _all_samples(problem, steps)
    rates, momentum = rates_of(rate, len(batches)), _momentum(1 << len(batches).bit_length())
    return _walk(problem, start, rates, batches, stop_at_zero=True, momentum=momentum, after=after)


@lru_cache
def _momentum(steps: int) -> list[float]:
    """β_0, β_1, … for so many steps."""
    t = [1.0]
    for _ in range(steps):
        t.append((1 + sqrt(1 + 4 * t[-1] ** 2)) / 2)
    return [0.0] + [(now - 1) / after for now, after in pairwise(t)]


class Walk:
    """A walk that is taken further a piece at a time, for those who cannot wait for the whole.

    method: `gradient_descent` or `nesterov`, with problem, start and rate as there. piece: so many steps.
    path: as far as it has come.
    """

    def __init__(
        self, method: Callable[..., Path], problem: Problem, start: ArrayLike, rate: Any, piece: int = 100
    ) -> None:
        self._further, self._piece = partial(method, problem, start, rate), piece
        self.path = self._further(steps=0)

    def is_over(self, steps: int) -> bool:
        """Whether it has come as far as that, or can go no further."""
        return self.path.stopped != "steps" or len(self.path.rates) >= steps

    def reach(self, steps: int, seconds: float = np.inf) -> bool:
        """Go on for some seconds, at least a piece, towards so many steps; whether it is over there."""
        until, piece = perf_counter() + seconds, self._piece if seconds < np.inf else steps
        while not self.is_over(steps):
            self.path = self._further(steps=min(len(self.path.rates) + piece, steps), after=self.path)
            if perf_counter() >= until:
                break
        return self.is_over(steps)


def sgd(problem: Problem, start: ArrayLike, rate: Rate, steps: int = 100, seed: int = 0) -> Path:
    """w^{k+1} = w^k − γ_k ∇e^{j_k}(w^k), the sample j_k drawn evenly (Robbins and Monro 1951).

    start: (d,). rate: a number or a callable k -> γ_k. The seed settles all draws.
    One step costs one sample gradient. Slide: "Stochastic Gradient Descent for our MLP Problem".
    Raises ValueError as `gradient_descent`.
    """
    steps = integer("steps", steps, 0)
    batches = generator(seed).integers(problem.size, size=(steps, 1))
    return _walk(problem, start, rates_of(rate, len(batches)), batches)


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
    batches = blocks(problem.size, batch_size, steps, integer("seed", seed, 0))
    return _walk(problem, start, rates_of(rate, len(batches)), batches)


# Drawing takes as long as walking, and a slider for the rate leaves the blocks as they are.
@lru_cache(maxsize=64)
def blocks(size: int, batch_size: int, steps: int, seed: int) -> NDArray[np.intp]:
    """The blocks of mini-batch SGD: (steps, batch_size), each without repetition, in rising order."""
    drawn = draw_blocks([generator(seed)], size, batch_size, steps)[:, 0]
    drawn.setflags(write=False)
    return drawn


def draw_blocks(
    draws: Sequence[np.random.Generator], size: int, batch_size: int, steps: int
) -> NDArray[np.intp]:
    """The next blocks that each of `draws` gives: (steps, len(draws), batch_size).

    Drawn all at once, or some and then the others, they are the same.
    """
    if batch_size > 100:
        rows = [
            draw.choice(size, batch_size, replace=False, shuffle=False)
            for _ in range(steps)
            for draw in draws
        ]
        drawn = np.array(rows, dtype=np.intp)
    else:
        last = np.arange(size - batch_size, size)
        first = np.stack([_evenly(draw, last, steps) for draw in draws], axis=1)
        drawn = _without_repetition(first.reshape(-1, batch_size), last)
    # Sorted, so that a full batch sums in the same order as gradient descent does.
    return np.sort(drawn).reshape(steps, len(draws), batch_size)


def _evenly(draw: np.random.Generator, last: NDArray[np.intp], steps: int) -> NDArray[np.intp]:
    """Whole numbers from 0 to each of `last`: (steps, len(last))."""
    if len(last) > 8:  # as `choice` draws them
        return draw.integers(0, last, size=(steps, len(last)), endpoint=True)
    return (draw.random((steps, len(last))) * (last + 1)).astype(np.intp)


def _without_repetition(drawn: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.intp]:
    """All blocks at once by Floyd's rule: (steps, b) -> (steps, b).

    The i-th of a block has been drawn from 0 … last[i] = S − b + i. Where that one is in the block already,
    it is replaced by last[i] itself, which cannot be in it yet.
    """
    kept = np.empty_like(drawn)
    for i in range(len(last)):
        new = drawn[:, i]
        kept[:, i] = np.where((kept[:, :i] == new[:, np.newaxis]).any(axis=1), last[i], new)
    return kept


def _walk(
    problem: Problem,
    start: ArrayLike,
    rate: Floats | ExactLineSearch,
    batches: NDArray[np.intp],
    stop_at_zero: bool = False,
    momentum: Sequence[float] | None = None,
    after: Path | None = None,
) -> Path:
    """The loop that all methods share: one step for each row of `batches`, from where `after` ends."""
    if after is not None and (after.stopped != "steps" or len(after.rates) >= len(batches)):
        return after
    steps = len(batches)
    full = batches.shape[1] == problem.size  # spares gradient descent the picking of samples
    w, rates, searches = _begun(finite_array("start", start, (None,)), rate, steps, after)
    stopped, taken = "steps", steps
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is a lesson, not a warning
        for k in range(
            len(after.rates) if after else 0, steps + stop_at_zero
        ):  # the last iterate is tested too
            here = w[k] + momentum[k] * (w[k] - w[k - 1]) if momentum and k else w[k]
            gradient = problem.gradient(here, None if full else batches[min(k, steps - 1)])
            if stop_at_zero and not np.count_nonzero(gradient):
                stopped, taken = "zero gradient", k
                break
            if k == steps:
                break
            if isinstance(rate, ExactLineSearch):
                searches.append(rate(problem, w[k], -gradient))
                rates[k] = searches[-1].alpha
            w[k + 1] = here - rates[k] * gradient
            if not all_finite(w[k + 1]):
                stopped, taken = "diverged", k
                break
        known = after.error if after else np.empty(0)
        error = np.append(known, problem.error(w[len(known) : taken + 1]))
    lost = np.flatnonzero(~np.isfinite(error))
    if len(lost):
        stopped, taken = "diverged", int(lost[0]) - 1
    return _ended(w, error, rates, batches, searches, stopped, taken)


def _begun(
    start: Floats, rate: Floats | ExactLineSearch, steps: int, after: Path | None
) -> tuple[Floats, Floats, list[LineSearch]]:
    """Room for the iterates and for the rates, filled as far as is known, and the line searches so far."""
    w, rates = (
        np.empty((steps + 1, len(start))),
        np.zeros(steps) if isinstance(rate, ExactLineSearch) else rate,
    )
    w[0] = start
    if after is None:
        return w, rates, []
    w[: len(after.w)], rates[: len(after.rates)] = after.w, after.rates
    return w, rates, list(after.line_searches)


def _ended(
    w: Floats,
    error: Floats,
    rates: Floats,
    batches: NDArray[np.intp],
    searches: Sequence[LineSearch],
    stopped: str,
    taken: int,
) -> Path:
    """The walk of the steps that were taken."""
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


def rates_of(rate: Any, steps: int) -> Floats:
    """γ_0 … γ_{K−1}, each checked to be positive; a line search has none to tell beforehand."""
    if isinstance(rate, ExactLineSearch):
        raise ValueError(
            "rate must be a number or a function of k, got a line search, which needs the whole E"
        )
    if not callable(rate):
        return np.full(steps, positive("rate", rate))
    return np.array([positive(f"rate({k})", rate(k)) for k in range(steps)])


def generator(seed: Any) -> np.random.Generator:
    """What draws the samples; the same seed draws the same ones on any machine."""
    return np.random.default_rng(integer("seed", seed, 0))
