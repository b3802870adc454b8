"""A stroke has no more of the page run than it changes, and all of that: by a visitor without a
browser."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from browser.digits import DIGITS, Point, side_by_side
from browser.hand import Hand
from browser.server import serving
from browser.websocket import tab

FRAME = '<i class="read"'


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(INKLING_PRELOAD="on") as address:
        yield address


def visiting(server: str, visit: Callable[[Hand], Awaitable[None]]) -> None:
    """In a loop of its own: where there is a browser in this process, this one has a loop."""

    async def run() -> None:
        async with tab(server) as opened:
            await visit(Hand(opened))

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


async def draw(hand: Hand, *strokes: Sequence[Point]) -> None:
    for stroke in strokes:
        await hand.stroke(stroke)
        await hand.has_sent_all()


def test_a_stroke_that_was_read_already_has_little_sent(server: str) -> None:
    async def visit(hand: Hand) -> None:
        await draw(hand, *DIGITS[3])
        await hand.clear()
        await hand.stroke(DIGITS[3][0])
        before = hand.tab.messages
        await hand.has_sent_all()
        assert hand.tab.messages - before < 10
        assert hand.reading == "3"

    visiting(server, visit)


def test_the_frames_of_a_number_come_and_go_with_it(server: str) -> None:
    async def visit(hand: Hand) -> None:
        *first, last = side_by_side("47")
        await draw(hand, *first)
        assert hand.tab.html().count(FRAME) == 0
        await draw(hand, last)
        assert hand.reading == "47"
        assert hand.tab.html().count(FRAME) == 2
        assert "Which digit?" in hand.tab.html()
        await hand.clear()
        assert hand.tab.html().count(FRAME) == 0
        assert "Which digit?" not in hand.tab.html()

    visiting(server, visit)


def test_the_address_has_each_stroke(server: str) -> None:
    async def visit(hand: Hand) -> None:
        links = {""}
        for stroke in DIGITS[4]:
            await draw(hand, stroke)
            links.add(hand.link)
        assert len(links) == 1 + len(DIGITS[4])
        await hand.clear()
        assert hand.link == ""

    visiting(server, visit)


def test_where_nothing_is_read_while_drawing_a_stroke_is_read_as_it_comes() -> None:
    async def visit(hand: Hand) -> None:
        await draw(hand, *side_by_side("47"))
        assert hand.reading == "47"
        assert hand.tab.html().count(FRAME) == 2
        await hand.clear()
        await draw(hand, *DIGITS[3])
        assert hand.reading == "3"

    with serving(INKLING_PRELOAD="on", INKLING_LIVE="off") as address:
        visiting(address, visit)
