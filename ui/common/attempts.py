"""What a visitor asks for, done; what is wrong with it is kept for the page to say."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from model.errors import InklingError


def attempt(place: str, action: Callable[..., Any], *arguments: Any) -> None:
    """Do what a button asks for; under `place` the session has the InklingError that it raised,
    until the next one."""
    st.session_state[place] = None
    try:
        action(*arguments)
    except InklingError as error:
        st.session_state[place] = error
