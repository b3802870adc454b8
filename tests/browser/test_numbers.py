"""Several digits side by side in a real browser, and what is no digit."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from browser.digits import side_by_side
from browser.server import serving
from browser.visitor import Visitor
from tests.browser.conftest import Visit
from tests.support import strangers
from tests.support.files import encoded, payload, picture

LETTER = [(0.2, 0.8), (0.35, 0.2), (0.5, 0.7), (0.65, 0.2), (0.8, 0.8)]

BOXES = """frames => frames.map(frame => {
    const {x, y, width, height} = frame.getBoundingClientRect()
    return [x, y, width, height]
})"""


def frames(visitor: Visitor) -> Locator:
    return visitor.page.locator(".st-key-boxes i")


@pytest.mark.parametrize("number", ["1984", "42"])
def test_a_number_is_read_and_framed(visitor: Visitor, number: str) -> None:
    visitor.draw_number(number)
    visitor.reads(number)
    visitor.has_sent(len(side_by_side(number)))  # the frames come with the canvas' own message
    visitor.is_at_rest()
    expect(frames(visitor)).to_have_count(len(number))
    left, top, side, _ = visitor.box(visitor.canvas)
    for place, (x, y, width, height) in enumerate(frames(visitor).evaluate_all(BOXES)):
        middle = left + side * (place + 0.5) / len(number)
        assert x < middle < x + width
        assert y < top + side / 2 < y + height
        assert width < side / len(number) * 1.2
    rows = visitor.answer.locator("ol.digits > li")
    assert [row.locator("b").first.inner_text() for row in rows.all()] == list(number)
    assert rows.locator("ol.bars li").count() == 11 * len(number)
    assert visitor.page.locator(".st-key-seen img").count() == len(number)
    visitor.screenshot(f"number-{number}")


def test_one_digit_of_two_strokes_has_no_frame(visitor: Visitor) -> None:
    for digit in (5, 4):
        visitor.draw(digit)
        visitor.reads(digit)
        expect(frames(visitor)).to_have_count(0)
        visitor.press("clear")
        visitor.is_invited()


def test_the_frames_are_out_of_the_pens_way(visitor: Visitor) -> None:
    """Over a frame the pen draws on, and the answer follows what is drawn and taken off."""
    visitor.draw_number("17")
    visitor.reads("17")
    visitor.press("undo")
    visitor.reads(1)
    expect(frames(visitor)).to_have_count(0)
    visitor.press("clear")
    visitor.is_invited()
    visitor.draw_number("11")
    visitor.reads("11")
    visitor.stroke([(0.1, 0.5), (0.4, 0.5)])
    expect(visitor.answer).not_to_contain_text("11\n", use_inner_text=True)
    visitor.press("clear")
    visitor.is_invited()
    expect(frames(visitor)).to_have_count(0)


def test_a_finger_writes_a_number_on_a_phone(phone: Visitor) -> None:
    phone.touch_number("42")
    phone.reads("42")
    expect(frames(phone)).to_have_count(2)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    left, _, side, _ = phone.box(phone.canvas)
    for x, _, width, _ in frames(phone).evaluate_all(BOXES):
        assert left <= x
        assert x + width <= left + side
    phone.screenshot("number-phone")


def test_a_long_number_fits_in_the_dark_too(visit: Visit) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, color_scheme="dark")
    visitor.draw_number("170042")
    visitor.reads("170042")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 390
    visitor.screenshot("number-dark")


def test_a_pictures_number_is_framed_on_the_sheet_that_shows_it(visitor: Visitor) -> None:
    visitor.upload(payload("38.png", encoded(np.hstack([picture(3), picture(8)]), "png")))
    visitor.reads("38")
    expect(frames(visitor)).to_have_count(2)
    left, _, side, _ = visitor.box(visitor.canvas)
    (three, _, width, _), (eight, *_) = frames(visitor).evaluate_all(BOXES)
    assert left <= three < three + width < left + side / 2 < eight < left + side


# ---------------------------------------------------------------- no digit


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose network takes all it sees for no digit, with a probability of 0.99."""
    path: Path = tmp_path_factory.mktemp("model") / "stranger.keras"
    strangers.network().save(path)
    with serving(INKLING_MODEL=str(path)) as address:
        yield address


def test_what_is_no_digit_is_told_kindly(visit: Visit, stranger: str) -> None:
    visitor = visit(stranger)
    visitor.stroke(LETTER)
    visitor.is_told("does not look like a digit")
    visitor.is_told("nearest to a 0")
    assert visitor.answer.locator("li").count() == 11
    heights = visitor.answer.locator("li i").evaluate_all("bars => bars.map(b => b.clientHeight)")
    track = visitor.answer.locator("ol.bars").bounding_box()
    assert track
    assert max(heights[:10]) < 0.5 * track["height"] < heights[10]
    expect(visitor.answer).not_to_contain_text("sure")
    visitor.screenshot("stranger")
