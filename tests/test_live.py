"""The live view itself: errors are told, views are closed, windows follow, styles change."""

import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hands import drag, message, point
from matplotlib.figure import Figure
from PIL import Image

import lecture643 as lec
from lecture643.live import Pair, Settings, View, cells, number, whole
from lecture643.live import point as point_setting
from lecture643.live.stage import Stage
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic


@dataclass(frozen=True)
class DotSettings(Settings):
    x: int = whole("the x", 1, 0, 9, secondary=True)
    at: Pair = point_setting(("a", "b"), (0, 0), limit=5, panels=["plane"])
    size: float = number("size", 8, 1, 20, 1)


class Dot(View[DotSettings, float]):
    """A dot at x; x = 3 cannot be computed, x = 4 cannot be drawn."""

    panels = Mosaic("dots plane", size=(640, 320))
    actions = {"jump": "Jump"}

    def build(self, live: LiveFigure) -> None:
        axes = live.axes("dots", xlim=(0, 10), ylim=(-1, 1))
        (self.dot,) = axes.plot([], [], "o")
        plane = live.axes("plane", xlim=(-5, 5), ylim=(-5, 5))
        (self.other,) = plane.plot([], [], "s")
        live.moving(self.dot, self.other)

    def compute(self, settings: DotSettings) -> float:
        if settings.x == 3:
            raise ValueError("x must not be 3 <here>")
        return float(settings.x)

    def draw(self, state: float) -> None:
        if state == 4:
            raise ZeroDivisionError
        self.dot.set_data([state], [0])
        self.dot.set_markersize(self.settings.size)
        self.other.set_data([self.settings.at[0]], [self.settings.at[1]])

    def sentence(self, state: float) -> str:
        return f"x is {state:g}."

    def jump(self) -> None:
        self.set(x=9)


@pytest.fixture
def view() -> Dot:
    return Dot()


@pytest.fixture
def sent(view: Dot, monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], list[bytes]]]:
    """What the view sends to the browser."""
    messages: list[tuple[dict[str, Any], list[bytes]]] = []
    monkeypatch.setattr(view.stage, "send", lambda told, buffers=(): messages.append((told, list(buffers))))
    return messages


def kinds(sent: list[tuple[dict[str, Any], list[bytes]]]) -> list[str]:
    return [told["kind"] for told, _ in sent]


# --- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("odd", [3, 4])
def test_a_failure_is_told_and_the_next_good_value_recovers(view: Dot, odd: int, sent: list[Any]) -> None:
    message(view, "hello", density=1, width=640, height=320)
    message(view, "set", values={"x": odd})
    assert "did not work" in sent[-1][0]["error"]
    assert view.describe() == "x is 1."
    message(view, "set", values={"x": 5})
    assert sent[-1][0]["error"] == ""
    assert sent[-1][0]["say"] == "x is 5."


def test_set_raises_what_went_wrong_and_then_has_changed_nothing(view: Dot) -> None:
    before = view.live.picture()
    with pytest.raises(ValueError, match="x must not be 3"):
        view.set(x=3, size=20)
    with pytest.raises(ValueError, match="y is no setting of this view, it has x"):
        view.set(y=1)
    with pytest.raises(ValueError, match="size must be from 1 to 20, got 100"):
        view.set(x=5, size=100)
    assert view.settings == DotSettings()
    assert view.live.picture() == before
    assert view.controls["x"].value == 1


def test_a_wrong_number_from_the_browser_is_told_and_taken_back(view: Dot, sent: list[Any]) -> None:
    message(view, "hello", density=1, width=640, height=320)
    message(view, "set", values={"size": 99})
    assert sent[-1][0]["error"] == "size must be from 1 to 20, got 99; the setting stays as it was."
    assert sent[-1][0]["values"]["size"] == 8
    message(view, "set", values={"x": 99})  # told by its control's name
    assert sent[-1][0]["error"].startswith("the x must be a whole number from 0 to 9, got 99;")


def test_a_control_can_be_moved_and_observed(view: Dot) -> None:
    seen = []
    view.controls["x"].observe(lambda change: seen.append(change["new"]), names="value")
    view.controls["x"].value = 7
    assert view.state == 7
    view.set(x=2)
    assert seen == [7, 2]
    view.controls["x"].value = 300
    assert view.controls["x"].value == view.settings.x == 2


