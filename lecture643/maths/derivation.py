"""Backpropagation on any small network as a list of small steps, each with its formula.

Nothing here calls `MLP.backprop`, so that the two can be held against each other.

Slide: "GD/SGD for MLP: Sample-wise Gradient Computation".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Self

import numpy as np

from lecture643.maths.checks import Floats, integer
from lecture643.maths.network import ACTIVATIONS, MLP
from lecture643.maths.quantity import Formula, Item, Quantity, Ratio, Values
from lecture643.maths.text import listed
from lecture643.maths.toy import sigmoid

# The network and the sample that notebook 5 derives everything on: one where both paths to a₁¹ matter, with
# different signs.
SIZES = (2, 2, 2, 1)
EXAMPLE_WEIGHTS = ([[0.5, 0.3], [-0.4, 0.6]], [[1.0, -0.5], [2.0, 1.5]], [[2.0, -1.5]])
EXAMPLE_X, EXAMPLE_Y = (1.0, 2.0), 1.0
MOST = 4  # layers, and neurons in each

ERROR = Quantity("e")


@dataclass(frozen=True)
class Network:
    """What decides on the steps: N_0, …, N_L, a φ for each layer, whether there are biases, and the error."""

    sizes: tuple[int, ...] = SIZES
    activations: tuple[str, ...] = ("sigmoid",) * 3
    biases: bool = False
    error: str = "squared"

    @classmethod
    def of(cls, mlp: MLP) -> Self:
        """That of a given network."""
        return cls(mlp.sizes, tuple(mlp.activation), mlp.biases is not None, mlp.error)

    @property
    def L(self) -> int:
        """The number of layers."""
        return len(self.sizes) - 1

    def neurons(self, ell: int) -> range:
        """1, …, N_ℓ."""
        return range(1, self.sizes[ell] + 1)

    def a(self, ell: int, i: int, kind: str = "") -> Quantity:
        """a_i^ℓ, which is ŷ in the last layer, without an index where it is the only one.

        kind: "∂", "1−" or "1+" for ∂e/∂a, 1 − a and 1 + a.
        """
        if ell < self.L:
            return Quantity(f"{kind}a", ell, i)
        return Quantity(f"{kind}ŷ", ell, i if self.sizes[ell] > 1 else 0)

    def y(self, i: int) -> Quantity:
        """The label of output i."""
        return Quantity("y", 0, i if self.sizes[-1] > 1 else 0)

    @property
    def inputs(self) -> list[Quantity]:
        """x_1, …"""
        return [Quantity("a", 0, j) for j in self.neurons(0)]

    @property
    def outputs(self) -> list[Quantity]:
        """ŷ, or ŷ_1, …"""
        return [self.a(self.L, i) for i in self.neurons(self.L)]

    @property
    def labels(self) -> list[Quantity]:
        """y, or y_1, …"""
        return [self.y(i) for i in self.neurons(self.L)]

    @cached_property
    def weights(self) -> list[Quantity]:
        """W^1 row by row, W^2, …, and then the biases b^1, … if there are any: the order of `MLPProblem`."""
        layers = range(1, self.L + 1)
        weights = [
            Quantity("w", ell, i, j)
            for ell in layers
            for i in self.neurons(ell)
            for j in self.neurons(ell - 1)
        ]
        biases = [Quantity("b", ell, i) for ell in layers for i in self.neurons(ell)]
        return weights + (biases if self.biases else [])


def small_sizes(name: str, sizes: Any) -> tuple[int, ...]:
    """N_0, …, N_L of a network that is small enough to be written out; else ValueError."""
    sizes = tuple(integer(f"{name}[{at}]", n, 1, MOST) for at, n in enumerate(sizes))
    integer("the number of layers", len(sizes) - 1, 1, MOST)
    return sizes


@lru_cache(maxsize=64)
def example(network: Network, seed: int) -> tuple[MLP, Floats, Floats]:
    """A network of these sizes with round weights, and a sample (x, y) for it. Seed 0: the lecture's own."""
    sizes, rng = network.sizes, np.random.default_rng(seed)
    if seed == 0 and sizes == SIZES:
        weights, x, y = [np.array(W) for W in EXAMPLE_WEIGHTS], np.array(EXAMPLE_X), np.array([EXAMPLE_Y])
    else:
        weights = [np.round(W, 1) for W in MLP.random(sizes, seed, scale=1.0).weights]
        x, y = np.round(rng.uniform(-2, 2, sizes[0]), 1), rng.integers(0, 2, sizes[-1]).astype(float)
    biases = [np.round(rng.uniform(-1, 1, n), 1) for n in sizes[1:]] if network.biases else None
    return MLP(weights, biases, network.activations, network.error), x, y


