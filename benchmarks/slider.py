"""From a key press on a slider to the new picture on the screen: `explore.descent` against interact.

    .venv/bin/python benchmarks/slider.py

All notebooks show the same figure of the same three walks, in the same JupyterLab and Chromium, one after the
other, several rounds. `interact` with inline matplotlib is what most course notebooks do; it is measured with
constrained layout, as figures of several panels are made, and with axes placed by hand, as ours are.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import lab  # noqa: E402

ROUNDS, PRESSES = 3, 12

OURS = """import lecture643 as lec
lec.explore.descent(steps=60)"""

INTERACT = """%matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact, SelectionSlider
from lecture643 import descent, draw, toy
data = toy.four_points()
grid = np.linspace(-6, 6, 161)

def show(rate):
    paths = {
        "gd": descent.gradient_descent(data, (0, 0), rate=rate, steps=60),
        "sgd": descent.sgd(data, (0, 0), rate=rate, steps=240),
        "minibatch": descent.minibatch_sgd(data, (0, 0), batch_size=2, rate=rate, steps=120),
    }
    weights, by_step, by_cost = AXES
    draw.weight_axes(weights, 6)
    draw.error_contour(weights, data.surface(grid, grid), 6)
    draw.error_axes(by_step, "step $k$")
    draw.error_axes(by_cost, "sample gradients spent")
    for method, path in paths.items():
        w = draw.clipped(path.w, 6)
        for ax, x, y in [(weights, w[:, 0], w[:, 1]), (by_step, range(len(w)), path.error),
                         (by_cost, path.sample_gradients, path.error)]:
            draw.method_walk(ax, method).set_data(x, y)
    weights.plot(2, 0, "x", color=draw.INK)
    weights.set_title("drag the start")
    by_step.set_xlim(-10, 250)
    by_cost.set_xlim(-10, 250)
    by_step.legend(loc="lower center", bbox_to_anchor=(0.5, 0.99), ncols=3, frameon=False)
    arrows = draw.arrows(weights, [draw.INK, *(look.colour for look in draw.POINTS)])
    gradients = -data.sample_gradients(w[-1])
    vectors = np.vstack([gradients.sum(axis=0), gradients])
    draw.point_arrows(arrows, w[-1], vectors * 1.8 / np.linalg.norm(vectors, axis=1).max())
    plt.show()

stops = [float(f"{m}e{d}") for d in range(-2, 2) for m in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)]
_ = interact(show, rate=SelectionSlider(options=stops, value=0.5, description="learning rate γ"))"""

# How most figures of several panels are made, so that no label is cut; and the quickest way there is.
CONSTRAINED = """plt.subplot_mosaic("wk;wc", figsize=(10, 5), dpi=100, layout="constrained")[1].values()"""
BY_HAND = """map(plt.figure(figsize=(10, 5), dpi=100).add_axes,
        [(0.05, 0.12, 0.395, 0.79), (0.56, 0.61, 0.42, 0.31), (0.56, 0.13, 0.42, 0.31)])"""

KERNEL_TIME = """import time
view = lec.explore.descent(steps=60)
def change(rate):
    start = time.perf_counter()
    view.controls["rate"].value = rate
    return 1e3 * (time.perf_counter() - start)
times = sorted(change(rate) for _, rate in view.controls["rate"].options[5:35])
print(f"kernel: {times[len(times) // 2]:.1f}")"""

# Resolves with the milliseconds from the next key press until a picture with a new source is painted.
WATCH = """selector => {
  const old = new Set([...document.querySelectorAll(selector)].map(image => image.src));
  window.seen = new Promise(resolve => {
    let start = 0;
    document.addEventListener('keydown', () => { start = performance.now(); }, {once: true, capture: true});
    const observer = new MutationObserver(async () => {
      const image = [...document.querySelectorAll(selector)].find(image => image.src && !old.has(image.src));
      if (!start || !image) return;
      try { await image.decode(); } catch { return; }  // replaced while it was decoded: wait for the next
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    const watched = {subtree: true, childList: true, attributes: true, attributeFilter: ['src']};
    observer.observe(document.body, watched);
  });
}"""


def write_notebook(path: Path, *sources: str) -> None:
    """A notebook with these code cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def latencies(page: Page, selector: str) -> list[float]:
    """Milliseconds for each of PRESSES key presses on the learning-rate slider."""
    handle = page.locator(".widget-hslider", has_text="learning rate").first.locator(".noUi-handle")
    handle.scroll_into_view_if_needed()
    handle.focus()
    measured = []
    for press in range(PRESSES + 2):
        page.evaluate(WATCH, selector)
        handle.press("ArrowRight" if press % 2 else "ArrowLeft")
        measured.append(page.wait_for_function("window.seen", timeout=20_000).json_value())
        time.sleep(0.6)  # let the resting picture come, so that it is not taken for the next one
    return measured[2:]


def run(browser: Browser, address: str, name: str) -> Page:
    """A page with this notebook, all of it run."""
    page = browser.new_page(viewport={"width": 1500, "height": 1000})
    lab.open_notebook(page, address, name)
    lab.run_all(page)
    return page


def told(name: str, times: list[float]) -> str:
    """Median and quartiles of these times."""
    low, middle, high = statistics.quantiles(times, n=4)
    return f"{name:<38}{middle:8.0f} ms   (quartiles {low:.0f} to {high:.0f}, {len(times)} presses)"


def main() -> None:
    """Measure both in turn and print the ratio."""
    contenders = {
        "explore.descent": (OURS, "img.lecture643-picture"),
        "interact, constrained layout": (INTERACT.replace("AXES", CONSTRAINED), ".jp-OutputArea img"),
        "interact, axes placed by hand": (INTERACT.replace("AXES", BY_HAND), ".jp-OutputArea img"),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    path = lab.chromium_path()
    if path is None:
        sys.exit("this benchmark needs a Chromium")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "notebooks").mkdir()
        for number, (source, _) in enumerate(contenders.values()):
            write_notebook(home / f"notebooks/{number}.ipynb", source)
        write_notebook(home / "notebooks/kernel.ipynb", OURS, KERNEL_TIME)
        with lab.jupyter_lab(home / "notebooks", home) as address, lab.chromium(path) as browser:
            for _ in range(ROUNDS):
                for number, (name, (_, selector)) in enumerate(contenders.items()):
                    page = run(browser, address, f"{number}.ipynb")
                    times[name] += latencies(page, selector)
                    page.close()
            page = run(browser, address, "kernel.ipynb")
            kernel = page.get_by_text("kernel: ").last.text_content() or ""
    ours, *others = times
    for name, measured in times.items():
        print(told(name, measured))
    for name in others:
        ratio = statistics.median(times[name]) / statistics.median(times[ours])
        print(f"{name}: {ratio:.1f} times as long as {ours}")
    print(f"{kernel.strip()} ms a change inside the kernel (three walks computed, drawn and encoded)")


if __name__ == "__main__":
    main()
