"""A pen's path, redrawn as MNIST would have scanned it; and the parts of a path.

A pen's path is redrawn at MNIST's own stroke width: how large, where, and with how thick a pen
it was drawn no longer matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.preprocessing.framing import BOX, Prepared, Unreadable, crop, frame

Stroke = NDArray[np.float32]  # (P, 2), x to the right and y down, canvas px

STROKE_WIDTH = 2.4  # px, the median of MNIST's training images, as `stroke_width` measures it
SCRAWL_STROKES = 5  # so many are no digit's
SCRAWL_PATH = 5.0  # nor is so long a path, in longer sides of what is drawn
DOT_EXTENT = 8.0  # canvas px; a tap of a finger moves less, the smallest digit far more

_FINE = 8  # ink is drawn this many times finer than the field, then averaged down
_STRAIGHT = 0.1  # px of that fine drawing, how far a line may run past a point of the pen's
_SUBPIXEL = 4  # fractional bits of the coordinates given to OpenCV


def prepare_strokes(
    strokes: Sequence[NDArray[Any]], *, smallest: float = 0.0, width: float = STROKE_WIDTH
) -> Prepared:
    """Redraw pen strokes as MNIST would have scanned them.

    strokes: each (P, 2), x to the right and y down, in any unit, finite.
    smallest: what extends no further than this, in that unit, is a dot.
    width: the pen's, in px of the 28×28 field.
    """
    strokes = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not strokes:
        return Prepared(None, Unreadable.BLANK)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    if extent <= smallest:
        return Prepared(None, Unreadable.DOT)

    scale = (BOX - width) * _FINE / extent
    margin = width * _FINE / 2 + 1
    paths = [
        np.round(((stroke - low) * scale + margin) * 2**_SUBPIXEL).astype(np.int32)
        for stroke in strokes
    ]
    # A thick line takes time for each point: those that it can do without are left out.
    paths = [cv2.approxPolyDP(path, _STRAIGHT * 2**_SUBPIXEL, False) for path in paths]
    paths = [np.repeat(path, 2, axis=0) if len(path) == 1 else path for path in paths]  # dots
    fine = np.zeros((BOX * _FINE + 4, BOX * _FINE + 4), np.float32)
    thickness = max(1, round(width * _FINE))
    cv2.polylines(fine, paths, False, 1, thickness, cv2.LINE_8, _SUBPIXEL)
    if fine.mean() > 0.8:
        return Prepared(None, Unreadable.FULL)
    return Prepared(frame(crop(fine)))


# ---------------------------------------------------------------- parts of a pen's path


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a pen's path: `points` of the stroke of that number."""

    stroke: int
    points: Stroke


def path_pieces(strokes: Sequence[Stroke], count: int) -> list[Piece]:
    """The strokes cut into about `count` pieces of the same length, each stroke into one at least.

    Together they are the strokes; each piece begins where the one before it ends.
    """
    lengths = [path_length(stroke) for stroke in strokes]
    total = sum(lengths) or 1.0
    found = []
    for number, (stroke, long) in enumerate(zip(strokes, lengths, strict=True)):
        parts = max(1, round(count * long / total))
        ends = np.linspace(0, long, parts + 1)
        found += [Piece(number, path_section(stroke, start, end)) for start, end in pairwise(ends)]
    return found


def path_start(strokes: Sequence[Stroke], share: float) -> list[Stroke]:
    """The strokes as far as the pen had drawn them after a `share` from 0 to 1 of its way."""
    left = share * sum(map(path_length, strokes))
    drawn: list[Stroke] = []
    for stroke in strokes:
        if left <= 0 and drawn:
            break
        drawn.append(
            stroke if left >= path_length(stroke) else path_section(stroke, 0, max(left, 0))
        )
        left -= path_length(stroke)
    return drawn


def path_length(stroke: Stroke) -> float:
    """How far the pen went."""
    return float(_way(stroke)[-1])


def path_section(stroke: Stroke, start: float, end: float) -> Stroke:
    """The part of a stroke between two distances from its beginning."""
    way = _way(stroke)
    inner = stroke[(way > start) & (way < end)]
    edges = [[np.interp(at, way, stroke[:, axis]) for axis in (0, 1)] for at in (start, end)]
    return np.concatenate([edges[:1], inner, edges[1:]]).astype(np.float32)


def _way(stroke: Stroke) -> NDArray[np.float64]:
    """How far the pen had come at each point of a stroke, (P,)."""
    steps = np.diff(stroke.astype(np.float64), axis=0)
    return np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])


def is_scrawl(strokes: Sequence[Stroke]) -> bool:
    """Whether a pen, strokes (P, 2) each, did more than a digit takes.

    Of 25,000 digits by 290 people none has five strokes, and five have a path more than five times
    as long as their longer side; a face, a star or a scribble has.
    """
    if not strokes:
        return False
    extent = float(np.ptp(np.concatenate(strokes), axis=0).max())
    path = sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes)
    return len(strokes) >= SCRAWL_STROKES or path > SCRAWL_PATH * extent
