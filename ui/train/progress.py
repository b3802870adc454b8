"""How far a training is, or how it ended."""

from collections import Counter

import streamlit as st

from model.language import Text, _, ngettext
from model.runs.records import Progress
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from model.runs.status import State
from model.training import engine, search
from model.training.search import Outcome
from ui.common import formatting, html
from ui.train import control

_PHASES = {
    engine.QUEUED: Text("Waiting for a node of the cluster"),
    "starting": Text("Waking up: TensorFlow is being loaded"),
    "data": Text("Getting the digits to learn from"),
    "trying": Text("Trying itself on drawings that it is not shown, a fifth of them at a time"),
    "training": Text("Learning"),
    "waiting": Text("Waiting for its turn"),
    "searching": Text("Trying recipes"),
    "validating": Text("Trying itself on digits that it does not learn from"),
    "evaluating": Text("Reading the test digits, and comparing with the model in use"),
}
_ENDED = {
    State.FINISHED: Text("Finished"),
    State.STOPPED: Text("Stopped"),
    State.FAILED: Text("Failed"),
}
_LOG = 4000  # characters shown of a log


def show(now: Snapshot, may_retrain: bool, title: str | None = None) -> None:
    """What it is doing, how far it is, and how long that will take, or how it ended; and the
    button to stop it or to go on with it."""
    title = title or formatting.title(now.run)
    with st.container(horizontal=True, vertical_alignment="top"):
        st.html(_running(now, title) if now.is_running else _ended(now, title))
        if may_retrain and now.is_running:
            control.stop_button(now)
        elif may_retrain:
            control.resume_button(now)
    if note := now.config.note:
        st.html(html.render("train/note.html", note=note))
    if now.state == State.FAILED and (log := _log(now.run)):
        with st.expander(_("What the libraries had to say")):
            st.code(log, language=None, wrap_lines=True)


def _log(run: Run) -> str:
    """The last of the run's log, if any."""
    try:
        return run.log_path.read_text(errors="replace")[-_LOG:].strip()
    except OSError:
        return ""


def _running(now: Snapshot, title: str) -> str:
    progress, epochs = now.progress or Progress("starting"), now.config.recipe.epochs
    phase = str(_PHASES.get(progress.phase, Text("Starting")))
    if place := engine.place(now.run):
        phase = _("Waiting for a node of the cluster: place {place} in the queue", place=place)
    if now.is_stopping:
        phase = _("Stopping: what it learned is being kept")
    parts, share = list[str](), None
    if now.config.trials:
        share, parts = _tried(now)
        parts.append(_("{time} so far", time=formatting.clock(progress.elapsed)))
    elif progress.batches:
        share = progress.position / epochs
        parts.append(_("Epoch {epoch} of {epochs}", epoch=progress.epoch, epochs=epochs))
        parts.append(
            _("Batch {batch:,} of {batches:,}", batch=progress.batch, batches=progress.batches)
        )
        parts.append(_("{time} so far", time=formatting.clock(progress.elapsed)))
    if progress.remaining is not None:
        parts.append(_("about {time} to go", time=formatting.duration(progress.remaining)))
    return html.render(
        "train/running.html",
        title=title,
        phase=phase,
        share=share,
        parts=parts,
    )


def _tried(now: Snapshot) -> tuple[float, list[str]]:
    """How much of a search is done, and that in words."""
    every, wanted = search.trials(now.run), now.config.trials or 1
    outcomes = Counter(trial.outcome for trial in every)
    early, finished = outcomes[Outcome.EARLY], outcomes[Outcome.FINISHED]
    over = early + finished
    return over / wanted, [
        ngettext("{over} of {n} recipe tried", "{over} of {n} recipes tried", wanted, over=over),
        ngettext("{n} stopped early", "{n} stopped early", early),
    ]


def _ended(now: Snapshot, title: str) -> str:
    state, epochs, reason = now.state, now.config.recipe.epochs, now.reason or ""
    parts = [formatting.started(now.run)]
    if now.config.trials:
        parts += _tried(now)[1]
        if now.progress:
            parts.append(formatting.duration(now.progress.elapsed))
    if done := len(now.history):
        all_epochs = ngettext("{n} epoch", "{n} epochs", epochs)
        some = ngettext("{done} of {n} epoch", "{done} of {n} epochs", epochs, done=done)
        parts.append(some if done < epochs else all_epochs)
        parts.append(formatting.duration(now.seconds))
    return html.render(
        "train/ended.html",
        state=state,
        title=title,
        ending=str(_ENDED[state]),
        parts=parts,
        reason=_(reason) if state == State.FAILED else None,
    )