@dataclass(frozen=True)
class Step:
    """`result` = `formula`; `words` say what it is. `rule` computes it, where it is no sum of products.

    ell, i: the neuron that the step belongs to; layer L + 1 is the error.
    """

    result: Quantity
    formula: Formula
    words: str
    ell: int
    i: int
    forward: bool = False
    rule: Callable[[Values], float] | None = None

    @property
    def group(self) -> tuple[bool, int, int]:
        """Steps with the same are those of one neuron on one way."""
        return self.forward, self.ell, self.i

    def compute(self, values: Values) -> float:
        """The result from the values so far."""
        return self.rule(values) if self.rule else _sum_of_products(self.formula, values)

    @property
    def quantities(self) -> list[Quantity]:
        """The result, and then what it is made of."""
        return [self.result, *_quantities(self.formula)]


@lru_cache(maxsize=256)
def steps(network: Network) -> tuple[Step, ...]:
    """All steps for one sample: forward up to e, then backward to the weights of layer 1."""
    return (*_forward(network), *_backward(network))


def evaluate(mlp: MLP, x: Floats, y: Floats) -> Values:
    """The value of every quantity, each computed by its step's formula from the values before it.

    x: (N_0,). y: (N_L,). δ is there too, under its own name.
    """
    network = Network.of(mlp)
    parameters = [*mlp.weights, *(mlp.biases or [])]
    values = dict(zip(network.weights, map(float, np.concatenate([*map(np.ravel, parameters)])), strict=True))
    given = zip([*network.inputs, *network.labels], map(float, [*x, *y]), strict=True)
    values |= given
    for step in steps(network):
        q = step.result
        values[q] = step.compute(values)
        if q.kind in ("a", "ŷ"):
            z = values[Quantity("z", q.ell, step.i)]
            for kind, value in _complements(network.activations[q.ell - 1], z).items():
                values[q._replace(kind=kind + q.kind)] = value
        elif q.kind in ("∂a", "∂ŷ"):
            values[Quantity("δ", q.ell, step.i)] = values[q]
    for q in [q for q in values if q.kind in ("y", "ŷ", "1−ŷ") and not q.i]:
        values[q._replace(i=1)] = values[q]  # with its index too, for `formula_of`
    return values


def formula_of(q: Quantity, network: Network) -> Step:
    """The slide's general equation for an entry of a matrix: ∂e/∂w_ij^ℓ, ∂e/∂b_i^ℓ, δ_i^ℓ or V_ij^ℓ."""
    ell, i, j = q.ell, q.i, q.j
    if q.kind == "V":  # (W^ℓ)ᵀ Diag(φ'^ℓ)
        return Step(q, _sum([Quantity("w", ell, j, i), Quantity("φ'", ell, j)]), "", ell, i)
    if q.kind == "δ" and ell == network.L:
        formula, rule = _error_slope(network, Quantity("ŷ", ell, i), Quantity("y", 0, i))
        return Step(q, formula, "", ell, i, rule=rule)
    if q.kind == "δ":
        after = [[Quantity("∂z", ell + 1, m), Quantity("w", ell + 1, m, i)] for m in network.neurons(ell + 1)]
        return Step(q, _sum(*after), "", ell, i)
    chain = [Quantity("φ'", ell, i), Quantity("δ", ell, i)]
    fed = [Quantity("a", ell - 1, j)] if q.kind == "∂w" else []
    return Step(q, _sum([*chain, *fed]), "", ell, i)


