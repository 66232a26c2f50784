"""Homework: what a student is told. Wrong code is never called right, whatever it does."""

import re
import time
from collections.abc import Callable, Iterator
from queue import Empty

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jupyter_client.manager import start_new_kernel
from numpy.testing import assert_allclose

from lecture643 import draw, exercises, slopes
from lecture643.homework import attempt
from lecture643.homework.exercise import Exercise
from lecture643.maths.text import apart, number, written

PERCEPTRON, SECOND_ROW, LAYER_1 = exercises.PERCEPTRON, exercises.SECOND_ROW, exercises.LAYER_1
MATRIX, BIASES = exercises.MATRIX_EXPRESSION, exercises.BIASES
HOMEWORK = [PERCEPTRON, SECOND_ROW, LAYER_1, MATRIX, BIASES]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def slope(z: np.ndarray) -> np.ndarray:
    return sigmoid(z) * (1 - sigmoid(z))


def verdict(exercise: Exercise, function: object) -> str:
    return exercise.judge(function).words  # type: ignore[arg-type]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "SECONDS", 0.5)


# --- the parts of an exercise -------------------------------------------------------------------


def double(x: float) -> float:
    """Twice x."""
    return 2 * x


DOUBLING = Exercise(
    reference=double,
    cases=[(1.0,), (2.5,)],
    hints=["Think of two.", "Multiply by two."],
    slips=[("the sign is the other way round.", lambda x: -2 * x)],
)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (None, "Not attempted yet."),
        (lambda x: ..., "Not attempted yet."),
        (lambda x: [..., ...], "Not attempted yet."),
        (lambda x: x + x, "Right."),
        (
            lambda x: -2 * x,
            "Not yet: the sign is the other way round.\nFor x = 1 it should be 2, yours is −2.",
        ),
        (lambda x: 3 * x, "Not yet: for x = 1 it should be 2, yours is 3."),
        (lambda x: 2.00001 * x, "Not yet: for x = 1 it should be 2, yours is 2.00001."),
        (
            lambda x: [x, x],
            "Not yet: for x = 1 it should be a single number, yours is an array of 2 numbers.",
        ),
        (double(1), "Not yet: check takes your function itself: its name, without brackets behind it."),
    ],
)
def test_check(function: object, told: str, capsys: pytest.CaptureFixture) -> None:
    DOUBLING.check(function)  # type: ignore[arg-type]
    assert capsys.readouterr().out == told + "\n"


def test_hints_come_one_by_one_and_the_solution_is_the_reference(capsys: pytest.CaptureFixture) -> None:
    exercise = Exercise(double, [(1.0,)], ["a", "b"])
    for _ in range(3):
        exercise.hint()
    assert capsys.readouterr().out.split("\n")[:3] == ["Hint 1 of 2: a", "Hint 2 of 2: b", "Hint 2 of 2: b"]
    exercise.solution()
    assert "return 2 * x" in capsys.readouterr().out


# --- arguments changed in place -----------------------------------------------------------------


def adds_in_place(w: np.ndarray, x: np.ndarray, y: float) -> np.ndarray:
    w += y * x
    return w


def scales_in_place(
    de_dyhat: float, z3: np.ndarray, W3: np.ndarray, z2: np.ndarray, a1: np.ndarray
) -> object:
    a1 *= de_dyhat * slope(z3[0]) * W3[0, 1] * slope(z2[1])
    return a1


def multiplies_in_place(phi_prime: np.ndarray, delta: np.ndarray) -> np.ndarray:
    phi_prime *= delta
    return phi_prime.sum(axis=0)


def takes_layers_off(ell: int, W: list, phi_prime: list, delta_L: np.ndarray, a: list) -> np.ndarray:
    delta = delta_L
    while len(W) - 1 > ell:
        delta = W.pop().T @ (phi_prime[len(W)] * delta)
    return np.outer(phi_prime[ell] * delta, a[ell - 1])


