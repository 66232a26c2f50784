"""The hall in a real Chromium: its server in a thread, and what is measured on a screen."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from matplotlib.text import Text
from playwright.sync_api import Page
from strictly import served

from lecture643.live import View, hall
from lecture643.picture.lettering import Texts
from lecture643.picture.scene import DPI
from lecture643.reach import hall_films
from lecture643.reach.hall import serving
from lecture643.reach.screens import Screen

LIMITS = {"smallest": 45, "main": 28, "track": 200}  # parts of the height, and pixels
ZOOM = """() => {
  const {offsetWidth, style} = document.querySelector("canvas");
  return globalThis.lecture643source && offsetWidth / parseFloat(style.aspectRatio);
}"""
MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")


@contextlib.contextmanager
def open_to(shown: Sequence[Screen]) -> Iterator[tuple[str, Callable[[Callable[[], Any]], Any]]]:
    """The hall's address, and a way to call something in the thread that serves it."""
    loop, thread = asyncio.new_event_loop(), threading.Thread(target=lambda: loop.run_forever())
    thread.start()

    async def called(what: Callable[[], Any]) -> Any:
        return what()

    def call(what: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(called(what), loop).result(timeout=30)

    try:
        yield call(lambda: serving(shown)), call
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        hall.desk()


@contextlib.contextmanager
def filmed(shown: Sequence[Screen], folder: Path) -> Iterator[tuple[str, Callable[[Callable[[], Any]], Any]]]:
    """The same of a hall that plays films, put into `folder`."""
    with ThreadPoolExecutor(1) as elsewhere:  # no event loop runs there, as where a site is made
        list(elsewhere.map(lambda screen: hall_films.made(screen, folder, most=6), shown))
    hall_films.put(shown, folder)
    with served(folder) as running:
        yield f"{running}/index.html", lambda what: what()


def shown(page: Page) -> list[str]:
    """The screens of a hall's page, in its order."""
    return list(page.evaluate("JSON.parse(document.getElementById('screens').textContent).map(({id}) => id)"))


def small_films(page: Page, height: float) -> list[str]:
    """A film whose letters are too small here: it was laid out for another screen and is zoomed."""
    zoom, least = page.evaluate(ZOOM), height / hall_films.HIGH - 0.01
    return [f"zoomed by {zoom:.2f}"] if zoom and zoom < least else []


def settled(page: Page, seconds: float = 8) -> list[str]:
    """What is wrong once nothing is, or after a while."""
    wrong = page.evaluate(MEASURE, LIMITS)
    for _ in range(round(seconds * 20)):
        if not wrong:
            break
        page.wait_for_timeout(50)
        wrong = page.evaluate(MEASURE, LIMITS)
    return list(wrong)


def small_letters(view: View[Any, Any], height: float) -> list[str]:
    """The texts of a picture with letters smaller than they may be on a screen of this height."""
    least = height / LIMITS["smallest"] - 0.01
    texts = [
        (each.get_fontsize() * DPI / 72, each.get_text())
        for each in view.figure.findobj(Text)
        if each.get_visible() and each.get_text().strip()
    ]
    for shown in view.figure.findobj(Texts):
        texts += [(line.size * DPI / 72, line.text) for line in shown.lines]
    return [f"{size:.1f}: {text}" for size, text in texts if size < least]
