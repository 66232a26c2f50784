"""Points of one's own: given as rows (x₁, x₂, label), painted in the picture, or moved one by one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from lecture643.live.kinds import Kind, Pair, on_grid
from lecture643.live.settings import Settings, choice, given, whole
from lecture643.maths.checks import finite_array
from lecture643.maths.toy import SigmoidNeuron, four_points

Row = tuple[float, float, float]
Rows = tuple[Row, ...]

FEWEST, MOST = 2, 40
LIMIT = 6.0
STEP = 0.1
TOOLS = {"move": "move", "add 1": "one", "add 0": "zero", "flip": "flip", "delete": "delete"}


@dataclass(frozen=True, kw_only=True)
class Points(Kind):
    """Rows (x₁, x₂, label); its two sliders move the chosen one.

    The default's own rows are always allowed, however many they are and wherever they lie.
    classes: whether labels are 0 and 1 only, for which −1 and +1 may stand.
    """

    classes: bool = False

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """Some rows of finite numbers, within the range, with labels that the error accepts."""
        own = self.first(settings)
        array = finite_array(name, value)
        if array.ndim != 2 or array.shape[1] != 3:
            raise ValueError(f"{name} must be rows of three numbers (x₁, x₂, label), got {value!r:.80}")
        rows = _as_rows(array)
        if rows == own:
            return own
        if not min(FEWEST, len(own)) <= len(rows) <= max(MOST, len(own)):
            raise ValueError(f"{name} must be from {FEWEST} to {MOST}, got {len(rows)}")
        reach = self._reach(settings)
        if np.abs(array[:, :2]).max() > reach:
            raise ValueError(f"{name} must lie from {-reach:g} to {reach:g} in x₁ and x₂, got {value!r:.80}")
        return self._labelled(name, rows)

    def _labelled(self, name: str, rows: Rows) -> Rows:
        labels = {label for _, _, label in rows}
        if self.classes and labels <= {-1, 1}:
            return tuple((x1, x2, max(label, 0.0)) for x1, x2, label in rows)
        if self.classes and not labels <= {0, 1}:
            raise ValueError(f"{name} must have labels 0 and 1, or −1 and +1, got {sorted(labels)!r:.60}")
        if not all(0 <= label <= 1 for label in labels):
            told = f"{name} must have labels from 0 to 1, got {sorted(labels)!r:.60}"
            raise ValueError(f"{told}; map labels −1 and +1 by (y + 1) / 2")
        return rows

    def _reach(self, settings: Any) -> float:
        own = self.first(settings)
        return max(LIMIT, *(abs(x) for row in own for x in row[:2]))

    def snapped(self, value: Any, settings: Any) -> Any:
        """What has moved goes to the nearest stops."""
        reach, known = self._reach(settings), set(settings.points)
        places = ((on_grid(x1, -reach, reach, STEP), on_grid(x2, -reach, reach, STEP)) for x1, x2, _ in value)
        return tuple(
            row if row in known else (*place, row[2]) for row, place in zip(value, places, strict=True)
        )

    def nudged(self, value: Any, across: int, up: int, settings: Any) -> Any:
        """The chosen one so many steps across and up."""
        x1, x2 = self.shown(value, settings)
        return moved(value, settings.which, (x1 + across * STEP, x2 + up * STEP))

    def between(self, old: Any, new: Any, share: float) -> Any:
        """Straight on, where there are as many."""
        if len(old) != len(new):
            return new
        return _as_rows((1 - share) * np.array(old) + share * np.array(new))

    def shown(self, value: Any, settings: Any) -> Any:
        """The place of the chosen one, or of the first."""
        return list(value[max(settings.which, 1) - 1][:2])

    def meant(self, shown: Any, settings: Any) -> Any:
        """With the chosen one at another place."""
        return moved(settings.points, settings.which, (float(shown[0]), float(shown[1])))

    def told(self, settings: Any) -> dict[str, Any]:
        """As a single point's."""
        reach = self._reach(settings)
        return {"kind": "point", "names": ["its x₁", "its x₂"], "min": -reach, "max": reach, "step": STEP}


# --- rows, changed -------------------------------------------------------------------------------


def moved(rows: Rows, which: int, at: Pair) -> Rows:
    """With number `which`, from 1, at another place."""
    at_row = max(which, 1) - 1
    return (*rows[:at_row], (*at, rows[at_row][2]), *rows[at_row + 1 :])


def flipped(rows: Rows, which: int) -> Rows:
    """With the other label: 1 − y."""
    x1, x2, label = rows[which - 1]
    return (*rows[: which - 1], (x1, x2, 1 - label), *rows[which:])


def without(rows: Rows, which: int) -> Rows:
    """With that one deleted."""
    return (*rows[: which - 1], *rows[which:])


@lru_cache(maxsize=256)
def neuron_of(problem: SigmoidNeuron, rows: Rows) -> SigmoidNeuron:
    """The neuron on these rows: the very one that was given, where they are its own."""
    if rows == rows_of(problem):
        return problem
    array = np.array(rows)
    return SigmoidNeuron(array[:, :2], array[:, 2])


@lru_cache(maxsize=64)
def rows_of(problem: SigmoidNeuron) -> Rows:
    """Its samples as rows."""
    return _as_rows(np.column_stack([problem.x, problem.y]))


def _as_rows(array: Any) -> Any:
    return tuple(map(tuple, (array + 0.0).tolist()))


def _chosen(which: int, old: Any, new: Any) -> int:
    """Which is chosen after a change: the new one, or the one that has changed."""
    before, after = old.points, new.points
    if len(after) > len(before):
        return len(after)
    changed = [i for i, pair in enumerate(zip(before, after, strict=False), start=1) if pair[0] != pair[1]]
    return changed[0] if len(after) == len(before) and len(changed) == 1 else which


# --- as settings of a view -----------------------------------------------------------------------


def points_setting(default: Any, applies: Callable[[Any], bool] = lambda s: True, **more: Any) -> Any:
    """The points; the sliders are there once one of them is chosen."""
    kind = Points(
        default=default,
        secondary=True,
        applies=lambda s: s.which > 0 and applies(s),
        meaning="your own points, as rows (x₁, x₂, label)",
        **more,
    )
    return field(default=None, metadata={"kind": kind})


def which_setting(**more: Any) -> Any:
    """Which of them the sliders and the buttons mean."""
    meaning = "the number of the chosen point, 0 for none"
    more |= {"follow": _chosen, "secondary": True, "meaning": meaning}
    return whole("point", 0, 0, lambda s: len(s.points), **more)


def tool_setting(tools: Mapping[str, str] = MappingProxyType(TOOLS), **more: Any) -> Any:
    """What a press among the points does; tools: label -> tool."""
    meaning = f"what a press does: {', '.join(repr(tool) for tool in tools.values())}"
    more |= {"secondary": True, "alone": True, "meaning": meaning}
    return choice("the hand", next(iter(tools.values())), tools, **more)


@dataclass(frozen=True)
class NeuronPoints(Settings):
    """The points of a neuron."""

    problem: SigmoidNeuron = given(four_points, "other data with two inputs")
    points: Rows = points_setting(lambda s: rows_of(s.problem), resets_with=["problem"])
    which: int = which_setting()

    @property
    def neuron(self) -> SigmoidNeuron:
        """With these points."""
        return neuron_of(self.problem, self.points)
