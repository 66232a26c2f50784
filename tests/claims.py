"""What a notebook and its activities say, for the tests of their claims."""

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
from hands import message

from lecture643 import explore, lesson, logbook

ROOT = Path(__file__).parent.parent
NOTEBOOKS, LESSONS = ROOT / "notebooks", ROOT / "lecture643" / "lesson"


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

    def shows(self, view: str) -> bool:
        """Whether a view stands there, alone or in an activity."""
        called = re.findall(r"lec\.lesson\.(\w+)\(", self.text)
        in_activities = {lesson.activities[name].view for name in called}
        return f"explore.{view}(" in self.text or getattr(explore, view) in in_activities

    def ran(self, *ids: str, **names: Any) -> dict[str, Any]:
        """What these code cells define, run in turn."""
        names = {"np": __import__("numpy"), "lec": __import__("lecture643")} | names
        for name in ids:
            exec(self.cells[name].source, names)
        return names

    def value(self, name: str, **names: Any) -> Any:
        """What the last expression of a code cell shows."""
        *before, last = ast.parse(self.cells[name].source).body
        names = {"np": __import__("numpy"), "lec": __import__("lecture643")} | names
        exec("\n".join(map(ast.unparse, before)), names)
        return eval(ast.unparse(last), names)


def told(name: str) -> str:
    """All that an activity says: its question and why each answer is right or wrong; of each goal what is to
    be reached, the hint, and the why at the end of its way.
    """
    activity = lesson.activities[name]
    view = activity()
    words = []
    if activity.ask:
        message(view, "task", act="commit", guess=None)
        words += [activity.ask.question, *view.stage.tasks["prediction"]["because"]]
    for i, goal in enumerate(activity.goals):
        message(view, "task", act="give_up", goal=i)
        words += [goal.say, goal.hint, view.stage.tasks["goals"][i]["why"]]
    view.close()
    logbook.forget("predictions", name)  # so that a test can make its own guess
    return " ".join(words)


def says(name: str, *quotes: str) -> None:
    """An activity still says these sentences."""
    words = told(name)
    for quote in quotes:
        assert quote in words, quote


def lesson_text(name: str) -> str:
    """All that the activities of a notebook say, in one line; what is computed stands there as "…"."""
    module = ast.parse((LESSONS / f"{name}.py").read_text(encoding="utf-8"))
    inside = {
        id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    texts = [_text(node) for node in ast.walk(module) if id(node) not in inside]
    return " ".join(" ".join(filter(None, texts)).split())


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "…" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