# --- what the browser asks and gets -------------------------------------------------------------


def test_every_question_is_answered_just_once(view: Dot, sent: list[Any]) -> None:
    message(view, "hello", density=1, width=640, height=320)
    assert kinds(sent) == ["still", "frame"]
    del sent[:]
    message(view, "set", values={"x": 2})
    message(view, "set", values={"x": 3})
    message(view, "press", action="jump")
    message(view, "press", action="reset")
    message(view, "press", action="close")  # no button of this view
    message(view, "nudge", across=1, up=0)
    point(view, "down", "dots", (5, 0))
    numbers = [told["number"] for told, _ in sent if "number" in told]
    assert len(numbers) == len(set(numbers)) == 7
    assert all(told["client"] == "hand" for told, _ in sent if "number" in told)
    assert kinds(sent)[-1] == "nothing"


def test_the_still_part_is_sent_once_and_in_the_density_of_the_screen(view: Dot, sent: list[Any]) -> None:
    message(view, "hello", density=2, width=640, height=320)
    message(view, "set", values={"x": 2})
    stills = [(told, buffers) for told, buffers in sent if told["kind"] == "still"]
    assert len(stills) == 1
    assert Image.open(BytesIO(stills[0][1][0])).size == (1280, 640)


def test_glyphs_and_markers_are_sent_once(view: Dot, sent: list[Any]) -> None:
    message(view, "hello", density=1, width=640, height=320)
    message(view, "set", values={"x": 2})
    first, second = (told for told, _ in sent if told["kind"] == "frame")
    assert first["glyphs"]
    assert second["glyphs"] == []


def test_frames_go_only_to_those_who_see_them(view: Dot, sent: list[Any]) -> None:
    message(view, "hello", density=1, width=640, height=320)
    message(view, "sight", seen=False)
    del sent[:]
    view.set(x=8)
    assert sent == []
    message(view, "sight", seen=True)
    assert sent[-1][0]["say"] == "x is 8."


def test_a_window_out_of_sight_is_told_the_size_and_the_words_and_no_picture(
    view: Dot, sent: list[Any]
) -> None:
    view.let_figure_go()
    message(view, "hello", seen=False, density=1, width=400, height=320)
    assert kinds(sent) == ["words"]
    assert not view.has_figure
    size = sent[0][0]["size"]
    assert sent[0][0]["say"] == "x is 1."
    message(view, "sight", seen=True)
    assert kinds(sent) == ["words", "still", "frame"]
    assert sent[1][0]["size"] == view.live.size == size


def test_what_a_window_told_last_counts_whenever_it_is_heard(view: Dot, sent: list[Any]) -> None:
    message(view, "hello", number=1000, density=1, width=640, height=320)
    message(view, "sight", number=1001, seen=False)
    message(view, "set", number=1004, values={"x": 2})
    assert kinds(sent)[-1] == "frame"
    assert sent[-1][0]["values"]["x"] == 2
    message(view, "hello", number=1003, density=1, width=400, height=320)
    message(view, "hello", number=1002, density=2, width=900, height=320, seen=False)
    assert view.live.size[0] <= 400
    assert view.stage.is_seen


def test_a_second_window_gets_what_it_lacks_and_both_follow(view: Dot, sent: list[Any]) -> None:
    message(view, "hello", density=1, width=640, height=320)
    message(view, "hello", client="other", density=2, width=640, height=320)
    assert kinds(sent) == ["still", "frame", "still", "frame"]
    assert sent[-1][0]["glyphs"]
    message(view, "bye")
    assert list(view.stage.clients) == ["other"]


def test_a_drag_moves_a_point_to_a_stop_and_stays_inside(view: Dot) -> None:
    drag(view, "plane", [(0, 0), (2.01, -1.02)])
    assert view.settings.at == (2.0, -1.0)
    drag(view, "plane", [(0, 0), (40, -40)])
    assert view.settings.at == (5.0, -5.0)
    drag(view, "dots", [(5, 0), (6, 0)])
    assert view.settings.at == (5.0, -5.0)


def test_a_move_without_a_press_is_no_drag(view: Dot) -> None:
    point(view, "move", "plane", (1, 1))
    assert view.settings.at == (0, 0)


