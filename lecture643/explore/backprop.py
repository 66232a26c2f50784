"""Backpropagation on the network diagram: one number at a time, there and back, and a check on every edge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyBboxPatch, Rectangle
from numpy.typing import ArrayLike

from lecture643.live.controls import choice, slider, whole
from lecture643.live.view import LiveFigure, Pointer, View, player
from lecture643.maths.checks import Floats, finite_array, integer
from lecture643.maths.derivation import (
    ERROR,
    EXAMPLE_WEIGHTS,
    EXAMPLE_X,
    EXAMPLE_Y,
    PREDICTION,
    SIZES,
    WEIGHTS,
    Formula,
    L,
    Quantity,
    Step,
    Values,
    X,
    Y,
    evaluate,
    steps,
)
from lecture643.maths.network import ACTIVATIONS, MLP, MLPProblem, numerical_gradient
from lecture643.picture import draw
from lecture643.picture.lettering import Line, Texts, text_width

WIDTH, HEIGHT = 1000, 610  # the drawing's units are pixels of the screen
CARD, ROW = 150, 25  # a neuron's card, and one line of it
COLUMNS = (54, 320, 616, 914)  # the middle of each layer
INPUT, LABEL = 92, 106  # the width of an input's card and of an edge's label
TOP, BOTTOM = 500, 281  # the middle of the upper and of the lower neurons
BELOW = 246  # the middle of the card of y and e
PT = 0.72  # points in a screen pixel
ROWS = {
    "z": "$z$",
    "a": "$a$",
    "∂a": r"$\partial e/\partial a$",
    "φ'": r"$\varphi'(z)$",
    "∂z": r"$\partial e/\partial z$",
}
LIMIT = 5.0


@dataclass(frozen=True)
class State:
    """How far the calculation has come, and all its values."""

    done: int  # steps taken; one more than there are shows the whole gradient
    steps: list[Step]
    values: Values
    central: Values  # ∂e/∂w by central differences
    activation: str
    selected: Quantity  # the weight that has the slider

    @property
    def step(self) -> Step | None:
        """The step shown; None at the start and at the end."""
        return self.steps[self.done - 1] if 0 < self.done <= len(self.steps) else None

    @property
    def known(self) -> set[Quantity]:
        """What is given and what has been computed so far."""
        return {*WEIGHTS, *X, Y, *(step.result for step in self.steps[: self.done])}

    def agrees(self, dw: Quantity) -> bool:
        """Whether the hand-derived ∂e/∂w equals the central difference."""
        return abs(self.values[dw] - self.central[dw]) <= 1e-6 * abs(self.values[dw]) + 1e-8


class Backprop(View[State]):
    """Step through both passes (slide "GD/SGD for MLP: Sample-wise Gradient Computation").

    Every step computes one number. It lights up with all that it is made of. Below stands the slide's
    formula, once with symbols and once with numbers. Solid and dark is the way forward, dashed and lighter
    the way back. ✓ at a weight: its ∂e/∂w from the formulas equals the central difference. Press a number to
    go to the step that computes it.

    x: (2,), y: the sample. weights: W¹ (2, 2), W² (2, 2), W³ (1, 2). activation: of all neurons.
    step: where to begin, a number or what is computed there, such as "∂e/∂w₁₁³".
    weight: the one that has the slider at the start, such as "w₁₁³".
    """

    size = (WIDTH, HEIGHT)

    def __init__(
        self,
        x: ArrayLike = EXAMPLE_X,
        y: float = EXAMPLE_Y,
        weights: Sequence[ArrayLike] = EXAMPLE_WEIGHTS,
        activation: str = "sigmoid",
        step: int | str = 0,
        weight: str = "w₁₁³",
    ) -> None:
        x, y = finite_array("x", x, (2,)), float(finite_array("y", y, ()))
        mlp = MLP(weights, activation=activation)
        if mlp.sizes != SIZES:
            raise ValueError(f"weights must be of a network of sizes {SIZES}, got {mlp.sizes}")
        if max(np.abs([*x, y]).max(), *(np.abs(W).max() for W in mlp.weights)) > 100:
            raise ValueError("x, y and weights must lie between −100 and 100, as the numbers have to fit in")
        self._steps = {name: steps(name) for name in ACTIVATIONS}
        start = self._step_number(step, activation)
        controls: dict[str, Any] = {
            "step": whole("step", start, 0, len(self._steps[activation]) + 1),
            "x1": slider("x₁", x[0], -LIMIT, LIMIT, 0.1),
            "x2": slider("x₂", x[1], -LIMIT, LIMIT, 0.1),
            "y": slider("y", y, 0, 1, 0.05),
            "weight": choice(
                "weight", [(str(w), name) for name, w in NAMES.items()], self._weight_name(weight)
            ),
        }
        for name, w in NAMES.items():
            value = mlp.weights[w.ell - 1][w.i - 1, w.j - 1]
            controls[name] = slider(str(w), value, -LIMIT, LIMIT, 0.05)
        controls["activation"] = choice("φ", list(ACTIVATIONS), activation)
        controls["step"].layout.width = "420px"
        # Registered before the view's own observer, so that the slider is there when the picture changes.
        controls["weight"].observe(lambda _: self._show_one_slider(), names="value")
        super().__init__(
            controls,
            rows=[
                [*player(controls["step"], interval=1500, jumps=True), "step"],
                ["x1", "x2", "y"],
                ["weight", *NAMES],
                ["activation"],
            ],
            secondary=["activation"],
        )
        self._show_one_slider()

    def _step_number(self, step: int | str, activation: str) -> int:
        results = [str(s.result) for s in self._steps[activation]]
        if isinstance(step, str):
            if step not in results:
                raise ValueError(f"step must be a number or one of {', '.join(results)}, got {step!r}")
            return 1 + results.index(step)
        return integer("step", step, 0, len(results) + 1)

    @staticmethod
    def _weight_name(weight: str) -> str:
        names = {str(w): name for name, w in NAMES.items()}
        if weight not in names:
            raise ValueError(f"weight must be one of {', '.join(names)}, got {weight!r}")
        return names[weight]

    def _show_one_slider(self) -> None:
        for name in NAMES:
            shown = name == self.controls["weight"].value
            self.controls[name].layout.display = None if shown else "none"

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.canvas = live.axes(0, 0, 1, 1, xlim=(0, WIDTH), ylim=(0, HEIGHT))
        self.canvas.axis("off")
        self.font = live.style.font
        self._build_edges()
        self.places: dict[Quantity, Rectangle] = {}
        self.names: dict[Quantity, Line] = {}
        self._build_cards()
        for w in WEIGHTS:
            self._build_label(w)
        self.cells = self.canvas.add_collection(PatchCollection(self.places.values()))
        self.texts = Texts(self.canvas)
        live.moving(self.edges, self.heads, self.cells, self.texts)

    def _build_edges(self) -> None:
        """The ten weights, and the way from ŷ to e: lines, with an arrow head at either end."""
        self.lines = {w: _edge(w) for w in WEIGHTS}
        self.lines[ERROR] = np.array([(COLUMNS[L], _level(L, 1) - 2.5 * ROW), (COLUMNS[L], BELOW + ROW)])
        self.edges = self.canvas.add_collection(LineCollection(list(self.lines.values())))
        heads = [_head(line) for line in self.lines.values()]
        heads += [_head(line[::-1]) for line in self.lines.values()]
        self.heads = self.canvas.add_collection(PolyCollection(heads, linewidths=0))

    def _build_cards(self) -> None:
        """A card for each input, each neuron, and one for the error; a heading for each layer."""
        for j, q in enumerate(X, start=1):
            self._card(COLUMNS[0], _level(0, j), INPUT, {q: f"${q.tex}$"})
        for ell in range(1, L + 1):
            for i in range(1, SIZES[ell] + 1):
                rows = {Quantity(kind, ell, i): name for kind, name in ROWS.items()}
                if ell == L:
                    rows[PREDICTION] = r"$a=\hat y$"
                self._card(COLUMNS[ell], _level(ell, i), CARD, rows)
        self._card(COLUMNS[L], BELOW, CARD, {Y: "$y$", ERROR: "$e$"})
        heads = zip(COLUMNS, ("input", "layer 1", "layer 2", "layer 3"), strict=True)
        gaps = (((left + right) / 2, r"$w$ and $\partial e/\partial w$") for left, right in pairwise(COLUMNS))
        for x, head in (*heads, *gaps):
            self.canvas.text(x, HEIGHT - 24, head, color=draw.FAINT, fontsize=0.9 * self.font, ha="center")

    def _card(self, x: float, y: float, width: float, rows: dict[Quantity, str]) -> None:
        left, top = x - width / 2, y + len(rows) * ROW / 2
        outline = FancyBboxPatch((left, top - len(rows) * ROW), width, len(rows) * ROW)
        outline.set(boxstyle="round,pad=4", facecolor="white", edgecolor=draw.INK, linewidth=1.3)
        self.canvas.add_patch(outline)
        for place, (q, name) in enumerate(rows.items(), start=1):
            self._cell(q, left, top - place * ROW, width, name)

    def _build_label(self, w: Quantity) -> None:
        """Two lines at an edge: the weight, and below it ∂e/∂w with its badge."""
        x, y = _label_place(w)
        self._cell(w, x - LABEL / 2, y, LABEL, f"${w.tex}$")
        self._cell(w._replace(kind="∂w"), x - LABEL / 2, y - ROW, LABEL, "")

    def _cell(self, q: Quantity, left: float, bottom: float, width: float, name: str) -> None:
        self.places[q] = Rectangle((left, bottom + 0.5), width, ROW - 1)
        baseline = bottom + ROW / 2 - 0.33 * self.font / PT
        self.names[q] = Line(left + 4, baseline, name, 0.8 * self.font, draw.FAINT, "left")

    # --- from controls to numbers ---------------------------------------------------------------

    def compute(self, step: int, activation: str, weight: str, **values: Any) -> State:
        x, y = finite_array("x", (values["x1"], values["x2"])), float(values["y"])
        problem = MLPProblem(SIZES, x[np.newaxis], [y], activation=activation)
        w = finite_array("weights", [values[name] for name in NAMES])
        central = numerical_gradient(problem.error, w)
        return State(
            done=step,
            steps=self._steps[activation],
            values=evaluate(self._steps[activation], problem.network(w), x, y),
            central={w._replace(kind="∂w"): float(d) for w, d in zip(WEIGHTS, central, strict=True)},
            activation=activation,
            selected=NAMES[weight],
        )

    # --- from numbers to the picture ------------------------------------------------------------

    def draw(self, state: State) -> None:
        step = state.step
        forward = step.forward if step else not state.done
        colour = (draw.FORWARD if forward else draw.BACKWARD).colour
        lit = step.quantities if step else []
        self._draw_cells(state, lit, colour)
        self._draw_edges(step, lit, colour)
        self.texts.write([*self._numbers(state, lit), *self._formula(state, colour)])

    def _draw_cells(self, state: State, lit: list[Quantity], colour: str) -> None:
        """The result in full colour, framed what it is made of, a tint on all that is known.

        What the way back computes has dashed frames, so that one sees it without colour too.
        """
        framed, known = {_place(q) for q in lit}, state.known
        faces, frames, dashes = [], [], []
        for q in self.places:
            look = draw.BACKWARD if q.kind in BACK else draw.FORWARD
            pale = PALE_BACK if look is draw.BACKWARD else PALE
            face = pale if q in known else "none"
            face = _tint(colour, 0.25) if q in framed else face
            faces.append(colour if lit and q == _place(lit[0]) else face)
            frame = DASHED if q in known and look is draw.BACKWARD else "none"
            frames.append(draw.INK if q == state.selected else colour if q in framed else frame)
            dashes.append(look.dashes)
        self.cells.set(facecolor=faces, edgecolor=frames, linestyle=dashes)

    def _numbers(self, state: State, lit: list[Quantity]) -> Iterator[Line]:
        """The names in the cells, and the numbers that are known, white where the cell is in full colour."""
        result = _place(lit[0]) if lit else None
        for q, name in self.names.items():
            colour = "white" if q == result else draw.INK
            yield name._replace(colour=colour) if q in lit else name
            place = self.places[q]
            room = place.get_width() - 12 - text_width(name.text) * name.size / PT
            number = name._replace(
                x=place.get_x() + place.get_width() - 4, align="right", size=0.9 * self.font
            )
            yield number._replace(text=_cell_text(q, state, lit), colour=colour).fitted(room)

    def _draw_edges(self, step: Step | None, lit: list[Quantity], colour: str) -> None:
        """Thick where something flows, with the head at where it flows to."""
        flows = {q.weight for q in lit if q.kind in ("w", "path")}
        if lit and lit[0] in (ERROR, Quantity("∂a", L, 1)):
            flows.add(ERROR)
        thick = flows | {q.weight for q in lit if q.kind == "∂w"}
        forward, back = bool(step and step.forward), bool(step and not step.forward)
        look = draw.BACKWARD if back else draw.FORWARD
        self.edges.set(
            color=[colour if w in thick else draw.FAINT for w in self.lines],
            linewidth=[1.6 * self.live.style.line if w in thick else 1.2 for w in self.lines],
            linestyle=[look.dashes if w in flows else "-" for w in self.lines],
        )
        heads = [forward and w in flows for w in self.lines] + [back and w in flows for w in self.lines]
        self.heads.set_facecolor([colour if head else "none" for head in heads])

    def _formula(self, state: State, colour: str) -> Iterator[Line]:
        """The headline, the formula with symbols, below it the same with numbers, and a remark."""
        yield Line(WIDTH / 2, 174, _pointed(state), 1.12 * self.font, colour, bold=True)
        yield Line(WIDTH / 2, 10, _remark(state), 0.95 * self.font)
        if state.step:
            yield from self._equation(state.step, state.values, colour)
        else:
            yield Line(WIDTH / 2, 112, WHOLE if state.done else ERROR_FORMULA, 1.5 * self.font, colour)
        if state.done > len(state.steps):
            gradient = draw.vector([state.values[dw] for dw in state.central])
            yield Line(WIDTH / 2, 40, gradient, 1.5 * self.font, colour).fitted(WIDTH - 20)

    def _equation(self, step: Step, values: Values, colour: str) -> Iterator[Line]:
        """Every item has its own column, as wide for any number, so that no digit moves another item."""
        items: Formula = (step.result, "=", *step.formula)
        numbers = _in_numbers(items, values)
        widths = np.array([_ems(item) for item in items])
        size = min(1.5 * self.font, (WIDTH - 20) * PT / widths.sum())
        middles = WIDTH / 2 + (widths.cumsum() - widths / 2 - widths.sum() / 2) * size / PT
        for place, (x, item, number) in enumerate(zip(middles, items, numbers, strict=True)):
            look = draw.INK if place else colour
            symbol = f"${item.tex}$" if isinstance(item, Quantity) else item
            yield Line(x, 112, symbol, size, look)
            room = widths[place] * size / PT
            yield Line(x, 40, number, size, look, bold=not place).fitted(room)

    # --- in words -------------------------------------------------------------------------------

    def sentence(self, state: State) -> str:
        v, step = state.values, state.step
        if step:
            items: Formula = (step.result, "=", *step.formula)
            symbols = "".join(_in_words(item) for item in items)
            numbers = "".join(_in_words(item) for item in _in_numbers(items, v)[1:])
            told = f"{_headline(state).capitalize()}; {symbols}{numbers} = {draw.number(v[step.result])}"
            remark = _remark(state)
            return f"{told}; {remark}." if remark else f"{told}."
        if not state.done:
            sample = f"x = {draw.vector([v[q] for q in X])}, y = {draw.number(v[Y])}"
            weight = f"{state.selected} = {draw.number(v[state.selected])}"
            return (
                f"The start: {sample}, φ is {PHI[state.activation]}, and there are ten weights, among them "
                f"{weight}; {len(state.steps)} steps follow, forward to e and back to every ∂e/∂w."
            )
        dw = max(state.central, key=lambda q: abs(v[q]))
        return (
            f"ŷ = {draw.number(v[PREDICTION])}, e = {draw.number(v[ERROR])}, and all ten ∂e/∂w are known; "
            f"the largest in size is {dw} = {draw.number(v[dw])}. {_verdict(state)}."
        )

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """A press on a number goes to the step that computes it; a press on a weight gives it the slider."""
        for q, place in self.places.items():
            if place.get_bbox().contains(pointer.x, pointer.y):
                results = [step.result for step in self.state.steps]
                moves: dict[str, Any] = {"step": results.index(q) + 1} if q in results else {}
                return moves | ({"weight": _name(q.weight)} if q.kind in ("w", "∂w") else {})
        return {}


NAMES = {f"w{w.i}{w.j}_{w.ell}": w for w in WEIGHTS}
PHI = {
    "sigmoid": "the sigmoid, φ(z) = 1/(1 + e⁻ᶻ)",
    "tanh": "tanh",
    "relu": "ReLU, φ(z) = max(z, 0)",
    "identity": "the identity, φ(z) = z",
}
SLOPE = {
    "sigmoid": "of the sigmoid: φ' = φ (1 − φ)",
    "tanh": "of tanh: φ' = (1 − φ) (1 + φ)",
    "relu": "ReLU has the slopes 0 and 1",
    "identity": "the identity has the slope 1",
}
ERROR_FORMULA = r"$e = (\hat y - y)^2$"
WHOLE = (
    r"$\nabla_w e = \left[\ \dfrac{\partial e}{\partial w_{11}^1}\ "
    r"\dfrac{\partial e}{\partial w_{12}^1}\ \cdots\ \dfrac{\partial e}{\partial w_{12}^3}\ \right]^\top$"
)
ROOM = {"w": 3.9, "y": 2.6, "e": 4.6, "a": 4.3, "z": 5.0, "φ'": 4.8, "1−a": 4.8, "1+a": 4.8}  # ems
BACK = ("∂a", "φ'", "∂z", "∂w", "path")  # the kinds of numbers that the backward pass computes


def _tint(colour: str, share: float) -> Any:
    """The colour with white mixed in, not transparent: an edge must not run through a number."""
    return 1 - share * (1 - np.array(to_rgb(colour)))


# The grounds of known numbers, of the way forward and of the way back, and the dashed frame of the latter.
PALE, PALE_BACK = _tint(draw.FORWARD.colour, 0.13), _tint(draw.BACKWARD.colour, 0.07)
DASHED = _tint(draw.BACKWARD.colour, 0.45)


def _name(weight: Quantity) -> str:
    return f"w{weight.i}{weight.j}_{weight.ell}"


def _place(q: Quantity) -> Quantity:
    """The place on the diagram where this number stands."""
    if q.kind in ("1−a", "1+a"):
        return q._replace(kind="a")
    return q._replace(kind="∂w") if q.kind == "path" else q


def _cell_text(q: Quantity, state: State, lit: list[Quantity]) -> str:
    path = q._replace(kind="path")
    if q.kind == "∂w" and path in lit:
        return f"← {draw.number(state.values[path])}"
    if q not in state.known:
        return ""
    written = draw.number(state.values[q])
    return f"{written} {'✓' if state.agrees(q) else '≠'}" if q.kind == "∂w" else written


# --- where things are -------------------------------------------------------------------------------


def _level(ell: int, i: int) -> float:
    """The height of neuron i of layer ℓ."""
    return (TOP + BOTTOM) / 2 if SIZES[ell] == 1 else (TOP, BOTTOM)[i - 1]


def _edge(w: Quantity) -> Floats:
    """From the right side of neuron j's card to the left side of neuron i's."""
    left = COLUMNS[w.ell - 1] + (CARD if w.ell > 1 else INPUT) / 2 + 5
    return np.array([(left, _level(w.ell - 1, w.j)), (COLUMNS[w.ell] - CARD / 2 - 5, _level(w.ell, w.i))])


def _label_place(w: Quantity) -> Floats:
    """The middle of a weight's label: above or below a level edge, on another one near where it begins."""
    (left, start), (right, end) = _edge(w)
    if start == end:
        return np.array([(left + right) / 2, start + (ROW + 4 if w.i == 1 else -ROW - 4)])
    share = 0.5 if w.ell == L else 0.28
    return np.array([max(left + share * (right - left), left + LABEL / 2), start + share * (end - start)])


