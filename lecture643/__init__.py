"""IE 643 Deep Learning, lectures 6 and 7, to be moved and checked.

Floors, from the ground up: the mathematics, numpy only (`toy`; `problem`, `functions`, `slopes`,
`line_search`, `descent`, `crowd`, `speed`; `network`, `derivation`, `data`, `training`), `draw` (matplotlib),
`live` (Jupyter), `explore` (the views), `exercises`.
"""

from lecture643 import (
    crowd,
    data,
    derivation,
    descent,
    draw,
    exercises,
    explore,
    functions,
    network,
    slopes,
    toy,
)
from lecture643.live import desk, projector

__all__ = [
    "crowd",
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
    "slopes",
    "toy",
]
