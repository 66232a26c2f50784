"""Many short texts as one artist, fast enough that every number of a diagram may follow the hand.

A hundred matplotlib Texts take some 40 ms to draw, these about 4: each character's outline is made once, and
a number is put together from those of its digits.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import IdentityTransform

from lecture643.maths.checks import Floats
from lecture643.picture import draw
from lecture643.picture.glyphs import Letters, letters


class Line(NamedTuple):
    """A short text with its baseline at (x, y), in data units; a formula stands between dollar signs."""

    x: float
    y: float
    text: str
    size: float  # in points
    colour: Any = draw.INK
    align: str = "center"
    bold: bool = False

    def fitted(self, width: float) -> "Line":
        """The same, smaller where it is wider than `width` screen pixels."""
        return self._replace(size=min(self.size, 0.72 * width / max(text_width(self.text, self.bold), 1e-9)))


class Texts(PathCollection):
    """The texts on `ax`. `lines`: those that it shows."""

    def __init__(self, ax: Axes) -> None:
        super().__init__([], linewidths=0, offset_transform=ax.transData, transform=IdentityTransform())
        self.lines: list[Line] = []
        ax.add_collection(self, autolim=False)

    def write(self, lines: Sequence[Line]) -> None:
        """Show these texts, and no others."""
        self.lines = [line for line in lines if line.text]
        self.set_offsets(np.reshape([(line.x, line.y) for line in self.lines], (-1, 2)))
        self.set_sizes([line.size**2 for line in self.lines])  # it takes the root, and scales by that
        self.set_facecolor([line.colour for line in self.lines])

    def draw(self, renderer: Any) -> None:
        """As outlines; letter by letter where the renderer draws letters (`scene.Recorder`)."""
        draw_letters = getattr(renderer, "draw_letters", None)
        if draw_letters is None:
            self.set_paths([_outline(line) for line in self.lines])
            super().draw(renderer)
        elif self.get_visible() and self.lines:
            gc = renderer.new_gc()
            self._set_gc_clip(gc)  # type: ignore[attr-defined]
            places = self.get_offset_transform().transform(self.get_offsets())
            colours = np.asarray(self.get_facecolor())
            placed = zip(self.lines, colours.tolist(), places.tolist(), strict=True)
            for (size, colour), some in groupby(placed, key=lambda item: (item[0].size, item[1])):
                size = renderer.points_to_pixels(size)
                texts = [
                    (x + size * begin, y, part)
                    for line, _, (x, y) in some
                    for begin, part in _letters(line.text, line.bold, line.align)
                ]
                draw_letters(gc, colour, size, texts)


def text_width(text: str, bold: bool = False) -> float:
    """How long a text is, in ems."""
    return sum(_glyph(part, bold).width for part in _parts(text))


def wrapped(text: str, width: float) -> list[str]:
    """A text in lines of at most `width` ems, as far as its words have room."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


class _Glyph(NamedTuple):
    """An outline, and how far from its beginning the next one begins; an em is 1."""

    vertices: Floats
    codes: Any
    width: float


def _outline(line: Line) -> Path:
    """The text as one outline, its anchor at the origin."""
    glyphs = [_glyph(part, line.bold) for part in _parts(line.text)]
    begins = _begins(glyphs, line.align)
    shifted = [glyph.vertices + [begin, 0] for glyph, begin in zip(glyphs, begins, strict=False)]  # noqa: RUF005
    return Path(np.concatenate(shifted), np.concatenate([glyph.codes for glyph in glyphs]))


def _begins(glyphs: Sequence["_Glyph"], align: str) -> Floats:
    begins = np.cumsum([0.0, *(glyph.width for glyph in glyphs)])
    return begins - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * begins[-1]


@lru_cache(maxsize=4096)
def _letters(text: str, bold: bool, align: str) -> list[tuple[float, Letters]]:
    """Where each part of a text begins, in ems, and its letters."""
    parts = _parts(text)
    begins = _begins([_glyph(part, bold) for part in parts], align)
    return [(float(begin), _part(part, bold)) for begin, part in zip(begins, parts, strict=False)]


@lru_cache(maxsize=1024)
def _part(part: str, bold: bool) -> Letters:
    return letters(part, FontProperties(weight="bold" if bold else "normal"), "$" in part)


def _parts(text: str) -> Sequence[str]:
    return [text] if "$" in text else text


@lru_cache(maxsize=1024)
def _glyph(part: str, bold: bool) -> _Glyph:
    """Of a character, or of a whole formula."""
    if "$" in part:
        return _set_in_type(part, bold)
    # A character's outline is narrower than its place, and a space has none: so it is set between two bars.
    bar, bars, held = (_set_in_type(text, bold) for text in ("|", "||", f"|{part}|"))
    inside = slice(len(bar.codes), -len(bar.codes))
    begin = bars.width - bar.width
    return _Glyph(held.vertices[inside] - [begin, 0], held.codes[inside], held.width - bars.width)


def _set_in_type(text: str, bold: bool) -> _Glyph:
    path = TextPath((0, 0), text, size=1, prop=FontProperties(weight="bold" if bold else "normal"))
    vertices = np.asarray(path.vertices)
    return _Glyph(vertices, np.asarray(path.codes), float(vertices[:, 0].max()))
