"""Views in a real JupyterLab in a real Chromium: keys, drags, play, a lost kernel, none at all."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import lab
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NAME = "04_stochastic_gradient_descent.ipynb"
RACE = "All three may spend"  # begins its question
OTHER = "03_gradient_descent.ipynb"  # no test saves it
CHROMIUM = lab.chromium_path()

pytestmark = lab.in_chromium(CHROMIUM)


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
    """The view of the race, in sight, its question answered, and as it was made."""
    view = lab.views(page).filter(has_text=RACE)
    picture(view).scroll_into_view_if_needed()
    if (show := view.get_by_role("button", name="show me")).is_visible():
        show.click()
    expect(view.get_by_role("button", name="play to the answer again")).to_be_visible()
    view.get_by_role("button", name="reset").click()
    expect(sentence(view)).to_contain_text("γₖ = 0.5 from w⁰ = (0, 0)")
    return view


def picture(view: Locator) -> Locator:
    return view.locator("canvas")


def sentence(view: Locator) -> Locator:
    return view.locator(".l643-said")


def slider(view: Locator, name: str) -> Locator:
    return view.get_by_role("slider", name=name, exact=False)


def pixels_at_rest(view: Locator) -> str:
    """What the canvas shows, once it shows the same for a second."""
    view.page.wait_for_function(SAME_AS_BEFORE, arg=picture(view).element_handle(), polling=1000)
    return pixels(view)


SAME_AS_BEFORE = """canvas => {
  const before = canvas.before;
  canvas.before = canvas.toDataURL();
  return canvas.before === before;
}"""


def pixels(view: Locator) -> str:
    """What the canvas shows."""
    return str(picture(view).evaluate("canvas => canvas.toDataURL()"))


def test_the_learning_rate_slider_moves_by_keyboard_and_says_its_true_value(race: Locator) -> None:
    before = pixels(race)
    handle = slider(race, "learning rate")
    expect(handle).to_have_attribute("aria-valuetext", "learning rate γ = 0.5")
    handle.focus()
    handle.press("ArrowRight")
    expect(sentence(race)).to_contain_text("γₖ = 0.6 ")
    expect(handle).to_have_attribute("aria-valuetext", "learning rate γ = 0.6")
    assert pixels(race) != before


def test_a_number_that_is_typed_is_taken_as_typed_and_a_wrong_one_is_told(race: Locator) -> None:
    box = race.get_by_role("spinbutton", name="learning rate")
    box.fill("1.98")
    box.press("Enter")
    expect(sentence(race)).to_contain_text("γₖ = 1.98 ")
    expect(box).to_have_value("1.98")
    for typed in ("0.5", "1.98"):  # what was there before is a change, too
        box.fill(typed)
        box.press("Enter")
        expect(sentence(race)).to_contain_text(f"γₖ = {typed} ")
    box.fill("1000000")
    box.press("Enter")
    expect(race.get_by_role("alert")).to_contain_text("learning rate γ must be from")
    expect(box).to_have_value("1.98")
    expect(sentence(race)).to_contain_text("γₖ = 1.98 ")


def test_the_start_is_dragged_and_the_sliders_follow(page: Page, race: Locator) -> None:
    box = picture(race).bounding_box()
    assert box
    x, y = box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(x - 4 * step, y + 2 * step)
    page.mouse.up()
    expect(sentence(race)).not_to_contain_text("from w⁰ = (0, 0)")
    page.wait_for_function(SLIDERS_AGREE, arg=race.element_handle())


# Both sliders of the start say what the sentence says.
SLIDERS_AGREE = """view => {
  const value = name => view.querySelector(`[aria-valuetext^="start ${name}"]`)
    .getAttribute('aria-valuetext').split(' = ')[1];
  return view.querySelector('.l643-said').textContent.includes(`w⁰ = (${value('w₁₁¹')}, ${value('w₁₂¹')})`);
}"""


def test_arrow_keys_on_the_picture_move_what_is_dragged(race: Locator) -> None:
    picture(race).focus()
    picture(race).press("ArrowRight")
    expect(sentence(race)).to_contain_text(re.compile(r"from w⁰ = \(0\.0\d+, 0\)"))


def test_the_picture_is_named_by_its_sentence_when_it_rests(race: Locator) -> None:
    slider(race, "learning rate").press("ArrowRight")
    expect(picture(race)).to_have_attribute("aria-label", re.compile(r"γₖ = 0\.6 "))
    expect(race.get_by_role("status")).to_contain_text("γₖ = 0.6 ")


def test_play_runs_the_walk_and_pause_stops_it(race: Locator) -> None:
    handle = slider(race, "gradients spent")
    handle.press("Home")
    expect(sentence(race)).to_contain_text("after 0 sample gradients")
    play = race.get_by_role("button", name="play gradients spent")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(sentence(race)).not_to_contain_text("after 0 sample gradients")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "false")


def test_step_buttons_go_forward_and_back(race: Locator) -> None:
    slider(race, "gradients spent").press("Home")
    expect(sentence(race)).to_contain_text("after 0 sample gradients")
    race.get_by_role("button", name="one step forward").click()
    expect(sentence(race)).to_contain_text("after 1 sample gradient")
    race.get_by_role("button", name="one step back").click()
    expect(sentence(race)).to_contain_text("after 0 sample gradients")


def test_keys_inside_a_view_change_no_cell(page: Page, race: Locator) -> None:
    cells = page.locator(".jp-Cell").count()
    button = race.get_by_role("button", name="reset")
    for key in ("d", "d", "b", "a", "z"):
        button.press(key)
    expect(page.locator(".jp-Cell")).to_have_count(cells)


def test_a_view_that_runs_again_replaces_the_old_one(page: Page, race: Locator) -> None:
    cell = page.locator(".jp-CodeCell", has_text=RACE)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(sentence(race)).to_contain_text("γₖ = 0.5 ")
    expect(cell.locator(".l643-stage")).to_have_count(1)


def test_nothing_complained(page: Page) -> None:
    assert page.complaints == []  # type: ignore[attr-defined]
    assert page.locator(".jp-OutputArea-output.jp-RenderedText[data-mime-type*=stderr]").count() == 0


def test_a_lost_kernel_is_told_and_the_picture_stays(page: Page, race: Locator) -> None:
    before = pixels_at_rest(race)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Shut Down Kernel", exact=True).click()
    page.get_by_role("button", name="No Kernel", exact=True).wait_for()  # until then it answers
    slider(race, "learning rate").press("ArrowRight")
    expect(race.get_by_role("alert")).to_contain_text("run the cell again", timeout=20_000)
    assert pixels(race) == before


def test_without_a_kernel_there_is_a_picture_and_no_broken_widget(browser: Browser, address: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}/lab/tree/{OTHER}?token={lab.TOKEN}&reset")
    stored = tab.locator(".jp-RenderedImage img").first
    stored.wait_for(timeout=60_000)
    assert stored.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 1000
    assert tab.get_by_text("Error displaying widget").count() == 0
    tab.close()
