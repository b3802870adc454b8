"""The drawing outlives a visit to another page."""

from playwright.sync_api import expect

from tests.browser.hand import Visitor


def test_the_drawing_is_still_there_after_a_visit_elsewhere(visitor: Visitor) -> None:
    for digit in (4, 6):
        visitor.draw(digit)
        visitor.reads(digit)
        ink = visitor.ink()
        visitor.page.get_by_role("link", name="Train").click()
        expect(visitor.canvas).to_have_count(0)
        visitor.page.get_by_role("link", name="Draw").click()
        visitor.reads(digit)
        visitor.has_ink(ink)
        visitor.press("clear")
        visitor.is_invited()
