"""A student's own function in a view: its walk beside the true one, its training beside ours."""

import asyncio
import re
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np
import pytest
from hands import drag, message
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture643 import descent, exercises, explore
from lecture643.homework import attempt
from lecture643.homework.own_training import OwnRun
from lecture643.homework.own_walk import STEPS, Walk, parting
from lecture643.maths.learning import Run, Task
from lecture643.maths.toy import four_points

POINTS = four_points()
SMALL: dict[str, Any] = {"data": "four points", "sizes": (2, 3, 1)}
PLACES = st.tuples(*[st.floats(-4, 4)] * 2)


def climbs(w: Any, rate: Any, gradient: Any) -> Any:
    return w + rate * gradient(w)


def trains(mlp: Any, x: Any, y: Any, samples: Any, rate: Any) -> Any:
    for j in samples:
        g = mlp.backprop(x[j], y[j])
        mlp.weights = [W - rate * n for W, n in zip(mlp.weights, g.weights, strict=True)]
        mlp.biases = [b - rate * n for b, n in zip(mlp.biases, g.biases, strict=True)]
    return mlp


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "SECONDS", 0.3)


# --- the walk -----------------------------------------------------------------------------------


@given(PLACES, st.floats(0.01, 100), st.integers(0, 40), st.integers(0, 50))
@settings(max_examples=25)
def test_the_true_walks_are_those_of_the_package(
    start: tuple[float, float], rate: float, k: int, seed: int
) -> None:
    gd = descent.gradient_descent(POINTS, start, rate, k)
    assert np.allclose(Walk("gd_step", POINTS, start, rate, k).true()[: len(gd.w)], gd.w)
    sgd = descent.sgd(POINTS, start, rate, k, seed)
    assert np.allclose(Walk("sgd_step", POINTS, start, rate, k, seed).true(), sgd.w)
    error = POINTS.error(Walk("halved_step", POINTS, start, rate, k).true())
    assert (np.diff(error) < 0).all()


@given(PLACES, st.floats(0.01, 100), st.sampled_from(sorted(STEPS)))
@settings(max_examples=25)
def test_the_reference_walks_the_true_walk_wherever_it_begins(
    start: tuple[float, float], rate: float, name: str
) -> None:
    walk = Walk(name, POINTS, start, rate, 30)
    own = walk.own(STEPS[name])
    assert (own.w == walk.true()).all()
    assert not own.trouble
    assert not own.in_place


