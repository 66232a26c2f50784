"""Notebook 01: one sigmoid neuron on four points."""

from functools import partial
from typing import Any

import numpy as np

from lecture643.explore.basins import Basins
from lecture643.explore.basins import State as BasinsState
from lecture643.explore.neuron import Neuron
from lecture643.explore.neuron import State as NeuronState
from lecture643.explore.ray import FAR, Ray
from lecture643.explore.ray import State as RayState
from lecture643.explore.sigmoid import Sigmoid
from lecture643.explore.surface import State as SurfaceState
from lecture643.explore.surface import Surface
from lecture643.lesson.activity import Activity, decades_above
from lecture643.live.asked import Goal, Heading, Options, Spot
from lecture643.maths.crowd import wrong
from lecture643.maths.plane import polar
from lecture643.maths.toy import four_points, sigmoid
from lecture643.picture import draw
from lecture643.picture.draw import number, vector
from lecture643.picture.figure import LiveFigure

NOTEBOOK = "01"
POINTS = four_points()


# --- 1.1, 1.2 -----------------------------------------------------------------------------------

only_the_weights = Activity(
    view=Neuron,
    statements=["1.1", "1.2"],
    settings={"w": (-0.5, 0.5)},
    goals=[
        Goal(
            say="Drag w until all four points lie on the correct side of the line ŷ = ½.",
            far=lambda s: POINTS.size - s.right,
            now=lambda s: f"{s.right} of the {len(s.errors)} points",
            hint="The arrow w has to point towards the points with y = 1, away from those with y = 0.",
            why=lambda s: (
                f"The sum of the errors is E = {number(s.errors.sum())} there. It was 0.7509 at first. Only "
                "w has moved: x and y in the table are what they were."
            ),
            way={"w": (-1.0, 0.2)},
            fixed=["points"],
        )
    ],
)


# --- 1.3 ----------------------------------------------------------------------------------------

steepest = Activity(
    view=Sigmoid,
    statements=["1.3"],
    settings={"z": 2},
    ask=Options(
        ask="σ climbs from 0 to 1. How large is its slope where it is steepest?",
        options=["½", "1", "¼", "there is no largest slope"],
        truth=lambda s: [0.5, 1.0, 0.25].index(s.slope),
        reveal={"z": 0},
        tempting=1,
        because=[
            lambda s: f"{number(s.value)} is how high σ is at z = 0, not how steep.",
            "with the slope 1 it would be up after one unit of z. It takes several.",
            lambda s: (
                f"the slope is σ(z)σ(−z), two factors that add up to 1. Their product is largest where both "
                f"are {number(s.value)}, at z = 0: it is {number(s.slope)} there."
            ),
            "the slope is σ(z)σ(−z), and no factor of it is above 1.",
        ],
    ),
    goals=[
        Goal(
            say="Bring σ(z) to within 10⁻⁶ of its limit 1.",
            far=lambda s: decades_above(1 - s.value if s.z < 0 else s.distance, 1e-6),
            now=lambda s: f"the distance to 1 is {number(1 - s.value if s.z < 0 else s.distance)}",
            hint="Move z to the right. The right picture shows how the distance falls.",
            why=lambda s: (
                f"At z = {number(s.z)} it is {number(s.distance)} away. Far out each unit of z makes the "
                "distance smaller by a factor of e ≈ 2.718, and never 0."
            ),
            way={"z": 14},
        )
    ],
)

FIRST_ROUNDED = float(next(z for z in np.arange(0, 46, 0.5) if 1 - sigmoid(z) == 0))

rounded_to_1 = Activity(
    view=Sigmoid,
    statements=["F15"],
    settings={"z": 30},
    goals=[
        Goal(
            say="Find the smallest z > 0 on this slider for which 1 − σ(z) is computed as exactly 0.",
            far=lambda s: abs(s.z - FIRST_ROUNDED),
            now=lambda s: f"1 − σ({number(s.z)}) is computed as {number(float(1 - sigmoid(s.z)))}",
            hint="Follow the red dashed line to where it ends.",
            why=lambda s: (
                f"The true distance is {number(float(sigmoid(-FIRST_ROUNDED)))}. The numbers just below 1 "
                f"that a computer has are {number(np.spacing(0.9))} apart, so σ({number(FIRST_ROUNDED)}) is "
                "rounded to 1. Near 0 they lie close together, so σ(−z) keeps all its digits."
            ),
            way={"z": FIRST_ROUNDED},
        )
    ],
)


