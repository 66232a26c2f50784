"""The controls that views share: the same thing is moved by the same kind of slider everywhere.

In the browser a slider moves a value that lies between two of its stops to the nearer stop, and so
changes what was asked for. `place` gives the control a stop at the value first.
"""

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np

from lecture643.maths.checks import positive

_WIDE = {"description_width": "auto"}
_MANTISSAS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)


def slider(
    name: str, value: float, low: float, high: float, step: float, decimals: int = 2
) -> widgets.FloatSlider:
    """A slider for a real number; the range grows where the first value lies outside it."""
    control = widgets.FloatSlider(
        min=min(low, value),
        max=max(high, value),
        step=step,
        description=name,
        style=_WIDE,
        readout_format=f".{decimals}f",
        layout={"width": "300px"},
    )
    place(control, value)
    return control


def whole(name: str, value: int, low: int, high: int, step: int = 1) -> widgets.IntSlider:
    """A slider for a whole number; the range grows where the first value lies outside it."""
    return widgets.IntSlider(
        value=value,
        min=min(low, value),
        max=max(high, value),
        step=step,
        description=name,
        style=_WIDE,
        layout={"width": "300px"},
    )


def log_slider(name: str, value: float, low: int, high: int) -> widgets.SelectionSlider:
    """A slider from 10^low to 10^high with stops at round numbers, ten to a decade."""
    stops = [float(f"{m}e{decade}") for decade in range(low, high) for m in _MANTISSAS]
    control = widgets.SelectionSlider(
        options=_labelled([*stops, 10.0**high]), description=name, style=_WIDE, layout={"width": "300px"}
    )
    place(control, positive(name, value))
    return control


def choice(name: str, options: Sequence[Any], value: Any) -> widgets.ToggleButtons:
    """A row of buttons of which one is pressed; options are values or (label, value) pairs.

    Raises ValueError where the value is none of them.
    """
    values = [option[1] if isinstance(option, tuple) else option for option in options]
    if value not in values:
        raise ValueError(f"{name} must be one of {', '.join(map(str, values))}, got {value!r}")
    return widgets.ToggleButtons(
        options=options,
        value=value,
        description=name,
        style=_WIDE | {"button_width": "auto"},
        layout={"width": "auto", "display": "flex", "align_items": "center", "margin": "2px 16px 2px 2px"},
    )


def place(control: widgets.Widget, value: Any) -> None:
    """Set the control to the value, with a stop just there; past its ends a slider stops at the end."""
    if isinstance(control, widgets.SelectionSlider):
        values = [stop for _, stop in control.options]
        if value not in values:
            control.options = _labelled(sorted([*values, positive(control.description, value)]))
    elif isinstance(control, widgets.FloatSlider):
        while control.step > 1e-6 and not _on_a_stop(control, value):
            control.step /= 10
    control.value = value


def nearest_stop(control: widgets.Widget, value: Any) -> Any:
    """What a drag should set: the stop of a slider that is nearest to the value, or just this option."""
    if isinstance(control, widgets.SelectionSlider):  # positive stops, to be compared by their ratios
        stops = np.array([stop for _, stop in control.options])
        return float(stops[np.argmin(np.abs(np.log(stops / value)))])
    if not hasattr(control, "step"):
        return value
    steps = round((value - control.min) / control.step)
    return float(min(max(control.min + steps * control.step, control.min), control.max))


def _labelled(stops: Sequence[float]) -> list[tuple[str, float]]:
    return [(f"{stop:.4g}", stop) for stop in stops]


def _on_a_stop(control: widgets.FloatSlider, value: float) -> bool:
    return not abs(nearest_stop(control, value) - min(max(value, control.min), control.max)) > 1e-9
