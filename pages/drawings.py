"""What people drew and what they meant by it: look through it, mend it, learn from it."""

import streamlit as st

from model.data.rooms import Room, Rooms
from model.data.samples import NO_DIGIT
from model.data.tables import EVERYBODYS
from model.errors import InklingError
from model.language import _
from ui.common import drawing_store, entrypoint, formatting, html, permissions, visitor
from ui.common import room as rooms
from ui.drawings import album, fine_tuning


def choose() -> Room | None:
    """The room whose drawings are looked at; None is an album of one's own without a drawing."""
    every = Rooms(drawing_store.store())
    own, here, everybodys = every.own(visitor.current()), rooms.current(), every.get(EVERYBODYS)
    counts = drawing_store.store().counts
    filled = [room for room in (own, here, everybodys) if room and counts(room.id)]
    shown = [own, *([here] if here else []), *([everybodys] if everybodys in filled else [])]
    return album.choice(shown, next(iter(filled), own))


def show(room: Room) -> None:
    """The room's drawings, as far as this visitor may see them."""
    store, me = drawing_store.store(), visitor.current()
    seen_by = None if room.is_run_by(me) else me.id
    counts = store.counts(room.id, seen_by=seen_by)
    wrong = store.counts(room.id, wrong=True, seen_by=seen_by)
    digits = sum(n for label, n in store.counts(room.id).items() if label != NO_DIGIT)
    fine_tuning.show(room, digits, may_retrain, may_manage)
    with st.container():
        album.message()
    st.header(formatting.count(sum(counts.values()), "drawing"), anchor=False)
    if counts:
        chosen = album.filters(counts, wrong, seen_by)
        of_them = wrong if chosen.wrong else counts
        labels = of_them if chosen.label is None else [chosen.label]
        album.show(room, chosen, sum(of_them.get(label, 0) for label in labels), me)
    else:
        st.page_link("pages/draw.py", label=_("Draw a digit"), icon=":material/draw:")
    album.deleted(room, me)
    album.files(room, counts, room.is_run_by(me) and permissions.may_save())


def show_empty() -> None:
    """An album of one's own without a drawing."""
    fine_tuning.show(None, 0, may_retrain, may_manage)
    with st.container():
        album.message()
    st.header(_("0 drawings"), anchor=False)
    st.page_link("pages/draw.py", label=_("Draw a digit"), icon=":material/draw:")
    album.files(None, {}, permissions.may_save())


entrypoint.require()
st.title(_("Drawings"), anchor=False)
html.lead(
    _(
        "Under each answer on the Draw page you can say what you drew. What you saved is here, in "
        "an album that only this browser opens, without your name; and the network can learn from "
        "it."
    )
)
if not permissions.may_save():
    st.info(_("Saving drawings is switched off here."), icon=":material/visibility_off:")
with st.container():
    may_retrain = permissions.may_retrain()
    may_manage = permissions.may_manage()
try:
    chosen = choose()
    if chosen is None:
        show_empty()
    else:
        show(chosen)
except InklingError as error:
    st.error(formatting.plain(error), icon=":material/error:")
