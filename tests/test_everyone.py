"""Views for everyone: with the keyboard alone, for a screen reader, in JupyterLab, Notebook 7 and Voilà."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import lab
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from lecture643 import explore

CHROMIUM = lab.chromium_path()
THREE = ("descent", "neuron", "backprop")

pytestmark = lab.in_chromium(CHROMIUM)


def write(folder: Path, names: tuple[str, ...]) -> None:
    """A notebook with these views, one to a cell."""
    cells = ["import lecture643 as lec", *(f"lec.explore.{name}()" for name in names)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "views.ipynb")


@pytest.fixture(scope="module")
def all_views(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Every view in one notebook in JupyterLab, all of it run."""
    folder = tmp_path_factory.mktemp("views")
    write(folder, tuple(explore.__all__))
    with lab.jupyter_lab(folder, tmp_path_factory.mktemp("jupyter")) as address:
        # Tall, since JupyterLab renders only the cells that are in sight.
        page = browser.new_page(viewport={"width": 1400, "height": 900 * (len(explore.__all__) + 1)})
        lab.open_notebook(page, address, "views.ipynb")
        lab.run_all(page)
        expect(lab.views(page)).to_have_count(len(explore.__all__), timeout=60_000)
        expect(page.locator(".l643-said:not(:empty)")).to_have_count(len(explore.__all__), timeout=60_000)
        yield page
        page.close()


def complaints(page: Page) -> list[str]:
    """What axe finds inside our stages."""
    found = Axe().run(page, context={"include": [[".l643-stage"]]}).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def test_axe_finds_nothing_in_any_view(all_views: Page) -> None:
    assert complaints(all_views) == []


def test_axe_finds_nothing_in_the_dark_theme(all_views: Page) -> None:
    theme = "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})"
    all_views.evaluate(theme, "JupyterLab Dark")
    expect(all_views.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    try:
        assert complaints(all_views) == []
    finally:
        all_views.evaluate(theme, "JupyterLab Light")


def test_text_twice_as_large_covers_nothing(all_views: Page) -> None:
    assert all_views.evaluate(COVERED) == []
    large = all_views.add_style_tag(content=".l643-stage {font-size: 30px !important}")
    try:
        assert all_views.evaluate(COVERED) == []
    finally:
        large.evaluate("style => style.remove()")


# What overlaps inside the controls, or reaches out of the view.
COVERED = """() => [...document.querySelectorAll('.l643-stage')].flatMap(view => {
  const outside = view.getBoundingClientRect(), found = [];
  const seen = [...view.querySelectorAll('.l643-name, input, select, button, legend')]
    .filter(e => e.offsetParent);
  const boxes = seen.map(e => [e, e.getBoundingClientRect()]);
  for (const [e, box] of boxes) {
    if (box.right > outside.right + 1) found.push(`${e.outerHTML.slice(0, 80)} reaches out`);
    for (const [other, its] of boxes) {
      const wide = Math.min(box.right, its.right) - Math.max(box.left, its.left);
      const high = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
      const both = [e, other].map(each => each.outerHTML.slice(0, 120));
      if (e !== other && wide > 1 && high > 1) found.push(both.join(' covers '));
    }
  }
  return found;
})"""


def test_a_finger_on_a_handle_drags_it_and_one_elsewhere_is_left_to_the_page(all_views: Page) -> None:
    """(Headless, no page scrolls by touch, so it is asked whether the page may.)"""
    view = lab.views(all_views).nth(explore.__all__.index("neuron"))
    picture = view.locator("canvas")
    picture.scroll_into_view_if_needed()
    expect(view.locator(".l643-said")).to_contain_text("At w = (−0.5, 0.5)")
    assert picture.evaluate("picture => getComputedStyle(picture).touchAction") == "pan-y"
    picture.evaluate("""picture => { window.kept = [];
        picture.addEventListener('touchstart', event => kept.push(event.defaultPrevented)); }""")
    box = picture.bounding_box()
    assert box
    grip = box["x"] + 0.245 * box["width"], box["y"] + 0.34 * box["height"]
    swipe(all_views, grip, (grip[0] - 60, grip[1] - 60))
    expect(view.locator(".l643-said")).not_to_contain_text("At w = (−0.5, 0.5)")
    beside = box["x"] + 0.8 * box["width"], box["y"] + 0.4 * box["height"]
    swipe(all_views, beside, (beside[0], beside[1] - 120))
    assert all_views.evaluate("kept") == [True, False]
    view.get_by_role("button", name="reset").click()


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger goes from start to end."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", start)
    for step in range(1, 11):
        touch("touchMove", tuple(a + step / 10 * (b - a) for a, b in zip(start, end, strict=True)))
    touch("touchEnd")
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    session.detach()


