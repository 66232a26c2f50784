"""Every claim of notebook 04 about what a view or a cell shows, quoted in the test's name or id.

What is claimed is recomputed here with numpy alone, from the slides' formulas.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from lecture643 import descent, explore, toy
from lecture643.live import View
from lecture643.maths import crowd, methods
from lecture643.maths.race import neuron_walk
from lecture643.picture import draw

X = np.array([[-3.0, -3], [-2, -2], [4, 4], [2, -5]])
Y = np.array([1.0, 1, 0, 0])
SOFT = np.array([0.8, 0.8, 0.2, 0.2])
SEEDS = range(51)  # all that the slider has
NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "04_stochastic_gradient_descent.ipynb"
TEXT = "\n".join(cell.source for cell in nbformat.read(NOTEBOOK, 4).cells)


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
        assert part in TEXT, part


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
    quoted("drawn to scale", "SGD goes to the tip of that arrow")
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
    handles = view.weights.get_legend().legend_handles
    assert [handle.get_marker() for handle in handles] == [">", *(look.marker for look in draw.POINTS)]
    texts = [text.get_text() for text in view.weights.get_legend().get_texts()]
    assert texts == [r"$-\gamma_k\nabla E$", r"$-\gamma_k\nabla e^1$", "$2$", "$3$", "$4$"]


def test_four_such_steps_cost_as_much_as_one_step_of_gd() -> None:
    quoted("Four such steps cost as much as one step of GD")
    paths = race().state.paths
    assert paths["sgd"].sample_gradients[4] == paths["gd"].sample_gradients[1] == 4


def test_samples_1_2_and_3_always_point_along_minus_1_minus_1() -> None:
    quoted("Their arrows always point along $(-1,-1)$")
    for w in np.random.default_rng(0).uniform(-3, 3, size=(200, 2)):
        arrows = -pulls(w)[:3]
        assert (arrows < 0).all()
        assert_allclose(arrows[:, 0], arrows[:, 1])


def test_the_arrows_get_shorter_until_none_can_be_seen_and_the_sentence_says_so() -> None:
    quoted("until none can be seen. The sentence says so")
    view = race(shown=12, arrows="sgd")
    at = view.state.paths["sgd"].w[12]
    lengths = 0.5 * np.linalg.norm(pulls(at), axis=1)
    short = [str(i + 1) for i in range(4) if lengths[i] < 0.03]
    assert 0 < len(short) < 4
    assert f"Too short to be seen: the arrow of sample {', '.join(short)}." in view.describe()
    view.set(shown=230)
    assert "All arrows are too short to be seen." in view.describe()
    assert not any(len(tip.get_xdata()) for tip in view.tips)


# --- the race on four samples -------------------------------------------------------------------


def test_gd_ends_lowest_by_a_factor_of_about_two_whichever_seed() -> None:
    quoted("GD ends lowest, by a factor of about two", "With four samples GD wins, whichever seed you choose")
    view = race(steps=40, goal=0.002)
    for seed in SEEDS:
        now = state(view, seed=seed)
        assert "Lowest now: GD." in view.sentence(now)
        assert min(now.error["sgd"], now.error["minibatch"]) > now.error["gd"]
    for other in ("sgd", "minibatch"):
        assert 1.5 < ends(view)[other] / ends(view)["gd"] < 2.5


def test_gds_e_falls_in_every_step_while_sgds_rises_now_and_then() -> None:
    quoted("Its $E$ falls in every step")
    paths = race(steps=40).state.paths
    assert (np.diff([error(w) for w in paths["gd"].w]) < 0).all()
    rises = int((np.diff([error(w) for w in paths["sgd"].w]) > 0).sum())
    assert rises > 0
    assert f"(E rose in {rises} of them)" in race(steps=40).describe()


def test_after_two_sample_gradients_sgd_is_far_below_gd_which_has_not_moved_yet() -> None:
    quoted("after two\nsample gradients SGD is far below GD, which has not moved yet")
    view = race(steps=40, shown=2)
    assert ends(view)["sgd"] < 0.1 * ends(view)["gd"]
    assert view.state.shown["gd"] == 0
    assert "GD has taken 0 steps" in view.describe()


def test_the_two_clocks() -> None:
    quoted(
        "Against steps GD is ahead from the second step on",
        "($E=0.19$, 4 sample gradients), SGD is at $0.055$",
    )
    quoted("After 8 sample gradients GD is lowest, and it stays so")
    paths = race(steps=40).state.paths
    errors = {m: np.array([error(w) for w in path.w]) for m, path in paths.items()}
    for k in range(2, 41):
        assert errors["gd"][k] < min(errors["sgd"][k], errors["minibatch"][k])
    assert f"{errors['gd'][1]:.2f}" == "0.19"
    assert f"{errors['sgd'][4]:.3f}" == "0.055"
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
    quoted("(try seed 9)", "(seed 4)")
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


def test_at_gamma_100_where_it_lands_is_luck() -> None:
    quoted(
        "From this start GD lands where $E$ is about $10^{-44}$",
        "SGD is thrown out onto the plateau $E\\to3$",
    )
    view = race(steps=40, goal=0.002)
    view.set(rate=100)
    w = np.zeros(2) - 100 * pulls(np.zeros(2)).sum(axis=0)
    margins = np.where(Y == 1, 1, -1) * (X @ w)
    assert np.log10(np.exp(-2 * margins).sum()) == pytest.approx(-44, abs=0.7)  # σ(−m)² = exp(−2m) far out
    assert np.log10(ends(view)["gd"]) == pytest.approx(-44, abs=0.7)
    assert ends(view)["sgd"] == pytest.approx(3)
    assert "SGD has taken 160 steps, E = 3, out on the plateau E → 3" in view.describe()


def test_a_start_on_a_plateau_is_told_as_such() -> None:
    view = explore.descent(start=(0, -3), shown=0)
    assert "GD has taken 0 steps, E = 1, out on the plateau E → 1 at w = (0, −3)" in view.describe()
    assert "after 0 sample gradients" in view.describe()
    view.set(shown=1)
    assert "after 1 sample gradient:" in view.describe()


def test_try_it_all_three_below_0_002_is_reached_by_gamma_alone() -> None:
    quoted("Bring $E$ below $0.002$")
    view = race(steps=40, goal=0.002)
    assert "Below the goal 0.002: GD." in view.describe()
    assert max(ends(view).values()) > 0.002
    assert 1 in stops(view)
    view.set(rate=1)
    assert "Below the goal 0.002: all three." in view.describe()
    assert max(error(path.w[-1]) for path in view.state.paths.values()) < 0.002


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


def test_while_gd_adds_up_its_first_400_gradients_it_stays_at_100_and_sgd_is_at_0_83_after_100() -> None:
    quoted("it stays at $E=100$", "After the first 100 of them SGD is at $E=0.83$")
    view = race(**MANY, shown=399)
    problem = view.state.race.problem
    assert view.state.shown["gd"] == 0
    assert error(np.zeros(2), problem.x, problem.y) == pytest.approx(100) == ends(view)["gd"]
    view.set(shown=100)
    assert f"{error(view.state.paths['sgd'].w[100], problem.x, problem.y):.2f}" == "0.83"
    assert "SGD has taken 100 steps, E = 0.8257" in view.describe()


def test_the_points_around_one_of_the_four_pull_nearly_in_the_same_direction() -> None:
    quoted("pull nearly in the\n  same direction")
    problem = race(**MANY).state.race.problem
    arrows = -pulls(np.zeros(2), problem.x, problem.y)
    unit = arrows / np.linalg.norm(arrows, axis=1)[:, np.newaxis]
    for i in range(4):
        mean = unit[i::4].mean(axis=0)
        assert np.linalg.norm(mean) > 0.95  # the mean cosine with their common direction


def test_after_4000_sample_gradients_sgd_is_lowest_and_gd_last_with_every_seed() -> None:
    quoted("SGD is lowest, mini-batch SGD second and GD last, with every seed")
    view = race(**MANY)
    assert view.state.spent == 4000
    for seed in SEEDS:
        now = state(view, seed=seed).error
        assert now["sgd"] < now["minibatch"] < now["gd"]


def test_no_gamma_of_the_slider_takes_gd_as_low_as_sgd_is_at_one_half() -> None:
    quoted("No γ of the slider takes GD as low as SGD is at $\\gamma=0.5$")
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


def test_try_it_all_three_below_0_3_is_reached_by_gamma_alone() -> None:
    quoted("Bring $E$ below $0.3$", "GD is the hard one")
    view = race(**MANY)
    assert "Below the goal 0.3: SGD and mini-batch SGD." in view.describe()
    assert ends(view)["gd"] > 0.3
    view.set(rate=1)
    assert "Below the goal 0.3: all three." in view.describe()
    problem = view.state.race.problem
    assert max(error(p.w[-1], problem.x, problem.y) for p in view.state.paths.values()) < 0.3


# --- the learning rates -------------------------------------------------------------------------


def test_for_twice_the_distance_about_the_square_of_the_number_of_steps() -> None:
    quoted("To about 12", "about the *square* of the number of steps")
    harmonic = np.cumsum(1 / np.arange(1.0, 100_001))
    assert harmonic[-1] == pytest.approx(12, abs=0.2)
    for k in (30, 100, 300):
        assert harmonic[k * k - 1] / harmonic[k - 1] == pytest.approx(2, rel=0.1)


def test_both_hold_for_p_above_one_half_up_to_1_and_c_changes_neither() -> None:
    quoted("$\\frac12<p\\le 1$", "The factor $c$ changes neither")
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
    quoted("samples 2 and 3\npull in opposite directions, and only the sum of all gradients is 0")
    rows = pulls(lowest_soft(), y=SOFT)
    assert_allclose(rows.sum(axis=0), 0, atol=1e-12)
    assert rows[1] @ rows[2] < -0.99 * np.linalg.norm(rows[1]) * np.linalg.norm(rows[2])
    assert min(np.linalg.norm(rows[1]), np.linalg.norm(rows[2])) > 0.05


def test_with_the_constant_rate_every_seed_stays_near_the_minimum_and_the_mean_has_a_floor() -> None:
    quoted("every seed is near the minimum after fifty steps", "the mean has a floor")
    view = explore.schedule(c=0.5, p=0, data="soft", goal=1e-5)
    assert view.state.gap[view.state.k >= 50].max() < 0.02
    assert "It has hardly changed over the last two decades." in view.describe()
    assert_allclose(view.state.gap[-1].mean(), mean_gap(soft_runs(0.5, 0, (0, 0)))[-1], rtol=1e-6)


def test_at_p_0_75_the_cloud_shrinks_and_at_p_1_5_the_walks_halt_on_the_way() -> None:
    quoted("Turn $p$ up to 0.75: the cloud shrinks", "Turn $p$ to 1.5")
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


def test_try_it_below_1e_5_with_both_conditions() -> None:
    quoted("below $10^{-5}$ (the dotted line)", "with both conditions fulfilled")
    view = explore.schedule(c=0.5, p=0, data="soft", goal=1e-5)
    assert "The mean is not below the goal 1×10⁻⁵." in view.describe()
    view.set(p=0.75)
    assert "both conditions hold" in view.describe()
    assert "The mean is below the goal 1×10⁻⁵." in view.describe()


def test_the_conditions_are_not_needed_c_0_1_and_p_one_half() -> None:
    quoted("Choose $c=0.1$ and $p=\\frac12$", "the slide promises nothing")
    view = explore.schedule(c=0.5, p=0, data="soft", goal=1e-5)
    view.set(c=0.1, p=0.5)
    assert "so the slide promises nothing" in view.describe()
    assert "The mean is below the goal" in view.describe()
    assert mean_gap(soft_runs(0.1, 0.5, (0, 0)))[-1] < 1e-5


def power_of(mean: NDArray, low: int = 1000, high: int = 10_000) -> float:
    k = np.unique(np.geomspace(low, high, 60).round().astype(int))
    return float(np.polyfit(np.log(k), np.log(mean[k]), 1)[0])


NEAR = (-0.55, 0.05)


def test_the_mean_falls_like_k_to_the_minus_0_93_close_to_1_over_k() -> None:
    quoted("like $k^{-0.93}$, close to $1/k$")
    view = explore.schedule(c=2, p=1, data="soft", start=NEAR)
    assert "It goes like k^−0.93 over the last two decades." in view.describe()
    mean = mean_gap(soft_runs(2, 1, NEAR))
    assert power_of(mean) == pytest.approx(-0.93, abs=0.03)
    assert power_of(mean, 100, 1000) == pytest.approx(-0.93, abs=0.15)


@pytest.mark.parametrize(
    ("c", "start", "slowest"), [(0.5, NEAR, -0.5), (0.1, NEAR, -0.2), (4, NEAR, -0.2), (2, (0, 0), -0.2)]
)
def test_with_another_c_or_start_it_crawls(c: float, start: tuple, slowest: float) -> None:
    quoted("Try $c=0.5$ and $c=0.1$: the walk crawls. Try $c=4$", "$c=2$ from the start $(0,0)$")
    view = explore.schedule(c=2, p=1, data="soft", start=NEAR)
    view.set(c=c, start=start)
    assert slowest < power_of(mean_gap(soft_runs(c, 1, start))) < 0
    assert view.state.gap[-1].mean() > 9 * 3.176e-6  # where c = 2 from near ends


def test_with_c_4_the_first_steps_throw_it_away() -> None:
    mean = mean_gap(soft_runs(4, 1, NEAR, steps=10))
    assert mean[1:4].max() > 20 * mean[0]


@pytest.mark.parametrize(("c", "p"), [(0.1, 0.5), (2, 0.5), (4, 0.75)])
def test_a_power_is_named_only_where_one_fits(c: float, p: float) -> None:
    quoted("It names a power only where one fits")
    view = explore.schedule(c=c, p=p, data="soft")
    assert "k^" not in view.describe().split("50 seeds")[1]
    assert "does not go like one power of k" in view.describe()
    mean = mean_gap(soft_runs(c, p, (0, 0)))
    k = np.unique(np.geomspace(1000, 10_000, 60).round().astype(int))
    off = np.polyfit(np.log(k), np.log(mean[k]), 1, full=True)[1][0] / len(k)
    assert abs(power_of(mean) - power_of(mean, 100, 1000)) > 0.12 or off > 0.2**2


def test_minibatch_sgd_falls_like_1_over_k_already_with_c_1() -> None:
    quoted("With $p=1$ the mean falls like $1/k$, already with $c=1$")
    view = explore.schedule(c=1, p=1, data="soft", start=NEAR, method="minibatch")
    assert "50 seeds of mini-batch SGD (2 of the 4 samples in each step)" in view.describe()
    assert "It goes like k^−1 over the last two decades." in view.describe()
    assert power_of(mean_gap(soft_runs(1, 1, NEAR, batch=2))) == pytest.approx(-1, abs=0.06)


def test_minibatch_sgd_has_a_floor_and_halts_too() -> None:
    quoted("mini-batch SGD has a floor, too", "it comes to a halt on the way")
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
    quoted("about 0.01", "below 0.01 in about 50 steps, and to $10^{-4}$ in 5,000")
    walks = runs(Y, 0.5, 0, (0, 0), steps=5000, seeds=20)
    errors = ((Y - 1 / (1 + np.exp(-walks @ X.T))) ** 2).sum(axis=-1)
    assert 40 <= np.median((errors < 0.01).argmax(axis=0)) <= 60
    assert errors[-1].max() < 1.1e-4
    slow = crowd.sgd_runs(toy.four_points(), (0, 0), descent.harmonic, 100_000, range(20))[-1]
    assert 0.005 < min(error(w) for w in slow) < max(error(w) for w in slow) < 0.025


def test_f7_nothing_is_won_by_making_the_steps_smaller() -> None:
    quoted("nothing is won by making the steps smaller")
    view = explore.schedule(c=1, p=0, data="points")
    gaps = []
    for p in (0, 0.25, 0.5, 0.75, 1):
        gaps.append(state(view, p=p).gap[-1].mean())
    assert (np.diff(gaps) > 0).all()


def test_f7_at_p_0_e_gets_lower_by_a_factor_of_several_hundred() -> None:
    quoted("by a factor of several hundred")
    view = explore.schedule(c=1, p=1, data="points")
    typical = view.state.gap[-1].mean()
    view.set(p=0)
    assert 200 < typical / view.state.gap[-1].mean() < 1000


def test_the_gradients_of_all_samples_vanish_together() -> None:
    quoted("the gradients of **all** samples vanish together")
    path = race(steps=200).state.paths["gd"]
    lengths = np.array([np.linalg.norm(pulls(w), axis=1).max() for w in path.w[[1, 20, 200]]])
    assert (np.diff(lengths) < 0).all()
    assert lengths[-1] < 0.01
