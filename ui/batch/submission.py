"""Digits that were read: the first ones, the least certain ones to correct, the submission."""

import streamlit as st

from model.inference import batch
from model.language import _, ngettext
from model.runs import registry
from ui.batch import gallery, left_out, uploads
from ui.batch.uploads import PredictedBatch
from ui.common import formatting, state
from ui.common.state import Widget

_DIGITS = range(10)


def show(predicted: PredictedBatch) -> None:
    """What was read, by which model; all that follows from it."""
    digits = predicted.answers.batch
    st.header(formatting.plain(digits.name), anchor=False)
    count = formatting.count(len(digits.images), "digit")
    st.markdown(_("{count}, read by {by}.", count=count, by=predicted.by))
    in_use = registry.in_use()
    if in_use != predicted.model:
        st.button(
            _("Have {model} read them", model=formatting.plain(formatting.model(in_use.run))),
            key="batch_again",
            icon=":material/refresh:",
            on_click=uploads.read_again,
        )
    left_out.show(digits.left_out)
    _answers(predicted)


@st.fragment
def _answers(predicted: PredictedBatch) -> None:
    """All that a correction changes."""
    answers = predicted.answers
    with st.container(key="handin", horizontal=True, vertical_alignment="center"):
        st.download_button(
            "submission.csv",
            lambda: batch.submission(answers.digits),
            "submission.csv",
            "text/csv",
            key="batch_submission",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
        )
        if count := len(answers.corrections):
            st.markdown(
                ngettext("with {n} correction of yours", "with {n} corrections of yours", count)
            )
    st.html(gallery.first_answers(answers.batch.images, answers.digits, answers.batch.names))
    st.markdown(
        _(
            "**The least certain** Where an answer is wrong, choose the right one: it goes into "
            "submission.csv."
        )
    )
    shown = answers.least_certain[: state.UNCERTAIN_SHOWN.get()]
    with st.container(key="doubts", horizontal=True):
        for index in map(int, shown):
            _uncertain(predicted, index)
    if len(shown) < len(answers.probabilities):
        st.button(
            _("Show more"),
            key="batch_more",
            icon=":material/expand_more:",
            on_click=uploads.show_more,
        )


def _uncertain(predicted: PredictedBatch, index: int) -> None:
    """One digit, and the answer to correct."""
    answers = predicted.answers
    corrected = answers.corrections.get(index)
    mark = "doubt" if corrected is None else "corrected"
    chosen = state.CORRECTION[f"{id(predicted)}-{index}"]
    with st.container(key=f"{mark}-{index}", width=100):
        st.html(
            gallery.uncertain(
                answers.batch.images[index],
                answers.probabilities[index],
                index,
                answers.batch.names,
            )
        )
        st.selectbox(
            _("Answer to no. {index}", index=index + 1),
            _DIGITS,
            int(answers.probabilities[index].argmax()) if corrected is None else corrected,
            key=chosen.key,
            label_visibility="collapsed",
            on_change=_correct,
            args=(predicted, index, chosen),
        )


def _correct(predicted: PredictedBatch, index: int, chosen: Widget[int]) -> None:
    digit = chosen.one_of(_DIGITS)
    if digit is not None:
        predicted.answers.correct(index, digit)
