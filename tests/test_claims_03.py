"""Notebook 03 says nothing about a view or a cell that is not checked here.

Each check names the sentences of the notebook, or of its activities, that it stands for, and they must stand
there word by word. That predictions have answers and goals are reached is checked in test_tasks.py.
The expected values are computed here anew: plain loops, closed forms, decimal arithmetic.
"""

import math
import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from claims import lesson_text
from hands import message

from lecture643 import crowd, descent, explore, lesson, logbook
from lecture643.explore.basins import even_starts
from lecture643.live.view import View
from lecture643.maths import timing
from lecture643.maths.functions import Hill, Power
from lecture643.maths.methods import Quadratic, nesterov
from lecture643.maths.text import number
from lecture643.maths.toy import SigmoidNeuron, four_points

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "03_gradient_descent.ipynb"
CELLS = "\n".join(cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells)
TEXT = " ".join(CELLS.split()) + lesson_text("gradient_descent")
X = [(-3, -3), (-2, -2), (4, 4), (2, -5)]
Y = [1, 1, 0, 0]
CHECKS: list = []


def claim(*quotes: str) -> Callable:
    """What the function checks: sentences of the notebook."""

    def keep(check: Callable) -> Callable:
        CHECKS.append(pytest.param(quotes, check, id=re.sub(r"[^\w .,]", "", quotes[0])[:90]))
        return check

    return keep


def answered(name: str) -> View:
    """The view of an activity, after its answer was shown."""
    logbook.clear()
    view = lesson.activities[name]()
    message(view, "task", act="commit", guess=None)
    return view


def because(name: str, option: int = 0) -> str:
    """What is said then."""
    return answered(name).stage.tasks["prediction"]["because"][option]


def why(view: View, goal: int) -> str:
    """What is said once a goal is given up, in its own way."""
    message(view, "task", act="give_up", goal=goal)
    return view.stage.tasks["goals"][goal]["why"]


# --- the four points, anew ----------------------------------------------------------------------


def error(w: tuple[float, float]) -> float:
    return sum((y - 1 / (1 + math.exp(-(w[0] * a + w[1] * b)))) ** 2 for (a, b), y in zip(X, Y, strict=True))


def gradient(w: tuple[float, float]) -> tuple[float, float]:
    one = two = 0.0
    for (a, b), y in zip(X, Y, strict=True):
        out = 1 / (1 + math.exp(-(w[0] * a + w[1] * b)))
        push = -2 * (y - out) * out * (1 - out)
        one, two = one + push * a, two + push * b
    return one, two


@lru_cache(maxsize=8)
def walk(start: tuple[float, float], rate: float, steps: int) -> list[float]:
    """E(w^k) of GD with a fixed step."""
    w, errors = start, [error(start)]
    for _ in range(steps):
        g = gradient(w)
        w = (w[0] - rate * g[0], w[1] - rate * g[1])
        errors.append(error(w))
    return errors


def gradients(w: np.ndarray) -> np.ndarray:
    """∇E of many w at once."""
    out = 1 / (1 + np.exp(-np.clip(w @ np.array(X, dtype=float).T, -700, 700)))
    return (2 * (out - Y) * out * (1 - out)) @ np.array(X, dtype=float)


def plateau(w: np.ndarray) -> np.ndarray:
    """How many points are on the wrong side."""
    return ((w @ np.array(X, dtype=float).T > 0) != np.array(Y, dtype=bool)).sum(axis=-1)


def some_starts(side: int = 40) -> np.ndarray:
    at = -6 + 12 * (np.arange(side) + 0.37) / side
    return np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)


@lru_cache(maxsize=8)
def shares(rate: float, steps: int) -> tuple[float, ...]:
    """The shares of the plateaus 0, 1, 3, 4."""
    w = some_starts()
    for _ in range(steps):
        w = w - rate * gradients(w)
    return tuple(float((plateau(w) == height).mean()) for height in (0, 1, 3, 4))


# --- 2.10 ---------------------------------------------------------------------------------------


