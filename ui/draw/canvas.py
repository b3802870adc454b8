"""The sheet of paper that is drawn on.

The canvas lives in the browser and sends its whole drawing after each stroke. The session keeps
the latest, so that a drawing outlives a visit to another page, where the canvas does not.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from streamlit_drawable_canvas import st_canvas

from model.errors import InklingError
from model.inference.prediction import Prediction
from model.preprocessing.canvas import path_corner, path_from_points
from model.preprocessing.drawing import Drawing
from model.preprocessing.link import from_link, to_link
from model.preprocessing.segments import Box
from model.preprocessing.strokes import Stroke
from ui.common import state
from ui.draw import history, picture

CanvasJSON = dict[str, Any]  # as Fabric.js writes it: {"objects": [{"type": "Path", …}, …], …}
Path = list[list[Any]]  # as Fabric.js writes it: [["M", x, y], …]

SIDE = 400  # canvas px; style.css shrinks the sheet where the screen is narrower
INK = "#1d2b53"
PEN_WIDTH = 20  # canvas px, to begin with
# Where a drawing says which generation it is of. Fabric.js keeps the properties of a canvas that it
# knows by name alone; this one does nothing on a canvas, and comes back with what is drawn on it.
_GENERATION = "lockMovementX"


class Version(NamedTuple):
    """Tells one state of the canvas from another: `generation` changes when it was redrawn from
    here, `revision` with all that it sends, and `strokes` is how many it then had."""

    generation: int
    revision: int
    strokes: int


def version() -> Version:
    """The latest that the server knows of the canvas."""
    strokes = len(state.CANVAS_JSON.get()["objects"])
    return Version(_generation(), state.CANVAS_REVISION.get(), strokes)


def _generation() -> int:
    """How often the canvas was redrawn from here."""
    number: int = state.INITIAL_DRAWING.get().get(_GENERATION, 0)
    return number


def drawing() -> Drawing:
    """What this visitor has drawn, on whichever page; made once a stroke.

    Raises InklingError for a drawing that the canvas could not have made.
    """
    drawn = state.CANVAS_DRAWING.get() or Drawing.from_canvas(state.CANVAS_JSON.get())
    if isinstance(drawn, InklingError):
        raise drawn
    unsent = _unsent()
    return drawn.with_canvas({"objects": unsent}) if unsent else drawn


def _unsent() -> list[dict[str, Any]]:
    """The strokes that `ui.draw.live` has and the canvas has not sent yet, as it will send them."""
    pen_width = state.PEN.get() or PEN_WIDTH
    message, latest = state.LIVE_STROKES.get(), version()
    if message.get("generation") != latest.generation:
        return []
    try:
        return [
            _fabric_path(path_from_points(stroke["points"], pen_width), pen_width)
            for stroke in message["strokes"]
            if stroke["number"] >= latest.strokes
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise InklingError(
            "The stroke that came from the browser can’t be read ({error}); wanted: points.",
            error=error,
        ) from error


def show(pen_width: int) -> None:
    """Show the sheet, with the drawing on it, to draw on with a pen of so many canvas px."""
    if state.CANVAS.get() is None:  # the canvas is new to the page
        _resume()
    st_canvas(
        key=state.CANVAS.key,
        width=SIDE,
        height=SIDE,
        stroke_width=pen_width,
        stroke_color=INK,
        initial_drawing=state.INITIAL_DRAWING.get(),
        background_image=shown.address if (shown := picture.latest()) else None,
        background_image_fit="contain",
        on_change=_keep_stroke,
    )


def _resume() -> None:
    """Have the canvas show what was drawn before a visit to another page, also what it had not
    sent when it was left."""
    if _unsent():
        _note_unsent()
        _redraw(state.CANVAS_JSON.get()["objects"])
    else:
        state.INITIAL_DRAWING.set(state.CANVAS_JSON.get())


def boxes(predictions: Sequence[Prediction]) -> list[tuple[Prediction, Box]]:
    """Where on the sheet the digits are, for frames around them: those of a number, or in the
    picture that it shows."""
    if shown := picture.latest():
        return [(one, shown.on_sheet(one.box, SIDE)) for one in predictions]
    return [(one, one.box) for one in predictions] if len(predictions) > 1 else []


def undo() -> None:
    """Back to what the sheet showed before the last stroke, also one that the canvas has not sent
    yet, or before it was cleared, or before a picture or an example came."""
    _note_unsent()
    if earlier := history.back(_shown()):
        _show(earlier)


def undo_picture() -> None:
    """Back to what was drawn before the picture, or the parts of it."""
    while picture.latest() and (earlier := history.back(_shown())):
        _show(earlier)


def redo() -> None:
    """Forth again to what was undone last, unless something came onto the sheet since."""
    _note_unsent()
    if later := history.forth(_shown()):
        _show(later)


def clear() -> None:
    """Take everything off the sheet."""
    if _objects() or picture.latest():
        note()
    picture.show(None)
    _redraw([])


def note() -> None:
    """Said before something else comes onto the sheet: what it shows is a step to go back to."""
    _note_unsent()
    history.note(_shown())


def _note_unsent() -> None:
    if unsent := _unsent():
        history.note_strokes(_shown(), unsent)
        picture.show(None)
        _keep({**state.CANVAS_JSON.get(), "objects": _objects()})


def _shown() -> history.Sheet:
    return history.Sheet(state.CANVAS_JSON.get()["objects"], picture.latest())


def _show(sheet: history.Sheet) -> None:
    picture.show(sheet.picture)
    _redraw(sheet.strokes)


def _objects() -> list[dict[str, Any]]:
    """What is on the sheet, as Fabric.js writes it."""
    return [*state.CANVAS_JSON.get()["objects"], *_unsent()]


def put(strokes: Sequence[Stroke], pen_width: int = PEN_WIDTH) -> None:
    """Put strokes, each (P, 2) canvas px, on the sheet in place of what is on it."""
    note()
    picture.show(None)
    _redraw([_fabric_path(_polyline(stroke), pen_width) for stroke in strokes])


def put_link(text: str) -> None:
    """Put a link's drawing on the sheet; raises InklingError for what is none."""
    strokes, pen_width = from_link(text)
    paths = [_fabric_path(_polyline(stroke), pen_width) for stroke in strokes]
    history.note_strokes(history.Sheet([]), paths)
    _redraw(paths)
    state.CANVAS_LINK.set(text)  # written anew it would lose some of its points


