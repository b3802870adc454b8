"""The curves of a training, the drawing that it watches, and the same figures in tables."""

import streamlit as st

from model.runs.rows import history_to_csv
from model.runs.snapshot import Snapshot
from ui.train import charts, figures


def show(now: Snapshot) -> None:
    """A run's curves, the watched drawing, and the same figures in tables."""
    history, batches = now.history, now.batches
    charts.show(now)
    if now.drawing is not None:
        st.markdown(
            "**Your drawing**",
            help="How sure it is of each digit after each epoch, in percent.",
        )
        st.html(figures.drawing(now.drawing, history, now.config.recipe.epochs))
    with st.expander("The figures", key="figures"):
        st.html(figures.history(history, batches[-1] if batches else None))
        st.download_button(
            "History as CSV",
            lambda: history_to_csv(history),
            f"{now.run.id}.csv",
            "text/csv",
            key=f"history-{now.run.id}",
            icon=":material/download:",
            on_click="ignore",
            disabled=not history,
        )
