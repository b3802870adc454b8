"""Images in the two ways that they are held: uint8 from 0 to 255, and float32 in [0, 1]."""

import cv2
import numpy as np
from numpy.typing import NDArray


def to_float32(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 of any shape → float32 in [0, 1], as a network takes them."""
    return pixels.astype(np.float32) / np.float32(255)


def to_uint8(image: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Floats in [0, 1] of any shape → the nearest uint8, as images are stored and shown."""
    return np.rint(image * 255).astype(np.uint8)


def halved(picture: NDArray[np.uint8], finest: int) -> tuple[NDArray[np.uint8], int]:
    """`picture` (H, W) or (H, W, C) in less than `finest` px, and by how much it was reduced.

    A halving is many times faster than any other reduction.
    """
    by = 1
    while max(picture.shape[:2]) >= finest and min(picture.shape[:2]) > 1:
        height, width = picture.shape[0] // 2, picture.shape[1] // 2
        even = picture[: 2 * height, : 2 * width]
        smaller = cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
        picture, by = np.asarray(smaller, np.uint8), 2 * by
    return picture, by