@claim(
    "$E$ falls in every step.",
    "first $\\alpha = 17.5$, then 0.46, then longer ones again",
    "all six were taken",
)
def _() -> None:
    alphas, errors, w = [], [error((1, 1))], np.array([1.0, 1.0])
    for _ in range(6):
        d = -gradients(w)
        alpha = np.geomspace(1e-3, 100, 60_001)
        best = alpha[
            np.argmin(((Y - 1 / (1 + np.exp(-(w + alpha[:, None] * d) @ np.array(X).T))) ** 2).sum(axis=1))
        ]
        w = w + best * d
        alphas.append(best)
        errors.append(error(tuple(w)))
    assert alphas[:2] == pytest.approx([17.5, 0.46], abs=0.01)
    assert (np.diff(alphas[1:]) > 0).all()
    assert (np.diff(errors) < 0).all()
    path = descent.gradient_descent(four_points(), (1, 1), descent.exact_line_search, steps=6)
    assert path.stopped == "steps"
    assert path.error == pytest.approx(np.array(errors), rel=1e-3)


@claim("On these data it never fires in exact arithmetic (fine print F2, in notebook 02).")
def _() -> None:
    """∇E = p (1, 1) + q (2, −5) with p, q > 0, and the two vectors are linearly independent."""
    assert 1 * -5 - 1 * 2 != 0
    with localcontext(prec=60):
        for w in np.random.default_rng(3).uniform(-6, 6, size=(100, 2)):
            pushes = []
            for (a, b), y in zip(X, Y, strict=True):
                out = 1 / (1 + (-(Decimal(w[0]) * a + Decimal(w[1]) * b)).exp())
                pushes.append(2 * (out - y) * out * (1 - out))
            assert -3 * pushes[0] - 2 * pushes[1] + 4 * pushes[2] > 0
            assert pushes[3] > 0


def _() -> None:
    errors = walk((1.0, 1.0), 0.5, 60)
    below = next(k for k, e in enumerate(errors) if e < 0.00218)
    assert below == 21  # the loop prints E(w^{k+1}) in the line of k


@claim("along −∇E(0) = (−2.75, −1) all four points come to their right sides")
def _() -> None:
    assert gradient((0, 0)) == (2.75, 1.0)
    for (a, b), y in zip(X, Y, strict=True):
        assert (a * -2.75 + b * -1.0 > 0) == (y == 1)  # each margin grows in proportion to α


@claim(
    "Whatever the bound, the search ends on it.",
    "a search further out ends on its bound again: …, and …",
    "the slice still falls at 20, where E = ….",
    "The search ends on its bound.",
)
def _() -> None:
    lowest = {}
    for bound in (0.1, 1, 5, 10, 20, 50, 100):
        total = Decimal(0)
        for (a, b), y in zip(X, Y, strict=True):
            z = Decimal(bound) * (Decimal("-2.75") * a - b)
            total += (y - 1 / (1 + (-z).exp())) ** 2
        found = descent.line_search(four_points(), (0, 0), (-2.75, -1), bound)
        assert found.on_bound
        assert found.alpha == bound
        assert found.error == pytest.approx(float(total), rel=1e-9)
        lowest[bound] = number(float(total))
    assert because("best_step", 0) == f"the slice still falls at 20, where E = {lowest[20]}."
    for bound in (50, 100):
        assert f"one up to {bound} ends at {bound}, with E = {lowest[bound]}" in because("best_step", 1)


@claim("From (1, 1) the best step is found in the bracket (0, 20]: look at the slice.")
def _() -> None:
    search = lesson.best_step().state.search
    assert search
    assert not search.on_bound
    alpha = np.linspace(0.01, 100, 20_000)
    along = [error((1 - a * gradient((1, 1))[0], 1 - a * gradient((1, 1))[1])) for a in alpha]
    assert search.alpha == pytest.approx(alpha[int(np.argmin(along))], abs=0.01)


@claim("How good exact search is here depends on how far one lets it look.")
def _() -> None:
    view = answered("best_step")
    ends = [state.exact.error[1] for bound in (1, 10, 100) for state in [_set(view, bound=bound)]]
    assert (np.diff(np.log10(ends)) < -3).all()


@claim(
    "In this bowl it is the curvature along $w_2$, and $L = 1$.",
    "It is flat along $w_1$ and steep along $w_2$",
)
def _() -> None:
    f, h = lesson.step_lengths().state.exact, 1e-4
    assert len(f.w) > 6
    bowl = Quadratic(np.diag([1 / 10, 1.0]))
    curvature = [(bowl.error(h * e) - 2 * bowl.error(0 * e) + bowl.error(-h * e)) / h**2 for e in np.eye(2)]
    assert curvature == pytest.approx([0.1, 1])


