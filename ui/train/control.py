"""What can be asked of a training: to begin, to stop, to go on; and why it can't be done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from model.data.visitors import Refused
from model.errors import InklingError
from model.language import _
from model.runs import registry
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from model.runs.status import State
from model.settings import Role
from model.training import jobs
from model.training.jobs import Busy
from ui.common import actions, formatting, limits, metrics, permissions, room, state
from ui.common.limits import Kind

PARAMETER = "run"  # of the page's address

perform = partial(actions.perform, state.TRAINING_ERROR)


def start(begin: Callable[..., Run], *arguments: Any) -> None:
    """Have a training begin or go on, and watch it, for who may. Raises InklingError."""
    permissions.require(Role.TEACHER)
    limits.spend(Kind.TRAININGS)
    try:
        run = begin(*arguments)
    except Busy as busy:
        raise InklingError(_busy(busy.run)) from busy
    metrics.TRAININGS.inc()
    state.OWN_RUN.set(run.id)
    state.WATCHED_RUN.set(run.id)


def watched() -> Run | None:
    """The run that is on, of several the one that is watched; else the one that was watched last
    or is in the page's address, or the last of all."""
    linked = st.query_params.get(PARAMETER, "")
    if linked != state.LINKED_RUN.get():
        state.LINKED_RUN.set(linked)
        if any(run.id == linked for run in room.runs()):
            state.WATCHED_RUN.set(linked)
    if running := list(jobs.running()):
        run = next((run for run in running if run.id == state.WATCHED_RUN.get()), running[0])
        rival = registry.rival(run)  # of a race it is the same one, whichever still learns
        run = min(run, rival, key=lambda one: one.id) if rival else run
        state.WATCHED_RUN.set(run.id)
        return run
    try:
        return registry.get(state.WATCHED_RUN.get())
    except InklingError:
        return next(iter(room.runs()), None)


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
    if not _may_steer(now.run):
        return
    st.button(
        _("Stopping") if now.is_stopping else _("Stop"),
        key="stop",
        icon=":material/stop_circle:",
        disabled=now.is_stopping,
        on_click=perform,
        args=(_stop, now.run),
    )


def resume_button(now: Snapshot) -> None:
    run = now.run
    if now.state in (State.STOPPED, State.FAILED) and _may_steer(run):
        st.button(
            _("Go on") if run.has_checkpoint else _("Try again"),
            key=f"resume-{run.id}",
            icon=":material/resume:",
            on_click=perform,
            args=(_resume, run),
        )


def _may_steer(run: Run) -> bool:
    """Whether this visitor may stop a run and have it go on: a teacher, and of one that is private
    to a room who runs that."""
    is_theirs = not run.config.is_private or room.is_run_by_me(run.config.room)
    return permissions.may_teach() and is_theirs


def _stop(run: Run) -> None:
    if not _may_steer(run):
        raise Refused("This training is up to whose drawings it learns from; nothing was stopped.")
    jobs.stop(run)


def _resume(run: Run) -> None:
    if not _may_steer(run):
        raise Refused("This training is up to whose drawings it learns from; nothing was begun.")
    start(jobs.resume, run)


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
