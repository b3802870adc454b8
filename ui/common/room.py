"""The room that this visitor is in, if any: found by its code, and what reads there.

Whether a visitor may be in it, the database says; what is kept of the session is only the code.
"""

from __future__ import annotations

import math
from functools import cache, partial
from typing import TYPE_CHECKING

import streamlit as st

from model.errors import InklingError
from model.guesses import CodeGuesses
from model.language import _
from model.runs import registry
from model.runs.registry import InUse
from model.runs.run import Run
from model.settings import home
from ui.common import actions, drawing_store, html, kiosk, state, visitor

if TYPE_CHECKING:
    from model.data.rooms import Room
    from model.data.visitors import Visitor

PARAMETER = "room"  # of the page's address: a code

_FRESH = 2  # seconds for which it is believed that a room is as it was

perform = partial(actions.perform, state.ROOM_ERROR)


def current() -> Room | None:
    """The room that this visitor is in."""
    code = _code()
    return _entered(code, visitor.current()) if code else None


def require() -> Room | None:
    """As `current`, but looked up at once, for who is about to save. Raises InklingError where the
    room is over."""
    from model.data.rooms import Rooms

    code, me = _code(), visitor.current()
    if not code:
        return None
    rooms = Rooms(drawing_store.store())
    return rooms.entered(rooms.coded(code).id, me)


def join(code: str) -> None:
    """Enter the room with that code. Raises InklingError where there is none, or where from this
    address too many wrong ones have come."""
    from model.data.rooms import Rooms

    rooms, me = Rooms(drawing_store.store()), visitor.current()
    errors: list[InklingError] = []

    def is_right() -> bool:
        try:
            enter(rooms.join(code, me))
        except InklingError as error:
            errors.append(error)
        return not errors

    address = st.context.ip_address or "this machine"
    if wait := _guesses().wait(address):
        raise InklingError(
            "Too many wrong codes; wanted: another try in {seconds} s.", seconds=math.ceil(wait)
        )
    if not _guesses().attempt(address, is_right):
        raise errors[0] if errors else InklingError("Too many wrong codes; wait a minute.")


def enter(room: Room) -> None:
    """Be in a room that this visitor has joined or runs."""
    state.ROOM.set(room.code or "")
    state.KEPT_ROOM.set(room.code or "")
    _entered.clear()


def leave() -> None:
    """Be in none, which a new visit does not change; what was drawn in the room stays there."""
    from model.data.rooms import Rooms

    if here := current():
        Rooms(drawing_store.store()).leave(here.id, visitor.current())
    state.ROOM.set("")
    state.KEPT_ROOM.set("")


def arrive() -> None:
    """Join the room in the page's address, once a visit."""
    given = st.query_params.get(PARAMETER, "")
    if not given:
        return
    if not kiosk.is_on():
        del st.query_params[PARAMETER]
        perform(join, given)
    elif state.ROOM.get() is None:  # its address stays, to be opened anew
        state.ROOM.set("")
        perform(join, given)


def in_use() -> InUse:
    """What answers this visitor: the network that the class has taught, or what answers all."""
    here = current()
    if here is None or here.run is None or registry.is_fixed():
        return registry.in_use()
    run = Run(home() / "runs" / here.run)
    return InUse(run.model_path, run) if run.has_model else registry.in_use()


def error() -> None:
    """Why what was asked for by `perform` can't be done, if so."""
    actions.show(state.ROOM_ERROR)


def banner() -> None:
    """Which room this visitor is in and what is to be drawn there, or why it can't be joined."""
    error()
    if here := current():
        st.html(html.render("rooms/banner.html", name=here.name, prompt=here.prompt))
    elif _code():
        st.info(_("The room that you were in is over."), icon=":material/info:")
        state.ROOM.set("")
        state.KEPT_ROOM.set("")


def forget_what_is_known() -> None:
    """As a room was changed."""
    _entered.clear()


def _code() -> str:
    if state.ROOM.get() is None:
        state.ROOM.set(visitor.kept_room())
    return state.ROOM.get() or ""


@st.cache_resource(show_spinner=False, ttl=_FRESH)
def _entered(code: str, me: Visitor) -> Room | None:
    from model.data.rooms import Rooms

    try:
        rooms = Rooms(drawing_store.store())
        return rooms.entered(rooms.coded(code).id, me)
    except InklingError:  # it is over, or the database says why elsewhere
        return None


@cache
def _guesses() -> CodeGuesses:
    """This server's; not in Streamlit's cache, which any visitor's message may clear."""
    return CodeGuesses()
