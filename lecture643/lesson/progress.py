"""How far one has come: what there is to do about each statement, and what of it is done."""

import html
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from lecture643 import logbook
from lecture643.homework import exercises
from lecture643.lesson import activities

NOTEBOOKS = {
    "01": "MLP, data perspective",
    "02": "Optimization concepts",
    "03": "Gradient descent",
    "04": "SGD and mini-batches",
    "05": "Backpropagation by hand",
    "06": "Backpropagation in matrices",
    "07": "Training for prediction",
}


class Task(NamedTuple):
    """Something to do: kind, "predictions", "goals" or "homework", and name are those of the logbook."""

    kind: str
    name: str
    notebook: str
    statements: tuple[str, ...]
    say: str

    @property
    def entry(self) -> logbook.Entry | None:
        """What the logbook knows of it."""
        return logbook.noted(self.kind, self.name)


def tasks(notebook: str = "") -> list[Task]:
    """All that there is to do, or what there is in one notebook ("04")."""
    return [task for task in _tasks() if notebook in ("", task.notebook)]


def _tasks() -> Iterable[Task]:
    for activity in activities.values():
        place = activity.notebook, tuple(activity.statements)
        if activity.ask:
            yield Task("predictions", activity.name, *place, activity.ask.ask)
        for title, goal in activity.titled_goals():
            yield Task("goals", title, *place, goal.say)
    for name, exercise in exercises.EXERCISES.items():
        yield Task("homework", name, exercise.notebook, tuple(exercise.statements), exercise.title)


def counted(some: Iterable[Task]) -> str:
    """1 of 4 predictions, 2 of 3 goals, 0 of 2 homework."""
    some, parts = list(some), []
    for kind in logbook.KINDS:
        mine = [task for task in some if task.kind == kind]
        if mine:
            parts.append(f"{sum(task.entry is not None for task in mine)} of {len(mine)} {kind}")
    return ", ".join(parts)


def clear_progress() -> None:
    """Forget all that was predicted, reached and solved."""
    logbook.clear()
    print("Your progress is cleared.")


def summary(file: str = "my_summary.html") -> None:
    """Write one page about all that was predicted, reached and solved: for oneself, or to hand in."""
    path = Path(file)
    path.write_text(page(), encoding="utf-8")
    print(f"Written to {path.name}: {counted(tasks())}.")


def page() -> str:
    """The summary as a page of HTML that needs nothing else."""
    sections = []
    for notebook, title in NOTEBOOKS.items():
        rows = "".join(_row(task, entry) for task in tasks(notebook) if (entry := task.entry))
        heading = f"<h2>{notebook} {html.escape(title)}: {counted(tasks(notebook))}</h2>"
        sections.append(f"{heading}<table>{rows}</table>" if rows else heading)
    return _PAGE.format(day=f"{date.today():%d %B %Y}", counted=counted(tasks()), body="\n".join(sections))


def _row(task: Task, entry: logbook.Entry) -> str:
    told = {
        "predictions": (
            f"{'said ' + entry['said'] if entry.get('said') else 'was shown'}; it is {entry.get('truth', '')}"
        ),
        "goals": f"reached with {entry.get('code', '')}",
        "homework": "solved",
    }[task.kind]
    sign = "✓" if entry.get("right", True) else "✗"
    cells = (sign, ", ".join(task.statements), task.say, told, str(entry.get("when", "")))
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>\n"


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>IE 643, lectures 6 and 7: what I did</title>
<style>
body {{ font: 14px/1.4 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #1b1f24; }}
h2 {{ font-size: 1.1em; margin: 1.4em 0 0.3em; }}
table {{ border-collapse: collapse; width: 100%; }}
td {{ border-top: 1px solid #c6cbd2; padding: 3px 8px; vertical-align: top; }}
</style></head><body>
<h1>IE 643, lectures 6 and 7: what I did</h1>
<p>{day}. In all {counted}.</p>
{body}
</body></html>
"""
