"""int(C) in the plane: which points have a ball around them that stays in the set."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.patches import Circle, Patch, Polygon

from lecture643.live import Pair, Pointer, Settings, View, choice, number, point
from lecture643.picture import draw
from lecture643.picture.facts import Facts
from lecture643.picture.figure import LiveFigure
from lecture643.picture.marks import hatching
from lecture643.picture.mosaic import Mosaic

LIMIT = 4.0
RADIUS, SIDE = 2.5, 2.0  # of the disc, and half of the square's
DISC, SQUARE, SEGMENT, PLANE = "disc", "square, one side open", "segment", "ℝ²"
NAMES = {
    DISC: "the disc ‖y‖₂ ≤ 2.5",
    SQUARE: "the square −2 ≤ y₁ < 2, −2 ≤ y₂ ≤ 2",
    SEGMENT: "the segment −2.5 ≤ y₁ ≤ 2.5, y₂ = 0",
    PLANE: "ℝ²",
}
IN_SPACE, IN_SET = "ℝ²", "C, as on the slide"
EXACT = 9  # decimals: 2 − 1.9 is not quite 0.1
FACTS = (
    "$x$", r"$\epsilon$", r"$x\in\mathcal{C}$", r"$B(x,\epsilon)\subseteq\mathcal{C}$",
    r"$x\in\mathrm{int}(\mathcal{C})$", r"largest $\epsilon$",
)  # fmt: skip
_TURN = np.linspace(0, 2 * np.pi, 181)
_CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
OUTLINES = {
    DISC: RADIUS * np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1),
    SQUARE: SIDE * _CORNERS,
    SEGMENT: _CORNERS * [RADIUS, 0.05],  # thick enough to be seen
    PLANE: 2 * LIMIT * _CORNERS,
}


@dataclass(frozen=True)
class InteriorSettings(Settings):
    """What the view can be set to."""

    shape: str = choice("C", DISC, list(NAMES), meaning='"disc", "square, one side open", "segment" or "ℝ²"')
    taken_in: str = choice(
        "ball taken in",
        IN_SPACE,
        [IN_SPACE, IN_SET],
        meaning='where the ball is taken, "ℝ²" or "C, as on the slide"',
    )
    x: Pair = point(("x₁", "x₂"), (1, 0.5), LIMIT, panels=["plane"], meaning="the point")
    epsilon: float = number("ε", 1.0, 0.05, 3, meaning="the radius of the ball")


@dataclass(frozen=True)
class State:
    """x, ε and what of the ball lies in C."""

    shape: str
    taken_in: str
    x: Pair
    epsilon: float
    member: bool  # x ∈ C
    room: float  # the largest ε whose ball in ℝ² lies in C; 0 where none does, inf where all do

    @property
    def inside(self) -> bool:
        """Whether the ball lies in C."""
        return self.member and (self.taken_in == IN_SET or self.epsilon <= self.room)

    @property
    def interior(self) -> bool:
        """Whether x ∈ int(C), or would be with the ball of the slide."""
        return self.member and (self.taken_in == IN_SET or self.room > 0)


class Interior(View[InteriorSettings, State]):
    """int(C) and the open ball in the plane (slide "Interior of a set C", fine print F8).

    Drag x, or the rim of the open ball around it. Yellow is the part of the ball that lies in C, hatched the
    part that sticks out. The dashed side of the square does not belong to C.
    """

    panels = Mosaic("plane facts", size=(1000, 480), bare=["facts"])

    def build(self, live: LiveFigure) -> None:
        plane = live.axes("plane")
        draw.plane_axes(plane, LIMIT, r"drag $x$ or the rim of the ball")
        (self.out,) = plane.plot([], [], color=draw.ALERT, linewidth=1)
        self.region = Polygon(OUTLINES[PLANE], facecolor="#cfd8e3", edgecolor=draw.INK)
        self.inner = Circle((0, 0), 1, facecolor=draw.OPTIMUM.colour, linewidth=0)
        self.rim = Circle((0, 0), 1, fill=False, edgecolor=draw.INK, linestyle="--")
        for patch in (self.region, self.inner, self.rim):
            plane.add_patch(patch)
        (self.side,) = plane.plot([SIDE] * 2, [-SIDE, SIDE], color="white", linestyle=(0, (3, 2)))
        self.here = draw.current_weights(plane)
        live.moving(self.out, self.region, self.inner, self.side, self.rim, self.here)

        facts = live.axes("facts")
        self.facts = Facts(facts, FACTS, rows=10, at=0.39)
        outside = Patch(facecolor="white", edgecolor=draw.ALERT, hatch="///", linewidth=0)
        signs = [self.region, self.inner, outside]
        told = [r"$\mathcal{C}$", r"$B(x,\epsilon)$ inside $\mathcal{C}$", "outside"]
        facts.legend(signs, told, loc="lower left", bbox_to_anchor=(0.1, 0.02), frameon=False)
        live.moving(*self.facts.cells)

    def compute(self, settings: InteriorSettings) -> State:
        shape, x = settings.shape, np.array(settings.x)
        # How far it is to the nearest side; below 0 outside.
        to_side = {
            DISC: RADIUS - np.hypot(*x),
            SQUARE: SIDE - np.abs(x).max(),
            SEGMENT: min(RADIUS - abs(x[0]), 0) - abs(x[1]),
            PLANE: np.inf,
        }[shape]
        room = float(np.round(to_side, EXACT))
        member = room >= 0 and not (shape == SQUARE and x[0].round(EXACT) == SIDE)
        return State(shape, settings.taken_in, settings.x, settings.epsilon, bool(member), max(room, 0.0))

    def draw(self, state: State) -> None:
        self.region.set_xy(OUTLINES[state.shape])
        self.out.set_data(*hatching(state.x, state.epsilon))
        for ball in (self.inner, self.rim):
            ball.set(center=state.x, radius=state.epsilon)
        self.inner.set_clip_path(self.region)
        self.out.set_visible(state.taken_in == IN_SPACE)
        self.rim.set_visible(state.taken_in == IN_SPACE)
        self.side.set_visible(state.shape == SQUARE)
        self.here.set_data([state.x[0]], [state.x[1]])
        endless = state.taken_in == IN_SET or state.room == np.inf
        largest = "none" if not state.interior else "no end" if endless else draw.number(state.room)
        truths = ("yes" if true else "no" for true in (state.member, state.inside, state.interior))
        self.facts.write([draw.vector(state.x), draw.number(state.epsilon), *truths, largest])

    def sentence(self, state: State) -> str:
        x, name = f"x = {draw.vector(state.x)}", NAMES[state.shape]
        if not state.member:
            return f"{x} is no point of C, {name}, so it is not in int(C)."
        ball = f"open ball with ε = {draw.number(state.epsilon)}"
        if state.taken_in == IN_SET:
            truth = "though it is none" if state.room == 0 else "as it is"
            return (
                f"{x} is in C, {name}. Taken in C, the {ball} lies in C by definition, and so does "
                f"every other. So x would be an interior point, {truth}."
            )
        lies = "lies in" if state.inside else "sticks out of"
        start = f"{x} is in C, {name}. The {ball} {lies} C"
        if state.room == 0:
            return f"{start}, and so does every smaller one: x ∉ int(C)."
        if state.room == np.inf:
            return f"{start}, and so does every larger one: x ∈ int(C)."
        return f"{start}; the largest that lies in C has ε = {draw.number(state.room)}: x ∈ int(C)."

    def handles(self) -> list[tuple[str, Pair]]:
        """Also the rim."""
        x1, x2 = self.settings.x
        return [*super().handles(), ("plane", (min(x1 + self.settings.epsilon, LIMIT), x2))]

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """From near the rim: ε follows. From elsewhere: x does."""
        if pointer.panel != "plane":
            return {}
        x1, x2 = self.settings.x
        away = float(np.hypot(pointer.x - x1, pointer.y - x2))
        if pointer.begins:
            self.by_its_rim = abs(away - self.settings.epsilon) <= 0.15 <= away
        return {"epsilon": away} if self.by_its_rim else {"x": (pointer.x, pointer.y)}
