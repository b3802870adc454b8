"""The curves of a training, the drawing that it watches, and the same figures in tables."""

import streamlit as st

from model.errors import InklingError
from model.language import _
from model.runs import registry
from model.runs.rows import history_to_csv
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from ui.common import formatting, state
from ui.train import charts, figures

_RIVALS = 20  # runs to choose from, the latest


def choose_rival(run: Run) -> None:
    """An earlier run, to be chosen, whose curves are shown beside those of `run`."""
    others = [one for one in registry.all_runs() if one != run and one.result][:_RIVALS]
    names = dict(zip((one.id for one in others), formatting.names(others), strict=True))
    if names:
        st.selectbox(
            _("Race against"),
            [None, *names],
            format_func=lambda name: names[name] if name else _("Nobody"),
            key=state.RIVAL.key,
            persist_state="session",
        )


def rival() -> Run | None:
    """The run that was chosen, if it is still there."""
    try:
        return registry.get(name) if (name := state.RIVAL.get()) else None
    except InklingError:
        return None


def show(now: Snapshot, rival: Run | None = None) -> None:
    """A run's curves, with a rival's on the same axes, if it has one; the watched drawing, and the
    same figures in tables."""
    history, batches = now.history, now.batches
    if rival and rival != now.run:
        charts.overlay([now.run, rival])
    else:
        charts.show(now)
    if now.drawing is not None:
        st.markdown(
            _("**Your drawing**"),
            help=_("How sure it is of each digit after each epoch, in percent."),
        )
        st.html(figures.drawing(now.drawing, history, now.config.recipe.epochs))
    with st.expander(_("The figures"), key="figures"):
        st.html(figures.history(history, batches[-1] if batches else None))
        st.download_button(
            _("History as CSV"),
            lambda: history_to_csv(history),
            f"{now.run.id}.csv",
            "text/csv",
            key=f"history-{now.run.id}",
            icon=":material/download:",
            on_click="ignore",
            disabled=not history,
        )
