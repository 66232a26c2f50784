"""The race of GD, SGD and mini-batch SGD: its walks, its answers while it runs, and what the hand can do."""

import asyncio

import numpy as np
import pytest
from hands import drag
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from lecture643 import descent, explore
from lecture643.maths import methods, race
from lecture643.maths.toy import SigmoidNeuron, four_points, points_around

SOFT = SigmoidNeuron(four_points().x, [0.9, 0.7, 0.2, 0.4])


# --- the mathematics ----------------------------------------------------------------------------


@settings(max_examples=30)
@given(
    st.sampled_from([1, 2, 9, 20, 21, 40]),
    st.floats(-3, 3),
    st.sampled_from([0.01, 0.5, 20.0]),
    st.booleans(),
)
def test_the_quick_walk_is_the_walk_of_the_methods(batch: int, at: float, rate: float, soft: bool) -> None:
    problem = points_around(SOFT if soft else four_points(), 40)
    path = descent.minibatch_sgd(problem, (at, 0.3), batch, rate=rate, steps=30, seed=4)
    w = race.neuron_walk(problem, (at, 0.3), path.rates, path.batches)
    # Step by step: over many long steps both ways of adding up would drift apart by their roundings.
    steps = [-rate * problem.gradient(w[k], batch) for k, batch in enumerate(path.batches)]
    assert_allclose(w[0], (at, 0.3))
    assert_allclose(np.diff(w, axis=0), steps, rtol=1e-9, atol=1e-9)
    if rate < 1:
        assert_allclose(w, path.w, rtol=1e-9, atol=1e-12)


def test_far_out_the_quick_walk_stands_still_and_is_finite() -> None:
    w = race.neuron_walk(four_points(), (-900.0, -900.0), np.full(3, 100.0), np.tile(np.arange(4), (3, 1)))
    assert (w == -900).all()


@pytest.mark.parametrize("size", [4, 400, 4000])
def test_e_of_many_w_at_once(size: int) -> None:
    problem = points_around(four_points(), size)
    w = np.random.default_rng(0).uniform(-3, 3, size=(30, 2))
    assert_allclose(race.errors(problem, w), problem.error(w), rtol=1e-12)


@pytest.mark.parametrize(("size", "batch"), [(4, 2), (40, 9), (400, 20), (400, 100), (400, 101)])
def test_blocks_hold_no_sample_twice_and_all_are_as_likely(size: int, batch: int) -> None:
    blocks = methods.blocks(size, batch, 300, 5)
    assert (np.diff(blocks, axis=1) > 0).all()
    assert blocks.min() >= 0
    assert blocks.max() < size
    often = np.bincount(blocks.ravel(), minlength=size) / 300
    expected = batch / size
    assert np.abs(often - expected).max() < 5 * np.sqrt(expected * (1 - expected) / 300)


def test_blocks_are_those_of_numpy_where_they_are_drawn_at_once() -> None:
    draw = np.random.default_rng(3).choice
    one_by_one = [np.sort(draw(400, 20, replace=False, shuffle=False)) for _ in range(50)]
    assert (methods.blocks(400, 20, 50, 3) == one_by_one).all()


def test_blocks_drawn_in_two_parts_are_the_same() -> None:
    for size, batch in ((4, 2), (40, 9), (400, 150)):
        draws = [np.random.default_rng(seed) for seed in (0, 1)]
        parts = [methods.draw_blocks(draws, size, batch, steps) for steps in (7, 5)]
        for i in (0, 1):
            assert (np.concatenate(parts)[:, i] == methods.blocks(size, batch, 12, i)).all()


# --- the view -----------------------------------------------------------------------------------


def test_each_method_has_the_same_budget() -> None:
    view = explore.descent(steps=30)
    paths = view.state.paths
    assert {int(path.sample_gradients[-1]) for path in paths.values()} == {120}
    expected = descent.sgd(four_points(), (0, 0), rate=0.5, steps=120, seed=0)
    assert_allclose(paths["sgd"].w, expected.w, rtol=1e-9)


def test_spending_gradients_one_by_one() -> None:
    view = explore.descent(steps=10, shown=4)
    assert view.state.shown == {"gd": 1, "sgd": 4, "minibatch": 2}
    assert len(view.lines["path", "sgd"].get_xdata()) == 5
    view.set(shown=3)
    assert view.state.shown == {"gd": 0, "sgd": 3, "minibatch": 1}
    assert len(view.lines["path", "gd"].get_xdata()) == 1


def test_it_is_played_in_about_sixty_strides() -> None:
    for samples, steps in ((4, 1), (4, 200), (400, 60), (10_000, 1)):
        view = explore.descent(samples=samples, steps=steps)
        play = next(told["play"] for told in view.settings.told() if told["name"] == "shown")
        assert 1 <= play["stride"] <= max(view.controls["shown"].max / 60, 1)


def test_it_says_which_samples_the_next_step_follows() -> None:
    view = explore.descent(shown=0, arrows="sgd")
    j = int(view.state.paths["sgd"].batches[0, 0]) + 1
    assert f"SGD's next step follows sample {j}." in view.describe()
    view.set(arrows="gd")
    assert "GD's next step follows samples 1, 2, 3, 4." in view.describe()


