"""What all ink ends in: a 28×28 field, framed as MNIST's digits are.

MNIST's authors fitted each bilevel NIST digit into a 20×20 box, aspect kept, with an
anti-aliased resampling, and shifted it by whole pixels until its centre of mass lay in the
middle of a 28×28 field (LeCun, Cortes, Burges: "The MNIST database of handwritten digits";
LeCun et al., Proc. IEEE 86(11), 1998). A network trained on MNIST reads what was made that way,
and little else.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from model.language import marked

SIDE = 28  # px, of the field
BOX = 20  # px, the longer side of the ink
CENTRE = 14  # the array index of the centre of mass

Image = NDArray[np.float32]


class Unreadable(StrEnum):
    """Why there is no digit to read; the value says it in plain words."""

    BLANK = marked("nothing is drawn")
    DOT = marked("a dot is not a digit")
    FULL = marked("there is too much ink to see a digit")
    TOO_SMALL = marked("the picture is too small to hold a digit")


@dataclass(frozen=True)
class Prepared:
    """What the network sees: `image` (28, 28) float32 in [0, 1], or the reason for having none."""

    image: Image | None
    reason: Unreadable | None = None


def frame(ink: Image) -> Image:
    """`ink` (H, W) float32 in [0, 1], with some ink on each side, as the network is given it:
    its longer side 20 px, its centre of mass in the middle of (28, 28)."""
    return centre(fit(ink, BOX))


def crop(ink: Image) -> Image:
    """`ink` without the paper around it."""
    x, y, width, height = cv2.boundingRect((ink > 0).astype(np.uint8))
    return ink[y : y + height, x : x + width]


def fit(ink: Image, side: int) -> Image:
    """`ink` resampled so that its longer side is `side` px, aspect kept."""
    height, width = ink.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return ink
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    # Averaging can round a pixel to just above 1.
    return np.minimum(cv2.resize(ink, size, interpolation=how), np.float32(1))


def centre(ink: Image) -> Image:
    """`ink`, at most BOX px a side, in a 28×28 field with its centre of mass at index 14.

    The shift is by whole pixels and never pushes ink over the edge.
    """
    height, width = ink.shape
    total = float(ink.sum())
    row = float(ink.sum(axis=1) @ np.arange(height)) / total
    column = float(ink.sum(axis=0) @ np.arange(width)) / total
    top = min(max(round(CENTRE - row), 0), SIDE - height)
    left = min(max(round(CENTRE - column), 0), SIDE - width)
    field = np.zeros((SIDE, SIDE), np.float32)
    field[top : top + height, left : left + width] = ink
    return field
