"""A drawing handed on: in the page's address, and as a picture with its answer."""

import re
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import expect

from browser.digits import side_by_side
from browser.visitor import Visitor
from tests.browser.conftest import DESKTOP, Visit
from tests.support.files import encoded, payload, picture

# The sum of all layout shifts from now on that follow on nothing the visitor did just before.
SHIFTS = """() => {
    window.shifts = 0
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.shifts += entry.value
    }).observe({type: 'layout-shift'})
}"""

IN_ADDRESS = re.compile(r"\?drawing=[\w.-]+$")


def test_the_address_shows_the_same_elsewhere_and_after_a_reload(visit: Visit) -> None:
    one = visit()
    one.draw_number("42")
    one.reads("42")
    address = address_with(one, "42")
    assert len(address) < 700
    other = visit(address, viewport=DESKTOP)
    other.reads("42")
    expect(other.page).to_have_url(address)
    other.press("undo")
    other.reads(4)
    other.press("clear")
    other.is_invited()
    expect(other.page).not_to_have_url(IN_ADDRESS)
    other.draw(7)
    other.reads(7)
    address_with(other, "7")
    other.page.reload()
    other.reads(7)
    one.reads("42")


def address_with(visitor: Visitor, number: str) -> str:
    """The page's address once it has all of this number: the answer is there before it, while the
    address has the strokes that were sent until then."""
    visitor.has_sent(len(side_by_side(number)))
    expect(visitor.page).to_have_url(IN_ADDRESS)
    return visitor.page.url


def test_the_link_to_copy_is_the_address(visitor: Visitor) -> None:
    visitor.draw(3)
    visitor.reads(3)
    address = address_with(visitor, "3")
    visitor.press("share")
    expect(visitor.page.get_by_test_id("stCode")).to_have_text(address)


def test_a_reason_is_shared_with_its_drawing(visit: Visit) -> None:
    one = visit()
    one.draw(4)
    one.reads(4)
    one.page.get_by_role("link", name="Which ink mattered").click()
    one.page.get_by_role("radio", name="Break it").click()
    expect(one.page).to_have_url(re.compile(r"/why\?.*drawing=.*"))
    expect(one.page).to_have_url(re.compile("view=Break"))
    other = visit(one.page.url, lambda page, address: page.goto(address) and page)
    expect(other.locator(".about")).to_contain_text("Inkling reads 4")
    expect(other.get_by_role("radio", name="Break it")).to_be_checked()


@pytest.mark.parametrize("link", ["20.A*", "20." + "A" * 5000, "<script>", "0."])
def test_what_a_stranger_writes_is_refused_with_a_sentence(
    visit: Visit, app: str, link: str
) -> None:
    visitor = visit(f"{app}/?drawing={link}")
    expect(visitor.page.get_by_text("The drawing in this link can’t be read")).to_be_visible()
    visitor.draw(3)
    visitor.reads(3)


def test_a_drawing_is_saved_with_its_answer(visitor: Visitor, tmp_path: Path) -> None:
    visitor.draw(3)
    visitor.reads(3)
    shown = saved(visitor, tmp_path)
    assert (shown[:800] < 100).any()  # ink
    assert (shown[800:] < 100).any()  # the answer


def test_a_picture_has_no_link_and_can_be_saved(visitor: Visitor, tmp_path: Path) -> None:
    visitor.upload(payload("two.png", encoded(picture(2), "png")))
    visitor.reads(2)
    visitor.press("share")
    expect(visitor.page.get_by_text("A picture has no link")).to_be_visible()
    visitor.press("share")
    assert (saved(visitor, tmp_path)[:800] < 100).any()


def saved(visitor: Visitor, folder: Path) -> cv2.typing.MatLike:
    """The picture that Share saves, (1000, 800, 3)."""
    visitor.press("share")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Save as picture").click()
    download.value.save_as(folder / "saved.png")
    shown = cv2.imread(str(folder / "saved.png"))
    assert shown is not None
    assert shown.shape == (1000, 800, 3)
    return shown


def test_nothing_moves_as_the_number_of_digits_changes(visitor: Visitor) -> None:
    visitor.draw(4)
    visitor.reads(4)
    visitor.page.evaluate(SHIFTS)
    for number in ("42", "1984", "17"):
        visitor.press("clear")
        visitor.is_invited()
        visitor.draw_number(number)
        visitor.reads(number)
    assert visitor.page.evaluate("window.shifts") < 0.02
