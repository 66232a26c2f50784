"""What a view can be set to, as data: a frozen dataclass, from which all else about its settings comes.

    @dataclass(frozen=True)
    class Settings(live.Settings):
        rate: float = log("learning rate γ", 0.5, 0.01, 100, meaning="γ")
        start: Pair = point(("start w₁₁¹", "start w₁₂¹"), (2, 0), limit=6, panels=["weights"])

A setting may depend on those that are declared before it: a range, a default or the options can be functions
of the settings.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from inspect import Parameter, Signature
from typing import Any, Self

from lecture643.live.kinds import Arrow, Choice, Given, Kind, Number, Play, Point, Switch, Whole


@dataclass(frozen=True)
class Settings:
    """The settings of a view, checked: a value that is not allowed raises ValueError in one sentence."""

    def __post_init__(self) -> None:
        for name, kind in self.kinds().items():
            value = getattr(self, name)
            value = kind.first(self) if value is None else value
            object.__setattr__(self, name, kind.checked(name, value, self))

    @classmethod
    @cache
    def kinds(cls) -> dict[str, Kind]:
        """name -> kind, in the order of their declaration."""
        return {each.name: replace(each.metadata["kind"], name=each.name) for each in fields(cls)}

    @classmethod
    def signature(cls) -> Signature:
        """How a view with these settings is called."""
        return Signature(
            [
                Parameter(each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=each.type)
                for each in fields(cls)
            ]
        )

    @classmethod
    def documentation(cls) -> str:
        """A line for each setting."""
        return "\n".join(f"    {name}: {kind.meaning}" for name, kind in cls.kinds().items() if kind.meaning)

    def changed(self, **values: Any) -> Self:
        """These settings with other values; what depends on them follows.

        Raises ValueError for a setting that is not there and for a value that is not allowed.
        """
        for name in values:
            if name not in self.kinds():
                raise ValueError(f"{name} is no setting of this view, it has {', '.join(self.kinds())}")
        new = object.__new__(type(self))
        moved: set[str] = set()
        for name, kind in self.kinds().items():
            old = getattr(self, name)
            if name in values and values[name] is not None:
                value = values[name]
            elif name in values or moved & set(kind.resets_with):
                value = kind.first(new)
            else:
                value = kind.followed(old, self, new)
            object.__setattr__(new, name, kind.checked(name, value, new))
            if getattr(new, name) != old:
                moved.add(name)
        return new

    def code(self, call: str) -> str:
        """The line of Python that makes a view with these settings: only what differs from the defaults.

        Data, which are given by a function, cannot be told; a function is told by its name.
        """
        told = (
            f"{name}={_written(name, getattr(self, name))}"
            for name, kind in self.kinds().items()
            if not (isinstance(kind, Given) and callable(kind.default))
            and getattr(self, name) != kind.checked(name, kind.first(self), self)
        )
        return f"{call}({', '.join(told)})"

    def told(self, first: Sequence[str] = ()) -> list[dict[str, Any]]:
        """What the browser needs to show a control for each setting; first: the main ones, or as declared."""
        return [
            {
                "name": name,
                "label": kind.label,
                "secondary": name not in first if first else kind.secondary,
                **kind.told(self),
            }
            | {"value": kind.shown(getattr(self, name), self)}
            | ({"hidden": True} if kind.applies and not kind.applies(self) else {})
            for name, kind in self.kinds().items()
            if not isinstance(kind, Given)
        ]


# --- how settings are declared ------------------------------------------------------------------


def number(label: str, default: Any, low: Any, high: Any, step: Any = 0.05, **more: Any) -> Any:
    """A real number with a slider."""
    return _declared(Number(label=label, default=default, low=low, high=high, step=step, **more))


def log(label: str, default: Any, low: float, high: float, **more: Any) -> Any:
    """A positive number whose slider stops at round numbers, ten to a decade."""
    return _declared(Number(label=label, default=default, low=low, high=high, log=True, **more))


def whole(label: str, default: Any, low: Any, high: Any, play: Play | None = None, **more: Any) -> Any:
    """A whole number with a slider, which may be played."""
    return _declared(Whole(label=label, default=default, low=low, high=high, play=play, **more))


def arrow(names: tuple[str, str], default: Any, shortest: float, longest: float, **more: Any) -> Any:
    """A vector that is not 0, with a slider for its angle and one for its length."""
    return _declared(Arrow(names=names, default=default, shortest=shortest, longest=longest, **more))


def choice(label: str, default: Any, options: Any, **more: Any) -> Any:
    """One of some values: a list of them, a mapping label -> value, or a function of the settings before."""
    return _declared(Choice(label=label, default=default, options=options, **more))


def switch(label: str, default: bool, **more: Any) -> Any:
    """On or off."""
    return _declared(Switch(label=label, default=default, **more))


def point(names: tuple[str, str], default: Any, limit: Any, panels: Sequence[str] = (), **more: Any) -> Any:
    """A point that is dragged in the panels, with a slider for each of its two numbers."""
    return _declared(Point(names=names, default=default, limit=limit, panels=panels, **more))


def given(default: Any, meaning: str, check: Callable[[str, Any], Any] | None = None, **more: Any) -> Any:
    """Something without a control, such as data of one's own; check: gives what is kept, or ValueError."""
    return _declared(Given(default=default, meaning=meaning, check=check, **more))


def _written(name: str, value: Any) -> str:
    if inspect.isfunction(value):
        return value.__name__ if value.__name__.isidentifier() else name
    return repr(value)


def _declared(kind: Kind) -> Any:
    plain = None if callable(kind.default) else kind.default
    return field(default=plain, compare=not isinstance(kind, Given), metadata={"kind": kind})
