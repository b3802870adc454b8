"""Many visitors at once, without browsers: how soon is a stroke answered, and is any lost?

    python -m benchmarks.load --visitors 50
    python -m benchmarks.load --visitors 300 --workers 2 [--training] [--minutes 10]
    python -m benchmarks.load --visitors 30 --room

Each visitor has a tab that speaks Streamlit's websocket protocol, and writes one digit after the
other, a stroke each two seconds, as `browser.hand` does: what is sent while the pen is down, and
what the canvas sends after it. Timed from the lifted pen until the run that answers all of the
stroke has ended. When a digit is written, it has to be what the page reads, of as many strokes.

In a room they are a class: they join it by its code, save each digit by a tap on what it is, and
its board moves meanwhile; afterwards as many have to be in the room as were tapped.

Visitors and server share the machine; what others take of it meanwhile is measured too. Memory is
that of the workers, the largest of them: before the first visitor, while they draw, and a quarter
of a minute after they left.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from socket import socket
from typing import Any, NamedTuple

import numpy as np

from benchmarks import processes, report
from benchmarks.drawing_while_training import training
from browser.digits import DIGITS
from browser.hand import Hand
from browser.server import serving
from browser.waiting import until
from browser.websocket import ServerError, tab
from model.data import drawings
from model.data.rooms import Rooms
from model.data.visitors import Visitor, new_key

EVERY = 2.0  # seconds from one stroke to the next
ARRIVAL = 0.05  # seconds from one visitor to the next
LATE = 10  # seconds after which a stroke that the server does not have yet is lost
LEAVE = 15  # seconds after the last has left
MEGABYTE = 2**20


@dataclass
class Outcome:
    """What all visitors have seen."""

    took: list[float] = field(default_factory=list)  # seconds of each stroke
    lost: int = 0  # strokes that were not among those read
    misread: int = 0  # digits that were read as something else
    tapped: int = 0  # digits that were saved in the room
    errors: list[str] = field(default_factory=list)


class Mark(NamedTuple):
    """When, and the seconds of a core that the app and all but this benchmark had used then."""

    at: float
    app: float
    others: float


async def visit(address: str, seed: int, until: float, outcome: Outcome, code: str = "") -> None:
    """One visitor's: digits, until the time is over; in the room with that code, if there is."""
    digits = random.Random(seed)
    try:
        async with tab(address, query=code and f"room={code}") as opened:
            hand = Hand(opened)
            await asyncio.sleep(digits.uniform(0, EVERY))
            digit = 0
            while time.monotonic() < until:
                digit = (digit + digits.randrange(1, 10)) % 10  # the same ink again is saved once
                await write(hand, digit, outcome, bool(code))
    except (ServerError, OSError, TimeoutError) as error:
        outcome.errors.append(f"{type(error).__name__}: {error}")


async def write(hand: Hand, digit: int, outcome: Outcome, is_saved: bool) -> None:
    """Write a digit, a stroke each two seconds, look whether it is read, save it where it is to be,
    and clear the sheet."""
    for stroke in DIGITS[digit]:
        began = time.monotonic()
        outcome.took.append(await hand.stroke(stroke))
        await asyncio.sleep(max(0.0, began + EVERY - time.monotonic()))
    outcome.misread += hand.reading != str(digit)
    if is_saved:
        await hand.tap(str(digit))
        outcome.tapped += 1
    with suppress(TimeoutError):
        await hand.has_sent_all(LATE)
    outcome.lost += hand.strokes_drawn - hand.strokes_known
    await hand.clear()


async def watch(address: str, until: float, outcome: Outcome, code: str) -> None:
    """The board of the room with that code, on its wall."""
    try:
        async with tab(address, "board", f"room={code}") as opened:
            await asyncio.sleep(until - time.monotonic())
            assert 'class="board"' in opened.html()
    except (ServerError, OSError, TimeoutError) as error:
        outcome.errors.append(f"{type(error).__name__}: {error}")


async def visits(
    address: str, visitors: int, seconds: float, when_all_came: Callable[[], None], code: str
) -> Outcome:
    """All of them; how long strokes take counts once all have come."""
    outcome = Outcome()
    came = time.monotonic() + visitors * ARRIVAL
    async with asyncio.TaskGroup() as group:
        if code:
            group.create_task(watch(address, came + seconds, outcome, code))
        for seed in range(visitors):
            group.create_task(visit(address, seed, came + seconds, outcome, code))
            await asyncio.sleep(ARRIVAL)
        outcome.took.clear()
        when_all_came()
    return outcome


def workers() -> list[int]:
    """The processes of the app, of those that this one has begun."""
    begun = processes.descendants(os.getpid())
    return [pid for pid in begun if "-m ui" in processes.command(pid)]