@claim("Each new gradient stands at a right angle to the one before", "The sentence gives the angle.")
def _() -> None:
    view = lesson.step_lengths()
    a, w = np.array([0.1, 1.0]), np.array([5, 0.5])
    for k in range(20):
        g = a * w
        w = w - (g @ g) / (g @ (a * g)) * g  # the closed form on a quadratic
        assert abs(g @ (a * w)) < 1e-9 * np.linalg.norm(g) ** 2
        view.set(shown=k)
        assert view.state.exact.w[k + 1] == pytest.approx(w, rel=1e-6, abs=1e-9)
        assert "meet at an angle of 90.0000°" in view.describe()


@claim(
    "On an axis of the ellipses −∇f points straight at the minimum. From all other places exact search "
    "zigzags.",
    "Exact search zigzags.",
)
def _() -> None:
    view, reached = lesson.step_lengths(), "this one step reaches the minimum"
    view.set(shown=0)
    for start in ((5, 0), (0, 3), (-2.35, 0)):
        view.set(start=start)
        assert reached in view.describe()
    for start in ((5, 0.05), (5, 0.5), (-3, 4), (0.05, 6)):
        view.set(start=start)
        assert reached not in view.describe()
        path = _set(view, shown=8).exact.w
        turns = np.diff(path, axis=0)[:8]
        assert (turns[:-1, 1] * turns[1:, 1] < 0).all()  # up and down along w₂, step by step
        view.set(shown=0)


@claim(
    "A step multiplies w₂ by 1 − γL, and here L = 1. At γ = 2/L that is −1",
    "With a still larger γ the walk flies apart.",
    "it only jumps to and fro",
)
def _() -> None:
    view = lesson.step_lengths()
    for rate in (0.5, 1.5, 2, 2.5):
        w = _set(view, rate=rate, shown=20).fixed.w
        assert w[1:, 1] == pytest.approx((1 - rate) * w[:-1, 1])
        assert (abs(w[20, 1]) > abs(w[0, 1])) == (rate > 2)


# --- where it ends ------------------------------------------------------------------------------


@claim(
    "The bars of 3 and 4 get shorter, while the bar of 1 hardly changes: …", "Of the starts … end on E → 0."
)
def _() -> None:
    before, after = shares(0.1, 0), shares(0.1, 2000)
    assert after[0] == pytest.approx(0.43, abs=0.015)
    assert after[1] == pytest.approx(1 / 3, abs=0.03)
    assert after[0] > before[0] + 0.2  # the share of 0 grows
    assert abs(after[1] - before[1]) < 0.03
    assert after[2] < before[2] - 0.05  # the shares of 3 and 4 shrink
    assert after[3] < before[3] - 0.1
    view = answered("starts")
    assert view.state.shares == pytest.approx(after, abs=0.02)
    told = view.stage.tasks["prediction"]["because"][0]
    for height in (0, 1):
        assert f"{number(100 * view.state.shares[height], 3)} %" in told


@claim("with sample 4 on the wrong side")
def _() -> None:
    w = some_starts()
    for _ in range(2000):
        w = w - 0.1 * gradients(w)
    says_one = w[plateau(w) == 1] @ np.array(X, dtype=float).T > 0
    assert (says_one == [True, True, False, True]).all()


@claim(
    "Larger, but not too large.",
    "A longer step carries some starts over the edge. A step that is too long throws others out of the "
    "right cone: try γ = 100.",
)
def _() -> None:
    at = [shares(rate, 2000)[0] for rate in (0.1, 2.0, 10.0, 100.0)]
    assert at[1] > 0.495
    assert at[1] > at[0]
    assert at[1] > at[2] > at[3]
    w = some_starts()
    right = w[plateau(w) == 0]
    assert (plateau(right - 100 * gradients(right)) > 0).mean() > 0.3
    assert (plateau(right - 0.1 * gradients(right)) == 0).all()


@claim(
    "From ✕ = (1, −1) GD with γ = 0.1 comes to the plateau 1.",
    "Twice as large is not enough, ten times is too much.",
    "A slightly longer step just gets over the edge. A much longer one lands too far out.",
)
def _() -> None:
    came_to = {}
    for rate in (0.1, 0.2, 0.5, 1.0):
        w = np.array([[1.0, -1.0]])
        for _ in range(2000):
            w = w - rate * gradients(w)
        came_to[rate] = int(plateau(w)[0])
        farthest = np.abs(w).max()
    assert came_to == {0.1: 1, 0.2: 1, 0.5: 0, 1.0: 1}
    assert farthest > 3  # the last one


