"""Inkling: draw a digit, see it read and why, and teach the network to read it better.

This is the frame around the pages: `streamlit run app.py`, or `make run`.
"""

from pathlib import Path

import streamlit as st

from model.language import _
from ui.common import entrypoint, frame, kiosk, state, visitor

assets = Path(__file__).parent / "assets"

entrypoint.mark()
st.logo(str(assets / "icon.svg"))
st.html(assets / "style.css")
pages = [
    st.Page("pages/draw.py", title=_("Draw"), default=True),
    st.Page("pages/why.py", title=_("Why")),
    st.Page("pages/drawings.py", title=_("Drawings")),
    st.Page("pages/rooms.py", title=_("Rooms")),
    st.Page("pages/train.py", title=_("Train")),
    st.Page("pages/runs.py", title=_("Runs")),
    st.Page("pages/batch.py", title=_("Batch")),
    st.Page("pages/board.py", title=_("Board"), visibility="hidden"),
    st.Page("pages/lesson.py", title=_("Lesson"), visibility="hidden"),
    st.Page("pages/privacy.py", title=_("Privacy"), visibility="hidden"),
]
page = st.navigation(pages, position="hidden" if kiosk.is_on() else "top")
st.set_page_config(f"{page.title} · Inkling", str(assets / "icon.svg"), layout="centered")
if kiosk.is_on():
    kiosk.show(page.url_path)
else:
    frame.show()
page.run()
visitor.remember(state.KEPT_ROOM.get())
