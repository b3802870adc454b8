"""What is around each page in the browser: another language, the other theme at a tap, a menu that
closes."""

import streamlit as st
from markupsafe import Markup

from model.language import LANGUAGES, _, current
from ui import APP
from ui.common import language, state

_OPTIONS = Markup().join(
    Markup('<option value="{0}" lang="{0}">{1}</option>').format(short, name)
    for short, name in LANGUAGES.items()
)
_component = st.components.v2.component(
    "inkling.frame",
    html='<label class="language"><span aria-hidden="true" translate="no">translate</span>'
    f"<b></b><select>{_OPTIONS}</select></label>"
    '<button class="theme" type="button"><span aria-hidden="true"></span></button>',
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
