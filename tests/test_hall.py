"""The hall: one screen for each statement, led by keys in a real Chromium, live and from films."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import in_hall
import lab
import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from lecture643 import explore
from lecture643.lesson.statements import STATEMENTS
from lecture643.live import View, hall, stage
from lecture643.reach import page as hall_page
from lecture643.reach.hall import asked_for, open_hall
from lecture643.reach.screens import Screen, notebooks, screens
from lecture643.reach.words import html

CHROMIUM = lab.chromium_path()


def in_chromium(test: Any) -> Any:
    """A test that needs the browser."""
    for mark in lab.in_chromium(CHROMIUM):
        test = mark(test)
    return test


SHOWN = {screen.id: screen for screen in screens()}
SIZES = [(1920, 1080), (1280, 720), (1024, 768)]
# One or two screens of each view, and those with the longest words.
TIGHT = ["1.2", "1.4", "1.6", "F3", "2.2", "2.4", "2.7", "F2", "2.13", "3.4", "3.8", "3.10", "3.11", "4.2"]
# Where the page's views come from; films are made of a few screens, one behind the other.
SOURCES = ["live", "films"]
FILMED = ["1.2", "1.3", "F7", "2.14", "2.15", "3.10"]

Call = Callable[[Callable[[], Any]], Any]


# --- without a browser ------------------------------------------------------------------------------


def test_every_statement_has_its_screen_in_the_lectures_order() -> None:
    assert list(SHOWN) == list(STATEMENTS)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_its_view_can_be_made_in_every_prepared_state(statement: str) -> None:
    view = SHOWN[statement].view()
    for name in view.states_prepared:
        view.prepare(name)
        assert "did not work" not in view.describe()
    assert len(view.states_prepared) < 10  # as many as there are digits


def test_a_network_is_shown_at_the_answer_without_its_question() -> None:
    views = {one: SHOWN[one].view() for one in ("3.2", "3.3", "3.5", "3.7", "3.12")}
    assert not any(view.tasks.prediction for view in views.values())
    assert all(list(view.states_prepared) == ["before", "after"] for view in views.values())
    told = {one: view.describe() for one, view in views.items()}
    assert "the slope of e along w₁₂³" in told["3.2"]
    assert "the slope of e along w₁₂²" in told["3.3"]
    assert "the paths add up" in told["3.5"]
    assert views["3.12"].settings.error == "cross-entropy"
    views["3.12"].prepare("before")
    assert views["3.12"].settings.error == "squared"


def test_a_third_of_the_screens_and_more_have_prepared_states() -> None:
    prepared = [screen.id for screen in SHOWN.values() if ".prepared(" in screen.source]
    assert len(prepared) >= len(SHOWN) / 3


def test_a_prepared_state_changes_the_view_as_it_was_made() -> None:
    view = explore.descent(start=(2, 2)).prepared({"too long a step": {"rate": 30}})
    view.set(start=(0, 0))
    view.prepare("too long a step")
    assert (view.settings.rate, view.settings.start) == (30, (2, 2))


def test_a_state_that_is_not_allowed_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="rate"):
        explore.descent().prepared({"none": {"rate": -1}})


def test_an_instructors_notebook_shows_its_own_cells_with_its_own_states(tmp_path: Path) -> None:
    own = nbformat.v4.new_notebook()
    for source, ids in (
        ("rate = 2\nlec.explore.descent(rate=rate)", ["2.13"]),  # needs more than itself
        ('lec.explore.neuron().prepared({"mine": {"w": (1, 1)}})', ["2.14", "1.2"]),
        ("one = lec.explore.neuron(w=(2, 2))\none", ["1.5"]),  # named in its own cell
        ("1 + 1", ["1.1"]),
    ):
        own.cells.append(nbformat.v4.new_code_cell(source, metadata={"lecture": ids}))
    nbformat.write(own, tmp_path / "own.ipynb")
    found = {screen.id: screen for screen in screens(tmp_path / "own.ipynb")}
    assert list(found) == ["1.2", "1.5", "2.14"]
    assert found["1.5"].view().settings.w == (2, 2)
    assert list(found["2.14"].view().states_prepared) == ["mine"]


def test_a_number_begins_there_and_a_file_is_shown_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert [*map(_first, ["", "04", "05_backpropagation_by_hand"])] == ["1.1", "2.13", "3.1"]
    assert open_hall("nowhere.ipynb", browser=False) == 1
    assert "nowhere.ipynb cannot be shown" in capsys.readouterr().out


def _first(notebook: str) -> str:
    shown, first = asked_for(notebook)
    assert len(shown) == len(STATEMENTS)
    return first


def test_formulas_are_mathml_and_nothing_is_left_of_latex() -> None:
    for statement in STATEMENTS.values():
        told = html(statement.words)
        assert not [slip for slip in ("\\", "$", "merror") if slip in told]
        assert told.count("<math") == statement.words.count("$") / 2
    assert "ŷ" in html(r"$\hat y$").replace("&#x00302;", "\u0302").replace("y\u0302", "ŷ")


def test_the_page_is_whole_and_calls_nobody() -> None:
    parts = hall_page.parts([SHOWN["2.10"]])
    text = "".join(text for text, _ in parts.values()).replace("http://www.w3.org/", "")
    assert not [call for call in ("http://", "https://", "\nimport ", "\nexport ") if call in text]
    assert [path.name[:2] for path in notebooks()] == [f"0{n}" for n in range(1, 8)]


def test_the_projectors_type_grows_with_the_screen() -> None:
    view = explore.descent()
    for _, height in SIZES:
        hall.projector(height)
        view.fit(1000, 0.6 * height)
        assert not in_hall.small_letters(view, height)
    hall.desk()
    assert in_hall.small_letters(view, 1080)


def test_a_view_can_be_made_and_kept_on_any_screen() -> None:
    view = explore.depth()
    for _, height in [*SIZES, SIZES[0]]:
        hall.projector(height)
        view.fit(1000, 0.4 * height)
        explore.depth()
    hall.desk()


# --- in the browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=SOURCES)
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Call]]:
    if request.param == "films":
        with in_hall.filmed([SHOWN[each] for each in FILMED], tmp_path_factory.mktemp("hall")) as opened:
            yield opened
        return
    with in_hall.open_to(list(SHOWN.values())) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    tab.emulate_media(reduced_motion="reduce")  # answers come at once
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    hosts: set[str] = set()
    tab.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    yield tab
    tab.close()
    assert not complaints
    assert hosts <= {"127.0.0.1", ""}


def at(page: Page, statement: str) -> None:
    """Wait until its screen is shown."""
    expect(page.locator(f'body[data-screen="{statement}"]')).to_be_attached()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#{statement}")


def is_asked(page: Page) -> bool:
    return page.locator(".l643-locked").count() > 0


def seen(call: Call) -> list[View[Any, Any]]:
    """The views that a window shows."""
    return call(
        lambda: [view for view in hall.open_views if any(c.seen for c in view.stage.clients.values())]
    )


def check(page: Page, call: Call, height: int) -> list[str]:
    """What is wrong on this screen."""
    wrong = in_hall.settled(page)
    for view in seen(call):
        wrong += call(lambda view=view: in_hall.small_letters(view, height))  # type: ignore[misc]
    return wrong + in_hall.small_films(page, height)


@in_chromium
def test_the_whole_lecture_is_stepped_through_by_one_key(page: Page, address: tuple[str, Call]) -> None:
    where, call = address
    page.goto(where)
    shown = in_hall.shown(page)
    assert shown in (list(STATEMENTS), FILMED)
    for statement in shown:
        at(page, statement)
        wrong = check(page, call, 720)
        if is_asked(page):  # the question stands until the next key
            expect(page.locator(".l643-verdict")).to_have_count(0)
            page.keyboard.press("PageDown")
            expect(page.locator(".l643-verdict")).to_be_visible()
            wrong += check(page, call, 720)
        assert not wrong, statement
        page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")  # nothing comes behind the last
    at(page, shown[-1])


@in_chromium
@pytest.mark.parametrize(("width", "height"), [SIZES[0], SIZES[2]])
def test_nothing_is_cut_or_small(page: Page, address: tuple[str, Call], width: int, height: int) -> None:
    where, call = address
    page.set_viewport_size({"width": width, "height": height})
    page.goto(where)
    shown = in_hall.shown(page)
    for statement in (each for each in TIGHT if each in shown):
        page.evaluate("id => { location.hash = id; }", statement)
        at(page, statement)
        wrong = check(page, call, height)
        if is_asked(page):
            page.keyboard.press("ArrowRight")
            expect(page.locator(".l643-verdict")).to_be_visible()
            wrong += check(page, call, height)
        assert not wrong, statement


@in_chromium
def test_keys(page: Page, address: tuple[str, Call]) -> None:
    page.goto(f"{address[0]}#2.14")
    at(page, "2.14")
    said = page.locator(".l643-said")
    expect(page.locator("#states button").first).to_have_text("1 one sample")
    page.keyboard.press("1")
    expect(said).to_contain_text("mini-batch SGD has taken 240 steps")
    page.keyboard.press("2")
    expect(said).to_contain_text("mini-batch SGD has taken 120 steps")

    page.keyboard.press(".")
    expect(page.locator("#blank")).to_be_visible()
    page.keyboard.press("2")  # any other key only brings the picture back
    expect(page.locator("#blank")).to_be_hidden()
    at(page, "2.14")

    page.keyboard.press("p")
    page.mouse.move(600, 500)
    expect(page.locator("#pointer")).to_be_visible()
    box = page.locator("#pointer").bounding_box()
    assert box
    assert abs(box["x"] + box["width"] / 2 - 600) < 2
    assert box["width"] > 720 / 12
    page.keyboard.press("p")

    page.reload()
    at(page, "2.14")
    page.keyboard.press("ArrowLeft")
    at(page, "F7")


@in_chromium
def test_space_plays_and_r_resets(page: Page, address: tuple[str, Call]) -> None:
    page.goto(f"{address[0]}#2.15")
    at(page, "2.15")
    said, play = page.locator(".l643-said"), page.get_by_role("button", name="play")
    expect(said).not_to_be_empty()
    before = said.text_content()
    page.keyboard.press(" ")
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(said).not_to_have_text(before or "")
    page.keyboard.press("r")
    expect(play).to_have_attribute("aria-pressed", "false")
    expect(said).to_have_text(before or "")


@in_chromium
def test_a_question_takes_a_letter_and_can_be_asked_again(page: Page, address: tuple[str, Call]) -> None:
    page.goto(f"{address[0]}#1.3")
    at(page, "1.3")
    page.keyboard.press("r")  # an earlier test may have answered it
    page.keyboard.press("b")
    expect(page.locator(".l643-option input[type=radio]").nth(1)).to_be_checked()
    page.keyboard.press("c")
    expect(page.locator(".l643-option input[type=radio]").nth(2)).to_be_checked()
    page.locator(".l643-hands").nth(1).fill("12")
    page.keyboard.press("Escape")
    page.keyboard.press("PageDown")
    expect(page.locator(".l643-verdict")).to_contain_text("Right.")
    expect(page.locator(".l643-bars")).to_contain_text("12")
    assert not in_hall.settled(page)
    page.keyboard.press("r")
    expect(page.locator(".l643-options")).to_be_visible()


@in_chromium
def test_a_view_that_cannot_be_made_is_told_in_words(page: Page) -> None:
    with in_hall.open_to([Screen("1.1", "lec.explore.neuron(w=3)"), SHOWN["1.2"]]) as (where, _):
        page.goto(where)
        expect(page.locator("#news")).to_contain_text("cannot be made: w must")
        page.keyboard.press("ArrowRight")
        at(page, "1.2")


@in_chromium
def test_a_mouse_leaves_the_arrow_keys_to_the_lecture(page: Page, address: tuple[str, Call]) -> None:
    page.goto(f"{address[0]}#1.2")
    at(page, "1.2")
    page.get_by_role("slider").first.click()
    page.keyboard.press("ArrowRight")
    at(page, "1.3")
    page.keyboard.press("PageUp")
    at(page, "1.2")
    slider = page.get_by_role("slider").first
    slider.focus()  # whoever tabs to it moves it
    before = slider.input_value()
    page.keyboard.press("ArrowRight")
    expect(slider).not_to_have_value(before)
    at(page, "1.2")


# --- projector() in a notebook ----------------------------------------------------------------------

STAGE = """async ({source, style, traits}) => {
  const {default: {render}} = await import('data:text/javascript;base64,' + source), nothing = () => {};
  const sheet = document.createElement('style'), el = document.createElement('div');
  sheet.textContent = style;
  document.head.append(sheet);
  document.body.replaceChildren(el);
  render({model: {get: (name) => traits[name], on: nothing, off: nothing, send: nothing}, el});
  const told = [...el.querySelectorAll('label, legend, button, input[type=number], select, p, span, b, li')];
  const seen = told.filter((each) => each.checkVisibility());
  return Math.min(...seen.map((each) => parseFloat(getComputedStyle(each).fontSize)));
}"""


@in_chromium
@pytest.mark.parametrize("make", [explore.descent, explore.schedule, SHOWN["1.3"].view, SHOWN["F1"].view])
def test_the_projector_reaches_controls_and_text(browser: Browser, make: Callable[[], Any]) -> None:
    view, tab = make(), browser.new_page()
    source = base64.b64encode(stage.source().encode()).decode()
    sizes = []
    for look in (hall.desk, hall.projector):
        look()
        traits = view.stage.get_state(["controls", "actions", "tasks", "hall"])
        sizes.append(tab.evaluate(STAGE, {"source": source, "style": stage.style(), "traits": traits}))
    hall.desk()
    tab.close()
    assert sizes[0] < 16
    assert sizes[1] >= 22
