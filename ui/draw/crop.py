"""The part of a picture that is to be read: a frame over the sheet, to be dragged."""

import streamlit as st
from pydantic import FiniteFloat, TypeAdapter, ValidationError

from ui import APP
from ui.common import html, state
from ui.draw import canvas, picture

_component = st.components.v2.component(
    "inkling.crop",
    html=html.render("draw/crop.html"),
    js=(APP / "assets" / "crop.js").read_text(),
    isolate_styles=False,
)

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
