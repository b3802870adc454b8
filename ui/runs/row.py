"""A run in the list of all: a line to tick."""

import streamlit as st

from model.language import _, marked
from model.runs.run import Run
from model.runs.status import State
from ui.common import formatting, html

_LIBRARIES = {"tensorflow": "TensorFlow", "keras": "Keras", "python": "Python"}


def show(run: Run, in_use: bool) -> bool:
    """A run in a line, to be picked; whether it is."""
    with st.container(key=f"run-{run.id}", horizontal=True, vertical_alignment="center"):
        picked = st.checkbox(
            formatting.plain(formatting.title(run)),
            key=f"pick-{run.id}",
            width=260,
            bind="query-params",
        )
        st.html(_in_brief(run, in_use))
    return picked


def _in_brief(run: Run, in_use: bool) -> str:
    now = run.snapshot()
    config, found = now.config, now.config.versions
    accuracy = formatting.percent(now.result.test.accuracy) if now.result else ""
    badge = marked("in use") if in_use else "" if now.state == State.FINISHED else str(now.state)
    details = [
        formatting.started(run),
        _("seed {seed}", seed=config.seed),
        _("data {fingerprint}", fingerprint=config.fingerprint)
        if config.fingerprint
        else _("data not read yet"),
        *(f"{title} {found[name]}" for name, title in _LIBRARIES.items() if name in found),
    ]
    time = formatting.duration(now.seconds) if now.seconds else ""
    return html.render("runs/row.html", accuracy=accuracy, time=time, badge=badge, details=details)
