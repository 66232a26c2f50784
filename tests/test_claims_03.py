"""Notebook 03 says nothing about a view or a cell that is not checked here, and its goals can be reached.

Each check names the sentences of the notebook that it stands for, and they must stand there word by word.
The expected values are computed here anew: plain loops, closed forms, decimal arithmetic.
"""

import math
import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
import pytest

from lecture643 import crowd, descent, explore
from lecture643.explore.basins import even_starts
from lecture643.live.view import View
from lecture643.maths import timing
from lecture643.maths.convergence import cases
from lecture643.maths.functions import Hill, Power
from lecture643.maths.methods import Quadratic, nesterov
from lecture643.maths.toy import SigmoidNeuron, four_points

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "03_gradient_descent.ipynb"
TEXT = "\n".join(cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells)
X = [(-3, -3), (-2, -2), (4, 4), (2, -5)]
Y = [1, 1, 0, 0]
CHECKS: list = []


def claim(*quotes: str) -> Callable:
    """What the function checks: sentences of the notebook."""

    def keep(check: Callable) -> Callable:
        CHECKS.append(pytest.param(quotes, check, id=re.sub(r"[^\w .,]", "", quotes[0])[:90]))
        return check

    return keep


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


@claim("$\\alpha^k$ goes from the bound 10 down to about 0.2 and up again", "$E$ falls in every step")
def _() -> None:
    alphas, errors, w = [], [error((1, 1))], np.array([1.0, 1.0])
    for _ in range(6):
        d = -gradients(w)
        alpha = np.linspace(1e-4, 10, 100_000)
        along = [error(tuple(w + a * d)) for a in alpha[::50]]
        near = alpha[max(0, 50 * int(np.argmin(along)) - 60) : 50 * int(np.argmin(along)) + 60]
        best = min((*near, 10.0), key=lambda a: error(tuple(w + a * d)))
        w = w + best * d
        alphas.append(best)
        errors.append(error(tuple(w)))
    assert alphas[0] == 10
    assert alphas[1] == pytest.approx(0.2274, abs=2e-4)
    assert alphas[1] == min(alphas)
    assert (np.diff(alphas[1:]) > 0).all()
    assert (np.diff(errors) < 0).all()
    assert errors[-1] == pytest.approx(0.00218, abs=1e-5)
    path = descent.gradient_descent(four_points(), (1, 1), rate=descent.ExactLineSearch(10), steps=6)
    assert path.stopped == "steps"
    assert path.error == pytest.approx(np.array(errors), rel=1e-2)


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


@claim("21: the line `k = 20` is the first one below it.")
def _() -> None:
    errors = walk((1.0, 1.0), 0.5, 60)
    below = next(k for k, e in enumerate(errors) if e < 0.00218)
    assert below == 21  # the loop prints E(w^{k+1}) in the line of k


@claim("Along this direction all four points are on their right sides")
def _() -> None:
    assert gradient((0, 0)) == (2.75, 1.0)
    for (a, b), y in zip(X, Y, strict=True):
        assert (a * -2.75 + b * -1.0 > 0) == (y == 1)  # each margin grows in proportion to α


@claim("Whatever the bound, the search ends on it.", "one step from 0 brings $E$ below $10^{-21}$")
def _() -> None:
    for bound in (0.1, 1, 5, 10, 50):
        total = Decimal(0)
        for (a, b), y in zip(X, Y, strict=True):
            z = Decimal(bound) * (Decimal("-2.75") * a - b)
            total += (y - 1 / (1 + (-z).exp())) ** 2
        found = descent.line_search(four_points(), (0, 0), (-2.75, -1), bound)
        assert found.on_bound
        assert found.alpha == bound
        assert found.error == pytest.approx(float(total), rel=1e-9)
    assert total < Decimal("1e-21")


@claim("Move the bound: the $\\alpha^k$ found moves with it and stays at the end of the bracket.")
def _() -> None:
    view = explore.line_search(function="E of the four points", start=(0, 0), bound=10, shown=0)
    for bound in (0.1, 0.5, 3, 10, 400, 1e4):
        view.set(bound=bound)
        assert view.state.exact.line_searches[0].alpha == bound
        assert "there is no argmin over α > 0: s(α) falls for ever" in view.describe()


