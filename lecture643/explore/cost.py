"""What one step costs on this very machine: GD, exact line search and SGD, as S grows and as d grows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from lecture643.live import Settings, View, switch, whole
from lecture643.maths import timing
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

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
class CostSettings(Settings):
    """What the measurement can be set to."""

    d: int = whole("d, while S grows", 5, 1, 10, secondary=True, meaning="inputs while S grows")
    s: int = whole("S, while d grows", 10, 1, 10, secondary=True, meaning="samples while d grows")
    theory: bool = switch(
        "slopes of the theory", True, secondary=True, meaning="whether they are drawn, in grey"
    )


@dataclass(frozen=True)
class State:
    """What has been measured so far with these settings: panel -> method -> points, and their slopes."""

    d: int
    s: int
    theory: bool  # whether its slopes are shown
    points: dict[str, dict[str, Points]]
    slopes: dict[str, dict[str, float | None]]
    whole: bool
    progress: float  # the share of the measuring that is done, 1 while none is under way


class Cost(View[CostSettings, State]):
    """The cost of a step, measured where you are (slide "Gradient Descent for our MLP Problem": O(Sd), O(d)).

    Left: seconds for one step of each method while S grows from 10 to 10⁶. Middle: while d grows.
    Right: the most bytes that a step holds besides the data. All axes are logarithmic, so a power is a
    straight line. Before "Measure" is pressed only the slopes of the theory are drawn, in grey. Measuring
    takes some seconds, a piece at a time; a line ends where its next point would take over half a second.

    `view.measure()` measures all at once, for scripts.
    """

    panels = Mosaic(
        "samples inputs memory",
        size=(1000, 450),
        rooms=dict.fromkeys(("samples", "inputs", "memory"), (4, 0.8, 4, 4)),
    )
    actions = {"measure": "Measure"}
    _measured: dict[Piece, float]
    _under_way = False

    # --- measuring ------------------------------------------------------------------------------

    def measure(self) -> None:
        """Measure anew with the present settings: piece by piece in a notebook, all at once in a script."""
        for piece in _pieces(self.settings):
            self._measured.pop(piece, None)
        self._under_way = True
        self.refresh()

    def states(self, settings: CostSettings) -> Iterator[State]:
        """After each piece, while it is measured; else what is known."""
        if not hasattr(self, "_measured"):
            self._measured = {}
        pieces = _pieces(settings)
        under_way, self._under_way = self._under_way, False  # only once, however it ends
        for done, piece in enumerate(pieces if under_way else []):
            if piece not in self._measured and self._forecast(piece) < PATIENCE:
                self._take(piece)
                yield self._state(settings, done / len(pieces))
        timing.random_data.cache_clear()  # up to 80 MB
        yield self._state(settings, 1.0)

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
        self.axes = {
            panel: live.axes(panel, title=title) for panel, title in zip(PANELS, titles, strict=True)
        }
        bounds = {"samples": (1e-6, 30), "inputs": (1e-6, 30), "memory": (100, 1e9)}
        exponents = {"samples": (-6, 2, 2), "inputs": (-6, 2, 2), "memory": (2, 10, 2)}
        for panel, ax in self.axes.items():
            ax.set(xscale="log", yscale="log", xlim=(7, 1.5e6), ylim=bounds[panel])
            ax.set_xticks([10, 1e3, 1e5])
            ax.set_yticks(10.0 ** np.arange(*exponents[panel]))
            ax.grid(True, alpha=0.35, linewidth=0.8)
        thin: dict[str, Any] = {"color": draw.FAINT, "linewidth": 1.2}
        self.theory = {
            (panel, method): ax.plot([], [], linestyle=METHODS[method].dashes, **thin)[0]
            for panel, ax in self.axes.items()
            for method in THEORY[panel]
        }
        self.lines = {
            (panel, method): draw.method_line(
                ax, method, marker=METHODS[method].marker, markeredgecolor="white"
            )
            for panel, ax in self.axes.items()
            for method in THEORY[panel]
        }
        self.names = {panel: _below(ax) for panel, ax in self.axes.items()}
        live.figure.legend(
            handles=[self.lines["samples", method] for method in METHODS],
            loc="upper center",
            ncols=3,
            frameon=False,
        )
        self.invitation = [
            ax.text(0.04, 0.97, "", transform=ax.transAxes, va="top", color=draw.FAINT)
            for ax in self.axes.values()
        ]
        bar = self.axes["samples"]
        (self.bar,) = bar.plot([], [], color=draw.INK, linewidth=5, transform=bar.transAxes, clip_on=False)
        live.moving(*self.theory.values(), *self.lines.values(), *self.names.values(), *self.invitation)
        live.moving(self.bar)

    def _state(self, settings: CostSettings, progress: float) -> State:
        points: dict[str, dict[str, Points]] = {
            panel: {method: [] for method in methods} for panel, methods in THEORY.items()
        }
        for panel, method, samples, inputs in _pieces(settings):
            if (value := self._measured.get((panel, method, samples, inputs))) is not None:
                points[panel][method].append((samples if panel == "samples" else inputs, value))
        slopes = {
            panel: {m: timing.fitted_slope(*_columns(at), DECADES[m]) for m, at in by_method.items()}
            for panel, by_method in points.items()
        }
        last = timing.SIZES[-1]
        complete = all(by[m] and by[m][-1][0] == last for by in points.values() for m in ("gd", "sgd"))
        return State(settings.d, settings.s, settings.theory, points, slopes, complete, progress)

    def draw(self, state: State) -> None:
        self.names["samples"].set_text(f"samples $S$, at $d={state.d}$")
        self.names["inputs"].set_text(f"inputs $d$, at $S={state.s}$")
        self.names["memory"].set_text(f"inputs $d$, at $S={state.s}$")
        self.bar.set_data(
            [0, state.progress] if state.progress < 1 else [], [1.01, 1.01] if state.progress < 1 else []
        )
        for panel, text in zip(PANELS, self.invitation, strict=True):
            text.set_text("" if any(state.points[panel].values()) else "not measured yet")
        sizes = np.array(timing.SIZES, dtype=float)
        for (panel, method), line in self.lines.items():
            at = state.points[panel][method]
            line.set_data(*_columns(at))
            slope, first = THEORY[panel][method]
            # The theory knows the slope only: its line passes through the last point that is measured.
            through = at[-1][1] / at[-1][0] ** slope if at else first / sizes[0] ** slope
            self.theory[panel, method].set_visible(state.theory)
            self.theory[panel, method].set_data(sizes, through * sizes**slope)

    def sentence(self, state: State) -> str:
        if state.progress < 1:
            return f"Measuring, {100 * state.progress:.0f} % done: each line grows by one size at a time."
        if not state.whole:
            if not state.theory:
                return f"Not measured yet, at d = {state.d} and at S = {state.s}: press Measure."
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


def _pieces(settings: CostSettings) -> list[Piece]:
    """Every point of these settings, those on the same data beside each other."""
    d, s = settings.d, settings.s
    return [
        *(("samples", method, size, d) for size in timing.SIZES for method in METHODS),
        *(("inputs", method, s, size) for size in timing.SIZES for method in METHODS),
        *(("memory", method, s, size) for size in timing.SIZES for method in ("gd", "sgd")),
    ]


def _columns(points: Points) -> tuple[list[float], list[float]]:
    return [float(size) for size, _ in points], [value for _, value in points]


def _below(ax: Axes) -> Text:
    """A name under the axis that may change."""
    return ax.text(0.5, -0.13, "", transform=ax.transAxes, ha="center", va="top")
