"""A student of `class.py`: a kernel through the hub's proxy, as a browser has it, and a hand on a slider."""

import asyncio
import json
import struct
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from hub import Hub
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

WIDGET = "application/vnd.jupyter.widget-view+json"
PATIENCE = 60.0  # seconds


@dataclass
class Student:
    """One student, by name, who has this notebook open."""

    hub: Hub
    name: str
    notebook: str
    kernel: str = ""
    views: dict[str, str] = field(default_factory=dict)  # cell -> its view
    waits: list[float] = field(default_factory=list)  # seconds from a change to its answer
    lost: int = 0
    _asked: dict[Any, "asyncio.Future[None]"] = field(default_factory=dict)
    _session: str = ""
    _cell: str = ""

    async def open(self) -> None:
        """Start a kernel for the notebook and listen to it."""
        told = {
            "path": self.notebook,
            "name": self.notebook,
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        session = await self.hub.ask("POST", f"user/{self.name}/api/sessions", told)
        self.kernel, self._session = session["kernel"]["id"], uuid.uuid4().hex
        address = self.hub.address.replace("http", "ws", 1)
        where = f"{address}/user/{self.name}/api/kernels/{self.kernel}/channels?session_id={self._session}"
        headers = {"Authorization": f"token {self.hub.token}"}
        request = HTTPRequest(where, headers=headers, connect_timeout=PATIENCE)
        self._socket: WebSocketClientConnection = await websocket_connect(request, max_message_size=2**27)
        self._ear = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Go away; the kernel stays, until its server ends."""
        self._ear.cancel()
        self._socket.close()

    async def run(self, cell: str, source: str) -> None:
        """Run a cell."""
        self._cell = cell
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}}
        await self._send("execute_request", content | {"allow_stdin": False, "stop_on_error": True})

    async def say(self, cell: str, **told: Any) -> None:
        """Tell the view of a cell something that needs no answer."""
        await self._tell(cell, told)

    async def move(self, cell: str, number: int, values: dict[str, Any]) -> None:
        """Move a slider, and wait for the picture."""
        began = time.perf_counter()
        answer = self._asked[cell, number] = asyncio.get_running_loop().create_future()
        await self._tell(cell, {"kind": "set", "number": number, "values": values})
        try:
            await asyncio.wait_for(answer, PATIENCE)
            self.waits.append(time.perf_counter() - began)
        except TimeoutError:
            self.lost += 1

    async def _tell(self, cell: str, told: dict[str, Any]) -> None:
        content = {"number": -2, "seen": True, **told, "client": self._session}
        data = {"method": "custom", "content": content}
        await self._send("comm_msg", {"comm_id": self.views[cell], "data": data}, wait=False)

    async def _send(self, kind: str, content: dict[str, Any], wait: bool = True) -> None:
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": kind, "session": self._session, "username": self.name}
        header |= {"version": "5.3", "date": ""}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
        if wait:
            done = self._asked[number] = asyncio.get_running_loop().create_future()
        await self._socket.write_message(json.dumps({**message, "channel": "shell"}))
        if wait:
            await asyncio.wait_for(done, PATIENCE)

    async def _listen(self) -> None:
        while (told := await self._socket.read_message()) is not None:
            self._hear(json.loads(told) if isinstance(told, str) else _first_part(told))

    def _hear(self, message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            raise RuntimeError(f"{self.name}: {content['evalue']}")
        if kind == "status" and content["execution_state"] == "idle":
            self._answered(message["parent_header"].get("msg_id"))
        elif kind in ("execute_result", "display_data") and WIDGET in content["data"]:
            self.views[self._cell] = content["data"][WIDGET]["model_id"]
        elif kind == "comm_msg":
            number = content["data"].get("content", {}).get("number")
            cells = [cell for cell, view in self.views.items() if view == content["comm_id"]]
            for cell in cells:
                self._answered((cell, number))

    def _answered(self, question: Any) -> None:
        answer = self._asked.pop(question, None)
        if answer and not answer.done():
            answer.set_result(None)


def _first_part(told: bytes) -> dict[str, Any]:
    """The message of one that comes with buffers: number of parts, where each begins, the parts."""
    (parts,) = struct.unpack_from("!I", told)
    begin, *rest = struct.unpack_from(f"!{parts}I", told, 4)
    found: dict[str, Any] = json.loads(told[begin : rest[0] if rest else None])
    return found
