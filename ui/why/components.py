"""Parts of a page that answer in the browser: a slider through a drawing, pictures to choose from.

What they show is made here, of numbers and pictures of our own; no word of a visitor's is in it.
"""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from model.explain.timeline import Timeline
from model.language import _
from model.preprocessing.drawing import Drawing
from model.preprocessing.strokes import path_length
from ui import APP
from ui.common import images, state
from ui.common.component import Component
from ui.draw import answer
from ui.why import pictures

_ASSETS = APP / "assets"
_PLAYED = 2500  # ms

_timeline = Component("timeline", "why/timeline.html")
_maps = st.components.v2.component(
    "inkling.maps",
    html='<div class="maps"></div>',
    js=(_ASSETS / "maps.js").read_text(),
    isolate_styles=False,
)


def timeline(drawn: Drawing, found: Timeline) -> None:
    """A slider back through the drawing."""
    lengths = np.cumsum([0.0, *map(path_length, drawn.strokes)]) / max(
        sum(map(path_length, drawn.strokes)), 1e-6
    )
    strokes = [
        {"points": pictures.points(stroke), "begins": float(begins), "ends": float(ends)}
        for stroke, begins, ends in zip(drawn.strokes, lengths, lengths[1:], strict=False)
    ]
    blank = answer.message(_("Nothing yet"), _("A dot is not a digit."))
    _timeline(
        key="timeline",
        data={
            "of": drawn.digest,
            "view": pictures.view_box(drawn),
            "pen": pictures.pen(drawn),
            "strokes": strokes,
            "seen": images.png(np.vstack(list(found.images))),
            "answers": [
                answer.digit_card(read, image) if read.any() else blank
                for read, image in zip(found.probabilities, found.images, strict=True)
            ],
            "milliseconds": _PLAYED,
        },
    )


def maps(
    layer: int, of: str, pictures: Sequence[str], names: Sequence[str], kind: str, chosen: int
) -> int:
    """Pictures, of which a visitor chooses one for a layer: its place, at first `chosen`.

    pictures: addresses, or shares from 0 to 1 to be shown as brightness; `of` tells when they are
    others than before. kind: pictures, numbers, or digits, which are numbers with a digit each.
    """
    component = state.PICKED_MAP[layer]
    picked = (component.get() or {}).get("picked")
    place = chosen if picked is None or picked >= len(pictures) else int(picked)
    _maps(
        key=component.key,
        data={
            "of": of,
            "pictures": list(pictures),
            "names": list(names),
            "kind": kind,
            "chosen": place,
        },
        on_picked_change=_do_nothing,
    )
    return place


def _do_nothing() -> None:
    """The choice is in the session's state already."""
