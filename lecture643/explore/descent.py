"""GD, SGD and mini-batch SGD on the same surface, from the same start, with the same budget."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lecture643.live import Pair, Play, Settings, View, choice, given, log, point, whole
from lecture643.maths.checks import Floats, positive
from lecture643.maths.race import POWERS, QUICK, Race, Walk, budget_of, error_map, plateau_at, sizes
from lecture643.maths.toy import SigmoidNeuron, four_points
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

LIMIT = 3.0
LOWEST = 1e-5
VISIBLE = 0.03  # a shorter arrow is two pixels long


def _budget(settings: "DescentSettings") -> int:
    return budget_of(settings.steps, settings.samples)


@dataclass(frozen=True)
class DescentSettings(Settings):
    """What the race can be set to."""

    problem: SigmoidNeuron = given(four_points, "other data with two inputs")
    goal: float | None = given(None, "an E to get below, drawn as a line", positive)
    rate: float = log("learning rate γ", 0.5, 0.01, 100, meaning="γ")
    schedule: str = choice("γₖ =", "γ", list(POWERS), meaning='"γ", "γ/√(k+1)" or "γ/(k+1)"')
    samples: int = choice("samples S", lambda s: s.problem.size, lambda s: sizes(s.problem), meaning="S")
    start: Pair = point(
        ("start w₁₁¹", "start w₁₂¹"), (0, 0), LIMIT, panels=["weights"], secondary=True, meaning="w⁰"
    )
    steps: int = whole(
        "GD steps", 60, 1, 200, secondary=True, meaning="of GD; the budget is steps · S sample gradients"
    )
    batch_size: int = whole(
        "batch size", lambda s: min(2, s.samples), 1, lambda s: s.samples, secondary=True, meaning="b"
    )
    seed: int = whole("seed", 0, 0, 50, secondary=True, meaning="settles all draws")
    arrows: str = choice(
        "arrows at",
        "gd",
        {look.name: key for key, look in draw.METHODS.items()},
        meaning='"gd", "sgd", "minibatch", the method at whose point the arrows stand',
    )
    shown: int = whole(
        "gradients spent",
        _budget,
        0,
        _budget,
        at_end=True,
        play=Play(stride=lambda s: max(_budget(s) // 60, 1)),
        meaning="how many of the sample gradients have been spent so far (all where None)",
    )

    @property
    def race(self) -> Race:
        """What all three methods have in common."""
        return Race(self.problem, self.samples, self.start, self.rate, self.schedule, _budget(self))

    @property
    def walks(self) -> tuple[Race, int, int]:
        """What settles the three walks."""
        return self.race, self.batch_size, self.seed


@dataclass(frozen=True)
class State:
    """The three walks, how much of each is shown, and the steps that could be next."""

    settings: DescentSettings
    race: Race
    paths: dict[str, Walk]
    shown: dict[str, int]  # the k up to which each walk is drawn
    error: dict[str, float]  # E there
    spent: int  # sample gradients spent by then
    arrows: Floats  # (n, 2): −γ_k∇E, then −γ_k∇eⁱ of every sample, or of many samples that method's next step
    next_batch: tuple[int, ...]  # the samples that its next step sums over
    unfinished: bool  # a part of the walks, or E at few k


class Descent(View[DescentSettings, State]):
    """Three methods race with equal budgets (slide "GD/SGD: Crucial Step").

    The currency is the sample gradient. GD pays S of them for one step; SGD takes S steps for that.
    Drag the start, play the walk. The arrows are steps, drawn to scale: −γ_k∇E of GD, −γ_k∇eⁱ of each sample.
    More samples, 10 to 2500 times as many (10,000 at most), are drawn around the given ones. The sum over a
    batch of b is longer then: where b is larger than the number n of the given samples, the step takes n/b
    of γ_k. The race ends at 10,000 sample gradients, but GD takes one step at least.
    """

    panels = Mosaic(
        "weights step / weights cost",
        size=(1000, 500),
        widths=(0.9, 1),
        rooms={"weights": (3.6, 0.9, 2.9, 2), "step": (4.6, 1, 3.2, 2.2), "cost": (4.6, 1, 3.2, 0.9)},
    )

    def build(self, live: LiveFigure) -> None:
        self.ground = live.axes("weights")
        self.weights = live.axes("weights", facecolor="none")
        draw.weight_axes(self.weights, LIMIT, "drag ✕; an arrow is a step")
        self.by_step, self.by_cost = live.axes("step"), live.axes("cost")
        for ax, across in ((self.by_step, "step $k$"), (self.by_cost, "sample gradients spent")):
            draw.error_axes(ax, across)
            ax.set_xscale("symlog", linthresh=1)  # logarithmic, but with a place for 0
            ax.xaxis.set_major_formatter("{x:g}")
            draw.goal_line(ax, self.settings.goal)
        self.drawn = 0  # the number of samples whose E is on the map

        axes = {"path": self.weights, "step": self.by_step, "cost": self.by_cost}
        self.lines = {(at, m): draw.method_walk(ax, m) for at, ax in axes.items() for m in draw.METHODS}
        for (_, method), line in self.lines.items():  # so that three markers on one place are three
            line.set_markersize({"gd": 1.6, "minibatch": 0.9, "sgd": 0.7}[method] * live.style.marker)
        self.start = draw.start_cross(self.weights)
        self.arrows = draw.arrows(self.weights, [draw.INK, *(look.colour for look in draw.POINTS)])
        self.tips = [draw.arrow_tip(self.weights, look) for look in draw.POINTS]
        draw.methods_legend(self.by_step, [self.lines["step", m] for m in draw.METHODS])
        ordered = [self.lines[at, m] for at in axes for m in ("gd", "minibatch", "sgd")]
        live.moving(self.start, *ordered, self.arrows, *self.tips)

    def states(self, settings: DescentSettings) -> Iterator[State]:
        before, budget = getattr(self, "state", None), settings.race.budget
        if before is None or before.settings.walks != settings.walks:
            for most in (budget // 4, budget // 2, budget) if budget > QUICK else (budget,):
                state = self.compute(settings, most, finely=False)
                if most < budget or not all(path.known for path in state.paths.values()):
                    yield replace(state, unfinished=True)
        yield self.compute(settings)

    def compute(self, settings: DescentSettings, most: int | None = None, finely: bool = True) -> State:
        race = settings.race
        most = most or race.budget
        spent = min(settings.shown, most)
        batch_sizes = {"gd": race.samples, "sgd": 1, "minibatch": settings.batch_size}
        paths = {m: race.walk(m, size, settings.seed, most, finely) for m, size in batch_sizes.items()}
        shown = {m: spent // size for m, size in batch_sizes.items()}
        path, k = paths[settings.arrows], shown[settings.arrows]
        return State(
            settings=settings,
            race=race,
            paths=paths,
            shown=shown,
            error={m: float(race.problem.error(path.w[shown[m]])) for m, path in paths.items()},
            spent=spent,
            arrows=race.next_steps(path, k, each=_few(race)),
            next_batch=tuple(path.batches[k].tolist()) if k < len(path.batches) else (),
            unfinished=False,
        )

    def draw(self, state: State) -> None:
        race, at = state.race, state.settings.arrows
        self._draw_ground(race)
        self._stretch(state)
        lowest = LOWEST * race.samples / race.given.size
        for method, path in state.paths.items():
            steps, error = path.until(state.shown[method], state.error[method])
            error = np.maximum(error, lowest)
            self.lines["path", method].set_data(*draw.clipped(path.w[steps], LIMIT).T)
            self.lines["step", method].set_data(steps, error)
            self.lines["cost", method].set_data(steps * path.batch_size, error)
        self.start.set_data(*draw.clipped(np.array([race.start]), LIMIT).T)
        second = draw.POINTS[0].colour if _few(race) else draw.METHODS[at].colour
        self.arrows.set_facecolor([draw.INK, second, *(look.colour for look in draw.POINTS[1:])])
        here = draw.clipped(state.paths[at].w[state.shown[at]], LIMIT)
        draw.step_arrows(self.arrows, self.tips, here, state.arrows, VISIBLE, tipped=_few(race))

    def _draw_ground(self, race: Race) -> None:
        """The map of E, the scale of the curves and the arrows' legend, where the samples have changed."""
        if race.samples == self.drawn:
            return
        self.drawn = race.samples
        self.ground.clear()
        draw.error_contour(self.ground, error_map(race.given, race.samples, LIMIT), LIMIT)
        self.ground.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), aspect="equal")
        self.ground.set_axis_off()
        scale = race.samples / race.given.size
        for ax in (self.by_step, self.by_cost):
            ax.set_ylim(LOWEST * scale, 8 * scale)
        share = "" if scale == 1 else rf"\,{race.given.size}/{race.samples}\,"
        tips = [(draw.INK, ">", rf"$-\gamma_k{share}\nabla E$")]
        for i, look in enumerate(draw.POINTS[: race.samples] if _few(race) else (), start=1):
            tips.append((look.colour, look.marker, rf"$-\gamma_k\nabla e^{i}$" if i == 1 else f"${i}$"))
        draw.tips_legend(self.weights, tips)
        self.live.still_changed()

    def _stretch(self, state: State) -> None:
        """Fit the curves' axes to the walks' length; only then is the still part drawn anew."""
        taken = max(len(path.batches) for path in state.paths.values())
        for ax, most in ((self.by_step, taken), (self.by_cost, state.race.budget)):
            right = 2 ** (np.ceil(2 * np.log2(1.3 * max(most, 1))) / 2)  # seldom another one
            if ax.get_xlim()[1] != right:
                ax.set_xlim(-0.2, right)
                self.live.still_changed()

    def sentence(self, state: State) -> str:
        parts = "; ".join(_told(m, path, state) for m, path in state.paths.items())
        told = {draw.METHODS[m].name: draw.number(error) for m, error in state.error.items()}
        lowest = draw.number(min(state.error.values()))
        first = [name for name, error in told.items() if error == lowest]
        best = f" Lowest now: {first[0]}." if len(first) == 1 else ""  # to the digits that are told
        rate = state.race.schedule.replace("γ", draw.number(state.race.rate), 1)
        return (
            f"γₖ = {rate} from w⁰ = {draw.vector(state.race.start)}{_shares_told(state)}, "
            f"after {draw.plural(state.spent, 'sample gradient')}: {parts}.{best}"
            f"{_goal_told(state)} {_arrows_told(state)}"
        )


