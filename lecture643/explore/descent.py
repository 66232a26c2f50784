"""GD, SGD and mini-batch SGD on the same surface, from the same start, with the same budget."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lecture643.live import Pair, Play, Pointer, View, choice, given, log, point, switch, whole
from lecture643.live.own_points import TOOLS, NeuronPoints, tool_setting
from lecture643.live.painting import BUTTONS, TOLD, Painting, chosen_told
from lecture643.maths.checks import Floats, positive
from lecture643.maths.cloud import SEEDS, kept_cloud
from lecture643.maths.race import POWERS, QUICK, Race, Walk, budget_of, errors, plateau_at, sizes
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic
from lecture643.picture.race_axes import LIMIT, LOWEST, RaceAxes, has_few

SLICE = 0.006  # seconds of the cloud's walks between two pictures
VISIBLE = 0.03  # a shorter arrow is two pixels long


def _budget(settings: "DescentSettings") -> int:
    return budget_of(settings.steps, settings.samples)


@dataclass(frozen=True)
class DescentSettings(NeuronPoints):
    """What the race can be set to."""

    goal: float | None = given(None, "an E to get below, drawn as a line", positive)
    rate: float = log("learning rate γ", 0.5, 0.01, 100, meaning="γ")
    schedule: str = choice("γₖ =", "γ", list(POWERS), meaning='"γ", "γ/√(k+1)" or "γ/(k+1)"')
    samples: int = choice("samples S", lambda s: s.neuron.size, lambda s: sizes(s.neuron), meaning="S")
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
    cloud: bool = switch("cloud", False, secondary=True, meaning="whether SGD is seen with 50 seeds")
    tool: str = tool_setting({"no points": "none"} | TOOLS)

    @property
    def race(self) -> Race:
        """What all three methods have in common."""
        return Race(self.neuron, self.samples, self.start, self.rate, self.schedule, _budget(self))

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
    cloud: Floats  # (n, 2): where SGD's walks with other seeds are
    cloud_error: Floats  # (n,): E there
    unfinished: bool  # a part of the walks, or E at few k


class Descent(Painting, View[DescentSettings, State]):
    """Three methods race with equal budgets (slide "GD/SGD: Crucial Step").

    The currency is the sample gradient. GD pays S of them for one step; SGD takes S steps for that.
    Drag the start, play the walk. The arrows are steps, drawn to scale: −γ_k∇E of GD, −γ_k∇eⁱ of each sample.
    More samples, 10 to 2500 times as many (10,000 at most), are drawn around the given ones. The sum over a
    batch of b is longer then: where b is larger than the number n of the given samples, the step takes n/b
    of γ_k. The race ends at 10,000 sample gradients, but GD takes one step at least.
    The hand can move, add and delete points: with such a tool they stand in the place of the upper curves.
    """

    panels = Mosaic(
        "weights step / weights cost",
        size=(1000, 500),
        widths=(0.9, 1),
        rooms={"weights": (3.6, 0.9, 2.9, 2), "step": (4.6, 1, 3.2, 2.2), "cost": (4.6, 1, 3.2, 0.9)},
    )

    actions = BUTTONS

    def build(self, live: LiveFigure) -> None:
        self.axes = RaceAxes(live, self.settings.goal)
        axes = {"path": self.axes.weights, "step": self.axes.by_step, "cost": self.axes.by_cost}
        self.lines = {(at, m): draw.method_walk(ax, m) for at, ax in axes.items() for m in draw.METHODS}
        for (_, method), line in self.lines.items():  # so that three markers on one place are three
            line.set_markersize({"gd": 1.6, "minibatch": 0.9, "sgd": 0.7}[method] * live.style.marker)
        self.clouds = {at: draw.cloud(axes[at], "sgd") for at in ("path", "cost")}
        self.start = draw.start_cross(self.axes.weights)
        self.arrows = draw.arrows(self.axes.weights, [draw.INK, *(look.colour for look in draw.POINTS)])
        self.tips = [draw.arrow_tip(self.axes.weights, look) for look in draw.POINTS]
        for at, ax in (("step", self.axes.by_step), ("cost", self.axes.by_cost)):
            draw.methods_legend(ax, [self.lines[at, m] for m in draw.METHODS])
        self.axes.swap("")
        self._lay_out(live)

    def _lay_out(self, live: LiveFigure) -> None:
        """What moves; the points and the E of one's own are there only while they are wanted."""
        self.laid_out = self.axes.layout
        curves = ("path", "cost") if self.axes.plane else ("path", "step", "cost")
        ordered = [self.lines[at, m] for at in curves for m in ("gd", "minibatch", "sgd")]
        live.start_over()
        live.moving(*self.axes.below, self.start, *self.clouds.values(), *ordered, self.arrows, *self.tips)

    def states(self, settings: DescentSettings) -> Iterator[State]:
        before, budget = getattr(self, "state", None), settings.race.budget
        if before is None or before.settings.walks != settings.walks:
            for most in (budget // 4, budget // 2, budget) if budget > QUICK else (budget,):
                state = self.compute(settings, most, finely=False)
                if most < budget or not all(path.known for path in state.paths.values()):
                    yield replace(state, unfinished=True)
        while settings.cloud and not kept_cloud(settings.race).reach(settings.shown, self.at_most(SLICE)):
            yield replace(self.compute(settings), unfinished=True)
        yield self.compute(settings)

    def compute(self, settings: DescentSettings, most: int | None = None, finely: bool = True) -> State:
        race = settings.race
        most = most or race.budget
        spent = min(settings.shown, most)
        batch_sizes = {"gd": race.samples, "sgd": 1, "minibatch": settings.batch_size}
        paths = {m: race.walk(m, size, settings.seed, most, finely) for m, size in batch_sizes.items()}
        shown = {m: spent // size for m, size in batch_sizes.items()}
        path, k = paths[settings.arrows], shown[settings.arrows]
        cloud = kept_cloud(race).at(spent) if settings.cloud else np.empty((0, 2))
        return State(
            settings=settings,
            race=race,
            paths=paths,
            shown=shown,
            error={m: float(race.problem.error(path.w[shown[m]])) for m, path in paths.items()},
            spent=spent,
            arrows=race.next_steps(path, k, each=has_few(race)),
            next_batch=tuple(path.batches[k].tolist()) if k < len(path.batches) else (),
            cloud=cloud,
            cloud_error=errors(race.problem, cloud) if settings.cloud else np.empty(0),
            unfinished=False,
        )

    def draw(self, state: State) -> None:
        race, at = state.race, state.settings.arrows
        self._fit(state)
        lowest = LOWEST * race.samples / race.given.size
        for method, path in state.paths.items():
            steps, error = path.until(state.shown[method], state.error[method])
            error = np.maximum(error, lowest)
            self.lines["path", method].set_data(*draw.clipped(path.w[steps], LIMIT).T)
            self.lines["step", method].set_data(steps, error)
            self.lines["cost", method].set_data(steps * path.batch_size, error)
        self.start.set_data(*draw.clipped(np.array([race.start]), LIMIT).T)
        self.clouds["path"].set_data(*draw.clipped(state.cloud, LIMIT).T)
        spent = np.full(len(state.cloud), state.spent)
        self.clouds["cost"].set_data(spent, np.maximum(state.cloud_error, lowest))
        second = draw.POINTS[0].colour if has_few(race) else draw.METHODS[at].colour
        self.arrows.set_facecolor([draw.INK, second, *(look.colour for look in draw.POINTS[1:])])
        here = draw.clipped(state.paths[at].w[state.shown[at]], LIMIT)
        draw.step_arrows(self.arrows, self.tips, here, state.arrows, VISIBLE, tipped=has_few(race))

    def _fit(self, state: State) -> None:
        """The axes, the map and the points, where they have changed."""
        settings, race = state.settings, state.race
        title = TOLD.get(settings.tool, "")
        if self.axes.inputs.get_title() != title:
            self.axes.swap(title)
            self.live.still_changed()
        self.axes.fit(race, own=race.given is not settings.problem)
        self.axes.stretch(max(len(path.batches) for path in state.paths.values()), race.budget)
        if self.laid_out != self.axes.layout:
            self._lay_out(self.live)
        self.axes.points.show(race.given)
        self.axes.points.ring_around(race.given.x[settings.which - 1] if settings.which else None)

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """Among the points these, among the weights the start."""
        return self.paint(pointer) if pointer.panel == "inputs" else super().drag(pointer)

    def handles(self) -> list[tuple[str, Pair]]:
        """The start, and every point that is seen."""
        seen = self.settings.points if self.axes.plane else ()
        return [*super().handles(), *(("inputs", row[:2]) for row in seen)]

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
            f"{_goal_told(state)} {_arrows_told(state)}{_cloud_told(state)}{chosen_told(state.settings)}"
        )


def _cloud_told(state: State) -> str:
    if not len(state.cloud):
        return ""
    low, middle, high = np.quantile(state.cloud_error, [0, 0.5, 1])
    return (
        f" The cloud is SGD with {len(SEEDS)} seeds: E is from {draw.number(low)} to {draw.number(high)}, "
        f"below {draw.number(middle)} with half of them."
    )


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
    if short and has_few(state.race):
        whose = f"arrow of sample {short[0]}" if len(short) == 1 else f"arrows of samples {', '.join(short)}"
        return f"{told} Too short to be seen: the {whose}."
    return told
