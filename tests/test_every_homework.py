"""What holds for every homework: right answers in any style, slips in words of their own, hostile code."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from answers import ANSWERS

from lecture643 import exercises, logbook
from lecture643.homework import attempt
from lecture643.homework.drawing import Drawing
from lecture643.homework.exercise import Exercise
from lecture643.maths.toy import four_points

ALL = exercises.all()
COMPARED = {name: e for name, e in ALL.items() if not isinstance(e, Drawing)}
SLIPS = [(name, words, wrong) for name, exercise in ALL.items() for words, wrong in exercise.slips]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def slope(z: Any) -> Any:
    return sigmoid(z) * (1 - sigmoid(z))


def said(exercise: Exercise, function: Any) -> str:
    return exercise.judge(function).words


# --- the registry -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_homework_says_what_it_is(name: str) -> None:
    exercise = ALL[name]
    assert exercise is getattr(exercises, name)
    assert exercise.name == name
    assert exercise.title
    assert re.fullmatch("0[1-7]", exercise.notebook)
    assert all(re.fullmatch(r"\d\.\d+|F\d+", each) for each in exercise.statements)
    assert exercise.difficulty in ("easy", "medium", "hard")
    assert 1 <= exercise.minutes <= 30
    assert len(exercise.hints) >= 3
    assert exercise.reference is getattr(exercises, exercise.reference.__name__)


@pytest.mark.parametrize("notebook", ["01", "02", "03", "04", "05", "06", "07"])
def test_every_notebook_has_two_homework_at_least(notebook: str) -> None:
    assert sum(exercise.notebook == notebook for exercise in ALL.values()) >= 2


@pytest.mark.parametrize("name", ALL)
def test_an_untouched_cell_is_told_what_to_expect(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    exercise = ALL[name]
    for untouched in (None, lambda *_: ..., lambda *_: [..., ...]):
        exercise.check(untouched)
        told = f"Not attempted yet. About {exercise.minutes} minutes, {exercise.difficulty}.\n"
        assert capsys.readouterr().out == told


# --- slips --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "words", "wrong"), SLIPS, ids=[f"{n}: {w[:40]}" for n, w, _ in SLIPS])
def test_every_slip_is_told_in_its_own_words(name: str, words: str, wrong: Callable[..., Any]) -> None:
    verdict = ALL[name].judge(wrong)
    assert not verdict.right
    first, *rest = verdict.words.split("\n")
    assert first == f"Not yet: {words}"
    assert rest[0].startswith(("For ", "In "))  # what came, with numbers to look at
    assert said(ALL[name], ALL[name].reference) == "Right."


@pytest.mark.parametrize("name", ALL)
def test_there_are_eight_slips_with_eight_sentences(name: str) -> None:
    words = [words for words, _ in ALL[name].slips]
    assert len(set(words)) == len(words) >= 8
    assert all(sentence.endswith((".", "?", "…")) for sentence in words)


x, w, W1 = np.array([1.0, 2.0]), np.array([0.3, -0.2]), np.ones((2, 2))  # as a notebook has them


def test_a_variable_of_the_notebook_in_place_of_an_argument_is_told() -> None:
    told = said(exercises.PREDICTION, lambda weights, sample: sigmoid(w @ sample))
    assert told.startswith(
        "Not yet: your answer does not change when w changes: do you use a variable of the notebook (w) "
    )
    data = four_points()
    told = said(exercises.GD_STEP, lambda w, rate, gradient: w - rate * data.gradient(w))
    assert "does not change when gradient changes: do you use a variable of the notebook (data) " in told
    told = said(exercises.LAYER_1, lambda de_dz2, W2, z1, _: np.outer((W2.T @ de_dz2) * slope(z1), x))
    assert "does not change when x changes: do you use a variable of the notebook (x) " in told


@pytest.mark.parametrize("name", ALL)
def test_what_a_student_types_is_judged_as_it_should_be(name: str) -> None:
    """The answers of the scripted student (test_student.py)."""

    def typed(body: str) -> str:
        space: dict[str, Any] = {"np": np}
        exec(f"def typed({', '.join(ALL[name].names)}):\n    {body}", space)
        return said(ALL[name], space["typed"])

    slips = {f"Not yet: {words}" for words, _ in ALL[name].slips}
    slip, other, right = map(typed, ANSWERS[name])
    assert {slip.split("\n")[0], other.split("\n")[0]} <= slips
    assert slip != other
    assert right == "Right."


def test_a_step_of_a_strange_length_is_told_in_no_time() -> None:
    """No slip that is known. To see what it takes no notice of, E keeps its own gradient."""
    told = said(exercises.HALVED_STEP, lambda w, rate, E, gradient: w - rate / 3 * gradient(w))
    assert told.startswith("Not yet: ")
    assert "it should be" in told


@pytest.mark.parametrize("name", ["PREDICTION", "TOTAL_ERROR", "ERROR_GRADIENT", "SECOND_ROW", "LAYER_1"])
def test_numbers_copied_from_the_view_are_told(name: str) -> None:
    exercise = ALL[name]
    copied = np.round(exercise.reference(*exercise.cases[0]), 4).tolist()
    told = said(exercise, eval(f"lambda *_: {copied}"))
    assert told.startswith("Not yet: your answer ")
    assert "copied from the view" in told


# --- right answers ------------------------------------------------------------------------------


def total_in_a_loop(w: Any, x: Any, y: Any) -> Any:
    E = 0
    for i in range(len(y)):
        z = sum(w[j] * x[i][j] for j in range(2))
        E = E + (sigmoid(z) - y[i]) ** 2
    return E


def gradient_in_a_loop(w: Any, x: Any, y: Any) -> Any:
    first = second = 0
    for (x1, x2), label in zip(x, y, strict=True):
        guess = 1 / (1 + np.exp(-(w[0] * x1 + w[1] * x2)))
        common = -2 * (label - guess) * guess * (1 - guess)
        first, second = first + common * x1, second + common * x2
    return [first, second]


def gradient_on_a_copy(w: Any, x: Any, y: Any) -> Any:
    rows = x.copy()
    rows *= (2 * (sigmoid(x @ w) - y) * slope(x @ w))[:, None]
    return rows.sum(axis=0)


def perceptron_in_a_loop(w: Any, x: Any, y: Any) -> Any:
    margin = 0
    for i in range(len(x)):
        margin += y * w[i] * x[i]
    return [0, 0] if margin > 0 else [-y * each for each in x]


def halved_with_break(w: Any, rate: Any, E: Any, gradient: Any) -> Any:
    d = -gradient(w)
    while True:
        new = w + rate * d
        if E(new) < E(w):
            break
        rate *= 0.5
    return new


def halved_by_powers(w: Any, rate: Any, E: Any, gradient: Any) -> Any:
    trials = [w - rate / 2**n * gradient(w) for n in range(30)]
    return next(trial for trial in trials if E(trial) < E(w))


def halved_by_itself(w: Any, rate: Any, E: Any, gradient: Any) -> Any:
    new = w - rate * gradient(w)
    return new if E(new) < E(w) else halved_by_itself(w, rate / 2, E, gradient)


def halved_on_a_copy(w: Any, rate: Any, E: Any, gradient: Any) -> Any:
    new, step = w.copy(), rate * gradient(w)
    new -= step
    while not E(new) < E(w):
        step /= 2
        new = w.copy()
        new -= step
    return tuple(new)


def block_one_by_one(S: int, b: int, rng: Any) -> Any:
    block: list[int] = []
    while len(block) < b:
        j = rng.integers(S)
        if j not in block:
            block.append(j)
    return block


def block_without_the_drawn(S: int, b: int, rng: Any) -> Any:
    left = list(range(S))
    return [left.pop(rng.integers(len(left))) for _ in range(b)]


def block_shuffled(S: int, b: int, rng: Any) -> Any:
    order = np.arange(S)
    rng.shuffle(order)
    return np.sort(order[:b])


def layer_1_in_loops(de_dz2: Any, W2: Any, z1: Any, x: Any) -> Any:
    rows = []
    for i in range(2):
        back = sum(de_dz2[m] * W2[m][i] for m in range(2))
        rows.append([back * slope(z1[i]) * each for each in x])
    return rows


def layer_1_on_a_copy(de_dz2: Any, W2: Any, z1: Any, x: Any) -> Any:
    answer = np.zeros((2, 2))
    answer[:] = x
    answer *= (W2.T @ de_dz2 * slope(z1))[:, None]
    return answer


def matrices_in_a_loop(ell: Any, W: Any, p: Any, delta_L: Any, a: Any) -> Any:
    delta = delta_L
    for m in reversed(range(ell + 1, len(W))):
        delta = W[m].T @ (p[m] * delta)
    return [[p[ell][i] * delta[i] * each for each in a[ell - 1]] for i in range(len(delta))]


def matrices_by_themselves(ell: Any, W: Any, p: Any, delta_L: Any, a: Any) -> Any:
    def delta(m: int) -> Any:
        return delta_L if m == len(W) - 1 else W[m + 1].T @ np.diag(p[m + 1]) @ delta(m + 1)

    return (p[ell] * delta(ell))[:, None] * a[ell - 1]


def matrices_product_first(ell: Any, W: Any, p: Any, delta_L: Any, a: Any) -> Any:
    product = np.diag(p[ell])
    for m in range(ell + 1, len(W)):
        product = product @ W[m].T @ np.diag(p[m])
    return np.outer(product @ delta_L, a[ell - 1])


def matrices_on_a_copy(ell: Any, W: Any, p: Any, delta_L: Any, a: Any) -> Any:
    m, delta = len(W) - 1, delta_L.copy()
    while m > ell:
        delta *= p[m]
        delta = W[m].T @ delta
        m -= 1
    return np.einsum("i,i,j->ij", p[ell], delta, a[ell - 1])


def biases_in_a_loop(phi_prime: Any, delta: Any) -> Any:
    total = [0.0] * len(delta[0])
    for slopes, deltas in zip(phi_prime, delta, strict=True):
        total = [t + s * d for t, s, d in zip(total, slopes, deltas, strict=True)]
    return total


def train_in_place(mlp: Any, x: Any, y: Any, samples: Any, rate: Any) -> Any:
    for j in samples:
        g = mlp.backprop(x[j], y[j])
        for W, nabla in zip(mlp.weights, g.weights, strict=True):
            W -= rate * nabla
        for b, nabla in zip(mlp.biases, g.biases, strict=True):
            b -= rate * nabla
    return mlp


def train_with_new_arrays(network: Any, X: Any, Y: Any, order: Any, gamma: Any) -> Any:
    for one in order:
        g = network.backprop(X[one], Y[one])
        network.weights = [W - gamma * n for W, n in zip(network.weights, g.weights, strict=True)]
        network.biases = [b - gamma * n for b, n in zip(network.biases, g.biases, strict=True)]
    return network


def train_by_hand(mlp: Any, x: Any, y: Any, samples: Any, rate: Any) -> Any:
    L = len(mlp.weights)
    for j in samples:
        z, a = mlp.forward(x[j])
        delta = 2 * (a[L] - y[j])
        for ell in range(L, 0, -1):
            de_dz = slope(z[ell]) * delta
            delta = mlp.weights[ell - 1].T @ de_dz
            mlp.weights[ell - 1] -= rate * np.outer(de_dz, a[ell - 1])
            mlp.biases[ell - 1] -= rate * de_dz
    return mlp


def train_on_a_copy(mlp: Any, x: Any, y: Any, samples: Any, rate: Any) -> Any:
    new = type(mlp)(mlp.weights, mlp.biases)
    return train_in_place(new, x, y, samples, rate)


def train_with_an_index(mlp: Any, x: Any, y: Any, samples: Any, rate: Any) -> Any:
    k = 0
    while k < len(samples):
        j = samples[k]
        g = mlp.backprop(x[j : j + 1], y[j : j + 1])  # a batch of one
        for i in range(len(g.weights)):
            mlp.weights[i] = mlp.weights[i] - rate * g.weights[i]
            mlp.biases[i] = mlp.biases[i] - rate * g.biases[i]
        k += 1
    return mlp


def accuracy_in_a_loop(y_hat: Any, y: Any, threshold: Any) -> Any:
    right = 0
    for guess, label in zip(y_hat, y, strict=True):
        right += (guess >= threshold and label == 1) or (guess < threshold and label == -1)
    return right / len(y)


def accuracy_on_a_copy(y_hat: Any, y: Any, threshold: Any) -> Any:
    says = y_hat.copy()
    says[:] = -1
    says[y_hat >= threshold] = 1
    return sum(says == y) / y.size


STYLES: dict[str, list[Callable[..., Any]]] = {
    "PREDICTION": [
        lambda w, x: sigmoid(w @ x),
        lambda w, x: 1 / (1 + np.exp(-sum(a * b for a, b in zip(w, x, strict=True)))),
        lambda weights, sample: np.exp(weights.dot(sample)) / (1 + np.exp(weights.dot(sample))),
        lambda w, x: (1 + np.tanh((w * x).sum() / 2)) / 2,
        lambda w, x: float(1 / (1 + 2.718281828459045 ** -(w[0] * x[0] + w[1] * x[1]))),
    ],
    "ERROR_TERM": [
        lambda w, x, y: (sigmoid(w @ x) - y) ** 2,
        lambda w, x, y: (y - sigmoid(sum(w * x))) * (y - sigmoid(sum(w * x))),
        lambda weights, sample, label: np.square(label - sigmoid(np.dot(weights, sample))),
        lambda w, x, y: y**2 - 2 * y * sigmoid(w @ x) + sigmoid(w @ x) ** 2,
        lambda w, x, y: pow(abs(y - sigmoid(w[0] * x[0] + w[1] * x[1])), 2),
    ],
    "TOTAL_ERROR": [
        total_in_a_loop,
        lambda w, x, y: ((y - sigmoid(x @ w)) ** 2).sum(),
        lambda w, x, y: sum([(b - sigmoid(w @ a)) ** 2 for a, b in zip(x, y, strict=True)]),
        lambda weights, X, labels: np.linalg.norm(labels - sigmoid(X @ weights)) ** 2,
        lambda w, x, y: (y - sigmoid(x @ w)) @ (y - sigmoid(x @ w)),
    ],
    "ERROR_GRADIENT": [
        gradient_in_a_loop,
        gradient_on_a_copy,
        lambda w, x, y: (2 * (sigmoid(x @ w) - y) * slope(x @ w)) @ x,
        lambda weights, X, Y: sum(
            2 * (sigmoid(a @ weights) - b) * slope(a @ weights) * a for a, b in zip(X, Y, strict=True)
        ),
        lambda w, x, y: np.einsum("s,sj->j", 2 * (sigmoid(x @ w) - y) * slope(x @ w), x),
    ],
    "DESCENT_DIRECTION": [
        lambda gradient, d: np.dot(gradient, d) < 0,
        lambda g, direction: sum(a * b for a, b in zip(g, direction, strict=True)) < 0,
        lambda gradient, d: True if -(gradient * d).sum() > 0 else False,  # noqa: SIM210
        lambda gradient, d: int(gradient[0] * d[0] + gradient[1] * d[1] < 0),
        lambda gradient, d: not (np.inner(d, gradient) >= 0),
    ],
    "PERCEPTRON": [
        perceptron_in_a_loop,
        lambda w, x, y: -y * x * (y * (w @ x) <= 0),
        lambda weights, sample, label: np.where(label * (weights @ sample) <= 0, -label, 0) * sample,
        lambda w, x, y: np.zeros(2) if y * w.dot(x) > 0 else -(x.copy()) * y,
        lambda w, x, y: tuple(-y * each if y * (w @ x) <= 0 else 0 for each in x),
    ],
    "GD_STEP": [
        lambda w, rate, gradient: w - rate * gradient(w),
        lambda w, gamma, nabla: np.add(w, -gamma * nabla(w)),
        lambda w, rate, gradient: [a - rate * g for a, g in zip(w, gradient(w), strict=True)],
        lambda w, rate, gradient: w.copy().__isub__(rate * gradient(w)),
        lambda w, rate, gradient: (w[0] - rate * gradient(w)[0], w[1] - rate * gradient(w)[1]),
    ],
    "HALVED_STEP": [
        halved_with_break,
        halved_by_powers,
        halved_by_itself,
        halved_on_a_copy,
        lambda w, alpha, f, nabla: list(halved_by_powers(w, alpha, f, nabla)),
    ],
    "SGD_STEP": [
        lambda w, rate, j, gradients: w - rate * gradients(w)[j],
        lambda w, gamma, k, rows: [a - gamma * g for a, g in zip(w, rows(w)[k], strict=True)],
        lambda w, rate, j, gradients: w + -rate * gradients(w)[j, :],
        lambda w, rate, j, gradients: w.copy().__isub__(rate * gradients(w)[j]),
        lambda w, rate, j, gradients: w - rate * (np.arange(len(gradients(w))) == j) @ gradients(w),
    ],
    "MINI_BATCH": [
        block_one_by_one,
        block_without_the_drawn,
        block_shuffled,
        lambda S, b, rng: rng.permutation(S)[:b],
        lambda size, many, generator: tuple(generator.choice(range(size), many, replace=False).tolist()),
        lambda S, b, rng: np.argsort(rng.random(S))[-b:],
    ],
    "SECOND_ROW": [
        lambda d, z3, W3, z2, a1: d * slope(z3[0]) * W3[0, 1] * slope(z2[1]) * a1,
        lambda d, z3, W3, z2, a1: [d * slope(z3[0]) * W3[0][1] * slope(z2[1]) * a for a in a1],
        lambda de_dyhat, z3, W3, z2, a1: np.outer(de_dyhat * slope(z3) @ W3 * slope(z2), a1)[1],
        lambda d, z3, W3, z2, a1: a1.copy().__imul__(d * slope(z3[0]) * W3[0, 1] * slope(z2[1])),
        lambda d, z3, W3, z2, a1: tuple(a1 * slope(z2[1]) * (W3.T @ (slope(z3) * d))[1]),
    ],
    "LAYER_1": [
        layer_1_in_loops,
        layer_1_on_a_copy,
        lambda d, W2, z1, x: np.outer((W2.T @ d) * slope(z1), x),
        lambda d, W, z, sample: np.diag(slope(z)) @ W.T @ d[:, None] @ sample[None],
        lambda d, W2, z1, x: (d @ W2 * slope(z1))[:, None] * x,
    ],
    "MATRIX_EXPRESSION": [
        matrices_in_a_loop,
        matrices_by_themselves,
        matrices_product_first,
        matrices_on_a_copy,
        lambda layer, W, slopes, last, outputs: matrices_in_a_loop(layer, W, slopes, last, outputs),
    ],
    "BIASES": [
        biases_in_a_loop,
        lambda p, delta: np.einsum("si,si->i", p, delta),
        lambda p, delta: np.sum(p * delta, axis=0),
        lambda slopes, deltas: [column.sum() for column in (slopes * deltas).T],
        lambda p, delta: (p.copy().__imul__(delta)).sum(0),
    ],
    "TRAINING_LOOP": [
        train_in_place,
        train_with_new_arrays,
        train_by_hand,
        train_on_a_copy,
        train_with_an_index,
    ],
    "ACCURACY": [
        accuracy_in_a_loop,
        accuracy_on_a_copy,
        lambda y_hat, y, t: np.mean(np.where(y_hat >= t, 1, -1) == y),
        lambda guesses, labels, cut: ((guesses >= cut) == (labels > 0)).mean(),
        lambda y_hat, y, t: 1 - np.abs(np.where(y_hat >= t, 1, -1) - y).sum() / 2 / len(y),
    ],
}


@pytest.mark.parametrize("name", ALL)
def test_right_answers_in_five_styles_pass(name: str) -> None:
    assert len(STYLES[name]) >= 5
    for style in STYLES[name]:
        assert [said(ALL[name], style) for _ in range(2)] == ["Right."] * 2


# --- hostile code -------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "SECONDS", 0.4)


def raises(*_: Any) -> Any:
    raise RuntimeError("no")


def loops(*_: Any) -> Any:
    while True:
        pass


def spoils(value: Any) -> None:
    """Change an argument as far as it can be changed."""
    if isinstance(value, np.ndarray):
        value[...] = 0.5
    elif isinstance(value, list):
        value[:] = value[:1]
    elif isinstance(value, np.random.Generator):
        value.random(7)
    elif hasattr(value, "weights"):
        value.weights = []


def hostile(exercise: Exercise) -> Iterator[tuple[Callable[..., Any], str]]:
    def changes(*case: Any) -> Any:
        for value in case:
            spoils(value)
        return 7.25

    def exits(*_: Any) -> Any:
        raise SystemExit

    yield raises, "your function stopped with RuntimeError: no, in line 2 of raises, `raise RuntimeError"
    yield exits, "your function stopped with SystemExit"
    yield loops, "your function did not end within 0.4 seconds, in line "
    yield lambda *_: None, "your function returns nothing: is there a return in every branch?"
    yield (
        lambda *_: print("here"),
        "your function prints and returns nothing: write return in place of print.",
    )
    yield lambda *_: "four", "yours "
    yield (
        lambda *_: np.nan,
        "is nan, which is no finite number" if exercise.reader is attempt.read else "yours",
    )
    yield (
        lambda *_: np.inf,
        "is inf, which is no finite number" if exercise.reader is attempt.read else "yours",
    )
    yield lambda: 1, "takes 0 arguments"
    yield lambda *_: {"a": 1}, "yours"
    yield changes, ""


@pytest.mark.parametrize("name", ALL)
@pytest.mark.usefixtures("impatient")
def test_hostile_code_gets_a_sentence_and_leaves_the_next_check_honest(name: str) -> None:
    exercise = ALL[name]
    for function, told in hostile(exercise):
        verdict = exercise.judge(function)
        assert not verdict.right
        assert verdict.words.startswith("Not yet: ")
        assert told in verdict.words
        assert "Traceback" not in verdict.words
        assert verdict.endless is (function is loops)
        assert said(exercise, exercise.reference) == "Right."
        assert said(exercise, exercise.slips[0][1]).startswith(f"Not yet: {exercise.slips[0][0]}")


@pytest.mark.parametrize("name", [name for name in COMPARED if name != "TRAINING_LOOP"])
def test_a_right_answer_that_changes_its_arguments_is_told_so(name: str) -> None:
    exercise = ALL[name]

    def mine(*case: Any) -> Any:
        answer = np.array(exercise.reference(*case), dtype=float)
        for value in case:
            spoils(value)
        return answer

    for _ in range(2):
        assert said(exercise, mine).startswith("Not yet: your answer is right, but you changed ")


def test_a_network_that_is_not_given_back_is_told() -> None:
    check = exercises.TRAINING_LOOP
    for returned, kind in (([1.0], "a list"), (3, "a int"), ({}, "a dict")):
        told = said(check, lambda *_, returned=returned: returned)
        assert f"should return the trained network mlp, yours returns {kind}." in told
    assert "returns nothing" in said(check, lambda *case: train_in_place(*case) and None)


# --- the reply ----------------------------------------------------------------------------------


def test_the_reply_names_the_number_that_is_off(capsys: pytest.CaptureFixture[str]) -> None:
    off = np.array([0, 0.01])
    exercises.SECOND_ROW.check(lambda *case: exercises.second_row(*case) + off)
    told = capsys.readouterr().out
    assert "yours is (0.02076, 0.02909) (∂e/∂w₂₂² differs)." in told
    assert told.endswith('\nTo see ∂e/∂w₂₂²: lec.explore.backprop(step="∂e/∂w₂₂²")\n')
    exercises.TRAINING_LOOP.check(exercises.TRAINING_LOOP.slips[0][1])
    told = capsys.readouterr().out
    assert "w₁₁¹ should be 0.321, yours is −0.05689 (9 of 9 entries differ)." in told
    assert "lec.explore" not in told


# --- a function that draws ----------------------------------------------------------------------


def test_an_unfair_draw_is_told_with_its_counts() -> None:
    def seldom_the_last(S: int, b: int, rng: Any) -> Any:
        weights = np.r_[np.ones(S - 1), 0.3]
        return rng.choice(S, b, replace=False, p=weights / weights.sum())

    told = said(exercises.MINI_BATCH, seldom_the_last)
    assert told.startswith("Not yet: some samples come more often than others")
    assert re.search(r"In 600 blocks of 3 out of 6, sample 5 came 1?\d\d times, not about 300\.", told)


def test_its_own_generator_is_no_substitute_for_the_one_that_it_is_given() -> None:
    own = np.random.default_rng(5)
    told = said(exercises.MINI_BATCH, lambda S, b, rng: own.permutation(S)[:b])
    assert told.startswith("Not yet: the same generator gave two different blocks")


# --- what is kept -------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LECTURE643_PROGRESS", str(tmp_path / "progress.json"))
    yield
    logbook.clear()


@pytest.mark.usefixtures("kept")
def test_what_is_right_is_kept_once_with_the_function_and_the_tries() -> None:
    check = exercises.ACCURACY
    check._tried = check._hinted = 0
    assert not check.solved
    check.check(lambda *_: ...)
    check.check(check.slips[0][1])
    assert not check.solved
    check.hint()
    check.check(accuracy_in_a_loop)
    assert check.solved
    entry = logbook.noted("homework", "ACCURACY")
    assert entry
    assert (entry["tries"], entry["hints"], entry["notebook"]) == (2, 1, "07")
    assert entry["statements"] == ["4.5", "F13"]
    assert entry["code"].startswith("def accuracy_in_a_loop(")
    check.check(accuracy_on_a_copy)
    check.check(check.slips[0][1])
    assert logbook.noted("homework", "ACCURACY") == entry


@pytest.mark.usefixtures("kept")
def test_a_homework_without_a_name_is_not_kept() -> None:
    Exercise(lambda x: 2 * x, [(1.0,)], ["a"]).check(lambda x: 2 * x)
    assert logbook.pages() == {}
