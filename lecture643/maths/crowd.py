"""Many walks at once, where one array takes each step of all of them, and long walks of one neuron."""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.maths.checks import Floats, finite_array, integer, positive
from lecture643.maths.methods import Rate, draw_blocks, generator, rates_of
from lecture643.maths.problem import Problem, SampleProblem
from lecture643.maths.toy import SigmoidNeuron

TAME = 1e100  # a larger rate could carry a run out of all numbers


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


def sgd_runs(
    problem: SampleProblem,
    start: ArrayLike,
    rate: Rate,
    steps: int,
    seeds: Sequence[int],
    batch_size: int = 1,
) -> Floats:
    """The iterates of `sgd` for many seeds at once: (steps + 1, number of seeds, d).

    One array holds the runs, so that a step of all costs little more than a step of one; run i draws the
    samples that `sgd` draws with seeds[i], or with a batch size above 1 the blocks of `minibatch_sgd`.
    A run that diverges stays at its last finite iterate. Other arguments and errors as for these two.
    """
    start, rates = finite_array("start", start, (None,)), rates_of(rate, integer("steps", steps, 0))
    return np.concatenate(list(sgd_slices(problem, start, rates, seeds, batch_size)))


def sgd_slices(
    problem: SampleProblem,
    start: ArrayLike,
    rates: Floats,
    seeds: Sequence[int],
    batch_size: int = 1,
    length: int = 500,
) -> Iterator[Floats]:
    """The iterates of `sgd_runs`: first the start, (1, number of seeds, d), then so many steps at a time.

    start: (d,), or (number of seeds, d). rates: the γ_k, (K,), or (K, n), a column for an n-th of the seeds.
    """
    starts = finite_array("start", np.atleast_2d(start), (None, None))
    rates = rates.reshape(len(rates), -1)
    batch_size = integer("batch_size", batch_size, 1, problem.size)
    draws = [generator(seed) for seed in seeds]
    tame = rates.max(initial=0) < TAME and isinstance(problem, SigmoidNeuron)
    take: Callable[..., Floats] = _steps_of_neurons if tame else _steps
    w = np.broadcast_to(starts, (1, len(draws), starts.shape[1]))
    yield w
    for k in range(0, len(rates), length):
        now = np.repeat(rates[k : k + length], len(draws) // rates.shape[1], axis=1)
        samples = _samples(draws, problem.size, batch_size, len(now))
        w = take(problem, w[-1], now, samples)
        yield w


def _samples(
    draws: Sequence[np.random.Generator], size: int, batch_size: int, steps: int
) -> NDArray[np.intp]:
    """What `sgd` or `minibatch_sgd` draws next: (steps, runs, batch_size)."""
    if batch_size > 1:
        return draw_blocks(draws, size, batch_size, steps)
    return np.stack([draw.integers(size, size=(steps, 1)) for draw in draws], axis=1)


def _steps(problem: SampleProblem, w: Floats, rates: Floats, samples: NDArray[np.intp]) -> Floats:
    """The iterates after each step: from w (runs, d) to (steps, runs, d); rates: (steps, runs)."""
    runs = np.arange(len(w))[:, np.newaxis]
    walk = np.empty((len(rates), *w.shape))
    with np.errstate(over="ignore", invalid="ignore"):
        for k, rate in enumerate(rates):
            steps = rate[:, np.newaxis] * problem.sample_gradients(w)[runs, samples[k]].sum(axis=1)
            walk[k] = w - steps
            lost = ~np.isfinite(walk[k]).all(axis=-1)
            walk[k, lost] = w[lost]
            w = walk[k]
    return walk


def _steps_of_neurons(problem: SigmoidNeuron, w: Floats, rates: Floats, samples: NDArray[np.intp]) -> Floats:
    """The same with fewer calls, for gradients that have a bound: no run of them diverges.

    With u = x where y > ½ and −x elsewhere, a step of −γ∇e is 2γ (σ(−u·w) − r) σ(−u·w) σ(u·w) u, where r is
    how far y is from the nearer of 0 and 1: 0 but for soft labels.
    """
    u = np.ascontiguousarray(_towards_right(problem)[samples].transpose(0, 3, 2, 1))  # (steps, d, b, runs)
    rests = np.minimum(problem.y, 1 - problem.y)[samples].swapaxes(1, 2)  # (steps, b, runs)
    twice = 2 * rates[:, np.newaxis, np.newaxis] * u
    walk = np.empty((len(rates), w.shape[1], 1, len(w)))
    here = np.ascontiguousarray(w.T)[:, np.newaxis]
    with np.errstate(under="ignore"):
        for now, towards, step, rest in zip(walk, u, twice, rests, strict=True):
            margin = np.add.reduce(here * towards)
            growth = np.exp(np.minimum(margin, 700.0, out=margin), out=margin)
            miss = 1 / (1 + growth)
            push = growth * miss * miss * (miss - rest)
            here = np.add(here, np.add.reduce(push * step, axis=1, keepdims=True), out=now)
    return walk[:, :, 0].swapaxes(1, 2)


def wrong(problem: SigmoidNeuron, w: ArrayLike) -> NDArray[np.intp]:
    """How many points lie on the wrong side of w·x = 0, or on it: w (..., d) -> (...).

    With labels 0 and 1 this is the height of the plateau that E(t·w) tends to (fine print F3).
    """
    return (np.asarray(w, dtype=float) @ _towards_right(problem).T <= 0).sum(axis=-1)


def stays(problem: SigmoidNeuron, w: ArrayLike, rate: float, steps: int) -> NDArray[np.bool_]:
    """Whether it is proven that `steps` more GD steps move no point to another side: w (n, d) -> (n,).

    Let sᵢ = ⟨uᵢ, w⟩ be the margin of point i, with uᵢ = xⁱ or −xⁱ so that right is positive. A GD step
    adds γ Σⱼ cⱼ ⟨uᵢ, uⱼ⟩ to sᵢ, with cⱼ = 2 σ(−sⱼ)² σ(sⱼ). Two arguments:

    - Far out: cⱼ ≤ 2 exp(−|sⱼ|), squared where j is right. Where the pushes that could carry any point
      over sum up to less than ½ in all steps, and all |sᵢ| > ½, no point gets over.
    - All right: with R = max ‖x‖, on the way of a step ‖∇²E‖ ≤ 4R²E exp(4γR²E). So from E < ¼ and
      4γR²E ≤ 0.85 a step cannot raise E (0.85 e^0.85 < 2, the descent lemma), nor can any later one,
      and E < ¼ is right for every point.

    Labels must be 0 or 1, else no walk is said to stay.
    """
    w = np.asarray(w, dtype=float)
    if soft_labels(problem):
        return np.zeros(len(w), dtype=bool)
    towards_right = _towards_right(problem)
    margins, pull = w @ towards_right.T, towards_right @ towards_right.T
    with np.errstate(under="ignore"):
        right, decay = margins > 0, np.exp(0.5 - np.abs(margins))
        push = 2 * np.where(right, decay**2, decay)
        harm = rate * steps * np.where(right, push @ np.maximum(-pull, 0), push @ np.maximum(pull, 0))
        far = ((harm <= 0.5) & (np.abs(margins) > 0.5)).all(axis=-1)
        reach = (problem.x**2).sum(axis=-1).max(initial=0)
        low = problem.error(w) * max(4 * rate * reach / 0.85, 4) < 1
    return far | low


class Crowd:
    """GD's walks from many starts with a fixed rate: on which plateau is each after k steps, up to `most`?

    They stop every few steps. From a stop one can go on, and k can be told without walking from the start.
    """

    EVERY = 20

    def __init__(self, problem: SigmoidNeuron, starts: Floats, rate: float, most: int) -> None:
        self.problem, self.rate, self.most = problem, rate, most
        self._known = wrong(problem, starts)  # where a walk is no more followed, the plateau that it stays on
        self._stops = [(np.arange(len(starts)), starts)]  # the walks that are, and where they are

    def go_on(self, k: int, seconds: float) -> bool:
        """Walk towards step k for some seconds; whether that was long enough."""
        until = perf_counter() + seconds
        while k // self.EVERY >= len(self._stops):
            if perf_counter() >= until:
                return False
            self._to_next_stop()
        return True

    def plateaus(self, k: int) -> NDArray[np.intp]:
        """The height of the plateau that each walk is on after k steps, (number of starts,); see `wrong`."""
        self.go_on(k, np.inf)
        walking, w = self._stops[k // self.EVERY]
        heights = self._known.copy()
        heights[walking] = wrong(self.problem, self._walked(w, k % self.EVERY))
        return heights

    def _to_next_stop(self) -> None:
        """A few more steps; the walks that are proven to stay on their plateaus are not followed further."""
        walking, w = self._stops[-1]
        w = self._walked(w, self.EVERY)
        to_go = max(self.most - self.EVERY * len(self._stops), 0)
        still = ~stays(self.problem, w, self.rate, to_go)
        self._known[walking[~still]] = wrong(self.problem, w[~still])
        self._stops.append((walking[still], w[still]))

    def _walked(self, w: Floats, steps: int) -> Floats:
        for _ in range(steps):
            w = w - self.rate * self.problem.gradient(w)
        return w


def soft_labels(problem: SigmoidNeuron) -> bool:
    """Whether a label is neither 0 nor 1."""
    return bool(((problem.y > 0) & (problem.y < 1)).any())


def _towards_right(problem: SigmoidNeuron) -> Floats:
    """The direction of w in which each point gets more right: x where y = 1, −x where y = 0; (S, d)."""
    return problem.x * np.where(problem.y > 0.5, 1, -1)[:, np.newaxis]
