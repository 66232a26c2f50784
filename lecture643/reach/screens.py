"""The hall's screens: one for each statement of the lecture, with a view in prepared states.

A statement is shown by the notebook's cell that names it first in its metadata ("lecture": ["2.10", "F5"])
and ends in a view. Where there is none it is shown by what stands here, or else by a cell that names it at
all. A cell's `.prepared({"too long a step": {"rate": 30}})` gives its view states that the digits choose.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import lecture643 as lec
from lecture643.lesson.statements import STATEMENTS
from lecture643.live import View
from lecture643.reach import copies

VIEWS = ("lec.explore.", "lec.lesson.")

# Of statements that no cell shows as its first.
OWN = {
    "1.2": """lec.explore.neuron().prepared({
        "all four right": {"w": (-1, 0.2)}, "all four wrong": {"w": (1, -0.2)}, "w = 0": {"w": (0, 0)}})""",
    "F8": 'lec.explore.interior(shape="square, one side open", taken_in="C, as on the slide")',
    "F5": """lec.explore.line_search(function="E of the four points", start=(0, 0)).prepared({
        "bound 1": {"bound": 1}, "bound 100": {"bound": 100}, "bound 10,000": {"bound": 10000}})""",
    "F6": """lec.explore.rates(function="hill", gap="gradient").prepared({
        "the gradient": {}, "the gap of E": {"gap": "error"}})""",
    "F7": """lec.explore.descent(schedule="γ/(k+1)").prepared({
        "γ/(k+1)": {}, "γ": {"schedule": "γ"}})""",
    "2.14": """lec.explore.descent(batch_size=2).prepared({
        "one sample": {"batch_size": 1}, "two": {"batch_size": 2}, "all": {"batch_size": 4}})""",
    "2.15": """lec.explore.descent().prepared({
        "too long a step": {"rate": 30}, "too short a step": {"rate": 0.01}})""",
    "3.4": """lec.explore.backprop(step="∂e/∂w₂₁²").prepared({
        "∂e/∂w₂₁²": {}, "∂e/∂w₂₂²": {"step": "∂e/∂w₂₂²"}})""",
    "F11": 'lec.explore.matrices(step=1, entry="∇W")',
    "3.9": 'lec.explore.matrices(step=1, entry="∇b", biases=True)',
    "F14": 'lec.explore.depth().prepared({"g = 1": {}, "g = 4": {"scale": 4}})',
    "4.1": "lec.explore.training(shown=200)",
    "4.2": """lec.explore.training(shown=200).prepared({
        "GD": {"method": "gd"}, "SGD": {"method": "sgd"}, "mini-batch SGD": {}})""",
    "F12": """lec.explore.training(method="sgd", shown=1).prepared({
        "one step": {}, "one epoch": {"shown": 100}})""",
    "4.4": "lec.explore.matrices(sizes=(2, 3, 2, 1), step=0)",
    "F13": """lec.explore.training(shown=200).prepared({
        "threshold 0.5": {}, "threshold 0": {"threshold": 0}})""",
    "R": "lec.explore.descent()",
}


# The controls that a hall has room for, of views that have more.
FEW = {
    "backprop": ["step"],
    "descent": ["rate", "schedule", "shown"],
    "interior": ["shape", "taken_in", "epsilon"],
    "matrices": ["step", "entry", "i", "j"],
    "training": ["method", "rate", "shown"],
}


WHOLE = ("backprop", "matrices")  # their letters need all the room, so their question stays in the notebook


@dataclass(frozen=True)
class Screen:
    """One statement and the Python expression that makes its view."""

    id: str
    source: str

    def view(self) -> View[Any, Any]:
        """The view, made anew."""
        view = _made(self.source)
        if view.tasks.prediction and view.name in WHOLE:
            return _unasked(view)
        few = () if view.tasks.name and view.name not in WHOLE else FEW.get(view.name, ())
        return view.asking("", first=few) if few else view


def _made(source: str) -> View[Any, Any]:
    made: View[Any, Any] = eval(source, {"lec": lec, "np": np})
    return made


def _unasked(view: View[Any, Any]) -> View[Any, Any]:
    """A view without its question: it shows the answer, and at a key what was there before."""
    assert view.tasks.prediction
    reveal = view.tasks.prediction.reveal
    shown, before = view.settings.changed(**reveal), {name: getattr(view.settings, name) for name in reveal}
    view.close()
    made = _made(shown.code(f"lec.explore.{view.name}"))
    return made.asking("", first=view.shown_first).prepared({"before": before, "after": {}})


def screens(notebook: Path | None = None) -> list[Screen]:
    """Those of the whole lecture in its order, or of the statements that a notebook's cells show."""
    cells = [cell for path in ([notebook] if notebook else notebooks()) for cell in shown_in(path)]
    ids = {one for told, _ in cells for one in told} if notebook else STATEMENTS.keys()
    return [Screen(one, source) for one in STATEMENTS if one in ids and (source := _source(one, cells))]


def notebooks() -> list[Path]:
    """The lecture's own; not 00, which is the way in."""
    return [path for path in copies.notebooks() if path.name != copies.FIRST]


Cells = Sequence[tuple[Sequence[str], str]]


def shown_in(notebook: Path) -> Iterator[tuple[Sequence[str], str]]:
    """For each cell that ends in a view: the statements that it names, and that expression."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        ids = cell["metadata"].get("lecture", [])
        if ids and cell["cell_type"] == "code" and (source := _view_at_the_end("".join(cell["source"]))):
            yield ids, source


def _view_at_the_end(source: str) -> str:
    """The last expression, or what it names, if it is a view that needs no other cell."""
    try:
        *before, last = ast.parse(source).body
    except (SyntaxError, ValueError):
        return ""
    made = {ast.unparse(each.targets[0]): each.value for each in before if isinstance(each, ast.Assign)}
    shown: ast.AST = made.get(ast.unparse(last), last)
    names = {node.id for node in ast.walk(shown) if isinstance(node, ast.Name)}
    told = ast.unparse(shown)
    return told if told.startswith(VIEWS) and names <= {"lec", "np"} else ""


def _source(statement: str, cells: Cells) -> str:
    first = (source for ids, source in cells if ids[0] == statement)
    any_place = (source for ids, source in cells if statement in ids)
    return next(first, "") or OWN.get(statement, "") or next(any_place, "")
