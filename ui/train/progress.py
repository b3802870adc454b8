"""How far a training is, or how it ended."""

import streamlit as st

from model.runs.run import Run
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


def show(run: Run, may_retrain: bool) -> None:
    """What it is doing, how far it is, and how long that will take, or how it ended; and the
    button to stop it or to go on with it."""
    running = run.state == State.RUNNING
    with st.container(horizontal=True, vertical_alignment="top"):
        st.html(_running(run) if running else _ended(run))
        if may_retrain and running:
            control.stop_button(run)
        elif may_retrain:
            control.resume_button(run)
    if note := run.config.get("note"):
        st.html(html.render("train/note.html", note=note))
    if run.state == State.FAILED and (log := _log(run)):
        with st.expander("What the libraries had to say"):
            st.code(log, language=None, wrap_lines=True)


def _log(run: Run) -> str:
    """The last of the run's log, if any."""
    try:
        return run.log_path.read_text(errors="replace")[-_LOG:].strip()
    except OSError:
        return ""


def _running(run: Run) -> str:
    now = run.progress
    phase = _PHASES.get(now.get("phase", ""), "Starting")
    if run.is_stopping:
        phase = "Stopping: what it learned is being kept"
    parts, share = [], None
    if batches := now.get("batches"):
        share = ((now["epoch"] - 1) * batches + now["batch"]) / (now["epochs"] * batches)
        parts.append(f"Epoch {now['epoch']} of {now['epochs']}")
        parts.append(f"Batch {now['batch']:,} of {batches:,}")
        parts.append(f"{formatting.clock(now['elapsed'])} so far")
    if now.get("remaining") is not None:
        parts.append(f"about {formatting.duration(now['remaining'])} to go")
    return html.render(
        "train/running.html", title=formatting.title(run), phase=phase, share=share, parts=parts
    )


def _ended(run: Run) -> str:
    state = run.state
    history = run.history
    epochs = formatting.epochs(run)
    parts = [formatting.started(run)]
    if history:
        done = f"{len(history)} of {epochs}" if len(history) < epochs else epochs
        parts.append(f"{done} epochs")
        parts.append(formatting.duration(sum(row["seconds"] for row in history)))
    return html.render(
        "train/ended.html",
        state=state,
        title=formatting.title(run),
        ending=_ENDED[state],
        parts=parts,
        reason=(run.reason or "") if state == State.FAILED else None,
    )
