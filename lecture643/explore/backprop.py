"""Backpropagation on the network diagram: one number at a time, there and back, and a check on every edge."""

from dataclasses import dataclass
from typing import Any

from lecture643.live import Play, Pointer, View, choice, number
from lecture643.live.several import Several
from lecture643.live.small_network import (
    Changes,
    NetworkSettings,
    StepNumber,
    declared,
    known_weights,
    network_of,
    outputs,
)
from lecture643.maths.derivation import Network, example, steps
from lecture643.maths.quantity import Quantity
from lecture643.maths.tour import Tour, computed
from lecture643.picture.diagram import in_pixels
from lecture643.picture.figure import LiveFigure
from lecture643.picture.lettering import Texts
from lecture643.picture.mosaic import Mosaic
from lecture643.picture.tour import Diagram, below

LIMIT = 5.0
PER_PIXEL = 0.02  # how far a drag moves a number


def _output(s: Any) -> str:
    last: str = s.activation[-1] if isinstance(s.activation, tuple) else s.activation
    return "sigmoid" if s.error == "cross-entropy" else last


def _reach(s: Any) -> float:
    return max(LIMIT, abs(known_weights(s)[s.weight]))


@dataclass(frozen=True)
class BackpropSettings(NetworkSettings):
    """A network, a sample, a step, and the weight on the slider."""

    output: str = choice(
        "φ of ŷ",
        _output,
        outputs,
        resets_with=["activation"],
        secondary=True,
        meaning="φ of the last layer, where it is another one",
    )
    step: int = declared(
        StepNumber(
            label="step",
            default=0,
            low=0,
            high=lambda s: len(steps(network_of(s))) + 1,
            play=Play(interval=1500, jumps=True),
            meaning='a number or what is computed there, such as "∂e/∂w₁₁³"',
        )
    )
    x: tuple[float, ...] = declared(
        Several(
            label="x",
            names=lambda s: [str(q) for q in network_of(s).inputs],
            default=lambda s: example(network_of(s), s.seed)[1],
            low=-LIMIT,
            high=LIMIT,
            step=0.1,
            resets_with=["sizes", "seed"],
            meaning="the sample's inputs",
        )
    )
    y: tuple[float, ...] = declared(
        Several(
            label="y",
            names=lambda s: [str(q) for q in network_of(s).labels],
            default=lambda s: example(network_of(s), s.seed)[2],
            low=0,
            high=1,
            resets_with=["sizes", "seed"],
            meaning="and its labels",
        )
    )
    weight: str = choice(
        "weight",
        lambda s: str(Quantity("w", len(s.sizes) - 1, 1, 1)),
        lambda s: list(map(str, network_of(s).weights)),
        resets_with=["sizes"],
        meaning='the one that has the slider, such as "w₁₁³"',
    )
    weights: tuple[tuple[str, float], ...] = declared(
        Changes(default=(), resets_with=["sizes", "seed"], meaning='other weights: {"w₁₁³": 2.5}, or W¹, …')
    )
    value: float = number(
        "its value",
        lambda s: known_weights(s)[s.weight],
        lambda s: -_reach(s),
        _reach,
        resets_with=["weight", "weights", "sizes", "seed"],
        meaning="of that weight",
    )


class Backprop(View[BackpropSettings, Tour]):
    """Step through both passes (slide "GD/SGD for MLP: Sample-wise Gradient Computation").

    Every step computes one number. It lights up with all that it is made of. Below stands the slide's
    formula, once with symbols and once with numbers. Solid and dark is the way forward, dashed and lighter
    the way back. ✓ at a weight: its ∂e/∂w from the formulas equals the central difference. Press a number to
    go to the step that computes it. Press a weight to select it, and drag it to the side to change it; the
    paths that it feeds are dark.
    """

    panels = Mosaic(
        "diagram / formula",
        size=(1000, 610),
        heights=(410, 200),
        bare=["diagram", "formula"],
        stacked={"diagram": 0.95, "formula": 0.5},
    )
    actions = {"layer_back": "◀ layer", "neuron_back": "◀ neuron", "neuron": "neuron ▶", "layer": "layer ▶"}

    def layer(self) -> None:
        """To the next layer."""
        self.set(step=self.state.jumped(2, 1))

    def layer_back(self) -> None:
        """To the layer before."""
        self.set(step=self.state.jumped(2, -1))

    def neuron(self) -> None:
        """To the next neuron."""
        self.set(step=self.state.jumped(3, 1))

    def neuron_back(self) -> None:
        """To the neuron before."""
        self.set(step=self.state.jumped(3, -1))

    # --- the picture ----------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        self.canvas, self.below = live.axes("diagram"), live.axes("formula")
        self.room, self.formula = in_pixels(self.below), Texts(self.below)
        self._lay_out(network_of(self.settings))
        self._held: tuple[str, int, float, float] | None = None  # setting, place in it, its value, where
        self._moves = False

    def _lay_out(self, network: Network) -> None:
        self.diagram = Diagram(self.canvas, network, self.live.style)
        self.live.moving(*self.diagram.moving, self.formula)

    def compute(self, settings: BackpropSettings) -> Tour:
        network, weights = network_of(settings), known_weights(settings) | {settings.weight: settings.value}
        selected = next(w for w in network.weights if str(w) == settings.weight)
        numbers = computed(network, tuple(weights.values()), settings.x, settings.y)
        return Tour(network, settings.step, selected, numbers)

    def draw(self, state: Tour) -> None:
        if not self.diagram.fits(state.network):
            self.live.start_over()
            self._lay_out(state.network)
        self.diagram.show(state)
        self.formula.write([*below(state, *self.room, self.live.style.font)])

    def sentence(self, state: Tour) -> str:
        return state.sentence

    # --- the hand -------------------------------------------------------------------------------

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """A press goes to the step, or selects the weight; a drag to the side changes a weight, x or y."""
        if pointer.panel != "diagram":
            return {}
        if pointer.begins:
            q = self.diagram.at(pointer.x, pointer.y)
            self._held = self._grasped(q, pointer.x) if q else None
            return self._pressed(q) if q else {}
        if self._held is None or (abs(pointer.x - self._held[3]) < 3 and not self._moves):
            return {}
        self._moves = True
        name, place, value, x = self._held
        value += PER_PIXEL * (pointer.x - x)
        now = getattr(self.settings, name)
        return {name: (*now[:place], value, *now[place + 1 :]) if isinstance(now, tuple) else value}

    def _pressed(self, q: Quantity) -> dict[str, Any]:
        results = [step.result for step in self.state.steps]
        moves: dict[str, Any] = {"step": results.index(q) + 1} if q in results else {}
        return moves | ({"weight": str(q.weight)} if q.kind in ("w", "∂w", "b", "∂b") else {})

    def _grasped(self, q: Quantity, x: float) -> tuple[str, int, float, float] | None:
        """What a drag that begins at this number changes."""
        net, self._moves = self.state.network, False
        for name, numbers in (("value", [q] if q.kind in "wb" else []), ("x", net.inputs), ("y", net.labels)):
            if q in numbers:
                return name, numbers.index(q), self.state.values[q], x
        return None