def test_a_walk_shown_whole_stays_whole_when_it_gets_longer() -> None:
    view = explore.descent(steps=10)
    view.set(steps=50)
    assert view.settings.shown == view.controls["shown"].max == 200
    view.set(shown=7)
    view.set(steps=60)
    assert view.settings.shown == 7


def test_a_rate_that_is_too_large_is_told_as_what_it_is() -> None:
    view = explore.descent(start=(2, 2), rate=100)
    assert "GD has taken 60 steps, E = 1, out on the plateau E → 1 at w = " in view.describe()


def test_a_rate_between_the_stops_is_taken_as_it_is() -> None:
    view = explore.descent(rate=0.37)
    assert "γₖ = 0.37 " in view.describe()
    view.set(rate=0.01234)
    assert view.settings.rate == 0.01234


def test_it_takes_other_data_and_tells_a_bad_goal() -> None:
    view = explore.descent(problem=SigmoidNeuron([[1, 2], [-1, 1], [0, 1]], [1, 0, 0.5]), goal=0.4)
    assert view.controls["samples"].options == [3, 30, 300, 3000, 7500]
    assert len(explore.descent(problem=SigmoidNeuron([[1, 2]], [1])).state.paths["minibatch"].w) == 61
    with pytest.raises(ValueError, match="goal must be a positive finite number, got 0"):
        explore.descent(goal=0)
    with pytest.raises(ValueError, match="goal must be a positive finite number"):
        view.set(goal=-1)
    assert view.settings.goal == 0.4


def test_the_start_is_dragged_and_the_cross_and_the_walks_follow() -> None:
    view = explore.descent()
    drag(view, "weights", [(0, 0), (1.02, -0.49)])
    assert view.settings.start == (1, -0.5)
    assert np.ravel(view.start.get_data()).tolist() == [1, -0.5]
    assert all((path.w[0] == (1, -0.5)).all() for path in view.state.paths.values())
    assert "from w⁰ = (1, −0.5)" in view.describe()
    drag(view, "cost", [(1, 1), (2, 2)])
    assert view.settings.start == (1, -0.5)


def test_the_arrows_are_the_gradients() -> None:
    view = explore.descent(shown=0)
    u, v = view.arrows.U, view.arrows.V
    assert u[0] / v[0] == pytest.approx(2.75 / 1.0)
    assert_allclose([u[0], v[0]], [u[1:].sum(), v[1:].sum()])


def test_of_many_samples_the_second_arrow_is_the_walks_own_step() -> None:
    view = explore.descent(samples=400, batch_size=20, arrows="minibatch", shown=60)
    path = view.state.paths["minibatch"]
    assert_allclose(view.state.arrows[1], path.w[4] - path.w[3], rtol=1e-9)
    view.set(arrows="gd")
    path = view.state.paths["gd"]
    assert_allclose(view.state.arrows[0], path.w[1] - path.w[0], rtol=1e-9)
    assert (view.state.arrows[1] == 0).all()


# --- its answers while it runs ------------------------------------------------------------------


@pytest.mark.parametrize("samples", [400, 10_000])
def test_a_long_race_is_shown_in_parts_and_each_part_is_true(samples: int) -> None:
    view = explore.descent(samples=samples, batch_size=20)
    states = list(view.states(view.settings.changed(rate=0.3)))
    last = states[-1]
    assert [state.unfinished for state in states] == [True] * (len(states) - 1) + [False]
    assert [state.spent for state in states] == sorted(state.spent for state in states)
    assert states[0].spent < last.spent == 10_000
    for state in states:
        assert f"after {state.spent} sample gradients" in view.sentence(state)
        for method, path in state.paths.items():
            assert (path.w == last.paths[method].w[: len(path.w)]).all()
            assert state.error[method] == pytest.approx(last.race.problem.error(path.w[-1]))


def test_the_hand_gets_the_first_part_at_once_and_at_rest_the_whole() -> None:
    async def move() -> None:
        view = explore.descent(samples=400)
        view.controls["rate"].value = 0.3
        assert view.state.unfinished
        view.controls["shown"].value = 9_000  # while it runs
        for _ in range(100):
            await asyncio.sleep(0.02)
            if not view.state.unfinished:
                break
        assert view.state.spent == 9_000
        assert view.describe() == view.sentence(view.compute(view.settings))
        view.controls["shown"].value = 8_000  # as when it is played: nothing has to be walked
        assert not view.state.unfinished
        view.close()

    asyncio.run(move())


def test_few_samples_are_answered_at_once() -> None:
    view = explore.descent(samples=4)
    assert [state.unfinished for state in view.states(view.settings.changed(rate=0.3, steps=200))] == [False]


def test_the_axes_seldom_change_with_the_length_of_the_walk() -> None:
    view, ends = explore.descent(), set()
    for steps in range(1, 201):
        view._fit(view.compute(view.settings.changed(steps=steps)))
        ends.add(view.axes.by_cost.get_xlim()[1])
        assert 1.3 * 4 * steps <= view.axes.by_cost.get_xlim()[1] <= 1.3 * 4 * steps * 1.42
    assert len(ends) < 20
