"""Notebook 05: backpropagation by hand."""

from collections.abc import Callable
from math import inf
from typing import Any

from lecture643.explore.backprop import Backprop
from lecture643.lesson.activity import Activity
from lecture643.live.asked import Goal, Options
from lecture643.maths.derivation import ERROR, SIZES, evaluate, example
from lecture643.maths.quantity import Quantity, Values
from lecture643.maths.tour import Tour
from lecture643.picture.draw import number

NOTEBOOK = "05"

PREDICTED = Quantity("ŷ", 3)
ERROR_SLOPE = Quantity("∂ŷ", 3)
SLOPE_OF_3 = Quantity("φ'", 3, 1)
FIRST_OF_3, SECOND_OF_3 = Quantity("∂w", 3, 1, 1), Quantity("∂w", 3, 1, 2)
ONLY_THE_SAMPLE = ["sizes", "biases", "seed", "error", "activation", "output", "x", "y"]


def _at_first(state: Tour) -> Values:
    """The numbers of the lecture's own network and sample."""
    return evaluate(*example(state.network, 0))


def _moved_weights(state: Tour) -> set[str]:
    """The weights that differ from the lecture's."""
    before = _at_first(state)
    return {str(w) for w in state.network.weights if state.values[w] != before[w]}


def _only(state: Tour, weights: set[str], far: float) -> float:
    """How far, where no other weights than these have moved."""
    return far if _moved_weights(state) <= weights else inf


def _ours(words: Callable[[Tour], str]) -> Callable[[Tour], str]:
    """How a goal stands, where it is about the lecture's network; its numbers are not in every other one."""
    return lambda state: words(state) if state.network.sizes == SIZES else "this is another network"


def _slopes(state: Tour, ell: int = 0) -> dict[Quantity, float]:
    """Every ∂e/∂w, or those of one layer."""
    slopes = [w._replace(kind="∂w") for w in state.network.weights if w.kind == "w" and ell in (0, w.ell)]
    return {slope: state.values[slope] for slope in slopes}


def _largest(state: Tour, ell: int = 0) -> float:
    """The size of the largest ∂e/∂w."""
    return max(map(abs, _slopes(state, ell).values()))


def _largest_told(state: Tour) -> str:
    return f"e = {number(state.values[ERROR])}, the largest derivative is {number(_largest(state))} in size"


# --- 3.1: ten weights, one error ----------------------------------------------------------------

MOVED = "w₂₁²"
FOLLOWERS = [
    {"z₁²", "a₁²", "z₁³", "ŷ", "e"},
    {"z₂²", "a₂²", "z₁³", "ŷ", "e"},
    {"z₁²", "a₁²", "z₂²", "a₂²", "z₁³", "ŷ", "e"},
]


def _followers(state: Tour) -> int:
    """Which option names the numbers of the forward pass that have changed."""
    before = _at_first(state)
    forward = [step.result for step in state.steps if step.forward]
    return FOLLOWERS.index({str(q) for q in forward if state.values[q] != before[q]})


def _one_of_layer_3(state: Tour, far: float) -> float:
    """Where no more than one weight of layer 3 has moved, beside the one of the question."""
    return min(_only(state, {MOVED, weight}, far) for weight in ("w₁₁³", "w₁₂³"))


