"""Every claim of notebook 04 and its activities about what a view or a cell shows, quoted in its test.

That predictions have answers and goals are reached is checked in test_tasks.py.

What is claimed is recomputed here with numpy alone, from the slides' formulas.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from claims import lesson_text
from hands import message
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from lecture643 import descent, explore, lesson, logbook, toy
from lecture643.live import View
from lecture643.maths import crowd, methods
from lecture643.maths.race import neuron_walk
from lecture643.picture import draw

X = np.array([[-3.0, -3], [-2, -2], [4, 4], [2, -5]])
Y = np.array([1.0, 1, 0, 0])
SOFT = np.array([0.8, 0.8, 0.2, 0.2])
SEEDS = range(51)  # all that the slider has
NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "04_stochastic_gradient_descent.ipynb"
CELLS = "\n".join(cell.source for cell in nbformat.read(NOTEBOOK, 4).cells)
TEXT = " ".join(CELLS.split()) + lesson_text("stochastic")


def predicted(w: NDArray, x: NDArray) -> NDArray:
    """ŷ of every sample."""
    return 1 / (1 + np.exp(np.minimum(-(x @ w), 700)))


def pulls(w: NDArray, x: NDArray = X, y: NDArray = Y) -> NDArray:
    """∇eⁱ of every sample, by the slide's formula with a = ŷ: 2 (a − y) a (1 − a) x."""
    a = predicted(w, x)
    return (2 * (a - y) * a * (1 - a))[:, np.newaxis] * x


def error(w: NDArray, x: NDArray = X, y: NDArray = Y) -> float:
    return float(((y - predicted(w, x)) ** 2).sum())


def walk(rates: NDArray, batches: NDArray, x: NDArray = X, y: NDArray = Y, start: tuple = (0, 0)) -> NDArray:
    """w^{k+1} = w^k − γ_k Σ_{j∈B_k} ∇eʲ(w^k)."""
    w = [np.array(start, dtype=float)]
    for rate, batch in zip(rates, batches, strict=True):
        w.append(w[-1] - rate * pulls(w[-1], x[batch], y[batch]).sum(axis=0))
    return np.array(w)


def race(**settings: object) -> Any:
    return explore.descent(start=(0, 0), rate=0.5, **settings)


def quoted(*words: str) -> None:
    """The notebook still says so: a claim that is reworded needs its test reworded."""
    for part in words:
        assert " ".join(part.split()) in TEXT, part


def answered(name: str) -> Any:
    """The view of an activity, after its answer was shown."""
    logbook.clear()
    view = lesson.activities[name]()
    message(view, "task", act="commit", guess=None)
    return view


def because(name: str, option: int = 0) -> str:
    """What is said then."""
    return answered(name).stage.tasks["prediction"]["because"][option]


def state(view: View[Any, Any], **values: object) -> Any:
    """What the view would show, without a picture of it."""
    *_, last = view.states(view.settings.changed(**values))
    return last


def ends(view: View[Any, Any]) -> dict[str, float]:
    return view.state.error


def stops(view: View[Any, Any]) -> list[float]:
    """Where the slider of γ stops."""
    return view.controls["rate"].kind.stops(view.settings)


# --- the steps ----------------------------------------------------------------------------------


def test_the_views_walks_are_the_slides_formulas() -> None:
    paths = race(steps=40).state.paths
    draws = np.random.default_rng(0).integers(4, size=(160, 1))
    assert_allclose(paths["sgd"].w, walk(np.full(160, 0.5), draws), rtol=1e-9)
    assert_allclose(paths["gd"].w, walk(np.full(40, 0.5), np.tile(np.arange(4), (40, 1))), rtol=1e-9)
    assert_allclose(paths["minibatch"].w, walk(np.full(80, 0.5), paths["minibatch"].batches), rtol=1e-9)
    assert_allclose(paths["sgd"].error, [error(w) for w in paths["sgd"].w], rtol=1e-9)


