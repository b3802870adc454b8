"""What processes take of the machine, as Linux tells it in /proc."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """The processes that this one has begun, and those that they have."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *descendants(child))]


def command(pid: int) -> str:
    """The words that it was started with."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()


def memory(pids: Iterable[int]) -> int:
    """Bytes of memory that they hold: of what several processes share, each one its part."""
    texts = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids)
    return sum(int(re.findall(r"^Pss: +(\d+) kB", text, re.MULTILINE)[0]) for text in texts) * 1024


def processor(pids: Iterable[int]) -> float:
    """Seconds of a core that they have used so far."""
    words = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
    return sum(int(user) + int(system) for *_, user, system in (w[:13] for w in words)) / _TICK


def machine() -> float:
    """Seconds of a core that all processes of the machine have used so far."""
    name, user, nice, system, *_ = Path("/proc/stat").read_text().split()
    assert name == "cpu"
    return (int(user) + int(nice) + int(system)) / _TICK
