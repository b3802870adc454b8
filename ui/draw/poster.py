"""A picture of the drawing with its answer."""

import base64
import io
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from model.inference import segmentation
from model.inference.prediction import Prediction
from model.language import _
from model.preprocessing.drawing import Drawing
from ui.common import formatting
from ui.draw import answer, canvas
from ui.draw.feedback import Answered
from ui.draw.picture import Picture

SIDE = 800  # px of the sheet, and of the picture's width
_FOOT = 200  # px under the sheet, for the answer
_BITS = 4  # of a coordinate's fraction, as OpenCV takes it
_PAPER, _MARGIN, _QUIET = "#fffdf6", "#f5f2ea", "#68655c"


def poster(answered: Answered, shown: Picture | None) -> bytes:
    """A PNG, 800 px wide and 1,000 high: the sheet, with a picture where one is shown, and under it
    what was read."""
    page = Image.new("RGB", (SIDE, SIDE + _FOOT), _MARGIN)
    page.paste(_picture(shown) if shown and shown.address else _sheet(answered.drawing), (0, 0))
    pen = ImageDraw.Draw(page)
    names = "".join(answer.name(prediction) for prediction in answered.predictions)
    middle = SIDE + _FOOT / 2
    pen.text((48, middle), names, canvas.INK, ImageFont.load_default(120), anchor="lm")
    end = 48 + pen.textlength(names, ImageFont.load_default(120))
    pen.text(
        (end + 32, middle),
        _sureness(answered.predictions),
        _QUIET,
        ImageFont.load_default(32),
        anchor="lm",
    )
    pen.text((SIDE - 32, middle), "Inkling", _QUIET, ImageFont.load_default(24), anchor="rm")
    content = io.BytesIO()
    page.save(content, "PNG")
    return content.getvalue()


def _sureness(predictions: Sequence[Prediction]) -> str:
    if any(prediction.digit is None for prediction in predictions):
        return _("does not look like a digit")
    return _("{share} sure", share=formatting.probability(segmentation.together(predictions)))


def _sheet(drawing: Drawing) -> Image.Image:
    scale = SIDE / canvas.SIDE
    paths = [np.round(stroke * (scale * 2**_BITS)).astype(np.int32) for stroke in drawing.strokes]
    sheet = np.full((SIDE, SIDE, 3), ImageColor.getrgb(_PAPER), np.uint8)
    ink, width = ImageColor.getrgb(canvas.INK), max(1, round(drawing.pen * scale))
    return Image.fromarray(cv2.polylines(sheet, paths, False, ink, width, cv2.LINE_AA, _BITS))


def _picture(shown: Picture) -> Image.Image:
    """The picture as the sheet shows it: as large as there is room, in the middle."""
    assert shown.address
    content = Image.open(io.BytesIO(base64.b64decode(shown.address.partition(",")[2])))
    sheet = Image.new("RGBA", (SIDE, SIDE), _PAPER)
    scale = SIDE / max(content.size)
    size = (round(content.width * scale), round(content.height * scale))
    large = content.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    sheet.alpha_composite(large, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return sheet.convert("RGB")