@pytest.mark.parametrize(("size", "batch"), [(4, 1), (4, 2), (40, 7), (400, 20), (400, 21), (400, 400)])
def test_the_quick_walk_is_the_walk_of_the_methods(size: int, batch: int) -> None:
    problem = toy.points_around(toy.four_points(), size)
    path = descent.minibatch_sgd(problem, (0.3, -0.2), batch, rate=descent.harmonic, steps=50, seed=4)
    quick = neuron_walk(problem, (0.3, -0.2), path.rates, path.batches)
    assert_allclose(quick, path.w, rtol=1e-9)


def test_many_runs_of_minibatch_sgd_are_the_runs_of_the_method() -> None:
    runs = crowd.sgd_runs(toy.four_points(), (1, 0), descent.harmonic, 60, [3, 8], batch_size=2)
    for i, seed in enumerate((3, 8)):
        alone = descent.minibatch_sgd(toy.four_points(), (1, 0), 2, descent.harmonic, steps=60, seed=seed)
        assert_allclose(runs[:, i], alone.w, rtol=1e-9)


def test_the_dark_arrow_is_the_sum_of_the_four_others() -> None:
    quoted("The dark arrow is the sum of the four others")
    for shown in (0, 1, 2, 9):
        arrows = race(shown=shown, arrows="sgd").state.arrows
        assert_allclose(arrows[0], arrows[1:].sum(axis=0))


def test_arrows_drawn_to_scale_each_ends_where_that_step_would() -> None:
    quoted("drawn to scale", "SGD goes to the tip of the arrow of sample 4")
    for schedule, factor in (("γ", 1.0), ("γ/√(k+1)", 3**-0.5), ("γ/(k+1)", 1 / 3)):
        view = race(shown=2, arrows="sgd", schedule=schedule)
        (j,) = view.state.next_batch
        at = view.state.paths["sgd"].w[2]
        assert_allclose(view.state.arrows[1:], -0.5 * factor * pulls(at), atol=1e-12)
        assert f"SGD's next step follows sample {j + 1}." in view.describe()
        tip = np.ravel(view.tips[j].get_data())
        assert_allclose([view.arrows.U[j + 1], view.arrows.V[j + 1]], view.state.arrows[j + 1])
        view.set(shown=3)
        assert_allclose(view.state.paths["sgd"].w[3], tip)


def test_the_marker_at_the_tip_says_which_sample_it_is_and_the_legend_too() -> None:
    quoted("the marker at the tip says which sample it is")
    view = race(shown=0, arrows="sgd")
    assert [tip.get_marker() for tip in view.tips] == [look.marker for look in draw.POINTS]
    assert all(len(tip.get_xdata()) == 1 for tip in view.tips)
    handles = view.axes.weights.get_legend().legend_handles
    assert [handle.get_marker() for handle in handles] == [">", *(look.marker for look in draw.POINTS)]
    texts = [text.get_text() for text in view.axes.weights.get_legend().get_texts()]
    assert texts == [r"$-\gamma_k\nabla E$", r"$-\gamma_k\nabla e^1$", "$2$", "$3$", "$4$"]


def test_the_first_step_goes_straight_against_x4() -> None:
    quoted(
        "Its steps are still too short to be seen.",
        "The step is −γ∇e⁴ = …, straight against x⁴.",
        "For y⁴ = 0 the output ŷ⁴ = σ(w·x⁴) should fall, and so w·x⁴ should.",
    )
    view = lesson.one_arrow()
    assert "SGD's next step follows sample 4. All arrows are too short to be seen." in view.describe()
    step = -0.5 * pulls(np.zeros(2))[3]
    truth = answered("one_arrow").stage.tasks["prediction"]["truth"][0]
    assert truth == pytest.approx(np.degrees(np.arctan2(step[1], step[0])))
    assert step @ X[3] == pytest.approx(-np.linalg.norm(step) * np.linalg.norm(X[3]))
    assert f"The step is −γ∇e⁴ = {draw.vector(step)}, straight" in because("one_arrow")
    before, after = predicted(np.zeros(2), X)[3], predicted(step, X)[3]
    assert after < before