def test_wrong_code_that_changes_its_arguments_is_never_right() -> None:
    told = [verdict(PERCEPTRON, adds_in_place) for _ in range(10)]
    assert set(told) == {
        "Not yet: for w = (1, 0.5), x = (−3, −3), y = 1 it should be (3, 3), yours is (−2, −2.5).\n"
        "Besides, you changed w in place; work on a copy, such as w.copy()."
    }
    assert verdict(PERCEPTRON, lambda w, x, y: w).startswith("Not yet")
    assert verdict(PERCEPTRON, exercises.perceptron_subgradient) == "Right."


@pytest.mark.parametrize(
    ("exercise", "function", "name"),
    [
        (SECOND_ROW, scales_in_place, "a1"),
        (BIASES, multiplies_in_place, "phi_prime"),
        (MATRIX, takes_layers_off, "W"),
    ],
)
def test_a_right_answer_in_place_is_told_both(exercise: Exercise, function: Callable, name: str) -> None:
    copy = f"you changed {name} in place; work on a copy, such as {name}.copy()."
    for _ in range(10):
        assert verdict(exercise, function) == f"Not yet: your answer is right, but {copy}"
        assert verdict(exercise, exercise.reference) == "Right."
        assert verdict(exercise, lambda *c: function(*c) * 2).endswith(f"Besides, {copy}")


def test_an_answer_that_lives_on_is_judged_as_it_was_given() -> None:
    kept = np.zeros(2)

    def returns_the_same_array(w: np.ndarray, x: np.ndarray, y: float) -> np.ndarray:
        kept[:] = exercises.perceptron_subgradient(w, x, y)
        return kept

    def adds_up(phi_prime: np.ndarray, delta: np.ndarray) -> np.ndarray:
        total.append(1)
        return (phi_prime * delta).sum(axis=0) * len(total)

    total: list[int] = []
    assert verdict(PERCEPTRON, returns_the_same_array) == "Right."
    assert verdict(BIASES, adds_up).startswith("Not yet: your function answers otherwise when asked again")


# --- the reply ----------------------------------------------------------------------------------


