"""The interactive views, one file each; every one is called like a function: `explore.neuron()`."""

import pkgutil
from importlib import import_module

__all__ = sorted(module.name for module in pkgutil.iter_modules(__path__))

# A view's class is named like its file, in capitals: line_search.py holds LineSearch.
for _name in __all__:
    _module = import_module(f"{__name__}.{_name}")
    globals()[_name] = getattr(_module, _name.title().replace("_", ""))