def test_the_first_step_of_sgd_goes_uphill() -> None:
    quoted("SGD goes to the tip of the arrow of sample 4, and $E$ *rises* from 1 to 1.7")
    view = answered("one_arrow")
    view.set(shown=1)
    assert error(-0.5 * pulls(np.zeros(2))[3]) == pytest.approx(1.7, abs=0.01)
    assert "SGD has taken 1 step, E = 1.7 (E rose in 1 of them)" in view.describe()


def test_a_sample_pulls_near_its_own_line_and_hardly_far_from_it_whether_right_or_wrong() -> None:
    quoted(
        "A sample pulls near its own line w·xⁱ = 0.",
        "Far from it φ′ is nearly 0, whether the sample is right or wrong.",
    )
    quoted("A sample hardly pulls where its ŷ is nearly 0 or 1.")
    for i in range(4):
        along = X[i] / np.linalg.norm(X[i])
        length = {z: np.linalg.norm(pulls(z / np.linalg.norm(X[i]) * along)[i]) for z in (-12, 0, 12)}
        assert max(length[-12], length[12]) < 1e-4 * length[0]


def test_samples_1_2_and_3_always_point_along_minus_1_minus_1() -> None:
    quoted("Their arrows always point along $(-1,-1)$")
    for w in np.random.default_rng(0).uniform(-3, 3, size=(200, 2)):
        arrows = -pulls(w)[:3]
        assert (arrows < 0).all()
        assert_allclose(arrows[:, 0], arrows[:, 1])


# --- the race on four samples -------------------------------------------------------------------


def test_gd_ends_lowest_whichever_seed() -> None:
    quoted("lower than either of the others.", "with blocks of two it ends at ….")
    view = race(steps=40, goal=0.002)
    for seed in SEEDS:
        now = state(view, seed=seed)
        assert "Lowest now: GD." in view.sentence(now)
        assert min(now.error["sgd"], now.error["minibatch"]) > now.error["gd"]
    for option, method in enumerate(("gd", "sgd", "minibatch")):
        assert draw.number(ends(view)[method]) in because("race", option)


def test_gds_e_falls_in_every_step_while_sgds_rises_now_and_then() -> None:
    quoted("GD's $E$ falls in every step. SGD's path staggers, and its $E$ rises now and then.")
    paths = race(steps=40).state.paths
    assert (np.diff([error(w) for w in paths["gd"].w]) < 0).all()
    rises = int((np.diff([error(w) for w in paths["sgd"].w]) > 0).sum())
    assert rises > 0
    assert f"(E rose in {rises} of them)" in race(steps=40).describe()


