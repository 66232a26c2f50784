"""The site: its views move by their films, over http and from a folder, and it asks no other host."""

import re
from collections.abc import Iterator
from pathlib import Path

import lab
import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect
from strictly import OWN, served

from lecture643.reach import copies, pages, site
from lecture643.reach.formulas import mathml

CHROMIUM = lab.chromium_path()
STRICT = f"{OWN}; font-src 'self'"
TEXT = r"""# One page

The slope is $\nabla E(w) = \tfrac12$, [symbols](../docs/notation.md).

$$w^{k+1} = w^k$$
"""
ASKING = """\
import lecture643 as lec
from lecture643.live.asked import Goal, Options

question = Options(ask="Where is σ?", options=["low", "high"], truth=lambda state: 1,
                   because=["It is not.", "It is."], tempting=0, reveal={"z": 3.0}, seconds=0.25)
goal = Goal(say="bring z to 4", far=lambda state: abs(state.z - 4), now=lambda state: f"z = {state.z:g}",
            hint="to the right", why="You moved it.", way={"z": 4.0})"""
CELLS = ("lec.explore.algorithm()", "lec.explore.sigmoid().asking('where', question, [goal])")
pytestmark = lab.in_chromium(CHROMIUM)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one small notebook."""
    place = tmp_path_factory.mktemp("site")
    code = [nbformat.v4.new_code_cell(source) for source in (ASKING, *CELLS)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(TEXT), *code])
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, place / "00_small.ipynb")
    assert site.build(place / "built", [place / "00_small.ipynb"]).name == "index.html"
    return place / "built"


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder, STRICT) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that keeps what it asks for and what goes wrong on it."""
    new = browser.new_page(viewport={"width": 1280, "height": 900})
    yield new
    new.close()


def moving(page: Page, url: str) -> Page:
    """The page with all its films there."""
    page.goto(url)
    for at, place in enumerate(page.locator(".l643-film").all()):
        place.scroll_into_view_if_needed()
        expect(page.locator(".l643-film").nth(at).locator(".l643-stage .l643-said")).not_to_be_empty()
    return page


def pixels(page: Page, at: int = 0) -> str:
    script = "(all, at) => all[at].toDataURL()"
    return str(page.locator("canvas.l643-picture").evaluate_all(script, at))


def moved(page: Page) -> None:
    """An arrow key on the first slider moves the picture and the sentence."""
    said, slider = page.locator(".l643-said").first, page.locator(".l643-stage input[type=range]").first
    words, picture = said.inner_text(), pixels(page)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(said).not_to_have_text(words)
    page.wait_for_function(
        "before => document.querySelector('canvas.l643-picture').toDataURL() !== before", arg=picture
    )


def test_it_moves_under_a_strict_policy_and_asks_no_other_host(page: Page, address: str) -> None:
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    moved(moving(page, f"{address}/index.html"))
    assert {url.split("/")[2] for url in asked if not url.startswith(("data:", "blob:"))} == {
        address.split("/")[2]
    }
    assert [line for line in wrong if "favicon" not in line and "404" not in line] == []


def test_it_moves_from_a_folder(page: Page, folder: Path) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    moved(moving(page, (folder / "index.html").as_uri()))
    assert all(request.url.startswith(("file:", "data:", "blob:")) for request in asked)


def test_a_drag_in_the_picture_moves_it(page: Page, address: str) -> None:
    moving(page, f"{address}/index.html")
    canvas = page.locator("canvas.l643-picture").first
    canvas.hover()  # waits until it keeps its place
    words, box = page.locator(".l643-said").first.inner_text(), canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.22 * box["width"], box["y"] + 0.35 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.6 * box["height"], steps=4)
    page.mouse.up()
    expect(page.locator(".l643-said").first).not_to_have_text(words)
    assert page.locator(".l643-failed:not(:empty)").count() == 0


def test_what_was_not_recorded_says_how_to_get_it(page: Page, address: str) -> None:
    moving(page, f"{address}/index.html")
    box = page.locator(".l643-film").first.locator("input[type=number]").first
    name = box.get_attribute("aria-label")
    assert name
    box.fill("0.123456")
    box.press("Enter")
    remark = page.locator(".l643-film").first.locator(".l643-remark")
    expect(remark).to_contain_text("Not recorded: run it: lec.explore.algorithm(")
    expect(remark).to_contain_text("0.123456")
    page.get_by_role("button", name="reset").first.click()
    expect(remark).to_be_empty()


def test_a_prediction_is_committed_answered_and_asked_anew(page: Page, address: str) -> None:
    moving(page, f"{address}/index.html")
    view = page.locator(".l643-film").nth(1)
    expect(view.locator("input[type=range]").first).to_be_hidden()
    view.get_by_label("low").check()
    view.get_by_role("button", name="commit to this guess").click()
    expect(view.locator(".l643-verdict")).to_contain_text("You said A: low. Not so. It is B: high.")
    expect(view.locator(".l643-question")).to_contain_text("B: It is.")
    goal = view.locator(".l643-goal")
    expect(goal).to_contain_text("now z = 3")
    number = view.locator("input[type=number]").first
    number.fill("4")
    number.press("Enter")
    expect(goal).to_contain_text("reached ✓")
    expect(goal).to_contain_text("You moved it.")
    view.get_by_role("button", name="take the answer back and ask again").click()
    expect(view.locator("input[type=range]").first).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 800, 1920])
def test_nothing_is_wider_than_the_page_and_axe_finds_nothing(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    try:
        moving(page, f"{address}/index.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, context={"include": [[".l643-film"]]}).response["violations"]
        assert [f"{each['id']}: {node['html'][:90]}" for each in found for node in each["nodes"]] == []
    finally:
        page.close()


def test_without_scripts_the_picture_and_its_words_stand(browser: Browser, folder: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((folder / "index.html").as_uri())
    for picture in page.locator(".l643-film img").all():
        assert len(picture.get_attribute("alt") or "") > 40
        assert (folder / (picture.get_attribute("src") or "")).exists()
    expect(page.locator(".l643-film").first).to_contain_text("a still picture")
    page.close()


def test_formulas_are_mathml_and_links_lead_to_pages(folder: Path) -> None:
    text = (folder / "00_small.html").read_text(encoding="utf-8")
    assert text.count("<math ") == 2
    assert 'href="notation.html' in text
    for target in re.findall(r'(?:href|src)="([^"#?:]+)(?:[#?][^"]*)?"', text):
        assert (folder / target).exists(), target
    assert not re.search(r"<script(?![^>]*src=)[^>]*>", text)
    assert "<style" not in text


def test_a_link_to_the_page_of_symbols_is_words_where_there_is_no_such_page() -> None:
    told = "See [all symbols](../docs/notation.md#shapes), [the map](00_map.ipynb)."
    assert pages._linked(told, True) == "See [all symbols](notation.md#shapes), [the map](00_map.ipynb)."
    assert pages._linked(told, False) == "See all symbols, [the map](00_map.ipynb)."


def test_every_formula_of_the_lecture_can_be_written() -> None:
    for path in copies.notebooks():
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                for block, inline in re.findall(
                    r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\$)([^$\n]+?)\$", cell.source, re.S
                ):
                    assert "\\" not in mathml(block or inline, display=bool(block))
