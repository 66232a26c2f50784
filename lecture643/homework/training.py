"""Homework on training (4.3), the loop of five lines, and on prediction (4.5), the threshold."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lecture643.checked import Place
from lecture643.homework.attempt import Outcome, read
from lecture643.homework.exercise import Exercise
from lecture643.homework.neuron import POINTS
from lecture643.maths import data
from lecture643.maths.checks import Floats
from lecture643.maths.derivation import Network
from lecture643.maths.network import MLP
from lecture643.maths.text import number, written


def train(mlp: Any, x: Floats, y: Floats, samples: Sequence[int], rate: float) -> Any:
    """SGD: for each j of `samples` in turn, one step of W^ℓ and b^ℓ against the gradient of eʲ.

    x: (S, d). y: (S,). Returns the network that was handed over, trained.
    """
    for j in samples:
        gradients = mlp.backprop(x[j], y[j])  # the forward pass is its first half
        for ell in range(len(mlp.weights)):
            mlp.weights[ell] -= rate * gradients.weights[ell]
            mlp.biases[ell] -= rate * gradients.biases[ell]
    return mlp


def accuracy(y_hat: Floats, y: Floats, threshold: float) -> float:
    """Which share of the samples is predicted right: +1 where ŷ ≥ threshold, else −1.

    y_hat: (S,), each from 0 to 1. y: (S,), the labels −1 and +1.
    """
    says = np.where(y_hat >= threshold, 1, -1)
    return np.mean(says == y)


# --- the lecture's own numbers ------------------------------------------------------------------


def _network(sizes: tuple[int, ...], seed: int) -> MLP:
    """A network with biases that are not 0, so that it shows whether they move."""
    mlp = MLP.random(sizes, seed, scale=1.0, biases=True)
    biases = np.random.default_rng(seed).uniform(-1, 1, sum(sizes[1:]))
    return MLP(mlp.weights, np.split(biases, np.cumsum(sizes[1:-1])))


def _trainings() -> list[tuple[Any, ...]]:
    """Arguments of `train`: the four points in the order in which SGD draws them first, then others."""
    moons = data.two_moons(12)
    return [
        (_network((2, 2, 1), 0), POINTS.x, POINTS.y, [3, 2, 2, 1, 1, 0], 0.5),
        (_network((2, 2, 1), 0), POINTS.x, POINTS.y, [1], 0.5),
        (_network((2, 3, 2, 1), 1), moons.x, moons.y, [7, 0, 11, 4, 7], 0.1),
    ]


TRAININGS = _trainings()


def read_network(returned: Any) -> Outcome:
    """All its weights and biases, in the order of `Network.weights`."""
    if isinstance(returned, MLP):
        return read(np.concatenate([*map(np.ravel, returned.weights), *(returned.biases or [])]))
    outcome = read(returned)
    if outcome.untouched or returned is None:
        return outcome
    kind = "a list" if isinstance(returned, list) else f"a {type(returned).__name__}"
    return Outcome(trouble=f"your function should return the trained network mlp, yours returns {kind}.")


def _told(mlp: MLP, x: Floats, y: Floats, samples: Sequence[int], rate: float) -> str:
    points = "the four points" if len(y) == POINTS.size else f"{len(y)} points of two moons"
    sizes = "-".join(map(str, mlp.sizes))
    return f"a {sizes} network, {points}, samples = {written(samples)} and rate = {number(rate)}"


def _weight(case: int, at: tuple[int, ...]) -> Place:
    """Its name; there is no picture of it."""
    return Place(str(Network.of(TRAININGS[case][0]).weights[at[0]]))


def _step(mlp: MLP, nablas: Sequence[Floats], nablas_b: Sequence[Floats], rate: float) -> None:
    for W, b, nabla, nabla_b in zip(mlp.weights, mlp.biases or [], nablas, nablas_b, strict=True):
        W -= rate * nabla
        b -= rate * nabla_b


def _all_at_once(mlp: MLP, x: Floats, y: Floats, samples: Sequence[int], rate: float) -> MLP:
    """Each step with the sum over all samples."""
    for _ in samples:
        gradients = mlp.backprop(x, y)
        _step(mlp, gradients.weights, gradients.biases, rate)
    return mlp


def _stale(mlp: MLP, x: Floats, y: Floats, samples: Sequence[int], rate: float) -> MLP:
    """All gradients at the weights of the beginning."""
    gradients = [mlp.backprop(x[j], y[j]) for j in samples]
    for each in gradients:
        _step(mlp, each.weights, each.biases, rate)
    return mlp


def _last_layer(mlp: MLP, x: Floats, y: Floats, samples: Sequence[int], rate: float) -> MLP:
    for j in samples:
        gradients = mlp.backprop(x[j], y[j])
        mlp.weights[-1] -= rate * gradients.weights[-1]
        if mlp.biases:
            mlp.biases[-1] -= rate * gradients.biases[-1]
    return mlp


def _weights_only(mlp: MLP, x: Floats, y: Floats, samples: Sequence[int], rate: float) -> MLP:
    for j in samples:
        for W, nabla in zip(mlp.weights, mlp.backprop(x[j], y[j]).weights, strict=True):
            W -= rate * nabla
    return mlp


def _steps_alone(mlp: MLP, x: Floats, y: Floats, samples: Sequence[int], rate: float) -> MLP:
    """Each weight becomes its own step."""
    for j in samples:
        gradients = mlp.backprop(x[j], y[j])
        mlp.weights = [-rate * nabla for nabla in gradients.weights]
        mlp.biases = [-rate * nabla for nabla in gradients.biases]
    return mlp


def _says(y_hat: Floats, threshold: float) -> Floats:
    return np.where(y_hat >= threshold, 1.0, -1.0)


def _predictions() -> list[tuple[Floats, Floats, float]]:
    """Arguments of `accuracy`: the four points as `explore.neuron` shows them first; then others."""
    y_hat, y = np.array([0.1, 0.35, 0.4, 0.6, 0.7, 0.9]), np.array([-1.0, 1, 1, -1, 1, 1])
    lecture = (POINTS.predict((-0.5, 0.5)), 2 * POINTS.y - 1, 0.5)
    return [lecture, *((y_hat, y, threshold) for threshold in (0.3, 0.8, 0.65)), (y_hat[:3], y[:3], 0.4)]


# --- the homework -------------------------------------------------------------------------------

TRAINING_LOOP = Exercise(
    name="TRAINING_LOOP",
    title="the training loop",
    notebook="07",
    statements=["4.3"],
    minutes=15,
    difficulty="medium",
    reference=train,
    cases=TRAININGS,
    tell=_told,
    reader=read_network,
    place=_weight,
    hints=[
        "One pass of the loop is one step of SGD: which sample, which gradients, and what do they change?",
        "g = mlp.backprop(x[j], y[j]) has the gradients of eʲ: the lists g.weights and g.biases.",
        "For each layer: mlp.weights[ell] -= rate * g.weights[ell], the same for biases. Then return mlp.",
    ],
    slips=[
        (
            "the sign is the other way round: this climbs.",
            lambda m, x, y, js, r: train(m, x, y, js, -r),
        ),
        ("the learning rate is missing.", lambda m, x, y, js, _: train(m, x, y, js, 1.0)),
        (
            "the network has not changed. W = W − … makes a new array and leaves the old one; write W −= …",
            lambda mlp, *_: mlp,
        ),
        ("the biases have not moved; they have gradients, too.", _weights_only),
        ("only the last layer has moved; every layer has its gradient.", _last_layer),
        (
            "this stops after one sample. Does the return stand inside the loop?",
            lambda mlp, x, y, js, rate: train(mlp, x, y, js[:1], rate),
        ),
        (
            "only the last sample counts. Do the updates stand behind the loop?",
            lambda mlp, x, y, js, rate: train(mlp, x, y, js[-1:], rate),
        ),
        (
            "the samples are taken in their order 0, 1, 2, …; take those that `samples` names.",
            lambda mlp, x, y, js, rate: train(mlp, x, y, range(len(js)), rate),
        ),
        ("each step uses all samples, which is GD; take x[j] and y[j] alone.", _all_at_once),
        (
            "all gradients are those of the first weights. Compute them anew in each pass of the loop.",
            _stale,
        ),
        ("the weights are replaced by the step −γ∇; the step has to be added to them.", _steps_alone),
    ],
)
ACCURACY = Exercise(
    name="ACCURACY",
    title="the threshold, and the share that is right",
    notebook="07",
    statements=["4.5", "F13"],
    minutes=5,
    difficulty="easy",
    reference=accuracy,
    cases=_predictions(),
    hints=[
        "First what the network says of each sample: +1 or −1. When does it say +1?",
        "says = np.where(y_hat >= threshold, 1, -1): the labels −1 and +1, as y has them.",
        "says == y is True where it is right; np.mean of that is the share.",
    ],
    slips=[
        (
            "what it says is 0 or 1 here, and the labels are −1 and +1: say −1 in place of 0.",
            lambda y_hat, y, t: ((y_hat >= t) == y).mean(),
        ),
        (
            "ŷ is compared with 0. A sigmoid is always above that; compare with the threshold.",
            lambda y_hat, y, t: (np.sign(y_hat) == y).mean(),
        ),
        (
            "at the threshold itself it says +1: ≥ and not >.",
            lambda y_hat, y, t: (np.where(y_hat > t, 1, -1) == y).mean(),
        ),
        (
            "the two answers are exchanged: +1 where ŷ is large.",
            lambda y_hat, y, t: accuracy(-y_hat, y, -t),
        ),
        (
            "the threshold is ½ here, whatever is handed over.",
            lambda y_hat, y, t: accuracy(y_hat, y, 0.5),
        ),
        ("this counts; divide by the number of samples.", lambda y_hat, y, t: (_says(y_hat, t) == y).sum()),
        ("this is the share of wrong answers.", lambda y_hat, y, t: (_says(y_hat, t) != y).mean()),
        (
            "this is the share of samples of which it says +1, right or wrong.",
            lambda y_hat, y, t: (y_hat >= t).mean(),
        ),
        (
            "these are the samples one by one; the share is their mean.",
            lambda y_hat, y, t: _says(y_hat, t) == y,
        ),
        ("these are the answers themselves; compare them with y.", lambda y_hat, y, t: _says(y_hat, t)),
        (
            "ŷ itself is compared with the label. Decide first: +1 or −1.",
            lambda y_hat, y, t: (y_hat == y).mean(),
        ),
    ],
)
