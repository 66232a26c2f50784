"""The words of a reply: which case, what it should be, what came instead."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lecture643.maths.checks import Floats
from lecture643.maths.text import apart, written

Named = Callable[[tuple[int, ...]], str]  # how an entry is called
Spelled = Callable[[Any, Any], tuple[str, str]]  # how two answers are written, so that they look different


def case_words(names: Sequence[str], case: Sequence[Any]) -> str:
    """w = (−1, 0.5), y = 1."""
    return ", ".join(f"{name} = {written(value)}" for name, value in zip(names, case, strict=True))


def listed(names: Sequence[str], last: str = "and") -> str:
    """w, x and y."""
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def off(answer: Floats, expected: Floats) -> list[tuple[int, ...]]:
    """The entries that differ; of the shapes we know already that they are equal."""
    return [tuple(map(int, at)) for at in np.argwhere(~np.isclose(answer, expected, rtol=1e-6, atol=1e-12))]


def entry(at: tuple[int, ...]) -> str:
    """An entry as the slides count, from 1."""
    return f"row {at[0] + 1}, column {at[1] + 1}" if len(at) == 2 else f"component {at[0] + 1}"


def difference(answer: Floats, expected: Floats, named: Named = entry, spelled: Spelled = apart) -> str:
    """How an answer differs from the expected one, in words; empty where it does not."""
    if answer.shape != expected.shape:
        return _other_shape(answer, expected)
    wrong = off(answer, expected)
    if not wrong:
        return ""
    count = f"{len(wrong)} of {answer.size} entries differ"
    if answer.size > 4:
        should, yours = spelled(expected[wrong[0]], answer[wrong[0]])
        return f"{named(wrong[0])} should be {should}, yours is {yours} ({count})."
    should, yours = spelled(expected, answer)
    which = "" if len(wrong) == answer.size else f" ({named(wrong[0])} differs)"
    if 1 < len(wrong) < answer.size:
        which = f" ({count}, the first is {named(wrong[0])})"
    return f"it should be {should}, yours is {yours}{which}."


def truth(one: Any, other: Any) -> tuple[str, str]:
    """Two answers to a question of yes or no, as Python writes them."""

    def spelled(value: Any) -> str:
        return str(bool(value)) if not np.ndim(value) and value in (0, 1) else written(value)

    return spelled(one), spelled(other)


def _other_shape(answer: Floats, expected: Floats) -> str:
    it_should = f"it should be {_shape(expected)}, yours is {_shape(answer)}"
    if not answer.ndim:
        shape = expected.shape if expected.ndim > 1 else expected.size
        zeros = "" if answer else f" (np.zeros({shape}) is an array of zeros)"
        array = _shape(expected) if expected.size > 9 else f"the array {written(expected)}"
        return f"it should be {array}, yours is the number {written(answer)}{zeros}."
    if answer.size == expected.size and not off(answer.reshape(expected.shape), expected):
        return f"the numbers are right, but {it_should}."
    if answer.shape == expected.shape[::-1]:
        return f"rows and columns are exchanged: {it_should}."
    return f"{it_should}."


def _shape(array: Floats) -> str:
    if not array.ndim:
        return "a single number"
    return f"an array of {'×'.join(map(str, array.shape))} number{'s' * (array.size != 1)}"


def capital(sentence: str) -> str:
    """With a large first letter."""
    return sentence[:1].upper() + sentence[1:]
