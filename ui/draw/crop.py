"""The part of a picture that is to be read: a frame over the sheet, to be dragged."""

from pydantic import FiniteFloat, TypeAdapter, ValidationError

from ui.common import state
from ui.common.component import Component
from ui.draw import canvas, picture

_component = Component("crop", "draw/crop.html")

_CORNERS = TypeAdapter(tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat])


def frame() -> None:
    """A button over the picture on the sheet, which opens the frame; nothing where there is none,
    or it can't be read at all."""
    shown = picture.latest()
    if shown is None or shown.pixels is None:
        return
    left, top, width, height = shown.whole
    _component(
        key=state.CROP.key,
        data={"of": id(shown), "picture": [left, top, left + width, top + height]},
        on_part_change=_crop,
    )


def _crop() -> None:
    try:
        corners = _CORNERS.validate_python((state.CROP.get() or {}).get("part"))
    except ValidationError:  # nothing was chosen, or a forged message says anything
        return
    canvas.note()
    picture.crop(corners, canvas.SIDE)
