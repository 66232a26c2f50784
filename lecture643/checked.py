"""What the check of a homework has found, told to whoever can show it.

Homework knows nothing of views, and views nothing of homework. Both stand on this, which stands on nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where one of the lecture's own numbers is to be seen.

    symbol: the number's, as on the slides. view: which shows it, such as "backprop", or "" where none does;
    settings: with which.
    free: what may differ there besides, since the number does not depend on it. own: the name of the
    student's function, where the view shows what that does.
    """

    symbol: str
    view: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    free: Sequence[str] = ()
    own: str = ""

    @property
    def line(self) -> str:
        """The line of Python that opens the view there."""
        own = [f"{self.own}={self.own}"] if self.own else []
        told = [f"{name}={_written(value)}" for name, value in self.settings.items()]
        return f"lec.explore.{self.view}({', '.join([*own, *told])})"


@dataclass(frozen=True)
class Checked:
    """A check: of which homework, of whose function, and what was found.

    takes: the name of the setting under which a view takes such a function. function: None where it must not
    be called again. place: the number that is off, if there is one to show; words: what is said of it.
    """

    homework: str
    takes: str
    function: Callable[..., Any] | None
    place: Place | None = None
    words: str = ""


_listeners: list[Callable[[Checked], bool]] = []


def on_check(listener: Callable[[Checked], bool]) -> None:
    """Call the listener with each check; it returns whether it now shows the place."""
    _listeners.append(listener)


def tell(found: Checked) -> bool:
    """Tell all who listen; whether one of them now shows the place."""
    shown = [listener(found) for listener in _listeners]  # each is told
    return any(shown)


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_written, value))})"
    if isinstance(value, float):
        return f"{value:g}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
