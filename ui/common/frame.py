"""What is around each page in the browser: the other theme at a tap, a menu that closes."""

import streamlit as st

from ui import APP

_component = st.components.v2.component(
    "inkling.frame",
    html='<button class="theme" type="button"><span aria-hidden="true"></span></button>',
    js=(APP / "assets" / "frame.js").read_text(),
    isolate_styles=False,
)


def show() -> None:
    """In the page's upper corner."""
    _component(key="frame", data={"to_dark": "To the dark theme", "to_light": "To the light theme"})
