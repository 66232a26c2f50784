"""What a training can be set to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lecture643.live.kinds import Choice, Given, Pair, Play
from lecture643.live.own_points import (
    Rows,
    points_setting,
    rows_of,
    tool_setting,
    which_setting,
)
from lecture643.live.settings import Settings, choice, given, log, number, point, whole
from lecture643.live.small_network import declared
from lecture643.maths import learning
from lecture643.maths.checks import function, integer
from lecture643.maths.learning import OWN_POINTS, trained_samples
from lecture643.maths.network import ACTIVATIONS, ERRORS
from lecture643.maths.toy import four_points
from lecture643.picture.style import METHODS as LOOKS

NETWORKS = [(2, 1), (2, 4, 1), (2, 8, 1), (2, 16, 16, 1)]
METHODS = {look.name: key for key, look in LOOKS.items()}
YOURS = "yours"  # the method of who brings a function
LECTURE: Rows = rows_of(four_points())
TOOLS = {"move": "move", "add +1": "one", "add −1": "zero", "flip": "flip", "delete": "delete"}
# What settles a run, and how far it is seen.
OF_A_RUN = [
    *("points", "data", "sizes", "method", "batch_size", "rate", "shown"),
    *("schedule", "activation", "error", "biases", "seed"),
]


WIDEST, DEEPEST = 200, 10  # larger ones do not keep up with the hand


def _two_to_one(name: str, sizes: Any) -> tuple[int, ...]:
    sizes = tuple(integer(f"{name}[{at}]", size, 1, WIDEST) for at, size in enumerate(sizes))
    integer("the number of layers", len(sizes) - 1, 1, DEEPEST)
    if sizes[:1] + sizes[-1:] != (2, 1):
        raise ValueError(f"{name} must lead from 2 inputs to 1 output, got {sizes}")
    return sizes


def trained(s: "TrainingSettings") -> int:
    """How many samples are trained on."""
    return trained_samples(s.data, s.points)


def steps_of(s: "TrainingSettings") -> int:
    """The steps of an epoch."""
    size = trained(s)
    return learning.steps_of_epoch("sgd" if s.method == YOURS else s.method, size, min(s.batch_size, size))


def _methods(s: "TrainingSettings") -> dict[str, str]:
    """By label; one's own function stands first where there is one, as it is the default."""
    return METHODS if s.train is None else {"your function": YOURS} | METHODS


def _same_epoch(k: int, old: "TrainingSettings", new: "TrainingSettings") -> int:
    """k counts steps, and an epoch has one, S or something between: stay at the same epoch."""
    return round(k * steps_of(new) / steps_of(old))


def _paints(s: "TrainingSettings") -> bool:
    return s.data == OWN_POINTS


@dataclass(frozen=True, kw_only=True)
class DataName(Choice):
    """A data set; who changes the points means to train on them."""

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """One's own points, once they change."""
        return value if new.points == old.points else OWN_POINTS


@dataclass(frozen=True, kw_only=True)
class Pinned(Given):
    """The settings of a run whose curve stays, as (name, value), …; those that are not the default."""

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """Only what settles a run."""
        if value is None:
            return None
        told = dict(value)
        if odd := told.keys() - set(OF_A_RUN):
            raise ValueError(f"{name} must be among {', '.join(OF_A_RUN)}, got {odd.pop()!r}")
        return of_a_run(TrainingSettings(train=settings.train, epochs=settings.epochs, **told))


@dataclass(frozen=True)
class TrainingSettings(Settings):
    """What a training can be set to."""

    train: Any = given(None, "your function of homework TRAINING_LOOP, to train with", function)
    epochs: int = given(lambda: 200, "how many k can reach")
    points: Rows = points_setting(lambda s: LECTURE, classes=True, applies=_paints)
    which: int = which_setting(applies=_paints)
    data: str = declared(
        DataName(
            label="data",
            default=lambda s: OWN_POINTS if s.points != LECTURE else "two moons",
            options=[*learning.DATA, OWN_POINTS],
            meaning="the name of the data set",
        )
    )
    sizes: tuple[int, ...] = choice(
        "layers",
        (2, 16, 16, 1),
        NETWORKS,
        own=_two_to_one,
        typed="2-8-8-1",
        meaning="of the layers, from 2 inputs to 1 output",
    )
    method: str = choice(
        "method",
        lambda s: "minibatch" if s.train is None else YOURS,
        _methods,
        meaning='"gd", "sgd" or "minibatch"; "yours" where a function is given',
    )
    batch_size: int = whole(
        "batch size",
        lambda s: min(10, trained(s)),
        1,
        lambda s: min(50, trained(s)),
        secondary=True,
        meaning="of mini-batch SGD",
    )
    rate: float = log("learning rate γ", 0.1, 1e-3, 10, meaning="γ")
    shown: int = whole(
        "step k",
        lambda s: min(30, s.epochs) * steps_of(s),
        0,
        lambda s: s.epochs * steps_of(s),
        play=Play(stride=steps_of, interval=60),
        follow=_same_epoch,
        meaning="the k of the picture",
    )
    threshold: float = number("threshold", 0.5, 0, 1, 0.01, meaning="from it on ŷ says +1")
    curves: str = choice(
        "curves of", "one", {"this method": "one", "all three": "all"}, meaning='"one" method, or "all"'
    )
    schedule: str = choice(
        "γₖ =",
        "γ",
        lambda s: list(learning.SCHEDULES) if s.train is None else ["γ"],
        applies=lambda s: s.train is None,
        secondary=True,
        meaning="its fall with k",
    )
    activation: str = choice("φ", "tanh", list(ACTIVATIONS), secondary=True, meaning="of the hidden layers")
    error: str = choice("error", "squared", list(ERRORS), secondary=True, meaning="e")
    biases: bool = choice("biases", True, {"with": True, "without": False}, secondary=True, meaning="or none")
    unseen: Pair = point(("x̂₁", "x̂₂"), (0.5, 2), 6, panels=["inputs"], secondary=True, meaning="x̂")
    seed: int = whole("seed", 0, 0, 50, secondary=True, meaning="settles w⁰ and all draws")
    tool: str = tool_setting(TOOLS, applies=_paints)
    pinned: tuple[tuple[str, Any], ...] | None = declared(
        Pinned(default=None, meaning='a run whose curve stays, such as {"rate": 0.01}')
    )

    @property
    def ghost(self) -> "TrainingSettings | None":
        """The settings of the pinned run."""
        if self.pinned is None:
            return None
        return TrainingSettings(train=self.train, epochs=self.epochs, **dict(self.pinned))


def of_a_run(s: TrainingSettings) -> tuple[tuple[str, Any], ...]:
    """What settles this run, as far as it is not the default."""
    kinds: Mapping[str, Any] = s.kinds()
    first = ((name, kinds[name].checked(name, kinds[name].first(s), s)) for name in OF_A_RUN)
    return tuple((name, getattr(s, name)) for name, default in first if getattr(s, name) != default)


def drawn_methods(s: TrainingSettings) -> list[str]:
    """Whose curves are drawn: beside one's own is SGD's, with the same samples."""
    yours = [YOURS] if s.method == YOURS or (s.train and s.curves == "all") else []
    if s.curves == "all":
        return [*yours, *LOOKS]
    return [*yours, "sgd"] if yours else [s.method]
