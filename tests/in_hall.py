"""The hall in a real Chromium: its server in a thread, and what is measured on a screen."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from matplotlib.text import Text
from playwright.sync_api import Page

from lecture643.live import View, hall
from lecture643.picture.lettering import Texts
from lecture643.picture.scene import DPI
from lecture643.reach.hall import serving
from lecture643.reach.screens import Screen

SMALLEST, MAIN, TRACK = 45, 28, 200  # parts of the height, and pixels

# What is wrong with the page as it is: scrolled, cut, small letters, short tracks.
MEASURE = (
    """() => {
  const [wide, high] = [innerWidth, innerHeight], wrong = [], root = document.documentElement, room = document.getElementById('room');
  if (root.scrollHeight > high || root.scrollWidth > wide) wrong.push('the page scrolls');
  if (!room.firstChild) return ['no view yet'];
  for (const part of [room, document.body, document.querySelector('.l643-stage')])
    if (part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1) wrong.push(`${part.id || part.className} is cut`);
  const end = room.getBoundingClientRect().bottom;
  if (document.querySelector('.l643-stage').getBoundingClientRect().bottom > end + 1) wrong.push('the stage is cut');
  const picture = document.querySelector('canvas').getBoundingClientRect();
  if (picture.height < high / 4 || picture.width < wide / 3) wrong.push(`the picture is ${Math.round(picture.width)} by ${Math.round(picture.height)}`);
  for (const each of document.body.querySelectorAll('*')) {
    if (!each.checkVisibility() || each.closest('.l643-spoken, #pointer, #blank, option')) continue;
    const box = each.getBoundingClientRect(), name = `${each.tagName} ${each.className}`;
    if (box.width && (box.left < -1 || box.top < -1 || box.right > wide + 1 || box.bottom > high + 1)) wrong.push(`${name} is outside`);
    if (each.type === 'range' && box.width < TRACK) wrong.push(`a track of ${Math.round(box.width)}`);
    const text = [...each.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('') || (each.type === 'number' ? each.value : '');
    const size = parseFloat(getComputedStyle(each).fontSize);
    if (text && size < high / SMALLEST - 0.01) wrong.push(`letters of ${size.toFixed(1)}: ${text}`);
  }
  if (parseFloat(getComputedStyle(document.getElementById('words')).fontSize) < high / MAIN) wrong.push('main type is small');
  return wrong;
}""".replace("TRACK", str(TRACK))
    .replace("SMALLEST", str(SMALLEST))
    .replace("MAIN", str(MAIN))
)


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


def settled(page: Page, measure: str = MEASURE, seconds: float = 8) -> list[str]:
    """What is wrong once nothing is, or after a while."""
    wrong = page.evaluate(measure)
    for _ in range(round(seconds * 10)):
        if not wrong:
            break
        page.wait_for_timeout(100)
        wrong = page.evaluate(measure)
    return list(wrong)


def small_letters(view: View[Any, Any], height: float) -> list[str]:
    """The texts of a picture with letters smaller than they may be on a screen of this height."""
    least = height / SMALLEST - 0.01
    texts = [
        (each.get_fontsize() * DPI / 72, each.get_text())
        for each in view.figure.findobj(Text)
        if each.get_visible() and each.get_text().strip()
    ]
    for shown in view.figure.findobj(Texts):
        texts += [(line.size * DPI / 72, line.text) for line in shown.lines]
    return [f"{size:.1f}: {text}" for size, text in texts if size < least]
