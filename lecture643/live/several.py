"""A setting of several numbers, as many as other settings ask for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lecture643.live.kinds import Number
from lecture643.maths.checks import finite_array


@dataclass(frozen=True, kw_only=True)
class Several(Number):
    """Numbers with one range, each with a slider. names: of the sliders, given the settings before."""

    names: Callable[[Any], Sequence[str]]

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """As many finite numbers within the range; of a single one also the number itself."""
        wanted = len(self.names(settings))
        single = wanted == 1 and np.ndim(value) == 0
        numbers = finite_array(name, [value] if single else value, (wanted,))
        low, high = self.ends(settings)
        for number in numbers:
            if not low <= number <= high:
                raise ValueError(f"{name} must have its numbers from {low:g} to {high:g}, got {number:g}")
        return tuple(numbers.tolist())

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """Still within the range."""
        low, high = self.ends(new)
        return tuple(min(max(part, low), high) for part in value)

    def snapped(self, value: Any, settings: Any) -> Any:
        """The nearest stops."""
        return tuple(super(Several, self).snapped(part, settings) for part in value)

    def nudged(self, value: Any, across: int, up: int, settings: Any) -> Any:
        """Each so many steps further."""
        return tuple(part + (across or up) * self.step for part in value)

    def shown(self, value: Any, settings: Any) -> Any:
        """A list, as JSON knows no tuples."""
        return list(value)

    def told(self, settings: Any) -> dict[str, Any]:
        """As a point's, with as many names."""
        return super().told(settings) | {"kind": "point", "names": list(self.names(settings))}
