"""How often somebody may do something within an hour: all of it at once, then as it grows back.

Uses are counted by the names that whoever uses it goes by. Several processes share one count; so
that not every stroke is noted there, each takes a hundredth of an hour's uses at a time.
"""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Lock

from model.counts import Counts, Known, MemoryCounts

HOUR = 3600.0  # seconds
SHARES = 100  # of an hour's uses that are taken at a time, one at least
MOST_KNOWN = 100_000  # names for which some are taken, or there are none
_HAIR = 1e-6  # what is left of a sum of fractions of an hour


class Uses:
    """Those of one `kind`."""

    def __init__(
        self, kind: str, counts: Counts | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._kind = kind
        self._counts = counts or MemoryCounts()
        self._now = now
        self._lock = Lock()
        self._taken: dict[str, int] = {}  # and not used yet, by name
        self._none: dict[str, float] = {}  # until when there is none for a name

    def spend(self, names: Mapping[str, int]) -> float:
        """Count one use for each name, which has so many an hour. Where one of them has none left,
        none is counted: the seconds until it has."""
        with self._lock:
            out = {name: most for name, most in names.items() if not self._taken.get(name)}
            if out and (wait := self._known_wait(out) or self._take(out)):
                return wait
            for name in names:
                self._taken[name] -= 1
        return 0.0

    def _known_wait(self, names: Iterable[str]) -> float:
        """Seconds for which one of them is known to have none, who else asks for it or not."""
        now = self._now()
        return max(0.0, *(min(self._none.get(name, 0.0) - now, HOUR) for name in names))

    def _take(self, names: Mapping[str, int]) -> float:
        """Some uses for each name; where one has none left, none: the seconds until it has."""
        now = self._now()
        keys = {name: f"{self._kind} {name}" for name in names}

        def change(known: Known) -> tuple[dict[str, int], dict[str, float]]:
            # When each name has all of its hour again; a clock that was set back makes it no later.
            restored = {
                name: min(max([now, *known[key]]), now + HOUR) for name, key in keys.items()
            }
            cost = {name: HOUR / most for name, most in names.items()}
            waits = {name: restored[name] + cost[name] - now - HOUR for name in names}
            if max(waits.values()) > _HAIR:
                return {}, waits
            taken = {}
            for name, most in names.items():
                left = math.floor((now + HOUR - restored[name] + _HAIR) / cost[name])
                taken[name] = max(1, min(left, most // SHARES))
                known[keys[name]] = [restored[name] + taken[name] * cost[name]]
            return taken, {}

        taken, waits = self._counts.change(list(keys.values()), change)
        for known in (self._taken, self._none):
            if len(known) > MOST_KNOWN:
                known.clear()
        self._taken |= taken
        self._none |= {name: now + wait for name, wait in waits.items() if wait > _HAIR}
        return max(waits.values(), default=0.0)
