"""How often somebody may guess the password: a few times at once, then ever more slowly; and the
code of a room, or the key to it: ten times a minute.

Wrong guesses are counted for each of the names that a guesser goes by, a session's and an
address's: a new session does not begin anew, and a new address does not either within a session.
They are forgotten after an hour without another.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence

from model.counts import Counts, Known, MemoryCounts

FREE = 5  # wrong guesses before there is a wait
LONGEST = 900  # seconds between two
FORGOTTEN = 3600  # seconds

_log = logging.getLogger(__name__)


class Guesses:
    """Those of the password."""

    def __init__(self, counts: Counts | None = None, now: Callable[[], float] = time.time) -> None:
        """`now` tells the seconds since whenever."""
        self._counts = counts or MemoryCounts()
        self._now = now

    def wait(self, names: Sequence[str]) -> float:
        """Seconds until whoever goes by these names may guess again; 0 where that is now."""
        return self._counts.change(_keys(names), self._wait)

    def attempt(self, names: Sequence[str], is_right: Callable[[], bool]) -> bool:
        """Whether a guess is right. None is looked at where there is a wait, so many at once are no
        more than one."""

        def change(known: Known) -> bool | None:
            if self._wait(known):
                return None
            if is_right():
                known.update({name: [] for name in known})
                return True
            now = self._now()
            known.update({name: [self._count(noted) + 1, now] for name, noted in known.items()})
            return False

        outcome = self._counts.change(_keys(names), change)
        if outcome is False:
            _log.warning("A wrong password from %s", ", ".join(names))
        return bool(outcome)

    def _wait(self, known: Mapping[str, Sequence[float]]) -> float:
        now = self._now()
        waits = [
            # A clock that was set back makes nobody wait for longer.
            min(noted[1], now) + self._pause(self._count(noted)) - now
            for noted in known.values()
            if noted
        ]
        return max([0.0, *waits])

    def _count(self, noted: Sequence[float]) -> int:
        """How many wrong guesses are not forgotten, of what is noted: how many, and the last."""
        return int(noted[0]) if noted and self._now() - noted[1] < FORGOTTEN else 0

    def _pause(self, count: int) -> float:
        """Seconds after so many wrong guesses."""
        return 0.0 if count < FREE else min(LONGEST, 2.0 ** min(count - FREE, 20))


class CodeGuesses:
    """How often a room's code may be guessed wrong: A_MINUTE times, from one address. A class comes
    from one address, and its pupils mistype; so the next minute they may again."""

    A_MINUTE = 10

    def __init__(self, counts: Counts | None = None, now: Callable[[], float] = time.time) -> None:
        self._counts = counts or MemoryCounts()
        self._now = now

    def wait(self, address: str) -> float:
        """Seconds until from this address another may be guessed; 0 where that is now."""
        return self._counts.change(_keys([address], "code"), self._wait)

    def attempt(self, address: str, is_right: Callable[[], bool]) -> bool:
        """Whether a guess is right; none is looked at where there is a wait."""

        def change(known: Known) -> bool:
            if self._wait(known):
                return False
            if is_right():
                return True
            known.update(
                {name: [*self._recent(wrong), self._now()] for name, wrong in known.items()}
            )
            return False

        return self._counts.change(_keys([address], "code"), change)

    def _wait(self, known: Known) -> float:
        (wrong,) = known.values()
        recent = self._recent(wrong)
        return recent[0] + 60 - self._now() if len(recent) >= self.A_MINUTE else 0.0

    def _recent(self, wrong: Sequence[float]) -> list[float]:
        """Those of the last minute."""
        return [then for then in wrong if 0 <= self._now() - then < 60]


def _keys(names: Sequence[str], kind: str = "password") -> list[str]:
    return [f"{kind} {name}" for name in names]
