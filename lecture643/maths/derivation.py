"""Backpropagation on the slides' 2-2-2-1 network as a list of small steps, each with its formula.

A formula is a row of quantities with signs between them. The same row is written with symbols, written with
numbers, and says what is calculated. Nothing here calls `MLP.backprop`, so that the two can be held against
each other.

Slide: "GD/SGD for MLP: Sample-wise Gradient Computation".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lecture643.maths.checks import Floats
from lecture643.maths.network import ACTIVATIONS, MLP
from lecture643.maths.toy import sigmoid

SIZES = (2, 2, 2, 1)
L = len(SIZES) - 1


class Quantity(NamedTuple):
    """One number of the calculation. `i` counts the neurons of layer `ell`, `j` those of the layer before.

    kind: "w", "z", "a", "y", "e"; "φ'" for φ'(z); "∂a", "∂z", "∂w" for ∂e/∂a, ∂e/∂z, ∂e/∂w; "path" for what
    reaches a_j^{ℓ−1} from z_i^ℓ, over the weight w_ij^ℓ; "1−a" and "1+a".
    """

    kind: str
    ell: int = 0
    i: int = 0
    j: int = 0

    @property
    def weight(self) -> "Quantity":
        """The weight w_ij^ℓ of these indices."""
        return self._replace(kind="w")

    @property
    def tex(self) -> str:
        """The symbol for matplotlib, without the dollar signs."""
        return self._spelled(
            name=lambda base, low, up: f"{base}_{{{low}}}^{up}" if up else f"{base}_{low}",
            derivative=lambda of, by: rf"\dfrac{{\partial {of}}}{{\partial {by}}}",
            words={"ŷ": r"\hat y", "φ": r"\varphi", "·": r"\,"},
        )

    def __str__(self) -> str:
        """The symbol as plain text: ∂e/∂w₁₁²."""
        return self._spelled(
            name=lambda base, low, up: base + low.translate(_LOW) + up.translate(_UP),
            derivative=lambda of, by: f"∂{of}/∂{by}",
            words={"ŷ": "ŷ", "φ": "φ", "·": " · "},
        )

    def _spelled(
        self,
        name: Callable[[str, str, str], str],
        derivative: Callable[[str, str], str],
        words: dict[str, str],
    ) -> str:
        def activation(ell: int, i: int) -> str:
            if ell == L:
                return words["ŷ"]
            return name("a", str(i), str(ell)) if ell else name("x", str(i), "")

        ell, i, j = self.ell, self.i, self.j
        w, z = name("w", f"{i}{j}", str(ell)), name("z", str(i), str(ell))
        a, before = activation(ell, i), activation(ell - 1, j)
        return {
            "w": w,
            "z": z,
            "a": a,
            "y": "y",
            "e": "e",
            "φ'": f"{words['φ']}'({z})",
            "∂a": derivative("e", a),
            "∂z": derivative("e", z),
            "∂w": derivative("e", w),
            "path": f"{derivative('e', z)}{words['·']}{derivative(z, before)}",
            "1−a": f"(1 − {a})",
            "1+a": f"(1 + {a})",
        }[self.kind]


_UP = str.maketrans("0123", "⁰¹²³")
_LOW = str.maketrans("012", "₀₁₂")

Formula = tuple[Quantity | str, ...]
Values = dict[Quantity, float]

# The network and the sample that notebook 5 derives everything on: one where both paths to a₁¹ matter, with
# different signs.
EXAMPLE_WEIGHTS = ([[0.5, 0.3], [-0.4, 0.6]], [[1.0, -0.5], [2.0, 1.5]], [[2.0, -1.5]])
EXAMPLE_X, EXAMPLE_Y = (1.0, 2.0), 1.0

X = [Quantity("a", 0, j) for j in (1, 2)]
Y, PREDICTION, ERROR = Quantity("y"), Quantity("a", L, 1), Quantity("e")
WEIGHTS = [
    Quantity("w", ell, i, j)
    for ell in range(1, L + 1)
    for i in range(1, SIZES[ell] + 1)
    for j in range(1, SIZES[ell - 1] + 1)
]


@dataclass(frozen=True)
class Step:
    """`result` = `formula`; `words` say what it is. `rule` computes it, where it is no sum of products."""

    result: Quantity
    formula: Formula
    words: str
    forward: bool = False
    rule: Callable[[Values], float] | None = None

    def compute(self, values: Values) -> float:
        """The result from the values so far."""
        return self.rule(values) if self.rule else _sum_of_products(self.formula, values)

    @property
    def quantities(self) -> list[Quantity]:
        """The result, and then what it is made of."""
        return [self.result, *(q for q in self.formula if isinstance(q, Quantity))]


def steps(activation: str) -> list[Step]:
    """All steps for one sample: forward up to e, then backward to the weights of layer 1.

    activation: a name of `network.ACTIVATIONS`, for all layers.
    """
    return [*_forward(activation), *_backward(activation)]


def evaluate(steps: Sequence[Step], mlp: MLP, x: Floats, y: float) -> Values:
    """The value of every quantity, each computed by its step's formula from the values before it.

    mlp: of SIZES, without biases. x: (2,). y: the label.
    """
    values = {w: float(mlp.weights[w.ell - 1][w.i - 1, w.j - 1]) for w in WEIGHTS}
    values |= {Y: float(y)} | {q: float(x_j) for q, x_j in zip(X, x, strict=True)}
    for step in steps:
        values[step.result] = step.compute(values)
        if step.result.kind == "a":
            z = values[step.result._replace(kind="z")]
            for kind, value in _complements(mlp.activation[0], z).items():
                values[step.result._replace(kind=kind)] = value
    return values


def _forward(activation: str) -> Iterator[Step]:
    for ell in range(1, L + 1):
        for i in _neurons(ell):
            z, a = Quantity("z", ell, i), Quantity("a", ell, i)
            products = [[Quantity("w", ell, i, j), Quantity("a", ell - 1, j)] for j in _neurons(ell - 1)]
            yield Step(z, _sum(*products), f"what flows into neuron {i} of layer {ell}", forward=True)
            words = "the prediction" if ell == L else f"what neuron {i} of layer {ell} makes of it"
            yield Step(a, ("φ(", z, ")"), words, True, _apply(ACTIVATIONS[activation][0], z))
    words = "the error of this sample"
    yield Step(ERROR, ("(", PREDICTION, "−", Y, ")²"), words, True, lambda v: (v[PREDICTION] - v[Y]) ** 2)


def _backward(activation: str) -> Iterator[Step]:
    for ell in range(L, 0, -1):
        for i in _neurons(ell):
            yield from _to_activation(ell, i)
            z, phi_prime = Quantity("z", ell, i), Quantity("φ'", ell, i)
            words = f"the slope of φ in neuron {i} of layer {ell}"
            rule = _apply(ACTIVATIONS[activation][1], z)
            yield Step(phi_prime, _slope(activation, ell, i), words, rule=rule)
            chain = [Quantity("∂a", ell, i), phi_prime]
            yield Step(Quantity("∂z", ell, i), _sum(chain), f"back through φ of neuron {i}")
            if ell == 2:  # written out from ∂e/∂ŷ on, as on the slide
                chain = [Quantity("∂a", 3, 1), Quantity("φ'", 3, 1), Quantity("w", 3, 1, i), phi_prime]
            for j in _neurons(ell - 1):
                dw = Quantity("∂w", ell, i, j)
                yield Step(dw, _sum([*chain, Quantity("a", ell - 1, j)]), f"the slope of e along {dw.weight}")


def _to_activation(ell: int, i: int) -> Iterator[Step]:
    """The steps to ∂e/∂a_i^ℓ: one path back for each neuron of the next layer, then their sum."""
    wanted, after = Quantity("∂a", ell, i), ell + 1
    if ell == L:
        formula: Formula = ("2 (", PREDICTION, "−", Y, ")")
        yield Step(wanted, formula, "the error's own slope", rule=lambda v: 2 * (v[PREDICTION] - v[Y]))
        return
    products = [[Quantity("∂z", after, m), Quantity("w", after, m, i)] for m in _neurons(after)]
    if len(products) == 1:
        yield Step(wanted, _sum(*products), f"back over the weight to {Quantity('a', ell, i)}")
        return
    a, fed = Quantity("a", ell, i), " and ".join(str(Quantity("z", after, m)) for m in _neurons(after))
    paths = [Quantity("path", after, m, i) for m in _neurons(after)]
    for m, (path, product) in enumerate(zip(paths, products, strict=True), start=1):
        yield Step(path, _sum(product), f"{a} feeds {fed}: path {m} of {len(paths)}")
    yield Step(wanted, _sum(*([path] for path in paths)), f"{a} feeds {fed}: the paths add up")


def _slope(activation: str, ell: int, i: int) -> Formula:
    """φ'(z), from what is known already where it can be."""
    z, a, rest, more = (Quantity(kind, ell, i) for kind in ("z", "a", "1−a", "1+a"))
    formulas: dict[str, Formula] = {
        "sigmoid": (a, "·", rest),
        "tanh": (rest, "·", more),
        "relu": ("1 if ", z, " > 0, else 0"),
        "identity": ("1",),
    }
    return formulas[activation]


def _complements(activation: str, z: float) -> dict[str, float]:
    """1 − a and 1 + a with all their digits, also where a has rounded to ±1."""
    if activation == "sigmoid":
        return {"1−a": float(sigmoid(-z))}
    if activation == "tanh":  # tanh(z) = 2σ(2z) − 1
        return {"1−a": float(2 * sigmoid(-2 * z)), "1+a": float(2 * sigmoid(2 * z))}
    return {}


def _neurons(ell: int) -> range:
    return range(1, SIZES[ell] + 1)


def _sum(*products: Sequence[Quantity]) -> Formula:
    """A sum of products with its signs: w · a + w · a."""
    written: list[Quantity | str] = []
    for product in products:
        for q in product:
            written += [q, "·"]
        written[-1] = "+"
    return tuple(written[:-1])


def _sum_of_products(formula: Formula, values: Values) -> float:
    total, product = 0.0, 1.0
    for item in formula:
        if isinstance(item, Quantity):
            product *= values[item]
        elif item == "+":
            total, product = total + product, 1.0
    return total + product


def _apply(function: Callable[[Floats], Floats], z: Quantity) -> Callable[[Values], float]:
    return lambda values: float(function(np.asarray(values[z])))