def test_arrow_keys_move_what_is_dragged(view: Dot) -> None:
    message(view, "nudge", across=1, up=0)
    message(view, "nudge", across=0, up=-10)
    assert view.settings.at == (0.05, -0.5)


def test_the_picture_is_laid_out_for_its_window(view: Dot) -> None:
    for width, height in ((1200, 900), (400, 900), (2400, 1000)):
        message(view, "hello", density=1, width=width, height=height)
        assert view.live.size[0] <= width
        assert Image.open(BytesIO(view.live.picture())).size == view.live.size
    narrow = Mosaic("a b", size=(600, 300)).boxes((400, 600), 15)
    assert narrow["a"][1] > narrow["b"][1] + narrow["b"][3]  # below each other


def test_reset_goes_back_to_how_the_view_was_made() -> None:
    view = Dot(x=6)
    view.set(x=2, at=(1, 1))
    view.reset()
    assert view.settings == DotSettings(x=6)


def test_the_traits_of_the_widget_follow_and_lead(view: Dot) -> None:
    view.set(x=6)
    view._settle()  # an event loop does this at rest
    assert view.stage.x == 6
    view.stage.x = 2
    assert view.state == 2


# --- pictures -----------------------------------------------------------------------------------


def test_moving_artists_leave_no_trace(view: Dot) -> None:
    first = view.live.picture()
    view.set(x=8)
    assert view.live.picture() != first
    view.set(x=1)
    assert view.live.picture() == first


def test_drawn_over_the_still_part_is_the_same_as_drawn_whole(view: Dot) -> None:
    view.set(x=7)
    over = view.live.picture()
    view.live.still_changed()
    assert view.live.picture() == over


def test_double_density_shows_the_same(view: Dot) -> None:
    single = np.asarray(Image.open(BytesIO(view.live.picture())).convert("L"), dtype=float)
    double = Image.open(BytesIO(view.live.picture(2))).convert("L").resize(view.live.size)
    assert np.abs(np.asarray(double, dtype=float) - single).mean() < 3


def test_projector_changes_open_views_and_desk_goes_back(view: Dot) -> None:
    before = view.live.picture()
    try:
        lec.projector()
        assert view.live.picture() != before
        assert view.stage.hall is True
    finally:
        lec.desk()
    assert view.live.picture() == before
    assert view.stage.hall is False


# --- a view's end -------------------------------------------------------------------------------


def test_a_cell_that_runs_again_closes_its_earlier_view(monkeypatch: pytest.MonkeyPatch) -> None:
    run = {"cell": "a", "number": "1"}
    monkeypatch.setattr(cells, "running_cell", lambda: (run["cell"], run["number"]))
    first, second = Dot(), Dot()  # two in one run of one cell live side by side
    run["cell"] = "b"
    elsewhere = Dot()
    run.update(cell="a", number="2")
    third = Dot()
    assert [v.stage.comm is None for v in (first, second, elsewhere, third)] == [True, True, False, False]


@pytest.mark.parametrize("takes_a_channel", [True, False])
def test_the_running_cell_is_known_also_to_a_kernel_in_the_browser(
    monkeypatch: pytest.MonkeyPatch, takes_a_channel: bool
) -> None:
    parent = {"metadata": {"cellId": "c"}, "header": {"msg_id": "7"}}

    class Kernel:
        if takes_a_channel:

            def get_parent(self, channel: str) -> dict[str, Any]:
                return parent
        else:

            def get_parent(self) -> dict[str, Any]:
                return parent

    import IPython

    monkeypatch.setattr(IPython, "get_ipython", lambda: type("Shell", (), {"kernel": Kernel()})())
    assert cells.running_cell() == ("c", "7")


def test_no_pyplot_and_no_leftover_figures(view: Dot) -> None:
    import sys

    assert isinstance(view.figure, Figure)
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


def test_the_parts_of_the_browsers_module_fit_into_one(tmp_path: Path) -> None:
    """They are joined, since a widget's module can import no file; a name may stand in one of them only."""
    (tmp_path / "joined.js").write_text(Stage._esm, encoding="utf-8")
    oxlint = Path(sys.executable).with_name("oxlint")
    told = subprocess.run([oxlint, "--deny-warnings", tmp_path], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
