"""Homework on one sigmoid neuron: its prediction (1.2), the error of one sample and of all four (1.5)."""

import numpy as np

from lecture643.checked import Place
from lecture643.homework.exercise import Exercise
from lecture643.maths.checks import Floats
from lecture643.maths.text import superscript, vector
from lecture643.maths.toy import SigmoidNeuron, four_points, sigmoid, sigmoid_prime

POINTS = four_points()
OTHER = SigmoidNeuron([[1.0, 2.0], [-0.5, 1.5], [2.0, -1.0]], [0.3, 1, 0.8])  # with labels between 0 and 1
WEIGHTS = [(-0.5, 0.5), (1.0, -1.0), (0.3, 0.2)]  # first those with which `explore.neuron` begins


def prediction(w: Floats, x: Floats) -> Floats:
    """ŷ = σ(w₁₁x₁ + w₁₂x₂), for the weights w (2,) and one sample x (2,)."""
    z = w[0] * x[0] + w[1] * x[1]
    return 1 / (1 + np.exp(-z))


def sample_error(w: Floats, x: Floats, y: float) -> Floats:
    """eⁱ = (y − ŷ)², for one sample x (2,) with the label y."""
    y_hat = sigmoid(w @ x)
    return (y - y_hat) ** 2


def total_error(w: Floats, x: Floats, y: Floats) -> Floats | float:
    """E = Σ eⁱ, over the samples x (S, 2) with the labels y (S,)."""
    E = 0.0
    for x_i, y_i in zip(x, y, strict=True):
        E += (y_i - sigmoid(w @ x_i)) ** 2
    return E


# --- the lecture's own numbers, and where they are to be seen -----------------------------------


def _samples() -> list[tuple[Floats, Floats, float]]:
    """Each of the four points, at each of the weights."""
    points = list(zip(POINTS.x, POINTS.y.tolist(), strict=True))
    return [(np.array(w), x, y) for w in WEIGHTS for x, y in points]


def _in_table(name: str, case: int) -> Place | None:
    """ŷⁱ or eⁱ, in the table of `explore.neuron`."""
    if case >= len(WEIGHTS) * POINTS.size:
        return None
    at, i = divmod(case, POINTS.size)
    return Place(name + superscript(i + 1), "neuron", {"w": WEIGHTS[at], "marked": i + 1})


def _total_in_table(case: int) -> Place | None:
    return Place("E", "neuron", {"w": WEIGHTS[case]}) if case < len(WEIGHTS) else None


def told_with_data(w: Floats, x: Floats, y: Floats) -> str:
    """A case in words, without all its numbers."""
    data = "the four points" if len(y) == POINTS.size else f"{len(y)} other samples"
    return f"w = {vector(w)} and {data}"


def _errors(w: Floats, x: Floats, y: Floats) -> Floats:
    return (y - sigmoid(x @ w)) ** 2


# --- the homework -------------------------------------------------------------------------------

