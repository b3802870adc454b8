"""What the Train and the Runs page show of a run, and what can be done with it."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from model.errors import InklingError
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.training import jobs
from model.training.jobs import Busy
from ui.common import attempts, figures, formatting
from ui.train import charts

_PHASES = {
    "starting": "Waking up: TensorFlow is being loaded",
    "data": "Getting the digits to learn from",
    "trying": "Trying itself on drawings that it is not shown, a fifth of them at a time",
    "training": "Learning",
    "validating": "Trying itself on digits that it does not learn from",
    "evaluating": "Reading the test digits, and comparing with the model in use",
}
_ENDED = {State.FINISHED: "Finished", State.STOPPED: "Stopped", State.FAILED: "Failed"}
_LIBRARIES = {"tensorflow": "TensorFlow", "keras": "Keras", "python": "Python"}
_LOG = 4000  # characters shown of a log
_PICTURES = 24  # wrongly read digits shown at first

attempt = partial(attempts.attempt, "refusal")


def begin(start: Callable[..., Run], *arguments: Any) -> None:
    """Have a training begin or go on, and watch it. Raises InklingError."""
    try:
        run = start(*arguments)
    except Busy as busy:
        raise InklingError(_busy(busy.run)) from busy
    st.session_state.mine = st.session_state.watched = run.id


def refusal() -> None:
    """Why what was asked for by `attempt` can't be done, if so."""
    if error := st.session_state.get("refusal"):
        st.warning(str(error), icon=":material/info:")


def _busy(run: Run) -> str:
    who = "you" if st.session_state.get("mine") == run.id else "another visitor"
    remaining = run.progress.get("remaining")
    rest = "" if remaining is None else f", about {formatting.duration(remaining)} to go"
    return (
        f"{formatting.title(run)} is training already: "
        f"begun by {who}, {formatting.started(run)}{rest}. "
        "One training at a time: wait until it is over, or stop it."
    )


# ---------------------------------------------------------------- while it trains


def progress(run: Run, may_retrain: bool) -> None:
    """What it is doing, how far it is, and how long that will take, or how it ended; and the
    button to stop it or to go on with it."""
    running = run.state == State.RUNNING
    with st.container(horizontal=True, vertical_alignment="top"):
        st.html(_running(run) if running else _ended(run))
        if may_retrain and running:
            _stop_button(run)
        elif may_retrain:
            _resume_button(run)
    if note := run.config.get("note"):
        st.html(f'<p class="note">{escape(note)}</p>')
    if run.state == State.FAILED and (log := _log(run)):
        with st.expander("What the libraries had to say"):
            st.code(log, language=None, wrap_lines=True)


def _log(run: Run) -> str:
    """The last of the run's log, if any."""
    try:
        return run.log_path.read_text(errors="replace")[-_LOG:].strip()
    except OSError:
        return ""


def _stop_button(run: Run) -> None:
    stopping = run.is_stopping
    st.button(
        "Stopping" if stopping else "Stop",
        key="stop",
        icon=":material/stop_circle:",
        disabled=stopping,
        on_click=jobs.stop,
        args=(run,),
    )


def _resume_button(run: Run) -> None:
    if run.state in (State.STOPPED, State.FAILED):
        st.button(
            "Go on" if run.checkpoint_path.exists() else "Try again",
            key=f"resume-{run.id}",
            icon=":material/resume:",
            on_click=attempt,
            args=(begin, jobs.resume, run),
        )


def curves(run: Run) -> None:
    """Its curves, the watched drawing, and the same figures in tables."""
    history, batches = run.history, run.batches
    charts.show(run, history, batches)
    picture = run.drawing
    if picture is not None:
        st.markdown(
            "**Your drawing**",
            help="How sure it is of each digit after each epoch, in percent.",
        )
        st.html(figures.drawing(picture, run.drawing_history, formatting.epochs(run)))
    with st.expander("The figures", key="figures"):
        st.html(figures.history(history, batches[-1] if batches else None))
        st.download_button(
            "History as CSV",
            lambda: pd.DataFrame(run.history).to_csv(index=False),
            f"{run.id}.csv",
            "text/csv",
            key=f"history-{run.id}",
            icon=":material/download:",
            on_click="ignore",
            disabled=not history,
        )


# ---------------------------------------------------------------- when it is done


def result(run: Run) -> None:
    """How well a finished run reads the test digits, beside the model that was in use then."""
    if outcome := run.result:
        st.html(_verdict(outcome["test"], outcome.get("gate")))
        st.html(figures.comparison(_evaluations(outcome)))


