"""Notebook 02: optimization concepts."""

from collections.abc import Sequence
from math import isinf, log10

import numpy as np

from lecture643.explore.algorithm import (
    DOWNHILL,
    EXACT,
    FIXED,
    HALVED,
    ONE,
    RESCALED,
    Algorithm,
    AlgorithmSettings,
)
from lecture643.explore.algorithm import State as AlgorithmState
from lecture643.explore.direction import AIMED, SEARCHED, Direction
from lecture643.explore.direction import State as DirectionState
from lecture643.explore.interior import IN_SET, SQUARE, Interior
from lecture643.explore.interior import State as InteriorState
from lecture643.explore.optimum import STEP, Optimum
from lecture643.explore.perceptron import STEPS, Perceptron
from lecture643.explore.perceptron import State as PerceptronState
from lecture643.explore.stationary import CAREFUL, SLIDE, Stationary, maps
from lecture643.explore.stationary import State as StationaryState
from lecture643.lesson.activity import Activity
from lecture643.live.asked import Goal, Heading, Mark, Options
from lecture643.maths.checks import Floats
from lecture643.maths.functions import Function
from lecture643.maths.optima import Trial
from lecture643.maths.plane import angle_between, polar, turned
from lecture643.picture.draw import number, plural, vector

NOTEBOOK = "02"


def pair(vector: Floats) -> tuple[float, float]:
    """An array of two numbers as a setting."""
    one, other = map(float, vector)
    return one, other


# --- 2.1, 2.2 -----------------------------------------------------------------------------------


def _above_the_least(state: Trial) -> float:
    """By how much both ends of C together are above f*."""
    ends = state.on.value(np.array([state.on.low, state.on.high]))
    return float((ends - state.on.least).sum()) if state.on.low < state.on.high else 1.0


cut = Activity(
    view=Optimum,
    statements=["2.1"],
    settings={"function": "two equal valleys", "z": 0.5},
    ask=Mark(
        ask="Now C is cut to [−1, 1.5]. Where is the optimal solution x* then?",
        panel="curve",
        across=True,
        name="x*",
        stops=[quarter / 4 for quarter in range(-12, 13)],
        truth=lambda s: float(s.best[0]),
        reveal={"feasible": (-1, 1.5)},
        close=0.25,
        because=lambda s: (
            f"The valleys at −2 and 2 lie outside of C now, however low they are. From 0 to "
            f"{number(s.on.high)} f falls all the way, so that end of C is the best place that is left: "
            f"S* = {{{number(s.best[0])}}}, f* = {number(s.on.least)}."
        ),
    ),
    goals=[
        Goal(
            say="Cut C so that both of its ends are in S*.",
            far=lambda s: 0 if (above := _above_the_least(s)) < 1e-12 else above,
            now=lambda s: (
                f"f(x) at the ends is {number(s.on.value(s.on.low))} and {number(s.on.value(s.on.high))}, "
                f"f* = {number(s.on.least)}"
            ),
            hint="f(−x) = f(x) here.",
            why="S* is a set. It has two members where two places of C are equally low, and none is lower.",
            way={"feasible": (-1.0, 1.0)},
        )
    ],
)


def _local(state: Trial) -> int:
    """How many places of C are local optima."""
    return sum(min(state.on.stays(place)) > 0 for place in state.on.places)


def _off_the_reach(state: Trial) -> float:
    """How far ε is from the largest with which −2.6 passes, as near as the slider can be set."""
    if state.z != LEFT:
        return 10 + abs(state.z - LEFT)
    return max(abs(state.epsilon - state.reach) - STEP, 0.0)


LEFT = -2.6  # the left one of the valleys

