"""A tour through the steps of backpropagation: what is known so far, whether it is right, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from lecture643.maths.derivation import ERROR, Network, Step, evaluate, steps
from lecture643.maths.network import MLPProblem
from lecture643.maths.quantity import Formula, Quantity, Values, in_numbers, spell, told
from lecture643.maths.text import counted, listed, number, vector

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


@dataclass(frozen=True)
class Numbers:
    """Every quantity, ∂e/∂w also by central differences, and how far those may be off."""

    values: Values
    central: dict[Quantity, float]
    doubt: dict[Quantity, float]

    def agrees(self, dw: Quantity) -> bool:
        """Whether the hand-derived ∂e/∂w equals the central difference."""
        rounding = 1e-8 + 1e-10 * abs(self.values[ERROR])
        allowed = 1e-6 * abs(self.values[dw]) + rounding + self.doubt[dw]
        return abs(self.values[dw] - self.central[dw]) <= allowed


@lru_cache(maxsize=64)
def computed(net: Network, weights: tuple[float, ...], x: tuple[float, ...], y: tuple[float, ...]) -> Numbers:
    """The numbers for weights in the order of `net.weights` and a sample (x, y)."""
    problem = MLPProblem(net.sizes, [x], [y], net.activations, net.error, net.biases)
    w = np.array(weights)
    h = np.diag(1e-5 * np.maximum(1.0, np.abs(w)))
    ahead, back = (w + sign * np.stack([h, 2 * h]) for sign in (1, -1))
    width = np.diagonal(ahead - back, axis1=1, axis2=2)  # not 2h: w ± h has been rounded
    near, far = (problem.error(ahead) - problem.error(back)) / width
    slopes = [q._replace(kind="∂" + q.kind) for q in net.weights]
    values = evaluate(problem.network(w), np.array(x), np.array(y))
    # With a step twice as wide a quotient is off by four times as much.
    doubt = dict(zip(slopes, np.abs(far - near).tolist(), strict=True))
    return Numbers(values, dict(zip(slopes, near.tolist(), strict=True)), doubt)


@dataclass(frozen=True)
class Tour:
    """How far the calculation has come.

    done: steps taken; one more than there are shows the whole gradient. selected: the weight to be moved.
    """

    network: Network
    done: int
    selected: Quantity
    numbers: Numbers

    @property
    def values(self) -> Values:
        """All values, also those to come."""
        return self.numbers.values

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All of them."""
        return steps(self.network)

    @cached_property
    def step(self) -> Step | None:
        """The step shown; None at the start and at the end."""
        return self.steps[self.done - 1] if 0 < self.done <= len(self.steps) else None

    @cached_property
    def lit(self) -> list[Quantity]:
        """What the step computes, and what that is made of."""
        return self.step.quantities if self.step else []

    @property
    def forward(self) -> bool:
        """Whether it is on the way forward."""
        return self.step.forward if self.step else not self.done

    @cached_property
    def known(self) -> set[Quantity]:
        """What is given and what has been computed so far."""
        net = self.network
        return {*net.weights, *net.inputs, *net.labels, *(step.result for step in self.steps[: self.done])}

    def agrees(self, dw: Quantity) -> bool:
        """Whether the hand-derived ∂e/∂w equals the central difference."""
        return self.numbers.agrees(dw)

    def jumped(self, parts: int, way: int) -> int:
        """The first step of the next layer (parts = 2) or neuron (3), or of the one before (way = −1)."""
        groups = [None, *(step.group[:parts] for step in self.steps), None]
        begins = [k for k in range(len(groups)) if not k or groups[k] != groups[k - 1]]
        return next((k for k in begins[::way] if (k - self.done) * way > 0), self.done)

    # --- in words ---------------------------------------------------------------------------------

    def shown(self, q: Quantity) -> str:
        """The number of q as it stands in the diagram, ∂e/∂w with its check; empty while it is not known."""
        path = q._replace(kind="path")
        if q.kind == "∂w" and path in self.lit:
            return f"← {number(self.values[path])}"
        if q not in self.known:
            return ""
        written = number(self.values[q])
        return f"{written} {'✓' if self.agrees(q) else '≠'}" if q.kind in ("∂w", "∂b") else written

    @property
    def formula(self) -> Formula:
        """The step's formula with its result."""
        return (self.step.result, "=", *self.step.formula) if self.step else ()

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        v, net = self.values, self.network
        if self.step:
            numbers = told(in_numbers(self.formula, v)[1:]) if self.step.result.kind != "∂b" else ""
            said = f"{self.headline.capitalize()}; {spell(self.formula)}{numbers}"
            return "; ".join(filter(None, (f"{said} = {number(v[self.step.result])}", self.remark))) + "."
        if not self.done:
            sample = f"x = {self._listed(net.inputs)}, y = {self._listed(net.labels)}"
            return (
                f"The start: {sample}, φ is {_phi(net)}, and there are {_weights(net)}, among them "
                f"{self.selected} = {number(v[self.selected])}; {len(self.steps)} steps follow, forward to e "
                f"and back to every {_slopes(net)}."
            )
        central = self.numbers.central
        dw = max(central, key=lambda q: abs(v[q]))
        return (
            f"ŷ = {self._listed(net.outputs)}, e = {number(v[ERROR])}, and all {counted(len(central))} "
            f"{_slopes(net)} are known; the largest in size is {dw} = {number(v[dw])}. {self.verdict}."
        )

    @property
    def headline(self) -> str:
        """What happens."""
        if self.step:
            direction = "forward" if self.forward else "backward"
            return f"step {self.done} of {len(self.steps)}, {direction}: {self.step.words}"
        if self.done:
            return "the whole gradient, there and back"
        return f"a sample and {_weights(self.network)}; wanted: every {_slopes(self.network)}"

    @property
    def remark(self) -> str:
        """What there is to add: the check of a ∂e/∂w, or which φ it is."""
        step, phis = self.step, self.network.activations
        if not step:
            return self.verdict if self.done else f"φ is {_phi(self.network)}"
        q = step.result
        if q.kind in ("∂w", "∂b"):
            return f"by central difference {number(self.numbers.central[q])} {'✓' if self.agrees(q) else '≠'}"
        if q.kind == "φ'":
            return SLOPE[phis[q.ell - 1]]
        if q.kind == "∂z" and step.rule:
            return "φ' = ŷ (1 − ŷ) cancels against the fractions of ∂e/∂ŷ"
        return f"φ is {PHI[phis[q.ell - 1]]}" if q.kind in ("a", "ŷ") else ""

    @property
    def verdict(self) -> str:
        """Whether every ∂e/∂w equals its central difference."""
        odd = [str(dw) for dw in self.numbers.central if not self.agrees(dw)]
        if not odd:
            return f"All {counted(len(self.numbers.central))} equal their central differences ✓"
        comes = "comes" if len(odd) == 1 else "come"
        return (
            f"By central differences {', '.join(odd)} {comes} out otherwise: a ReLU stands at its kink, z = 0"
        )

    def _listed(self, quantities: Sequence[Quantity]) -> str:
        values = [self.values[q] for q in quantities]
        return vector(values) if quantities[0].i else number(values[0])


def _phi(net: Network) -> str:
    """Which φ the network has."""
    if len(set(net.activations)) == 1:
        return PHI[net.activations[0]]
    return listed(
        [f"{PHI[name].split(',')[0]} in layer {ell}" for ell, name in enumerate(net.activations, 1)]
    )


def _weights(net: Network) -> str:
    biases = sum(q.kind == "b" for q in net.weights)
    weights = len(net.weights) - biases
    parts = [
        f"{counted(weights)} weight{'s' * (weights > 1)}",
        f"{counted(biases)} bias{'es' * (biases > 1)}",
    ]
    return " and ".join(parts[: 1 + net.biases])


def _slopes(net: Network) -> str:
    return "∂e/∂w and ∂e/∂b" if net.biases else "∂e/∂w"