what_follows = Activity(
    view=Backprop,
    statements=["3.1"],
    settings={"step": "e"},
    first=["step", "value"],
    ask=Options(
        ask="w₂₁² grows from 2 to 2.5, and the network is run again. Which of its numbers change?",
        options=[
            "z₁², a₁², then z₁³, ŷ and e",
            "z₂², a₂², then z₁³, ŷ and e",
            "all of layer 2, then z₁³, ŷ and e",
            "all of them",
        ],
        truth=_followers,
        reveal={"weight": MOVED, "value": 2.5},
        tempting=0,
        because=[
            "the first index says where a weight goes to. w₂₁² comes from neuron 1 and goes to neuron 2.",
            lambda s: (
                "w₂₁² goes into neuron 2 of layer 2, and from there over w₁₂³ to ŷ: the dark edges. e goes "
                f"from {number(_at_first(s)[ERROR])} to {number(s.values[ERROR])}. The chain rule walks the "
                "same way back."
            ),
            "neuron 1 of layer 2 has weights of its own. It does not see w₂₁².",
            "what lies before the weight does not see it. Layer 1 stays.",
        ],
    ),
    goals=[
        Goal(
            say="Bring e below 0.01 by one weight of layer 3. Press w₁₁³ or w₁₂³, and move its slider.",
            far=lambda s: _one_of_layer_3(s, max(s.values[ERROR] - 0.01, 0)),
            now=_ours(
                lambda s: (
                    f"e = {number(s.values[ERROR])}, moved: {', '.join(sorted(_moved_weights(s))) or 'none'}"
                )
            ),
            hint="Only one of the two can do it. Which of them is multiplied by the larger number?",
            why=lambda s: (
                f"w₁₂³ is multiplied by a₂² = {number(s.values[Quantity('a', 2, 2)])}, w₁₁³ only by a₁² = "
                f"{number(s.values[Quantity('a', 2, 1)])}: even at 5 it is not enough."
            ),
            way={"weight": "w₁₂³", "value": 1.1},
            fixed=ONLY_THE_SAMPLE,
        )
    ],
)


# --- 3.2: layer 3 -------------------------------------------------------------------------------


def _signs(state: Tour) -> int:
    """Which option has the signs of the two derivatives of layer 3."""
    first, second = (state.values[slope] > 0 for slope in (FIRST_OF_3, SECOND_OF_3))
    return 0 if first != second else 2 if first else 1


def _both_told(state: Tour) -> str:
    return f"{FIRST_OF_3} = {number(state.values[FIRST_OF_3])}, {SECOND_OF_3} = " + number(
        state.values[SECOND_OF_3]
    )


def _fed_with(state: Tour) -> str:
    a1, a2 = (number(state.values[Quantity("a", 2, i)]) for i in (1, 2))
    return f"a₁² = {a1} and a₂² = {a2}"


shared_factors = Activity(
    view=Backprop,
    statements=["3.2"],
    settings={"step": "e"},
    first=["step", "y"],
    ask=Options(
        ask="The weights w₁₁³ = 2 and w₁₂³ = −1.5 have different signs. What are the signs of ∂e/∂w₁₁³ and "
        "∂e/∂w₁₂³?",
        options=["different ones, as the weights have", "both are negative", "both are positive"],
        truth=_signs,
        reveal={"step": str(SECOND_OF_3)},
        tempting=0,
        because=[
            "a weight is no factor of its own derivative.",
            lambda s: (
                f"both have the factors ∂e/∂ŷ = {number(s.values[ERROR_SLOPE])} and φ'(z₁³) > 0, and the "
                f"last ones are {_fed_with(s)}. ŷ is below y, so each of the two weights should grow."
            ),
            "ŷ is below y: e falls when ŷ grows, so ∂e/∂ŷ = 2(ŷ − y) is negative.",
        ],
    ),
    goals=[
        Goal(
            say="Make all ten derivatives smaller than 0.002 in size. Move only y.",
            far=lambda s: max(_largest(s) - 0.002, 0),
            now=lambda s: f"the largest is {number(_largest(s))} in size",
            hint="Which factor do all ten have? Go to the last step: there the sentence names the largest.",
            why=lambda s: (
                f"Every one of the ten has the factor ∂e/∂ŷ = 2(ŷ − y) = {number(s.values[ERROR_SLOPE])}. "
                "It vanishes where the network is right."
            ),
            way={"y": 0.45},
            fixed=[name for name in ONLY_THE_SAMPLE if name != "y"] + ["weight", "value"],
        ),
        Goal(
            say="Give ∂e/∂w₁₁³ and ∂e/∂w₁₂³ different signs. No weight may move.",
            far=lambda s: _only(s, set(), float(_signs(s) != 0)),
            now=_ours(_both_told),
            hint="The outputs of the sigmoid are positive. Other φ stand under more. Then move x.",
            why=lambda s: f"They differ in the last factor only: {_fed_with(s)}.",
            way={"activation": "tanh", "x": (1, -2)},
            fixed=["sizes", "biases", "seed", "error", "y"],
        ),
    ],
)


