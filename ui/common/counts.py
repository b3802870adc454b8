"""Where this server counts guesses and uses: with the other processes, in their database."""

from functools import cache

from model.counts import Counts
from ui.common import drawing_store


@cache
def shared() -> Counts:
    """This process' one; not in Streamlit's cache, which any visitor's message may clear."""
    from model.data.counts import DatabaseCounts  # brings SQLAlchemy

    return DatabaseCounts(drawing_store.store)
