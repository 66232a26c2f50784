"""Texts as outlines: as large, as long and where matplotlib's own are, at every density and on any axes."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lecture643.picture.lettering import Line, Texts, text_width

SAMPLES = [
    "−0.07485",
    "step 29 of 40: a₁¹ feeds z₁²",
    r"$\dfrac{\partial e}{\partial w_{11}^2}$",
    "4.479×10⁻⁵ ✓",
]


def ink(figure: Figure, dpi: int) -> tuple[int, int, int, int]:
    """Left, right, top and bottom of what is dark, in pixels."""
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    dark = np.asarray(canvas.buffer_rgba())[..., 0] < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return columns[0], columns[-1], rows[0], rows[-1]


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("dpi", [100, 200])
@pytest.mark.parametrize("span", [(0, 600), (-2, 1)])
def test_they_stand_where_matplotlibs_texts_stand(text: str, align: str, dpi: int, span: tuple) -> None:
    ours, theirs = Figure(figsize=(6, 2)), Figure(figsize=(6, 2))
    middle = sum(span) / 2
    axes = [figure.add_axes((0, 0, 1, 1), xlim=span, ylim=span) for figure in (ours, theirs)]
    for ax in axes:
        ax.axis("off")
    Texts(axes[0]).write([Line(middle, middle, text, 14, "black", align)])
    axes[1].text(middle, middle, text, fontsize=14, ha=align)
    assert ink(ours, dpi) == pytest.approx(ink(theirs, dpi), abs=5)  # hinting moves letters at 100 dpi


def test_write_shows_these_texts_and_no_others() -> None:
    texts = Texts(Figure().add_subplot())
    texts.write([Line(0, 0, "a", 10), Line(0, 0, "", 10), Line(1, 1, " b ", 10)])
    assert [line.text for line in texts.lines] == ["a", " b "]
    texts.write([])
    assert len(texts.get_paths()) == len(texts.get_offsets()) == 0


def test_a_line_is_made_to_fit() -> None:
    line = Line(0, 0, "−0.07485", 14)
    assert line.fitted(1000) == line
    narrow = line.fitted(30)
    assert text_width(narrow.text) * narrow.size / 0.72 == pytest.approx(30)
    assert text_width("ab") == pytest.approx(text_width("a") + text_width("b"))
    assert text_width("a", bold=True) > text_width("a")
    assert Line(0, 0, "", 14).fitted(10).size == 14
