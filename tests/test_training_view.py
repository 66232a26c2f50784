"""Runs in slices and `explore.training`: what they compute, and that a hand is never kept waiting."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hands import drag, message
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture643 import data, descent, explore
from lecture643.maths import learning
from lecture643.maths.learning import DATA, Run, Task, says_plus
from lecture643.maths.network import MLPProblem

SMALL = Task("XOR", (2, 4, 1))


def run_of(method: str, **changes: Any) -> Run:
    return Run(SMALL, **{"method": method, "rate": 0.1, "batch_size": 30, "seed": 3} | changes)


# --- training separates (must hold) -------------------------------------------------------------


def trained(data_set: data.Data, sizes: tuple[int, ...], biases: bool, rate: float, steps: int) -> Callable:
    """What an MLP says after SGD from seed 0: True for the label 1."""
    layers = ["tanh"] * (len(sizes) - 2) + ["sigmoid"]
    problem = MLPProblem(sizes, data_set.x, data_set.y, layers, biases=biases)
    path = descent.sgd(problem, problem.start(seed=0), rate=rate, steps=steps, seed=0)
    return lambda x: problem.network(path.w[-1]).predict(x) > 0.5


def test_sgd_separates_the_four_points() -> None:
    points = data.four_points()
    assert (trained(points, (2, 1), False, 0.5, 400)(points.x) == points.y).all()


@pytest.mark.parametrize("points", [data.xor(4, noise=0), data.xor(200)], ids=["truth table", "clouds"])
def test_sgd_separates_xor(points: data.Data) -> None:
    assert (trained(points, (2, 4, 1), True, 0.3, 4000)(points.x) == points.y).all()


def test_one_neuron_cannot_separate_xor() -> None:
    points = data.xor(200)
    assert (trained(points, (2, 1), True, 0.3, 4000)(points.x) == points.y).mean() < 0.8


def test_sgd_separates_two_moons_held_out_points_too() -> None:
    train, test = data.split(data.two_moons(400), held_out=0.5)
    says = trained(train, (2, 8, 1), True, 0.1, 8000)
    assert (says(train.x) == train.y).mean() >= 0.97
    assert (says(test.x) == test.y).mean() >= 0.97


# --- a run in slices ----------------------------------------------------------------------------


@given(
    st.sampled_from(["gd", "sgd", "minibatch"]),
    st.lists(st.integers(0, 40), min_size=1, max_size=5),
    st.integers(0, 5),
)
@settings(max_examples=25)
def test_an_iterate_does_not_depend_on_how_it_was_asked_for(method: str, ks: list[int], seed: int) -> None:
    patchy, straight = run_of(method, seed=seed), run_of(method, seed=seed)
    straight.reach(40)
    for k in ks:
        while patchy.reach(k, seconds=0) < k:
            pass
        (w, error, batch), (other_w, other_error, other_batch) = patchy.at(k), straight.at(k)
        assert (w == other_w).all()
        assert error == other_error == SMALL.problem.error(w)
        assert batch == other_batch


def test_gradient_descent_in_slices_is_gradient_descent() -> None:
    run = run_of("gd", rate=0.02)
    whole = descent.gradient_descent(SMALL.problem, SMALL.start(3), rate=0.02, steps=25)
    assert run.reach(25) == 25
    assert (np.array(run.w) == whole.w).all()
    assert np.allclose(run.error, whole.error, rtol=1e-12)


@pytest.mark.parametrize(("method", "size", "steps"), [("sgd", 1, 100), ("minibatch", 30, 3)])
def test_every_step_follows_the_gradients_of_its_batch(method: str, size: int, steps: int) -> None:
    run = run_of(method)
    assert run.steps == steps
    run.reach(2 * steps)
    for k in range(2 * steps - 1):
        w, _, batch = run.at(k)
        assert len(batch) == size
        expected = w - 0.1 * SMALL.problem.gradient(w, np.array(batch))
        assert np.allclose(run.at(k + 1)[0], expected, rtol=1e-12, atol=1e-15)


def test_each_epoch_draws_other_samples() -> None:
    run = run_of("sgd")
    run.reach(200)
    first, second = ([run.at(k + start)[2] for k in range(100)] for start in (0, 100))
    assert first != second


def test_a_run_that_diverges_is_over() -> None:
    run = Run(Task("two moons", (2, 16, 16, 1), "identity", "cross-entropy"), "minibatch", 10.0, 10)
    k = run.reach(2000)
    assert run.end is not None
    assert (run.end.why, run.end.k) == ("diverged", k)
    assert k < 20
    w, error, batch = run.at(k)
    assert np.isfinite(w).all()
    assert np.isfinite(error)
    assert not batch or len(batch) == 10
    assert run.reach(5000) == k


def test_a_gradient_that_underflows_to_zero_ends_gradient_descent() -> None:
    run = Run(Task("two moons", (2, 16, 16, 1), "relu"), "gd", 10.0)
    assert run.reach(200) == 1
    assert run.end == (1, "zero gradient")
    assert run.at(1)[2] == ()
    assert not run.task.problem.gradient(run.at(1)[0]).any()


@pytest.mark.parametrize("name", DATA)
def test_labels_are_signs_and_trained_as_zero_and_one(name: str) -> None:
    task = Task(name, (2, 2, 1))
    assert set(task.label) == {-1, 1}
    assert (task.problem.y[:, 0] == (task.label[: task.trained] + 1) / 2).all()
    assert (task.problem.x == task.x[: task.trained]).all()
    assert (np.abs(task.x) < task.limit).all()
    held_out = len(task.label) - task.trained
    assert held_out == (0 if name == "four points" else 100)


def test_the_threshold_divides_and_belongs_to_plus() -> None:
    assert says_plus([0.2, 0.5, 0.7], 0.5).tolist() == [False, True, True]
    assert says_plus([0.0, 1.0], 0.0).all()


def test_weights_beyond_all_sums_still_give_an_answer() -> None:
    task = Task("XOR", (2, 2, 1), "identity")
    w = task.start(0) * 0 + 1e308
    w[1::2] *= -1
    answers = task.predict(w, np.array([[[3.0, 3.0], [1.0, -3.0]]]))
    assert answers.shape == (1, 2)
    assert np.isfinite(answers).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Task("moons", (2, 1)),
        lambda: run_of("adam"),
        lambda: run_of("sgd", rate=0),
        lambda: run_of("minibatch", batch_size=101),
        lambda: explore.training(sizes=(2, 3)),
        lambda: explore.training(sizes=(3, 1)),
        lambda: explore.training(unseen=(1, 2, 3)),
        lambda: explore.training(epochs=0, shown=1),
        lambda: explore.training(method="adam"),
        lambda: explore.training(error="hinge"),
    ],
)
def test_odd_settings_are_refused_in_words(make: Callable) -> None:
    with pytest.raises(ValueError, match=r"must"):
        make()


# --- the view -----------------------------------------------------------------------------------


def test_the_table_counts_what_is_said() -> None:
    view = explore.training(shown=100, threshold=0.3)
    state, task = view.state, view.state.run.task
    answers = task.predict(state.run.at(100)[0], task.x)
    expected = []
    for label in (1, -1):
        for part in (slice(None, task.trained), slice(task.trained, None)):
            said = answers[part][task.label[part] == label] >= 0.3
            expected += [str(said.sum()), str((~said).sum())]
    assert [cell.get_text() for cell in view.cells] == expected
    assert sum(map(int, expected)) == 200


@pytest.mark.parametrize(("threshold", "sign", "other"), [(0, "+1", "−1"), (1, "−1", "+1")])
def test_a_threshold_at_an_end_says_the_same_to_all_and_the_ground_says_so(
    threshold: float, sign: str, other: str
) -> None:
    view = explore.training(shown=100)
    view.set(threshold=threshold)
    assert f"says {sign}" in view.describe()
    ground = view.inputs.shading.get_array()
    assert (ground >= 0.5).all() if sign == "+1" else (ground <= 0.5).all()
    shown = {text.get_text(): text.get_visible() for text in view.inputs.signs}
    assert shown == {sign: True, other: False}


def test_each_sign_stands_on_its_side() -> None:
    view = explore.training(shown=200, threshold=0.2)
    network = view.state.run.task.problem.network(view.state.run.at(200)[0])
    for text in view.inputs.signs:
        says_plus_here = float(network.predict(np.array(text.get_position()))) >= 0.2
        assert says_plus_here == (text.get_text() == "+1")


def test_the_map_is_what_the_network_says_there() -> None:
    view = explore.training(shown=50)
    network = view.state.run.task.problem.network(view.state.run.at(50)[0])
    across = np.linspace(-4, 4, 100)
    for row, column in ((0, 0), (31, 77), (99, 5)):
        expected = network.predict(np.array([across[column], across[row]]))
        assert view.state.map[row, column] == pytest.approx(expected, rel=1e-12)
    x, y = view.inputs.border.get_data()
    on_line = network.predict(np.column_stack([x, y])[np.isfinite(x)])
    assert len(on_line) > 50
    assert np.abs(on_line - 0.5).max() < 0.05


def test_no_points_are_held_out_of_four() -> None:
    view = explore.training(data="four points", sizes=(2, 1), biases=False, rate=0.5, shown=40)
    assert "right on 4 of 4 training samples, and says" in view.describe()
    assert len(view.right[1].get_xdata()) == 0
    assert [cell.get_text() for cell in view.cells[2:4]] == ["–", "–"]


def test_a_change_of_method_stays_at_the_epoch_and_changes_what_k_counts() -> None:
    view = explore.training(shown=300)
    for method, k in (("sgd", 3000), ("gd", 30), ("minibatch", 300)):
        view.set(method=method)
        assert view.state.k == view.controls["shown"].value == k
        assert "30 epochs" in view.describe()
    view.set(shown=77, method="sgd")
    assert view.state.k == 77
    assert view.controls["shown"].max == 20_000


def test_all_three_curves_are_of_the_same_epochs_and_are_the_runs_of_their_methods() -> None:
    view = explore.training(sizes=(2, 4, 1), method="sgd", shown=1000, curves="all")
    assert "after as many epochs" in view.describe()
    for method, curve in view.state.curves.items():
        alone = explore.training(
            sizes=(2, 4, 1), method=method, shown=10 * {"gd": 1, "sgd": 100}.get(method, 10)
        )
        assert curve.epochs[-1] == 10
        assert np.allclose(curve.error, alone.state.curves[method].error, rtol=1e-12)
        assert len(view.curves[method].get_xdata()) == len(curve.epochs)


def test_a_rate_may_fall_with_k_over_all_epochs() -> None:
    view = explore.training(sizes=(2, 4, 1), method="gd", rate=0.1, schedule="γ/(k+1)", shown=30)
    problem = view.state.run.task.problem
    w = view.state.run.task.start(0)
    for k in range(30):
        w = w - 0.1 / (k + 1) * problem.gradient(w)
    assert np.allclose(view.state.run.at(30)[0], w, rtol=1e-10)
    assert "γₖ = 0.1/(k+1)" in view.describe()


def test_a_played_tick_is_an_epoch() -> None:
    view = explore.training(method="sgd", shown=1)
    told = next(each for each in view.settings.told() if each["name"] == "shown")
    assert told["play"]["stride"] == 100
    assert len(view.state.next_batch) == len(view.inputs.next.get_xdata()) == 1
    assert "after k = 1 step, 0.01 epochs of 100 samples" in view.describe()


def test_the_unseen_point_is_dragged() -> None:
    view = explore.training(shown=100)
    drag(view, "inputs", [(0, 0), (-2.02, -3.48)])
    assert view.settings.unseen == (-2.0, -3.5)
    assert "the unseen x̂ = (−2, −3.5)" in view.describe()


def test_divergence_and_zero_gradients_are_told() -> None:
    view = explore.training(activation="identity", error="cross-entropy", rate=10, shown=2000)
    assert ", where it diverged." in view.describe()
    view.set(activation="relu", error="squared", method="gd")
    assert "where ∇E is exactly 0 and training ends" in view.describe()


def test_a_network_of_ones_own_stands_among_the_choices() -> None:
    view = explore.training(sizes=(2, 5, 1), shown=10)
    assert (2, 5, 1) in view.controls["sizes"].options
    assert view.code() == "lec.explore.training(sizes=(2, 5, 1), shown=10)"
    with pytest.raises(ValueError, match="sizes must lead from 2 inputs to 1 output"):
        view.set(sizes=(3, 1))
    with pytest.raises(ValueError, match="the number of layers must be a whole number from 1 to 10"):
        view.set(sizes=(2, *[2] * 10, 1))
    message(view, "set", values={"sizes": "2-3-3-1"})
    assert view.settings.sizes == (2, 3, 3, 1)


# --- nobody waits -------------------------------------------------------------------------------


def test_a_long_training_comes_in_slices_and_ends_where_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = explore.training(seed=1, shown=400)
    seen = []

    async def hand() -> None:
        view = explore.training(seed=2, shown=0)
        message(view, "set", values={"seed": 1, "shown": 400})
        while not seen or seen[-1] < 400:
            seen.append(view.state.k)
            if view.state.k < 400:
                assert "On the way to k = 400: Two moons" in view.describe()
            await asyncio.sleep(0.01)
        assert view.describe() == expected.describe()
        assert (view.state.map == expected.state.map).all()
        view.close()

    make_slices_short(monkeypatch)
    learning.kept_run.cache_clear()
    asyncio.run(hand())
    assert len(set(seen)) > 3, "all came at once"
    assert seen == sorted(seen)


def test_a_training_on_its_way_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    make_slices_short(monkeypatch)
    learning.kept_run.cache_clear()

    async def hand() -> None:
        view = explore.training(method="sgd", shown=0)
        message(view, "set", values={"shown": 20_000})
        await asyncio.sleep(0.05)
        message(view, "press", action="stop")
        stopped = view.state.k
        assert 0 < stopped < 20_000
        assert view.controls["shown"].value == stopped
        await asyncio.sleep(0.05)
        assert view.state.k == stopped
        assert "On the way" not in view.describe()
        view.close()

    asyncio.run(hand())


def test_what_was_trained_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    view = explore.training(shown=300)
    calls = []
    real = descent.minibatch_sgd
    monkeypatch.setattr(descent, "minibatch_sgd", lambda *args: calls.append(1) or real(*args))
    for k in (250, 20, 300):
        view.set(shown=k)
    view.set(threshold=0.2, unseen=(1, 2))
    assert len(calls) <= 3, "only the epochs that the picture stands in"


training = sys.modules["lecture643.explore.training"]


def make_slices_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "SLICE", 0.0)


def test_the_letters_of_the_ground_stand_off_the_samples() -> None:
    view = explore.training(data="XOR", sizes=(2, 4, 1), method="sgd", rate=0.5, epochs=50, shown=500)
    for text in view.inputs.signs:
        assert text.get_visible()
        assert np.abs(view.state.run.task.x - text.get_position()).max(axis=1).min() > 0.4
