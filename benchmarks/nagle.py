"""Where 40 ms go between a kernel and a browser: one way there and one way back, and what the packets say.

    .venv/bin/python benchmarks/nagle.py        # as root, and with tcpdump, it listens to the packets too

An anywidget sends a few bytes on a key press and the kernel answers with 4 KB. Both take the time by the
one clock of the machine. Keys come at several paces, in turn on a Jupyter server as it comes ("plain") and
on one with this package's extension, which sets TCP_NODELAY.

Of the packets it tells, for each answer: how long the server had it from the kernel before it sent it on;
whether it left while earlier bytes to the browser were not acknowledged yet, which Nagle's algorithm
forbids; and whether it left just when a late acknowledgement of those came in.

The counter-proof, in a network of its own whose system acknowledges all at once, with Nagle's algorithm on:

    unshare --net sh -c 'ip link set lo up; for to in 127.0.0.0/8 127.0.0.1; do
        ip route change table local local $to dev lo scope host src 127.0.0.1 quickack 1; done
        .venv/bin/python benchmarks/nagle.py'

What came of it (Linux 6.18, JupyterLab 4.6, Chromium, two busy processors): with keys 60 ms apart the answers
of a plain server wait there for 42 ms, each of them until the browser's system acknowledges the bytes before,
late, and leave 0.02 ms after it: 44 ms back, against 7 to 9 with TCP_NODELAY, where most answers leave
before that acknowledgement. Acknowledged at once they take 6 to 7 ms back on both servers. So it is
Nagle's algorithm that waits for a delayed acknowledgement. With keys 120 ms apart half of the answers
wait, or all; with keys 500 ms apart none, as the system acknowledges at once after a rest.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contenders import ECHO, RANGE
from hand import lab, opened, server
from playwright.sync_api import Browser

ROUNDS, PRESSES, PAUSES = 2, 20, (0.06, 0.12, 0.5)  # seconds between presses
PACKET = re.compile(r"^([\d.]+) IP [\d.]+\.(\d+) > [\d.]+\.(\d+): .*? length (\d+)", re.M)
HEAD = """keys apart, server    there     back      held     early       released
(ms, medians; held: at the server; early: of the answers, how many left while earlier bytes had not been
acknowledged; released: how many left within 2 ms of an acknowledgement that took more than 30 ms)"""
ANSWER = range(4096, 8192)  # bytes of a packet with 4 KB and what is said about them


def echoes(browser: Browser, address: str) -> dict[float, list[list[float]]]:
    """For each pause: (sent, seen by the kernel, back) of each echo, in milliseconds of the clock."""
    with opened(browser, address, "0.ipynb") as page:
        slider = page.locator(RANGE).first
        found = {}
        for pause in PAUSES:
            page.evaluate("echoes.length = 0")
            for press in range(PRESSES):
                slider.press("ArrowRight" if press % 2 else "ArrowLeft")
                time.sleep(pause)
            time.sleep(0.5)
            found[pause] = page.evaluate("echoes")[3:]
    return found


@contextmanager
def packets(file: Path) -> Iterator[None]:
    """Listen to the loopback."""
    tcpdump = shutil.which("tcpdump")
    if tcpdump is None:
        print("no tcpdump here: times only", file=sys.stderr)
        yield
        return
    with file.open("w") as out:
        listener = subprocess.Popen(
            [tcpdump, "-i", "lo", "-n", "-tt", "-s", "96", "tcp"], stdout=out, stderr=subprocess.DEVNULL
        )
        time.sleep(1)
        yield
        listener.terminate()
        listener.wait()


def answers(heard: str, port: int) -> Iterator[dict[str, float]]:
    """What the packets say about each answer that the server at this port sent, in milliseconds."""
    came = 0.0  # when the kernel's latest answer reached the server
    sent: dict[int, float] = {}  # browser's port -> when the first bytes left that are not acknowledged
    acknowledged: dict[int, tuple[float, float]] = {}  # browser's port -> when, and how late
    for at, source, target, length in PACKET.findall(heard):
        now, source, target, length = 1e3 * float(at), int(source), int(target), int(length)
        if target == port:  # whatever the browser sends acknowledges
            if source in sent:
                acknowledged[source] = now, now - sent.pop(source)
        elif source != port:
            came = now if length in ANSWER else came
        elif length:
            if length in ANSWER and came:
                when, late = acknowledged.get(target, (now, 0.0))
                yield {
                    "at": now,
                    "held": now - came,
                    "open": target in sent,
                    "late": late,
                    "after": now - when,
                }
                came = 0.0
            sent.setdefault(target, now)


def main() -> None:
    """Both servers in turn, some rounds."""
    times: dict[tuple[float, bool], list[list[float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, lab.chromium(lab.chromium_path() or "") as browser:
        home = Path(folder)
        with (
            server(home / "plain", [ECHO], prompt=False) as plain,
            server(home / "prompt", [ECHO], prompt=True) as prompt,
            packets(home / "packets"),
        ):
            addresses = {False: plain, True: prompt}
            for with_it in [False, True] * ROUNDS:
                for pause, found in echoes(browser, addresses[with_it]).items():
                    times[pause, with_it] += found
        heard = (home / "packets").read_text() if (home / "packets").exists() else ""
    told = {with_it: list(answers(heard, int(at.rpartition(":")[2]))) for with_it, at in addresses.items()}
    print(HEAD)
    for (pause, with_it), found in sorted(times.items()):
        there = statistics.median(seen - sent for sent, seen, _ in found)
        back = statistics.median(back - seen for _, seen, back in found)
        mine = [each for each in told[with_it] if any(seen <= each["at"] <= back for _, seen, back in found)]
        name = "TCP_NODELAY" if with_it else "plain"
        print(f"{1e3 * pause:5.0f} ms  {name:<11} {there:8.1f} {back:8.1f}  {summed_up(mine)}")


def summed_up(answers: list[dict[str, float]]) -> str:
    """What the packets say of these answers."""
    if not answers:
        return ""
    held = statistics.median(each["held"] for each in answers)
    early = sum(each["open"] for each in answers)
    late = [each["late"] for each in answers if not each["open"] and each["late"] > 30 and each["after"] < 2]
    told = f"{len(late)} (acknowledged after {statistics.median(late):.0f} ms)" if late else "0"
    return f"{held:8.1f} {early:6} of {len(answers)}  {told}"


if __name__ == "__main__":
    main()
