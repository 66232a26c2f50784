"""GD, SGD and mini-batch SGD with one budget: long walks of one neuron with two weights, and their cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.methods import blocks, generator
from lecture643.maths.toy import SigmoidNeuron, points_around

MOST = 10_000  # sample gradients, and samples
QUICK = 2_500  # sample gradients that can follow the hand
COPIES = (1, 10, 100, 1000, 2500)  # of each given sample
POWERS = {"γ": 0.0, "γ/√(k+1)": 0.5, "γ/(k+1)": 1.0}  # γ_k = γ/(k+1)ᵖ, by p
FEW = 20  # samples in a block: their gradients are added up quicker one by one than as arrays
AT_ONCE = 10_000  # numbers that stay in the processor's cache


@dataclass(frozen=True)
class Walk:
    """The walk of one method: K steps, or as many of them as are known."""

    w: Floats  # (K+1, 2)
    rates: Floats  # (K+1,), what each step takes of the sum of its gradients; also of the step after the last
    batches: NDArray[np.intp]  # (K, b)
    recorded: NDArray[np.intp]  # the k at which E is known: all, where that is quick
    error: Floats  # E there

    @property
    def batch_size(self) -> int:
        """How many samples a step sums over."""
        return self.batches.shape[1]

    @property
    def sample_gradients(self) -> NDArray[np.intp]:
        """What the steps up to each w^k have cost."""
        return np.arange(len(self.w)) * self.batch_size

    @property
    def known(self) -> bool:
        """Whether E is known at every k."""
        return len(self.recorded) == len(self.w)

    def rises(self, k: int) -> int:
        """In how many of the first k steps E rose; 0 where it is not known."""
        return int((np.diff(self.error[: k + 1]) > 0).sum()) if self.known else 0

    def until(self, k: int, error: float) -> tuple[NDArray[np.intp], Floats]:
        """The recorded steps before k, and k with its error; and E there."""
        before = self.recorded[: np.searchsorted(self.recorded, k)]
        return np.append(before, k), np.append(self.error[: len(before)], error)


@dataclass(frozen=True)
class Race:
    """What all three methods have in common.

    given: the neuron with the given samples, around which the others are drawn. samples: S, how many there
    are. start: w⁰. rate, schedule: of γ_k. budget: how many sample gradients each method may spend.
    """

    given: SigmoidNeuron
    samples: int
    start: tuple[float, float]
    rate: float
    schedule: str
    budget: int

    @cached_property
    def problem(self) -> SigmoidNeuron:
        """The neuron with all S samples."""
        return samples_around(self.given, self.samples)

    def gamma(self, k: int) -> float:
        """γ_k."""
        return float(self.rate / (k + 1.0) ** POWERS[self.schedule])

    def share(self, batch_size: int) -> float:
        """What a step that sums over so many samples takes of γ_k: the sum over more is longer."""
        return min(1.0, self.given.size / batch_size)

    def rates(self, batch_size: int, steps: int) -> Floats:
        """What steps that sum over so many samples take of the sums: (steps,)."""
        return self.share(batch_size) * self.rate / np.arange(1.0, steps + 1) ** POWERS[self.schedule]

    def walk(self, method: str, batch_size: int, seed: int, spent: int, finely: bool = True) -> Walk:
        """The walk of "gd", "sgd" or "minibatch", as far as it gets with so many sample gradients.

        finely: whether E is asked at many k, if there are many.
        """
        if batch_size == self.samples:
            method, seed = "gd", 0
        return _walk(self, method, batch_size, seed, min(spent, self.budget), finely)

    def next_steps(self, walk: Walk, k: int, each: bool) -> Floats:
        """What w^k + … could be next: with GD's step −γ_k∇E, then each −γ_k∇eⁱ, or else the walk's own step.

        The walk's own is 0 where it is over, and where it is GD's.
        """
        gradients = self.problem.sample_gradients(walk.w[k])
        of_gd = self.gamma(k) * self.share(self.samples) * gradients.sum(axis=0)
        if each:
            return -np.vstack([of_gd, self.gamma(k) * gradients])
        over = k == len(walk.batches) or walk.batch_size == self.samples
        own = np.zeros(2) if over else walk.rates[k] * gradients[walk.batches[k]].sum(axis=0)
        return -np.vstack([of_gd, own])


def sizes(given: SigmoidNeuron) -> list[int]:
    """The numbers of samples that a race can have."""
    return [m * given.size for m in COPIES if m == 1 or m * given.size <= MOST]


def budget_of(steps: int, samples: int) -> int:
    """The sample gradients of so many GD steps; at most MOST, but enough for one step."""
    return min(steps * samples, max(MOST, samples))


def plateau_at(problem: SigmoidNeuron, w: Floats) -> float | None:
    """The height of the plateau at w, where nearly all ŷ are 0 or 1 and an eighth of them are wrong."""
    prediction = problem.predict(w)
    settled = np.round(prediction)
    height = float(((settled - problem.y) ** 2).sum())
    flat = np.abs(prediction - settled).mean() < 0.03
    return height if flat and height >= problem.size / 8 else None


@lru_cache(maxsize=8)
def samples_around(given: SigmoidNeuron, samples: int) -> SigmoidNeuron:
    """The given samples, or so many drawn around them."""
    return given if samples == given.size else points_around(given, samples)


@lru_cache(maxsize=8)
def error_map(given: SigmoidNeuron, samples: int, limit: float) -> Floats:
    """E over an even grid of weights up to ±limit; of more than 400 samples it looks the same."""
    every, grid = samples_around(given, samples), np.linspace(-limit, limit, 161 if samples < 40 else 81)
    return SigmoidNeuron(every.x[:400], every.y[:400]).surface(grid, grid)


def neuron_walk(problem: SigmoidNeuron, start: ArrayLike, rates: Floats, batches: NDArray[np.intp]) -> Floats:
    """The iterates of w^{k+1} = w^k − γ_k Σ_{j∈B_k} ∇eʲ(w^k), for two weights: (K+1, 2).

    rates: (K,), the γ_k. batches: (K, b), the B_k. Small blocks are summed in plain numbers: the call of
    one numpy function takes longer than all the arithmetic of a sample.
    """
    w = finite_array("start", start, (2,))
    if batches.shape[1] > FEW:
        return _in_arrays(problem, w, rates, batches)
    numbers = _in_numbers(problem, w, rates, batches)
    return np.fromiter(numbers, float, 2 * len(batches) + 2).reshape(-1, 2)


def _in_numbers(
    problem: SigmoidNeuron, w: Floats, rates: Floats, batches: NDArray[np.intp]
) -> Iterator[float]:
    """w₁ and w₂ of every iterate, in turn."""
    samples = _as_tuples(problem)
    drawn = iter([samples[j] for j in batches.ravel().tolist()])
    w1, w2 = w.tolist()
    yield from (w1, w2)
    for twice, block in zip((2 * rates).tolist(), zip(*[drawn] * batches.shape[1], strict=True), strict=True):
        sum1 = sum2 = 0.0
        for x1, x2, one, zero in block:
            z = w1 * x1 + w2 * x2
            decay = exp(-z) if z > -700 else 1e304  # beyond it ŷ is 0 to all digits
            answer = 1 / (1 + decay)
            other = answer * decay  # 1 − ŷ without a subtraction that loses digits
            slope = (zero * answer - one * other) * answer * other
            sum1 += slope * x1
            sum2 += slope * x2
        w1 -= twice * sum1
        w2 -= twice * sum2
        yield w1
        yield w2


@lru_cache(maxsize=8)
def _as_tuples(problem: SigmoidNeuron) -> list[tuple[float, ...]]:
    """(x₁, x₂, y, 1 − y) of every sample."""
    columns = (*problem.x.T, problem.y, 1 - problem.y)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _in_arrays(problem: SigmoidNeuron, here: Floats, rates: Floats, batches: NDArray[np.intp]) -> Floats:
    w = np.empty((len(batches) + 1, 2))
    w[0] = here
    full = batches.shape[1] == problem.size
    for k, (rate, block) in enumerate(zip(rates.tolist(), batches, strict=True)):
        x, y = (problem.x, problem.y) if full else (problem.x[block], problem.y[block])
        answer, other = _answers(x @ here)
        slope = ((1 - y) * answer - y * other) * answer * other
        here = here - 2 * rate * (slope @ x)
        w[k + 1] = here
    return w


def _answers(z: Floats) -> tuple[Floats, Floats]:
    """σ(z) and σ(−z), with few calls and with all digits."""
    with np.errstate(under="ignore"):
        decay = np.exp(-np.maximum(z, -700.0))
        answer = 1 / (1 + decay)
        return answer, answer * decay


def errors(problem: SigmoidNeuron, w: Floats) -> Floats:
    """E of many w, a few at a time: (n, 2) -> (n,)."""
    at_once, y = max(AT_ONCE // problem.size, 1), problem.y
    found = []
    for some in (w[i : i + at_once] for i in range(0, len(w), at_once)):
        answer, other = _answers(some @ problem.x.T)
        residual = (1 - y) * answer - y * other
        found.append(np.einsum("ns,ns->n", residual, residual))
    return np.concatenate(found)


@lru_cache(maxsize=32)
def _batches(samples: int, method: str, batch: int, seed: int, steps: int) -> NDArray[np.intp]:
    if method == "gd":
        return np.broadcast_to(np.arange(batch), (steps, batch))
    if method == "sgd":
        return generator(seed).integers(samples, size=(steps, 1))
    return blocks(samples, batch, steps, seed)


@lru_cache(maxsize=32)
def _iterates(race: Race, method: str, batch: int, seed: int, spent: int) -> Floats:
    """The w of a walk; kept, since most changes leave two of the three as they were."""
    batches = _batches(race.samples, method, batch, seed, race.budget // batch)[: spent // batch]
    rates = race.rates(batch, len(batches))
    if spent <= QUICK:
        return neuron_walk(race.problem, race.start, rates, batches)
    before = _iterates(race, method, batch, seed, spent // 2)  # has been shown already
    k = len(before) - 1
    return np.vstack([before, neuron_walk(race.problem, before[k], rates[k:], batches[k:])[1:]])


@lru_cache(maxsize=32)
def _walk(race: Race, method: str, batch: int, seed: int, spent: int, finely: bool) -> Walk:
    w, steps = _iterates(race, method, batch, seed, spent), race.budget // batch
    many = 10 * AT_ONCE // race.samples
    recorded = _recorded(len(w) - 1, max(many, 60) if finely else max(many // 10, 20))
    batches = _batches(race.samples, method, batch, seed, steps)
    return Walk(w, race.rates(batch, steps + 1), batches, recorded, errors(race.problem, w[recorded]))


def _recorded(steps: int, most: int) -> NDArray[np.intp]:
    """The k at which E is computed: all, or about so many, closer together at the beginning."""
    if steps < most:
        return np.arange(steps + 1)
    early = np.geomspace(1, steps, most // 2)
    return np.unique(np.concatenate([[0], early, np.linspace(0, steps, most // 2)]).round().astype(int))
