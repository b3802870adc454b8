"""What this visitor is, a visitor, a teacher or the host, and so what they may do: every check of
who may do what asks here; whose a drawing or a room is, the database says besides."""

import math
import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from model.data.visitors import Refused
from model.errors import InklingError
from model.guesses import Guesses
from model.language import Text, _
from model.settings import LONGEST_PASSWORD, NOBODY, Account, Permissions, Role, Saving
from ui.common import counts, formatting, secrets, state

_OWN_NAME = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", re.IGNORECASE)
_ROLES = {
    Role.VISITOR: Text("Signed in as {name}: visitor."),
    Role.TEACHER: Text("Signed in as {name}: teacher."),
    Role.HOST: Text("Signed in as {name}: host."),
}
_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


def role() -> Role:
    """What this visitor is; to be asked at every action. Where a setting can't be read, a visitor:
    `may_retrain` says why."""
    try:
        return _role(Permissions.read(secrets.read()))
    except InklingError:
        return Role.VISITOR


def may_retrain() -> bool:
    """Whether this visitor is a teacher at least; else says why not, and asks for the password or
    to sign in where there is that."""
    try:
        permissions = Permissions.read(secrets.read())
    except InklingError as error:
        st.error(
            _(
                "Nobody can retrain here until the host mends a setting: {error}",
                error=formatting.plain(error),
            )
        )
        return False
    may = _role(permissions) >= Role.TEACHER
    if not may and permissions.takes_password:
        _ask_password()
    elif not may and permissions.takes_accounts:
        st.markdown(_("Retraining, and making rooms, takes an account that may."))
    elif not may:
        st.info(_("Retraining is switched off here. You can watch."), icon=":material/visibility:")
    if permissions.takes_accounts:
        _sign_in()
    return may


def may_manage() -> bool:
    """Whether this visitor is the host, and so may delete runs, change all saved drawings and
    choose the model; a teacher, who may not, is told so."""
    if role() == Role.TEACHER:
        st.caption(
            _("Deleting, and choosing the model that answers, is up to who runs this server.")
        )
    return is_host()


def is_host() -> bool:
    return role() == Role.HOST


def may_teach() -> bool:
    """Whether this visitor may have networks trained; as `may_retrain`, but shows nothing."""
    return role() >= Role.TEACHER


def require(least: Role) -> None:
    """Raises Refused for a visitor who is less, whatever a page showed them."""
    if role() < least:
        if least == Role.HOST:
            raise Refused("This is up to who runs this server; nothing was done.")
        raise Refused("This is up to who may retrain here; nothing was done.")


def performed(least: Role, action: Callable[..., object], *arguments: object) -> None:
    """Have that done, for a visitor who is no less. Raises Refused for others."""
    require(least)
    action(*arguments)


def require_saving() -> None:
    """Raises Refused where drawings can't be saved."""
    if not may_save():
        raise Refused("Saving drawings is switched off here; nothing was saved.")


def may_save() -> bool:
    """Whether drawings may be saved here; a setting that can't be read does not say so."""
    try:
        return Saving.read(secrets.read()).saving == "on"
    except InklingError:
        return False


def _role(permissions: Permissions) -> Role:
    return permissions.role(state.GIVEN_PASSWORD.get(), _at_server(), _account())


def _account() -> Account:
    """Whom a provider has signed in in this browser, as Streamlit's signed cookie has it."""
    said = st.user.to_dict()
    if not said.get("is_logged_in"):
        return NOBODY
    email = said.get("email") if said.get("email_verified") is True else ""
    return Account(str(said.get("sub") or ""), str(email or ""))


def _sign_in() -> None:
    """Who is signed in, and the way out; or the way in."""
    account = _account()
    if account != NOBODY:
        with st.container(horizontal=True, vertical_alignment="center", key="account"):
            st.text(_ROLES[role()].with_values(name=account.email or account.subject))
            st.button(_("Sign out"), key="sign_out", icon=":material/logout:", on_click=st.logout)
    elif "auth" in secrets.read() and find_spec("authlib"):
        st.button(_("Sign in"), key="sign_in", icon=":material/login:", on_click=st.login)
    else:
        st.error(
            _(
                "Nobody can sign in here until the host has installed Authlib (the extra "
                "“accounts”) and has said by whom: in Streamlit’s secrets, under [auth]."
            )
        )


def _ask_password() -> None:
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


def _check_password() -> None:
    """Keep the password for the other pages, where its field is not, if it is the right one."""
    given = state.PASSWORD.get()
    state.PASSWORD_ERROR.set("")
    try:
        permissions = Permissions.read(secrets.read())
    except InklingError:
        return
    if not given:
        return
    guesser = names()
    if wait := _guesses().wait(guesser):
        state.PASSWORD_ERROR.set(
            _("Too many wrong passwords. Try again in {seconds} s.", seconds=math.ceil(wait))
        )
    elif _guesses().attempt(guesser, lambda: permissions.is_password(given)):
        state.GIVEN_PASSWORD.set(given)
    else:
        state.PASSWORD_ERROR.set(_("That is not the password."))


@cache
def _guesses() -> Guesses:
    return Guesses(counts.shared())


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
