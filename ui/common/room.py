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
from ui.common import actions, counts, drawing_store, html, kiosk, permissions, state, visitor

if TYPE_CHECKING:
    from model.data.rooms import Room
    from model.data.visitors import Visitor

PARAMETER = "room"  # of the page's address: a code

_FRESH = 2  # seconds for which it is believed that a room is as it was
_LASTING = 20  # and what is changed in one browser: an album of one's own, being in a room

perform = partial(actions.perform, state.ROOM_ERROR)


def current() -> Room | None:
    """The room that this visitor is in."""
    code = _code()
    here = _coded(code) if code else None
    if here is None:
        return None
    me = visitor.current()
    return here if here.is_run_by(me) or _is_member(here.id, me.id) else None


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
    """Enter the room with that code, or run the one with that teacher's key. Raises InklingError
    where there is none, or where from this address too many wrong ones have come."""
    from model.data.rooms import Rooms, is_teachers_key

    rooms, me = Rooms(drawing_store.store()), visitor.current()
    is_key = is_teachers_key(code)
    _, address = permissions.names()
    errors: list[InklingError] = []

    def is_right() -> bool:
        try:
            rooms.keyed(code) if is_key else rooms.coded(code)
        except InklingError as error:
            errors.append(error)
        return not errors

    if not _guesses().attempt(address, is_right):
        wait = math.ceil(_guesses().wait(address)) or 1
        too_many = InklingError(
            "Too many wrong codes; wanted: another try in {seconds} s.", seconds=wait
        )
        raise errors[0] if errors else too_many
    enter(rooms.take_over(code, me) if is_key else rooms.join(code, me))


def enter(room: Room) -> None:
    """Be in a room that this visitor has joined or runs."""
    state.ROOM.set(room.code or "")
    state.KEPT_ROOM.set(room.code or "")
    _coded.clear(room.code or "")
    _is_member.clear(room.id, visitor.current().id)


def leave() -> None:
    """Be in none, which a new visit does not change; what was drawn in the room stays there."""
    from model.data.rooms import Rooms

    if here := current():
        me = visitor.current()
        Rooms(drawing_store.store()).leave(here.id, me)
        _is_member.clear(here.id, me.id)
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


def own() -> Room | None:
    """This visitor's own album, as it was a while ago; None before anything was saved in it."""
    if not (state.HAS_ALBUM.get() or visitor.is_known()):
        return None
    return _album(visitor.current())


def own_album(spec: str | None) -> int | None:
    """The number of this visitor's album, where the digits of a spec are from it: what learns from
    them answers nobody else."""
    mine = own()
    return mine.id if mine and f"drawings:{mine.id}" in (spec or "").split("+") else None


def make_own() -> Room:
    """This visitor's own album, made where there is none yet. Raises InklingError."""
    from model.data.rooms import Rooms

    found = Rooms(drawing_store.store()).make_own(visitor.current())
    if not state.HAS_ALBUM.get():
        state.HAS_ALBUM.set(True)
        _album.clear()
    return found


def is_run_by_me(number: int | None) -> bool:
    """Whether this visitor runs the room of that number; nobody does one that is over."""
    from model.data.rooms import Rooms

    try:
        return number is not None and Rooms(drawing_store.store()).get(number).is_run_by(
            visitor.current()
        )
    except InklingError:
        return False


def runs() -> list[Run]:
    """The runs that this visitor may look at: all but what rooms and others' albums have taught; a
    host's are all."""
    if permissions.is_host():
        return registry.all_runs()
    mine = own()
    return registry.public_runs(mine.id if mine else None)


def in_use() -> InUse:
    """What answers this visitor: the network that the class has taught, or else one's own drawings
    have, or what answers all."""
    here = current() or own()
    if here is None or here.run is None or registry.is_fixed():
        return registry.in_use()
    run = Run(home() / "runs" / here.run)
    return InUse(run.model_path, run) if run.has_model else registry.in_use()


def filled() -> list[int]:
    """The numbers of the rooms with drawings from which everything may learn that this visitor
    trains: one's own album and everybody's; makes no database to find out. Raises InklingError."""
    from model.data.rooms import Rooms
    from model.data.tables import EVERYBODYS

    if not drawing_store.is_there():
        return []
    store = drawing_store.store()
    own = Rooms(store).own(visitor.current())
    rooms = [*([own.id] if own else []), EVERYBODYS]
    return [room for room in rooms if store.counts(room)]


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
    _coded.clear()
    _album.clear()


def _code() -> str:
    if state.ROOM.get() is None:
        state.ROOM.set(visitor.kept_room())
    return state.ROOM.get() or ""


@st.cache_resource(show_spinner=False, ttl=_FRESH)
def _coded(code: str) -> Room | None:
    """Looked up once for a whole class, whose pens ask many times a second."""
    from model.data.rooms import Rooms

    try:
        return Rooms(drawing_store.store()).coded(code)
    except InklingError:  # it is over, or the database says why elsewhere
        return None


@st.cache_resource(show_spinner=False, ttl=_LASTING)
def _is_member(room: int, visitor: str) -> bool:
    from model.data.rooms import Rooms

    try:
        return Rooms(drawing_store.store()).is_member(room, visitor)
    except InklingError:
        return False


@st.cache_resource(show_spinner=False, ttl=_LASTING)
def _album(me: Visitor) -> Room | None:
    from model.data.rooms import Rooms

    try:
        return Rooms(drawing_store.store()).own(me) if drawing_store.is_there() else None
    except InklingError:  # the Drawings page says why
        return None


@cache
def _guesses() -> CodeGuesses:
    return CodeGuesses(counts.shared())
