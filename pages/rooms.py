"""A class' room: the way in, what a pupil sees, what the teacher does."""

import streamlit as st

from model.data.rooms import Room
from model.errors import InklingError
from model.language import _
from ui.common import entrypoint, formatting, html, visitor
from ui.common import room as rooms
from ui.rooms import desk, entrance


def show(room: Room) -> None:
    """The room that this visitor is in."""
    st.header(formatting.plain(room.name), anchor=False)
    if room.is_run_by(visitor.current()):
        desk.show(room)
    else:
        html.lead(
            room.prompt or _("Draw a digit, as you write it at home."),
            _("What you save on the Draw page goes into this room’s album, without your name."),
        )
        with st.container(horizontal=True):
            st.page_link("pages/draw.py", label=_("Draw"), icon=":material/draw:")
            st.page_link("pages/drawings.py", label=_("Drawings"), icon=":material/photo_library:")
            st.page_link("pages/board.py", label=_("Board"), icon=":material/monitoring:")
    st.button(
        _("Leave the room"),
        key="leave_room",
        icon=":material/logout:",
        on_click=rooms.perform,
        args=(rooms.leave,),
    )


entrypoint.require()
st.title(_("Rooms"), anchor=False)
html.lead(
    _(
        "A class draws in a room of its own, and teaches a network that answers there and nowhere "
        "else. Nobody gives a name."
    ),
)
rooms.arrive()
with st.container():
    rooms.error()
try:
    here = rooms.current()
    if here:
        show(here)
    else:
        entrance.join()
    entrance.others(here)
    if not here:
        entrance.make()
except InklingError as error:
    st.error(formatting.plain(error), icon=":material/error:")
with st.container(horizontal=True):
    st.page_link("pages/lesson.py", label=_("A lesson of 45 minutes"), icon=":material/schedule:")
    st.page_link("pages/privacy.py", label=_("What is stored"), icon=":material/shield:")
