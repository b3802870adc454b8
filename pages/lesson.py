"""A lesson of 45 minutes on one page, to hold it by."""

import streamlit as st

from model.language import _
from ui.common import entrypoint, html

entrypoint.require()
st.title(_("A lesson of 45 minutes"), anchor=False)
html.lead(
    _(
        "A network reads handwritten digits. It learned from digits that other people wrote: does "
        "it read yours? The class finds out, and changes it. Tablets or phones, one for one or "
        "two; the board on the projector."
    ),
)
st.html(html.render("rooms/lesson.html"))
with st.container(horizontal=True):
    st.page_link("pages/rooms.py", label=_("Make a room"), icon=":material/group:")
    st.page_link("pages/board.py", label=_("Board"), icon=":material/monitoring:")
    st.page_link("pages/privacy.py", label=_("What is stored"), icon=":material/shield:")
