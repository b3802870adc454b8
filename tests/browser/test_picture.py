"""A picture in the drawing's place: uploaded, or taken with the camera."""

import base64
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from browser.visitor import Visitor
from tests.browser.conftest import PHONE, Visit
from tests.support.files import encoded, payload, picture


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_picture_is_read(visitor: Visitor, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"three.{kind}"
    path.write_bytes(encoded(picture(3), kind))
    visitor.upload(path)
    visitor.reads(3)
    visitor.screenshot("picture")


def test_what_came_last_is_read(visitor: Visitor) -> None:
    visitor.draw(7)
    visitor.reads(7)
    visitor.upload(payload("two.png", encoded(picture(2), "png")))
    visitor.reads(2)
    visitor.press("clear")
    visitor.is_invited()
    visitor.draw(3)
    visitor.reads(3)
    visitor.upload(payload("eight.png", encoded(255 - picture(8), "png")))
    visitor.reads(8)
    visitor.page.get_by_role("button", name="Remove eight.png").click()
    visitor.reads(3)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no picture at all", "can't be read as a picture"),
        (encoded(picture(4), "png")[:500], "can't be read as a picture"),
        (encoded(np.zeros((5000, 5000), np.uint8), "png"), "at most 20 megapixels"),
        (encoded(np.full((50, 50), 200, np.uint8), "png"), "Nothing is drawn"),
        (encoded(np.zeros((1, 1), np.uint8), "png"), "too small"),
    ],
    ids=["text", "half a picture", "too large", "blank", "one pixel"],
)
def test_what_is_no_digit_is_said(visitor: Visitor, content: bytes, told: str) -> None:
    visitor.upload(payload("given.png", content))
    visitor.is_told(told)
    visitor.draw(9)
    visitor.reads(9)


# Lets go of files over the sheet, or pastes them: [kind, name, its bytes in base64].
GIVE = """async ([kind, name, content]) => {
    const bytes = await (await fetch(`data:;base64,${content}`)).arrayBuffer()
    const data = new DataTransfer()
    data.items.add(new File([bytes], name, {type: 'image/png'}))
    const about = {bubbles: true, cancelable: true, composed: true}
    const sheet = document.querySelector('.st-key-sheet')
    const event = kind === 'paste' ? new ClipboardEvent(kind, {...about, clipboardData: data})
        : new DragEvent(kind, {...about, dataTransfer: data})
    return sheet.dispatchEvent(event)
}"""


def give(visitor: Visitor, kind: str, name: str, content: bytes) -> None:
    """Drop a file on the sheet, or paste it."""
    given = [kind, name, base64.b64encode(content).decode()]
    assert not visitor.page.evaluate(GIVE, given)  # the browser does nothing else with it


def test_a_picture_is_dropped_pasted_and_cropped(visit: Visit) -> None:
    visitor = visit(**PHONE)
    visitor.touch(7)
    visitor.reads(7)
    give(visitor, "dragover", "", b"")
    visitor.screenshot("dropping")
    give(visitor, "drop", "2.png", encoded(picture(2)))
    visitor.reads(2)
    give(visitor, "paste", "image.png", encoded(np.hstack([picture(4), picture(8)])))
    visitor.reads("48")
    visitor.page.get_by_role("button", name="Crop").tap()
    part, use = visitor.page.locator(".crop .part"), visitor.page.get_by_text("Read this part")
    left, top, width, height = visitor.box(part)
    sheet = visitor.box(visitor.canvas)
    corner, middle = (left + width, top + height), left + width / 2
    visitor.finger_stroke([corner, (middle, corner[1]), (middle - 5, sheet[1] + sheet[3])])
    expect(use).to_be_visible()
    visitor.screenshot("cropping")
    use.click()
    visitor.reads(4)
    visitor.press("undo")
    visitor.reads("48")
    visitor.page.get_by_role("button", name="Crop").press("Enter")
    for corner_name, key, times in (
        ("Upper left", "ArrowRight", 21),
        ("Lower right", "ArrowDown", 9),
    ):
        handle = visitor.page.get_by_role("button", name=corner_name)
        for _ in range(times):
            handle.press(key)
    use.press("Enter")
    visitor.reads(8)
    for before in ("48", "7"):
        visitor.press("undo")
        visitor.reads(before)


def test_other_files_are_refused(visitor: Visitor) -> None:
    visitor.upload(payload("notes.txt", b"7"))
    expect(visitor.page.locator(".st-key-upload")).to_contain_text("not allowed")
    visitor.is_invited()


def test_the_camera_is_used_only_when_asked_for(visit: Visit) -> None:
    visitor = visit(permissions=["camera"])
    visitor.draw(1)
    visitor.reads(1)
    assert visitor.page.locator("video").count() == 0
    visitor.page.locator(".st-key-camera_on label").click()
    visitor.page.locator(".st-key-camera").wait_for()
    visitor.reads(1)
