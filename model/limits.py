"""How often somebody may do something within an hour: all of it at once, then as it grows back.

Uses are counted in memory, for one server, by the names that whoever uses it goes by.
"""

import time
from collections.abc import Callable, Mapping
from threading import Lock

HOUR = 3600.0  # seconds
MOST_NAMES = 100_000  # that are remembered


class Uses:
    """Those of one kind."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._restored: dict[str, float] = {}  # when each name has all of its hour again

    def spend(self, names: Mapping[str, int]) -> float:
        """Count one use for each name, which has so many an hour. Where one of them has none left,
        none is counted: the seconds until it has."""
        with self._lock:
            now = self._now()
            restored = {
                name: max(now, self._restored.get(name, now)) + HOUR / most
                for name, most in names.items()
            }
            wait = max(restored.values(), default=now) - now - HOUR
            if wait > 1e-6:  # what is left of a sum of fractions of an hour
                return wait
            if len(self._restored) + len(restored) > MOST_NAMES:
                self._restored = {n: at for n, at in self._restored.items() if at > now}
            self._restored |= restored
        return 0.0
