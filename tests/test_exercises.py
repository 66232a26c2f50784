"""Homework: what a student is told for a right, a wrong, a failing and an untouched answer."""

import pytest

from lecture643.homework.exercises import Exercise


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
    ("attempt", "told"),
    [
        (None, "Not attempted yet."),
        (lambda x: None, "Not attempted yet."),
        (lambda x: ..., "Not attempted yet."),
        (lambda x: x + x, "Right."),
        (lambda x: -2 * x, "Not yet: the sign is the other way round."),
        (lambda x: 3 * x, "Not yet: the value should be 2, yours is 3 (1 of 1 differ)."),
        (lambda x: [x, x], "Not yet: the answer should have shape (), yours has (2,)."),
        (lambda x: "four", "Not yet: the answer should be numbers, yours is 'four'."),
        (lambda x: x / 0, "Your function stopped with ZeroDivisionError: float division by zero"),
    ],
)
def test_check(attempt: object, told: str, capsys: pytest.CaptureFixture) -> None:
    DOUBLING.check(attempt)  # type: ignore[arg-type]
    assert capsys.readouterr().out == told + "\n"


def test_hints_come_one_by_one_and_the_solution_is_the_reference(capsys: pytest.CaptureFixture) -> None:
    exercise = Exercise(double, [(1.0,)], ["a", "b"])
    for _ in range(3):
        exercise.hint()
    assert capsys.readouterr().out.split("\n")[:3] == ["Hint 1 of 2: a", "Hint 2 of 2: b", "Hint 2 of 2: b"]
    exercise.solution()
    assert "return 2 * x" in capsys.readouterr().out
