"""Under the answer: whether it was right, and else what was drawn. A tap saves the drawing."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from model.data.samples import CLASSES, NO_DIGIT
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import SIDE
from model.preprocessing.pixels import to_uint8
from model.runs.run import Run
from ui.common import actions, drawing_store, html, permissions, state

_perform = partial(actions.perform, state.FEEDBACK_ERROR)


@dataclass(frozen=True, eq=False)
class Answered:
    """What was read as which digit, by which run."""

    drawing: Drawing
    digit: int
    run: str | None

    @property
    def pixels(self) -> bytes:
        return to_uint8(self.drawing.image).tobytes()


@dataclass(frozen=True)
class SavedFeedback:
    """What this visitor saved last: its row, its pixels, and as what."""

    id: int
    pixels: bytes
    label: int


def note(drawing: Drawing, digit: int, run: Run | None) -> None:
    """Said by the page: the network in use, of that run, reads this as that digit."""
    state.ANSWERED.set(Answered(drawing, digit, run.id if run else None))


def buttons(drawing: Drawing | None) -> None:
    """The buttons, which wait for something that was answered; none where saving is off."""
    if not permissions.may_save():
        return
    last = state.ANSWERED.get()
    answered = last if last and last.drawing is drawing else None
    last_saved = _last_saved(answered)
    with st.container(key="judge", horizontal=True):
        _button("right", "Right", answered, answered.digit if answered else None, last_saved)
        _button("is-none", "Not a digit", answered, NO_DIGIT, last_saved)
    with st.container(key="digits", horizontal=True):
        for digit in range(CLASSES):
            _button(f"is-{digit}", str(digit), answered, digit, last_saved)
    with st.container(key="saved", horizontal=True, vertical_alignment="center"):
        _message(last_saved)


def _button(
    key: str,
    words: str,
    answered: Answered | None,
    label: int | None,
    last_saved: SavedFeedback | None,
) -> None:
    st.button(
        words,
        key=key,
        icon=":material/check:" if key == "right" else None,
        type="primary" if last_saved and last_saved.label == label else "secondary",
        disabled=answered is None,
        width="stretch",
        on_click=_perform,
        args=(_save, answered, label),
    )


def _message(last_saved: SavedFeedback | None) -> None:
    """What became of the last tap, and the way back from it."""
    if error := state.FEEDBACK_ERROR.get():
        st.html(html.render("draw/feedback_error.html", error=str(error)))
    elif last_saved:
        label = "not a digit" if last_saved.label == NO_DIGIT else str(last_saved.label)
        st.html(html.render("draw/saved_as.html", label=label))
        st.button(
            "Undo", key="unsave", type="tertiary", on_click=_perform, args=(_undo, last_saved)
        )
    else:
        st.html("<p>Tap what it is: the drawing is saved, without your name, to learn from.</p>")


def _last_saved(answered: Answered | None) -> SavedFeedback | None:
    """What was saved last, where it is what is shown now."""
    last_saved = state.SAVED_FEEDBACK.get()
    return last_saved if last_saved and answered and last_saved.pixels == answered.pixels else None


def _save(answered: Answered, label: int) -> None:
    """Keep the drawing under that label, once, however often it is tapped."""
    from model.data.drawings import SavedDrawing

    store, last_saved = drawing_store.store(), _last_saved(answered)
    if last_saved and store.relabel(last_saved.id, label):
        number = last_saved.id
    else:
        number = store.save(
            SavedDrawing(
                np.frombuffer(answered.pixels, np.uint8).reshape(SIDE, SIDE),
                label,
                answered.drawing.strokes or None,
                answered.digit,
                answered.run,
            )
        )
    state.SAVED_FEEDBACK.set(SavedFeedback(number, answered.pixels, label))


def _undo(last_saved: SavedFeedback) -> None:
    drawing_store.store().delete(last_saved.id)
    state.SAVED_FEEDBACK.set(None)
