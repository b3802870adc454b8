"""How far a training is, or how it ended."""

import streamlit as st

from model.runs.records import Progress
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from model.runs.status import State
from ui.common import formatting, html
from ui.train import control

_PHASES = {
    "starting": "Waking up: TensorFlow is being loaded",
    "data": "Getting the digits to learn from",
    "trying": "Trying itself on drawings that it is not shown, a fifth of them at a time",
    "training": "Learning",
    "validating": "Trying itself on digits that it does not learn from",
    "evaluating": "Reading the test digits, and comparing with the model in use",
}
_ENDED = {State.FINISHED: "Finished", State.STOPPED: "Stopped", State.FAILED: "Failed"}
_LOG = 4000  # characters shown of a log


def show(now: Snapshot, may_retrain: bool) -> None:
    """What it is doing, how far it is, and how long that will take, or how it ended; and the
    button to stop it or to go on with it."""
    with st.container(horizontal=True, vertical_alignment="top"):
        st.html(_running(now) if now.is_running else _ended(now))
        if may_retrain and now.is_running:
            control.stop_button(now)
        elif may_retrain:
            control.resume_button(now)
    if note := now.config.note:
        st.html(html.render("train/note.html", note=note))
    if now.state == State.FAILED and (log := _log(now.run)):
        with st.expander("What the libraries had to say"):
            st.code(log, language=None, wrap_lines=True)


def _log(run: Run) -> str:
    """The last of the run's log, if any."""
    try:
        return run.log_path.read_text(errors="replace")[-_LOG:].strip()
    except OSError:
        return ""


def _running(now: Snapshot) -> str:
    progress, epochs = now.progress or Progress("starting"), now.config.recipe.epochs
    phase = _PHASES.get(progress.phase, "Starting")
    if now.is_stopping:
        phase = "Stopping: what it learned is being kept"
    parts, share = [], None
    if progress.batches:
        share = progress.position / epochs
        parts.append(f"Epoch {progress.epoch} of {epochs}")
        parts.append(f"Batch {progress.batch:,} of {progress.batches:,}")
        parts.append(f"{formatting.clock(progress.elapsed)} so far")
    if progress.remaining is not None:
        parts.append(f"about {formatting.duration(progress.remaining)} to go")
    return html.render(
        "train/running.html",
        title=formatting.title(now.run),
        phase=phase,
        share=share,
        parts=parts,
    )


def _ended(now: Snapshot) -> str:
    state, epochs = now.state, now.config.recipe.epochs
    parts = [formatting.started(now.run)]
    if done := len(now.history):
        parts.append(f"{done} of {epochs} epochs" if done < epochs else f"{epochs} epochs")
        parts.append(formatting.duration(now.seconds))
    return html.render(
        "train/ended.html",
        state=state,
        title=formatting.title(now.run),
        ending=_ENDED[state],
        parts=parts,
        reason=(now.reason or "") if state == State.FAILED else None,
    )
