"""A training whose epochs a student's own function does, guarded; beside it ours, with the same samples."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from lecture643.homework.attempt import Function, Outcome, run_again
from lecture643.homework.diagnosis import misfit
from lecture643.homework.training import read_network
from lecture643.maths.checks import Floats
from lecture643.maths.learning import End, Run, Task
from lecture643.maths.methods import generator

ARGUMENTS = ["mlp", "x", "y", "samples", "rate"]


class OwnRun(Run):
    """`Run` of SGD, as a function (mlp, x, y, samples, rate) -> mlp does it; it is handed an epoch at a time.

    trouble: why it went no further, in words. untouched: the cell's own "..." came back.
    """

    def __init__(self, task: Task, train: Function, rate: float, seed: int = 0) -> None:
        super().__init__(task, "sgd", rate, 1, seed)
        self._train, self._gamma = train, rate
        self.trouble, self.untouched = misfit(train, ARGUMENTS), False
        if self.trouble:
            self.end = End(0, "trouble")
        self._after = lru_cache(maxsize=8)(self._after_steps)

    def at(self, k: int) -> tuple[Floats, float, tuple[int, ...]]:
        """As of any run; inside an epoch the function is handed only the first samples of it."""
        epoch, step = divmod(k, self.steps)
        w = self._after(epoch, step) if step else self.w[epoch]
        return w, float(self.task.problem.error(w)), tuple(self._samples(epoch)[step : step + 1])

    def _after_steps(self, epoch: int, steps: int) -> Floats:
        outcome = self._trained(epoch, self._samples(epoch)[:steps])
        self.trouble = self.trouble or outcome.trouble
        return self.w[epoch] if outcome.answer is None else outcome.answer

    def _train_one_epoch(self) -> None:
        outcome = self._trained(len(self.w) - 1, self._samples(len(self.w) - 1))
        if outcome.answer is None:
            self.trouble, self.untouched = outcome.trouble, outcome.untouched
            self.end = End(self.computed, "trouble")
            return
        self.computed += self.steps
        self.w.append(outcome.answer)
        self.error.append(float(self.task.problem.error(outcome.answer)))

    def _samples(self, epoch: int) -> Sequence[int]:
        """Those that ours takes."""
        draws = generator(100_000 * self._seed + epoch).integers(self.task.problem.size, size=(self.steps, 1))
        return [int(j) for (j,) in draws]

    def _trained(self, epoch: int, samples: Sequence[int]) -> Outcome:
        problem, w = self.task.problem, self.w[epoch]

        def call() -> object:
            mlp = problem.network(w)
            x, y = problem.x.copy(), problem.y[:, 0].copy()
            return self._train(mlp, x, y, list(samples), self._gamma)

        outcome = run_again(call, self._train, read_network)
        if outcome.answer is not None and outcome.answer.shape != w.shape:
            return Outcome(trouble="the network that comes back has other sizes than the one handed over.")
        return outcome


@lru_cache(maxsize=4)
def kept_own_run(task: Task, train: Function, rate: float, seed: int) -> OwnRun:
    """`OwnRun`, kept, so that one can go back in it."""
    return OwnRun(task, train, rate, seed)


def parting(own: Run, ours: Run, epochs: int) -> int | None:
    """In which epoch, counted from 1, the two trainings part; None where they are the same up to rounding."""
    both = min(len(own.w), len(ours.w), epochs + 1)
    same = (np.allclose(own.w[i], ours.w[i], rtol=1e-4, atol=1e-6) for i in range(both))
    return next((i for i, agree in enumerate(same) if not agree), None)
