"""Under the answer: whether it was right, and else what was drawn. A tap saves the drawing."""

from dataclasses import dataclass
from functools import partial
from html import escape

import numpy as np
import streamlit as st

from model.data.samples import CLASSES, NO_DIGIT
from model.preprocessing.canvas import strokes_from_canvas
from model.preprocessing.framing import Image
from model.runs import registry
from ui.common import attempts, drawing_store, permissions
from ui.draw import canvas, picture

_attempt = partial(attempts.attempt, "teach_problem")


@dataclass(frozen=True, eq=False)
class Answered:
    """What was read as which digit, by which run; `canvas` None: it was a picture."""

    image: Image
    digit: int
    run: str | None
    canvas: canvas.Drawing | None

    @property
    def pixels(self) -> bytes:
        return np.rint(self.image * 255).astype(np.uint8).tobytes()


@dataclass(frozen=True)
class Kept:
    """What this visitor saved last: its row, its pixels, and as what."""

    id: int
    pixels: bytes
    label: int


def answered(image: Image, digit: int) -> None:
    """Said by the page: the network in use reads this as that digit."""
    run = registry.in_use().run
    drawn = None if picture.given() else canvas.drawing()
    st.session_state.answered = Answered(image, digit, run.id if run else None, drawn)


def buttons(image: Image | None) -> None:
    """The buttons, which wait for something that was answered; none where saving is off."""
    if not permissions.saves():
        return
    last: Answered | None = st.session_state.get("answered")
    given = last if last and last.image is image else None
    kept = _kept(given)
    with st.container(key="judge", horizontal=True):
        _button("right", "Right", given, given.digit if given else None, kept)
        _button("is-none", "Not a digit", given, NO_DIGIT, kept)
    with st.container(key="digits", horizontal=True):
        for digit in range(CLASSES):
            _button(f"is-{digit}", str(digit), given, digit, kept)
    with st.container(key="saved", horizontal=True, vertical_alignment="center"):
        _told(kept)


def _button(
    key: str, words: str, given: Answered | None, label: int | None, kept: Kept | None
) -> None:
    st.button(
        words,
        key=key,
        icon=":material/check:" if key == "right" else None,
        type="primary" if kept and kept.label == label else "secondary",
        disabled=given is None,
        width="stretch",
        on_click=_attempt,
        args=(_save, given, label),
    )


def _told(kept: Kept | None) -> None:
    """What became of the last tap, and the way back from it."""
    if problem := st.session_state.get("teach_problem"):
        st.html(f'<p class="problem" role="alert">{escape(str(problem))}</p>')
    elif kept:
        what = "not a digit" if kept.label == NO_DIGIT else str(kept.label)
        st.html(f'<p role="status">Saved as {what}</p>')
        st.button("Undo", key="unsave", type="tertiary", on_click=_attempt, args=(_forget, kept))
    else:
        st.html("<p>Tap what it is: the drawing is saved, without your name, to learn from.</p>")


def _kept(given: Answered | None) -> Kept | None:
    """What was saved last, where it is what is shown now."""
    kept: Kept | None = st.session_state.get("kept_drawing")
    return kept if kept and given and kept.pixels == given.pixels else None


def _save(given: Answered, label: int) -> None:
    """Keep the drawing under that label, once, however often it is tapped."""
    from model.data.drawings import SavedDrawing

    store, kept = drawing_store.store(), _kept(given)
    if kept and store.relabel(kept.id, label):
        number = kept.id
    else:
        number = store.save(
            SavedDrawing(
                np.frombuffer(given.pixels, np.uint8).reshape(given.image.shape),
                label,
                None if given.canvas is None else strokes_from_canvas(given.canvas),
                given.digit,
                given.run,
            )
        )
    st.session_state.kept_drawing = Kept(number, given.pixels, label)


def _forget(kept: Kept) -> None:
    drawing_store.store().delete(kept.id)
    st.session_state.kept_drawing = None
