"""The floors of the house: a room imports only from floors below it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "lecture643"
FLOORS = [
    {"checks"},
    {"toy", "problem", "slopes", "line_search", "descent", "crowd", "speed", "functions", "timing"},
    {"network", "derivation", "data", "training"},
    {"draw", "lettering"},
    {"controls", "live"},
    {"explore"},
    {"homework"},
    {"exercises"},
]
JUPYTER = {"IPython", "ipywidgets", "ipyevents"}
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def floor_of(name: str) -> int:
    return next(i for i, floor in enumerate(FLOORS) if name in floor)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if room == "__init__":
        return
    names = imported(path)
    assert "matplotlib.pyplot" not in names
    for name in names:
        top, *rest = name.split(".")
        if top == "lecture643" and rest:
            assert floor_of(rest[0]) <= floor_of(room), f"{room} imports {name}"
        if floor_of(room) < floor_of("controls"):
            assert top not in JUPYTER
        if floor_of(room) < floor_of("draw"):
            assert top != "matplotlib"
