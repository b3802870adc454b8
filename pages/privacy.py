"""What is stored of a person, in plain words; take it along, or erase it."""

import streamlit as st

from model.data import drawings
from model.data.rooms import Rooms
from model.errors import InklingError
from model.language import Text, _
from model.settings import Classrooms, Permissions
from ui.common import (
    actions,
    drawing_store,
    entrypoint,
    formatting,
    html,
    secrets,
    state,
    visitor,
)
from ui.common import room as rooms
from ui.common.dialog import dialog


def erase() -> None:
    """Remove all that this visitor drew, and be another visitor from then on."""
    me, every = visitor.current(), Rooms(drawing_store.store())
    runs_some = any(room.keeper == me.id for room in every.of(me))
    rooms.leave()
    every.forget(me)
    rooms.forget_what_is_known()
    if not runs_some:
        visitor.begin_anew()


@dialog(Text("Erase all that is yours?"))
def confirm() -> None:
    """Asked twice: by the button, and here."""
    st.markdown(_("It is gone at once and for good, in every room. Nobody can put it back."))
    if st.button(
        _("Erase it"),
        key="erase_mine_now",
        type="primary",
        on_click=actions.perform,
        args=(state.PRIVACY_ERROR, erase),
    ):
        st.rerun()


entrypoint.require()
st.title(_("What is stored"), anchor=False)
try:
    days = formatting.count(Classrooms.read(secrets.read()).days, "day")
    accounts = Permissions.read(secrets.read()).takes_accounts
    st.html(html.render("rooms/privacy.html", days=days, accounts=accounts))
    mine = drawing_store.store().drawn_by(visitor.current())
    st.header(_("Yours"), anchor=False)
    html.lead(
        _("{mine} of this browser’s are stored here.", mine=formatting.count(len(mine), "drawing"))
    )
    actions.show(state.PRIVACY_ERROR)
    with st.container(key="mine", horizontal=True):
        st.download_button(
            _("Take all along"),
            lambda: drawings.to_zip(drawing_store.store().drawn_by(visitor.current())),
            "inkling.zip",
            "application/zip",
            key="export_mine",
            icon=":material/download:",
            on_click="ignore",
            disabled=not mine,
        )
        st.button(
            _("Erase all that is mine"),
            key="erase_mine",
            icon=":material/delete_forever:",
            on_click=confirm,
        )
except InklingError as error:
    st.error(formatting.plain(error), icon=":material/error:")
