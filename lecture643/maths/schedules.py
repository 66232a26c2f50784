"""Learning rates γ_k = c/(k+1)ᵖ: their sums, and what many seeds make of them, computed slice by slice."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lecture643.maths.checks import Floats
from lecture643.maths.crowd import sgd_slices
from lecture643.maths.toy import SigmoidNeuron

STEPS = 10_000
SLICE = 400  # steps that are taken between two pictures
STRAY = 300  # so many steps of a path are drawn one by one


def recorded() -> NDArray[np.intp]:
    """The steps at which E is looked at: even on a logarithmic axis, from 1 to STEPS."""
    return np.unique(np.geomspace(1, STEPS, 120).round().astype(int))


@lru_cache(maxsize=64)
def sums(p: float) -> tuple[Floats, Floats]:
    """Σ 1/(i+1)ᵖ and Σ 1/(i+1)²ᵖ over the first k steps, at the recorded k."""
    factors = np.arange(1.0, STEPS + 1) ** -p
    before = recorded() - 1
    return np.cumsum(factors)[before], np.cumsum(factors**2)[before]


def zeta(s: float) -> float:
    """Σ 1/nˢ over n = 1, 2, …: inf for s ≤ 1, else by Euler and Maclaurin's formula, to all digits."""
    if s <= 1:
        return np.inf
    n = np.arange(1.0, 1000.0)
    tail = 1000 ** (1 - s) / (s - 1) + 1000**-s / 2 + s * 1000 ** (-s - 1) / 12
    return float((n**-s).sum() + tail)


class Plan(NamedTuple):
    """How runs of SGD or mini-batch SGD go: from `start`, (2,), with γ_k = c/(k+1)ᵖ."""

    start: tuple[float, float]
    c: float
    p: float


class Runs:
    """Runs of SGD or mini-batch SGD under one plan, as far as has been asked for.

    problem: with two weights. infimum: of its E. walk: the iterates that are still to come, the start first.
    steps: taken so far. w: (seeds, 2), where they have led.
    """

    def __init__(self, problem: SigmoidNeuron, infimum: float, walk: Iterable[Floats] = ()) -> None:
        self.problem, self.infimum, self._walk = problem, infimum, iter(walk)
        self.steps, self.w = -1, np.empty((0, 2))
        self._drawn = np.union1d(np.arange(STRAY + 1), recorded())
        self._kept: list[Floats] = []  # the iterates at these k

    def go_on(self, steps: int) -> None:
        """Take steps until there are at least so many."""
        while self.steps < steps:
            self.take(next(self._walk))

    def take(self, w: Floats) -> None:
        """The next iterates, (steps, seeds, 2)."""
        k = np.arange(self.steps + 1, self.steps + len(w) + 1)
        self._kept.append(w[np.isin(k, self._drawn)])
        self.steps, self.w = int(k[-1]), w[-1].copy()

    def path(self, seed: int) -> Floats:
        """The iterates of one seed, thinned out: (points, 2)."""
        return np.concatenate(self._kept)[:, seed]

    def gap(self) -> tuple[NDArray[np.intp], Floats]:
        """Recorded k, the last one too, and E(w^k) − inf E of all seeds there: (n,), (n, seeds)."""
        w, k = np.concatenate(self._kept), self._drawn[self._drawn <= self.steps]
        looked_at = np.isin(k, recorded())
        k, w = k[looked_at], w[looked_at]
        if k[-1] < self.steps:
            k, w = np.append(k, self.steps), np.concatenate([w, self.w[np.newaxis]])
        return k, np.maximum(self.problem.error(w) - self.infimum, 1e-16)


def walks(problem: SigmoidNeuron, plans: Sequence[Plan], seeds: int, batch_size: int) -> Iterator[Floats]:
    """The iterates of `seeds` runs under each of the plans, one plan's after the other's, slice by slice.

    (steps, plans * seeds, 2). All take a step at once, so that twenty plans take little longer than one.
    """
    rates = np.stack([plan.c / np.arange(1.0, STEPS + 1) ** plan.p for plan in plans], axis=1)
    starts = np.repeat([plan.start for plan in plans], seeds, axis=0)
    return sgd_slices(problem, starts, rates, [*range(seeds)] * len(plans), batch_size, SLICE)
