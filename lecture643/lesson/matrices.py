"""Notebook 06: backpropagation in matrices, vanishing and exploding gradients."""

from collections.abc import Callable
from math import inf, log10

import numpy as np

from lecture643.explore.backprop import Backprop
from lecture643.explore.depth import Depth
from lecture643.explore.depth import State as DepthState
from lecture643.explore.matrices import Matrices
from lecture643.lesson.activity import Activity
from lecture643.live.asked import Goal, Mark, Options
from lecture643.maths.checks import Floats
from lecture643.maths.depth import NETWORKS
from lecture643.maths.derivation import SIZES
from lecture643.maths.layer import Layer
from lecture643.maths.quantity import Quantity, spell
from lecture643.maths.tour import Tour
from lecture643.picture.draw import number, vector

NOTEBOOK = "06"


def _formula(state: Layer) -> str:
    step = state.formula
    return spell((step.result, "=", *step.formula), times=" ")


# --- 3.6: three equations -----------------------------------------------------------------------


def _is_sum(state: Layer) -> bool:
    """Whether the formula is that of an activation's derivative, with more than one m."""
    return state.chosen == "δ" and "+" in state.formula.formula


the_sum = Activity(
    view=Matrices,
    statements=["3.6"],
    settings={"step": 1, "entry": "∇W", "i": 2, "j": 1},
    first=["step", "entry"],
    goals=[
        Goal(
            say="Find the sum over m: press an entry whose formula below is a sum of two products.",
            far=lambda s: float(not _is_sum(s)),
            now=_formula,
            hint="The third equation leads to an activation. One that feeds two neurons stands in layer 1; "
            "the picture calls ∂e/∂a there δ¹.",
            why="Both weights have the same second index. They are a column of W², over which this "
            "activation is sent out. Forward we sum along a row of W, on the way back down a column: hence "
            "the transpose.",
            way={"step": 2, "entry": "δ", "i": 1},
            fixed=["sizes"],
        )
    ],
)


# --- 3.7: the same with matrices ----------------------------------------------------------------

SHAPES = [(2, 4), (4, 2), (4, 4), (3, 4)]
WANTED = Quantity("w", 4, 1, 2)


def _is_wanted(state: Layer) -> bool:
    """Whether it is the entry of a V that is made of w₁₂⁴."""
    return state.chosen == "V" and WANTED in state.formula.formula


shape_of_v = Activity(
    view=Matrices,
    statements=["3.7"],
    settings={"step": 1, "entry": "δ"},
    first=["sizes", "step"],
    ask=Options(
        ask="Now the network gets the sizes 3-4-2. Which shape has V²?",
        options=[f"{rows} × {columns}" for rows, columns in SHAPES],
        truth=lambda s: SHAPES.index(s.matrices()["V+"].shape),
        reveal={"sizes": (3, 4, 2), "step": 1, "entry": "V"},
        tempting=0,
        because=[
            "that is the shape of W², which takes 4 numbers to 2.",
            "V² takes the gradient back, from the 2 numbers of δ² to the 4 of δ¹. It has the shape of (W²)ᵀ.",
            "Diag(φ'²) is square, but W² is not.",
            "that is the shape of (W¹)ᵀ, over which the way back leads one layer later.",
        ],
    ),
    goals=[
        Goal(
            say="Take the sizes 3-2-4-3-2, and find the entry of V⁴ that is made of w₁₂⁴.",
            far=lambda s: float(not _is_wanted(s)),
            now=_formula,
            hint="V⁴ stands where one has come to layer 3. Press its entries.",
            why=lambda s: f"Row {s.i}, column {s.j}: the indices are exchanged, since V⁴ = (W⁴)ᵀ Diag(φ'⁴).",
            way={"sizes": (3, 2, 4, 3, 2), "step": 1, "entry": "V", "i": 2, "j": 1},
        )
    ],
)


# --- 3.8: the gradient of a whole layer ---------------------------------------------------------


def _rank(state: Layer) -> int:
    """Of ∇W¹."""
    return int(np.linalg.matrix_rank(state.example.gradients.weights[0]))


def _silent_rows(state: Layer) -> int:
    """How many rows of ∇W¹ are 0."""
    return int((state.example.gradients.weights[0] == 0).all(axis=1).sum())


