"""What a host is told of a server, and what it limits, with visitors who have no browser."""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from browser.digits import DIGITS
from browser.hand import Hand
from browser.server import serving
from browser.websocket import tab

T = TypeVar("T")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(INKLING_PRELOAD="on", INKLING_LOGS="json", INKLING_MOST_STROKES="40") as address:
        yield address


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


def counted(server: str) -> dict[str, float]:
    lines = [line.split() for line in get(f"{server}/metrics").splitlines() if line[0] != "#"]
    return {name: float(value) for name, value in lines}


@asynccontextmanager
async def hand(server: str) -> AsyncIterator[Hand]:
    async with tab(server) as opened:
        yield Hand(opened)


def in_a_loop(visit: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread of its own: where there is a browser in this process, this one has a loop
    already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()


def test_a_server_with_its_network_is_ready(server: str) -> None:
    assert json.loads(get(f"{server}/ready")) == {"ready": True}


def test_strokes_are_read_and_counted(server: str) -> None:
    async def visit() -> None:
        async with hand(server) as visitor:
            for stroke in DIGITS[4]:
                await visitor.stroke(stroke)
                await visitor.has_sent_all()
            assert visitor.reading == "4"
            await visitor.clear()
            assert visitor.reading == ""

    before = counted(server)
    in_a_loop(visit())
    after = counted(server)
    assert after["inkling_strokes_total"] >= before["inkling_strokes_total"] + 2
    assert after["inkling_answer_seconds_count"] > before["inkling_answer_seconds_count"]
    assert after["inkling_errors_total"] == 0


def test_who_draws_too_much_is_told_so(server: str) -> None:
    async def visit() -> str:
        async with hand(server) as visitor:
            for _ in range(45):  # an hour gives some back meanwhile
                await visitor.stroke(DIGITS[1][0], seconds=0.01)
                if not visitor.reading:
                    break
                await visitor.clear()
            return visitor.tab.html()

    assert "This server takes 40 readings an hour from one visitor" in in_a_loop(visit())
