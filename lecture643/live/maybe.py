"""A point that need not be there: it comes when it is dragged, set, or told by another view."""

from dataclasses import dataclass, field
from typing import Any

from lecture643.live.kinds import Point

NOWHERE = (0.0, 0.0)  # where its sliders stand


@dataclass(frozen=True, kw_only=True)
class MaybePoint(Point):
    """As a `Point`, or None."""

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """Two numbers within the range, or None."""
        return None if value is None else super().checked(name, value, settings)

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """Still within the range."""
        return None if value is None else super().followed(value, old, new)

    def nudged(self, value: Any, across: int, up: int, settings: Any) -> Any:
        """So many steps from where it is, or from the middle."""
        return super().nudged(value or NOWHERE, across, up, settings)

    def between(self, old: Any, new: Any, share: float) -> Any:
        """Straight on, where there are both."""
        return super().between(old, new, share) if old and new else new

    def shown(self, value: Any, settings: Any) -> Any:
        """A list, as JSON knows no tuples."""
        return list(value or NOWHERE)


def maybe_point(names: tuple[str, str], limit: Any, **more: Any) -> Any:
    """A point that is not there at first, and can be dragged in the panels."""
    return field(default=None, metadata={"kind": MaybePoint(names=names, limit=limit, **more)})
