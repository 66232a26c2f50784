"""A real JupyterLab in a real Chromium, for the browser tests and the benchmarks."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

TOKEN = "only-for-this-test"
SEARCHED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=30_000)  # on two busy cores an answer may take a while
EXPOSED = {"jupyterlab": "LabApp", "notebook": "JupyterNotebookApp"}
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}


def chromium_path() -> str | None:
    """A Chromium (or Chrome, or Edge) of this machine; else playwright's own; else None."""
    for name in SEARCHED:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def in_chromium(path: str | None) -> list[pytest.MarkDecorator]:
    """The marks of tests that need the browser at `path`: passed over where there is none, but in CI."""
    note = "no Chromium, Chrome or Edge found; `.venv/bin/playwright install chromium` brings one"
    return [pytest.mark.browser, pytest.mark.skipif(path is None and not os.environ.get("CI"), reason=note)]


@contextlib.contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@contextlib.contextmanager
def jupyter_lab(notebooks: Path, home: Path, app: str = "jupyterlab", at_home: bool = False) -> Iterator[str]:
    """JupyterLab on the folder `notebooks`, all its settings in `home`; yields its address.

    app: "jupyterlab", or "notebook" for Notebook 7. at_home: what one does is kept beside the notebooks,
    as it is where no test runs; and every cell is on the page, seen or not.
    """
    settings = home / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(NO_NEWS))
    port = free_port()
    command = [sys.executable, "-m", app, "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={notebooks}"]
    command += [f"--{EXPOSED[app]}.expose_app_in_browser=True"]
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    environment = os.environ | {name: str(home / folder) for name, folder in folders.items()}
    if at_home:
        del environment["LECTURE643_PROGRESS"]
        tracker = home / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
        tracker.parent.mkdir(parents=True)
        tracker.write_text(json.dumps({"windowingMode": "none"}))
    log = (home / "lab.log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/api?token={TOKEN}", server, home / "lab.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(server)
        log.close()


def open_notebook(page: Page, address: str, name: str, workspace: str = "") -> None:
    """Open a notebook and wait until its kernel is there (before that, running it asks questions)."""
    lab = f"lab/workspaces/{workspace}" if workspace else "lab"
    page.goto(f"{address}/{lab}/tree/{name}?token={TOKEN}&reset")
    wait_for_kernel(page)


def wait_for_kernel(page: Page) -> None:
    """Wait until the notebook in front has a kernel that rests."""
    page.wait_for_function(IDLE, timeout=90_000)


def run_all(page: Page) -> None:
    """Run every cell, as the menu does, and wait until the kernel rests again."""
    page.evaluate(RUN_ALL)
    page.wait_for_function(ALL_RUN)
    wait_for_kernel(page)


IDLE = """() => {
  const session = window.jupyterapp?.shell?.currentWidget?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === 'idle';
}"""
RUN_ALL = """() => Promise.race([
  jupyterapp.commands.execute('notebook:run-all-cells'),
  new Promise((_, failed) => setTimeout(() => failed(new Error('the cells took two minutes')), 120_000)),
])"""
# Every cell that is on the page has a number; JupyterLab shows [*] for those that wait.
ALL_RUN = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')];
  return prompts.length > 0 && prompts.every(p => /\\[\\d+\\]/.test(p.textContent));
}"""


def views(page: Page) -> Locator:
    """The live views of the page, in order."""
    return page.locator(".l643-stage")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Let it go, or make it: on a busy machine a server takes its time over its kernels."""
    server.terminate()
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def wait_until_up(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"JupyterLab stopped at once:\n{log.read_text()}")
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url):
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not come up:\n{log.read_text()}")
