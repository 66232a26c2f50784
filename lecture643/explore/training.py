"""Training a network: its decision map, its error and its accuracy, while it learns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from lecture643.homework import own_training
from lecture643.homework.own_training import OwnRun
from lecture643.live import Pair, Play, Settings, View, choice, given, log, number, point, whole
from lecture643.maths import learning
from lecture643.maths.checks import Floats, function, integer
from lecture643.maths.learning import Curve, Run, says_plus, trained_samples
from lecture643.maths.network import ACTIVATIONS, ERRORS
from lecture643.picture import draw
from lecture643.picture.decision import SIDE, Decision
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic
from lecture643.picture.table import Table

LOWEST, HIGHEST = 1e-3, 1e2  # E in the picture
NETWORKS = [(2, 1), (2, 4, 1), (2, 8, 1), (2, 16, 16, 1)]
METHODS = {look.name: key for key, look in draw.METHODS.items()}
YOURS = "yours"  # the method of who brings a function
SLICE = 0.008  # seconds of training between two pictures: an epoch more or less comes on top


def _two_to_one(name: str, sizes: Any) -> tuple[int, ...]:
    sizes = tuple(integer(f"{name}[{at}]", size, 1) for at, size in enumerate(sizes))
    if sizes[:1] + sizes[-1:] != (2, 1):
        raise ValueError(f"{name} must lead from 2 inputs to 1 output, got {sizes}")
    return sizes


def _steps(s: "TrainingSettings") -> int:
    """Of an epoch."""
    trained = trained_samples(s.data)
    return learning.steps_of_epoch(
        "sgd" if s.method == YOURS else s.method, trained, min(s.batch_size, trained)
    )


def _methods(s: "TrainingSettings") -> dict[str, str]:
    """By label; one's own function stands first where there is one, as it is the default."""
    return METHODS if s.train is None else {"your function": YOURS} | METHODS


def _drawn(s: "TrainingSettings") -> list[str]:
    """Whose curves are drawn: beside one's own is SGD's, with the same samples."""
    yours = [YOURS] if s.method == YOURS or (s.train and s.curves == "all") else []
    if s.curves == "all":
        return [*yours, *draw.METHODS]
    return [*yours, "sgd"] if yours else [s.method]


def _same_epoch(k: int, old: "TrainingSettings", new: "TrainingSettings") -> int:
    """k counts steps, and an epoch has one, S or something between: stay at the same epoch."""
    return round(k * _steps(new) / _steps(old))


@dataclass(frozen=True)
class TrainingSettings(Settings):
    """What a training can be set to."""

    train: Any = given(None, "your function of homework TRAINING_LOOP, to train with", function)
    epochs: int = given(lambda: 200, "how many k can reach")
    data: str = choice("data", "two moons", list(learning.DATA), meaning="the name of the data set")
    sizes: tuple[int, ...] = choice(
        "layers",
        (2, 16, 16, 1),
        NETWORKS,
        own=_two_to_one,
        meaning="of the layers, from 2 inputs to 1 output",
    )
    method: str = choice(
        "method",
        lambda s: "minibatch" if s.train is None else YOURS,
        _methods,
        meaning='"gd", "sgd" or "minibatch"; "yours" where a function is given',
    )
    batch_size: int = whole(
        "batch size",
        lambda s: min(10, trained_samples(s.data)),
        1,
        lambda s: min(50, trained_samples(s.data)),
        secondary=True,
        meaning="of mini-batch SGD",
    )
    rate: float = log("learning rate γ", 0.1, 1e-3, 10, meaning="γ")
    shown: int = whole(
        "step k",
        lambda s: min(30, s.epochs) * _steps(s),
        0,
        lambda s: s.epochs * _steps(s),
        play=Play(stride=_steps, interval=60),
        follow=_same_epoch,
        meaning="the k of the picture",
    )
    threshold: float = number("threshold", 0.5, 0, 1, 0.01, meaning="from it on ŷ says +1")
    curves: str = choice(
        "curves of", "one", {"this method": "one", "all three": "all"}, meaning='"one" method, or "all"'
    )
    schedule: str = choice(
        "γₖ =",
        "γ",
        lambda s: list(learning.SCHEDULES) if s.train is None else ["γ"],
        applies=lambda s: s.train is None,
        secondary=True,
        meaning="its fall with k",
    )
    activation: str = choice("φ", "tanh", list(ACTIVATIONS), secondary=True, meaning="of the hidden layers")
    error: str = choice("error", "squared", list(ERRORS), secondary=True, meaning="e")
    biases: bool = choice("biases", True, {"with": True, "without": False}, secondary=True, meaning="or none")
    unseen: Pair = point(("x̂₁", "x̂₂"), (0.5, 2), 6, panels=["inputs"], secondary=True, meaning="x̂")
    seed: int = whole("seed", 0, 0, 50, secondary=True, meaning="settles w⁰ and all draws")


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


