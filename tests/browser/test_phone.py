"""The Draw page on a phone, under a finger, and in both themes."""

import re

import pytest
from playwright.sync_api import expect

from browser.visitor import Visitor
from tests.browser.conftest import PHONE, Visit

# The contrast (WCAG 2) of the words in the answer with what lies behind them.
CONTRASTS = """() => {
    const rgb = colour => {
        const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
        canvas.fillStyle = colour
        canvas.fillRect(0, 0, 1, 1)
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
    }
    const luminance = colour => rgb(colour)
        .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
    const behind = luminance(getComputedStyle(document.querySelector('.stApp')).backgroundColor)
    const words = '.digit, .verdict p, .verdict b, .bars b, .bars span, figcaption, figcaption b'
    return [...document.querySelectorAll(words)].map(element => {
        const front = luminance(getComputedStyle(element).color)
        return (Math.max(front, behind) + 0.05) / (Math.min(front, behind) + 0.05)
    })
}"""


def test_digits_drawn_with_a_finger_are_read(visit: Visit) -> None:
    visitor = visit(**PHONE | {"viewport": {"width": 360, "height": 780}})
    for digit in (4, 7):
        visitor.touch(digit)
        visitor.reads(digit)
        visitor.page.locator(".st-key-clear button").tap()
        visitor.is_invited()


def test_the_page_stays_put_under_the_finger(phone: Visitor) -> None:
    page = phone.page
    at = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
    left, top, side, _ = phone.box(phone.canvas)
    middle = left + side / 2
    phone.finger_stroke([(middle, top + side * y / 20) for y in range(19, 0, -1)])
    phone.reads(1)
    assert phone.box(phone.canvas)[:2] == (left, top)
    after = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
    assert after == at


def test_beside_the_sheet_a_finger_scrolls(phone: Visitor) -> None:
    phone.is_invited()
    left, top, side, _ = phone.box(phone.answer)
    x, y = left + side / 2, top + 150
    phone.finger_stroke([(x, y - 20 * step) for step in range(20)])
    phone.page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 50")


@pytest.mark.parametrize("width", [360, 390])
def test_all_fits_and_can_be_hit(visit: Visit, width: int) -> None:
    visitor = visit(**PHONE | {"viewport": {"width": width, "height": 780}})
    for key in ("undo", "clear"):
        _, _, wide, high = visitor.box(visitor.page.locator(f".st-key-{key} button"))
        assert wide >= 44
        assert high >= 44
    left, _, side, height = visitor.box(visitor.canvas)
    assert left >= 0
    assert left + side <= width
    assert side == pytest.approx(height)
    assert side >= 300
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == width


def test_the_answer_is_in_sight_while_drawing(phone: Visitor) -> None:
    phone.touch(5)
    phone.reads(5)
    _, top, _, height = phone.box(phone.page.locator(".verdict"))
    assert top + height <= 844
    phone.screenshot("phone")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_both_themes_can_be_read(visit: Visit, theme: str, width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 844}, color_scheme=theme)
    visitor.draw(2)
    visitor.reads(2)
    visitor.page.mouse.move(1, 1)
    app = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    background = visitor.page.evaluate(app)
    dark = sum(int(part) for part in re.findall(r"\d+", background)[:3]) < 3 * 128
    assert dark == (theme == "dark")
    assert min(visitor.page.evaluate(CONTRASTS)) >= 4.5
    visitor.screenshot(f"{theme}-{width}")


def test_the_sheet_is_the_same_paper_in_both_themes(visit: Visit) -> None:
    sheet = "getComputedStyle(document.querySelector('.st-key-sheet')).backgroundColor"
    papers = {visit(color_scheme=theme).page.evaluate(sheet) for theme in ("light", "dark")}
    assert len(papers) == 1


def test_the_menu_closes_after_a_choice(visit: Visit) -> None:
    """Also where the browser doesn't call itself mobile."""
    page = visit(viewport={"width": 390, "height": 844}).page
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Batch").click()
    expect(page).to_have_title("Batch · Inkling")
    expect(page.get_by_test_id("stSidebarNavLink").first).not_to_be_in_viewport()


def test_the_theme_is_another_at_a_tap_and_stays(visitor: Visitor) -> None:
    page, app = visitor.page, visitor.page.locator(".stApp")
    visitor.draw(4)
    page.get_by_role("button", name="To the dark theme").click()
    expect(app).to_have_css("color-scheme", "dark")
    visitor.reads(4)  # nothing was loaded anew
    visitor.screenshot("theme")
    page.reload()
    expect(app).to_have_css("color-scheme", "dark")
    page.get_by_role("button", name="To the light theme").click()
    expect(app).to_have_css("color-scheme", "light")
    expect(page.get_by_test_id("stMainMenuList")).to_have_count(0)


@pytest.mark.parametrize("size", [(768, 1024), (1180, 820)])
def test_the_sheet_fills_a_tablet(visit: Visit, size: tuple[int, int]) -> None:
    width, height = size
    visitor = visit(viewport={"width": width, "height": height}, has_touch=True)
    before = visitor.box(visitor.canvas)
    visitor.page.locator(".st-key-fill button").tap()
    visitor.touch(7)
    visitor.reads(7)
    _, _, side, _ = visitor.box(visitor.canvas)
    assert side > 1.3 * before[2]
    for part in (visitor.page.locator(".verdict"), visitor.page.locator(".st-key-undo button")):
        x, y, wide, high = visitor.box(part)
        assert x >= 0
        assert x + wide <= width
        assert y + high <= height
    visitor.screenshot(f"full-{width}")
    visitor.page.locator(".st-key-fill button").tap()
    expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    assert visitor.box(visitor.canvas) == before
    visitor.reads(7)
