"""The general descent algorithm, in which three things are left open: direction, step and stop.

    find d^k with f'(x^k; d^k) < 0 and α^k > 0,   x^{k+1} = x^k + α^k d^k,   check a stopping criterion

Slide: "Algorithm Development using Descent Direction".
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths.checks import Floats, finite_array, integer, positive
from lecture643.maths.problem import Problem
from lecture643.maths.search import line_search

Direction = Callable[[Problem, Floats], Floats]  # f, x^k -> d^k
Step = Callable[[Problem, Floats, Floats], float]  # f, x^k, d^k -> α^k
Stop = Callable[[Problem, Floats], bool]  # f, x^{k+1} -> whether the walk is over

SHORTEST = 1e-12  # a step is halved no further


def descend(
    f: Problem, start: ArrayLike, direction: Direction, step: Step, stop: Stop, most: int = 100
) -> Floats:
    """The walk x^0, …, x^K, (K+1, d), until it is stopped or has taken `most` steps.

    start: (d,). Where ∇f is 0 there is no descent direction, so the walk ends there in any case.
    Raises ValueError for a start that is not finite and for `most` below 0.
    """
    x = finite_array("start", start, (None,))
    walk = [x]
    for _ in range(integer("most", most, 0)):
        if not f.gradient(x).any():
            break
        d = direction(f, x)
        x = x + step(f, x, d) * d
        walk.append(x)
        if stop(f, x):
            break
    return np.array(walk)


# --- directions ---------------------------------------------------------------------------------


def downhill(f: Problem, x: Floats) -> Floats:
    """d = −∇f(x), the natural candidate."""
    return -f.gradient(x)


def one_coordinate(f: Problem, x: Floats) -> Floats:
    """Only the coordinate with the largest partial derivative moves."""
    g = f.gradient(x)
    return -np.where(np.abs(g) == np.abs(g).max(), g, 0.0)


def rescaled(steepness: ArrayLike) -> Direction:
    """Each coordinate of −∇f(x) is divided by its own steepness > 0: Newton's direction for f = ½ Σ aᵢxᵢ²."""
    scale = finite_array("steepness", steepness)
    return lambda f, x: -f.gradient(x) / scale


# --- steps --------------------------------------------------------------------------------------


def halved(f: Problem, x: Floats, d: Floats) -> float:
    """α = 1, halved until f(x + αd) < f(x); for a descent direction that comes to an end (2.6)."""
    alpha = 1.0
    while f.error(x + alpha * d) >= f.error(x) and alpha > SHORTEST:
        alpha /= 2
    return alpha


def exact(f: Problem, x: Floats, d: Floats) -> float:
    """The α at which f(x + αd) is least."""
    return line_search(f, x, d).alpha


def fixed(rate: float) -> Step:
    """α = γ at every step, however f changes."""
    rate = positive("rate", rate)
    return lambda f, x, d: rate


# --- stops --------------------------------------------------------------------------------------


def small_gradient(tolerance: float) -> Stop:
    """‖∇f(x)‖₂ ≤ tolerance; with 0 it is the slides' test."""
    return lambda f, x: bool(np.linalg.norm(f.gradient(x)) <= tolerance)
