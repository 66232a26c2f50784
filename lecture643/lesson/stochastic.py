"""Notebook 04: SGD and mini-batch SGD."""

from math import atan2, degrees, inf, nan

import numpy as np

from lecture643.explore.descent import Descent, State
from lecture643.explore.schedule import Schedule
from lecture643.explore.schedule import State as ScheduleState
from lecture643.lesson.activity import Activity, decades_above
from lecture643.live.asked import Goal, Heading, Mark, Options
from lecture643.maths.race import plateau_at
from lecture643.picture.draw import METHODS, number, vector

NOTEBOOK = "04"


# --- 2.13: one sample at a time -----------------------------------------------------------------


def _next_step(state: State) -> tuple[float, float]:
    """Of the method at whose point the arrows stand, with one sample."""
    x, y = state.arrows[1 + state.next_batch[0]]
    return float(x), float(y)


def _beside_the_fourth(state: State) -> float:
    """How long the other arrows are together, as a part of the dark one; nan where that is short.

    nan, too, where not each sample has its arrow, since there are too many.
    """
    if len(state.arrows) < 5:
        return nan
    whole, fourth = state.arrows[0], state.arrows[4]
    length = np.linalg.norm(whole)
    return float(np.linalg.norm(whole - fourth) / length) if length > 0.3 else nan


one_arrow = Activity(
    view=Descent,
    statements=["2.13"],
    settings={"start": (0, 0), "rate": 0.01, "steps": 40, "shown": 0, "arrows": "sgd"},
    first=["rate", "shown"],
    ask=Heading(
        ask="SGD stands at w⁰ = 0 and draws sample 4, which is x⁴ = (2, −5) with y⁴ = 0. Its steps are "
        "still too short to be seen. In which direction does the first one go?",
        panel="weights",
        origin=(0, 0),
        length=1.35,
        truth=lambda s: degrees(atan2(*reversed(_next_step(s)))),
        reveal={"rate": 0.5},
        close=15,
        because=lambda s: (
            f"The step is −γ∇e⁴ = {vector(_next_step(s))}, straight against x⁴. For y⁴ = 0 the output ŷ⁴ = "
            "σ(w·x⁴) should fall, and so w·x⁴ should. What the other samples want, SGD does not ask."
        ),
    ),
    goals=[
        Goal(
            say="Drag ✕ to a place where sample 4 pulls all but alone: its arrow nearly covers the dark one.",
            far=lambda s: max(_beside_the_fourth(s) - 0.1, 0.0),
            now=lambda s: f"the others make up {_parts_told(_beside_the_fourth(s))} of the dark arrow",
            hint="A sample hardly pulls where its ŷ is nearly 0 or 1. Only sample 4 may be in between.",
            why="A sample pulls near its own line w·xⁱ = 0. Far from it φ′ is nearly 0, whether the sample "
            "is right or wrong.",
            way={"start": (-1.1, -0.65)},
            fixed=["points", "samples"],
        )
    ],
)


def _parts_told(part: float) -> str:
    return "an unseen part" if np.isnan(part) else f"{number(100 * part, 3)} %"


# --- 2.14, 2.15: three methods, one budget ------------------------------------------------------


def _lowest(state: State) -> int:
    """Which of GD, SGD and mini-batch SGD is lowest."""
    return list(METHODS).index(min(state.error, key=lambda method: state.error[method]))


def _highest_error(state: State) -> float:
    return max(state.error.values())


def _thrown_out(state: State) -> list[str]:
    """Who ends on a plateau of E that is not 0."""
    problem = state.race.problem
    return [METHODS[m].name for m, path in state.paths.items() if plateau_at(problem, path.w[-1]) is not None]


