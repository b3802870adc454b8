"""The width of a picture's strokes: measured, and brought to MNIST's."""

import cv2
import numpy as np
from numpy.typing import NDArray

from model.preprocessing.framing import BOX, Image, crop, fit
from model.preprocessing.strokes import STROKE_WIDTH

USUAL_WIDTHS = (1.5, 3.9)  # px, the 5th and 95th percentiles of MNIST's training images

_FINE = 8  # widths are measured this many times finer than the field


def depth(mask: NDArray[np.bool_]) -> Image:
    """Each inked pixel's distance in px to the nearest paper, beyond the array's edge too."""
    return _distance(np.pad(mask, 1))[1:-1, 1:-1]


def _distance(mask: NDArray[np.bool_]) -> Image:
    """The distance in px from each pixel of `mask` to the nearest one outside of it."""
    distance = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance, np.float32)


def stroke_width(image: Image) -> float:
    """The width in px of the strokes of `image` (H, W) float32 in [0, 1].

    Twice the mean depth on the strokes' ridge, where a pixel lies as deep as any around it.
    """
    inside = depth(image > 0.5)
    ridge = (inside > 0) & (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8)) - 1e-3)
    return float(2 * np.median(inside[ridge]) - 1) if ridge.any() else 0.0


def at_usual_width(ink: Image) -> Image:
    """`ink` with strokes as wide as MNIST's, or as it is where they are.

    Shrinking must leave as many pieces and holes as there were, or it would break the digit at its
    thinnest: a part of the change is made then, or none.
    """
    fine = fit(ink, BOX * _FINE)
    if 2 * (fine > 0.5).sum() < fine.sum():  # a line so thin that shrinking made it grey
        thicker = np.asarray(cv2.dilate(ink, np.ones((3, 3), np.uint8)), np.float32)
        fine = fit(thicker, BOX * _FINE)
    width = stroke_width(fine) / _FINE
    if width == 0 or USUAL_WIDTHS[0] <= width <= USUAL_WIDTHS[1]:
        return ink
    # The ink's box shrinks with its strokes and is then fitted to BOX again.
    wanted = STROKE_WIDTH * (BOX - width) / (BOX - STROKE_WIDTH)
    by = (wanted - width) * _FINE / 2  # px of growth on each side
    mask = np.pad(fine > 0.5, BOX * _FINE // 8)
    if by > 0:
        return crop((_distance(~mask) <= by).astype(np.float32))
    for part in (1, 0.75, 0.5, 0.25):
        shrunk = _distance(mask) > -by * part
        if _topology(shrunk) == _topology(mask):
            return crop(shrunk.astype(np.float32))
    return ink


def _topology(mask: NDArray[np.bool_]) -> tuple[int, int]:
    """How many pieces and how many holes."""
    pieces = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1
    holes = cv2.connectedComponents((~mask).astype(np.uint8), connectivity=4)[0] - 2
    return pieces, holes
