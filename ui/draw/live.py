"""What is drawn while the pen is down: the browser sends it, and it is read like the rest.

The canvas sends its drawing 200 ms after a stroke, a debounce of its own. A small component beside
it listens to the same pen and sends the strokes that the server does not have from the canvas yet.
They are made ready to be read as the canvas' are, so that the same ink gives the same answer.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model.errors import InklingError
from model.preprocessing.canvas import stroke_from_points
from model.preprocessing.drawing import Drawing
from model.preprocessing.strokes import Stroke
from model.settings import Drawings
from ui import APP
from ui.common import permissions, state
from ui.draw import canvas, current
from ui.draw.pace import Pace

_component = st.components.v2.component(
    "inkling.live",
    html='<div class="live"></div>',
    js=(APP / "assets" / "live.js").read_text(),
    isolate_styles=False,
)


def drawing() -> Drawing:
    """What this visitor shows, with the strokes that the canvas has not sent yet.

    Raises InklingError for what can't be used.
    """
    drawn = current.drawing()
    strokes = _strokes()
    if drawn.found or not strokes:
        return drawn
    return drawn.with_strokes(strokes)


def listener() -> None:
    """Have the browser send what is drawn, and rerun the fragment that this is called in."""
    version = canvas.version()
    _component(
        key=state.LIVE.key,
        data={
            "generation": version.generation,
            "revision": version.revision,
            "count": version.strokes,
            "answered": _message().get("seq"),
            "interval": round(1000 * _pace().interval) if is_on() else 0,
            "side": canvas.SIDE,
        },
        on_strokes_change=_keep,
    )


def undo() -> None:
    """Take the last stroke off the sheet."""
    canvas.undo(_strokes())


def clear() -> None:
    """Take everything off the sheet."""
    canvas.clear(_strokes())


def settle() -> None:
    """Put the strokes on the sheet that the canvas had not sent when its page was left."""
    if strokes := _strokes():
        canvas.append(strokes)


def is_on() -> bool:
    """Whether the host lets strokes be read while they are drawn."""
    return Drawings.read(permissions.secrets()).live == "on"


@contextmanager
def measured() -> Iterator[None]:
    """Note what the reading within costs, if there is a stroke that is being drawn."""
    began = time.thread_time()
    yield
    context = get_script_run_ctx()
    if context and _strokes():
        _pace().note(context.session_id, time.thread_time() - began)


def _strokes() -> list[Stroke]:
    """The strokes that the canvas has not sent yet, in canvas px."""
    message, version = _message(), canvas.version()
    if message.get("generation") != version.generation:
        return []
    try:
        return [
            stroke_from_points(stroke["points"])
            for stroke in message["strokes"]
            if stroke["number"] >= version.strokes
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise InklingError(
            f"The stroke that came from the browser can’t be read ({error}); wanted: points."
        ) from error


def _message() -> dict[str, Any]:
    return state.LIVE_STROKES.get()


def _keep() -> None:
    """Keep what came, also for other pages, where the component is not."""
    latest = (state.LIVE.get() or {}).get("strokes")
    state.LIVE_STROKES.set(latest if isinstance(latest, dict) else {})


@st.cache_resource(show_spinner=False)
def _pace() -> Pace:
    return Pace()
