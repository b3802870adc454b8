"""The frame around the pages is app.py; this sees to it that every page has it."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ui.common import state


def is_here() -> None:
    """Said by app.py."""
    state.FRAMED.set(True)


def put_around() -> None:
    """Said by a page: have app.py run first.

    Until app.py has called st.navigation for the first time, Streamlit takes a folder named pages
    for all that there is, and runs a page by itself where a fresh server is asked for it by its
    address.
    """
    if not state.FRAMED.get():
        is_here()
        PagesManager.uses_pages_directory = False
        st.rerun()
