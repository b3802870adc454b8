"""Which language a visitor reads: the one chosen by hand, which the browser keeps, else its own."""

from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.state import SafeSessionState

from model import language
from ui.common import kiosk, state

PARAMETER = "lang"  # of the page's address: one of the languages, for this visit

_COOKIE = "inkling-language"

# Each text asks for it, and the session's own answer takes as long as ten texts.
_known: WeakKeyDictionary[SafeSessionState, str] = WeakKeyDictionary()


def of_visitor() -> str:
    """The language of the visitor whose page this thread makes; English in any other."""
    session = state.session()
    if session is None:
        return language.best(None)
    if session not in _known:
        _known[session] = state.LANGUAGE.get() or _first()
    return _known[session]


def choose() -> None:
    """Take the language that was chosen in the page's corner."""
    chosen = (state.FRAME.get() or {}).get("language")
    if chosen in language.LANGUAGES:  # a forged message may say anything
        state.KEPT_LANGUAGE.set(chosen)
        _use(chosen)


def _first() -> str:
    """That of a visit that begins: of the address, of an earlier visit, or of the browser."""
    kept = None if kiosk.is_on() else st.context.cookies.to_dict().get(_COOKIE)
    for given in (st.query_params.get(PARAMETER), kept):
        if given in language.LANGUAGES:
            state.LANGUAGE.set(given)
            return given
    first = language.best(st.context.locale)
    state.LANGUAGE.set(first)
    return first


def _use(chosen: str) -> None:
    state.LANGUAGE.set(chosen)
    if session := state.session():
        _known[session] = chosen


language.ask(of_visitor)
