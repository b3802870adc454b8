"""Images in the two ways that they are held: uint8 from 0 to 255, and float32 in [0, 1]."""

import numpy as np
from numpy.typing import NDArray


def to_float32(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """uint8 of any shape → float32 in [0, 1], as a network takes them."""
    return pixels.astype(np.float32) / np.float32(255)


def to_uint8(image: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Floats in [0, 1] of any shape → the nearest uint8, as images are stored and shown."""
    return np.rint(image * 255).astype(np.uint8)
