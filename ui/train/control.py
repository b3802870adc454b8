"""What can be asked of a training: to begin, to stop, to go on; and why it can't be done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from model.errors import InklingError
from model.language import _
from model.runs import registry
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from model.runs.status import State
from model.training import jobs
from model.training.jobs import Busy
from ui.common import actions, formatting, limits, metrics, state
from ui.common.limits import Kind

PARAMETER = "run"  # of the page's address

perform = partial(actions.perform, state.TRAINING_ERROR)


def start(begin: Callable[..., Run], *arguments: Any) -> None:
    """Have a training begin or go on, and watch it. Raises InklingError."""
    limits.spend(Kind.TRAININGS)
    try:
        run = begin(*arguments)
    except Busy as busy:
        raise InklingError(_busy(busy.run)) from busy
    metrics.TRAININGS.inc()
    state.OWN_RUN.set(run.id)
    state.WATCHED_RUN.set(run.id)


def watched() -> Run | None:
    """The run that is on; else the one that was watched last or is in the page's address, or the
    last of all."""
    if run := jobs.current():
        rival = registry.rival(run)  # of a race it is the same one, whichever still learns
        run = min(run, rival, key=lambda one: one.id) if rival else run
        state.WATCHED_RUN.set(run.id)
        return run
    linked = st.query_params.get(PARAMETER, "")
    if linked != state.LINKED_RUN.get():
        state.LINKED_RUN.set(linked)
        if any(run.id == linked for run in registry.public_runs()):
            state.WATCHED_RUN.set(linked)
    try:
        return registry.get(state.WATCHED_RUN.get())
    except InklingError:
        return next(iter(registry.public_runs()), None)


def watch(run: Run) -> None:
    """Have this run be the one that is watched."""
    state.WATCHED_RUN.set(run.id)


def to_address(run: Run) -> None:
    """Name the run in the page's address, which then shows it elsewhere too."""
    if st.query_params.get(PARAMETER) != run.id:
        st.query_params[PARAMETER] = run.id
    state.LINKED_RUN.set(run.id)


def is_running(run: Run) -> bool:
    """Whether it learns, or its rival in a race does."""
    rival = registry.rival(run)
    return any(one.state == State.RUNNING for one in (run, rival) if one)


def follow(run: Run, running: bool) -> Snapshot:
    """All that is known now of a run that the page shows as `running` or not; reruns the page once
    that is otherwise, or the run was deleted."""
    try:
        now = run.snapshot()
        runs_now = is_running(run)
    except InklingError:
        st.rerun()
    if runs_now != running:
        forget_error()
        st.rerun()
    return now


def error() -> None:
    """Why what was asked for by `perform` can't be done, if so."""
    if raised := state.TRAINING_ERROR.get():
        st.warning(formatting.plain(raised), icon=":material/info:")


def forget_error() -> None:
    """As the training that was in the way is over."""
    state.TRAINING_ERROR.set(None)


def stop_button(now: Snapshot) -> None:
    st.button(
        _("Stopping") if now.is_stopping else _("Stop"),
        key="stop",
        icon=":material/stop_circle:",
        disabled=now.is_stopping,
        on_click=jobs.stop,
        args=(now.run,),
    )


def resume_button(now: Snapshot) -> None:
    run = now.run
    if now.state in (State.STOPPED, State.FAILED):
        st.button(
            _("Go on") if run.has_checkpoint else _("Try again"),
            key=f"resume-{run.id}",
            icon=":material/resume:",
            on_click=perform,
            args=(start, jobs.resume, run),
        )


def _busy(run: Run) -> str:
    values = {
        "title": formatting.title(run),
        "started": formatting.started(run),
        "begun": _("begun by you")
        if state.OWN_RUN.get() == run.id
        else _("begun by another visitor"),
    }
    progress = run.snapshot().progress
    remaining = progress.remaining if progress else None
    if remaining is None:
        return _(
            "{title} is training already: {begun}, {started}. "
            "One training at a time: wait until it is over, or stop it.",
            **values,
        )
    return _(
        "{title} is training already: {begun}, {started}, about {time} to go. "
        "One training at a time: wait until it is over, or stop it.",
        time=formatting.duration(remaining),
        **values,
    )
