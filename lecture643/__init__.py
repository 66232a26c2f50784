"""IE 643 Deep Learning, lectures 6 and 7, to be moved and checked.

Folders are floors, and a room imports only from floors before its own: `maths`, `homework`, `picture`,
`live`, `explore`, `lesson`, `reach`. These are the names that notebooks use; each is loaded when it is first
asked for, so that Jupyter's server and the command line need not wait for matplotlib.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lecture643 import explore as explore
    from lecture643 import lesson as lesson
    from lecture643.homework import exercises as exercises
    from lecture643.lesson.progress import clear_progress as clear_progress
    from lecture643.lesson.progress import summary as summary
    from lecture643.lesson.statement_map import progress as progress
    from lecture643.live.hall import desk as desk
    from lecture643.live.hall import projector as projector
    from lecture643.live.link import link as link
    from lecture643.maths import crowd as crowd
    from lecture643.maths import data as data
    from lecture643.maths import derivation as derivation
    from lecture643.maths import functions as functions
    from lecture643.maths import methods as descent  # noqa: F401
    from lecture643.maths import network as network
    from lecture643.maths import slopes as slopes
    from lecture643.maths import toy as toy
    from lecture643.picture import draw as draw

_MODULES = {
    "crowd": "maths.crowd",
    "data": "maths.data",
    "derivation": "maths.derivation",
    "descent": "maths.methods",
    "draw": "picture.draw",
    "exercises": "homework.exercises",
    "explore": "explore",
    "functions": "maths.functions",
    "lesson": "lesson",
    "network": "maths.network",
    "slopes": "maths.slopes",
    "toy": "maths.toy",
}
_FUNCTIONS = {
    "clear_progress": "lesson.progress",
    "desk": "live.hall",
    "link": "live.link",
    "progress": "lesson.statement_map",
    "projector": "live.hall",
    "summary": "lesson.progress",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{_MODULES[name]}")
    if name in _FUNCTIONS:
        return getattr(import_module(f"{__name__}.{_FUNCTIONS[name]}"), name)
    raise AttributeError(f"lecture643 has no {name}, it has {', '.join(__dir__())}")


def __dir__() -> list[str]:
    return sorted(_MODULES | _FUNCTIONS)