@claim("Each new gradient stands at a right angle to the one before", "The sentence gives the angle.")
def _() -> None:
    view = explore.line_search(condition=10, start=(5, 0.5))
    a, w = np.array([0.1, 1.0]), np.array([5, 0.5])
    for k in range(20):
        g = a * w
        w = w - (g @ g) / (g @ (a * g)) * g  # the closed form on a quadratic
        assert abs(g @ (a * w)) < 1e-9 * np.linalg.norm(g) ** 2
        view.set(shown=k)
        assert view.state.exact.w[k + 1] == pytest.approx(w, rel=1e-6, abs=1e-9)
        assert "meet at an angle of 90.0000°" in view.describe()


@claim("From every start on an axis of the ellipses, such as $(5, 0)$ or $(0, 3)$")
def _() -> None:
    view = explore.line_search(condition=10, start=(5, 0.5))
    reached = "this one step reaches the minimum"
    view.set(shown=0, condition=100)
    assert reached not in view.describe()
    for start in ((5, 0), (0, 3), (-2.35, 0)):
        view.set(start=start)
        assert reached in view.describe()
    view.set(start=(5, 0.05))
    assert reached not in view.describe()


# --- where it ends ------------------------------------------------------------------------------


@claim("From about 43 %. About a third has come to the plateau 1", "the share of 1 hardly changes")
def _() -> None:
    before, after = shares(0.1, 0), shares(0.1, 2000)
    assert after[0] == pytest.approx(0.43, abs=0.015)
    assert after[1] == pytest.approx(1 / 3, abs=0.03)
    assert after[0] > before[0] + 0.2  # the share of 0 grows
    assert abs(after[1] - before[1]) < 0.03
    assert after[2] < before[2] - 0.05  # the shares of 3 and 4 shrink
    assert after[3] < before[3] - 0.1
    assert explore.basins(rate=0.1, steps=2000).state.shares == pytest.approx(after, abs=0.02)


@claim("with the point $(2, -5)$ on the wrong side")
def _() -> None:
    w = some_starts()
    for _ in range(2000):
        w = w - 0.1 * gradients(w)
    says_one = w[plateau(w) == 1] @ np.array(X, dtype=float).T > 0
    assert (says_one == [True, True, False, True]).all()


@claim("at $\\gamma = 2$ it is about one half", "down to a quarter at $\\gamma = 100$")
def _() -> None:
    at = [shares(rate, 2000)[0] for rate in (0.1, 2.0, 10.0, 100.0)]
    assert at[1] == pytest.approx(0.5, abs=0.02)
    assert at[1] > at[0]
    assert at[1] > at[2] > at[3]
    assert at[3] == pytest.approx(0.25, abs=0.02)


@claim("it throws about a third of the starts with all points right onto a wrong plateau")
def _() -> None:
    w = some_starts()
    right = w[plateau(w) == 0]
    assert (plateau(right - 100 * gradients(right)) > 0).mean() == pytest.approx(1 / 3, abs=0.04)


@claim("With `steps` at 0, each start has the colour of its own cone.")
def _() -> None:
    view = explore.basins(rate=0.1, steps=2000)
    view.set(steps=0)
    assert (view.state.heights.ravel() == plateau(even_starts(100))).all()


@claim("Walks of which it is proven that they do not change plateaus in the steps to go are dropped")
def _() -> None:
    w = even_starts(30)
    for _ in range(700):
        w = w - 0.1 * gradients(w)
    view = explore.basins(rate=0.1, steps=700, side=30)
    assert (view.state.heights.ravel() == plateau(w)).all()


def cone_told(view: View) -> str:
    told = re.search(r"in the cone of E → (\d)", view.describe())
    assert told
    return told[1]


@claim(
    "For example $(1, -1)$: plateau 1 with $\\gamma = 0.1$, plateau 0 with $\\gamma = 0.5$.",
    "And $(-1, -1.5)$: plateau 0 with $\\gamma = 0.1$, plateau 1 with $\\gamma = 10$.",
)
def _() -> None:
    view = explore.basins(rate=0.1, steps=2000)
    for start, reached in (((1, -1), {0.1: "1", 0.5: "0"}), ((-1, -1.5), {0.1: "0", 10.0: "1"})):
        for rate, cone in reached.items():
            view.set(start=start, rate=rate)
            assert cone_told(view) == cone


