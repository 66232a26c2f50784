"""A homework: `check` a function of one's own, ask for a `hint`, see the `solution`.

The solution that is printed is the source of the very function that `check` compares with
and that the tests run.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lecture643.homework import diagnosis
from lecture643.homework.attempt import Case, Function, Outcome, run
from lecture643.homework.reply import capital, case_words, difference, listed, off
from lecture643.maths.checks import Floats


@dataclass(frozen=True)
class Verdict:
    """What is said of an attempt. `case` and `entry`, both from 0, are where it goes wrong first."""

    words: str
    right: bool = False
    printed: str = ""  # by the attempt, for the first case
    case: int | None = None
    entry: tuple[int, ...] | None = None


UNTOUCHED = Verdict("Not attempted yet.")


@dataclass
class Exercise:
    """One homework.

    reference: the solution. cases: the arguments that it is tried on; first the lecture's own numbers.
    hints: from gentle to plain. slips: what is typically got wrong, as (in words, the wrong function).
    tell: how a case is told where it is too long to be written out.
    """

    reference: Function
    cases: Sequence[Case]
    hints: Sequence[str]
    slips: Sequence[tuple[str, Function]] = ()
    tell: Callable[..., str] | None = None
    _hinted: int = field(default=0, init=False)

    def check(self, attempt: Function | None) -> None:
        """Print whether `attempt` is right, and if it is not, the likely slip."""
        try:
            verdict = self.judge(attempt)
            print(verdict.printed + verdict.words)
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

    def judge(self, attempt: Function | None) -> Verdict:
        """What is to be said of an attempt, the same however often one asks."""
        if attempt is None:
            return UNTOUCHED
        if misfit := diagnosis.misfit(attempt, self.names):
            return Verdict(f"Not yet: {misfit}")
        cases = [*self.cases, self.cases[0]]  # the first twice, as a function may remember something
        expected = diagnosis.answers(self.reference, cases)
        outcomes = run(attempt, cases)
        if all(outcome.untouched for outcome in outcomes):
            return UNTOUCHED
        printed, in_place = outcomes[0].printed, self._in_place(outcomes)
        faults = [_fault(*pair) for pair in zip(outcomes, expected, strict=False)]
        at = next((i for i, fault in enumerate(faults) if fault), None)
        if at is None:
            words = f"Not yet: your answer is right, but {in_place}." if in_place else "Right."
            return Verdict(words, not in_place, printed)
        told = f"for {self._told(cases[at])} {faults[at]}"
        if why := self._why(attempt, cases, outcomes, expected):
            told = f"{why}\n{capital(told)}"
        besides = f"\nBesides, {in_place}." if in_place else ""
        entry = _entry(outcomes[at].answer, expected[at])
        return Verdict(f"Not yet: {told}{besides}", False, printed, at % len(self.cases), entry)

    @property
    def names(self) -> list[str]:
        """The names of the arguments."""
        return list(inspect.signature(self.reference).parameters)

    def _told(self, case: Case) -> str:
        return self.tell(*case) if self.tell else case_words(self.names, case)

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
            if diagnosis.is_slip(answers, diagnosis.answers(wrong, cases), expected):
                return words
        if [a is None or a.shape for a in answers] != [e is None or e.shape for e in expected]:
            return ""
        if not diagnosis.agree(answers[0], answers[-1]):
            return "your function answers otherwise when asked again: does it change a variable outside?"
        ignored = diagnosis.ignored(attempt, self.reference, self.cases, answers)
        return diagnosis.ignorance(attempt, self.names, ignored)


def _fault(outcome: Outcome, expected: Floats | None) -> str:
    if outcome.answer is None or expected is None:
        return outcome.trouble
    return difference(outcome.answer, expected)


def _entry(answer: Floats | None, expected: Floats | None) -> tuple[int, ...] | None:
    if answer is None or expected is None or answer.shape != expected.shape:
        return None
    return off(answer, expected)[0]
