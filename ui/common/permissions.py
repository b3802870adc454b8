"""What this visitor may do: retrain and switch models, or watch; save drawings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from model.errors import InklingError
from model.settings import Permissions, Saving
from ui.common import state


def may_retrain() -> bool:
    """Whether this visitor may retrain and switch; else says why not, and asks for the password
    where there is one."""
    try:
        permissions = Permissions.read(secrets())
    except InklingError as error:
        st.error(f"Nobody can retrain here until the host mends a setting: {error}")
        return False
    if permissions.admits(state.GIVEN_PASSWORD.get()):
        return True
    if not permissions.takes_password:
        st.info("Retraining is switched off here. You can watch.", icon=":material/visibility:")
        return False
    st.text_input(
        "Retraining here takes a password; without it you can watch.",
        type="password",
        key=state.PASSWORD.key,
        on_change=_keep_password,
        width=360,
    )
    if state.GIVEN_PASSWORD.get():
        st.error("That is not the password.", icon=":material/lock:", width=360)
    return False


def may_save() -> bool:
    """Whether drawings may be saved here; a setting that can't be read does not say so."""
    try:
        return Saving.read(secrets()).saving == "on"
    except InklingError:
        return False


def _keep_password() -> None:
    """Keep the password for the other page, where its field is not."""
    state.GIVEN_PASSWORD.set(state.PASSWORD.get())


def secrets() -> Mapping[str, Any]:
    """Streamlit's secrets; none where there is no file of them. Raises InklingError for a file
    that can't be read, which may well have said that something is off."""
    if st.secrets.load_if_toml_exists():
        return st.secrets
    for name in st.config.get_option("secrets.files"):
        if Path(name).exists():
            raise InklingError(f"The secrets file “{name}” can't be read; wanted: TOML.")
    return {}
