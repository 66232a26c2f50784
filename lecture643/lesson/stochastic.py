"""Notebook 04: SGD and mini-batch SGD."""

from lecture643.explore.descent import Descent, State
from lecture643.lesson.activity import Activity
from lecture643.live.asked import Goal, Options
from lecture643.picture.draw import METHODS, number

NOTEBOOK = "04"


def _lowest(state: State) -> int:
    """Which of GD, SGD and mini-batch SGD is lowest."""
    return list(METHODS).index(min(state.error, key=lambda method: state.error[method]))


def _highest_error(state: State) -> float:
    return max(state.error.values())


race = Activity(
    view=Descent,
    statements=["2.13", "2.14", "2.15"],
    settings={"start": (0, 0), "rate": 0.5, "steps": 40, "goal": 0.002, "shown": 0},
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
                f"SGD is ahead at the very beginning, but ends at {number(s.error['sgd'])}: four samples "
                "are too few for its many small steps to pay."
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
            fixed=["start", "steps", "samples"],
        )
    ],
)
