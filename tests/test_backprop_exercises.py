"""Homework 3.4, layer 1, 3.8 and 3.9: right answers in other forms, and every slip told in its own words."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture643 import exercises
from lecture643.homework.exercise import Exercise, Function
from lecture643.maths.network import MLP

HOMEWORK = {
    name: getattr(exercises, name) for name in ("SECOND_ROW", "LAYER_1", "MATRIX_EXPRESSION", "BIASES")
}
SLIPS = [(name, words, wrong) for name, e in HOMEWORK.items() for words, wrong in e.slips]


def verdict(exercise: Exercise, attempt: Function, capsys: pytest.CaptureFixture) -> str:
    exercise.check(attempt)
    return capsys.readouterr().out.strip()


@pytest.mark.parametrize(("name", "words", "wrong"), SLIPS, ids=[f"{n}: {w[:40]}" for n, w, _ in SLIPS])
def test_every_slip_is_told(name: str, words: str, wrong: Function, capsys: pytest.CaptureFixture) -> None:
    first, case = verdict(HOMEWORK[name], wrong, capsys).split("\n")
    assert first == f"Not yet: {words}"
    assert case.startswith("For ")  # with the numbers to look at


@pytest.mark.parametrize("name", HOMEWORK)
def test_untouched_and_right_answers(name: str, capsys: pytest.CaptureFixture) -> None:
    exercise = HOMEWORK[name]
    assert verdict(exercise, lambda *_: ..., capsys) == "Not attempted yet."
    assert verdict(exercise, exercise.reference, capsys) == "Right."
    exercise.solution()
    assert "return" in capsys.readouterr().out
    assert len(exercise.hints) >= 3


@given(st.integers(0, 1000))
def test_the_solutions_are_what_backprop_computes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mlp, x, y = MLP.random((2, 2, 2, 1), seed, scale=1.0), rng.normal(size=2), rng.random()
    (z, a), g = mlp.forward(x), mlp.backprop(x, y)
    W = [None, *mlp.weights]
    phi_prime = [None, *g.phi_prime]
    row = exercises.second_row(2 * (a[3][0] - y), z[3], W[3], z[2], a[1])
    assert row == pytest.approx(g.weights[1][1], rel=1e-9, abs=1e-15)
    whole = exercises.layer_1(phi_prime[2] * g.delta[1], W[2], z[1], x)
    assert whole == pytest.approx(g.weights[0], rel=1e-9, abs=1e-15)
    for ell in (1, 2, 3):
        gradient = exercises.weight_gradient(ell, W, phi_prime, g.delta[-1], a)
        assert gradient == pytest.approx(g.weights[ell - 1], rel=1e-9, abs=1e-15)
    deep = MLP.random((3, 4, 2), seed, scale=1.0, biases=True)
    batch, labels = rng.normal(size=(5, 3)), rng.random((5, 2))
    g = deep.backprop(batch, labels)
    for phi, delta, bias in zip(g.phi_prime, g.delta, g.biases, strict=True):
        assert exercises.bias_gradient(phi, delta) == pytest.approx(bias, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "attempt"),
    [
        (
            "SECOND_ROW",
            lambda d, z3, W3, z2, a1: [
                d * s(z3[0]) * (1 - s(z3[0])) * W3[0][1] * s(z2[1]) * s(-z2[1]) * a for a in a1
            ],
        ),
        ("LAYER_1", lambda d, W2, z1, x: ((W2.T @ d) * s(z1) * s(-z1))[:, None] * x),
        (
            "MATRIX_EXPRESSION",
            lambda ell, W, p, d, a: (
                np.diag(p[ell])
                @ np.linalg.multi_dot(
                    [
                        np.eye(len(p[ell])),
                        *(W[m].T @ np.diag(p[m]) for m in range(ell + 1, 4)),
                        np.eye(len(d)),
                    ]
                )
                @ d[:, None]
                @ a[ell - 1][None]
            ),
        ),
        ("BIASES", lambda p, delta: np.einsum("si,si->i", p, delta)),
    ],
)
def test_right_answers_may_look_otherwise(
    name: str, attempt: Callable, capsys: pytest.CaptureFixture
) -> None:
    assert verdict(HOMEWORK[name], attempt, capsys) == "Right."


def s(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))
