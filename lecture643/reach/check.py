"""The install checks itself: `lecture643 test` says in words what is wrong, and what to do about it."""

import contextlib
import importlib
import queue
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from lecture643.reach import copies
from lecture643.reach.sorry import Sorry

PATIENCE = 20.0  # seconds for a kernel to start or to answer
AGAIN = 'Install it again: pip install --force-reinstall "lecture643[lab]".'
SETTING = Path("jupyter_server_config.d/lecture643.json")
# In a kernel: a view, and under which name it hears what a browser says.
VIEW = "import lecture643; view = lecture643.explore.neuron(); print(view.stage.model_id)"


def check() -> int:
    """Print one line for each thing that is checked; 0 where all of them hold."""
    began, failed = time.monotonic(), 0
    steps = (python, packages, notebooks, picture, kernel, server)
    for step in steps:
        try:
            print(f"  good   {step()}", flush=True)
        except Sorry as sorry:
            failed += 1
            print(f"  WRONG  {sorry}", flush=True)
        except Exception as failure:  # whatever it is, the other steps are still of use
            failed += 1
            print(f"  WRONG  {step.__name__}: {type(failure).__name__}: {failure}. {AGAIN}", flush=True)
    seconds = f"{time.monotonic() - began:.0f} s"
    print(f"All is well ({seconds})." if not failed else f"{failed} of {len(steps)} are wrong ({seconds}).")
    return min(failed, 1)


def python() -> str:
    """This Python is new enough."""
    has = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036 (an install by force may have passed the package's own limit)
        raise Sorry(
            f"Python is {has}, and lecture643 needs 3.11 or newer. Install a newer one from python.org."
        )
    return f"Python {has}"


def packages() -> str:
    """What is needed is here, in versions that fit."""
    wrong = [lack for line in _needed() if (lack := _lack(Requirement(line)))]
    if wrong:
        raise Sorry(f'{", ".join(wrong)}. Install what lacks: pip install --upgrade "lecture643[lab]".')
    return f"{len(_needed())} packages in versions that fit"


def _needed() -> list[str]:
    """With JupyterLab, without what only tests need."""
    try:
        lines = metadata.requires("lecture643") or []
    except metadata.PackageNotFoundError:
        raise Sorry(
            'lecture643 runs without an install. Install it: pip install ".[lab]" in its folder.'
        ) from None
    parsed = [Requirement(line) for line in lines]
    return [
        str(each)
        for each in parsed
        if not each.marker or any(each.marker.evaluate({"extra": x}) for x in ("", "lab"))
    ]


def _lack(needed: Requirement) -> str:
    try:
        has = metadata.version(needed.name)
    except metadata.PackageNotFoundError:
        return f"{needed.name} is missing"
    fits = needed.specifier.contains(has, prereleases=True)
    return "" if fits else f"{needed.name} is {has} and must be {needed.specifier}"


def notebooks() -> str:
    """The notebooks are part of the install."""
    return f"{sum(name.endswith('.ipynb') for name in copies.originals())} notebooks"


def picture() -> str:
    """A view computes, and draws a picture."""
    explore = importlib.import_module("lecture643.explore")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        view = explore.neuron()
        drawn, said = view.live.picture(), view.describe()
        view.close()
    if not drawn.startswith(b"\x89PNG") or not said:
        raise Sorry(f"A view drew no picture. {AGAIN}")
    return f"a view computes and draws ({len(drawn) // 1000} KB of picture)"


def kernel() -> str:
    """A kernel starts, and a view in it answers as it would a browser."""
    with _started_kernel() as client:
        (name,) = _printed(client, VIEW)
        _tell(client, name, {"kind": "hello", "density": 1, "width": 900, "height": 600})
        for number, w in enumerate([(0.5, -0.5), (1.0, -0.5)]):  # the first one brings the still part too
            began = time.monotonic()
            _tell(client, name, {"kind": "set", "number": number, "values": {"w": w}})
            _await_answer(client, number)
        return f"a kernel starts, and a view in it answers in {1000 * (time.monotonic() - began):.0f} ms"


@contextlib.contextmanager
def _started_kernel() -> Iterator[Any]:
    """The kernel that notebooks get, and a client of it."""
    try:
        manager = importlib.import_module("jupyter_client.manager").KernelManager(kernel_name="python3")
        manager.start_kernel(stderr=subprocess.DEVNULL)
    except ImportError as failure:
        raise Sorry(f'{failure.name} is missing. Install it: pip install "lecture643[lab]".') from None
    except Exception as failure:
        raise Sorry(
            f"No kernel starts ({failure}). Install it again: pip install --force-reinstall ipykernel."
        ) from None
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=PATIENCE)
        yield client
    except (TimeoutError, RuntimeError) as failure:
        raise Sorry(
            f"The kernel does not answer ({failure}). A firewall may block 127.0.0.1: allow Python to use it."
        ) from None
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _printed(client: Any, source: str) -> list[str]:
    """The words that a cell prints."""
    printed: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            printed.append(message["content"]["text"])

    reply = client.execute_interactive(source, timeout=PATIENCE, output_hook=hear)["content"]
    if reply["status"] != "ok":
        where = "The kernel of notebooks is another Python than this one, without lecture643"
        what = where if reply["ename"] == "ModuleNotFoundError" else f"A view fails there ({reply['evalue']})"
        raise Sorry(f"{what}. In this Python: python -m ipykernel install --sys-prefix.")
    return "".join(printed).split()


def _tell(client: Any, name: str, content: dict[str, Any]) -> None:
    """Say something to a view, as a browser does."""
    data = {"method": "custom", "content": {"client": "check", "number": -1, "seen": True, **content}}
    client.shell_channel.send(client.session.msg("comm_msg", {"comm_id": name, "data": data}))


def _await_answer(client: Any, number: int) -> None:
    """Wait until the view has answered the question of this number."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(queue.Empty):
            message = client.get_iopub_msg(timeout=1)
            data = message["content"].get("data", {}) if message["msg_type"] == "comm_msg" else {}
            if data.get("content", {}).get("number") == number:
                return
    raise Sorry(f"A view in the kernel does not answer a slider. {AGAIN}")


def server() -> str:
    """Jupyter's server loads our part, without which answers come late."""
    paths = importlib.import_module("jupyter_core.paths").jupyter_config_path()
    if not any((Path(folder) / SETTING).exists() for folder in paths):
        raise Sorry(
            "Jupyter's server does not load lecture643.server: all works, but sliders answer 40 ms late. "
            "Turn it on: jupyter server extension enable lecture643.server --sys-prefix."
        )
    return "the server sends answers at once"
