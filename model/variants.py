"""One drawing in many natural variants: as the same hand might draw it the next time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.augmentation import Augmentation
from model.drawings import SavedDrawing
from model.preprocess import SIDE, STROKE_WIDTH, prepare_strokes

Array = NDArray[np.float64]

# A picture has no path; its pixels are bent instead. It stays centred, as it will be read.
PICTURE = Augmentation(rotation=8, zoom=0.05, stretch=0.12, shift=0.02, shear=10, elastic=0.5)

_KNOTS = 8  # of the wobble along a stroke
_WIDTHS = 0.25  # the spread of the pen's width, of its logarithm


def variants(drawing: SavedDrawing, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """(count, 28, 28) uint8: the drawing as it is, then `count` − 1 others like it."""
    if drawing.strokes is None:
        copies = PICTURE.apply(np.repeat(drawing.image[None], count - 1, axis=0), rng)
        return np.concatenate([drawing.image[None], copies])
    images = np.empty((count, SIDE, SIDE), np.uint8)
    widths = STROKE_WIDTH * np.exp(_WIDTHS * rng.standard_normal(count).clip(-2, 2))
    for place, strokes in enumerate(_redrawn(drawing.strokes, count, rng)):
        image = prepare_strokes(strokes, width=widths[place]).image
        images[place] = drawing.image if image is None else np.rint(image * 255)
    images[0] = drawing.image
    return images


def _redrawn(
    strokes: Sequence[NDArray[np.float32]], count: int, rng: np.random.Generator
) -> list[list[Array]]:
    """The strokes drawn `count` times: with another slant, other proportions, an unsteady hand."""
    points = np.concatenate(strokes).astype(np.float64)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    points = (points - low - extent / 2) / max(extent.max(), 1e-9)
    shaped = _hand(points, count, rng)
    ends = np.cumsum([len(stroke) for stroke in strokes])
    paths = [
        path + 0.012 * _wobble(count, path.shape[1], rng) + 0.02 * rng.normal(size=(count, 1, 2))
        for path in np.split(shaped, ends[:-1], axis=1)
    ]
    return [[path[place] for path in paths] for place in range(count)]


def _hand(points: Array, count: int, rng: np.random.Generator) -> Array:
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
