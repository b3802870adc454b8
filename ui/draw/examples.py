"""Examples to tap, for those who have no pen at hand, and to see at once what can be read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from model.data import nondigits, synthetic
from model.data.synthetic.curves import PenStrokes
from model.language import _, marked
from model.preprocessing.strokes import Stroke
from ui import APP
from ui.common import html
from ui.draw import canvas, picture

PHOTO = APP / "assets" / "example-photo.jpg"

_PEN = 14  # canvas px
_ROOM = 0.2  # of the sheet, around an example


def _digit(digit: int, style: str, seed: int) -> Callable[[], PenStrokes]:
    return lambda: synthetic.draw_digit(digit, np.random.default_rng(seed), style)


def _forty_two() -> PenStrokes:
    four, two = _digit(4, "closed", 3)(), _digit(2, "plain", 5)()
    beside = np.array([1.1, 0], np.float32)
    return [*four, *(stroke + beside for stroke in two)]


EXAMPLES: dict[str, Callable[[], PenStrokes]] = {
    marked("4 or 9?"): _digit(4, "closed", 37),
    marked("Crossed 7"): _digit(7, "crossed", 2),
    "42": _forty_two,
    marked("A letter"): lambda: nondigits.draw_letter("E", np.random.default_rng(1)),
}


def buttons() -> None:
    """A button for each example, and one for a photo."""
    with st.container(key="examples", horizontal=True, vertical_alignment="center"):
        html.line(_("Or try"))
        for name, strokes in EXAMPLES.items():
            st.button(
                _(name), key=f"example-{name}", type="tertiary", on_click=_show, args=(strokes,)
            )
        st.button(
            _("A photo"), key="example-photo", type="tertiary", on_click=_show_photo, args=(PHOTO,)
        )


def _show(strokes: Callable[[], PenStrokes]) -> None:
    canvas.put(_placed(strokes()), _PEN)


def _show_photo(path: Path) -> None:
    canvas.put([])
    picture.keep(path.read_bytes(), canvas.SIDE)


def _placed(strokes: PenStrokes) -> list[Stroke]:
    """Strokes in the middle of the sheet, as large as there is room."""
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = canvas.SIDE * (1 - 2 * _ROOM) / extent.max()
    corner = (canvas.SIDE - extent * scale) / 2
    return [((stroke - low) * scale + corner).astype(np.float32) for stroke in strokes]
