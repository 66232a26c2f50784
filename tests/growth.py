"""How much memory a process gains while views are used: run alone, since a process that has tested
other things for an hour has holes and gains as it fills them.

    python tests/growth.py changes|views
"""

import gc
import sys

import psutil
from hands import message

from lecture643 import explore
from lecture643.live import hall


def memory() -> int:
    """Bytes that this process holds."""
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def growth_by_changes() -> int:
    """Bytes gained by the last thousand of 1,100 changes of one view."""
    view = explore.neuron()
    message(view, "hello", density=2, width=1000, height=700)
    before = 0
    for k in range(1100):
        value = 0.1 + 0.001 * (k % 50)
        message(view, "set", values={"w": [value, -value]})
        if k == 100:
            before = memory()
    return memory() - before


def growth_by_views() -> int:
    """Bytes gained by the last hundred of 110 views: opened and closed, but held, as `Out` does."""
    before, held = 0, []
    for k in range(110):
        view = explore.sigmoid()
        message(view, "hello", density=1, width=1000, height=700)
        view.close()
        held.append(view)
        if k == 10:
            before = memory()
    assert len(hall.open_views) == 0
    return memory() - before


if __name__ == "__main__":
    print({"changes": growth_by_changes, "views": growth_by_views}[sys.argv[1]]())
