"""axe-core finds nothing on any page that is ours to mend, in both themes."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.visitor import Visitor
from tests.browser.conftest import PHONE, Visit

# Its place for a file has the role of a presentation, and a name.
STREAMLITS = {"presentation-role-conflict": {"enabled": False}}
# The pages, and what is there last on each.
PAGES = {
    "Why": ".st-key-why_shown img",
    "Drawings": "[data-testid=stFileUploaderDropzone]",
    "Train": ".st-key-retrain",
    "Runs": "[data-testid=stPageLink-NavLink]",
    "Batch": "[data-testid=stFileUploaderDropzone]",
}


def found(page: Page) -> list[str]:
    """What axe finds: the rule, where, and the element."""
    violations = Axe().run(page, options={"rules": STREAMLITS}).response["violations"]
    return [
        f"{rule['id']}: {node['target']}: {node['html'][:200]}"
        for rule in violations
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(visit: Visit, theme: str) -> None:
    visitor = visit(color_scheme=theme)
    visitor.draw(4)
    visitor.reads(4)
    page = visitor.page
    assert found(page) == []
    for name, key in PAGES.items():
        page.get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_title(f"{name} · Inkling")
        expect(page.locator(key).first).to_be_visible()
        assert found(page) == [], name


def test_the_answer_is_said_in_one_place_that_stays(visitor: Visitor) -> None:
    said = visitor.page.locator(".st-key-live [role=status]")
    place = said.element_handle()
    for digit in (4, 7):
        visitor.draw(digit)
        visitor.reads(digit)
        expect(said).to_contain_text(f"{digit}. ")
        visitor.press("clear")
        visitor.is_invited()
        expect(said).to_contain_text("Your turn")
    assert place.evaluate("place => place.isConnected")
    assert visitor.page.locator("[role=status] .digit").count() == 0


def test_while_the_pen_is_down_only_another_digit_is_said(visitor: Visitor) -> None:
    visitor.draw(1)
    visitor.reads(1)
    said = visitor.page.locator(".st-key-live [role=status]")
    expect(said).to_contain_text("1. ")
    visitor.page.evaluate("""() => {
        const place = document.querySelector('.st-key-live [role=status]')
        window.said = []
        new MutationObserver(() => window.said.push(place.textContent.split('. ')[0]))
            .observe(place, {childList: true, characterData: true, subtree: true})
    }""")
    mouse = visitor.page.mouse
    points = visitor.on_screen([(0.5, 0.85 - y / 100) for y in range(40)])
    mouse.move(*points[0])
    mouse.down()
    for point in points:
        mouse.move(*point)
    said_so_far = visitor.page.evaluate("window.said")
    mouse.up()
    assert all(one != other for one, other in pairwise(said_so_far))


def test_a_digit_is_drawn_by_the_keyboard(visitor: Visitor) -> None:
    """And gives the same ink as the mouse."""
    sheet = visitor.page.get_by_role("application", name="Sheet of paper")
    hint, said = (visitor.page.locator(f".sheet {of}") for of in (".keys", "[role=status]"))
    expect(hint).to_be_hidden()
    visitor.page.get_by_role("link", name="Batch").focus()
    while not sheet.evaluate("sheet => sheet.matches(':focus')"):
        visitor.page.keyboard.press("Tab")
    expect(hint).to_be_visible()
    keys = visitor.page.keyboard

    def go(key: str, times: int) -> None:
        for _ in range(times):
            keys.press(key)

    go("ArrowLeft", 8)
    keys.press("Space")
    expect(said).to_have_text("Pen down: 30, 20")
    go("ArrowRight", 16)
    keys.down("ArrowLeft")
    go("ArrowDown", 6)  # aslant
    keys.up("ArrowLeft")
    go("ArrowDown", 14)
    visitor.is_told("sure")  # while the pen is down
    visitor.screenshot("keyboard")
    keys.press("Space")
    visitor.reads(7)
    visitor.has_sent(1)
    seen = visitor.seen()
    keys.press("Control+z")
    visitor.is_invited()
    places = [
        *((0.3 + n / 40, 0.2) for n in range(17)),
        (0.675, 0.2),
        *((0.675 - n / 40, 0.2 + n / 40) for n in range(1, 7)),
        *((0.525, 0.35 + n / 40) for n in range(1, 15)),
    ]
    visitor.stroke(places)
    visitor.reads(7)
    np.testing.assert_allclose(visitor.seen().astype(int), seen, atol=24)


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_whatever_can_be_tapped_is_as_high_as_a_fingertip(
    visit: Visit, options: dict[str, Any]
) -> None:
    visitor = visit(**options)
    visitor.page.get_by_role("button", name="42", exact=True).click()
    visitor.reads("42")
    page = visitor.page
    expect(page.locator(".st-key-which button")).to_have_count(2)
    buttons = page.locator("[data-testid=stMain] :is(button, [data-testid=stPageLink-NavLink])")
    heights = buttons.evaluate_all("all => all.map(one => [one.innerText, one.clientHeight])")
    assert [(words, high) for words, high in heights if 0 < high < 42] == []  # and the border
