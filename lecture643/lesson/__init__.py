"""What one does in the notebooks: views with a prediction to make and goals to reach, one file a notebook.

Each activity is called like a function: `lecture643.lesson.race()`.
"""

import pkgutil
from importlib import import_module

from lecture643.lesson.activity import Activity, named

activities: dict[str, Activity] = {}
for _module in pkgutil.iter_modules(__path__):
    activities |= named(import_module(f"{__name__}.{_module.name}"))
globals().update(activities)
__all__ = sorted(activities)
