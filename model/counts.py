"""What is counted of who guesses or does too much: a few moments under each name, which nobody else
changes meanwhile. Of one process in its memory; of several in their database (`data/counts.py`).
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol, TypeVar

MOST_NAMES = 100_000  # that are remembered

T = TypeVar("T")
Known = dict[str, list[float]]  # by name


class Counts(Protocol):
    """Where it is noted."""

    def change(self, names: Sequence[str], change: Callable[[Known], T]) -> T:
        """What `change` returns, which is given what is noted under these names, an empty list
        where nothing is, and writes into it what is to be noted from now on."""


class MemoryCounts:
    """In this process' memory."""

    def __init__(self) -> None:
        self._known: Known = {}
        self._lock = Lock()

    def change(self, names: Sequence[str], change: Callable[[Known], T]) -> T:
        with self._lock:
            known = {name: list(self._known.get(name, ())) for name in names}
            result = change(known)
            for name, noted in known.items():
                self._known.pop(name, None)
                if noted:
                    self._known[name] = noted  # the latest last
            while len(self._known) > MOST_NAMES:
                del self._known[next(iter(self._known))]
        return result
