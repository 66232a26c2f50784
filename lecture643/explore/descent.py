"""GD, SGD and mini-batch SGD on the same surface, from the same start, with the same budget."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from lecture643.live.controls import choice, log_slider, slider, whole
from lecture643.live.view import LiveFigure, Pointer, View, player
from lecture643.maths.checks import Floats, finite_array, positive
from lecture643.maths.crowd import neuron_walk
from lecture643.maths.methods import blocks, generator
from lecture643.maths.toy import SigmoidNeuron, four_points, points_around
from lecture643.picture import draw

LIMIT = 3.0
LOWEST = 1e-5
MOST = 10_000  # sample gradients, and samples
VISIBLE = 0.03  # a shorter arrow is two pixels long
SCHEDULES = {"γ": 0.0, "γ/√(k+1)": 0.5, "γ/(k+1)": 1.0}  # γ_k = γ/(k+1)ᵖ, by p


@dataclass(frozen=True)
class Walk:
    """The walk of one method: K steps."""

    w: Floats  # (K+1, 2)
    rates: Floats  # (K+1,), γ_k, also of the step after the last
    batches: NDArray[np.intp]  # (K, b)
    recorded: NDArray[np.intp]  # the k at which E is known: all, where that is quick
    error: Floats  # E there

    @property
    def sample_gradients(self) -> NDArray[np.intp]:
        """What the steps up to each w^k have cost."""
        return np.arange(len(self.w)) * self.batches.shape[1]


@dataclass(frozen=True)
class State:
    """The three walks, how much of each is shown, and the steps that could be next."""

    problem: SigmoidNeuron
    paths: dict[str, Walk]
    shown: dict[str, int]  # the k up to which each walk is drawn
    error: dict[str, float]  # E there
    spent: int  # sample gradients spent by then
    at: str  # the method whose point carries the arrows
    arrows: Floats  # (n, 2): −γ_k∇E, then −γ_k∇eⁱ of every sample, or of many samples that method's next step
    next_batch: tuple[int, ...]  # the samples that its next step sums over
    setting: str


class Descent(View[State]):
    """Three methods race with equal budgets (slide "GD/SGD: Crucial Step").

    The currency is the sample gradient. GD pays S of them for one step; SGD takes S steps for that.
    Drag the start, play the walk. The arrows are steps, drawn to scale: −γ_k∇E of GD, −γ_k∇eⁱ of each sample.
    More samples are drawn around the given ones. The sum over b of them is longer then: where b is larger
    than the number n of the given samples, the step takes n/b of γ_k. The race ends at 10,000 sample
    gradients, but GD takes one step at least.

    start: w⁰. rate: γ. schedule: "γ", "γ/√(k+1)" or "γ/(k+1)". batch_size: of mini-batch SGD. seed: settles
    all draws. samples: S, the given ones or 10, 100, 1000 or 2500 times as many (10,000 at most).
    steps: of GD; the budget is steps · S sample gradients. shown: how many of them have been spent so far
    (all where None). arrows: "gd", "sgd", "minibatch", the method at whose point the arrows stand.
    problem: other data with two inputs. goal: an E to get below, drawn as a line.
    """

    size = (1000, 500)

    def __init__(
        self,
        start: ArrayLike = (0, 0),
        rate: float = 0.5,
        schedule: str = "γ",
        batch_size: int = 2,
        seed: int = 0,
        samples: int | None = None,
        steps: int = 60,
        shown: int | None = None,
        arrows: str = "gd",
        problem: SigmoidNeuron | None = None,
        goal: float | None = None,
    ) -> None:
        self.problem = problem or four_points()
        self.goal = None if goal is None else positive("goal", goal)
        start_1, start_2 = finite_array("start", start, (2,))
        given = self.problem.size
        sizes = [m * given for m in (1, 10, 100, 1000, 2500) if m == 1 or m * given <= MOST]
        samples = given if samples is None else samples
        budget = _budget(steps, samples)
        self._drawn: int | None = None  # the number of samples whose E is on the map
        self._data = lru_cache(maxsize=8)(self._data_anew)
        self._walk = lru_cache(maxsize=32)(self._walk_anew)
        controls = {
            "rate": log_slider("learning rate γ", rate, -2, 2),
            "schedule": choice("γₖ =", list(SCHEDULES), schedule),
            "samples": choice("samples S", sizes, samples),
            "start_1": slider("start w₁₁¹", start_1, -LIMIT, LIMIT, 0.05),
            "start_2": slider("start w₁₂¹", start_2, -LIMIT, LIMIT, 0.05),
            "steps": whole("GD steps", steps, 1, 200),
            "batch_size": whole("batch size", batch_size, 1, samples),
            "seed": whole("seed", seed, 0, 50),
            "arrows": choice("arrows at", [(look.name, key) for key, look in draw.METHODS.items()], arrows),
            "shown": whole("gradients spent", budget if shown is None else shown, 0, budget),
        }
        self._play, *buttons = player(controls["shown"], stride=max(budget // 60, 1))
        # Registered before the view's own observer, so that the walk's end is known when it draws.
        for name in ("steps", "samples"):
            controls[name].observe(lambda _: self._fit(), names="value")
        super().__init__(
            controls,
            rows=[
                ["rate", "schedule", "samples"],
                ["start_1", "start_2", "steps"],
                ["batch_size", "seed", "arrows"],
                [self._play, *buttons, "shown"],
            ],
            secondary=["start_1", "start_2", "steps", "batch_size", "seed"],
        )

    def _fit(self) -> None:
        """The sliders' ends follow S and the steps; a walk that was shown whole stays shown whole."""
        shown, samples = self.controls["shown"], self.controls["samples"].value
        budget = _budget(self.controls["steps"].value, samples)
        whole_walk = shown.value == shown.max
        held, self._holding = self._holding, True
        shown.max = budget
        if whole_walk:
            shown.value = budget
        self.controls["batch_size"].max = samples
        self._play.step = max(budget // 60, 1)
        self._holding = held

    def build(self, live: LiveFigure) -> None:
        place = (0.05, 0.12, 0.395, 0.79)
        self.ground = live.axes(*place)
        self.weights = live.axes(*place, facecolor="none")
        draw.weight_axes(self.weights, LIMIT, "drag ✕; an arrow is a step")
        self.by_step = live.axes(0.56, 0.61, 0.42, 0.31)
        self.by_cost = live.axes(0.56, 0.13, 0.42, 0.31)
        for ax, across in ((self.by_step, "step $k$"), (self.by_cost, "sample gradients spent")):
            draw.error_axes(ax, across)
            ax.set_xscale("symlog", linthresh=1)  # logarithmic, but with a place for 0
            ax.xaxis.set_major_formatter("{x:g}")
            if self.goal is not None:
                ax.axhline(self.goal, color=draw.INK, linestyle=":")
                ax.annotate("goal", (0, self.goal), (4, 3), ax.get_yaxis_transform(), "offset points")
        self._drawn = None

        axes = {"path": self.weights, "step": self.by_step, "cost": self.by_cost}
        self.lines = {(at, m): draw.method_walk(ax, m) for at, ax in axes.items() for m in draw.METHODS}
        for (_, method), line in self.lines.items():  # so that three markers on one place are three
            line.set_markersize({"gd": 1.6, "minibatch": 0.9, "sgd": 0.7}[method] * live.style.marker)
        big: dict[str, Any] = {"markersize": 1.6 * live.style.marker, "markeredgewidth": 2.5}
        self.start = self.weights.plot([], [], "x", color=draw.INK, **big)[0]
        self.arrows = draw.arrows(self.weights, [draw.INK, *(look.colour for look in draw.POINTS)])
        self.tips = [_tip(self.weights, look, live.style) for look in draw.POINTS]
        self.by_step.legend(
            handles=[self.lines["step", m] for m in draw.METHODS],
            loc="lower center",
            bbox_to_anchor=(0.5, 0.99),
            ncols=3,
            frameon=False,
            handlelength=2.0,
            columnspacing=1.2,
        )
        ordered = [self.lines[at, m] for at in axes for m in ("gd", "minibatch", "sgd")]
        live.moving(self.start, *ordered, self.arrows, *self.tips)

    def compute(self, **values: Any) -> State:
        problem = self._data(values["samples"])
        budget = _budget(values["steps"], problem.size)
        spent = min(values["shown"], budget)
        walk = (
            problem.size,
            values["start_1"],
            values["start_2"],
            values["rate"],
            values["schedule"],
            budget,
        )
        batch_size = min(values["batch_size"], problem.size)
        paths = {
            "gd": self._walk("gd", *walk, problem.size, 0),
            "sgd": self._walk("sgd", *walk, 1, values["seed"]),
            "minibatch": self._walk("minibatch", *walk, batch_size, values["seed"]),
        }
        shown = {m: min(spent // p.batches.shape[1], len(p.batches)) for m, p in paths.items()}
        at = values["arrows"]
        path, k = paths[at], shown[at]
        batch = path.batches[k] if k < len(path.batches) else ()
        slope = values["schedule"].replace("γ", draw.number(values["rate"]), 1)
        return State(
            problem=problem,
            paths=paths,
            shown=shown,
            error={m: float(problem.error(p.w[shown[m]])) for m, p in paths.items()},
            spent=spent,
            at=at,
            arrows=self._steps(problem, path, k, values["rate"] / (k + 1) ** SCHEDULES[values["schedule"]]),
            next_batch=tuple(int(j) for j in batch),
            setting=f"γₖ = {slope} from w⁰ = {draw.vector(path.w[0])}",
        )

    def _data_anew(self, samples: int) -> SigmoidNeuron:
        return self.problem if samples == self.problem.size else points_around(self.problem, samples)

    def _walk_anew(
        self,
        method: str,
        samples: int,
        w1: float,
        w2: float,
        rate: float,
        schedule: str,
        budget: int,
        batch: int,
        seed: int,
    ) -> Walk:
        """One walk; kept, since most changes leave two of the three as they were."""
        problem, steps = self._data(samples), budget // batch
        if method == "gd" or batch == samples:
            batches = np.broadcast_to(np.arange(samples), (steps, samples))
        elif method == "sgd":
            batches = generator(seed).integers(samples, size=(steps, 1))
        else:
            batches = blocks(samples, batch, steps, seed)
        rates: Floats = self._share(batch) * rate / np.arange(1.0, steps + 2) ** SCHEDULES[schedule]
        w = neuron_walk(problem, (w1, w2), rates[:-1], batches)
        recorded = _recorded(steps, max(100_000 // samples, 60))
        # Of many samples one w after the other: so the numbers stay in the processor's cache.
        error = (
            problem.error(w[recorded])
            if samples < 1000
            else np.array([problem.error(v) for v in w[recorded]])
        )
        return Walk(w, rates, batches, recorded, error)

    def _share(self, batch: int) -> float:
        """What a step that sums over so many samples takes of γ_k."""
        return min(1.0, self.problem.size / batch)

    def _steps(self, problem: SigmoidNeuron, path: Walk, k: int, rate: float) -> Floats:
        """The steps that could be next: GD's, and each sample's, or of many samples the walk's own."""
        gradients = problem.sample_gradients(path.w[k])
        whole_step = self._share(problem.size) * gradients.sum(axis=0)
        if self._few(problem):
            return -rate * np.vstack([whole_step, gradients])
        last = k == len(path.batches) or path.batches.shape[1] == problem.size  # then GD's arrow is enough
        own = np.zeros(2) if last else path.rates[k] * gradients[path.batches[k]].sum(axis=0)
        return -np.vstack([rate * whole_step, own])

    def _few(self, problem: SigmoidNeuron) -> bool:
        """Whether each sample has its own arrow."""
        return problem.size <= len(draw.POINTS)

    def draw(self, state: State) -> None:
        self._draw_ground(state.problem)
        longest = max(len(path.batches) for path in state.paths.values())
        self._stretch(longest, max(int(path.sample_gradients[-1]) for path in state.paths.values()))
        lowest = LOWEST * state.problem.size / self.problem.size
        for method, path in state.paths.items():
            k = state.shown[method]
            recorded = path.recorded[: np.searchsorted(path.recorded, k)]
            steps = np.append(recorded, k)
            w = draw.clipped(path.w[steps], LIMIT)
            error = np.maximum(np.append(path.error[: len(recorded)], state.error[method]), lowest)
            self.lines["path", method].set_data(w[:, 0], w[:, 1])
            self.lines["step", method].set_data(steps, error)
            self.lines["cost", method].set_data(steps * path.batches.shape[1], error)
        self.start.set_data(*draw.clipped(state.paths["gd"].w[:1], LIMIT).T)
        self._draw_arrows(state)

    def _draw_ground(self, problem: SigmoidNeuron) -> None:
        """The map of E, the scale of the curves and the arrows' legend, where the samples have changed."""
        if problem.size == self._drawn:
            return
        self._drawn = problem.size
        self.ground.clear()
        grid = np.linspace(-LIMIT, LIMIT, 161 if problem.size < 40 else 81)
        mapped = SigmoidNeuron(problem.x[:400], problem.y[:400])  # of more samples E looks the same
        draw.error_contour(self.ground, mapped.surface(grid, grid), LIMIT)
        self.ground.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), aspect="equal")
        self.ground.set_axis_off()
        scale = problem.size / self.problem.size
        for ax in (self.by_step, self.by_cost):
            ax.set_ylim(LOWEST * scale, 8 * scale)
        self._arrows_legend(problem)
        self.live.still_changed()

    def _arrows_legend(self, problem: SigmoidNeuron) -> None:
        share = "" if problem.size == self.problem.size else rf"\,{self.problem.size}/{problem.size}\,"
        handles = [
            Line2D([], [], linestyle="", color=draw.INK, marker=">", label=rf"$-\gamma_k{share}\nabla E$")
        ]
        if self._few(problem):
            for i, look in enumerate(draw.POINTS[: problem.size], start=1):
                label = rf"$-\gamma_k\nabla e^{i}$" if i == 1 else f"${i}$"
                handles += [Line2D([], [], linestyle="", color=look.colour, marker=look.marker, label=label)]
        self.weights.legend(
            handles=handles,
            loc="lower center",
            ncols=len(handles),
            handlelength=1,
            handletextpad=0.2,
            columnspacing=0.7,
            borderpad=0.3,
            framealpha=0.85,
        )

    def _draw_arrows(self, state: State) -> None:
        here = draw.clipped(state.paths[state.at].w[state.shown[state.at]], LIMIT)
        vectors = np.zeros((1 + len(draw.POINTS), 2))
        vectors[: len(state.arrows)] = state.arrows
        few, long = self._few(state.problem), np.linalg.norm(vectors, axis=1) >= VISIBLE
        second = draw.POINTS[0].colour if few else draw.METHODS[state.at].colour
        self.arrows.set_facecolor([draw.INK, second, *(look.colour for look in draw.POINTS[1:])])
        # Of an arrow without length there would be a dot: it goes where none is seen.
        draw.point_arrows(self.arrows, np.where(long[:, np.newaxis], here, 9 * LIMIT), vectors)
        for tip, vector, seen in zip(self.tips, vectors[1:], long[1:], strict=True):
            tip.set_data(*(here + vector)[:, np.newaxis] if few and seen else ([], []))

    def _stretch(self, steps: int, cost: int) -> None:
        """Fit the curves' axes to the walk's length; only then is the still part drawn anew."""
        for ax, most in ((self.by_step, steps), (self.by_cost, cost)):
            right = 1.3 * max(most, 1)
            if ax.get_xlim()[1] != right:
                ax.set_xlim(-0.2, right)
                self.live.still_changed()

    def sentence(self, state: State) -> str:
        parts = [self._told(m, path, state) for m, path in state.paths.items()]
        told = {draw.METHODS[m].name: draw.number(error) for m, error in state.error.items()}
        lowest = draw.number(min(state.error.values()))
        first = [name for name, error in told.items() if error == lowest]
        best = f" Lowest now: {first[0]}." if len(first) == 1 else ""  # to the digits that are told
        return (
            f"{state.setting}{self._shares_told(state)}, after {_counted(state.spent, 'sample gradient')}: "
            f"{'; '.join(parts)}.{best}{self._goal_told(state)} {self._arrows_told(state)}"
        )

    def _shares_told(self, state: State) -> str:
        size, given = state.problem.size, self.problem.size
        if size == given:
            return ""
        told = f"{given}/{size} of it for GD"
        b = state.paths["minibatch"].batches.shape[1]
        return f" ({told}, {given}/{b} for the mini-batch)" if b > given else f" ({told})"

    def _told(self, method: str, path: Walk, state: State) -> str:
        k = state.shown[method]
        name, error = draw.METHODS[method].name, draw.number(state.error[method])
        told = f"{name} has taken {_counted(k, 'step')}, E = {error}"
        height = _plateau(state.problem, path.w[k])
        if height is not None:
            return f"{told}, out on the plateau E → {draw.number(height)} at w = {draw.vector(path.w[k])}"
        rises = int((np.diff(path.error[: k + 1]) > 0).sum()) if len(path.recorded) == len(path.w) else 0
        return f"{told} (E rose in {rises} of them)" if rises else told

    def _goal_told(self, state: State) -> str:
        if self.goal is None:
            return ""
        there = [draw.METHODS[m].name for m, error in state.error.items() if error < self.goal]
        who = "all three" if len(there) == len(state.error) else " and ".join(there) or "none"
        return f" Below the goal {draw.number(self.goal)}: {who}."

    def _arrows_told(self, state: State) -> str:
        name = draw.METHODS[state.at].name
        follows = f"{len(state.next_batch)} samples"
        if len(state.next_batch) <= len(draw.POINTS):
            numbers = ", ".join(str(j + 1) for j in state.next_batch)
            follows = f"{'sample' if len(state.next_batch) == 1 else 'samples'} {numbers}"
        told = f"{name}'s next step follows {follows}." if state.next_batch else f"{name}'s walk is over."
        lengths = np.linalg.norm(state.arrows, axis=1)
        if (lengths < VISIBLE).all():
            return f"{told} All arrows are too short to be seen."
        short = [str(i + 1) for i, length in enumerate(lengths[1:]) if length < VISIBLE]
        if short and self._few(state.problem):
            return f"{told} Too short to be seen: the arrow of sample {', '.join(short)}."
        return told

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"start_1": pointer.x, "start_2": pointer.y} if pointer.axes is self.weights else {}


def _budget(steps: int, samples: int) -> int:
    """The sample gradients of so many GD steps; at most MOST, but enough for one step."""
    return min(steps * samples, max(MOST, samples))


def _recorded(steps: int, most: int) -> NDArray[np.intp]:
    """The k at which E is computed: all, or about so many, closer together at the beginning."""
    if steps < most:
        return np.arange(steps + 1)
    early = np.geomspace(1, steps, most // 2)
    return np.unique(np.concatenate([[0], early, np.linspace(0, steps, most // 2)]).round().astype(int))


def _plateau(problem: SigmoidNeuron, w: Floats) -> float | None:
    """The height of the plateau at w, where nearly all ŷ are 0 or 1 and an eighth of them are wrong."""
    prediction = problem.predict(w)
    settled = np.round(prediction)
    height = float(((settled - problem.y) ** 2).sum())
    flat = np.abs(prediction - settled).mean() < 0.03
    return height if flat and height >= problem.size / 8 else None


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _tip(ax: Axes, look: draw.Look, style: draw.Style) -> Line2D:
    """The marker at the end of a sample's arrow."""
    return ax.plot(
        [], [], look.marker, color=look.colour, markeredgecolor=draw.INK, markersize=0.65 * style.marker
    )[0]
