"""Answers without a wait: an extension of Jupyter's server that lets small messages go at once.

Tornado leaves Nagle's algorithm on for websockets. It holds a small message back until the one before has
been acknowledged, and a browser takes about 40 ms for that while it has nothing to send along. A kernel's
answer follows its status "busy" and so comes 40 ms late while the hand moves. With TCP_NODELAY it is not.

On after an install (`jupyter-config/`), off again with `jupyter server extension disable lecture643.server`.
"""

from typing import Any


def prompt(connection: type[Any]) -> type[Any]:
    """The same kind of connection between a kernel and a browser, with TCP_NODELAY."""

    class Prompt(connection):  # type: ignore[misc]
        def connect(self) -> Any:
            """Connect as ever, and let no message wait for an acknowledgement."""
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return Prompt


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "lecture643.server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Whatever connections the server makes, of its own kernels or of a gateway's, make them prompt."""
    settings = app.web_app.settings
    settings["kernel_websocket_connection_class"] = prompt(settings["kernel_websocket_connection_class"])
