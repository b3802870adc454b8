"""What a host lets visitors do: retrain and switch models, or watch; save drawings, or not."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from model.errors import InklingError

SWITCH = "INKLING_RETRAIN"
PASSWORD = "INKLING_PASSWORD"
SAVING = "INKLING_SAVING"


@dataclass(frozen=True)
class Rule:
    """Who may start, stop, delete and switch: anyone ("on"), nobody ("off"), or whoever knows
    the password."""

    retraining: Literal["on", "off", "password"]
    _password: str = field(default="", repr=False)

    def admits(self, password: str = "") -> bool:
        """Whether a visitor who gave `password` may."""
        if self.retraining == "password":
            return hmac.compare_digest(password.encode(), self._password.encode())
        return self.retraining == "on"


def rule(secrets: Mapping[str, Any] | None = None) -> Rule:
    """The host's rule, by the variables INKLING_RETRAIN (on or off) and INKLING_PASSWORD, or by
    Streamlit's `secrets` under the same names; the variables win.

    Raises InklingError for any other value: a misspelt off must not mean on.
    """
    if not _is_on(SWITCH, secrets):
        return Rule("off")
    password = _given(PASSWORD, secrets, "")
    return Rule("password", password) if password else Rule("on")


def saving(secrets: Mapping[str, Any] | None = None) -> bool:
    """Whether drawings may be saved, by INKLING_SAVING (on or off); found and raises as `rule`."""
    return _is_on(SAVING, secrets)


def _is_on(switch: str, secrets: Mapping[str, Any] | None) -> bool:
    given = _given(switch, secrets, "on")
    if given.strip().lower() not in ("on", "off"):
        raise InklingError(f"{switch} has the value “{given}”; wanted: on or off.")
    return given.strip().lower() == "on"


def _given(name: str, secrets: Mapping[str, Any] | None, otherwise: str) -> str:
    return os.environ.get(name, str((secrets or {}).get(name, otherwise)))
