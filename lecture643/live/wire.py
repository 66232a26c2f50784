"""A stage without a kernel: what stands in for the kernel's line to the browser.

A widget speaks through a comm. Here it is a function that takes each message, and `hear` for the answers;
so any server that has a view and a socket can show it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from comm.base_comm import BaseComm

from lecture643.live.view import View

SHOWN = ("controls", "actions", "tasks", "hall")  # the traits that stage.js reads

Tell = Callable[[Mapping[str, Any], Sequence[bytes]], None]


class Wire(BaseComm):
    """The line of one view. tell: called with {"state": …} or {"content": …} and its buffers."""

    def __init__(self, view: View[Any, Any], tell: Tell) -> None:
        super().__init__(primary=False, comm_id=view.stage.comm.comm_id)
        self._tell = tell
        view.stage.comm = self
        state = view.stage.get_state(list(SHOWN))
        tell({"state": {**state, "prepared": list(view.states_prepared)}}, [])

    def hear(self, content: Mapping[str, Any]) -> None:
        """A message of the browser's stage."""
        self.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: list[bytes] | None = None,
        **_: Any,
    ) -> None:
        """Pass on what the widget says."""
        data = data or {}
        if data.get("method") == "custom":
            self._tell({"content": data["content"]}, buffers or [])
        elif state := {name: value for name, value in data.get("state", {}).items() if name in SHOWN}:
            self._tell({"state": state}, [])

    def close(self, *_: Any, **__: Any) -> None:
        """Nobody else has to be told."""
        self._closed = True
