"""The teacher's side of a room: who comes in, what is drawn, what counts, what is learned from it.

Whether this visitor runs the room, the database says at every action.
"""

from collections.abc import Sequence

import streamlit as st

from model.data import drawings
from model.data import rooms as data
from model.data.drawings import Choice, SavedDrawing
from model.data.rooms import Room, Rooms
from model.data.samples import NO_DIGIT
from model.language import Text, _
from ui.common import addresses, drawing_store, formatting, html, permissions, state, visitor
from ui.common import room as rooms
from ui.common.dialog import dialog
from ui.drawings import album, fine_tuning
from ui.rooms import invitation

SHOWN = 24  # drawings that wait, at once


def show(room: Room) -> None:
    """All that who runs a room can do in it."""
    with st.container(key="invitation"):
        invitation.show(room, "rooms")
    st.page_link("pages/board.py", label=_("Board for the projector"), icon=":material/monitoring:")
    st.text_input(
        _("What is to be drawn"),
        room.prompt,
        key=state.DESK_PROMPT[room.id].key,
        max_chars=data.LONGEST_PROMPT,
        on_change=rooms.perform,
        args=(_change_prompt, room.id),
    )
    st.toggle(
        _("A drawing counts once I have approved it"),
        room.approval,
        key=state.DESK_APPROVAL[room.id].key,
        on_change=rooms.perform,
        args=(_change_approval, room.id),
    )
    counts = drawing_store.store().counts(room.id)
    digits = _approved_digits(room.id)
    _count(room, digits)
    st.header(_("Teach"), anchor=False)
    fine_tuning.show(room, digits, permissions.may_retrain(), may_manage=False)
    _key(room)
    _end(room, sum(counts.values()))


def _approved_digits(room: int) -> int:
    counts = drawing_store.store().counts(room, seen_by="")
    return sum(n for label, n in counts.items() if label != NO_DIGIT)


@st.fragment(run_every=2.0)
def _count(room: Room, digits: int) -> None:
    """How many drawings there are by now, and those that wait for an approval; reruns the page when
    there is the first of a digit to learn from, or none any more."""
    every, store = Rooms(drawing_store.store()), drawing_store.store()
    if bool(_approved_digits(room.id)) != bool(digits):
        st.rerun()
    tally, waiting = every.tally(room.id), store.pending(room.id)
    joined = formatting.count(every.members(room.id), "browser")
    counted = formatting.count(tally.drawings, "drawing")
    html.lead(_("{joined} in the room; {counted} so far.", joined=joined, counted=counted))
    if not waiting:
        return
    with st.container(key="pending"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                _("**{waiting} to approve**", waiting=formatting.count(len(waiting), "drawing"))
            )
            st.button(
                _("Approve all {count:,}", count=len(waiting)),
                key="approve_all",
                icon=":material/done_all:",
                on_click=rooms.perform,
                args=(_approve, [drawing.id for drawing in waiting]),
            )
        with st.container(horizontal=True):
            for drawing in waiting[:SHOWN]:
                _waiting(drawing)
        if len(waiting) > SHOWN:
            st.caption(_("{count:,} more wait behind these.", count=len(waiting) - SHOWN))


def _waiting(drawing: SavedDrawing) -> None:
    with st.container(key=f"pending-drawing-{drawing.id}", width=132):
        st.html(
            html.render(
                "drawings/drawing.html",
                id=drawing.id,
                image=drawing.image,
                label=album.label_name(drawing.label),
                labelled=True,
                answer="",
                saved="",
            )
        )
        with st.container(horizontal=True, gap=None):
            _button(
                drawing,
                "approve",
                _("Approve drawing {id}", id=drawing.id),
                ":material/check:",
                _approve,
            )
            _button(
                drawing,
                "refuse",
                _("Delete drawing {id}", id=drawing.id),
                ":material/delete:",
                _delete,
            )


def _button(drawing: SavedDrawing, key: str, words: str, icon: str, action: object) -> None:
    st.button(
        words,  # said, not shown
        key=f"{key}-{drawing.id}",
        icon=icon,
        type="tertiary",
        on_click=rooms.perform,
        args=(action, [drawing.id]),
    )


