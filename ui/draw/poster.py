"""A picture of the drawing with its answer."""

import base64
import io

from PIL import Image, ImageDraw, ImageFont

from model.preprocessing.strokes import Stroke
from ui.common import formatting
from ui.draw import answer, canvas
from ui.draw.feedback import Answered
from ui.draw.picture import Picture

SIDE = 800  # px of the sheet, and of the picture's width
_FOOT = 200  # px under the sheet, for the answer
_FINE = 2  # times as large it is drawn first, for smooth edges
_PAPER, _MARGIN, _QUIET = "#fffdf6", "#f5f2ea", "#68655c"


def poster(answered: Answered, shown: Picture | None) -> bytes:
    """A PNG, 800 px wide and 1,000 high: the sheet, with a picture where one is shown, and under it
    what was read."""
    page = Image.new("RGB", (SIDE, SIDE + _FOOT), _MARGIN)
    page.paste(_picture(shown) if shown and shown.address else _sheet(answered), (0, 0))
    pen = ImageDraw.Draw(page)
    names = "".join(answer.name(prediction) for prediction in answered.predictions)
    middle = SIDE + _FOOT / 2
    pen.text((48, middle), names, canvas.INK, ImageFont.load_default(120), anchor="lm")
    end = 48 + pen.textlength(names, ImageFont.load_default(120))
    pen.text(
        (end + 32, middle), _sureness(answered), _QUIET, ImageFont.load_default(32), anchor="lm"
    )
    pen.text((SIDE - 32, middle), "Inkling", _QUIET, ImageFont.load_default(24), anchor="rm")
    content = io.BytesIO()
    page.save(content, "PNG")
    return content.getvalue()


def _sureness(answered: Answered) -> str:
    if len(answered.predictions) > 1:
        return ""
    (prediction,) = answered.predictions
    if prediction.digit is None:
        return "not a digit?"
    return f"{formatting.probability(prediction.confidence)} sure"


def _sheet(answered: Answered) -> Image.Image:
    large = Image.new("RGB", (SIDE * _FINE, SIDE * _FINE), _PAPER)
    scale = SIDE * _FINE / canvas.SIDE
    for stroke in answered.drawing.strokes:
        _draw(ImageDraw.Draw(large), stroke * scale, answered.drawing.pen * scale)
    return large.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _draw(pen: ImageDraw.ImageDraw, stroke: Stroke, width: float) -> None:
    """A stroke with round ends and corners."""
    points = [(float(x), float(y)) for x, y in stroke]
    pen.line(points, canvas.INK, round(width), joint="curve")
    for point in (points[0], points[-1]):
        pen.circle(point, width / 2, canvas.INK)


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
