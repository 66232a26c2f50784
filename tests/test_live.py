"""The live view itself: errors are shown and recovered from, views are closed, styles change."""

import io
from typing import Any

import ipywidgets as widgets
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import lecture643 as lec
from lecture643.live import view as live
from lecture643.live.view import LiveFigure, View


class Dot(View[float]):
    """A dot at x; x = 3 can not be computed, x = 4 can not be drawn."""

    size = (300, 200)

    def __init__(self) -> None:
        super().__init__({"x": widgets.IntSlider(value=1, min=0, max=9)}, rows=[["x"]], secondary=["x"])

    def build(self, live: LiveFigure) -> None:
        self.axes = live.axes(0.1, 0.1, 0.8, 0.8, xlim=(0, 10), ylim=(-1, 1))
        (self.dot,) = self.axes.plot([], [], "o")
        live.moving(self.dot)

    def compute(self, x: int) -> float:
        if x == 3:
            raise ValueError("x must not be 3 <here>")
        return float(x)

    def draw(self, state: float) -> None:
        if state == 4:
            raise ZeroDivisionError
        self.dot.set_data([state], [0])

    def sentence(self, state: float) -> str:
        return f"x is {state:g}."


@pytest.mark.parametrize("odd", [3, 4])
def test_a_failure_is_told_in_the_view_and_the_next_good_value_recovers(odd: int) -> None:
    view = Dot()
    good = bytes(view._picture.value)
    view.controls["x"].value = odd  # as the browser does: nothing is raised into the void
    assert "did not work" in view._failed.value
    assert 'role="alert"' in view._failed.value
    assert bytes(view._picture.value) == good
    assert view.describe() == "x is 1."
    view.controls["x"].value = 5
    assert view._failed.value == ""
    assert "x is 5." in view._said.value


def test_what_the_view_shows_is_escaped() -> None:
    view = Dot()
    view.controls["x"].value = 3
    assert "x must not be 3 &lt;here&gt;" in view._failed.value


def test_set_raises_what_went_wrong() -> None:
    view = Dot()
    with pytest.raises(ValueError, match="x must not be 3"):
        view.set(x=3)
    with pytest.raises(ValueError, match="y is no control of this view, it has x"):
        view.set(y=1)
    view.set(x=100)
    assert view.state == 9


def test_fast_and_sharp_pictures_show_the_same() -> None:
    view = lec.explore.neuron()
    sharp, fast = (
        np.asarray(Image.open(io.BytesIO(view.live.picture(fast=fast))).convert("L"), dtype=float)
        for fast in (False, True)
    )
    assert np.abs(sharp - fast).mean() < 1
    double = Image.open(io.BytesIO(view.live.picture(2)))
    assert double.size == (2 * view.size[0], 2 * view.size[1])
    small = np.asarray(double.convert("L").resize(view.size), dtype=float)
    assert np.abs(small - sharp).mean() < 3


def test_moving_artists_leave_no_trace() -> None:
    view = Dot()
    view.set(x=1)
    first = view.live.picture()
    view.set(x=8)
    assert view.live.picture() != first
    view.set(x=1)
    assert view.live.picture() == first


def test_drawn_over_the_still_part_is_the_same_as_drawn_whole() -> None:
    view = lec.explore.descent()
    view.set(rate=2, shown=100)
    over = view.live.picture()
    view.live.still_changed()
    assert view.live.picture() == over


def test_projector_changes_open_views_and_desk_goes_back() -> None:
    view = Dot()
    before = view.live.picture()
    try:
        lec.projector()
        assert view.live.picture() != before
        assert view.controls["x"].layout.display == "none"
        assert "lecture643-hall" in view.box._dom_classes
    finally:
        lec.desk()
    assert view.live.picture() == before
    assert view.controls["x"].layout.display is None
    assert "lecture643-hall" not in view.box._dom_classes


def test_desk_takes_a_density() -> None:
    view = Dot()
    try:
        lec.desk(density=1)
        assert Image.open(io.BytesIO(view._picture.value)).size == view.size
    finally:
        lec.desk()
    with pytest.raises(ValueError, match="density must be 1, 2 or 3, got 7"):
        lec.desk(density=7)


def test_a_cell_that_runs_again_closes_its_earlier_view(monkeypatch: pytest.MonkeyPatch) -> None:
    run = {"cell": "a", "number": "1"}
    monkeypatch.setattr(live, "_running_cell", lambda: (run["cell"], run["number"]))
    first, second = Dot(), Dot()  # two in one run of one cell live side by side
    run["cell"] = "b"
    elsewhere = Dot()
    run.update(cell="a", number="2")
    third = Dot()
    assert [view.box.comm is None for view in (first, second, elsewhere, third)] == [True, True, False, False]
    assert first.controls["x"].comm is None
    third.close()


def test_no_pyplot_and_no_leftover_figures() -> None:
    import sys

    assert isinstance(Dot().figure, Figure)
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()
