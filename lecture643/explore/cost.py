"""What one step costs on this very machine: GD, exact line search and SGD, as S grows and as d grows."""

from collections.abc import Iterator
from dataclasses import dataclass

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from lecture643.live.controls import whole
from lecture643.live.view import LiveFigure, View
from lecture643.maths import timing
from lecture643.picture import draw

PATIENCE = 0.5  # seconds: a line ends where its next point would take longer
METHODS = {"exact": draw.KINDS_OF_GD["exact"], "gd": draw.METHODS["gd"], "sgd": draw.METHODS["sgd"]}
DECADES = {"exact": 1, "gd": 2, "sgd": 2}  # that the slopes are fitted over: the search's line is shorter
PANELS = ("samples", "inputs", "memory")
THEORY = {  # the slopes of slide and theory, and where their lines start before anything is measured
    "samples": {"exact": (1, 1e-4), "gd": (1, 1e-6), "sgd": (0, 1e-5)},
    "inputs": {"exact": (1, 1e-4), "gd": (1, 1e-6), "sgd": (1, 3e-7)},
    "memory": {"gd": (1, 160.0), "sgd": (1, 160.0)},
}

Piece = tuple[str, str, int, int]  # panel, method, samples, inputs
Points = list[tuple[int, float]]  # (S or d, seconds or bytes)


@dataclass(frozen=True)
class State:
    """What has been measured so far with these settings: panel -> method -> points, and their slopes."""

    d: int
    s: int
    points: dict[str, dict[str, Points]]
    slopes: dict[str, dict[str, float | None]]
    whole: bool