which_are_local = Activity(
    view=Optimum,
    statements=["2.2"],
    settings={"z": 0.6, "epsilon": 0.8},  # at a yellow place the view would say that it is local
    ask=Options(
        ask="The three yellow places pass the test with ε = 0.8. Now ε is made 6, so that N(z, ε) is all of "
        "C, and only the lowest one still passes. How many of the three are local optima?",
        options=["still all three", "only the one that still passes", "none: no place passes with every ε"],
        truth=lambda s: [3, 1, 0].index(_local(s)),
        reveal={"z": -0.2, "epsilon": 6},
        tempting=1,
        because=[
            "the definition asks for some ε. A small one is enough, and each of the three passes with one.",
            lambda s: (
                f"x = {number(s.passing[0])} passes with every ε. That makes it the global optimum. To be a "
                "local one, it is enough to pass with some ε."
            ),
            lambda s: f"x = {number(s.passing[0])} does pass with every ε: nowhere in C is f lower.",
        ],
    ),
    goals=[
        Goal(
            say="Put z into the valley at −2.6 and find the largest ε with which it still passes.",
            far=_off_the_reach,
            now=lambda s: (
                f"z = {number(s.z)} {'passes' if s.lower is None else 'fails'} with ε = {number(s.epsilon)}"
            ),
            hint="Red is where f is lower than f(z). Make ε so large that red is just about to appear.",
            why=lambda s: (
                f"It passes up to ε = {number(s.reach)}. There N(z, ε) touches the next valley, which is a "
                f"little deeper, at the height f(z) = {number(s.value)}."
            ),
            way={"z": LEFT, "epsilon": 2.1},
        )
    ],
)


# --- 2.3, 2.4 -----------------------------------------------------------------------------------

CUBIC = Function(
    f=lambda x: x[0] ** 2 * x[1] + x[1] ** 3,
    gradient=lambda x: [2 * x[0] * x[1], x[0] ** 2 + 3 * x[1] ** 2],
)


def _aside(state: DirectionState) -> float:
    """How far d is from (0, 1)."""
    return float(np.hypot(*(state.d - [0, 1])).round(9))


def _off_0_12(state: DirectionState) -> float:
    return float(np.hypot(*(state.gradient - [0, 12])).round(9))


entries = Activity(
    view=Direction,
    statements=["2.3"],
    settings={"problem": CUBIC, "x": (2, 1), "d": (1, 0)},
    goals=[
        Goal(
            say="Turn d, of length 1, so that the view reads off the second entry of ∇f(2, 1).",
            far=_aside,
            now=lambda s: f"d = {vector(s.d)}, f'(x; d) = {number(s.derivative)}",
            hint="For the second entry x₂ moves, and x₁ stays as it is.",
            why=lambda s: (
                f"Along d = {vector(s.d)} only x₂ moves, and f'(x; d) = {number(s.derivative)}. The formula "
                f"says x₁² + 3x₂² = {number(s.x[0] ** 2 + 3 * s.x[1] ** 2)}."
            ),
            way={"d": (0.0, 1.0)},
            fixed=["x"],
        ),
        Goal(
            say="Drag x to a place where ∇f(x) = (0, 12).",
            far=_off_0_12,
            now=lambda s: f"∇f{vector(s.x)} = {vector(s.gradient)}",
            hint="2x₁x₂ has to be 0 there. Then x₁² + 3x₂² = 12 is easy.",
            why="2x₁x₂ = 0 and x₁² + 3x₂² = 12: with x₁ = 0 x₂ is 2 or −2, with x₂ = 0 x₁ is √12 or −√12.",
            way={"x": (0.0, 2.0)},
        ),
    ],
)


def _bend(state: DirectionState) -> float:
    """How far the slice leaves its tangent, as a part of how far that goes down or up."""
    alpha, rise = state.slice
    tangent = state.inner * alpha
    return float(np.abs(rise - tangent).max() / max(abs(tangent[-1]), 1e-300))


def _off_a_right_angle(state: DirectionState) -> float:
    return 90.0 if state.angle is None else abs(state.angle - 90)


slope_along = Activity(
    view=Direction,
    statements=["2.4"],
    settings={"x": (1, 0.5), "d": (-1, 0.5)},
    goals=[
        Goal(
            say="Make the slice so short that the curve is less than 5 % off its dashed tangent.",
            far=lambda s: max(_bend(s) - 0.05, 0),
            now=lambda s: f"up to α = {number(s.reach)} it is off by {number(100 * _bend(s))} %",
            hint="Move the slider “slice up to α” to the left.",
            why=lambda s: (
                f"For small α the curve is the line of slope f'(x; d) = {number(s.derivative)}: that is what "
                "the limit says."
            ),
            way={"reach": 0.02},
            fixed=["x", "d"],
        ),
        Goal(
            say="Turn d to where f'(x; d) is 0: at a right angle to ∇f(x), to within half a degree.",
            far=lambda s: max(_off_a_right_angle(s) - AIMED, 0),
            now=lambda s: f"the angle is {number(90 if s.angle is None else s.angle)}°",
            hint="Along which line in the left picture does f stay as it is?",
            why=lambda s: (
                f"At {number(round(polar(s.d)[0]))}° d lies along the contour through x, on the edge of the "
                "light half of the disc. Along a contour f neither falls nor rises."
            ),
            way={"d": pair(turned(44, np.hypot(1, 0.5)))},
            fixed=["x"],
        ),
    ],
)


