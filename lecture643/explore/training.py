"""Training a network: its decision map, its error and its accuracy, while it learns."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from lecture643.live import Pair, Pointer, View
from lecture643.live.painting import BUTTONS, TOLD, Painting, chosen_told, nearest
from lecture643.live.training_settings import YOURS, TrainingSettings, drawn_methods, of_a_run, steps_of
from lecture643.live.training_state import State as State
from lecture643.live.training_state import confusion, run_of, state_of
from lecture643.maths.learning import OWN_POINTS
from lecture643.picture import draw
from lecture643.picture.decision import Decision
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic
from lecture643.picture.own_points import chosen_ring
from lecture643.picture.training_curves import Confusion, TrainingCurves

SLICE = 0.008  # seconds of training between two pictures: an epoch more or less comes on top
TITLE = "what it says of x: drag the unseen x̂"
PAINTING = TOLD | {
    "move": "drag a point, or the unseen x̂",
    "one": "press: a new point, y = +1",
    "zero": "press: a new point, y = −1",
}


class Training(Painting, View[TrainingSettings, State]):
    """Watch a network learn.

    Slides: "Methodology for training MLP", "Stochastic Gradient Descent for training MLP", "Multi Layer
    Perceptron for Prediction Tasks".

    Left: what the network says of the inputs; the line where ŷ is the threshold, with the sign of its sides;
    the samples, filled for training, hollow when held out, crossed on the wrong side, ringed when the next
    step sums over them; an unseen x̂, to be dragged. Right: E, the accuracy and the confusion counts. Moving k
    trains; what is missing is computed in slices. A pinned curve stays while the settings change. The samples
    can be your own points: painted in the picture, or given.
    """

    panels = Mosaic(
        "inputs errors / inputs accuracy / inputs table",
        size=(1000, 600),
        widths=(1.12, 1),
        heights=(1.2, 1, 0.82),
        rooms={"errors": (4.2, 1, 1.6, 2.4), "accuracy": (4.2, 1, 2.8, 0.6), "table": (2, 1, 0.2, 1.6)},
    )
    actions = {
        "stop": "stop training",
        "pin": {"more": "pin this run"},
        "unpin": {"more": "unpin"},
        **BUTTONS,
    }

    def stop(self) -> None:
        """Train no further than the picture is."""
        self.set(shown=self.state.k)

    def pin(self) -> None:
        """Let the present curve stay while the settings change."""
        self.take({"pinned": of_a_run(self.settings.changed(shown=self.state.k))})

    def unpin(self) -> None:
        """Take the pinned curve away."""
        self.take({"pinned": None})

    # --- training -------------------------------------------------------------------------------

    def states(self, settings: TrainingSettings) -> Iterator[State]:
        """Slice by slice, so that pictures come while the network learns."""
        runs = {m: run_of(settings, m) for m in drawn_methods(settings)}
        goals = {m: round(settings.shown * run.steps / steps_of(settings)) for m, run in runs.items()}
        pinned = settings.ghost
        ghost = run_of(pinned, pinned.method) if pinned else None
        asked = [(run, goals[m]) for m, run in runs.items()]
        asked += [(ghost, pinned.shown)] if pinned and ghost else []
        behind = True
        while behind:
            reached = [run.reach(goal, self.at_most(SLICE)) for run, goal in asked]
            behind = any(k < goal and not run.end for k, (run, goal) in zip(reached, asked, strict=True))
            yield state_of(settings, runs, ghost, behind)

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.inputs = Decision(live.axes("inputs"), TITLE)
        self.ring = chosen_ring(self.inputs.ax)
        drawn = [*draw.METHODS, *([] if self.settings.train is None else [YOURS])]
        errors, accuracy = live.axes("errors"), live.axes("accuracy", xlabel="epoch", ylabel="accuracy")
        self.plots = TrainingCurves(errors, accuracy, self.settings.epochs, drawn)
        self.curves, self.right = self.plots.of, self.plots.right
        self.confusion = Confusion(live.axes("table"))
        self.cells = self.confusion.cells
        live.moving(*self.inputs.moving, self.ring, *self.plots.moving, *self.cells)

    def draw(self, state: State) -> None:
        task, settings = state.run.task, state.settings
        if self.inputs.reach(task.limit) | self._retitled(settings):  # other data reach further out
            self.live.still_changed()
        some = len(state.next_batch) < task.trained  # all of them would be no news
        following = list(state.next_batch) if some else []
        self.inputs.ground(state.map, settings.threshold, task.limit, task.x)
        self.inputs.points(task.x, state.groups, ~state.right[-1], following)
        self.inputs.answer(settings.unseen, state.answer, state.sign, task.limit)
        chosen = settings.which - 1 if settings.data == OWN_POINTS and settings.which else None
        self.ring.set_data(*([], []) if chosen is None else task.x[chosen, :, np.newaxis])
        mine = state.curves[state.method]
        self.plots.show(state.curves, mine)
        self.plots.score(mine.epochs, (state.right[:, : task.trained], state.right[:, task.trained :]))
        pinned = settings.ghost
        curve = state.ghost.curve(pinned.shown) if pinned and state.ghost else None
        self.plots.pin(curve, f"pinned: {_how(pinned, settings)}" if pinned else "")
        self.confusion.show(confusion(state))

    def _retitled(self, settings: TrainingSettings) -> bool:
        title = PAINTING[settings.tool] if settings.data == OWN_POINTS else TITLE
        before = self.inputs.ax.get_title()
        self.inputs.ax.set_title(title)
        return before != title

    # --- the hand -------------------------------------------------------------------------------

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """x̂; with one's own points these, where one of them is nearer."""
        if self.settings.data != OWN_POINTS or pointer.panel != "inputs":
            return super().drag(pointer)
        if pointer.begins:
            self._moves_unseen = self._means_unseen((pointer.x, pointer.y))
        return super().drag(pointer) if self._moves_unseen else self.paint(pointer)

    def _means_unseen(self, at: Pair) -> bool:
        near = nearest(self.settings.points, at)
        if self.settings.tool != "move" or not near:
            return self.settings.tool == "move"
        far = [
            np.hypot(x - at[0], y - at[1])
            for x, y, *_ in (self.settings.unseen, self.settings.points[near - 1])
        ]
        return bool(far[0] < far[1])

    def handles(self) -> list[tuple[str, Pair]]:
        """x̂, and one's own points."""
        own = self.settings.points if self.settings.data == OWN_POINTS else ()
        return [*super().handles(), *(("inputs", row[:2]) for row in own)]

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
            f"for ŷ = {draw.number(state.answer)}.{_pinned_told(state)}{_chosen_told(s)}"
        )


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