# --- 1.4, 1.5 -----------------------------------------------------------------------------------


def _best_for_point_4(state: NeuronState) -> float:
    """The angle at which e⁴, and with it ŷ⁴, falls fastest."""
    return polar(-POINTS.sample_gradients(state.w)[3])[0]


point_4 = Activity(
    view=Neuron,
    statements=["1.4"],
    settings={"w": (0.5, -0.5)},
    ask=Heading(
        ask="Here the neuron is wrong about point 4, (2, −5): it says 0.97, and the label is 0. Into which "
        "direction must w move so that ŷ of point 4 falls fastest?",
        panel="weights",
        origin=(0.5, -0.5),
        length=2.5,
        truth=_best_for_point_4,
        reveal={"w": (-0.3, 1.5)},
        close=15,
        because=lambda s: (
            "ŷ of point 4 is σ(w·x) with x = (2, −5). It falls fastest straight against x, along (−2, 5), at "
            f"{number(round(_best_for_point_4(s)))}°, wherever w is. It has fallen to "
            f"{number(s.predictions[3])}. Points 1 and 2, with label 1, pay for it: ŷ = "
            f"{number(s.predictions[0])} and {number(s.predictions[1])}."
        ),
    ),
)

CALLED = [0.0, 1.0, 2.0, 4.0]  # what one may take E(0) for

undecided = Activity(
    view=Neuron,
    statements=["1.5"],
    settings={"w": (-0.5, 0.5)},
    ask=Options(
        ask="At w = (0, 0) the neuron says ŷ = ½ about all four points. How large is E there?",
        options=[f"E = {number(value)}" for value in CALLED],
        truth=lambda s: CALLED.index(float(s.errors.sum())),
        reveal={"w": (0, 0)},
        tempting=2,
        because=[
            "no label is ½, so each of the four errors is positive.",
            lambda s: (
                f"each error is (½)² = {number(s.errors[0])}, whatever the label, and four of them add up to "
                f"{number(s.errors.sum())}."
            ),
            "each prediction is off by ½, but the errors are squared: (½)² is ¼.",
            "4 is for a neuron that is quite wrong about all points. This one is half wrong.",
        ],
    ),
    goals=[
        Goal(
            say="Bring E below 0.001: drag w to beyond the dotted line.",
            far=lambda s: decades_above(float(s.errors.sum()), 1e-3),
            now=lambda s: f"E = {number(s.errors.sum())}",
            hint="First turn w until all four points are right. Then make it longer.",
            why=lambda s: (
                f"At w = {vector(s.w)} E = {number(s.errors.sum())}. Once all points are right, a longer w "
                "makes the neuron surer: every ŷ gets nearer to its label."
            ),
            way={"w": (-3.0, 0.5)},
            fixed=["points"],
            mark=lambda live: draw.goal_contour(live.panels["weights"], POINTS, 1e-3),
        )
    ],
)


# --- 1.6 ----------------------------------------------------------------------------------------

EDGE = next(high for _, high, height in POINTS.plateaus() if height == 0)  # between the terraces 0 and 1


def _off_the_edge(state: SurfaceState) -> float:
    """By how many degrees one looks past it, from one end or the other."""
    return abs((EDGE - state.azimuth + 90) % 180 - 90)


def _heights() -> list[float]:
    return sorted({height for _, _, height in POINTS.plateaus()})


