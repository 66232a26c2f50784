"""The player in a real Chromium, beside the same picture by Agg."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from playwright.sync_api import Page

from lecture643.picture.scene import DPI, Frame, Recorder

PLAYER = Path(__file__).parent.parent / "lecture643/live/player.js"
# The module as a data address: no server, and nothing of it is left out.
_BEGIN = """async source => {
    window.scene = await import('data:text/javascript;base64,' + source);
    window.bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
    window.players = new Map();
}"""
_PLAY = """async ({key, density, size, still, ops, images, glyphs}) => {
    if (!players.has(key)) players.set(key, new scene.Player(density));
    const player = players.get(key);
    player.resize(density);
    const picture = await createImageBitmap(new Blob([bytes(still)]));
    player.still('still', picture, ...size);
    const told = {still: 'still', ops: bytes(ops), images: images.map(bytes)};
    told.glyphs = glyphs.map(([number, outline]) => [number, bytes(outline)]);
    await player.frame(told);
    return player.canvas.toDataURL('image/png').split(',')[1];
}"""


def begin(page: Page) -> None:
    """Bring the player onto an empty page."""
    page.evaluate(_BEGIN, base64.b64encode(PLAYER.read_bytes()).decode())


def play(page: Page, recorder: Recorder, frame: Frame, still: Any, density: int) -> Any:
    """The pixels (high, wide, 3) that the player makes of a frame."""
    file = io.BytesIO()
    Image.fromarray(still).save(file, "PNG", compress_level=1)
    picture = page.evaluate(
        _PLAY,
        {
            "key": density,
            "density": density,
            "size": [recorder.width, recorder.height],
            "still": text(file.getvalue()),
            "ops": text(frame.ops),
            "images": [text(image) for image in frame.images],
            "glyphs": [(number, text(recorder.glyphs[number])) for number in frame.glyphs],
        },
    )
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB"))


def by_agg(figure: Figure, moving: Sequence[Any], density: int) -> tuple[Any, Any]:
    """The still part and the whole, as Agg draws both (high, wide, 3)."""
    figure.set_dpi(DPI * density)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    still = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    for artist in moving:
        artist.draw(canvas.get_renderer())
    whole = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    figure.set_dpi(DPI)
    return still, whole


def away_from_edges(picture: Any, distance: int) -> Any:
    """Where nothing changes within so many pixels: there two ways to draw have to agree."""
    level = picture.astype(int)
    edge = np.zeros(level.shape[:2], bool)
    for axis in (0, 1):
        step = (np.abs(np.diff(level, axis=axis)) > 6).any(axis=2)
        for part in (slice(0, -1), slice(1, None)):
            at = (part, slice(None)) if axis == 0 else (slice(None), part)
            edge[at] |= step
    for _ in range(distance):
        grown = edge.copy()
        grown[1:] |= edge[:-1]
        grown[:-1] |= edge[1:]
        grown[:, 1:] |= edge[:, :-1]
        grown[:, :-1] |= edge[:, 1:]
        edge = grown
    return ~edge


def text(data: bytes) -> str:
    """Bytes on their way to the page."""
    return base64.b64encode(data).decode()