class Training(View[TrainingSettings, State]):
    """Watch a network learn.

    Slides: "Methodology for training MLP", "Stochastic Gradient Descent for training MLP", "Multi Layer
    Perceptron for Prediction Tasks".

    Left: what the network says of the inputs; the line where ŷ is the threshold, with the sign of its sides;
    the samples, filled for training, hollow when held out, crossed on the wrong side, ringed when the next
    step sums over them; an unseen x̂, to be dragged. Right: E, the accuracy and the confusion counts. Moving k
    trains; what is missing is computed in slices.
    """

    panels = Mosaic(
        "inputs errors / inputs accuracy / inputs table",
        size=(1000, 600),
        widths=(1.12, 1),
        heights=(1.2, 1, 0.82),
        rooms={"errors": (4.2, 1, 1.6, 2.4), "accuracy": (4.2, 1, 2.8, 0.6), "table": (2, 1, 0.2, 1.6)},
    )
    actions = {"stop": "stop training"}

    def stop(self) -> None:
        """Train no further than the picture is."""
        self.set(shown=self.state.k)

    # --- training -------------------------------------------------------------------------------

    def states(self, settings: TrainingSettings) -> Iterator[State]:
        """Slice by slice, so that pictures come while the network learns."""
        runs = {m: _run(settings, m) for m in _drawn(settings)}
        goals = {m: round(settings.shown * run.steps / _steps(settings)) for m, run in runs.items()}
        behind = True
        while behind:
            reached = {m: run.reach(goals[m], SLICE) for m, run in runs.items()}
            behind = any(reached[m] < goals[m] and not run.end for m, run in runs.items())
            yield _state(settings, runs, behind)

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.inputs = Decision(live.axes("inputs"), "what it says of x: drag the unseen x̂")
        self._build_curves(live.axes("errors"), live.axes("accuracy", xlabel="epoch", ylabel="accuracy"))
        self._build_table(live.axes("table"))
        live.moving(*self.inputs.moving, *self.curves.values(), self.head, *self.right, *self.cells)

    def _build_curves(self, errors: Axes, accuracy: Axes) -> None:
        draw.error_axes(errors, "", LOWEST)
        errors.set(ylim=(LOWEST, HIGHEST), xlim=(0, self.settings.epochs))
        drawn = [*draw.METHODS, *([] if self.settings.train is None else [YOURS])]
        self.curves = {method: draw.method_line(errors, method) for method in drawn}
        (self.head,) = errors.plot([], [], "o", color=draw.INK, clip_on=False)
        errors.legend(
            loc="lower center",
            bbox_to_anchor=(0.45, 1),
            ncols=len(drawn),
            frameon=False,
            columnspacing=1,
            handlelength=2.4,
        )
        accuracy.set(ylim=(0, 1.04), xlim=(0, self.settings.epochs), yticks=[0, 0.5, 1])
        accuracy.grid(True, alpha=0.35, linewidth=0.8)
        (trained,) = accuracy.plot([], [], color=draw.INK, label="training")
        (held_out,) = accuracy.plot([], [], ":", color=draw.INK, label="held out")
        self.right = (trained, held_out)
        accuracy.legend(loc="lower right", frameon=False, ncols=2)

    def _build_table(self, ax: Axes) -> None:
        table = Table(ax, ("it says", "+1", "−1", "+1", "−1"), rows=2, widths=(1.3, 1, 1, 1, 1))
        for x, head in ((0.43, "training"), (0.81, "held out")):
            ax.text(x, -0.1, head, ha="center", va="center")
        for row, look in enumerate(draw.LABELS.values()):
            table.cells[row][0].set_text(f"y = {look.name}")
            table.ax.plot(0.02, row + 1.5, look.marker, color=look.colour, clip_on=False)
        self.cells = [cell for row in table.cells for cell in row[1:]]

    def draw(self, state: State) -> None:
        task, settings = state.run.task, state.settings
        if self.inputs.reach(task.limit):  # other data reach further out
            self.live.still_changed()
        some = len(state.next_batch) < task.trained  # all of them would be no news
        following = list(state.next_batch) if some else []
        self.inputs.ground(state.map, settings.threshold, task.limit)
        self.inputs.points(task.x, state.groups, ~state.right[-1], following)
        self.inputs.answer(settings.unseen, state.answer, state.sign, task.limit)
        for method, line in self.curves.items():
            curve = state.curves.get(method)
            line.set_data((curve.epochs, np.clip(curve.error, LOWEST, HIGHEST)) if curve else ([], []))
        mine = state.curves[state.method]
        self.head.set_data(mine.epochs[-1:], np.clip(mine.error[-1:], LOWEST, HIGHEST))
        parts = state.right[:, : task.trained], state.right[:, task.trained :]
        for line, right in zip(self.right, parts, strict=True):
            line.set_data((mine.epochs, right.mean(axis=1)) if right.size else ([], []))
        for cell, count in zip(self.cells, _confusion(state), strict=True):
            cell.set_text(count)

    # --- in words -------------------------------------------------------------------------------

    def sentence(self, state: State) -> str:
        s, task, k = state.settings, state.run.task, state.k
        hidden = f"{s.activation} " if len(s.sizes) > 2 else ""
        network = (
            f"a {'-'.join(map(str, s.sizes))} {hidden}network {'with' if s.biases else 'without'} biases"
        )
        rate = s.schedule.replace("γ", draw.number(s.rate), 1)
        method = f"{_name(state.method)} with {'γ' if s.schedule == 'γ' else 'γₖ'} = {rate}"
        error = draw.number(state.curves[state.method].error[-1])
        return (
            f"{_progress(state)}{s.data[0].upper()}{s.data[1:]}, {network}, {s.error} error, {method}: "
            f"after k = {draw.plural(k, 'step')}, {_epochs_told(k / state.run.steps)} of "
            f"{draw.plural(task.trained, 'sample')}, E = {error}{_ending(state)}{_others(state)}. "
            f"{_own_told(state)}"
            f"Labels −1 and +1 are trained as 0 and 1; with threshold {draw.number(s.threshold)} it is right "
            f"on {_score(state)}, and says {state.sign} to the unseen x̂ = {draw.vector(s.unseen)}, "
            f"for ŷ = {draw.number(state.answer)}."
        )


