"""Draw a digit, or show a picture of one, and see it read."""

import streamlit as st

from model.errors import InklingError
from model.preprocess import Prepared, Unreadable, prepare_canvas
from ui import answer, network, picture, sheet

PEN_WIDTH = (6, 40, 20)  # canvas px: thinnest, thickest, to begin with


@st.fragment
def desk() -> None:
    """The sheet and its answer: all that a stroke changes."""
    left, right = st.columns(2, gap="large")
    with left:
        with st.container(key="canvas"):
            sheet.canvas(st.session_state.get("pen", PEN_WIDTH[2]))
        with st.container(key="tools", horizontal=True, vertical_alignment="center"):
            st.button("Undo", key="undo", icon=":material/undo:", on_click=sheet.undo)
            st.button("Clear", key="clear", icon=":material/ink_eraser:", on_click=sheet.clear)
            st.slider("Pen width", *PEN_WIDTH, key="pen", label_visibility="collapsed")
    with right:
        place, seen = st.container(key="answer"), st.container(key="seen")
        ink, problem = given()
        seen.html(answer.seen(ink.image))
        st.page_link("pages/why.py", label="See why", icon=":material/lightbulb:")
        if ink.image is not None and not network.ready():
            place = place.empty()
            place.html(answer.message("Just a moment", "The network is waking up.", "waiting"))
        place.html(problem or read(ink))
    picture.chooser()


def given() -> tuple[Prepared, str]:
    """The ink of the picture or the pen, whichever came later; and what is wrong with it."""
    try:
        return picture.given() or prepare_canvas(sheet.drawing()), ""
    except InklingError as error:
        return Prepared(None), answer.message("That can’t be read", str(error), "problem")


def read(ink: Prepared) -> str:
    """The answer, or why there is none; waits for the network where there is ink to read."""
    try:
        if ink.image is not None:
            return answer.read(network.load().result().probabilities(ink.image[None])[0])
        if ready := network.ready():
            ready.result()  # raises what is wrong with it
    except InklingError as error:
        return answer.message("The network can’t answer", str(error), "problem")
    if ink.reason == Unreadable.BLANK and not picture.given():
        return answer.message(
            "Your turn", "Draw a digit from 0 to 9; it is read as you lift the pen."
        )
    return answer.message("No digit yet", f"{ink.reason}.".capitalize())


st.title("Draw a digit", anchor=False)
desk()
if network.ready() is None:
    network.wake()
