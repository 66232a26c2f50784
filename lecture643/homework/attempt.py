"""A student's function is run: on copies of its arguments, for a few seconds, with its prints caught.

Whatever it does instead of answering is told in words, and nothing of this package is shown.
"""

import _thread
import ctypes
import inspect
import io
import linecache
import reprlib
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from contextvars import copy_context
from copy import deepcopy
from dataclasses import dataclass, replace
from numbers import Real
from threading import Event
from time import monotonic
from types import FrameType
from typing import Any

import numpy as np

from lecture643.homework.reply import entry
from lecture643.maths.checks import Floats

Function = Callable[..., Any]
Case = Sequence[Any]  # the arguments of one call
Reader = Callable[[Any], "Outcome"]  # of what is returned

SECONDS = 3.0  # that one call may take


@dataclass(frozen=True)
class Outcome:
    """What came of one call."""

    answer: Floats | None = None
    trouble: str = ""  # why there is no answer
    untouched: bool = False  # the cell's own "..." came back
    changed: tuple[int, ...] = ()  # the arguments that were changed in place, counted from 0
    printed: str = ""
    endless: bool = False  # it was given up


def run(
    function: Function,
    cases: Sequence[Case],
    student: Function | None = None,
    reader: Reader | None = None,
) -> list[Outcome]:
    """Call `function` once for each case, each time with fresh copies; it may do anything.

    student: whose lines are told when it goes wrong, if that is not `function` itself. reader: makes an
    `Outcome` of what is returned, as `read` does.
    When a call takes longer than `SECONDS`, its outcome is the last of the list. The calls are made in a
    thread of their own, which is the one way on every system to get away from a loop without end.
    """
    outcomes: list[Outcome] = []
    own = _globals(student or function)
    done, given_up, page = Event(), Event(), _Page()

    def work() -> None:
        try:
            for case in cases:
                outcomes.append(_call(function, case, page, own, reader or read))
                if given_up.is_set():
                    return
        finally:
            done.set()

    with redirect_stdout(page):
        thread = _thread.start_new_thread(copy_context().run, (work,))
        try:
            in_time = _wait(done, outcomes, SECONDS)
            made = list(outcomes)
            if in_time and len(made) == len(cases):
                return made
            frame = sys._current_frames().get(thread)
            place = _place(own, traceback.walk_stack(frame) if frame else ())
        finally:
            given_up.set()
            ended = done.is_set() or _stop(thread, done)
    return [*made, Outcome(trouble=_endless_told(place, ended), endless=True)]


def _endless_told(place: str, ended: bool) -> str:
    told = f"your function did not end within {SECONDS:g} seconds{place}. Is there a loop without an end?"
    return told if ended else f"{told} It could not be stopped; restart the kernel to be rid of it."


_endless: list[Function] = []  # they are not called again


def run_again(call: Function, student: Function, reader: Reader | None = None) -> Outcome:
    """One call for a view, where the hand may ask for many: what once did not end is not called again.

    call: without arguments, calls `student`.
    """
    if any(student is each for each in _endless):
        return Outcome(trouble="your function did not end before, so it is not called again.", endless=True)
    (outcome,) = run(call, [()], student, reader)
    if outcome.endless:
        _endless.append(student)
    return outcome


def _wait(done: Event, outcomes: Sequence[Outcome], seconds: float) -> bool:
    """Whether all is done, with no single call longer than `seconds`."""
    count, since = 0, monotonic()
    while not done.wait(0.05):  # short waits, as Windows cannot interrupt a long one
        if len(outcomes) > count:
            count, since = len(outcomes), monotonic()
        elif monotonic() - since > seconds:
            return False
    return True


def _stop(thread: int, done: Event) -> bool:
    """Raise SystemExit in the thread, more than once as a bare `except` may catch it. Whether it ended."""
    for _ in range(100):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(SystemExit))
        if done.wait(0.01):
            return True
    return False


