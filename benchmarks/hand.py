"""What the hand feels: `explore.descent` in a real JupyterLab, against other ways to show the same figure.

    .venv/bin/pip install -e ".[test,benchmarks]"
    .venv/bin/python benchmarks/hand.py             # all contenders; --markdown and --picture for the README
    .venv/bin/python benchmarks/hand.py --views     # every view: its first slider, a drag in its picture

All run in one headless Chromium, each in a fresh page with a fresh kernel, in turn, several rounds; the
figures are medians. There are two servers: one with this package's extension (`lecture643/server.py`),
which helps all, and one without ("plain server").

key → picture    from the key press on the slider (the event's own time) until the frame with the new
                 picture has been made. A picture is new when an image is drawn on the canvas (ours,
                 ipympl), when the lines' SVG changes (plotly, bqplot), or when an <img> has a new source
                 and is decoded (interact). The next key comes about 0.1 s after the last picture, as from
                 a hand that taps: after a rest of 0.25 s and more a plain server would be as quick as the
                 other one (see nagle.py).
pictures/s       while the pointer moves the slider to and fro, or goes in a circle in the picture, at a
                 steady pace with at most 60 moves a second: frames with a new picture, by the seconds of
                 moving.
lag              from the last move or release to the last new picture.
KB/picture       all that came by websockets meanwhile, by the pictures.
kernel           processor time of the kernel's process meanwhile (computing, drawing, messages), by the
                 pictures.

With --views "kernel" is the time by the clock, in the kernel, from a change to the answer, and
"mathematics" what of it the first result of `states` takes: medians, for the slowest slider.
"""

import argparse
import itertools
import json
import math
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import nbformat
import psutil
from contenders import CANVAS, CONTENDERS, RANGE, Contender
from playwright.sync_api import Browser, Error, Locator, Page

import lecture643

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import lab  # noqa: E402

PRESSES, SECONDS, PERIOD = 15, 2.5, 1.2
COLUMNS = {
    "key": "key → picture, ms",
    "slider": "pictures/s, slider",
    "slider lag": "lag, ms",
    "drag": "pictures/s, drag",
    "drag lag": "lag, ms",
    "bytes": "KB/picture",
    "kernel": "kernel, ms",
    "mathematics": "of it mathematics",
}
# How it was with a JPEG in an ipywidgets.Image and ipywidgets' sliders: the middle of two quiet runs of then
# (71 and 79 ms; 10.6 and 8.9 pictures/s on the slider, 7.4 and 7 in a drag), on this machine's like.
BEFORE = {"key": 75.0, "slider": 9.8, "slider lag": 550.0, "drag": 7.2, "bytes": 66.0}


# --- servers, pages and kernels ------------------------------------------------------------------


