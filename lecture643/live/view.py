"""A live view: controls -> compute -> draw -> one sentence, fast enough to follow the hand.

The still part of the picture (axes, contours, labels) is drawn once and kept; on a change only the
moving artists are drawn on top and the pixels are sent to the browser as one encoded image. While
things move the picture is sent as JPEG, for speed; once they rest it is sent again as PNG, sharper.
No part of this needs pyplot, ipympl or a matplotlib backend.
"""

import asyncio
import io
import textwrap
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Generic, TypeVar

import ipywidgets as widgets
from ipyevents import Event
from IPython import get_ipython
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from lecture643.live.controls import nearest_stop, place
from lecture643.maths.checks import finite_array
from lecture643.picture import draw

State = TypeVar("State")

DPI = 100
SETTLE_SECONDS = 0.25
SAY_SECONDS = 0.02
GO_ON_SECONDS = 0.03  # between two slices of a long computation: the browser's time, and the reader's
DRAG_SECONDS = 0.004  # long enough for the kernel to read the drag events that wait in its queue

# JupyterLab may run callbacks in a thread beside the one that runs cells; matplotlib is not made for that.
_lock = threading.RLock()
_open_views: "weakref.WeakSet[View[Any]]" = weakref.WeakSet()
_shown_by_cell: dict[str, tuple[str, "weakref.WeakSet[View[Any]]"]] = {}
_style = draw.DESK
_density = 2


def projector() -> None:
    """Big type, thick lines and only the main controls, for a hall; `desk` goes back.

    Open views change too.
    """
    _restyle(draw.PROJECTOR, _density)


def desk(density: int = 2) -> None:
    """The look for one reader. A resting picture has `density` pixels for each screen pixel, 1 to 3.

    Raises ValueError for another density.
    """
    if density not in (1, 2, 3):
        raise ValueError(f"density must be 1, 2 or 3, got {density!r}")
    _restyle(draw.DESK, density)


def _restyle(style: draw.Style, density: int) -> None:
    global _style, _density
    _style, _density = style, density
    for view in list(_open_views):
        view._rebuild()


class LiveFigure:
    """A figure whose still part is drawn once, and whose moving artists are drawn over it.

    width, height: the size on the screen, in pixels.
    figure: the matplotlib Figure on its own Agg canvas.
    """

    def __init__(self, width: int, height: int, style: draw.Style) -> None:
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
        self.canvas = FigureCanvasAgg(self.figure)
        self.style = style
        self._moving: list[Artist] = []
        self._still: dict[int, Any] = {}

    def axes(self, left: float, bottom: float, width: float, height: float, **settings: Any) -> Axes:
        """New Axes at a fixed place (in parts of the figure), so that nothing jumps."""
        return self.figure.add_axes((left, bottom, width, height), **settings)

    def moving(self, *artists: Artist) -> None:
        """Mark artists to be redrawn on every change, in this order, on top of the still part."""
        for artist in artists:
            artist.set_animated(True)
            self._moving.append(artist)

    def still_changed(self) -> None:
        """Have the still part drawn anew before the next picture (it costs a full draw)."""
        self._still.clear()

    def start_over(self) -> None:
        """Forget the moving artists and the still part, to make them anew."""
        self._moving.clear()
        self.still_changed()

    def picture(self, density: int = 1, fast: bool = False) -> bytes:
        """The encoded picture: PNG, or JPEG with full colour resolution where `fast`."""
        with _lock:
            self._paint(density)
            pixels = _pixels(self.canvas)
            if fast:
                return _encoded(pixels, "JPEG", quality=80, subsampling=0)
            return _encoded(pixels.convert("RGB"), "PNG", compress_level=1)

    def captioned(self, caption: str) -> bytes:
        """A PNG with the caption written under the picture, for readers without a kernel.

        (Of an output that has a picture and a text, most viewers show the picture only.)
        """
        with _lock, self.style.context():
            self._paint(density=1)
            above = _pixels(self.canvas)
            lines = textwrap.wrap(caption, width=int(1.24 * above.width / self.style.font))
            height = int(1.9 * self.style.font * (len(lines) + 1))
            strip = Figure(figsize=(above.width / DPI, height / DPI), dpi=DPI)
            strip.text(0.008, 1, "\n".join(lines), va="top", linespacing=1.3)
            canvas = FigureCanvasAgg(strip)
            canvas.draw()
        whole = Image.new("RGB", (above.width, above.height + height))
        whole.paste(above, (0, 0))
        whole.paste(_pixels(canvas), (0, above.height))
        return _encoded(whole, "PNG", optimize=True)

    def _paint(self, density: int) -> None:
        if self.figure.dpi != DPI * density:
            self.figure.set_dpi(DPI * density)
        if density in self._still:
            self.canvas.restore_region(self._still[density])
        else:
            with self.style.context():  # ticks are made while drawing
                self.canvas.draw()
            self._still[density] = self.canvas.copy_from_bbox(self.figure.bbox)
        renderer = self.canvas.get_renderer()
        for artist in self._moving:
            artist.draw(renderer)


