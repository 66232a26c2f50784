"""The house: folders are floors, and a room imports only from floors before its own."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "lecture643"
FLOORS = ("maths", "homework", "picture", "live", "explore", "lesson", "reach")
MAY_REACH = {floor: FLOORS[: at + 1] for at, floor in enumerate(FLOORS)}
# What only some floors may import. Everything else is free to all.
ONLY = {"matplotlib": ("picture", "live", "explore", "lesson", "reach")} | dict.fromkeys(
    ("IPython", "ipykernel", "ipywidgets", "ipyevents", "anywidget", "comm", "traitlets"), ("live",)
)
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE)
# What stands beside the folders is the ground: it stands on nothing of ours, and every floor may stand on it.
GROUND = {path.stem for path in PACKAGE.glob("[a-z]*.py")}


def imported(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def trespass(room: str, name: str) -> str:
    """What is wrong with an import of `name` in this room ("maths/toy.py"), in a sentence; else empty."""
    floor, (top, *rest) = room.split("/")[0], name.split(".")
    allowed = {*MAY_REACH.get(floor, (floor,)), *GROUND}
    if top == "lecture643" and rest and rest[0] not in allowed:
        return f"{room} reached {name}, but {floor} may import only {', '.join(MAY_REACH.get(floor, ()))}"
    if top in ONLY and floor not in ONLY[top]:
        return f"{room} reached {name}, which only {', '.join(ONLY[top])} may import"
    if name.startswith("matplotlib.pyplot"):
        return f"{room} reached {name}: figures are made without pyplot, so that they do not pile up"
    return ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down(path: Path) -> None:
    room = path.relative_to(PACKAGE).as_posix()
    wrong = [trespass(room, name) for name in sorted(imported(path.read_text(encoding="utf-8")))]
    assert not any(wrong), "; ".join(filter(None, wrong))


@pytest.mark.parametrize("name", sorted(GROUND))
def test_the_ground_stands_on_nothing_of_ours(name: str) -> None:
    ours = [each for each in imported((PACKAGE / f"{name}.py").read_text()) if each.startswith("lecture643")]
    assert not ours


@pytest.mark.parametrize(
    ("room", "name"),
    [
        ("maths/toy.py", "lecture643.picture.draw"),
        ("maths/toy.py", "matplotlib.axes"),
        ("picture/draw.py", "ipywidgets"),
        ("explore/neuron.py", "IPython.display"),
        ("homework/exercise.py", "lecture643.live.view"),
        ("explore/neuron.py", "matplotlib.pyplot"),
    ],
)
def test_a_wrong_import_is_told_with_both_ends(room: str, name: str) -> None:
    assert room in trespass(room, name)
    assert name in trespass(room, name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    functions = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    )
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 40]
    assert not long
