"""A picture in the drawing's place: a file, or a photo from the camera."""

from dataclasses import dataclass

import cv2

from model.errors import InklingError
from model.preprocessing.drawing import Drawing
from model.preprocessing.picture import read_picture
from model.preprocessing.segments import Box
from ui.common import images, state

FORMATS = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


@dataclass(frozen=True, eq=False)
class Picture:
    """What is read of a picture, or why it can't be; and it as the sheet shows it: its address, and
    its width and height in px."""

    drawing: Drawing | InklingError
    address: str | None = None
    size: tuple[int, int] = (1, 1)

    def on_sheet(self, box: Box, side: int) -> Box:
        """Where a box in the picture's px lies on a sheet of so many px, on which it is fitted."""
        width, height = self.size
        scale = side / max(self.size)
        left, top = (side - width * scale) / 2, (side - height * scale) / 2
        return Box(left + box.x * scale, top + box.y * scale, box.width * scale, box.height * scale)


def latest() -> Picture | None:
    """The picture to read, on whichever page; None where there is none, or the pen came later."""
    return state.PICTURE.get()


def forget() -> None:
    """As something else is to be read."""
    state.PICTURE.set(None)


def keep(content: bytes, side: int) -> None:
    """Have the picture in a file read, and shown on a sheet of so many px; once, as it comes."""
    try:
        pixels = read_picture(content)
        height, width = pixels.shape[:2]
        scale = min(1.0, side / max(height, width))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        shown = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        if shown.ndim == 3:
            order = cv2.COLOR_RGBA2BGRA if shown.shape[2] == 4 else cv2.COLOR_RGB2BGR
            shown = cv2.cvtColor(shown, order)
        drawing = Drawing.from_picture(pixels)
        state.PICTURE.set(Picture(drawing, images.png(shown), (width, height)))
    except InklingError as error:
        state.PICTURE.set(Picture(error))


def refuse(error: InklingError) -> None:
    """Say why a picture is not taken, in its place."""
    state.PICTURE.set(Picture(error))
