"""How a scene is written: words of 16 bits, little-endian; `live/player.js` reads them.

After the first word (units to a CSS pixel) comes one operation after the other. Its first word is its number
and, in the upper byte, its flags.
"""

import io
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.path import Path
from PIL import Image

from lecture643.maths.checks import Floats

CLIP, PEN, FILL, PATH, SHAPES, MARKERS, LETTERS, IMAGE = range(1, 9)
WIDE, SNAPPED, CODED, CLOSED, FACES, EDGES = (1 << bit for bit in range(8, 14))  # flags of a path, or shapes
BOX, SHAPE = WIDE, SNAPPED  # of a clip
TURNED = WIDE  # of letters
SMOOTH = WIDE  # of an image
DPI = 100  # so many CSS pixels to an inch
MOST = 65_535
FAR = 32_000  # units; what is farther away needs 32 bits, or cannot be seen
_CAPS = {"butt": 0, "round": 1, "projecting": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}


class CannotSay(Exception):
    """There is no operation for this: a picture of the artist has to do."""


def words(*values: int) -> bytes:
    """Numbers from 0 to 65535."""
    return struct.pack(f"<{len(values)}H", *values)


def parts(value: float, unit: int) -> int:
    """A length in parts of a pixel, as one word."""
    return min(max(round(float(value) * unit), 0), MOST)


def places(points: Any) -> tuple[int, bytes]:
    """Points in units, and the flag that tells of 32 bits."""
    rounded = np.rint(points)
    if np.abs(rounded).max(initial=0) <= FAR:
        return 0, rounded.astype("<i2").tobytes()
    return WIDE, rounded.clip(-1e9, 1e9).astype("<i4").tobytes()


def drawn(path: Any) -> tuple[Any, Any]:
    """A code for each of its points, without the STOP at the end that a cleaned path has."""
    codes, points = path.codes, np.asarray(path.vertices)
    if codes is None:
        codes = np.full(len(points), Path.LINETO, np.uint8)
        codes[:1] = Path.MOVETO
    stops = len(codes) > 0 and codes[-1] == Path.STOP
    return (codes[:-1], points[:-1]) if stops else (codes, points)


def outline(codes: Any, points: Floats, snap: bool | None = None) -> tuple[int, bytes]:
    """A path: its flags; its number of codes, the codes, the points. One line needs no codes."""
    closes = codes == Path.CLOSEPOLY
    if closes.any():
        points = points[~closes]
    bits, told = places(points)
    bits |= SNAPPED * (snap is not False)
    line = len(points)
    if (codes[1:line] == Path.LINETO).all() and codes[0] == Path.MOVETO and not closes[:line].any():
        bits |= CLOSED * (len(codes) > line)
    else:
        bits, line, told = bits | CODED, len(codes), coded(codes) + told
    if line > MOST:
        raise CannotSay("so many points")
    return bits, words(line) + told


def coded(codes: Any) -> bytes:
    """Codes as bytes, to an even length."""
    told = np.asarray(codes, np.uint8).tobytes()
    return told + bytes(len(told) % 2)


def colour(rgba: Any) -> bytes:
    """Two words; of no colour, zeros."""
    return bytes(4) if rgba is None else bytes(round(255 * float(part)) for part in rgba)


def colours(rgba: Any) -> Any:
    """Many colours (n, 4) as n numbers of 32 bits; of none, one that is transparent."""
    if not len(rgba):
        return np.zeros(1, "<u4")
    return np.rint(255 * np.asarray(rgba, float)).astype(np.uint8).view("<u4").ravel()


NO_PEN = words(0, 0, 0, 0, 0, 0)


class Pens:
    """The pens of a collection; widths in points, each style with its start and dashes."""

    def __init__(self, gc: Any, widths: Any, styles: Any) -> None:
        self._ends = _CAPS[gc.get_capstyle()] | _JOINS[gc.get_joinstyle()] << 8
        self._widths, self._styles = widths, styles
        self.count = max(len(widths), len(styles), 1)

    def told(self, colour: Any, i: int = 0) -> bytes:
        """That of the i-th, with its colour: width, ends and corners, dashes."""
        width = float(self._widths[i % len(self._widths)]) * DPI / 72 if len(self._widths) else 0.0
        if not width or not colour >> 24:
            return NO_PEN
        start, dashes = self._styles[i % len(self._styles)] if len(self._styles) else (0, None)
        lengths = [] if dashes is None else [parts(dash * DPI / 72, 64) for dash in dashes]
        begin = round((start or 0) * DPI / 72 * 64) % sum(lengths) if any(lengths) else 0
        width = max(parts(width, 256), 1)
        return colour.tobytes() + words(width, self._ends, min(begin, MOST), len(lengths), *lengths)


def face(gc: Any, colour: Any) -> Any:
    """A colour to fill with, with the alpha that matplotlib means."""
    if colour is not None and (len(colour) == 3 or gc.get_forced_alpha()):
        return (*colour[:3], 1.0 if gc.get_alpha() is None else gc.get_alpha())
    return colour


class Alike(NamedTuple):
    """Paths of straight lines with so many corners each. points: (paths, corners, 2)."""

    points: Floats
    closed: bool


def alike(paths: Sequence[Any]) -> Alike | None:
    """The paths as one array, where they differ in nothing but their points."""
    first, n = paths[0].codes, len(paths[0].vertices)
    if n < 2 or any(len(path.vertices) != n for path in paths):
        return None
    for path in paths:
        if path.codes is not first and not np.array_equal(path.codes, first):
            return None
    closed = first is not None and first[-1] == Path.CLOSEPOLY
    if first is not None and (first[0] != Path.MOVETO or (first[1 : n - closed] != Path.LINETO).any()):
        return None
    points = np.concatenate([path.vertices for path in paths]).reshape(len(paths), n, 2)
    return Alike(points[:, : n - closed], bool(closed))


def png(pixels: Any) -> bytes:
    """RGBA (high, wide, 4), with a palette where 256 colours are enough."""
    flat = np.ascontiguousarray(pixels).view("<u4")[..., 0]
    palette, places = np.unique(flat, return_inverse=True)
    file, settings = io.BytesIO(), {"compress_level": 6}
    if len(palette) <= 256:
        picture = Image.fromarray(places.reshape(flat.shape).astype(np.uint8), "P")
        picture.putpalette(palette.astype("<u4").tobytes(), "RGBA")
    else:
        picture = Image.fromarray(pixels, "RGBA")
    picture.save(file, "PNG", **settings)
    return file.getvalue()
