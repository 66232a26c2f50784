"""The hall's page: one document, one script and one style sheet, all from its own host or folder.

The script is classic and whole, since a page from a plain folder may load no modules. Where its views come
from is one function, `lecture643source(): {open(screen): promise of a model, close(screen)}`: the live one
(hall_live.js) or, where the site has loaded another script before, one that plays films. A model is what
stage.js wants of one (get, on, off, send); its trait "prepared" lists the names of the prepared states.
"""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from lecture643.lesson.statements import STATEMENTS
from lecture643.live import stage
from lecture643.reach.screens import Screen
from lecture643.reach.words import html

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
    "connect-src 'self' ws:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def parts(shown: Sequence[Screen]) -> dict[str, tuple[str, str]]:
    """Each file's text and kind, by its name; the document's name is empty."""
    return {
        "": (document(shown), "text/html"),
        "hall.js": (script(), "text/javascript"),
        "hall.css": (style(), "text/css"),
    }


def document(shown: Sequence[Screen], before: str = "") -> str:
    """The page itself. before: scripts that bring another source."""
    told = [
        {"id": one.id, "title": STATEMENTS[one.id].title, "words": html(STATEMENTS[one.id].words)}
        for one in shown
    ]
    data = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    return _read("hall.html").replace("<!-- screens -->", data).replace("<!-- before -->", before)


def loaded_before(name: str) -> str:
    """A script of this name, to be loaded before the hall's own."""
    return f'<script src="{escape(name)}" defer></script>'


def script() -> str:
    """The stage as in a notebook, and the hall around it."""
    return classic(stage.source(), *(_read(name) for name in ("hall_live.js", "hall.js")))


def classic(*modules: str) -> str:
    """Modules as one script that needs none, in a scope of its own: a plain folder may load no modules."""
    lines = "\n".join(modules).splitlines()
    kept = (
        line.removeprefix("export ") for line in lines if not line.startswith(("import ", "export default"))
    )
    return "\n".join(["(() => {", '"use strict";', *kept, "})();", ""])


def style() -> str:
    """The stage's and the hall's."""
    return stage.style() + _read("hall.css")


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