def mistakes(run: Run) -> None:
    """The test digits that a finished run takes for others, counted and shown."""
    outcome, wrong = run.result, run.wrong
    if outcome:
        st.subheader("Which digits it takes for which", anchor=False)
        st.caption("A row for each digit that was written, a column for what was read.")
        columns = _evaluations(outcome)
        for place, (name, found) in zip(st.columns(len(columns)), columns.items(), strict=True):
            place.html(figures.confusion(name, found["confusion"]))
    if wrong is not None and len(wrong.images):
        st.subheader("What it still reads wrong", anchor=False)
        st.caption("Test digits that it takes for others; those it is surest about come first.")
        every = st.session_state.get(f"all-{run.id}", False)
        st.html(figures.gallery(wrong, None if every else _PICTURES))
        if len(wrong.images) > _PICTURES:
            st.toggle(f"Show all {len(wrong.images)}", key=f"all-{run.id}")


# ---------------------------------------------------------------- which one is in use


def use_button(run: Run) -> None:
    """Put the run's model into use, or say that it is."""
    if registry.in_use().run == run:
        st.badge("In use", icon=":material/check:", color="green")
    elif run.model_path.is_file() and not registry.is_fixed():
        kept_back = not ((run.result or {}).get("gate") or {}).get("passed", True)
        st.button(
            "Use it anyway" if kept_back else "Use it",
            key=f"use-{run.id}",
            icon=":material/check_circle:",
            on_click=attempt,
            args=(registry.use, run),
        )


def back_button() -> None:
    """Have the model before the present one answer again."""
    before = registry.previous()
    if before or registry.in_use().run:
        st.button(
            f"Back to {formatting.model(before)}"
            + (f", {formatting.started(before)}" if before else ""),
            key="roll_back",
            icon=":material/undo:",
            on_click=attempt,
            args=(registry.roll_back,),
        )


def in_use(may_switch: bool) -> None:
    """Which model reads now, and the buttons to have the one before back, or the one that ships."""
    now = registry.in_use()
    if now.problem:
        st.warning(now.problem, icon=":material/warning:")
    with st.container(horizontal=True, vertical_alignment="center"):
        name = str(now.path) if registry.is_fixed() else formatting.model(now.run)
        st.html(f'<p class="in-use">Reads now: <b>{escape(name)}</b></p>')
        if may_switch and not registry.is_fixed():
            back_button()
            if now.run and registry.previous():
                st.button(
                    f"Use {formatting.SHIPPED}",
                    key="use_shipped",
                    on_click=attempt,
                    args=(registry.use, None),
                )


# ---------------------------------------------------------------- in a list


def line(run: Run, in_use: bool) -> bool:
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
    return (
        f'<div class="brief"><b>{accuracy}</b>'
        f"<span>{formatting.duration(seconds) if seconds else ''}</span>"
        f'<em class="{badge.replace(" ", "-")}">{badge}</em>'
        f"<small>{' · '.join(map(escape, details))}</small></div>"
    )


# ---------------------------------------------------------------- beneath


def _evaluations(outcome: Any) -> dict[str, Any]:
    """The test figures of the run, and of the model that was in use when it was done."""
    then = outcome.get("in_use")
    before = {f"In use before: {_name(then['run'])}": then["test"]} if then else {}
    return {"This one": outcome["test"], **before}


def _verdict(test: Any, gate: Any) -> str:
    kept_back = gate and not gate["passed"]
    return (
        f'<div class="outcome{" kept-back" if kept_back else ""}">'
        f"<p><strong>{formatting.percent(test['accuracy'])}</strong><span>test accuracy</span></p>"
        f"<p>{escape(gate['sentence']) if gate else ''}</p></div>"
    )


def _name(run_id: str | None) -> str:
    """What the model of that run is called, also when the run is gone."""
    try:
        return formatting.model(registry.get(run_id) if run_id else None)
    except InklingError:
        return f"{run_id}, deleted since"


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
    return (
        f'<div class="run running"><div role="status"><b>{escape(formatting.title(run))}</b>'
        f"<span>{phase}</span></div>{_bar(share)}"
        f"<p>{''.join(f'<span>{part}</span>' for part in parts) or '&nbsp;'}</p></div>"
    )


def _bar(share: float | None) -> str:
    if share is None:
        return '<div class="bar unknown" role="progressbar" aria-label="Training"><i></i></div>'
    return (
        '<div class="bar" role="progressbar" aria-label="Training" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{100 * share:.0f}"><i style="--p:{share:.4f}"></i>'
        "</div>"
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
    reason = f"<p class=reason>{escape(run.reason or '')}</p>" if state == State.FAILED else ""
    return (
        f'<div class="run {state}"><div role="status"><b>{escape(formatting.title(run))}</b>'
        f"<span>{_ENDED[state]}</span></div><p>{' · '.join(parts)}</p>{reason}</div>"
    )
