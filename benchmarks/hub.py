"""A JupyterHub on this machine with its real proxy, for `class.py`: users, their servers, their processes."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import lab  # noqa: E402

CONFIG = """
c.JupyterHub.bind_url = {address!r}
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///" + {home!r} + "/hub.sqlite"
c.JupyterHub.cookie_secret_file = {home!r} + "/cookie_secret"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {home!r} + "/homes/{{username}}"
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {{"PYTHONPATH": {path!r}, "MPLCONFIGDIR": {home!r} + "/matplotlib"}}
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.JupyterHub.concurrent_spawn_limit = 4
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = {home!r} + "/proxy.pid"
c.ConfigurableHTTPProxy.auth_token = {token!r}
c.JupyterHub.services = [{{"name": "class", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [
    {{"name": "class", "services": ["class"], "scopes": ["admin:users", "admin:servers", "access:servers"]}}
]
"""


@dataclass
class Hub:
    """A hub that runs: its address, the key of all its doors, its process."""

    address: str
    token: str
    process: psutil.Process
    homes: Path

    async def ask(self, method: str, what: str, told: Any = None) -> Any:
        """An answer of the hub or, through it, of a user's server."""
        body = json.dumps(told or {}) if method == "POST" else None
        headers = {"Authorization": f"token {self.token}"}
        answer = await AsyncHTTPClient().fetch(
            f"{self.address}/{what}", method=method, headers=headers, body=body, request_timeout=120
        )
        return json.loads(answer.body) if answer.body else None

    async def start(self, user: str) -> None:
        """Start the user's server and wait until it is there."""
        (self.homes / user).mkdir(parents=True, exist_ok=True)
        try:
            await self.ask("POST", f"hub/api/users/{user}")
        except HTTPClientError as failure:
            if failure.code != 409:  # this user is known already
                raise
        await self.ask("POST", f"hub/api/users/{user}/server")
        while not (await self.ask("GET", f"hub/api/users/{user}"))["servers"].get("", {}).get("ready"):
            time.sleep(0.1)

    async def stop(self, user: str) -> None:
        """Stop the user's server, with all kernels."""
        await self.ask("DELETE", f"hub/api/users/{user}/server")
        while (await self.ask("GET", f"hub/api/users/{user}"))["servers"]:
            time.sleep(0.1)

    def processes(self, word: str) -> list[psutil.Process]:
        """Those under the hub in whose command this word stands."""
        mine = self.process.children(recursive=True)
        return [each for each in mine if any(word in part for part in each.cmdline())]


@contextmanager
def hub(home: Path, proxy: str) -> Iterator[Hub]:
    """A hub with all its files in `home`."""
    port, hub_port, proxy_port = (lab.free_port() for _ in range(3))
    address, token = f"http://127.0.0.1:{port}", secrets.token_hex()
    told = {"home": str(home), "python": sys.executable, "path": str(ROOT), "proxy": proxy, "token": token}
    ports = {"hub_port": hub_port, "proxy_port": proxy_port, "address": address}
    config = home / "config.py"
    config.write_text(CONFIG.format(**told, **ports))
    environment = {name: value for name, value in os.environ.items() if name != "LECTURE643_PROGRESS"}
    environment["PATH"] = f"{Path(proxy).parent}{os.pathsep}{environment['PATH']}"
    log = (home / "hub.log").open("w")
    command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
    running = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        lab.wait_until_up(f"{address}/hub/api", running, home / "hub.log")
        yield Hub(address, token, psutil.Process(running.pid), home / "homes")
    finally:
        running.terminate()
        running.wait(timeout=60)
        log.close()


def proxy_in(home: Path) -> str:
    """JupyterHub's usual proxy: this machine's, or one that npm brings into `home`."""
    if found := shutil.which("configurable-http-proxy"):
        return found
    name = "configurable-http-proxy"
    command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(home), name]
    subprocess.run(command, check=True)
    return str(home / "node_modules/.bin" / name)
