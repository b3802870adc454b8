"""Why the drawing on the Draw page is read as it is: six ways to look at it."""

import streamlit as st

from model.errors import InklingError
from ui.common import frame, network
from ui.draw import answer
from ui.why import drawing, pictures, views

frame.put_around()
st.title("Why?", anchor=False)
drawn = drawing.here()
ready = network.ready()
if ready is None:
    st.html('<p class="lead">Just a moment: the network is waking up.</p>')
    network.wake()
elif drawn is not None:
    try:
        reader = ready.result()
    except InklingError as error:
        st.error(f"The network can’t answer: {error}", icon=":material/error:")
    else:
        prediction, drawn = drawing.digit(drawn, reader)
        words = (
            f"Inkling reads <b>{prediction.digit}</b>, "
            f"{answer.percent(prediction.confidence)} sure."
            if prediction.digit is not None
            else "To Inkling this does not look like a digit. "
            f"It is nearest to <b>{prediction.nearest[0]}</b>."
        )
        st.html(
            f'<div class="about"><img src="{pictures.drawn(drawn)}" alt="Your drawing">'
            f"<p>{words}</p></div>"
        )
        views.views(drawn, reader)
