"""Homework on optimization: is this the gradient of f, and the perceptron as a descent method (2.9)."""

import numpy as np
from numpy.typing import ArrayLike

from lecture643.homework.attempt import Function, run
from lecture643.homework.diagnosis import misfit
from lecture643.homework.exercise import Exercise
from lecture643.maths.checks import Floats, finite_array
from lecture643.maths.slopes import gradient_mistake
from lecture643.maths.text import written
from lecture643.maths.toy import four_points


def check_gradient(f: Function, gradient: Function, at: ArrayLike) -> None:
    """Print whether `gradient` is the gradient of `f` at the point `at` (d,), or which component is off.

    f: x -> a number; gradient: x -> (d,), for one point x.
    Slide: "High Dimensional Representation - Notations".
    """
    try:
        print(_gradient_verdict(f, gradient, at))
    except KeyboardInterrupt:
        print("You stopped the check before your function had answered.")


def _gradient_verdict(f: Function, gradient: Function, at: ArrayLike) -> str:
    try:
        point = finite_array("at", at, (None,))
    except ValueError as failure:
        return f"Not yet: {failure}."
    in_place = ""
    for name, function in (("f", f), ("gradient", gradient)):
        if trouble := misfit(function, ["x"]):
            return f"Not yet: {name} does not fit; {trouble}"
        (outcome,) = run(function, [(point,)])
        if outcome.untouched:
            return "Not attempted yet."
        if outcome.answer is None:
            return f"Not yet: in {name}, for x = {written(point)} {outcome.trouble}"
        if name == "f" and outcome.answer.ndim:
            return f"Not yet: f should return one number, yours returns {written(outcome.answer)}."
        if outcome.changed:
            in_place = f"{name} changed x in place; work on a copy, x.copy()."
    found: list[str] = []
    (outcome,) = run(lambda: found.append(gradient_mistake(f, gradient, point)), [()], student=f)
    if not found:
        return f"Not yet: around x = {written(point)} {outcome.trouble}"
    if found[0]:
        return f"Not yet: {found[0]}." + (f" Besides, {in_place}" if in_place else "")
    agree = "the one component agrees" if point.size == 1 else f"all {point.size} components agree"
    agree += f" at x = {written(point)}"
    return f"Not yet: {agree}, but {in_place}" if in_place else f"Right: {agree}."


def perceptron_subgradient(w: Floats, x: Floats, y: float) -> Floats:
    """A subgradient at w of max(0, −y w·x), for one sample x (d,) with label y = −1 or +1.

    Where −y w·x > 0 the sample is wrong and the function is −y w·x, whose gradient is −yx. Where it is right
    the function is 0, and so is its gradient. On the kink between the two the perceptron takes −yx.
    A step of length 1 against it is the perceptron's update, w ← w + yx.
    """
    wrong = y * (w @ x) <= 0
    return -y * x if wrong else 0 * x


def _samples() -> list[tuple[Floats, Floats, float]]:
    """The four points at the start of `explore.perceptron`; then right, wrong and tied at other w."""
    points = four_points()
    weights = np.array([[1.0, 0.5], [-1.0, 0.5], [0.0, 0.0], [-1.0, 1.0]])
    return [(w, x, float(2 * y - 1)) for w in weights for x, y in zip(points.x, points.y, strict=True)]


PERCEPTRON = Exercise(
    reference=perceptron_subgradient,
    cases=_samples(),
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
    ],
)
