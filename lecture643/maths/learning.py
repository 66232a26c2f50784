"""Training for prediction: a task, and a run that is computed bit by bit and kept.

So that a picture can follow a run, and go back in it. Nothing is minimised here: each epoch is one call of
`descent.gradient_descent`, `sgd` or `minibatch_sgd`, from the w at which the epoch before has ended.
"""

import time
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.maths import data
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, integer, positive
from lecture643.maths.methods import Path, Rate
from lecture643.maths.network import MLPProblem

FOUR_POINTS = "four points"
DATA: dict[str, Callable[[], data.Data]] = {
    FOUR_POINTS: data.four_points,
    "XOR": data.xor,
    "two moons": data.two_moons,
    "circles": data.circles,
    "two Gaussians": data.gaussians,
    "spirals": data.spirals,
}
OWN_POINTS = "your points"
Rows = tuple[tuple[float, float, float], ...]  # x₁, x₂ and a label, 0 or 1
METHODS = ("gd", "sgd", "minibatch")
SCHEDULES: dict[str, Callable[[int], float] | None] = {  # γₖ for a γ
    "γ": None,  # constant
    "γ/√(k+1)": descent.decaying(1, 0.5),
    "γ/(k+1)": descent.harmonic,
}


class Task:
    """A data set, half of it held out, and a network for it whose one output is a sigmoid.

    name: one of DATA (none of the four points is held out), or OWN_POINTS for the rows `points` (none of them
    is, either). sizes, error, biases: as in `MLPProblem`. activation: of the hidden layers.
    x (S, 2), label (S,): all samples, those for training first; `trained` is their number. The labels are
    −1 and +1, as on the slides, and trained as 0 and 1 (fine print F13).
    limit: the inputs lie within ±limit. problem: E over the training samples.
    """

    def __init__(
        self,
        name: str,
        sizes: Sequence[int],
        activation: str = "tanh",
        error: str = "squared",
        biases: bool = True,
        points: Rows = (),
    ) -> None:
        if name not in DATA and not (name == OWN_POINTS and points):
            raise ValueError(f"data must be one of {', '.join(DATA)}, got {name!r}")
        few = name in (FOUR_POINTS, OWN_POINTS)
        train = DATA[name]() if name in DATA else _as_data(points)
        test = data.Data(train.x[:0], train.y[:0])
        if not few:
            train, test = data.split(train, held_out=0.5)
        self.x = np.concatenate([train.x, test.x])
        self.label = data.to_signs(np.concatenate([train.y, test.y]))
        self.trained = len(train.y)
        self.limit = 6.0 if few else 4.0
        layers = [activation] * (len(sizes) - 2) + ["sigmoid"]
        y = data.from_signs(self.label[: self.trained])
        self.problem = MLPProblem(sizes, train.x, y, layers, error, biases)
        self._scale = "he" if activation == "relu" else "glorot"

    def start(self, seed: int) -> Floats:
        """A random w⁰."""
        return self.problem.start(seed, self._scale)

    def predict(self, w: Floats, x: ArrayLike) -> Floats:
        """ŷ for the inputs x (…, 2); ½ where weights are so large that the sums are ∞ − ∞."""
        x = np.asarray(x, dtype=float)
        network, rows = self.problem.network(w), x.reshape(-1, 2)
        # A thousand inputs at a time stay in the processor's cache.
        answers = [network.predict(rows[i : i + 1000]) for i in range(0, len(rows), 1000)]
        return np.nan_to_num(np.concatenate(answers), nan=0.5).reshape(x.shape[:-1])


def _as_data(points: Rows) -> data.Data:
    array = np.array(points)
    return data.Data(array[:, :2], array[:, 2])


def says_plus(answers: ArrayLike, threshold: float) -> NDArray[np.bool_]:
    """Whether the thresholding function says +1, that is whether ŷ ≥ threshold; else it says −1.

    Slide: "Multi Layer Perceptron for Prediction Tasks".
    """
    return np.asarray(np.asarray(answers) >= threshold)


def trained_samples(name: str, points: Rows = ()) -> int:
    """How many samples of a data set are trained on; points: where they are one's own."""
    return len(points) if name == OWN_POINTS else _trained_samples(name)


@cache
def _trained_samples(name: str) -> int:
    return Task(name, (2, 1)).trained


@lru_cache(maxsize=8)
def kept_task(*setting: Any) -> "Task":
    """`Task`, kept for as long as others do not push it out."""
    return Task(*setting)


@lru_cache(maxsize=12)
def kept_run(task: "Task", method: str, rate: float, schedule: str, batch_size: int, seed: int) -> "Run":
    """`Run` with one of the SCHEDULES, kept, so that one can go back in it and compare."""
    fall = SCHEDULES[schedule]
    return Run(task, method, (lambda k: rate * fall(k)) if fall else rate, batch_size, seed)


