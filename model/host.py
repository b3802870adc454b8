"""What a host lets visitors do: retrain and switch models, or watch."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from model.errors import InklingError

SWITCH = "INKLING_RETRAIN"
PASSWORD = "INKLING_PASSWORD"


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
    given = {
        name: str((secrets or {})[name]) for name in (SWITCH, PASSWORD) if name in (secrets or {})
    }
    given |= {name: os.environ[name] for name in (SWITCH, PASSWORD) if name in os.environ}
    switch = str(given.get(SWITCH, "on")).strip().lower()
    if switch not in ("on", "off"):
        raise InklingError(f"{SWITCH} has the value “{given[SWITCH]}”; wanted: on or off.")
    if switch == "off":
        return Rule("off")
    password = str(given.get(PASSWORD, ""))
    return Rule("password", password) if password else Rule("on")
