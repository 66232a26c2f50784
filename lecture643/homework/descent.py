"""Homework on gradient descent (2.10): its step, and a step that is halved until E falls."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lecture643.checked import Place
from lecture643.homework.exercise import Exercise
from lecture643.maths.checks import Floats
from lecture643.maths.functions import Quadratic
from lecture643.maths.problem import Problem
from lecture643.maths.text import number, subscript, vector
from lecture643.maths.toy import four_points

Gradient = Callable[[Floats], Floats]
Error = Callable[[Floats], Any]

POINTS, QUADRATIC = four_points(), Quadratic([[1, 0], [0, 4]])
PLAIN = [((0, 0), 0.5), ((1, 0.5), 1.0), ((-1, 1), 2.0)]  # w and γ; first what the four points begin with
STEEP = [((-2, -1), 8.0), ((-1, 1), 2.0), ((0, 0), 0.5), ((-1, -1), 50.0)]  # halved 2, 1, 0 and 3 times


def gd_step(w: Floats, rate: float, gradient: Gradient) -> Floats:
    """w^{k+1} = w^k − γ ∇E(w^k); `gradient` is the function w -> ∇E(w)."""
    return w - rate * gradient(w)


def halved_step(w: Floats, rate: float, E: Error, gradient: Gradient) -> Floats:
    """w^{k+1} = w^k − α ∇E(w^k); α begins at `rate` and is halved until E(w^{k+1}) < E(w^k)."""
    alpha = rate
    while E(w - alpha * gradient(w)) >= E(w):
        alpha = alpha / 2
    return w - alpha * gradient(w)


# --- the lecture's own numbers, and where they are to be seen -----------------------------------


def next_w(entry: tuple[int, ...], own: str, start: Any, rate: float) -> Place:
    """A component of w¹, in `explore.own_walk`."""
    symbol = f"w₁{subscript(entry[0] + 1)}¹ at k = 1"
    return Place(symbol, "own_walk", {"start": start, "rate": rate, "shown": 1}, ["steps"], own)


def _plain(problem: Problem, w: Any, rate: float) -> tuple[Any, ...]:
    return np.array(w, dtype=float), rate, problem.gradient


def _steep(problem: Problem, w: Any, rate: float) -> tuple[Any, ...]:
    return np.array(w, dtype=float), rate, problem.error, problem.gradient


def _told(w: Floats, rate: float, *functions: Any) -> str:
    here = "E of the four points" if isinstance(functions[0].__self__, type(POINTS)) else "½(w₁² + 4w₂²)"
    return f"w = {vector(w)}, rate = {number(rate)}, with {here},"


def _halved(w: Floats, rate: float, E: Error, gradient: Gradient, factor: float = 0.5) -> float:
    """α, by other factors than ½."""
    while E(w - rate * gradient(w)) >= E(w):
        rate *= factor
    return rate


def _once(w: Floats, rate: float, E: Error, gradient: Gradient) -> Floats:
    return w - (rate / 2 if E(w - rate * gradient(w)) >= E(w) else rate) * gradient(w)


def _wandering(w: Floats, rate: float, E: Error, gradient: Gradient) -> Floats:
    """Each trial begins where the one before has ended."""
    new = w - rate * gradient(w)
    for _ in range(60):
        if E(new) < E(w):
            break
        rate /= 2
        new = new - rate * gradient(w)
    return new


def _while_it_falls(w: Floats, rate: float, E: Error, gradient: Gradient) -> Floats:
    while rate > 1e-300 and E(w - rate * gradient(w)) < E(w):
        rate /= 2
    return w - rate * gradient(w)


def _lowest(w: Floats, rate: float, E: Error, gradient: Gradient) -> Floats:
    """Halved as long as that lowers E."""
    while E(w - rate / 2 * gradient(w)) < E(w - rate * gradient(w)):
        rate /= 2
    return w - rate * gradient(w)


# --- the homework -------------------------------------------------------------------------------

GD_STEP = Exercise(
    name="GD_STEP",
    title="one step of GD",
    notebook="03",
    statements=["2.10"],
    minutes=3,
    difficulty="easy",
    reference=gd_step,
    cases=[*(_plain(POINTS, *each) for each in PLAIN), _plain(QUADRATIC, (2, 1), 0.1)],
    tell=_told,
    place=lambda case, at: next_w(at, "gd_step", *PLAIN[case]) if case < len(PLAIN) else None,
    hints=[
        "In which direction does GD go, and how far?",
        "The direction is −∇E(w): `gradient` is a function, so gradient(w) is ∇E(w).",
        "The new w is w − γ ∇E(w), in the code w - rate * gradient(w).",
    ],
    slips=[
        ("the sign is the other way round: this climbs.", lambda w, rate, g: w + rate * g(w)),
        ("the learning rate γ is missing.", lambda w, rate, g: w - g(w)),
        ("this is the step −γ∇E alone; the new w is w plus that.", lambda w, rate, g: -rate * g(w)),
        ("this is w − γ; the gradient is missing.", lambda w, rate, g: w - rate),
        ("γ multiplies w, too; it belongs to the gradient alone.", lambda w, rate, g: rate * (w - g(w))),
        (
            "the gradient is made as long as 1 here. GD takes it with its own length.",
            lambda w, rate, g: w - rate * g(w) / np.hypot(*g(w)),
        ),
        ("∇E is the sum over the samples; do not divide by S.", lambda w, rate, g: w - rate * g(w) / 4),
        ("γ multiplies the gradient, it does not divide it.", lambda w, rate, g: w - g(w) / rate),
        ("only the first component moves.", lambda w, rate, g: w - rate * g(w) * [1, 0]),
        ("these are two steps; one is asked for.", lambda w, rate, g: gd_step(gd_step(w, rate, g), rate, g)),
    ],
)
HALVED_STEP = Exercise(
    name="HALVED_STEP",
    title="a step that is halved until E falls",
    notebook="03",
    statements=["2.10"],
    minutes=10,
    difficulty="medium",
    reference=halved_step,
    tied=["w", "E", "gradient"],  # with another gradient, or at a minimum, the halving never ends
    cases=[
        *(_steep(POINTS, *each) for each in STEEP),
        *(_steep(QUADRATIC, (2, 1), rate) for rate in (0.3, 1, 4)),
    ],
    tell=_told,
    place=lambda case, at: next_w(at, "halved_step", *STEEP[case]) if case < len(STEEP) else None,
    hints=[
        "Try the whole rate first. How do you see that the step was too long?",
        "It was too long where E(w − α∇E(w)) is not below E(w). Then halve α and try again from the same w.",
        "`while E(w - alpha * gradient(w)) >= E(w):` halve alpha; after the loop return the new w.",
    ],
    slips=[
        ("the step is taken whole, whether E falls or not.", lambda w, rate, E, g: w - rate * g(w)),
        ("it is halved once at most: write while in place of if.", _once),
        (
            "it is halved once too often: stop as soon as E(w − α∇E(w)) < E(w).",
            lambda w, rate, E, g: w - _halved(w, rate, E, g) / 2 * g(w),
        ),
        ("this halves while E falls. Halve while it does not.", _while_it_falls),
        (
            "the last step climbs: the loop tries w − α∇E, so return that.",
            lambda w, rate, E, g: w + _halved(w, rate, E, g) * g(w),
        ),
        ("this is α itself; the new w is asked for.", _halved),
        ("each trial begins where the last one ended. Begin again at w.", _wandering),
        (
            "α is halved as long as that lowers E further. The first α with E(w − α∇E(w)) < E(w) will do.",
            _lowest,
        ),
        (
            "α is divided by 4 each time. Is it halved in two places?",
            lambda w, rate, E, g: w - _halved(w, rate, E, g, 0.25) * g(w),
        ),
        (
            "this is the value of E at the new w; the new w itself is asked for.",
            lambda w, rate, E, g: E(halved_step(w, rate, E, g)),
        ),
    ],
)
