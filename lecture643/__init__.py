"""IE 643 Deep Learning, lectures 6 and 7, to be moved and checked.

Folders are floors, and a room imports only from floors before its own: `maths`, `picture`, `live`, `explore`;
`homework` stands on `maths` alone. These are the names that notebooks use.
"""

from lecture643 import explore
from lecture643.homework import exercises
from lecture643.live.view import desk, projector
from lecture643.maths import crowd, data, derivation, functions, network, slopes, toy
from lecture643.maths import methods as descent
from lecture643.picture import draw

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
