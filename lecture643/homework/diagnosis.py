"""Why an answer is wrong: the likely slip, an argument that is not used, no function at all."""

import inspect
from collections.abc import Container, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from lecture643.homework.attempt import Case, Function, Reader, read, run
from lecture643.homework.reply import difference, listed
from lecture643.maths.checks import Floats

Answers = Sequence[Floats | None]


def answers(function: Function, cases: Sequence[Case], reader: Reader = read) -> list[Floats | None]:
    """Those of a function of ours, on copies; None where it has none, as a slip need not fit every shape."""
    return [_answer(function, case, reader) for case in cases]


def _answer(function: Function, case: Case, reader: Reader) -> Floats | None:
    try:
        with np.errstate(all="ignore"):
            return reader(function(*deepcopy(tuple(case)))).answer
    except (ValueError, IndexError, TypeError):
        return None


def agree(one: Floats | None, other: Floats | None) -> bool:
    """Whether both are answers, and the same."""
    return one is not None and other is not None and not difference(one, other)


def misfit(attempt: Any, names: Sequence[str]) -> str:
    """Why this is no function of the arguments, in words; empty where it is."""
    if not callable(attempt):
        return "check takes your function itself: its name, without brackets behind it."
    try:
        signature = inspect.signature(attempt)
    except (TypeError, ValueError):  # some functions of C do not tell
        return ""
    try:
        signature.bind(*names)
    except TypeError:
        own, several = list(signature.parameters), len(signature.parameters) != 1
        takes = f"{len(own)} argument{'s' * several}" + (f" ({listed(own)})" if own else "")
        return f"your function takes {takes}, but it should take {len(names)}: {listed(names)}."
    return ""


def is_slip(given: Answers, wrong: Answers, expected: Answers) -> bool:
    """Whether what was given is what a slip gives, wherever both have an answer, and not right there."""
    both = [at for at in range(len(given)) if given[at] is not None and wrong[at] is not None]
    same = all(agree(given[at], wrong[at]) for at in both)
    return same and not all(agree(wrong[at], expected[at]) for at in both)


def ignored(
    attempt: Function,
    reference: Function,
    cases: Sequence[Case],
    given: Answers,
    reader: Reader = read,
    tied: Sequence[int] = (),
) -> list[int]:
    """Which arguments the attempt takes no notice of: each in turn is taken from another case.

    tied: those that are taken together, since one of them without the other makes no sense.
    """
    found = []
    right = answers(reference, cases, reader)
    some = range(0, len(cases), max(1, len(cases) // 6))  # a few cases will do
    for i in range(len(cases[0])):
        moved = set(tied) if i in tied else {i}
        pairs = [(at, _mixed(cases[at], cases[other], moved)) for at in some for other in some]
        new = answers(reference, [mixed for _, mixed in pairs], reader)
        telling = [  # those that do change the right answer
            (at, mixed)
            for (at, mixed), answer in zip(pairs, new, strict=True)
            if answer is not None and not agree(answer, right[at])
        ]
        outcomes = run(attempt, [mixed for _, mixed in telling], reader=reader)
        same = [agree(o.answer, given[at]) for o, (at, _) in zip(outcomes, telling, strict=False)]
        if same and all(same):
            found.append(i)
    return found


def _mixed(case: Case, other: Case, moved: Container[int]) -> Case:
    return [theirs if k in moved else own for k, (own, theirs) in enumerate(zip(case, other, strict=True))]


def ignorance(attempt: Function, names: Sequence[str], which: Sequence[int]) -> str:
    """In words; empty where no argument is ignored."""
    if not which:
        return ""
    variables = _variables_outside(attempt)
    if len(which) == len(names) and not variables:
        return "your answer is the same whatever the arguments are: is it copied from the view?"
    told = f"your answer does not change when {listed([names[i] for i in which], 'or')} changes"
    instead = f"instead of the argument{'s' * (len(which) > 1)}"
    if variables:
        return f"{told}: do you use a variable of the notebook ({listed(variables)}) {instead}?"
    return f"{told}: is a factor missing, or is a number copied from the view {instead}?"


def _variables_outside(attempt: Function) -> list[str]:
    """What the function takes from the notebook, such as numbers, arrays and data; not its helpers."""
    function = inspect.unwrap(attempt)
    if not inspect.isfunction(function):
        return []
    outside = inspect.getclosurevars(function)
    found = {**outside.globals, **outside.nonlocals}
    return [name for name, value in found.items() if not (callable(value) or inspect.ismodule(value))]