def _part_left(state: Tour) -> float:
    """|∂e/∂w₁₂³|, as a part of what it is in the lecture's network."""
    return abs(state.values[SECOND_OF_3] / _at_first(state)[SECOND_OF_3])


wrong_and_flat = Activity(
    view=Backprop,
    statements=["3.2"],
    settings={"step": str(SECOND_OF_3), "weight": "w₁₂³"},
    first=["step", "value"],
    ask=Options(
        ask="Let w₁₂³ sink from −1.5 to −5. Then ŷ moves away from y = 1, and e grows. What becomes of "
        "∂e/∂w₁₂³ in size?",
        options=["it grows, as e does", "it stays about the same", "it shrinks to a fraction"],
        truth=lambda s: 0 if _part_left(s) > 1.2 else 1 if _part_left(s) > 0.8 else 2,
        reveal={"value": -5},
        tempting=0,
        because=[
            "∂e/∂ŷ grows, but it is only one of three factors.",
            lambda s: f"of its size {number(100 * _part_left(s))} % are left.",
            lambda s: (
                f"φ'(z₁³) has come down to {number(s.values[SLOPE_OF_3])}: the "
                f"sigmoid is flat where ŷ is nearly 0. e is {number(s.values[ERROR])} now, and ∂e/∂w₁₂³ only "
                f"{number(s.values[SECOND_OF_3])}."
            ),
        ],
    ),
    goals=[
        Goal(
            say="Make the network quite wrong, e > 0.99, while all ten derivatives are smaller than 0.001 "
            "in size.",
            far=lambda s: max(0.99 - s.values[ERROR], 0) + max(_largest(s) - 0.001, 0),
            now=_largest_told,
            hint="Two weights are enough. Press w₁₁³ and let it sink, too.",
            why="All ten have the factor φ'(z₁³). Where it is nearly 0, gradient descent hardly moves, "
            "however wrong the network is.",
            way={"weight": "w₁₁³", "value": -5},
            fixed=ONLY_THE_SAMPLE,
        )
    ],
)


# --- 3.3: layer 2 -------------------------------------------------------------------------------


def _on_the_way(state: Tour) -> int:
    """Which weight of layer 3 is in the formula of the step: w₁₁³, w₁₂³, or both."""
    parts = {q.j for q in state.lit if q.kind == "w" and q.ell == 3}
    return [{1}, {2}, {1, 2}].index(parts)


over_which_weight = Activity(
    view=Backprop,
    statements=["3.3"],
    settings={"step": str(SECOND_OF_3)},
    first=["step", "value"],
    ask=Options(
        ask="w₁₂² leads from neuron 2 of layer 1 to neuron 1 of layer 2. Which weight of layer 3 is a factor "
        "of ∂e/∂w₁₂²?",
        options=["w₁₁³", "w₁₂³", "both, in a sum"],
        truth=_on_the_way,
        reveal={"step": "∂e/∂w₁₂²"},
        tempting=1,
        because=[
            "what counts is where the weight goes to. That is neuron 1 of layer 2, and the only way from "
            "there to z₁³ is over w₁₁³: the dashed edge.",
            "the 2 of w₁₂² says where it comes from. It belongs to the end of the product, to a₂¹.",
            "w₁₂² changes neuron 1 of layer 2 only, so there is one path.",
        ],
    ),
    goals=[
        Goal(
            say="Make all four ∂e/∂w of layer 2 exactly 0. Move only weights of layer 3.",
            far=lambda s: _only(s, {"w₁₁³", "w₁₂³"}, sum(slope != 0 for slope in _slopes(s, 2).values())),
            now=_ours(lambda s: f"{sum(slope == 0 for slope in _slopes(s, 2).values())} of the four are 0"),
            hint="Press the weight over which the way back leads. Two weights are enough.",
            why=lambda s: (
                "w₁₁³ = 0 silences the first row of W², w₁₂³ = 0 the second. Then no path leads from layer 2 "
                f"to e, and ŷ = φ(0) = {number(s.values[PREDICTED])}, whatever x is."
            ),
            way={"weights": {"w₁₁³": 0.0}, "weight": "w₁₂³", "value": 0},
            fixed=ONLY_THE_SAMPLE,
        )
    ],
)


