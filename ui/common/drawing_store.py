"""The saved drawings, by Streamlit's own connection to the database, one a server.

SQLAlchemy takes a quarter of a second to import: only who saves or looks waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.common import permissions, visitor

if TYPE_CHECKING:
    from model.data.drawings import Store

_TIDY = 600  # seconds between two times that what is to be gone is looked for


def store() -> Store:
    """Raises InklingError where the database can't be used."""
    from model.data import drawings

    address = drawings.address(permissions.secrets())
    _tidy(address)
    return _connected(address)


def filled() -> list[int]:
    """The numbers of the rooms with drawings from which everything may learn that this visitor
    trains: one's own album and everybody's; makes no database to find out. Raises as `store`."""
    from model.data import drawings
    from model.data.rooms import Rooms
    from model.data.tables import EVERYBODYS

    if not drawings.is_there(drawings.address(permissions.secrets())):
        return []
    own = Rooms(store()).own(visitor.current())
    rooms = [*([own.id] if own else []), EVERYBODYS]
    return [room for room in rooms if store().counts(room)]


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