def write_notebook(path: Path, source: str) -> None:
    """A notebook with this code cell."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [nbformat.v4.new_code_cell(source)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


@contextmanager
def server(home: Path, sources: list[str], prompt: bool) -> Iterator[str]:
    """JupyterLab with or without the extension, on notebooks 0.ipynb, 1.ipynb, … of one cell."""
    for folder in ("notebooks", "config"):
        (home / folder).mkdir(parents=True)
    for i, source in enumerate(sources):
        write_notebook(home / f"notebooks/{i}.ipynb", source)
    settings = {"ServerApp": {"jpserver_extensions": {"lecture643.server": prompt}}}
    (home / "config/jupyter_server_config.json").write_text(json.dumps(settings))
    with lab.jupyter_lab(home / "notebooks", home) as address:
        yield address


@contextmanager
def opened(browser: Browser, address: str, name: str) -> Iterator[Page]:
    """A page with this notebook, all of it run, and nothing left of it afterwards."""
    page = browser.new_page(viewport={"width": 1440, "height": 1000})  # our picture is 1000 pixels wide there
    page.add_init_script(path=Path(__file__).parent / "hand.js")
    try:
        lab.open_notebook(page, address, name)
        page.add_style_tag(content=".jp-InputArea-editor {display: none}")  # the picture shall be in sight
        lab.run_all(page)
        time.sleep(2)  # first pictures
        yield page
    finally:
        page.close()
        for kernel in kernels(address):
            rest(address, f"kernels/{kernel}", "DELETE")


def rest(address: str, what: str, method: str = "GET") -> bytes:
    """An answer of the server."""
    asked = urllib.request.Request(f"{address}/api/{what}?token={lab.TOKEN}", method=method)
    with urllib.request.urlopen(asked) as answer:
        return bytes(answer.read())


def kernels(address: str) -> list[str]:
    """The ids of the kernels that run."""
    return [each["id"] for each in json.loads(rest(address, "kernels"))]


def kernel_process(address: str) -> psutil.Process:
    """The process of the only kernel."""
    (kernel,) = kernels(address)
    mine = psutil.Process().children(recursive=True)
    return next(each for each in mine if any(kernel in word for word in each.cmdline()))


# --- the hand ------------------------------------------------------------------------------------


def settled(page: Page, rest: float, wanted: int = 0) -> dict[str, Any]:
    """What the page noted since `reset`, once there are so many pictures and no more came for a while."""
    deadline = time.monotonic() + 10
    while True:
        told: dict[str, Any] = page.evaluate("({...hand, now: performance.now()})")
        quiet = told["now"] - max(told["paints"] + told["inputs"], default=0.0)
        if (quiet > 1e3 * rest and len(told["paints"]) >= wanted) or time.monotonic() > deadline:
            return told
        time.sleep(0.02)


def presses(page: Page, slider: Locator) -> list[float]:
    """Milliseconds from key to picture, for some keys."""
    slider.focus()
    measured = []
    for press in range(PRESSES + 2):
        page.evaluate("hand.reset()")
        slider.press("ArrowRight" if press % 2 else "ArrowLeft")
        told = settled(page, rest=0.05, wanted=1)
        measured += [told["paints"][0] - told["inputs"][0]] if told["paints"] else []
    return measured[2:]


def moved(page: Page, at: Callable[[float], tuple[float, float]], seconds: float = SECONDS) -> dict[str, Any]:
    """Press at at(0), move along at(seconds), release; what the page noted, and how long the hand moved."""
    mouse = page.mouse
    mouse.move(*at(0))
    mouse.down()
    time.sleep(0.6)
    page.evaluate("hand.reset()")
    begun, ticks = time.perf_counter(), itertools.count(1)
    while (now := time.perf_counter() - begun) < seconds:
        mouse.move(*at(now))
        time.sleep(max(0.0, next(ticks) / 60 - (time.perf_counter() - begun)))
    mouse.up()
    return settled(page, rest=1.5)


def summed_up(told: dict[str, Any], what: str) -> dict[str, float]:
    """Pictures a second and lag."""
    first, last, paints = told["inputs"][0], told["inputs"][-1], told["paints"]
    while_moved = sum(first <= paint <= last for paint in paints)
    lag = max(0.0, max(paints, default=last) - last)
    return {what: 1e3 * while_moved / (last - first), f"{what} lag": lag}


def to_and_fro(page: Page, slider: Locator) -> Callable[[float], tuple[float, float]]:
    """The way of a hand along the slider, from its handle or its middle on, without the very ends."""
    track = page.locator(".noUi-base").first
    box = handle = slider.bounding_box()
    if track.count():
        box = track.bounding_box()
    assert box is not None
    assert handle is not None
    begin = (handle["x"] + handle["width"] / 2 - box["x"]) / box["width"]

    def at(seconds: float) -> tuple[float, float]:
        phase = math.pi * (begin - 0.5) / 0.9 + math.tau * seconds / PERIOD
        part = 0.5 + 0.9 * math.asin(math.sin(phase)) / math.pi
        return box["x"] + part * box["width"], box["y"] + box["height"] / 2

    return at


def in_a_circle(page: Page, grip: tuple[str, float, float]) -> Callable[[float], tuple[float, float]]:
    """The way of a hand in the picture, from the grip on."""
    box = page.locator(grip[0]).first.bounding_box()
    assert box is not None
    x, y = box["x"] + grip[1] * box["width"], box["y"] + grip[2] * box["height"]

    def at(seconds: float) -> tuple[float, float]:
        angle = math.tau * seconds / PERIOD
        return x + 60 * math.sin(angle), y + 60 - 60 * math.cos(angle)

    return at


def measure(browser: Browser, address: str, name: str, contender: Contender) -> dict[str, list[float]]:
    """All figures of one contender, in one round."""
    with opened(browser, address, name) as page:
        page.evaluate("selector => hand.watch(selector)", contender.picture)
        slider = page.locator(contender.slider).first
        slider.scroll_into_view_if_needed()
        found = {"key": presses(page, slider)}
        process = kernel_process(address)
        before = sum(process.cpu_times()[:2])
        told = moved(page, to_and_fro(page, slider))
        spent = sum(process.cpu_times()[:2]) - before
        pictures = len(told["paints"]) or math.nan
        figures = summed_up(told, "slider")
        figures |= {"bytes": told["bytes"] / pictures / 1e3, "kernel": 1e3 * spent / pictures}
        if contender.grip:
            figures |= summed_up(moved(page, in_a_circle(page, contender.grip)), "drag")
    return found | {column: [figure] for column, figure in figures.items()}


# --- every view ----------------------------------------------------------------------------------

VIEW = """import json
import statistics
import time
import numpy as np
import lecture643 as lec
from lecture643.live.stage import Client
timed = lec.explore.NAME()
timed.stage.clients["clock"] = Client()  # so that it records and sends

