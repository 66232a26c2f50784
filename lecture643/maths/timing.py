"""How long one step of each method takes on this machine, and how much memory it holds meanwhile.

Slides: "Gradient Descent for our MLP Problem" (finding α^k takes at least O(Sd) time, storage O(d)),
"Stochastic Gradient Descent for our MLP Problem" (one sample's gradient takes only O(d) time).
"""

import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, integer
from lecture643.maths.speed import power_law
from lecture643.maths.toy import SigmoidNeuron

RATE = 1e-3
BLOCK = 10_000  # samples
ENOUGH = 0.004  # seconds: shorter times are measured many steps at once
LONG = 0.1  # seconds: longer times are measured once
SIZES = tuple(round(10 ** (half / 2)) for half in range(2, 13))  # 10, 32, 100, … 10⁶


class InBlocks:
    """The same E for one w at a time, summed a block of samples after the other.

    So what a step holds besides the data does not grow with S, and fits into the processor's cache.
    """

    def __init__(self, problem: SigmoidNeuron) -> None:
        ends = range(0, problem.size, BLOCK)
        self.blocks = [SigmoidNeuron(problem.x[i : i + BLOCK], problem.y[i : i + BLOCK]) for i in ends]

    def error(self, w: ArrayLike) -> Floats:
        """E: (d,) -> ()."""
        return np.asarray(sum(block.error(w) for block in self.blocks))

    def gradient(self, w: ArrayLike) -> Floats:
        """∇E: (d,) -> (d,)."""
        first, *others = self.blocks
        return sum((block.gradient(w) for block in others), start=first.gradient(w))


class Slice:
    """α ↦ E(w + αd) as a problem with the one weight α; an evaluation costs O(Sd) and holds O(d)."""

    size = 1

    def __init__(self, problem: InBlocks, w: Floats, d: Floats) -> None:
        self.problem, self.w, self.d = problem, w, d

    def error(self, alpha: ArrayLike) -> Floats:
        """E(w + αd): (n, 1) -> (n,)."""
        return np.array([self.problem.error(self.w + a * self.d) for a in np.ravel(alpha)])

    def gradient(self, alpha: ArrayLike, batch: ArrayLike | None = None) -> Floats:
        """⟨∇E(w + αd), d⟩: (n, 1) -> (n, 1)."""
        return np.array([[self.problem.gradient(self.w + a * self.d) @ self.d] for a in np.ravel(alpha)])


@lru_cache(maxsize=1)
def random_data(samples: int, inputs: int) -> SigmoidNeuron:
    """S samples with d inputs and labels 0 and 1 at random, the same ones each time."""
    random = np.random.default_rng(643)
    x = random.uniform(-1, 1, size=(samples, inputs)) / np.sqrt(inputs)
    return SigmoidNeuron(x, random.integers(2, size=samples))


def step_of(method: str, samples: int, inputs: int) -> Callable[[], object]:
    """One step of "gd", "exact" or "sgd" from w = 0 on S samples with d inputs, ready to be called."""
    problem = random_data(integer("samples", samples, 1), integer("inputs", inputs, 1))
    w, draw = np.zeros(inputs), np.random.default_rng(643)
    if method == "sgd":
        return lambda: w - RATE * problem.gradient(w, [draw.integers(samples)])
    whole = InBlocks(problem)
    if method == "gd":
        return lambda: w - RATE * whole.gradient(w)
    return lambda: descent.line_search(Slice(whole, w, -whole.gradient(w)), [0.0], [1.0])


def seconds(step: Callable[[], object]) -> float:
    """The time of one call: the best of eight rounds, or the only one where a call takes long."""
    first = _round(step, 1)  # pays for caches and pages that the later ones find ready
    if first > LONG:
        return first
    calls = max(1, round(ENOUGH / first))
    return min(_round(step, calls) for _ in range(8))


def held_bytes(step: Callable[[], object]) -> int:
    """The most memory that one call holds at a time, beyond what was there before it."""
    step()
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        step()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not tracing:
            tracemalloc.stop()


def fitted_slope(sizes: Sequence[float], values: Sequence[float], decades: float) -> float | None:
    """The slope of log(values) against log(sizes) over the last decades; None below three points."""
    size, value = np.asarray(sizes, dtype=float), np.asarray(values, dtype=float)
    last = size >= size.max(initial=0) / 10**decades * 0.999
    return power_law(size[last], value[last]) if last.sum() > 2 else None


def _round(step: Callable[[], object], calls: int) -> float:
    begin = time.perf_counter()
    for _ in range(calls):
        step()
    return max(time.perf_counter() - begin, 1e-9) / calls
