"""A view with what is asked in it: a prediction before it moves, goals for when it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, isnan, log10, nan
from types import ModuleType
from typing import Any

from lecture643.live import View
from lecture643.live.asked import Goal, Prediction, titled


@dataclass(frozen=True, kw_only=True)
class Activity:
    """A call of it makes the view, ready to be shown.

    view: which, such as `explore.descent`. settings: with which it begins. statements: of the lecture that it
    is about. ask: the prediction, if there is one. goals: to be reached afterwards. first: the controls that
    are seen at once.
    name: under which it is called, and kept in the logbook. notebook: "00" to "07".
    """

    view: Callable[..., View[Any, Any]]
    statements: Sequence[str]
    settings: Mapping[str, Any] = field(default_factory=dict)
    ask: Prediction | None = None
    goals: Sequence[Goal] = ()
    first: Sequence[str] = ()
    name: str = ""
    notebook: str = ""

    def __call__(self, **changes: Any) -> View[Any, Any]:
        """The view; changes: other settings to begin with."""
        return self.view(**{**self.settings, **changes}).asking(self.name, self.ask, self.goals, self.first)

    def titled_goals(self) -> list[tuple[str, Goal]]:
        """The goals with the names that the logbook has for them."""
        return list(zip(titled(self.name, self.goals), self.goals, strict=True))


def decades_above(value: float, goal: float) -> float:
    """By how many powers of ten a value is above a goal; 0 below it, nan where one of the two is none."""
    if isnan(value) or goal == inf:
        return nan
    return 0.0 if value <= goal else log10(value / goal) if goal else inf


def named(module: ModuleType) -> dict[str, Activity]:
    """The activities of a module, by their names there."""
    notebook = getattr(module, "NOTEBOOK", "")
    found = {name: value for name, value in vars(module).items() if isinstance(value, Activity)}
    return {name: replace(activity, name=name, notebook=notebook) for name, activity in found.items()}
