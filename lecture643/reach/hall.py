"""The hall, live: a small server of this machine makes the views, a browser's window shows one at a time.

The page says {kind: "window", height} once and again when it changes, and of a screen {kind: "open", screen},
{kind: "close", screen} or {kind: "say", screen, content}; the content is what stage.js tells its view.
It hears binary messages: the head's length, the head as JSON {screen, buffers: their lengths} with state,
content or failed, and the buffers.
"""

import asyncio
import json
import logging
import struct
import webbrowser
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lecture643 import logbook
from lecture643.live import View, hall
from lecture643.live.wire import Wire
from lecture643.reach import page
from lecture643.reach.screens import Screen, notebooks, screens

LATER = 0.05  # seconds in which the window's own messages come first


class Show:
    """What one window shows: a view for each screen that is near. send: takes each message."""

    def __init__(self, shown: Sequence[Screen], send: Any) -> None:
        self._screens = {screen.id: screen for screen in shown}
        self._views: dict[str, tuple[View[Any, Any], Wire]] = {}
        self._send = send

    def hear(self, message: Mapping[str, Any]) -> None:
        """A message of the window; each kind is a method."""
        getattr(self, f"on_{message['kind']}")(message)

    def on_window(self, message: Mapping[str, Any]) -> None:
        """The window has another height: type grows with it."""
        hall.projector(float(message["height"]))

    def on_open(self, message: Mapping[str, Any]) -> None:
        """A screen comes near."""
        name = message["screen"]
        if name in self._views:
            return
        try:
            view = self._screens[name].view()
        except Exception as failure:  # an instructor's own cell may have a slip
            self._tell(name, {"failed": f"This view cannot be made: {failure}"}, [])
            return
        if view.closed or view.stage.comm is None:  # the hall is being closed
            return
        wire = Wire(view, lambda told, buffers: self._tell(name, told, buffers))
        self._views[name] = view, wire

    def on_close(self, message: Mapping[str, Any]) -> None:
        """A screen is far."""
        if message["screen"] in self._views:
            self._views.pop(message["screen"])[0].close()

    def on_say(self, message: Mapping[str, Any]) -> None:
        """Something for a view, which may be closed by now."""
        if message["screen"] in self._views:
            self._views[message["screen"]][1].hear(message["content"])

    def close(self) -> None:
        """The window is gone."""
        for view, _ in self._views.values():
            view.close()
        self._views.clear()

    def _tell(self, screen: str, told: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        self._send(packed({"screen": screen, "buffers": [len(each) for each in buffers], **told}, buffers))


def packed(head: Mapping[str, Any], buffers: Sequence[bytes]) -> bytes:
    """One binary message."""
    told = json.dumps(head).encode()
    return b"".join([struct.pack("<I", len(told)), told, *buffers])


def application(shown: Sequence[Screen]) -> Any:
    """The server's: a page, its parts, and the socket."""
    from tornado import web, websocket

    class Part(web.RequestHandler):
        def initialize(self, text: str, kind: str) -> None:
            self.text, self.kind = text, kind

        def get(self) -> None:
            self.set_header("Content-Type", f"{self.kind}; charset=utf-8")
            self.set_header("Content-Security-Policy", page.POLICY)
            self.set_header("Cache-Control", "no-store")
            self.write(self.text)

    class Line(websocket.WebSocketHandler):
        def open(self, *_: str) -> None:
            self.set_nodelay(True)
            self.show = Show(shown, self._tell)

        def on_message(self, message: str | bytes) -> None:
            told = json.loads(message)
            if told["kind"] == "open":  # making a view takes a moment, what is seen now comes first
                asyncio.get_running_loop().call_later(LATER, self.show.hear, told)
            else:
                self.show.hear(told)

        def on_close(self) -> None:
            self.show.close()

        def _tell(self, message: bytes) -> None:
            if self.ws_connection and not self.ws_connection.is_closing():
                sent = self.write_message(message, binary=True)
                # That the window closes meanwhile is no fault.
                sent.add_done_callback(lambda done: done.exception())

    parts = [
        (f"/{name}", Part, {"text": text, "kind": kind}) for name, (text, kind) in page.parts(shown).items()
    ]
    return web.Application([*parts, ("/live", Line)], websocket_ping_interval=20)


def serving(shown: Sequence[Screen], port: int = 0) -> str:
    """The address at which the running event loop serves them from now on; port 0 is any that is free."""
    from tornado.httpserver import HTTPServer
    from tornado.netutil import bind_sockets

    sockets = bind_sockets(port, "127.0.0.1")
    HTTPServer(application(shown)).add_sockets(sockets)
    return f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"


def open_hall(notebook: str = "", port: int = 0, browser: bool = True) -> int:
    """Show the lecture until Ctrl-C; 0, or 1 where there is nothing to show.

    notebook: one of the lecture's own ("04") to begin there, or a file to show its statements only.
    """
    if missing := [name for name in ("tornado", "latex2mathml") if not find_spec(name)]:
        print(f"The hall needs {' and '.join(missing)}: pip install 'lecture643[lab]'")
        return 1
    try:
        shown, first = asked_for(notebook)
    except (OSError, ValueError, KeyError) as failure:
        print(f"{notebook} cannot be shown: {failure}")
        return 1
    if not shown:
        print(f"No cell of {notebook} names a statement and ends in a view, so there is nothing to show.")
        return 1
    logging.getLogger("tornado.access").setLevel(logging.ERROR)

    async def serve() -> None:
        address = f"{serving(shown, port)}#{first}"
        print(f"The hall is at {address} (stop it with Ctrl-C)", flush=True)
        if browser:
            webbrowser.open(address)
        await asyncio.Event().wait()

    try:
        with logbook.aside():  # what a hall predicts is nobody's own
            asyncio.run(serve())
    except KeyboardInterrupt:
        print()
    except OSError as failure:
        print(f"The hall cannot listen on port {port}: {failure.strerror}.")
        return 1
    return 0


def asked_for(notebook: str) -> tuple[list[Screen], str]:
    """The screens, and the one with which to begin."""
    own = [path for path in notebooks() if notebook and notebook in (path.name, path.stem, path.name[:2])]
    if own and not Path(notebook).is_file():
        return screens(), next(iter(screens(own[0]))).id
    shown = screens(Path(notebook) if notebook else None)
    return shown, shown[0].id if shown else ""