def milliseconds(act, *arguments):
    begun = time.perf_counter()
    act(*arguments)
    return 1e3 * (time.perf_counter() - begun)

def changes(told):
    "Kernel time of a change of this slider, and what of it is the first result of the mathematics."
    name, kind = told["name"], timed.settings.kinds()[told["name"]]
    ends = told.get("stops") or np.linspace(told["min"], told["max"], 41).tolist()
    values = [(end, timed.controls[name].value[1]) if told["kind"] == "point" else end for end in ends]
    every = [timed.settings.changed(**{name: kind.snapped(value, timed.settings)}) for value in values]
    return (statistics.median(milliseconds(timed.show, settings) for settings in every),
            statistics.median(milliseconds(lambda: next(iter(timed.states(each)))) for each in every))

def grips():
    "Places in parts of the picture where a drag may begin: points, then the middles of all panels."
    for name, kind in timed.settings.kinds().items():
        for panel in getattr(kind, "panels", ()):
            yield timed.live.place_of(panel, timed.controls[name].value)
    for ax in timed.live.panels.values():
        yield ax.get_position().get_points().mean(axis=0).tolist()

sliders = [told for told in timed.settings.told() if told["kind"] in ("number", "point")]
found = {"kernel": {told["name"]: changes(told) for told in sliders}, "grips": list(grips())}
print("told:", json.dumps(found))
lec.explore.NAME()"""


def measure_view(browser: Browser, address: str, name: str, view: Contender) -> dict[str, list[float]]:
    """All figures of one view, in one round; the slowest of its sliders for the kernel."""
    found: dict[str, list[float]] = {}
    with opened(browser, address, name) as page:
        words = page.get_by_text("told: {").last.text_content(timeout=3_000) or ""
        told = json.loads(words.partition("told:")[2])
        page.evaluate("selector => hand.watch(selector)", CANVAS)
        sliders = page.locator(f"{RANGE}:visible")
        if sliders.count():
            sliders.first.scroll_into_view_if_needed()
            found["key"] = presses(page, sliders.first)
            figures = summed_up(moved(page, to_and_fro(page, sliders.first)), "slider")
            found |= {column: [figure] for column, figure in figures.items()}
            which, (kernel, mathematics) = max(told["kernel"].items(), key=lambda item: item[1][0])
            print(f"{view.name}: {which} is its slowest slider", file=sys.stderr)
            found |= {"kernel": [kernel], "mathematics": [mathematics]}
        for across, up in told["grips"]:
            way = in_a_circle(page, (CANVAS, across, 1 - up))
            if len(moved(page, way, seconds=0.5)["paints"]) > 3:
                figures = summed_up(moved(page, way), "drag")
                found |= {column: [figure] for column, figure in figures.items()}
                break
    return found


def views() -> list[Contender]:
    """Every view, as it is when it is called without settings."""
    names = sorted(path.stem for path in (Path(lecture643.__file__).parent / "explore").glob("[a-z]*.py"))
    return [Contender(f"explore.{name}", VIEW.replace("NAME", name), RANGE, CANVAS) for name in names]


# --- what is told --------------------------------------------------------------------------------


def table(medians: dict[str, dict[str, float]], markdown: bool) -> str:
    """One row for each contender; in brackets, how many times slower than the first it is."""
    columns = {c: head for c, head in COLUMNS.items() if any(c in row for row in medians.values())}
    first = next(iter(medians.values()))

    def cell(row: dict[str, float], column: str) -> str:
        if column not in row:
            return "–"
        told = f"{row[column]:.{1 if row[column] < 20 else 0}f}"
        if row is first or column not in ("key", "slider", "drag") or column not in first:
            return told
        times = first[column] / row[column] if column != "key" else row[column] / first[column]
        return f"{told} ({times:.1f}×)"

    rows = [["", *columns.values()]] + [[n, *(cell(row, c) for c in columns)] for n, row in medians.items()]
    if markdown:
        return "\n".join(
            "| " + " | ".join(row) + " |" for row in [rows[0], ["---"] * len(rows[0]), *rows[1:]]
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(word.ljust(w) for word, w in zip(row, widths, strict=True)) for row in rows)


def picture(medians: dict[str, dict[str, float]], path: Path) -> None:
    """Bars: how long to the first picture, and how many pictures a second."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 0.35 * len(medians) + 1), layout="constrained")
    names = list(medians)[::-1]
    for ax, column in zip(figure.subplots(1, 3, sharey=True), ("key", "slider", "drag"), strict=True):
        values = [medians[name].get(column, 0) for name in names]
        colours = ["tab:blue" if name.startswith("explore") else "0.6" for name in names]
        bars = ax.barh(names, values, color=colours)
        ax.bar_label(bars, [f"{value:.0f}" if value else "–" for value in values], padding=3)
        ax.set_title(COLUMNS[column], fontsize="medium")
        ax.margins(x=0.15)
        ax.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=100)


