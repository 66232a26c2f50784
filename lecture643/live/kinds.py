"""The kinds of settings that a view can have: what each allows, how it is told, where the hand lets it stop.

A stop is a help for the hand and no limit: any value within the range is taken as it is given.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lecture643.maths.checks import finite_array, integer, real
from lecture643.maths.plane import polar, turned

Pair = tuple[float, float]
_MANTISSAS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
_DUST = 1e-9  # by so much a length is off that comes from two coordinates


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What all settings have.

    label: beside its control. default: a value, or how it follows from the settings before it.
    applies: for which settings it has a meaning; for others its control is hidden.
    meaning: a line for the docstring. secondary: not shown in a hall. resets_with: the settings whose change
    brings this one back to its default. at_end: a value at the end of its range stays there when that moves.
    follow: how else the value follows: a function of the value, the old and the new settings.
    alone: never tied to that of another view, see `link`.
    """

    name: str = ""  # under which it is declared
    label: str = ""
    default: Any = None
    applies: Callable[[Any], bool] | None = None
    meaning: str = ""
    secondary: bool = False
    resets_with: Sequence[str] = ()
    at_end: bool = False
    follow: Callable[[Any, Any, Any], Any] | None = None
    alone: bool = False

    def first(self, settings: Any) -> Any:
        """The default, given the settings before this one."""
        return self.default(settings) if callable(self.default) else self.default

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """The value as it is kept; ValueError in one sentence where it is not allowed."""
        return value

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """What becomes of the value where other settings have changed from `old` to `new`."""
        return value

    def snapped(self, value: Any, settings: Any) -> Any:
        """The stop that a hand means by the value."""
        return value

    def nudged(self, value: Any, across: int, up: int, settings: Any) -> Any:
        """The value after so many presses of arrow keys."""
        return value

    def between(self, old: Any, new: Any, share: float) -> Any:
        """The value on the way from an old to a new one; what is no number is there at once."""
        return new

    def shown(self, value: Any, settings: Any) -> Any:
        """The value as the browser has it."""
        return value

    def meant(self, shown: Any, settings: Any) -> Any:
        """The value that the browser means."""
        return shown

    def told(self, settings: Any) -> dict[str, Any]:
        """What a control in the browser needs to know."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Given(Kind):
    """What only a caller can give, such as data: it has no control. check: of a value that is not None."""

    check: Callable[[str, Any], Any] | None = None

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """What the check makes of it, if there is one."""
        return value if self.check is None or value is None else self.check(name, value)

    def first(self, settings: Any) -> Any:
        """The default is always made, as data are no constants."""
        return self.default() if callable(self.default) else self.default


@dataclass(frozen=True, kw_only=True)
class Number(Kind):
    """A real number from `low` to `high` in steps of `step`; where `log`, at round numbers of a decade.

    extra: further stops of a logarithmic one.
    """

    low: Any
    high: Any
    step: Any = 0.05
    log: bool = False
    extra: Sequence[float] = ()

    def ends(self, settings: Any) -> Pair:
        """Both ends of the range, which may depend on the settings before this one."""
        return _of(self.low, settings), _of(self.high, settings)

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """A finite number within the range."""
        low, high = self.ends(settings)
        number = real(name, value)
        if not low <= number <= high:
            raise ValueError(f"{name} must be from {low:g} to {high:g}, got {value!r}")
        return number

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """Still within the range; at its end where it was at the end."""
        low, high = self.ends(new)
        if self.follow:
            value = self.follow(value, old, new)
        if self.at_end and value == self.ends(old)[1]:
            return high
        return min(max(value, low), high)

    def stops(self, settings: Any) -> list[float]:
        """Where the slider stops, for a logarithmic one."""
        low, high = self.ends(settings)
        decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
        stops = [float(f"{m}e{decade}") for decade in decades for m in _MANTISSAS]
        return sorted(stop for stop in (*stops, *self.extra) if low <= stop <= high)

    def snapped(self, value: Any, settings: Any) -> Any:
        """The nearest stop within the range."""
        low, high = self.ends(settings)
        value = min(max(value, low), high)
        if self.log:  # to be compared by their ratios
            stops = np.array(self.stops(settings))
            return float(stops[np.abs(np.log(stops / value)).argmin()])
        return on_grid(value, low, high, _of(self.step, settings))

    def nudged(self, value: Any, across: int, up: int, settings: Any) -> Any:
        """So many stops further."""
        if not self.log:
            return value + (across or up) * _of(self.step, settings)
        stops = self.stops(settings)
        at = stops.index(self.snapped(value, settings)) + (across or up)
        return stops[min(max(at, 0), len(stops) - 1)]

    def between(self, old: Any, new: Any, share: float) -> Any:
        """Evenly; where it is logarithmic, by equal ratios."""
        return old * (new / old) ** share if self.log else old + share * (new - old)

    def told(self, settings: Any) -> dict[str, Any]:
        """Ends and step, or the stops."""
        low, high = self.ends(settings)
        stops = {"stops": self.stops(settings)} if self.log else {}
        return {"kind": "number", "min": low, "max": high, "step": _of(self.step, settings)} | stops


@dataclass(frozen=True)
class Play:
    """Buttons that move a whole number by themselves.

    stride: by how much in a tick. interval: milliseconds from tick to tick. jumps: to both ends, too.
    """

    stride: Any = 1
    interval: int = 80
    jumps: bool = False


@dataclass(frozen=True, kw_only=True)
class Whole(Number):
    """A whole number from `low` to `high`. play: how it is played, if it is."""

    step: Any = 1
    play: Play | None = None

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """A whole number within the range."""
        return integer(name, value, *map(int, self.ends(settings)))

    def snapped(self, value: Any, settings: Any) -> Any:
        """The nearest whole stop."""
        return round(super().snapped(value, settings))

    def between(self, old: Any, new: Any, share: float) -> Any:
        """To the nearest whole number."""
        return round(super().between(old, new, share))

    def told(self, settings: Any) -> dict[str, Any]:
        """Also how it is played."""
        told = super().told(settings) | {"whole": True}
        if self.play:
            stride = _of(self.play.stride, settings)
            told["play"] = {"stride": stride, "interval": self.play.interval, "jumps": self.play.jumps}
        return told


@dataclass(frozen=True, kw_only=True)
class Choice(Kind):
    """One of some values.

    options: label -> value, or a list of values; or how they follow from the settings before this one.
    own: checks a value of the caller's own, which then stands beside the options; it raises ValueError.
    typed: an example of such a value as one types it, if a hand may: its parts with "-" between them.
    """

    options: Any = field(default_factory=dict)
    own: Callable[[str, Any], Any] | None = None
    typed: str = ""

    def named(self, settings: Any) -> dict[str, Any]:
        """label -> value."""
        named = self._listed(settings)
        present = getattr(settings, self.name, None)
        if self.own and present is not None and present not in named.values():
            named[_label(present)] = present
        return named

    def _listed(self, settings: Any) -> dict[str, Any]:
        options = _of(self.options, settings)
        return dict(options) if isinstance(options, Mapping) else {_label(each): each for each in options}

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """One of the values."""
        values = list(self._listed(settings).values())
        if isinstance(value, list):
            value = tuple(value)
        if value in values:
            return values[values.index(value)]
        if self.own:
            return self.own(name, value)
        raise ValueError(f"{name} must be one of {', '.join(map(str, values))}, got {value!r}")

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """The first of the values where this one is there no more."""
        values = list(self.named(new).values())
        return value if self.own or value in values else values[0]

    def shown(self, value: Any, settings: Any) -> Any:
        """Its number among the options."""
        return list(self.named(settings).values()).index(value)

    def meant(self, shown: Any, settings: Any) -> Any:
        """The option of this number; of a text, the option or the own value that is written there."""
        named = self.named(settings)
        if isinstance(shown, str):
            return named.get(shown.strip(), _parts(shown))
        return list(named.values())[int(shown)]

    def told(self, settings: Any) -> dict[str, Any]:
        """The labels, in turn."""
        return {"kind": "choice", "options": list(self.named(settings)), "typed": self.typed}


@dataclass(frozen=True, kw_only=True)
class Switch(Kind):
    """On or off."""

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """True or False."""
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{name} must be True or False, got {value!r}")
        return bool(value)

    def told(self, settings: Any) -> dict[str, Any]:
        """Nothing more than what it is."""
        return {"kind": "switch"}


@dataclass(frozen=True, kw_only=True)
class Arrow(Kind):
    """A vector that is not 0, with a slider for its angle in degrees and one for its length.

    shortest, longest: its length. names: of the two sliders.
    """

    shortest: float
    longest: float
    step: float = 0.1
    names: tuple[str, str] = ("", "")

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """Two finite numbers, not both 0, and the length within its range."""
        arrow = finite_array(name, value, (2,))
        _, length = polar(arrow)
        if not length:
            raise ValueError(f"{name} must be a direction, got the zero vector")
        if not self.shortest - _DUST <= length <= self.longest + _DUST:
            allowed = f"from {self.shortest:g} to {self.longest:g}"
            raise ValueError(f"{name} must have a length {allowed}, got one of {length:g}")
        return float(arrow[0]), float(arrow[1])

    def snapped(self, value: Any, settings: Any) -> Any:
        """Turned to a whole degree, as long as it was."""
        angle, length = polar(value)
        return self.meant((round(angle), length), settings)

    def nudged(self, value: Any, across: int, up: int, settings: Any) -> Any:
        """Turned by degrees, made longer by steps."""
        angle, length = polar(value)
        longer = min(max(length + up * self.step, self.shortest), self.longest)
        return self.meant((angle + across, longer), settings)

    def shown(self, value: Any, settings: Any) -> Any:
        """Angle and length, as one writes them."""
        return [float(f"{part:.10g}") for part in polar(value)]

    def meant(self, shown: Any, settings: Any) -> Any:
        """The vector with this angle and length."""
        angle, length = shown
        return tuple(map(float, turned(angle, max(length, 0.0))))

    def told(self, settings: Any) -> dict[str, Any]:
        """Both names, each with its own ends and step."""
        sides = [
            {"min": -180, "max": 180, "step": 1},
            {"min": self.shortest, "max": self.longest, "step": self.step},
        ]
        return {"kind": "point", "names": list(self.names), "sides": sides}


@dataclass(frozen=True, kw_only=True)
class Point(Kind):
    """Two numbers, each from −limit to limit, that can be dragged in a panel of the picture.

    names: of the two sliders. panels: those in which it follows the hand.
    """

    limit: Any
    step: Any = 0.05
    names: tuple[str, str] = ("", "")
    panels: Sequence[str] = ()

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """Two finite numbers within the range."""
        pair, limit = finite_array(name, value, (2,)), _of(self.limit, settings)
        if np.abs(pair).max() > limit:
            told = f"({pair[0]:g}, {pair[1]:g})"
            raise ValueError(f"{name} must have both numbers from {-limit:g} to {limit:g}, got {told}")
        return float(pair[0]), float(pair[1])

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """Still within the range."""
        limit = _of(self.limit, new)
        return tuple(min(max(part, -limit), limit) for part in value)

    def snapped(self, value: Any, settings: Any) -> Any:
        """The nearest stops of both."""
        limit, step = _of(self.limit, settings), _of(self.step, settings)
        return tuple(on_grid(part, -limit, limit, step) for part in value)

    def nudged(self, value: Any, across: int, up: int, settings: Any) -> Any:
        """So many steps across and up."""
        step = _of(self.step, settings)
        return value[0] + across * step, value[1] + up * step

    def between(self, old: Any, new: Any, share: float) -> Any:
        """Straight on."""
        return tuple(a + share * (b - a) for a, b in zip(old, new, strict=True))

    def shown(self, value: Any, settings: Any) -> Any:
        """A list, as JSON knows no tuples."""
        return list(value)

    def told(self, settings: Any) -> dict[str, Any]:
        """Both names and the ends and step that they share."""
        limit = _of(self.limit, settings)
        step = _of(self.step, settings)
        return {"kind": "point", "names": list(self.names), "min": -limit, "max": limit, "step": step}


def _label(value: Any) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _parts(text: str) -> tuple[Any, ...]:
    """What stands between the hyphens (or commas, or spaces), whole numbers as numbers."""
    parts = (part for part in re.split(r"[-–,\s]+", text) if part)
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def _of(value: Any, settings: Any) -> Any:
    rule: Callable[[Any], Any] | None = value if callable(value) else None
    return rule(settings) if rule else value


def on_grid(value: float, low: float, high: float, step: float) -> float:
    """The nearest of low, low + step, …, as one writes it: 0.15, not 0.15000000000000036."""
    at = low + round((min(max(value, low), high) - low) / step) * step
    return float(f"{min(at, high):.10g}") + 0.0
