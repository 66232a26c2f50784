"""Notebook 07: training for prediction."""

from math import inf
from typing import Any

import numpy as np

from lecture643.explore.training import State, Training
from lecture643.lesson.activity import Activity
from lecture643.live.asked import Goal, Options
from lecture643.maths.learning import says_plus
from lecture643.picture import draw
from lecture643.picture.draw import number
from lecture643.picture.figure import LiveFigure

NOTEBOOK = "07"

MOONS: dict[str, Any] = {"sizes": (2, 8, 1), "method": "sgd", "rate": 0.5, "epochs": 50}


def _error(state: State, method: str = "") -> float:
    """E where the picture is; nan of a method whose curve is not drawn."""
    curve = state.curves.get(method or state.method)
    return float(curve.error[-1]) if curve else float("nan")


def _held_out(state: State, k: int | None = None) -> int:
    """How many held-out points are right, after k steps."""
    task = state.run.task
    w = state.run.at(state.k if k is None else k)[0]
    right = says_plus(task.predict(w, task.x), state.settings.threshold) == (task.label > 0)
    return int(right[task.trained :].sum())


def _held_out_told(state: State) -> str:
    held_out = len(state.run.task.label) - state.run.task.trained
    return f"{_held_out(state)} of {held_out} held-out points are right" if held_out else "none is held out"


def _sure(state: State) -> str:
    return f"ŷ = {number(state.answer)}, so it says {state.sign}"


# --- 4.1: learn a map, then use it --------------------------------------------------------------

unseen_point = Activity(
    view=Training,
    statements=["4.1"],
    settings={"sizes": (2, 8, 1), "shown": 300},
    first=["unseen", "shown"],
    goals=[
        Goal(
            say="Drag the star x̂, a point that the network has never seen, to where it cannot decide: ŷ "
            "within 0.06 of ½.",
            far=lambda s: max(abs(s.answer - 0.5) - 0.06, 0),
            now=_sure,
            hint="Go to the dark line.",
            why="On this border ŷ is the threshold. On either side the network has an answer, for every x̂.",
            way={"unseen": (0.2, -0.2)},
            fixed=["threshold"],
        )
    ],
)


# --- 4.3: the SGD training algorithm ------------------------------------------------------------

STEPS = [10, 100, 1000, 10_000]


def _first_good(state: State) -> int:
    """Which of the STEPS is the first after which 90 of the held-out points are right."""
    return next(
        (i for i, k in enumerate(STEPS) if k <= state.k and _held_out(state, k) >= 90), len(STEPS) - 1
    )


how_long = Activity(
    view=Training,
    statements=["4.3"],
    settings={**MOONS, "shown": 1},
    first=["shown", "rate"],
    ask=Options(
        ask="This network has taken one step of SGD. Each step looks at one sample. After about how many "
        "steps are 90 of the 100 held-out points right?",
        options=[f"{k:,}" for k in STEPS],
        truth=_first_good,
        reveal={"shown": 1000},
        tempting=3,
        because=[
            lambda s: f"after 10 steps {_held_out(s, 10)} are right: hardly more than a coin gets.",
            lambda s: f"after 100 steps {_held_out(s, 100)} are right, with a border that hardly bends.",
            lambda s: (
                f"{_held_out(s)} are right now, and the border has begun to bend. In 1,000 steps each of the "
                "100 samples has been looked at about ten times."
            ),
            "so many are not needed with this γ.",
        ],
    ),
    goals=[
        Goal(
            say="Train on until at least 98 of the 100 held-out points are right.",
            far=lambda s: max(98 - _held_out(s), 0),
            now=_held_out_told,
            hint="About as many steps once more. The dotted curve is the held-out points' share.",
            why="It winds between the moons now. None of the held-out points was ever used in a step.",
            way={"shown": 2000},
            fixed=["data", "threshold"],
        )
    ],
)


# --- 4.2, 4.3: which method, which rate ---------------------------------------------------------


def _after_one_epoch(state: State) -> int:
    """What E of GD does in its first step, beside SGD's in an epoch."""
    gd, sgd = (state.curves[method].error for method in ("gd", "sgd"))
    return 2 if gd[1] > gd[0] else 0 if gd[1] < 2 * sgd[1] else 1


def _at_the_end(state: State, far: float) -> float:
    return far if state.k == 50 * state.run.steps and not np.isnan(far) else inf


def _both_told(state: State) -> str:
    told = [f"{draw.METHODS[m].name} {number(_error(state, m))}" for m in ("gd", "sgd") if m in state.curves]
    return f"E after epoch {number(state.k / state.run.steps)}: {', '.join(told)}"


def _half(live: LiveFigure) -> None:
    draw.goal_line(live.panels["errors"], 0.5)


