"""Notebook 03: gradient descent."""

from math import inf, isnan, nan

from lecture643.explore.basins import Basins
from lecture643.explore.basins import State as BasinsState
from lecture643.explore.cost import THEORY, Cost
from lecture643.explore.line_search import POINTS, LineSearch
from lecture643.explore.line_search import State as SearchState
from lecture643.explore.rates import LEFT, NAMES, Rates
from lecture643.explore.rates import State as RatesState
from lecture643.lesson.activity import Activity, decades_above
from lecture643.live.asked import Goal, Mark, Options
from lecture643.maths.search import line_search
from lecture643.maths.toy import four_points
from lecture643.picture.draw import number, vector

NOTEBOOK = "03"


# --- 2.10: the best step, or a fixed one --------------------------------------------------------


def _left_after_one(state: SearchState) -> float:
    """f(w¹)/f(w⁰) of exact search; nan where it begins at the minimum."""
    error = state.exact.error
    return float(error[1] / error[0]) if len(error) > 1 else nan


def _left_told(state: SearchState) -> str:
    left = _left_after_one(state)
    return "it begins at the minimum" if isnan(left) else f"the first step leaves {number(100 * left)} % of f"


def _across(state: SearchState) -> float:
    """By what the first fixed step multiplies w₂; nan where there is none, or nothing to multiply."""
    w = state.fixed.w
    return float(w[1, 1] / w[0, 1]) if len(w) > 1 and w[0, 1] else nan


def _across_told(state: SearchState) -> str:
    factor = _across(state)
    return "there is no step along w₂" if isnan(factor) else f"each step multiplies w₂ by {number(factor)}"


step_lengths = Activity(
    view=LineSearch,
    statements=["2.10"],
    settings={"condition": 10, "start": (5, 0.5)},
    first=["rate", "shown"],
    goals=[
        Goal(
            say="Drag the start ✕ to a place from which exact search reaches the minimum in one single step.",
            far=lambda s: decades_above(_left_after_one(s), 1e-20),
            now=_left_told,
            hint="From where does −∇f, the black arrow, point straight at the minimum?",
            why="On an axis of the ellipses −∇f points straight at the minimum. From all other places "
            "exact search zigzags.",
            way={"start": (5, 0)},
            fixed=["function", "condition"],
        ),
        Goal(
            say="Find the γ with which the fixed step comes no nearer to w₂ = 0: it only jumps to and fro.",
            far=lambda s: abs(abs(_across(s)) - 1),
            now=_across_told,
            hint="With a still larger γ the walk flies apart.",
            why="A step multiplies w₂ by 1 − γL, and here L = 1. At γ = 2/L that is −1: the step leads "
            "just as high up on the other side.",
            way={"rate": 2},
            fixed=["function"],
        ),
    ],
)


def _found_up_to(state: SearchState, bound: float) -> str:
    found = line_search(four_points(), state.exact.w[0], -state.gradient, bound)
    return f"one up to {number(bound)} ends at {number(found.alpha)}, with E = {number(found.error)}"


def _one_step_told(state: SearchState) -> str:
    start, (_, *after) = vector(state.settings.start), state.exact.error
    return (
        f"a step from {start} leads to E = {number(after[0])}" if after else f"no step leads on from {start}"
    )


def _where_the_best_is(state: SearchState) -> int:
    """Within the bracket, beyond it, or nowhere."""
    if state.no_argmin:
        return 2
    return int(state.search is not None and state.search.on_bound)


best_step = Activity(
    view=LineSearch,
    statements=["2.10", "F5"],
    settings={"function": POINTS, "start": (1, 1), "bound": 20, "shown": 0},
    first=["bound"],
    ask=Options(
        ask="From (1, 1) the best step is found in the bracket (0, 20]: look at the slice. Now start from "
        "0. How long is the best step along −∇E(0)?",
        options=[
            "It lies between 0 and 20, too",
            "It is longer than 20: one has to search further out",
            "There is none",
        ],
        truth=_where_the_best_is,
        reveal={"start": (0, 0)},
        seconds=1,
        tempting=1,
        because=[
            lambda s: f"the slice still falls at 20, where E = {number(s.search.error)}.",
            lambda s: (
                f"a search further out ends on its bound again: {_found_up_to(s, 50)}, and "
                f"{_found_up_to(s, 100)}."
            ),
            "along −∇E(0) = (−2.75, −1) all four points come to their right sides. So E falls towards 0 "
            "for ever and never gets there. The slice has no lowest point.",
        ],
    ),
    goals=[
        Goal(
            say="From 0, bring E below 10⁻²⁰ in one single step. Move only the bound.",
            far=lambda s: decades_above(s.exact.error[1], 1e-20) if s.settings.start == (0, 0) else inf,
            now=_one_step_told,
            hint="The search ends on its bound.",
            why="How good exact search is here depends on how far one lets it look.",
            way={"bound": 50},
            fixed=["function"],
        )
    ],
)


# --- 2.10: where it ends ------------------------------------------------------------------------


