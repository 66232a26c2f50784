"""A thousand changes, a hundred views, fifty runs of a cell, a kernel that is interrupted or restarted."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import lab
import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

CHROMIUM = lab.chromium_path()
MEGABYTE = 2**20
GROWTH = Path(__file__).with_name("growth.py")


def in_browser(test: Callable[..., None]) -> Callable[..., None]:
    """A test that needs a browser."""
    for mark in lab.in_chromium(CHROMIUM):
        test = mark(test)
    return test


@pytest.mark.parametrize(("use", "allowed"), [("changes", 5 * MEGABYTE), ("views", 20 * MEGABYTE)])
def test_a_thousand_changes_or_a_hundred_views_leave_nothing_behind(use: str, allowed: int) -> None:
    alone = subprocess.run([sys.executable, GROWTH, use], capture_output=True, text=True, check=True)
    assert int(alone.stdout) < allowed


# --- in the browser -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("one")
    write(folder)
    with lab.jupyter_lab(folder, tmp_path_factory.mktemp("jupyter")) as address:
        yield opened(browser, address)


def write(folder: Path) -> None:
    """A notebook with one view."""
    sources = ["import lecture643 as lec", "view = lec.explore.descent()\nview"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "one.ipynb")


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    lab.open_notebook(page, address, "one.ipynb")
    lab.run_all(page)
    lab.views(page).first.wait_for(timeout=60_000)
    return page


@pytest.fixture
def view(page: Page) -> Locator:
    return lab.views(page).first


def said(view: Locator) -> Locator:
    return view.locator(".l643-said")


def heap(page: Page) -> float:
    """Bytes that the page holds after a thorough clean-up."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return float(used)


CHANGES = """async ([range, times]) => {
  const said = range.closest('.l643-stage').querySelector('.l643-said');
  for (let k = 0; k < times; k++) {
    const before = said.textContent;
    range.value = k % 2 ? 10 : 20;
    range.dispatchEvent(new Event('input', {bubbles: true}));
    while (said.textContent === before) await new Promise(requestAnimationFrame);
  }
}"""


@in_browser
def test_a_thousand_changes_leave_nothing_behind_in_the_browser(page: Page, view: Locator) -> None:
    handle = view.get_by_role("slider").first.element_handle()
    page.evaluate(CHANGES, [handle, 100])
    before = heap(page)
    page.evaluate(CHANGES, [handle, 1000])
    assert heap(page) - before < 5 * MEGABYTE


@in_browser
def test_a_tab_that_sleeps_gets_no_frames_and_the_newest_when_it_wakes(page: Page, view: Locator) -> None:
    asleep = """asleep => {
      Object.defineProperty(document, 'visibilityState',
        {configurable: true, get: () => asleep ? 'hidden' : 'visible'});
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    before = said(view).inner_text()
    page.evaluate(asleep, True)
    run_in_notebook(page, "view.set(rate=3)")
    expect(page.locator(".jp-OutputArea-output", has_text="done").first).to_be_attached()
    assert said(view).inner_text() == before
    page.evaluate(asleep, False)
    expect(said(view)).to_contain_text("γₖ = 3 ")


def run_in_notebook(page: Page, source: str) -> None:
    """Run a line in a new last cell, which prints "done"."""
    page.locator(".jp-Cell").last.locator(".cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type(f"{source}; print('done')")
    page.keyboard.press("Control+Enter")


@in_browser
def test_a_cell_that_runs_fifty_times_shows_one_view(page: Page, view: Locator) -> None:
    cell = page.locator(".jp-CodeCell", has=page.locator(".l643-stage")).first
    cell.locator(".cm-content").click()
    before = 0.0
    for k in range(50):
        page.keyboard.press("Control+Enter")
        page.wait_for_function(lab.ALL_RUN)
        if k == 5:
            before = heap(page)
    expect(lab.views(page)).to_have_count(1)
    expect(said(view)).to_contain_text("γₖ = 0.5 ")
    assert heap(page) - before < 25 * MEGABYTE


@in_browser
def test_a_page_that_is_opened_again_finds_its_view_and_both_windows_follow(
    page: Page, view: Locator
) -> None:
    view.get_by_role("button", name="reset").click()
    expect(said(view)).to_contain_text("γₖ = 0.5 ")
    page.keyboard.press("Control+S")
    expect(page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0)
    assert page.context.browser
    other = page.context.browser.new_page(viewport={"width": 1300, "height": 900})
    lab.open_notebook(other, page.url.partition("/lab")[0], "one.ipynb", workspace="other")
    shown = lab.views(other).first
    expect(said(shown)).to_contain_text("γₖ = 0.5 ", timeout=60_000)
    view.get_by_role("slider").first.press("ArrowRight")
    expect(said(shown)).to_contain_text("γₖ = 0.6 ")
    shown.get_by_role("slider").first.press("ArrowRight")
    expect(said(view)).to_contain_text("γₖ = 0.8 ")
    other.close()


@in_browser
def test_an_interrupt_does_no_harm(page: Page, view: Locator) -> None:
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Interrupt Kernel", exact=True).click()
    view.get_by_role("button", name="reset").click()
    expect(said(view)).to_contain_text("γₖ = 0.5 ")
    view.get_by_role("slider").first.press("ArrowRight")
    expect(said(view)).to_contain_text("γₖ = 0.6 ")


@in_browser
def test_after_a_restart_the_view_says_what_to_do_and_the_cell_brings_it_back(page: Page) -> None:
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    page.get_by_text("| Idle").first.wait_for(timeout=60_000)
    view = lab.views(page).first
    if view.is_visible():
        view.get_by_role("slider").first.press("ArrowRight")
        expect(view.get_by_role("alert")).to_contain_text("run the cell again", timeout=20_000)
    lab.run_all(page)
    view.get_by_role("button", name="reset").click()
    expect(said(view)).to_contain_text("γₖ = 0.5 ")