def _key(room: Room) -> None:
    """The way back for a teacher whose browser has forgotten who it is."""
    st.header(_("Your key"), anchor=False)
    st.caption(
        _(
            "This browser runs the room. Should it forget its cookies, or should you change the "
            "computer, a key opens the room again: on the Rooms page, in the place of the code. "
            "Who has it runs the room; only the one that was made last opens it."
        )
    )
    of_room, key = state.DESK_KEY.get() or (0, "")
    if of_room == room.id:
        with st.container(key="new_key"):
            st.markdown(_("**Print it or write it down: it is shown this once.**"))
            st.code(key, language=None)
            with st.container(horizontal=True):
                st.download_button(
                    _("Save it as a file"),
                    _key_file(room, key),
                    "inkling-key.txt",
                    "text/plain",
                    key="save_key",
                    icon=":material/download:",
                    on_click="ignore",
                )
                st.button(_("I have it"), key="has_key", on_click=_forget_key)
        return
    with st.container(horizontal=True):
        st.button(
            _("Make another key") if room.key else _("Make a key"),
            key="make_key",
            icon=":material/key:",
            on_click=rooms.perform,
            args=(_make_key, room.id),
        )
        if room.key:
            st.button(
                _("Have no key any more"),
                key="drop_key",
                icon=":material/key_off:",
                on_click=rooms.perform,
                args=(_drop_key, room.id),
            )


def _key_file(room: Room, key: str) -> str:
    """What a teacher prints."""
    return _(
        "The key to the room “{name}”\n\n    {key}\n\nEnter it at {address}, in the place of the "
        "room’s code: that browser runs the room from then on. Who has this key can do so too.\n",
        name=room.name,
        key=key,
        address=addresses.root("rooms") + "rooms",
    )


def _end(room: Room, count: int) -> None:
    """Take all along; wipe it."""
    st.header(_("When it is over"), anchor=False)
    ends = formatting.moment(room.ends, st.context.timezone) if room.ends else _("never")
    st.caption(
        _(
            "The room wipes itself: {ends}. What is taken along is a file on your computer.",
            ends=ends,
        )
    )
    with st.container(horizontal=True):
        st.download_button(
            _("Take all along"),
            lambda: _export(room.id),
            "room.zip",
            "application/zip",
            key="export_room",
            icon=":material/download:",
            on_click="ignore",
            disabled=not count,
        )
        st.button(
            _("Wipe the room"),
            key="wipe_room",
            icon=":material/delete_forever:",
            on_click=_confirm_wipe,
            args=(room.id, room.name),
        )


@dialog(Text("Wipe the room?"))
def _confirm_wipe(room: int, name: str) -> None:
    """Asked twice: by the button, and here."""
    st.markdown(
        _(
            "{name} ends for everybody: its drawings, its code and the network that "
            "learned from it. You can bring it back for a day.",
            name=formatting.plain(name),
        )
    )
    if st.button(_("Wipe it"), key="wipe_room_now", type="primary"):
        rooms.perform(_wipe, room)
        st.rerun()


def _export(room: int) -> bytes:
    Rooms(drawing_store.store()).kept(room, visitor.current())
    return drawings.to_zip(drawing_store.store().some(Choice(), 0, drawings.MOST, room))


def _make_key(room: int) -> None:
    key = Rooms(drawing_store.store()).make_key(room, visitor.current())
    state.DESK_KEY.set((room, key))
    rooms.forget_what_is_known()


def _drop_key(room: int) -> None:
    Rooms(drawing_store.store()).drop_key(room, visitor.current())
    rooms.forget_what_is_known()


def _forget_key() -> None:
    state.DESK_KEY.set(None)


def _change_prompt(room: int) -> None:
    prompt = state.DESK_PROMPT[room].get()
    Rooms(drawing_store.store()).change(room, visitor.current(), prompt=prompt)
    rooms.forget_what_is_known()


def _change_approval(room: int) -> None:
    approval = state.DESK_APPROVAL[room].get()
    Rooms(drawing_store.store()).change(room, visitor.current(), approval=approval)
    rooms.forget_what_is_known()


def _approve(drawings: Sequence[int]) -> None:
    drawing_store.store().approve(drawings, visitor.current())


def _delete(drawings: Sequence[int]) -> None:
    drawing_store.store().delete(drawings, visitor.current())


def _wipe(room: int) -> None:
    Rooms(drawing_store.store()).wipe(room, visitor.current())
    rooms.leave()
    rooms.forget_what_is_known()
