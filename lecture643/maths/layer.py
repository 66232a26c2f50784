"""One layer on the way back, in matrices: what stands in the general equations, and each entry's formula."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lecture643.maths.checks import Floats
from lecture643.maths.derivation import Network, Step, evaluate, example, formula_of
from lecture643.maths.network import MLP, Forward, Gradients, MLPProblem, numerical_gradient
from lecture643.maths.quantity import TEX, Formula, Quantity, Values, in_numbers, spell, told
from lecture643.maths.text import number, superscript, vector

KINDS = {"∇W": "∂w", "∇b": "∂b", "δ": "δ", "V": "V"}


class Example(NamedTuple):
    """A network with one sample, and all that the two passes compute."""

    mlp: MLP
    y: Floats
    forward: Forward
    gradients: Gradients
    central: MLP  # ∇W^ℓ and ∇b^ℓ by central differences, in the places of W^ℓ and b^ℓ
    values: Values


@lru_cache(maxsize=64)
def computed(network: Network, seed: int) -> Example:
    """The example of `seed` with all its numbers."""
    mlp, x, y = example(network, seed)
    problem = MLPProblem(mlp.sizes, [x], [y], mlp.activation, mlp.error, network.biases)
    central = problem.network(numerical_gradient(problem.error, problem.flatten(mlp)))
    return Example(mlp, y, mlp.forward(x), mlp.backprop(x, y), central, evaluate(mlp, x, y))


@dataclass(frozen=True)
class Layer:
    """One layer ℓ of the example, and one entry of ∇W^ℓ, ∇b^ℓ, δ^ℓ or V^{ℓ+1}."""

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
        """Whether ∇W^ℓ and ∇b^ℓ equal their central differences."""
        at, g, central = self.ell - 1, self.example.gradients, self.example.central
        pairs = [(g.weights[at], central.weights[at])]
        pairs += [(g.biases[at], central.biases[at])] if central.biases else []
        return all(np.allclose(*pair, rtol=1e-6, atol=1e-8) for pair in pairs)

    def matrices(self) -> dict[str, Floats]:
        """All that is drawn, by name; "+" marks what belongs to layer ℓ + 1."""
        ell, g, a = self.ell, self.example.gradients, self.example.forward.a
        own = {
            "∇W": g.weights[ell - 1],
            "Diag": np.diag(g.phi_prime[ell - 1]),
            "δ": g.delta[ell - 1][:, np.newaxis],
            "aᵀ": a[ell - 1][np.newaxis],
        }
        if self.mlp.biases:
            own["∇b"] = g.biases[ell - 1][:, np.newaxis]
        if ell == self.L:
            return own | {"ŷ": a[ell][:, np.newaxis], "y": self.example.y[:, np.newaxis]}
        return own | {
            "Wᵀ+": self.mlp.weights[ell].T,
            "Diag+": np.diag(g.phi_prime[ell]),
            "δ+": g.delta[ell][:, np.newaxis],
            "V+": g.V[ell],
        }

    @property
    def formula(self) -> Step:
        """The scalar formula of the chosen entry."""
        ell = self.ell + (self.chosen == "V")
        return formula_of(Quantity(KINDS[self.chosen], ell, self.i, self.j), Network.of(self.mlp))

    @property
    def numbers(self) -> str:
        """The same with numbers."""
        step, values = self.formula, self.example.values
        return f"{told(in_numbers(step.formula, values))} = {number(step.compute(values))}"

    @property
    def tex(self) -> str:
        """The same for matplotlib, and between its sides what the result is by another name."""
        step, q = self.formula, self.formula.result
        dz, last = q._replace(kind="∂z", j=0), self.ell == self.L
        also: dict[str, Formula] = {
            "∂w": (dz, "·", Quantity("a", q.ell - 1, q.j), "="),
            "∂b": (dz, "="),
            "δ": (q._replace(kind="∂ŷ" if last else "∂a"), "="),
        }
        return spell((q, "=", *also.get(q.kind, ()), *step.formula), TEX)

    @property
    def lit(self) -> set[tuple[str, int, int]]:
        """The chosen entry, and what it is made of: (matrix, row, column)."""
        i, j, chosen = self.i, self.j, self.chosen
        if chosen in ("∇W", "∇b"):
            return {(chosen, i, j), ("Diag", i, i), ("δ", i, 1)} | (
                {("aᵀ", 1, j)} if chosen == "∇W" else set()
            )
        if chosen == "V":
            return {("V+", i, j), ("Wᵀ+", i, j), ("Diag+", j, j)}
        if self.ell == self.L:
            return {("δ", i, 1), ("ŷ", i, 1), ("y", i, 1)}
        after = range(1, self.mlp.sizes[self.ell + 1] + 1)
        made_of = [{("Wᵀ+", i, m), ("Diag+", m, m), ("V+", i, m), ("δ+", m, 1)} for m in after]
        return {("δ", i, 1)}.union(*made_of)

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        up, step, biases = superscript(self.ell), self.formula, self.mlp.biases
        delta = vector(self.example.gradients.delta[self.ell - 1])
        network = f"the {'-'.join(map(str, self.mlp.sizes))} network, {self.mlp.error} error"
        named = f"∇W{up} and ∇b{up}" if biases else f"∇W{up}"
        verb = "equal" if biases else "equals"
        if not self.agrees:
            verb = "do not equal" if biases else "does not equal"
        return (
            f"Layer {self.ell} of {network}: δ{up} = {delta}; "
            f"{spell((step.result, '=', *step.formula), times=' ')} = {self.numbers}; "
            f"{named} {verb} {'their' if biases else 'its'} central differences."
        )
