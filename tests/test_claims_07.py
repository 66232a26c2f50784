"""Notebook 07: what its text says of its cells and views, claim by claim; and its goals can be reached.

Expected values are computed here by hand (numpy, autograd) or read off the view as a reader would.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import nbformat
import numpy as np
import pytest
from autograd import grad
from numpy.typing import NDArray

from lecture643 import data, descent, explore
from lecture643.maths.learning import Run, Task
from lecture643.maths.methods import Path as Walk
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
    assert heads == ["4.1", "4.2", "4.3", "4.4", "4.5", "R"]


def test_one_sign_for_the_activation() -> None:
    assert r"\phi" not in text()
    assert "ϕ" not in text()


# --- 4.1, 4.2 ---------------------------------------------------------------------------------------


def test_claim_half_of_400_points_are_held_out() -> None:
    says("Here are 400 points on two moons, with some noise. Half of them are *held out*", "aim-text")
    assert len(TRAIN.y) == len(TEST.y) == 200
    assert not {*map(tuple, TRAIN.x)} & {*map(tuple, TEST.x)}


def test_claim_E_at_random_weights_written_out_and_by_the_package() -> None:
    says("once written out with the squared error, once by the package", "error-text")
    expected = f"{total_error(moons()[1], TRAIN.x, TRAIN.y):.4f}"
    assert printed("written-out").split()[-1] == expected
    assert printed("written-out").count(expected) == 2


def test_claim_33_weights_and_the_steps_that_8000_sample_gradients_allow() -> None:
    says("A 2-8-1 network with biases has 33 weights, the biases counted in.", "methods-text")
    says("GD takes $8000/200=40$ steps, mini-batch SGD with ten samples 800, SGD 8,000.", "methods-text")
    problem, start = moons()
    assert len(start) == 8 * 2 + 8 + (8 + 1) == 33
    paths = [
        descent.gradient_descent(problem, start, rate=0.05, steps=40),
        descent.minibatch_sgd(problem, start, batch_size=10, rate=0.1, steps=800),
        descent.sgd(problem, start, rate=0.1, steps=8000),
    ]
    assert [path.sample_gradients[-1] for path in paths] == [8000] * 3
    w = start.copy()
    for _ in range(40):
        w -= 0.05 * grad(total_error)(w, TRAIN.x, TRAIN.y)
    assert f"to {total_error(w, TRAIN.x, TRAIN.y):.1f}" in printed("error").splitlines()[0]


def test_claim_the_methods_ask_for_size_error_and_gradient_only() -> None:
    says("The methods of section 2 never asked for more.", "methods-text")

    class Bare:
        size = 200
        error = staticmethod(moons()[0].error)
        gradient = staticmethod(moons()[0].gradient)

    assert descent.sgd(Bare(), moons()[1], rate=0.1, steps=20).stopped == "steps"


# --- 4.3 --------------------------------------------------------------------------------------------


def test_claim_five_comments_and_eleven_lines() -> None:
    says("The slide's five lines are the five comments here.", "algorithm-text")
    says("Eleven lines of Python, and they train.", "algorithm-run-text")
    source = CELLS["algorithm"].source
    assert len(source.splitlines()) == 11
    comments = [line.split("#")[1].strip() for line in source.splitlines() if "#" in line]
    slide = ["choose a sample j_k", "forward pass", "its error", "backpropagation", "update"]
    assert comments == slide


def test_claim_our_own_lines_train_by_the_formula() -> None:
    says("By no more than rounding.", "same-text")
    lines: dict[str, Any] = {"np": np}
    exec(compile(ast.parse(CELLS["algorithm"].source), "algorithm", "exec"), lines)
    mlp = moons()[0].network(moons()[1])
    errors = lines["train_by_sgd"](mlp, TRAIN.x, TRAIN.y, gamma=lambda k: 0.1, K=8000)
    np.testing.assert_allclose(moons()[0].flatten(mlp), by_hand(8000), rtol=1e-7)
    assert sum(errors[-200:]) < sum(errors[:200]) / 10
    told = f"{sum(errors[:200]):.2f}, the last 200 to {sum(errors[-200:]):.2f}"
    assert told in printed("algorithm-run")


def test_claim_gamma_5_with_a_square_root_ends_lowest_and_a_tenth_over_k_highest() -> None:
    says(r"$\gamma=5$ with $p=\tfrac12$ ends lowest", "rates-look")
    says(r"$\gamma=0.1$ with $p=1$ ends highest", "rates-look")
    says("the same $\\gamma$ does well when it stays constant", "rates-look")
    says("With $p=1$ even $\\gamma=5$ shrinks too fast", "rates-look")
    rates = [(0.1, 0), (0.1, 0.5), (0.1, 1), (5, 0.5), (5, 1)]
    ends = {at: float(total_error(by_hand(8000, *at), TRAIN.x, TRAIN.y)) for at in rates}
    assert min(ends, key=ends.__getitem__) == (5, 0.5)
    assert max(ends, key=ends.__getitem__) == (0.1, 1)
    assert ends[0.1, 0] < 3 < 10 < ends[5, 1]
    for line, end in zip(printed("rates").splitlines(), ends.values(), strict=True):
        assert f"E = {end:.2f} " in line


@pytest.mark.parametrize(
    ("k", "least", "most", "claim"),
    [
        (100, 0, 0.06, "After 100 steps the border is almost a straight line."),
        (2000, 0.12, 0.3, "After 2,000 it has begun to bend"),
        (10_000, 0.8, 2, "at 10,000 it winds between the moons"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_border_bends(k: int, least: float, most: float, claim: str) -> None:
    """By how much the drawn border leaves the straight line that fits it best; the picture is 8 wide."""
    says(claim, "watch-look")
    view = explore.training(sizes=(2, 8, 1), method="sgd", rate=0.1, shown=k)
    points = np.column_stack(view.inputs.border.get_data())
    points = points[(np.abs(points) < 2.5).all(axis=1)]
    centred = points - points.mean(axis=0)
    normal = np.linalg.svd(centred, full_matrices=False)[2][1]
    assert least <= np.abs(centred @ normal).max() < most
    if k == 10_000:
        assert held_out_right(run_of("sgd"), 100) >= 97


def test_claim_the_ground_carries_what_the_network_says() -> None:
    says("**The ground** carries what the network says there, $+1$ or $-1$.", "watch-look")
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
    assert (np.diff(run_of("sgd").error) > 0).any()


def test_claims_GD_beside_SGD() -> None:
    says("After one epoch SGD is ahead ($E=10.92$ against $16.94$). After ten they are level.", "watch-look")
    says("After 200 GD is ahead ($0.46$ against $0.80$).", "watch-look")
    says("its $E$ rises in 84 of 200 steps", "watch-look")
    view = explore.training(sizes=(2, 8, 1), method="sgd", rate=0.1, shown=1)
    view.set(shown=view.controls["shown"].max)
    assert "E = 0.8011." in view.describe()
    view.set(curves="all")
    assert "E = 0.8011 (after as many epochs: GD 0.4621" in view.describe()
    gd, sgd = (np.asarray(view.curves[method].get_ydata()) for method in ("gd", "sgd"))
    assert (f"{sgd[1]:.2f}", f"{gd[1]:.2f}") == ("10.92", "16.94")
    assert abs(gd[10] / sgd[10] - 1) < 0.02
    task, error = view.state.run.task, []
    w = task.start(0)
    for _ in range(200):
        error.append(total_error(w, task.problem.x, task.problem.y[:, 0]))
        w = w - 0.1 * grad(total_error)(w, task.problem.x, task.problem.y[:, 0])
    error.append(total_error(w, task.problem.x, task.problem.y[:, 0]))
    np.testing.assert_allclose(gd[:200], error[:200], rtol=1e-6)
    assert (np.diff(error) > 0).sum() == 84


def test_claim_held_out_runs_below_most_of_the_time() -> None:
    says("most of the time the dotted curve (held out) runs below the full one", "watch-look")
    view = explore.training(sizes=(2, 8, 1), method="sgd", rate=0.1, shown=20_000)
    trained, held_out = (np.asarray(curve.get_ydata()) for curve in view.right)
    assert [curve.get_linestyle() for curve in view.right] == ["-", ":"]
    assert (held_out < trained).mean() > 0.75


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


def told_errors(sentence: str, epochs: int) -> tuple[float, float]:
    """E of GD and of SGD, where the view is of SGD and shows all three curves: as the sentence names them."""
    assert f", {epochs} epochs of 100 samples" in sentence
    sgd, gd = sentence.split("E = ")[1].split(" (after as many epochs: GD ")
    return float(gd.split(",")[0]), float(sgd)


def test_try_it_find_a_rate_with_which_SGD_ends_lower_than_GD() -> None:
    says("Find a learning rate with which *SGD* ends lower than GD.", "watch-look")
    says(r"Take $\gamma=0.5$.", "watch-look")
    view = explore.training(sizes=(2, 8, 1), method="sgd", rate=0.1, shown=1)
    view.set(shown=20_000, curves="all")
    ends = {}
    kind = view.settings.kinds()["rate"]
    for rate in (0.1, 0.5):
        assert kind.snapped(rate, view.settings) == rate, "a stop of the slider"
        view.set(rate=rate)
        ends[rate] = told_errors(view.describe(), 200)
    assert [gd > sgd for gd, sgd in ends.values()] == [False, True], "not reached at the start"
    says("GD ends at $E=2.00$, with two of the 100 training samples on the wrong side", "watch-look")
    says("and SGD at $0.60$", "watch-look")
    assert [f"{end:.2f}" for end in ends[0.5]] == ["2.00", "0.60"]
    view.set(method="gd")
    assert "right on 98 of 100 training samples" in view.describe()


def test_try_it_bring_XOR_to_100_held_out_points_within_20_epochs() -> None:
    says("Bring *XOR* to 100 of 100 held-out points within 20 epochs", "watch-look")
    view = explore.training(sizes=(2, 8, 1), method="sgd", rate=0.1, shown=1)
    view.set(data="XOR", sizes=(2, 4, 1))
    assert "100 of 100 held out" not in view.describe()
    view.set(shown=20 * view.state.run.steps)
    assert "after k = 2000 steps, 20 epochs" in view.describe()
    assert "100 of 100 held out" in view.describe()


@pytest.mark.parametrize("method", ["gd", "sgd", "minibatch"])
def test_claim_without_biases_no_better_than_a_coin_whatever_you_do(method: str) -> None:
    says("Why is the network now no better than a coin, whatever you do?", "watch-look")
    for seed, rate, sizes in ((0, 0.1, (2, 4, 1)), (1, 1.0, (2, 4, 1)), (2, 0.1, (2, 16, 16, 1))):
        run = run_of(method, rate, 20, seed, name="XOR", sizes=sizes, biases=False)
        assert max(held_out_right(run, epoch) for epoch in range(21)) <= 60


def test_claim_opposite_points_get_opposite_answers_without_biases() -> None:
    says(r"$\hat y(-x)=1-\hat y(x)$", "watch-look")
    run = run_of("sgd", 0.1, 20, name="XOR", sizes=(2, 4, 1), biases=False)
    network = run.task.problem.network(run.w[20])
    np.testing.assert_allclose(network.predict(-run.task.x), 1 - network.predict(run.task.x), atol=1e-12)


def test_claim_opposite_points_of_XOR_have_the_same_label_and_of_the_moons_different_ones() -> None:
    says(
        "In XOR opposite points have the *same* label. On the two moons they have different ones",
        "watch-look",
    )
    xor, two_moons = data.xor(4, noise=0), data.two_moons(300, noise=0)
    for points, same in ((xor, True), (two_moons, False)):
        distance = np.linalg.norm(points.x[:, None] + points.x, axis=-1)
        opposite = points.y[distance.argmin(axis=1)]
        assert ((opposite == points.y) == same).all()


def test_claim_on_the_moons_biases_are_hardly_missed() -> None:
    says("there biases are hardly missed", "watch-look")
    for seed in (0, 1):
        with_them, without = (
            held_out_right(run_of("minibatch", seed=seed, biases=b), 200) for b in (True, False)
        )
        assert abs(with_them - without) <= 1


def test_claims_of_F12() -> None:
    says("These are $K+1$ steps, and they end in $w^{K+1}$.", "watch-look")
    one, other = printed("epochs").splitlines()
    assert one == f"k = 0, …, 40: 41 steps, and {right(by_hand(41)):.1%} of the held-out points are right"
    assert other == f"40 epochs: 8000 steps, and {right(by_hand(8000)):.1%} of the held-out points are right"


def test_claim_about_63_percent_are_seen_in_the_first_200_steps() -> None:
    says("So we expect about 63 % to be seen", "seen-text")
    assert round(100 * (1 - (1 - 1 / 200) ** 200)) == 63
    drawn = np.random.default_rng(0).integers(200, size=(8000, 1))[:200]
    assert printed("seen").startswith(f"{len(set(drawn.ravel()))} of 200 samples")


# --- 4.4 --------------------------------------------------------------------------------------------


def test_claims_two_factors_V_and_their_shapes() -> None:
    says(r"Two: $V^2$ is $3\times2$ and $V^3$ is $2\times1$.", "backward-text")
    assert printed("backward").startswith("V²: (3, 2), V³: (2, 1), ∇e: (3, 2)")


def test_claim_nested_is_predict_and_the_product_is_the_gradient() -> None:
    says("as one nested line, and the same by `predict`", "forward-text")
    before = ("aim", "forward", "backward")
    names: dict[str, Any] = {}
    exec("import numpy as np\nimport lecture643 as lec\n" + "\n".join(CELLS[c].source for c in before), names)
    w1, w2, w3, x, y = (names[name] for name in ("W1", "W2", "W3", "x", "y"))

    def error(w: Any) -> Any:
        return anp.sum((sigmoid(w3 @ sigmoid(w2 @ sigmoid(w @ x))) - y) ** 2)

    np.testing.assert_allclose(names["nabla"], grad(error)(w1), rtol=1e-10)
    assert names["nested"][0] == pytest.approx(names["net"].predict(x), rel=1e-14)


# --- 4.5 --------------------------------------------------------------------------------------------


def test_claim_E_stays_above_107_on_the_labels_minus_one() -> None:
    says("So $E>107$ for ever.", "signs-text")
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
    says("it moves the border without touching a weight", "threshold-text")
    says("$E$ does not move with the threshold, the accuracy does.", "threshold-look")
    view = explore.training(sizes=(2, 1), shown=500)
    before = view.state, view.inputs.border.get_data()
    view.set(threshold=0.2)
    assert (view.state.map == before[0].map).all()
    now, then = (state.curves["minibatch"].error for state in (view.state, before[0]))
    assert (now == then).all()
    assert view.state.right[-1].sum() != before[0].right[-1].sum()
    assert not np.array_equal(view.inputs.border.get_data()[1], before[1][1], equal_nan=True)


def test_claim_a_single_neuron_cannot_bend_its_border_so_it_gets_something_wrong() -> None:
    says("A single neuron (2-1) cannot bend its border around the moons", "threshold-text")
    view = explore.training(sizes=(2, 1), shown=500)
    points = np.column_stack(view.inputs.border.get_data())
    points = points[np.isfinite(points).all(axis=1)]
    centred = points - points.mean(axis=0)
    assert np.linalg.svd(centred, compute_uv=False)[1] / np.sqrt(len(points)) < 0.02
    task, w = view.state.run.task, view.state.run.at(500)[0]
    said = 1 / (1 + np.exp(-(task.x @ w[:2] + w[2])))
    assert said[task.label > 0].min() < said[task.label < 0].max(), "no threshold parts them"


def test_try_it_miss_none_of_the_57_and_count_the_false_alarms() -> None:
    says(
        "Miss none of the 57 held-out points with $y=+1$. How many false alarms among the 43 others",
        "threshold-look",
    )
    says("At threshold 0.05 none is missed, with 16 false alarms, and no higher stop", "threshold-look")
    view = explore.training(sizes=(2, 1), shown=500)
    hit, missed, alarms, quiet = counts(view)
    assert (hit + missed, alarms + quiet) == (57, 43)
    assert missed > 0, "not reached at the start"
    view.set(threshold=0.05)
    assert counts(view) == [57, 0, 16, 27]
    w = view.state.run.at(500)[0]
    task = view.state.run.task
    said = 1 / (1 + np.exp(-(task.x[100:] @ w[:2] + w[2])))
    assert (said >= 0.05).sum() == 57 + 16
    view.set(threshold=0.06)
    assert counts(view)[1] > 0
    view.set(threshold=0.02)
    assert counts(view)[2] > 16, "down costs false alarms"


def test_try_it_four_hidden_neurons_miss_none_and_raise_no_false_alarm() -> None:
    says("With 2-4-1 and threshold ½ both are 0 at the end, $k=2000$.", "threshold-look")
    view = explore.training(sizes=(2, 1), shown=500)
    view.set(sizes=(2, 4, 1), threshold=0.5)
    assert counts(view) != [57, 0, 0, 43]
    view.set(shown=2000)
    assert view.state.k == 2000 == view.controls["shown"].max
    assert counts(view) == [57, 0, 0, 43]


def test_claims_of_cross_entropy_and_its_gradient() -> None:
    says("costs without limit, where the squared error charges at most 1", "threshold-look")
    says(r"Its gradient with respect to $z^L$ is simply $\hat y-y$.", "threshold-look")

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
    says("with mini-batch SGD: 2-8-1, φ = sigmoid, threshold ½, batch size 10", "threshold-look")
    says("The squared error ends with 85 to 91 of 100 held-out points right.", "threshold-look")
    says(
        "Cross-entropy ends with 98 from two of these starts, but with 83 and 85 from the other",
        "threshold-look",
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


def test_claims_of_the_four_unseen_points() -> None:
    says("The first two lie near the middle of a moon's arc, and get that moon's label.", "unseen-look")
    says("lies almost 18 times as far from the origin as any of the 400 points", "unseen-look")
    says("its $\\hat y$ is nearer to 0 or 1 than that of any of the 400 points", "unseen-look")
    w = by_hand(8000)
    # A moon is a half circle of radius 1.6 around ∓(0.8, 0.4); the upper one has the label 0.
    for x, centre, label in (([0, 1.2], [-0.8, -0.4], 0), ([2.0, -0.5], [0.8, 0.4], 1)):
        assert abs(np.linalg.norm(np.subtract(x, centre)) - 1.6) < 0.2, "as far off as one σ of the noise"
        assert (answers(w, np.array(x)) >= 0.5) == label
    points = np.concatenate([TRAIN.x, TEST.x])
    assert 17.5 < 50 / np.linalg.norm(points, axis=1).max() < 18
    sure = np.minimum(answers(w, points), 1 - answers(w, points))
    far = answers(w, np.array([30.0, 40.0]))
    assert min(far, 1 - far) < sure.min()
    for line, x in zip(printed("unseen").splitlines(), ([0, 1.2], [2, -0.5], [0, 0], [30, 40]), strict=False):
        assert f"ŷ = {answers(w, np.array(x, dtype=float)):.2g}," in line


# --- R ----------------------------------------------------------------------------------------------


@cache
def xor_walks(hidden: int, seed: int) -> tuple[Walk, Walk, MLPProblem]:
    xor = data.xor(4, noise=0)
    problem = MLPProblem((2, hidden, 1), xor.x, xor.y, biases=True)
    w = problem.start(seed)
    gd = descent.gradient_descent(problem, w, rate=0.5, steps=2000)
    return gd, descent.sgd(problem, w, rate=0.5, steps=8000), problem


def learnt(hidden: int, seed: int) -> list[bool]:
    """Whether GD and SGD end with all four answers on their side, and near it."""
    gd, sgd, problem = xor_walks(hidden, seed)
    return [
        bool((np.abs(problem.network(path.w[-1]).predict(problem.x) - problem.y[:, 0]) < 0.1).all())
        for path in (gd, sgd)
    ]


def test_claims_of_the_three_starts() -> None:
    says("From start 3 both learn it.", "sources-look")
    says(r"From start 1 both end near $E=\tfrac12$, with two of the four answers near ½.", "sources-look")
    says("From start 0 it depends on the method.", "sources-look")
    assert learnt(2, 3) == [True, True]
    assert learnt(2, 0) == [True, False]
    *paths, problem = xor_walks(2, 1)
    for path in paths:
        assert path.error[-1] == pytest.approx(0.5, abs=0.02)
        said = problem.network(path.w[-1]).predict(problem.x)
        assert (np.abs(said - 0.5) < 0.05).sum() == 2


def test_claim_with_four_hidden_neurons_both_learn_it_from_all_three_starts() -> None:
    says("With four hidden neurons, both methods learn it from all three starts.", "sources-look")
    assert all(learnt(4, seed) == [True, True] for seed in (0, 1, 3))


def test_claim_no_single_neuron_can_do_XOR() -> None:
    says("XOR, which no single neuron can do", "sources-text")
    points = data.xor(4, noise=0)
    # Opposite corners sum to 0, so z = ⟨w, x⟩ + b sums to 2b over either label: no b can part them.
    for label in (0, 1):
        assert (points.x[points.y == label].sum(axis=0) == 0).all()
