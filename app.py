"""Inkling: draw a digit, see it read and why, and teach the network to read it better.

This is the frame around the pages: `streamlit run app.py`, or `make run`.
"""

from pathlib import Path

import streamlit as st

from ui.common import entrypoint, frame

assets = Path(__file__).parent / "assets"

entrypoint.mark()
st.logo(str(assets / "icon.svg"))
st.html(assets / "style.css")
pages = [
    st.Page("pages/draw.py", title="Draw", default=True),
    st.Page("pages/why.py", title="Why"),
    st.Page("pages/drawings.py", title="Drawings"),
    st.Page("pages/train.py", title="Train"),
    st.Page("pages/runs.py", title="Runs"),
    st.Page("pages/batch.py", title="Batch"),
]
page = st.navigation(pages, position="top")
st.set_page_config(f"{page.title} · Inkling", str(assets / "icon.svg"), layout="centered")
frame.show()
page.run()
