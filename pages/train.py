"""Retrain in one click, and watch it learn."""

import streamlit as st

from model.language import _
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.training import jobs
from ui.common import entrypoint, html, permissions, polling
from ui.train import control, curves, form, in_use, notify, progress, replay, result

INTERVAL = 0.4  # seconds between two looks at a training
MOMENTS = 1.0  # and at what is noted for its replay, which is more to send


def retrain() -> None:
    """Start what was chosen."""
    control.start(jobs.start, form.request())


def snapshot() -> list[object]:
    """What makes the page look different when it changes."""
    run = control.watched()
    return [run, run and run.state, registry.in_use()]


def watch(run: Run, running: bool, may_retrain: bool, may_manage: bool) -> None:
    """How far it is or what came of it, and its curves; for as long as it is `running` or not."""
    now = control.follow(run, running)
    with st.container(key="progress"):
        progress.show(now, may_retrain)
    with st.container(key="result"):
        result.show(now)
    with st.container(key="use", horizontal=True, vertical_alignment="center"):
        if may_manage and not running:
            in_use.use_button(run)
            if registry.in_use().run == run:
                in_use.back_button()
    with st.container(key="curves"):
        curves.show(now, curves.rival())


entrypoint.require()
st.title(_("Train a new network"), anchor=False)
html.lead(
    _(
        "One click trains a new network on thousands of handwritten digits. If it reads no worse "
        "than the one in use, and still says what is no digit, it takes over on the Draw page; "
        "else it waits for your yes."
    )
)
run = control.watched()
running = run is not None and run.state == State.RUNNING
# Whatever comes and goes has a place of its own, so that what is below stays the same.
with st.container():
    may_retrain = permissions.may_retrain()
    may_manage = permissions.may_manage()
with st.container():
    if may_retrain:
        button, beside = st.columns(2, vertical_alignment="bottom")
        # Before the button, so that who is quick to press it has made the choices that it takes.
        form.show(beside)
        button.button(
            _("Retrain"),
            key="retrain",
            type="secondary" if running else "primary",
            icon=":material/model_training:",
            width="stretch",
            on_click=control.perform,
            args=(retrain,),
        )
with st.container():
    control.error()
if run:
    control.to_address(run)
    with st.container(key="notify_when_over"):
        notify.show(control.follow(run, running))
    with st.container():
        curves.choose_rival(run)
    every = INTERVAL if running else None
    st.fragment(watch, run_every=every)(run, running, may_retrain, may_manage)
    with st.container(key="watch_it_learn"):
        st.fragment(replay.show, run_every=MOMENTS if running else None)(run)
    if not running:
        result.mistakes(control.follow(run, running))
else:
    html.lead(_("Nothing was trained here yet. Its curves will grow in this place."))
polling.rerun_on_change(snapshot)