race = Activity(
    view=Descent,
    statements=["2.13", "2.14", "2.15"],
    settings={"start": (0, 0), "rate": 0.5, "steps": 40, "goal": 0.002, "shown": 0},
    first=["rate", "seed", "shown"],
    ask=Options(
        ask="All three may spend 160 sample gradients: GD takes 40 steps, mini-batch SGD 80, SGD 160. "
        "Whose E ends lowest?",
        options=["GD's", "SGD's", "mini-batch SGD's"],
        truth=_lowest,
        reveal={"shown": 160},
        tempting=1,
        because=[
            lambda s: (
                f"with four samples GD's 40 whole steps get to E = {number(s.error['gd'])}, lower than "
                "either of the others."
            ),
            lambda s: (
                "SGD is ahead at the very beginning: after 4 sample gradients it is at "
                f"{number(s.paths['sgd'].error[4])}, GD at {number(s.paths['gd'].error[1])}. From 8 on GD "
                f"is lowest. SGD ends at {number(s.error['sgd'])}: four samples are too few for its many "
                "small steps to pay."
            ),
            lambda s: f"with blocks of two it ends at {number(s.error['minibatch'])}.",
        ],
    ),
    goals=[
        Goal(
            say="Bring E below 0.002, the dotted line, with all three methods. Move only γ.",
            far=lambda s: max(_highest_error(s) / 0.002 - 1, 0) if _highest_error(s) >= 0.002 else 0,
            now=lambda s: f"the highest E is {number(_highest_error(s))}",
            hint="A somewhat larger γ helps all three. Much larger ones are a gamble.",
            why="The steps of all three grow with γ. At twice the γ they are a gamble already.",
            way={"rate": 0.8},
            fixed=["points", "start", "steps", "samples"],
        ),
        Goal(
            say="Now gamble: throw one of them out onto a plateau where it stays. Move only γ and the seed.",
            far=lambda s: 0.0 if _thrown_out(s) else 1.0,
            now=lambda s: f"out on a plateau: {' and '.join(_thrown_out(s)) or 'none'}",
            hint="With γ = 2 some seeds do it, with γ = 5 more of them.",
            why="One step that is too long is enough. Out there every gradient is nearly 0, and the walk "
            "stays.",
            way={"rate": 2, "seed": 9},
            fixed=["points", "start", "steps", "samples"],
        ),
    ],
)

many = Activity(
    view=Descent,
    statements=["2.13", "2.14", "2.15"],
    settings={
        "start": (0, 0),
        "rate": 0.5,
        "samples": 400,
        "batch_size": 20,
        "steps": 10,
        "goal": 0.3,
        "shown": 0,
    },
    first=["rate", "shown"],
    ask=Mark(
        ask="Now there are 400 samples, and E begins at 100. GD adds up all 400 gradients before its first "
        "step. SGD spends 400 gradients, too: at which level is its E by then?",
        panel="cost",
        name="SGD's E",
        stops=[m * 10.0**decade for decade in range(-2, 2) for m in (1, 2, 5)] + [100.0],
        truth=lambda s: s.error["sgd"],
        reveal={"shown": 400},
        close=2.5,
        factor=True,
        because=lambda s: (
            f"GD takes its first step and comes to {number(s.error['gd'])}. SGD has taken 400 steps and is "
            f"at {number(s.error['sgd'])}. The 100 samples around each of the four points pull nearly the "
            "same way, so a few of them tell what all of them tell."
        ),
    ),
    goals=[
        Goal(
            say="Bring E below 0.3, the dotted line, with all three methods, within 4,000 sample "
            "gradients. Move only γ.",
            far=lambda s: max(_highest_error(s) / 0.3 - 1, 0.0),
            now=lambda s: f"the highest E is {number(_highest_error(s))} after {s.spent} sample gradients",
            hint="GD is the hard one. Let all the 4,000 be spent, and then try larger steps.",
            why="GD has ten steps only. With every seed and γ = 0.5 it ends last, and no γ of the slider "
            "takes it as low as SGD is at γ = 0.5.",
            way={"shown": 4000, "rate": 1},
            fixed=["points", "start", "steps", "samples"],
        )
    ],
)


# --- 2.13, 2.14: the learning rate --------------------------------------------------------------


def _mean(state: ScheduleState) -> float:
    """E − E* at the end, the mean of all seeds."""
    return float(state.gap[-1].mean())


def _mean_told(state: ScheduleState) -> str:
    return f"the mean is {number(_mean(state))}"


def _above(state: ScheduleState, goal: float) -> float:
    """How many powers of ten the mean is above a goal."""
    return decades_above(_mean(state), goal)


def _conditions(state: ScheduleState) -> tuple[bool, bool]:
    """Whether Σγ_k = ∞, and whether Σγ_k² < ∞."""
    distance, noise = state.limits
    return distance == inf, noise < inf


def _conditions_told(state: ScheduleState) -> str:
    return "both conditions hold" if all(_conditions(state)) else "one condition is broken"


def _soft(state: ScheduleState) -> bool:
    return state.settings.data == "soft"


