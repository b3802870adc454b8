"""The pictures of an upload that could not be used, and why."""

from collections.abc import Sequence

import streamlit as st

from model.language import ngettext
from ui.common import html


def show(sentences: Sequence[str]) -> None:
    """A line that opens to a sentence for each of them; nothing where there are none."""
    if sentences:
        count = len(sentences)
        words = ngettext("{n:,} picture is left out", "{n:,} pictures are left out", count)
        with st.expander(words):
            st.html(html.render("batch/sentences.html", lines=sentences))