def test_the_first_case_is_the_one_in_the_picture() -> None:
    """Recomputed from the slide's network: W¹, W², W³, x = (1, 2), y = 1, and the four points."""
    W1, W2, W3 = (np.array(W) for W in ([[0.5, 0.3], [-0.4, 0.6]], [[1.0, -0.5], [2.0, 1.5]], [[2.0, -1.5]]))
    z1 = W1 @ [1, 2]
    z2 = W2 @ sigmoid(z1)
    z3 = W3 @ sigmoid(z2)
    delta = 2 * (sigmoid(z3) - 1)
    de_dz2 = slope(z2) * (W3.T @ (slope(z3) * delta))
    for part, here in zip(SECOND_ROW.cases[0], (delta[0], z3, W3, z2, sigmoid(z1)), strict=True):
        assert_allclose(part, here, rtol=1e-12)
    for part, here in zip(LAYER_1.cases[0], (de_dz2, W2, z1, (1, 2)), strict=True):
        assert_allclose(part, here, rtol=1e-12)
    ell, W, phi_prime, delta_L, a = MATRIX.cases[0]
    assert ell == 2
    forward = [np.array([1, 2]), sigmoid(z1), sigmoid(z2), sigmoid(z3)]
    slide = [W1, W2, W3, slope(z1), slope(z2), slope(z3), delta, *forward]
    for part, here in zip([*W[1:], *phi_prime[1:], delta_L, *a], slide, strict=True):
        assert_allclose(part, here, rtol=1e-12)
    assert_allclose(BIASES.cases[0][0] * BIASES.cases[0][1], [de_dz2], rtol=1e-12)
    samples = {(*x, y) for _, x, y in PERCEPTRON.cases[:4]}
    assert samples == {(-3, -3, 1), (-2, -2, 1), (4, 4, -1), (2, -5, -1)}
    assert all((w == (1, 0.5)).all() for w, _, _ in PERCEPTRON.cases[:4])  # where explore.perceptron starts


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (
            PERCEPTRON,
            lambda w, x, y: exercises.perceptron_subgradient(w, x, y) + (w[0] < 0) * w,
            "for w = (−1, 0.5), x = (−3, −3), y = 1 it should be (0, 0), yours is (−1, 0.5).",
        ),
        (
            LAYER_1,
            lambda *c: exercises.layer_1(*c) + np.diag([0, 1e-4]),
            "z1 = (1.1, 0.8), x = (1, 2) it should be ((−0.01402, −0.02805), (0.0228, 0.04561)), "
            "yours is ((−0.01402, −0.02805), (0.0228, 0.04571)) (∂e/∂w₂₂¹ differs).",
        ),
        (
            MATRIX,
            lambda ell, *c: exercises.weight_gradient(ell, *c) + (len(c[2]) == 3),
            "for ell = 1 in the network 3-3-3-3 with random numbers row 1, column 1 should be ",
        ),
        (
            MATRIX,
            lambda ell, *c: exercises.weight_gradient(ell, *c) + (len(c[2]) == 3),
            "(9 of 9 entries differ).",
        ),
        (
            PERCEPTRON,
            lambda w, x, y: [exercises.perceptron_subgradient(w, x, y)],
            "the numbers are right, but it should be an array of 2 numbers, yours is an array of 1×2",
        ),
        (
            PERCEPTRON,
            lambda w, x, y: -y * x if y * (w @ x) <= 0 else 0,
            "for w = (1, 0.5), x = (2, −5), y = −1 it should be the array (0, 0), yours is the number 0 "
            "(np.zeros(2) is an array of zeros).",
        ),
        (
            MATRIX,
            lambda ell, *c: np.ones((2, 1)) if ell == 3 else exercises.weight_gradient(ell, *c),
            "rows and columns are exchanged: it should be an array of 1×2 numbers, yours is an array of 2×1",
        ),
        (PERCEPTRON, lambda w, x, y: "four", "the answer should be numbers, yours is 'four'."),
        (PERCEPTRON, lambda w, x, y: ["3", "3"], "the answer should be numbers, yours is ['3', '3']."),
        (PERCEPTRON, lambda w, x, y: (v for v in x), "but there is a generator in yours."),
        (PERCEPTRON, lambda w, x, y: [3, None], "but there is a None in yours."),
        (PERCEPTRON, lambda w, x, y: 1j * x, "but there is a complex128 in yours."),
        (PERCEPTRON, lambda w, x, y: x * np.nan, "component 1 of your answer is nan, which is no finite"),
        (PERCEPTRON, lambda w, x, y: [1, 1 / np.float64(0)], "component 2 of your answer is inf"),
        (PERCEPTRON, lambda w, x, y: [[1, 2], [3]], "the rows of your answer are not equally long."),
        (PERCEPTRON, lambda w, x, y: [], "it should be an array of 2 numbers, yours is an array of 0"),
        (PERCEPTRON, lambda w, x: x, "takes 2 arguments (w and x), but it should take 3: w, x and y."),
        (PERCEPTRON, lambda: 0, "your function takes 0 arguments, but it should take 3: w, x and y."),
        (PERCEPTRON, lambda w, x, y: None, "returns nothing: is there a return in every branch?"),
        (
            PERCEPTRON,
            lambda w, x, y: -y * x if y * (w @ x) <= 0 else None,
            "for w = (1, 0.5), x = (2, −5), y = −1 your function returns nothing: is there a return",
        ),
        (PERCEPTRON, lambda w, x, y: -y * x if y * (w @ x) <= 0 else ..., "still returns the three dots."),
        (PERCEPTRON, lambda w, x, y: print(-y * x), "prints and returns nothing: write return in"),
    ],
)  # fmt: skip
def test_each_fault_has_its_sentence(exercise: Exercise, function: Callable, told: str) -> None:
    words = verdict(exercise, function)
    assert words.startswith("Not yet: ")
    assert told in words
    assert verdict(exercise, function) == words
    assert not re.search(r"(?<!\d)-\d|−0\b(?!\.)|\(\d+,\)", words)  # numbers as one writes them