@claim("How long does the bar of E → 0 get?")
def _() -> None:
    """The guess is made on the bar's own scale."""
    view = answered("starts")
    end = view.bars[0].get_x() + view.bars[0].get_width()
    assert view.live.place_of("shares", (end, 0))[0] == pytest.approx(
        view.stage.tasks["prediction"]["truth_at"]
    )
    assert end == pytest.approx(view.stage.tasks["prediction"]["truth"][0])


@claim(
    "No step is taken yet: the bars show how many of the 10,000 starts lie in each cone.",
    "Each of 10,000 starts has the colour of the plateau on which its walk is by now.",
)
def _() -> None:
    view = lesson.starts()
    assert view.state.heights.size == 10_000
    assert (view.state.heights.ravel() == plateau(even_starts(100))).all()


def _() -> None:
    w = even_starts(30)
    for _ in range(700):
        w = w - 0.1 * gradients(w)
    view = explore.basins(rate=0.1, steps=700, side=30)
    assert (view.state.heights.ravel() == plateau(w)).all()


@claim("Drag ✕ along the edge between two colours: a small change of the start is a large change of the end.")
def _() -> None:
    w = np.array([[-0.15, -1.9], [-0.25, -1.9]])
    for _ in range(2000):
        w = w - 0.1 * gradients(w)
    assert sorted(plateau(w)) == [0, 1]


@claim(
    "All plateaus slope, ever so little, so a walk may still leave the plateau 1, however late.",
    "GD is on it after 5,000 steps, and on the plateau 0 after 10,000",
)
def _() -> None:
    w = np.array([[0.0, -2.0]])
    at = []
    for _ in range(10_001):
        at.append(int(plateau(w)[0]))
        w = w - 0.1 * gradients(w)
    assert at[2000] == at[5000] == 1
    assert at[10_000] == 0


@claim("one in fifteen leaves it before step 20,000")
def _() -> None:
    starts = np.random.default_rng(643).uniform(-6, 6, size=(2000, 2))
    ends = crowd.descend_from_all(four_points(), starts, rate=0.1, steps=2000)
    on_1 = ends[plateau(ends) == 1]
    later = crowd.descend_from_all(four_points(), on_1, rate=0.1, steps=18_000)
    assert (plateau(later) != 1).mean() == pytest.approx(1 / 15, abs=0.01)


# --- 2.11 ---------------------------------------------------------------------------------------


def bowl_errors(kappa: float, method: str, rate: float, steps: int) -> np.ndarray:
    """E(w^k)/E(w⁰) on ½(w₁²/κ + w₂²) from (1, 1/κ), in a loop of its own."""
    a = np.array([1 / kappa, 1.0])
    w = before = np.array([1.0, 1 / kappa])
    errors, t = [], 1.0
    for _ in range(steps + 1):
        errors.append((a * w**2).sum() / 2)
        if method == "nesterov":
            after = (1 + math.sqrt(1 + 4 * t * t)) / 2
            ahead = w + (t - 1) / after * (w - before) if errors[1:] else w
            t = after if errors[1:] else t
            before, w = w, ahead - rate * a * ahead
        else:
            g = a * w
            w = w - ((g @ g) / (g @ (a * g)) if method == "exact" else rate) * g
    return np.array(errors) / errors[0]


@claim(
    "from there each step multiplies the gap by $\\left(\\frac{\\kappa-1}{\\kappa+1}\\right)^2$. These are "
    "the dots."
)
def _() -> None:
    factor = (Decimal(99) / Decimal(101)) ** 2
    errors = bowl_errors(100, "exact", 1, 200)
    assert errors[1:] / errors[:-1] == pytest.approx(float(factor), rel=1e-9)


@claim("The line on the right is straight, and its factor stands beside it.", "These are the dots.")
def _() -> None:
    view = lesson.best_rate()
    laws = view.state.laws
    assert [law.kind for law in laws.values()] == ["factor", "factor"]
    assert laws["fixed"].value == pytest.approx(0.99**2, rel=1e-9)
    assert laws["exact"].value == pytest.approx((99 / 101) ** 2, rel=1e-6)
    shown = {place for place, text in view.fits.items() if text.get_visible()}
    assert shown == {("factor", "fixed"), ("factor", "exact")}
    assert view.fits["factor", "fixed"].get_text() == "GD × 0.9801 each step"
    dots, exact = view.geometric[1], view.lines[view.steady, "exact"]
    assert dots.get_visible()
    near = np.isin(dots.get_xdata(), exact.get_xdata())
    high = dots.get_ydata()[near] > 1e-13
    assert dots.get_ydata()[near][high] == pytest.approx(
        exact.get_ydata()[: near.sum()][high[: near.sum()]], rel=1e-2
    )
    assert dots.get_linewidth() > exact.get_linewidth()  # it shows on both sides of the line


