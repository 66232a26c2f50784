"""What a student has predicted, reached and solved: one readable JSON file beside the notebooks.

It never leaves the disk. It stands on the ground floor, with nothing but Python's own library, since
homework, views and notebooks all write into it.

    {"goals": {"E below 0.001": {"when": "2025-08-14 10:32", "best": "E = 0.000734"}}, …}
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

FILE = "my_progress.json"
KINDS = ("predictions", "goals", "homework")
Entry = dict[str, Any]
Pages = dict[str, dict[str, Entry]]

_in_memory: Pages = {}  # where there is no file
_is_aside = False
_readers: list[Callable[[str, str], None]] = []
trouble = ""  # in words, where the file cannot be read or written


def path() -> Path | None:
    """In the notebooks' folder, or where LECTURE643_PROGRESS says; None if that is empty, or `aside`."""
    if _is_aside:
        return None
    told = os.environ.get("LECTURE643_PROGRESS")
    if told is not None:
        return Path(told) if told else None
    return Path.cwd() / FILE


def pages() -> Pages:
    """All entries: kind -> name -> what is known of it."""
    file = path()
    if file is None or trouble:
        return _in_memory
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return {kind: dict(told.get(kind, {})) for kind in KINDS}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError):
        _put_aside(file)
        return {}


def noted(kind: str, name: str) -> Entry | None:
    """The entry of this name, if there is one. kind: one of KINDS."""
    return pages().get(kind, {}).get(name)


def note(kind: str, name: str, **facts: Any) -> None:
    """Write an entry, with the time; facts must be plain data.

    Where the file cannot be written it is kept until the kernel ends, and `trouble` says so.
    """
    entry = {"when": f"{datetime.now():%Y-%m-%d %H:%M}", **facts}
    told = pages()  # read anew, as another notebook may have written
    told.setdefault(kind, {})[name] = entry
    _write(told)
    _tell(kind, name)


def forget(kind: str, name: str) -> None:
    """Take an entry out."""
    told = pages()
    if told.get(kind, {}).pop(name, None) is not None:
        _write(told)
        _tell(kind, name)


def clear() -> None:
    """Forget everything."""
    _in_memory.clear()
    if file := path():
        file.unlink(missing_ok=True)
    _tell("", "")


@contextmanager
def aside() -> Iterator[None]:
    """Meanwhile nothing of before is seen, and what is noted is forgotten afterwards."""
    global _in_memory, _is_aside
    before = _in_memory, _is_aside
    _in_memory, _is_aside = {}, True
    try:
        yield
    finally:
        _in_memory, _is_aside = before


def on_change(reader: Callable[[str, str], None]) -> None:
    """Call reader(kind, name) after each change."""
    _readers.append(reader)


def _tell(kind: str, name: str) -> None:
    for reader in list(_readers):
        reader(kind, name)


def _write(told: Pages) -> None:
    """All of it or nothing: the new file takes the old one's place in one step."""
    global trouble
    file = path()
    _in_memory.update(told)
    if file is None or trouble:
        return
    beside = None
    try:
        handle, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with open(handle, "w", encoding="utf-8") as new:
            json.dump(told, new, ensure_ascii=False, indent=2)
            new.flush()
            os.fsync(new.fileno())
        os.replace(beside, file)
    except OSError as failure:
        cannot = f"{file.name} cannot be written ({failure.strerror})"
        trouble = f"{cannot}: your progress is kept until the kernel ends."
        if beside:
            with suppress(OSError):
                os.unlink(beside)


def _put_aside(file: Path) -> None:
    """A file that cannot be read is kept under another name, and a new one is begun."""
    global trouble
    try:
        os.replace(file, file.with_suffix(".damaged.json"))
    except OSError as failure:
        trouble = f"{file.name} cannot be read ({failure.strerror}): progress is kept until the kernel ends."
