"""Records what moving artists draw as a few small numbers, for a player in the browser to draw again.

How the numbers are written stands in `words.py`. Pen, fill and clip are told when they change.
"""

import cmath
import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import BboxBase

from lecture643.maths.checks import Floats
from lecture643.picture import kept
from lecture643.picture import words as w
from lecture643.picture.glyphs import Glyphs, Letters, letters
from lecture643.picture.kept import Stroke
from lecture643.picture.shaping import shaper

DPI = w.DPI
_FINE = 4  # lines are simplified in quarters of a pixel, so that the densest screen shows no corner of it
_MANY = 400  # shapes: of more, places are told to the third of a pixel, which pack better
_THIRD = 5  # units
_SMOOTH = {"none": False, "nearest": False, "bilinear": True}  # what a browser's own scaling can do
_RECTANGLE = np.array([Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO], np.uint8)


@dataclass(frozen=True)
class Frame:
    """One picture of the moving artists.

    ops: the operations. images: as PNG. glyphs: the numbers of the outlines in use;
    `Recorder.glyphs[number]` is what a player needs of each, once.
    """

    ops: bytes
    images: tuple[bytes, ...]
    glyphs: tuple[int, ...]


@dataclass(frozen=True)
class _Text:
    """How a text was drawn. begin, end: the state of the pens before and after. used: its outlines."""

    look: Any
    begin: dict[int, bytes]
    ops: list[bytes]
    end: dict[int, bytes]
    used: dict[int, None]