class _Page(io.StringIO):
    """What was printed, as far as one would read it: a loop without end may print without end."""

    def write(self, text: str) -> int:
        return super().write(text) if self.tell() < 10_000 else len(text)


def _call(function: Function, case: Case, page: _Page, own: Any, reader: Reader) -> Outcome:
    given, start = deepcopy(tuple(case)), page.tell()
    try:
        with np.errstate(all="ignore"):  # nan and inf are told of in the reply
            outcome = reader(function(*given))
    except BaseException as failure:  # sys.exit(), too
        what = traceback.format_exception_only(failure)[-1].strip().removeprefix("__main__.")
        steps = reversed(list(traceback.walk_tb(failure.__traceback__)))
        outcome = Outcome(trouble=f"your function stopped with {what[:200]}{_place(own, steps)}.")
    changed = tuple(i for i, pair in enumerate(zip(given, case, strict=True)) if not _same(*pair))
    printed = page.getvalue()[start:]
    if printed and outcome.trouble == NOTHING:
        outcome = Outcome(trouble="your function prints and returns nothing: write return in place of print.")
    return replace(outcome, changed=changed, printed=printed)


def _globals(function: Function) -> Any:
    """By which the student's own code is told from ours: all cells of a notebook share them."""
    return getattr(inspect.unwrap(function), "__globals__", None)


def _place(own: Any, steps: Iterable[tuple[FrameType, int]]) -> str:
    """The first of the steps, from the innermost out, that lies in the student's own code."""
    for frame, line in steps:
        code = frame.f_code
        if frame.f_globals is own:
            text = linecache.getline(code.co_filename, line, frame.f_globals).strip()
            of = "" if code.co_name.startswith("<") else f" of {code.co_name}"
            return f", in line {line - code.co_firstlineno + 1}{of}" + (f", `{text}`" if text else "")
    return ""


def _same(after: Any, before: Any) -> bool:
    """Whether an argument is as it was. A network or a function is there to be worked with."""
    if isinstance(before, list | tuple):
        return type(after) is type(before) and len(after) == len(before) and all(map(_same, after, before))
    if isinstance(before, np.random.Generator):
        return after.bit_generator.state == before.bit_generator.state
    plain = isinstance(before, np.ndarray | Real)
    return not plain or np.array_equal(after, before)


# --- what was returned --------------------------------------------------------------------------

NOTHING = "your function returns nothing: is there a return in every branch?"


def read(returned: Any) -> Outcome:
    """The answer as an array of floats, or why it is none."""
    if _untouched(returned):
        return Outcome(trouble="your function still returns the three dots.", untouched=True)
    if returned is None:
        return Outcome(trouble=NOTHING)
    try:
        array = np.array(returned)
    except ValueError:
        return Outcome(trouble="the rows of your answer are not equally long.")
    real = array.dtype.kind in "biuf" or (
        array.dtype.kind == "O" and all(isinstance(part, Real) for part in array.flat)
    )
    if not real:
        return Outcome(trouble=f"the answer should be numbers, {_no_number(returned, array)}.")
    answer = array.astype(float)
    for at in map(tuple, np.argwhere(~np.isfinite(answer))):
        where = f"{entry(at)} of your answer" if at else "your answer"
        return Outcome(trouble=f"{where} is {answer[at]}, which is no finite number.")
    return Outcome(answer)


def _no_number(returned: Any, array: np.ndarray[Any, Any]) -> str:
    if array.dtype.kind == "U":
        return f"yours is {reprlib.repr(returned)}"
    odd = next(type(part).__name__ for part in array.flat if not isinstance(part, Real))
    return f"but there is a {odd.removesuffix('Type')} in yours"


def _untouched(returned: Any) -> bool:
    """Whether a "..." of the cell is still in it."""
    if isinstance(returned, np.ndarray) and returned.dtype == object:
        returned = list(returned.flat)
    return returned is ... or (isinstance(returned, list | tuple) and any(map(_untouched, returned)))