@claim("With $\\kappa = 10$ it goes straight down to $10^{-16}$ of the first gap, where the picture ends.")
def _() -> None:
    view = lesson.stretched()
    assert view.fits["factor", "fixed"].get_text() == "GD × 0.81 each step"
    k, left = view.lines[view.steady, "fixed"].get_data()
    seen = (left > 1e-16) & (k > 0)
    assert left[seen].min() < 1e-15
    assert left[seen] / left[0] == pytest.approx(0.81 ** (k[seen] - k[0]), rel=1e-6)
    assert view.live.panels["steady"].get_ylim()[0] == pytest.approx(1e-17)


@claim(
    "In the bowl with κ = 10 GD needs 66 steps until a millionth of the first gap is left",
    "It needs …, about ten times as many. With γ = 1/L a step takes away only the part γμ = … of w₁",
)
def _() -> None:
    needed = {kappa: int(np.argmax(bowl_errors(kappa, "fixed", 1, 800) <= 1e-6)) for kappa in (10, 100)}
    assert needed[10] == 66
    assert needed[100] / needed[10] == pytest.approx(10, abs=0.5)
    assert because("stretched").startswith(f"It needs {needed[100]}, about ten times")
    assert "the part γμ = 0.01 of w₁" in because("stretched")
    w = answered("stretched").state.curves["fixed"].path.w[:, 0]
    assert (w[:-1] - w[1:]) / w[:-1] == pytest.approx(0.01)


@claim("A step multiplies $w_1$ by $1 - \\gamma\\mu$ and $w_2$ by $1 - \\gamma L$.")
def _() -> None:
    for rate in (0.5, 1.9, 2.5):
        path = descent.gradient_descent(Quadratic(np.diag([0.01, 1])), (1, 0.01), rate=rate, steps=20)
        assert path.w[1:] == pytest.approx(path.w[:-1] * [1 - rate * 0.01, 1 - rate])


@claim(
    "After 100 steps Nesterov is far ahead.",
    "It takes more than 1,000 steps.",
    "The momentum keeps growing, whatever κ is. So Nesterov overshoots and swings, while GD's factor stays "
    "what it is.",
    "It begins at 0 and grows towards 1.",
)
def _() -> None:
    gd, ahead = bowl_errors(100, "fixed", 1, 2000), bowl_errors(100, "nesterov", 1, 2000)
    assert nesterov(Quadratic(np.diag([0.01, 1])), (1, 0.01), 1.0, 300).error / 0.00505 == pytest.approx(
        ahead[:301], rel=1e-6, abs=1e-12
    )
    assert ahead[100] < gd[100] / 100
    assert (ahead[:1001] < gd[:1001])[10:].all()
    assert (np.diff(ahead[:200]) > 0).any()
    assert gd[2:] / gd[1:-1] == pytest.approx(0.9801)
    assert gd[1500] < ahead[1500]
    t, momentum = 1.0, []
    for _ in range(5000):
        t, last = (1 + math.sqrt(1 + 4 * t * t)) / 2, t
        momentum.append((last - 1) / t)
    assert momentum[0] == 0
    assert (np.diff(momentum) > 0).all()
    assert 0.999 < momentum[-1] < 1


@claim("Make $\\kappa$ twice as large: both need about twice as many steps.")
def _() -> None:
    for method in ("fixed", "exact"):
        needed = {kappa: np.argmax(bowl_errors(kappa, method, 1, 1500) <= 1e-6) for kappa in (50, 100, 200)}
        assert needed[100] / needed[50] == pytest.approx(2, abs=0.05)
        assert needed[200] / needed[100] == pytest.approx(2, abs=0.05)
    view = lesson.best_rate()
    once = {method: curve.first_below(1e-6) for method, curve in view.state.curves.items()}
    view.set(kappa=200)
    for method, curve in view.state.curves.items():
        assert curve.first_below(1e-6) / once[method] == pytest.approx(2, abs=0.05)


