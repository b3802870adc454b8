"""Draw a digit, or show a picture of one, and see it read."""

import streamlit as st

from model.data.samples import NO_DIGIT
from model.errors import InklingError
from model.inference import segmentation
from model.inference.prediction import Prediction
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import Unreadable
from model.runs import registry
from ui.common import network, state
from ui.draw import answer, canvas, current, feedback, picture

PEN_WIDTH = (6, 40, 20)  # canvas px: thinnest, thickest, to begin with


@st.fragment
def board() -> None:
    """The sheet and its answer: all that a stroke changes."""
    picture.forget_removed()
    left, right = st.columns(2, gap="large")
    with left:
        with st.container(key="canvas"):
            canvas.show(state.PEN.get() or PEN_WIDTH[2])
            boxes = st.container(key="boxes")
        with st.container(key="tools", horizontal=True, vertical_alignment="center"):
            st.button("Undo", key="undo", icon=":material/undo:", on_click=canvas.undo)
            st.button("Clear", key="clear", icon=":material/ink_eraser:", on_click=canvas.clear)
            st.slider("Pen width", *PEN_WIDTH, key=state.PEN.key, label_visibility="collapsed")
    with right:
        place, below = st.container(key="answer"), st.container(key="teach")
        seen = st.container(key="seen")
        drawing, problem = current_drawing()
        in_use = registry.in_use()
        st.page_link("pages/why.py", label="See why", icon=":material/lightbulb:")
        if drawing and drawing.is_readable and not network.ready(in_use.path):
            place, seen = place.empty(), seen.empty()
            place.html(answer.message("Just a moment", "The network is waking up.", "waiting"))
            seen.html(answer.network_input([drawing.image]))
        predictions, words = read(drawing, in_use) if drawing else ([], problem)
        place.html(words)
        seen.html(answer.network_input([prediction.image for prediction in predictions]))
        with below:
            feedback.buttons(drawing)
    on_sheet = [] if drawing and drawing.found else predictions
    boxes.html(answer.frames(on_sheet, canvas.SIDE))
    picture.chooser()


def current_drawing() -> tuple[Drawing | None, str]:
    """What there is to read; or what is wrong with it."""
    try:
        return current.drawing(), ""
    except InklingError as error:
        return None, answer.message("That can’t be read", str(error), "problem")


def read(drawing: Drawing, in_use: registry.InUse) -> tuple[list[Prediction], str]:
    """The digits and the answer, or why there is none; waits for the network where there is ink."""
    try:
        if drawing.is_readable:
            reader = network.load(in_use.path).result()
            (predictions,) = segmentation.read(reader, [drawing])
            alone = predictions[0].digit if len(predictions) == 1 else None
            feedback.note(drawing, NO_DIGIT if alone is None else alone, in_use.run)
            return predictions, answer.card(predictions)
        if ready := network.ready(in_use.path):
            ready.result()  # raises what is wrong with it
    except InklingError as error:
        return [], answer.message("The network can’t answer", str(error), "problem")
    if drawing.reason == Unreadable.BLANK and not drawing.found:
        words = "Draw a digit from 0 to 9, or a number; it is read as you lift the pen."
        return [], answer.message("Your turn", words)
    return [], answer.message("No digit yet", f"{drawing.reason}.".capitalize())


st.title("Draw a digit", anchor=False)
board()
if network.ready(registry.in_use().path) is None:
    network.wake()