class Recorder(RendererBase):
    """Writes down what artists of `figure` draw.

    glyphs: the outlines with their numbers; give the same to the next Recorder of the same player.
    """

    def __init__(self, figure: Figure, glyphs: Glyphs | None = None) -> None:
        super().__init__()
        self.figure = figure
        self.glyphs = Glyphs() if glyphs is None else glyphs
        self.width, self.height = (float(inches) * DPI for inches in figure.get_size_inches())
        self.unit = 16 if max(self.width, self.height) < 1950 else 8  # parts of a pixel
        self._to_units = np.diag([self.unit, -self.unit, 1.0])  # y turns downwards
        self._to_units[1, 2] = self.unit * self.height
        self._encoded: dict[int, tuple[bytes, bytes]] = {}
        self._smooth = True  # how the next image is scaled
        self._lines: WeakKeyDictionary[Artist, tuple[Any, Sequence[Stroke]]] = WeakKeyDictionary()
        self._texts: WeakKeyDictionary[Artist, _Text] = WeakKeyDictionary()
        self._now: dict[int, bytes] = {}
        self._used: dict[int, None] = {}  # an ordered set
        self._begin()

    def record(self, artists: Iterable[Artist]) -> Frame:
        """What these artists draw now, in this order."""
        if self.figure.dpi != DPI:
            self.figure.set_dpi(DPI)
        self._begin()
        for artist in artists:
            before = len(self._ops), len(self._images), dict(self._now), dict(self._used)
            try:
                self._draw(artist)
            except w.CannotSay:
                ops, images, self._now, self._used = before
                del self._ops[ops:], self._images[images:]
                self._picture_of(artist)
        return Frame(b"".join(self._ops), tuple(self._images), tuple(self._used))

    def _begin(self) -> None:
        self._ops: list[bytes] = [w.words(self.unit)]
        self._images: list[bytes] = []
        self._now, self._used = {}, {}
        self._strokes: list[Stroke] = []
        self._matrices: dict[int, Any] = {}  # of the lines' transforms, by their ids

    def _draw(self, artist: Artist) -> None:
        """Draw what can be seen; what is known from the picture before is used again (see kept.py)."""
        if not artist.get_visible():
            return
        if look := kept.text_look(artist):
            self._draw_text(artist, look)
        elif (look := kept.line_look(artist)) and (points := kept.line_points(artist)) is not None:
            self._draw_line(artist, look, points)
        else:
            with _in_its_own_pixels(artist) as self._smooth:
                artist.draw(self)

    def _draw_text(self, text: Artist, look: Any) -> None:
        """Where the text and the state of the pens are as before, the operations are, too."""
        known = self._texts.get(text)
        if known and known.look == look and known.begin == self._now:
            self._ops += known.ops
            self._now = dict(known.end)
            self._used.update(known.used)
            return
        begin, count, others, self._used = dict(self._now), len(self._ops), self._used, {}
        try:
            text.draw(self)
            self._texts[text] = _Text(look, begin, self._ops[count:], dict(self._now), self._used)
        finally:
            self._used = others | self._used

    def _draw_line(self, line: Artist, look: Any, points: Floats) -> None:
        """Where it looks as before, its strokes do, too."""
        known, strokes = self._lines.get(line, (None, ()))
        if look == known or not len(points):
            self._redraw(line, points, strokes)
        else:
            self._strokes = []
            line.draw(self)
            self._lines[line] = look, tuple(self._strokes)

    def _redraw(self, line: Any, points: Floats, strokes: Sequence[Stroke]) -> None:
        """The same strokes as before, through other points."""
        if not len(points):
            return
        transform = line.get_transform()
        if id(transform) not in self._matrices:
            self._matrices[id(transform)] = self._matrix(transform.get_affine())
        matrix, bent = self._matrices[id(transform)], transform.transform_non_affine(points)
        for stroke in strokes:
            if stroke.marker is None:
                self._line(stroke, Path(bent), matrix)
            else:
                marked = bent if line.get_markevery() is None else bent[-1:]
                self._markers(stroke, _placed(marked, matrix))

    # --- what matplotlib asks ---------------------------------------------------------------------

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        return points * (DPI / 72)

    def option_scale_image(self) -> bool:
        return True

    def option_image_nocomposite(self) -> bool:
        return True

    def get_image_magnification(self) -> float:
        return 2.0  # of what only matplotlib can scale

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Any:
        if ismath == "TeX":
            raise w.CannotSay("TeX")
        # Of the outlines that will be drawn, not of Agg's letters, which it fits to whole pixels.
        if ismath:
            sizes, scale = text_to_path.get_text_width_height_descent(s, prop, ismath), 1.0
        else:
            sizes, scale = shaper(prop).size(s), prop.get_size_in_points() / text_to_path.FONT_SCALE
        return tuple(self.points_to_pixels(length * scale) for length in sizes)

    def start_filter(self) -> None:
        raise w.CannotSay("filter")

    def stop_filter(self, filter_func: Any) -> None:
        """It was never started."""

    def draw_gouraud_triangles(self, *_: Any) -> None:
        raise w.CannotSay("triangles")

    def draw_tex(self, *_: Any, **__: Any) -> None:
        raise w.CannotSay("TeX")

    # --- paths ------------------------------------------------------------------------------------

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        self._line(self._stroke(gc, rgbFace), path, self._matrix(transform))

    def _line(self, stroke: Stroke, path: Path, matrix: Floats) -> None:
        self._take(stroke)
        margin = _FINE * (50 + 2 * stroke.width)
        finely = np.array([[_FINE / self.unit], [_FINE / self.unit], [1]])
        clean = path.cleaned(
            matrix * finely,
            remove_nans=True,
            clip=None if stroke.filled else
            (-margin, -margin, _FINE * self.width + margin, _FINE * self.height + margin),
            simplify=path.should_simplify and not stroke.filled,
            curves=True,
        )  # fmt: skip
        codes, points = w.drawn(clean)
        self._path(codes, points * (self.unit / _FINE), stroke.snap)

    def draw_markers(
        self, gc: Any, marker_path: Path, marker_trans: Any, path: Path, trans: Any, rgbFace: Any = None
    ) -> None:
        marker = marker_path.cleaned(marker_trans.get_matrix() * [[1], [-1], [1]], curves=True)
        stroke = self._stroke(gc, rgbFace, self.glyphs.marker(marker))
        self._markers(stroke, self._places(path.vertices, trans))

    def _markers(self, stroke: Stroke, places: Floats) -> None:
        places = places[(np.abs(places) < w.FAR).all(axis=1)]  # nan is not
        if len(places) and stroke.marker is not None:
            self._take(stroke)
            self._op(w.MARKERS, self._use(stroke.marker), len(places), body=w.places(places)[1])

    def draw_path_collection(
        self, gc: Any, master_transform: Any, paths: Any, all_transforms: Any, offsets: Any,
        offset_trans: Any, facecolors: Any, edgecolors: Any, linewidths: Any, linestyles: Any,
        antialiaseds: Any, *_: Any, **__: Any,
    ) -> None:  # fmt: skip
        n = max(len(paths), len(all_transforms), len(offsets))
        if not len(paths) or not (len(facecolors) or len(edgecolors)):
            return
        if gc.get_hatch() is not None or gc.get_sketch_params() is not None or not np.all(antialiaseds):
            raise w.CannotSay("hatch, sketch, or edges that are not smooth")
        self._clip(gc.get_clip_rectangle(), gc.get_clip_path())
        shifts = self._places(offsets, offset_trans) - self._to_units[:2, 2] if len(offsets) else [(0, 0)]
        faces, edges = w.colours(facecolors), w.colours(edgecolors)
        pens = w.Pens(gc, linewidths, linestyles)
        alike = w.alike(paths) if len(all_transforms) == 0 and n == len(paths) <= w.MOST else None
        matrix = self._matrix(master_transform)
        if alike and pens.count == 1:
            points = alike.points @ matrix[:2, :2].T + matrix[:2, 2] + np.resize(shifts, (n, 1, 2))
            if np.isfinite(points).all():
                self._shapes(gc, points, alike.closed, faces, edges, pens)
                return
        for i in range(n):
            place, shift = matrix, shifts[i % len(shifts)]
            if len(all_transforms):
                place = matrix @ np.asarray(all_transforms[i % len(all_transforms)])
            codes, points = w.drawn(paths[i % len(paths)].cleaned(place, remove_nans=True, curves=True))
            if np.isfinite(shift).all():
                self._set(w.PEN, pens.told(edges[i % len(edges)], i))
                self._set(w.FILL, faces[i % len(faces)].tobytes())
                self._path(codes, points + shift, gc.get_snap())

    def _shapes(self, gc: Any, points: Any, closed: bool, faces: Any, edges: Any, pens: w.Pens) -> None:
        """Many alike, as of a surface: all at once."""
        many = [len(given) > 1 for given in (faces, edges)]
        self._set(w.PEN, pens.told(edges[edges.argmax()]))  # without a width where none has a colour
        self._set(w.FILL, faces[0].tobytes())
        if len(points) > _MANY:
            points = _THIRD * np.rint(points / _THIRD)
        bits, told = w.places(points)
        bits |= w.SNAPPED * (gc.get_snap() is not False) | w.CLOSED * closed
        bits |= w.FACES * many[0] | w.EDGES * many[1]
        own = [np.resize(given, len(points)).tobytes() for given in (faces, edges) if len(given) > 1]
        self._op(w.SHAPES | bits, *points.shape[:2], body=b"".join(own) + told)
        if any(many):  # the player's colours are now those of the last
            self._now.pop(w.PEN), self._now.pop(w.FILL)

    def _path(self, codes: Any, points: Floats, snap: bool | None) -> None:
        if len(codes) > 1:
            bits, body = w.outline(codes, points, snap)
            self._op(w.PATH | bits, body=body)

    # --- images -----------------------------------------------------------------------------------

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        high, wide = im.shape[:2]
        if transform is None:
            place = np.diag([1 / self.get_image_magnification()] * 2 + [1.0])
        else:
            place = transform.get_matrix() @ np.diag([1 / wide, 1 / high, 1.0])
        self._clip(gc.get_clip_rectangle(), gc.get_clip_path())
        place = self._to_units @ [[1, 0, x], [0, 1, y], [0, 0, 1]] @ place
        self._image(im, place, self._smooth, 1.0 if gc.get_alpha() is None else gc.get_alpha())

    def _image(self, im: Any, place: Any, smooth: bool, alpha: float = 1.0) -> None:
        pixels, number = np.ascontiguousarray(im).tobytes(), len(self._images)
        # The same pixels as in the last picture are the same bytes: nothing to encode or to decode.
        known, encoded = self._encoded.get(number, (b"", b""))
        if known != pixels:
            encoded = w.png(np.asarray(im))
            self._encoded[number] = pixels, encoded
        self._images.append(encoded)
        body = (place[:2] / self.unit).T.astype("<f4").tobytes()
        self._op(w.IMAGE | w.SMOOTH * smooth, number, round(255 * alpha), body=body)

    def _picture_of(self, artist: Artist) -> None:
        """The artist as Agg draws it, where there are no operations for it."""
        density = 2
        self.figure.set_dpi(DPI * density)
        agg = RendererAgg(density * self.width, density * self.height, DPI * density)
        artist.draw(agg)
        self.figure.set_dpi(DPI)
        pixels = np.asarray(agg.buffer_rgba())
        rows, columns = (np.flatnonzero(pixels[..., 3].any(axis=axis)) for axis in (1, 0))
        if len(rows):
            left, top, part = columns[0], rows[0], self.unit / density
            self._set(w.CLIP, b"")
            inked = pixels[top : rows[-1] + 1, left : columns[-1] + 1]
            self._image(inked, np.array([[part, 0, part * left], [0, part, part * top]]), smooth=True)

    # --- texts ------------------------------------------------------------------------------------

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float,
        ismath: Any = False, mtext: Any = None,
    ) -> None:  # fmt: skip
        if getattr(mtext, "get_fontfeatures", lambda: None)():
            raise w.CannotSay("features of a font")
        size = float(self.points_to_pixels(prop.get_size_in_points()))
        self.draw_letters(
            gc, gc.get_rgb(), size, [(x, self.height - y, letters(s, prop, bool(ismath)))], angle
        )

    def draw_letters(
        self,
        gc: Any,
        colour: Any,
        size: float,
        texts: Iterable[tuple[float, float, Letters]],
        angle: float = 0,
    ) -> None:
        """Texts of one colour and size (in CSS pixels) with their beginnings at (x, y), y upwards.

        matplotlib does not know of this; `lettering.Texts` asks for it.
        """
        self._clip(gc.get_clip_rectangle(), gc.get_clip_path())
        self._set(w.FILL, w.colour(w.face(gc, colour)))
        turn = cmath.rect(1, math.radians(angle))
        placed: dict[float, list[int]] = {}  # by size, as letters in formulas differ
        for x, y, text in texts:
            for name, right, up, part in text.letters:
                at = complex(x, y) + size * complex(right, up) * turn
                placed.setdefault(part, []).extend(self._letter(name, at))
            for bar in text.bars:
                self._bar(complex(x, y), size * np.array(bar), turn)
        turned, tilt = (w.TURNED, [round(64 * (angle % 360))]) if angle % 360 else (0, [])
        for part, told in placed.items():
            if told:
                self._op(w.LETTERS | turned, w.parts(size * part, 64), *tilt, len(told) // 3, *told)

    def _letter(self, name: str, at: complex) -> Sequence[int]:
        x, y = self.unit * at.real, self.unit * (self.height - at.imag)
        if not (abs(x) < w.FAR and abs(y) < w.FAR):
            return ()  # out of sight
        return self._use(self.glyphs.letter(name)), round(x) & w.MOST, round(y) & w.MOST

    def _bar(self, at: complex, box: Floats, turn: complex) -> None:
        """The bar of a fraction or a root; a thin one grows to a pixel, as with Agg."""
        thick = np.maximum(box[2:], 1)
        low = box[:2] - (thick - box[2:]) / 2
        corners = at + turn * (low + thick * [(0, 0), (1, 0), (1, 1), (0, 1)]) @ [1, 1j]
        self._set(w.PEN, w.NO_PEN)
        self._path(_RECTANGLE, self._places(np.stack([corners.real, corners.imag], axis=1), None), None)

    # --- places and state -------------------------------------------------------------------------

    def _matrix(self, transform: Any) -> Any:
        return self._to_units if transform is None else self._to_units @ transform.get_matrix()

    def _places(self, points: Any, transform: Any) -> Any:
        """Where points are, in units; nan for those that are masked."""
        if isinstance(points, np.ma.MaskedArray):
            points = np.ma.filled(points.astype(float), np.nan)
        return _placed(np.asarray(points, float), self._matrix(transform))

    def _use(self, number: int) -> int:
        self._used[number] = None
        return number

    def _op(self, kind: int, *values: int, body: bytes = b"") -> None:
        self._ops.append(w.words(kind, *values) + body)

    def _set(self, kind: int, told: bytes, bits: int = 0) -> None:
        """A state, where it is another than before."""
        told = w.words(kind | bits) + told
        if self._now.get(kind) != told:
            if kind == w.CLIP:  # with which all state begins anew, as on any canvas
                self._now.clear()
            self._now[kind] = told
            self._ops.append(told)

    def _stroke(self, gc: Any, face: Any, marker: int | None = None) -> Stroke:
        if gc.get_hatch() is not None or gc.get_sketch_params() is not None:
            raise w.CannotSay("hatch or sketch")
        stroke = Stroke(
            box=gc.get_clip_rectangle(),
            shape=gc.get_clip_path(),
            pen=w.Pens(gc, [gc.get_linewidth()], [gc.get_dashes()]).told(w.colours([gc.get_rgb()])[0]),
            fill=w.colour(w.face(gc, face)),
            width=self.points_to_pixels(gc.get_linewidth()),
            snap=gc.get_snap(),
            filled=face is not None,
            marker=marker,
        )
        self._strokes.append(stroke)
        return stroke

    def _take(self, stroke: Stroke) -> None:
        self._clip(stroke.box, stroke.shape)
        self._set(w.PEN, stroke.pen)
        self._set(w.FILL, stroke.fill)

    def _clip(self, box: BboxBase | None, shape: tuple[Any, Any]) -> None:
        """To a box, and to a path with its transform, where there are such."""
        path, transform = shape
        bits, told = 0, b""
        if box is not None:
            (x0, y0), (x1, y1) = box.get_points().tolist()
            ends = x0, self.height - y1, x1, self.height - y0
            told = struct.pack("<4h", *(round(min(max(self.unit * end, -w.FAR), w.FAR)) for end in ends))
            bits = w.BOX
        if path is not None:
            clean = path.cleaned(self._matrix(transform), remove_nans=True, curves=True)
            flags, body = w.outline(*w.drawn(clean), snap=False)
            bits, told = bits | w.SHAPE, told + w.words(flags) + body
        self._set(w.CLIP, told, bits)


def _placed(points: Floats, matrix: Floats) -> Floats:
    return points @ matrix[:2, :2].T + matrix[:2, 2]


@contextmanager
def _in_its_own_pixels(artist: Artist) -> Iterator[bool]:
    """Let an image come with its few pixels, where a browser can scale as it wants; whether smoothly."""
    if not isinstance(artist, AxesImage) or artist.get_interpolation() not in _SMOOTH:
        yield True
        return
    wanted = artist.get_interpolation()
    artist.set_interpolation("none")
    try:
        yield _SMOOTH[wanted]
    finally:
        artist.set_interpolation(wanted)
