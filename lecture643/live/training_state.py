"""A run of a training after k steps, and what the network says there."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lecture643.homework import own_training
from lecture643.homework.own_training import OwnRun
from lecture643.live.training_settings import YOURS, TrainingSettings
from lecture643.maths import learning
from lecture643.maths.checks import Floats
from lecture643.maths.learning import OWN_POINTS, Curve, Run, says_plus
from lecture643.picture import draw
from lecture643.picture.decision import SIDE


@dataclass(frozen=True)
class State:
    """A run after k steps, and what the network says there."""

    run: Run
    method: str  # whose run it is: that of the settings, or SGD while there is none of one's own
    settings: TrainingSettings
    k: int
    wanted: int  # the k that the run is on its way to
    next_batch: tuple[int, ...]
    curves: Mapping[str, Curve]  # of each method that is drawn
    own: OwnRun | None  # that of one's own function
    parts: int | None  # the epoch, from 1, in which it parts from SGD with the same samples
    right: NDArray[np.bool_]  # (times, S), which samples are on their side
    map: Floats
    answer: float  # ŷ for x̂
    ghost: Run | None  # the pinned run
    unfinished: bool  # whether more of the training is to come

    @property
    def groups(self) -> dict[tuple[int, bool], NDArray[np.bool_]]:
        """The samples by their label and whether they are held out."""
        held_out = np.arange(len(self.run.task.label)) >= self.run.task.trained
        return {
            (label, out): (self.run.task.label == label) & (held_out == out)
            for label in draw.LABELS
            for out in (False, True)
        }

    @property
    def sign(self) -> str:
        """What the thresholding function makes of ŷ for x̂."""
        return draw.LABELS[1 if says_plus(self.answer, self.settings.threshold) else -1].name


def run_of(s: TrainingSettings, method: str) -> Run:
    """A run; kept, so that one can go back in it and compare."""
    points = s.points if s.data == OWN_POINTS else ()
    task = learning.kept_task(s.data, s.sizes, s.activation, s.error, s.biases, points)
    if method == YOURS:
        return own_training.kept_own_run(task, s.train, s.rate, s.seed)
    return learning.kept_run(task, method, s.rate, s.schedule, min(s.batch_size, task.trained), s.seed)


def state_of(s: TrainingSettings, runs: Mapping[str, Run], ghost: Run | None, unfinished: bool) -> State:
    """How far the runs have come, no further than is wanted."""
    own = runs.get(YOURS)
    assert own is None or isinstance(own, OwnRun)
    method = "sgd" if s.method == YOURS and own and own.end and not own.end.k else s.method
    run = runs[method]
    k = run.reach(min(s.shown, run.computed))
    share = k / run.steps
    w, _, next_batch = run.at(k)
    answers = np.vstack([run.answers(k // run.steps), run.task.predict(w, run.task.x)])
    across = np.linspace(-run.task.limit, run.task.limit, SIDE)
    return State(
        run=run,
        method=method,
        settings=s,
        k=k,
        wanted=s.shown if run.end is None else min(s.shown, run.end.k),
        next_batch=next_batch,
        curves={m: r.curve(k if m == method else round(share * r.steps)) for m, r in runs.items()},
        own=own,
        parts=own_training.parting(own, runs["sgd"], k // run.steps) if own else None,
        right=says_plus(answers, s.threshold) == (run.task.label > 0),
        map=run.task.predict(w, np.stack(np.meshgrid(across, across), axis=-1)),
        answer=float(run.task.predict(w, np.array(s.unseen))),
        ghost=ghost,
        unfinished=unfinished,
    )


def confusion(state: State) -> list[str]:
    """The table, row by row: for +1 and for −1, what is said of the training and of the held-out samples."""
    right, cells = state.right[-1], []
    for (label, _), which in state.groups.items():
        hits, misses = int(right[which].sum()), int((~right[which]).sum())
        counts = [str(hits), str(misses)] if which.any() else ["–", "–"]
        cells += counts if label > 0 else counts[::-1]
    return cells