def _forward(net: Network) -> Iterator[Step]:
    for ell in range(1, net.L + 1):
        for i in net.neurons(ell):
            z, a = Quantity("z", ell, i), net.a(ell, i)
            fed = [[Quantity("w", ell, i, j), Quantity("a", ell - 1, j)] for j in net.neurons(ell - 1)]
            bias = [[Quantity("b", ell, i)]] if net.biases else []
            yield Step(z, _sum(*fed, *bias), f"what flows into neuron {i} of layer {ell}", ell, i, True)
            words = f"what neuron {i} of layer {ell} makes of it"
            if ell == net.L:
                words = f"the prediction {a}" if a.i else "the prediction"
            yield Step(
                a, ("φ(", z, ")"), words, ell, i, True, _apply(ACTIVATIONS[net.activations[ell - 1]][0], z)
            )
    yield _error(net)


def _backward(net: Network) -> Iterator[Step]:
    for ell in range(net.L, 0, -1):
        for i in net.neurons(ell):
            yield from _to_activation(net, ell, i)
            z, phi_prime = Quantity("z", ell, i), Quantity("φ'", ell, i)
            words = f"the slope of φ in neuron {i} of layer {ell}"
            slope = _apply(ACTIVATIONS[net.activations[ell - 1]][1], z)
            yield Step(phi_prime, _slope(net, ell, i), words, ell, i, rule=slope)
            yield _through_phi(net, ell, i)
            for j in net.neurons(ell - 1):
                dw, a = Quantity("∂w", ell, i, j), Quantity("a", ell - 1, j)
                yield Step(dw, _sum([*_chain(net, ell, i), a]), f"the slope of e along {dw.weight}", ell, i)
            if net.biases:
                db, dz = Quantity("∂b", ell, i), Quantity("∂z", ell, i)
                yield Step(db, (dz,), f"the slope of e along {db.weight}", ell, i)


def _through_phi(net: Network, ell: int, i: int) -> Step:
    """To ∂e/∂z. In the cross-entropy's φ' cancels against the fractions, which may overflow."""
    dz, phi_prime = Quantity("∂z", ell, i), Quantity("φ'", ell, i)
    if ell < net.L or net.error == "squared":
        return Step(dz, _sum([net.a(ell, i, "∂"), phi_prime]), f"back through φ of neuron {i}", ell, i)
    a, rest, y = net.a(ell, i), net.a(ell, i, "1−"), net.y(i)
    words = f"back through φ of neuron {i}, where φ' cancels"
    return Step(dz, (a, "−", y), words, ell, i, rule=lambda v: (1 - v[y]) * v[a] - v[y] * v[rest])


def _to_activation(net: Network, ell: int, i: int) -> Iterator[Step]:
    """The steps to ∂e/∂a_i^ℓ: one path back for each neuron of the next layer, then their sum."""
    wanted, a, after = net.a(ell, i, "∂"), net.a(ell, i), ell + 1
    if ell == net.L:
        formula, rule = _error_slope(net, a, net.y(i))
        yield Step(wanted, formula, "the error's own slope", ell, i, rule=rule)
        return
    products = [[Quantity("∂z", after, m), Quantity("w", after, m, i)] for m in net.neurons(after)]
    if len(products) == 1:
        yield Step(wanted, _sum(*products), f"back over the weight to {a}", ell, i)
        return
    fed = listed([str(Quantity("z", after, m)) for m in net.neurons(after)])
    paths = [Quantity("path", after, m, i) for m in net.neurons(after)]
    for m, (path, product) in enumerate(zip(paths, products, strict=True), start=1):
        yield Step(path, _sum(product), f"{a} feeds {fed}: path {m} of {len(paths)}", ell, i)
    yield Step(wanted, _sum(*([path] for path in paths)), f"{a} feeds {fed}: the paths add up", ell, i)


