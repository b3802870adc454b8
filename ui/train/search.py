"""A search among recipes: what is tried, its curves, what the trials have in common, the best."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.errors import InklingError
from model.inference import metrics
from model.language import _, ngettext
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from model.training import estimate, jobs, search
from model.training.pipeline import MOST_TRIALS, Request
from model.training.recipes import RECIPES
from model.training.search import Outcome, Trial
from ui.common import formatting, html, state
from ui.train import control, form, progress, trials

_MOST_EPOCHS = 30


def choose(beside: DeltaGenerator) -> None:
    """The choices; what was chosen is what `request` asks for."""
    data = form.choose_data(beside)
    around, count, epochs = st.columns(3)
    around.selectbox(
        _("Around the recipe"),
        search.BASES,
        format_func=lambda name: _(RECIPES[name].title),
        key=state.SEARCH_BASE.key,
        persist_state="session",
        help=_("What is tried has its batch size and its schedule, and a learning rate near by."),
    )
    count.number_input(
        _("Recipes to try"),
        2,
        MOST_TRIALS,
        search.TRIALS,
        key=state.SEARCH_TRIALS.key,
        persist_state="session",
    )
    epochs.number_input(
        _("Epochs each, at most"),
        1,
        _MOST_EPOCHS,
        search.EPOCHS,
        key=state.SEARCH_EPOCHS.key,
        persist_state="session",
        help=_("After the first, the second, the fourth and so on, only the better half goes on."),
    )
    st.caption(_description(data))


def request() -> Request:
    """What was chosen. Raises InklingError."""
    name = state.SEARCH_BASE.one_of(search.BASES)
    if name is None:
        raise InklingError("There is no such recipe; wanted: one of those on the page.")
    chosen = Request(
        recipe=name,
        data=form.chosen_spec(RECIPES[name]),
        epochs=state.SEARCH_EPOCHS.get(),
        trials=state.SEARCH_TRIALS.get(),
    )
    return form.private(chosen)


def watch(run: Run, running: bool, may_retrain: bool) -> None:
    """How far the search is, or what came of it; for as long as it is `running` or not."""
    show(control.follow(run, running), may_retrain)


def show(now: Snapshot, may_retrain: bool) -> None:
    every = search.trials(now.run)
    with st.container(key="progress"):
        progress.show(now, may_retrain)
    with st.container(key="best"):
        if best := search.best(every):
            _offer(now, every, best, may_retrain)
    if any(trial.now.history for trial in every):
        with st.container(key="trials"):
            trials.curves(every, now.config.recipe.epochs)
            trials.parallel_coordinates(every, search.space(RECIPES[now.config.recipe.name]))
            st.html(trials.table(every, search.space(RECIPES[now.config.recipe.name])))


def _offer(now: Snapshot, every: list[Trial], best: Trial, may_retrain: bool) -> None:
    st.html(
        html.render(
            "train/best.html",
            accuracy=best.accuracy,
            number=best.number,
            is_over=not now.is_running,
            sentence=_chance(every, best, now.config.validation),
        )
    )
    if may_retrain and not now.is_running:
        full = search.in_full(now.run, best)
        st.button(
            ngettext(
                "Train this one in full: {n} epoch",
                "Train this one in full: {n} epochs",
                full.epochs or 0,
            ),
            key="in_full",
            icon=":material/model_training:",
            on_click=control.perform,
            args=(_train_in_full, now.run, best),
        )


def _train_in_full(run: Run, best: Trial) -> None:
    control.start(jobs.start, search.in_full(run, best))


def _chance(every: list[Trial], best: Trial, digits: int | None) -> str:
    """How many others may well be as good, as far as so many digits tell."""
    if not digits or best.accuracy is None:
        return ""
    low = metrics.wilson_interval(round(best.accuracy * digits), digits)[0]
    alike = [
        trial
        for trial in every
        if trial != best and trial.outcome == Outcome.FINISHED and (trial.accuracy or 0) >= low
    ]
    if not alike:
        return _("By {n:,} validation digits; the test digits were not looked at.", n=digits)
    return ngettext(
        "By {digits:,} validation digits, which do not tell it from {n} other; the test digits "
        "were not looked at.",
        "By {digits:,} validation digits, which do not tell it from {n} others; the test digits "
        "were not looked at.",
        len(alike),
        digits=digits,
    )


def _description(data: str) -> str:
    sentences = [
        _(
            "Learning rate, width, dropout and how far digits are bent are chosen anew for each; "
            "what reads worse by then is stopped early."
        )
    ]
    name = state.SEARCH_BASE.one_of(search.BASES)
    images = form.count(data)
    if name and images is not None:
        speed = estimate.speed()
        base = Request(name, epochs=state.SEARCH_EPOCHS.get()).chosen()
        learned = round(images * (1 + (0 if "nondigits" in data else base.nondigits)))
        seconds = search.expected_seconds(
            base, state.SEARCH_TRIALS.get(), learned, speed or estimate.REFERENCE
        )
        takes = (
            _("On this machine it takes about {time}.", time=formatting.duration(seconds))
            if speed
            else _(
                "On a machine with two cores it takes about {time}.",
                time=formatting.duration(seconds),
            )
        )
        sentences.append(takes)
    return " ".join(sentences)
