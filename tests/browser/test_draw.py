"""The Draw page in a real browser: what is drawn with the mouse is read."""

import numpy as np
import pytest
from playwright.sync_api import expect

from browser.digits import DIGITS
from browser.server import serving
from browser.visitor import Visitor
from tests.browser.conftest import DESKTOP, Visit

DOT = [(0.5, 0.5), (0.501, 0.5)]
SLASH = [(0.1, 0.9), (0.9, 0.1)]


def test_each_digit_is_read_after_the_other(visitor: Visitor) -> None:
    for digit in (*range(10), 9):
        visitor.draw(digit)
        visitor.reads(digit)
        visitor.screenshot(f"digit-{digit}")
        visitor.press("clear")
        visitor.is_invited()


def test_a_blank_sheet_invites_to_draw(visitor: Visitor) -> None:
    visitor.is_invited()
    assert visitor.answer.locator("li").count() == 11
    visitor.screenshot("blank")


def test_the_answer_gives_eleven_probabilities(visitor: Visitor) -> None:
    visitor.draw(3)
    visitor.reads(3)
    bars = visitor.answer.locator("li")
    heights = bars.locator("i").evaluate_all("bars => bars.map(bar => bar.clientHeight)")
    assert len(heights) == 11
    assert heights.index(max(heights)) == 3
    labels = bars.evaluate_all("bars => bars.map(bar => bar.getAttribute('aria-label'))")
    assert [label.split(":")[0] for label in labels] == [*"0123456789", "none"]


def test_undo_takes_off_the_last_stroke(visitor: Visitor) -> None:
    visitor.draw(7)
    visitor.reads(7)
    visitor.has_sent(1)
    ink = visitor.ink()
    seen = visitor.page.locator(".st-key-seen img")
    before = str(seen.get_attribute("src"))
    visitor.stroke(SLASH)
    expect(seen).not_to_have_attribute("src", before)
    visitor.press("undo")
    expect(seen).to_have_attribute("src", before)
    visitor.reads(7)
    visitor.has_ink(ink)
    visitor.press("undo")
    visitor.is_invited()


def test_undo_on_a_blank_sheet_does_nothing(visitor: Visitor) -> None:
    visitor.press("undo")
    visitor.press("undo")
    visitor.is_invited()
    visitor.draw(5)
    visitor.reads(5)


def test_a_double_click_on_clear(visitor: Visitor) -> None:
    visitor.draw(6)
    visitor.page.locator(".st-key-clear button").dblclick()
    visitor.is_invited()
    visitor.draw(9)
    visitor.reads(9)


def test_clear_before_the_stroke_was_sent(visitor: Visitor) -> None:
    """The canvas sends a stroke a fifth of a second after the pen was lifted."""
    visitor.draw(1)
    visitor.press("clear")
    visitor.is_invited()
    visitor.draw(0)
    visitor.reads(0)


def test_clear_while_the_pen_is_down(visitor: Visitor) -> None:
    visitor.draw(4)
    visitor.reads(4)
    start, end = visitor.on_screen(SLASH)
    visitor.page.mouse.move(*start)
    visitor.page.mouse.down()
    visitor.page.locator(".st-key-clear button").press("Enter")
    visitor.is_told("Draw a digit")
    visitor.page.mouse.move(*end, steps=5)
    visitor.page.mouse.up()
    visitor.press("clear")
    visitor.is_invited()
    visitor.draw(3)
    visitor.reads(3)


def test_a_dot_is_no_digit(visitor: Visitor) -> None:
    visitor.stroke(DOT)
    visitor.is_told("A dot is not a digit")
    visitor.page.mouse.click(*visitor.on_screen(DOT)[0], click_count=3)
    visitor.is_told("A dot is not a digit")
    visitor.screenshot("dot")
    visitor.press("clear")
    visitor.draw(7)
    visitor.reads(7)


@pytest.mark.parametrize("key", ["Home", "End"])
def test_the_pens_width_changes_the_sheet_not_what_is_seen(visitor: Visitor, key: str) -> None:
    visitor.draw(3)
    visitor.reads(3)
    ink, seen = visitor.ink(), visitor.seen()
    visitor.press("clear")
    visitor.is_invited()
    with visitor.rerun():
        visitor.page.get_by_role("slider").press(key)
    visitor.draw(3)
    visitor.reads(3)
    assert (visitor.ink() > ink) == (key == "End")
    # Fabric bends a path by a thousandth of its width.
    np.testing.assert_allclose(visitor.seen().astype(int), seen, atol=16)


def test_the_page_after_a_reload_is_fresh(visitor: Visitor) -> None:
    visitor.draw(3)
    visitor.page.reload()
    visitor.is_invited()
    visitor.draw(6)
    visitor.reads(6)