@claim("With $\\gamma = 2.5$ GD diverges.", "It lies between 1/L = 1 and 2/L = 2, close to the latter.")
def _() -> None:
    view = lesson.best_rate()
    view.set(rate=2.5)
    assert "GD diverged at k =" in view.describe()
    view.set(rate=2)
    assert "none (neither a factor in each step nor a power of k) for GD" in view.describe()


@claim(
    "With γ = 2/(L + μ) = … both directions shrink by the same factor: 1 − γμ along w₁, and γL − 1 along "
    "w₂, with another sign in each step.",
    "At κ = … a step leaves at most the part ((κ−1)/(κ+1))² = … of the gap.",
)
def _() -> None:
    assert why(lesson.best_rate(), 0).startswith("With γ = 2/(L + μ) = 1.98 both")
    for kappa in (3, 100):
        best = 2 / (1 + 1 / kappa)
        assert 1 - best / kappa == pytest.approx(best - 1)
        random = np.random.default_rng(1).normal(size=(500, 2))
        g = random * [1 / kappa, 1]
        w = random - ((g * g).sum(axis=1) / (g * g * [1 / kappa, 1]).sum(axis=1))[:, None] * g
        left = (w * w * [1 / kappa, 1]).sum(axis=1) / (random * g).sum(axis=1)
        assert left.max() <= ((kappa - 1) / (kappa + 1)) ** 2 + 1e-12
    told = why(lesson.best_rate(), 1)
    assert told == "At κ = 3 a step leaves at most the part ((κ−1)/(κ+1))² = 0.25 of the gap."


@claim("It has no local optimum either (fine print F2)", "if a local optimum exists")
def _() -> None:
    far = np.random.default_rng(5).uniform(-6, 6, size=(200, 2))
    assert (np.linalg.norm(gradients(far), axis=1) > 0).all()


@claim(
    "The further out one goes, the flatter is the $E$ of the four points.",
    "Its curvature gets as small as you like",
)
def _() -> None:
    w, h = np.array(answered("power").state.curves["fixed"].path.w[[10, 100, 1000, 10_000]]), 1e-3
    steps = [np.array([h, 0]), np.array([0, h])]
    curvature = [max(abs((gradients(at + e) - gradients(at - e)) / (2 * h)).max() for e in steps) for at in w]
    assert (np.diff(curvature) < 0).all()
    assert curvature[-1] < 1e-3


@claim(
    "In the left picture the line becomes straight, with the slope …. So it is a power: E is about c/k, "
    "with c = … at k = 10⁴.",
    "The further out, the flatter E is, and the shorter the steps.",
)
def _() -> None:
    errors = walk((0.0, 0.0), 0.5, 126_000)
    assert math.log10(errors[100_000] / errors[10_000]) == pytest.approx(-1, abs=1e-3)
    view = answered("power")
    assert view.state.laws["fixed"].kind == "power"
    assert view.state.laws["fixed"].value == pytest.approx(-1, abs=0.01)
    assert [place for place, text in view.fits.items() if text.get_visible()] == [("power", "fixed")]
    assert "with the slope −0.99." in because("power")
    assert f"with c = {1e4 * errors[10_000]:.4g} at" in because("power")
    moves = np.linalg.norm(np.diff(view.state.curves["fixed"].path.w, axis=0), axis=1)
    assert (np.diff(moves[1:]) < 0).all()
    assert next(told for told in view.settings.told() if told["name"] == "kappa")["hidden"]


@claim("A larger γ moves the line down. It does not make it steeper: in the end it goes like 1/k again.")
def _() -> None:
    errors = {rate: walk((0.0, 0.0), rate, 126_000) for rate in (0.1, 0.5, 1.0, 8.0)}
    at_the_end = [each[10_000] for each in errors.values()]
    assert (np.diff(at_the_end) < 0).all()
    for rate in (0.1, 0.5, 8.0):
        assert math.log10(errors[rate][120_000] / errors[rate][12_000]) == pytest.approx(-1, abs=0.02)


@claim(
    "like 1/k², where GD's goes like 1/k",
    "In the end Nesterov's line falls twice as steeply",
    "At k = 10,000 GD is there with γ = 0.5; with γ = 1 it is still flatter.",
    "Only one of the two can do it.",
)
def _() -> None:
    view = lesson.ahead()
    view.set(function="points", steps=10_000, rate=0.5)
    laws = view.state.laws
    assert laws["nesterov"].value == pytest.approx(-2, abs=0.01)
    assert laws["fixed"].value == pytest.approx(-1, abs=0.01)
    view.set(rate=1)
    assert laws["fixed"].value + 0.5 < view.state.laws["fixed"].value < 0
    errors = walk((0.0, 0.0), 1.0, 126_000)
    assert math.log10(errors[120_000] / errors[12_000]) == pytest.approx(-0.8, abs=0.1)  # on its way to -1
    for rate in view.controls["rate"].kind.stops(view.settings):
        assert (
            explore.rates(function="points", methods="gd", rate=rate).state.curves["fixed"].share[-1] > 1e-8
        )


