"""What a recorder has kept, as one run of bytes and a table of what is where in it."""

import io
import zlib
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image

from lecture643.reach.recorder import Reel, Shot

HEAVY = 200_000  # bytes: of more than these, stills are written coarser
COLOURS = 256


def told(reel: Reel) -> dict[str, Any]:
    """shots, with their pictures by number; how long each list, image and outline in `data` is."""
    images = list(dict.fromkeys(image for shot in reel.shots for image in shot.images))
    number = {image: i for i, image in enumerate(images)}
    shots = [
        {**shot.words, "still": shot.still, "images": [number[image] for image in shot.images]}
        for shot in reel.shots
    ]
    parts = {
        "stills": stills(reel.stills),
        "pictures": [smaller(image) for image in images],
        "outlines": list(reel.glyphs.values()),
    }
    plain = b"".join(shot.ops for shot in reel.shots)
    ops = min(steps([shot.ops for shot in reel.shots]), plain, key=_packed)
    stepped = ops is not plain
    return {
        "shots": shots,
        "controls": reel.controls,
        "glyphs": list(reel.glyphs),
        "ops": [len(shot.ops) // 2 for shot in reel.shots],
        **{name: [len(part) for part in each] for name, each in parts.items()},
        "stepped": stepped,
        "data": ops + b"".join(part for each in parts.values() for part in each),
    }


def stills(pngs: Sequence[bytes]) -> list[bytes]:
    """Each as it is; of too many, in few colours, and if need be with fewer pixels."""
    # Between these two scales the blurred edges of letters cost more than fewer pixels save.
    for write in (smaller, partial(coarser, scale=1.0)):
        written: list[bytes] = []
        while len(written) < len(pngs) and sum(map(len, written)) <= HEAVY:
            written.append(write(pngs[len(written)]))
        if sum(map(len, written)) <= HEAVY:
            return written
    return [coarser(png, scale=0.5) for png in pngs]


@lru_cache(maxsize=64)
def coarser(png: bytes, scale: float) -> bytes:
    """The same in few colours, and in this part of its pixels each way."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    wide, high = (round(side * scale) for side in picture.size)
    few = picture.resize((wide, high), Image.Resampling.LANCZOS).quantize(COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG")
    return smaller(file.getvalue())


def cost(shots: Sequence[Shot]) -> float:
    """How many bytes one of these neighbours adds to a film, about."""
    if len(shots) < 2:
        return 0.0
    one, all_of_them = (_packed(steps([shot.ops for shot in some])) for some in (shots[:1], shots))
    images = sum(len(smaller(image)) for shot in shots for image in shot.images)
    return (all_of_them - one) / (len(shots) - 1) + images / len(shots)


def steps(ops: Sequence[bytes]) -> bytes:
    """The words of all pictures as steps from the last but one, first all low bytes, then all high ones.

    x and y come in turn and move little, so that this mostly packs into half of what it was.
    """
    words = [np.frombuffer(each, "<u2") for each in ops]
    stepped = [np.concatenate([each[:2], each[2:] - each[:-2]]) for each in words]
    pairs = np.concatenate(stepped).astype("<u2").view(np.uint8).reshape(-1, 2)
    return pairs.T.tobytes()


def _packed(data: bytes) -> int:
    return len(zlib.compress(data))


def restored(data: bytes, lengths: Sequence[int], stepped: bool = True) -> list[bytes]:
    """The pictures as they were; lengths: in words. stepped: whether they are written as `steps` writes."""
    total = sum(lengths)
    if not stepped:
        ends = np.cumsum([0, *lengths]) * 2
        return [data[begin:end] for begin, end in pairwise(ends.tolist())]
    pairs = np.frombuffer(data[: 2 * total], np.uint8).reshape(2, -1).T
    words = np.ascontiguousarray(pairs).view("<u2").ravel()
    found = []
    for each in np.split(words, np.cumsum(lengths)[:-1]):
        both = each.copy()
        for side in (0, 1):
            both[side::2] = np.cumsum(each[side::2], dtype=np.uint16)
        found.append(both.tobytes())
    return found


@lru_cache(maxsize=64)  # the size of a film's stills is asked for, and then they are wanted
def smaller(png: bytes) -> bytes:
    """The same pixels in fewer bytes."""
    return min(png, webp(png), key=len)


def webp(png: bytes) -> bytes:
    """The same pixels as WebP."""
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).save(file, "WEBP", lossless=True, quality=50, method=1, exact=True)
    return file.getvalue()