# --- the mathematics ----------------------------------------------------------------------------


def _run(s: TrainingSettings, method: str) -> Run:
    """A run; kept, so that one can go back in it and compare."""
    task = learning.kept_task(s.data, s.sizes, s.activation, s.error, s.biases)
    if method == YOURS:
        return own_training.kept_own_run(task, s.train, s.rate, s.seed)
    return learning.kept_run(task, method, s.rate, s.schedule, min(s.batch_size, task.trained), s.seed)


def _state(s: TrainingSettings, runs: Mapping[str, Run], unfinished: bool) -> State:
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
        unfinished=unfinished,
    )


def _confusion(state: State) -> list[str]:
    """The table, row by row: for +1 and for −1, what is said of the training and of the held-out samples."""
    right, cells = state.right[-1], []
    for (label, _), which in state.groups.items():
        hits, misses = int(right[which].sum()), int((~right[which]).sum())
        counts = [str(hits), str(misses)] if which.any() else ["–", "–"]
        cells += counts if label > 0 else counts[::-1]
    return cells


def _score(state: State) -> str:
    trained = state.run.task.trained
    right, held_out = state.right[-1], state.right[-1, trained:]
    told = f"{right[:trained].sum()} of {trained} training samples"
    return f"{told} and {held_out.sum()} of {len(held_out)} held out" if held_out.size else told


def _progress(state: State) -> str:
    return f"On the way to k = {state.wanted}: " if state.k < state.wanted else ""


def _epochs_told(epochs: float) -> str:
    return f"{draw.number(epochs)} epoch{'' if epochs == 1 else 's'}"


def _others(state: State) -> str:
    """E of the other methods after as many epochs."""
    others = [
        f"{_name(m)} {draw.number(curve.error[-1])}"
        for m, curve in state.curves.items()
        if m != state.method and (m != YOURS or not (state.own and state.own.end))
    ]
    return f" (after as many epochs: {', '.join(others)})" if others else ""


def _name(method: str) -> str:
    return "your function" if method == YOURS else draw.METHODS[method].name


def _own_told(state: State) -> str:
    """How one's own function does, beside SGD with the same samples."""
    own = state.own
    if own is None:
        return ""
    if own.untouched:
        return "Your function still returns the three dots, so this is ours alone. "
    if own.trouble and state.method != YOURS:
        return f"Your function does not train, so this is ours alone; what is wrong: {own.trouble} "
    trouble = f" In epoch {len(own.w)} {own.trouble}" if own.trouble else ""
    if state.parts:
        return f"Yours and our SGD take the same samples, and part in epoch {state.parts}.{trouble} "
    return f"Yours and our SGD train the same network, step by step.{trouble} "


def _ending(state: State) -> str:
    end = state.run.end
    if end is None or state.k < end.k:
        return ""
    if end.why == "trouble":
        return ", where it ends"
    return ", where it diverged" if end.why == "diverged" else ", where ∇E is exactly 0 and training ends"
