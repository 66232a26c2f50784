"""Learning rates γ_k = c/(k+1)ᵖ: their sums, and what many seeds make of them, computed slice by slice."""

from functools import lru_cache

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


class Runs:
    """Runs of SGD or mini-batch SGD under one schedule, as far as has been asked for.

    problem: with two weights. infimum: of its E. steps: taken so far. w: (seeds, 2), where they have led.
    """

    def __init__(
        self,
        problem: SigmoidNeuron,
        infimum: float,
        start: tuple[float, float],
        schedule: tuple[float, float],
        seeds: int,
        batch_size: int,
    ) -> None:
        c, p = schedule
        self.problem, self.infimum, self.steps = problem, infimum, 0
        rates = c / np.arange(1.0, STEPS + 1) ** p
        self._slices = sgd_slices(problem, start, rates, range(seeds), batch_size, SLICE)
        first = next(self._slices)
        self.w: Floats = first[-1]
        self._drawn = np.union1d(np.arange(STRAY + 1), recorded())
        self._kept = [first]  # the iterates at these k

    def go_on(self, steps: int) -> None:
        """Take steps until there are at least so many."""
        while self.steps < steps:
            w = next(self._slices)
            k = np.arange(self.steps + 1, self.steps + len(w) + 1)
            self._kept.append(w[np.isin(k, self._drawn)])
            self.steps, self.w = int(k[-1]), w[-1]

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
