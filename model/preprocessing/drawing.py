"""One drawing as a whole: what the pen or the picture gave, and what the network sees of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.preprocessing.canvas import prepare_canvas, strokes_from_canvas
from model.preprocessing.framing import BOX, Image
from model.preprocessing.strokes import DOT_EXTENT, STROKE_WIDTH, prepare_strokes

Stroke = NDArray[np.float32]  # (P, 2), x to the right and y down, canvas px


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawing that can be read: `image` (28, 28) float32 in [0, 1] is what the network sees.

    Of a pen there are its `strokes`; of a picture the `ink` found in it, (H, W) float32 in [0, 1].
    """

    image: Image
    strokes: tuple[Stroke, ...] = ()
    ink: Image | None = None

    @property
    def digest(self) -> str:
        """Tells one drawing from another."""
        parts = [self.image, *self.strokes, *([] if self.ink is None else [self.ink])]
        return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the ink, in px of the canvas or of the picture."""
        if self.ink is not None:
            rows, columns = np.nonzero(self.ink)
            low, high = (columns.min(), rows.min()), (columns.max() + 1, rows.max() + 1)
        else:
            points = np.concatenate(self.strokes)
            low, high = points.min(axis=0), points.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])

    @property
    def fitted(self) -> Image:
        """The ink alone, its longer side 20 px, before it is centred: (H, W) float32."""
        rows, columns = np.nonzero(self.image)
        return self.image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]

    @property
    def to_field(self) -> tuple[float, Stroke]:
        """(scale, offset) that take a canvas point p to where the network sees it, p·scale +
        offset in px of the field; for strokes only."""
        left, top, width, height = self.box
        scale = (BOX - STROKE_WIDTH) / max(width, height)
        rows, columns = np.nonzero(self.image)
        corner = np.array([columns.min(), rows.min()], np.float32) + STROKE_WIDTH / 2
        return scale, (corner - np.array([left, top]) * scale).astype(np.float32)


def from_canvas(drawing: Mapping[str, Any]) -> Drawing | str:
    """The canvas's drawing, or why it can't be read. Raises InklingError where it is broken."""
    prepared = prepare_canvas(drawing)
    if prepared.image is None:
        return str(prepared.reason)
    return Drawing(prepared.image, tuple(s for s in strokes_from_canvas(drawing) if len(s)))


def from_strokes(strokes: Sequence[Stroke]) -> Drawing:
    """Strokes in canvas px that are known to be readable, as those of a sample digit."""
    prepared = prepare_strokes(strokes, smallest=DOT_EXTENT)
    assert prepared.image is not None, prepared.reason
    return Drawing(prepared.image, tuple(strokes))
