"""GD, SGD and mini-batch SGD on the same surface, from the same start, with the same budget."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lecture643.live.controls import choice, log_slider, slider, whole
from lecture643.live.view import LiveFigure, Pointer, View, player
from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.methods import Path
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw

LIMIT = 6.0
SCHEDULES: dict[str, Callable[[int], float] | None] = {
    "γ": None,  # constant
    "γ/√(k+1)": descent.decaying(1, 0.5),
    "γ/(k+1)": descent.harmonic,
}


@dataclass(frozen=True)
class State:
    """The three walks, how much of each is shown, and the gradients at the point of interest."""

    paths: dict[str, Path]
    shown: dict[str, int]  # the k up to which each path is drawn
    spent: int  # sample gradients spent by then
    at: str  # the method whose point carries the arrows
    gradients: Floats  # (S, d), ∇eⁱ there
    next_batch: tuple[int, ...]  # the samples that its next step sums over
    setting: str


class Descent(View[State]):
    """Three methods race with equal budgets (slide "GD/SGD: Crucial Step").

    The currency is the sample gradient: while GD pays for all S of them to take one step, SGD takes S steps.
    Drag the start; play the walk. The arrows at the current point are −∇eⁱ of every sample and −∇E:
    GD follows the long dark one, SGD one of the coloured ones.

    start: w⁰. rate: γ. schedule: "γ", "γ/√(k+1)" or "γ/(k+1)". batch_size: of mini-batch SGD. seed: settles
    all draws.
    steps: of GD; the budget is steps · S sample gradients. shown: how many of them have been spent so far
    (all where None). arrows: "gd", "sgd", "minibatch", the method at whose point the arrows stand.
    problem: other data with two inputs.
    """

    size = (1000, 500)

    def __init__(
        self,
        start: ArrayLike = (2, 0),
        rate: float = 0.5,
        schedule: str = "γ",
        batch_size: int = 2,
        seed: int = 0,
        steps: int = 60,
        shown: int | None = None,
        arrows: str = "gd",
        problem: SigmoidNeuron | None = None,
    ) -> None:
        self.problem = problem or four_points()
        start_1, start_2 = finite_array("start", start, (2,))
        budget = steps * self.problem.size
        self._walk = lru_cache(maxsize=32)(self._walk_anew)
        controls = {
            "rate": log_slider("learning rate γ", rate, -2, 2),
            "schedule": choice("γₖ =", list(SCHEDULES), schedule),
            "start_1": slider("start w₁₁", start_1, -LIMIT, LIMIT, 0.05),
            "start_2": slider("start w₁₂", start_2, -LIMIT, LIMIT, 0.05),
            "steps": whole("GD steps", steps, 1, 200),
            "batch_size": whole("batch size", batch_size, 1, self.problem.size),
            "seed": whole("seed", seed, 0, 50),
            "arrows": choice("arrows at", [(look.name, key) for key, look in draw.METHODS.items()], arrows),
            "shown": whole("gradients spent", budget if shown is None else shown, 0, budget),
        }
        # Registered before the view's own observer, so that the walk's end is known when it draws.
        controls["steps"].observe(lambda _: self._fit_shown(), names="value")
        super().__init__(
            controls,
            rows=[
                ["rate", "schedule", "seed"],
                ["start_1", "start_2", "steps"],
                ["batch_size", "arrows"],
                [*player(controls["shown"], stride=self.problem.size), "shown"],
            ],
            secondary=["start_1", "start_2", "steps", "batch_size", "seed"],
        )

    def _fit_shown(self) -> None:
        """A walk that was shown whole stays shown whole when its length changes."""
        shown, budget = self.controls["shown"], self.controls["steps"].value * self.problem.size
        whole_walk = shown.value == shown.max
        held, self._holding = self._holding, True
        shown.max = budget
        if whole_walk:
            shown.value = budget
        self._holding = held

    def build(self, live: LiveFigure) -> None:
        self.weights = live.axes(0.05, 0.12, 0.395, 0.79)
        draw.weight_axes(self.weights, LIMIT, "drag the start")
        grid = np.linspace(-LIMIT, LIMIT, 161)
        draw.error_contour(self.weights, self.problem.surface(grid, grid), LIMIT)
        self.by_step = live.axes(0.56, 0.61, 0.42, 0.31)
        self.by_cost = live.axes(0.56, 0.13, 0.42, 0.31)
        draw.error_axes(self.by_step, "step $k$")
        draw.error_axes(self.by_cost, "sample gradients spent")

        axes = {"path": self.weights, "step": self.by_step, "cost": self.by_cost}
        self.lines = {(at, m): draw.method_walk(ax, m) for at, ax in axes.items() for m in draw.METHODS}
        self.start = self.weights.plot([], [], "x", color=draw.INK, markeredgewidth=2.5)[0]
        colours = [look.colour for look in draw.POINTS[: self.problem.size]]
        self.arrows = draw.arrows(self.weights, [draw.INK, *colours])
        self.by_step.legend(
            handles=[self.lines["step", m] for m in draw.METHODS],
            loc="lower center",
            bbox_to_anchor=(0.5, 0.99),
            ncols=3,
            frameon=False,
            handlelength=2.0,
            columnspacing=1.2,
        )
        live.moving(*self.lines.values(), self.start, self.arrows)

    def compute(self, **values: Any) -> State:
        budget = values["steps"] * self.problem.size
        spent = min(values["shown"], budget)
        walk = (values["start_1"], values["start_2"], values["rate"], values["schedule"], budget)
        paths = {
            "gd": self._walk("gd", *walk, self.problem.size, 0),
            "sgd": self._walk("sgd", *walk, 1, values["seed"]),
            "minibatch": self._walk("minibatch", *walk, values["batch_size"], values["seed"]),
        }
        shown = {m: int(np.searchsorted(p.sample_gradients, spent, "right")) - 1 for m, p in paths.items()}
        at = values["arrows"]
        path, k = paths[at], shown[at]
        batch = path.batches[k] if k < len(path.batches) else ()
        slope = values["schedule"].replace("γ", draw.number(values["rate"]), 1)
        return State(
            paths=paths,
            shown=shown,
            spent=spent,
            at=at,
            gradients=self.problem.sample_gradients(path.w[k]),
            next_batch=tuple(int(j) for j in batch),
            setting=f"γₖ = {slope} from w⁰ = {draw.vector(path.w[0])}",
        )

    def _walk_anew(
        self,
        method: str,
        w1: float,
        w2: float,
        rate: float,
        schedule: str,
        budget: int,
        batch: int,
        seed: int,
    ) -> Path:
        """One path; kept, since most changes leave two of the three as they were."""
        factor = SCHEDULES[schedule]
        gamma = (lambda k: rate * factor(k)) if factor else rate
        settings: dict[str, Any] = {"start": (w1, w2), "rate": gamma, "steps": budget // batch}
        if method == "gd":
            return descent.gradient_descent(self.problem, **settings)
        if method == "sgd":
            return descent.sgd(self.problem, seed=seed, **settings)
        return descent.minibatch_sgd(self.problem, batch_size=batch, seed=seed, **settings)

    def draw(self, state: State) -> None:
        longest = max(len(path.rates) for path in state.paths.values())
        self._stretch(longest, max(int(path.sample_gradients[-1]) for path in state.paths.values()))
        for method, path in state.paths.items():
            k = state.shown[method]
            w, error = draw.clipped(path.w[: k + 1], LIMIT), np.maximum(path.error[: k + 1], LOWEST)
            for at, x, y in (
                ("path", w[:, 0], w[:, 1]),
                ("step", np.arange(k + 1), error),
                ("cost", path.sample_gradients[: k + 1], error),
            ):
                self.lines[at, method].set_data(x, y)
        self.start.set_data(*draw.clipped(state.paths["gd"].w[:1], LIMIT).T)
        here = draw.clipped(state.paths[state.at].w[state.shown[state.at]], LIMIT)
        draw.point_arrows(self.arrows, here, _arrow_lengths(state.gradients))

    def _stretch(self, steps: int, cost: int) -> None:
        """Fit the curves' axes to the walk's length; only then is the still part drawn anew."""
        for ax, most in ((self.by_step, steps), (self.by_cost, cost)):
            right = 1.04 * max(most, 1)
            if ax.get_xlim()[1] != right:
                ax.set_xlim(-0.04 * right, right)
                self.live.still_changed()

    def sentence(self, state: State) -> str:
        parts = [self._told(m, path, state.shown[m]) for m, path in state.paths.items()]
        return (
            f"{state.setting}, after {state.spent} sample gradients: {'; '.join(parts)}. "
            f"{self._arrows_told(state)}"
        )

    def _told(self, method: str, path: Path, k: int) -> str:
        name = draw.METHODS[method].name
        told = f"{name} has taken {k} step{'' if k == 1 else 's'}, E = {draw.number(path.error[k])}"
        if path.diverged_at is not None and k == len(path.w) - 1:
            return f"{told} and diverged at k = {path.diverged_at}"
        if path.error[k] > 0.5 and np.linalg.norm(self.problem.gradient(path.w[k])) < 1e-3:
            return f"{told}, thrown onto a plateau at w = {draw.vector(path.w[k])}, where ∇E is nearly 0"
        rises = int((np.diff(path.error[: k + 1]) > 0).sum())
        if rises:
            return f"{told} (E rose in {rises} of them)"
        return told

    def _arrows_told(self, state: State) -> str:
        if not state.next_batch:
            return "The walk is over."
        names = ", ".join(str(j + 1) for j in state.next_batch)
        which = "sample" if len(state.next_batch) == 1 else "samples"
        return f"{draw.METHODS[state.at].name}'s next step follows {which} {names}."

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"start_1": pointer.x, "start_2": pointer.y} if pointer.axes is self.weights else {}


LOWEST = 1e-5


def _arrow_lengths(gradients: Floats) -> Floats:
    """−∇E and every −∇eⁱ; the longest is 0.3 of the half width, so only directions and ratios are shown."""
    downhill = -np.vstack([gradients.sum(axis=0), gradients])
    longest = np.linalg.norm(downhill, axis=1).max()
    return downhill * (0.3 * LIMIT / longest) if longest > 0 else downhill
