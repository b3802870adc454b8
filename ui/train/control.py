"""What can be asked of a training: to begin, to stop, to go on; and why it can't be done."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from model.errors import InklingError
from model.runs.run import Run
from model.runs.status import State
from model.training import jobs
from model.training.jobs import Busy
from ui.common import attempts, formatting

attempt = partial(attempts.attempt, "refusal")


def start(begin: Callable[..., Run], *arguments: Any) -> None:
    """Have a training begin or go on, and watch it. Raises InklingError."""
    try:
        run = begin(*arguments)
    except Busy as busy:
        raise InklingError(_busy(busy.run)) from busy
    st.session_state.mine = st.session_state.watched = run.id


def refusal() -> None:
    """Why what was asked for by `attempt` can't be done, if so."""
    if error := st.session_state.get("refusal"):
        st.warning(str(error), icon=":material/info:")


def stop_button(run: Run) -> None:
    stopping = run.is_stopping
    st.button(
        "Stopping" if stopping else "Stop",
        key="stop",
        icon=":material/stop_circle:",
        disabled=stopping,
        on_click=jobs.stop,
        args=(run,),
    )


def resume_button(run: Run) -> None:
    if run.state in (State.STOPPED, State.FAILED):
        st.button(
            "Go on" if run.checkpoint_path.exists() else "Try again",
            key=f"resume-{run.id}",
            icon=":material/resume:",
            on_click=attempt,
            args=(start, jobs.resume, run),
        )


def _busy(run: Run) -> str:
    who = "you" if st.session_state.get("mine") == run.id else "another visitor"
    remaining = run.progress.get("remaining")
    rest = "" if remaining is None else f", about {formatting.duration(remaining)} to go"
    return (
        f"{formatting.title(run)} is training already: "
        f"begun by {who}, {formatting.started(run)}{rest}. "
        "One training at a time: wait until it is over, or stop it."
    )