def test_the_place_of_a_fault_is_kept_for_the_picture() -> None:
    told = LAYER_1.judge(lambda *c: exercises.layer_1(*c) + np.eye(2, k=-1))
    assert (told.right, told.case, told.entry) == (False, 0, (1, 0))


def test_what_a_right_function_prints_is_shown_once(capsys: pytest.CaptureFixture) -> None:
    def talkative(phi_prime: np.ndarray, delta: np.ndarray) -> np.ndarray:
        print("S =", len(delta))
        return (phi_prime * delta).sum(axis=0)

    BIASES.check(talkative)
    assert capsys.readouterr().out == "S = 1\nRight.\n"


def test_an_exception_is_told_with_its_line() -> None:
    def helper(x: np.ndarray) -> float:
        return x[7]

    def mine(w: np.ndarray, x: np.ndarray, y: float) -> float:
        z = 3
        return z + helper(x)

    words = verdict(PERCEPTRON, mine)
    assert "your function stopped with IndexError: index 7 is out of bounds" in words
    assert words.endswith("in line 2 of helper, `return x[7]`.")
    inside = verdict(PERCEPTRON, lambda w, x, y: np.linalg.solve(np.zeros((2, 2)), x))
    assert "LinAlgError: Singular matrix, in line 1, `inside = " in inside  # of numpy's lines none
    assert "SystemExit" in verdict(PERCEPTRON, lambda w, x, y: exit())


de_dz3 = 2 * (sigmoid(np.array(0.0)) - 1)  # as a notebook would have it


def test_an_argument_that_is_not_used_is_told() -> None:
    with_global = verdict(SECOND_ROW, lambda d, z3, W3, z2, a1: de_dz3 * W3[0, 1] * slope(z2[1]) * a1)
    assert with_global.startswith(
        "Not yet: your answer does not change when de_dyhat or z3 changes: do you use a variable of the "
        "notebook (de_dz3) instead of the arguments?\nFor de_dyhat = −1.095, "
    )
    copied = verdict(SECOND_ROW, lambda d, z3, W3, z2, a1: 0.068 * d * slope(z3[0]) * W3[0, 1] * a1)
    assert copied.startswith(
        "Not yet: your answer does not change when z2 changes: is a factor missing, or is a number copied "
        "from the view instead of the argument?\n"
    )
    same = verdict(SECOND_ROW, lambda d, z3, W3, z2, a1: [0.02076, 0.01909])
    assert same.startswith("Not yet: your answer is the same whatever the arguments are")


# --- loops without an end -----------------------------------------------------------------------


def spins(w: np.ndarray, x: np.ndarray, y: float) -> None:
    while True:
        pass


def sleeps(w: np.ndarray, x: np.ndarray, y: float) -> None:
    while True:
        time.sleep(0.01)


def catches(w: np.ndarray, x: np.ndarray, y: float) -> None:
    while True:
        try:
            x = x + 1
        except Exception:
            x = x - 1


def catches_all(w: np.ndarray, x: np.ndarray, y: float) -> None:
    while True:
        try:
            x = np.sin(x)
        except:  # noqa: E722
            x = -x


def multiplies(w: np.ndarray, x: np.ndarray, y: float) -> None:
    A = np.ones((300, 300)) / 300
    while True:
        A = A @ A


def prints(w: np.ndarray, x: np.ndarray, y: float) -> None:
    while True:
        print("still here")


@pytest.mark.parametrize("loop", [spins, sleeps, catches, catches_all, multiplies, prints])
@pytest.mark.usefixtures("impatient")
def test_a_loop_without_an_end_is_given_up(loop: Callable, capsys: pytest.CaptureFixture) -> None:
    begun = time.monotonic()
    PERCEPTRON.check(loop)
    assert time.monotonic() - begun < 5
    said = capsys.readouterr().out.replace("still here\n", "")
    assert "y = 1 your function did not end within 0.5 seconds, in line " in said
    assert f" of {loop.__name__}, `" in said
    assert "Is there a loop without an end?" in said
    assert verdict(PERCEPTRON, exercises.perceptron_subgradient) == "Right."


