"""What is around each page in the browser: another language, the other theme at a tap, a menu that
closes."""

import streamlit as st

from model.language import LANGUAGES, _, current
from ui import APP
from ui.common import html, language, state

_component = st.components.v2.component(
    "inkling.frame",
    html=html.render("common/frame.html", languages=LANGUAGES),
    js=(APP / "assets" / "frame.js").read_text(),
    isolate_styles=False,
)


def show() -> None:
    """In the page's upper corner."""
    _component(
        key=state.FRAME.key,
        data={
            "language": current(),
            "choose": _("Language"),
            "to_dark": _("To the dark theme"),
            "to_light": _("To the light theme"),
        },
        on_language_change=language.choose,
    )