def _room_told(state: InteriorState) -> str:
    if not state.member:
        return "x is not in C"
    return (
        "every ball is in C" if isinf(state.room) else f"the largest ball in C has ε = {number(state.room)}"
    )


room = Activity(
    view=Interior,
    statements=["2.4", "F8"],
    settings={"shape": SQUARE, "x": (1, 0.5), "epsilon": 1.5},
    goals=[
        Goal(
            say="Find a point of C that is no interior point.",
            far=lambda s: (0 if s.room == 0 else min(s.room, 9)) if s.member else 9,
            now=_room_told,
            hint="Drag x towards one of the three solid sides, and onto it.",
            why="Every ball around a point of a solid side sticks out. The dashed side does not belong to C.",
            way={"x": (-2.0, 0.0)},
            fixed=["shape"],
        ),
        Goal(
            say="Now let this point be an interior one all the same, as the slide's ball would have it.",
            far=lambda s: (s.room > 0) + (not s.member) + (not s.interior),
            now=lambda s: f"the ball is taken in {s.taken_in}",
            hint="The slide takes the ball in C.",
            why="A ball taken in C lies in C by definition. With it every point of C would be interior.",
            way={"x": (-2.0, 0.0), "taken_in": IN_SET},
            fixed=["shape"],
        ),
    ],
)


def _gap(state: DirectionState) -> float:
    """f'(x; d) − ⟨∇f(x), d⟩, for a d of length 1."""
    return abs(state.derivative - state.inner) / float(np.hypot(*state.d))


partials_only = Activity(
    view=Direction,
    statements=["F9"],
    settings={"function": "x₁x₂²/(x₁²+x₂²)", "x": (0, 0), "d": (1, 0)},
    goals=[
        Goal(
            say="Turn d to where f'(x; d) and ⟨∇f(x), d⟩ differ by more than 0.384, for ‖d‖₂ = 1.",
            far=lambda s: max(0.384 - _gap(s), 0),
            now=lambda s: f"for ‖d‖₂ = 1 they differ by {number(_gap(s))}",
            hint="They agree along the axes. Look in between.",
            why=lambda s: (
                f"Along d the quotient is {number(s.quotients[0])} for every α, and so is the limit. But "
                f"both partial derivatives are 0 here, so that ⟨∇f(x), d⟩ = {number(s.inner)}."
            ),
            way={"d": pair(turned(55))},
            fixed=["function", "x"],
        )
    ],
)


# --- 2.5, 2.6 -----------------------------------------------------------------------------------

towards_the_minimum = Activity(
    view=Direction,
    statements=["2.5"],
    settings={"function": "quadratic", "x": (3, 4), "d": (0, 1)},
    ask=Heading(
        ask="Now x moves to (−5, 1), on the left. In which direction does −∇f(x) point there? "
        "The star is the minimum, the white lines are contours.",
        panel="plane",
        origin=(-5, 1),
        length=2.5,
        truth=lambda s: polar(-s.gradient)[0],
        reveal={"x": (-5, 1)},
        close=12,
        because=lambda s: (
            f"−∇f(x) is at a right angle to the contour through x, and points to "
            f"{number(round(polar(-s.gradient)[0]))}°. That is {number(round(s.misses))}° past the minimum: "
            "it knows what is downhill at x, and nothing of where the valley ends."
        ),
    ),
    goals=[
        Goal(
            say="Find an x from which −∇f(x) does point at the minimum, to within half a degree.",
            far=lambda s: max((90 if s.misses is None else s.misses) - AIMED, 0),
            now=lambda s: f"it misses by {number(90 if s.misses is None else s.misses)}°",
            hint="Where does a contour stand at a right angle to the line from the star?",
            why="Such x lie on two lines, the axes of the ellipses. There ∇f(x) is a multiple of x.",
            way={"x": (1.2, 2.15)},
            fixed=["function"],
        )
    ],
)


def _length(state: DirectionState) -> float:
    return float(np.hypot(*state.d))


def _to_go(state: DirectionState, ends: bool) -> float:
    """How far the interval is from having no end, or from ending before 1; 20 where d does not count."""
    if not state.derivative < 0 or abs(_length(state) - 1) > 1e-6:
        return 2 * SEARCHED
    return max(state.interval - 1, 0) if ends else max(SEARCHED - state.interval, 0)


