"""The site: how many pictures a second while a recorded slider is dragged, and the sizes of everything.

    python benchmarks/site.py FOLDER        # a site that `make site` has built

A picture counts when the canvas is painted anew in a frame of the browser.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import lab

SECONDS = 4
COUNTED = """window.painted = 0;
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...given) {
  painted += 1;
  return draw.apply(this, given);
};"""
# Moves the slider to and fro, a stop a frame of the browser and between two of them, as a hand's events come;
# counts the frames in which it was painted.
DRAG = """async ([slider, seconds]) => {
  const begin = performance.now();
  let shown = 0, at = 0, step = 1, now = begin, before = painted;
  while ((now = await new Promise(requestAnimationFrame)) < begin + 1000 * seconds) {
    if (painted !== before) { shown += 1; before = painted; }
    await new Promise(setTimeout);
    if (at + step > Number(slider.max) || at + step < 0) step = -step;
    slider.value = at += step;
    slider.dispatchEvent(new Event('input'));
  }
  return 1000 * shown / (now - begin);
}"""


def pictures_a_second(page: Page, url: str) -> float:
    """While the longest slider is dragged, of the page's first view that has one; what it asks is shown."""
    page.goto(url)
    for view in page.locator(".l643-film").all():
        view.scroll_into_view_if_needed()
        view.locator(".l643-said:not(:empty)").wait_for()
        view.locator("canvas").wait_for()
        if (show := view.locator('[aria-label="show me the answer without a guess"]')).is_visible():
            show.click()
            view.locator(".l643-verdict").wait_for()
        if sliders := view.locator("input[type=range]:visible").all():
            break
    longest = max(sliders, key=lambda slider: int(slider.get_attribute("max") or 0))
    return float(page.evaluate(DRAG, [longest.element_handle(), SECONDS]))


def before_a_view_is_reached(page: Page, url: str) -> int:
    """Bytes of the first page's own files, by what its elements name."""
    page.goto(url)
    files = page.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")
    paths = [Path(name.removeprefix("file://").split("?")[0]) for name in (url, *files)]
    return sum(path.stat().st_size for path in paths if "views" not in path.parts and path.exists())


def main(folder: Path) -> None:
    """Print it."""
    films = sorted(folder.glob("_static/views/*.js"), key=lambda path: -path.stat().st_size)
    print(f"all: {sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 1e6:.1f} MB")
    for film in films:
        print(f"{film.stem:40} {film.stat().st_size * 3 / 4e3:8.0f} KB gzipped")
    path = lab.chromium_path()
    assert path, "there is no Chromium"
    with lab.chromium(path) as browser:
        page = browser.new_page()
        page.add_init_script(COUNTED)
        url = (folder / "index.html").resolve().as_uri()
        print(f"first page before a view: {before_a_view_is_reached(page, url) / 1e3:.0f} KB")
        for each in sorted(folder.glob("0*.html")):
            rate = pictures_a_second(page, each.resolve().as_uri())
            print(f"{each.stem:40} {rate:5.1f} pictures/s while its first slider is dragged")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "site"))
