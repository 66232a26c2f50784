"""The command `lecture643`: opens the notebooks, makes the site, opens the hall, checks the install.

Whatever goes wrong is told in a sentence, never in a traceback.
"""

import argparse
import importlib
import io
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

from lecture643.reach import copies
from lecture643.reach.sorry import Sorry


class _Parser(argparse.ArgumentParser):
    """Says what it did not understand in one sentence, and where help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"lecture643: {message}. `lecture643 --help` tells what there is.\n")


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    whole = _Parser(
        prog="lecture643",
        description="IE 643 lectures 6 and 7, to be moved and checked. Without a word: the same as `lab`.",
    )
    whole.add_argument("--version", action="version", version=f"lecture643 {_version()}")
    whole.set_defaults(act=_lab, folder=None, browser=True)
    words = whole.add_subparsers(title="what it can do", metavar="WORD")

    lab = words.add_parser("lab", help="put the notebooks into a folder and open JupyterLab there")
    lab.add_argument(
        "folder",
        nargs="?",
        type=Path,
        help="new or with notebooks of before; else lecture643-notebooks, here",
    )
    lab.add_argument("--no-browser", dest="browser", action="store_false", help="print the address instead")
    lab.set_defaults(act=_lab)

    copy = words.add_parser("copy", help="put the notebooks into a folder, and no more")
    copy.add_argument("folder", type=Path, help="new or with notebooks of before")
    copy.set_defaults(act=_copy)

    site = words.add_parser("site", help="make a site of all notebooks that moves without Python")
    site.add_argument("folder", type=Path, help="where it is put")
    site.set_defaults(act=_site)

    hall = words.add_parser("hall", help="open one full screen per statement, for a lecture hall")
    hall.add_argument("notebook", nargs="?", default="", help="where to begin, such as 04; else at 01")
    hall.set_defaults(act=_hall)

    test = words.add_parser("test", help="check this install, within half a minute")
    test.set_defaults(act=_test)
    return whole


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words say (those of the command line if None); 0 where it went well."""
    _print_anything()
    asked = parser().parse_args(words)
    try:
        return int(asked.act(asked))
    except Sorry as sorry:
        return _told(str(sorry))
    except KeyboardInterrupt:
        return 130
    except PermissionError as failure:
        return _told(f"You may not write {failure.filename}. Name another folder.")
    except OSError as failure:
        where = f": {failure.filename}" if failure.filename else ""
        return _told(f"{failure.strerror or failure}{where}.")
    except Exception as failure:
        what = f"{type(failure).__name__}: {failure}".rstrip(": .")
        return _told(f"This went wrong ({what}). `lecture643 test` tells whether the install is whole.")


def _lab(asked: argparse.Namespace) -> int:
    from lecture643.reach.lab import open_lab

    return open_lab(asked.folder, browser=asked.browser)


def _copy(asked: argparse.Namespace) -> int:
    for sentence in copies.bring(asked.folder, copies.originals()):
        print(sentence)
    return 0


def _site(asked: argparse.Namespace) -> int:
    build: Callable[[Path], Path] = _part("site", "build")
    if asked.folder.is_file():
        raise Sorry(f"{asked.folder} is a file. Name a folder for the site.")
    print(f"The site is in {build(asked.folder)}.")
    return 0


def _hall(asked: argparse.Namespace) -> int:
    open_hall: Callable[[str], int] = _part("hall", "open_hall")
    return open_hall(asked.notebook)


def _test(_: argparse.Namespace) -> int:
    from lecture643.reach.check import check

    return check()


def _part(name: str, function: str) -> Callable[..., Any]:
    """A function of a part that needs more packages than the rest, loaded when it is asked for."""
    try:
        part: Callable[..., Any] = getattr(importlib.import_module(f"lecture643.reach.{name}"), function)
    except ImportError as failure:
        lacking = str(failure.name)
        raise Sorry(f"`lecture643 {name}` needs {lacking}. Install it: pip install {lacking}.") from None
    return part


def _told(sentence: str) -> int:
    print(f"lecture643: {sentence}", file=sys.stderr)
    return 1


def _version() -> str:
    try:
        return version("lecture643")
    except PackageNotFoundError:
        return "(not installed, run from its folder)"


def _print_anything() -> None:
    """A console that lacks a letter, such as γ, shows another in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
