"""What can be kept of the picture before, as matplotlib would draw it again just so.

Of a line: its look, while only its points move. A fifth of the time that matplotlib takes for one goes into
its points; the rest is kept as `Stroke`s. Of a text: all of it, where nothing has changed. Each is dear, and
half of those that could move do not.
"""

from collections.abc import Mapping, Set
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.transforms import BboxBase

from lecture643.maths.checks import Floats

# What a line knows about its points, and what follows from them; all else is its look.
_OF_POINTS = {
    *("_x", "_y", "_xorig", "_yorig", "_xy", "_path", "_transformed_path", "_invalidx", "_invalidy"),
    *("_subslice", "_x_filled", "_stale", "ind_offset"),
}
MOST = 1000  # points; of more, matplotlib may leave some out


class Stroke(NamedTuple):
    """How a path is drawn, or the markers at its points: all but the points.

    box: to which it is clipped. shape: also to this path, with its transform. pen, fill: see `words.py`.
    width: in pixels. snap: to whole pixels. filled: whether with a colour. marker: the number of its outline.
    """

    box: BboxBase | None
    shape: tuple[Any, Any]
    pen: bytes
    fill: bytes
    width: float
    snap: bool | None
    filled: bool
    marker: int | None


def line_look(artist: Artist) -> Mapping[str, Any] | None:
    """All that a plain line is but its points; None of another artist, or of a line with special ways."""
    if type(artist) is not Line2D or len(artist.get_path_effects()) or artist.get_sketch_params():
        return None
    plain = artist.get_drawstyle() == "default" and artist.get_clip_path() is None
    if not plain or artist.get_markevery() not in (None, [-1]):
        return None
    return _own(artist, _OF_POINTS)


def line_points(line: Any) -> Floats | None:
    """Where its points are, (n, 2), before any transform; None where matplotlib has to tell."""
    x, y = (np.asanyarray(values) for values in line.get_data(orig=True))
    simple = type(x) is type(y) is np.ndarray and x.dtype.kind in "fiu" and y.dtype.kind in "fiu"
    if not simple or x.shape != y.shape or x.ndim != 1 or len(x) > MOST:
        return None
    return np.column_stack([x, y]).astype(float)


def text_look(artist: Artist) -> Any:
    """All that decides how a text is drawn, and where; None of one that hangs on others, or is no text."""
    if type(artist) is Text:
        place: Any = artist.get_transform().transform(artist.get_unitless_position()).tolist()
    elif isinstance(artist, Annotation) and artist.arrow_patch is None and artist.axes:
        place = artist.xycoords, artist.anncoords, _geometry(artist.axes)
        if not all(isinstance(coordinates, str) for coordinates in place[:2]):
            return None
    else:
        return None
    own = _own(artist, {"_stale", "_renderer"})
    return own, place, hash(artist.get_fontproperties()), _box_look(artist.get_bbox_patch())


def _own(artist: Artist, without: Set[str]) -> dict[str, Any]:
    """What an artist knows; lists and arrays as they are now, to be compared."""
    return {
        name: tuple(value) if isinstance(value, (list, np.ndarray)) else value
        for name, value in vars(artist).items()
        if name not in without
    }


def _geometry(ax: Any) -> Any:
    """Where the axes are, and what they show."""
    scales = ax.xaxis.get_transform(), ax.yaxis.get_transform()
    return ax.viewLim.get_points().tolist(), ax.bbox.get_points().tolist(), scales


def _box_look(box: Any) -> Any:
    """Of the box around a text, which changes in its place."""
    return box and (box.get_facecolor(), box.get_edgecolor(), box.get_linewidth(), box.get_boxstyle())