sums = Activity(
    view=Schedule,
    statements=["2.13", "F7"],
    settings={"c": 1, "p": 0, "data": "points", "goal": 1e-4},
    first=["p"],
    ask=Mark(
        ask="With the constant γₖ = 1 the sum Σγₖ gets to 10,000 in 10,000 steps: see the picture at the "
        "upper right. Now take the typical choice γₖ = 1/(k+1). Where does Σγₖ get in 10,000 steps?",
        panel="sums",
        name="Σγₖ",
        stops=[m * 10.0**decade for decade in range(4) for m in (1, 2, 5)] + [10_000.0],
        truth=lambda s: s.settings.c * s.sums[0][-1],
        reveal={"p": 1},
        seconds=0.5,
        close=1.5,
        factor=True,
        because=lambda s: (
            f"Only to {number(s.settings.c * s.sums[0][-1])}. It has no bound, but it grows like ln k: for "
            "twice the distance one needs about the square of the number of steps."
        ),
    ),
    goals=[
        Goal(
            say="Bring the mean of E below 10⁻⁴, the dotted line. Move only p.",
            far=lambda s: _above(s, 1e-4),
            now=_mean_told,
            hint="You may break a condition.",
            why="On these data the gradients of all samples vanish together. There is no noise to average "
            "away, so nothing is won by making the steps shorter.",
            way={"p": 0.1},
            fixed=["c", "data", "method", "start"],
        )
    ],
)

floor = Activity(
    view=Schedule,
    statements=["2.13"],
    settings={"c": 0.5, "p": 0, "data": "points", "goal": 1e-5},
    first=["c", "p"],
    ask=Mark(
        ask="With the constant γₖ = ½ the mean of E falls on and on: see the picture at the lower right. "
        "Now the labels become soft, 0.8 for 1 and 0.2 for 0. To which level does the mean of E − E* fall "
        "in 10,000 steps?",
        panel="errors",
        name="mean of E − E*",
        stops=[m * 10.0**decade for decade in range(-7, 0) for m in (1, 2, 5)] + [1.0],
        truth=_mean,
        reveal={"data": "soft"},
        seconds=0.3,
        close=2.5,
        factor=True,
        because=lambda s: (
            f"It stays at about {number(_mean(s), 2)}. Every seed is near the minimum after fifty steps "
            "and only stays near it, in the cloud of triangles. There samples 2 and 3 still pull in "
            "opposite directions, and each step follows one of them."
        ),
    ),
    goals=[
        Goal(
            say="Bring the mean of E − E* below 10⁻⁵, the dotted line, with both conditions fulfilled.",
            far=lambda s: _above(s, 1e-5) if _soft(s) and all(_conditions(s)) else inf,
            now=lambda s: f"{_mean_told(s)}, {_conditions_told(s)}",
            hint="Turn p up: for which p do both hold? Do not turn it too far.",
            why="Shrinking steps let the noise die out. They must not shrink so fast that the walk stops "
            "on its way.",
            way={"p": 0.75},
            fixed=["method", "start"],
        ),
        Goal(
            say="Now break one of the two conditions, and get below 10⁻⁵ all the same.",
            far=lambda s: _above(s, 1e-5) if _soft(s) and not all(_conditions(s)) else inf,
            now=lambda s: f"{_mean_told(s)}, {_conditions_told(s)}",
            hint="Try p = ½ with a smaller c.",
            why="The two conditions are enough. They are not needed, and in a finite number of steps they "
            "do not show.",
            way={"c": 0.1, "p": 0.5},
            fixed=["method", "start"],
        ),
    ],
)

NEAR = (-0.55, 0.05)  # a start close to the minimum of the soft labels


def _slower(state: ScheduleState, power: float) -> float:
    """By how much the mean falls more slowly than kˢ; nan where no power fits."""
    return nan if state.speed is None else max(state.speed - power, 0.0)


def _speed_told(state: ScheduleState) -> str:
    return "no power fits" if state.speed is None else f"it goes like k^{number(state.speed, 2)}"


one_over_k = Activity(
    view=Schedule,
    statements=["2.13", "2.14"],
    settings={"c": 0.5, "p": 1, "data": "soft", "start": NEAR},
    first=["c", "method"],
    goals=[
        Goal(
            say="Find a c with which the mean falls like k^−0.9 or faster: nearly like 1/k.",
            far=lambda s: _slower(s, -0.9),
            now=_speed_told,
            hint="Larger, until the first steps throw the walk away.",
            why="Below this c the walk crawls, above it the first steps throw it away. The right c depends "
            "on the curvature at the minimum, which nobody knows: hence the slide's “in theory”.",
            way={"c": 2},
            fixed=["p", "data", "method", "start"],
        ),
        Goal(
            say="Do the same for mini-batch SGD: like k^−0.98 or faster.",
            far=lambda s: _slower(s, -0.98) if s.settings.method == "minibatch" else inf,
            now=_speed_told,
            hint="It adds up two gradients in each step, so it needs about half the c.",
            why="The restrictions on γₖ are similar, as the slide says. With two gradients in a step half "
            "the c is enough.",
            way={"method": "minibatch", "c": 1},
            fixed=["p", "data", "start"],
        ),
    ],
)
