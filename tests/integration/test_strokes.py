"""A stroke has all of the page run that it changes: by a visitor without a browser."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

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


def shows(hand: Hand, words: str) -> bool:
    return words in hand.tab.html()


async def draw(hand: Hand, *strokes: Sequence[Point]) -> None:
    for stroke in strokes:
        await hand.stroke(stroke)
        await hand.has_sent_all()


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


def test_the_task_above_the_sheet_goes_on_with_the_game(server: str) -> None:
    async def visit(hand: Hand) -> None:
        for button, words in (("play", "1 of 6"), ("game_skip", "2 of 6")):
            await hand.tab.press(button)
            await hand.tab.until(partial(shows, hand, words))
        await hand.tab.press("game_stop")
        await hand.tab.until(lambda: '<div class="game-task">' not in hand.tab.html())
        assert hand.tab.has("clear")

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