PREDICTION = Exercise(
    name="PREDICTION",
    title="ŷ of the neuron",
    notebook="01",
    statements=["1.2"],
    minutes=5,
    difficulty="easy",
    reference=prediction,
    cases=[*((w, x) for w, x, _ in _samples()), (np.array([0.4, -0.3]), np.array([1.0, 2.0]))],
    place=lambda case, _: _in_table("ŷ", case),
    hints=[
        "First the sum of the two products. How are the two weights paired with the two inputs?",
        "z = w₁₁x₁ + w₁₂x₂, in the code w[0] * x[0] + w[1] * x[1].",
        "Then σ(z) = 1/(1 + e⁻ᶻ): np.exp(-z) is e⁻ᶻ. Mind the brackets.",
    ],
    slips=[
        ("the minus in the exponent is missing: σ(z) = 1/(1 + e⁻ᶻ).", lambda w, x: sigmoid(-w @ x)),
        ("this is z = w₁₁x₁ + w₁₂x₂ itself; σ of it is still to be taken.", lambda w, x: w @ x),
        (
            "brackets are missing in the exponent: the minus belongs to all of w₁₁x₁ + w₁₂x₂.",
            lambda w, x: sigmoid(w[0] * x[0] - w[1] * x[1]),
        ),
        (
            "brackets are missing around the denominator: 1 is divided by all of 1 + e⁻ᶻ.",
            lambda w, x: 1 + np.exp(-w @ x),
        ),
        (
            "the weights are exchanged: w₁₁ belongs to x₁, and w₁₂ to x₂.",
            lambda w, x: sigmoid(w[::-1] @ x),
        ),
        ("only x₁ is there; the second product w₁₂x₂ is missing.", lambda w, x: sigmoid(w[0] * x[0])),
        ("only x₂ is there; the first product w₁₁x₁ is missing.", lambda w, x: sigmoid(w[1] * x[1])),
        (
            "σ is taken of each product; add the two first, then take σ once.",
            lambda w, x: sigmoid(w * x),
        ),
        (
            "ŷ is already rounded to 0 or 1. The neuron answers with a number in between.",
            lambda w, x: w @ x >= 0,
        ),
        ("this is the slope σ'(z); the prediction is σ(z).", lambda w, x: sigmoid_prime(w @ x)),
        ("this is tanh; the neuron's φ is the sigmoid.", lambda w, x: np.tanh(w @ x)),
    ],
)
ERROR_TERM = Exercise(
    name="ERROR_TERM",
    title="the error eⁱ of one sample",
    notebook="01",
    statements=["1.5"],
    minutes=3,
    difficulty="easy",
    reference=sample_error,
    cases=[*_samples(), *((np.array([0.4, -0.3]), *pair) for pair in zip(OTHER.x, OTHER.y, strict=True))],
    place=lambda case, _: _in_table("e", case),
    hints=[
        "What does the neuron say about x, and how far is that from y?",
        "ŷ = σ(w·x), with w·x = w₁₁x₁ + w₁₂x₂, in the code w @ x.",
        "e = (y − ŷ)²: the difference first, then the square.",
    ],
    slips=[
        (
            "this is the difference y − ŷ; its square is still to be taken.",
            lambda w, x, y: y - sigmoid(w @ x),
        ),
        (
            "this is the distance |y − ŷ|; the lecture takes the square.",
            lambda w, x, y: abs(y - sigmoid(w @ x)),
        ),
        ("the label is missing: this is ŷ².", lambda w, x, y: sigmoid(w @ x) ** 2),
        (
            "the label is always 1 here; it should be the sample's own y.",
            lambda w, x, y: sigmoid(-w @ x) ** 2,
        ),
        (
            "square the difference y − ŷ as a whole, not ŷ alone: brackets.",
            lambda w, x, y: y - sigmoid(w @ x) ** 2,
        ),
        ("the factor ½ is not in the lecture's error.", lambda w, x, y: sample_error(w, x, y) / 2),
        ("this compares y with w·x; ŷ is σ of that.", lambda w, x, y: (y - w @ x) ** 2),
        (
            "the minus in the exponent is missing: σ(z) = 1/(1 + e⁻ᶻ).",
            lambda w, x, y: sample_error(-w, x, y),
        ),
        (
            "ŷ is rounded to 0 or 1 before it is compared. Keep it as it is.",
            lambda w, x, y: (y - (w @ x >= 0)) ** 2,
        ),
        (
            "this is the cross-entropy; here the error is the squared one.",
            lambda w, x, y: -(y * np.log(sigmoid(w @ x)) + (1 - y) * np.log(sigmoid(-w @ x))),
        ),
    ],
)
TOTAL_ERROR = Exercise(
    name="TOTAL_ERROR",
    title="E, the sum over the samples",
    notebook="01",
    statements=["1.5"],
    minutes=5,
    difficulty="easy",
    reference=total_error,
    cases=[
        *((np.array(w), POINTS.x, POINTS.y) for w in WEIGHTS),
        (np.array([0.4, -0.3]), OTHER.x, OTHER.y),
    ],
    tell=told_with_data,
    place=lambda case, _: _total_in_table(case),
    hints=[
        "One sample is a row: x[0] with y[0], x[1] with y[1], … Each has its error e.",
        "Begin with E = 0 and add one eⁱ after the other; `for x_i, y_i in zip(x, y):` goes through them.",
        "All at once: sigmoid(x @ w) are all ŷ. Then (y − ŷ)² for each, and np.sum of them.",
    ],
    slips=[
        ("E is the sum of the errors, not their mean.", lambda *c: _errors(*c).mean()),
        (
            "this is the error of the first sample. Does the return stand inside the loop?",
            lambda *c: _errors(*c)[0],
        ),
        (
            "this is the error of the last sample. Write += in the loop, so that they add up.",
            lambda *c: _errors(*c)[-1],
        ),
        ("the last sample is missing: the loop ends one too early.", lambda *c: _errors(*c)[:-1].sum()),
        ("the first sample is missing: Python counts from 0.", lambda *c: _errors(*c)[1:].sum()),
        ("these are the errors one by one; E is their sum.", _errors),
        (
            "square each difference y − ŷ first, then add; here the sum is squared.",
            lambda w, x, y: (y - sigmoid(x @ w)).sum() ** 2,
        ),
        (
            "the differences y − ŷ are added without their squares, and cancel each other.",
            lambda w, x, y: (y - sigmoid(x @ w)).sum(),
        ),
        ("this is the square root of E: the length of the differences.", lambda *c: np.sqrt(total_error(*c))),
        ("the labels are missing: this adds up ŷ².", lambda w, x, y: (sigmoid(x @ w) ** 2).sum()),
        (
            "the minus in the exponent is missing: σ(z) = 1/(1 + e⁻ᶻ).",
            lambda w, x, y: total_error(-w, x, y),
        ),
    ],
)
