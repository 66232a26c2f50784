"""Outlines that a picture uses again and again, letters and markers, each with a number.

A text is told by the numbers and the places of its letters: with one outline for all sizes, few
outlines serve every text of every picture.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from lecture643.maths.checks import Floats
from lecture643.picture import words
from lecture643.picture.shaping import shaper

LETTER_UNIT = 2048  # to an em, as in most fonts
MARKER_UNIT = 256  # to a CSS pixel
MOST = 60_000  # so that a number fits into a word
_EM = text_to_path.FONT_SCALE
_letter_outlines: dict[str, tuple[Floats, Any]] = {}


class Letter(NamedTuple):
    """One letter of a text: the name of its outline, where it stands and how large it is, in ems."""

    name: str
    x: float
    y: float
    size: float


class Letters(NamedTuple):
    """A text that begins at the origin, y upwards, an em is 1. bars: x, y, width, height of a formula's."""

    letters: Sequence[Letter]
    bars: Sequence[tuple[float, float, float, float]] = ()


def letters(text: str, font: FontProperties, formula: bool) -> Letters:
    """The letters of a text, or of a formula with its dollar signs."""
    return _letters(text, font.copy(), formula)  # a copy, as a font can be changed


@lru_cache(maxsize=4096)
def _letters(text: str, font: FontProperties, formula: bool) -> Letters:
    bars: Sequence[Any] = []
    if formula:
        maker: Any = text_to_path
        placed, outlines, bars = maker.get_glyphs_mathtext(font, text)
    else:
        placed, outlines = shaper(font).placed(text), shaper(font).outlines
    _letter_outlines.update(outlines)
    corners = [np.array([points[0], points[2]]) / _EM for points, _ in bars]
    return Letters(
        [Letter(name, x / _EM, y / _EM, size) for name, x, y, size in placed if len(outlines[name][1])],
        [tuple(np.concatenate([low, high - low])) for low, high in corners],
    )


class Glyphs:
    """Outlines by number; each keeps its number as long as this lives, so that a browser gets it once."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._outlines: list[bytes] = []

    def __len__(self) -> int:
        return len(self._outlines)

    def __getitem__(self, number: int) -> bytes:
        """What a player needs: units, flags, number of codes, codes, points; y downwards."""
        return self._outlines[number]

    def letter(self, name: str) -> int:
        """The number of a letter's outline."""

        def outline() -> bytes:
            points, codes = _letter_outlines[name]
            return _written(codes, points / _EM * [1, -1], LETTER_UNIT)

        return self._numbered(name, outline)

    def marker(self, path: Path) -> int:
        """The number of a marker's outline, given in CSS pixels with y downwards."""
        codes, points = words.drawn(path)
        key = codes.tobytes(), points.tobytes()
        return self._numbered(key, lambda: _written(codes, points, MARKER_UNIT))

    def _numbered(self, key: Hashable, outline: Callable[[], bytes]) -> int:
        number = self._numbers.get(key)
        if number is None:
            if len(self) >= MOST:
                raise words.CannotSay("so many outlines")
            self._outlines.append(outline())
            number = self._numbers[key] = len(self) - 1
        return number


def _written(codes: Any, points: Floats, unit: int) -> bytes:
    bits, body = words.outline(np.asarray(codes, np.uint8), points * unit, snap=False)
    return words.words(unit, bits) + body
