"""Notebook 04 in a real JupyterLab in a real Chromium: keyboard, drag, play, and no kernel at all."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import lab
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NAME = "04_stochastic_gradient_descent.ipynb"
CHROMIUM = lab.chromium_path()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"),
        reason="no Chromium, Chrome or Edge found; `.venv/bin/playwright install chromium` brings one",
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "CI needs a Chromium"
    with lab.chromium(CHROMIUM) as running:
        yield running


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("notebooks")
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, folder)
    with lab.jupyter_lab(folder, tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Notebook 04, all of it run."""
    tab = browser.new_page(viewport={"width": 1500, "height": 1000})
    tab.complaints = []  # type: ignore[attr-defined]
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))  # type: ignore[attr-defined]
    lab.open_notebook(tab, address, NAME)
    lab.run_all(tab)
    yield tab
    tab.close()


@pytest.fixture
def race(page: Page) -> Locator:
    """The view of the race, in sight."""
    view = lab.views(page).first
    picture(view).scroll_into_view_if_needed()
    expect(sentence(view)).to_contain_text("sample gradients")
    return view


def picture(view: Locator) -> Locator:
    return view.locator("img.lecture643-picture")


def sentence(view: Locator) -> Locator:
    return view.locator("[role=status]")


def slider(view: Locator, name: str) -> Locator:
    return view.locator(".widget-hslider", has_text=name).locator(".noUi-handle")


def shows_a_new_picture(view: Locator, before: str) -> None:
    expect(picture(view)).not_to_have_attribute("src", before)
    assert picture(view).evaluate("async image => { await image.decode(); return image.naturalWidth; }") > 0


def test_the_learning_rate_slider_moves_by_keyboard(race: Locator) -> None:
    before, said = picture(race).get_attribute("src"), sentence(race).text_content()
    handle = slider(race, "learning rate")
    handle.focus()
    handle.press("ArrowRight")
    expect(sentence(race)).to_contain_text("γₖ = 0.6 ")
    shows_a_new_picture(race, before or "")
    assert sentence(race).text_content() != said


def test_the_start_is_dragged_and_the_sliders_follow(page: Page, race: Locator) -> None:
    box = picture(race).bounding_box()
    assert box
    middle = (box["x"] + 0.2475 * box["width"], box["y"] + 0.485 * box["height"])  # w = (0, 0)
    page.mouse.move(*middle)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(middle[0] - 6.6 * step, middle[1], steps=1)  # a sixth of the way to the left edge
    page.mouse.up()
    expect(sentence(race)).to_contain_text("from w⁰ = (−2, 0)")
    expect(race.locator(".widget-hslider", has_text="start w₁₁")).to_contain_text("−2.00")


def test_a_drag_lands_where_the_finger_is_in_a_narrow_window(page: Page, race: Locator) -> None:
    page.set_viewport_size({"width": 900, "height": 1000})
    try:
        picture(race).scroll_into_view_if_needed()
        box = picture(race).bounding_box()
        assert box
        assert box["width"] < 900
        page.mouse.click(box["x"] + 0.2475 * box["width"], box["y"] + 0.485 * box["height"])
        # One pixel is about 0.04 here, so the start may be a stop beside the origin.
        expect(sentence(race)).to_contain_text(re.compile(r"from w⁰ = \(−?0(\.05)?, −?0(\.05)?\)"))
    finally:
        page.set_viewport_size({"width": 1500, "height": 1000})


def test_play_runs_the_walk_and_pause_stops_it(race: Locator) -> None:
    handle = slider(race, "gradients spent")
    handle.focus()
    handle.press("Home")
    expect(sentence(race)).to_contain_text("after 0 sample gradients")
    race.locator(".widget-play button").first.click()
    expect(sentence(race)).not_to_contain_text("after 0 sample gradients")
    race.locator(".widget-play button").first.click()
    handle.focus()
    handle.press("End")
    expect(sentence(race)).to_contain_text("after 240 sample gradients")


def test_step_buttons_go_forward_and_back(race: Locator) -> None:
    handle = slider(race, "gradients spent")
    handle.focus()
    handle.press("Home")
    expect(sentence(race)).to_contain_text("after 0 sample gradients")
    race.get_by_title("one step forward").click()
    expect(sentence(race)).to_contain_text("after 1 sample gradients")
    race.get_by_title("one step back").click()
    expect(sentence(race)).to_contain_text("after 0 sample gradients")


def test_the_picture_gets_sharp_when_it_rests(race: Locator) -> None:
    race.page.wait_for_function("image => image.naturalWidth === 2000", arg=picture(race).element_handle())


def test_a_view_that_runs_again_replaces_the_old_one(page: Page, race: Locator) -> None:
    cell = page.locator(".jp-CodeCell", has=page.locator(".lecture643-picture")).first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(sentence(race)).to_contain_text("γₖ = 0.5 ")
    expect(cell.locator(".lecture643-picture")).to_have_count(1)


def test_nothing_complained(page: Page) -> None:
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.locator(".jp-OutputArea-output.jp-RenderedText[data-mime-type*=stderr]").count() == 0


def test_without_a_kernel_there_is_a_picture_and_no_broken_widget(browser: Browser, address: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}/lab/tree/{NAME}?token={lab.TOKEN}&reset")
    stored = tab.locator(".jp-RenderedImage img").first
    stored.wait_for(timeout=60_000)
    assert stored.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 1000
    assert tab.get_by_text("Error displaying widget").count() == 0
    tab.close()
