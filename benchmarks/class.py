"""A class at once: N students of one JupyterHub on this machine, each with a hand on notebook 04's slider.

    .venv/bin/pip install -e ".[test,benchmarks]"
    .venv/bin/python benchmarks/class.py --users 20 --seconds 60
    .venv/bin/python benchmarks/class.py --users 5 --seconds 10 --restart

JupyterHub, its usual proxy (configurable-http-proxy, which npm brings where it is not), one server and one
kernel for each student, and one websocket each through the proxy. After all code cells of notebook 04 have
run, every student moves the `rate` slider of the race twice a second. All of it, the students too, shares
this machine's processors: run it where nothing else does.

answer      from a change to the picture's arrival: median, and what 19 of 20 are below
lost        changes without an answer within a minute
kernel      memory of a student's kernel after the notebook has run, and after the minute (RSS: all that it
            sees; PSS: what several kernels share is counted once, which is what a class takes)
server      memory of a student's server (PSS)
processor   of the kernel, and of all else that serves (server, proxy, hub), by the changes

--restart: a prediction is made, all servers are ended and started again in the middle, and what was kept is
looked for.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import psutil
from hub import ROOT, Hub, hub, proxy_in
from student import Student

from lecture643 import logbook
from lecture643.reach import copies

NOTEBOOK = "04_stochastic_gradient_descent.ipynb"
CELL = "race"
RATES = [round(0.05 * 1.09**step, 4) for step in range(40)]
PERIOD = 0.5
COLUMNS = (
    "students", "answer p50, ms", "p95, ms", "lost", "kernel idle, MB", "busy, MB", "busy (PSS), MB",
    "server, MB", "processor, kernel, ms", "all else, ms",
)  # fmt: skip


def cells() -> list[tuple[str, str]]:
    """Names and sources of the code cells."""
    notebook = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4)
    return [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]


async def came(hub: Hub, name: str) -> Student:
    """A student whose notebook has run, and who sees the race."""
    copies.bring(hub.homes / name, copies.originals())
    await hub.start(name)
    student = Student(hub, name, NOTEBOOK)
    await student.open()
    for cell, source in cells():
        await student.run(cell, source)
    await student.say(CELL, kind="hello", density=2, width=1000, height=700)
    return student


async def play(student: Student, seconds: float, delay: float) -> None:
    """Move the slider at a steady pace, whether or not the answer has come."""
    await asyncio.sleep(delay)
    moves = []
    for number in range(int(seconds / PERIOD)):
        rate = RATES[number % len(RATES)]
        moves.append(asyncio.create_task(student.move(CELL, number, {"rate": rate})))
        await asyncio.sleep(PERIOD)
    await asyncio.gather(*moves)


def seconds_of(processes: list[psutil.Process]) -> float:
    """Processor time so far."""
    return sum(sum(each.cpu_times()[:2]) for each in processes)


def megabytes(processes: list[psutil.Process], kind: str) -> float:
    """Memory for each student."""
    return sum(getattr(each.memory_full_info(), kind) for each in processes) / 1e6


async def lesson(hub: Hub, users: int, seconds: float) -> list[str]:
    """One row of the table."""
    names = [f"student{number}" for number in range(users)]
    students = [await came(hub, name) for name in names]  # in turn, as starting is not what is measured
    kernels = [each for student in students for each in hub.processes(student.kernel)]
    servers = hub.processes("jupyterhub.singleuser")
    others = [each for each in hub.process.children(recursive=True) if each not in kernels]
    idle = megabytes(kernels, "rss") / users
    for student in students:
        await student.move(CELL, -1, {"rate": 0.5})  # brings the still part, as the first sight does
        student.waits.clear()
    await asyncio.sleep(1)
    before = seconds_of(kernels), seconds_of([*others, hub.process])
    await asyncio.gather(*(play(each, seconds, PERIOD * i / users) for i, each in enumerate(students)))
    spent = seconds_of(kernels) - before[0], seconds_of([*others, hub.process]) - before[1]
    waits = sorted(1e3 * wait for student in students for wait in student.waits)
    row = [statistics.median(waits), waits[int(0.95 * len(waits))], sum(student.lost for student in students)]
    row += [
        idle,
        megabytes(kernels, "rss") / users,
        megabytes(kernels, "pss") / users,
        megabytes(servers, "pss") / users,
    ]
    for student in students:
        await student.close()
    for name in names:
        await hub.stop(name)
    return [f"{each:.0f}" for each in (users, *row, *(1e3 * part / len(waits) for part in spent))]


async def restart(hub: Hub, users: int, seconds: float) -> str:
    """Predict, move, end all servers in the middle, come back: what of the predictions is still there."""
    names = [f"student{number}" for number in range(users)]
    students = [await came(hub, name) for name in names]
    for student in students:
        await student.say(CELL, kind="task", act="commit", guess=0, calm=True, number=-2)
    await asyncio.gather(*(play(student, seconds / 2, 0) for student in students))
    kept = [predictions(hub.homes / name) for name in names]
    for student in students:
        await student.close()
        await hub.stop(student.name)
    students = [await came(hub, name) for name in names]
    await asyncio.gather(*(play(student, seconds / 2, 0) for student in students))
    lost = sum(before != predictions(hub.homes / name) for before, name in zip(kept, names, strict=True))
    for student in students:
        await student.close()
    made, moves = sum(map(len, kept)), sum(len(student.waits) for student in students)
    return f"{made} predictions kept before the restart, {lost} students lost any; {moves} answers after it."


def predictions(home: Path) -> dict[str, Any]:
    """What the student's logbook holds."""
    file = home / logbook.FILE
    told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return dict(told.get("predictions", {}))


def main() -> None:
    """Print the table in markdown, a row for each number of students."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, nargs="+", default=[1, 5, 10, 20], help="how many at once")
    parser.add_argument("--seconds", type=float, default=60, help="how long they move the slider")
    parser.add_argument("--restart", action="store_true", help="end all servers in the middle")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        proxy = proxy_in(Path(folder))
        if not asked.restart:
            print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
        for users in asked.users:
            home = Path(folder) / f"with{users}"
            home.mkdir()
            with hub(home, proxy) as running:
                if asked.restart:
                    print(asyncio.run(restart(running, users, asked.seconds)), flush=True)
                else:
                    row = asyncio.run(lesson(running, users, asked.seconds))
                    print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
