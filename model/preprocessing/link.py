"""A pen's strokes as the text of a link: four characters for each point that they take."""

import base64
from collections.abc import Sequence

import cv2
import numpy as np

from model.errors import InklingError
from model.language import _
from model.preprocessing.strokes import Stroke

MAX_LENGTH = 4000  # characters, some 1,000 points; browsers and servers take twice as many

_STEP = 0.2  # canvas px between two coordinates that a link tells apart
_LOWEST = -200.0  # canvas px, as a pen may leave the sheet
_BITS = 12  # of each coordinate: up to 619 px
_TOLERANCE = 0.5  # canvas px, how far a line may run past a point of the pen's
_THICKEST = 100  # canvas px


def to_link(strokes: Sequence[Stroke], pen: float) -> str:
    """Strokes, each (P, 2) canvas px, of a pen of so many px, in letters, digits, “-”, “_” and “.”.

    Raises InklingError for more than MAX_LENGTH characters.
    """
    text = ".".join([str(round(pen)), *map(_encoded, strokes)])
    if len(text) > MAX_LENGTH:
        raise InklingError(
            "The drawing takes a link of {count:,} characters; wanted: at most "
            "{max_length:,}. Draw a simpler one, or save it as a picture.",
            count=len(text),
            max_length=MAX_LENGTH,
        )
    return text


def from_link(text: str) -> tuple[list[Stroke], int]:
    """What `to_link` was given: the strokes, each (P, 2) float32 canvas px, and the pen's width.

    Raises InklingError for anything else.
    """
    try:
        if len(text) > MAX_LENGTH:
            raise ValueError(_("it has {count:,} characters", count=len(text)))
        pen, *strokes = text.split(".")
        if not (pen.isascii() and pen.isdecimal() and 0 < int(pen) <= _THICKEST):
            raise ValueError(_("its pen has no width"))
        return [_decoded(stroke) for stroke in strokes], int(pen)
    except ValueError as error:
        raise InklingError(
            "The drawing in this link can’t be read ({error}); wanted: a link as “Share” gives "
            "it, with at most {max_length:,} characters for the drawing.",
            error=error,
            max_length=MAX_LENGTH,
        ) from error


def _encoded(stroke: Stroke) -> str:
    path = cv2.approxPolyDP(stroke.astype(np.float32), _TOLERANCE, False).reshape(-1, 2)
    if not np.array_equal(path[-1], stroke[-1]):  # it leaves out where a closed line ends
        path = np.concatenate([path, stroke[-1:]])
    steps = np.round((path - _LOWEST) / _STEP).clip(0, 2**_BITS - 1).astype(np.uint32)
    points = (steps[:, 0] << _BITS | steps[:, 1]).astype(">u4")
    return base64.urlsafe_b64encode(points.view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()).decode()


def _decoded(text: str) -> Stroke:
    content = base64.b64decode(text, b"-_", validate=True)
    if not content or len(content) % 3:
        raise ValueError(_("a stroke has no whole points"))
    points = np.frombuffer(content, np.uint8).reshape(-1, 3).astype(np.uint32)
    packed = points @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    steps = np.stack([packed >> _BITS, packed & 2**_BITS - 1], axis=1)
    return (steps * _STEP + _LOWEST).astype(np.float32)
