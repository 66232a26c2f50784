"""A student goes through every notebook in the real browser: predicts, reaches each goal, solves the homework."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lab
import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lecture643 import exercises, lesson
from lecture643.lesson.activity import Activity

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
PATHS = sorted(NOTEBOOKS.glob("0[1-7]*.ipynb"))
CHROMIUM = lab.chromium_path()
THUMB = 16  # pixels of a slider's handle

pytestmark = lab.in_chromium(CHROMIUM)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "CI needs a Chromium"
    with lab.chromium(CHROMIUM) as running:
        yield running


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The notebooks in a folder of the student's own: the address, and the file with the progress."""
    folder = tmp_path_factory.mktemp("student")
    for path in PATHS:
        shutil.copy(path, folder)
    file = folder / "my_progress.json"
    with lab.jupyter_lab(
        folder, tmp_path_factory.mktemp("jupyter"), progress=str(file), whole=True
    ) as address:
        yield address, file


class Student:
    """What one does on the page of a notebook, with the mouse or with keys alone."""

    def __init__(self, page: Page, path: Path, by_keys: bool) -> None:
        self.page, self.by_keys = page, by_keys
        sources = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        self.cells = page.locator(".jp-CodeCell")
        self.activities = self._found(sources, r"lec\.lesson\.(\w+)\(")
        self.homework = self._found(sources, r"lec\.exercises\.([A-Z]\w+)\.check\(")

    @staticmethod
    def _found(sources: list[str], pattern: str) -> dict[str, int]:
        """name -> the code cell in which it stands."""
        return {name: at for at, source in enumerate(sources) for name in re.findall(pattern, source)}

    def view(self, name: str) -> Locator:
        """The view of an activity, in sight."""
        view = self.cells.nth(self.activities[name]).locator(".l643-stage")
        view.locator("canvas").scroll_into_view_if_needed()
        expect(view.locator(".l643-said")).not_to_be_empty()
        return view

    def press(self, button: Locator) -> None:
        if self.by_keys:
            button.press("Enter")
        else:
            button.click()

    # --- predictions ---

    def predict(self, name: str, other_than: int | None = None) -> None:
        """Commit to a guess; of options the first that is not `other_than`."""
        view = self.view(name)
        options = view.locator(".l643-option input[type=radio]")
        if options.count():
            self._choose_letter(view, options, 0 if other_than != 0 else 1)
        elif self.by_keys:
            for handle in view.locator(".l643-question input[type=range]").all():
                handle.press("ArrowRight")
        else:
            box = view.locator(".l643-area").bounding_box()
            assert box
            self.page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
            self.page.mouse.down()
            self.page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
            self.page.mouse.up()
        self.press(view.get_by_role("button", name="commit to this guess"))
        expect(view.locator(".l643-verdict")).to_be_visible(timeout=60_000)

    def _choose_letter(self, view: Locator, options: Locator, at: int) -> None:
        if self.by_keys:
            options.first.focus()
            self.page.keyboard.press("ABCDEF"[at])
        else:
            view.locator(".l643-option label").nth(at).click()
        expect(options.nth(at)).to_be_checked()

    # --- goals ---

    def reach(self, name: str, i: int) -> None:
        """Move the controls as the goal's way says, until it is reached."""
        view, activity = self.view(name), lesson.activities[name]
        reset = view.get_by_role("button", name="reset", exact=True)
        self.press(reset)
        for told in self._way(activity, i):
            control = view.locator(f'[data-setting="{told["name"]}"]')
            if not control.is_visible():
                self.press(view.locator(".l643-fold summary"))
            self._move(control, told)
        expect(view.locator(".l643-goal").nth(i)).to_have_class(re.compile("l643-reached"), timeout=60_000)

    @staticmethod
    def _way(activity: Activity, i: int) -> Iterator[dict[str, Any]]:
        """Each setting as the browser has it, with its value."""
        view = activity()
        for setting, value in activity.goals[i].way.items():
            view.set(**{setting: value})
            yield next(each for each in view.settings.told() if each["name"] == setting)
        view.close()

    def _move(self, control: Locator, told: dict[str, Any]) -> None:
        kind, value = told["kind"], told["value"]
        if kind == "choice" and control.locator("select").count():
            control.locator("select").select_option(index=value)
        elif kind == "choice":
            self._pick(control.locator("input[type=radio]"), value)
        elif kind == "switch":
            control.locator("input").set_checked(value)
        elif kind == "number":
            self._slide(control, 0, value, told)
        else:
            for part, number in enumerate(value):
                self._slide(control, part, number, told["sides"][part] if "sides" in told else told)

    def _pick(self, radios: Locator, at: int) -> None:
        if not self.by_keys:
            radios.nth(at).click()
            return
        now = next(k for k in range(radios.count()) if radios.nth(k).is_checked())
        radios.nth(now).focus()
        for _ in range(abs(at - now)):
            self.page.keyboard.press("ArrowRight" if at > now else "ArrowLeft")

    def _slide(self, control: Locator, part: int, value: float, told: dict[str, Any]) -> None:
        box = control.locator("input[type=number]").nth(part)
        if self.by_keys:
            box.focus()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(f"{value:.10g}")
            self.page.keyboard.press("Enter")
        else:
            self._drag(control.locator("input[type=range]").nth(part), stop_of(value, told))
        self.page.wait_for_function(TAKEN, arg=[box.element_handle(), value])

    def _drag(self, range_: Locator, to: int) -> None:
        """Take the handle to the stop; the last pixels with the arrows under the hand."""
        range_.scroll_into_view_if_needed()
        place = range_.bounding_box()
        assert place
        y, most = place["y"] + place["height"] / 2, float(range_.get_attribute("max") or 1)
        left, width = place["x"] + THUMB / 2, place["width"] - THUMB
        self.page.mouse.move(left + width * float(range_.input_value()) / most, y)
        self.page.mouse.down()
        self.page.mouse.move(left + width * to / most, y, steps=4)
        self.page.mouse.up()
        while off := to - int(range_.input_value()):
            range_.press("ArrowRight" if off > 0 else "ArrowLeft")

    # --- homework ---

    def solve(self, name: str) -> None:
        """Two slips, each told, then the right answer."""
        cell = self.cells.nth(self.homework[name])
        exercise = f"lec.exercises.{name}"
        for slip in (0, 1):
            self.run(cell, f"{exercise}.check({exercise}.slips[{slip}][1])")
            expect(cell.locator(".jp-OutputArea-output")).to_contain_text("Not yet", timeout=60_000)
        self.run(cell, f"{exercise}.check({exercise}.reference)")
        expect(cell.locator(".jp-OutputArea-output")).to_contain_text("Right", timeout=60_000)

    def run(self, cell: Locator, source: str) -> None:
        """Write this into a cell and run it."""
        editor = cell.locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")

    def head(self) -> Locator:
        """The sentence of the map in the notebook's head."""
        return self.page.locator(".l643-stage").first.locator(".l643-said")


