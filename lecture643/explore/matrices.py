"""Backpropagation in matrices: δ^ℓ = V^{ℓ+1} δ^{ℓ+1} and ∇W^ℓ, drawn with their shapes and entries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from lecture643.live.controls import choice, whole
from lecture643.live.view import LiveFigure, Pointer, View, player
from lecture643.maths.checks import Floats, integer
from lecture643.maths.derivation import EXAMPLE_WEIGHTS, EXAMPLE_X, EXAMPLE_Y
from lecture643.maths.network import ERRORS, MLP, Forward, Gradients, MLPProblem, numerical_gradient
from lecture643.picture import draw
from lecture643.picture.lettering import Line, Texts, text_width

WIDTH, HEIGHT = 1000, 590  # the drawing's units are pixels of the screen
PT = 0.72  # points in a screen pixel
SIZES = ((2, 2, 2, 1), (2, 3, 1), (3, 4, 2), (3, 2, 4, 3, 2))
HIDDEN = ("sigmoid", "tanh", "relu")
MIDDLES = (408, 226)  # the height of the two rows of matrices
STRIP = 542  # and that of the flow from e back to layer 1


class Example(NamedTuple):
    """A network with one sample, and all that the two passes compute."""

    mlp: MLP
    y: Floats
    forward: Forward
    gradients: Gradients
    central: list[Floats]  # ∇W^ℓ by central differences


@dataclass(frozen=True)
class State:
    """One layer ℓ of the example, and one entry of ∇W^ℓ, δ^ℓ or V^{ℓ+1}."""

    example: Example
    ell: int
    chosen: str
    i: int
    j: int

    @property
    def mlp(self) -> MLP:
        """The network."""
        return self.example.mlp

    @property
    def L(self) -> int:
        """The number of layers."""
        return len(self.mlp.weights)

    @property
    def agrees(self) -> bool:
        """Whether ∇W^ℓ equals its central differences."""
        by_hand, central = (g[self.ell - 1] for g in (self.example.gradients.weights, self.example.central))
        return bool(np.allclose(by_hand, central, rtol=1e-6, atol=1e-8))

    def matrices(self) -> dict[str, Floats]:
        """All that is drawn, by name; "+" marks what belongs to layer ℓ + 1."""
        mlp, y, forward, g, _ = self.example
        ell = self.ell
        own = {
            "∇W": g.weights[ell - 1],
            "Diag": np.diag(g.phi_prime[ell - 1]),
            "δ": g.delta[ell - 1][:, np.newaxis],
            "aᵀ": forward.a[ell - 1][np.newaxis],
        }
        if ell == self.L:
            return own | {"ŷ": forward.a[ell][:, np.newaxis], "y": y[:, np.newaxis]}
        return own | {
            "Wᵀ+": mlp.weights[ell].T,
            "Diag+": np.diag(g.phi_prime[ell]),
            "δ+": g.delta[ell][:, np.newaxis],
            "V+": g.V[ell],
        }


class Matrices(View[State]):
    """The general equations as matrices (slide "GD/SGD for MLP: Sample-wise Gradient Computation").

    Above, how the error gradient has come back to layer ℓ: δ^ℓ = (W^{ℓ+1})ᵀ Diag(φ'^{ℓ+1}) δ^{ℓ+1} =
    V^{ℓ+1} δ^{ℓ+1}. Below, what it gives there: ∇W^ℓ = Diag(φ'^ℓ) δ^ℓ (a^{ℓ−1})ᵀ. Step from L down to 1;
    press an entry to read its scalar formula. Colours compare the entries of one matrix.

    sizes: N₀, …, N_L, at most 4 layers of at most 4 neurons; the last layer has the sigmoid, the others
    `activation`. error: "squared" or "cross-entropy". step: how many layers back from L.
    entry: of "∇W", "δ" or "V", in row i and column j. seed: chooses the weights and the sample; at 0 the
    sizes 2-2-2-1 have those of `explore.backprop`.
    """

    size = (WIDTH, HEIGHT)

    def __init__(
        self,
        sizes: Sequence[int] = (2, 2, 2, 1),
        seed: int = 0,
        error: str = "squared",
        activation: str = "sigmoid",
        step: int | None = None,
        entry: str = "∇W",
        i: int = 1,
        j: int = 1,
    ) -> None:
        sizes = tuple(integer(f"sizes[{at}]", n, 1, 4) for at, n in enumerate(sizes))
        layers = integer("the number of layers", len(sizes) - 1, 1, 4)
        step = min(1, layers - 1) if step is None else step
        options = SIZES if sizes in SIZES else (*SIZES, sizes)
        for name, value, allowed in (
            ("error", error, ERRORS),
            ("activation", activation, HIDDEN),
            ("entry", entry, ENTRIES),
        ):
            if value not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")
        ell = layers - integer("step", step, 0, layers - 1)
        controls: dict[str, Any] = {
            "step": whole("layers back from L", step, 0, layers - 1),
            "entry": choice("entry of", list(ENTRIES), entry),
            "i": whole("row i", integer("i", i, 1, sizes[ell]), 1, sizes[ell]),
            "j": whole("column j", integer("j", j, 1, sizes[ell - 1]), 1, sizes[ell - 1]),
            "sizes": choice("sizes", [("-".join(map(str, s)), s) for s in options], sizes),
            "error": choice("error", list(ERRORS), error),
            "activation": choice("φ", list(HIDDEN), activation),
            "seed": whole("seed", integer("seed", seed, 0), 0, 30),
        }
        # Registered before the view's own observer, so that the entry exists when it is drawn.
        for name in ("sizes", "step", "entry"):
            controls[name].observe(lambda _: self._fit_sliders(), names="value")
        super().__init__(
            controls,
            rows=[
                [*player(controls["step"], interval=1500, jumps=True), "step"],
                ["entry", "i", "j"],
                ["sizes", "seed"],
                ["error", "activation"],
            ],
            secondary=["seed", "error", "activation"],
        )

    def _fit_sliders(self) -> None:
        """The rows and columns that the chosen matrix has."""
        sizes, step = self.controls["sizes"].value, self.controls["step"]
        holding, self._holding = self._holding, True
        step.max = len(sizes) - 2
        ell = len(sizes) - 1 - step.value
        self.controls["i"].max, self.controls["j"].max = _shape(self.controls["entry"].value, sizes, ell)
        self._holding = holding

    # --- from controls to numbers ---------------------------------------------------------------

    def compute(self, **values: Any) -> State:
        sizes = values["sizes"]
        example = _example(sizes, values["seed"], values["activation"], values["error"])
        ell = max(len(sizes) - 1 - values["step"], 1)
        chosen = "δ" if values["entry"] == "V" and ell == len(sizes) - 1 else values["entry"]
        rows, columns = _shape(chosen, sizes, ell)
        return State(example, ell, chosen, min(values["i"], rows), min(values["j"], columns))

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.canvas = live.axes(0, 0, 1, 1, xlim=(0, WIDTH), ylim=(0, HEIGHT))
        self.canvas.axis("off")
        self.font = live.style.font
        colour, dashes = draw.BACKWARD.colour, draw.BACKWARD.dashes
        self.arrows = LineCollection([], colors=colour, linestyles=dashes, linewidths=live.style.line)
        self.heads, self.cells = PolyCollection([], facecolors=colour), PolyCollection([])
        for made in (self.arrows, self.heads, self.cells):
            self.canvas.add_collection(made)
        self.texts = Texts(self.canvas)
        live.moving(self.arrows, self.heads, self.cells, self.texts)

    def draw(self, state: State) -> None:
        self.places: list[Place] = []
        self.texts.write([*self._rows(state), *self._flow(state), *self._formula(state)])
        lit = _lit(state)
        self.places.sort(key=lambda place: place.entry in lit)  # these last, that their frames are whole
        here = [place.entry in lit for place in self.places]
        self.cells.set_verts([place.corners for place in self.places])
        self.cells.set_facecolor([place.colour for place in self.places])
        self.cells.set_edgecolor([draw.INK if yes else draw.FAINT for yes in here])
        self.cells.set_linewidth([self.live.style.line if yes else 0.6 for yes in here])

    def _rows(self, state: State) -> Iterator[Line]:
        """Both equations, their matrices in cells of one size."""
        matrices = state.matrices()
        equations = [_above(state), _below()]

        def room(item: str) -> float:
            """For a sign between matrices; these get what is left."""
            return 0 if item in matrices else 16 + text_width(item) * 1.2 * self.font / PT

        def columns(items: list[str]) -> int:
            return sum(matrices[item].shape[1] for item in items if item in matrices)

        height = min(40, 118 / max(len(matrix) for matrix in matrices.values()))
        width = min(
            92,
            *((WIDTH - 20 - sum(map(room, items)) - 12 * len(items)) / columns(items) for items in equations),
        )
        for items, middle in zip(equations, MIDDLES, strict=True):
            left = (WIDTH - sum(map(room, items)) - 12 * len(items) - columns(items) * width) / 2
            for item in items:
                if item in matrices:
                    yield from self._grid(state, item, matrices[item], left + 6, middle, width, height)
                    left += matrices[item].shape[1] * width + 12
                else:
                    yield Line(left + room(item) / 2 + 6, middle - 5, item, 1.2 * self.font)
                    left += room(item) + 12

    def _grid(
        self, state: State, name: str, matrix: Floats, left: float, middle: float, width: float, height: float
    ) -> Iterator[Line]:
        """The cells of one matrix with its entries, its name above and its shape below."""
        rows, columns = matrix.shape
        top, bottom = middle + rows * height / 2, middle - rows * height / 2
        centre = left + columns * width / 2
        yield Line(centre, top + 9, _label(name, state), 1.1 * self.font).fitted(columns * width + 16)
        yield Line(centre, bottom - 18, f"{rows} × {columns}", 0.8 * self.font, draw.FAINT)
        colours = draw.SIGN_MAP(0.5 + 0.5 * matrix / max(np.abs(matrix).max(), 1e-300))
        numbers = [[draw.number(value, 3) for value in row] for row in matrix]
        widest = max((number for row in numbers for number in row), key=text_width)
        size = min(self.font, (width - 8) * PT / text_width(widest))
        for row, column in np.ndindex(matrix.shape):
            x, y = left + column * width, top - (row + 1) * height
            colour = colours[row, column]
            self.places.append(Place(name, row + 1, column + 1, x, y, x + width, y + height, colour))
            yield Line(x + width / 2, y + height / 2 - 0.36 * size / PT, numbers[row][column], size)

    def _flow(self, state: State) -> Iterator[Line]:
        """From e back to layer 1: the length of every δ^ℓ, and the V^ℓ between them."""
        middles = np.linspace(85, WIDTH - 160, state.L)
        ends = [*(middles[1:] - 78), WIDTH - 40]
        for ell, (x, end) in enumerate(zip(middles, ends, strict=True), start=1):
            here = ell == state.ell
            colour = draw.BACKWARD.colour if here else "white"
            self.places.append(Place("layer", ell, 0, x - 78, STRIP - 15, x + 78, STRIP + 17, colour))
            length = float(np.linalg.norm(state.example.gradients.delta[ell - 1]))
            text = f"‖δ{_up(ell)}‖ = {draw.number(length, 3)}"
            yield Line(x, STRIP - 5, text, self.font, "white" if here else draw.INK).fitted(146)
            if ell < state.L:
                yield Line((x + 78 + end) / 2 + 6, STRIP + 9, f"$V^{ell + 1}$", self.font)
        yield Line(WIDTH - 24, STRIP - 5, "$e$", 1.3 * self.font)
        self.arrows.set_segments(
            [[(end, STRIP + 1), (x + 86, STRIP + 1)] for x, end in zip(middles, ends, strict=True)]
        )
        tips = [(x + 78, STRIP + 1) for x in middles]
        self.heads.set_verts([[(x, y), (x + 14, y + 7), (x + 14, y - 7)] for x, y in tips])

    def _formula(self, state: State) -> Iterator[Line]:
        """The scalar formula of the chosen entry, and the same with numbers."""
        entry = _entry(state)
        size, colour = 1.4 * self.font, draw.BACKWARD.colour
        yield Line(WIDTH / 2, 84, f"${entry.tex}$", size).fitted(WIDTH - 20)
        numbers = f"{entry.numbers} = {draw.number(entry.value)}"
        yield Line(WIDTH / 2, 12, numbers, size, colour, bold=True).fitted(WIDTH - 20)

    # --- in words -------------------------------------------------------------------------------

    def sentence(self, state: State) -> str:
        entry, up = _entry(state), _up(state.ell)
        delta = draw.vector(state.example.gradients.delta[state.ell - 1])
        sign = "equals" if state.agrees else "does not equal"
        network = f"the {'-'.join(map(str, state.mlp.sizes))} network, {state.mlp.error} error"
        return (
            f"Layer {state.ell} of {network}: δ{up} = {delta}; {entry.plain} = {entry.numbers} = "
            f"{draw.number(entry.value)}; ∇W{up} {sign} its central differences."
        )

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """A press on an entry chooses it, or what it is a part of; a press on ‖δ^ℓ‖ goes to that layer."""
        for place in self.places:
            if place.left <= pointer.x <= place.right and place.bottom <= pointer.y <= place.top:
                return _chosen_by(place, self.state.L)
        return {}


ENTRIES = ("∇W", "δ", "V")
DELTA_L = {
    "squared": r"$= 2 (\hat y - y)\ $ with",
    "cross-entropy": r"$= \dfrac{1-y}{1-\hat y} - \dfrac{y}{\hat y}\ $ with",
}


class Place(NamedTuple):
    """Where an entry of a matrix is drawn."""

    name: str
    row: int
    column: int
    left: float
    bottom: float
    right: float
    top: float
    colour: Any

    @property
    def entry(self) -> tuple[str, int, int]:
        """Which entry of which matrix it is."""
        return self.name, self.row, self.column

    @property
    def corners(self) -> list[tuple[float, float]]:
        """The outline of the cell."""
        left, bottom, right, top = self.left, self.bottom, self.right, self.top
        return [(left, bottom), (right, bottom), (right, top), (left, top)]


class Entry(NamedTuple):
    """The scalar formula of one entry: as a formula, in plain text, with the numbers put in."""

    tex: str
    plain: str
    numbers: str
    value: float


@lru_cache(maxsize=64)
def _example(sizes: tuple[int, ...], seed: int, activation: str, error: str) -> Example:
    """A network, a sample and its gradients, with the central differences to hold them against."""
    activations = [activation] * (len(sizes) - 2) + ["sigmoid"]
    if seed == 0 and sizes == (2, 2, 2, 1):
        weights, x, y = [np.array(W) for W in EXAMPLE_WEIGHTS], np.array(EXAMPLE_X), np.array([EXAMPLE_Y])
    else:
        rng = np.random.default_rng(seed)
        weights = [np.round(W, 1) for W in MLP.random(sizes, seed, scale=1.0).weights]
        x, y = np.round(rng.uniform(-2, 2, sizes[0]), 1), rng.integers(0, 2, sizes[-1]).astype(float)
    mlp = MLP(weights, activation=activations, error=error)
    problem = MLPProblem(sizes, x[np.newaxis], y[np.newaxis], activation=activations, error=error)
    central = problem.network(numerical_gradient(problem.error, problem.flatten(mlp))).weights
    return Example(mlp, y, mlp.forward(x), mlp.backprop(x, y), central)


def _shape(entry: str, sizes: Sequence[int], ell: int) -> tuple[int, int]:
    return sizes[ell], {"∇W": sizes[ell - 1], "δ": 1, "V": sizes[min(ell + 1, len(sizes) - 1)]}[entry]


def _above(state: State) -> list[str]:
    """How δ^ℓ has come about: names of matrices, and signs."""
    if state.ell == state.L:
        return ["δ", DELTA_L[state.mlp.error], "ŷ", "y"]
    return ["δ", "=", "Wᵀ+", "Diag+", "δ+", "=", "V+", "δ+"]


def _below() -> list[str]:
    return ["∇W", "=", "Diag", "δ", "aᵀ"]


def _label(name: str, state: State) -> str:
    ell = state.ell
    return {
        "δ": rf"$\delta^{ell}$",
        "δ+": rf"$\delta^{ell + 1}$",
        "Wᵀ+": rf"$(W^{ell + 1})^\top$",
        "Diag+": rf"$\mathrm{{Diag}}(\varphi'^{{{ell + 1}}})$",
        "Diag": rf"$\mathrm{{Diag}}(\varphi'^{{{ell}}})$",
        "V+": rf"$V^{ell + 1}$",
        "∇W": rf"$\nabla_{{W^{ell}}} e$ {'✓' if state.agrees else '≠'}",
        "aᵀ": rf"$(a^{ell - 1})^\top$" if ell > 1 else r"$x^\top$",
        "ŷ": r"$\hat y$",
        "y": "$y$",
    }[name]


def _lit(state: State) -> set[tuple[str, int, int]]:
    """The chosen entry, and what it is made of."""
    i, j = state.i, state.j
    if state.chosen == "∇W":
        return {("∇W", i, j), ("Diag", i, i), ("δ", i, 1), ("aᵀ", 1, j)}
    if state.chosen == "V":
        return {("V+", i, j), ("Wᵀ+", i, j), ("Diag+", j, j)}
    if state.ell == state.L:
        return {("δ", i, 1), ("ŷ", i, 1), ("y", i, 1)}
    after = range(1, state.mlp.sizes[state.ell + 1] + 1)
    made_of = [{("Wᵀ+", i, m), ("Diag+", m, m), ("V+", i, m), ("δ+", m, 1)} for m in after]
    return {("δ", i, 1)}.union(*made_of)


def _chosen_by(place: Place, L: int) -> dict[str, Any]:
    """The controls that a press on this place sets."""
    row, column = place.row, place.column
    sets: dict[str, dict[str, Any]] = {
        "layer": {"step": L - row},
        "∇W": {"entry": "∇W", "i": row, "j": column},
        "Diag": {"entry": "∇W", "i": row},
        "aᵀ": {"entry": "∇W", "j": column},
        "δ": {"entry": "δ", "i": row},
        "ŷ": {"entry": "δ", "i": row},
        "y": {"entry": "δ", "i": row},
        "V+": {"entry": "V", "i": row, "j": column},
        "Wᵀ+": {"entry": "V", "i": row, "j": column},
        "Diag+": {"entry": "V", "j": row},
        "δ+": {"entry": "V", "j": row},
    }
    return sets[place.name]


def _entry(state: State) -> Entry:
    """The scalar formula of the chosen entry, the slide's general equation at these indices."""
    if state.chosen == "∇W":
        return _weight_entry(state)
    if state.chosen == "V":
        return _v_entry(state)
    return _output_entry(state) if state.ell == state.L else _delta_entry(state)


def _weight_entry(state: State) -> Entry:
    """∂e/∂w_ij^ℓ = ∂e/∂z_i^ℓ a_j^{ℓ−1}, and ∂e/∂z_i^ℓ = φ'(z_i^ℓ) δ_i^ℓ."""
    ell, i, j, g = state.ell, state.i, state.j, state.example.gradients
    factors = [g.phi_prime[ell - 1][i - 1], g.delta[ell - 1][i - 1], state.example.forward.a[ell - 1][j - 1]]
    a = f"a_{j}^{ell - 1}" if ell > 1 else f"x_{j}"
    a_plain = f"a{_low(j)}{_up(ell - 1)}" if ell > 1 else f"x{_low(j)}"
    at = f"{_low(i)}{_up(ell)}"
    w, z = f"w_{{{i}{j}}}^{ell}", f"z_{i}^{ell}"
    tex = rf"{_slope(w)} = {_slope(z)}\,{a} = \varphi'({z})\,\delta_{i}^{ell}\,{a}"
    plain = f"∂e/∂w{_low(i)}{_low(j)}{_up(ell)} = φ'(z{at}) δ{at} {a_plain}"
    return Entry(tex, plain, _sum([factors]), float(np.prod(factors)))


def _v_entry(state: State) -> Entry:
    """Of V^{ℓ+1} = (W^{ℓ+1})ᵀ Diag(φ'^{ℓ+1}): the weight with its indices exchanged, times φ'."""
    up, i, j = state.ell + 1, state.i, state.j
    factors = [state.mlp.weights[up - 1][j - 1, i - 1], state.example.gradients.phi_prime[up - 1][j - 1]]
    tex = rf"\left(V^{up}\right)_{{{i}{j}}} = w_{{{j}{i}}}^{up}\,\varphi'(z_{j}^{up})"
    plain = f"entry ({i}, {j}) of V{_up(up)} = w{_low(j)}{_low(i)}{_up(up)} φ'(z{_low(j)}{_up(up)})"
    return Entry(tex, plain, _sum([factors]), float(np.prod(factors)))


def _delta_entry(state: State) -> Entry:
    """∂e/∂a_i^ℓ = Σ_m ∂e/∂z_m^{ℓ+1} w_mi^{ℓ+1}."""
    ell, up, i, g = state.ell, state.ell + 1, state.i, state.example.gradients
    products = list(zip(g.phi_prime[ell] * g.delta[ell], state.mlp.weights[ell][:, i - 1], strict=True))
    after = range(1, len(products) + 1)
    terms = " + ".join(rf"{_slope(f'z_{m}^{up}')}\,w_{{{m}{i}}}^{up}" for m in after)
    tex = rf"\delta_{i}^{ell} = {_slope(f'a_{i}^{ell}')} = {terms}"
    sums = " + ".join(f"∂e/∂z{_low(m)}{_up(up)} w{_low(m)}{_low(i)}{_up(up)}" for m in after)
    value = float(sum(de_dz * w for de_dz, w in products))
    return Entry(tex, f"δ{_low(i)}{_up(ell)} = {sums}", _sum(products), value)


def _output_entry(state: State) -> Entry:
    """δ_i^L, which depends on the error."""
    i, y_hat, y = state.i, state.example.forward.a[-1][state.i - 1], state.example.y[state.i - 1]
    value = float(state.example.gradients.delta[-1][i - 1])
    y_i = rf"\hat y_{i}"
    start = rf"\delta_{i}^{state.L} = {_slope(y_i)} = "
    plain = f"δ{_low(i)}{_up(state.L)} = "
    of_y_hat, of_y = draw.number(y_hat), draw.number(y)
    if state.mlp.error == "squared":
        tex, formula = rf"2\,(\hat y_{i} - y_{i})", f"2 (ŷ{_low(i)} − y{_low(i)})"
        return Entry(start + tex, plain + formula, f"2 ({of_y_hat} − {of_y})", value)
    tex = rf"\dfrac{{1-y_{i}}}{{1-\hat y_{i}}} - \dfrac{{y_{i}}}{{\hat y_{i}}}"
    formula = f"(1 − y{_low(i)})/(1 − ŷ{_low(i)}) − y{_low(i)}/ŷ{_low(i)}"
    numbers = f"(1 − {of_y})/(1 − {of_y_hat}) − {of_y}/{of_y_hat}"
    return Entry(start + tex, plain + formula, numbers, value)


def _slope(along: str) -> str:
    return rf"\dfrac{{\partial e}}{{\partial {along}}}"


def _sum(products: Sequence[Sequence[float]]) -> str:
    """Products and their sum with numbers, negative factors in brackets."""

    def written(value: float, first: bool) -> str:
        return draw.number(value) if first or value >= 0 else f"({draw.number(value)})"

    return " + ".join(
        " · ".join(written(value, first=not m and not k) for k, value in enumerate(product))
        for m, product in enumerate(products)
    )


def _up(ell: int) -> str:
    return "⁰¹²³⁴"[ell]


def _low(i: int) -> str:
    return "₀₁₂₃₄"[i]
