"""Retrain in one click, and watch it learn."""

import streamlit as st

from model.language import Text, _
from model.runs import registry
from model.runs.run import Run
from model.training import jobs
from ui.common import entrypoint, html, permissions, polling
from ui.train import (
    control,
    curves,
    form,
    in_use,
    notify,
    progress,
    race,
    replay,
    result,
    search,
    views,
)

INTERVAL = 0.4  # seconds between two looks at a training
MOMENTS = 1.0  # and at what is noted for its replay, which is more to send


BUTTONS = {
    views.TRAINING: (Text("Retrain"), ":material/model_training:"),
    views.RACE: (Text("Race"), ":material/sports_score:"),
    views.SEARCH: (Text("Search"), ":material/manage_search:"),
}
NOTHING = {
    views.TRAINING: Text("Nothing was trained here yet. Its curves will grow in this place."),
    views.RACE: Text("There was no race here yet. Both curves will grow in this place."),
    views.SEARCH: Text("There was no search here yet. What it tries will be seen in this place."),
}


def begin(view: str) -> None:
    """Start what was chosen."""
    if view == views.RACE:
        control.start(race.begin)
    else:
        control.start(jobs.start, search.request() if view == views.SEARCH else form.request())


def choose(view: str, running: bool) -> None:
    """The button, and what it starts."""
    button, beside = st.columns(2, vertical_alignment="bottom")
    # Before the button, so that who is quick to press it has made the choices that it takes.
    if view == views.RACE:
        race.choose(beside)
    elif view == views.SEARCH:
        search.choose(beside)
    else:
        form.show(beside)
    label, icon = BUTTONS[view]
    button.button(
        str(label),
        key="retrain",
        type="secondary" if running else "primary",
        icon=icon,
        width="stretch",
        on_click=control.perform,
        args=(begin, view),
    )


def show_one(run: Run, running: bool, may_retrain: bool, may_manage: bool) -> None:
    """All that is seen of one network that learns, or has learned."""
    with st.container():
        curves.choose_rival(run)
    every = INTERVAL if running else None
    st.fragment(watch, run_every=every)(run, running, may_retrain, may_manage)
    with st.container(key="watch_it_learn"):
        st.fragment(replay.show, run_every=MOMENTS if running else None)(run)
    if not running:
        result.mistakes(control.follow(run, running))


def snapshot() -> list[object]:
    """What makes the page look different when it changes."""
    run = control.watched()
    return [run, run and control.is_running(run), registry.in_use()]


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
        "One click has the network in use go on learning from thousands of handwritten digits; or "
        "choose to see another learn from nothing. If the new one reads no worse than the one in "
        "use, and still says what is no digit, it takes over on the Draw page; else it waits for "
        "your yes."
    )
)
run = control.watched()
running = run is not None and control.is_running(run)
# Whatever comes and goes has a place of its own, so that what is below stays the same.
with st.container():
    may_retrain = permissions.may_retrain()
    may_manage = permissions.may_manage()
with st.container():
    view = views.choose(run)
    if may_retrain:
        choose(view, running)
with st.container():
    control.error()
if run and (running or views.kind(run) == view):
    control.to_address(run)
    with st.container(key="notify_when_over"):
        notify.show(control.follow(run, running))
    every = INTERVAL if running else None
    if views.kind(run) == views.SEARCH:
        st.fragment(search.watch, run_every=every)(run, running, may_retrain)
    elif views.kind(run) == views.RACE:
        st.fragment(race.watch, run_every=every)(run, running, may_retrain)
    else:
        show_one(run, running, may_retrain, may_manage)
else:
    html.lead(str(NOTHING[view]))
polling.rerun_on_change(snapshot)
