"""A lesson: a teacher and three pupils, each in a browser of one's own; a screen in a museum."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from browser.server import serving
from browser.visitor import SCREENSHOTS, Visitor
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.test_access import found
from tests.browser.watcher import PATIENCE, Watcher
from tests.support import digits

WALL = {"viewport": {"width": 1920, "height": 1080}}
# As the network that ships has never seen one: a 7 that looks the other way.
MIRRORED = [(0.7, 0.12), (0.3, 0.12), (0.62, 0.9)]


class Member(Watcher):
    """Somebody on the Rooms page."""

    where = "rooms"

    def joins(self, code: str) -> None:
        self.at("room_code").locator("input").fill(code)
        self.press("join_room")
        expect(self.at("leave_room")).to_be_visible()

    def joins_not(self, key: str) -> None:
        """By a key that opens nothing any more."""
        self.at("room_code").locator("input").fill(key)
        self.press("join_room")
        expect(self.page.get_by_role("alert")).to_contain_text("no room with this key")

    def goes_to(self, page: str) -> None:
        self.page.get_by_test_id("stMain").get_by_role("link", name=page, exact=True).click()


class Album(Watcher):
    """Somebody on the Drawings page."""

    where = "drawings"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with few digits for MNIST, on which nobody is the host."""
    with school(tmp_path_factory.mktemp("rooms"), "") as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Such a server on either kind of database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("address")
        return
    with school(tmp_path, request.getfixturevalue("postgresql").new()) as address:
        yield address


@contextmanager
def school(folder: Path, database: str) -> Iterator[str]:
    (folder / "few.npz").write_bytes(digits.npz(1200))
    settings = {"MNIST_PATH": str(folder / "few.npz"), "INKLING_MANAGING": "off"}
    with serving(INKLING_DATABASE=database, **settings) as address:
        yield address


