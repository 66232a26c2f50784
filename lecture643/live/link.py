"""Two views of one thing: what is moved in one of them moves in the other, too."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from lecture643.live.kinds import Kind
from lecture643.live.view import View

AnyView = View[Any, Any]


class Link:
    """Ties the settings of two views that have the same name and mean the same.

    names: which. The newest value wins, and there is no echo: a view that has the value already does not
    move. A value that the other view does not allow stays where it is. `unlink` takes the tie away, and so
    does closing one of the views.
    """

    def __init__(self, one: AnyView, other: AnyView, names: Sequence[str]) -> None:
        self.views, self.names = (one, other), list(names)
        self._seen = {view: view.settings for view in self.views}
        self._pushing = False
        for view in self.views:
            view.observers.append(self._moved)
        self._push(one, other, self.names)

    def unlink(self) -> None:
        """Let each view move alone again."""
        for view in self.views:
            if self._moved in view.observers:
                view.observers.remove(self._moved)

    def _moved(self, view: AnyView) -> None:
        """One of them shows something, or is closed."""
        if view.closed:
            self.unlink()
            return
        before, self._seen[view] = self._seen[view], view.settings
        moved = [name for name in self.names if getattr(view.settings, name) != getattr(before, name)]
        if moved and not self._pushing:
            one, other = self.views
            self._push(view, other if view is one else one, moved)

    def _push(self, source: AnyView, target: AnyView, names: Sequence[str]) -> None:
        """Move the target to where the source is; not where a prediction is open, which it would spoil."""
        if target.closed or target.tasks.asked in ("open", "playing"):
            return
        settings = target.settings
        for name in names:
            value = getattr(source.settings, name)
            if value is not None:
                with suppress(ValueError):  # out of the other's range: each keeps its own
                    settings = settings.changed(**{name: value})
        if settings != target.settings:
            self._pushing = True
            try:
                target.show(settings)
            finally:
                self._pushing = False

    def __repr__(self) -> str:
        one, other = (view.name for view in self.views)
        return f"{one} and {other} move together: {', '.join(self.names)}."


def link(one: AnyView, other: AnyView, *names: str) -> Link:
    """Tie two views: what is moved in one moves in the other. The other begins where the first one is.

    names: of the settings to be tied; all that both views have, where there are none. Raises ValueError where
    the views share no such setting.
    """
    for which, view in (("one", one), ("other", other)):
        if not isinstance(view, View):
            raise ValueError(f"{which} must be a view, such as lec.explore.neuron(), got {view!r:.80}")
    if one is other:
        raise ValueError("link needs two views, got the same one twice")
    shared = _shared(one, other)
    if missing := [name for name in names if name not in shared]:
        told = ", ".join(shared) or "nothing"
        raise ValueError(f"{one.name} and {other.name} do not share {missing[0]!r}, they share {told}")
    if not shared:
        raise ValueError(f"{one.name} and {other.name} share no setting that could be tied")
    return Link(one, other, names or shared)


def _shared(one: AnyView, other: AnyView) -> list[str]:
    """The settings with a control that both have, of the same kind."""
    mine, theirs = one.settings.kinds(), other.settings.kinds()
    both = [name for name in one.controls if name in other.controls]
    return [name for name in both if not mine[name].alone and _alike(mine[name], theirs[name])]


def _alike(one: Kind, other: Kind) -> bool:
    return isinstance(one, type(other)) or isinstance(other, type(one))
