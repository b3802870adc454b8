"""The way into a room: by its code, or by making one; and those that one was in before."""

import streamlit as st

from model.data import rooms as data
from model.data.rooms import Room, Rooms
from model.data.visitors import Refused
from model.errors import InklingError
from model.language import _
from model.settings import Classrooms
from ui.common import drawing_store, formatting, permissions, secrets, state, visitor
from ui.common import room as rooms

SHOWN = 50  # rooms, of a host's


def join() -> None:
    """A field for a code."""
    with st.form("join", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            _("The room’s code"),
            key=state.ROOM_CODE.key,
            max_chars=40,  # a teacher’s key is longer
            placeholder="ABC 347",
            autocomplete="off",
            width=200,
        )
        st.form_submit_button(
            _("Join"), key="join_room", type="primary", on_click=rooms.perform, args=(_join,)
        )


def _join() -> None:
    code = state.ROOM_CODE.get()
    if not code.strip():
        raise InklingError("No code was entered; wanted: the six signs that your teacher shows.")
    rooms.join(code)


def make() -> None:
    """What a new room is to be like, for who may make one."""
    if not _are_made():
        return
    st.header(_("Make a room"), anchor=False)
    if not permissions.may_retrain():
        return
    days = Classrooms.read(secrets.read()).days
    with st.form("make", border=False):
        st.text_input(
            _("What the room is called"),
            key=state.ROOM_NAME.key,
            max_chars=data.LONGEST_NAME,
            placeholder="7b",
            width=360,
        )
        st.text_input(
            _("What is to be drawn"),
            _("Draw a 7, as you write it at home"),
            key=state.ROOM_PROMPT.key,
            max_chars=data.LONGEST_PROMPT,
        )
        st.toggle(_("A drawing counts once I have approved it"), key=state.ROOM_APPROVAL.key)
        st.form_submit_button(
            _("Make the room"),
            key="make_room",
            icon=":material/add:",
            on_click=rooms.perform,
            args=(_make,),
        )
    st.caption(
        _(
            "It wipes itself after {days}, with all that was drawn in it. This browser runs it, "
            "without a name or an account; you can make a key to run it from another.",
            days=formatting.count(days, "day"),
        )
    )


def _make() -> None:
    if not (_are_made() and permissions.may_teach()):
        raise Refused("Who may retrain here can make rooms, and nobody else; nothing was made.")
    days = Classrooms.read(secrets.read()).days
    made = Rooms(drawing_store.store()).make(
        state.ROOM_NAME.get(),
        visitor.current(),
        days,
        state.ROOM_PROMPT.get(),
        state.ROOM_APPROVAL.get(),
    )
    rooms.enter(made)


def _are_made() -> bool:
    try:
        return Classrooms.read(secrets.read()).making == "on"
    except InklingError:
        return False


def others(here: Room | None) -> None:
    """The other rooms that this visitor is in or runs, and those that were wiped just now."""
    every = Rooms(drawing_store.store())
    me = visitor.current()
    known = [room for room in every.of(me) if here is None or room.id != here.id][:SHOWN]
    if known:
        st.header(_("Your rooms") if not me.is_host else _("Rooms on this server"), anchor=False)
    for room in known:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(formatting.plain(room.name))
            st.button(
                _("Go in"),
                key=f"enter-{room.id}",
                icon=":material/login:",
                on_click=rooms.perform,
                args=(_enter, room.id),
            )
    for room in every.wiped(me):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                _("{name} was wiped. It is kept for a day.", name=formatting.plain(room.name))
            )
            _button("bring-back", _("Bring it back"), ":material/undo:", _bring_back, room.id)
            _button("erase", _("Erase it now"), ":material/delete_forever:", _erase, room.id)


def _button(key: str, words: str, icon: str, action: object, room: int) -> None:
    st.button(words, key=f"{key}-{room}", icon=icon, on_click=rooms.perform, args=(action, room))


def _enter(room: int) -> None:
    rooms.enter(Rooms(drawing_store.store()).entered(room, visitor.current()))


def _bring_back(room: int) -> None:
    me, every = visitor.current(), Rooms(drawing_store.store())
    every.bring_back(room, me)
    rooms.enter(every.kept(room, me))


def _erase(room: int) -> None:
    Rooms(drawing_store.store()).erase(room, visitor.current())
