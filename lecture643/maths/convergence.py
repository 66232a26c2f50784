"""How fast descent is: functions of several kinds, and walks on them by three methods."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np

from lecture643.maths import methods as descent
from lecture643.maths.checks import Floats
from lecture643.maths.functions import Hill, Power, Quadratic
from lecture643.maths.methods import ExactLineSearch, Path, Walk
from lecture643.maths.problem import Problem
from lecture643.maths.speed import FEWEST
from lecture643.maths.text import number
from lecture643.maths.toy import four_points

STEPS = 10_000
LONGEST = {"fixed": STEPS, "exact": 1000, "nesterov": STEPS}  # a search costs as much as some 30 steps
LOWEST = 1e-16  # below this part of the first value nothing is drawn or measured
HIGHEST = 1e300
STRETCHED = ("quadratic", "power")  # by κ
POWER = 8
HILL = 0.25


@dataclass(frozen=True)
class Case:
    """A function to descend on: all start with a value of about 1 and inf = 0.

    alpha_max: the end of the exact search's bracket.
    """

    name: str
    problem: Problem
    start: tuple[float, float]
    alpha_max: float


@lru_cache(maxsize=32)
def cases(kappa: float) -> dict[str, Case]:
    """The functions, for a condition number κ."""
    return {
        "quadratic": Case(
            f"½(w₁²/κ + w₂²) with L = 1, μ = {number(1 / kappa)}, κ = {number(kappa)}",
            Quadratic(np.diag([1 / kappa, 1.0])),
            (1.0, 1 / kappa),
            100.0,
        ),
        "power": Case(
            f"(w₁⁸/κ + w₂⁸)/56 with κ = {number(kappa)}",
            Power(POWER, (1 / kappa, 1.0)),
            (1.0, 1.0),
            1e6,
        ),
        "points": Case("The four points' E from w⁰ = 0", four_points(), (0.0, 0.0), 10.0),
        "hill": Case("4 (1 + ‖w‖²)^(−1/8)", Hill(HILL), (1.0, 1.0), 10.0),
    }


def walk(method: str, function: str, kappa: float, rate: float) -> Walk:
    """A walk by "fixed" steps, "exact" search or "nesterov"; what does not matter to it starts none anew."""
    return _kept(
        method, function, kappa if function in STRETCHED else 1.0, 1.0 if method == "exact" else rate
    )


@lru_cache(maxsize=32)
def _kept(method: str, function: str, kappa: float, rate: float) -> Walk:
    case = cases(kappa)[function]
    if method == "exact":
        search = ExactLineSearch(case.alpha_max)
        return Walk(descent.gradient_descent, case.problem, case.start, search, piece=3)
    method_walk = descent.nesterov if method == "nesterov" else descent.gradient_descent
    return Walk(method_walk, case.problem, case.start, rate, piece=50)


@dataclass(frozen=True)
class Curve:
    """One method's values, as parts of the first one.

    share: at every k. last: the k up to which it can be measured. on_way: whether more of it is to come.
    """

    share: Floats
    last: int
    path: Path
    on_way: bool

    @classmethod
    def of(cls, problem: Problem, walk: Walk, gap: str, steps: int) -> Self:
        """The "error" of a walk, or the smallest "gradient" so far; the infimum of all the functions is 0.

        steps: no more are looked at.
        """
        path = _first(walk.path, steps)
        values = path.error
        if gap == "gradient":
            values = np.minimum.accumulate(np.linalg.norm(problem.gradient(path.w), axis=-1))
        with np.errstate(over="ignore"):
            share = np.minimum(values / values[0], HIGHEST)  # a walk that diverges
        return cls(share, int(np.flatnonzero(share > LOWEST)[-1]), path, not walk.is_over(steps))

    def first_below(self, part: float) -> int | None:
        """The first k at which no more than this part of the first value is left, if there is one."""
        below = self.share <= part
        return int(below.argmax()) if below.any() else None

    @property
    def measurable(self) -> bool:
        """Not where it diverged or ended too soon, nor an exact search that only ever found its bound."""
        searches = self.path.line_searches
        only_bounds = bool(searches) and all(search.on_bound for search in searches)
        return self.path.diverged_at is None and self.last >= FEWEST and not only_bounds


def _first(path: Path, steps: int) -> Path:
    """The first steps of a path."""
    if len(path.rates) < steps or (len(path.rates) == steps and path.diverged_at is None):
        return path
    return replace(
        path,
        w=path.w[: steps + 1],
        error=path.error[: steps + 1],
        rates=path.rates[:steps],
        batches=path.batches[:steps],
        sample_gradients=path.sample_gradients[: steps + 1],
        line_searches=path.line_searches[:steps],
        stopped="steps",
        diverged_at=None,
    )
