"""Local and global optima on an interval (slide "General Optimization Problem")."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lecture643.maths.checks import Floats
from lecture643.maths.functions import Polynomial

SAME = 1e-14  # values of f that differ by less are the same


@dataclass(frozen=True)
class Trial:
    """A point z and an ε, and what is optimal: all places are x values."""

    on: "OnInterval"
    z: float
    epsilon: float
    near: tuple[float, float]  # both ends of N(z, ε)
    value: float  # f(z)
    slope: float  # ∇f(z)
    lower: float | None  # the lowest place of N(z, ε), where it is lower than z
    reach: float  # z passes the test for every ε up to this; 0 for none, inf for all
    falls_on: int  # to how many sides f falls from z at once
    passing: Floats  # all places that pass the test with this ε

    @property
    def best(self) -> Floats:
        """S*."""
        return self.on.best

    @property
    def feasible(self) -> bool:
        """Whether z ∈ C."""
        return self.on.low <= self.z <= self.on.high

    @property
    def on_edge(self) -> bool:
        """Whether z is an end of C."""
        return self.z in (self.on.low, self.on.high)


class OnInterval:
    """min f(x) over x ∈ C = [low, high].

    places: both ends and the turns of f between them. From one place to the next f is monotone, so optima can
    be nowhere else.
    """

    def __init__(self, f: Polynomial, low: float, high: float) -> None:
        self.f, self.low, self.high = f, low, high
        self.places = np.unique([low, high, *f.turns[(f.turns > low) & (f.turns < high)]])

    def value(self, x: Floats | float) -> Floats:
        """f: (...) -> (...)."""
        return self.f.error(np.asarray(x)[..., np.newaxis])

    @cached_property
    def best(self) -> Floats:
        """S*, all places with the least value."""
        values = self.value(self.places)
        return self.places[values <= values.min() + SAME]

    @property
    def least(self) -> float:
        """f*."""
        return float(self.value(self.places).min())

    def trial(self, z: float, epsilon: float) -> Trial:
        """z, tested with ε."""
        feasible = self.low <= z <= self.high
        lowest = self.lowest_near(z, epsilon) if feasible else z
        stays = self.stays(z)
        return Trial(
            on=self,
            z=z,
            epsilon=epsilon,
            near=self.neighbourhood(z, epsilon),
            value=float(self.value(z)),
            slope=float(self.f.gradient([z])[0]) + 0.0,  # not −0
            lower=None if lowest == z else lowest,
            reach=min(stays) if feasible else 0.0,
            falls_on=stays.count(0.0),
            passing=self.passing(epsilon),
        )

    def neighbourhood(self, z: float, epsilon: float) -> tuple[float, float]:
        """Both ends of N(z, ε) = {u ∈ C : |z − u| ≤ ε}, for z ∈ C."""
        return max(self.low, z - epsilon), min(self.high, z + epsilon)

    def lowest_near(self, z: float, epsilon: float) -> float:
        """The lowest place of N(z, ε); z itself where none is lower than z."""
        left, right = self.neighbourhood(z, epsilon)
        near = np.array([z, left, right, *self.places[(self.places > left) & (self.places < right)]])
        values = self.value(near)
        lowest = int(values.argmin())
        return float(near[lowest] if values[lowest] < values[0] - SAME else z)

    def passing(self, epsilon: float) -> Floats:
        """All places with no lower one within ε."""
        return np.array([place for place in self.places if self.lowest_near(place, epsilon) == place])

    def stays(self, z: float) -> tuple[float, float]:
        """How far f can go to the right and to the left of z before it is lower than f(z); inf for ever."""
        right, left = self.places[self.places > z], self.places[self.places < z][::-1]
        return self._stays(z, right), self._stays(z, left)

    def _stays(self, z: float, ahead: Floats) -> float:
        value, last = float(self.value(z)), z
        for place in ahead:
            if self.value(place) < value - SAME:
                return 0.0 if last == z else abs(self._crossing(value, last, float(place)) - z)
            last = float(place)
        return np.inf

    def _crossing(self, value: float, above: float, below: float) -> float:
        """Where a monotone piece of f, from above the value to below it, crosses it."""
        for _ in range(12):
            cell = np.linspace(above, below, 33)
            first = max(1, int(np.argmax(self.value(cell) < value)))
            above, below = float(cell[first - 1]), float(cell[first])
        return above
