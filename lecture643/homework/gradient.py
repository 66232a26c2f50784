"""Is this the gradient of f? Any function, any point; central differences are the judge."""

from numpy.typing import ArrayLike

from lecture643.homework.attempt import Function, run
from lecture643.homework.diagnosis import misfit
from lecture643.maths.checks import finite_array
from lecture643.maths.slopes import gradient_mistake
from lecture643.maths.text import written


def check_gradient(f: Function, gradient: Function, at: ArrayLike) -> None:
    """Print whether `gradient` is the gradient of `f` at the point `at` (d,), or which component is off.

    f: x -> a number; gradient: x -> (d,), for one point x.
    Slide: "High Dimensional Representation - Notations".
    """
    try:
        print(_gradient_verdict(f, gradient, at))
    except KeyboardInterrupt:
        print("You stopped the check before your function had answered.")


def _gradient_verdict(f: Function, gradient: Function, at: ArrayLike) -> str:
    try:
        point = finite_array("at", at, (None,))
    except ValueError as failure:
        return f"Not yet: {failure}."
    in_place = ""
    for name, function in (("f", f), ("gradient", gradient)):
        if trouble := misfit(function, ["x"]):
            return f"Not yet: {name} does not fit; {trouble}"
        (outcome,) = run(function, [(point,)])
        if outcome.untouched:
            return "Not attempted yet."
        if outcome.answer is None:
            return f"Not yet: in {name}, for x = {written(point)} {outcome.trouble}"
        if name == "f" and outcome.answer.ndim:
            return f"Not yet: f should return one number, yours returns {written(outcome.answer)}."
        if outcome.changed:
            in_place = f"{name} changed x in place; work on a copy, x.copy()."
    found: list[str] = []
    (outcome,) = run(lambda: found.append(gradient_mistake(f, gradient, point)), [()], student=f)
    if not found:
        return f"Not yet: around x = {written(point)} {outcome.trouble}"
    if found[0]:
        return f"Not yet: {found[0]}." + (f" Besides, {in_place}" if in_place else "")
    agree = "the one component agrees" if point.size == 1 else f"all {point.size} components agree"
    agree += f" at x = {written(point)}"
    return f"Not yet: {agree}, but {in_place}" if in_place else f"Right: {agree}."
