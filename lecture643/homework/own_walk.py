"""The walk of a student's own step, guarded, beside the true one."""

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np

from lecture643.homework.attempt import Function, Outcome, read, run_again
from lecture643.homework.descent import gd_step, halved_step
from lecture643.homework.diagnosis import misfit
from lecture643.homework.stochastic import sgd_step
from lecture643.maths.checks import Floats
from lecture643.maths.methods import generator
from lecture643.maths.toy import SigmoidNeuron

STEPS: dict[str, Function] = {"gd_step": gd_step, "halved_step": halved_step, "sgd_step": sgd_step}
HALVINGS = 60
FAR = 1e100  # further out is nowhere


@dataclass(frozen=True)
class Own:
    """How far a student's step has led: w (k+1, 2), and why no further, in words.

    untouched: the cell's own "..." came back. in_place: it changes the w that it is handed.
    """

    w: Floats
    trouble: str = ""
    untouched: bool = False
    in_place: bool = False


@dataclass(frozen=True)
class Walk:
    """One step after the other.

    name: one of STEPS. problem: on which. start: w⁰. rate: γ, or the α that is halved. steps: how many.
    seed: settles the samples of SGD.
    """

    name: str
    problem: SigmoidNeuron
    start: tuple[float, float]
    rate: float
    steps: int
    seed: int = 0

    def true(self) -> Floats:
        """The iterates of the reference: (k+1, 2); k < `steps` where no halving finds a lower E."""
        iterates = [np.array(self.start)]
        for rest in self._arguments(iterates):
            iterates.append(STEPS[self.name](iterates[-1], *rest))
        return np.array(iterates)

    def own(self, step: Function) -> Own:
        """Those of a student's function, which may do anything."""
        start = np.array([self.start])
        if wrong := misfit(step, list(signature(STEPS[self.name]).parameters)):
            return Own(start, wrong)
        iterates, last, in_place = [start[0]], Outcome(), False

        def go() -> float:
            nonlocal last, in_place
            for rest in self._arguments(iterates):
                given = iterates[-1].copy()
                last = read(step(given, *rest))
                in_place |= not np.array_equal(given, iterates[-1])
                if last.answer is None or last.answer.shape != (2,) or np.abs(last.answer).max() > FAR:
                    break
                iterates.append(last.answer)
            return 0.0

        whole = run_again(go, step)
        trouble = whole.trouble or last.trouble
        if last.answer is not None and last.answer.shape != (2,):
            trouble = "your function should return the new w, an array of two numbers."
        elif last.answer is not None and last.answer is not iterates[-1]:
            trouble = "there w grows beyond all bounds."
        return Own(np.array(iterates), trouble, last.untouched, in_place)

    def _arguments(self, iterates: list[Floats]) -> Iterator[tuple[Any, ...]]:
        """What each step is handed besides w, which is the last of the iterates so far."""
        problem, rate = self.problem, self.rate
        samples = generator(self.seed).integers(problem.size, size=(self.steps, 1))[:, 0].tolist()
        for k in range(self.steps):
            if self.name == "gd_step":
                yield rate, problem.gradient
            elif self.name == "sgd_step":
                yield rate, samples[k], problem.sample_gradients
            elif self._falls(iterates[-1]):
                yield rate, problem.error, problem.gradient
            else:
                return

    def _falls(self, w: Floats) -> bool:
        """Whether some halving lowers E, by more than rounding: else the loop would have no end."""
        error, gradient = self.problem.error, self.problem.gradient(w)
        enough = error(w) * (1 - 1e-12)
        return any(error(w - self.rate / 2**n * gradient) < enough for n in range(HALVINGS))


def parting(one: Floats, other: Floats) -> int | None:
    """The first k at which two walks are not at the same w; None where they are, as far as both go."""
    both = min(len(one), len(other))
    apart = ~np.isclose(one[:both], other[:both], rtol=1e-6, atol=1e-9).all(axis=1)
    return int(apart.argmax()) if apart.any() else None