@claim("All plateaus slope, ever so little, so a walk may still leave the plateau 1, however late.")
def _() -> None:
    """From (0, −2) one does, between the steps 5,000 and 10,000."""
    w = np.array([[0.0, -2.0]])
    at = []
    for _ in range(10_001):
        at.append(int(plateau(w)[0]))
        w = w - 0.1 * gradients(w)
    assert at[2000] == at[5000] == 1
    assert at[10_000] == 0
    staying = crowd.descend_from_all(four_points(), [[1.0, -6.0]], 0.1, 2000)
    assert crowd.stays(four_points(), staying, 0.1, 10**9).all()


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
    "From there it multiplies $E$ by",
    "= 0.9608$ in each step, so it takes about 17 steps to halve it",
)
def _() -> None:
    factor = (Decimal(99) / Decimal(101)) ** 2
    assert round(factor, 4) == Decimal("0.9608")
    assert round(Decimal("0.5").ln() / factor.ln()) == 17
    errors = bowl_errors(100, "exact", 1, 200)
    assert errors[1:] / errors[:-1] == pytest.approx(float(factor), rel=1e-9)


@claim(
    "The sentence says which of the two laws fits, over the same steps for all three methods.",
    "A law that fits also stands in the picture in which it is straight.",
    "exact search lies on them",
    "and neither law fits",
)
def _() -> None:
    view = explore.rates(function="quadratic", kappa=100)
    laws = view.state.laws
    assert [law.kind for law in laws.values()] == ["factor", "factor", "none"]
    assert laws["fixed"].value == pytest.approx(0.99**2, rel=1e-9)
    assert laws["exact"].value == pytest.approx((99 / 101) ** 2, rel=1e-6)
    assert "from k = 74 to k = 748: times 0.9801 in each step for GD;" in view.describe()
    assert "slope" not in view.describe()
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


@claim(
    "Nesterov's method is far ahead at first.",
    "But its momentum keeps growing, whatever $\\kappa$ is, so it overshoots and swings",
    "In the end even the plain fixed step overtakes it.",
)
def _() -> None:
    gd, ahead = bowl_errors(100, "fixed", 1, 2000), bowl_errors(100, "nesterov", 1, 2000)
    assert nesterov(Quadratic(np.diag([0.01, 1])), (1, 0.01), 1.0, 300).error / 0.00505 == pytest.approx(
        ahead[:301], rel=1e-6, abs=1e-12
    )
    assert ahead[100] < gd[100] / 100
    assert (np.diff(ahead[:200]) > 0).any()
    assert gd[1500:].max() < ahead[1500:].max()
    t, momentum = 1.0, []
    for _ in range(50):
        t, last = (1 + math.sqrt(1 + 4 * t * t)) / 2, t
        momentum.append((last - 1) / t)
    assert (np.diff(momentum) > 0).all()


@claim("Make $\\kappa$ twice as large: GD takes about twice as many steps.")
def _() -> None:
    steps = {kappa: np.argmax(bowl_errors(kappa, "fixed", 1, 4000) < 1e-10) for kappa in (50, 100, 200)}
    assert steps[100] / steps[50] == pytest.approx(2, abs=0.05)
    assert steps[200] / steps[100] == pytest.approx(2, abs=0.05)
    view = explore.rates(kappa=100)
    once = view.state.curves["fixed"].last
    view.set(kappa=200)
    assert view.state.curves["fixed"].last / once == pytest.approx(2, abs=0.05)


@claim(
    "$\\gamma = 2/1.01 \\approx 1.98$: both factors are 0.9608.",
    "At $\\gamma = 2$ GD stops falling, since its $w_2$ only changes sign in each step.",
    "At 2.5 it diverges. (Nesterov's method diverges even at 1.5.)",
)
def _() -> None:
    same = "times 0.9608 in each step for GD; times 0.9608 in each step for exact search"
    view = explore.rates(function="quadratic", kappa=100)
    assert same not in view.describe()
    view.set(rate=1.98)
    assert same in view.describe()
    assert view.controls["rate"].value == 1.98
    errors = bowl_errors(100, "fixed", 1.98, 700)
    assert (errors[700] / errors[74]) ** (1 / 626) == pytest.approx(0.9608, abs=5e-5)
    for stop in (1.5, 2):  # the stops beside it do not reach the goal
        view.set(rate=stop)
        assert same not in view.describe()
    assert "none (neither a factor in each step nor a power of k) for GD" in view.describe()
    assert np.abs(view.state.curves["fixed"].path.w[:, 1]) == pytest.approx(0.01)
    view.set(rate=2.5)
    assert "GD diverged at k =" in view.describe()
    view.set(rate=1.5)
    assert "Nesterov diverged at k =" in view.describe()