def _interval_told(state: DirectionState) -> str:
    if not state.derivative < 0:
        return "d is no descent direction"
    return "E stays below" if state.interval == np.inf else f"E is back up at α = {number(state.interval)}"


how_far = Activity(
    view=Direction,
    statements=["2.6"],
    settings={"function": "E of the four points", "x": (0, 0), "d": (1, 0), "reach": 10},
    goals=[
        Goal(
            say="Find a descent direction with ‖d‖₂ = 1 in which the bar has no end: E stays below E(x) as "
            "far as α = 10.",
            far=lambda s: min(_to_go(s, ends=False), 2 * SEARCHED),
            now=_interval_told,
            hint="Turn d into the cone in which E falls to 0.",
            why=lambda s: (
                f"Along {number(round(polar(s.d)[0]))}° E stays below {number(s.value)} as far as one looks. "
                "Every ε up to 10 will do."
            ),
            way={"d": pair(turned(-160))},
            fixed=["function", "x"],
        ),
        Goal(
            say="Find one, again with ‖d‖₂ = 1, in which the bar ends before α = 1.",
            far=lambda s: min(_to_go(s, ends=True), 2 * SEARCHED),
            now=_interval_told,
            hint="Turn d towards the edge of the light half of the disc, where f'(x; d) is close to 0.",
            why=lambda s: (
                f"Here f'(x; d) = {number(s.derivative)}, and E is back at E(x) for α = "
                f"{number(s.interval)}. The proposition promises some ε, and not how large it is."
            ),
            way={"d": pair(turned(-90))},
            fixed=["function", "x"],
        ),
    ],
)


# --- 2.7 ----------------------------------------------------------------------------------------

SWAPS = ({"step": EXACT}, {"direction": RESCALED}, {"direction": ONE})


def _steps_of_the_swaps() -> list[int]:
    return [AlgorithmSettings(step=HALVED).changed(**swap).steps for swap in SWAPS]


def _in(steps: int) -> str:
    return plural(steps, "step")


def _steps_along(state: AlgorithmState) -> str:
    how = "stops after" if state.stopped else "goes on for"
    return f"along {state.settings.direction} it {how} {_in(len(state.x) - 1)}"


def _too_many(state: AlgorithmState, most: int, step: Sequence[str]) -> float:
    """How many steps are too many; 100 where the walk is none along −∇f with such a step, or never stops."""
    wanted = state.settings.direction == DOWNHILL and state.settings.step in step
    return max(len(state.x) - 1 - most, 0) if wanted and state.stopped else 100


swap = Activity(
    view=Algorithm,
    statements=["2.7"],
    settings={"step": HALVED},
    ask=Options(
        ask="With d = −∇f and the halved step this walk takes 35 steps until ‖∇f‖₂ ≤ 10⁻³. The valley is "
        "ten times steeper across than along. Which swap shortens the walk most?",
        options=[
            "the step: the exact one, with the lowest f along d",
            "the direction: each coordinate divided by its own steepness",
            "the direction: only the coordinate with the largest partial derivative moves",
        ],
        truth=lambda _: int(np.argmin(_steps_of_the_swaps())),
        reveal={"direction": RESCALED},
        seconds=0.5,
        tempting=0,
        because=[
            lambda _: (
                f"it takes {_in(_steps_of_the_swaps()[0])}: along −∇f the exact steps zigzag, too. "
                "Notebook 03 shows why."
            ),
            lambda s: (
                f"it takes {_in(len(s.x) - 1)}: divided so, −∇f points straight at the minimum. (That is "
                "Newton's direction.)"
            ),
            lambda _: f"it takes {_in(_steps_of_the_swaps()[2])}: each mends one axis of the ellipses.",
        ],
    ),
    goals=[
        Goal(
            say="Back to the direction −∇f, with the halved or the exact step: find a start from which the "
            "walk stops after at most 3 steps.",
            far=lambda s: _too_many(s, 3, (HALVED, EXACT)),
            now=_steps_along,
            hint="From which x does −∇f(x) point at the minimum?",
            why=lambda s: (
                f"From {vector(s.settings.start)}, on an axis of the ellipses, −∇f points at the minimum. "
                "From all other places it does not, and the walk zigzags."
            ),
            way={"direction": DOWNHILL, "step": EXACT, "start": (5.0, 0.0)},
        ),
        Goal(
            say="Direction −∇f from (5, 1) with a fixed γ: find one with which it stops within 60 steps.",
            far=lambda s: _too_many(s, 60, (FIXED,)),
            now=_steps_along,
            hint="A longer step saves steps, until it is so long that f rises.",
            why=lambda s: (
                f"γ = {number(s.settings.rate)} does it. From 0.2 on the walk jumps across the valley and "
                "never gets down: a descent direction alone is not enough."
            ),
            way={"direction": DOWNHILL, "step": FIXED, "rate": 0.15, "start": (5.0, 1.0)},
            fixed=["start"],
        ),
    ],
)