def code_on(wall: Page) -> str:
    """The code in the QR picture, as a camera sees it."""
    shown = wall.locator("img[alt^='QR code']").screenshot()
    picture = cv2.imdecode(np.frombuffer(shown, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    text, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    return parse_qs(urlparse(text).query)["room"][0]


def draws_mirrored(pupil: Visitor, lower: float = 0.0) -> None:
    pupil.stroke([(x, y + lower * (y - 0.12)) for x, y in MIRRORED])
    pupil.is_answered()
    expect(pupil.answer.locator(".verdict")).to_be_visible()


def saves(pupil: Visitor, digit: int) -> None:
    pupil.press(f"is-{digit}")
    expect(pupil.page.locator(".st-key-saved")).to_contain_text(f"Saved as {digit}")


def shown_on(board: Page, what: str, words: str | re.Pattern[str]) -> None:
    expect(board.locator(f".board {what}").first).to_have_text(words)


def test_a_lesson(visit: Visit, either: str) -> None:
    address = either
    teacher = visit(address, Member, **WALL)
    teacher.at("room_name").locator("input").fill("7b")
    teacher.at("room_approval").locator("label").click()
    teacher.press("make_room")
    code = code_on(teacher.page)
    expect(teacher.at("invitation").locator("strong")).to_have_text(f"{code[:3]} {code[3:]}")

    board = teacher.page.context.new_page()
    board.goto(f"{address}/board")
    shown_on(board, ".people", "0")

    by_code = visit(address, Member, **PHONE)
    by_code.at("room_code").locator("input").fill("ABCDEF")
    by_code.press("join_room")
    expect(by_code.page.get_by_role("alert")).to_contain_text("never was one; wanted")
    by_code.joins(f"{code[:3].lower()} {code[3:]}")
    by_code.goes_to("Draw")
    pupils = [Visitor(by_code.page)]
    pupils += [visit(f"{address}/?room={code}", viewport=DESKTOP) for _ in range(2)]
    for pupil in pupils:
        expect(pupil.page.locator("p.room")).to_contain_text("7b Draw a 7")
        draws_mirrored(pupil)
        saves(pupil, 7)

    shown_on(board, ".people", "0")  # nothing counts yet
    expect(teacher.at("pending")).to_contain_text("3 drawings to approve")
    teacher.screenshot("rooms-pending")
    teacher.press("approve_all")
    shown_on(board, ".people", "3")
    shown_on(board, ".drawings", "3")
    shown_on(board, ".right", "0")
    shown_on(board, ".hardest", "7")
    shown_on(board, ".confusions b", "7")
    board.screenshot(path=SCREENSHOTS / "board-wall.png")

    teacher.press("teach_now")
    expect(teacher.at("lesson")).to_contain_text("In use in this room", timeout=PATIENCE)
    expect(teacher.at("lesson")).to_contain_text(re.compile(r"class’s drawings\s*\d+ → \d+ %"))
    teacher.page.reload()  # by what the browser keeps it is the same teacher in the same room
    expect(teacher.at("lesson")).to_contain_text("In use in this room")
    teacher.screenshot("rooms-taught")
    for pupil in pupils:
        pupil.press("clear")
        pupil.is_invited()
        draws_mirrored(pupil, -0.1)
        pupil.reads(7)
    saves(pupils[0], 7)
    stranger = visit(address, viewport=DESKTOP)
    draws_mirrored(stranger)
    expect(stranger.answer.locator(".digit", has_text="7")).to_have_count(0)

    teacher.press("approve_all")
    expect(board.locator(".change strong").nth(0)).to_have_text("0 %")
    expect(board.locator(".change strong").nth(1)).to_have_text("100 %")
    board.screenshot(path=SCREENSHOTS / "board-taught.png")
    teacher.press("wipe_room")
    teacher.press("wipe_room_now")
    expect(teacher.page.get_by_text("was wiped. It is kept for a day")).to_be_visible()
    expect(board.get_by_text("This room is over")).to_be_visible()
    pupils[1].press("is-7")
    expect(pupils[1].page.locator(".st-key-saved")).to_contain_text("This room is over")
    pupils[2].page.reload()
    expect(pupils[2].page.get_by_text("The room that you were in is over")).to_be_visible()


def test_what_learns_from_my_drawings_answers_me_alone(visit: Visit, address: str) -> None:
    visitor = visit(address, viewport=DESKTOP)
    draws_mirrored(visitor)
    saves(visitor, 7)
    visitor.page.get_by_role("link", name="Drawings", exact=True).click()
    album = Album(visitor.page)
    album.press("teach_now")
    expect(album.at("lesson")).to_contain_text("In use for you", timeout=PATIENCE)
    expect(album.at("lesson")).to_contain_text("It answers you alone")
    album.screenshot("drawings-own-network")
    visitor.page.goto(address)
    draws_mirrored(visitor, -0.1)
    visitor.reads(7)
    stranger = visit(address, viewport=DESKTOP)
    draws_mirrored(stranger)
    expect(stranger.answer.locator(".digit", has_text="7")).to_have_count(0)
    stranger.page.goto(f"{address}/runs")
    expect(stranger.page.get_by_text("There are none yet")).to_be_visible()

    visitor.page.goto(f"{address}/drawings")
    album.press("use_in_room")
    expect(album.at("use")).to_contain_text("Use it for me")
    visitor.page.goto(address)
    draws_mirrored(visitor)
    expect(visitor.answer.locator(".digit", has_text="7")).to_have_count(0)


def test_a_key_opens_the_room_in_another_browser(visit: Visit, address: str) -> None:
    teacher = visit(address, Member, viewport=DESKTOP)
    teacher.at("room_name").locator("input").fill("Keys")
    teacher.press("make_room")
    teacher.press("make_key")
    key = teacher.at("new_key").locator("code").inner_text()
    saved = teacher.download("save_key").path().read_text()
    assert key in saved
    assert "“Keys”" in saved
    teacher.screenshot("rooms-key")
    teacher.press("has_key")
    expect(teacher.at("new_key")).to_have_count(0)

    elsewhere = visit(address, Member, **PHONE)
    elsewhere.at("room_code").locator("input").fill(key.lower())
    elsewhere.press("join_room")
    expect(elsewhere.at("wipe_room")).to_be_visible()
    teacher.page.reload()
    expect(teacher.page.get_by_role("heading", name="Keys")).to_be_visible()
    expect(teacher.at("wipe_room")).to_have_count(0)
    elsewhere.press("drop_key")
    expect(elsewhere.at("drop_key")).to_have_count(0)
    teacher.press("leave_room")
    teacher.joins_not(key)


def test_a_screen_in_a_museum_opens_anew_when_nobody_touches_it(visit: Visit, address: str) -> None:
    visitor = visit(f"{address}/?mode=kiosk", **PHONE)
    page = visitor.page
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    page.clock.install()
    visitor.touch(4)
    visitor.reads(4)
    page.locator(".st-key-right button").tap()
    expect(page.locator(".st-key-saved")).to_contain_text("Saved as 4")
    assert "inkling" not in page.evaluate("document.cookie")  # the next one is somebody else
    page.get_by_role("link", name="Which ink mattered").tap()
    expect(page.get_by_role("link", name="Draw", exact=True)).to_be_visible()
    page.clock.fast_forward(59_000)
    expect(page).to_have_title("Why · Inkling")
    page.clock.fast_forward(2_000)
    page.wait_for_url(f"{address}/?mode=kiosk")
    visitor.is_invited()
    expect(page.locator(".st-key-right button")).to_be_disabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_a_room_fits_a_phone(visit: Visit, address: str, theme: str) -> None:
    member = visit(address, Member, **PHONE | {"color_scheme": theme})
    member.screenshot(f"rooms-phone-{theme}")
    member.press("make_room")
    member.page.wait_for_function("document.cookie.includes('inkling-room=')")
    for where, last in PAGES.items():
        member.page.goto(f"{address}/{where}")
        expect(member.page.locator(last).first).to_be_visible()
        assert member.page.evaluate("document.documentElement.scrollWidth") == 390, where
        assert found(member.page) == [], where
        member.screenshot(f"{where}-phone-{theme}")
    member.page.set_viewport_size(WALL["viewport"])
    member.screenshot(f"lesson-wall-{theme}")


# The pages of a room, and what is there last on each.
PAGES = {
    "rooms": ".st-key-wipe_room",
    "board": ".board .columns",
    "privacy": ".st-key-erase_mine",
    "lesson": "ol.plan li:last-child",
}
