"""A figure that follows the hand: its still part is drawn once, and its moving artists are drawn over it.

For the player no pixels are kept. For pictures the still part is, as a second one mostly has the same.
"""

import io
import itertools
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont

from lecture643.picture.glyphs import Glyphs
from lecture643.picture.lettering import text_width
from lecture643.picture.mosaic import Mosaic
from lecture643.picture.scene import DPI, Frame, Recorder
from lecture643.picture.style import INK, PROJECTOR, Style

# Under what is stored: nobody should drag in vain.
STILL = "A still picture. It moves when the notebook is run, and on the pages that lecture643 site makes."

_still_ids = itertools.count()
_glyphs = Glyphs()  # of all figures: an outline has the same number everywhere
_parser = RendererAgg(1, 1, DPI).mathtext_parser  # of formulas; it knows what it has read


class LiveFigure:
    """A figure with named panels.

    mosaic: where the panels stand. size: width and height on the screen, in pixels; the mosaic's own if None.
    figure: the matplotlib Figure. panels: the Axes by name. still_id: changes with the still part.
    """

    def __init__(self, mosaic: Mosaic, style: Style, size: tuple[int, int] | None = None) -> None:
        self.size = size or mosaic.grown(style.font / PROJECTOR.font if style.fills else 1)
        self.style = style.fitted(self.size[0] / mosaic.size[0])
        self.figure = Figure(figsize=(self.size[0] / DPI, self.size[1] / DPI), dpi=DPI)
        self.still_id = next(_still_ids)
        self._boxes = mosaic.boxes(self.size, self.style.font * DPI / 72)
        self.panels: dict[str, Axes] = {}
        self._moving: list[Artist] = []
        self._kept: dict[int, tuple[RendererAgg, Any]] = {}  # density -> the still part
        self._laid_out = False  # ticks and texts find their places while they are drawn
        self._recorder = Recorder(self.figure, _glyphs)

    def axes(self, name: str, **settings: Any) -> Axes:
        """New Axes at the panel's place."""
        self.panels[name] = self.figure.add_axes(self._boxes[name], **settings)
        return self.panels[name]

    def panel_at(self, across: float, up: float) -> tuple[str, Axes] | None:
        """The panel that is seen at a place, which is given in parts of the picture."""
        at = self.figure.transFigure.transform((across, up))
        seen = ((name, ax) for name, ax in self.panels.items() if ax.get_visible())
        return next(((name, ax) for name, ax in seen if ax.bbox.contains(*at)), None)

    def place_of(self, panel: str, at: tuple[float, float]) -> tuple[float, float]:
        """Where a point in the data units of a panel is, in parts of the picture."""
        self.panels[panel].apply_aspect()  # as it will be drawn
        pixels = self.panels[panel].transData.transform(at)
        across, up = self.figure.transFigure.inverted().transform(pixels)
        return float(across), float(up)

    def box(self, panel: str) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of a panel's axes, in parts of the picture."""
        self.panels[panel].apply_aspect()
        (left, bottom), (right, top) = self.panels[panel].get_position().get_points().tolist()
        return left, bottom, right, top

    def moving(self, *artists: Artist) -> None:
        """Mark artists to be redrawn on every change, in this order, on top of the still part."""
        for artist in artists:
            artist.set_animated(True)
            self._moving.append(artist)

    def still_changed(self) -> None:
        """Have the still part drawn anew before the next picture (it costs a full draw)."""
        self.still_id = next(_still_ids)
        self._kept.clear()
        self._laid_out = False

    def start_over(self) -> None:
        """Forget the moving artists and the still part, to make them anew."""
        self._moving.clear()
        self.still_changed()

    @contextmanager
    def _short_titles(self) -> Iterator[None]:
        """Meanwhile no title runs into the name of the axis beside it, in a panel that is small."""
        titles = {ax: ax.get_title() for ax in self.panels.values()}
        for ax, title in titles.items():
            ax.apply_aspect()
            if ax.yaxis.label.get_rotation() == 0 and ax.get_ylabel():
                em = float(ax.title.get_fontsize()) * self.figure.dpi / 72
                shorter = title, title.split(";")[0], title.split(":")[0], ""
                fits = (text for text in shorter if text_width(text) * em < ax.bbox.width)
                ax.set_title(next(fits))
        try:
            yield
        finally:
            for ax, title in titles.items():
                ax.set_title(title)

    # --- as a scene, for the player -----------------------------------------------------------------

    def still(self, density: float) -> bytes:
        """The still part alone as PNG, with `density` pixels for each screen pixel."""
        still = _encoded(_pixels(self._painted_still(density)), compress_level=1)
        self.figure.set_dpi(DPI)
        return still

    def frame(self) -> Frame:
        """The moving part, recorded."""
        if not self._laid_out:
            self._painted_still(1)
        self.figure.set_dpi(DPI)
        return self._recorder.record(self._moving)

    def glyph(self, name: int) -> bytes:
        """The outline of a glyph that a frame names."""
        return _glyphs[name]

    # --- as pixels, by Agg --------------------------------------------------------------------------

    def picture(self, density: int = 1) -> bytes:
        """The whole picture as PNG."""
        return _encoded(_pixels(self._painted(density)), compress_level=1)

    def captioned(self, caption: str) -> bytes:
        """A PNG with the caption written under the picture, and that it is a still, for who has no kernel.

        (Of an output that has a picture and a text, most viewers show the picture only.)
        """
        above = _pixels(self._painted(density=1))
        font = self.style.font
        width = int(1.24 * above.width / font)
        lines = [*textwrap.wrap(STILL, width), *textwrap.wrap(caption, width)]
        whole = Image.new("RGB", (above.width, above.height + int(1.9 * font * (len(lines) + 1))), "white")
        whole.paste(above)
        letters, written = ImageFont.truetype(findfont("DejaVu Sans"), font * DPI / 72), ImageDraw.Draw(whole)
        for i, line in enumerate(lines):
            written.text((8, above.height + 1.9 * font * i), line, INK, letters)
        return _encoded(whole)

    def _painted(self, density: int) -> RendererAgg:
        """The still and the moving part."""
        if density not in self._kept:
            renderer = self._painted_still(density)
            self._kept[density] = renderer, renderer.copy_from_bbox(self.figure.bbox)
        renderer, still = self._kept[density]
        self._set_density(density)
        renderer.restore_region(still)
        for artist in self._moving:
            artist.draw(renderer)
        return renderer

    def _painted_still(self, density: float) -> RendererAgg:
        self._set_density(density)
        for ax in self.panels.values():
            ax.minorticks_off()  # they have no numbers, and a logarithmic axis takes half its time for them
        with self.style.context(), self._short_titles() if self.style.fills else nullcontext():
            renderer = _drawn(self.figure)  # ticks are made while drawing
        self._laid_out = True
        return renderer

    def _set_density(self, density: float) -> None:
        if self.figure.dpi != DPI * density:
            self.figure.set_dpi(DPI * density)


def _drawn(figure: Figure) -> RendererAgg:
    """All of the figure that does not move, in pixels."""
    width, height = figure.bbox.size
    renderer = RendererAgg(round(width), round(height), figure.dpi)
    renderer.mathtext_parser = _parser
    figure.draw(renderer)
    return renderer


def _pixels(renderer: RendererAgg) -> Image.Image:
    """A copy without the room for transparency."""
    size = int(renderer.width), int(renderer.height)
    return Image.frombuffer("RGBX", size, renderer.buffer_rgba(), "raw", "RGBX", 0, 1).convert("RGB")


def _encoded(pixels: Image.Image, **settings: Any) -> bytes:
    file = io.BytesIO()
    pixels.save(file, "PNG", **settings)
    return file.getvalue()
