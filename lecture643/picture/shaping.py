"""Where the letters of a plain text stand, and how large it is.

matplotlib has a text shaped anew to measure it, and once more to draw it: a third of a millisecond each. Of
numbers and plain words each letter's place follows from the one before it, and these pairs are soon known.
All lengths are in parts of an em: FONT_SCALE (100) to one.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from lecture643.maths.checks import Floats

_SIDE_BY_SIDE = frozenset(map(chr, range(32, 127))) | set("−×·…∞→")  # of one script, whatever is beside them
_maker: Any = text_to_path

Placed = tuple[str, float, float, float]  # the name of an outline, x, y, and its size as a part
Size = tuple[float, float, float]  # width, height, and how much of that is below the baseline


@lru_cache(maxsize=64)
def shaper(font: FontProperties) -> "Shaper":
    """The one for this font."""
    return Shaper(font.copy())  # a copy, as a font can be changed


class Shaper:
    """Shapes plain texts of a font, to the very places and sizes that matplotlib has. outlines: by name."""

    def __init__(self, font: FontProperties) -> None:
        self.outlines: dict[str, tuple[Floats, Any]] = {}
        self._font = font
        self._font.set_size(_maker.FONT_SCALE)
        self._shaped: dict[str, Sequence[Placed]] = {}  # letters and pairs
        self._sizes: dict[str, Size] = {}  # of letters
        self._steps: dict[tuple[str, str], float | None] = {}

    def placed(self, text: str) -> Sequence[Placed]:
        """Where its letters stand."""
        steps = self._walk(text)
        if steps is None:
            return self._shape(text)
        return [
            (name, x, y, part)
            for x, letter in zip(accumulate(steps, initial=0.0), text, strict=False)
            for name, _, y, part in self._known(letter)
        ]

    def size(self, text: str) -> Size:
        """How large it is."""
        steps = self._walk(text)
        if steps is None or not text:
            return self._measure(text)
        for letter in set(text) - self._sizes.keys():
            self._sizes[letter] = self._measure(letter)
        sizes = [self._sizes[letter] for letter in text]
        depth = max(depth for _, _, depth in sizes)
        top = max(height - depth for _, height, depth in sizes)
        return sum(steps) + sizes[-1][0], top + depth, depth

    def _walk(self, text: str) -> Sequence[float] | None:
        """From each letter to the next; None where they are not just put side by side."""
        if not _SIDE_BY_SIDE.issuperset(text):
            return None
        steps = []
        for pair in pairwise(text):
            if pair not in self._steps:
                self._steps[pair] = self._step(*pair)
            step = self._steps[pair]
            if step is None:
                return None
            steps.append(step)
        return steps

    def _step(self, one: str, other: str) -> float | None:
        """None where the two are one letter, as in "fi"."""
        both = self._known(one + other)
        alone = [name for letter in (one, other) for name, *_ in self._known(letter)]
        return both[1][1] if [name for name, *_ in both] == alone else None

    def _known(self, text: str) -> Sequence[Placed]:
        if text not in self._shaped:
            self._shaped[text] = self._shape(text)
        return self._shaped[text]

    # --- as matplotlib does it --------------------------------------------------------------------

    def _shape(self, text: str) -> Sequence[Placed]:
        placed, outlines, _ = _maker.get_glyphs_with_font(_maker._get_font(self._font), text)
        self.outlines |= outlines
        return tuple(placed)

    def _measure(self, text: str) -> Size:
        width, height, depth = _maker.get_text_width_height_descent(text, self._font, False)
        return width, height, depth