def test_two_visitors_draw_at_once(visit: Visit) -> None:
    one, other = visit(), visit(viewport=DESKTOP)  # each in a window of its own
    one.draw(2)
    other.draw(9)
    one.reads(2)
    other.reads(9)
    ink = other.ink()
    one.press("clear")
    one.is_invited()
    other.reads(9)
    other.has_ink(ink)


def test_a_window_is_resized(visitor: Visitor) -> None:
    visitor.draw(8)
    visitor.reads(8)
    ink = visitor.ink()
    for width in (1920, 800, 360):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.has_ink(ink)
        left, _, side, _ = visitor.box(visitor.canvas)
        assert left >= 0
        assert left + side <= width
        visitor.press("clear")
        visitor.is_invited()
        visitor.draw(8)
        visitor.reads(8)
        ink = visitor.ink()


def test_nothing_is_fetched_from_elsewhere(visit: Visit, app: str) -> None:
    visitor = visit()
    requests: list[str] = []
    visitor.page.on("request", lambda request: requests.append(request.url))
    visitor.page.reload()
    visitor.draw(1)
    visitor.reads(1)
    assert [url for url in requests if not url.startswith((app, "data:", "blob:"))] == []


def test_it_is_read_while_the_pen_is_down(visitor: Visitor) -> None:
    visitor.draw(1)
    visitor.reads(1)
    visitor.press("clear")
    visitor.is_invited()
    mouse, points = visitor.page.mouse, visitor.on_screen(DIGITS[3][0])
    mouse.move(*points[0])
    mouse.down()
    for point in points[1:]:
        mouse.move(*point, steps=4)
    expect(visitor.answer.locator(".digit")).to_have_text("3")  # and the pen is still down
    assert visitor.ink() == 0
    mouse.up()
    visitor.reads(3)


def test_what_the_canvas_sends_is_what_was_read_already(visitor: Visitor) -> None:
    visitor.draw(4)
    visitor.reads(4)
    visitor.press("clear")
    visitor.is_invited()
    visitor.draw(3)
    visitor.reads(3)
    live = visitor.seen()
    visitor.has_sent(1)
    np.testing.assert_array_equal(visitor.seen(), live)


def test_a_host_can_switch_reading_while_drawing_off(visit: Visit) -> None:
    with serving(INKLING_LIVE="off") as address:
        visitor = visit(address)
        visitor.draw(3)
        visitor.reads(3)
        mouse, points = visitor.page.mouse, visitor.on_screen(DIGITS[3][0])
        visitor.press("clear")
        visitor.is_invited()
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=4)
        visitor.is_invited()
        mouse.up()
        visitor.reads(3)


def test_each_step_is_undone_and_redone(visitor: Visitor) -> None:
    redo = visitor.page.locator(".st-key-redo button")
    visitor.draw(4)  # two strokes
    visitor.reads(4)
    visitor.has_sent(2)
    ink = visitor.ink()
    visitor.press("clear")
    visitor.is_invited()
    visitor.page.get_by_role("button", name="42", exact=True).click()
    visitor.reads("42")
    visitor.page.keyboard.press("Control+z")
    visitor.is_invited()
    visitor.press("undo")
    visitor.reads(4)
    visitor.has_ink(ink)
    visitor.press("undo")
    visitor.has_sent(1)
    visitor.page.keyboard.press("Control+Shift+z")
    visitor.has_sent(2)
    visitor.has_ink(ink)
    visitor.page.keyboard.press("Control+y")
    visitor.is_invited()
    visitor.press("redo")
    visitor.reads("42")
    expect(redo).to_be_disabled()
    visitor.press("undo")
    visitor.is_invited()
    expect(redo).to_be_enabled()
    visitor.draw(7)
    visitor.reads(7)
    expect(redo).to_be_disabled()  # something else was drawn since


@pytest.mark.parametrize(
    ("example", "answer"), [("Crossed 7", "7"), ("42", "42"), ("A photo", "5")]
)
def test_examples_are_read_at_a_tap(visitor: Visitor, example: str, answer: str) -> None:
    visitor.page.get_by_role("button", name=example, exact=True).click()
    visitor.reads(answer)


def test_a_letter_is_none(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="A letter", exact=True).click()
    visitor.is_told("does not look like a digit")


def test_the_canvas_has_no_tools_of_its_own(visitor: Visitor) -> None:
    visitor.draw(7)
    visitor.reads(7)
    visitor.canvas.hover()
    expect(visitor.page.locator(".st-key-sheet .dc-toolbar")).to_be_hidden()