@claim("**Nesterov's method** does, for convex functions.")
def _() -> None:
    """f(w^k) ≤ 2 ‖w⁰ − w*‖² / (γ (k + 1)²), on the quadratic and on the eighth power."""
    for f in (Quadratic(np.diag([0.01, 1])), Power(8, (1, 1))):
        error = nesterov(f, (1, 1), 1.0, 2000).error
        assert (error[1:] <= 2 * 2 / (np.arange(1, 2001) + 1) ** 2).all()


@claim("What smoothness alone promises is about the smallest gradient norm so far")
def _() -> None:
    w, smallest = np.array([1.0, 1.0]), np.inf
    for k in range(3000):  # the hill, with γ = 1/L = 1
        g = -w * (1 + w @ w) ** (-1.125)
        smallest = min(smallest, float(np.linalg.norm(g)))
        assert smallest <= math.sqrt(2 * 4 * 3**-0.125 / (k + 1))
        w = w - g


@claim("If $E$ is convex too and has a minimum, GD's values converge like $O(1/k)$.")
def _() -> None:
    w = np.array([1.0, 1.0])
    for k in range(1, 3000):  # f(w^k) ≤ ‖w⁰ − w*‖²/(2γk)
        w = w - w**7 / 7
        assert (w**8).sum() / 56 <= 2 / (2 * k)


@claim(
    "Its smallest gradient norm falls like $k^{-5/9}$, hardly faster than the promised $1/\\sqrt k$. Its "
    "values fall like $k^{-1/9}$ only",
    "smooth, not convex, and falls for ever",
)
def _() -> None:
    view = explore.rates(function="hill", gap="gradient")
    assert view.state.laws["fixed"].value == pytest.approx(-5 / 9, abs=0.002)
    view.set(gap="error")
    assert view.state.laws["fixed"].value == pytest.approx(-1 / 9, abs=0.002)
    lengths = np.array([5.0, 50.0, 500.0])  # dr/dt = r^(−5/4) far out, so r ∼ t^(4/9) and f ∼ r^(−1/4)
    assert Hill(0.25).error(np.stack([lengths, 0 * lengths], axis=1)) == pytest.approx(
        4 * lengths**-0.25, rel=0.01
    )


@claim("The values fall like $k^{-4/3}$, a power and no more.", "the exponent would be $-p/(p-2)$")
def _() -> None:
    told = re.search(r"like k\^−([\d.]+) for GD", explore.rates(function="power", kappa=1).describe())
    assert told
    assert float(told[1]) == pytest.approx(4 / 3, abs=0.005)
    for p in (4, 6, 8, 12):
        w = np.ones(20_001)
        for k in range(20_000):
            w[k + 1] = w[k] - w[k] ** (p - 1) / (p - 1)
        slope = p * math.log10(w[20_000] / w[2_000])
        assert slope == pytest.approx(-p / (p - 2), abs=0.01)
        assert Power(p, (1, 1)).error([w[50], w[50]]) == pytest.approx(2 * w[50] ** p / (p * (p - 1)))


def _() -> None:
    assert 1e-16 < np.spacing(1.0) < 1e-15


def _() -> None:
    """From (1, 1) with γ = 1: E(w^k) = 0.05 · 0.81ᵏ from k = 1 on."""
    first = [
        next(k for k in range(1, 400) if Decimal("0.05") * Decimal("0.81") ** k < Decimal(10) ** -bound)
        for bound in (5, 10, 15, 30)
    ]
    assert first == [41, 96, 150, 314]  # what the cell prints
    assert (first[1] - first[0], first[2] - first[1], (first[3] - first[2]) / 3) == pytest.approx(
        (55, 55, 55), abs=1
    )


@claim("Each further digit takes about nine times as many steps as all the digits before it.")
def _() -> None:
    errors = walk((0.0, 0.0), 0.5, 126_000)
    first = [next(k for k, e in enumerate(errors) if e < 10.0**-digits) for digits in (4, 5, 6)]
    for before, after in pairwise(first):
        assert (after - before) / before == pytest.approx(9, abs=0.5)


