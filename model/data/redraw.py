"""One drawing in many natural variants: as the same hand might draw it the next time."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from model.data.augmentation import Augmentation
from model.preprocessing.framing import SIDE
from model.preprocessing.ink import prepare_picture
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import STROKE_WIDTH, prepare_strokes

Array = NDArray[np.float64]

# A picture has no path; its pixels are bent instead. It stays centred, as it will be read.
PICTURE = Augmentation(rotation=8, zoom=0.05, stretch=0.12, shift=0.02, shear=10, elastic=0.5)

_KNOTS = 8  # of the wobble along a stroke
_PENS = (4, 40)  # px, of a canvas' pens
_SIZES = (60, 260)  # px, of what is drawn there, its longer side
_WIDTHS = 0.25  # the spread of the pen's width, of its logarithm


def variants(
    image: NDArray[np.uint8],
    strokes: Sequence[NDArray[np.float32]] | None,
    count: int,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """(count, 28, 28) uint8: `image` as it is, then `count` − 1 others like it.

    strokes: of the pen that drew it, each (P, 2), y down, in any unit; None for a picture.
    """
    if strokes is None:
        copies = PICTURE.apply(np.repeat(image[None], count - 1, axis=0), rng)
        return np.concatenate([image[None], copies])
    images = np.empty((count, SIDE, SIDE), np.uint8)
    widths = STROKE_WIDTH * np.exp(_WIDTHS * rng.standard_normal(count).clip(-2, 2))
    for place, redrawn in enumerate(_redrawn(strokes, count, rng)):
        prepared = prepare_strokes(redrawn, width=widths[place]).image
        images[place] = image if prepared is None else to_uint8(prepared)
    images[0] = image
    return images


def as_picture(
    strokes: Sequence[NDArray[np.float32]], rng: np.random.Generator
) -> NDArray[np.uint8] | None:
    """The strokes, each (P, 2), drawn on a canvas at any size with any pen, and read as a picture:
    (28, 28) uint8. None where no digit is left to see."""
    pen = int(rng.integers(*_PENS))
    size = rng.uniform(max(_SIZES[0], 2 * pen), _SIZES[1])
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (size - pen) / max(extent.max(), 1e-9)
    corner = low - (pen + 2) / scale
    placed = [((stroke - corner) * scale).round().astype(np.int32) for stroke in strokes]
    width, height = np.ceil(extent * scale).astype(int) + 2 * pen + 4
    picture = np.full((height, width), 255, np.uint8)
    lines = [np.repeat(line, 2, axis=0) if len(line) == 1 else line for line in placed]  # dots
    cv2.polylines(picture, lines, False, 0, pen, cv2.LINE_AA)
    image = prepare_picture(picture).image
    return None if image is None else to_uint8(image)


def _redrawn(
    strokes: Sequence[NDArray[np.float32]], count: int, rng: np.random.Generator
) -> list[list[Array]]:
    """The strokes drawn `count` times: with another slant, other proportions, an unsteady hand."""
    points = np.concatenate(strokes).astype(np.float64)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    points = (points - low - extent / 2) / max(extent.max(), 1e-9)
    shaped = _vary(points, count, rng)
    ends = np.cumsum([len(stroke) for stroke in strokes])
    paths = [
        path + 0.012 * _wobble(count, path.shape[1], rng) + 0.02 * rng.normal(size=(count, 1, 2))
        for path in np.split(shaped, ends[:-1], axis=1)
    ]
    return [[path[place] for path in paths] for place in range(count)]


def _vary(points: Array, count: int, rng: np.random.Generator) -> Array:
    """Points (P, 2) in a unit square about 0, bent in `count` ways, (count, P, 2)."""

    def normal(deviation: float) -> Array:
        return deviation * rng.standard_normal((count, 1)).clip(-2.5, 2.5)

    x, y = points[:, 0], points[:, 1]
    y = y + normal(0.12) * (0.25 - y * y)  # a taller or a lower upper half
    x = x * np.exp(normal(0.15)) * (1 + normal(0.15) * y)
    x, y = x + normal(0.12) * y * y, y + normal(0.1) * x * x
    x = x - normal(0.15) * y
    turn = normal(0.08)
    return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], 2)


def _wobble(count: int, length: int, rng: np.random.Generator) -> Array:
    """A slow unsteadiness (count, length, 2) along a stroke of so many points."""
    knots = rng.standard_normal((count, _KNOTS, 2))
    place = np.linspace(0, _KNOTS - 1, length)
    left = np.minimum(place.astype(int), _KNOTS - 2)
    share = (place - left)[:, None]
    return knots[:, left] * (1 - share) + knots[:, left + 1] * share
