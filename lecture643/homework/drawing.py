"""A homework whose function draws at random: it is judged by what all its draws have in common.

A right function may draw in any way, so there is no one answer to compare with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import numpy as np

from lecture643.homework.attempt import Case, Function, Outcome
from lecture643.homework.exercise import Exercise, Verdict
from lecture643.maths.checks import Floats
from lecture643.maths.text import written


class Draw(NamedTuple):
    """One block of b out of S samples, from a generator of its own seed."""

    S: int
    b: int
    seed: int
    block: Floats
    used: bool  # whether the generator has moved on

    @property
    def words(self) -> str:
        """What was asked and what came."""
        return f"{told(self.S, self.b, self.seed)} yours is {written(self.block)}."


Law = Callable[[Sequence[Draw]], str]  # what breaks it, in words; empty where it holds


def told(S: int, b: int, seed: int) -> str:
    """What was asked."""
    return f"For S = {S}, b = {b}, rng = np.random.default_rng({seed})"


@dataclass
class Drawing(Exercise):
    """A function (S, b, rng) -> b of the samples 0, …, S − 1. cases: S, b and the generator's seed.

    laws: what must hold, as (what is said where it does not, the law, a function that breaks it); earlier
    ones are told first, and later ones may rely on them.
    """

    laws: Sequence[tuple[str, Law, Function]] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        self.slips = [(words, wrong) for words, _, wrong in self.laws]

    def asked(self) -> Sequence[Case]:
        """Every case with a generator of its own."""
        return [(S, b, np.random.default_rng(seed)) for S, b, seed in self.cases]

    def weigh(self, attempt: Function, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Verdict:
        """Look at each law in turn."""
        printed, draws = outcomes[0].printed, list[Draw]()
        for at, (outcome, case) in enumerate(zip(outcomes, self.cases, strict=False)):
            if outcome.answer is None:
                asked = told(*case).replace("For", "for")
                words = f"Not yet: {asked} {outcome.trouble}"
                return Verdict(words, printed=printed, case=at, endless=outcomes[-1].endless)
            S, b, seed = case
            draws.append(Draw(S, b, seed, outcome.answer, used=2 in outcome.changed))
        for words, law, _ in self.laws:
            if seen := law(draws):
                return Verdict(f"Not yet: {words}\n{seen}", printed=printed)
        return Verdict("Right.", right=True, printed=printed)


def never(odd: Callable[[Draw], bool]) -> Law:
    """No draw is odd."""
    return lambda draws: next((draw.words for draw in draws if odd(draw)), "")


def not_always(odd: Callable[[Draw], bool]) -> Law:
    """At least one draw is not odd."""
    return lambda draws: draws[0].words if all(map(odd, draws)) else ""


def same_again(draws: Sequence[Draw]) -> str:
    """Where the seeds are the same, the blocks are."""
    seen: dict[tuple[int, int, int], Floats] = {}
    for draw in draws:
        before = seen.setdefault(draw[:3], draw.block)
        if not np.array_equal(before, draw.block):
            return f"{draw.words[:-1]}, and once more it is {written(before)}."
    return ""


def evenly(together: int) -> Law:
    """All samples come about equally often, or all pairs of samples come together so (together = 2).

    Of the draws with the most common S and b; off by six standard deviations is too much.
    """

    def law(draws: Sequence[Draw]) -> str:
        sizes = [draw[:2] for draw in draws]
        S, b = max(set(sizes), key=sizes.count)
        blocks = [set(draw.block.astype(int).tolist()) for draw in draws if draw[:2] == (S, b)]
        groups = list(combinations(range(S), together))
        came = [sum(block.issuperset(group) for block in blocks) for group in groups]
        mean = sum(came) / len(came)
        worst = max(range(len(came)), key=lambda i: abs(came[i] - mean))
        if abs(came[worst] - mean) <= 6 * mean**0.5:
            return ""
        who = " and ".join(map(str, groups[worst]))
        names = f"sample {who} came" if together == 1 else f"the samples {who} came together"
        return (
            f"In {len(blocks)} blocks of {b} out of {S}, {names} {came[worst]} times, not about {mean:.0f}."
        )

    return law