def test_a_network_of_ones_own_is_typed(all_views: Page) -> None:
    view = lab.views(all_views).nth(explore.__all__.index("backprop"))
    box = view.get_by_role("textbox", name="own sizes")
    for typed, told in (("5-5", "from 1 to 4"), ("a", "whole number"), ("3, 2, 2, 2", "")):
        box.fill(typed)
        box.press("Enter")
        expect(view.get_by_role("alert")).to_contain_text(told)
    expect(view.get_by_role("radio", name="3-2-2-2")).to_be_checked()
    view.get_by_role("button", name="reset").click()


@pytest.mark.parametrize("name", explore.__all__)
def test_every_control_has_a_name_and_can_be_reached_and_used_by_keys(all_views: Page, name: str) -> None:
    view = lab.views(all_views).nth(explore.__all__.index(name))
    for summary in view.locator("summary:visible").all():
        summary.press("Enter")
    reached = set()
    view.locator("input:visible, select:visible, button:visible").first.focus()
    for _ in range(200):
        reached.add(focused(all_views))
        all_views.keyboard.press("Tab")
        if not view.evaluate("view => view.contains(document.activeElement)"):
            break
    for control in view.locator("input[type=range]:visible").element_handles():  # moving one may bring others
        if not control.is_visible():
            continue
        label = control.evaluate("input => input.getAttribute('aria-valuetext')")
        assert " = " in label
        assert any(label.split(" = ")[0] in each for each in reached), f"{label} is not reached by Tab"
        before = control.input_value()
        control.press("End" if before != control.get_attribute("max") else "Home")
        assert control.input_value() != before
    said = view.locator(".l643-said").inner_text()
    expect(view.get_by_role("alert")).to_be_empty()
    view.get_by_role("button", name="reset").press("Enter")
    assert said
    assert all(reached), "something without a name takes the focus"


def focused(page: Page) -> str:
    """The name of what has the focus, as it is told to a screen reader."""
    return str(
        page.evaluate("""() => { const e = document.activeElement;
            return e.getAttribute('aria-label') || e.closest('label')?.textContent || e.textContent
                || e.getAttribute('role') || ''; }""")
    )


def test_the_tree_of_a_screen_reader_has_picture_controls_and_one_live_region(all_views: Page) -> None:
    view = lab.views(all_views).nth(explore.__all__.index("descent"))
    expect(view.get_by_role("img")).to_have_count(1)
    expect(view.get_by_role("status")).to_have_count(1)
    expect(view.get_by_role("img")).to_have_accessible_name(view.get_by_role("status").inner_text())
    expect(view.get_by_role("slider", name="learning rate")).to_have_count(1)


def moves(view: Locator) -> None:
    """A slider moves by keyboard, and the sentence follows."""
    before = view.locator(".l643-said").inner_text()
    handle = view.get_by_role("slider").first
    handle.focus()
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    expect(view.locator(".l643-said")).not_to_have_text(before)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    write(folder, THREE)
    return folder


def test_notebook_7(browser: Browser, three: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with lab.jupyter_lab(three, tmp_path_factory.mktemp("jupyter"), app="notebook") as address:
        page = browser.new_page(viewport={"width": 1300, "height": 3600})
        page.goto(f"{address}/notebooks/views.ipynb?token={lab.TOKEN}")
        lab.wait_for_kernel(page)
        lab.run_all(page)
        expect(lab.views(page)).to_have_count(3, timeout=90_000)
        cells = page.locator(".jp-Cell").count()
        for at in range(3):
            moves(lab.views(page).nth(at))
        lab.views(page).first.get_by_role("button", name="reset").press("d")
        lab.views(page).first.get_by_role("button", name="reset").press("d")
        expect(page.locator(".jp-Cell")).to_have_count(cells)
        assert complaints(page) == []
        page.close()


@contextlib.contextmanager
def voila(folder: Path, home: Path) -> Iterator[str]:
    """Voilà on the notebook of the folder; yields its address."""
    port = lab.free_port()
    command = [sys.executable, "-m", "voila", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    log = (home / "voila.log").open("w")
    server = subprocess.Popen(
        [*command, str(folder / "views.ipynb")], stdout=log, stderr=subprocess.STDOUT, cwd=folder
    )
    try:
        lab.wait_until_up(f"http://127.0.0.1:{port}/voila/static/voila.js", server, home / "voila.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        lab.stop(server)
        log.close()


def test_voila(browser: Browser, three: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with voila(three, tmp_path_factory.mktemp("voila")) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 3600})
        page.goto(address)
        expect(lab.views(page)).to_have_count(3, timeout=90_000)
        for at in range(3):
            moves(lab.views(page).nth(at))
        page.close()
