"""Under the answer: whether it was right, and else what was drawn. A tap saves the drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import streamlit as st

from model.data.samples import CLASSES, NO_DIGIT
from model.inference.prediction import Prediction
from model.language import _
from model.preprocessing.drawing import Drawing
from model.preprocessing.pixels import to_uint8
from model.runs.registry import InUse
from ui.common import actions, drawing_store, html, limits, network, permissions, state, visitor
from ui.common import room as rooms
from ui.common.component import Component
from ui.common.limits import Kind
from ui.common.network import Version
from ui.draw import answer

_perform = partial(actions.perform, state.FEEDBACK_ERROR)

# What each button says was drawn; None: what was read.
LABELS: dict[str, int | None] = {
    "right": None,
    "none": NO_DIGIT,
    **{str(digit): digit for digit in range(CLASSES)},
}
_taps = Component("taps", "draw/taps.html")


@dataclass(frozen=True, eq=False)
class Answered:
    """What was read as which digits, from left to right, by which run's network."""

    drawing: Drawing
    predictions: Sequence[Prediction]
    run: str | None
    network: Version

    @property
    def labels(self) -> list[int]:
        """What each was read as: a digit or NO_DIGIT."""
        digits = [prediction.digit for prediction in self.predictions]
        return [NO_DIGIT if digit is None else digit for digit in digits]

    def part(self, place: int) -> Drawing:
        """One digit's own ink."""
        if len(self.predictions) == 1:
            return self.drawing
        prediction = self.predictions[place]
        return self.drawing.part(prediction.members, prediction.image)


@dataclass(frozen=True, eq=False)
class SavedFeedback:
    """What this visitor saved last: of which drawing, and for each digit its row and its label, by
    its place."""

    drawing: Drawing
    rows: Mapping[int, int] = field(default_factory=dict)
    labels: Mapping[int, int] = field(default_factory=dict)


def note(drawing: Drawing, predictions: Sequence[Prediction], in_use: InUse) -> None:
    """Said by the page: the network in use reads this so."""
    run = in_use.run.id if in_use.run else None
    version = network.version_of(in_use.path)
    state.ANSWERED.set(Answered(drawing, predictions, run, version))


def forget_answer() -> None:
    """Said by the page: there is nothing to read, or it can't be."""
    state.ANSWERED.set(None)


def answered() -> Answered | None:
    """What was read last, if there is anything to read."""
    return state.ANSWERED.get()


def known(drawing: Drawing, in_use: InUse) -> Sequence[Prediction] | None:
    """What the same ink was read as last, by the network in use; None where that was other ink."""
    latest = answered()
    if (
        latest is None
        or latest.network != network.version_of(in_use.path)
        or latest.drawing.digest != drawing.digest
    ):
        return None
    return latest.predictions


def buttons(latest: Answered | None) -> None:
    """The buttons, which wait for something that was answered; none where saving is off."""
    if not permissions.may_save():
        return
    place = _place(latest)
    _taps(
        key=state.TAP.key,
        data={"pressed": _pressed(latest, place) if latest else []},
        on_tapped_change=_tapped,
    )
    with st.container(key="saved", horizontal=True, vertical_alignment="center"):
        _message(latest)


def _place(latest: Answered | None) -> int:
    """Which digit of a number is meant: the one that the visitor chooses."""
    # It has room at all times, so that nothing below moves as the number of digits changes.
    with st.container(key="which", horizontal=True, vertical_alignment="center"):
        if latest is None or len(latest.predictions) == 1:
            html.line(_("Is that right?"))
            return 0
        names = [answer.name(prediction) for prediction in latest.predictions]
        html.line(_("Which digit?"))
        place: int | None = st.segmented_control(
            _("Which digit?"),
            range(len(names)),
            format_func=names.__getitem__,
            default=0,
            required=True,
            key=state.FEEDBACK_PLACE.key,
            label_visibility="collapsed",
        )
    return place if place is not None and place < len(names) else 0


def _pressed(latest: Answered, place: int) -> list[str]:
    """The buttons for what was saved: of the digit that is meant, and of all of them."""
    saved = _saved(latest).labels
    pressed = [word for word, label in LABELS.items() if label is not None]
    chosen = [word for word in pressed if saved.get(place) == LABELS[word]]
    return [*chosen, "right"] if saved == dict(enumerate(latest.labels)) else chosen


def _tapped() -> None:
    """Save under what was tapped."""
    word = (state.TAP.get() or {}).get("tapped")
    if isinstance(word, str) and word in LABELS:  # a forged message may say anything
        _perform(_save, LABELS[word])


def _message(latest: Answered | None) -> None:
    """What became of the last tap, and the way back from it."""
    labels = _saved(latest).labels if latest else {}
    if error := state.FEEDBACK_ERROR.get():
        st.html(html.render("draw/feedback_error.html", error=str(error)))
    elif labels:
        names = [
            _("not a digit") if n == NO_DIGIT else str(n) for place, n in sorted(labels.items())
        ]
        st.html(html.render("draw/saved_as.html", label=", ".join(names)))
        st.button(_("Undo"), key="unsave", type="tertiary", on_click=_perform, args=(_undo,))
    else:
        html.line(_("Tap what it is: the drawing is saved, without your name, to learn from."))


def _saved(latest: Answered) -> SavedFeedback:
    """What was saved of the drawing that is shown."""
    saved = state.SAVED_FEEDBACK.get()
    # The same ink differs a little when the canvas sends it after `ui.draw.live` did: by some
    # hundredths where the page moved by a part of a px meanwhile.
    if saved and np.allclose(saved.drawing.image, latest.drawing.image, atol=0.1):
        return saved
    return SavedFeedback(latest.drawing)


def _save(label: int | None) -> None:
    """Keep the digit that is meant under that label, or with None each as it was read: once,
    however often it is tapped."""
    latest = state.ANSWERED.get()
    if latest is None:  # it was cleared meanwhile
        return
    chosen = state.FEEDBACK_PLACE.get() or 0
    place = chosen if chosen < len(latest.predictions) else 0
    labels = dict(enumerate(latest.labels)) if label is None else {place: label}
    saved = _saved(latest)
    rows = {at: _save_part(latest, at, of_it, saved.rows.get(at)) for at, of_it in labels.items()}
    state.SAVED_FEEDBACK.set(
        SavedFeedback(latest.drawing, {**saved.rows, **rows}, {**saved.labels, **labels})
    )


def _save_part(latest: Answered, place: int, label: int, row: int | None) -> int:
    """Save one digit in the room that this visitor is in, else in one's own album, or relabel it in
    the row where it is; its row."""
    from model.data.drawings import SavedDrawing

    store, me = drawing_store.store(), visitor.current()
    if row is not None and store.relabel(row, label, me):
        return row
    permissions.require_saving()
    limits.spend(Kind.SAVED)
    part = latest.part(place)
    here = rooms.require() or rooms.make_own()
    return store.save(
        SavedDrawing(
            to_uint8(part.image),
            label,
            part.strokes or None,
            latest.labels[place],
            latest.run,
            room=here.id,
            owner=me.id,
            approved=not here.approval or here.is_run_by(me),
        )
    )


def _undo() -> None:
    """Delete what was saved last."""
    saved = state.SAVED_FEEDBACK.get()
    if saved:
        drawing_store.store().delete(saved.rows.values(), visitor.current())
    state.SAVED_FEEDBACK.set(None)