class Curve(NamedTuple):
    """E at the ends of the epochs so far, and now: both (n,)."""

    epochs: Floats
    error: Floats


class End(NamedTuple):
    """A run is over after k steps; why: 'zero gradient' or 'diverged', as in `descent.Path`."""

    k: int
    why: str


class Run:
    """w^0, w^1, … of one method on a task, as far as they have been asked for.

    An epoch spends about S sample gradients: one step of "gd", S of "sgd", ⌊S/b⌋ of "minibatch" with b
    samples a step. Epoch i draws its samples from a seed made of `seed` and i, so w^k does not depend on how
    often, or in which order, one has asked.

    method: "gd", "sgd" or "minibatch". rate: γ, or a function k -> γₖ. batch_size: b. seed: settles w⁰ and
    all draws.
    steps: of an epoch. w, error: lists of w and E at w⁰ and at the end of each epoch computed so far.
    computed: the number of steps that takes. end: an `End`, or None.
    Raises ValueError for another method, a rate that is not positive or a batch size that is not from 1 to S.
    """

    def __init__(self, task: Task, method: str, rate: Rate, batch_size: int = 1, seed: int = 0) -> None:
        self.task = task
        self._method, self._rate = method, rate if callable(rate) else positive("rate", rate)
        self._batch_size = integer("batch_size", batch_size, 1, task.trained)
        self._seed = integer("seed", seed, 0)
        self.steps = steps_of_epoch(method, task.trained, batch_size)
        self.w = [task.start(seed)]
        self.error = [float(task.problem.error(self.w[0]))]
        self.computed = 0
        self.end: End | None = None
        self._answers: list[Floats] = []
        self._path = lru_cache(maxsize=4)(self._path_of_epoch)  # it forgets, since those of SGD are long

    def reach(self, k: int, seconds: float = np.inf) -> int:
        """Compute up to w^k, epoch by epoch, for about so many seconds; returns how far that is.

        Which is less than k where the time was up or the run is over.
        """
        deadline = time.monotonic() + seconds
        while self.computed < k and self.end is None:
            self._train_one_epoch()
            if time.monotonic() > deadline:
                break
        return min(k, self.computed)

    def at(self, k: int) -> tuple[Floats, float, tuple[int, ...]]:
        """w^k, E(w^k) and the samples that the next step sums over, for a k that has been reached."""
        epoch, step = divmod(k, self.steps)
        if step == 0:  # an epoch's end is known, and needs no path but for what would come next
            over = self.end is not None and self.end.k == k
            return self.w[epoch], self.error[epoch], () if over else _batch(self._path(epoch, 1), 0)
        path = self._path(epoch)
        return path.w[step], float(path.error[step]), _batch(path, step)

    def curve(self, k: int) -> Curve:
        """E up to w^k, or as far as has been computed."""
        k = min(k, self.computed)
        whole = k // self.steps
        error = np.append(self.error[: whole + 1], self.at(k)[1])
        return Curve(np.append(np.arange(whole + 1.0), k / self.steps), error)

    def answers(self, epochs: int) -> Floats:
        """ŷ of all samples at w⁰ and at the ends of the first epochs: (epochs + 1, S)."""
        for w in self.w[len(self._answers) : epochs + 1]:
            self._answers.append(self.task.predict(w, self.task.x))
        return np.stack(self._answers[: epochs + 1])

    def _train_one_epoch(self) -> None:
        path = self._path(len(self.w) - 1)
        self.computed += len(path.rates)
        if len(path.rates) == self.steps:
            self.w.append(path.w[-1])
            self.error.append(float(path.error[-1]))
        if path.stopped != "steps":
            self.end = End(self.computed, path.stopped)

    def _path_of_epoch(self, epoch: int, steps: int | None = None) -> Path:
        """The walk of an epoch, or its first steps."""
        problem, start, steps = self.task.problem, self.w[epoch], steps or self.steps
        seed, rate = 100_000 * self._seed + epoch, self._rate
        later = (lambda k: rate(epoch * self.steps + k)) if callable(rate) else rate  # k goes on counting
        if self._method == "gd":
            return descent.gradient_descent(problem, start, later, steps)
        if self._method == "sgd":
            return descent.sgd(problem, start, later, steps, seed)
        return descent.minibatch_sgd(problem, start, self._batch_size, later, steps, seed)


def _batch(path: Path, step: int) -> tuple[int, ...]:
    """The samples of a step; none after the last one."""
    return tuple(int(j) for j in path.batches[step]) if step < len(path.batches) else ()


def steps_of_epoch(method: str, size: int, batch_size: int) -> int:
    """How many steps of a method spend about `size` sample gradients.

    Raises ValueError for another method.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    return {"gd": 1, "sgd": size, "minibatch": size // batch_size}[method]