def _percent(state: BasinsState, plateau: int) -> str:
    return f"{number(100 * state.shares[plateau], 3)} %"


starts = Activity(
    view=Basins,
    statements=["2.10", "F3"],
    settings={"rate": 0.1, "steps": 0, "start": (1, -1)},
    first=["rate", "steps"],
    ask=Mark(
        ask="No step is taken yet: the bars show how many of the 10,000 starts lie in each cone. Now GD "
        "takes 2,000 steps from each of them, with γ = 0.1. How long does the bar of E → 0 get?",
        panel="shares",
        across=True,
        name="E → 0, %",
        stops=range(101),
        truth=lambda s: 100 * s.shares[0],
        reveal={"steps": 2000},
        close=5,
        because=lambda s: (
            f"Of the starts {_percent(s, 0)} end on E → 0. The bars of 3 and 4 get shorter, while the bar "
            f"of 1 hardly changes: {_percent(s, 1)} end there, with sample 4 on the wrong side. GD sees "
            "the slope under its feet and nothing else, so the start decides."
        ),
    ),
    goals=[
        Goal(
            say="Bring more than half of the starts to E → 0. Move only γ.",
            far=lambda s: max(0.5 - s.shares[0], 0.0),
            now=lambda s: f"{_percent(s, 0)} are there",
            hint="Larger, but not too large.",
            why="A longer step carries some starts over the edge. A step that is too long throws others "
            "out of the right cone: try γ = 100.",
            way={"steps": 2000, "rate": 2},
        ),
        Goal(
            say="From ✕ = (1, −1) GD with γ = 0.1 comes to the plateau 1. Bring this walk down to the "
            "plateau 0. Move only γ.",
            far=lambda s: max(s.error[-1] - 0.01, 0.0),
            now=lambda s: f"the walk from ✕ has come to E = {number(s.error[-1])}",
            hint="Twice as large is not enough, ten times is too much.",
            why="A slightly longer step just gets over the edge. A much longer one lands too far out.",
            way={"steps": 2000, "rate": 0.5},
            fixed=["start"],
        ),
    ],
)


# --- 2.11: how fast -----------------------------------------------------------------------------


def _steps(state: RatesState, method: str) -> float:
    """The steps until a millionth of the first gap is left; inf where that is not yet so."""
    k = state.curves[method].first_below(LEFT) if method in state.curves else None
    return inf if k is None else k


def _steps_told(state: RatesState, method: str) -> str:
    name, k = NAMES[method], _steps(state, method)
    return f"{name} is not there after {state.settings.steps} steps" if k == inf else f"{name} needs {k}"


def _end(state: RatesState, method: str) -> float:
    """What is left at K; inf where the method is not shown or has diverged."""
    curve = state.curves.get(method)
    return inf if curve is None or curve.path.diverged_at is not None else float(curve.share[-1])


def _end_told(state: RatesState, method: str) -> str:
    left = _end(state, method)
    return f"{number(left) if left < inf else 'nothing yet'} for {NAMES[method]}"


def _both_ends_told(state: RatesState) -> str:
    return f"at K = {state.settings.steps}: {_end_told(state, 'fixed')}, {_end_told(state, 'nesterov')}"


def _taken_away(state: RatesState) -> float:
    """The share of the gap that a step of GD takes away, as a part of the textbook's best one."""
    law = state.laws.get("fixed")
    return (1 - law.value) / (1 - state.textbook) if law and law.kind == "factor" else nan


stretched = Activity(
    view=Rates,
    statements=["2.11"],
    settings={"kappa": 10, "methods": "gd", "steps": 1000},
    first=["rate", "kappa"],
    ask=Mark(
        ask="In the bowl with κ = 10 GD needs 66 steps until a millionth of the first gap is left: there "
        "its line on the right crosses 10⁻⁶. Now stretch the bowl to κ = 100. How many steps does GD need "
        "then?",
        panel="steady",
        across=True,
        name="k",
        stops=range(0, 1001, 10),
        truth=lambda s: _steps(s, "fixed"),
        reveal={"kappa": 100},
        close=1.2,
        factor=True,
        because=lambda s: (
            f"It needs {_steps(s, 'fixed')}, about ten times as many. With γ = 1/L a step takes away only "
            f"the part γμ = {number(s.settings.rate / s.settings.kappa)} of w₁, the flat direction. For κ "
            "= 10 it is ten times as much."
        ),
    ),
)

