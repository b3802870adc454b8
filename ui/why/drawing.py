"""The drawing that a page is about: the one on the Draw page, or a sample; of a number a digit."""

import numpy as np
import streamlit as st

from model.data import synthetic
from model.errors import InklingError
from model.inference import segmentation
from model.inference.classifier import Classifier
from model.inference.prediction import Prediction
from model.preprocessing.drawing import Drawing
from model.preprocessing.strokes import DOT_EXTENT
from ui.draw import answer, current

_SIZE, _MARGIN = 280, 60  # canvas px
_FIRST = 400  # the seed of the first sample, a plain 3


def sample() -> Drawing | None:
    """The digit that this visitor asked for, drawn by Inkling; None before."""
    number: int | None = st.session_state.get("why_sample")
    if number is None:
        return None
    rng = np.random.default_rng(_FIRST + number)
    strokes = synthetic.draw_digit((3 + 7 * number) % 10, rng)
    points = np.concatenate(strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0).max()
    placed = [(stroke - low) / extent * _SIZE + _MARGIN for stroke in strokes]
    return Drawing.from_strokes(placed, smallest=DOT_EXTENT)


def here() -> Drawing | None:
    """What there is to look at; says kindly what is missing, and offers a sample."""
    try:
        drawn = current.drawing()
        if drawn.is_readable:
            return drawn
        reason = str(drawn.reason)
    except InklingError as error:
        reason = str(error).rstrip(".")
    with st.container(key="why_nothing"):
        st.html(f'<p class="lead"><b>There is nothing to explain yet:</b> {reason}.</p>')
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link("pages/draw.py", label="Draw a digit", icon=":material/draw:")
            asked = st.session_state.get("why_sample") is not None
            st.button(
                "Another sample" if asked else "Look at a sample",
                key="why_another",
                icon=":material/casino:",
                on_click=_next,
            )
    return sample()


def digit(drawn: Drawing, reader: Classifier) -> tuple[Prediction, Drawing]:
    """How a drawing is read, and its ink; of a number the digit that the visitor chooses."""
    digits = segmentation.digits(reader, drawn)
    if len(digits) == 1:
        return digits[0]
    if st.session_state.get("why_number") != drawn.digest:
        st.session_state.why_number, st.session_state.why_place = drawn.digest, 0
    read = [answer.shown(prediction) for prediction, _ in digits]
    st.segmented_control(
        f"Which digit of {''.join(read)}?",
        range(len(digits)),
        format_func=read.__getitem__,
        key="why_place",
        required=True,
        persist_state="session",
    )
    place: int = st.session_state.why_place
    return digits[place]


def _next() -> None:
    st.session_state.why_sample = st.session_state.get("why_sample", -1) + 1
