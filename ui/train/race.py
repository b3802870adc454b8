"""A race: two recipes learn from the same digits, and their curves grow on the same axes."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.errors import InklingError
from model.language import Text, _
from model.runs import registry
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from model.training import jobs, pipeline
from model.training.pipeline import Request
from model.training.recipes import RECIPES
from ui.common import formatting, html, limits, state
from ui.common.limits import Kind
from ui.train import charts, control, design, form, progress, result, standing

_OWN = "own"  # the network that was designed, by the first one's recipe
_PLACES = (Text("The one"), Text("The other"))
_FIRST = {0: "quick", 1: "good"}  # that are chosen at first


def choose(beside: DeltaGenerator) -> None:
    """The choices; what was chosen is what `begin` starts."""
    form.choose_data(beside)
    for place, column in enumerate(st.columns(2)):
        names = [*RECIPES, *([_OWN] if place else [])]
        column.selectbox(
            str(_PLACES[place]),
            names,
            index=names.index(_FIRST[place]),
            format_func=_title,
            key=state.RACERS[place].key,
            persist_state="session",
        )
    with st.container(key="race_design"):
        if state.RACERS[1].get() == _OWN:
            name = state.RACERS[0].one_of(RECIPES) or _FIRST[0]
            design.show(RECIPES[name], None, 10, None)
    how = (
        _("Both learn at the same time, each on half of the processors.")
        if pipeline.races_side_by_side()
        else _("They learn in turns, an epoch each, so that neither takes the other’s time.")
    )
    st.caption(f"{how} {_('Each is a run of its own afterwards.')}")


def begin() -> Run:
    """Start what was chosen. Raises InklingError."""
    first, second = _requests()
    limits.spend(Kind.TRAININGS)  # and one more, as any training does
    return jobs.start_race(first, second)


def _requests() -> tuple[Request, Request]:
    """What was chosen, on the same digits both. Raises InklingError."""
    one = state.RACERS[0].one_of(RECIPES)
    other = state.RACERS[1].one_of([*RECIPES, _OWN])
    if one is None or other is None:
        raise InklingError("There is no such recipe; wanted: two of those on the page.")
    data = form.chosen_spec(RECIPES[one]) or RECIPES[one].data
    first = form.private(Request(one, data=data, drawing=form.watched_drawing()))
    if other == _OWN:
        own = design.changes()
        if not own:
            raise InklingError(
                "The network of your own is the recipe’s so far; wanted: another, under “Change "
                "the network”, or two recipes."
            )
        return first, replace(first, **own)
    return first, replace(first, recipe=other)


def _title(name: str) -> str:
    return _("A network of your own") if name == _OWN else _(RECIPES[name].title)


# ---------------------------------------------------------------- watched


def watch(run: Run, running: bool, may_retrain: bool) -> None:
    """Both, and who leads; for as long as one of them is `running` or not."""
    now = control.follow(run, running)
    rival = registry.rival(run)
    both = [now, *([rival.snapshot()] if rival else [])]
    names = titles(both)
    with st.container(key="progress"):
        for place, one in enumerate(both):
            progress.show(one, may_retrain and place == _with_buttons(both), names[place])
    with st.container(key="result"):
        if len(both) == 2 and (said := standing.sentences(both[0], both[1], names)):
            st.html(html.render("train/standing.html", sentences=said))
    with st.container(key="results"):
        for one, name in zip(both, names, strict=True):
            if one.result:
                st.markdown(f"**{formatting.plain(name)}**")
                result.verdict(one)
    with st.container(key="curves"):
        charts.overlay([one.run for one in both])


def titles(both: list[Snapshot]) -> list[str]:
    """What they are called beside each other."""
    found = [formatting.title(one.run) for one in both]
    if len(set(found)) == len(found):
        return found
    return [f"{name}, {place}" for place, name in enumerate(found, 1)]


def _with_buttons(both: list[Snapshot]) -> int:
    """The place of the one that is stopped or gone on with for both: one that runs, else one that
    can go on."""
    for wanted in (lambda one: one.is_running, lambda one: one.result is None):
        for place, one in enumerate(both):
            if wanted(one):
                return place
    return 0
