"""Streamlit's secrets, where a host may have put settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from model.errors import InklingError


def read() -> Mapping[str, Any]:
    """None where there is no file of them. Raises InklingError for a file that can't be read, which
    may well have said that something is off."""
    if st.secrets.load_if_toml_exists():
        return st.secrets
    for name in st.config.get_option("secrets.files"):
        if Path(name).exists():
            raise InklingError("The secrets file “{name}” can't be read; wanted: TOML.", name=name)
    return {}
