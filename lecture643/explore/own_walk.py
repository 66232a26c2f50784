"""The walk of one's own step, from the homework, beside the true one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from lecture643.homework.own_walk import Own, Walk, parting
from lecture643.live import Pair, Play, Settings, View, choice, given, log, point, whole
from lecture643.maths.checks import Floats, function, integer
from lecture643.maths.toy import four_points
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.levels import grid
from lecture643.picture.mosaic import Mosaic

LIMIT = 4.0
LOWEST = 1e-5
POINTS = four_points()
NAMES = {"gd_step": "GD", "halved_step": "GD, halved step", "sgd_step": "SGD"}
LOOKS = {"gd_step": draw.METHODS["gd"], "halved_step": draw.METHODS["gd"], "sgd_step": draw.METHODS["sgd"]}


def _methods(s: Any) -> dict[str, str]:
    """Label -> name: the one whose function is given; all where none is."""
    own = {label: name for name, label in NAMES.items() if getattr(s, name) is not None}
    return own or {label: name for name, label in NAMES.items()}


@dataclass(frozen=True)
class OwnWalkSettings(Settings):
    """What the two walks can be set to."""

    gd_step: Callable[..., Any] | None = given(None, "your function of homework GD_STEP", function)
    halved_step: Callable[..., Any] | None = given(None, "or the one of homework HALVED_STEP", function)
    sgd_step: Callable[..., Any] | None = given(None, "or the one of homework SGD_STEP", function)
    method: str = choice(
        "method",
        lambda s: list(_methods(s).values())[-1],
        _methods,
        applies=lambda s: len(_methods(s)) > 1,
        meaning='"gd_step", "halved_step" or "sgd_step", where no function is given',
    )
    rate: float = log("learning rate γ", 0.5, 0.01, 100, meaning="γ, or the α that is halved")
    start: Pair = point(("start w₁₁¹", "start w₁₂¹"), (0, 0), LIMIT, panels=["weights"], meaning="w⁰")
    seed: int = whole(
        "seed",
        0,
        0,
        50,
        applies=lambda s: s.method == "sgd_step",
        secondary=True,
        meaning="settles the samples of SGD",
    )
    steps: int = given(
        40, "how many can be taken, 1 to 100", lambda name, steps: integer(name, steps, 1, 100)
    )
    shown: int = whole("step k", lambda s: min(20, s.steps), 0, lambda s: s.steps, Play(), meaning="k")

    def __post_init__(self) -> None:
        super().__post_init__()
        if len([name for name in NAMES if getattr(self, name)]) > 1:
            raise ValueError(f"only one of {', '.join(NAMES)} can be given, got more")

    @property
    def own(self) -> Callable[..., Any] | None:
        """One's own function."""
        function: Callable[..., Any] | None = getattr(self, self.method)
        return function


@dataclass(frozen=True)
class State:
    """Both walks up to k, and E there."""

    settings: OwnWalkSettings
    true: Floats  # (k+1, 2)
    own: Own | None
    parts: int | None  # the first k at which they are not at the same w

    @property
    def walks(self) -> dict[str, Floats]:
        """Those to be drawn."""
        drawn = self.own is not None and not self.own.untouched
        return {"true": self.true} | ({"own": self.own.w} if drawn and self.own else {})


