"""The site: all notebooks as static pages whose views move by films, with no request to any other host.

    build(Path("site"))

It works from a folder, too (file://), and under a policy that allows scripts and styles of its own host only.
"""

import gc
import hashlib
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from lecture643.reach import copies, hall_films, page, pages
from lecture643.reach.screens import screens

HERE = Path(__file__).parent
LIVE = HERE.parent / "live"
WORKERS = 2
SCRIPTS = (
    *(LIVE / name for name in ("player.js", "controls.js", "tasks.js", "stage.js")),
    HERE / "film.js",
    HERE / "page.js",
)
STYLES = (LIVE / "stage.css", HERE / "site.css")
HALL = '<p><a href="hall/index.html">The hall</a>: one full screen for each statement, led by keys.</p>'
SETTINGS: dict[str, Any] = {
    "project": "lecture643",
    "html_title": "IE 643, lectures 6 and 7",
    "extensions": ["myst_nb", "lecture643.reach.formulas"],
    "html_math_renderer": "mathml",
    "html_theme": "furo",
    "html_css_files": ["site.css"],
    "html_js_files": [("site.js", {"defer": "defer"})],
    "html_copy_source": False,
    "html_show_sphinx": False,
    "html_show_copyright": False,
    "nb_execution_mode": "off",
    "myst_enable_extensions": ["dollarmath", "amsmath"],
    "myst_heading_anchors": 3,
    "suppress_warnings": ["myst.header", "mystnb.unknown_mime_type"],
}


def build(folder: Path, notebooks: Sequence[Path] = ()) -> Path:
    """Build the site into `folder`; the page to open. notebooks: the first is the first page; all if none.

    The hall is in it, with a screen for each statement that they show.
    """
    chosen = list(notebooks) or copies.notebooks()
    shown = [screen for path in notebooks for screen in screens(path)] if notebooks else screens()
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "source"
        views = source / "_static" / "views"
        views.mkdir(parents=True)
        hall, built = Path(place) / "hall", Path(place) / "built"
        # Notebooks and screens share the processes, the longest first, so that none of them waits at the end.
        with _ended(_workers(len(chosen) + len(shown))) as workers:
            longest = sorted(chosen, key=lambda path: -path.stat().st_size)
            recorded = [workers.submit(pages.made, path, source, views) for path in longest]
            screened = [workers.submit(hall_films.made, screen, hall) for screen in shown]
            for names in (each.result() for each in recorded):
                print(f"recorded {len(names)} views: {', '.join(names)}", flush=True)
            _paged(chosen, bool(shown), source, built)
            names = [each.result() for each in screened]
        if shown:
            hall_films.put(shown, hall)
            print(f"recorded {len(names)} screens of the hall: {', '.join(names)}", flush=True)
            shutil.copytree(hall, built / "hall")
        shutil.copytree(built, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "objects.inv"))
    return folder / "index.html"


def script() -> str:
    """All of the site's JavaScript as a plain script, since no module is loaded from a folder."""
    return page.classic(_joined(SCRIPTS))


def _joined(files: Sequence[Path]) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _paged(notebooks: Sequence[Path], hall: bool, source: Path, built: Path) -> None:
    """Make the pages of the notebooks whose views have been recorded. hall: whether there is one."""
    beside = [path for path in [copies.symbols()] if path.exists()]
    for each in beside:
        shutil.copy(each, source)
    first, *others = notebooks
    _begins(source / first.name, [path.stem for path in [*others, *beside]], hall)
    (source / "_static" / "site.js").write_text(script(), encoding="utf-8")
    (source / "_static" / "site.css").write_text(_joined(STYLES), encoding="utf-8")
    _sphinx(source, built, first.stem)
    for each in built.glob("*.html"):
        _made_strict(each)
    shutil.copy(built / f"{first.stem}.html", built / "index.html")


@contextmanager
def _ended(workers: ProcessPoolExecutor) -> Iterator[ProcessPoolExecutor]:
    """Wait for all that they have to do; after a mistake, do not even begin with the rest of it."""
    try:
        yield workers
    except BaseException:
        workers.shutdown(cancel_futures=True)
        raise
    workers.shutdown()


def _workers(tasks: int) -> ProcessPoolExecutor:
    """Processes for so many tasks, alike on every system."""
    return ProcessPoolExecutor(
        min(WORKERS, tasks), mp_context=get_context("spawn"), initializer=_search_seldom
    )


def _search_seldom() -> None:
    """Pictures are made of many small things: the search for garbage would take a tenth of the time."""
    gc.freeze()  # what was imported stays
    gc.set_threshold(10_000)


def _begins(first: Path, others: Sequence[str], hall: bool) -> None:
    """Let the first page have the contents of all, and lead to the hall."""
    import nbformat

    notebook = nbformat.read(first, as_version=4)
    if hall:
        notebook.cells.append(nbformat.v4.new_markdown_cell(HALL))
    contents = "\n".join(["```{toctree}", ":hidden:", "", *others, "```"])
    notebook.cells.append(nbformat.v4.new_markdown_cell(contents))
    nbformat.write(notebook, first)


def _sphinx(source: Path, built: Path, first: str) -> None:
    from sphinx.application import Sphinx

    settings = {**SETTINGS, "root_doc": first, "html_static_path": [str(source / "_static")]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the builder's parts have to tell each other
        app = Sphinx(
            source, None, built, source.parent / "doctrees", "html", settings, status=None, warning=sys.stderr
        )
        app.build()
    if app.statuscode:
        raise RuntimeError("the site was not built: see what Sphinx says above")


def _made_strict(page: Path) -> None:
    """Move scripts and styles that stand in the page into files, for a strict content-security policy."""
    text = page.read_text(encoding="utf-8")
    for tag, ending, link in (
        ("script", "js", '<script src="_static/{}"></script>'),
        ("style", "css", '<link rel="stylesheet" href="_static/{}">'),
    ):

        def moved(found: re.Match[str], ending: str = ending, link: str = link) -> str:
            name = f"own-{hashlib.sha256(found[1].encode()).hexdigest()[:10]}.{ending}"
            (page.parent / "_static" / name).write_text(found[1], encoding="utf-8")
            return link.format(name)

        text = re.sub(rf"<{tag}>(.*?)</{tag}>", moved, text, flags=re.DOTALL)
    styles = dict.fromkeys(re.findall(r' style="([^"]*)"', text))
    for number, style in enumerate(styles):
        text = text.replace(f' style="{style}"', f' data-own="{number}"')
    rules = (f'[data-own="{number}"] {{{style}}}' for number, style in enumerate(styles))
    (page.parent / "_static" / f"own-{page.stem}.css").write_text("\n".join(rules), encoding="utf-8")
    text = text.replace("</head>", f'<link rel="stylesheet" href="_static/own-{page.stem}.css"></head>', 1)
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    print(build(Path(sys.argv[1] if len(sys.argv) > 1 else "site")).resolve().as_uri())
