"""Homework on optimization: the gradient of E (2.3), a descent test (2.5), the perceptron (2.9)."""

from typing import Any

import numpy as np

from lecture643.checked import Place
from lecture643.homework.exercise import Exercise
from lecture643.homework.neuron import OTHER, POINTS, told_with_data
from lecture643.homework.reply import truth
from lecture643.maths.checks import Floats
from lecture643.maths.text import subscript
from lecture643.maths.toy import sigmoid, sigmoid_prime

AT = [(1.0, 0.5), (0.0, 0.0), (-0.5, 0.5)]  # first where `explore.direction` begins


def error_gradient(w: Floats, x: Floats, y: Floats) -> Floats:
    """∇E (2,): the column of ∂E/∂w₁₁ and ∂E/∂w₁₂, over the samples x (S, 2) with the labels y (S,)."""
    gradient = np.zeros(2)
    for x_i, y_i in zip(x, y, strict=True):
        z = w @ x_i
        gradient += 2 * (sigmoid(z) - y_i) * sigmoid_prime(z) * x_i
    return gradient


def is_descent(gradient: Floats, d: Floats) -> bool:
    """Whether d is a descent direction where f has this gradient: f'(x; d) = ⟨∇f(x), d⟩ < 0."""
    return bool(gradient @ d < 0)


def perceptron_subgradient(w: Floats, x: Floats, y: float) -> Floats:
    """A subgradient at w of max(0, −y w·x), for one sample x (d,) with label y = −1 or +1.

    Where −y w·x > 0 the sample is wrong and the function is −y w·x, whose gradient is −yx. Where it is right
    the function is 0, and so is its gradient. On the kink between the two the perceptron takes −yx.
    A step of length 1 against it is the perceptron's update, w ← w + yx.
    """
    wrong = y * (w @ x) <= 0
    return -y * x if wrong else 0 * x


# --- the lecture's own numbers, and where they are to be seen -----------------------------------


def _samples() -> list[tuple[Floats, Floats, float]]:
    """The four points at the start of `explore.perceptron`; then right, wrong and tied at other w."""
    weights = np.array([[1.0, 0.5], [-1.0, 0.5], [0.0, 0.0], [-1.0, 1.0]])
    return [(w, x, float(2 * y - 1)) for w in weights for x, y in zip(POINTS.x, POINTS.y, strict=True)]


def _slope_along_axis(case: int, at: tuple[int, ...]) -> Place | None:
    """∂E/∂wⱼ is f'(x; d) along the j-th axis, in `explore.direction`."""
    if case >= len(AT):
        return None
    j = at[0] + 1
    axis = {1: (1, 0), 2: (0, 1)}[j]
    return Place(f"∂E/∂w₁{subscript(j)}¹", "direction", {"x": AT[case], "d": axis}, free=["reach"])


def _first_step(case: int, at: tuple[int, ...]) -> Place | None:
    """The subgradient of h = max(0, −y w·x) for point 1, with which `explore.perceptron` begins."""
    settings = {"start": (1.0, 0.5), "shown": 0}
    return None if case else Place(f"∂h/∂w₁{subscript(at[0] + 1)}¹", "perceptron", settings, free=["rate"])


DIRECTIONS = [(-1, 0.5), (1, 1), (-1, 1), (2, 1), (-0.1, -1.5), (0.3, -0.2), (1.5, 2.5)]


def _directions() -> list[tuple[Floats, Floats]]:
    """Directions at the start of `explore.direction`; then at other points, some at a right angle to ∇f."""
    here, others = POINTS.gradient(AT[0]), [(2.75, 1.0), (-1.0, 0.0), (1.0, -2.0)]
    first = [(here, np.array(d, dtype=float)) for d in DIRECTIONS]
    turned = [(-2.75, -1), (-2, 1), (1, -3), (-1, -1), (0, 1), (-3, 8), (2, 1), (-4, 2)]
    return [*first, *((np.array(g), np.array(d, dtype=float)) for g in others for d in turned)]


def _along(case: int) -> Place | None:
    if case >= len(DIRECTIONS):
        return None
    return Place("f'(x; d)", "direction", {"x": AT[0], "d": DIRECTIONS[case]}, free=["reach"])


def _rows(w: Floats, x: Floats, y: Floats) -> Floats:
    """∇eⁱ, a row for each sample."""
    z = x @ w
    return (2 * (sigmoid(z) - y) * sigmoid_prime(z))[:, np.newaxis] * x


def _shorter(g: Floats, d: Floats) -> Any:
    return np.hypot(*(g + d)) < np.hypot(*g)


# --- the homework -------------------------------------------------------------------------------

