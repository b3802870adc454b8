"""A picture in the drawing's place: a file, or a photo from the camera."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.errors import InklingError
from model.preprocessing.drawing import Drawing
from model.preprocessing.picture import read_picture
from model.preprocessing.pixels import halved
from model.preprocessing.segments import Box
from ui.common import images, state

FORMATS = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


_FINEST = 2048  # px of the longer side of what is kept to be cropped

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Picture:
    """What is read of a picture, or why it can't be; and it as the sheet shows it: its address, its
    width and height in px, and its pixels, which may be fewer."""

    drawing: Drawing | InklingError
    address: str | None = None
    size: tuple[int, int] = (1, 1)
    pixels: Pixels | None = None

    def on_sheet(self, box: Box, side: float) -> Box:
        """Where a box in the picture's px lies on a sheet of so many px, on which it is fitted."""
        width, height = self.size
        scale = side / max(self.size)
        left, top = (side - width * scale) / 2, (side - height * scale) / 2
        return Box(left + box.x * scale, top + box.y * scale, box.width * scale, box.height * scale)

    @property
    def whole(self) -> Box:
        """Where it lies on the sheet, in shares of the sheet's side."""
        return self.on_sheet(Box(0, 0, *self.size), 1)


def latest() -> Picture | None:
    """The picture to read, on whichever page; None where there is none, or the pen came later."""
    return state.PICTURE.get()


def show(picture: Picture | None) -> None:
    """Have this picture read; with None, what is drawn."""
    state.PICTURE.set(picture)


def keep(content: bytes, side: int) -> None:
    """Have the picture in a file read, and shown on a sheet of so many px; once, as it comes."""
    try:
        show(_picture(read_picture(content), side))
    except InklingError as error:
        refuse(error)


def refuse(error: InklingError) -> None:
    """Say why a picture is not taken, in its place."""
    show(Picture(error))


def crop(corners: Sequence[float], side: int) -> None:
    """Have no more than a part of the picture read and shown: from left and top to right and bottom
    in shares of the sheet's side. Does nothing where that is not in the picture."""
    shown = latest()
    if shown is None or shown.pixels is None or len(corners) != 4:
        return
    height, width = shown.pixels.shape[:2]
    x, y, wide, high = shown.whole
    shares = (np.asarray(corners, np.float64).reshape(2, 2) - [x, y]) / [wide, high]
    (left, top), (right, bottom) = np.round(shares.clip(0, 1) * [width, height]).astype(int)
    if left < right and top < bottom:
        show(_picture(shown.pixels[top:bottom, left:right], side))


def _picture(pixels: Pixels, side: int) -> Picture:
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shown = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if shown.ndim == 3:
        order = cv2.COLOR_RGBA2BGRA if shown.shape[2] == 4 else cv2.COLOR_RGB2BGR
        shown = cv2.cvtColor(shown, order)
    kept, _ = halved(pixels, _FINEST)
    return Picture(Drawing.from_picture(pixels), images.png(shown), (width, height), kept)
