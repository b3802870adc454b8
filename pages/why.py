"""Why the drawing on the Draw page is read as it is: six ways to look at it."""

import streamlit as st

from model.errors import InklingError
from model.reading import is_digit
from ui import answer, frame, ink, network, subject, why

frame.put_around()
st.title("Why?", anchor=False)
drawn = subject.here()
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
        digits = reader.probabilities(drawn.image[None])[0]
        words = (
            f"Inkling reads <b>{digits.argmax()}</b>, {answer.percent(float(digits.max()))} sure."
            if is_digit(digits)
            else "To Inkling this does not look like a digit. "
            f"It is nearest to <b>{digits.argmax()}</b>."
        )
        st.html(
            f'<div class="about"><img src="{ink.drawn(drawn)}" alt="Your drawing">'
            f"<p>{words}</p></div>"
        )
        why.views(drawn, reader)
