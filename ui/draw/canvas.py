"""The sheet of paper that is drawn on.

The canvas lives in the browser and sends its whole drawing after each stroke. The session keeps
the latest, so that a drawing outlives a visit to another page, where the canvas does not.
"""

from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from model.errors import InklingError
from model.preprocessing.drawing import Drawing

CanvasJSON = dict[str, Any]  # as Fabric.js writes it: {"objects": [{"type": "Path", …}, …], …}

SIDE = 400  # canvas px; style.css shrinks the sheet where the screen is narrower
INK = "#1d2b53"

_CANVAS = "sheet"
_EMPTY: CanvasJSON = {"objects": []}


def drawing() -> Drawing:
    """What this visitor has drawn, on whichever page; made once a stroke.

    Raises InklingError for a drawing that the canvas could not have made.
    """
    drawn: Drawing | InklingError | None = st.session_state.get("drawing")
    if isinstance(drawn, InklingError):
        raise drawn
    return drawn or Drawing.from_canvas(_EMPTY)


def show(pen_width: int) -> None:
    """Show the sheet, with the drawing on it, to draw on with a pen of so many canvas px."""
    if _CANVAS not in st.session_state:  # the canvas is new to the page
        st.session_state.shown = _json()
    st_canvas(
        key=_CANVAS,
        width=SIDE,
        height=SIDE,
        stroke_width=pen_width,
        stroke_color=INK,
        initial_drawing=st.session_state.shown,
        on_change=_take,
    )


def undo() -> None:
    """Take the last stroke off the sheet."""
    if objects := _json()["objects"]:
        _redraw(objects[:-1])


def clear() -> None:
    """Take everything off the sheet."""
    _redraw([])


def _json() -> CanvasJSON:
    latest: CanvasJSON = st.session_state.get("canvas", _EMPTY)
    return latest


def _take() -> None:
    _keep(st.session_state[_CANVAS]["drawing"]["raw"])


def _redraw(objects: list[dict[str, Any]]) -> None:
    # The canvas redraws when it is given another drawing than the last time, not when what was
    # drawn since differs from it: the number makes each one another.
    number = st.session_state.shown.get("number", 0) + 1
    st.session_state.shown = {"objects": objects, "number": number}
    _keep(st.session_state.shown)


def _keep(latest: CanvasJSON) -> None:
    st.session_state.canvas = latest
    try:
        st.session_state.drawing = Drawing.from_canvas(latest)
    except InklingError as error:
        st.session_state.drawing = error
    st.session_state.picture = None  # what came last is read
