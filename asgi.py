"""The app for a server that speaks ASGI, with what a host asks it: `streamlit run asgi.py`, which
`make run` and `make serve` do, or `uvicorn asgi:app`."""

import streamlit as st

from ui import APP, host

app = st.App(
    APP / "app.py",
    lifespan=host.lifespan,
    routes=host.ROUTES,
    on_script_error=host.note_error,
)
