"""What the browser does for the sheet: a pen by the keyboard, pictures that are dropped or pasted,
the keys of Undo and Redo, and its name for those who hear the page."""

import streamlit as st

from ui import APP
from ui.common import html
from ui.draw import canvas

_component = st.components.v2.component(
    "inkling.sheet",
    html=html.render("draw/sheet.html"),
    js=(APP / "assets" / "sheet.js").read_text(),
    isolate_styles=False,
)


def helper() -> None:
    """Over the canvas, in the same container."""
    _component(
        key="sheet_helper",
        data={
            "side": canvas.SIDE,
            "name": "Sheet of paper: draw a digit or a number on it. Arrow keys move the pen, "
            "Space puts it down and lifts it",
            "down": "Pen down",
            "up": "Pen up",
        },
    )
