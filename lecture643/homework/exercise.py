"""How homework is checked: `check` a function of one's own, ask for a `hint`, see the `solution`.

The solution that is printed is the source of the very function that `check` compares with
and that the tests run.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lecture643.maths.slopes import gradient_mistake

Function = Callable[..., Any]


@dataclass
class Exercise:
    """One homework.

    reference: the solution. cases: the arguments that it is tried on.
    hints: from gentle to plain. slips: what is typically got wrong, as (in words, the wrong function).
    """

    reference: Function
    cases: Sequence[tuple[Any, ...]]
    hints: Sequence[str]
    slips: Sequence[tuple[str, Function]] = ()
    _hinted: int = field(default=0, init=False)

    def check(self, attempt: Function | None) -> None:
        """Print whether `attempt` is right, and if it is not, the likely slip."""
        print(self._verdict(attempt))

    def hint(self) -> None:
        """Print the next hint; after the last one, the last again."""
        number = min(self._hinted, len(self.hints) - 1)
        self._hinted += 1
        print(f"Hint {number + 1} of {len(self.hints)}: {self.hints[number]}")

    def solution(self) -> None:
        """Print the source of the reference solution."""
        print(inspect.getsource(self.reference))

    def _verdict(self, attempt: Function | None) -> str:
        if attempt is None:
            return "Not attempted yet."
        try:
            answers = [attempt(*case) for case in self.cases]
        except Exception as failure:  # a student's function may do anything
            return f"Your function stopped with {type(failure).__name__}: {failure}"
        if all(answer is None or answer is ... for answer in answers):
            return "Not attempted yet."
        expected = [self.reference(*case) for case in self.cases]
        if _agree(answers, expected):
            return "Right."
        for words, wrong in self.slips:
            if _agree(answers, [wrong(*case) for case in self.cases]):
                return f"Not yet: {words}"
        return "Not yet: " + next(filter(None, map(_difference, answers, expected)))


def _agree(answers: Sequence[Any], expected: Sequence[Any]) -> bool:
    return all(_difference(a, e) == "" for a, e in zip(answers, expected, strict=True))


def _difference(answer: Any, expected: Any) -> str:
    """Where an answer differs, in words; empty where it does not."""
    try:
        answer, expected = np.asarray(answer, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return f"the answer should be numbers, yours is {answer!r}."
    if answer.shape != expected.shape:
        return f"the answer should have shape {expected.shape}, yours has {answer.shape}."
    off = np.argwhere(~np.isclose(answer, expected, rtol=1e-6, atol=1e-12))
    if not len(off):
        return ""
    at = tuple(int(i) for i in off[0])
    where, count = f"entry {at}" if at else "the value", f"{len(off)} of {answer.size} differ"
    return f"{where} should be {expected[at]:.6g}, yours is {answer[at]:.6g} ({count})."


def check_gradient(f: Function, gradient: Function, at: ArrayLike) -> None:
    """Print whether `gradient` is the gradient of `f` at the point `at` (d,), or which component is off.

    f: x -> a number; gradient: x -> (d,), for one point x.
    Slide: "High Dimensional Representation - Notations".
    """
    print(_gradient_verdict(f, gradient, at))


def _gradient_verdict(f: Function, gradient: Function, at: ArrayLike) -> str:
    try:
        point = np.array(at, dtype=float)
        answer = gradient(point.copy())
        if (
            answer is None
            or answer is ...
            or any(part is ... for part in np.ravel(np.array(answer, dtype=object)))
        ):
            return "Not attempted yet."
        mistake = gradient_mistake(f, gradient, point)
    except ValueError as failure:
        return f"Not yet: {failure}."
    except Exception as failure:  # a student's function may do anything
        return f"Your function stopped with {type(failure).__name__}: {failure}"
    return (
        f"Not yet: {mistake}."
        if mistake
        else f"Right: all {point.size} components agree at x = {point.tolist()}."
    )