def main() -> None:
    """Measure all in turn, some rounds, and tell the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="those whose name has this in it, e.g. --only echo")
    parser.add_argument("--views", action="store_true", help="every view instead")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    parser.add_argument("--picture", action="store_true", help="also as bars, in docs/hand.png")
    wanted = parser.parse_args()
    contenders, one = (views(), measure_view) if wanted.views else (list(CONTENDERS), measure)
    contenders = [each for each in contenders if wanted.only in each.name]
    chromium = lab.chromium_path() or sys.exit("this benchmark needs a Chromium")
    found: dict[str, dict[str, list[float]]] = {each.name: defaultdict(list) for each in contenders}
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    sources = [each.source for each in contenders]
    with tempfile.TemporaryDirectory() as folder, lab.chromium(chromium) as browser, ExitStack() as servers:
        addresses = {
            prompt: servers.enter_context(server(Path(folder) / str(prompt), sources, prompt))
            for prompt in sorted({each.prompt for each in contenders})
        }
        for _, (i, each) in itertools.product(range(wanted.rounds), enumerate(contenders)):
            try:
                figures = one(browser, addresses[each.prompt], f"{i}.ipynb", each)
            except (Error, TimeoutError) as failure:
                print(f"{each.name}: {failure}", file=sys.stderr)
                continue
            print(
                each.name,
                {c: round(statistics.median(f), 1) for c, f in figures.items() if f},
                file=sys.stderr,
            )
            for column, more in figures.items():
                found[each.name][column] += more
    medians = {
        name: {column: statistics.median(all_) for column, all_ in row.items() if all_}
        for name, row in found.items()
    }
    if not wanted.views:
        medians["a JPEG, before the stage (measured then)"] = BEFORE
    print(table(medians, wanted.markdown))
    if wanted.picture:
        picture(medians, ROOT / "docs/hand.png")


if __name__ == "__main__":
    main()
