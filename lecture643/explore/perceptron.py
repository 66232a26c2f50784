"""The perceptron's update as a subgradient step, beside gradient descent on E."""

from dataclasses import dataclass

import numpy as np

from lecture643.live import Pair, Play, Settings, View, log, point, whole
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats
from lecture643.maths.functions import Perceptron as PerceptronError
from lecture643.maths.toy import four_points
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.levels import grid
from lecture643.picture.mosaic import Mosaic

LIMIT = 6.0
STEPS = 16
LONGEST = 0.9 * LIMIT  # an arrow w that would leave the picture is drawn shorter
ROOM = (3.6, 0.9, 2.8, 3.0)  # for a sum in the title
SHAPES = ("circle", "square", "triangle", "diamond")
WALKS = {"perceptron": "sgd", "gd": "gd"}  # whose look each has: the perceptron's is an SGD
POINTS = four_points()
LOSS = PerceptronError(POINTS.x, 2 * POINTS.y - 1)


@dataclass(frozen=True)
class PerceptronSettings(Settings):
    """What the view can be set to."""

    start: Pair = point(
        ("start w₁₁¹", "start w₁₂¹"),
        (1, 0.5),
        LIMIT,
        panels=["weights"],
        secondary=True,
        meaning="w⁰ of both",
    )
    rate: float = log("GD's γ", 0.5, 0.01, 10, secondary=True, meaning="GD's γ on E")
    shown: int = whole("step k", 3, 0, STEPS, play=Play(), meaning="k")


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


class Perceptron(View[PerceptronSettings, State]):
    """The perceptron walks beside GD (slide "Algorithm Development using Descent Direction", homework).

    It takes the samples in turn and moves where one is wrong: w ← w + yx when y w·x ≤ 0. That is a step of
    rate 1 along a negative subgradient of max(0, −y w·x). Left: both walks over Σ max(0, −y w·x); drag the
    start. Right: the points with their labels −1 and +1, both lines w·x = 0, and each w as an arrow.
    """

    panels = Mosaic("weights inputs", size=(1000, 480), rooms={"weights": ROOM, "inputs": ROOM})

    def build(self, live: LiveFigure) -> None:
        weights = live.axes("weights")
        draw.weight_axes(weights, LIMIT, r"$\sum_i\,\max(0,-y^i\,w\cdot x^i)$")
        draw.height_contour(weights, LOSS.error(grid(LIMIT)), LIMIT)
        (self.start,) = weights.plot([], [], "x", color=draw.INK, markeredgewidth=2.5)
        self.arrow = draw.arrows(weights, [draw.INK])
        self.walks = {name: draw.method_walk(weights, method) for name, method in WALKS.items()}
        names = ["perceptron", "GD on $E$"]
        weights.legend(list(self.walks.values()), names, loc="lower right", facecolor="#cfd3d8")

        inputs = live.axes("inputs")
        draw.data_axes(inputs, LIMIT, r"lines $w\cdot x=0$, arrows $w$")
        draw.data_points(inputs, LOSS)
        self.normals = draw.arrows(inputs, [draw.METHODS[method].colour for method in WALKS.values()])
        self.lines = {name: draw.method_line(inputs, method) for name, method in WALKS.items()}
        live.moving(*self.lines.values(), self.normals, self.start, *self.walks.values(), self.arrow)

    def compute(self, settings: PerceptronSettings) -> State:
        start, shown = np.array(settings.start), settings.shown
        walk, sample = [start], shown % LOSS.size
        for k in range(shown):
            walk.append(walk[-1] - LOSS.gradient(walk[-1], [k % LOSS.size]))
        gd = descent.gradient_descent(POINTS, start, rate=settings.rate, steps=shown).w
        walks = {"perceptron": np.array(walk), "gd": gd}
        return State(
            k=shown,
            walks=walks,
            right={name: int((LOSS.margins(w[-1]) > 0).sum()) for name, w in walks.items()},
            perceptron_error=float(LOSS.error(walk[-1])),
            error=float(POINTS.error(gd[-1])),
            sample=sample,
            step=-LOSS.gradient(walk[-1], [sample]) + 0.0,
        )

    def draw(self, state: State) -> None:
        for name, walk in state.walks.items():
            self.walks[name].set_data(*draw.clipped(walk, LIMIT).T)
            self.lines[name].set_data(*draw.boundary(walk[-1], LIMIT))
        last = np.array([walk[-1] for walk in state.walks.values()])
        draw.point_arrows(self.normals, np.zeros(2), draw.shortened(last, LONGEST))
        self.start.set_data(*state.walks["gd"][:1].T)
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