def largest() -> float:
    """Megabytes of the largest worker."""
    return max(processes.memory([pid]) for pid in workers()) / MEGABYTE


async def measured(address: str, visitors: int, seconds: float, code: str = "") -> dict[str, Any]:
    """The figures of one load, once the network is loaded."""
    first = Outcome()
    await visit(address, 0, time.monotonic() + 10, first)
    if first.errors:
        raise ServerError(first.errors[0])
    before, ours, app = largest(), [os.getpid(), *processes.descendants(os.getpid())], workers()
    marks: list[Mark] = []

    def mark() -> None:
        used = processes.processor(ours)
        marks.append(Mark(time.monotonic(), processes.processor(app), processes.machine() - used))

    outcome = await visits(address, visitors, seconds, mark, code)
    mark()
    began, ended = marks
    strokes, took, during = len(outcome.took), ended.at - began.at, largest()
    await asyncio.sleep(LEAVE)
    median, p95, slowest = np.percentile([1000 * t for t in outcome.took], [50, 95, 100]).tolist()
    return {
        "strokes": strokes,
        "strokes_a_second": strokes / took,
        "median": median,
        "p95": p95,
        "slowest": slowest,
        "lost": outcome.lost,
        "misread": outcome.misread,
        "unsaved": outcome.tapped - saved(code) if code else 0,
        "errors": len(outcome.errors),
        "first_error": next(iter(outcome.errors), None),
        "cost": 1000 * (ended.app - began.app) / strokes,
        "memory": {"before": before, "during": during, "after": largest()},
        "others": max(0.0, (ended.others - began.others) / took),  # the clocks' ticks are coarse
    }


def made_room() -> str:
    """The code of a new room, of whoever's."""
    with drawings.opened() as store:
        return Rooms(store).make("Load", Visitor.of(new_key()), days=1).code or ""


def saved(code: str) -> int:
    """How many drawings are in the room with that code."""
    with drawings.opened() as store:
        return sum(store.counts(Rooms(store).coded(code).id).values())


@contextmanager
def server(workers: int, home: str) -> Iterator[str]:
    """The app's address, as `make run` opens it, or `make serve` with several workers."""
    if workers == 1:
        with serving(INKLING_HOME=home, INKLING_PRELOAD="on") as address:
            yield address
        return
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.host", "--workers", str(workers), "--port", port]
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: answers(address))
        yield address
    finally:
        process.terminate()
        process.wait()


def answers(address: str) -> bool:
    """Whether there is a page."""
    try:
        with urllib.request.urlopen(address):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--visitors", type=int, default=50)
    arguments.add_argument("--workers", type=int, default=1, help="processes of the app")
    arguments.add_argument("--minutes", type=float, default=1.0)
    arguments.add_argument("--training", action="store_true", help="beside a training")
    arguments.add_argument("--room", action="store_true", help="they are a class in its room")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"INKLING_HOME": home, "INKLING_MODEL": ""}
        with (
            server(given.workers, home) as address,
            training() if given.training else nullcontext(),
        ):
            code = made_room() if given.room else ""
            figures = asyncio.run(measured(address, given.visitors, 60 * given.minutes, code))
    print(figures)
    keep(given, figures)
    print(as_table())


def keep(given: argparse.Namespace, figures: dict[str, Any]) -> None:
    """Among the other loads, in the place of the last time with as many."""
    load = {name: getattr(given, name) for name in ("room", "visitors", "workers", "training")}
    kept = report.load("load") or {"loads": []}
    others = [one for one in kept["loads"] if not load.items() <= ({"room": False} | one).items()]
    loads = [*others, {**load, "minutes": given.minutes, **figures}]
    loads.sort(key=lambda one: [one.get(name, False) for name in load])
    report.save("load", {"loads": loads})


def as_table() -> str:
    kept = report.load("load")
    head = ["visitors, on", "strokes a second", "answered, median", "95 %", "lost", "errors"]
    head += ["a stroke costs", "largest process, after they left", "others took"]
    return report.table(head, [row(load) for load in kept["loads"]]) if kept else ""


def row(load: dict[str, Any]) -> list[str]:
    workers = "one process" if load["workers"] == 1 else f"{load['workers']} processes"
    beside = ", beside a training" if load["training"] else ""
    memory = load["memory"]
    who = " pupils in a room" if load.get("room") else ""
    return [
        f"{load['visitors']}{who}, {workers}{beside}",
        f"{load['strokes_a_second']:.0f}",
        f"{load['median']:.0f} ms",
        f"{load['p95']:.0f} ms",
        f"{load['lost']} of {load['strokes']:,}",
        str(load["errors"]),
        f"{load['cost']:.1f} ms",
        f"{memory['during']:.0f}, {memory['after']:.0f} MB",
        f"{load['others']:.1f} cores",
    ]


if __name__ == "__main__":
    main()
