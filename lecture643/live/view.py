"""A live view: settings -> compute -> draw -> one sentence, fast enough to follow the hand."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any, ClassVar, Generic, Self, TypeVar, get_args

from matplotlib.figure import Figure

from lecture643.live import cells, hall
from lecture643.live.asked import Goal, Prediction
from lecture643.live.control import Control
from lecture643.live.figured import Figured, running_loop
from lecture643.live.hand import Hand, Pointer
from lecture643.live.kinds import Pair, Point
from lecture643.live.settings import Settings
from lecture643.live.stage import Stage, lock
from lecture643.live.tasks import Tasks
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

S = TypeVar("S", bound=Settings)
T = TypeVar("T")

_ages = itertools.count()

GO_ON_SECONDS = 0.005  # between two slices of a long computation: the messages that wait come first
REST_SECONDS = 0.25
UNSEEN_SECONDS = 5.0  # after which a figure is let go that has left the window


class View(Figured, Generic[S, T]):
    """One interactive view: settings, a live figure and the sentence that says what it shows.

    A view names its `panels` and fills in four steps: `build(live)` makes the still part and the moving
    artists, `compute(settings)` gives a state, `draw(state)` moves the artists, `sentence(state)` tells the
    state in words. One whose computation is long has `states` instead of `compute`: better and better states,
    between which the browser and all controls are free; one that is not the last says so (`unfinished`),
    and nothing is played on before it is. Where nobody waits for a first one it need not make it (`at_once`).

    settings: what it is set to. state: the last good state. controls: name -> `Control`.
    """

    panels: ClassVar[Mosaic]
    # Buttons: the name of a method -> what stands on the button, or {"more": that} for one under "more".
    actions: ClassVar[Mapping[str, Any]] = {}
    _settings: ClassVar[type[Settings]]

    def __init_subclass__(cls) -> None:
        cls._settings = next(filter(None, map(_settings_of, getattr(cls, "__orig_bases__", ()))))
        cls.__signature__ = cls._settings.signature()  # type: ignore[attr-defined]
        cls.__doc__ = f"{(cls.__doc__ or '').rstrip()}\n\n{cls._settings.documentation()}\n    "

    def __init__(self, **settings: Any) -> None:
        self.settings: S = self._settings(**settings)  # type: ignore[assignment]
        self.state: T
        self.live: LiveFigure
        self._at_first = self.settings
        self._size: tuple[int, int] | None = None
        self._coming: Iterator[T] = iter(())
        self.at_once = False  # whether only the last of the `states` that come is looked at
        self._failure = ""
        self._remark = ""  # what is said of it, until it is moved
        self.observers: list[
            Callable[[View[Any, Any]], None]
        ] = []  # called when it shows something, or closes
        self.closed = False
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._hand = Hand(self)
        self.tasks = Tasks(self)
        self.shown_first: Sequence[str] = ()  # the controls that are seen at once; its own choice if none
        self.states_prepared: dict[str, Mapping[str, Any]] = {}  # for a hall, by their names
        self.controls = {told["name"]: Control(self, told["name"]) for told in self.settings.told()}
        self.stage = Stage.of(self._shown(), self._hand.hear, actions=dict(self.actions))
        self.stage.observe(self._linked, names=list(self.controls))
        cells.replace_earlier(self)
        self.turn = cells.turn(), next(_ages)  # where it stands among all
        hall.open_views.add(self)
        self.rebuild(raising=True)

    # --- the steps a view fills in --------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        """Draw the still part on `live` and make the moving artists."""
        raise NotImplementedError

    def compute(self, settings: S) -> T:
        """The state for these settings; pure, no drawing."""
        raise NotImplementedError

    def states(self, settings: S) -> Iterator[T]:
        """Better and better states for these settings, the last one final."""
        yield self.compute(settings)

    def foresee(self, every: Iterable[S]) -> None:
        """All of these settings will be asked for: what is cheaper for many at once may be computed now."""

    def at_most(self, seconds: float) -> float:
        """How long one of the `states` may take: as long as it needs where only the last is looked at."""
        return inf if self.at_once else seconds

    def draw(self, state: T) -> None:
        """Move the artists to where the state puts them."""
        raise NotImplementedError

    def sentence(self, state: T) -> str:
        """The state in one sentence with its figures."""
        raise NotImplementedError

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """What the settings should become when the picture is pressed or dragged at `pointer`."""
        kinds = self.settings.kinds().items()
        mine = [name for name, kind in kinds if isinstance(kind, Point) and pointer.panel in kind.panels]
        return dict.fromkeys(mine, (pointer.x, pointer.y))

    def handles(self) -> list[tuple[str, Pair]]:
        """Where a finger can take hold, in the data units of a panel: the points that are dragged."""
        kinds = self.settings.kinds().items()
        points = [(name, kind) for name, kind in kinds if isinstance(kind, Point)]
        return [(panel, getattr(self.settings, name)) for name, kind in points for panel in kind.panels]

    # --- what a user calls ----------------------------------------------------------------------

    @property
    def figure(self) -> Figure:
        """The matplotlib Figure, to save or to inspect."""
        return self.live.figure

    def describe(self) -> str:
        """The sentence under the picture, behind what is asked and what is said of it."""
        return " ".join(filter(None, [self.tasks.words(), self._remark, self.sentence(self.state)]))

    def asking(
        self,
        name: str,
        ask: Prediction | None = None,
        goals: Sequence[Goal] = (),
        first: Sequence[str] = (),
    ) -> Self:
        """This view with a prediction that is asked before it moves, and goals for when it does.

        name: under which the logbook keeps them. first: the controls that are seen at once, the others wait
        under "more"; the view's own choice where there are none. Raises ValueError where they do not fit.
        """
        marked = [goal for goal in (*self.tasks.goals, *goals) if goal.mark]
        self.tasks = Tasks(self, name, ask, goals)
        self.shown_first = first
        if marked:
            self.forget_figure()  # the next one has these goals' marks, and no others
        self.show(self.tasks.opens_at)
        self.tell_tasks()
        return self

    def prepared(self, states: Mapping[str, Mapping[str, Any]]) -> Self:
        """This view with states that a hall shows at a key: {"too long a step": {"rate": 9}}.

        Each changes the settings with which the view was made. Raises ValueError where one is not allowed.
        """
        for values in states.values():
            self._at_first.changed(**values)
        self.states_prepared = dict(states)
        return self

    @property
    def name(self) -> str:
        """That of its file, under which it is called."""
        return type(self).__module__.rpartition(".")[2]

    def code(self) -> str:
        """The line of Python that makes this very view."""
        return self.settings.code(f"lec.explore.{self.name}")

    def set(self, **values: Any) -> None:
        """Change settings, all at once: view.set(rate=0.5, seed=3).

        Raises ValueError for what is not there or not allowed, and then changes nothing.
        """
        with lock:
            self.show(self.settings.changed(**values), raising=True)

    def remark(self, words: str) -> None:
        """Say something of the picture, until it is moved; with no words, no more."""
        if words != self._remark:
            self._remark = words
            self.tell()

    def reset(self) -> None:
        """Go back to the settings with which the view was made."""
        self.show(self._at_first)

    def prepare(self, name: str) -> None:
        """Go to a state that was prepared."""
        self.show(self._at_first.changed(**self.states_prepared[name]))

    def close(self) -> None:
        """Take the widget down, in the browser too; a notebook's list of outputs holds the view for ever."""
        for timer in self._timers.values():
            timer.cancel()
        hall.open_views.discard(self)
        self.stage.close()
        self.closed = True
        self.forget_figure()
        self._let_know()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Live widget, picture and sentence: each viewer shows the best that it can."""
        with lock:
            if self.unfinished:  # a page keeps what comes of this: no walk that is on its way
                self._go_on(whole=True)
            widget: Any = self.stage._repr_mimebundle_()
            data = {
                **(widget[0] if isinstance(widget, tuple) else widget),
                "text/plain": self.describe(),
                "image/png": self.live.captioned(self.describe()),
            }
            size = self.live.size
            self.let_go_unseen()  # a browser will say hello, and mostly wants another size
        return data, {"image/png": {"alt": self.describe(), "width": size[0]}}

    # --- its life -------------------------------------------------------------------------------

    def show(self, settings: S, raising: bool = False) -> None:
        """Compute, draw and tell these settings.

        What fails is told in the view and the last good picture stays; where `raising` it is raised, and
        nothing is changed.
        """
        with lock:
            if settings != self.settings:
                self._remark = ""
            before, self.settings = self.settings, settings
            self._coming = self.states(settings)
            try:
                self._go_on(raising)
            except Exception:
                self.settings = before
                raise

    def refresh(self) -> None:
        """Compute the present settings once more, since something else has changed."""
        self.show(self.settings)

    def rebuild(self, raising: bool = False) -> None:
        """Make the figure anew, in the present style and size."""
        with lock:
            self.stage.hall = hall.style().projector
            if hall.style().fills and self._size and self.has_figure and self.live.style != hall.style():
                self._size = None  # that of another screen: the window tells its own
            if not raising and not self.stage.is_seen:
                self.let_figure_go()  # it is made anew when it is asked for
                return
            self.make_figure()
            self.show(self.settings, raising)
            self.tell_tasks()

    def fit(self, width: float, height: float) -> None:
        """Lay the picture out for a space of this width and height, in screen pixels."""
        panels, fills = self.panels, hall.style().fills
        size = panels.filled(width, height) if fills else panels.fitted(width, height)
        if size != (self._size or self.panels.size):
            self._size = size
            self.rebuild()
        else:
            self.tell()
        if not self.stage.is_seen:
            self.stage.lay_out(size, self._words(self.settings.told()))

    def take(self, values: Mapping[str, Any]) -> None:
        """Take values from a control; what is wrong is told in the view."""
        with lock:
            try:
                settings = self.settings.changed(**values)
            except ValueError as failure:
                self._failure = f"{self._labelled(str(failure))}; the setting stays as it was."
                self.tell()
            else:
                self.show(settings)

    def _labelled(self, words: str) -> str:
        """What is said of a setting, by the name beside its control, with an example where one types."""
        name, rest = words.partition(" ")[::2]
        kind = self.settings.kinds().get(name.partition("[")[0])
        typed = getattr(kind, "typed", "")
        told = f"{kind.label} {rest}" if kind and kind.label else words
        return f"{told} (type it as in {typed})" if typed else told

    def take_shown(self, values: Mapping[str, Any]) -> None:
        """Take values as the browser has them."""
        kinds = self.settings.kinds()
        self.take({name: kinds[name].meant(value, self.settings) for name, value in values.items()})

    def tell(self) -> None:
        """Send what is to be seen, and let those who observe the controls know."""
        with lock:
            told = self.settings.told(self.shown_first)
            if _ranges(told) != _ranges(self.stage.controls):
                self.stage.controls = told
            if self.stage.is_seen:
                self.stage.show(self.live, self._words(told))
            for control in self.controls.values():
                control.follow()
            self.soon("rest", REST_SECONDS, self._settle)

    def let_go_soon(self) -> None:
        """Let the figure go after a while, if nobody has looked again."""
        self.soon("let go", UNSEEN_SECONDS, self.let_go_unseen)

    def let_go_unseen(self) -> None:
        """Nobody looks: let the figure go, whose memory others need."""
        with lock:
            if not self.stage.is_seen:
                self.let_figure_go()

    def tell_tasks(self) -> None:
        """Let the browser know what is asked now."""
        self.stage.tasks = self.tasks.told()

    @property
    def unfinished(self) -> bool:
        """Whether its state is not yet the last one for these settings."""
        return bool(getattr(getattr(self, "state", None), "unfinished", False))

    @property
    def has_time(self) -> bool:
        """Whether an event loop runs, so that something can happen later."""
        return running_loop() is not None

    def _go_on(self, raising: bool = False, whole: bool = False) -> None:
        """Show the next state: one after the other while an event loop runs, else or if `whole` the last."""
        with lock:
            self.at_once = raising or whole or running_loop() is None
            try:
                state = next(self._coming, None)
                if state is None:
                    return
                if self.at_once:
                    *_, state = (state, *self._coming)
                if raising or self.has_figure:
                    self.draw_figure(state)
                self.state, self._failure = state, ""
                if self.tasks.follow():
                    self.tell_tasks()
            except Exception as failure:
                # The browser shows an exception in a callback nowhere, so the view tells it in words.
                what = str(failure) or type(failure).__name__
                self._failure = f"This setting did not work: {what}. The picture is the last good one."
                if raising:
                    raise
            finally:
                self.at_once = False
            self.tell()
            self._let_know()
            self.soon("go on", GO_ON_SECONDS, self._go_on)

    def _words(self, told: list[dict[str, Any]]) -> dict[str, Any]:
        """All that comes with a picture; told: of the settings."""
        state = getattr(self, "state", None)
        return {
            "say": "" if state is None else self.sentence(state),
            "error": self._failure,
            "remark": self._remark,
            "values": _values(told),
            "grips": self._grips() if self.has_figure else [],
            **self.tasks.now(),
            "more": self.unfinished,
        }

    def _let_know(self) -> None:
        for observer in list(self.observers):
            observer(self)

    def _mark(self, live: LiveFigure) -> None:
        self.tasks.mark(live)

    def _settle(self) -> None:
        with lock, self.stage.hold_sync():
            for name, value in self._shown().items():
                setattr(self.stage, name, value)
        self.let_go_unseen()

    def _linked(self, change: Mapping[str, Any]) -> None:
        """Another widget has moved a trait of the stage."""
        if change["new"] != self._shown()[change["name"]]:
            self.take_shown({change["name"]: change["new"]})

    def _shown(self) -> dict[str, Any]:
        return _values(self.settings.told())

    def _grips(self) -> list[tuple[float, float]]:
        """The handles in parts of the picture."""
        return [self.live.place_of(panel, at) for panel, at in self.handles()]

    def soon(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        """Call `act` after a while, once; never where no event loop runs (a plain script)."""
        loop = running_loop()
        if loop is not None:
            if name in self._timers:
                self._timers[name].cancel()
            self._timers[name] = loop.call_later(seconds, act)


def _settings_of(base: Any) -> type[Settings] | None:
    kind = next(iter(get_args(base)), None)
    return kind if isinstance(kind, type) and issubclass(kind, Settings) else None


def _values(told: list[dict[str, Any]]) -> dict[str, Any]:
    """As the browser has them."""
    return {each["name"]: each["value"] for each in told}


def _ranges(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All but the values, which come with each frame."""
    return [{key: each[key] for key in each if key != "value"} for each in told]