# Whether the box shows the value.
TAKEN = "([box, value]) => Math.abs(Number(box.value) - value) <= 1e-5 * Math.max(1, Math.abs(value))"


def stop_of(value: float, told: dict[str, Any]) -> int:
    """Which of the slider's stops has this value."""
    if "stops" in told:
        return min(range(len(told["stops"])), key=lambda i: abs(told["stops"][i] - value))
    return round((value - told["min"]) / told["step"])


def all_done(name: str) -> dict[str, int]:
    """How many predictions, goals and homework a notebook has."""
    mine = [activity for activity in lesson.activities.values() if activity.notebook == name]
    return {
        "predictions": sum(activity.ask is not None for activity in mine),
        "goals": sum(len(activity.goals) for activity in mine),
        "homework": sum(exercise.notebook == name for exercise in exercises.EXERCISES.values()),
    }


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_student_goes_through_the_notebook(browser: Browser, desk: tuple[str, Path], path: Path) -> None:
    address, file = desk
    page = browser.new_page(viewport={"width": 1400, "height": 950})
    lab.open_notebook(page, address, path.name)
    truths: dict[str, int | None] = {}
    for by_keys in (False, True):
        file.unlink(missing_ok=True)
        lab.run_all(page)
        student = Student(page, path, by_keys)
        for name in student.activities:
            activity = lesson.activities[name]
            if activity.ask:
                student.predict(name, truths.get(name))
                truths[name] = json.loads(file.read_text())["predictions"][name]["answer"]["truth"]
            for i in range(len(activity.goals)):
                student.reach(name, i)
        if by_keys:
            for name in student.homework:
                student.solve(name)
    told = ", ".join(f"{n} of {n} {kind}" for kind, n in all_done(path.stem[:2]).items() if n)
    student.head().scroll_into_view_if_needed()
    expect(student.head()).to_contain_text(told)
    restart(page)
    lab.run_all(page)
    expect(student.head()).to_contain_text(told)
    for name in student.activities:
        if lesson.activities[name].ask:
            expect(student.view(name).locator(".l643-verdict")).to_be_visible()
    page.close()


def restart(page: Page) -> None:
    page.evaluate("() => jupyterapp.commands.execute('kernelmenu:restart').catch(() => null)")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    lab.wait_for_kernel(page)
