"""What `hand.py` compares: the same three walks, shown in each of these ways.

All but `explore.descent` itself take their numbers from its `compute`, so that only the showing differs; they
draw no arrows and tell no sentence, which is in their favour.
"""

from dataclasses import dataclass

RANGE = ".l643-stage input[type=range]"
HANDLE = ".widget-hslider .noUi-handle"


@dataclass(frozen=True)
class Contender:
    """A notebook cell; selectors of its slider and its picture; where a drag begins, if it has one.

    grip: a selector, and a place in parts of its box from the left and from the top.
    """

    name: str
    source: str
    slider: str
    picture: str
    grip: tuple[str, float, float] | None = None
    prompt: bool = True  # whether the server has the extension


OURS = """import lecture643 as lec
lec.explore.descent(steps=60)"""

SHARED = """import numpy as np
import lecture643 as lec
from ipywidgets import HBox, SelectionSlider, VBox, interact
from lecture643 import draw
METHODS = draw.METHODS
BOXES = [(0.05, 0.12, 0.395, 0.79), (0.56, 0.61, 0.42, 0.31), (0.56, 0.13, 0.42, 0.31)]
grid, race, state = np.linspace(-3, 3, 161), lec.explore.descent(steps=60), {"rate": 0.5, "start": (0, 0)}
ground = race.settings.problem.surface(grid, grid)

def walks(rate, start):
    "(w₁, w₂), (k, E) and (sample gradients, E) of each method."
    state = race.compute(race.settings.changed(rate=rate, start=start))
    for method, path in state.paths.items():
        steps, error = path.until(state.shown[method], state.error[method])
        error = np.maximum(error, 1e-5)
        yield draw.clipped(path.w[steps], 3).T, (steps, error), (steps * path.batch_size, error)

def axes(weights, *curves):
    draw.weight_axes(weights, 3)
    draw.error_contour(weights, ground, 3)
    for ax, across in zip(curves, ("step $k$", "sample gradients spent")):
        draw.error_axes(ax, across)
        ax.set_xscale("symlog", linthresh=1)
        ax.set_xlim(-0.2, 350)
    return [[draw.method_walk(ax, method) for ax in (weights, *curves)] for method in METHODS]

def move(rate=None, start=None):
    state.update({"rate": rate or state["rate"], "start": start or state["start"]})
    put(list(walks(**state)))

stops = [float(f"{m}e{d}") for d in range(-2, 2) for m in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)]
slider = SelectionSlider(options=stops, value=0.5, description="γ")
"""
OBSERVED = """
slider.observe(lambda change: move(rate=change["new"]), "value")
move()
"""

INTERACT = """%matplotlib inline
import matplotlib.pyplot as plt
def show(rate):
    for lines, walk in zip(axes(*AXES), walks(rate, (0, 0))):
        for line, data in zip(lines, walk):
            line.set_data(*data)
    plt.show()
_ = interact(show, rate=slider)"""
# How most figures of several panels are made, so that no label is cut; and the quickest way there is.
CONSTRAINED = 'plt.subplot_mosaic("wk;wc", figsize=(10, 5), dpi=100, layout="constrained")[1].values()'
BY_HAND = "map(plt.figure(figsize=(10, 5), dpi=100).add_axes, BOXES)"

IPYMPL = """%matplotlib widget
import matplotlib.pyplot as plt
with plt.ioff():
    figure = plt.figure(figsize=(10, 5), dpi=100)
lines = axes(*map(figure.add_axes, BOXES))
def put(walks):
    for line, data in zip(sum(lines, []), (data for walk in walks for data in walk)):
        line.set_data(*data)
    figure.canvas.draw_idle()
def dragged(event):
    if event.button and event.inaxes is figure.axes[0]:
        move(start=(event.xdata, event.ydata))
figure.canvas.mpl_connect("motion_notify_event", dragged)"""

PLOTLY = """import plotly.graph_objects as go
from plotly.subplots import make_subplots
panels = make_subplots(2, 2, specs=[[{"rowspan": 2}, {}], [None, {}]])
figure = go.FigureWidget(panels).update_layout(width=1000, height=500, showlegend=False)
figure.add_contour(x=grid, y=grid, z=ground, showscale=False, row=1, col=1)
for look in METHODS.values():
    for row, col in (1, 1), (1, 2), (2, 2):
        figure.add_scatter(mode="lines", line_color=look.colour, row=row, col=col)
figure.update_yaxes(type="log", range=[-5, 1], col=2)
figure.update_xaxes(range=[-1, 250], col=2)
def put(walks):
    with figure.batch_update():
        for trace, (x, y) in zip(figure.data[1:], (data for walk in walks for data in walk)):
            trace.x, trace.y = x, y"""