def _with_relu(state: Layer, far: float) -> float:
    ours = state.mlp.sizes == (3, 4, 2) and state.mlp.activation[0] == "relu"
    return far if ours else inf


rank_of_gradient = Activity(
    view=Matrices,
    statements=["3.8"],
    settings={"step": 0, "entry": "δ"},
    first=["step", "seed"],
    ask=Options(
        ask="Take the sizes 3-4-2 and one sample. ∇W¹ has 4 rows and 3 columns. How many of its rows are "
        "independent of each other? This number is the rank.",
        options=["1", "2", "3, as there are columns", "4, as there are rows"],
        truth=lambda s: _rank(s) - 1,
        reveal={"sizes": (3, 4, 2), "step": 1, "entry": "∇W"},
        tempting=2,
        because=[
            "every row is a multiple of xᵀ. The gradient of one sample is a column times a row. Only the sum "
            "over several samples can have a higher rank.",
            "two rows would have to differ in more than a factor.",
            "three would be the most that the shape allows.",
            "there are only three columns, so four rows cannot be independent.",
        ],
    ),
    goals=[
        Goal(
            say="Choose ReLU, and find a seed with which just two of the four rows of ∇W¹ are 0.",
            far=lambda s: _with_relu(s, abs(_silent_rows(s) - 2)),
            now=lambda s: f"rows that are 0: {_silent_rows(s)}",
            hint="φ stands under more. Then try the seeds one after the other.",
            why="Row i has the factor φ'(z_i) δ_i. With the ReLU φ' is 0 where z < 0, whatever δ is. Such a "
            "neuron learns nothing from this sample.",
            way={"activation": "relu", "seed": 2},
        )
    ],
)


def _one_too_far(state: Layer) -> Floats:
    """V¹ V² … V^L δ^L."""
    found: Floats = state.example.gradients.V[0] @ state.example.gradients.delta[0]
    return found


one_too_far = Activity(
    view=Matrices,
    statements=["F11", "3.8"],
    settings={"sizes": (3, 4, 2), "step": 0, "entry": "δ"},
    first=["step", "entry"],
    ask=Options(
        ask="In the 3-4-2 network take the slip at its word, for ℓ = 1: V¹V²δ². What comes out?",
        options=["4 numbers, as in δ¹", "3 numbers, as in x", "2 numbers, as in δ²"],
        truth=lambda s: [4, 3, 2].index(len(_one_too_far(s))),
        reveal={"step": 1, "entry": "V", "i": 1, "j": 1},
        tempting=0,
        because=[
            "that is V²δ², the right product. Diag(φ'¹), of 4 rows and columns, can be multiplied by it.",
            lambda s: (
                f"V² leads from 2 numbers to 4, and V¹ goes on to 3: {vector(_one_too_far(s))} is ∂e/∂x. "
                "Diag(φ'¹), of 4 rows and columns, cannot be multiplied by it."
            ),
            "each V leads one layer back, and the layers have 3, 4 and 2 neurons.",
        ],
    ),
)


# --- 3.10: the gradient flows back --------------------------------------------------------------


def _lengths(state: Layer) -> tuple[float, float]:
    """‖δ¹‖ and ‖δ^L‖."""
    delta = state.example.gradients.delta
    return float(np.linalg.norm(delta[0])), float(np.linalg.norm(delta[-1]))


def _lengths_told(state: Layer) -> str:
    first, last = map(number, _lengths(state))
    return f"‖δ¹‖ = {first}, ‖δ{'⁰¹²³⁴'[state.L]}‖ = {last}"


flow = Activity(
    view=Matrices,
    statements=["3.10"],
    settings={"sizes": (3, 2, 4, 3, 2), "step": 0, "entry": "δ"},
    first=["step", "seed"],
    goals=[
        Goal(
            say="Find a seed, and a φ, for which ‖δ¹‖ is larger than ‖δ⁴‖.",
            far=lambda s: max(_lengths(s)[1] - _lengths(s)[0], 0.0) or float(_lengths(s)[0] == 0),
            now=_lengths_told,
            hint="Mostly it shrinks. Try tanh first, then ReLU; φ stands under more.",
            why=lambda s: (
                f"{_lengths_told(s)}. The sigmoid has no such seed: 3.11 tells why it is so strict."
            ),
            way={"activation": "tanh", "seed": 3},
            fixed=["sizes", "error"],
        )
    ],
)