one_long_step = Activity(
    view=Training,
    statements=["4.2", "4.3"],
    settings={**MOONS, "shown": 100},
    first=["rate", "shown"],
    ask=Options(
        ask="In one epoch, 100 steps with γ = ½, SGD has brought E from 27 down to 6. GD takes one step "
        "instead, with the same γ, along the sum of all 100 gradients. Where is its E then?",
        options=[
            "at about 6, too: the same gradients, added up",
            "at about 20: one step does less than 100",
            "above 27",
        ],
        truth=_after_one_epoch,
        reveal={"curves": "all"},
        tempting=0,
        because=[
            "they are not the same gradients. SGD takes each at a new w, GD all at the first one.",
            "the sum of 100 gradients is long, so this one step is anything but small.",
            lambda s: (
                f"at {number(s.curves['gd'].error[1])}. With γ = ½ the step along the sum goes far beyond "
                "the valley. GD needs a smaller γ."
            ),
        ],
    ),
    goals=[
        Goal(
            say="Find a γ with which GD is lower than SGD after 50 epochs.",
            far=lambda s: _at_the_end(s, max(_error(s, "gd") - _error(s, "sgd"), 0)),
            now=_both_told,
            hint="Train to the end, k = 5,000. Then make γ a tenth of what it is.",
            why=lambda s: (
                f"{_both_told(s)}. Which method is ahead depends on γ. What is good for the one is too "
                "long or too short for the other."
            ),
            way={"shown": 5000, "rate": 0.05},
            fixed=["data", "sizes", "method", "seed", "activation", "error", "biases"],
        ),
        Goal(
            say="Let γₖ fall with k, and bring SGD's E below ½, the dotted line, within 50 epochs.",
            far=lambda s: max(_error(s, "sgd") - 0.5, 0) if s.settings.schedule != "γ" else inf,
            now=_both_told,
            hint="The choices of γₖ stand under more. What falls may begin with a large γ.",
            why="Long steps first, short ones later. With γ/(k+1) the steps become too short, whatever γ is "
            "on this slider: fine print F7 of notebook 04.",
            way={"schedule": "γ/√(k+1)", "rate": 10, "shown": 5000},
            fixed=["data", "sizes", "method", "seed", "activation", "error", "biases"],
            mark=_half,
        ),
    ],
)


# --- 4.5: two classes ---------------------------------------------------------------------------


def _mistakes(state: State, threshold: float | None = None) -> tuple[int, int]:
    """Of the held-out points: how many with y = +1 are missed, and how many false alarms there are."""
    task = state.run.task
    answers = task.predict(state.run.at(state.k)[0], task.x)[task.trained :]
    plus = task.label[task.trained :] > 0
    says = says_plus(answers, state.settings.threshold if threshold is None else threshold)
    return int((plus & ~says).sum()), int((says & ~plus).sum())


def _mistakes_told(state: State) -> str:
    missed, alarms = _mistakes(state)
    return f"missed: {missed}, false alarms: {alarms}"


def _which_way(state: State) -> int:
    """Whether fewer are missed with the lower threshold that is shown now, and at what price."""
    (missed, alarms), (before, alarms_before) = _mistakes(state), _mistakes(state, 0.5)
    if missed >= before:
        return 0
    return 1 if alarms > alarms_before else 2


threshold = Activity(
    view=Training,
    statements=["4.5", "F13"],
    settings={"sizes": (2, 1), "shown": 500},
    first=["threshold", "sizes"],
    ask=Options(
        ask="A single neuron cannot bend its border. It misses 10 of the 57 held-out points with y = +1: for "
        "them ŷ is below the threshold ½. Fewer shall be missed. Where must the threshold go, and what does "
        "it cost?",
        options=[
            "up, and then some points with y = −1 are called +1",
            "down, and then more points with y = −1 are called +1",
            "down, and it costs nothing",
        ],
        truth=_which_way,
        reveal={"threshold": 0.3},
        tempting=2,
        because=[
            "the higher the threshold, the fewer points are called +1.",
            lambda s: (
                f"with the threshold at {number(s.settings.threshold)}, {_mistakes(s)[0]} are missed, and "
                f"{_mistakes(s)[1]} with y = −1 are called +1, in place of {_mistakes(s, 0.5)[1]}. The "
                "border moves into the other moon. No weight has changed, and E has not."
            ),
            "the border moves away from the one moon, and into the other.",
        ],
    ),
    goals=[
        Goal(
            say="Miss none of the held-out points with y = +1, with 16 false alarms or fewer.",
            far=lambda s: _mistakes(s)[0] + max(_mistakes(s)[1] - 16, 0),
            now=_mistakes_told,
            hint="Further down. The table counts both.",
            why="The threshold decides what goes wrong, not whether something does.",
            way={"threshold": 0.05},
            fixed=["data", "sizes"],
        ),
        Goal(
            say="Now with four hidden neurons, 2-4-1, and the threshold ½: none missed and no false alarm.",
            far=lambda s: (
                sum(_mistakes(s)) if s.settings.sizes == (2, 4, 1) and s.settings.threshold == 0.5 else inf
            ),
            now=_mistakes_told,
            hint="Train on, to the end of k.",
            why="A border that bends need not get something wrong.",
            way={"sizes": (2, 4, 1), "threshold": 0.5, "shown": 2000},
            fixed=["data"],
        ),
    ],
)


