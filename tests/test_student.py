"""A scripted student in a real browser: commits, reaches every goal, solves the homework; nothing is lost.

Once with the mouse, and a kernel that is restarted at the end, and once with the keyboard alone. What to
choose is not written here: it is computed from the activities, as are the sentences that are to come.
"""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import lab
import nbformat
import pytest
from answers import ANSWERS
from playwright.sync_api import Browser, Locator, Page, expect

from lecture643 import exercises, lesson
from lecture643.lesson import progress
from lecture643.live import View
from lecture643.live.asked import Options

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
PARTS = {path.stem[:2]: path.name for path in sorted(NOTEBOOKS.glob("0[1-7]*.ipynb"))}
CHROMIUM = lab.chromium_path()

pytestmark = lab.in_chromium(CHROMIUM)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student's own folder of notebooks."""
    folder = tmp_path_factory.mktemp("notebooks")
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def address(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with lab.jupyter_lab(home, tmp_path_factory.mktemp("jupyter"), at_home=True) as running:
        yield running


class Student:
    """At one notebook, with the mouse or with keys alone."""

    def __init__(self, page: Page, name: str, keys: bool) -> None:
        self.page, self.keys = page, keys
        cells = nbformat.read(NOTEBOOKS / name, 4).cells
        self.sources = {i: cell.source for i, cell in enumerate(cells) if cell.cell_type == "code"}

    def activities(self) -> Iterator[tuple[str, Locator]]:
        """Name and view of each that the notebook has."""
        for i, source in self.sources.items():
            for name in re.findall(r"lec\.lesson\.(\w+)\(\)", source):
                yield name, self.page.locator(".jp-Cell").nth(i).locator(".l643-stage")

    def press(self, button: Locator) -> None:
        if self.keys:
            button.press("Enter")
        else:
            button.click()

    # --- predictions and goals --------------------------------------------------------------------

    def predicts(self, name: str, view: Locator, rightly: bool) -> None:
        """Commit to the right answer or to a wrong one, and read what is said of it."""
        ask, answer = lesson.activities[name].ask, answered(name).stage.tasks["prediction"]
        truth = answer["truth"]
        if isinstance(ask, Options):
            self.chooses(view, truth if rightly else ask.tempting)
        else:
            for at, box in enumerate(view.locator(".l643-question input[type=number]").all()):
                stops = answer["tracks"][at]["places"]
                near = min(stops, key=lambda stop: abs(stop - truth[at]))
                far = max(stops, key=lambda stop: abs(stop - truth[at]))
                self.types(box, near if rightly else far)
        commit = view.locator('[aria-label="commit to this guess"]')
        self.press(commit)
        expect(view.locator(".l643-verdict")).to_contain_text("Right." if rightly else "Not so.")
        expect(view.locator(".l643-verdict")).to_contain_text("You said ")

    def chooses(self, view: Locator, option: int) -> None:
        if self.keys:
            view.locator("canvas").press("ABCDEF"[option])
        else:
            view.locator(".l643-option label").nth(option).click()

    def reaches(self, name: str, view: Locator, i: int) -> None:
        """Move what has to be moved for a goal."""
        settings, way = answered(name).settings, lesson.activities[name].goals[i].way
        for summary in view.locator("details:not([open]) > summary:visible").all():
            self.press(summary)
        for weight, value in way.get("weights", {}).items():  # one slider for all weights, in turn
            self.sets(view, settings.changed(weight=weight, value=value))
        self.sets(view, settings.changed(**way))
        expect(view.locator(".l643-goal").nth(i)).to_have_class(re.compile("l643-reached"))

    def sets(self, view: Locator, settings: Any) -> None:
        """Bring all controls to these settings."""
        for _ in range(3):  # moving one control may move another's range
            for told in settings.told():
                if not told.get("hidden") and not self.stands(view, told):
                    self.moves(view, told)

    def stands(self, view: Locator, told: dict[str, Any]) -> bool:
        """Whether a control shows this value."""
        now = control(view, told).evaluate(VALUES)
        wanted = told["value"] if told["kind"] == "point" else [told["value"]]
        return bool(now == pytest.approx(wanted, rel=1e-5, abs=1e-9))

    def moves(self, view: Locator, told: dict[str, Any]) -> None:
        """Bring a control to this value."""
        there, value = control(view, told), told["value"]
        if told["kind"] in ("number", "point"):
            parts = value if told["kind"] == "point" else [value]
            boxes = there.locator("input[type=number]")
            expect(boxes).to_have_count(len(parts))  # another network has other inputs, in a moment
            for box, part in zip(boxes.all(), parts, strict=True):
                self.types(box, part)
        elif told["kind"] == "switch":
            if self.keys:
                there.locator("input[type=checkbox]").press(" ")
            else:
                there.locator("span").click()
        elif there.locator("select").count():
            self.lists(there.locator("select"), value)
        elif self.keys:
            for _ in range((value - there.evaluate(VALUES)[0]) % told["options"].__len__()):
                there.locator("input:checked").press("ArrowRight")
        else:
            there.locator("label").nth(value).click()
        expect(view.locator("[role=alert]")).to_be_empty()

    def types(self, box: Locator, value: float) -> None:
        """A number into its box."""
        if self.keys:
            box.focus()
            box.press("Control+a")
            self.page.keyboard.type(f"{value}")
            box.press("Enter")
        else:
            box.click()
            box.fill(f"{value}")
            box.blur()

    def lists(self, select: Locator, index: int) -> None:
        """An entry of a list."""
        if not self.keys:
            select.select_option(index=index)
            return
        now = select.evaluate("select => select.selectedIndex")
        for _ in range(abs(index - now)):
            select.press("ArrowDown" if index > now else "ArrowUp")

    # --- homework ---------------------------------------------------------------------------------

    def solves(self) -> None:
        """Each homework of the notebook, after two slips."""
        for i, source in self.sources.items():
            for name in re.findall(r"lec\.exercises\.(\w+)\.check\(", source):
                words = [f"Not yet: {words}" for words, _ in exercises.all()[name].slips]
                for body in ANSWERS[name]:
                    said = self.runs(i, re.sub(r"return \.\.\..*", lambda _, body=body: body, source))
                    assert said.split("\n")[0] in (["Right."] if body == ANSWERS[name].right else words), said

    def runs(self, i: int, source: str) -> str:
        """Write this into a cell, run it, and read what it prints."""
        return str(self.page.evaluate(RUN_CELL, [i, source]))


@lru_cache
def answered(name: str) -> View[Any, Any]:
    """The activity once its answer is seen; made where no event loop runs, so that it is there at once."""

    def make() -> View[Any, Any]:
        view = lesson.activities[name]()
        view.tasks.commit({"guess": None})
        return view

    with ThreadPoolExecutor() as elsewhere:
        return elsewhere.submit(make).result()


def control(view: Locator, told: dict[str, Any]) -> Locator:
    """Of a setting."""
    return view.locator(f'[data-setting="{told["name"]}"]')


def width(view: Locator) -> float:
    """Of the picture, on the screen."""
    box = view.locator("canvas").bounding_box()
    assert box
    return box["width"]


# What a control shows: its numbers, the place of its option, or whether it is on.
VALUES = """control => {
  const numbers = [...control.querySelectorAll('input[type=number]')];
  if (numbers.length) return numbers.map(box => Number(box.value));
  const list = control.querySelector('select'), radios = [...control.querySelectorAll('input[type=radio]')];
  if (list) return [list.selectedIndex];
  return [radios.length ? radios.findIndex(each => each.checked) : control.querySelector('input').checked];
}"""

RUN_CELL = """async ([i, source]) => {
  const notebook = jupyterapp.shell.currentWidget.content, cell = notebook.widgets[i];
  notebook.activeCellIndex = i;
  cell.model.sharedModel.setSource(source);
  await jupyterapp.commands.execute('notebook:run-cell');
  return cell.model.outputs.toJSON().map(each => each.text ?? JSON.stringify(each)).join('');
}"""
UNFOLD = "() => jupyterapp.commands.execute('notebook:expand-all-headings')"
RESTART = "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"


def all_done(page: Page, part: str) -> None:
    """The notebook's head says that everything in it is done."""
    every = progress.tasks(part)
    head = page.locator(".l643-stage").first.locator(".l643-said")
    head.scroll_into_view_if_needed()  # what nobody sees is sent no picture
    for kind in ("predictions", "goals", "homework"):
        if count := sum(task.kind == kind for task in every):
            expect(head).to_contain_text(f"{count} of {count} {kind}")


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
@pytest.mark.parametrize("part", PARTS)
def test_a_student_goes_through(browser: Browser, address: str, home: Path, part: str, keys: bool) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
    (home / "my_progress.json").unlink(missing_ok=True)
    lab.open_notebook(page, address, PARTS[part])
    lab.run_all(page)
    page.evaluate(UNFOLD)
    student = Student(page, PARTS[part], keys)
    for n, (name, view) in enumerate(student.activities()):
        activity = lesson.activities[name]
        expect(view.locator(".l643-said")).not_to_be_empty()  # also of what is not yet in sight
        before = width(view)
        view.scroll_into_view_if_needed()
        if activity.ask:
            student.predicts(name, view, rightly=n % 2 == 0)
        for i in range(len(activity.goals)):
            student.reaches(name, view, i)
        assert width(view) == pytest.approx(before, abs=1), "the picture keeps its size"
    student.solves()
    all_done(page, part)
    if not keys:
        page.evaluate(RESTART)
        lab.wait_for_kernel(page)
        lab.run_all(page)
        all_done(page, part)
        for name, view in student.activities():
            if lesson.activities[name].ask:
                expect(view.locator(".l643-verdict")).to_contain_text("You said ")
    page.close()
