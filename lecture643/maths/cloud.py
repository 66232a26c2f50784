"""SGD with many seeds at once: where chance could have led it, computed bit by bit and kept."""

from functools import lru_cache
from time import perf_counter

import numpy as np

from lecture643.maths.checks import Floats
from lecture643.maths.crowd import sgd_slices
from lecture643.maths.race import Race

SEEDS = tuple(range(50))
LENGTH = 100  # steps between two looks at the clock


class Cloud:
    """The walks of SGD in a race, one for each of the SEEDS, as far as they have been asked for."""

    def __init__(self, race: Race) -> None:
        self._slices = sgd_slices(
            race.problem, race.start, race.rates(1, race.budget), SEEDS, batch_size=1, length=LENGTH
        )
        self._parts = [next(self._slices)]
        self._ends = [0]  # the k at which each part ends

    @property
    def known(self) -> int:
        """How many steps are known."""
        return self._ends[-1]

    def reach(self, k: int, seconds: float = np.inf) -> bool:
        """Compute up to step k, for about so many seconds; whether that was long enough."""
        until = perf_counter() + seconds
        while self.known < k:
            if perf_counter() >= until:
                return False
            part = next(self._slices)
            self._parts.append(part)
            self._ends.append(self.known + len(part))
        return True

    def at(self, k: int) -> Floats:
        """w^k of every walk, or the last that is known: (number of seeds, 2)."""
        k = min(k, self.known)
        part = int(np.searchsorted(self._ends, k))
        return self._parts[part][k - self._ends[part] - 1]


@lru_cache(maxsize=2)
def kept_cloud(race: Race) -> Cloud:
    """`Cloud`, kept, so that one can go to and fro in it."""
    return Cloud(race)
