"""A visitor's browser tells when the run that is watched has ended, also in another tab."""

import streamlit as st

from model.runs.snapshot import Snapshot
from ui import APP
from ui.common import formatting, html

_notify = st.components.v2.component(
    "inkling.notify",
    html=html.render("train/notify.html"),
    js=(APP / "assets" / "notify.js").read_text(),
    isolate_styles=False,
)


def show(now: Snapshot) -> None:
    """The button while it runs; the browser's notification, if that was asked for, once it does
    not any more."""
    told = f"{str(now.state).capitalize()}."
    if now.result:
        told += f" {formatting.percent(now.result.test.accuracy)} of the test digits read right."
    _notify(
        key="notify",
        data={
            "run": now.run.id,
            "running": now.is_running,
            "title": formatting.title(now.run),
            "text": told,
        },
    )
