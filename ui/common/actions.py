"""What a visitor asks for, done, or the one sentence that says why it can't be done."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from model.errors import InklingError
from ui.common import formatting, metrics
from ui.common.state import Value


def perform(error: Value[InklingError | None], action: Callable[..., Any], *arguments: Any) -> None:
    """Do what a button asks for; `error` is then the InklingError that it raised, or None."""
    error.set(None)
    try:
        action(*arguments)
    except InklingError as raised:
        metrics.REFUSALS.inc()
        error.set(raised)


def show(error: Value[InklingError | None]) -> None:
    """The sentence, if there is one."""
    if raised := error.get():
        st.error(formatting.plain(raised), icon=":material/error:")
