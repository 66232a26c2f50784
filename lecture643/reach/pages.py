"""Notebooks as pages of the site: each view's output becomes its picture and the name of its film.

The cells are run here, in this process, as one after the other in a notebook; what they print stands in the
stored notebooks already, and tests see to it that it is right.
"""

import ast
import contextlib
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from lecture643 import logbook
from lecture643.live.view import View
from lecture643.reach import compact, copies, films

HTML = "text/html"
STILL = "This is a still picture: it moves where scripts may run, and in a notebook."


def made(notebook: Path, pages: Path, views: Path) -> list[str]:
    """Put the notebook into the folder `pages`, its films and pictures into `views`; the films' names."""
    told = nbformat.read(notebook, as_version=4)
    for cell in told.cells:
        if cell.cell_type == "markdown":
            cell.source = _linked(cell.source, copies.symbols().exists())
    names = []
    with logbook.aside():  # all that is asked is open
        for number, (cell, view) in enumerate(_shown(told.cells)):
            name = f"{notebook.stem[:2]}_{number}_{view.tasks.name or view.name}"
            cell.outputs = [_output(name, view, views)]
            (views / f"{name}.js").write_text(films.script(name, films.film_of(view)), encoding="utf-8")
            view.close()
            names.append(name)
    nbformat.write(told, pages / notebook.name)
    return names


def _linked(source: str, symbols: bool) -> str:
    """Words with their links as they are where all pages stand in one folder.

    symbols: whether the page of symbols stands there; without it, a link to it is just words.
    """
    if symbols:
        return source.replace("(../docs/notation.md", "(notation.md")
    return re.sub(r"\[([^\]]+)\]\(\.\./docs/notation\.md[^)]*\)", r"\1", source)


def _shown(cells: list[Any]) -> Iterator[tuple[Any, View[Any, Any]]]:
    """The cells that show a view, each with its view, in the order in which they are run."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        if cell.cell_type == "code":
            value = _run(cell.source, names)
            if isinstance(value, View):
                yield cell, value


def _run(source: str, names: dict[str, Any]) -> Any:
    """The value of the last line, as a notebook would show it."""
    tree = ast.parse(source)
    last: Any = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(tree, "cell", "exec"), names)
        return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def _output(name: str, view: View[Any, Any], views: Path) -> Any:
    """What stands in the page until the film is there: the picture with its words."""
    (views / f"{name}.webp").write_bytes(compact.webp(view.live.picture()))
    (wide, high), words = view.live.size, html.escape(view.describe(), quote=True)
    picture = (
        f'<img src="_static/views/{name}.webp" alt="{words}" width="{wide}" height="{high}" loading="lazy">'
    )
    said = f'<p class="l643-said">{words}</p><p class="l643-how">{STILL}</p>'
    place = f'<div class="l643-film" data-film="{name}" data-source="_static/views/{name}.js">'
    return nbformat.v4.new_output("display_data", data={HTML: f"{place}{picture}{said}</div>"})
