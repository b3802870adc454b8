"""The drawing that a page is about: the one on the Draw page, or a sample; of a number a digit."""

import numpy as np
import streamlit as st

from model.data import synthetic
from model.errors import InklingError
from model.inference import segmentation
from model.inference.classifier import Classifier
from model.inference.prediction import Prediction
from model.language import _
from model.preprocessing.drawing import Drawing
from model.preprocessing.strokes import DOT_EXTENT
from ui.common import html, state
from ui.draw import answer, current

_SIZE, _MARGIN = 280, 60  # canvas px
_FIRST = 400  # the seed of the first sample, a plain 3


def sample() -> Drawing | None:
    """The digit that this visitor asked for, drawn by Inkling; None before."""
    number = state.SAMPLE.get()
    if number is None:
        return None
    rng = np.random.default_rng(_FIRST + number)
    strokes = synthetic.draw_digit((3 + 7 * number) % 10, rng)
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0).max()
    placed = [(stroke - low) / extent * _SIZE + _MARGIN for stroke in strokes]
    return Drawing.from_strokes(placed, smallest=DOT_EXTENT)


def current_or_sample() -> Drawing | None:
    """What there is to look at; says kindly what is missing, and offers a sample."""
    try:
        drawn = current.drawing()
        if drawn.is_readable:
            return drawn
        reason = _(drawn.reason or "")
    except InklingError as error:
        reason = str(error).rstrip(".")
    with st.container(key="why_nothing"):
        st.html(html.render("why/nothing.html", reason=reason))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link("pages/draw.py", label=_("Draw a digit"), icon=":material/draw:")
            st.button(
                _("Look at a sample") if state.SAMPLE.get() is None else _("Another sample"),
                key="why_another",
                icon=":material/casino:",
                on_click=_next_sample,
            )
    return sample()


def chosen_digit(drawn: Drawing, reader: Classifier) -> tuple[Prediction, Drawing]:
    """How a drawing is read, and its ink; of a number the digit that the visitor chooses."""
    digits = segmentation.digits(reader, drawn)
    if len(digits) == 1:
        return digits[0]
    if state.PLACE_OF.get() != drawn.digest:
        state.PLACE_OF.set(drawn.digest)
        state.PLACE.set(0)
    read = [answer.name(prediction) for prediction, _ in digits]
    st.segmented_control(
        _("Which digit of {read}?", read="".join(read)),
        range(len(digits)),
        format_func=read.__getitem__,
        key=state.PLACE.key,
        required=True,
        persist_state="session",
    )
    return digits[state.PLACE.get()]


def _next_sample() -> None:
    number = state.SAMPLE.get()
    state.SAMPLE.set(0 if number is None else number + 1)