def _pixels(canvas: FigureCanvasAgg) -> Image.Image:
    size = canvas.get_width_height(physical=True)
    return Image.frombuffer("RGBX", size, canvas.buffer_rgba(), "raw", "RGBX", 0, 1)


def _encoded(pixels: Image.Image, kind: str, **settings: Any) -> bytes:
    file = io.BytesIO()
    pixels.save(file, kind, **settings)
    return file.getvalue()


@dataclass(frozen=True)
class Pointer:
    """Where a drag is: (x, y) in the data units of `axes`; across and up in parts of the whole picture."""

    axes: Axes
    x: float
    y: float
    across: float
    up: float
    begins: bool


class View(Generic[State]):
    """One interactive view: widgets, a live figure and the sentence that says what it shows.

    A view fills in four steps: `build(live)` makes the still part and the moving artists,
    `compute(**values)` turns control values into a state, `draw(state)` moves the artists,
    `sentence(state)` tells the state in words. A view that can be dragged in also has `drag`, one whose
    `compute` takes long has `sketch`, which answers while the hand moves.

    A long computation comes in slices: while `hurried`, somebody waits for the picture, so that `compute`
    should do a part only; as long as `unfinished(state)` holds it is called again and again, with the browser
    and all controls free in between.

    controls: name -> widget. state: the last good state. figure: the matplotlib Figure.
    """

    size = (1000, 480)

    def __init__(
        self,
        controls: Mapping[str, widgets.Widget],
        rows: Sequence[Sequence[str | widgets.Widget]],
        secondary: Sequence[str] = (),
    ) -> None:
        self.controls = dict(controls)
        self.state: State
        self.hurried = False
        self._secondary = secondary
        self._display = {name: self.controls[name].layout.display for name in secondary}
        self._holding = False
        self._sketched = False
        self._dragging: Axes | None = None
        self._dragged: dict[str, Any] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._picture = widgets.Image(
            format="png", layout={"width": f"{self.size[0]}px", "max_width": "100%"}
        )
        self._picture.add_class("lecture643-picture")
        self._picture.add_class("lecture643-{}x{}".format(*self.size))
        self._said = widgets.HTML()
        self._failed = widgets.HTML()
        self._pointer = Event(
            source=self._picture,
            watched_events=["mousedown", "mousemove", "mouseup", "dragstart", *_TOUCH],
            prevent_default_action=True,
            throttle_or_debounce="throttle",
            wait=16,
        )
        self._pointer.on_dom_event(self._on_pointer)
        self.box = widgets.VBox(
            [
                widgets.HTML(_CSS + _SHAPE.format(*self.size), layout={"display": "none"}),
                *(widgets.HBox(self._row(row), layout={"flex_flow": "row wrap"}) for row in rows),
                self._picture,
                self._said,
                self._failed,
            ]
        )
        self.box.add_class("lecture643-view")
        for control in self.controls.values():
            control.observe(self._on_change, names="value")
        self._replace_earlier_views()
        _open_views.add(self)
        self._rebuild(raising=True)

    # --- the steps a view fills in --------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        """Draw the still part on `live.figure` and make the moving artists."""
        raise NotImplementedError

    def compute(self, *args: Any, **values: Any) -> State:
        """The state for these control values, given by name; pure, no drawing."""
        raise NotImplementedError

    def sketch(self, **values: Any) -> State:
        """A coarser state that is there at once, for while the hand moves; at rest `compute` follows."""
        return self.compute(**values)

    def draw(self, state: State) -> None:
        """Move the artists to where the state puts them."""
        raise NotImplementedError

    def sentence(self, state: State) -> str:
        """The state in one sentence with its figures."""
        raise NotImplementedError

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """What the controls should become when the picture is pressed or dragged at `pointer`."""
        return {}

    def unfinished(self, state: State) -> bool:
        """Whether `compute`, being hurried, has left a part of its work for later."""
        return False

    # --- what a user calls ----------------------------------------------------------------------

    @property
    def figure(self) -> Figure:
        """The matplotlib Figure, to save or to inspect."""
        return self.live.figure

    def describe(self) -> str:
        """The sentence under the picture."""
        return self.sentence(self.state)

    def set(self, **values: Any) -> None:
        """Move controls, all at once: view.set(rate=0.5, seed=3). What goes wrong is raised.

        Raises ValueError for a control that is not there; a value out of range stops at the slider's end.
        """
        for name, value in values.items():
            if name not in self.controls:
                raise ValueError(f"{name} is no control of this view, it has {', '.join(self.controls)}")
            if hasattr(self.controls[name], "step"):
                finite_array(name, value, ())
        self._move_controls(values)
        self.refresh(raising=True)

    def refresh(self, raising: bool = False) -> None:
        """Compute, draw and tell the present control values.

        What fails is shown in the view, the last good picture stays; `raising` also raises it.
        """
        live = _running_loop() is not None  # else nothing can follow later, so all is done at once
        with _lock:
            self.hurried = live and not raising
            self._sketched = self.hurried and type(self).sketch is not View.sketch
            try:
                state = self._answer(self.sketch if self._sketched else self.compute, settled=not live)
                if live:
                    self._later("settle", SETTLE_SECONDS, self._settle)
                    if self.unfinished(state):
                        self._later("go on", GO_ON_SECONDS, self.refresh)
            except Exception as failure:
                self._fail(failure)
                if raising:
                    raise

    def close(self) -> None:
        """Take the widgets down, in the browser too."""
        for timer in self._timers.values():
            timer.cancel()
        _open_views.discard(self)
        self._pointer.close()
        _close_all(self.box)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Live widget, picture and sentence: each viewer shows the best that it can."""
        with _lock:
            data = {
                **self.box._repr_mimebundle_(),
                "text/plain": self.describe(),
                "image/png": self.live.captioned(self.describe()),
            }
        return data, {"image/png": {"alt": self.describe(), "width": self.size[0]}}

    # --- wiring ---------------------------------------------------------------------------------

    def _rebuild(self, raising: bool = False) -> None:
        """Make the figure anew, in the present style."""
        with _lock:
            for name in self._secondary:
                self.controls[name].layout.display = "none" if _style.projector else self._display[name]
            (self.box.add_class if _style.projector else self.box.remove_class)("lecture643-hall")
            self.live = LiveFigure(*self.size, _style)
            with _style.context():
                self.build(self.live)
        self.refresh(raising=raising)

    def _row(self, row: Sequence[str | widgets.Widget]) -> list[widgets.Widget]:
        return [self.controls[item] if isinstance(item, str) else item for item in row]

    def _move_controls(self, values: Mapping[str, Any]) -> None:
        self._holding = True
        try:
            for name, value in values.items():
                place(self.controls[name], value)
        finally:
            self._holding = False

    def _on_change(self, _: Any) -> None:
        if not self._holding:
            self.refresh()

    def _answer(self, step: Callable[..., State], settled: bool) -> State:
        """Compute by `step`, draw and tell the present control values."""
        state = step(**{name: control.value for name, control in self.controls.items()})
        with _style.context():
            self.draw(state)
        self._show(self.sentence(state), settled)
        self.state = state
        self._failed.value = ""
        return state

    def _show(self, sentence: str, settled: bool) -> None:
        """Send the picture: quickly while things move, sharply once they rest."""
        picture = self.live.picture(_density) if settled else self.live.picture(fast=True)
        with self._picture.hold_sync():
            self._picture.format = "png" if settled else "jpeg"
            self._picture.value = picture
        # After the picture: the browser should paint that before it lays out text.
        self._later("say", SAY_SECONDS, lambda: self._say(sentence))

    def _say(self, sentence: str) -> None:
        self._said.value = _SENTENCE.format(
            width=self.size[0], points=_style.font * 1.25, sentence=escape(sentence)
        )

    def _settle(self) -> None:
        with _lock:
            try:
                if self._sketched:
                    self._sketched = False
                    self._answer(self.compute, settled=True)
                else:
                    self._show(self.describe(), settled=True)
            except Exception as failure:
                self._fail(failure)

    def _fail(self, failure: Exception) -> None:
        """The browser shows an exception in a callback nowhere, so the view tells it in words."""
        what = str(failure) or type(failure).__name__
        self._failed.value = (
            '<div role="alert" style="color:#a4000f;line-height:1.4;white-space:normal">'
            f"This setting did not work: {escape(what)}. The picture above is the last good one.</div>"
        )

    def _on_pointer(self, event: Mapping[str, Any]) -> None:
        """A drag: note where the pointer is now; only the newest place is drawn."""
        kind = event["type"]
        if kind in _TOUCH:  # a finger does what the mouse does
            kind, event = _TOUCH[kind], {**event["changedTouches"][0], "buttons": 1}
        if kind == "mousemove" and not event.get("buttons"):
            self._dragging = None
        if kind not in ("mousedown", "mousemove", "mouseup") or not event.get("boundingRectWidth"):
            return
        with _lock:
            # Parts of the picture on the screen: right in a narrow window and at any density.
            across = event["relativeX"] / event["boundingRectWidth"]
            up = 1 - event["relativeY"] / event["boundingRectHeight"]
            place = self.figure.transFigure.transform((across, up))
            if kind == "mousedown":
                self._dragging = next((ax for ax in self.figure.axes if ax.bbox.contains(*place)), None)
            if self._dragging is None:
                return
            x, y = self._dragging.transData.inverted().transform(place)
            at = Pointer(self._dragging, float(x), float(y), across, up, begins=kind == "mousedown")
            self._dragged = self.drag(at)
            if kind == "mouseup":  # the last place counts too: the last moves may be on their way still
                self._dragging = None
        if self._dragged:
            self._later("drag", DRAG_SECONDS, self._follow_drag, restart=False)

    def _follow_drag(self) -> None:
        self._timers.pop("drag", None)
        for name, at in self._dragged.items():  # in turn, as one may change the range of the next
            self._move_controls({name: nearest_stop(self.controls[name], at)})
        self.refresh()

    def _later(self, name: str, seconds: float, act: Callable[[], None], restart: bool = True) -> None:
        """Call `act` after a while, once; at once where no event loop runs (a plain script)."""
        loop = _running_loop()
        if loop is None:
            act()
        elif restart or name not in self._timers:
            if name in self._timers:
                self._timers[name].cancel()
            self._timers[name] = loop.call_later(seconds, act)

    def _replace_earlier_views(self) -> None:
        """Close what an earlier run of the same cell has left behind."""
        cell, run = _running_cell()
        if not cell:
            return
        earlier, views = _shown_by_cell.get(cell, ("", weakref.WeakSet()))
        if earlier != run:
            for view in list(views):
                view.close()
            views = weakref.WeakSet()
        views.add(self)
        _shown_by_cell[cell] = (run, views)


_TOUCH = {"touchstart": "mousedown", "touchmove": "mousemove", "touchend": "mouseup"}
_CSS = """<style>
.lecture643-picture { height: auto !important; cursor: crosshair; touch-action: none; user-select: none; }
.lecture643-view .jupyter-button + .widget-inline-hbox { margin-left: 12px; }
.lecture643-view .widget-toggle-buttons > .widget-label { margin-right: 8px; }
.lecture643-hall .widget-label, .lecture643-hall .widget-readout, .lecture643-hall .widget-button {
  font-size: 20px; height: auto; }
