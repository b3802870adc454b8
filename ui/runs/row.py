"""A run in the list of all: a line to tick."""

import streamlit as st

from model.runs.run import Run
from model.runs.status import State
from ui.common import formatting, html

_LIBRARIES = {"tensorflow": "TensorFlow", "keras": "Keras", "python": "Python"}


def show(run: Run, in_use: bool) -> bool:
    """A run in a line, to be picked; whether it is."""
    with st.container(key=f"run-{run.id}", horizontal=True, vertical_alignment="center"):
        picked = st.checkbox(formatting.title(run), key=f"pick-{run.id}", width=260)
        st.html(_in_brief(run, in_use))
    return picked


def _in_brief(run: Run, in_use: bool) -> str:
    config, result, state = run.config, run.result, run.state
    found = config.get("versions") or {}
    accuracy = formatting.percent(result["test"]["accuracy"]) if result else ""
    seconds = sum(row["seconds"] for row in run.history)
    badge = "in use" if in_use else "" if state == State.FINISHED else str(state)
    details = [
        formatting.started(run),
        f"seed {config.get('seed')}",
        f"data {config.get('fingerprint', 'not read yet')}",
        *(f"{title} {found[name]}" for name, title in _LIBRARIES.items() if name in found),
    ]
    time = formatting.duration(seconds) if seconds else ""
    return html.render("runs/row.html", accuracy=accuracy, time=time, badge=badge, details=details)