# --- 2.12 ---------------------------------------------------------------------------------------


@claim(
    "GD: 100,000 times as long. SGD: no longer at all",
    "Every step has a fixed overhead, too, which hides the growth at the left end",
)
def _() -> None:
    took = {
        (method, size): timing.seconds(timing.step_of(method, size, 5))
        for method in ("gd", "sgd")
        for size in (10, 10**4, 10**6)
    }
    timing.random_data.cache_clear()
    assert 10**6 / 10 == 100_000
    assert took["gd", 10**6] / took["gd", 10] < 50_000  # the overhead
    assert 20 < took["gd", 10**6] / took["gd", 10**4] < 500  # 100 in theory
    assert took["sgd", 10**6] / took["sgd", 10] < 10


@claim("Exact search runs far above GD, since one search evaluates the gradient several hundred times.")
def _() -> None:
    class Counting(SigmoidNeuron):
        evaluations = 0

        def gradient(self, w: np.ndarray, batch: None = None) -> np.ndarray:
            self.evaluations += np.asarray(w).reshape(-1, 5).shape[0]
            return super().gradient(w, batch)

    data = timing.random_data(100, 5)
    counting = Counting(data.x, data.y)
    descent.line_search(counting, np.zeros(5), -data.gradient(np.zeros(5)))
    assert 200 < counting.evaluations < 1000


@claim("besides the data, a step of either method holds a few numbers for each weight")
def _() -> None:
    held = [timing.held_bytes(timing.step_of(method, 10, 10**5)) / 10**5 for method in ("gd", "sgd")]
    assert held[0] == pytest.approx(held[1], rel=0.2)
    assert 8 <= held[0] <= 5 * 8


def test_the_cost_of_the_steps_can_be_read_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here with times that the theory gives."""
    assert "Its line ends where one search would take over half a second." in TEXT
    factor = {"exact": 5e-7, "gd": 1e-9, "sgd": 1e-9}
    monkeypatch.setattr(timing, "step_of", lambda *step: step)
    monkeypatch.setattr(timing, "held_bytes", lambda step: 16 * step[2])
    monkeypatch.setattr(
        timing, "seconds", lambda step: factor[step[0]] * step[2] * (1 if step[0] == "sgd" else step[1])
    )
    view = explore.cost()
    assert "a step of GD takes" not in view.describe()
    view.measure()
    told = re.search(r"a step of GD takes ([\d.]+) ms, a step of SGD ([\d.]+)×10⁻⁶ ms", view.describe())
    assert told
    assert float(told[1]) / (float(told[2]) * 1e-6) == pytest.approx(10**6)
    assert view.state.points["samples"]["exact"][-1][1] < 0.5 < 2.5e-6 * 10**6


@claim("GD takes the very same walk, and pays three times as much for it.")
def _() -> None:
    w, tripled = np.array([2.0, 0.0]), np.array([2.0, 0.0])
    for _ in range(100):
        w, tripled = w - 0.3 * gradients(w), tripled - 0.1 * sum(gradients(tripled) for _ in range(3))
    assert w == pytest.approx(tripled, rel=1e-9)
    thrice = SigmoidNeuron(np.tile(X, (3, 1)), np.tile(Y, 3))
    path = descent.gradient_descent(thrice, (2, 0), rate=0.1, steps=100)
    assert path.w[-1] == pytest.approx(w, rel=1e-9)
    assert path.sample_gradients[-1] == 3 * 400


def _() -> None:
    thrice = SigmoidNeuron(np.tile(X, (3, 1)), np.tile(Y, 3))
    assert descent.sgd(thrice, (2, 0), rate=0.1, steps=100).sample_gradients[-1] == 100


@claim("a factor in each step on the strongly convex quadratic, a power of $k$ on the four points")
def _() -> None:
    kinds = {
        f: explore.rates(function=f, kappa=10, methods="gd", rate=0.5).state.laws["fixed"].kind
        for f in ("quadratic", "points")
    }
    assert kinds == {"quadratic": "factor", "points": "power"}


def _set(view: View, **settings: object) -> Any:
    view.set(**settings)
    return view.state


@pytest.mark.parametrize(("quotes", "check"), CHECKS)
def test_claim(quotes: tuple[str, ...], check: Callable[[], None]) -> None:
    for quote in quotes:
        assert " ".join(quote.split()) in TEXT, f"the notebook does not say: {quote}"
    check()
