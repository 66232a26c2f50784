"""Training a network: its decision map, its error and its accuracy, while it learns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.live.controls import choice, log_slider, slider, whole
from lecture643.live.view import LiveFigure, Pointer, View, player
from lecture643.maths.checks import Floats, finite_array, integer
from lecture643.maths.learning import DATA, Run, Task, says_plus
from lecture643.maths.network import ACTIVATIONS, ERRORS
from lecture643.picture import draw

SIDE = 100  # of the decision map, in pixels
LOWEST, HIGHEST = 1e-3, 1e3  # E in the picture
NETWORKS = [(2, 1), (2, 4, 1), (2, 8, 1), (2, 16, 16, 1)]


@dataclass(frozen=True)
class State:
    """A run after k steps, and what the network says there."""

    run: Run
    setting: Mapping[str, Any]
    k: int
    wanted: int  # the k that the run is on its way to
    next_batch: tuple[int, ...]
    epochs: Floats  # the times of the curves: the ends of the epochs, and now
    error: Floats
    right: NDArray[np.bool_]  # (times, S), which samples are on their side
    map: Floats
    threshold: float
    unseen: Floats  # x̂
    answer: float  # ŷ for it

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
        return draw.LABELS[1 if says_plus(self.answer, self.threshold) else -1].name


class Training(View[State]):
    """Watch a network learn.

    Slides: "Methodology for training MLP", "Stochastic Gradient Descent for training MLP", "Multi Layer
    Perceptron for Prediction Tasks".

    Left: ŷ over the inputs; the line where ŷ is the threshold; the samples, filled for training, hollow when
    held out, crossed on the wrong side, ringed when the next step sums over them; an unseen x̂, to be dragged.
    Right: E, the accuracy and the confusion counts. Moving k trains; what is missing is computed in slices.

    data: the name of the data set. sizes: of the layers, from 2 inputs to 1 output. activation: of the hidden
    layers; the output is a sigmoid. error: "squared" or "cross-entropy". biases: whether there are any.
    method: "gd", "sgd" or "minibatch". batch_size: of the last. rate: γ. seed: settles w⁰ and all draws.
    threshold: from it on ŷ says +1. unseen: x̂. shown: the k of the picture. epochs: how many k can reach.
    Raises ValueError for other values.
    """

    size = (1000, 600)
    slice_seconds = 0.03  # of training between two pictures

    def __init__(
        self,
        data: str = "two moons",
        sizes: Sequence[int] = (2, 16, 16, 1),
        activation: str = "tanh",
        error: str = "squared",
        biases: bool = True,
        method: str = "minibatch",
        batch_size: int = 10,
        rate: float = 0.1,
        seed: int = 0,
        threshold: float = 0.5,
        unseen: ArrayLike = (0.5, 2),
        shown: int = 300,
        epochs: int = 200,
    ) -> None:
        sizes = tuple(sizes)
        if sizes[:1] + sizes[-1:] != (2, 1):
            raise ValueError(f"sizes must lead from 2 inputs to 1 output, got {sizes}")
        unseen_1, unseen_2 = finite_array("unseen", unseen, (2,))
        self._epochs = integer("epochs", epochs, 1)
        self._task = lru_cache(maxsize=8)(Task)
        self._run = lru_cache(maxsize=8)(self._run_anew)
        networks = [("-".join(map(str, s)), s) for s in dict.fromkeys([*NETWORKS, sizes])]
        controls = {
            "data": choice("data", list(DATA), data),
            "sizes": choice("layers", networks, sizes),
            "activation": choice("φ", list(ACTIVATIONS), activation),
            "error": choice("error", list(ERRORS), error),
            "biases": choice("biases", [("with", True), ("without", False)], biases),
            "method": choice("method", [(look.name, key) for key, look in draw.METHODS.items()], method),
            "batch_size": whole("batch size", batch_size, 1, 50),
            "rate": log_slider("learning rate γ", rate, -3, 1),
            "seed": whole("seed", seed, 0, 50),
            "threshold": slider("threshold", threshold, 0, 1, 0.01),
            "unseen_1": slider("x̂₁", unseen_1, -6, 6, 0.05),
            "unseen_2": slider("x̂₂", unseen_2, -6, 6, 0.05),
            "shown": whole("step k", integer("shown", shown, 0), 0, 1),
        }
        self._play, back, forward = player(controls["shown"])
        self._play.interval = 60  # an epoch and its picture take about half of that
        self._play.observe(self._on_pause, names="playing")
        stop = widgets.Button(description="stop here", tooltip="train no further", layout={"width": "90px"})
        stop.on_click(lambda _: self.set(shown=self.state.k))
        self._holding = False
        self._steps = 0
        for name in ("data", "method", "batch_size"):  # before the view's own observers, so that k fits
            controls[name].observe(lambda _: self._fit_shown(controls), names="value")
        self._fit_shown(controls)
        super().__init__(
            controls,
            rows=[
                ["data", "sizes"],
                ["activation", "error", "biases"],
                ["method", "batch_size", "rate"],
                ["seed", "unseen_1", "unseen_2"],
                [self._play, back, forward, "shown", stop, "threshold"],
            ],
            secondary=["activation", "error", "biases", "batch_size", "seed", "unseen_1", "unseen_2"],
        )

    def _fit_shown(self, controls: Mapping[str, widgets.Widget]) -> None:
        """k counts steps, and an epoch has one, S or something between: stay at the same epoch."""
        run = self._run(**{name: controls[name].value for name in SETTING})
        held, self._holding = self._holding, True
        shown = controls["shown"]
        fitting = round(shown.value * run.steps / (self._steps or run.steps))
        shown.max = max(shown.max, self._epochs * run.steps)
        shown.value = fitting
        shown.max = self._epochs * run.steps
        self._steps = self._play.step = run.steps
        self._holding = held

    def _on_pause(self, change: Mapping[str, Any]) -> None:
        """A pause is at once, also where the ticks have outrun the training."""
        shown = self.controls["shown"]
        if not change["new"] and shown.value < shown.max and self.unfinished(self.state):
            self.set(shown=self.state.k)

    def _move_controls(self, values: Mapping[str, Any]) -> None:
        """k last, since what it counts depends on the others."""
        super()._move_controls(dict(sorted(values.items(), key=lambda item: item[0] == "shown")))

    def build(self, live: LiveFigure) -> None:
        self._build_inputs(live)
        self._build_curves(live)
        self._build_table(live)
        live.moving(self.shading, self.border, *self.samples.values(), self.wrong, self.next)
        live.moving(self.unseen, self.answer, *self.curves.values(), self.head, *self.right, *self.cells)

    def _build_inputs(self, live: LiveFigure) -> None:
        self.inputs = live.axes(0.05, 0.105, 0.468, 0.78)
        draw.data_axes(self.inputs, 1.0, "ŷ over the inputs: drag the unseen x̂")
        self.shading = self.inputs.imshow(
            np.zeros((SIDE, SIDE)),
            origin="lower",
            cmap=draw.PALE_LABEL_MAP,
            vmin=0,
            vmax=1,
            interpolation="bilinear",
        )
        (self.border,) = self.inputs.plot([], [], color=draw.INK)
        self.samples = {
            (label, out): draw.samples(self.inputs, label, hollow=out)
            for label in draw.LABELS
            for out in (False, True)
        }
        mark: dict[str, Any] = {
            "linestyle": "",
            "fillstyle": "none",
            "markeredgewidth": 1.6,
            "color": draw.INK,
        }
        (self.wrong,) = self.inputs.plot([], [], marker="x", **mark | {"color": draw.ALERT})
        (self.next,) = self.inputs.plot(
            [], [], marker="o", markersize=1.6 * self.wrong.get_markersize(), **mark
        )
        (self.unseen,) = self.inputs.plot(
            [], [], "*", color=draw.INK, markersize=2 * self.wrong.get_markersize(), markeredgecolor="white"
        )
        self.answer = self.inputs.text(0, 0, "", ha="center", va="center")
        self.answer.set_bbox(
            {"boxstyle": "round,pad=0.12", "facecolor": "white", "alpha": 0.8, "linewidth": 0}
        )

    def _build_curves(self, live: LiveFigure) -> None:
        errors = live.axes(0.61, 0.665, 0.36, 0.235)
        draw.error_axes(errors, "", LOWEST)
        errors.set(ylim=(LOWEST, HIGHEST), xlim=(0, self._epochs))
        self.curves = {method: draw.method_line(errors, method) for method in draw.METHODS}
        (self.head,) = errors.plot([], [], "o", color=draw.INK, clip_on=False)
        errors.legend(
            loc="lower center",
            bbox_to_anchor=(0.45, 1),
            ncols=3,
            frameon=False,
            columnspacing=1,
            handlelength=2.4,
        )
        accuracy = live.axes(0.61, 0.36, 0.36, 0.215, xlabel="epoch", ylabel="accuracy")
        accuracy.set(ylim=(0, 1.04), xlim=(0, self._epochs), yticks=[0, 0.5, 1])
        accuracy.grid(True, alpha=0.35, linewidth=0.8)
        (trained,) = accuracy.plot([], [], color=draw.INK, label="training")
        (held_out,) = accuracy.plot([], [], ":", color=draw.INK, label="held out")
        self.right = (trained, held_out)
        accuracy.legend(loc="lower right", frameon=False, ncols=2)

    def _build_table(self, live: LiveFigure) -> None:
        table = live.axes(0.55, 0.0, 0.44, 0.25, xlim=(0, 1), ylim=(0, 1))
        table.axis("off")
        columns, rows = (0.33, 0.49, 0.75, 0.91), (0.42, 0.14)
        middle: dict[str, Any] = {"ha": "center", "va": "center"}
        for left, head in ((0.41, "training"), (0.83, "held out")):
            table.text(left, 0.93, head, **middle)
        table.text(0.11, 0.69, "it says", color=draw.FAINT, **middle)
        for left, sign in zip(columns, ("+1", "−1") * 2, strict=True):
            table.text(left, 0.69, sign, color=draw.FAINT, **middle)
        for row, look in zip(rows, draw.LABELS.values(), strict=True):
            table.text(0.11, row, f"y = {look.name}", **middle)
            table.plot(-0.03, row, look.marker, color=look.colour, clip_on=False)
        self.cells = [table.text(left, row, "", **middle) for row in rows for left in columns]

    def compute(
        self, shown: int, threshold: float, unseen_1: float, unseen_2: float, **setting: Any
    ) -> State:
        run = self._run(**setting)
        k = run.reach(shown, self.slice_seconds if self.hurried else np.inf)
        w, error, next_batch = run.at(k)
        whole = k // run.steps
        answers = np.vstack([run.answers(whole), run.task.predict(w, run.task.x)])
        unseen = np.array([unseen_1, unseen_2])
        across = np.linspace(-run.task.limit, run.task.limit, SIDE)
        return State(
            run=run,
            setting=setting,
            k=k,
            wanted=shown if run.end is None else min(shown, run.end.k),
            next_batch=next_batch,
            epochs=np.append(np.arange(whole + 1), k / run.steps),
            error=np.append(run.error[: whole + 1], error),
            right=says_plus(answers, threshold) == (run.task.label > 0),
            map=run.task.predict(w, np.stack(np.meshgrid(across, across), axis=-1)),
            threshold=threshold,
            unseen=unseen,
            answer=float(run.task.predict(w, unseen)),
        )

    def _run_anew(
        self,
        data: str,
        sizes: tuple[int, ...],
        activation: str,
        error: str,
        biases: bool,
        method: str,
        batch_size: int,
        rate: float,
        seed: int,
    ) -> Run:
        task = self._task(data, sizes, activation, error, biases)
        return Run(task, method, rate, min(batch_size, task.trained), seed)

    def unfinished(self, state: State) -> bool:
        return state.k < state.wanted

    def draw(self, state: State) -> None:
        task = state.run.task
        if self.inputs.get_xlim()[1] != task.limit:
            self._resize(task.limit)
        self.shading.set_data(state.map)
        self.border.set_data(*draw.level_line(state.map, task.limit, state.threshold))
        for group, which in state.groups.items():
            self.samples[group].set_data(*task.x[which].T)
        self.wrong.set_data(*task.x[~state.right[-1]].T)
        some = len(state.next_batch) < task.trained  # all of them would be no news
        self.next.set_data(*task.x[list(state.next_batch) if some else []].T)
        self._draw_answer(state, task.limit)
        error = np.clip(state.error, LOWEST, HIGHEST)
        for method, curve in self.curves.items():
            curve.set_data((state.epochs, error) if method == state.setting["method"] else ([], []))
        self.head.set_data(state.epochs[-1:], error[-1:])
        parts = state.right[:, : task.trained], state.right[:, task.trained :]
        for curve, right in zip(self.right, parts, strict=True):
            curve.set_data((state.epochs, right.mean(axis=1)) if right.size else ([], []))
        for cell, count in zip(self.cells, _confusion(state), strict=True):
            cell.set_text(count)

    def _draw_answer(self, state: State, limit: float) -> None:
        x, y = draw.clipped(state.unseen, limit)
        self.unseen.set_data([x], [y])
        self.answer.set_position(
            (np.clip(x, -0.7 * limit, 0.7 * limit), y + (0.12 if y < 0.8 * limit else -0.12) * limit)
        )
        self.answer.set_text(f"ŷ = {draw.number(state.answer)}, so {state.sign}")

    def _resize(self, limit: float) -> None:
        """Other data reach further out: a new still part."""
        draw.data_axes(self.inputs, limit, self.inputs.get_title())
        self.shading.set_extent((-limit, limit, -limit, limit))
        self.live.still_changed()

    def sentence(self, state: State) -> str:
        setting, task, k = state.setting, state.run.task, state.k
        biases = "with" if setting["biases"] else "without"
        threshold = draw.number(state.threshold)
        hidden = f"{setting['activation']} " if len(setting["sizes"]) > 2 else ""
        network = f"a {'-'.join(map(str, setting['sizes']))} {hidden}network {biases} biases"
        method = f"{draw.METHODS[setting['method']].name} with γ = {draw.number(setting['rate'])}"
        return (
            f"{_progress(state)}{_capital(setting['data'])}, {network}, {setting['error']} error, {method}: "
            f"after k = {k} step{'' if k == 1 else 's'}, {draw.number(k / state.run.steps)} epochs of "
            f"{task.trained} samples, E = {draw.number(state.error[-1])}{_ending(state)}. "
            f"Labels −1 and +1 are trained as 0 and 1; with threshold {threshold} it is right "
            f"on {_score(state)}, and says {state.sign} to the unseen x̂ = {draw.vector(state.unseen)}, "
            f"for ŷ = {draw.number(state.answer)}."
        )

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"unseen_1": pointer.x, "unseen_2": pointer.y} if pointer.axes is self.inputs else {}


SETTING = ("data", "sizes", "activation", "error", "biases", "method", "batch_size", "rate", "seed")


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


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _ending(state: State) -> str:
    end = state.run.end
    if end is None or state.k < end.k:
        return ""
    return ", where it diverged" if end.why == "diverged" else ", where ∇E is exactly 0 and training ends"