@pytest.mark.usefixtures("impatient")
def test_a_loop_that_cannot_be_stopped_is_left_behind() -> None:
    over = []

    def clings(w: np.ndarray, x: np.ndarray, y: float) -> None:
        while not over:
            try:
                time.sleep(0.05)
            except:  # noqa: E722
                x = -x

    assert verdict(PERCEPTRON, clings).endswith("restart the kernel to be rid of it.")
    over.append(True)
    assert verdict(PERCEPTRON, exercises.perceptron_subgradient) == "Right."


@pytest.mark.usefixtures("impatient")
def test_only_some_branches_need_be_endless() -> None:
    def half(w: np.ndarray, x: np.ndarray, y: float) -> np.ndarray:
        while y * (w @ x) > 0:
            pass
        return -y * x

    assert "for w = (1, 0.5), x = (2, −5), y = −1 your function did not end" in verdict(PERCEPTRON, half)


@pytest.fixture(scope="module")
def cell() -> Iterator[Callable[..., str]]:
    """Run the code in a Jupyter kernel and return all that it says; interrupt it after so many seconds."""
    manager, client = start_new_kernel()

    def run(code: str, interrupt: float | None = None) -> str:
        said, begun = [], time.monotonic()
        sent = client.execute(code)
        while time.monotonic() - begun < 60:
            if interrupt and time.monotonic() - begun > interrupt:
                manager.interrupt_kernel()
                interrupt = None
            try:
                message = client.get_iopub_msg(timeout=0.1)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            content = message["content"]
            said.append(content.get("text", "") + "\n".join(content.get("traceback", [])))
            if content.get("execution_state") == "idle":
                break
        return "".join(said)

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_in_a_notebook(cell: Callable[..., str]) -> None:
    """An endless loop, an interrupt and an exception: one sentence each, nothing of the package."""
    define = "import lecture643 as lec\ndef mine(w, x, y):\n    while True:\n        x = x + 1\n"
    assert cell(define) == ""
    check = "lec.exercises.PERCEPTRON.check(mine)"
    said = cell(check)
    assert "did not end within 3 seconds, in line " in said
    assert said.count("\n") == 1
    assert cell(check, interrupt=1) == "You stopped the check before your function had answered.\n"
    cell("z = 1\ndef mine(w, x, y):\n    print('here')\n    return z @ x")
    said = cell(check)
    assert said.startswith("here\nNot yet: for w = (1, 0.5)")
    assert said.endswith("in line 3 of mine, `return z @ x`.\n")
    cell("def mine(w, x, y):\n    return -y * x if y * (w @ x) <= 0 else 0 * x")
    assert cell(check) == "Right.\n"


# --- right answers ------------------------------------------------------------------------------


def with_a_loop(w: list, x: list, y: int) -> list:
    margin = 0.0
    for i in range(len(x)):
        margin += w[i] * x[i]
    if y * margin > 0:
        return [0] * len(x)
    answer = []
    for entry in x:
        answer.append(-y * entry)
    return answer


def on_a_copy(w: np.ndarray, x: np.ndarray, y: float) -> np.ndarray:
    answer = x.copy()
    answer *= -y
    if y * w.dot(x) > 0:
        answer[:] = 0
    return answer


@pytest.mark.parametrize(
    "function",
    [
        with_a_loop,
        on_a_copy,
        lambda w, x, y: -y * x * (y * (w @ x) <= 0),
        lambda weights, sample, label: tuple(int(-label * v) if label * (weights @ sample) <= 0 else 0 for v in sample),  # noqa: E501
        lambda *all_three: [np.array(v) for v in exercises.perceptron_subgradient(*all_three)],
        lambda w, x, y=1.0: np.where(y * (w @ x) <= 0, -y, 0) * x,
    ],
)  # fmt: skip
def test_right_answers_in_every_style(function: Callable) -> None:
    assert [verdict(PERCEPTRON, function) for _ in range(3)] == ["Right."] * 3