def _coin(state: State) -> int:
    """All right, about three quarters, or about half."""
    return 0 if _held_out(state) > 95 else 1 if _held_out(state) > 65 else 2


no_biases = Activity(
    view=Training,
    statements=["4.5"],
    settings={**MOONS, "data": "XOR", "sizes": (2, 4, 1), "shown": 500},
    first=["data", "biases"],
    ask=Options(
        ask="XOR: opposite corners have the same label. With biases, all 100 held-out points are right. Now "
        "the network is trained without them. How many are right?",
        options=["all 100: the weights make up for it", "about 75", "about 50, as by a coin"],
        truth=_coin,
        reveal={"biases": False},
        tempting=0,
        because=[
            "no weights can make up for it, however many there are.",
            "of two opposite points it now gets one right and the other one wrong.",
            lambda s: (
                f"{_held_out(s)} are. Without biases, and with tanh, −x turns every z into its negative, so "
                "ŷ(−x) = 1 − ŷ(x): opposite points always get opposite answers. Here they have the same "
                "label."
            ),
        ],
    ),
    goals=[
        Goal(
            say="Stay without biases, and find data on which at least 85 of the 100 held-out points are "
            "right.",
            far=lambda s: max(85 - _held_out(s), 0) if not s.settings.biases else inf,
            now=_held_out_told,
            hint="Opposite points should have different labels.",
            why="On the two moons and on the two Gaussians opposite points have different labels. There "
            "biases are hardly missed.",
            way={"data": "two moons"},
            fixed=["sizes", "activation"],
        )
    ],
)


def _far_off(state: State) -> float:
    """How far x̂ is from the nearest sample."""
    return float(np.linalg.norm(state.run.task.x - np.array(state.settings.unseen), axis=1).min())


far_away = Activity(
    view=Training,
    statements=["4.1", "4.5"],
    settings={**MOONS, "shown": 1},  # trained, the ground would tell the answer
    first=["unseen", "shown"],
    ask=Options(
        ask="This network has taken one step. After 1,000 steps it is asked about x̂ = (3.5, 3.5), in the "
        "upper right corner, far from every sample. What does it say?",
        options=["ŷ near ½: it does not know", "ŷ nearly 1: surely +1", "ŷ nearly 0: surely −1"],
        truth=lambda s: 2 if s.answer < 0.1 else 1 if s.answer > 0.9 else 0,
        reveal={"unseen": (3.5, 3.5), "shown": 1000},
        tempting=0,
        because=[
            "ŷ near ½ is found only along the border. That a point is unlike all samples does not show in ŷ.",
            "it lies on the other side of the border.",
            lambda s: (
                f"ŷ = {number(s.answer)}, though the nearest sample is {number(_far_off(s), 2)} away. An ŷ "
                "near 0 or 1 says that |z^L| is large. It does not say that such a point is known."
            ),
        ],
    ),
    goals=[
        Goal(
            say="Find an x̂ of which it is as sure that it is +1: ŷ above 0.99, at least 2 away from every "
            "sample.",
            far=lambda s: max(0.99 - s.answer, 0) + max(2 - _far_off(s), 0),
            now=lambda s: f"{_sure(s)}, {number(_far_off(s), 2)} away from the nearest sample",
            hint="Cross the border, far out.",
            why="Held-out points tell how well a network predicts points like those it was trained on. Of "
            "other points they tell nothing.",
            way={"unseen": (0, -4), "shown": 1000},
            fixed=["data"],
        )
    ],
)


# --- R: XOR, which no single neuron can do ------------------------------------------------------

hidden_neurons = Activity(
    view=Training,
    statements=["R"],
    settings={**MOONS, "data": "XOR", "sizes": (2, 1), "shown": 500},
    first=["sizes", "shown"],
    goals=[
        Goal(
            say="Bring XOR to 100 of 100 held-out points within 20 epochs, k up to 2,000.",
            far=lambda s: 100 - _held_out(s) if s.k <= 20 * s.run.steps else inf,
            now=_held_out_told,
            hint="No single neuron can do it, whatever k and γ are.",
            why="Hidden neurons learn by themselves what the last one needs. This is what the paper of 1986 "
            "showed.",
            way={"sizes": (2, 4, 1)},
            fixed=["data", "threshold"],
        )
    ],
)
