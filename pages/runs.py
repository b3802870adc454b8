"""Every training on this server but those of rooms and others' albums: look at one, compare some,
use, delete."""

import streamlit as st

from model.language import Text, _
from model.runs import registry
from model.runs.run import Run
from model.settings import Role
from ui.common import entrypoint, formatting, html, permissions, polling, room
from ui.common.dialog import dialog
from ui.runs import about, comparison, downloads, listing, row
from ui.train import charts, control, curves, in_use, progress, replay, result, search

SHOWN = 10  # runs listed at first


def snapshot() -> list[object]:
    """What makes the page look different when it changes."""
    return [[(run, run.state) for run in room.runs()], registry.in_use()]


@dialog(Text("Delete for good?"))
def confirm_delete(runs: list[Run]) -> None:
    """Delete what was picked, once that was said twice."""
    for name in formatting.names(runs):
        st.markdown(formatting.plain(name))
    if st.button(_("Delete"), key="delete_now", type="primary", icon=":material/delete:"):
        control.perform(permissions.performed, Role.HOST, delete, runs)
        st.rerun()


def delete(runs: list[Run]) -> None:
    for run in runs:
        registry.delete(run)


def select(every: list[Run]) -> list[Run]:
    """The list, a line a run; those that were picked in it."""
    if not every:
        html.lead(_("There are none yet."))
        st.page_link("pages/train.py", label=_("Train the first"), icon=":material/model_training:")
    current = registry.in_use().run
    if len(every) > 1:
        every = listing.choose(every)
    rows = st.container(key="runs", gap=None)
    listed = every[:SHOWN]
    if len(every) > SHOWN and st.toggle(
        _("All {count}", count=len(every)), key="all_runs", bind="query-params"
    ):
        listed = every
    listing.download(every)
    with rows:
        return [run for run in listed if row.show(run, run == current)]


def show_one(run: Run, may_retrain: bool, may_manage: bool) -> None:
    """All that there is to know of a run."""
    now = run.snapshot()
    if now.config.trials:
        search.show(now, may_retrain)
        about.show(run, may_manage)
        return
    with st.container(key="progress"):
        progress.show(now, may_retrain)
        if now.is_running:
            st.page_link("pages/train.py", label=_("Watch it learn"), icon=":material/show_chart:")
    with st.container(key="result"):
        result.show(now)
    with st.container(key="curves"):
        curves.show(now)
    about.show(run, may_manage)
    downloads.training(run)
    downloads.curves(run)
    with st.container(key="watch_it_learn"):
        replay.show(run)
    if now.result:
        with st.expander(_("Precision and recall of each digit"), key="per_digit"):
            st.html(listing.per_digit(now.result.test))
    result.mistakes(now)
    downloads.model(run)
    with st.expander(_("How it was trained")):
        st.html(comparison.table([run]))


def show_several(picked: list[Run]) -> None:
    """Their curves over each other, and what they differ in."""
    with st.container(key="curves"):
        charts.overlay(picked)
    with st.container(key="comparison"):
        st.html(comparison.table(picked))
    if len(picked) == 2:
        comparison.disagreement(*picked)


entrypoint.require()
st.title(_("Runs"), anchor=False)
html.lead(
    _(
        "Every training on this server. Pick one to look at it and use it, or several to compare "
        "them."
    )
)
with st.container():
    may_retrain = permissions.may_retrain()
    may_manage = permissions.may_manage()
with st.container(key="in_use"):
    in_use.show(may_manage)
with st.container():
    control.error()
picked = select(room.runs())
if may_manage and picked:
    with st.container(key="actions", horizontal=True, vertical_alignment="center"):
        if len(picked) == 1:
            in_use.use_button(picked[0])
        st.button(
            _("Delete") if len(picked) == 1 else _("Delete {count}", count=len(picked)),
            key="delete",
            icon=":material/delete:",
            on_click=confirm_delete,
            args=(picked,),
        )
if len(picked) == 1:
    show_one(picked[0], may_retrain, may_manage)
elif picked:
    show_several(picked)
polling.rerun_on_change(snapshot)