best_rate = Activity(
    view=Rates,
    statements=["2.11"],
    settings={"kappa": 100, "methods": "exact"},
    first=["rate", "kappa"],
    goals=[
        Goal(
            say="Make the fixed step as fast as exact search. Move only γ.",
            far=lambda s: max(0.98 - _taken_away(s), 0.0),
            now=lambda s: f"{_steps_told(s, 'fixed')}, {_steps_told(s, 'exact')}",
            hint="It lies between 1/L = 1 and 2/L = 2, close to the latter.",
            why=lambda s: (
                f"With γ = 2/(L + μ) = {number(2 / (1 + 1 / s.settings.kappa))} both directions shrink by "
                "the same factor: 1 − γμ along w₁, and γL − 1 along w₂, with another sign in each step."
            ),
            way={"rate": 1.98},
            fixed=["kappa", "function", "gap"],
        ),
        Goal(
            say="Make the bowl so round that exact search needs only 10 steps for a millionth. Move only κ.",
            far=lambda s: max(_steps(s, "exact") - 10, 0.0),
            now=lambda s: _steps_told(s, "exact"),
            hint="The bowl with κ = 1 is round.",
            why=lambda s: (
                f"At κ = {number(s.settings.kappa)} a step leaves at most the part ((κ−1)/(κ+1))² = "
                f"{number(s.textbook)} of the gap."
            ),
            way={"kappa": 3},
            fixed=["function", "gap"],
        ),
    ],
)

power = Activity(
    view=Rates,
    statements=["2.11", "F6"],
    settings={"function": "points", "rate": 0.5, "methods": "gd", "steps": 100},
    first=["rate", "steps"],
    ask=Mark(
        ask="This is GD on the four points, up to k = 100. Let it walk on. At which level is its line in "
        "the left picture at k = 10,000, the right edge?",
        panel="powers",
        name="E(wᵏ)/E(w⁰)",
        stops=[m * 10.0**-decade for decade in range(15, 2, -1) for m in (1, 2, 5)],
        truth=lambda s: _end(s, "fixed"),
        reveal={"steps": 10_000},
        close=2.5,
        factor=True,
        because=lambda s: (
            "In the left picture the line becomes straight, with the slope "
            f"{number(s.laws['fixed'].value, 2)}. So it is a power: E is about c/k, with c = "
            f"{number(1e4 * _end(s, 'fixed'))} at k = 10⁴. The further out, the flatter E is, and the "
            "shorter the steps. Each further digit takes about nine times as many steps as all the digits "
            "before it."
        ),
    ),
    goals=[
        Goal(
            say="Bring E below 10⁻⁶ of its first value at k = 10,000. Move only γ.",
            far=lambda s: decades_above(_end(s, "fixed"), 1e-6),
            now=lambda s: f"{_end_told(s, 'fixed')} at k = {s.settings.steps}",
            hint="Longer steps.",
            why="A larger γ moves the line down. It does not make it steeper: in the end it goes like 1/k "
            "again.",
            way={"steps": 10_000, "rate": 8},
            fixed=["function", "gap", "methods"],
        )
    ],
)

ahead = Activity(
    view=Rates,
    statements=["2.11", "F6"],
    settings={"kappa": 100, "methods": "nesterov", "steps": 100},
    first=["function", "steps"],
    goals=[
        Goal(
            say="After 100 steps Nesterov is far ahead. Let both walk on, with a larger K, until plain GD "
            "has overtaken it.",
            far=lambda s: decades_above(_end(s, "fixed"), _end(s, "nesterov")),
            now=_both_ends_told,
            hint="It takes more than 1,000 steps.",
            why="The momentum keeps growing, whatever κ is. So Nesterov overshoots and swings, while GD's "
            "factor stays what it is.",
            way={"steps": 1500},
            fixed=["function", "gap", "rate", "kappa"],
        ),
        Goal(
            say="Now take the four points, and bring one of the two below 10⁻⁸ of its first value.",
            far=lambda s: (
                decades_above(min(_end(s, "fixed"), _end(s, "nesterov")), 1e-8)
                if s.settings.function == "points"
                else inf
            ),
            now=lambda s: (
                _both_ends_told(s) if s.settings.function == "points" else "these are not the four points"
            ),
            hint="Only one of the two can do it. Let it walk on to the end.",
            why="In the end Nesterov's line falls twice as steeply: like 1/k², where GD's goes like 1/k. "
            "At k = 10,000 GD is there with γ = 0.5; with γ = 1 it is still flatter.",
            way={"function": "points", "steps": 10_000},
            fixed=["gap"],
        ),
    ],
)


# --- 2.12: what a step costs --------------------------------------------------------------------


def _theory(_: object) -> int:
    """Which option has the slopes in S of the theory."""
    by_all, by_one = (THEORY["samples"][method][0] for method in ("gd", "sgd"))
    return {(1, 0): 0, (1, 1): 1}.get((by_all, by_one), 2)


prices = Activity(
    view=Cost,
    statements=["2.12"],
    settings={"theory": False},
    ask=Options(
        ask="The number of samples grows from S = 10 to S = 10⁶. How much longer does a step take, in "
        "theory?",
        options=[
            "GD: 100,000 times as long. SGD: no longer at all",
            "GD and SGD: both 100,000 times as long",
            "GD: 100,000 times as long. SGD: about 300 times, the root of it",
        ],
        truth=_theory,
        reveal={"theory": True},
        tempting=1,
        because=[
            "GD adds up the gradients of all S samples, in O(Sd) time. SGD looks at one of them, in O(d) "
            "time, however many there are.",
            "SGD's step does not know how many samples there are: it draws one and looks at that one.",
            "drawing one of a million costs no more than drawing one of ten.",
        ],
    ),
)
