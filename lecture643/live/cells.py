"""Which notebook cell runs now, and the views that its earlier runs have left behind.

This is the only place that asks the kernel anything, and only by public names.
"""

import sys
import weakref
from typing import Any, Protocol


class Closable(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Take it down."""


_shown_by_cell: dict[str, tuple[str, "weakref.WeakSet[Any]"]] = {}
_turns: dict[str, int] = {}  # the cells, in the order in which they were first run


def running_cell() -> tuple[str, str]:
    """The id of the notebook cell that runs now and the id of this run; empty outside a notebook."""
    ipython = sys.modules.get("IPython")  # where it is not loaded there is no kernel either
    kernel = getattr(ipython.get_ipython() if ipython else None, "kernel", None)
    get_parent = getattr(kernel, "get_parent", None)
    if get_parent is None:
        return "", ""
    try:
        parent = get_parent("shell")
    except TypeError:  # kernels in the browser take no channel
        parent = get_parent()
    return parent.get("metadata", {}).get("cellId", ""), parent.get("header", {}).get("msg_id", "")


def turn() -> int:
    """The place of the running cell, in the order of first runs, which mostly is that of the page."""
    return _turns.setdefault(running_cell()[0], len(_turns))


def replace_earlier(view: Closable) -> None:
    """Close what an earlier run of the same cell has left; the view is what this run shows."""
    cell, run = running_cell()
    if not cell:
        return
    earlier, views = _shown_by_cell.get(cell, ("", weakref.WeakSet()))
    if earlier != run:
        for old in list(views):
            old.close()
        views = weakref.WeakSet()
    views.add(view)
    _shown_by_cell[cell] = (run, views)
