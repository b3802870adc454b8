"""The saved drawings, by Streamlit's own connection to the database, one a server.

SQLAlchemy takes a quarter of a second to import: only who saves or looks waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.common import permissions

if TYPE_CHECKING:
    from model.data.drawings import Store


def store() -> Store:
    """Raises InklingError where the database can't be used."""
    from model.data import drawings

    return _connected(drawings.address(permissions.secrets()))


def has_drawings() -> bool:
    """Whether there are any yet; makes no database to find out. Raises as `store`."""
    from model.data import drawings

    return drawings.is_there(drawings.address(permissions.secrets())) and bool(store().counts())


@st.cache_resource(show_spinner=False)
def _connected(address: str) -> Store:
    """Opened once, as its table is looked for then."""
    from sqlalchemy import make_url

    from model.data import drawings

    with drawings.explained(make_url(address)):
        options = drawings.options(address)
        connection = st.connection("drawings", type="sql", url=address, **options)
    return drawings.Store(connection.engine)