@claim("It has no local optimum either (fine print F2)", "if a local optimum exists")
def _() -> None:
    far = np.random.default_rng(5).uniform(-6, 6, size=(200, 2))
    assert (np.linalg.norm(gradients(far), axis=1) > 0).all()


@claim("On the left, with slope $-1$: $E(w^k) \\approx c/k$.")
def _() -> None:
    errors = walk((0.0, 0.0), 0.5, 126_000)
    slope = math.log10(errors[100_000] / errors[10_000])
    assert slope == pytest.approx(-1, abs=1e-3)
    view = explore.rates(function="points", rate=0.5)
    assert view.state.laws["fixed"].kind == "power"
    assert view.state.laws["fixed"].value == pytest.approx(-1, abs=0.01)
    assert [place for place, text in view.fits.items() if text.get_visible()] == [
        ("power", "fixed"),
        ("power", "nesterov"),
    ]
    assert next(told for told in view.settings.told() if told["name"] == "kappa")["hidden"]
    assert not view.textbook.get_visible()


@claim("$k \\cdot E(w^k)$ tends to $\\frac18$, slowly: at $k = 10^4$ and at $10^5$ it still reads 0.1252.")
def _() -> None:
    """Far out eⁱ ≈ exp(−2sᵢ). Along dw/dt = −∇E the two nearest points have eⁱ = cᵢ/t, Σⱼ⟨uᵢ, uⱼ⟩cⱼ = ¼."""
    errors = walk((0.0, 0.0), 0.5, 126_000)
    assert f"{1e4 * errors[10_000]:.4f}" == f"{1e5 * errors[100_000]:.4f}" == "0.1252"
    a, b, c = Fraction(8), Fraction(-6), Fraction(29)  # of u = (−2, −2) and (−2, 5)
    assert ((c - b) + (a - b)) / (4 * (a * c - b * b)) / Fraction(1, 2) == Fraction(1, 8)
    path = descent.gradient_descent(four_points(), (0, 0), rate=0.5, steps=10_000)
    w, h = path.w[-1], 0.02  # and the flow itself, in the time log t, from k = 10⁴ to 10¹²
    for tau in math.log(5000) + h * np.arange(round(math.log(1e8) / h)):
        one = -math.exp(tau) * gradients(w)
        two = -math.exp(tau + h / 2) * gradients(w + h / 2 * one)
        three = -math.exp(tau + h / 2) * gradients(w + h / 2 * two)
        w = w + h / 6 * (one + 2 * two + 2 * three - math.exp(tau + h) * gradients(w + h * three))
    assert 1e12 * four_points().error(w) == pytest.approx(1 / 8, rel=1e-3)


@claim("Nesterov's method falls like $1/k^2$ here too.")
def _() -> None:
    fit = explore.rates(function="points", rate=0.5).state.laws["nesterov"]
    assert fit.kind == "power"
    assert fit.value == pytest.approx(-2, abs=0.01)


@claim("set $\\gamma$ to 10, and the line of GD runs along that of exact search")
def _() -> None:
    view = explore.rates(function="points", rate=0.5)
    assert "Each of the 1000 exact searches ended on the bound α_max = 10" in view.describe()
    view.set(rate=10)
    gd, exact = (view.lines[view.steady, method].get_ydata() for method in ("fixed", "exact"))
    assert gd[: len(exact)] == pytest.approx(exact[: len(gd)], rel=1e-9)


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
    "It falls like $k^{-5/9}$, hardly faster than the promised $1/\\sqrt k$. The values fall like $k^{-1/9}$",
    "to halve them takes about 500 times as many steps",
)
def _() -> None:
    view = explore.rates(function="hill", gap="gradient")
    assert view.state.laws["fixed"].value == pytest.approx(-5 / 9, abs=0.002)
    view.set(gap="error")
    assert view.state.laws["fixed"].value == pytest.approx(-1 / 9, abs=0.002)
    assert 2**9 == 512
    lengths = np.array([5.0, 50.0, 500.0])  # dr/dt = r^(−5/4) far out, so r ∼ t^(4/9) and f ∼ r^(−1/4)
    assert Hill(0.25).error(np.stack([lengths, 0 * lengths], axis=1)) == pytest.approx(
        4 * lengths**-0.25, rel=0.01
    )