def _head(line: Floats) -> Floats:
    """A triangle with its tip at the end of the line."""
    along = (line[1] - line[0]) / np.linalg.norm(line[1] - line[0])
    across = np.array([-along[1], along[0]])
    return np.array([line[1], line[1] - 15 * along + 8 * across, line[1] - 15 * along - 8 * across])


# --- formulas ---------------------------------------------------------------------------------------


def _ems(item: Quantity | str) -> float:
    """The room for an item of a formula, in ems."""
    return ROOM.get(item.kind, 5.7) if isinstance(item, Quantity) else 0.5 + text_width(item)


def _in_numbers(items: Formula, values: Values) -> list[str]:
    """The formula with the numbers put in, negative factors in brackets."""
    written = []
    for before, item in zip(("", *items), items, strict=False):
        text = draw.number(values[item]) if isinstance(item, Quantity) else item
        bracket = isinstance(item, Quantity) and text.startswith("−") and before in ("·", "+", "−")
        written.append(f"({text})" if bracket else text)
    return written


def _in_words(item: Quantity | str) -> str:
    return f" {item} " if item in ("=", "+", "−", "·") else str(item)


def _headline(state: State) -> str:
    if state.step:
        direction = "forward" if state.step.forward else "backward"
        return f"step {state.done} of {len(state.steps)}, {direction}: {state.step.words}"
    return (
        "the whole gradient, there and back"
        if state.done
        else "a sample and ten weights; wanted: every ∂e/∂w"
    )


def _pointed(state: State) -> str:
    """The headline, with an arrow that points where the step goes."""
    headline = _headline(state)
    if not state.step:
        return headline
    return f"{headline} →" if state.step.forward else f"← {headline}"


def _remark(state: State) -> str:
    """What stands under the formula: the check of a ∂e/∂w, or which φ it is."""
    kind = state.step.result.kind if state.step else ""
    if state.step and kind == "∂w":
        sign = "✓" if state.agrees(state.step.result) else "≠"
        return f"by central difference {draw.number(state.central[state.step.result])} {sign}"
    if kind == "φ'":
        return SLOPE[state.activation]
    if kind == "a" or not state.done:
        return f"φ is {PHI[state.activation]}"
    return "" if state.step else _verdict(state)


def _verdict(state: State) -> str:
    odd = [str(dw) for dw in state.central if not state.agrees(dw)]
    if not odd:
        return "All ten equal their central differences ✓"
    comes = "comes" if len(odd) == 1 else "come"
    return f"By central differences {', '.join(odd)} {comes} out otherwise: a ReLU stands at its kink, z = 0"