ERROR_GRADIENT = Exercise(
    name="ERROR_GRADIENT",
    title="∇E of the four points",
    notebook="02",
    statements=["2.3"],
    minutes=15,
    difficulty="medium",
    reference=error_gradient,
    cases=[*((np.array(w), POINTS.x, POINTS.y) for w in AT), (np.array([0.4, -0.3]), OTHER.x, OTHER.y)],
    tell=told_with_data,
    place=_slope_along_axis,
    hints=[
        "One sample first: e = (ŷ − y)², ŷ = σ(z), z = w·x. Which three slopes does the chain rule multiply?",
        "∂e/∂ŷ = 2(ŷ − y), ∂ŷ/∂z = σ'(z), and ∂z/∂w is x, an array of two numbers.",
        "∇E is the sum of 2(ŷ − y) σ'(z) x over the samples; lec.toy.sigmoid_prime(z) is σ'(z).",
    ],
    slips=[
        ("the sign is the other way round: e grows where ŷ − y does.", lambda *c: -error_gradient(*c)),
        ("the factor 2 is missing: the slope of a square.", lambda *c: error_gradient(*c) / 2),
        (
            "the factor σ'(z) is missing, the slope of ŷ along z.",
            lambda w, x, y: (2 * (sigmoid(x @ w) - y)) @ x,
        ),
        (
            "σ stands where its slope σ' should.",
            lambda w, x, y: (2 * (sigmoid(x @ w) - y) * sigmoid(x @ w)) @ x,
        ),
        (
            "σ' is taken at ŷ; it belongs at z = w·x.",
            lambda w, x, y: (2 * (sigmoid(x @ w) - y) * sigmoid_prime(sigmoid(x @ w))) @ x,
        ),
        (
            "w stands where x should: z = w·x has the slope x along w.",
            lambda w, x, y: (2 * (sigmoid(x @ w) - y) * sigmoid_prime(x @ w)).sum() * w,
        ),
        (
            "the factor x is missing, the slope of z along w.",
            lambda w, x, y: (2 * (sigmoid(x @ w) - y) * sigmoid_prime(x @ w)).sum(),
        ),
        ("the labels are missing in ŷ − y.", lambda w, x, y: error_gradient(w, x, 0 * y)),
        ("E is the sum over the samples, not their mean.", lambda *c: _rows(*c).mean(axis=0)),
        (
            "this is ∇e of the first sample. Does the return stand inside the loop?",
            lambda *c: _rows(*c)[0],
        ),
        (
            "this is ∇e of the last sample. Write += in the loop, so that they add up.",
            lambda *c: _rows(*c)[-1],
        ),
        ("these are the ∇eⁱ, one in each row; ∇E is their sum.", _rows),
        ("the two components are exchanged.", lambda *c: error_gradient(*c)[::-1]),
    ],
)
DESCENT_DIRECTION = Exercise(
    name="DESCENT_DIRECTION",
    title="is d a descent direction?",
    notebook="02",
    statements=["2.5"],
    minutes=5,
    difficulty="easy",
    reference=is_descent,
    cases=_directions(),
    spelled=truth,
    place=lambda case, _: _along(case),
    hints=[
        "Which number says how fast f changes along d? It is made of ∇f and d.",
        "f'(x; d) = ⟨∇f(x), d⟩, in the code gradient @ d.",
        "d is a descent direction where that is below 0, and not where it is 0.",
    ],
    slips=[
        ("this asks whether f rises along d; a descent direction has f' < 0.", lambda g, d: g @ d > 0),
        (
            "at a right angle to ∇f the slope is 0, which is no descent: < and not ≤.",
            lambda g, d: g @ d <= 0,
        ),
        (
            "d need not point down in every component; only the sum of the products counts.",
            lambda g, d: (g * d < 0).all(),
        ),
        (
            "one component that points down is not enough; the sum of all the products counts.",
            lambda g, d: (g * d < 0).any(),
        ),
        (
            "−∇f is not the only descent direction: every d with ⟨∇f, d⟩ < 0 is one.",
            lambda g, d: np.allclose(d, -g),
        ),
        ("only the first component is looked at.", lambda g, d: g[0] * d[0] < 0),
        ("only the second component is looked at.", lambda g, d: g[1] * d[1] < 0),
        (
            "this is f'(x; d) itself. The question is whether it is below 0.",
            lambda g, d: g @ d,
        ),
        (
            "this asks whether adding d makes ∇f shorter; the length of d must not matter.",
            _shorter,
        ),
        (
            "this asks whether d points to the lower left, wherever ∇f points.",
            lambda g, d: (d < 0).all(),
        ),
    ],
)
PERCEPTRON = Exercise(
    name="PERCEPTRON",
    title="the Perceptron's subgradient",
    notebook="02",
    statements=["2.9"],
    minutes=10,
    difficulty="medium",
    reference=perceptron_subgradient,
    cases=_samples(),
    place=_first_step,
    hints=[
        "Two cases: which of 0 and −y w·x is the larger one when the sample is right, and when it is wrong?",
        "−y w·x is linear in w, so its gradient does not depend on w.",
        "Right (y w·x > 0): 0, as an array like x. Wrong, or on the line (y w·x ≤ 0): −yx.",
    ],
    slips=[
        (
            "the sign is the other way round: this is the update, and the subgradient is its negative.",
            lambda w, x, y: -perceptron_subgradient(w, x, y),
        ),
        (
            "the label is missing: the slope of −y w·x is −yx.",
            lambda w, x, y: -x if y * (w @ x) <= 0 else 0 * x,
        ),
        ("a right sample has slope 0; yours moves w for every sample.", lambda w, x, y: -y * x),
        (
            "this moves w where the sample is right; mind the sign of y w·x.",
            lambda w, x, y: -y * x * (y * (w @ x) > 0),
        ),
        (
            "on the line, y w·x = 0, the perceptron counts a sample as wrong: else it never leaves w = 0.",
            lambda w, x, y: -y * x if y * (w @ x) < 0 else 0 * x,
        ),
        (
            "the label is missing in the condition: a sample is wrong where y w·x ≤ 0, not where w·x ≤ 0.",
            lambda w, x, y: -y * x if w @ x <= 0 else 0 * x,
        ),
        (
            "this is the value of max(0, −y w·x); its slope along w is asked for.",
            lambda w, x, y: max(0.0, -y * (w @ x)),
        ),
        (
            "this is the slope along x; it is w that moves.",
            lambda w, x, y: -y * w if y * (w @ x) <= 0 else 0 * w,
        ),
        (
            "this is the new w; only the subgradient is asked for.",
            lambda w, x, y: w - perceptron_subgradient(w, x, y),
        ),
    ],
)
