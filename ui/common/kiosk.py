"""For a museum or a fair, where many people touch one screen in turn: `?mode=kiosk`.

No menus; the first touch fills the screen; and when nobody has touched it for a minute, it opens
anew, with a blank sheet and nothing of who was there. A `room` in the address is joined each time.
"""

from urllib.parse import urlencode

import streamlit as st

from model.language import _, current
from ui import APP
from ui.common import addresses, state

PATIENCE = 60  # seconds without a touch

_component = st.components.v2.component(
    "inkling.kiosk",
    html="<span></span>",
    js=(APP / "assets" / "kiosk.js").read_text(),
    isolate_styles=False,
)


def is_on() -> bool:
    """Whether this screen is one that many people touch; it is from its first page on."""
    known = state.KIOSK.get()
    if known is None:
        known = st.query_params.get("mode") == "kiosk"
        state.KIOSK.set(known)
    return known


def show(path: str) -> None:
    """The frame of the page with that path: no menus, a way back, and an end after a while."""
    st.html("<style>[data-testid=stHeader], [data-testid=stToolbar] { display: none; }</style>")
    if path:
        st.page_link("pages/draw.py", label=_("Draw"), icon=":material/arrow_back:")
    if given := st.query_params.get("room"):
        state.KIOSK_ROOM.set(given)
    room = state.KIOSK_ROOM.get()
    query = urlencode({"mode": "kiosk", **({"room": room} if room else {})})
    _component(
        key="kiosk",
        data={
            "patience": PATIENCE,
            "address": f"{addresses.root(path)}?{query}",
            "language": current(),
        },
    )
