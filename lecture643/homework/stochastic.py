"""Homework on SGD (2.13): its step; and on mini-batches (2.14): a block drawn without repetition."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lecture643.checked import Place
from lecture643.homework.descent import next_w
from lecture643.homework.drawing import Draw, Drawing, evenly, never, not_always, same_again
from lecture643.homework.exercise import Exercise
from lecture643.homework.neuron import OTHER, POINTS
from lecture643.maths.checks import Floats
from lecture643.maths.text import number, vector
from lecture643.maths.toy import SigmoidNeuron

Gradients = Callable[[Floats], Floats]


def sgd_step(w: Floats, rate: float, j: int, gradients: Gradients) -> Floats:
    """w^{k+1} = w^k − γ ∇eʲ(w^k); `gradients` is the function w -> all ∇eⁱ(w), a row for each sample.

    j counts the samples from 0.
    """
    return w - rate * gradients(w)[j]


def draw_block(S: int, b: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """B_k: b of the samples 0, …, S − 1, none of them twice, each as likely as any other."""
    return rng.choice(S, size=b, replace=False)


# --- the lecture's own numbers, and where they are to be seen -----------------------------------


def _case(problem: SigmoidNeuron, w: Any, rate: float, j: int) -> tuple[Any, ...]:
    return np.array(w, dtype=float), rate, j, problem.sample_gradients


def _told(w: Floats, rate: float, j: int, gradients: Any) -> str:
    data = "the four points" if gradients.__self__.size == POINTS.size else "three other samples"
    return f"w = {vector(w)}, rate = {number(rate)}, j = {j} and {data}"


def _first_step(case: int, at: tuple[int, ...]) -> Place | None:
    """With seed 0 the first sample drawn is j = 3."""
    return None if case else next_w(at, "sgd_step", (0, 0), 0.5)


def _whole_numbers(draw: Draw) -> bool:
    return not (draw.block % 1).any()


def _there(draw: Draw) -> bool:
    return bool(((draw.block >= 0) & (draw.block < draw.S)).all())


def _from_0(draws: Sequence[Draw]) -> str:
    """Broken where 1, …, S come and 0 never does."""
    lowest = min(draw.block.min() for draw in draws)
    return never(lambda draw: draw.S in draw.block)(draws) if lowest == 1 else ""


# --- the homework -------------------------------------------------------------------------------

SGD_STEP = Exercise(
    name="SGD_STEP",
    title="one step of SGD",
    notebook="04",
    statements=["2.13"],
    minutes=3,
    difficulty="easy",
    reference=sgd_step,
    cases=[
        _case(POINTS, (0, 0), 0.5, 3),
        _case(POINTS, (0, 0), 0.5, 0),
        _case(POINTS, (1, 0.5), 2.0, 2),
        _case(POINTS, (-1, 1), 0.1, 1),
        _case(OTHER, (0.4, -0.3), 0.3, 2),
        _case(OTHER, (0.4, -0.3), 0.3, 0),
    ],
    tell=_told,
    place=_first_step,
    hints=[
        "SGD looks at one sample only. Which row of gradients(w) is it?",
        "gradients(w)[j] is ∇eʲ(w), an array of two numbers.",
        "The new w is w − γ ∇eʲ(w): as in GD, with one row in place of the sum of all.",
    ],
    slips=[
        ("the sign is the other way round: this climbs.", lambda w, rate, j, g: w + rate * g(w)[j]),
        ("the learning rate γ is missing.", lambda w, rate, j, g: w - g(w)[j]),
        ("this is the step −γ∇eʲ alone; the new w is w plus that.", lambda w, rate, j, g: -rate * g(w)[j]),
        (
            "this is GD's step: it sums over all samples, SGD takes sample j only.",
            lambda w, rate, j, g: w - rate * g(w).sum(axis=0),
        ),
        (
            "this takes the mean over all samples; SGD takes sample j only.",
            lambda w, rate, j, g: w - rate * g(w).mean(axis=0),
        ),
        (
            "this takes the sample before: j counts from 0 already, as Python does.",
            lambda w, rate, j, g: w - rate * g(w)[j - 1],
        ),
        ("this always takes the first sample; take row j.", lambda w, rate, j, g: w - rate * g(w)[0]),
        ("all rows are here; pick row j out of them.", lambda w, rate, j, g: w - rate * g(w)),
        (
            "the step is S times too long: one sample counts once.",
            lambda w, rate, j, g: w - rate * len(g(w)) * g(w)[j],
        ),
        (
            "the gradient is made as long as 1 here. SGD takes it with its own length.",
            lambda w, rate, j, g: w - rate * g(w)[j] / np.hypot(*g(w)[j]),
        ),
        (
            "γ multiplies w, too; it belongs to the gradient alone.",
            lambda w, rate, j, g: rate * (w - g(w)[j]),
        ),
    ],
)
MINI_BATCH = Drawing(
    name="MINI_BATCH",
    title="a block drawn without repetition",
    notebook="04",
    statements=["2.14"],
    minutes=5,
    difficulty="easy",
    reference=draw_block,
    cases=[
        *((4, 2, seed) for seed in range(8)),
        *((4, 2, seed) for seed in range(8)),
        *((10, 3, seed) for seed in range(8)),
        (5, 5, 1),
        (3, 1, 2),
        *((6, 3, seed) for seed in range(600)),
    ],
    hints=[
        "rng.integers(S) draws one of 0, …, S − 1; rng.permutation(S) is all of them in a new order.",
        "rng.integers(S, size=b) may give the same sample twice. What does a new order of all never do?",
        "Take the first b of rng.permutation(S); or rng.choice(S, size=b, replace=False).",
    ],
    laws=[
        (
            "this is one sample alone; a block holds b of them.",
            never(lambda draw: not draw.block.ndim),
            lambda S, b, rng: rng.integers(S),
        ),
        (
            "all S samples are here, in a new order; take b of them.",
            never(lambda draw: draw.b < draw.S and draw.block.shape == (draw.S,)),
            lambda S, b, rng: rng.permutation(S),
        ),
        (
            "the block should be an array of b numbers.",
            never(lambda draw: draw.block.shape != (draw.b,)),
            lambda S, b, rng: rng.permutation(S)[: b - 1],
        ),
        (
            "the samples are counted from 1 here; Python counts them from 0 to S − 1.",
            _from_0,
            lambda S, b, rng: 1 + rng.permutation(S)[:b],
        ),
        (
            "samples have whole numbers.",
            never(lambda draw: not _whole_numbers(draw)),
            lambda S, b, rng: S * rng.random(b),
        ),
        (
            "there is no such sample: they are 0, …, S − 1.",
            never(lambda draw: not _there(draw)),
            lambda S, b, rng: rng.permutation(S + 1)[:b],
        ),
        (
            "a sample comes twice in one block: draw without repetition.",
            never(lambda draw: len(np.unique(draw.block)) < draw.b),
            lambda S, b, rng: rng.integers(S, size=b),
        ),
        (
            "nothing is drawn: these are always the first b samples.",
            not_always(lambda draw: np.array_equal(draw.block, np.arange(draw.b))),
            lambda S, b, rng: np.arange(b),
        ),
        (
            "the same generator gave two different blocks: draw with the rng that is handed over.",
            same_again,
            lambda S, b, rng: np.random.default_rng().permutation(S)[:b],
        ),
        (
            "rng is not used, so the block is the same every time. Is a generator made inside the function?",
            never(lambda draw: not draw.used and draw.b < draw.S),
            lambda S, b, rng: np.random.default_rng(1).permutation(S)[:b],
        ),
        (
            "some samples come more often than others: each must be as likely as any other.",
            evenly(together=1),
            lambda S, b, rng: rng.permutation(S - 1)[:b] if b < S else rng.permutation(S),
        ),
        (
            "some samples come together more often than others: draw each of the b at random.",
            evenly(together=2),
            lambda S, b, rng: (rng.integers(S) + np.arange(b)) % S,
        ),
    ],
)
