"""What is drawn while the pen is down: the browser sends it, and it is read like the rest.

The canvas sends its drawing 200 ms after a stroke, a debounce of its own. A small component beside
it listens to the same pen and sends the strokes that the server does not have from the canvas yet.
They are made ready to be read as the canvas' are, so that the same ink gives the same answer.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model.settings import Drawings
from ui import APP
from ui.common import metrics, secrets, state
from ui.draw import canvas
from ui.draw.pace import Pace

_component = st.components.v2.component(
    "inkling.live",
    html='<div class="live"><p class="unseen" role="status"></p></div>',
    js=(APP / "assets" / "live.js").read_text(),
    isolate_styles=False,
)


def listener(link: str) -> None:
    """Have the browser send what is drawn, and rerun the fragment that this is called in; and keep
    the drawing in the page's address, as the text of a link."""
    version = canvas.version()
    _component(
        key=state.LIVE.key,
        data={
            "generation": version.generation,
            "revision": version.revision,
            "count": version.strokes,
            "link": link,
            "answered": state.LIVE_STROKES.get().get("seq"),
            "interval": round(1000 * _pace().interval) if is_on() else 0,
            "side": canvas.SIDE,
        },
        on_strokes_change=_keep,
    )


def is_on() -> bool:
    """Whether the host lets strokes be read while they are drawn."""
    return Drawings.read(secrets.read()).live == "on"


@contextmanager
def measured() -> Iterator[None]:
    """Note how long the reading within takes, to keep the pace."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    metrics.ANSWER.observe(took)
    if context := get_script_run_ctx():
        _pace().note(context.session_id, took)


def _keep() -> None:
    """Keep what came, also for other pages, where the component is not."""
    latest = (state.LIVE.get() or {}).get("strokes")
    state.LIVE_STROKES.set(latest if isinstance(latest, dict) else {})


@st.cache_resource(show_spinner=False)
def _pace() -> Pace:
    return Pace()
