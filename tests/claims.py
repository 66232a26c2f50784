"""What a notebook says, for the tests of its claims."""

from pathlib import Path
from typing import Any

import nbformat

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


class Notebook:
    """A notebook by the first characters of its name: its text in one line, and its cells to run."""

    def __init__(self, begins: str) -> None:
        (path,) = NOTEBOOKS.glob(f"{begins}*.ipynb")
        self.cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
        text = "\n".join(cell.source for cell in self.cells.values()).replace("\n> ", "\n")
        self.text = " ".join(text.split())

    def said(self, *quotes: str) -> None:
        """These sentences still stand there: a claim that is reworded needs its test reworded."""
        for quote in quotes:
            assert " ".join(quote.split()) in self.text, quote

    def ran(self, *ids: str, **names: Any) -> dict[str, Any]:
        """What these code cells define, run in turn."""
        names = {"np": __import__("numpy"), "lec": __import__("lecture643")} | names
        for name in ids:
            exec(self.cells[name].source, names)
        return names

    def value(self, name: str, **names: Any) -> Any:
        """What the last line of a code cell shows."""
        *before, last = self.cells[name].source.rstrip().split("\n")
        names = {"np": __import__("numpy"), "lec": __import__("lecture643")} | names
        exec("\n".join(before), names)
        return eval(last, names)
