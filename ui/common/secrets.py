"""Streamlit's secrets, where a host may have put settings."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from model.errors import InklingError


def read() -> Mapping[str, Any]:
    """None where there is no file of them. Raises InklingError for a file that can't be read, which
    may well have said that something is off."""
    found = [name for name in _files() if Path(name).exists()]
    if found and not st.secrets.load_if_toml_exists():
        raise InklingError("The secrets file “{name}” can't be read; wanted: TOML.", name=found[0])
    return st.secrets if found else {}


@cache
def _files() -> tuple[str, ...]:
    """Where Streamlit looks for them; it takes a while to say so."""
    return tuple(st.config.get_option("secrets.files"))
