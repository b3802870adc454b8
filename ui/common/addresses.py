"""The app's own address, as this visitor's browser has it."""

import streamlit as st


def root(path: str) -> str:
    """Where the app begins, with a / at its end, asked on the page with that path."""
    address = (st.context.url or "").partition("?")[0].rstrip("/")
    return address.removesuffix(path).rstrip("/") + "/"
