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
_OTHER_WIDTHS = 0.3  # likewise, for other hands
_STEP = 0.03  # from point to point of a path, in longer sides of the digit
_BEND = 0.025  # how far other hands bend what they draw, likewise
_ROUNDED, _SHARP, _TREMBLING = 0.35, 0.12, 0.1  # of other hands' strokes


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


def other_hands(
    strokes: Sequence[NDArray[np.float32]], count: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """(count, 28, 28) uint8: the same form as `count` others might draw it, each with proportions,
    a slant, corners, hooks and an unsteadiness of their own; some do not lift the pen, or let it
    slip for a moment. `strokes` as for `variants`."""
    points = _centred(strokes)
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    widths = STROKE_WIDTH * np.exp(_OTHER_WIDTHS * rng.standard_normal(count).clip(-2, 2))
    images = []
    for width in widths:
        shaped = _vary(points, 1, rng, strength=rng.uniform(0.6, 1.7))[0]
        shaped += _bend(shaped, rng)
        paths = [_by_hand(path, rng) for path in np.split(shaped, ends)]
        prepared = prepare_strokes(_pen_lifts(paths, rng), width=float(width)).image
        if prepared is not None:
            images.append(to_uint8(prepared))
    return np.stack(images) if images else np.empty((0, SIDE, SIDE), np.uint8)


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
    shaped = _vary(_centred(strokes), count, rng)
    ends = np.cumsum([len(stroke) for stroke in strokes])
    paths = [
        path + 0.012 * _wobble(count, path.shape[1], rng) + 0.02 * rng.normal(size=(count, 1, 2))
        for path in np.split(shaped, ends[:-1], axis=1)
    ]
    return [[path[place] for path in paths] for place in range(count)]


def _centred(strokes: Sequence[NDArray[np.float32]]) -> Array:
    """The points of all strokes, (P, 2), in a unit square about 0."""
    points = np.concatenate(strokes).astype(np.float64)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    centred: Array = (points - low - extent / 2) / max(extent.max(), 1e-9)
    return centred


def _vary(points: Array, count: int, rng: np.random.Generator, strength: float = 1.0) -> Array:
    """Points (P, 2) in a unit square about 0, bent in `count` ways, (count, P, 2)."""

    def normal(deviation: float) -> Array:
        return strength * deviation * rng.standard_normal((count, 1)).clip(-2.5, 2.5)

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


def _bend(points: Array, rng: np.random.Generator) -> Array:
    """How far a slow wave across the square moves each of the points (P, 2)."""
    direction, moved = rng.normal(size=(2, 2))
    wave = 2 * np.pi * rng.uniform(0.4, 1.1) / np.linalg.norm(direction)
    phase = rng.uniform(0, 2 * np.pi)
    far: Array = _BEND * np.sin(wave * points @ direction + phase)[:, None] * moved
    return far


def _by_hand(path: Array, rng: np.random.Generator) -> Array:
    """One stroke (P, 2), its corners rounded or sharp, its ends cut off or hooked, its line
    unsteady, and itself a little aside."""
    path = _ends(_corners(_evenly(path), rng), rng)
    shaken = min(rng.exponential(0.012), 0.04)
    path = path + shaken * _wobble(1, len(path), rng)[0]
    if rng.random() < _TREMBLING:
        path = path + 0.012 * rng.standard_normal(path.shape)
    middle = path.mean(axis=0)
    larger = np.exp(0.07 * rng.standard_normal(2).clip(-2, 2))
    return (path - middle) * larger + middle + 0.025 * rng.standard_normal(2)


def _evenly(path: Array) -> Array:
    """Points at the same distance from one another along it."""
    steps = np.hypot(*np.diff(path, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    places = np.linspace(0, way[-1], max(4, round(way[-1] / _STEP)))
    return np.column_stack([np.interp(places, way, path[:, axis]) for axis in (0, 1)])


def _corners(path: Array, rng: np.random.Generator) -> Array:
    """Rounded, made sharp, or left."""
    kind = rng.random()
    if kind < _ROUNDED:
        spread = rng.uniform(1, 3.5)
        extended = np.pad(path, ((8, 8), (0, 0)), mode="reflect", reflect_type="odd")
        kernel = np.exp(-(np.arange(-8, 9) ** 2) / (2 * spread**2))
        kernel /= kernel.sum()
        return np.column_stack([np.convolve(extended[:, a], kernel, "valid") for a in (0, 1)])
    if kind < _ROUNDED + _SHARP:
        least = rng.uniform(0.01, 0.05)
        sharp = cv2.approxPolyDP(path.astype(np.float32)[:, None], least, False)[:, 0]
        return _evenly(sharp.astype(np.float64))
    return path


def _ends(path: Array, rng: np.random.Generator) -> Array:
    """Each end as it is, cut off by a little, or drawn on into a hook."""
    for _ in range(2):
        path = path[::-1]  # first the one end, then the other
        kind = rng.random()
        if kind < 0.25:
            path = path[: max(3, round(len(path) * (1 - rng.uniform(0, 0.08))))]
        elif kind < 0.5:
            onward = path[-1] - path[-3]
            turn = rng.normal(0, 0.9)
            cos, sin = np.cos(turn), np.sin(turn)
            length = min(rng.exponential(0.05), 0.16) / max(np.hypot(*onward), 1e-6)
            tip = path[-1] + length * np.array([[cos, -sin], [sin, cos]]) @ onward
            path = np.concatenate([path, tip[None]])
    return path


def _pen_lifts(paths: list[Array], rng: np.random.Generator) -> list[Array]:
    """The strokes, seldom run together as by a pen that is not lifted, seldom with a gap."""
    kind = rng.random()
    if kind < 0.06 and len(paths) > 1:
        return [np.concatenate(paths)]
    longest = max(range(len(paths)), key=lambda place: len(paths[place]))
    path = paths[longest]
    if kind > 0.97 and len(path) > 12:
        start = int(rng.integers(4, len(path) - 6))
        return [*paths[:longest], path[:start], path[start + 2 :], *paths[longest + 1 :]]
    return paths
