"""What this visitor may do: retrain and manage, or watch; save drawings."""

import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model.errors import InklingError
from model.guesses import Guesses
from model.language import _
from model.settings import LONGEST_PASSWORD, Permissions, Saving
from ui.common import formatting, state

_OWN_NAME = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE)
_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


def may_retrain() -> bool:
    """Whether this visitor may retrain; else says why not, and asks for the password where there
    is one."""
    try:
        permissions = Permissions.read(secrets())
    except InklingError as error:
        st.error(
            _(
                "Nobody can retrain here until the host mends a setting: {error}",
                error=formatting.plain(error),
            )
        )
        return False
    if permissions.admits(state.GIVEN_PASSWORD.get()):
        return True
    if not permissions.takes_password:
        st.info(_("Retraining is switched off here. You can watch."), icon=":material/visibility:")
        return False
    st.text_input(
        _("Retraining here takes a password; without it you can watch."),
        type="password",
        max_chars=LONGEST_PASSWORD,
        key=state.PASSWORD.key,
        on_change=_check_password,
        width=360,
    )
    if told := state.PASSWORD_ERROR.get():
        st.error(told, icon=":material/lock:", width=360)
    return False


def may_manage() -> bool:
    """Whether this visitor may delete runs, change saved drawings and choose the model; who may
    retrain, but not that, is told so."""
    try:
        permissions = Permissions.read(secrets())
    except InklingError:  # `may_retrain` says why
        return False
    given = state.GIVEN_PASSWORD.get()
    if permissions.lets_manage(given, _at_server()):
        return True
    if permissions.admits(given):
        st.caption(
            _("Deleting, and choosing the model that answers, is up to who runs this server.")
        )
    return False


def is_host() -> bool:
    """Whether this visitor may do what the host may; a setting that can't be read does not say so,
    and nothing is shown."""
    try:
        return Permissions.read(secrets()).lets_manage(state.GIVEN_PASSWORD.get(), _at_server())
    except InklingError:
        return False


def may_teach() -> bool:
    """Whether this visitor may have networks trained; as `may_retrain`, but shows nothing."""
    try:
        return Permissions.read(secrets()).admits(state.GIVEN_PASSWORD.get())
    except InklingError:
        return False


def may_save() -> bool:
    """Whether drawings may be saved here; a setting that can't be read does not say so."""
    try:
        return Saving.read(secrets()).saving == "on"
    except InklingError:
        return False


def _check_password() -> None:
    """Keep the password for the other pages, where its field is not, if it is the right one."""
    given = state.PASSWORD.get()
    state.PASSWORD_ERROR.set("")
    try:
        permissions = Permissions.read(secrets())
    except InklingError:
        return
    if not given:
        return
    guesser = names()
    if wait := _guesses().wait(guesser):
        state.PASSWORD_ERROR.set(
            _("Too many wrong passwords. Try again in {seconds} s.", seconds=math.ceil(wait))
        )
    elif _guesses().attempt(guesser, lambda: permissions.admits(given)):
        state.GIVEN_PASSWORD.set(given)
    else:
        state.PASSWORD_ERROR.set(_("That is not the password."))


@cache
def _guesses() -> Guesses:
    """This server's; not in Streamlit's cache, which any visitor's message may clear."""
    return Guesses()


def names() -> list[str]:
    """What a visitor goes by, who guesses or does too much: a session, and an address."""
    context = get_script_run_ctx()
    session = context.session_id if context else "none"
    return [f"session {session}", f"address {st.context.ip_address or 'of this machine'}"]


def _at_server() -> bool:
    """Whether the visitor sits at the machine that serves the app: Streamlit gives no address then.
    What a proxy hands on says so by one of its headers, or by the name that the app was asked for
    under; that a foreign page's name leads here too makes nobody sit here."""
    headers = st.context.headers
    return (
        st.context.ip_address is None
        and _OWN_NAME.fullmatch(headers.get("Host") or "") is not None
        and not any(name in headers for name in _PROXIES)
    )


def secrets() -> Mapping[str, Any]:
    """Streamlit's secrets; none where there is no file of them. Raises InklingError for a file
    that can't be read, which may well have said that something is off."""
    found = [name for name in _secrets_files() if Path(name).exists()]
    if found and not st.secrets.load_if_toml_exists():
        raise InklingError("The secrets file “{name}” can't be read; wanted: TOML.", name=found[0])
    return st.secrets if found else {}


@cache
def _secrets_files() -> tuple[str, ...]:
    """Where Streamlit looks for them; it takes a while to say so."""
    return tuple(st.config.get_option("secrets.files"))
