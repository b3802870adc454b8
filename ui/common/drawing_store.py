"""The saved drawings, by Streamlit's own connection to the database, one a server.

SQLAlchemy takes a quarter of a second to import: only who saves or looks waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.common import secrets

if TYPE_CHECKING:
    from model.data.drawings import Store

_TIDY = 600  # seconds between two times that what is to be gone is looked for


def store() -> Store:
    """Raises InklingError where the database can't be used."""
    from model.data import drawings

    address = drawings.address(secrets.read())
    _tidy(address)
    return _connected(address)


def is_there() -> bool:
    """Whether there is a database yet; makes none to find out. Raises InklingError for an address
    that is none."""
    from model.data import drawings

    return drawings.is_there(drawings.address(secrets.read()))


@st.cache_resource(show_spinner=False, ttl=_TIDY)
def _tidy(address: str) -> None:
    """Remove for good what is to be gone by now."""
    from model.data.rooms import Rooms

    Rooms(_connected(address)).tidy()


@st.cache_resource(show_spinner=False)
def _connected(address: str) -> Store:
    """Opened once, as its table is looked for then."""
    from sqlalchemy import make_url

    from model.data import drawings

    with drawings.explained(make_url(address)):
        options = drawings.options(address)
        connection = st.connection("drawings", type="sql", url=address, **options)
    return drawings.Store(connection.engine)
