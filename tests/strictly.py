"""A folder on a small server of this machine, under a strict content-security policy."""

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

OWN = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"  # nobody else


class _Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *given: object, policy: str, **more: object) -> None:
        self._policy = policy
        super().__init__(*given, **more)  # type: ignore[arg-type]

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self._policy)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def served(folder: Path, policy: str = OWN) -> Iterator[str]:
    """The folder's address."""
    handler = functools.partial(_Handler, directory=folder, policy=policy)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
