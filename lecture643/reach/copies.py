"""The notebooks in a folder of the reader's own: copied, kept up to date, never over what the reader wrote.

What a reader has written is told from what was copied by the cells alone: to have run a notebook, which
stores new outputs, is no change.
"""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from lecture643.reach.sorry import Sorry

FIRST = "00_start_here.ipynb"
NOTES = ".lecture643.json"  # name -> fingerprint of the newest version that was put here, or beside
_PACKAGE = Path(__file__).parent.parent


def source() -> Path:
    """The folder of the notebooks: inside the package after an install, beside it in a clone."""
    for folder in (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks"):
        if (folder / FIRST).exists():
            return folder
    raise Sorry("The notebooks are missing in this install. Install lecture643 again.")


def notebooks() -> list[Path]:
    """All of them, from 00."""
    return sorted(source().glob("*.ipynb"))


def symbols() -> Path:
    """The page of symbols to which the notebooks link."""
    inside = source() / "notation.md"
    return inside if inside.exists() else source().parent / "docs/notation.md"


def originals() -> dict[str, bytes]:
    """What a reader's folder should hold: all notebooks, and the page of symbols."""
    files = {path.name: path.read_bytes() for path in notebooks()}
    # In a reader's folder the page stands beside the notebooks.
    files = {name: content.replace(b"../docs/notation.md", b"notation.md") for name, content in files.items()}
    return files | {"notation.md": symbols().read_bytes()}


def bring(folder: Path, files: dict[str, bytes]) -> list[str]:
    """Put the files into the folder; what was done, one sentence each.

    A file that the reader has changed stays; a newer version of it is put beside it, once.
    """
    if folder.exists() and not folder.is_dir():
        raise Sorry(f"{folder} is a file. Name a folder for the notebooks, or a new one.")
    folder.mkdir(parents=True, exist_ok=True)
    notes = _notes(folder)
    new, updated, told = [], [], []
    for name, content in files.items():
        here, known, latest = folder / name, notes.get(name), fingerprint(content)
        if not here.exists():
            _write(here, content)
            new.append(name)
        elif (mine := fingerprint(here.read_bytes())) == known and latest != known:
            _write(here, content)
            updated.append(name)
        elif latest not in (mine, known):
            beside = _beside(here, content)
            told.append(f"{name} has your changes and stays; the newer version is {beside.name}.")
        notes[name] = latest
    if notes != _notes(folder):
        _write(folder / NOTES, json.dumps(notes, indent=2).encode())
    return [*_summed(new, "copied"), *_summed(updated, "brought up to date"), *told]


def fingerprint(content: bytes) -> str:
    """Of what stands in the cells, whatever their outputs; of all of it where that is no notebook."""
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        cells = json.loads(content)["cells"]
        told = [(each["cell_type"], "".join(each["source"]), each.get("attachments")) for each in cells]
        content = json.dumps(told, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def _notes(folder: Path) -> dict[str, str]:
    try:
        notes = json.loads((folder / NOTES).read_bytes())
        return {str(name): str(told) for name, told in notes.items()}
    except (FileNotFoundError, ValueError, AttributeError):
        return {}  # then everything counts as the reader's own


def _beside(here: Path, content: bytes) -> Path:
    """Put a newer version beside the file, under a name that is free."""
    number = 1
    while (beside := here.with_suffix(f".new{number if number > 1 else ''}{here.suffix}")).exists():
        if fingerprint(beside.read_bytes()) == fingerprint(content):
            return beside
        number += 1
    _write(beside, content)
    return beside


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as new:
            new.write(content)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def _summed(names: list[str], done: str) -> list[str]:
    if not names:
        return []
    return [f"{names[0] if len(names) == 1 else f'{len(names)} files'} {done}."]