def _chain(net: Network, ell: int, i: int) -> list[Quantity]:
    """What makes ∂e/∂z_i^ℓ, written out from ∂e/∂ŷ on, as on the slide, while there is one path only."""
    phi_prime = Quantity("φ'", ell, i)
    if ell < net.L and set(net.sizes[ell + 1 :]) == {1}:
        return [*_chain(net, ell + 1, 1), Quantity("w", ell + 1, 1, i), phi_prime]
    if ell == net.L and net.error == "cross-entropy":
        return [Quantity("∂z", ell, i)]
    return [net.a(ell, i, "∂"), phi_prime]


def _error(net: Network) -> Step:
    """e, a sum over the outputs."""
    formula: list[Item] = []
    for i, a, y in zip(net.neurons(net.L), net.outputs, net.labels, strict=True):
        if net.error == "squared":
            formula += ["+" if i > 1 else "", "(", a, "−", y, ")²"]
        else:
            rest = net.a(net.L, i, "1−")
            formula += [
                "−" if i > 1 else "",
                "(" if i > 1 else "−(",
                y,
                " ln ",
                a,
                "+",
                "(1 − ",
                y,
                ") ln ",
                rest,
                ")",
            ]

    def rule(v: Values) -> float:
        pairs = zip(net.neurons(net.L), net.outputs, net.labels, strict=True)
        if net.error == "squared":
            return sum((v[a] - v[y]) ** 2 for _, a, y in pairs)
        z = {i: v[Quantity("z", net.L, i)] for i in net.neurons(net.L)}  # −ln σ(z) = ln(1 + e^{−z})
        return sum(
            float(v[y] * np.logaddexp(0, -z[i]) + (1 - v[y]) * np.logaddexp(0, z[i])) for i, _, y in pairs
        )

    words = "the error of this sample"
    return Step(ERROR, tuple(filter(None, formula)), words, net.L + 1, 1, forward=True, rule=rule)


def _error_slope(net: Network, a: Quantity, y: Quantity) -> tuple[Formula, Callable[[Values], float]]:
    """∂e/∂ŷ."""
    if net.error == "squared":
        return ("2 (", a, "−", y, ")"), lambda v: 2 * (v[a] - v[y])
    rest = a._replace(kind="1−ŷ")
    return (
        Ratio(("1 − ", y), (rest,)),
        "−",
        Ratio((y,), (a,)),
    ), lambda v: _fraction(1 - v[y], v[rest]) - _fraction(v[y], v[a])


def _slope(net: Network, ell: int, i: int) -> Formula:
    """φ'(z), from what is known already where it can be."""
    z, a, rest, more = Quantity("z", ell, i), *(net.a(ell, i, kind) for kind in ("", "1−", "1+"))
    formulas: dict[str, Formula] = {
        "sigmoid": (a, "·", rest),
        "tanh": (rest, "·", more),
        "relu": ("1 if ", z, " > 0, else 0"),
        "identity": ("1",),
    }
    return formulas[net.activations[ell - 1]]


def _complements(activation: str, z: float) -> dict[str, float]:
    """1 − a and 1 + a with all their digits, also where a has rounded to ±1."""
    if activation == "sigmoid":
        return {"1−": float(sigmoid(-z))}
    if activation == "tanh":  # tanh(z) = 2σ(2z) − 1
        return {"1−": float(2 * sigmoid(-2 * z)), "1+": float(2 * sigmoid(2 * z))}
    return {}


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


def _quantities(formula: Formula) -> Iterator[Quantity]:
    for item in formula:
        if isinstance(item, Quantity):
            yield item
        elif isinstance(item, Ratio):
            yield from _quantities(item.top + item.bottom)


def _apply(function: Callable[[Floats], Floats], z: Quantity) -> Callable[[Values], float]:
    return lambda values: float(function(np.asarray(values[z])))


def _fraction(p: float, q: float) -> float:
    """p / q, but 0 where p is 0, even if q has underflowed to 0 as well."""
    return 0.0 if not p else p / q if q else float(np.inf)
