"""Which runs are listed and in which order; the list as a file; how each digit is read."""

from collections.abc import Sequence

import streamlit as st

from model.errors import InklingError
from model.language import Text, _, number
from model.runs import table
from model.runs.records import Scores
from model.runs.run import Run
from ui.common import formatting, state
from ui.train import figures

_ORDERS = {
    None: Text("Newest first"),
    "accuracy": Text("Most accurate first"),
    "loss": Text("Least loss first"),
    "seconds": Text("Fastest first"),
    "parameters": Text("Smallest first"),
}


def choose(every: Sequence[Run]) -> list[Run]:
    """The runs that are searched for, in the order that is asked for."""
    with st.container(key="choose_runs", horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            _("Search"),
            key=state.RUN_SEARCH.key,
            placeholder="good accuracy>99 seconds<60",
            max_chars=200,
            help=_(
                "Words of a name, notes, recipe, network, data or id; and figures: {figures}.",
                figures=", ".join(table.FIGURES),
            ),
        )
        order = st.selectbox(
            _("Order"),
            list(_ORDERS),
            format_func=lambda name: str(_ORDERS[name]),
            key=state.RUN_ORDER.key,
            width=220,
        )
    try:
        found = table.search(every, words)
    except InklingError as error:
        st.warning(formatting.plain(error), icon=":material/info:")
        return list(every)
    if not found:
        st.caption(_("No run is like that."))
    return table.ordered(found, order) if order else found


def download(listed: Sequence[Run]) -> None:
    """The runs as a table for a spreadsheet."""
    st.download_button(
        _("Table as CSV"),
        lambda: table.to_csv(listed),
        "runs.csv",
        "text/csv",
        key="runs_csv",
        icon=":material/download:",
        on_click="ignore",
        disabled=not listed,
    )


def per_digit(test: Scores) -> str:
    """Precision and recall of each digit, and how many there were."""
    rows = {
        _("Precision"): list(map(_percent, table.precision(test))),
        _("Recall"): list(map(_percent, table.recall(test))),
        _("Digits"): [number(sum(line), ",") for line in test.confusion],
    }
    return figures.table([str(digit) for digit in range(len(test.confusion))], rows)


def _percent(share: float | None) -> str:
    return "" if share is None else formatting.percent(share, 1)
