"""What the hand does in the browser, as a change of the view's settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from lecture643.live.kinds import Point

if TYPE_CHECKING:
    from lecture643.live.view import View


@dataclass(frozen=True)
class Pointer:
    """Where a drag is: (x, y) in the data units of `axes`; across and up in parts of the whole picture."""

    panel: str
    axes: Axes
    x: float
    y: float
    across: float
    up: float
    begins: bool


class Hand:
    """Hears a window's messages (see `stage`) and moves the view; each kind of message is a method."""

    def __init__(self, view: "View[Any, Any]") -> None:
        self._view = view
        self._panel: tuple[str, Axes] | None = None  # in which a drag has begun
        kinds = view.settings.kinds().items()
        self._moved = [name for name, kind in kinds if isinstance(kind, Point)]  # what arrow keys move

    def hear(self, message: Mapping[str, Any]) -> None:
        """Do what a message asks for."""
        getattr(self, message["kind"])(message)

    def hello(self, message: Mapping[str, Any]) -> None:
        """A window has opened, or has another size: the picture is laid out for it."""
        self._view.fit(message["width"], message["height"])

    def sight(self, message: Mapping[str, Any]) -> None:
        """What was not seen has missed some frames; what is seen no more may go."""
        if message["seen"]:
            self._view.tell()
        else:
            self._view.let_go_soon()

    def bye(self, message: Mapping[str, Any]) -> None:
        """A window has closed."""
        self._view.let_go_soon()

    def press(self, message: Mapping[str, Any]) -> None:
        """A button."""
        if message["action"] in ("reset", *self._view.actions):
            getattr(self._view, message["action"])()

    def prepare(self, message: Mapping[str, Any]) -> None:
        """The key of a prepared state, in a hall."""
        self._view.prepare(message["state"])

    def set(self, message: Mapping[str, Any]) -> None:
        """A control has moved."""
        self._view.take_shown(message["values"])

    def task(self, message: Mapping[str, Any]) -> None:
        """A prediction or a goal."""
        self._view.tasks.hear(message)

    def point(self, message: Mapping[str, Any]) -> None:
        """A press, a move or a release in the picture."""
        view, across, up = self._view, message["across"], message["up"]
        if message["phase"] == "down":
            self._panel = view.live.panel_at(across, up)
        if self._panel is None:
            return
        name, axes = self._panel
        at = view.figure.transFigure.transform((across, up))
        x, y = axes.transData.inverted().transform(at)
        begins = message["phase"] == "down"
        values = view.drag(Pointer(name, axes, float(x), float(y), across, up, begins))
        if message["phase"] == "up":
            self._panel = None
        if values:
            self._moved = list(values)
            self._move(values)

    def nudge(self, message: Mapping[str, Any]) -> None:
        """An arrow key on the picture moves what was dragged last."""
        kinds, settings = self._view.settings.kinds(), self._view.settings
        steps = message["across"], message["up"]
        self._move(
            {name: kinds[name].nudged(getattr(settings, name), *steps, settings) for name in self._moved}
        )

    def _move(self, values: Mapping[str, Any]) -> None:
        settings = self._view.settings
        for name, value in values.items():  # in turn, as one may change the range of the next
            settings = settings.changed(**{name: settings.kinds()[name].snapped(value, settings)})
        if settings != self._view.settings:
            self._view.show(settings)