BQPLOT = """import io
import bqplot as bq
import ipywidgets
import matplotlib.image
map_ = io.BytesIO()
matplotlib.image.imsave(map_, -np.log(ground), origin="lower", format="png")
def figure(x, y, size, below=(), above=()):
    lines = bq.Lines(x=[[0, 1]] * 3, y=[[1, 1]] * 3, scales={"x": x, "y": y},
                     colors=[look.colour for look in METHODS.values()])
    sides = [bq.Axis(scale=x), bq.Axis(scale=y, orientation="vertical")]
    layout = {"width": f"{size[0]}px", "height": f"{size[1]}px"}
    return bq.Figure(marks=[*below, lines, *above], axes=sides, layout=layout), lines
plane = {"x": bq.LinearScale(min=-3, max=3), "y": bq.LinearScale(min=-3, max=3)}
below = bq.Image(image=ipywidgets.Image(value=map_.getvalue()), x=[-3, 3], y=[-3, 3], scales=plane)
start = bq.Scatter(x=[0.0], y=[0.0], scales=plane, enable_move=True, update_on_move=True)
figures = [figure(plane["x"], plane["y"], (500, 500), [below], [start])]
for most in 250, 250:
    scales = bq.LinearScale(min=0, max=most), bq.LogScale(min=1e-5, max=8)
    figures.append(figure(*scales, (500, 250)))
def put(walks):
    most = max(len(walk[0][0]) for walk in walks)
    longer = lambda row: np.pad(np.asarray(row, float), (0, most - len(row)), "edge")
    for (_, lines), data in zip(figures, zip(*walks)):
        with lines.hold_sync():  # all lines of a mark are of one length
            lines.x, lines.y = (np.array([longer(row) for row in rows]) for rows in zip(*data))
start.observe(lambda _: move(start=(start.x[0], start.y[0])), "x")"""

# The floor: nothing is computed, 4 KB come back, and their number is shown. Newest wins, one is under way.
ECHO = '''import time
import anywidget
class Echo(anywidget.AnyWidget):
    _esm = """export default {render({model, el}) {
      el.innerHTML = `<div class="l643-stage"><input type="range" max="400" value="200">
        <div id="pad" style="height: 300px; background: #eee"></div><output>0</output></div>`;
      const [range, pad, output] = ["input", "#pad", "output"].map((each) => el.querySelector(each));
      const now = () => performance.timeOrigin + performance.now();
      el.onkeydown = (event) => event.stopPropagation();  // which JupyterLab would take from the slider
      let flying = false, waiting = null;
      window.echoes = [];
      const ask = (value) => {
        if (flying) { waiting = value; return; }
        flying = true;
        model.send({value, sent: now()});
      };
      model.on("msg:custom", (answer, buffers) => {
        window.echoes.push([answer.sent, answer.kernel, now()]);
        output.textContent = `${answer.value}: ${buffers[0].byteLength} bytes`;
        flying = false;
        if (waiting !== null) ask(waiting);
        waiting = null;
      });
      range.oninput = () => ask(range.value);
      pad.onpointerdown = (event) => pad.setPointerCapture(event.pointerId);
      pad.onpointermove = (event) => { if (event.buttons) ask([event.offsetX, event.offsetY]); };
    }}"""
echo = Echo()
echo.on_msg(lambda _, asked, __: echo.send({**asked, "kernel": 1e3 * time.time()}, [bytes(4096)]))
echo'''

# The limit: no kernel at all. The page computes nine lines of 240 points and moves them.
PAGE = '''import anywidget
class Page(anywidget.AnyWidget):
    _esm = """export default {render({el}) {
      const lines = '<polyline fill="none" stroke="teal"/>'.repeat(9);
      el.innerHTML = `<div class="l643-stage"><input type="range" max="400" value="200">
        <svg id="pad" width="1000" height="500">${lines}</svg></div>`;
      const [range, pad] = ["input", "#pad"].map((each) => el.querySelector(each));
      el.onkeydown = (event) => event.stopPropagation();
      let rate = 1, top = 0;
      const show = () => el.querySelectorAll("polyline").forEach((line, i) => {
        const y = (k) => top + 450 * Math.exp(-rate * k / 240 / (i + 1));
        line.setAttribute("points", Array.from({length: 240}, (_, k) => [4 * k, y(k)]).join(" "));
      });
      range.oninput = () => { rate = 10 ** (range.value / 100 - 2); show(); };
      pad.onpointerdown = (event) => pad.setPointerCapture(event.pointerId);
      pad.onpointermove = (event) => { if (event.buttons) { top = event.offsetY / 10; show(); } };
    }}"""
Page()'''

CANVAS, PAD = "canvas.l643-picture", "#pad"
MPL = ".jupyter-matplotlib-canvas-container canvas"
IMAGE = ".jp-OutputArea img"
LAST = ".bqplot:last-child .line"
_ipympl = SHARED + IPYMPL + OBSERVED + "VBox([slider, figure.canvas])"
_plotly = SHARED + PLOTLY + OBSERVED + "VBox([slider, figure])"
_bqplot = (
    SHARED
    + BQPLOT
    + OBSERVED
    + ("(left, _), *right = figures\nVBox([slider, HBox([left, VBox([each for each, _ in right])])])")
)

CONTENDERS = [
    Contender("explore.descent", OURS, RANGE, CANVAS, (CANVAS, 0.25, 0.5)),
    Contender("explore.descent, plain server", OURS, RANGE, CANVAS, (CANVAS, 0.25, 0.5), prompt=False),
    Contender("interact, constrained layout", SHARED + INTERACT.replace("AXES", CONSTRAINED), HANDLE, IMAGE),
    Contender("interact, axes placed by hand", SHARED + INTERACT.replace("AXES", BY_HAND), HANDLE, IMAGE),
    Contender("ipympl, set_data + draw_idle", _ipympl, HANDLE, MPL, (MPL, 0.25, 0.5)),
    Contender("plotly FigureWidget", _plotly, HANDLE, ".scatterlayer"),
    Contender("bqplot", _bqplot, HANDLE, LAST, (".bqplot .dot", 0.5, 0.5)),
    Contender("echo of 4 KB (the floor)", ECHO, RANGE, "output", (PAD, 0.25, 0.5)),
    Contender("echo of 4 KB, plain server", ECHO, RANGE, "output", (PAD, 0.25, 0.5), prompt=False),
    Contender("a page that computes itself (the limit)", PAGE, RANGE, "polyline", (PAD, 0.25, 0.5)),
]
