"""What is trained and watched: one run, two that race each other, or a search among recipes."""

import streamlit as st

from model.language import Text, _
from model.runs.run import Run
from model.training import jobs
from ui.common import room, state
from ui.train import control

TRAINING, RACE, SEARCH = "training", "race", "search"
_TITLES = {TRAINING: Text("One network"), RACE: Text("A race"), SEARCH: Text("A search")}


def kind(run: Run) -> str:
    """Which of them a run is."""
    config = run.config
    if config.trials:
        return SEARCH
    return RACE if config.rival else TRAINING


def choose(run: Run | None) -> str:
    """Which of them is shown, to be chosen; another run that is watched brings its own."""
    if run and run.id != state.SHOWN_RUN.get():
        state.SHOWN_RUN.set(run.id)
        state.TRAIN_VIEW.set(kind(run))
    chosen = st.segmented_control(
        _("What to train"),
        list(_TITLES),
        format_func=lambda view: str(_TITLES[view]),
        default=None if state.TRAIN_VIEW.get() else TRAINING,
        required=True,
        key=state.TRAIN_VIEW.key,
        label_visibility="collapsed",
        on_change=_watch_latest,
    )
    return chosen or TRAINING


def _watch_latest() -> None:
    """Watch the latest run of the kind that was chosen, if there is one and nothing is on."""
    if jobs.current():
        return
    for run in room.runs():
        if kind(run) == state.TRAIN_VIEW.get():
            control.watch(run)
            state.SHOWN_RUN.set(run.id)
            return