terraces = Activity(
    view=Surface,
    statements=["1.6"],
    settings={"extent": 2},
    ask=Options(
        ask="Here the weights go to ±2. Far away from the origin, in almost every direction, E becomes flat. "
        "How many different heights are there?",
        options=["2", "4", "5", "as many as directions"],
        truth=lambda _: ["2", "4", "5"].index(str(len(_heights()))),
        reveal={"extent": 20, "plateaus": True},
        tempting=2,
        because=[
            "E is the sum of four errors. Each of them is nearly 0 or 1 far out, but the sum can be more.",
            lambda _: (
                "far out each point adds 0 if it is right and 1 if it is wrong. Points 1, 2 and 3 lie on one "
                "line through the origin: they are right together or wrong together. So the heights are "
                f"{', '.join(number(height) for height in _heights())}."
            ),
            "never are just two points wrong: points 1, 2 and 3 go together, and point 4 makes one more.",
            "far out each ŷ is nearly 0 or 1, so that only the side counts on which a point lies.",
        ],
    ),
    goals=[
        Goal(
            say="Turn the surface until you look along the cliff between the terraces 0 and 1.",
            far=lambda s: max(_off_the_edge(s) - 0.5, 0),
            now=lambda s: f"you look {number(_off_the_edge(s))}° past it",
            hint="There point 4, (2, −5), changes sides: 2w₁₁ = 5w₁₂.",
            why=lambda s: (
                f"From azimuth {number(s.azimuth)}° you look along 2w₁₁ = 5w₁₂, where w·x of point 4 is 0. "
                "On the other side of the origin this line is the cliff between the terraces 3 and 4."
            ),
            way={"extent": 20.0, "azimuth": 22},
        )
    ],
)


def _climb(state: BasinsState) -> tuple[int, int]:
    """The heights of the terraces on which the marked walk begins and ends."""
    begin, end = wrong(POINTS, state.w[[0, -1]]).tolist()
    return begin, end


caught = Activity(
    view=Basins,
    statements=["F3"],
    settings={"start": (3, -1), "rate": 0.1, "steps": 0},
    ask=Spot(
        ask="The colours are the terraces. Gradient descent begins at ✕ = (3, −1), on the highest one, and "
        "takes 2000 steps with γ = 0.1. Where is it then?",
        panel="weights",
        names=("w₁₁¹", "w₁₂¹"),
        stops=[half / 2 for half in range(-12, 13)],
        truth=lambda s: s.w[-1],
        reveal={"steps": 2000},
        close=1,
        because=lambda s: (
            f"It has left the terrace of height {_climb(s)[0]} and has come to w = {vector(s.w[-1])}, with "
            f"E = {number(s.error[-1])}. On the terrace of height {_climb(s)[1]} there is hardly any slope: "
            f"the next step is {number(_next_step(s))} long."
        ),
    ),
    goals=[
        Goal(
            say="Drag ✕ to a start on another terrace from which gradient descent does reach E → 0.",
            far=lambda s: _climb(s)[1] + (_climb(s)[0] == 0),
            now=lambda s: f"from the terrace of height {_climb(s)[0]} to that of height {_climb(s)[1]}",
            hint="The colours show where each start ends, the lines where each terrace is.",
            why=lambda s: (
                f"From {vector(s.w[0])} it gets to E = {number(s.error[-1])}. Where one begins decides, for "
                "any number of steps that one would wait."
            ),
            way={"steps": 2000, "start": (2.0, 0.0)},
            fixed=["rate"],
        )
    ],
)


def _next_step(state: BasinsState) -> float:
    return 0.1 * float(np.linalg.norm(POINTS.gradient(state.w[-1])))


def _along_goal(live: LiveFigure, goal: float) -> None:
    draw.goal_line(live.panels["along"], goal)


def _below(goal: float, say: str, hint: str, why: Any, way: dict[str, Any]) -> Goal:
    """Bring E below this goal along the ray."""
    return Goal(
        say=say,
        far=lambda s: decades_above(s.error, goal),
        now=lambda s: f"E = {number(s.error)}",
        hint=hint,
        why=why,
        way=way,
        mark=partial(_along_goal, goal=goal),
    )


def _no_end(state: RayState) -> str:
    return (
        f"At {number(state.angle)}° E = {number(state.error)} for t = {number(state.t)}. E falls fastest "
        "where the slowest of the four errors falls fastest. But no t is the best one: the next is better. "
        "inf E = 0 is never reached, and S* is empty."
    )


no_minimum = Activity(
    view=Ray,
    statements=["F1"],
    settings={"angle": 150, "t": 2},
    goals=[
        _below(
            1e-9,
            "Bring E below 10⁻⁹.",
            "Just go farther out.",
            lambda s: f"At t = {number(s.t)} E = {number(s.error)}. There is no last t: go on.",
            {"t": 15},
        ),
        _below(
            1e-30,
            f"Bring E below 10⁻³⁰. t ends at {FAR:g}, so turn u, too.",
            "E is hardly larger than its largest eⁱ. Turn u until that one falls as steeply as it can.",
            _no_end,
            {"angle": 178, "t": 20},
        ),
    ],
)
