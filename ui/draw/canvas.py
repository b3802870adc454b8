"""The sheet of paper that is drawn on.

The canvas lives in the browser and sends its whole drawing after each stroke. The session keeps
the latest, so that a drawing outlives a visit to another page, where the canvas does not.
"""

from typing import Any, NamedTuple

from streamlit_drawable_canvas import st_canvas

from model.errors import InklingError
from model.preprocessing.drawing import Drawing
from ui.common import state
from ui.draw import picture

CanvasJSON = dict[str, Any]  # as Fabric.js writes it: {"objects": [{"type": "Path", …}, …], …}

SIDE = 400  # canvas px; style.css shrinks the sheet where the screen is narrower
INK = "#1d2b53"


class Version(NamedTuple):
    """Tells one state of the canvas from another: `generation` changes when it was redrawn from
    here, `revision` with all that it sends, and `strokes` is how many it then had."""

    generation: int
    revision: int
    strokes: int


def version() -> Version:
    """The latest that the server knows of the canvas."""
    number = state.INITIAL_DRAWING.get().get("number", 0)
    strokes = len(state.CANVAS_JSON.get()["objects"])
    return Version(number, state.CANVAS_REVISION.get(), strokes)


def drawing() -> Drawing:
    """What this visitor has drawn, on whichever page; made once a stroke.

    Raises InklingError for a drawing that the canvas could not have made.
    """
    drawn = state.CANVAS_DRAWING.get()
    if isinstance(drawn, InklingError):
        raise drawn
    return drawn or Drawing.from_canvas(state.CANVAS_JSON.get())


def show(pen_width: int) -> None:
    """Show the sheet, with the drawing on it, to draw on with a pen of so many canvas px."""
    if state.CANVAS.get() is None:  # the canvas is new to the page
        state.INITIAL_DRAWING.set(state.CANVAS_JSON.get())
    st_canvas(
        key=state.CANVAS.key,
        width=SIDE,
        height=SIDE,
        stroke_width=pen_width,
        stroke_color=INK,
        initial_drawing=state.INITIAL_DRAWING.get(),
        on_change=_keep_stroke,
    )


def undo() -> None:
    """Take the last stroke off the sheet."""
    if objects := state.CANVAS_JSON.get()["objects"]:
        _redraw(objects[:-1])


def clear() -> None:
    """Take everything off the sheet."""
    _redraw([])


def _keep_stroke() -> None:
    if canvas := state.CANVAS.get():
        _keep(canvas["drawing"]["raw"])


def _redraw(objects: list[dict[str, Any]]) -> None:
    # The canvas redraws when it is given another drawing than the last time, not when what was
    # drawn since differs from it: the number makes each one another.
    number = state.INITIAL_DRAWING.get().get("number", 0) + 1
    redrawn = {"objects": objects, "number": number}
    state.INITIAL_DRAWING.set(redrawn)
    _keep(redrawn)


def _keep(latest: CanvasJSON) -> None:
    state.CANVAS_JSON.set(latest)
    state.CANVAS_REVISION.set(state.CANVAS_REVISION.get() + 1)
    try:
        state.CANVAS_DRAWING.set(Drawing.from_canvas(latest))
    except InklingError as error:
        state.CANVAS_DRAWING.set(error)
    picture.forget()  # what came last is read
