"""stub"""

from typing import NamedTuple


class Statement(NamedTuple):
    id: str
    short: str


STATEMENTS = {
    i: Statement(i, s)
    for i, s in {
        "1.1": "what training aims at",
        "1.2": "one neuron",
        "1.3": "the sigmoid",
        "1.4": "four points",
        "1.5": "squared error",
        "1.6": "loss surface",
        "2.1": "min f over C",
        "2.2": "local, global",
        "2.3": "gradient",
        "2.4": "directional derivative",
        "2.5": "descent direction",
        "2.6": "f really falls",
        "2.7": "descent algorithm",
        "2.8": "when to stop",
        "2.9": "perceptron",
        "2.10": "exact line search",
        "2.11": "how fast",
        "2.12": "costs",
        "2.13": "SGD",
        "2.14": "mini-batches",
        "2.15": "the crucial step",
        "3.1": "ten weights",
        "3.2": "layer 3",
        "3.3": "layer 2",
        "3.4": "the second row",
        "3.5": "two paths",
        "3.6": "three equations",
        "3.7": "in matrices",
        "3.8": "a whole layer",
        "3.9": "biases",
        "3.10": "flows back",
        "3.11": "vanishing",
        "3.12": "where it begins",
        "4.1": "learn a map",
        "4.2": "an error",
        "4.3": "the algorithm",
        "4.4": "there and back",
        "4.5": "+1 and −1",
        "R": "sources",
    }.items()
}