def test_sgd_is_ahead_at_the_very_beginning_and_from_8_on_gd_is_lowest() -> None:
    quoted(
        "SGD is ahead at the very beginning: after 4 sample gradients it is at …, GD at ….",
        "From 8 on GD is lowest.",
    )
    paths = race(steps=40).state.paths
    errors = {m: np.array([error(w) for w in path.w]) for m, path in paths.items()}
    told = f"it is at {draw.number(errors['sgd'][4])}, GD at {draw.number(errors['gd'][1])}."
    assert told in because("race", 1)
    assert errors["sgd"][4] < errors["gd"][1]
    for spent in range(8, 161):
        gd, sgd, blocks = errors["gd"][spent // 4], errors["sgd"][spent], errors["minibatch"][spent // 2]
        assert gd < min(sgd, blocks)


def test_batch_size_4_takes_exactly_gds_steps_and_another_seed_moves_gd_never() -> None:
    quoted("takes exactly GD's steps")
    view = race(steps=40, batch_size=4)
    assert (view.state.paths["minibatch"].w == view.state.paths["gd"].w).all()
    view.set(batch_size=2)
    before = view.state.paths
    view.set(seed=1)
    assert (view.state.paths["gd"].w == before["gd"].w).all()
    for method in ("sgd", "minibatch"):
        assert (view.state.paths[method].w != before[method].w).any()


@pytest.mark.parametrize(("rate", "method", "seed"), [(2, "minibatch", 9), (5, "sgd", 4)])
def test_a_larger_gamma_ends_on_the_plateau_1_with_some_seeds(rate: float, method: str, seed: int) -> None:
    quoted("With γ = 2 some seeds do it, with γ = 5 more of them.")
    view = race(steps=40, seed=seed)
    assert "plateau" not in view.describe()
    view.set(rate=rate)
    path = view.state.paths[method]
    assert error(path.w[-1]) == pytest.approx(1, abs=2e-3)
    assert f"{draw.METHODS[method].name} has taken" in view.describe()
    assert "out on the plateau E → 1 at w = " in view.describe()
    view.set(seed=0)
    assert ends(view)[method] < 0.01


def test_no_seed_ends_on_a_plateau_at_the_start() -> None:
    view = race(steps=40)
    for seed in SEEDS:
        assert max(state(view, seed=seed).error.values()) < 0.01


def test_the_larger_gamma_the_more_seeds_end_on_a_plateau_and_there_every_gradient_is_nearly_0() -> None:
    quoted("Out there every gradient is nearly 0, and the walk stays.")
    quoted("At twice the γ they are a gamble already.")
    thrown = {}
    for rate in (0.5, 2, 5):
        states = [state(race(steps=40), rate=rate, seed=seed) for seed in SEEDS]
        out = [[m for m in ("sgd", "minibatch") if now.error[m] > 0.9] for now in states]
        thrown[rate] = sum(map(bool, out))
        for now, methods_out in zip(states, out, strict=True):
            for method in methods_out:
                assert np.linalg.norm(pulls(now.paths[method].w[-1]), axis=1).max() < 0.05
    assert 0 == thrown[0.5] < thrown[2] < thrown[5]


def test_a_start_on_a_plateau_is_told_as_such() -> None:
    view = explore.descent(start=(0, -3), shown=0)
    assert "GD has taken 0 steps, E = 1, out on the plateau E → 1 at w = (0, −3)" in view.describe()
    assert "after 0 sample gradients" in view.describe()
    view.set(shown=1)
    assert "after 1 sample gradient:" in view.describe()


# --- the race on 400 samples --------------------------------------------------------------------

MANY = {"samples": 400, "batch_size": 20, "steps": 10, "goal": 0.3}


def test_400_samples_100_drawn_around_each_of_the_four_points() -> None:
    quoted("100 drawn around each of the four points")
    problem = race(**MANY).state.race.problem
    nearest = np.linalg.norm(problem.x[:, np.newaxis] - X, axis=2).argmin(axis=1)
    assert problem.size == 400
    for i in range(4):
        own = problem.x[i::4]
        assert len(own) == 100
        assert_allclose(own.mean(axis=0), X[i], atol=0.2)
        assert (problem.y[i::4] == Y[i]).all()
    assert (nearest == np.arange(400) % 4).mean() > 0.9


def test_the_sum_of_400_gradients_is_about_a_hundred_times_as_long_as_the_sum_of_four() -> None:
    quoted("about a hundred times as long as the sum of four")
    problem = race(**MANY).state.race.problem
    many = pulls(np.zeros(2), problem.x, problem.y).sum(axis=0)
    assert np.linalg.norm(many) / np.linalg.norm(pulls(np.zeros(2)).sum(axis=0)) == pytest.approx(
        100, rel=0.1
    )


def test_gd_steps_with_4_400_gamma_and_a_block_of_20_with_4_20() -> None:
    quoted("GD steps with $\\frac{4}{400}\\gamma$, and a block of 20 samples with $\\frac{4}{20}\\gamma$")
    view = race(**MANY)
    problem, paths = view.state.race.problem, view.state.paths
    for method, share in (("gd", 4 / 400), ("sgd", 1), ("minibatch", 4 / 20)):
        path = paths[method]
        steps = min(len(path.batches), 300)
        again = walk(np.full(steps, 0.5 * share), path.batches[:steps], problem.x, problem.y)
        assert_allclose(path.w[: steps + 1], again, rtol=1e-9)
    assert "(4/400 of it for GD, 4/20 for the mini-batch)" in view.describe()


def test_when_gd_takes_its_first_step_sgd_is_far_below() -> None:
    quoted(
        "and E begins at 100. GD adds up all 400 gradients before its first step.",
        "GD takes its first step and comes to …. SGD has taken 400 steps and is at ….",
    )
    assert lesson.many().state.error["gd"] == pytest.approx(100)
    view = race(**MANY, shown=399)
    assert ends(view)["gd"] == pytest.approx(100)
    view.set(shown=400)
    problem = view.state.race.problem
    draws = np.random.default_rng(0).integers(400, size=(400, 1))
    sgd = error(walk(np.full(400, 0.5), draws, problem.x, problem.y)[-1], problem.x, problem.y)
    gd = error(-0.5 * 4 / 400 * pulls(np.zeros(2), problem.x, problem.y).sum(axis=0), problem.x, problem.y)
    assert f"comes to {draw.number(gd)}. SGD has taken 400 steps and is at {draw.number(sgd)}." in because(
        "many"
    )


def test_the_points_around_one_of_the_four_pull_nearly_in_the_same_direction() -> None:
    quoted("The 100 samples around each of the four points pull nearly the same way")
    problem = race(**MANY).state.race.problem
    arrows = -pulls(np.zeros(2), problem.x, problem.y)
    unit = arrows / np.linalg.norm(arrows, axis=1)[:, np.newaxis]
    for i in range(4):
        mean = unit[i::4].mean(axis=0)
        assert np.linalg.norm(mean) > 0.95  # the mean cosine with their common direction


def test_after_4000_sample_gradients_sgd_is_lowest_and_gd_last_with_every_seed() -> None:
    quoted("With every seed and γ = 0.5 it ends last")
    view = race(**MANY)
    assert view.state.spent == 4000
    for seed in SEEDS:
        now = state(view, seed=seed).error
        assert now["sgd"] < now["minibatch"] < now["gd"]


def test_no_gamma_of_the_slider_takes_gd_as_low_as_sgd_is_at_one_half() -> None:
    quoted("no γ of the slider takes it as low as SGD is at γ = 0.5")
    view = race(**MANY)
    sgd, problem = ends(view)["sgd"], view.state.race.problem
    for rate in stops(view):
        steps = np.full(10, rate * 4 / 400)
        end = walk(steps, np.tile(np.arange(400), (10, 1)), problem.x, problem.y)[-1]
        assert error(end, problem.x, problem.y) > 3 * sgd
        path = view.settings.changed(rate=rate).race.walk("gd", 400, 0, spent=4000)
        assert_allclose(path.error[-1], error(end, problem.x, problem.y), rtol=1e-6)


def test_10_000_samples_gd_takes_one_step_in_the_whole_race() -> None:
    quoted("GD takes one step in the whole race")
    view = race(**MANY)
    view.set(samples=10_000)
    assert "after 10000 sample gradients: GD has taken 1 step," in view.describe()
    assert view.controls["shown"].max == view.state.spent == 10_000
    assert ends(view)["sgd"] < 0.01 * ends(view)["gd"]


def test_of_many_samples_e_is_told_where_the_walk_is() -> None:
    view = race(samples=4000, shown=777)
    problem, path = view.state.race.problem, view.state.paths["sgd"]
    assert ends(view)["sgd"] == pytest.approx(error(path.w[777], problem.x, problem.y))
    assert_allclose(view.lines["cost", "sgd"].get_xdata()[-1], 777)
    assert_allclose(view.lines["cost", "sgd"].get_ydata()[-1], ends(view)["sgd"])
    picked = path.recorded[5]
    assert path.error[5] == pytest.approx(error(path.w[picked], problem.x, problem.y))


def test_the_ends_of_the_sliders_follow_the_number_of_samples() -> None:
    view = race(steps=10)
    view.set(samples=400)
    assert view.controls["batch_size"].max == 400
    assert view.state.spent == 4000
    view.set(batch_size=300)
    view.set(samples=4)
    assert view.controls["batch_size"].value == 4
    assert view.state.spent == 40


def test_gd_is_the_hard_one() -> None:
    quoted("GD is the hard one.")
    view = race(**MANY)
    assert "Below the goal 0.3: SGD and mini-batch SGD." in view.describe()
    assert ends(view)["gd"] > 0.3
    view.set(rate=1)
    assert "Below the goal 0.3: all three." in view.describe()
    problem = view.state.race.problem
    assert max(error(p.w[-1], problem.x, problem.y) for p in view.state.paths.values()) < 0.3


# --- the learning rates -------------------------------------------------------------------------


def test_for_twice_the_distance_about_the_square_of_the_number_of_steps() -> None:
    quoted("it grows like ln k: for twice the distance one needs about the square of the number of steps")
    quoted("With the constant γₖ = 1 the sum Σγₖ gets to 10,000 in 10,000 steps")
    assert lesson.sums().state.sums[0][-1] == 10_000
    harmonic = np.cumsum(1 / np.arange(1.0, 100_001))
    assert because("sums").startswith(f"Only to {draw.number(harmonic[9_999])}.")
    assert (harmonic - np.log(np.arange(1.0, 100_001)) < 1.01).all()
    for k in (30, 100, 300):
        assert harmonic[k * k - 1] / harmonic[k - 1] == pytest.approx(2, rel=0.1)


def test_both_hold_for_p_above_one_half_up_to_1_and_c_changes_neither() -> None:
    quoted("Both conditions hold for $\\frac12<p\\le 1$", "The factor $c$ changes neither")
    view = explore.schedule(data="soft")
    for p, both in ((0, False), (0.5, False), (0.55, True), (1, True), (1.05, False)):
        for c in (0.1, 5):
            first = next(view.states(view.settings.changed(p=p, c=c)))  # the sums need no runs
            assert ("both conditions hold" in view.sentence(first)) == both


@lru_cache
def soft_runs(
    c: float, p: float, start: tuple, steps: int = 10_000, seeds: int = 50, batch: int = 1
) -> NDArray:
    """The iterates of all seeds on the soft labels."""
    return runs(SOFT, c, p, start, steps, seeds, batch)


def runs(
    labels: NDArray, c: float, p: float, start: tuple, steps: int, seeds: int, batch: int = 1
) -> NDArray:
    """The iterates of all seeds, a step of all at once: (steps + 1, seeds, 2)."""
    draws = [
        np.random.default_rng(s).integers(4, size=(steps, 1))
        if batch == 1
        else methods.blocks(4, batch, steps, s)
        for s in range(seeds)
    ]
    draws = np.stack(draws, axis=1)
    w = np.empty((steps + 1, seeds, 2))
    w[0] = start
    for k in range(steps):
        x, y = X[draws[k]], labels[draws[k]]
        a = 1 / (1 + np.exp(-(x * w[k][:, np.newaxis]).sum(axis=-1)))
        w[k + 1] = w[k] - c / (k + 1) ** p * ((2 * (a - y) * a * (1 - a))[..., np.newaxis] * x).sum(axis=1)
    return w


def lowest_soft() -> NDArray:
    """The w with E = E* on the soft labels, by Newton's method on ∇E = 0 with a difference quotient."""
    w = np.array([-0.5, 0.05])
    for _ in range(60):
        jacobian = np.column_stack(
            [
                (pulls(w + h, y=SOFT).sum(axis=0) - pulls(w - h, y=SOFT).sum(axis=0)) / 2e-6
                for h in 1e-6 * np.eye(2)
            ]
        )
        w = w - np.linalg.solve(jacobian, pulls(w, y=SOFT).sum(axis=0))
    return w


def mean_gap(w: NDArray) -> NDArray:
    """The mean over the seeds of E − E*: (k, seeds, 2) -> (k,)."""
    a = 1 / (1 + np.exp(-(w @ X.T)))
    return ((SOFT - a) ** 2).sum(axis=-1).mean(axis=-1) - error(lowest_soft(), y=SOFT)


def test_samples_2_and_3_pull_in_opposite_directions_at_the_minimum() -> None:
    quoted(
        "There samples 2 and 3 still pull in opposite directions", "only the *sum* of their gradients is 0"
    )
    rows = pulls(lowest_soft(), y=SOFT)
    assert_allclose(rows.sum(axis=0), 0, atol=1e-12)
    assert rows[1] @ rows[2] < -0.99 * np.linalg.norm(rows[1]) * np.linalg.norm(rows[2])
    assert min(np.linalg.norm(rows[1]), np.linalg.norm(rows[2])) > 0.05


def test_with_the_constant_rate_every_seed_stays_near_the_minimum_and_the_mean_has_a_floor() -> None:
    quoted(
        "Every seed is near the minimum after fifty steps and only stays near it, in the cloud of triangles."
    )
    view = answered("floor")
    assert f"It stays at about {draw.number(mean_gap(soft_runs(0.5, 0, (0, 0)))[-1], 2)}." in because("floor")
    assert view.state.gap[view.state.k >= 50].max() < 0.02
    assert "It has hardly changed over the last two decades." in view.describe()
    assert_allclose(view.state.gap[-1].mean(), mean_gap(soft_runs(0.5, 0, (0, 0)))[-1], rtol=1e-6)


def test_at_p_0_75_the_cloud_shrinks_and_at_p_1_5_the_walks_halt_on_the_way() -> None:
    quoted(
        "Turn $p$ up to 0.75: the cloud of triangles shrinks.", "Turn $p$ to 1.5", "come to a halt on the way"
    )
    view = explore.schedule(c=0.5, p=0, data="soft", goal=1e-5)
    cloud = view.state.ends.std(axis=0)
    view.set(p=0.75)
    assert (view.state.ends.std(axis=0) < 0.1 * cloud).all()
    assert mean_gap(soft_runs(0.5, 0.75, (0, 0)))[-1] < 1e-5
    view.set(p=1.5)
    assert "so the walk gets only so far" in view.describe()
    w = soft_runs(0.5, 1.5, (0, 0))
    assert np.abs(w[-1] - w[5000]).max() < 0.01
    assert mean_gap(w)[-1] > 0.02


def test_shrinking_steps_let_the_noise_die_out() -> None:
    quoted("Shrinking steps let the noise die out.", "for which p do both hold?")
    view = explore.schedule(c=0.5, p=0, data="soft", goal=1e-5)
    assert "The mean is not below the goal 1×10⁻⁵." in view.describe()
    view.set(p=0.75)
    assert "both conditions hold" in view.describe()
    assert "The mean is below the goal 1×10⁻⁵." in view.describe()


def test_the_conditions_are_not_needed_c_0_1_and_p_one_half() -> None:
    quoted("Try p = ½ with a smaller c.", "The two conditions are enough. They are not needed")
    view = explore.schedule(c=0.5, p=0, data="soft", goal=1e-5)
    view.set(c=0.1, p=0.5)
    assert "so the slide promises nothing" in view.describe()
    assert "The mean is below the goal" in view.describe()
    assert mean_gap(soft_runs(0.1, 0.5, (0, 0)))[-1] < 1e-5


def power_of(mean: NDArray, low: int = 1000, high: int = 10_000) -> float:
    k = np.unique(np.geomspace(low, high, 60).round().astype(int))
    return float(np.polyfit(np.log(k), np.log(mean[k]), 1)[0])


NEAR = (-0.55, 0.05)


def test_the_mean_falls_nearly_like_1_over_k_with_the_right_c() -> None:
    quoted("nearly like 1/k", "Larger, until the first steps throw the walk away.")
    view = lesson.one_over_k()
    view.set(c=2)
    assert "It goes like k^−0.93 over the last two decades." in view.describe()
    mean = mean_gap(soft_runs(2, 1, NEAR))
    assert power_of(mean) == pytest.approx(-0.93, abs=0.03)
    assert power_of(mean, 100, 1000) == pytest.approx(-0.93, abs=0.15)


@pytest.mark.parametrize(("c", "slowest"), [(0.5, -0.5), (4, -0.2)])
def test_with_another_c_it_crawls(c: float, slowest: float) -> None:
    quoted("With $c=0.5$ the mean crawls. With $c=4$ the first steps throw it away, and it crawls back.")
    quoted("Below this c the walk crawls, above it the first steps throw it away.")
    view = lesson.one_over_k()
    view.set(c=c)
    assert slowest < power_of(mean_gap(soft_runs(c, 1, NEAR))) < 0
    assert view.state.gap[-1].mean() > 9 * 3.176e-6  # where c = 2 ends


def test_with_c_4_the_first_steps_throw_it_away() -> None:
    mean = mean_gap(soft_runs(4, 1, NEAR, steps=10))
    assert mean[1:4].max() > 20 * mean[0]


@pytest.mark.parametrize(("c", "p"), [(0.1, 0.5), (2, 0.5), (4, 0.75)])
def test_a_power_is_named_only_where_one_fits(c: float, p: float) -> None:
    quoted("The sentence names a power only where one fits.")
    view = explore.schedule(c=c, p=p, data="soft")
    assert "k^" not in view.describe().split("50 seeds")[1]
    assert "does not go like one power of k" in view.describe()
    mean = mean_gap(soft_runs(c, p, (0, 0)))
    k = np.unique(np.geomspace(1000, 10_000, 60).round().astype(int))
    off = np.polyfit(np.log(k), np.log(mean[k]), 1, full=True)[1][0] / len(k)
    assert abs(power_of(mean) - power_of(mean, 100, 1000)) > 0.12 or off > 0.2**2


def test_minibatch_sgd_falls_like_1_over_k_already_with_c_1() -> None:
    quoted("It adds up two gradients in each step, so it needs about half the c.")
    view = lesson.one_over_k()
    view.set(c=1, method="minibatch")
    assert "50 seeds of mini-batch SGD (2 of the 4 samples in each step)" in view.describe()
    assert "It goes like k^−1 over the last two decades." in view.describe()
    assert power_of(mean_gap(soft_runs(1, 1, NEAR, batch=2))) == pytest.approx(-1, abs=0.06)


def test_minibatch_sgd_has_a_floor_and_halts_too() -> None:
    quoted(
        "Mini-batch SGD is no better off: turn $p$ to 0, and it has a floor, too.",
        "restrictions on γₖ are similar",
    )
    view = explore.schedule(c=1, p=1, data="soft", start=NEAR, method="minibatch")
    low = view.state.gap[-1].mean()
    view.set(p=0)
    assert "It has hardly changed over the last two decades." in view.describe()
    assert view.state.gap[-1].mean() > 1000 * low
    view.set(p=1.5, start=(0, 0))
    assert "so the walk gets only so far" in view.describe()
    assert mean_gap(soft_runs(1, 1.5, (0, 0), batch=2))[-1] > 0.02


# --- F7 -----------------------------------------------------------------------------------------


def test_f7_the_typical_choice_against_a_constant_rate() -> None:
    quoted("is still about 0.01", "gets below 0.01 in about 50 steps, and to $10^{-4}$ in 5,000")
    walks = runs(Y, 0.5, 0, (0, 0), steps=5000, seeds=20)
    errors = ((Y - 1 / (1 + np.exp(-walks @ X.T))) ** 2).sum(axis=-1)
    assert 40 <= np.median((errors < 0.01).argmax(axis=0)) <= 60
    assert errors[-1].max() < 1.1e-4
    slow = crowd.sgd_runs(toy.four_points(), (0, 0), descent.harmonic, 100_000, range(20))[-1]
    assert 0.005 < min(error(w) for w in slow) < max(error(w) for w in slow) < 0.025


def test_f7_nothing_is_won_by_making_the_steps_smaller() -> None:
    quoted("nothing is won by making the steps shorter", "You may break a condition.")
    view = explore.schedule(c=1, p=0, data="points")
    gaps = []
    for p in (0, 0.25, 0.5, 0.75, 1):
        gaps.append(state(view, p=p).gap[-1].mean())
    assert (np.diff(gaps) > 0).all()


def test_the_gradients_of_all_samples_vanish_together() -> None:
    quoted("the gradients of **all** samples vanish together", "the gradients of all samples vanish together")
    path = race(steps=200).state.paths["gd"]
    lengths = np.array([np.linalg.norm(pulls(w), axis=1).max() for w in path.w[[1, 20, 200]]])
    assert (np.diff(lengths) < 0).all()
    assert lengths[-1] < 0.01
