"""Draw a digit, or show a picture of one, and see it read."""

import streamlit as st

from model.errors import InklingError
from model.inference import segmentation
from model.language import _
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import Image, Unreadable
from model.runs import registry
from ui.common import formatting, html, limits, metrics, network, room, state
from ui.common.limits import Kind
from ui.draw import (
    answer,
    canvas,
    crop,
    current,
    examples,
    feedback,
    game,
    history,
    live,
    share,
    sheet,
)

PEN_WIDTHS = (6, 40)  # canvas px


@st.fragment
def board() -> None:
    """The sheet and its answer: all that may change without the page's script being run."""
    game.headline()
    left, right = st.columns(2, gap="large")
    with left:
        with st.container(key="canvas"):
            canvas.show(state.PEN.get() or canvas.PEN_WIDTH)
            boxes = st.container(key="boxes")
            sheet.helper()
            crop.frame()
        with st.container(key="tools", horizontal=True, vertical_alignment="center"):
            st.button(_("Undo"), key="undo", icon=":material/undo:", on_click=canvas.undo)
            st.button(
                _("Redo"),
                key="redo",
                icon=":material/redo:",
                on_click=canvas.redo,
                disabled=not history.can_go_forth(),
            )
            st.button(_("Clear"), key="clear", icon=":material/ink_eraser:", on_click=canvas.clear)
            st.button(_("Full screen"), key="fill", icon=":material/fullscreen:")  # in the browser
            st.slider(
                _("Pen width"),
                *PEN_WIDTHS,
                canvas.PEN_WIDTH,
                key=state.PEN.key,
                label_visibility="collapsed",
            )
        if not game.is_on():  # where the pen alone counts
            with st.container(key="others"):  # on a phone below the answer, which is to be in sight
                examples.buttons()
                current.picture_chooser()
    with right:
        reading()
        beside()
    answered = feedback.answered()
    boxes.html(answer.frames(canvas.boxes(answered.predictions if answered else ()), canvas.SIDE))


@st.fragment
def reading() -> None:
    """The answer: all that changes while the pen is down."""
    place, seen = st.container(key="answer"), st.container(key="seen")
    with live.measured():
        in_use = room.in_use()
        try:
            drawing = admitted(in_use)
        except InklingError as error:
            feedback.forget_answer()
            card = answer.message(_("That can’t be read"), str(error), "problem")
            images: list[Image] = []
        else:
            if drawing.is_readable and not network.ready(in_use.path):
                place, seen = place.empty(), seen.empty()
                place.html(
                    answer.message(_("Just a moment"), _("The network is waking up."), "waiting")
                )
                seen.html(answer.network_input([drawing.image]))
            card, images = read(drawing, in_use)
        place.html(card)
        seen.html(answer.network_input(images))
    live.listener(share.text())  # last: the browser sends no more before the answer


def beside() -> None:
    """What can be done with the answer."""
    answered = feedback.answered()
    if game.is_on():
        game.panel(answered)
        return
    with st.container(key="teach"):
        feedback.buttons(answered)
    with st.container(key="onward", horizontal=True, vertical_alignment="center"):
        share.next_step()
        share.menu()
        game.start_button()


def admitted(in_use: registry.InUse) -> Drawing:
    """What is drawn. Raises InklingError for what can't be read, or not as often as that."""
    drawing = current.drawing()
    if drawing.is_readable and feedback.known(drawing, in_use) is None:
        metrics.STROKES.inc()
        limits.spend(Kind.STROKES)
    return drawing


def read(drawing: Drawing, in_use: registry.InUse) -> tuple[str, list[Image]]:
    """The answer's card and what the network saw of each digit, or why there is no answer; waits
    for the network where there is ink."""
    try:
        if drawing.is_readable:
            predictions = feedback.known(drawing, in_use)
            if predictions is None:
                reader = network.load(in_use.path).result()
                (predictions,) = segmentation.read(reader, [drawing])
            # Only now: a tap on "Right" may end this run, and means the answer that was shown.
            feedback.note(drawing, predictions, in_use)
            return answer.card(predictions), [prediction.image for prediction in predictions]
        if ready := network.ready(in_use.path):
            ready.result()  # raises what is wrong with it
    except InklingError as error:
        feedback.forget_answer()
        return answer.message(_("The network can’t answer"), str(error), "problem"), []
    feedback.forget_answer()
    if drawing.reason == Unreadable.BLANK and not drawing.found:
        words = _("Draw a digit from 0 to 9, or a number; it is read as you draw.")
        return answer.message(_("Your turn"), words), []
    return answer.message(
        _("No digit yet"), formatting.capitalized(f"{_(drawing.reason or '')}.")
    ), []


st.title(_("Draw a digit"), anchor=False)
html.lead(_("Inkling reads it while you draw, and shows you why."))
room.arrive()
room.banner()
share.resume()
game.resume()
board()
if network.ready(room.in_use().path) is None:
    network.wake()
