"""Pages that show what others do on the same server."""

from collections.abc import Callable

import streamlit as st

_INTERVAL = 2.0  # seconds


def rerun_on_change(snapshot: Callable[[], object]) -> None:
    """Rerun the page once `snapshot` is another than now."""
    now = snapshot()

    @st.fragment(run_every=_INTERVAL)
    def poll() -> None:
        if snapshot() != now:
            st.rerun()

    poll()
