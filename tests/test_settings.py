"""Settings as data: what is allowed, what follows what, how they are told and spelled."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from drawn import settings_of
from hypothesis import given as for_all
from hypothesis import strategies as st

from lecture643.live.kinds import Number, Play
from lecture643.live.settings import Settings, choice, given, log, number, point, switch, whole


def budget(settings: Any) -> int:
    return 4 * settings.steps


@dataclass(frozen=True)
class Walk(Settings):
    """One setting of each kind."""

    rate: float = log("learning rate γ", 0.5, 0.01, 100, meaning="γ")
    method: str = choice("method", "gd", {"GD": "gd", "SGD": "sgd"})
    start: tuple[float, float] = point(("w₁", "w₂"), (2, 0), limit=6, panels=["weights"], secondary=True)
    steps: int = whole("steps", 60, 1, 200)
    shown: int = whole("spent", budget, 0, budget, play=Play(stride=4), at_end=True)
    angle: float = number("angle", 0, -180, 180, 1, resets_with=["method"])
    grid: bool = switch("grid", False)
    problem: object = given(dict, "other data")


def test_defaults_may_follow_from_the_settings_before() -> None:
    assert Walk().shown == 240
    assert Walk(steps=5).shown == 20
    assert Walk(steps=5, shown=3).shown == 3


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"rate": 1000}, "rate must be from 0.01 to 100, got 1000"),
        ({"rate": 0}, "rate must be from 0.01 to 100, got 0"),
        ({"rate": "a"}, "rate must be a finite number, got 'a'"),
        ({"rate": float("nan")}, "rate must be a finite number, got nan"),
        ({"method": "newton"}, "method must be one of gd, sgd, got 'newton'"),
        ({"start": (1, 2, 3)}, r"start must have shape \(2\), got \(3,\)"),
        ({"start": (1, 7)}, r"start must have both numbers from -6 to 6, got \(1, 7\)"),
        ({"steps": 2.5}, "steps must be a whole number from 1 to 200, got 2.5"),
        ({"steps": 2, "shown": 9}, "shown must be a whole number from 0 to 8, got 9"),
        ({"grid": 1}, "grid must be True or False, got 1"),
    ],
)
def test_what_is_not_allowed_is_told_in_one_sentence(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Walk(**values)
    with pytest.raises(ValueError, match=told):
        Walk().changed(**values)


def test_a_setting_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="speed is no setting of this view, it has rate, method, start"):
        Walk().changed(speed=3)


def test_a_range_that_moves_takes_its_values_along() -> None:
    assert Walk(steps=10).changed(steps=50).shown == 200  # shown whole, it stays shown whole
    assert Walk(steps=10, shown=7).changed(steps=50).shown == 7
    assert Walk(steps=10, shown=30).changed(steps=2).shown == 8


def test_what_resets_with_another_setting_resets_only_with_it() -> None:
    turned = Walk(angle=30)
    assert turned.changed(rate=2).angle == 30
    assert turned.changed(method="sgd").angle == 0
    assert turned.changed(method="gd").angle == 30
    assert turned.changed(method="sgd", angle=5).angle == 5


@for_all(st.floats(0.01, 100))
def test_any_value_within_the_range_is_kept_as_it_is(rate: float) -> None:
    assert Walk().changed(rate=rate).rate == rate


@for_all(settings_of(Walk))
def test_the_code_gives_the_same_settings(settings: Settings) -> None:
    assert eval(settings.code("Walk"), {"Walk": Walk}) == settings


def test_the_code_names_only_what_differs() -> None:
    assert Walk().code("walk") == "walk()"
    assert Walk(rate=2, start=(1, np.float64(0.5))).code("walk") == "walk(rate=2.0, start=(1.0, 0.5))"


@for_all(settings_of(Walk), st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_a_hand_stops_within_the_range_and_where_a_hand_has_stopped_it_stays(
    settings: Walk, across: float, up: float
) -> None:
    for name, value in {"start": (across, up), "angle": across, "steps": up, "rate": abs(up) + 1e-9}.items():
        kind = settings.kinds()[name]
        stop = kind.snapped(value, settings)
        assert kind.checked(name, stop, settings) == stop == kind.snapped(stop, settings)


def test_log_sliders_stop_at_round_numbers() -> None:
    kind = Walk().kinds()["rate"]
    assert isinstance(kind, Number)
    stops = kind.stops(Walk())
    assert (stops[0], stops[-1]) == (0.01, 100)
    assert 1.2 in stops
    assert all(float(f"{stop:.2g}") == stop for stop in stops)
    assert kind.nudged(0.5, 1, 0, Walk()) == 0.6
    assert kind.nudged(100, 1, 0, Walk()) == 100


def test_what_the_browser_is_told_is_plain_data() -> None:
    import json

    told = json.loads(json.dumps(Walk().told()))
    assert [each["name"] for each in told] == ["rate", "method", "start", "steps", "shown", "angle", "grid"]
    assert told[1]["options"] == ["GD", "SGD"]
    assert told[4]["play"] == {"stride": 4, "interval": 80, "jumps": False}
    assert told[4]["max"] == 240


def test_the_signature_and_the_documentation_come_from_the_settings() -> None:
    parameters = Walk.signature().parameters
    assert list(parameters) == list(Walk.kinds())
    assert parameters["rate"].default == 0.5
    assert "rate: γ" in Walk.documentation()
