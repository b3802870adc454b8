"""The sheet of paper that is drawn on.

The canvas lives in the browser and sends its whole drawing after each stroke. The session keeps
the latest, so that a drawing outlives a visit to another page, where the canvas does not.
"""

from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

CanvasJSON = dict[str, Any]  # as Fabric.js writes it: {"objects": [{"type": "Path", …}, …], …}

SIDE = 400  # canvas px; style.css shrinks the sheet where the screen is narrower
INK = "#1d2b53"

_CANVAS = "sheet"


def drawing() -> CanvasJSON:
    """What this visitor has drawn, on whichever page."""
    kept: CanvasJSON = st.session_state.setdefault("drawing", {"objects": []})
    return kept


def canvas(pen_width: int) -> None:
    """Show the sheet, with the drawing on it, to draw on with a pen of so many canvas px."""
    if _CANVAS not in st.session_state:  # the canvas is new to the page
        st.session_state.shown = drawing()
    st_canvas(
        key=_CANVAS,
        width=SIDE,
        height=SIDE,
        stroke_width=pen_width,
        stroke_color=INK,
        initial_drawing=st.session_state.shown,
        on_change=_drawn,
    )


def undo() -> None:
    """Take the last stroke off the sheet."""
    if objects := drawing()["objects"]:
        _show(objects[:-1])


def clear() -> None:
    """Take everything off the sheet."""
    _show([])


def _drawn() -> None:
    _keep(st.session_state[_CANVAS]["drawing"]["raw"])


def _show(objects: list[dict[str, Any]]) -> None:
    # The canvas redraws when it is given another drawing than the last time, not when what was
    # drawn since differs from it: the number makes each one another.
    number = st.session_state.shown.get("number", 0) + 1
    st.session_state.shown = {"objects": objects, "number": number}
    _keep(st.session_state.shown)


def _keep(latest: CanvasJSON) -> None:
    st.session_state.drawing = latest
    st.session_state.picture = None  # what came last is read
