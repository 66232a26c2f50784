"""IE 643 Deep Learning, lectures 6 and 7, to be moved and checked.

Floors, from the ground up: `toy`, `descent`, `functions`, `network`, `derivation`, `data` (the mathematics,
numpy only), `draw` (matplotlib), `live` (Jupyter), `explore` (the views).
"""

from lecture643 import data, derivation, descent, draw, exercises, explore, functions, network, toy
from lecture643.live import desk, projector

__all__ = [
    "data",
    "derivation",
    "descent",
    "desk",
    "draw",
    "exercises",
    "explore",
    "functions",
    "network",
    "projector",
    "toy",
]