def link() -> str | InklingError:
    """What the canvas has sent as the text of a link, made when it is first asked for: empty for a
    blank sheet; or why no link can take it."""
    known = state.CANVAS_LINK.get()
    if known is None:
        known = _link(state.CANVAS_DRAWING.get())
        state.CANVAS_LINK.set(known)
    return known


def _link(drawing: Drawing | InklingError | None) -> str | InklingError:
    if drawing is None or isinstance(drawing, InklingError):
        return drawing or ""
    try:
        return to_link(drawing.strokes, drawing.pen) if drawing.strokes else ""
    except InklingError as error:
        return error


def _polyline(stroke: Stroke) -> Path:
    first, *others = stroke.round(1).tolist()
    return [["M", *first], *(["L", *point] for point in others)]


def _fabric_path(path: Path, pen_width: int) -> dict[str, Any]:
    """A path as Fabric.js writes it among a canvas' objects."""
    left, top = path_corner(path)
    return {
        "type": "Path",
        "path": path,
        "left": left - pen_width / 2,
        "top": top - pen_width / 2,
        "originX": "left",
        "originY": "top",
        "fill": None,
        "stroke": INK,
        "strokeWidth": pen_width,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }


def _keep_stroke() -> None:
    """Keep what the canvas sends, unless it says that it shows what it was told to, or has not yet
    heard that it is to show something else."""
    if not (canvas := state.CANVAS.get()):
        return
    latest = canvas["drawing"]["raw"]
    if latest.get(_GENERATION, 0) != _generation():
        return
    known = state.CANVAS_JSON.get()["objects"]
    if fresh := latest["objects"][len(known) :]:
        history.note_strokes(_shown(), fresh)
        picture.show(None)  # what came last is read
        _keep({**latest, "objects": [*known, *fresh]})


def _redraw(objects: list[dict[str, Any]]) -> None:
    # The canvas redraws when it is given another drawing than the last time, not when what was
    # drawn since differs from it: the generation makes each one another.
    redrawn = {"objects": objects, _GENERATION: _generation() + 1}
    state.INITIAL_DRAWING.set(redrawn)
    _keep(redrawn)


def _keep(latest: CanvasJSON) -> None:
    state.CANVAS_JSON.set(latest)
    state.CANVAS_REVISION.set(state.CANVAS_REVISION.get() + 1)
    state.CANVAS_LINK.set(None)
    try:
        state.CANVAS_DRAWING.set(Drawing.from_canvas(latest))
    except InklingError as error:
        state.CANVAS_DRAWING.set(error)
