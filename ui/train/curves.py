"""The curves of a training, the drawing that it watches, and the same figures in tables."""

import pandas as pd
import streamlit as st

from model.runs.run import Run
from ui.common import formatting
from ui.train import charts, figures


def show(run: Run) -> None:
    """Its curves, the watched drawing, and the same figures in tables."""
    history, batches = run.history, run.batches
    charts.show(run, history, batches)
    picture = run.drawing
    if picture is not None:
        st.markdown(
            "**Your drawing**",
            help="How sure it is of each digit after each epoch, in percent.",
        )
        st.html(figures.drawing(picture, run.drawing_history, formatting.epochs(run)))
    with st.expander("The figures", key="figures"):
        st.html(figures.history(history, batches[-1] if batches else None))
        st.download_button(
            "History as CSV",
            lambda: pd.DataFrame(run.history).to_csv(index=False),
            f"{run.id}.csv",
            "text/csv",
            key=f"history-{run.id}",
            icon=":material/download:",
            on_click="ignore",
            disabled=not history,
        )
