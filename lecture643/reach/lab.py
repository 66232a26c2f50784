"""The notebooks in JupyterLab."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from lecture643.reach import copies
from lecture643.reach.sorry import Sorry

DEFAULT = "lecture643-notebooks"
NO_LAB = 'JupyterLab is not installed in this Python. Install it: pip install "lecture643[lab]".'


def open_lab(folder: Path | None = None, browser: bool = True) -> int:
    """Bring the notebooks into the folder, open JupyterLab there and wait until it is stopped."""
    for needed in ("jupyterlab", "ipykernel"):
        if importlib.util.find_spec(needed) is None:
            raise Sorry(NO_LAB)
    folder = usual() if folder is None else folder.expanduser()
    if not (folder.exists() and folder.resolve() == copies.source().resolve()):  # a clone's own notebooks
        for sentence in copies.bring(folder, copies.originals()):
            print(sentence)
    print(
        f"Opening JupyterLab in {folder.resolve()}. Your progress is kept there. Stop with Ctrl-C.",
        flush=True,
    )
    return _run(command(folder.resolve() / copies.FIRST, browser), folder)


def usual() -> Path:
    """Here, where the notebooks are here already; else a folder in here."""
    here = Path.cwd()
    return here if (here / copies.NOTES).exists() else here / DEFAULT


def command(notebook: Path, browser: bool = True) -> list[str]:
    """What starts JupyterLab on the notebook."""
    words = [sys.executable, "-m", "jupyterlab", str(notebook)]
    words += [] if browser else ["--no-browser"]
    is_root = getattr(os, "geteuid", lambda: 1)() == 0  # as often in a container; JupyterLab wants to be told
    return words + (["--allow-root"] if is_root else [])


def _run(words: list[str], folder: Path) -> int:
    """Run until it ends; Ctrl-C is for JupyterLab, which asks or stops by itself."""
    running = subprocess.Popen(words, cwd=folder)
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:
            continue
