"""The README, the notation page and the folders tell the same."""

import re
from pathlib import Path

import lecture643 as lec

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FLOORS = ("maths", "homework", "picture", "live", "explore", "lesson", "reach")


def first_line(path: Path) -> str:
    """What a folder or a file says of itself."""
    return path.read_text(encoding="utf-8").splitlines()[0].strip('"')


def test_the_table_of_the_house_is_what_the_folders_say_of_themselves() -> None:
    rows = dict(re.findall(r"^\| `lecture643/(\w+)/` \| (.+) \|$", README, re.M))
    assert list(rows) == list(FLOORS)
    for floor, told in rows.items():
        assert told == first_line(ROOT / "lecture643" / floor / "__init__.py")


def test_every_folder_of_the_package_has_a_row() -> None:
    folders = {path.parent.name for path in (ROOT / "lecture643").glob("*/__init__.py")}
    assert folders == set(FLOORS)


def test_the_notation_page_names_what_there_is() -> None:
    page = (ROOT / "docs" / "notation.md").read_text(encoding="utf-8")
    mlp = lec.network.MLP([[[1.0, 2.0]]])
    passes = (mlp.forward([1.0, 1.0]), mlp.backprop([1.0, 1.0], [1.0]))
    path = lec.descent.gradient_descent(lec.toy.four_points(), (0, 0), rate=0.1, steps=1)
    things = (lec.toy.four_points(), lec.network, lec.descent, mlp, path, *passes)
    for name in re.findall(r"`(?:\w+\(x(?:, y)?\)\.|problem\.|path\.|mlp\.)?(\w+)[(\[`]", page):
        known = any(hasattr(thing, name) for thing in things)
        assert known or name in ("w", "d", "direction", "rate", "len"), name


def test_the_notation_page_is_pointed_to_by_the_map_and_by_the_code() -> None:
    notebook = (ROOT / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8")
    assert "docs/notation.md" in notebook
    assert "docs/notation.md" in (ROOT / "lecture643" / "maths" / "network.py").read_text(encoding="utf-8")


def test_the_readme_shows_the_smallest_view_as_it_is() -> None:
    source = (ROOT / "tests" / "examples" / "parabola.py").read_text(encoding="utf-8").strip()
    assert source in README
