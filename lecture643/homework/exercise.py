"""A homework: `check` a function of one's own, ask for a `hint`, see the `solution`.

The solution that is printed is the source of the very function that `check` compares with
and that the tests run.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lecture643 import checked, logbook
from lecture643.checked import Checked, Place
from lecture643.homework import diagnosis
from lecture643.homework.attempt import Case, Function, Outcome, Reader, read, run
from lecture643.homework.reply import Spelled, capital, case_words, difference, entry, listed, off
from lecture643.maths.checks import Floats
from lecture643.maths.text import apart


@dataclass(frozen=True)
class Verdict:
    """What is said of an attempt.

    printed: by the attempt, for the first case. case, entry: where it goes wrong first, both from 0.
    place: where the number that is off can be seen, if it is one of the lecture's own; pointed: what is said
    of it there. endless: it did not end, and should not be called again.
    """

    words: str
    right: bool = False
    printed: str = ""
    case: int | None = None
    entry: tuple[int, ...] | None = None
    place: Place | None = None
    pointed: str = ""
    endless: bool = False


@dataclass
class Exercise:
    """One homework.

    reference: the solution. cases: the arguments that it is tried on; first the lecture's own numbers.
    hints: from gentle to plain. slips: what is typically got wrong, as (in words, the wrong function).
    tell: how a case is told where it is too long to be written out. spelled: how two answers are, where they
    are no numbers to the student. reader: makes numbers of what is returned, where it is something else.
    tied: arguments that belong together, such as a w that is no minimum of E, and the gradient of E.
    place: of a case and an entry, how that number is called and where it is to be seen, if it is.
    name, title, notebook ("01" to "07"), statements: which homework of the lecture it is. minutes,
    difficulty: what to expect.
    """

    reference: Function
    cases: Sequence[Case]
    hints: Sequence[str]
    slips: Sequence[tuple[str, Function]] = ()
    tell: Callable[..., str] | None = None
    spelled: Spelled = apart
    reader: Reader = read
    tied: Sequence[str] = ()
    place: Callable[[int, tuple[int, ...]], Place | None] = lambda case, at: None
    name: str = ""
    title: str = ""
    notebook: str = ""
    statements: Sequence[str] = ()
    minutes: int = 0
    difficulty: str = ""
    _hinted: int = field(default=0, init=False)
    _tried: int = field(default=0, init=False)

    def check(self, attempt: Function | None) -> None:
        """Print whether `attempt` is right, and if it is not, the likely slip.

        What is right is kept in the logbook; open views show the number that is off.
        """
        try:
            verdict = self.judge(attempt)
            print(verdict.printed + verdict.words + self._announce(attempt, verdict))
        except KeyboardInterrupt:
            print("You stopped the check before your function had answered.")

    def hint(self) -> None:
        """Print the next hint; after the last one, the last again."""
        number = min(self._hinted, len(self.hints) - 1)
        self._hinted += 1
        print(f"Hint {number + 1} of {len(self.hints)}: {self.hints[number]}")

    def solution(self) -> None:
        """Print the source of the reference solution."""
        print(inspect.getsource(self.reference))

    @property
    def solved(self) -> bool:
        """Whether the logbook has it."""
        return bool(self.name and logbook.noted("homework", self.name))

    @property
    def names(self) -> list[str]:
        """The names of the arguments."""
        return list(inspect.signature(self.reference).parameters)

    def judge(self, attempt: Function | None) -> Verdict:
        """What is to be said of an attempt, the same however often one asks."""
        if attempt is None:
            return self._untouched()
        if misfit := diagnosis.misfit(attempt, self.names):
            return Verdict(f"Not yet: {misfit}")
        cases = self.asked()
        outcomes = run(attempt, cases, reader=self.reader)
        if all(outcome.untouched for outcome in outcomes):
            return self._untouched()
        return self.weigh(attempt, cases, outcomes)

    # --- what other kinds of homework do otherwise ------------------------------------------------

    def asked(self) -> Sequence[Case]:
        """The cases; the first twice, as a function may remember something."""
        return [*self.cases, self.cases[0]]

    def weigh(self, attempt: Function, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Verdict:
        """Compare what the attempt has answered with what the reference answers."""
        expected = diagnosis.answers(self.reference, cases, self.reader)
        printed, in_place = outcomes[0].printed, self._in_place(outcomes)
        spots = [self._spot(i, *pair) for i, pair in enumerate(zip(outcomes, expected, strict=False))]
        at = next((i for i, spot in enumerate(spots) if spot.fault), None)
        if at is None:
            words = f"Not yet: your answer is right, but {in_place}." if in_place else "Right."
            return Verdict(words, not in_place, printed)
        spot = spots[at]
        told = f"for {self.told(cases[at])} {spot.fault}"
        if why := self._why(attempt, cases, outcomes, expected):
            told = f"{why}\n{capital(told)}"
        besides = f"\nBesides, {in_place}." if in_place else ""
        return Verdict(
            f"Not yet: {told}{besides}",
            printed=printed,
            case=at % len(self.cases),
            entry=spot.entry,
            place=spot.place,
            pointed=spot.pointed,
            endless=outcomes[-1].endless,
        )

    # --- the parts of a verdict -------------------------------------------------------------------

    def _untouched(self) -> Verdict:
        effort = f" About {self.minutes} minutes, {self.difficulty}." if self.minutes else ""
        return Verdict(f"Not attempted yet.{effort}")

    def told(self, case: Case) -> str:
        """A case in words."""
        return self.tell(*case) if self.tell else case_words(self.names, case)

    def _spot(self, case: int, outcome: Outcome, expected: Floats | None) -> "_Spot":
        """What is wrong in one case, and where."""
        answer = outcome.answer
        if answer is None or expected is None:
            return _Spot(outcome.trouble)
        if answer.shape != expected.shape:
            return _Spot(difference(answer, expected, spelled=self.spelled))
        wrong = off(answer, expected)
        if not wrong:
            return _Spot("")
        place = self.place(case % len(self.cases), wrong[0])
        if place is None:
            return _Spot(difference(answer, expected, spelled=self.spelled), wrong[0])

        def named(at: tuple[int, ...]) -> str:
            there = self.place(case % len(self.cases), at)
            return there.symbol if there else entry(at)

        should, yours = self.spelled(expected[wrong[0]], answer[wrong[0]])
        pointed = f"{place.symbol} should be {should}, yours is {yours}."
        return _Spot(difference(answer, expected, named, self.spelled), wrong[0], place, pointed)

    def _in_place(self, outcomes: Sequence[Outcome]) -> str:
        """Which arguments were changed, in words; empty where none was."""
        changed = [name for i, name in enumerate(self.names) if any(i in o.changed for o in outcomes)]
        if not changed:
            return ""
        copies = listed([f"{name}.copy()" for name in changed])
        return f"you changed {listed(changed)} in place; work on a copy, such as {copies}"

    def _why(
        self,
        attempt: Function,
        cases: Sequence[Case],
        outcomes: Sequence[Outcome],
        expected: diagnosis.Answers,
    ) -> str:
        """The likely reason of a wrong answer; empty where none is known."""
        answers = [outcome.answer for outcome in outcomes]
        for words, wrong in self.slips:
            if diagnosis.is_slip(answers, diagnosis.answers(wrong, cases, self.reader), expected):
                return words
        if [a is None or a.shape for a in answers] != [e is None or e.shape for e in expected]:
            return ""
        if not diagnosis.agree(answers[0], answers[-1]):
            return "your function answers otherwise when asked again: does it change a variable outside?"
        tied = [self.names.index(name) for name in self.tied]
        ignored = diagnosis.ignored(attempt, self.reference, self.cases, answers, self.reader, tied)
        return diagnosis.ignorance(attempt, self.names, ignored)

    # --- what others are told ---------------------------------------------------------------------

    def _announce(self, attempt: Function | None, verdict: Verdict) -> str:
        """Tell logbook and views; what there is to see now, in words."""
        begun = verdict.words != self._untouched().words
        self._tried += begun
        if verdict.right and self.name and not self.solved:
            facts = {"notebook": self.notebook, "statements": list(self.statements), "code": _source(attempt)}
            logbook.note("homework", self.name, **facts, tries=self._tried, hints=self._hinted)
        again = attempt if begun and callable(attempt) and not verdict.endless else None
        place, words = verdict.place, f"Homework {self.name}: {verdict.pointed}"
        seen = checked.tell(Checked(self.name, self.reference.__name__, again, place, words))
        if not place or not place.view:
            return ""
        if seen:
            return f"\nThe open picture of lec.explore.{place.view} now shows {place.symbol}."
        return f"\nTo see {place.symbol}: {place.line}"


@dataclass(frozen=True)
class _Spot:
    """What is wrong in one case, where, and where that can be seen; see `Verdict`."""

    fault: str
    entry: tuple[int, ...] | None = None
    place: Place | None = None
    pointed: str = ""


def _source(function: Any) -> str:
    """The student's own lines, where they can be had."""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""
