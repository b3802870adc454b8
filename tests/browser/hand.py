"""A visitor: a browser's page with the app on it, a hand that draws and eyes that read."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.digits import DIGITS, Point

SCREENSHOTS = Path(__file__).parent.parent.parent / "screenshots"


class Visitor:
    """One open page of the app."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        self.canvas.wait_for()

    @property
    def canvas(self) -> Locator:
        """What takes the pen."""
        return self.page.locator(".st-key-canvas canvas.upper-canvas")

    @property
    def answer(self) -> Locator:
        return self.page.locator(".st-key-answer")

    def draw(self, digit: int, size: float = 1.0) -> None:
        """Draw a digit with the mouse, in the middle of the sheet."""
        for stroke in DIGITS[digit]:
            self.stroke([(0.5 + (x - 0.5) * size, 0.5 + (y - 0.5) * size) for x, y in stroke])

    def stroke(self, points: Sequence[Point]) -> None:
        """One stroke with the mouse through `points`, in fractions of the sheet's sides."""
        mouse = self.page.mouse
        first, *others = self.on_screen(points)
        mouse.move(*first)
        mouse.down()
        for point in others:
            mouse.move(*point, steps=3)
        mouse.up()

    def on_screen(self, points: Sequence[Point]) -> list[Point]:
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        assert box
        return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]

    def press(self, key: str) -> None:
        """Press the button with this key."""
        self.page.locator(f".st-key-{key} button").click()

    def reads(self, digit: int) -> None:
        """Wait until this is the answer."""
        expect(self.answer).to_have_text(re.compile(rf"^{digit}\n"), use_inner_text=True)

    def is_told(self, words: str) -> None:
        """Wait until the answer's place says this."""
        expect(self.answer).to_contain_text(words)

    def invited(self) -> None:
        """Wait until the answer's place invites to draw."""
        self.is_told("Draw a digit")

    def ink(self) -> int:
        """How many pixels of the sheet are inked."""
        inked = """canvas => {
            const shown = canvas.parentNode.querySelector('.lower-canvas')
            const {data} = shown.getContext('2d').getImageData(0, 0, shown.width, shown.height)
            return data.filter((value, i) => i % 4 == 3 && value > 0).length
        }"""
        count: int = self.canvas.evaluate(inked)
        return count

    def has_ink(self, yes: bool = True) -> None:
        """Wait until the sheet is drawn on, or blank."""
        inked = """([canvas, yes]) => {
            const shown = canvas.parentNode.querySelector('.lower-canvas')
            const {data} = shown.getContext('2d').getImageData(0, 0, shown.width, shown.height)
            return data.some((value, i) => i % 4 == 3 && value > 0) == yes
        }"""
        self.page.wait_for_function(inked, arg=[self.canvas.element_handle(), yes])

    def screenshot(self, name: str) -> None:
        """Keep a picture of the page to look at, in a folder that git ignores."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