# --- 3.5: layer 1 -------------------------------------------------------------------------------

A1 = Quantity("∂a", 1, 1)
PATHS = [Quantity("path", 2, m, 1) for m in (1, 2)]


def _paths_together(state: Tour) -> int:
    """Which option says how ∂e/∂a₁¹ is made of its two paths."""
    total, first = state.values[A1], state.values[PATHS[0]]
    if total >= 0:
        return 2
    return 0 if abs(total) >= abs(first) else 1


def _paths_told(state: Tour) -> str:
    first, second = (state.values[path] for path in PATHS)
    return f"{number(first)} and {number(second)}, together {number(state.values[A1])}"


two_paths = Activity(
    view=Backprop,
    statements=["3.5"],
    settings={"step": "∂e/∂w₂₂²", "weight": "w₁₁²"},
    first=["step", "value"],
    ask=Options(
        ask="a₁¹ feeds both neurons of layer 2, with w₁₁² = 1 and w₂₁² = 2. In the picture stand ∂e/∂z₁² = "
        "−0.1302 and ∂e/∂z₂² = 0.02767. What does e do when a₁¹ grows a little?",
        options=[
            "it falls, at least as fast as over the first path alone",
            "it falls, but more slowly than over the first path alone",
            "it rises, as w₂₁² is the larger weight",
        ],
        truth=_paths_together,
        reveal={"step": str(A1)},
        tempting=2,
        because=[
            "the second path has the other sign, so it takes something away.",
            lambda s: f"the paths carry {_paths_told(s)}. The chain rule adds them up.",
            "the weight alone does not decide. It is multiplied by ∂e/∂z₂², which is small.",
        ],
    ),
    goals=[
        Goal(
            say="Make the two paths cancel: ∂e/∂a₁¹ smaller than 0.005 in size. Move only w₁₁².",
            far=lambda s: _only(s, {"w₁₁²"}, max(abs(s.values[A1]) - 0.005, 0)),
            now=_ours(lambda s: f"the paths carry {_paths_told(s)}"),
            hint="The first path is too strong.",
            why=lambda s: (
                f"∂e/∂a₁¹ = {number(s.values[A1])}. It is a factor of ∂e/∂w₁₁¹ = "
                f"{number(s.values[Quantity('∂w', 1, 1, 1)])} and ∂e/∂w₁₂¹ = "
                f"{number(s.values[Quantity('∂w', 1, 1, 2)])}. What this neuron says hardly matters to e now."
            ),
            way={"value": 0.4},
            fixed=[*ONLY_THE_SAMPLE, "weight"],
        )
    ],
)


# --- 3.1 again: any network ---------------------------------------------------------------------


def _slopes_wanted(state: Any) -> int:
    return len(state.network.weights)


your_network = Activity(
    view=Backprop,
    statements=["3.1", "3.2", "3.3", "3.5"],
    settings={"step": 41},
    first=["sizes", "step"],
    goals=[
        Goal(
            say="Choose another network, one with more than 40 derivatives, and see that all of them are "
            "right.",
            far=lambda s: max(41 - _slopes_wanted(s), 0),
            now=lambda s: f"{_slopes_wanted(s)} derivatives",
            hint="Four layers of four neurons are the most. Biases stand under more.",
            why=lambda s: f"There and back in {len(s.steps)} steps. {s.verdict}.",
            way={"sizes": (4, 4, 4, 4, 2)},
        ),
        Goal(
            say="Find a network in which all derivatives of layer 1 are exactly 0, though e is not.",
            far=lambda s: float(sum(slope != 0 for slope in _slopes(s, 1).values()) + (s.values[ERROR] == 0)),
            now=lambda s: (
                f"{sum(slope == 0 for slope in _slopes(s, 1).values())} of {len(_slopes(s, 1))} are 0, e = "
                f"{number(s.values[ERROR])}"
            ),
            hint="Choose ReLU under φ, and try other seeds.",
            why="The ReLU has the slope 0 where z < 0. If every path back from e meets such a neuron, "
            "nothing comes back to layer 1.",
            way={"sizes": (3, 4, 2), "activation": "relu", "seed": 1},
        ),
    ],
)
