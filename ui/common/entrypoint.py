"""app.py is the app's entrypoint; this sees to it that every page is run by it."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui.common import state


def mark() -> None:
    """Called by app.py: it runs."""
    state.ENTRYPOINT_RAN.set(True)


def require() -> None:
    """Called by a page: have app.py run first.

    Until app.py has called st.navigation for the first time, Streamlit takes a folder named pages
    for all that there is, and runs a page by itself where a fresh server is asked for it by its
    address.
    """
    if not state.ENTRYPOINT_RAN.get():
        mark()
        PagesManager.uses_pages_directory = False
        st.rerun()
