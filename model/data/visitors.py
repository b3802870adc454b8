"""Who asks: a visitor without a name, known by a random key that the browser keeps.

The database has only a digest of the key: who reads the database can't become the visitor. What a
visitor may change is decided where it is changed, by `Store` and `Rooms`, whatever a page showed.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from model.errors import InklingError

_KEY = re.compile(r"[\w-]{32}", re.ASCII)


class Refused(InklingError):  # noqa: N818 (it is what one says)
    """This is up to somebody else."""


@dataclass(frozen=True)
class Visitor:
    """`id` is the digest of the browser's key; `is_host`: this visitor runs the server."""

    id: str
    is_host: bool = False

    @classmethod
    def of(cls, key: str, is_host: bool = False) -> Visitor:
        return cls(hashlib.sha256(key.encode()).hexdigest(), is_host)


HOST = Visitor("", is_host=True)  # who has a command line on the server


def new_key() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def is_key(text: object) -> bool:
    """Whether `text` may be a key: what else a browser sends is none."""
    return isinstance(text, str) and _KEY.fullmatch(text) is not None