def _few(race: Race) -> bool:
    """Whether each sample has its own arrow."""
    return race.samples <= len(draw.POINTS)


def _shares_told(state: State) -> str:
    size, given, b = state.race.samples, state.race.given.size, state.settings.batch_size
    if size == given:
        return ""
    told = f"{given}/{size} of it for GD"
    return f" ({told}, {given}/{b} for the mini-batch)" if b > given else f" ({told})"


def _told(method: str, path: Walk, state: State) -> str:
    k = state.shown[method]
    name, error = draw.METHODS[method].name, draw.number(state.error[method])
    told = f"{name} has taken {draw.plural(k, 'step')}, E = {error}"
    height = plateau_at(state.race.problem, path.w[k])
    if height is not None:
        return f"{told}, out on the plateau E → {draw.number(height)} at w = {draw.vector(path.w[k])}"
    rises = path.rises(k)
    return f"{told} (E rose in {rises} of them)" if rises else told


def _goal_told(state: State) -> str:
    goal = state.settings.goal
    if goal is None:
        return ""
    there = [draw.METHODS[m].name for m, error in state.error.items() if error < goal]
    who = "all three" if len(there) == len(state.error) else " and ".join(there) or "none"
    return f" Below the goal {draw.number(goal)}: {who}."


def _arrows_told(state: State) -> str:
    name, batch = draw.METHODS[state.settings.arrows].name, state.next_batch
    follows = f"{len(batch)} samples"
    if len(batch) <= len(draw.POINTS):
        numbers = ", ".join(str(j + 1) for j in batch)
        follows = f"{'sample' if len(batch) == 1 else 'samples'} {numbers}"
    told = f"{name}'s next step follows {follows}." if batch else f"{name}'s walk is over."
    lengths = np.linalg.norm(state.arrows, axis=1)
    if (lengths < VISIBLE).all():
        return f"{told} All arrows are too short to be seen."
    short = [str(i + 1) for i, length in enumerate(lengths[1:]) if length < VISIBLE]
    if short and _few(state.race):
        return f"{told} Too short to be seen: the arrow of sample {', '.join(short)}."
    return told
