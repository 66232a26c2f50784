"""One setting of a view as something to read, to move and to observe, as ipywidgets' controls are."""

from typing import TYPE_CHECKING, Any

import traitlets

from lecture643.live.kinds import Choice, Kind

if TYPE_CHECKING:
    from lecture643.live.view import View


class Control(traitlets.HasTraits):
    """view.controls["rate"].value: moving it moves the view; what goes wrong is told in the view.

    value: the setting. min, max: the ends of its range. options: its values, for a choice.
    """

    value = traitlets.Any()

    def __init__(self, view: "View[Any, Any]", name: str) -> None:
        super().__init__(value=getattr(view.settings, name))
        self._view, self.name = view, name
        self.observe(self._moved, names="value")

    @property
    def kind(self) -> Kind:
        """What it allows."""
        return self._view.settings.kinds()[self.name]

    @property
    def min(self) -> Any:
        """The lower end of the range."""
        return self.kind.told(self._view.settings)["min"]

    @property
    def max(self) -> Any:
        """The upper end of the range."""
        return self.kind.told(self._view.settings)["max"]

    @property
    def options(self) -> list[Any]:
        """The values of a choice."""
        return list(self.kind.named(self._view.settings).values()) if isinstance(self.kind, Choice) else []

    def follow(self) -> None:
        """Take the view's present value."""
        self.value = getattr(self._view.settings, self.name)

    def _moved(self, change: dict[str, Any]) -> None:
        if change["new"] != getattr(self._view.settings, self.name):
            self._view.take({self.name: change["new"]})
