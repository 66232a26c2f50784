"""The hall without a kernel: the same page as in reach/hall.py, whose views play films.

    for screen in screens():
        made(screen, Path("site/hall"))
    put(screens(), Path("site/hall"))

A film has one layout for all screens, which zoom it: that of the narrowest, so that its letters are large
enough on each, and low, so that what is said and asked has its place above and below it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lecture643 import logbook
from lecture643.live import View, hall
from lecture643.reach import films, page
from lecture643.reach.screens import Screen

HERE = Path(__file__).parent
WIDE, HIGH = 990, 768  # of the narrowest screen: the width of a picture, the whole height
PLAIN, ASKING = 400, 300  # heights of pictures
MOST = 30  # stops of one slider


def made(screen: Screen, folder: Path, most: int = MOST) -> str:
    """Record a screen's view; its id."""
    hall.projector(HIGH)
    try:
        with logbook.aside():  # all that is asked is open
            view = screen.view()
            film = films.film_of(view, room=room(view), most=most)
            view.close()
    finally:
        hall.desk()
    file = folder / "films" / f"{screen.id}.js"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(films.script(screen.id, film), encoding="utf-8")
    return screen.id


def room(view: View[Any, Any]) -> tuple[int, int]:
    """The width and the height that its picture may have."""
    return WIDE, ASKING if view.tasks.prediction else PLAIN


def put(shown: Sequence[Screen], folder: Path) -> None:
    """The page itself, for screens whose films are there."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = ((HERE / name).read_text(encoding="utf-8") for name in ("film.js", "hall_films.js"))
    files = {
        "index.html": page.document(shown, page.loaded_before("films.js")),
        "films.js": page.classic(*parts),
        "hall.js": page.script(),
        "hall.css": page.style(),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