class OwnWalk(View[OwnWalkSettings, State]):
    """The walk of your own step beside the true one (slide "GD/SGD: Crucial Step").

    Give the function that you have written for the homework: `own_walk(gd_step=gd_step)`. Drag the start,
    play k. Left: both walks over E of the four points. Right: E(w^k). Whatever your function does instead of
    a step is told in words.
    """

    panels = Mosaic(
        "weights errors",
        size=(1000, 460),
        widths=(0.9, 1),
        rooms={"weights": (3.6, 0.9, 2.9, 2), "errors": (4.6, 1, 3.2, 2.2)},
    )

    def build(self, live: LiveFigure) -> None:
        self.weights, self.errors = live.axes("weights"), live.axes("errors")
        draw.weight_axes(self.weights, LIMIT, "drag ✕")
        draw.error_contour(self.weights, POINTS.error(grid(LIMIT)), LIMIT)
        draw.error_axes(self.errors, "step $k$", LOWEST)
        steps = self.settings.steps
        self.errors.set(xlim=(-0.03 * steps, 1.03 * steps))
        self.lines: dict[tuple[str, str], Line2D] = {}
        self.rings: list[Line2D] = []
        size = live.style.marker
        for name, ax in (("weights", self.weights), ("errors", self.errors)):
            (true,) = ax.plot([], [], linewidth=1.6 * live.style.line, markersize=0.65 * size)
            (own,) = ax.plot([], [], draw.OWN.marker, linestyle=draw.OWN.dashes, color=draw.OWN.colour)
            own.set(markersize=0.5 * size, markerfacecolor="white")
            (ring,) = ax.plot([], [], "o", fillstyle="none", color=draw.OWN.colour, markersize=2 * size)
            self.lines |= {(name, "true"): true, (name, "own"): own}
            self.rings.append(ring)
        self.named = ""  # the method in the legend
        self.start = draw.start_cross(self.weights)
        live.moving(self.start, *self.lines.values(), *self.rings)

    def compute(self, settings: OwnWalkSettings) -> State:
        walk = Walk(settings.method, POINTS, settings.start, settings.rate, settings.shown, settings.seed)
        own = walk.own(settings.own) if settings.own else None
        true = walk.true()
        return State(settings, true, own, parting(own.w, true) if own else None)

    def draw(self, state: State) -> None:
        self._name(state.settings.method)
        for walk in ("true", "own"):
            w = state.walks.get(walk, np.empty((0, 2)))
            self.lines["weights", walk].set_data(*draw.clipped(w, LIMIT).T)
            self.lines["errors", walk].set_data(range(len(w)), np.maximum(POINTS.error(w), LOWEST))
        self.start.set_data(*np.array([state.settings.start]).T)
        k = [] if state.parts is None or state.own is None else [state.parts]
        w = state.walks.get("own", np.empty((0, 2)))[k]
        self.rings[0].set_data(*draw.clipped(w, LIMIT).T)
        self.rings[1].set_data(k, np.maximum(POINTS.error(w), LOWEST))

    def _name(self, method: str) -> None:
        """The true walk's look, and the legend, where the method has changed."""
        if method == self.named:
            return
        self.named, look = method, LOOKS[method]
        for name in ("weights", "errors"):
            line = self.lines[name, "true"]
            line.set(color=look.colour, marker=look.marker, linestyle=look.dashes)
        lines = [self.lines["errors", walk] for walk in ("true", "own")]
        for line, label in zip(lines, (f"{NAMES[method]}, true", draw.OWN.name), strict=True):
            line.set_label(label)
        draw.methods_legend(self.errors, lines)
        self.live.still_changed()

    def sentence(self, state: State) -> str:
        s = state.settings
        rate = "α beginning at" if s.method == "halved_step" else "γ ="
        begin = f"{NAMES[s.method]}, {rate} {draw.number(s.rate)}, from w⁰ = {draw.vector(s.start)}"
        return f"{begin}: {_told(state)}"


def _told(state: State) -> str:
    own, name = state.own, state.settings.method
    alone = f"so this is the true walk alone. {_end_told('It', state.true, state)}"
    if own is None:
        return f"no function is given, {alone}"
    if own.untouched:
        return f"your {name} still returns the three dots, {alone}"
    if own.trouble and len(own.w) == 1:
        return f"your {name} leads nowhere, {alone} What is wrong: {own.trouble}"
    parts = [_parting_told(state)]
    if own.trouble:
        parts.append(f"Your walk ends at k = {len(own.w) - 1}: {own.trouble}")
    if own.in_place:
        parts.append("Your function changes w in place; work on a copy, w.copy().")
    return " ".join(parts)


def _parting_told(state: State) -> str:
    own, k = state.own, state.parts
    assert own is not None
    if k is None:
        both = min(len(own.w), len(state.true)) - 1
        same = f"your walk is the true one for {draw.plural(both, 'step')}" if both else "both begin here"
        return f"{same}. {_end_told('It', own.w, state)}"
    return (
        f"they part at k = {k}, where yours is at w = {draw.vector(own.w[k])} and the true one at w = "
        f"{draw.vector(state.true[k])}. {_end_told('Yours', own.w, state)} "
        f"{_end_told('The true one', state.true, state)}"
    )


def _end_told(who: str, w: Floats, state: State) -> str:
    k = len(w) - 1
    told = f"{who} is at w = {draw.vector(w[-1])} after {draw.plural(k, 'step')}, E = {_error(w[-1])}"
    stuck = k < state.settings.shown and not (state.own and w is state.own.w and state.own.trouble)
    return f"{told}, where no halving finds a lower E." if stuck else f"{told}."


def _error(w: Floats) -> str:
    return draw.number(float(POINTS.error(w)))