class Cost(View[State]):
    """The cost of a step, measured where you are (slide "Gradient Descent for our MLP Problem": O(Sd), O(d)).

    Left: seconds for one step of each method while S grows from 10 to 10⁶. Middle: while d grows.
    Right: the most bytes that a step holds besides the data. All axes are logarithmic, so a power is a
    straight line. Before "Measure" is pressed only the slopes of the theory are drawn, in grey. Measuring
    takes some seconds, a piece at a time; a line ends where its next point would take over half a second.

    d: inputs while S grows. s: samples while d grows. `view.measure()` measures all at once, for scripts.
    """

    size = (1000, 450)

    def __init__(self, d: int = 5, s: int = 10) -> None:
        self._measured: dict[Piece, float] = {}
        self._waiting: Iterator[Piece] = iter(())
        controls = {
            "d": whole("d, while S grows", d, 1, 10),
            "s": whole("S, while d grows", s, 1, 10),
        }
        self.button = widgets.Button(description="Measure", icon="play", tooltip="measure on this machine")
        self.button.on_click(lambda _: self._begin())
        self.progress = widgets.IntProgress(max=1, description="", layout={"width": "240px"})
        super().__init__(controls, rows=[["d", "s", self.button, self.progress]], secondary=["d", "s"])

    # --- measuring ------------------------------------------------------------------------------

    def measure(self) -> None:
        """Measure every point that is missing, now; in a notebook the button does it bit by bit."""
        for piece in self._missing():
            self._take(piece)
        timing.random_data.cache_clear()
        self.refresh(raising=True)

    def _begin(self) -> None:
        """Measure anew with the present settings, one piece in each turn of the event loop."""
        for piece in self._pieces():
            self._measured.pop(piece, None)
        self._waiting = self._missing()
        self._next()

    def _next(self) -> None:
        try:
            piece = next(self._waiting, None)
            if piece is None:
                timing.random_data.cache_clear()  # up to 80 MB
            else:
                self._take(piece)
        except Exception as failure:  # such as too little memory
            self._fail(failure)
            return
        self.refresh()
        if piece is not None:
            self._later("measure", 0.005, self._next)

    def _pieces(self) -> list[Piece]:
        """Every point of the present settings, those on the same data beside each other."""
        d, s = self.controls["d"].value, self.controls["s"].value
        return [
            *(("samples", method, size, d) for size in timing.SIZES for method in METHODS),
            *(("inputs", method, s, size) for size in timing.SIZES for method in METHODS),
            *(("memory", method, s, size) for size in timing.SIZES for method in ("gd", "sgd")),
        ]

    def _missing(self) -> Iterator[Piece]:
        """The points to measure, one by one; the long ones are passed over."""
        pieces = self._pieces()
        for done, piece in enumerate(pieces):
            self.progress.max, self.progress.value = len(pieces), done
            if piece not in self._measured and self._forecast(piece) < PATIENCE:
                yield piece
        self.progress.value = len(pieces)

    def _forecast(self, piece: Piece) -> float:
        """How long this point may take: 4 times the one before it, whose data were a third in size."""
        panel, method, samples, inputs = piece
        rank = timing.SIZES.index(samples if panel == "samples" else inputs)
        if panel == "memory" or rank == 0:
            return 0.0
        before = timing.SIZES[rank - 1]
        smaller = (panel, method, before, inputs) if panel == "samples" else (panel, method, samples, before)
        return 4 * self._measured.get(smaller, np.inf)

    def _take(self, piece: Piece) -> None:
        panel, method, samples, inputs = piece
        step = timing.step_of(method, samples, inputs)
        self._measured[piece] = timing.held_bytes(step) if panel == "memory" else timing.seconds(step)

    # --- showing --------------------------------------------------------------------------------

    def build(self, live: LiveFigure) -> None:
        titles = ("seconds for a step", "seconds for a step", "bytes held in a step")
        self.panels = {
            panel: live.axes(left, 0.15, 0.255, 0.67, title=title)
            for panel, left, title in zip(PANELS, (0.065, 0.4, 0.735), titles, strict=True)
        }
        bounds = {"samples": (1e-6, 30), "inputs": (1e-6, 30), "memory": (100, 1e9)}
        exponents = {"samples": (-6, 2, 2), "inputs": (-6, 2, 2), "memory": (2, 10, 2)}
        for panel, ax in self.panels.items():
            ax.set(xscale="log", yscale="log", xlim=(7, 1.5e6), ylim=bounds[panel])
            ax.set_xticks([10, 1e3, 1e5])
            ax.set_yticks(10.0 ** np.arange(*exponents[panel]))
            ax.grid(True, alpha=0.35, linewidth=0.8)
        self.theory = {
            (panel, method): ax.plot(
                [], [], color=draw.FAINT, linewidth=1.2, linestyle=METHODS[method].dashes
            )[0]
            for panel, ax in self.panels.items()
            for method in THEORY[panel]
        }
        self.lines = {
            (panel, method): draw.method_line(
                ax, method, marker=METHODS[method].marker, markeredgecolor="white"
            )
            for panel, ax in self.panels.items()
            for method in THEORY[panel]
        }
        self.names = {panel: _below(ax) for panel, ax in self.panels.items()}
        live.figure.legend(
            handles=[self.lines["samples", method] for method in METHODS],
            loc="upper center",
            ncols=3,
            frameon=False,
        )
        self.invitation = [
            ax.text(0.04, 0.97, "", transform=ax.transAxes, va="top", color=draw.FAINT)
            for ax in self.panels.values()
        ]
        live.moving(*self.theory.values(), *self.lines.values(), *self.names.values(), *self.invitation)

    def compute(self, d: int, s: int) -> State:
        points: dict[str, dict[str, Points]] = {
            panel: {method: [] for method in methods} for panel, methods in THEORY.items()
        }
        for panel, method, samples, inputs in self._pieces():
            if (value := self._measured.get((panel, method, samples, inputs))) is not None:
                points[panel][method].append((samples if panel == "samples" else inputs, value))
        slopes = {
            panel: {m: timing.fitted_slope(*_columns(at), DECADES[m]) for m, at in by_method.items()}
            for panel, by_method in points.items()
        }
        last = timing.SIZES[-1]
        complete = all(by[m] and by[m][-1][0] == last for by in points.values() for m in ("gd", "sgd"))
        return State(d, s, points, slopes, complete)

    def draw(self, state: State) -> None:
        self.names["samples"].set_text(f"samples $S$, at $d={state.d}$")
        self.names["inputs"].set_text(f"inputs $d$, at $S={state.s}$")
        self.names["memory"].set_text(f"inputs $d$, at $S={state.s}$")
        for panel, text in zip(PANELS, self.invitation, strict=True):
            text.set_text("" if any(state.points[panel].values()) else "not measured yet")
        sizes = np.array(timing.SIZES, dtype=float)
        for (panel, method), line in self.lines.items():
            at = state.points[panel][method]
            line.set_data(*_columns(at))
            slope, first = THEORY[panel][method]
            # The theory knows the slope only: its line passes through the last point that is measured.
            through = at[-1][1] / at[-1][0] ** slope if at else first / sizes[0] ** slope
            self.theory[panel, method].set_data(sizes, through * sizes**slope)

    def sentence(self, state: State) -> str:
        if not state.whole:
            return (
                "Not measured yet: press Measure. The grey lines have the slopes of the theory: in S, from "
                f"10 to 10⁶ at d = {state.d}, a step of GD and an exact line search grow like S, a step of "
                f"SGD not at all; in d, at S = {state.s}, all grow like d, and so does the memory."
            )
        gd, sgd = (state.points["samples"][m][-1][1] for m in ("gd", "sgd"))
        held = state.points["memory"]["gd"][-1]
        return (
            f"Measured here, at d = {state.d} and S = 10⁶: a step of GD takes {draw.number(1e3 * gd)} ms, "
            f"a step of SGD {draw.number(1e3 * sgd)} ms. Fitted slopes in S: "
            f"{self._slopes_told(state, 'samples')}; in d, at S = {state.s}: "
            f"{self._slopes_told(state, 'inputs')}. A step of GD holds "
            f"{draw.number(held[1] / held[0])} bytes for each weight."
        )

    def _slopes_told(self, state: State, panel: str) -> str:
        told = {m: slope for m, slope in state.slopes[panel].items() if slope is not None}
        return ", ".join(f"{METHODS[m].name} {draw.number(round(slope, 3))}" for m, slope in told.items())


def _columns(points: Points) -> tuple[list[float], list[float]]:
    return [float(size) for size, _ in points], [value for _, value in points]


def _below(ax: Axes) -> Text:
    """A name under the axis that may change."""
    return ax.text(0.5, -0.13, "", transform=ax.transAxes, ha="center", va="top")
