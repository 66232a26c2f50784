"""Notebook 07: what its text says of its cells and views, claim by claim; and its goals can be reached.

Expected values are computed here by hand (numpy, autograd) or read off the view as a reader would.
"""

from functools import cache
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import nbformat
import numpy as np
import pytest
from autograd import grad
from claims import says as tells
from hands import message
from numpy.typing import NDArray

from lecture643 import data, descent, explore, lesson
from lecture643.maths.learning import Run, Task
from lecture643.maths.network import MLPProblem

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "07_training_for_prediction.ipynb"
CELLS = {cell.id: cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells}
TRAIN, TEST = data.split(data.two_moons(400), held_out=0.5)


def text(*cells: str) -> str:
    """The sources of these cells (all where none is named) in one line."""
    return " ".join(" ".join(CELLS[cell].source.split()) for cell in cells or CELLS)


def printed(cell: str) -> str:
    return "".join(output.text for output in CELLS[cell].outputs)


def says(claim: str, cell: str) -> None:
    assert " ".join(claim.split()) in text(cell), f"{cell} no longer says: {claim}"


def answered(activity: str) -> Any:
    """Its view, after the answer was shown."""
    view = lesson.activities[activity]()
    message(view, "task", act="commit", guess=None)
    return view


def is_reached(view: Any, goal: int = 0) -> bool:
    return bool(view.stage.tasks["goals"][goal]["reached"])


def sigmoid(z: Any) -> Any:
    return 1 / (1 + anp.exp(-z))


def unpacked(w: Any) -> tuple[Any, ...]:
    """W¹ (8×2), b¹, W² (8), b² of a 2-8-1 network; `MLPProblem` has the biases behind all weights."""
    return w[:16].reshape(8, 2), w[24:32], w[16:24], w[32]


def answers(w: Any, x: Any) -> Any:
    """ŷ of the 2-8-1 network of the notebook, by hand."""
    w1, b1, w2, b2 = unpacked(w)
    return sigmoid(anp.tanh(x @ w1.T + b1) @ w2 + b2)


def total_error(w: Any, x: Any, y: Any) -> Any:
    return anp.sum((answers(w, x) - y) ** 2)


@cache
def moons(signs: bool = False) -> tuple[MLPProblem, NDArray[Any]]:
    y = 2 * TRAIN.y - 1 if signs else TRAIN.y
    problem = MLPProblem((2, 8, 1), TRAIN.x, y, activation=["tanh", "sigmoid"], biases=True)
    return problem, problem.start(seed=0)


@cache
def by_hand(steps: int, rate: float = 0.1, power: float = 0, signs: bool = False) -> NDArray[Any]:
    """w after SGD from the notebook's start, gradients written out here (checked below against autograd)."""
    y = 2 * TRAIN.y - 1 if signs else TRAIN.y
    w = moons()[1].copy()
    for k, j in enumerate(np.random.default_rng(0).integers(200, size=steps)):
        w -= rate / (k + 1) ** power * sample_gradient(w, TRAIN.x[j], y[j])
    return w


def sample_gradient(w: NDArray[Any], x: NDArray[Any], y: float) -> NDArray[Any]:
    w1, b1, w2, b2 = unpacked(w)
    a = np.tanh(w1 @ x + b1)
    y_hat = 1 / (1 + np.exp(-(w2 @ a + b2)))
    d2 = 2 * (y_hat - y) * y_hat * (1 - y_hat)
    d1 = d2 * w2 * (1 - a**2)
    return np.concatenate([np.outer(d1, x).ravel(), d2 * a, d1, [d2]])


def right(w: NDArray[Any], threshold: float = 0.5) -> float:
    """The share of the held-out points that is right."""
    return float(((answers(w, TEST.x) >= threshold) == TEST.y).mean())


def run_of(method: str, rate: float = 0.1, epochs: int = 200, seed: int = 0, **changes: Any) -> Run:
    return _run(method, rate, epochs, seed, tuple(sorted(changes.items())))