# --- 2.8 ----------------------------------------------------------------------------------------


def _to_an_edge(state: Trial) -> float:
    if state.reach > 0 and state.slope != 0:
        return 0.0
    return max(min(abs(state.z - state.on.low), abs(state.z - state.on.high)), STEP)


on_the_edge = Activity(
    view=Optimum,
    statements=["2.8"],
    settings={"z": 0.6, "epsilon": 0.5},
    goals=[
        Goal(
            say="Make z a local optimum although ∇f(z) is not 0.",
            far=_to_an_edge,
            now=lambda s: f"∇f(z) = {number(s.slope)}, and z is {'a' if s.reach > 0 else 'no'} local optimum",
            hint="The proposition asks for an interior point of C. Make z none: drag an end of C to it.",
            why=lambda s: (
                f"z = {number(s.z)} is on the edge of C. f is lower outside, but nothing is allowed there. "
                "The proof needs both sides of z."
            ),
            way={"feasible": (0.6, 3.0)},
        )
    ],
)


def _somewhere_0() -> bool:
    """Whether p and q are both computed as 0 at any point of the map."""
    return bool(np.isnan(maps(6.0, CAREFUL)).all(axis=0).any())


anywhere = Activity(
    view=Stationary,
    statements=["2.8", "F2"],
    settings={"w": (0.5, 0)},
    ask=Options(
        ask="∇E is the sum of two parts, p·(1, 1) and q·(2, −5). The maps show how large p and q are. "
        "At how many w is ∇E(w) = (0, 0)?",
        options=["at one, the lowest point of E", "at no w", "at many, on each of the four terraces"],
        truth=lambda s: 1 if not _somewhere_0() and s.p > 0 and s.q > 0 else 2,
        reveal={"w": (4, 2.5)},
        tempting=2,
        because=[
            "E has no lowest point: along a ray it falls towards 0 for ever (F1).",
            "p and q are positive everywhere, and (1, 1) and (2, −5) do not lie on one line. So they cannot "
            "cancel each other.",
            lambda s: (
                f"on a terrace ∇E is tiny, {vector(s.gradient)} at {vector(s.w)}, but not 0: the terrace "
                "still slopes."
            ),
        ],
    ),
)

flat = Activity(
    view=Optimum,
    statements=["F10"],
    settings={"function": "flat inflection", "z": 0.5},
    goals=[
        Goal(
            say="Find a z with ∇f(z) = 0 that is no local optimum.",
            far=lambda s: 0 if s.slope == 0 and s.reach == 0 else max(abs(s.slope), 1e-3),
            now=lambda s: f"∇f(z) = {number(s.slope)}, and z is {'a' if s.reach > 0 else 'no'} local optimum",
            hint="Where is the curve level, but goes on falling?",
            why=lambda s: (
                f"At z = {number(s.z)} ∇f(z) = 0, and f is lower on "
                f"{'both sides' if s.falls_on == 2 else 'one side'}. The test ‖∇f‖₂ = 0 would stop here."
            ),
            way={"z": -1.0},
        )
    ],
)


def _back_into_the_saddle(state: DirectionState) -> float:
    """By how many degrees −∇f(x) points past 0; 180 at 0 itself."""
    angle = angle_between(-state.gradient, -state.x)
    return 180.0 if angle is None else angle


saddle = Activity(
    view=Direction,
    statements=["F10"],
    settings={"function": "saddle", "x": (0, 0), "d": (0, 1)},
    goals=[
        Goal(
            say="Move x off the saddle to a place from which −∇f(x) points straight back into it.",
            far=lambda s: max(_back_into_the_saddle(s) - AIMED, 0),
            now=lambda s: f"−∇f(x) points {number(_back_into_the_saddle(s))}° past 0",
            hint="Along one axis f rises from the saddle, along the other it falls.",
            why=lambda s: (
                f"From {vector(s.x)}, on the x₁ axis, gradient descent runs into the saddle. From all other "
                "places it gets away."
            ),
            way={"x": (1.0, 0.0)},
            fixed=["function"],
        )
    ],
)

