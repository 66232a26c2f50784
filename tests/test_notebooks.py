"""The notebooks: statements alive, cells short, outputs stored and fresh, good to read without a kernel."""

import base64
import io
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode
from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from store_outputs import cleaned, executed, read  # noqa: E402

# notebook -> the statements (lecture.md) and fine print that it must show
STATEMENTS = {
    "00_start_here": "",
    "01_mlp_data_perspective": "1.1 1.2 1.3 1.4 1.5 1.6 F1 F3 F15",
    "02_optimization_concepts": "2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 F2 F4 F8 F9 F10",
    "03_gradient_descent": "2.10 2.11 2.12 F5 F6",
    "04_stochastic_gradient_descent": "2.13 2.14 2.15 F7",
    "05_backpropagation_by_hand": "3.1 3.2 3.3 3.4 3.5",
    "06_backpropagation_in_matrices": "3.6 3.7 3.8 3.9 3.10 3.11 3.12 F11 F14",
    "07_training_for_prediction": "4.1 4.2 4.3 4.4 4.5 R F12 F13",
}
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]


@pytest.fixture(params=PATHS, ids=NAMES)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_notebook_is_known() -> None:
    assert set(NAMES) <= set(STATEMENTS)


def test_every_statement_has_a_cell_that_shows_it(path: Path) -> None:
    shown = {name for cell in code_cells(read(path)) for name in cell.metadata.get("lecture", [])}
    assert not set(STATEMENTS[path.stem].split()) - shown


def test_cells_name_only_statements_that_exist(path: Path) -> None:
    known = set(" ".join(STATEMENTS.values()).split())
    for cell in code_cells(read(path)):
        assert set(cell.metadata.get("lecture", [])) <= known


def test_code_is_short_and_there_is_as_much_text(path: Path) -> None:
    notebook = read(path)
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= 15, cell.id
    code = sum(len(cell.source) for cell in code_cells(notebook))
    text = sum(len(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    assert text >= code


def test_sections_carry_the_numbers_of_their_statements(path: Path) -> None:
    """One rule in every notebook: the title names the notebook, a section the statement that it is about."""
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    (title,) = re.findall(r"^# (.+)$", text, re.M)
    assert title.startswith(f"Notebook {path.stem[:2]}: ")
    known = STATEMENTS[path.stem].split()
    numbers = [
        number
        for heading in re.findall(r"^## (.+)$", text, re.M)
        for number in re.findall(r"\b\d\.\d+", heading)
    ]
    assert set(numbers) <= set(known)
    firsts = list(dict.fromkeys(numbers))
    assert firsts == sorted(firsts, key=known.index)


def test_fine_print_is_folded_and_ends_before_the_next_section(path: Path) -> None:
    """What is collapsed are the cells below the heading's, up to one of the same or a higher level."""
    cells = read(path).cells
    for i, cell in enumerate(cells):
        fine_print = cell.source.startswith("### Fine print")
        assert cell.metadata.get("jp-MarkdownHeadingCollapsed", False) == fine_print, cell.id
        if fine_print:
            assert "\n" not in cell.source, f"{cell.id} does not hide its own text"
            headings = (each.source for each in cells[i + 1 :] if each.source.startswith(("## ", "### ")))
            assert next(headings, None), f"{cell.id} swallows what follows"


def test_links_between_notebooks_lead_somewhere(path: Path) -> None:
    for cell in read(path).cells:
        for target in re.findall(r"\]\(([\w/]+\.ipynb)\)", cell.source):
            assert Path(target).stem in STATEMENTS


def test_outputs_are_stored_in_full(path: Path) -> None:
    """nbval would not compare a cell without a count, and a reader would find no picture."""
    for number, cell in enumerate(code_cells(read(path)), start=1):
        assert cell.execution_count == number
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id


def test_a_reader_without_a_kernel_sees_a_picture_and_its_sentence(path: Path) -> None:
    notebook = read(path)
    assert "widgets" not in notebook.metadata
    for cell in code_cells(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            assert not [kind for kind in data if "widget" in kind], cell.id
            assert "Box(" not in data.get("text/plain", ""), cell.id
            if "image/png" in data:
                assert output.metadata["image/png"]["alt"] == data["text/plain"]
                assert len(data["text/plain"]) > 30


def test_stored_outputs_are_not_stale(path: Path) -> None:
    """A run now gives what is stored; the pictures nearly so, since systems render a little differently."""
    stored, now = read(path), executed(read(path))
    for before, after in zip(code_cells(stored), code_cells(now), strict=True):
        pictures = [_pictures(cell) for cell in (before, after)]
        assert before == after, f"{before.id} is stale: run `make notebooks`"
        for one, other in zip(*pictures, strict=True):
            assert one.shape == other.shape
            assert np.abs(one - other).mean() < 2, f"{before.id} is stale: run `make notebooks`"
    assert stored.metadata == now.metadata


def _pictures(cell: NotebookNode) -> list[np.ndarray]:
    """Takes the pictures out of the cell's outputs."""
    encoded = [output.get("data", {}).pop("image/png", None) for output in cell.outputs]
    return [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L"), dtype=float)
        for png in encoded
        if png
    ]


def test_the_tool_leaves_a_clean_notebook_as_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert nbformat.writes(cleaned(read(path))) + "\n" == text