def _how(s: TrainingSettings, now: TrainingSettings) -> str:
    """Method and rate of a pinned run, and in what else it differs from what is seen now."""
    told = [_name(s.method), s.schedule.replace("γ", f"γ = {draw.number(s.rate)}", 1)]
    told += [f"{s.error} error"] if s.error != now.error else []
    told += [s.data] if (s.data, s.points) != (now.data, now.points) else []
    told += ["-".join(map(str, s.sizes))] if s.sizes != now.sizes else []
    told += [s.activation] if s.activation != now.activation else []
    blocks = s.method == now.method == "minibatch" and s.batch_size != now.batch_size
    told += [f"b = {s.batch_size}"] if blocks else []
    return ", ".join(told + ([f"seed {s.seed}"] if s.seed != now.seed else []))


def _pinned_told(state: State) -> str:
    pinned, run = state.settings.ghost, state.ghost
    if not pinned or not run:
        return ""
    k = min(pinned.shown, run.computed)
    then, now = draw.number(run.at(k)[1]), draw.number(state.curves[state.method].error[-1])
    return (
        f" Pinned ({_how(pinned, state.settings)}): E = {then} after {_epochs_told(k / run.steps)}; "
        f"now: E = {now} after {_epochs_told(state.k / state.run.steps)}."
    )


def _chosen_told(s: TrainingSettings) -> str:
    """On the chosen point, where the points are one's own."""
    return chosen_told(s, lambda y: draw.LABELS[1 if y else -1].name) if s.data == OWN_POINTS else ""


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
