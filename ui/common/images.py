"""Images as addresses that a page can show without asking the server for them."""

import base64
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.preprocessing.pixels import to_uint8


def png(image: NDArray[Any]) -> str:
    """A grey picture (H, W) or a coloured one (H, W, 3) in BGR, uint8 or floats in [0, 1]."""
    pixels = image if image.dtype == np.uint8 else to_uint8(image)
    _, content = cv2.imencode(".png", pixels)
    return _address("image/png", content.tobytes())


def svg(document: str) -> str:
    """An SVG document."""
    return _address("image/svg+xml", document.encode())


def _address(mime: str, content: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"
