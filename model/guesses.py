"""How often somebody may guess the password: a few times at once, then ever more slowly; and the
code of a room: ten times a minute.

Wrong guesses are counted for each of the names that a guesser goes by, a session's and an
address's: a new session does not begin anew, and a new address does not either within a session.
They are kept in memory, for one server, and forgotten after an hour without another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

FREE = 5  # wrong guesses before there is a wait
LONGEST = 900  # seconds between two
FORGOTTEN = 3600  # seconds
MOST_NAMES = 10_000  # that are remembered

_log = logging.getLogger(__name__)


@dataclass
class _Wrong:
    count: int
    last: float


class Guesses:
    """Those of one server."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` tells the seconds since whenever; a clock that is set back tells it nothing."""
        self._now = now
        self._wrong: dict[str, _Wrong] = {}
        self._lock = Lock()

    def wait(self, names: Sequence[str]) -> float:
        """Seconds until whoever goes by these names may guess again; 0 where that is now."""
        with self._lock:
            return self._wait(names)

    def attempt(self, names: Sequence[str], is_right: Callable[[], bool]) -> bool:
        """Whether a guess is right. None is looked at where there is a wait, so many at once are no
        more than one."""
        with self._lock:
            if self._wait(names):
                return False
            if is_right():
                for name in names:
                    self._wrong.pop(name, None)
                return True
            self._remember(names)
        _log.warning("A wrong password from %s", ", ".join(names))
        return False

    def _wait(self, names: Sequence[str]) -> float:
        waits = [
            self._wrong[name].last + self._pause(self._wrong[name].count) - self._now()
            for name in names
            if name in self._wrong
        ]
        return max([0.0, *waits])

    def _pause(self, count: int) -> float:
        """Seconds after so many wrong guesses."""
        return 0.0 if count < FREE else min(LONGEST, 2.0 ** min(count - FREE, 20))

    def _remember(self, names: Sequence[str]) -> None:
        now = self._now()
        known = {n: w for n, w in self._wrong.items() if now - w.last < FORGOTTEN}
        for name in names:
            count = known.pop(name).count if name in known else 0
            known[name] = _Wrong(count + 1, now)  # the latest last
        self._wrong = dict(list(known.items())[-MOST_NAMES:])


class CodeGuesses:
    """How often a room's code may be guessed wrong: A_MINUTE times, from one address. A class comes
    from one address, and its pupils mistype; so the next minute they may again."""

    A_MINUTE = 10

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._wrong: dict[str, list[float]] = {}
        self._lock = Lock()

    def wait(self, address: str) -> float:
        """Seconds until from this address another may be guessed; 0 where that is now."""
        with self._lock:
            return self._wait(address)

    def attempt(self, address: str, is_right: Callable[[], bool]) -> bool:
        """Whether a guess is right; none is looked at where there is a wait."""
        with self._lock:
            if self._wait(address):
                return False
            if is_right():
                return True
            recent = [*self._recent(address), self._now()]
            self._wrong.pop(address, None)
            self._wrong[address] = recent  # the latest last
            while len(self._wrong) > MOST_NAMES:
                del self._wrong[next(iter(self._wrong))]
        return False

    def _wait(self, address: str) -> float:
        recent = self._recent(address)
        return recent[0] + 60 - self._now() if len(recent) >= self.A_MINUTE else 0.0

    def _recent(self, address: str) -> list[float]:
        return [then for then in self._wrong.get(address, ()) if self._now() - then < 60]
