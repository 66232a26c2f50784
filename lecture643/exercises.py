"""The homework of the slides: `check` a function of one's own, ask for a `hint`, see the `solution`.

The solution that is printed is the source of the very function that `check` compares with
and that the tests run.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lecture643.checks import Floats
from lecture643.descent import gradient_mistake

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


# --- 2.9, the perceptron ------------------------------------------------------------------------


def perceptron_subgradient(w: Floats, x: Floats, y: float) -> Floats:
    """A subgradient at w of max(0, −y w·x), for one sample x (d,) with label y = −1 or +1.

    Where −y w·x > 0 the sample is wrong and the function is −y w·x, whose gradient is −yx. Where it is right
    the function is 0, and so is its gradient. On the kink between the two the perceptron takes −yx.
    A step of length 1 against it is the perceptron's update, w ← w + yx.
    """
    wrong = y * (w @ x) <= 0
    return -y * x if wrong else 0 * x


def _samples() -> list[tuple[Floats, Floats, float]]:
    """Right, wrong and tied samples of both labels."""
    weights = np.array([[-1.0, 0.5], [1.0, 0.25], [0.0, 0.0], [-1.0, 1.0]])
    points = (([-3.0, -3.0], 1.0), ([4.0, 4.0], -1.0), ([2.0, -5.0], -1.0))
    return [(w, np.array(x), y) for w in weights for x, y in points]


PERCEPTRON = Exercise(
    reference=perceptron_subgradient,
    cases=_samples(),
    hints=[
        "Two cases: which of 0 and −y w·x is the larger one when the sample is right, and when it is wrong?",
        "−y w·x is linear in w, so its gradient does not depend on w.",
        "Right (y w·x > 0): 0, as an array like x. Wrong, or on the line (y w·x ≤ 0): −yx.",
    ],
    slips=[
        (
            "the sign is the other way round: this is the update, and the subgradient is its negative.",
            lambda w, x, y: -perceptron_subgradient(w, x, y),
        ),
        (
            "the label is missing: the slope of −y w·x is −yx.",
            lambda w, x, y: -x if y * (w @ x) <= 0 else 0 * x,
        ),
        ("a right sample has slope 0; yours moves w for every sample.", lambda w, x, y: -y * x),
        (
            "this moves w where the sample is right; mind the sign of y w·x.",
            lambda w, x, y: -y * x * (y * (w @ x) > 0),
        ),
        (
            "on the line, y w·x = 0, the perceptron counts a sample as wrong: else it never leaves w = 0.",
            lambda w, x, y: -y * x if y * (w @ x) < 0 else 0 * x,
        ),
    ],
)
