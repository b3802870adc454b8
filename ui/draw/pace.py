"""How often browsers may send a stroke that is being drawn: less often where many draw at once."""

import threading
import time
from collections.abc import Callable

OFTEN = 0.07  # seconds between two messages of one visitor, at least
SELDOM = 1.0  # from here on only the whole stroke is sent, when the pen is lifted

_SHARE = 0.4  # of the time, for all strokes that are being drawn together
_LONGEST = 0.1  # seconds; what takes longer waits for the network to be loaded
_RECENT = 2.0  # seconds in which a visitor counts as drawing
_WEIGHT = 0.1  # of the latest reading in the mean cost of one


class Pace:
    """The pace of one server, for all of its visitors.

    With N visitors who draw and c seconds for each message, one in N · c / 0.4 seconds from each
    keeps them within two fifths of the time. These are seconds of the clock: they grow too where
    others want the processor, a training or another process of the app.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._cost = 0.01
        self._drew: dict[str, float] = {}

    def note(self, visitor: str, seconds: float) -> None:
        """A message of that visitor's took so many seconds."""
        now, seconds = self._clock(), min(seconds, _LONGEST)
        with self._lock:
            self._cost += _WEIGHT * (seconds - self._cost)
            self._drew[visitor] = now
            self._drew = {v: at for v, at in self._drew.items() if at > now - _RECENT}

    @property
    def interval(self) -> float:
        """Seconds that a browser is to wait between two messages; 0: it is to send none."""
        now = self._clock()
        with self._lock:
            drawing = sum(at > now - _RECENT for at in self._drew.values())
            interval = max(OFTEN, drawing * self._cost / _SHARE)
        return min(interval, SELDOM)