def test_a_right_number_may_be_of_any_kind() -> None:
    for kind in (float, np.float64, np.float32, np.array, lambda x: int(x) if x == int(x) else x):
        assert verdict(DOUBLING, lambda x, kind=kind: kind(2 * x)) == "Right."


# --- wrong answers ------------------------------------------------------------------------------

POWERS = st.tuples(*[st.integers(0, 2)] * 5)


@given(POWERS.filter(lambda powers: powers != (1, 1, 1, 1, 1)), st.sampled_from([-1, 0.5, 1]))
def test_a_product_of_other_factors_is_never_right(powers: tuple[int, ...], scale: float) -> None:
    def wrong(d: float, z3: np.ndarray, W3: np.ndarray, z2: np.ndarray, a1: np.ndarray) -> np.ndarray:
        factors = (d, slope(z3[0]), W3[0, 1], slope(z2[1]), a1)
        return scale * np.prod([f**p * np.ones(2) for f, p in zip(factors, powers, strict=True)], axis=0)

    assert verdict(SECOND_ROW, wrong).startswith("Not yet: ")


@settings(max_examples=40)
@given(st.integers(0, 4), st.integers(0, 10**6), st.sampled_from([1e-4, 0.01, 1.0]), st.booleans())
def test_one_entry_off_is_never_right(which: int, seed: int, by: float, in_place: bool) -> None:
    exercise = HOMEWORK[which]

    def wrong(*case: object) -> np.ndarray:
        answer = np.array(exercise.reference(*case), dtype=float)
        answer.flat[seed % answer.size] += by
        if in_place:
            next(part for part in case if isinstance(part, np.ndarray))[...] = answer.flat[0]
        return answer

    for _ in range(2):
        told = exercise.judge(wrong)
        assert not told.right
        assert told.entry is not None
    assert exercise.judge(exercise.reference).right


# --- gradients ----------------------------------------------------------------------------------


def gradient_told(f: Callable, gradient: Callable, at: object, capsys: pytest.CaptureFixture) -> str:
    exercises.check_gradient(f, gradient, at)  # type: ignore[arg-type]
    return capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    ("f", "gradient", "at", "told"),
    [
        (
            lambda x: 1e8 * x[0] + x[1],
            lambda x: [1e8, 50],
            (1, 1),
            "Not yet: component 2, ∂f/∂x₂, is off at x = (1, 1): yours is 50, central differences give 1.",
        ),
        (lambda x: 1e8 * x[0] + x[1], lambda x: [1e8, 1], (1, 1), "Right: all 2 components agree"),
        (
            lambda x: abs(x[0]) + x[1] ** 2,
            lambda x: [0, 2 * x[1]],
            (0, 2),
            "Not yet: ∂f/∂x₁ does not exist at x = (0, 2): there f has a kink, with the slope −1 on one "
            "side and 1 on the other.",
        ),
        (lambda x: np.maximum(0, x[0]), lambda x: [1], (0,), "the slope 0 on one side and 1 on the other."),
        (lambda x: abs(x[0]), lambda x: np.sign(x), (1e-6,), "Right: the one component agrees"),
        (lambda x: x[0] * abs(x[0]), lambda x: 2 * abs(x), (0,), "Right"),
        (lambda x: np.sqrt(abs(x[0])), lambda x: [0], (0,), "does not exist"),
        (lambda x: np.floor(x[0]), lambda x: [0], (1,), "the difference quotients of f do not settle there."),
        (lambda x: np.sin(x[0]) + x[1] ** 3, lambda x: [np.cos(x[0]), 3 * x[1] ** 2], (1000, 1000), "Right"),
        (lambda x: np.sin(x[0]), lambda x: [np.cos(x[0]) + 1e-5], (1000,), "component 1"),
        (lambda x: np.sin(200 * np.pi * x[0]), lambda x: [0], (0,), "component 1"),
        (lambda x: x, lambda x: x, (1, 2), "Not yet: f should return one number, yours returns (1, 2)."),
        (lambda x: 1, lambda x, y: x, (1, 2), "takes 2 arguments (x and y), but it should take 1: x."),
        (lambda x: 1, [2, 1], (1, 2), "check takes your function itself"),
        (lambda x: x[2], lambda x: x, (1, 2), "in f, for x = (1, 2) your function stopped with IndexError"),
        (lambda x: x[0], lambda x: print(x), (1, 2), "prints and returns nothing"),
        (lambda x: x[0], lambda x: x, (1, np.nan), "Not yet: at must hold finite numbers"),
    ],
)  # fmt: skip
def test_check_gradient(
    f: Callable, gradient: Callable, at: object, told: str, capsys: pytest.CaptureFixture
) -> None:
    assert told in gradient_told(f, gradient, at, capsys)


