"""Which digits a run takes for which, of which a visitor chooses some to look at."""

from collections.abc import Sequence

import streamlit as st

from model.language import _
from model.runs.run import Run
from model.runs.snapshot import Wrong
from ui import APP
from ui.common import state
from ui.train import figures

Cell = tuple[int, int]  # what was written, and what was read

_table = st.components.v2.component(
    "inkling.confusion",
    html='<div class="cells"></div>',
    js=(APP / "assets" / "confusion.js").read_text(),
    isolate_styles=False,
)


def choose(run: Run, title: str, counts: Sequence[Sequence[int]]) -> Cell | None:
    """The table of a run; the cell that was chosen in it, if one is."""
    component = state.CONFUSED[run.id]
    chosen = (component.get() or {}).get("chosen")
    _table(
        key=component.key,
        data={
            "table": figures.confusion(title, counts),
            "chosen": chosen,
            "said": _("{label} read as {answer}: {count}"),
        },
        on_chosen_change=_do_nothing,
    )
    return (int(chosen[0]), int(chosen[1])) if chosen else None


def of_cell(wrong: Wrong, cell: Cell) -> Wrong:
    """The digits of a cell alone."""
    truth, answer = cell
    kept = (wrong.labels == truth) & (wrong.answers == answer)
    return Wrong(**{name: array[kept] for name, array in vars(wrong).items()})


def _do_nothing() -> None:
    """The choice is in the session's state already."""
