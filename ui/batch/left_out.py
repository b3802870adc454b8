"""The pictures of an upload that could not be used, and why."""

from collections.abc import Sequence

import streamlit as st

from ui.common import html


def show(sentences: Sequence[str]) -> None:
    """A line that opens to a sentence for each of them; nothing where there are none."""
    if sentences:
        count = len(sentences)
        with st.expander(f"{count:,} picture{' is' if count == 1 else 's are'} left out"):
            st.html(html.render("batch/sentences.html", lines=sentences))
