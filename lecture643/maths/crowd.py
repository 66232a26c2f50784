"""Many walks at once, where one array takes each step of all of them, and long walks of one neuron."""

from collections.abc import Callable, Sequence
from math import exp

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.maths.checks import Floats, finite_array, integer, positive
from lecture643.maths.methods import Rate, blocks, generator, rates_of
from lecture643.maths.problem import Problem, SampleProblem
from lecture643.maths.toy import SigmoidNeuron


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
    start, steps = finite_array("start", start, (None,)), integer("steps", steps, 0)
    batch_size = integer("batch_size", batch_size, 1, problem.size)
    rates = rates_of(rate, steps)
    samples = np.stack([_samples(problem.size, batch_size, steps, seed) for seed in seeds], axis=1)
    runs = np.arange(len(seeds))[:, np.newaxis]
    w = np.empty((steps + 1, len(seeds), len(start)))
    w[0] = start
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(steps):
            gradients = problem.sample_gradients(w[k])[runs, samples[k]]
            w[k + 1] = w[k] - rates[k] * (gradients[:, 0] if batch_size == 1 else gradients.sum(axis=1))
            if not np.isfinite(w[k + 1]).all():
                lost = ~np.isfinite(w[k + 1]).all(axis=-1)
                w[k + 1, lost] = w[k, lost]
    return w


def _samples(size: int, batch_size: int, steps: int, seed: int) -> NDArray[np.intp]:
    """What `sgd` or `minibatch_sgd` draws: (steps, batch_size)."""
    if batch_size > 1:
        return blocks(size, batch_size, steps, integer("seed", seed, 0))
    return generator(seed).integers(size, size=(steps, 1))


def neuron_walk(problem: SigmoidNeuron, start: ArrayLike, rates: Floats, batches: NDArray[np.intp]) -> Floats:
    """The iterates of w^{k+1} = w^k − γ_k Σ_{j∈B_k} ∇eʲ(w^k), for two weights: (K+1, 2).

    rates: (K,), the γ_k. batches: (K, b), the B_k. Small blocks are summed in plain numbers: the call of
    one numpy function takes longer than all the arithmetic of a sample.
    """
    if batches.shape[1] > 20:
        return _walk_in_arrays(problem, start, rates, batches)
    samples = [(*x, y) for x, y in zip(problem.x.tolist(), problem.y.tolist(), strict=True)]
    w1, w2 = finite_array("start", start, (2,)).tolist()
    walk = [(w1, w2)]
    for rate, block in zip(rates.tolist(), batches.tolist(), strict=True):
        sum1 = sum2 = 0.0
        for j in block:
            x1, x2, y = samples[j]
            z = w1 * x1 + w2 * x2
            decay = exp(-abs(z))  # as in SigmoidNeuron: no digits are lost where σ saturates
            larger, smaller = 1 / (1 + decay), decay / (1 + decay)
            residual = (1 - y) * larger - y * smaller if z >= 0 else (1 - y) * smaller - y * larger
            slope = 2 * residual * larger * smaller
            sum1 += slope * x1
            sum2 += slope * x2
        w1 -= rate * sum1
        w2 -= rate * sum2
        walk.append((w1, w2))
    return np.array(walk)


def _walk_in_arrays(
    problem: SigmoidNeuron, start: ArrayLike, rates: Floats, batches: NDArray[np.intp]
) -> Floats:
    w = np.empty((len(batches) + 1, 2))
    w[0] = finite_array("start", start, (2,))
    full = batches.shape[1] == problem.size
    for k, (rate, block) in enumerate(zip(rates, batches, strict=True)):
        w[k + 1] = w[k] - rate * problem.gradient(w[k], None if full else block)
    return w


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
    if ((problem.y > 0) & (problem.y < 1)).any():
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


def _towards_right(problem: SigmoidNeuron) -> Floats:
    """The direction of w in which each point gets more right: x where y = 1, −x where y = 0; (S, d)."""
    return problem.x * np.where(problem.y > 0.5, 1, -1)[:, np.newaxis]
