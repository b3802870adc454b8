"""Who this visitor is: nobody knows, but it is the one who drew here before.

A random key is kept by the browser, in a cookie that `assets/visitor.js` writes, as Streamlit can
read cookies and not write them.
"""

import streamlit as st

from model.data.visitors import Visitor, is_key, new_key
from ui import APP
from ui.common import kiosk, permissions, state

_KEY_COOKIE = "inkling"
_ROOM_COOKIE = "inkling-room"

_component = st.components.v2.component(
    "inkling.visitor",
    html="<span></span>",
    js=(APP / "assets" / "visitor.js").read_text(),
    isolate_styles=False,
)


def current() -> Visitor:
    """This visitor, and whether it is the host; to be asked at every action."""
    return Visitor.of(_key(), permissions.is_host())


def remember(room: str | None) -> None:
    """Have the browser keep the key, the language that was chosen and, unless it is None, the code
    of the room that it is in; called once a page. What many people touch in turn keeps nothing."""
    if kiosk.is_on():
        return
    _component(
        key=state.VISITOR.key,
        data={
            "key": _key(),
            "isNew": state.KEY_IS_NEW.get(),
            "room": room,
            "language": state.KEPT_LANGUAGE.get(),
        },
        on_key_change=_adopt,
    )


def begin_anew() -> None:
    """Have this browser be another visitor from now on."""
    state.VISITOR_KEY.set(new_key())
    state.KEY_IS_NEW.set(True)


def is_known() -> bool:
    """Whether this browser was here before, and so may have an album."""
    _key()
    return state.KEY_IS_KNOWN.get()


def kept_room() -> str:
    """The code of the room that the browser was in when it opened the page; or nothing."""
    return "" if kiosk.is_on() else st.context.cookies.to_dict().get(_ROOM_COOKIE, "")


def _key() -> str:
    if not state.VISITOR_KEY.get():
        kept = None if kiosk.is_on() else st.context.cookies.to_dict().get(_KEY_COOKIE)
        state.KEY_IS_KNOWN.set(bool(kept) and is_key(kept))
        state.VISITOR_KEY.set(kept if kept and is_key(kept) else new_key())
    return state.VISITOR_KEY.get()


def _adopt() -> None:
    """Two tabs were opened at once, each with a key: the one that was written first is kept."""
    known = (state.VISITOR.get() or {}).get("key")
    if is_key(known):
        state.VISITOR_KEY.set(str(known))
        state.KEY_IS_KNOWN.set(True)
