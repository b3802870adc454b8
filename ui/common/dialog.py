"""A question over the page, whose title is in the visitor's language: `st.dialog` takes it once for
all of them."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from model.language import Text

P = ParamSpec("P")


def dialog(title: Text) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """As `st.dialog`."""

    def decorated(function: Callable[P, None]) -> Callable[P, None]:
        @wraps(function)
        def shown(*args: P.args, **kwargs: P.kwargs) -> None:
            st.dialog(str(title))(function)(*args, **kwargs)

        return shown

    return decorated
