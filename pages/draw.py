"""Draw a digit, or show a picture of one, and see it read."""

import streamlit as st

from model.data.samples import NO_DIGIT
from model.errors import InklingError
from model.inference import segmentation
from model.inference.prediction import Prediction
from model.inference.segmentation import Ink
from model.preprocessing.framing import Unreadable
from ui.common import network
from ui.draw import answer, canvas, feedback, picture

PEN_WIDTH = (6, 40, 20)  # canvas px: thinnest, thickest, to begin with


@st.fragment
def desk() -> None:
    """The sheet and its answer: all that a stroke changes."""
    left, right = st.columns(2, gap="large")
    with left:
        with st.container(key="canvas"):
            canvas.canvas(st.session_state.get("pen", PEN_WIDTH[2]))
            boxes = st.container(key="boxes")
        with st.container(key="tools", horizontal=True, vertical_alignment="center"):
            st.button("Undo", key="undo", icon=":material/undo:", on_click=canvas.undo)
            st.button("Clear", key="clear", icon=":material/ink_eraser:", on_click=canvas.clear)
            st.slider("Pen width", *PEN_WIDTH, key="pen", label_visibility="collapsed")
    with right:
        place, below = st.container(key="answer"), st.container(key="teach")
        seen = st.container(key="seen")
        ink, problem = current()
        st.page_link("pages/why.py", label="See why", icon=":material/lightbulb:")
        if ink.image is not None and not network.ready():
            place, seen = place.empty(), seen.empty()
            place.html(answer.message("Just a moment", "The network is waking up.", "waiting"))
            seen.html(answer.seen([ink.image]))
        predictions, words = ([], problem) if problem else read(ink)
        place.html(words)
        seen.html(answer.seen([prediction.image for prediction in predictions]))
        with below:
            feedback.buttons(ink.image)
    drawn = [] if predictions and picture.current() else predictions
    boxes.html(answer.frames(drawn, canvas.SIDE))
    picture.chooser()


def current() -> tuple[Ink, str]:
    """The ink of the picture or the pen, whichever came later; and what is wrong with it."""
    try:
        return picture.current() or segmentation.from_canvas(canvas.drawing()), ""
    except InklingError as error:
        return Ink(None), answer.message("That can’t be read", str(error), "problem")


def read(ink: Ink) -> tuple[list[Prediction], str]:
    """The digits and the answer, or why there is none; waits for the network where there is ink."""
    try:
        if ink.image is not None:
            (predictions,) = segmentation.read(network.load().result(), [ink])
            alone = predictions[0].digit if len(predictions) == 1 else None
            feedback.answered(ink.image, NO_DIGIT if alone is None else alone)
            return predictions, answer.read(predictions)
        if ready := network.ready():
            ready.result()  # raises what is wrong with it
    except InklingError as error:
        return [], answer.message("The network can’t answer", str(error), "problem")
    if ink.reason == Unreadable.BLANK and not picture.current():
        words = "Draw a digit from 0 to 9, or a number; it is read as you lift the pen."
        return [], answer.message("Your turn", words)
    return [], answer.message("No digit yet", f"{ink.reason}.".capitalize())


st.title("Draw a digit", anchor=False)
desk()
if network.ready() is None:
    network.wake()
