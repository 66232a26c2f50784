"""Line search: the lowest point of a slice α ↦ f(w + αd), and how far the slice stays below its start."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lecture643.maths.checks import Floats, finite_array, positive
from lecture643.maths.problem import Problem
from lecture643.maths.slopes import direction_of


@dataclass(frozen=True)
class LineSearch:
    """The step a line search chose.

    alpha: α, the minimiser of the slice α ↦ f(w + αd).
    error: f(w + αd) there.
    on_bound: True when the slice has not turned upwards before alpha_max, so that the true
        minimiser lies further out or does not exist (fine print F5).
    """

    alpha: float
    error: float
    on_bound: bool


def line_search(problem: Problem, w: ArrayLike, direction: ArrayLike, alpha_max: float = 100.0) -> LineSearch:
    """argmin of α ↦ f(w + αd) over (0, alpha_max].

    w and direction have shape (n,). The slice is sampled on a grid, close near 0 and even further out; every
    valley of the samples is narrowed until its ends are neighbouring floats, and the lowest one wins.
    (A valley narrower than a hundredth of α_max and a quarter of its own α can slip through.)
    It is the *slope* that is searched for its zero, not the value: near a minimum the value is flat,
    and comparing values would lose half the digits. Slide: "Algorithm Development using Descent Direction".

    Raises ValueError for a zero direction or a bound that is not positive.
    """
    w = finite_array("w", w, (None,))
    d = direction_of(finite_array("direction", direction, w.shape))
    alpha_max = positive("alpha_max", alpha_max)

    def slope(alpha: Floats) -> Floats:
        return (problem.gradient(w + alpha[:, np.newaxis] * d) * d).sum(axis=-1)

    with np.errstate(over="ignore", invalid="ignore"):
        grid = alpha_max * _GRID
        found = [_zero_crossing(slope, *cell) for cell in _turns(grid, slope(grid))]
        candidates = np.array([*found, grid[1], alpha_max])
        errors = problem.error(w + candidates[:, np.newaxis] * d)
    # The bound wins a tie with the least step: a slice that underflows to a flat 0 is still falling.
    best = len(errors) - 1 - int(np.argmin(np.where(np.isnan(errors), np.inf, errors)[::-1]))
    on_bound = best == len(candidates) - 1
    return LineSearch(float(candidates[best]), float(errors[best]), on_bound)


@dataclass(frozen=True)
class ExactLineSearch:
    """The rate of gradient descent that searches α^k anew at each step, over (0, alpha_max]."""

    alpha_max: float = 100.0

    def __call__(self, problem: Problem, w: ArrayLike, direction: ArrayLike) -> LineSearch:
        return line_search(problem, w, direction, self.alpha_max)


exact_line_search = ExactLineSearch()


def descent_interval(problem: Problem, x: ArrayLike, d: ArrayLike, alpha_max: float = 10.0) -> float:
    """How far f stays below f(x) from x along d: the first α > 0 with f(x + αd) ≥ f(x) again.

    Every ε below it makes f(x + αd) < f(x) true on the whole of (0, ε], as the slide's proposition says that
    some ε does. np.inf where f stays below as far as alpha_max; 0 where f does not fall at first (or not by
    more than its rounding errors). x and d have shape (n,).
    (A rise narrower than alpha_max / 400 can slip through.)
    Slide: "Descent Direction", proposition.

    Raises ValueError for a zero direction or a bound that is not positive.
    """
    x = finite_array("x", x, (None,))
    d = direction_of(finite_array("d", d, x.shape))
    alpha = positive("alpha_max", alpha_max) * _FINE_GRID
    start = problem.error(x)

    def rise(at: Floats) -> Floats:
        return problem.error(x + at[:, np.newaxis] * d) - start

    with np.errstate(over="ignore", invalid="ignore"):
        rises = rise(alpha)
        told = np.abs(rises) > 8 * np.spacing(np.abs(start))  # less is rounding
        first = int(np.argmax(told))
        if not told[first] or not rises[first] < 0:
            return 0.0
        back = first + np.flatnonzero(~(rises[first:] < 0))
        return _first(lambda at: ~(rise(at) < 0), alpha[back[0] - 1], alpha[back[0]]) if len(back) else np.inf


_GRID = np.unique(np.concatenate([[0.0], np.geomspace(1e-12, 1.0, 121), np.linspace(0.01, 1.0, 100)]))
_PARTS = np.linspace(0.0, 1.0, 33)
_EVEN = np.linspace(0.0, 1.0, 17)
_CLOSE = np.concatenate([-(0.1 ** np.arange(2, 17, 2)), 0.1 ** np.arange(2, 17, 2)])
_FINE_GRID = np.unique(np.concatenate([np.geomspace(1e-12, 1.0, 121), np.linspace(0.0025, 1.0, 400)]))


def _turns(grid: Floats, slopes: Floats) -> Iterator[tuple[Floats, Floats]]:
    """The ends of the grid cells in which the slope turns from falling to rising, and the slopes there."""
    turning = (slopes[:-1] <= 0) & (slopes[1:] > 0)
    return ((grid[i : i + 2], slopes[i : i + 2]) for i in np.flatnonzero(turning))


def _zero_crossing(slope: Callable[[Floats], Floats], ends: Floats, slopes: Floats) -> float:
    """Where the slope crosses 0 upwards between the ends: many points at once, over and over.

    Half of them are even, and the others close in on where a straight line would cross.
    """
    while True:
        low, high = ends.tolist()
        if high - low <= 4 * np.spacing(high):
            return (low + high) / 2
        share = float(slopes[0] / (slopes[0] - slopes[1]))
        around = share if isfinite(share) else 0.5  # slopes can be infinite
        at = low + (high - low) * np.concatenate([_EVEN, around + _CLOSE])
        at = np.sort(at.clip(low, high))
        at[0], at[-1] = low, high
        values = slope(at)
        first = int((values[1:] > 0).argmax()) + 1
        if (at[first - 1], at[first]) == (low, high):
            return (low + high) / 2
        ends, slopes = at[first - 1 : first + 1], values[first - 1 : first + 1]


def _first(holds: Callable[[Floats], NDArray[np.bool_]], low: float, high: float) -> float:
    """Where a condition, false at `low` and true at `high`, begins: 33 points at once, over and over."""
    while True:
        cell = low + (high - low) * _PARTS  # `linspace` would take as long as all else
        cell[-1] = high
        begins = int(holds(cell[1:]).argmax()) + 1
        if high - low <= 4 * np.spacing(high) or (cell[begins - 1], cell[begins]) == (low, high):
            return (low + high) / 2
        low, high = cell[begins - 1], cell[begins]