@pytest.mark.usefixtures("impatient")
def test_check_gradient_survives_what_a_function_does(capsys: pytest.CaptureFixture) -> None:
    def moves_x(x: np.ndarray) -> float:
        x += 1
        return x[0] ** 2

    def picky(x: np.ndarray) -> float:
        if x[0] != 1:
            raise RuntimeError("only at 1")
        return x[0]

    def endless(x: np.ndarray) -> float:
        while True:
            pass

    for _ in range(3):
        said = gradient_told(moves_x, lambda x: 2 * (x + 1), (1.0,), capsys)
        assert said.endswith("agrees at x = (1), but f changed x in place; work on a copy, x.copy().")
        assert "component 1" in gradient_told(moves_x, lambda x: 2 * x, (1.0,), capsys)
    said = gradient_told(picky, lambda x: [1], (1.0,), capsys)
    assert said.startswith(
        "Not yet: around x = (1) your function stopped with RuntimeError: only at 1, in line 3"
    )
    assert "did not end within 0.5 seconds" in gradient_told(endless, lambda x: x, (1,), capsys)


@given(st.floats(-1000, 1000), st.floats(-1000, 1000), st.floats(1e-4, 1), st.integers(0, 1))
def test_each_component_is_judged_by_its_own_size(x: float, y: float, by: float, i: int) -> None:
    """Of exp(x/500) + 1000 sin(y), and the same with one component off by a ten thousandth or more."""

    def f(v: np.ndarray) -> float:
        return np.exp(v[0] / 500) + 1000 * np.sin(v[1])

    right = np.array([np.exp(x / 500) / 500, 1000 * np.cos(y)])
    off = right + np.eye(2)[i] * by * max(1e-3, abs(right[i]))
    assert slopes.gradient_mistake(f, lambda _: right, (x, y)) == ""
    assert slopes.gradient_mistake(f, lambda _: off, (x, y)).startswith(f"component {i + 1},")


def test_numerical_gradient_has_the_digits_that_it_promises() -> None:
    for f, prime, at, digits in [
        (np.sin, np.cos, 1.0, 1e-10),
        (np.exp, np.exp, 0.3, 1e-10),
        (lambda x: x**3, lambda x: 3 * x**2, 1000.0, 1e-10),
        (np.sin, np.cos, 1000.0, 1e-4),
    ]:
        assert_allclose(slopes.numerical_gradient(f, at), prime(at), rtol=digits)


# --- numbers in words ---------------------------------------------------------------------------


def test_numbers_as_one_writes_them() -> None:
    assert [number(v) for v in (-0.0, -12.5, 4.479e-5, 0.43391)] == ["0", "−12.5", "4.479×10⁻⁵", "0.4339"]
    assert draw.number is number
    assert written([[1, -0.0], [2.5, 3]]) == "((1, 0), (2.5, 3))"
    assert written(np.array(3)) == "3"
    assert apart(1.000001, 1.0) == ("1.000001", "1")
