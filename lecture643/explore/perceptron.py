"""The perceptron's update as a subgradient step, beside gradient descent on E."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lecture643.live.controls import log_slider, slider, whole
from lecture643.live.view import LiveFigure, Pointer, View, player
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, finite_array, integer
from lecture643.maths.functions import Perceptron as PerceptronError
from lecture643.maths.toy import four_points
from lecture643.picture import draw

LIMIT = 6.0
STEPS = 16
LONGEST = 0.9 * LIMIT  # an arrow w that would leave the picture is drawn shorter
SHAPES = ("circle", "square", "triangle", "diamond")
WALKS = {"perceptron": draw.METHODS["sgd"], "gd": draw.METHODS["gd"]}  # the perceptron's is an SGD


@dataclass(frozen=True)
class State:
    """Both walks up to step k."""

    k: int
    walks: dict[str, Floats]  # (k+1, 2) each
    right: dict[str, int]  # points on their side of w·x = 0
    perceptron_error: float  # Σ max(0, −y w·x) at the perceptron's w
    error: float  # E at GD's w
    sample: int  # the next one, from 0
    step: Floats  # what it moves the perceptron by


class Perceptron(View[State]):
    """The perceptron walks beside GD (slide "Algorithm Development using Descent Direction", homework).

    It takes the samples in turn and moves where one is wrong: w ← w + yx when y w·x ≤ 0. That is a step of
    rate 1 along a negative subgradient of max(0, −y w·x). Left: both walks over Σ max(0, −y w·x); drag the
    start. Right: the points with their labels −1 and +1, both lines w·x = 0, and each w as an arrow.

    start: w⁰ of both. rate: GD's γ on E. shown: k.
    """

    size = (1000, 480)

    def __init__(self, start: ArrayLike = (1, 0.5), rate: float = 0.5, shown: int = 3) -> None:
        start_1, start_2 = finite_array("start", start, (2,))
        self.points = four_points()
        self.problem = PerceptronError(self.points.x, 2 * self.points.y - 1)
        controls = {
            "start_1": slider("start w₁₁¹", start_1, -LIMIT, LIMIT, 0.05),
            "start_2": slider("start w₁₂¹", start_2, -LIMIT, LIMIT, 0.05),
            "rate": log_slider("GD's γ", rate, -2, 1),
            "shown": whole("step k", min(integer("shown", shown, 0), STEPS), 0, STEPS),
        }
        rows = [["start_1", "start_2"], ["rate", *player(controls["shown"]), "shown"]]
        super().__init__(controls, rows, secondary=["start_1", "start_2", "rate"])

    def build(self, live: LiveFigure) -> None:
        self.weights = live.axes(0.06, 0.13, 0.385, 0.76)
        draw.weight_axes(self.weights, LIMIT, r"$\sum_i\,\max(0,-y^i\,w\cdot x^i)$")
        grid = np.linspace(-LIMIT, LIMIT, 97)
        height = self.problem.error(np.stack(np.meshgrid(grid, grid), axis=-1))
        draw.height_contour(self.weights, height, LIMIT)
        self.start = self.weights.plot([], [], "x", color=draw.INK, markeredgewidth=2.5)[0]
        self.arrow = draw.arrows(self.weights, [draw.INK])

        inputs = live.axes(0.57, 0.13, 0.385, 0.76)
        draw.data_axes(inputs, LIMIT, r"lines $w\cdot x=0$, arrows $w$")
        draw.data_points(inputs, self.problem)
        self.normals = draw.arrows(inputs, [look.colour for look in WALKS.values()])
        self.lines = {}
        self.paths = {}
        self.heads = {}
        for name, look in WALKS.items():
            (self.lines[name],) = inputs.plot([], [], look.dashes, color=look.colour)
            (self.paths[name],) = self.weights.plot([], [], look.dashes, color=look.colour)
            (self.heads[name],) = self.weights.plot([], [], look.marker, color=look.colour)
            self.heads[name].set_markeredgecolor("white")
        self.weights.legend(
            list(self.paths.values()), ["perceptron", "GD on $E$"], loc="lower right", facecolor="#cfd3d8"
        )
        live.moving(*self.lines.values(), self.normals, *self.paths.values(), self.start)
        live.moving(*self.heads.values(), self.arrow)

    def compute(self, start_1: float, start_2: float, rate: float, shown: int) -> State:
        start = finite_array("start", (start_1, start_2))
        walk, sample = [start], shown % self.problem.size
        for k in range(shown):
            walk.append(walk[-1] - self.problem.gradient(walk[-1], [k % self.problem.size]))
        gd = descent.gradient_descent(self.points, start, rate=rate, steps=shown).w
        walks = {"perceptron": np.array(walk), "gd": gd}
        return State(
            k=shown,
            walks=walks,
            right={name: int((self.problem.margins(w[-1]) > 0).sum()) for name, w in walks.items()},
            perceptron_error=float(self.problem.error(walk[-1])),
            error=float(self.points.error(gd[-1])),
            sample=sample,
            step=-self.problem.gradient(walk[-1], [sample]) + 0.0,
        )

    def draw(self, state: State) -> None:
        for name, walk in state.walks.items():
            w = draw.clipped(walk, LIMIT)
            self.paths[name].set_data(*w.T)
            self.heads[name].set_data(*w[-1:].T)
            along = np.array([-walk[-1, 1], walk[-1, 0]])
            length = np.hypot(*along)
            ends = along / length * 2 * LIMIT if length else along * np.nan
            self.lines[name].set_data([-ends[0], ends[0]], [-ends[1], ends[1]])
        last = np.array([walk[-1] for walk in state.walks.values()])
        longest = np.abs(last).max(axis=1, keepdims=True)
        draw.point_arrows(self.normals, np.zeros(2), last * LONGEST / np.maximum(longest, LONGEST))
        self.start.set_data(*draw.clipped(state.walks["gd"][:1], LIMIT).T)
        here = draw.clipped(state.walks["perceptron"][-1], LIMIT)
        self.arrow.set_visible(bool(state.step.any()))
        draw.point_arrows(self.arrow, here, state.step[np.newaxis])

    def sentence(self, state: State) -> str:
        w, gd = (draw.vector(state.walks[name][-1]) for name in WALKS)
        moves = (
            f"moves it by yx = {draw.vector(state.step)}"
            if state.step.any()
            else "is right and leaves w as it is"
        )
        return (
            f"After k = {state.k} the perceptron is at w = {w} with {state.right['perceptron']} of 4 points "
            f"right and Σ max(0, −y w·x) = {draw.number(state.perceptron_error)}; next, point "
            f"{state.sample + 1} (the {SHAPES[state.sample]}) {moves}. GD on E is at w = {gd} with "
            f"{state.right['gd']} of 4 points right and E = {draw.number(state.error)}."
        )

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"start_1": pointer.x, "start_2": pointer.y} if pointer.axes is self.weights else {}