</style>"""
# The place of a picture does not depend on the picture: nothing moves when the next one arrives.
_SHAPE = "<style>.lecture643-{0}x{1} {{ aspect-ratio: {0} / {1}; }}</style>"
_SENTENCE = (
    '<div role="status" aria-live="polite" style="max-width:{width}px;min-height:3.2em;'
    'line-height:1.5;white-space:normal;font-size:{points:.0f}px">{sentence}</div>'
)


def player(
    slider: widgets.IntSlider, stride: int = 1, interval: int = 80, jumps: bool = False
) -> list[widgets.Widget]:
    """Play, pause, one step back and one forward, for an integer slider.

    stride: by how much a tick of Play moves it. interval: milliseconds between two ticks.
    jumps: with buttons that go to the first and to the last step.
    """
    play = widgets.Play(
        min=slider.min,
        max=slider.max,
        step=stride,
        value=slider.value,
        interval=interval,
        show_repeat=False,
    )
    widgets.jslink((slider, "max"), (play, "max"))
    widgets.jslink((play, "value"), (slider, "value"))

    def button(icon: str, tooltip: str, target: Callable[[], int]) -> widgets.Button:
        made = widgets.Button(icon=icon, tooltip=tooltip, layout={"width": "44px"})
        made.on_click(lambda _: setattr(slider, "value", min(max(target(), slider.min), slider.max)))
        return made

    back = button("step-backward", "one step back", lambda: slider.value - 1)
    forward = button("step-forward", "one step forward", lambda: slider.value + 1)
    if not jumps:
        return [play, back, forward]
    first = button("fast-backward", "to the start", lambda: slider.min)
    last = button("fast-forward", "to the end", lambda: slider.max)
    return [play, first, back, forward, last]


def _close_all(widget: widgets.Widget) -> None:
    for child in getattr(widget, "children", ()):
        _close_all(child)
    widget.close()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _running_cell() -> tuple[str, str]:
    """The id of the notebook cell that runs now and the id of this run; empty outside a notebook."""
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return "", ""
    parent = kernel.get_parent("shell")
    return parent.get("metadata", {}).get("cellId", ""), parent.get("header", {}).get("msg_id", "")