@cache
def _run(method: str, rate: float, epochs: int, seed: int, changes: tuple[tuple[str, Any], ...]) -> Run:
    setting = {"name": "two moons", "sizes": (2, 8, 1), "activation": "tanh", "error": "squared"}
    task = Task(**setting | {"biases": True} | dict(changes))
    run = Run(task, method, rate, 10 if method == "minibatch" else 1, seed)
    run.reach(epochs * run.steps)
    return run


def held_out_right(run: Run, epochs: int) -> int:
    task = run.task
    said = task.problem.network(run.w[epochs]).predict(task.x[100:]) >= 0.5
    return int((said == (task.label[100:] > 0)).sum())


def test_the_gradient_by_hand_is_autograds() -> None:
    w = moons()[1]
    for j in range(5):
        expected = grad(total_error)(w, TRAIN.x[j : j + 1], TRAIN.y[j : j + 1])
        np.testing.assert_allclose(sample_gradient(w, TRAIN.x[j], TRAIN.y[j]), expected, rtol=1e-10)


# --- order, notation --------------------------------------------------------------------------------


def test_sections_carry_the_numbers_of_the_statements_in_order() -> None:
    heads = [
        line.split()[1] for cell in CELLS.values() for line in cell.source.splitlines() if line[:3] == "## "
    ]
    assert list(dict.fromkeys(heads)) == ["4.1", "4.2", "4.3", "4.4", "4.5", "R"]


def test_one_sign_for_the_activation() -> None:
    assert r"\phi" not in text()
    assert "ϕ" not in text()


# --- 4.1, 4.2 ---------------------------------------------------------------------------------------


def test_claim_E_at_random_weights_written_out_and_by_the_package() -> None:
    says("once written out with the squared error, once by the package", "error-text")
    expected = f"{total_error(moons()[1], TRAIN.x, TRAIN.y):.4f}"
    assert printed("written-out").split()[-1] == expected
    assert printed("written-out").count(expected) == 2


def test_claim_the_methods_ask_for_size_error_and_gradient_only() -> None:
    says("The methods of section 2 never asked for more.", "error-text")

    class Bare:
        size = 200
        error = staticmethod(moons()[0].error)
        gradient = staticmethod(moons()[0].gradient)

    assert descent.sgd(Bare(), moons()[1], rate=0.1, steps=20).stopped == "steps"