along_the_axis = Activity(
    view=Stationary,
    statements=["F2"],
    settings={"w": (0.5, 0)},
    goals=[
        Goal(
            say="Find a w at which ∇E, the black arrow, lies along the dotted axis, to within 2°.",
            far=lambda s: max(s.angle - 2, 0),
            now=lambda s: f"the angle is {number(s.angle)}°",
            hint="The second entry of ∇E is p − 5q.",
            why=lambda s: (
                f"Here p = {number(s.p)} and q = {number(s.q)}: p is nearly 5q. So one entry of ∇E can be 0. "
                "Both cannot: for that p and q would have to be 0."
            ),
            way={"w": (-0.1, -0.1)},
        )
    ],
)


def _decades(state: StationaryState) -> float:
    """How many powers of ten the computed ‖∇E‖₂ is above the smallest double; 0 where it is 0."""
    norm = float(np.hypot(*state.gradient))
    return max(log10(norm) + 324, 1.0) if norm else 0.0


def _computed(state: StationaryState) -> str:
    return f"∇E is computed as {vector(state.gradient)}"


fires = Activity(
    view=Stationary,
    statements=["F4"],
    settings={"extent": 60.0, "written": SLIDE, "w": (-2, -3)},
    goals=[
        Goal(
            say="With φ′ computed as on the slide, find a w at which the test ‖∇E‖₂ = 0 fires, though E ≈ 1.",
            far=lambda s: (_decades(s) or s.error < 0.9) if s.written == SLIDE else 400,
            now=_computed,
            hint="Red is where p or q is computed as exactly 0. Both must be.",
            why=lambda s: (
                f"At {vector(s.w)} each a is rounded to 0 or 1 so far that a(1 − a) is 0. "
                f"The truth is ∇E = {vector(s.truth)}, and E = {number(s.error)}."
            ),
            way={"w": (-40.0, -60.0)},
            fixed=["extent"],
        ),
        Goal(
            say="Find one at which the test fires with φ′ computed carefully, too.",
            far=lambda s: _decades(s) if s.written == CAREFUL else 400,
            now=_computed,
            hint="Not within ±60.",
            why=lambda s: (
                f"At {vector(s.w)} the truth is smaller than the smallest number that a computer has. No "
                "formula helps there."
            ),
            way={"extent": 600.0, "written": CAREFUL, "w": (-400.0, -600.0)},
        ),
    ],
)


# --- 2.9 ----------------------------------------------------------------------------------------


def _right(state: PerceptronState) -> str:
    right = state.right
    return f"after k = {state.k}: {right['perceptron']} right by the Perceptron, {right['gd']} by GD"


beside_gd = Activity(
    view=Perceptron,
    statements=["2.9"],
    settings={"start": (1, 0.5), "shown": 3},
    goals=[
        Goal(
            say=f"Find a start from which the Perceptron has all four points right after k = {STEPS}, and "
            "gradient descent on E does not.",
            far=lambda s: (4 - s.right["perceptron"]) + (s.right["gd"] == 4) + (s.k < STEPS),
            now=_right,
            hint="Let gradient descent begin where E is flat.",
            why=lambda s: (
                f"On its terrace, E = {number(s.error)}, GD hardly moves: the sigmoid is flat there. The "
                "Perceptron's steps are ±x, however far off it is."
            ),
            way={"start": (4.0, 3.0), "shown": STEPS},
        ),
        Goal(
            say="Find a w of the Perceptron at which Σ max(0, −y w·x) is 0, though not all points are right.",
            far=lambda s: s.perceptron_error if s.right["perceptron"] < 4 else 1,
            now=lambda s: (
                f"the sum is {number(s.perceptron_error)}, and {s.right['perceptron']} points are right"
            ),
            hint="Where is every y w·x equal to 0?",
            why=lambda s: (
                f"At w = {vector(s.walks['perceptron'][-1])} the sum is least, and {s.right['perceptron']} "
                "points are right: a useless minimum. The Perceptron leaves it only because it counts "
                "y w·x = 0 as wrong."
            ),
            way={"start": (0.0, 0.0), "shown": 0},
        ),
    ],
)
