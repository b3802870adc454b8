"""One drawing as a whole: what the pen or the picture gave, and what the network is given of it.

A drawing is made once, of the canvas, of strokes or of a picture; the pages, the command line and
the training all take that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from model.preprocessing import canvas, segments
from model.preprocessing.framing import BOX, SIDE, Image, Prepared, Unreadable
from model.preprocessing.ink import Found, find_ink, prepare_ink
from model.preprocessing.segments import Segments
from model.preprocessing.strokes import DOT_EXTENT, STROKE_WIDTH, Stroke, prepare_strokes

_BLANK = np.zeros((SIDE, SIDE), np.float32)
_BLANK.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Drawing:
    """Ink as a pen or a picture gave it.

    image: (28, 28) float32 in [0, 1], all of it as one digit; blank where there is nothing to
    read, and then `reason` says why.
    strokes: of a pen, each (P, 2). found: of a picture, the ink in it.
    smallest, pen: in the strokes' unit, what extends no further is a dot, and the pen's width.
    """

    image: Image
    reason: Unreadable | None = None
    strokes: tuple[Stroke, ...] = ()
    found: Found | None = None
    smallest: float = 0.0
    pen: float = 0.0

    @classmethod
    def from_canvas(cls, drawing: Mapping[str, Any]) -> Self:
        """The canvas's `json_data`; raises InklingError for what Fabric.js could not have made."""
        strokes = canvas.strokes_from_canvas(drawing)
        return cls.from_strokes(strokes, smallest=DOT_EXTENT, pen=canvas.pen_width(drawing))

    @classmethod
    def from_strokes(
        cls, strokes: Sequence[NDArray[Any]], *, smallest: float = 0.0, pen: float = 0.0
    ) -> Self:
        """Pen strokes, each (P, 2), y down, in any unit, finite."""
        prepared = prepare_strokes(strokes, smallest=smallest)
        image, reason = _image(prepared)
        return cls(image, reason, tuple(s for s in strokes if len(s)), None, smallest, pen)

    @classmethod
    def from_picture(cls, picture: NDArray[np.uint8]) -> Self:
        """A picture, (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, uint8."""
        found = find_ink(picture)
        prepared = prepare_ink(found.ink) if found.ink is not None else Prepared(None, found.reason)
        return cls(*_image(prepared), found=found)

    def with_canvas(self, drawing: Mapping[str, Any]) -> Self:
        """The drawing of one canvas and, after it, of another; raises as `from_canvas`."""
        strokes = [*self.strokes, *canvas.strokes_from_canvas(drawing)]
        pen = max(self.pen, canvas.pen_width(drawing))
        return self.from_strokes(strokes, smallest=DOT_EXTENT, pen=pen)

    @property
    def is_readable(self) -> bool:
        """Whether there is a digit to read."""
        return self.reason is None

    @property
    def ink(self) -> Image | None:
        """Of a picture its ink, (H, W) float32 in [0, 1]."""
        return self.found.ink if self.found else None

    @cached_property
    def segments(self) -> Segments:
        """Which of the ink may be one digit; nothing where there is none."""
        if not self.is_readable:
            return Segments()
        if self.found is None or self.found.ink is None:
            return segments.of_strokes(
                self.strokes, self.image, smallest=self.smallest, pen=self.pen
            )
        return segments.of_ink(self.found, self.image)

    def part(self, members: Sequence[int], image: Image) -> Drawing:
        """One digit's own ink: some strokes, or some parts of the picture's ink, read as `image`
        (28, 28)."""
        if self.ink is None or self.segments.labels is None:
            return Drawing(image, None, tuple(self.strokes[place] for place in members))
        is_its = np.isin(self.segments.labels, members)
        assert self.found
        return Drawing(
            image, found=replace(self.found, ink=np.where(is_its, self.ink, np.float32(0)))
        )

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


def _image(prepared: Prepared) -> tuple[Image, Unreadable | None]:
    return (_BLANK if prepared.image is None else prepared.image), prepared.reason
