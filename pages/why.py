"""Why the drawing on the Draw page is read as it is: six ways to look at it."""

import streamlit as st

from model.errors import InklingError
from model.language import _
from ui.common import entrypoint, formatting, html, network, room
from ui.draw import share
from ui.why import drawing, pictures, views

entrypoint.require()
st.title(_("Why?"), anchor=False)
share.resume()
share.keep_in_address()
drawn = drawing.current_or_sample()
ready = network.ready(room.in_use().path)
if ready is None:
    html.lead(_("Just a moment: the network is waking up."))
    network.wake()
elif drawn is not None:
    try:
        reader = ready.result()
    except InklingError as error:
        st.error(
            _("The network can’t answer: {error}", error=formatting.plain(error)),
            icon=":material/error:",
        )
    else:
        prediction, drawn = drawing.chosen_digit(drawn, reader)
        about = {"address": pictures.drawn(drawn), "prediction": prediction}
        st.html(html.render("why/about.html", **about))
        views.views(drawn, reader)