# --- 3.11: vanishing and exploding gradients ----------------------------------------------------


def _ends(state: DepthState) -> tuple[float, float]:
    """‖δ¹‖₂ and ‖δ^L‖₂ of the network that is the line."""
    delta = state.sizes.delta[state.line]
    return float(delta[0]), float(delta[-1])


def _decades(state: DepthState) -> float:
    """By how many powers of ten δ grows on its way back: −inf where nothing is left of it."""
    first, last = _ends(state)
    if last in (0, inf) or first == 0:
        return -inf if first == 0 else inf
    return log10(first) - log10(last) if first < inf else inf


def _decades_told(state: DepthState) -> str:
    decades = _decades(state)
    if abs(decades) == inf:
        return "it is larger than any float" if decades > 0 else "nothing is left of it"
    return f"on the way back it changes by {number(decades, 3)} powers of ten"


def _a_layer(state: DepthState) -> float:
    """The mean factor of one layer."""
    first, last = _ends(state)
    return (first / last) ** (1 / (state.sizes.delta.shape[1] - 1))


def _deep_relu(state: DepthState, far: float) -> float:
    return far if (state.settings.activation, state.settings.depth) == ("relu", 50) else inf


vanishing = Activity(
    view=Depth,
    statements=["3.11"],
    settings={"depth": 5},
    first=["depth", "scale"],
    ask=Mark(
        ask="These networks have five sigmoid layers, and ‖δ‖₂ shrinks from layer L, on the right, to "
        "layer 1, on the left. Now take twenty layers. At which level is ‖δ¹‖₂ then?",
        panel="delta",
        name="‖δ¹‖₂",
        stops=[10.0**decade for decade in range(-20, 5)],
        truth=lambda s: _ends(s)[0],
        reveal={"depth": 20},
        close=100,
        factor=True,
        because=lambda s: (
            f"At {number(_ends(s)[0])}. Each layer leaves a part of about {number(_a_layer(s), 2)}, so "
            "‖δ¹‖₂ falls geometrically with the depth: a straight line on this axis. The weights of layer 1 "
            "hardly learn."
        ),
    ),
    goals=[
        Goal(
            say="Make it explode: ‖δ¹‖₂ a million times ‖δ^L‖₂ or more. Choose another φ.",
            far=lambda s: max(6 - _decades(s), 0),
            now=_decades_told,
            hint="The ReLU does not make δ shorter where z > 0. Then take a larger g.",
            why=lambda s: f"The line rises towards layer 1: {_decades_told(s)}.",
            way={"activation": "relu", "scale": 4},
        ),
        Goal(
            say="Take ReLU and 50 layers, and find a g with which ‖δ¹‖₂ is between a hundredth and a hundred "
            "times ‖δ^L‖₂.",
            far=lambda s: _deep_relu(s, max(abs(_decades(s)) - 2, 0)),
            now=_decades_told,
            hint="Which of the marks above the scale is near?",
            why="About half of the ReLU neurons are off. The factor 2 in He's variance makes up for it: "
            "g = √2.",
            way={"activation": "relu", "depth": 50, "scale": 1.5},
        ),
    ],
)


def _norms_told(state: DepthState) -> str:
    norms = state.sizes.W_norms
    return f"‖W^ℓ‖₂ from {number(norms.min())} to {number(norms.max())}"


def _largest_part_left(state: DepthState) -> float:
    """Of ‖δ^L‖₂, in the network in which most of it is left."""
    delta = state.sizes.delta
    return float((delta[:, 0] / delta[:, -1]).max())


ONLY_THE_SCALE = ["activation", "depth", "width", "network"]