# --- 4.3 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "least", "most", "claim"),
    [
        (100, 0, 0.15, "with a border that hardly bends."),
        (1000, 0.3, 0.9, "the border has begun to bend."),
        (2000, 0.9, 2, "It winds between the moons now."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_border_bends(k: int, least: float, most: float, claim: str) -> None:
    """By how much the drawn border leaves the straight line that fits it best; the picture is 8 wide."""
    tells("how_long", claim)
    view = lesson.activities["how_long"](shown=k)
    points = np.column_stack(view.inputs.border.get_data())
    points = points[(np.abs(points) < 2.5).all(axis=1)]
    centred = points - points.mean(axis=0)
    normal = np.linalg.svd(centred, full_matrices=False)[2][1]
    assert least <= np.abs(centred @ normal).max() < most


def test_claim_the_ground_carries_what_the_network_says() -> None:
    says("The ground carries what the network says there, $+1$ or $-1$.", "aim-look")
    view = explore.training(sizes=(2, 8, 1), method="sgd", rate=0.1, shown=1)
    for threshold in (0.5, 0, 1, 0.62):
        view.set(threshold=threshold)
        w = view.state.run.at(1)[0]
        for text in view.inputs.signs:
            if text.get_visible():
                place = np.array([text.get_position()])
                assert (answers(w, place)[0] >= threshold) == (text.get_text() == "+1")
        ground = view.inputs.shading.get_array()
        assert ((ground >= 0.5) == (view.state.map >= threshold)).all(), "violet where it says +1"


def test_claim_each_tick_trains_one_epoch_that_is_100_steps_of_SGD() -> None:
    says("each tick trains one epoch, that is 100 steps of SGD here", "watch-look")
    view = explore.training(sizes=(2, 8, 1), method="sgd", rate=0.1, shown=1)
    stride = next(told["play"]["stride"] for told in view.settings.told() if told["name"] == "shown")
    assert stride == view.state.run.steps == view.state.run.task.trained == 100
    view.set(shown=101)
    assert len(view.state.next_batch) == len(view.inputs.next.get_xdata()) == 1


def test_claim_E_is_not_monotone() -> None:
    says("**$E$ is not monotone.**", "watch-look")
    assert (np.diff(run_of("sgd", 0.5, epochs=20).error) > 0).any()


def test_claim_held_out_runs_below_most_of_the_time() -> None:
    says("in most of the first 2,000 steps the dotted curve (held out) runs below the full one", "watch-look")
    view = lesson.activities["how_long"](shown=5000)
    trained, held_out = (np.asarray(curve.get_ydata()) for curve in view.right)
    assert [curve.get_linestyle() for curve in view.right] == ["-", ":"]
    assert (held_out < trained)[:20].mean() > 0.75


def test_claim_the_same_settings_always_train_the_same_network() -> None:
    says("The same settings always train the same network, in whatever order you ask for it.", "watch-look")
    one = explore.training(sizes=(2, 8, 1), method="sgd", shown=700)
    other = explore.training(sizes=(2, 8, 1), method="gd", shown=3)
    other.set(seed=4, rate=1)
    other.set(method="sgd", seed=0, rate=0.1, shown=900)
    other.set(shown=700)
    assert (one.state.map == other.state.map).all()
    assert one.describe() == other.describe()


# --- 4.3, try it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["gd", "sgd", "minibatch"])
def test_claim_without_biases_no_better_than_a_coin_whatever_you_do(method: str) -> None:
    tells("no_biases", "55 are.", "no weights can make up for it, however many there are.")
    for seed, rate, sizes in ((0, 0.1, (2, 4, 1)), (1, 1.0, (2, 4, 1)), (2, 0.1, (2, 16, 16, 1))):
        run = run_of(method, rate, 20, seed, name="XOR", sizes=sizes, biases=False)
        assert max(held_out_right(run, epoch) for epoch in range(21)) <= 60
    assert held_out_right(run_of("sgd", 0.5, 5, name="XOR", sizes=(2, 4, 1), biases=False), 5) == 55


def test_claim_opposite_points_get_opposite_answers_without_biases() -> None:
    tells("no_biases", "so ŷ(−x) = 1 − ŷ(x): opposite points always get opposite answers.")
    run = run_of("sgd", 0.1, 20, name="XOR", sizes=(2, 4, 1), biases=False)
    network = run.task.problem.network(run.w[20])
    np.testing.assert_allclose(network.predict(-run.task.x), 1 - network.predict(run.task.x), atol=1e-12)


def test_claim_opposite_points_of_XOR_have_the_same_label_and_of_the_moons_different_ones() -> None:
    tells(
        "no_biases",
        "XOR: opposite corners have the same label.",
        "On the two moons and on the two Gaussians opposite points have different labels.",
    )
    xor, two_moons = data.xor(4, noise=0), data.two_moons(300, noise=0)
    for points, same in ((xor, True), (two_moons, False)):
        distance = np.linalg.norm(points.x[:, None] + points.x, axis=-1)
        opposite = points.y[distance.argmin(axis=1)]
        assert ((opposite == points.y) == same).all()
    clouds = data.gaussians()
    centres = [clouds.x[clouds.y == label].mean(axis=0) for label in (0, 1)]
    assert np.linalg.norm(centres[0] + centres[1]) < 0.5 < np.linalg.norm(centres[0])


def test_claim_on_the_moons_biases_are_hardly_missed() -> None:
    tells("no_biases", "There biases are hardly missed.")
    for seed in (0, 1):
        with_them, without = (
            held_out_right(run_of("minibatch", seed=seed, biases=b), 200) for b in (True, False)
        )
        assert abs(with_them - without) <= 1
    view = answered("no_biases")
    assert not is_reached(view)
    view.set(data="circles")
    assert not is_reached(view), "opposite points have the same label there, too"
    view.set(data="two Gaussians")
    assert is_reached(view)


def test_claims_of_F12() -> None:
    says("These are $K+1$ steps, and they end in $w^{K+1}$.", "f12-text")
    one, other = printed("epochs").splitlines()
    assert one == f"k = 0, …, 40: 41 steps, and {right(by_hand(41)):.1%} of the held-out points are right"
    assert other == f"40 epochs: 8000 steps, and {right(by_hand(8000)):.1%} of the held-out points are right"


def test_claim_about_63_percent_are_seen_in_the_first_200_steps() -> None:
    says("So we expect about 63 % to be seen", "seen-text")
    assert round(100 * (1 - (1 - 1 / 200) ** 200)) == 63
    drawn = [len(set(np.random.default_rng(seed).integers(200, size=200))) / 200 for seed in range(50)]
    assert np.mean(drawn) == pytest.approx(0.63, abs=0.01)


# --- 4.4 --------------------------------------------------------------------------------------------


def test_claims_two_factors_V_and_their_shapes() -> None:
    says(r"two factors stand in the product: $V^2$ is $3\times2$ and $V^3$ is $2\times1$.", "backward-text")
    _, *V = MLPProblem((2, 3, 2, 1), TRAIN.x, TRAIN.y).network(np.ones(14)).backprop([1.0, 2.0], 1.0).V
    assert [each.shape for each in V] == [(3, 2), (2, 1)]


# --- 4.5 --------------------------------------------------------------------------------------------


def test_claim_E_stays_above_107_on_the_labels_minus_one() -> None:
    says("with 107 such points $E>107$ for ever", "f13-text")
    says("the sign of $\\hat y$, always says $+1$", "f13-text")
    assert (TRAIN.y == 0).sum() == 107
    assert total_error(by_hand(8000, signs=True), TRAIN.x, 2 * TRAIN.y - 1) > 107


def test_claims_of_F13() -> None:
    says("53.5 % is no more than the share of $+1$ among the held-out points", "threshold-text")
    says("The threshold ½ repairs most of that, also without the map.", "threshold-text")
    says("all five points that are wrong then have $y=+1$", "threshold-text")
    w = by_hand(8000, signs=True)
    assert right(w, 0) == TEST.y.mean() == 0.535
    wrong = (answers(w, TEST.x) >= 0.5) != TEST.y
    assert TEST.y[wrong].tolist() == [1] * 5
    shares = [right(w, 0), right(w), right(by_hand(8000))]
    for line, share in zip(printed("signs").splitlines(), shares, strict=True):
        assert line.endswith(f"{share:.1%} right")


def test_claim_the_label_minus_one_pulls_by_y_hat_plus_one() -> None:
    says(r"by $\hat y+1$ where the label 0 pulls by $\hat y$", "threshold-text")
    for z in (-3.0, 0.5, 2.0):
        pull = [grad(lambda z, y=y: (sigmoid(z) - y) ** 2)(z) for y in (-1, 0)]
        assert pull[0] / pull[1] == pytest.approx((sigmoid(z) + 1) / sigmoid(z))


def counts(view: Any) -> list[int]:
    """Of the held-out points: +1 called +1, +1 missed; −1 called +1 (a false alarm), −1 called −1."""
    cells = [int(cell.get_text()) for cell in view.cells]
    return [*cells[2:4], *cells[6:8]]


def test_claims_the_threshold_moves_border_and_accuracy_but_neither_weights_nor_E() -> None:
    tells("threshold", "The border moves into the other moon. No weight has changed, and E has not.")
    says("$E$ does not move with the threshold, the accuracy does.", "threshold-look")
    view = lesson.activities["threshold"]()
    before = view.state, view.inputs.border.get_data()
    view.set(threshold=0.2)
    assert (view.state.map == before[0].map).all()
    now, then = (state.curves["minibatch"].error for state in (view.state, before[0]))
    assert (now == then).all()
    assert view.state.right[-1].sum() != before[0].right[-1].sum()
    assert not np.array_equal(view.inputs.border.get_data()[1], before[1][1], equal_nan=True)


def test_claim_a_single_neuron_cannot_bend_its_border_so_it_gets_something_wrong() -> None:
    tells("threshold", "A single neuron cannot bend its border.", "The threshold decides what goes wrong")
    view = explore.training(sizes=(2, 1), shown=500)
    points = np.column_stack(view.inputs.border.get_data())
    points = points[np.isfinite(points).all(axis=1)]
    centred = points - points.mean(axis=0)
    assert np.linalg.svd(centred, compute_uv=False)[1] / np.sqrt(len(points)) < 0.02
    task, w = view.state.run.task, view.state.run.at(500)[0]
    said = 1 / (1 + np.exp(-(task.x @ w[:2] + w[2])))
    assert said[task.label > 0].min() < said[task.label < 0].max(), "no threshold parts them"


def test_claims_of_cross_entropy_and_its_gradient() -> None:
    says("costs without limit, where the squared error charges at most 1", "entropy-text")
    says(r"Its gradient with respect to $z^L$ is simply $\hat y-y$.", "entropy-text")

    def cross_entropy(z: Any, y: float) -> Any:
        return -y * anp.log(sigmoid(z)) - (1 - y) * anp.log(1 - sigmoid(z))

    for z in (-4.0, 0.3, 2.0):
        for y in (0.0, 1.0):
            assert grad(cross_entropy)(z, y) == pytest.approx(sigmoid(z) - y)
    assert cross_entropy(-30.0, 1.0) > 29
    problem = MLPProblem((2, 1), [[1.0, 0.0]], [1.0], error="cross-entropy")
    assert problem.error(np.array([-500.0, 0.0])) == pytest.approx(500)
    assert MLPProblem((2, 1), [[1.0, 0.0]], [1.0]).error(np.array([-500.0, 0.0])) == pytest.approx(1)


def test_claims_squared_error_and_cross_entropy_compared_with_minibatch_SGD() -> None:
    says("with mini-batch SGD: 2-8-1, φ = sigmoid, threshold ½, batch size 10", "entropy-text")
    says("The squared error ends with 85 to 91 of 100 held-out points right.", "entropy-text")
    says(
        "Cross-entropy ends with 98 from two of these starts, but with 83 and 85 from the other",
        "entropy-text",
    )
    ends = {
        error: [
            held_out_right(run_of("minibatch", seed=seed, activation="sigmoid", error=error), 200)
            for seed in range(4)
        ]
        for error in ("squared", "cross-entropy")
    }
    assert (min(ends["squared"]), max(ends["squared"])) == (85, 91)
    assert sorted(ends["cross-entropy"]) == [83, 85, 98, 98]
    view = explore.training(sizes=(2, 1), shown=500)
    view.set(sizes=(2, 8, 1), activation="sigmoid", error="cross-entropy", seed=2, shown=2000)
    assert "98 of 100 held out" in view.describe(), "and the view shows it"


def test_claim_half_of_200_points_are_held_out() -> None:
    says("Here are 200 points on two moons, with some noise. Half of them are *held out*", "aim-text")
    task = lesson.activities["unseen_point"]().state.run.task
    assert (len(task.x), task.trained) == (200, 100)
    assert not {*map(tuple, task.x[:100])} & {*map(tuple, task.x[100:])}


def test_claims_of_how_long_it_takes() -> None:
    tells(
        "how_long",
        "After about how many steps are 90 of the 100 held-out points right?",
        "after 10 steps 58 are right",
        "after 100 steps 85 are right",
        "93 are right now",
        "None of the held-out points was ever used in a step.",
    )
    run = run_of("sgd", 0.5, epochs=20)
    task = run.task
    found = {}
    for k in (10, 100, 1000, 2000):
        w = run.at(k)[0]
        said = answers(w, task.x[100:]) >= 0.5
        found[k] = int((said == (task.label[100:] > 0)).sum())
    assert found == {10: 58, 100: 85, 1000: 93, 2000: 100}
    assert max(int(j) for k in range(2000) for j in run.at(k)[2]) < task.trained
    view = answered("how_long")
    assert view.stage.tasks["prediction"]["truth"] == 2
    view.set(shown=2000)
    assert is_reached(view)


def test_claim_a_step_along_the_sum_can_be_too_long() -> None:
    tells("one_long_step", "SGD has brought E from 27 down to 6.", "at 73.81.", "GD needs a smaller γ.")
    view = answered("one_long_step")
    task = view.state.run.task
    w, x, y = task.start(0), task.problem.x, task.problem.y[:, 0]
    assert round(float(total_error(w, x, y))) == 27
    after = w - 0.5 * grad(total_error)(w, x, y)
    assert f"{total_error(after, x, y):.2f}" == "73.81"
    assert round(float(view.state.curves["sgd"].error[1])) == 6
    assert view.stage.tasks["prediction"]["truth"] == 2
    assert f"{view.curves['gd'].get_ydata()[1]:.2f}" == "73.81"


def test_claim_which_method_is_ahead_depends_on_the_rate() -> None:
    tells("one_long_step", "E after epoch 50: GD 4.127, SGD 4.222. Which method is ahead depends on γ.")
    view = answered("one_long_step")
    view.set(shown=5000)
    ahead = {}
    for rate in (0.05, 0.1, 0.2, 0.5, 1.0):
        view.set(rate=rate)
        gd, sgd = (view.state.curves[method].error[-1] for method in ("gd", "sgd"))
        ahead[rate] = bool(gd < sgd)
    assert ahead == {0.05: True, 0.1: False, 0.2: False, 0.5: False, 1.0: False}
    task = view.state.run.task
    w, x, y = task.start(0), task.problem.x, task.problem.y[:, 0]
    for _ in range(50):
        w = w - 0.05 * grad(total_error)(w, x, y)
    assert f"{total_error(w, x, y):.3f}" == "4.127"


def test_claim_with_one_over_k_the_steps_become_too_short_whatever_gamma_is() -> None:
    tells("one_long_step", "With γ/(k+1) the steps become too short, whatever γ is on this slider")
    view = answered("one_long_step")
    view.set(shown=5000, schedule="γ/(k+1)")
    for rate in (1, 10):
        view.set(rate=rate)
        assert view.state.curves["sgd"].error[-1] > 3
        assert not is_reached(view, 1)
    view.set(schedule="γ/√(k+1)")
    assert view.state.curves["sgd"].error[-1] < 0.5
    assert is_reached(view, 1)
    heights = [
        line.get_ydata()[0] for line in view.live.panels["errors"].lines if line.get_linestyle() == ":"
    ]
    assert 0.5 in heights, "the dotted line"


def test_claim_one_hidden_layer_brings_XOR_to_100_and_one_neuron_does_not() -> None:
    tells("hidden_neurons", "No single neuron can do it, whatever k and γ are.")
    view = lesson.activities["hidden_neurons"]()
    for rate, k in ((0.1, 2000), (0.5, 2000), (5, 1000)):
        view.set(rate=rate, shown=k)
        assert not is_reached(view)
    view.set(rate=0.5, sizes=(2, 4, 1), shown=500)
    assert is_reached(view)
    assert "100 of 100 held out" in view.describe()


def test_claim_nested_is_predict() -> None:
    says("as one nested line, and the same by `predict`", "forward-text")
    names: dict[str, Any] = {}
    cells = "\n".join(CELLS[c].source for c in ("written-out", "forward"))
    exec("import numpy as np\nimport lecture643 as lec\n" + cells, names)
    w1, w2, w3, x = (names[name] for name in ("W1", "W2", "W3", "x"))
    by_hand = sigmoid(w3 @ sigmoid(w2 @ sigmoid(w1 @ x)))[0]
    assert by_hand == pytest.approx(names["net"].predict(x), rel=1e-14)
    assert printed("forward").count(f"{by_hand:.6f}") == 2


def test_claims_miss_none_of_the_57_and_count_the_false_alarms() -> None:
    tells(
        "threshold",
        "It misses 10 of the 57 held-out points with y = +1",
        "with the threshold at 0.3, 6 are missed, and 10 with y = −1 are called +1, in place of 7.",
        "with 16 false alarms or fewer.",
    )
    view = lesson.activities["threshold"]()
    assert counts(view) == [47, 10, 7, 36]
    message(view, "task", act="commit", guess=None)
    assert counts(view) == [51, 6, 10, 33]
    view.set(threshold=0.06)
    assert counts(view)[1] > 0
    assert not is_reached(view)
    view.set(threshold=0.02)
    assert counts(view)[2] > 16
    assert not is_reached(view)
    view.set(threshold=0.05)
    assert counts(view) == [57, 0, 16, 27]
    assert is_reached(view)
    view.set(sizes=(2, 4, 1), threshold=0.5, shown=2000)
    assert view.state.k == 2000 == view.controls["shown"].max
    assert counts(view) == [57, 0, 0, 43]
    assert is_reached(view, 1)


def test_claims_of_the_x_that_is_like_no_sample() -> None:
    tells(
        "far_away",
        "ŷ = 0.0008516, though the nearest sample is 3.1 away.",
        "An ŷ near 0 or 1 says that |z^L| is large.",
        "ŷ near ½ is found only along the border.",
    )
    view = answered("far_away")
    task, w = view.state.run.task, view.state.run.at(1000)[0]
    x = np.array([3.5, 3.5])
    assert f"{answers(w, x):.4g}" == "0.0008516"
    assert f"{np.linalg.norm(task.x - x, axis=1).min():.2g}" == "3.1"
    view.set(unseen=(0, -4))
    assert answers(w, np.array([0.0, -4.0])) > 0.99
    assert is_reached(view)


def test_before_one_commits_the_ground_tells_nothing_of_the_corner() -> None:
    view = lesson.activities["far_away"]()
    w = view.state.run.at(view.state.k)[0]
    assert answers(w, np.array([3.5, 3.5])) > 0.5 > 0.1 > answered("far_away").state.answer


MINE = [each for each in lesson.activities.values() if each.notebook == "07"]
ABOUT_DATA = [(each.name, i) for each in MINE for i, goal in enumerate(each.goals) if "data" in goal.fixed]


@pytest.mark.parametrize(("name", "i"), ABOUT_DATA)
def test_own_points_reach_no_goal_that_is_about_the_notebooks_data(name: str, i: int) -> None:
    view, goal = answered(name), lesson.activities[name].goals[i]
    first = view.settings
    view.set(points=((-1, 0, 0), (1, 0, 1)))
    assert view.settings.data == "your points"
    assert goal.distance(view.state, view.settings, first) == float("inf")
    view.set(data=first.data)  # the points that wait are no part of this run
    view.set(**goal.way)
    assert goal.distance(view.state, view.settings, first) < float("inf")


def test_the_students_own_loop_trains_the_moons() -> None:
    says("the two networks are the same up to rounding", "homework-loop-run-text")

    def loop(mlp: Any, x: Any, y: Any, samples: Any, rate: float) -> Any:
        for j in samples:
            g = mlp.backprop(x[j], y[j])
            for ell in range(len(mlp.weights)):
                mlp.weights[ell] -= rate * g.weights[ell]
                mlp.biases[ell] -= rate * g.biases[ell]
        return mlp

    source = CELLS["homework-loop-run"].source
    view = eval(source, {"lec": __import__("lecture643"), "train": loop})
    assert "Yours and our SGD train the same network, step by step." in view.describe()
    assert "still returns the three dots" in CELLS["homework-loop-run"].outputs[0].data["text/plain"]
    assert "Not attempted yet" in printed("homework-loop")
    assert "Not attempted yet" in printed("homework-accuracy")


# --- R ----------------------------------------------------------------------------------------------


def test_claim_no_single_neuron_can_do_XOR() -> None:
    says("XOR, which no single neuron can do", "sources-text")
    points = data.xor(4, noise=0)
    # Opposite corners sum to 0, so z = ⟨w, x⟩ + b sums to 2b over either label: no b can part them.
    for label in (0, 1):
        assert (points.x[points.y == label].sum(axis=0) == 0).all()
