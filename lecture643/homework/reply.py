"""The words of a reply: which case, what it should be, what came instead."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lecture643.maths.checks import Floats
from lecture643.maths.text import apart, written


def case_words(names: Sequence[str], case: Sequence[Any]) -> str:
    """w = (−1, 0.5), y = 1."""
    return ", ".join(f"{name} = {written(value)}" for name, value in zip(names, case, strict=True))


def listed(names: Sequence[str], last: str = "and") -> str:
    """w, x and y."""
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def off(answer: Floats, expected: Floats) -> list[tuple[int, ...]]:
    """The entries that differ; of the shapes we know already that they are equal."""
    return [tuple(map(int, at)) for at in np.argwhere(~np.isclose(answer, expected, rtol=1e-6, atol=1e-12))]


def difference(answer: Floats, expected: Floats) -> str:
    """How an answer differs from the expected one, in words; empty where it does not."""
    if answer.shape != expected.shape:
        return _other_shape(answer, expected)
    wrong = off(answer, expected)
    if not wrong:
        return ""
    count = f"{len(wrong)} of {answer.size} entries differ"
    if answer.size > 4:
        should, yours = apart(expected[wrong[0]], answer[wrong[0]])
        return f"{entry(wrong[0])} should be {should}, yours is {yours} ({count})."
    should, yours = apart(expected, answer)
    which = "" if len(wrong) == answer.size else f" ({entry(wrong[0])} differs)"
    if 1 < len(wrong) < answer.size:
        which = f" ({count}, the first is {entry(wrong[0])})"
    return f"it should be {should}, yours is {yours}{which}."


def entry(at: tuple[int, ...]) -> str:
    """An entry as the slides count, from 1."""
    return f"row {at[0] + 1}, column {at[1] + 1}" if len(at) == 2 else f"component {at[0] + 1}"


def _other_shape(answer: Floats, expected: Floats) -> str:
    it_should = f"it should be {_shape(expected)}, yours is {_shape(answer)}"
    if not answer.ndim:
        shape = expected.shape if expected.ndim > 1 else expected.size
        zeros = "" if answer else f" (np.zeros({shape}) is an array of zeros)"
        return f"it should be the array {written(expected)}, yours is the number {written(answer)}{zeros}."
    if answer.size == expected.size and not off(answer.reshape(expected.shape), expected):
        return f"the numbers are right, but {it_should}."
    if answer.shape == expected.shape[::-1]:
        return f"rows and columns are exchanged: {it_should}."
    return f"{it_should}."


def _shape(array: Floats) -> str:
    return f"an array of {'×'.join(map(str, array.shape))} numbers" if array.ndim else "a single number"


def capital(sentence: str) -> str:
    """With a large first letter."""
    return sentence[:1].upper() + sentence[1:]
