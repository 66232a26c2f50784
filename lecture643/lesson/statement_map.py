"""The lecture's statements as a map that fills up while one predicts, reaches goals and solves homework."""

import weakref
from dataclasses import dataclass
from typing import Any

from matplotlib.collections import PolyCollection

from lecture643 import logbook
from lecture643.lesson.progress import NOTEBOOKS, Task, counted, tasks
from lecture643.lesson.statements import STATEMENTS
from lecture643.live import Pointer, Settings, View, choice, given
from lecture643.picture import draw
from lecture643.picture.diagram import Cell, in_pixels
from lecture643.picture.figure import LiveFigure
from lecture643.picture.lettering import Line, Texts, text_width, wrapped
from lecture643.picture.mosaic import NARROW, Mosaic

ALL = "all"
DONE, BEGUN, EMPTY = "#7fc0ea", "#cfe6f7", "#ffffff"
GAP = 5  # pixels between two tiles


def _notebook(name: str, value: str) -> str:
    if value not in NOTEBOOKS:
        raise ValueError(f"{name} must be one of {', '.join(NOTEBOOKS)}, or empty for all, got {value!r}")
    return value


def _statements(settings: Any) -> list[str]:
    """Those of the notebook."""
    there = {one for task in tasks(settings.notebook or "") for one in task.statements}
    return [ALL, *(one for one in STATEMENTS if one in there)]


@dataclass(frozen=True)
class StatementMapSettings(Settings):
    """What the map can be set to."""

    notebook: str | None = given(None, 'one notebook only, such as "04"', _notebook)
    statement: str = choice("statement", ALL, _statements, secondary=True, meaning="the one that is told of")


@dataclass(frozen=True)
class State:
    """The tasks of each statement, by notebook, and the one that is told of."""

    rows: dict[str, dict[str, list[Task]]]  # notebook -> statement -> its tasks
    done: frozenset[tuple[str, str]]  # kind and name of the tasks that are
    statement: str

    def share(self, some: list[Task]) -> float:
        """How much of the tasks is done."""
        return sum((task.kind, task.name) in self.done for task in some) / len(some)


