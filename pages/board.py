"""The board of the room that this visitor is in, or joins by its address, for a projector."""

import streamlit as st

from model.errors import InklingError
from model.language import _
from ui.common import entrypoint, formatting, html
from ui.common import room as rooms
from ui.rooms import board

entrypoint.require()
rooms.arrive()
rooms.error()
try:
    here = rooms.current()
    if here is None:
        st.title(_("Board"), anchor=False)
        html.lead(_("A room has a board; you are in none."))
        st.page_link("pages/rooms.py", label=_("Rooms"), icon=":material/group:")
    else:
        with st.container(key="board"):
            board.show(here)
except InklingError as error:
    st.error(formatting.plain(error), icon=":material/error:")