guarantee = Activity(
    view=Depth,
    statements=["F14"],
    first=["scale", "depth"],
    goals=[
        Goal(
            say="End the guarantee: make one ‖W^ℓ‖₂ at least larger than 4. Move only g.",
            far=lambda s: max(4 - float(s.sizes.W_norms.max()), 0.0),
            now=_norms_told,
            hint="The largest ‖W^ℓ‖₂ stands in the sentence.",
            why=lambda s: (
                f"At g = {number(s.settings.scale)} ‖W^ℓ‖₂ goes up to {number(s.sizes.W_norms.max())}. Yet "
                f"at most {number(_largest_part_left(s), 2)} of ‖δ^L‖₂ is left in layer 1, in any network."
            ),
            way={"scale": 2},
            fixed=ONLY_THE_SCALE,
        ),
        Goal(
            say="Now make every ‖W^ℓ‖₂ larger than 6. Does the gradient explode?",
            far=lambda s: max(6 - float(s.sizes.W_norms.min()), 0.0),
            now=_norms_told,
            hint="Twice as far on the scale.",
            why=lambda s: (
                f"It still vanishes in all {NETWORKS} networks: at most {number(_largest_part_left(s), 2)} "
                "of ‖δ^L‖₂ is left. φ' is ¼ at z = 0 only, and large weights make z large."
            ),
            way={"scale": 4},
            fixed=ONLY_THE_SCALE,
        ),
    ],
)


# --- 3.12: where the flow begins ----------------------------------------------------------------


def _largest(state: Tour) -> float:
    """The size of the largest ∂e/∂w."""
    return max(abs(state.values[w._replace(kind="∂w")]) for w in state.network.weights if w.kind == "w")


def _pull(state: Tour) -> float:
    """∂e/∂z^L, from which all others flow."""
    return state.values[Quantity("∂z", 3, 1)]


def _ours(words: Callable[[Tour], str]) -> Callable[[Tour], str]:
    """How a goal stands, where it is about the lecture's network."""
    return lambda state: words(state) if state.network.sizes == SIZES else "this is another network"


def _entropy(state: Tour, far: float) -> float:
    return far if state.network.error == "cross-entropy" else inf


stuck = Activity(
    view=Backprop,
    statements=["3.12"],
    settings={"step": 41, "weights": {"w₁₁³": -5, "w₁₂³": -5}},
    first=["step", "error"],
    ask=Options(
        ask="This is the flat place of notebook 05: the label is y = 1, the network says nearly 0, and no "
        "derivative is larger than 0.001. How large is the largest with the cross-entropy?",
        options=["still below 0.001", "about 0.01", "about 1", "about 1000"],
        truth=lambda s: int(np.digitize(_largest(s), [0.003, 0.1, 30])),
        reveal={"error": "cross-entropy"},
        tempting=0,
        because=[
            "the slope φ'(z₁³) is as flat as before, but δ³ = ∂e/∂ŷ is not what it was.",
            "it is more than that: nothing of the flat slope is left.",
            lambda s: (
                f"{number(_largest(s))} in size. ∂e/∂ŷ = −1/ŷ = {number(s.values[Quantity('∂ŷ', 3)])} is as "
                f"large as φ'(z₁³) is small. In the product ∂e/∂z₁³ = ŷ − y = {number(_pull(s))} both "
                "are gone."
            ),
            lambda s: (
                f"∂e/∂ŷ = {number(s.values[Quantity('∂ŷ', 3)])} is that large, but it is multiplied by "
                "φ'(z₁³) before it reaches a weight."
            ),
        ],
    ),
    goals=[
        Goal(
            say="Stay with the cross-entropy, and make ∂e/∂z₁³ smaller than 0.01 in size. Move only weights.",
            far=lambda s: _entropy(s, max(abs(_pull(s)) - 0.01, 0)),
            now=_ours(lambda s: f"{s.network.error}: ŷ = {_answer(s)}, ∂e/∂z₁³ = {number(_pull(s))}"),
            hint="∂e/∂z₁³ = ŷ − y. What has ŷ to be? Press w₁₁³, and then w₁₂³.",
            why=lambda s: (
                f"ŷ = {_answer(s)}: with the cross-entropy ∂e/∂z₁³ is small only where the network is "
                "right. With the squared error it is also small where the network is quite wrong."
            ),
            way={"weights": {"w₁₁³": 5}, "weight": "w₁₂³", "value": 5},
            fixed=["sizes", "biases", "seed", "activation", "x", "y"],
        )
    ],
)


def _answer(state: Tour) -> str:
    return number(state.values[Quantity("ŷ", 3)])
