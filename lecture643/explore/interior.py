"""int(C) in the plane: which points have a ball around them that stays in the set."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Circle, Polygon
from numpy.typing import ArrayLike

from lecture643.live.controls import choice, slider
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths.checks import Floats, finite_array, positive
from lecture643.picture import draw

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
EXACT = 9  # decimals: a slider's stops miss 2 by rounding
DUST = 1e-9  # and so does ε the largest one
_TURN = np.linspace(0, 2 * np.pi, 181)
_CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
OUTLINES = {
    DISC: RADIUS * np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1),
    SQUARE: SIDE * _CORNERS,
    SEGMENT: _CORNERS * [RADIUS, 0.05],  # thick enough to be seen
    PLANE: 2 * LIMIT * _CORNERS,
}


@dataclass(frozen=True)
class State:
    """x, ε and what of the ball lies in C."""

    shape: str
    taken_in: str
    x: Floats
    epsilon: float
    member: bool  # x ∈ C
    room: float  # the largest ε whose ball in ℝ² lies in C; 0 where none does, inf where all do

    @property
    def inside(self) -> bool:
        """Whether the ball lies in C."""
        return self.member and (self.taken_in == IN_SET or self.epsilon <= self.room + DUST)

    @property
    def interior(self) -> bool:
        """Whether x ∈ int(C), or would be with the ball of the slide."""
        return self.member and (self.taken_in == IN_SET or self.room > 0)


class Interior(View[State]):
    """int(C) and the open ball in the plane (slide "Interior of a set C", fine print F8).

    Drag x, or the rim of the open ball around it. Yellow is the part of the ball that lies in C, hatched the
    part that sticks out. The dashed side of the square does not belong to C.

    shape: "disc", "square, one side open", "segment" or "ℝ²". x: the point. epsilon: the radius of the ball.
    taken_in: where the ball is taken, "ℝ²" or "C, as on the slide".
    """

    size = (1000, 480)

    def __init__(
        self, shape: str = DISC, x: ArrayLike = (1, 0.5), epsilon: float = 1.0, taken_in: str = IN_SPACE
    ) -> None:
        x1, x2 = finite_array("x", x, (2,))
        self._moving_x = True
        controls = {
            "shape": choice("C", list(NAMES), shape),
            "taken_in": choice("ball taken in", [IN_SPACE, IN_SET], taken_in),
            "x1": slider("x₁", x1, -LIMIT, LIMIT, 0.05),
            "x2": slider("x₂", x2, -LIMIT, LIMIT, 0.05),
            "epsilon": slider("ε", positive("epsilon", epsilon), 0.05, 3, 0.05),
        }
        super().__init__(controls, rows=[["shape", "taken_in"], ["x1", "x2", "epsilon"]])

    def build(self, live: LiveFigure) -> None:
        self.plane = live.axes(0.06, 0.13, 0.385, 0.76)
        draw.plane_axes(self.plane, LIMIT, r"drag $x$ or the rim of the ball")
        self.out = Circle((0, 0), 1, facecolor="white", edgecolor=draw.ALERT, hatch="///", linewidth=0)
        self.region = Polygon(OUTLINES[PLANE], facecolor="#cfd8e3", edgecolor=draw.INK)
        self.inner = Circle((0, 0), 1, facecolor=draw.OPTIMUM.colour, linewidth=0)
        self.rim = Circle((0, 0), 1, fill=False, edgecolor=draw.INK, linestyle="--")
        for patch in (self.out, self.region, self.inner, self.rim):
            self.plane.add_patch(patch)
        (self.side,) = self.plane.plot([SIDE] * 2, [-SIDE, SIDE], color="white", linestyle=(0, (3, 2)))
        self.here = draw.current_weights(self.plane)
        live.moving(self.out, self.region, self.inner, self.side, self.rim, self.here)

        table = live.axes(0.5, 0.13, 0.49, 0.76, xlim=(0, 1), ylim=(0, 1))
        table.axis("off")
        names = (
            "$x$", r"$\epsilon$", r"$x\in\mathcal{C}$", r"$B(x,\epsilon)\subseteq\mathcal{C}$",
            r"$x\in\mathrm{int}(\mathcal{C})$", r"largest $\epsilon$",
        )  # fmt: skip
        rows = np.linspace(0.95, 0.4, len(names))
        for row, name in zip(rows, names, strict=True):
            table.text(0.36, row, name, ha="right", va="center", color=draw.FAINT)
        self.cells = [table.text(0.42, row, "", ha="left", va="center") for row in rows]
        signs = [self.region, self.inner, self.out]
        told = [r"$\mathcal{C}$", r"$B(x,\epsilon)$ inside $\mathcal{C}$", "outside"]
        table.legend(signs, told, loc="lower left", bbox_to_anchor=(0.1, -0.02), frameon=False)
        live.moving(*self.cells)

    def compute(self, shape: str, taken_in: str, x1: float, x2: float, epsilon: float) -> State:
        x = finite_array("x", (x1, x2))
        # How far it is to the nearest side; below 0 outside.
        to_side = {
            DISC: RADIUS - np.hypot(*x),
            SQUARE: SIDE - np.abs(x).max(),
            SEGMENT: min(RADIUS - abs(x1), 0) - abs(x2),
            PLANE: np.inf,
        }[shape]
        room = float(np.round(to_side, EXACT))
        missing = shape == SQUARE and round(x1, EXACT) == SIDE
        return State(shape, taken_in, x, epsilon, room >= 0 and not missing, max(room, 0.0))

    def draw(self, state: State) -> None:
        self.region.set_xy(OUTLINES[state.shape])
        for ball in (self.out, self.inner, self.rim):
            ball.set(center=tuple(state.x), radius=state.epsilon)
        self.inner.set_clip_path(self.region)
        self.out.set_visible(state.taken_in == IN_SPACE)
        self.rim.set_visible(state.taken_in == IN_SPACE)
        self.side.set_visible(state.shape == SQUARE)
        self.here.set_data(*state.x[:, np.newaxis])
        endless = state.taken_in == IN_SET or state.room == np.inf
        largest = "none" if not state.interior else "no end" if endless else draw.number(state.room)
        told = [
            draw.vector(state.x),
            draw.number(state.epsilon),
            *("yes" if true else "no" for true in (state.member, state.inside, state.interior)),
            largest,
        ]
        for cell, text in zip(self.cells, told, strict=True):
            cell.set_text(text)

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

    def drag(self, pointer: Pointer) -> dict[str, float]:
        """From near the rim: ε follows. From elsewhere: x does."""
        if pointer.axes is not self.plane:
            return {}
        away = float(np.hypot(*(np.array([pointer.x, pointer.y]) - self.state.x)))
        if pointer.begins:
            self._moving_x = abs(away - self.state.epsilon) > 0.15 or away < 0.15
        return {"x1": pointer.x, "x2": pointer.y} if self._moving_x else {"epsilon": away}
