"""The drawing outlives a visit to another page."""

from playwright.sync_api import expect

from browser.visitor import Visitor
from tests.support.files import encoded, payload, picture


def go_elsewhere_and_back(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="Train").click()
    expect(visitor.canvas).to_have_count(0)
    visitor.page.get_by_role("link", name="Draw", exact=True).click()


def test_the_drawing_is_still_there_after_a_visit_elsewhere(visitor: Visitor) -> None:
    for digit in (4, 6):
        visitor.draw(digit)
        visitor.reads(digit)
        ink = visitor.ink()
        go_elsewhere_and_back(visitor)
        visitor.reads(digit)
        visitor.has_ink(ink)
        visitor.press("clear")
        visitor.is_invited()


def test_a_picture_too_and_under_it_the_drawing(visitor: Visitor) -> None:
    visitor.draw(4)
    visitor.reads(4)
    visitor.upload(payload("two.png", encoded(picture(2), "png")))
    visitor.reads(2)
    go_elsewhere_and_back(visitor)
    visitor.reads(2)
    visitor.press("undo")
    visitor.reads(4)


def test_a_link_tapped_at_once_leads_there_and_loses_nothing(visitor: Visitor) -> None:
    """Before the canvas has sent what was drawn."""
    for digit in (3, 7, 8):
        visitor.draw(digit)
        visitor.page.get_by_role("link", name="Which ink mattered").click()
        expect(visitor.page.locator(".st-key-mattered img")).to_have_count(2)
        visitor.page.get_by_role("link", name="Draw", exact=True).click()
        visitor.reads(digit)
        visitor.press("clear")
        visitor.is_invited()


def test_two_hundred_fast_strokes_are_all_there(visitor: Visitor) -> None:
    """They come faster than the canvas sends any."""
    left, top, side, _ = visitor.box(visitor.canvas)
    mouse = visitor.page.mouse
    for i in range(200):
        x = left + side * (0.1 + 0.8 * i / 200)
        mouse.move(x, top + 0.1 * side)
        mouse.down()
        mouse.move(x, top + (0.5 + 0.4 * (i % 2)) * side)
        mouse.up()
    visitor.is_told("too much ink")
    visitor.is_answered()
    ink = visitor.ink()
    go_elsewhere_and_back(visitor)
    visitor.has_ink(ink)
    visitor.press("undo")
    visitor.has_sent(199)
    visitor.press("clear")
    visitor.is_invited()
    visitor.draw(8)
    visitor.reads(8)