class StatementMap(View[StatementMapSettings, State]):
    """A tile for each statement: the more of its predictions, goals and homework is done, the fuller it is.

    Press a tile to read what there is to do.
    """

    panels = Mosaic("map", size=(1000, 520), bare=["map"], stacked={"map": 2.6})
    most = 10  # tiles in a row

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        _open.add(self)

    def build(self, live: LiveFigure) -> None:
        ax = live.axes("map")
        self.size, self.font = in_pixels(ax), live.style.font
        self.tiles, self.fills = PolyCollection([], edgecolors=draw.FAINT), PolyCollection([], linewidths=0)
        for made in (self.fills, self.tiles):
            ax.add_collection(made)
        self.tiles.set_facecolor("none")
        self.texts = Texts(ax)
        live.moving(self.fills, self.tiles, self.texts)

    def compute(self, settings: StatementMapSettings) -> State:
        shown = [settings.notebook] if settings.notebook else list(NOTEBOOKS)
        rows: dict[str, dict[str, list[Task]]] = {}
        for notebook in shown:
            mine = tasks(notebook)
            there = {one for task in mine for one in task.statements}
            rows[notebook] = {
                one: [task for task in mine if one in task.statements] for one in STATEMENTS if one in there
            }
        done = {(kind, name) for kind, page in logbook.pages().items() for name in page}
        return State(rows, frozenset(done), settings.statement)

    def draw(self, state: State) -> None:
        self.places, lines, fills = self._lay_out(state), [], []
        self.size_of_words = self._word_size()
        for cell in self.places:
            some = state.rows[cell.key[0]][cell.key[1]]
            share = state.share(some)
            fills.append(cell._replace(width=max(share * cell.width, 1e-3)).corners)
            lines += self._lettering(cell, share)
        self.fills.set_verts(fills)
        self.fills.set_facecolor([DONE if self._full(cell, state) else BEGUN for cell in self.places])
        self.tiles.set_verts([cell.corners for cell in self.places])
        chosen = [cell.key[1] == state.statement for cell in self.places]
        self.tiles.set_linewidth([2.5 if yes else 0.8 for yes in chosen])
        self.tiles.set_edgecolor([draw.INK if yes else draw.FAINT for yes in chosen])
        self.texts.write([*lines, *self.heads])

    def _full(self, cell: Cell, state: State) -> bool:
        return state.share(state.rows[cell.key[0]][cell.key[1]]) == 1

    def _lay_out(self, state: State) -> list[Cell]:
        """Tiles in rows, a row for each notebook, or several where it is narrow; on the left its number."""
        (width, height), several = self.size, len(state.rows) > 1
        left = 2.2 * self.font / 0.72 if several else 0.0
        longest = max(len(row) for row in state.rows.values())
        most = 3 if width < NARROW else min(self.most, longest)
        rows = [
            (notebook, list(row)[i : i + most])
            for notebook, row in state.rows.items()
            for i in range(0, max(len(row), 1), most)
        ]
        high, wide = height / len(rows), (width - left) / most
        cells, self.heads = [], []
        for n, (notebook, some) in enumerate(rows):
            bottom = height - (n + 1) * high
            if several and (n == 0 or rows[n - 1][0] != notebook):
                middle = bottom + high / 2 - 0.33 * self.font / 0.72
                self.heads.append(Line(0, middle, notebook, self.font, draw.FAINT, "left", bold=True))
            for k, one in enumerate(some):
                at = left + k * wide
                cells.append(Cell((notebook, one), at, bottom + GAP / 2, wide - GAP, high - GAP))
        return cells

    def _lettering(self, cell: Cell, share: float) -> list[Line]:
        """The number, and below it the words in as many lines as they need, all of one size."""
        (x, _), size = cell.centre, self.size_of_words
        em, top = self.font / 0.72, cell.bottom + cell.height
        number = f"{cell.key[1]} ✓" if share == 1 else cell.key[1]
        words = wrapped(STATEMENTS[cell.key[1]].short, (cell.width - 4) * 0.72 / size)
        baselines = (top - 1.25 * em - (n + 0.9) * 1.12 * size / 0.72 for n in range(len(words)))
        below = [Line(x, y, line, size, draw.INK) for line, y in zip(words, baselines, strict=False)]
        return [Line(x, top - 1.05 * em, number, self.font, bold=True), *below]

    def _word_size(self) -> float:
        """At which the longest word has room in a tile, and three lines have."""
        words = (word for cell in self.places for word in STATEMENTS[cell.key[1]].short.split())
        longest, cell = max(map(text_width, words)), self.places[0]
        room = cell.height - 1.35 * self.font / 0.72
        return min(0.8 * self.font, 0.72 * (cell.width - 4) / longest, 0.72 * room / 3.3)

    def sentence(self, state: State) -> str:
        mine = [task for row in state.rows.values() for some in row.values() for task in some]
        every = list(dict.fromkeys(mine))
        full = sum(state.share(some) == 1 for row in state.rows.values() for some in row.values())
        statements = sum(len(row) for row in state.rows.values())
        told = f"Done: {counted(every)}; {full} of {draw.plural(statements, 'statement')} are full."
        if state.statement != ALL:
            some = next((row[state.statement] for row in state.rows.values() if state.statement in row), [])
            told += f" {state.statement}, {STATEMENTS[state.statement].short}: {self._todo(some, state)}"
        return f"{told} {logbook.trouble}".strip()

    def _todo(self, some: list[Task], state: State) -> str:
        done = {True: "done", False: "to do"}
        singular = {"predictions": "prediction", "goals": "goal", "homework": "homework"}
        return " ".join(
            f"{singular[task.kind].capitalize()}, {done[(task.kind, task.name) in state.done]}: {task.say}"
            for task in some
        )

    def drag(self, pointer: Pointer) -> dict[str, Any]:
        """A press on a tile tells of its statement; a press beside, of all."""
        if not pointer.begins:
            return {}
        here = (cell.key[1] for cell in self.places if cell.contains(pointer.x, pointer.y))
        return {"statement": next(here, ALL)}


class NotebookMap(StatementMap):
    """The tiles of one notebook in one row, for its head."""

    panels = Mosaic("map", size=(1000, 72), bare=["map"], stacked={"map": 0.5})
    most = 20


def progress(notebook: str = "") -> StatementMap:
    """How far one has come, in a notebook ("04") or in all."""
    return NotebookMap(notebook=notebook) if notebook else StatementMap()


_open: "weakref.WeakSet[StatementMap]" = weakref.WeakSet()


def _follow(*_: str) -> None:
    for view in list(_open):
        view.refresh()


logbook.on_change(_follow)
