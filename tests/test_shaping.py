"""A plain text is put together from its letters, just where matplotlib puts them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from lecture643.picture.shaping import Shaper

SHAPERS = {weight: Shaper(FontProperties(weight=weight)) for weight in ("normal", "bold")}
MATPLOTLIB: Any = text_to_path
ASCII = "".join(map(chr, range(32, 127)))
texts = st.one_of(
    st.floats(-1e6, 1e6).map(lambda value: f"{value:.4g}".replace("-", "−")),
    st.text(ASCII + "−×·…∞→", max_size=12),
    st.text(ASCII + "−×αβγδσφ∂∇ŷᵏ₁é\u0302", max_size=12),
    st.lists(st.sampled_from(["fi", "ffl", "AV", "Te", "—", "γ", "¹", " "]), max_size=6).map("".join),
)


@pytest.mark.parametrize("weight", SHAPERS)
@given(text=texts)
def test_letters_stand_where_matplotlib_puts_them(weight: str, text: str) -> None:
    font = FontProperties(weight=weight, size=text_to_path.FONT_SCALE)
    placed, outlines, _ = MATPLOTLIB.get_glyphs_with_font(MATPLOTLIB._get_font(font), text)
    assert list(SHAPERS[weight].placed(text)) == placed
    assert SHAPERS[weight].outlines.keys() >= outlines.keys()
    assert SHAPERS[weight].size(text) == tuple(MATPLOTLIB.get_text_width_height_descent(text, font, False))


def test_what_is_known_is_not_shaped_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shaper = Shaper(FontProperties())
    before = shaper.placed("0.25 + 0.52"), shaper.size("0.25 + 0.52")
    monkeypatch.setattr(text_to_path, "get_glyphs_with_font", None)
    monkeypatch.setattr(text_to_path, "get_text_width_height_descent", None)
    assert (shaper.placed("0.25 + 0.52"), shaper.size("0.25 + 0.52")) == before
    assert shaper.size("0.52")[0] < before[1][0]