def test_they_part_where_the_function_first_does_otherwise() -> None:
    calls = count(1)

    def stumbles(w: Any, rate: Any, gradient: Any) -> Any:
        return w - rate * gradient(w) * (1 if next(calls) < 3 else 0.5)

    view = explore.own_walk(gd_step=stumbles)
    assert view.state.parts == 3
    assert "they part at k = 3, where yours is at w = " in view.describe()
    own, true = view.state.own.w, view.state.true
    assert (own[:3] == true[:3]).all()
    assert not np.allclose(own[3], true[3])
    for ring in view.rings:
        assert len(ring.get_xdata()) == 1


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_right_step_walks_along_and_the_sentence_says_so(name: str) -> None:
    view = explore.own_walk(**{name: STEPS[name]})
    assert view.state.parts is None
    assert "your walk is the true one for 20 steps" in view.describe()
    assert view.code() == f"lec.explore.own_walk({name}={name})"
    assert all(len(ring.get_xdata()) == 0 for ring in view.rings)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_the_slips_of_the_homework_part_from_the_true_walk(name: str) -> None:
    """At the starts at which a reply points, wherever the slip gives a w at all."""
    exercise = exercises.all()[name.upper()]
    for words, wrong in exercise.slips:
        place = exercise.judge(wrong).place
        if place:
            view = explore.own_walk(**{name: wrong}, **place.settings)
            assert view.state.parts == 1, words
            view.close()


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            lambda w, rate, g: ...,
            "your gd_step still returns the three dots, so this is the true walk alone.",
        ),
        (lambda w, rate, g: None, "leads nowhere, so this is the true walk alone."),
        (lambda w, rate, g: None, "What is wrong: your function returns nothing: is there a return"),
        (lambda w, rate, g: print(w), "your function"),
        (lambda w, rate, g: 3, "your function should return the new w, an array of two numbers."),
        (lambda w, rate, g: [[1, 2]], "your function should return the new w, an array of two numbers."),
        (lambda w, rate, g: "w", "the answer should be numbers, yours is 'w'."),
        (lambda w, rate, g: w * np.nan, "component 1 of your answer is nan"),
        (lambda w, rate, g: w[7], "your function stopped with IndexError: index 7 is out of bounds"),
        (lambda w, rate: w, "your function takes 2 arguments (w and rate), but it should take 3"),
        (lambda w, rate, g: 1e9 * (1 + abs(w)), "Your walk ends at k = 11: there w grows beyond all bounds."),
        (lambda w, rate, g: w.__isub__(rate * g(w)), "Your function changes w in place; work on a copy"),
    ],
)
def test_each_fault_is_told_in_words(
    step: Callable[..., Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    view = explore.own_walk(gd_step=step)
    assert told in view.describe()
    assert view._failure == ""
    assert "Traceback" not in view.describe()
    assert view.live.picture()
    assert np.allclose(view.state.true[1], (-1.375, -0.5))
    assert capsys.readouterr().out == ""


def test_a_fault_on_the_way_ends_the_walk_there() -> None:
    def late(w: Any, rate: Any, gradient: Any) -> Any:
        if w[0] < -1.6:
            raise RuntimeError("far enough")
        return w - rate * gradient(w)

    view = explore.own_walk(gd_step=late)
    told = view.describe()
    assert "your walk is the true one for 4 steps." in told
    assert re.search(
        r"Your walk ends at k = 4: your function stopped with RuntimeError: far enough, in", told
    )
    assert len(view.lines["weights", "own"].get_xdata()) == 5
    assert len(view.lines["weights", "true"].get_xdata()) == 21


@pytest.mark.usefixtures("impatient")
def test_a_loop_without_an_end_is_waited_for_once() -> None:
    def endless(w: Any, rate: Any, gradient: Any) -> Any:
        while True:
            pass

    view = explore.own_walk(gd_step=endless)
    assert "your function did not end within 0.3 seconds, in line " in view.describe()
    begun = time.monotonic()
    for x in np.linspace(-3, 3, 20):
        view.set(start=(x, 0))
    assert time.monotonic() - begun < 20 * 0.3
    assert "did not end before, so it is not called again" in view.describe()


def test_where_no_halving_finds_a_lower_e_the_walk_ends_and_nobody_loops() -> None:
    view = explore.own_walk(halved_step=exercises.halved_step, start=(4, 4))
    assert "after 0 steps, E = 3, where no halving finds a lower E." in view.describe()
    assert not view.state.own.trouble


def test_the_start_is_dragged_and_k_is_played() -> None:
    view = explore.own_walk(gd_step=climbs)
    drag(view, "weights", [(0, 0), (2, 1)])
    assert view.settings.start == (2, 1)
    assert "from w⁰ = (2, 1)" in view.describe()
    message(view, "set", values={"shown": 0})
    assert view.describe().startswith("GD, γ = 0.5, from w⁰ = (2, 1): both begin here.")


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({"gd_step": 3}, "gd_step must be the function itself, its name without brackets, got 3"),
        ({"gd_step": climbs, "sgd_step": climbs}, "only one of gd_step, halved_step, sgd_step can be given"),
        ({"gd_step": climbs, "method": "sgd_step"}, "method must be one of gd_step, got 'sgd_step'"),
    ],
)
def test_what_cannot_be_is_refused(given_: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        explore.own_walk(**given_)


def test_rounding_is_no_parting() -> None:
    w = np.ones((5, 2))
    assert parting(w, w * (1 + 1e-9)) is None
    assert parting(w, w[:3] * (1 + 1e-9)) is None
    assert parting(w, w * (1 + 1e-4 * np.arange(5))[:, np.newaxis]) == 1


# --- the training -------------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["four points", "two moons"])
def test_a_right_loop_trains_the_very_network_that_ours_does(data: str) -> None:
    view = explore.training(train=trains, data=data, sizes=(2, 8, 1), shown=150)
    ours = explore.training(method="sgd", data=data, sizes=(2, 8, 1), shown=150)
    assert view.settings.method == "yours"
    assert np.allclose(view.state.run.at(150)[0], ours.state.run.at(150)[0], rtol=1e-9)
    assert np.allclose(view.state.map, ours.state.map)
    assert view.state.next_batch == ours.state.next_batch
    told = view.describe()
    assert "your function with γ = 0.1: after k = 150 steps" in told
    assert "Yours and our SGD train the same network, step by step." in told
    assert view.code().startswith("lec.explore.training(train=trains, ")


def test_a_slip_parts_from_ours_and_both_curves_are_drawn() -> None:
    biases_stay = dict(exercises.TRAINING_LOOP.slips)["the biases have not moved; they have gradients, too."]
    view = explore.training(train=biases_stay, **SMALL, shown=200)
    assert view.state.parts == 1
    assert "Yours and our SGD take the same samples, and part in epoch 1." in view.describe()
    for method in ("yours", "sgd"):
        assert len(view.curves[method].get_xdata()) > 2
    assert len(view.curves["gd"].get_xdata()) == 0
    view.set(curves="all")
    assert len(view.curves["gd"].get_xdata()) > 2
    view.set(method="gd", curves="one")
    assert view.state.own is None


@pytest.mark.parametrize(
    ("train", "told"),
    [
        (lambda mlp, x, y, samples, rate: ..., "Your function still returns the three dots, so this is ours"),
        (
            lambda mlp, x, y, samples, rate: mlp.weights,
            "what is wrong: your function should return the trained",
        ),
        (lambda mlp, x, y, samples, rate: None, "your function returns nothing: is there a return in every"),
        (lambda mlp, x, y, samples, rate: 1 / 0, "your function stopped with ZeroDivisionError"),
        (
            lambda mlp, x: mlp,
            "takes 2 arguments (mlp and x), but it should take 5: mlp, x, y, samples and rate",
        ),
        (
            lambda mlp, x, y, samples, rate: type(mlp)([np.ones((1, 2))]),
            "the network that comes back has other sizes than the one handed over.",
        ),
    ],
)
def test_a_function_that_does_not_train_leaves_ours_alone(train: Callable[..., Any], told: str) -> None:
    view = explore.training(train=train, **SMALL, shown=40)
    assert told in view.describe()
    assert "SGD with γ = 0.1: after k = 40 steps, 10 epochs" in view.describe()
    assert view._failure == ""
    assert view.live.picture()


def test_a_fault_in_a_later_epoch_ends_the_training_there() -> None:
    epochs = count(1)

    def late(mlp: Any, x: Any, y: Any, samples: Any, rate: Any) -> Any:
        if next(epochs) > 3:
            raise RuntimeError("enough")
        return trains(mlp, x, y, samples, rate)

    view = explore.training(train=late, **SMALL, shown=40)
    assert view.state.k == 12
    assert "after k = 12 steps, 3 epochs of 4 samples" in view.describe()
    assert "where it ends" in view.describe()
    assert "In epoch 4 your function stopped with RuntimeError: enough, in line 3 of late" in view.describe()


@pytest.mark.usefixtures("impatient")
def test_a_training_without_an_end_is_waited_for_once() -> None:
    def endless(mlp: Any, x: Any, y: Any, samples: Any, rate: Any) -> Any:
        while True:
            mlp.backprop(x[0], y[0])

    view = explore.training(train=endless, **SMALL, shown=8)
    assert "did not end within 0.3 seconds" in view.describe()
    begun = time.monotonic()
    for seed in range(1, 11):
        view.set(seed=seed)
    assert time.monotonic() - begun < 10 * 0.3
    assert "it is not called again" in view.describe()


def test_it_is_handed_copies_and_an_epoch_at_a_time() -> None:
    handed: list[list[int]] = []

    def spoils(mlp: Any, x: Any, y: Any, samples: Any, rate: Any) -> Any:
        handed.append(list(samples))
        new = trains(mlp, x.copy(), y.copy(), samples, rate)
        x[:], y[:] = 0, 0
        samples.clear()
        return new

    task = Task("two moons", (2, 3, 1))
    run, ours = OwnRun(task, spoils, 0.1, seed=4), Run(task, "sgd", 0.1, seed=4)
    run.reach(300)
    ours.reach(300)
    assert [len(samples) for samples in handed] == [100, 100, 100]
    assert np.allclose(run.w[-1], ours.w[-1], rtol=1e-9)
    assert run.at(250)[2] == ours.at(250)[2]
    assert np.allclose(run.at(250)[0], ours.at(250)[0], rtol=1e-9)


def test_in_a_notebook_it_trains_in_slices_while_the_hand_is_free() -> None:
    states: list[int] = []

    async def watch() -> None:
        view = explore.training(train=trains, sizes=(2, 8, 1), shown=0)
        message(view, "set", values={"shown": 1500})
        while view.state.k < 1500:
            states.append(view.state.k)
            await asyncio.sleep(0.001)
        assert view.state.unfinished is False
        view.close()

    asyncio.run(watch())
    assert len(set(states)) > 4
    assert states == sorted(states)


def test_the_newest_function_trains_in_the_open_view() -> None:
    view = explore.training(train=lambda mlp, x, y, samples, rate: ..., **SMALL, shown=40)
    assert "three dots" in view.describe()
    exercises.TRAINING_LOOP.check(trains)
    assert "Yours and our SGD train the same network" in view.describe()