@claim("look for an exponent close to $-4/3$ in the sentence", "it would be $-p/(p-2)$")
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


@claim("double precision resolves differences down to some $10^{-16}$")
def _() -> None:
    assert 1e-16 < np.spacing(1.0) < 1e-15


@claim("From the second bound on, each five decades cost about 55 steps.")
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


@claim("each *further* digit takes about nine times as many steps as all the digits before it")
def _() -> None:
    errors = walk((0.0, 0.0), 0.5, 126_000)
    first = [next(k for k, e in enumerate(errors) if e < 10.0**-digits) for digits in (4, 5, 6)]
    for before, after in pairwise(first):
        assert (after - before) / before == pytest.approx(9, abs=0.5)


# --- 2.12 ---------------------------------------------------------------------------------------


@claim(
    "So GD's million samples cost far less than 100,000 times as much as ten.",
    "GD's line rises with slope 1 and SGD's stays flat",
)
def _() -> None:
    took = {
        (method, size): timing.seconds(timing.step_of(method, size, 5))
        for method in ("gd", "sgd")
        for size in (10, 10**4, 10**6)
    }
    timing.random_data.cache_clear()
    assert took["gd", 10**6] / took["gd", 10] < 50_000
    assert 20 < took["gd", 10**6] / took["gd", 10**4] < 500  # 100 in theory
    assert took["sgd", 10**6] / took["sgd", 10] < 10


@claim("one search evaluates the gradient several hundred times")
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


@claim("In memory GD and SGD agree: besides the data, a step holds a few numbers for each weight.")
def _() -> None:
    held = [timing.held_bytes(timing.step_of(method, 10, 10**5)) / 10**5 for method in ("gd", "sgd")]
    assert held[0] == pytest.approx(held[1], rel=0.2)
    assert 8 <= held[0] <= 5 * 8


def test_the_cost_of_the_steps_can_be_read_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try it: how many steps of SGD for one of GD with 10⁶ samples? Here with times that the theory gives."""
    quote = "When all is measured, the sentence gives both times."
    assert quote in TEXT
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


@claim("The very same walk, for three times the price.")
def _() -> None:
    w, tripled = np.array([2.0, 0.0]), np.array([2.0, 0.0])
    for _ in range(100):
        w, tripled = w - 0.3 * gradients(w), tripled - 0.1 * sum(gradients(tripled) for _ in range(3))
    assert w == pytest.approx(tripled, rel=1e-9)
    thrice = SigmoidNeuron(np.tile(X, (3, 1)), np.tile(Y, 3))
    path = descent.gradient_descent(thrice, (2, 0), rate=0.1, steps=100)
    assert path.w[-1] == pytest.approx(w, rel=1e-9)
    assert path.sample_gradients[-1] == 3 * 400


@claim("A step of SGD, which looks at a single sample, costs no more than before.")
def _() -> None:
    thrice = SigmoidNeuron(np.tile(X, (3, 1)), np.tile(Y, 3))
    assert descent.sgd(thrice, (2, 0), rate=0.1, steps=100).sample_gradients[-1] == 100


@claim(
    "linear on the strongly convex quadratic, a power of $k$ on the four points",
    "the eighth power and the hill",
)
def _() -> None:
    kinds = {
        f: explore.rates(function=f, kappa=1 + 9 * (f == "quadratic")).state.laws["fixed"].kind
        for f in cases(10)
    }
    assert kinds == {"quadratic": "factor", "power": "power", "points": "power", "hill": "power"}


@pytest.mark.parametrize(("quotes", "check"), CHECKS)
def test_claim(quotes: tuple[str, ...], check: Callable[[], None]) -> None:
    for quote in quotes:
        assert quote in TEXT, f"the notebook does not say: {quote}"
    check()
