"""A visitor: a browser's page with the app on it, a hand that draws and eyes that read."""

import base64
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import dist
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import CDPSession, FilePayload, Locator, Page, expect

from browser.digits import DIGITS, Point, side_by_side

NEXT = 25  # px between two points of a mouse that is drawn by a hand, at most
SCREENSHOTS = Path(__file__).parent.parent / "screenshots"

# How many pixels of the sheet have ink on them.
INK = """canvas => {
    const shown = canvas.parentNode.querySelector('.lower-canvas')
    const {data} = shown.getContext('2d').getImageData(0, 0, shown.width, shown.height)
    let inked = 0
    for (let i = 3; i < data.length; i += 4) inked += data[i] > 0
    return inked
}"""


# Resolves when a run of the page's script that starts from now on has ended.
RERUN = """() => {
    const app = document.querySelector('.stApp')
    const state = () => app.getAttribute('data-test-script-state')
    window.rerun = new Promise(resolve => {
        let ran = false
        new MutationObserver(() => {
            ran ||= state() == 'running'
            if (ran && state() == 'notRunning') resolve()
        }).observe(app, {attributes: true})
    })
}"""


# Whether the answer is to the last message about what is drawn, and that had all of it.
SETTLED = """() => {
    const {sent, answered, isWhole} = document.querySelector('.live')?.dataset ?? {}
    return !sent || (sent === answered && isWhole === 'true')
}"""


class Visitor:
    """One open page of the app; `address` where it isn't open yet."""

    def __init__(self, page: Page, address: str = "") -> None:
        self.page = page
        self._fingers: CDPSession | None = None
        if address:
            page.goto(address)
        self.canvas.wait_for()

    @property
    def canvas(self) -> Locator:
        """What takes the pen."""
        return self.page.locator(".st-key-canvas canvas.upper-canvas")

    @property
    def answer(self) -> Locator:
        return self.page.locator(".st-key-answer")

    def box(self, locator: Locator) -> tuple[float, float, float, float]:
        """Left, top, width and height on the screen, in CSS px."""
        box = locator.bounding_box()
        assert box, f"{locator} is not shown"
        return box["x"], box["y"], box["width"], box["height"]

    # ------------------------------------------------------------ the hand

    def draw(self, digit: int) -> None:
        """Draw a digit with the mouse, over most of the sheet."""
        for stroke in DIGITS[digit]:
            self.stroke(stroke)

    def draw_number(self, number: str) -> None:
        """Draw digits side by side with the mouse."""
        for stroke in side_by_side(number):
            self.stroke(stroke)

    def touch_number(self, number: str) -> None:
        """Draw digits side by side with a finger."""
        for stroke in side_by_side(number):
            self.finger_stroke(self.on_screen(stroke))

    def stroke(self, points: Sequence[Point]) -> None:
        """One stroke with the mouse through `points`, in fractions of the sheet's sides."""
        self.page.bring_to_front()  # to a page behind another one a browser tells one move a second
        mouse = self.page.mouse
        first, *others = self.on_screen(points)
        mouse.move(*first)
        mouse.down()
        before = first
        for point in others:
            mouse.move(*point, steps=1 + int(dist(before, point) / NEXT))
            before = point
        mouse.up()

    def touch(self, digit: int) -> None:
        """Draw a digit with a finger."""
        for stroke in DIGITS[digit]:
            self.finger_stroke(self.on_screen(stroke))

    def finger_stroke(self, points: Sequence[Point]) -> None:
        """One stroke with a finger through `points` of the screen."""
        first, *others = points
        self._finger("touchStart", first)
        for point in others:
            self._finger("touchMove", point)
        self._finger("touchEnd")

    def _finger(self, event: str, *points: Point) -> None:
        self._fingers = self._fingers or self.page.context.new_cdp_session(self.page)
        at = [{"x": x, "y": y} for x, y in points]
        self._fingers.send("Input.dispatchTouchEvent", {"type": event, "touchPoints": at})

    def on_screen(self, points: Sequence[Point]) -> list[Point]:
        self.canvas.scroll_into_view_if_needed()
        left, top, width, height = self.box(self.canvas)
        return [(left + x * width, top + y * height) for x, y in points]

    def press(self, key: str) -> None:
        """Press the button with this key."""
        self.page.locator(f".st-key-{key} button").click()

    def upload(self, file: Path | FilePayload) -> None:
        """Give a picture to read."""
        self.page.locator(".st-key-upload input[type=file]").set_input_files(file)

    # ------------------------------------------------------------ the eyes

    def reads(self, digit: int | str) -> None:
        """Wait until the answer is this digit, or this number, and of all that is drawn."""
        expect(self.answer.locator(".digit")).to_have_text(str(digit))
        self.is_answered()
        expect(self.answer.locator(".digit")).to_have_text(str(digit))

    def is_answered(self) -> None:
        """Wait until the answer is to all that is drawn."""
        self.page.wait_for_function(SETTLED)

    def has_sent(self, strokes: int) -> None:
        """Wait until the canvas has sent so many strokes."""
        expect(self.page.locator(".live")).to_have_attribute("data-count", str(strokes))

    def is_at_rest(self) -> None:
        """Wait until the page's script does not run."""
        app = self.page.locator(".stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")

    def is_told(self, words: str | re.Pattern[str]) -> None:
        """Wait until the answer's place says this."""
        expect(self.answer).to_contain_text(words)

    @contextmanager
    def rerun(self) -> Iterator[None]:
        """Wait, after what is done within, until the server has answered it."""
        self.page.evaluate(RERUN)
        yield
        self.page.evaluate("window.rerun")

    def is_invited(self) -> None:
        """Wait until the answer's place invites to draw, and the sheet is blank."""
        self.is_told("Draw a digit")
        self.has_ink(0)

    def has_ink(self, amount: int) -> None:
        """Wait until so much of the sheet has ink on it."""
        has = f"([canvas, amount]) => ({INK})(canvas) == amount"
        self.page.wait_for_function(has, arg=[self.canvas.element_handle(), amount])

    def ink(self) -> int:
        """How many pixels of the sheet have ink on them."""
        inked: int = self.canvas.evaluate(INK)
        return inked

    def seen(self) -> np.ndarray:
        """The (28, 28) uint8 that the page shows as what the network sees."""
        address = self.page.locator(".st-key-seen img").get_attribute("src") or ""
        picture = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
        return np.asarray(picture)

    def screenshot(self, name: str) -> None:
        """Keep a picture of the page to look at, in a folder that git ignores."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
