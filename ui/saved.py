"""The saved drawings, by Streamlit's own connection to the database, one a server."""

import streamlit as st
from sqlalchemy import make_url

from model import drawings
from model.drawings import Store
from ui import host


def store() -> Store:
    """Raises InklingError where the database can't be used."""
    address = drawings.address(host.secrets())
    with drawings.explained(make_url(address)):
        options = drawings.options(address)
        connection = st.connection("drawings", type="sql", url=address, **options)
    return Store(connection.engine)
