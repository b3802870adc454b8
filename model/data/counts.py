"""What several processes count together, in the database that they share: who goes by a name is not
told by it, as it has only the name's digest, and not for longer than a day."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from model.counts import Known, MemoryCounts, T
from model.data import tables
from model.data.drawings import Store
from model.errors import InklingError

KEPT = 86_400  # seconds for which what is noted is of any use, by far
_RETRY = 10  # seconds until a database that failed is asked again

_counts = tables.counts
_log = logging.getLogger(__name__)


class DatabaseCounts:
    """In the database of a store; where that can't be reached, in memory meanwhile."""

    def __init__(self, store: Callable[[], Store]) -> None:
        """`store` is asked for at every change, and raises InklingError where there is none."""
        self._store = store
        self._memory = MemoryCounts()
        self._again = 0.0
        self._lock = Lock()  # else many threads wait for one row, each with a connection of its own

    def change(self, names: Sequence[str], change: Callable[[Known], T]) -> T:
        with self._lock:
            if time.monotonic() >= self._again:
                try:
                    return self._changed(names, change)
                except InklingError as error:
                    _log.warning("Counted by this process alone for now: %s", error)
                    self._again = time.monotonic() + _RETRY
        return self._memory.change(names, change)

    def _changed(self, names: Sequence[str], change: Callable[[Known], T]) -> T:
        digests = {name: hashlib.sha256(name.encode()).hexdigest() for name in names}
        with self._store().transaction() as connection:
            for digest in sorted(digests.values()):
                _hold(connection, digest)
            query = sa.select(_counts.c.name, _counts.c.moments)
            rows = connection.execute(query.where(_counts.c.name.in_(digests.values())))
            noted = {digest: json.loads(moments) for digest, moments in rows}
            before = {name: noted[digest] for name, digest in digests.items()}
            known = {name: list(moments) for name, moments in before.items()}
            result = change(known)
            for name, digest in digests.items():
                its = _counts.c.name == digest
                if not known[name]:
                    connection.execute(_counts.delete().where(its))
                elif list(known[name]) != before[name]:
                    changed = _counts.update().where(its)
                    written = json.dumps(list(known[name]))
                    connection.execute(changed.values(moments=written, noted=time.time()))
        return result


def _hold(connection: sa.Connection, digest: str) -> None:
    """Have the row of that name for this transaction alone."""
    held = _counts.update().where(_counts.c.name == digest).values(name=digest)
    new = _counts.insert().values(name=digest, moments="[]", noted=time.time())
    while not connection.execute(held).rowcount:
        with suppress(IntegrityError), connection.begin_nested():  # somebody else was faster
            connection.execute(new)
            return


def forget(connection: sa.Connection) -> None:
    """Remove what is of no use any more."""
    connection.execute(_counts.delete().where(_counts.c.noted <= time.time() - KEPT))
