"""One browser and one server for all tests here, a new visitor for each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from browser import chromium
from browser.server import serving
from browser.visitor import Visitor

expect.set_options(timeout=20_000)  # ms; the first answer of a server waits for TensorFlow

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}

Kind = Callable[[Page, str], Any]
Visit = Callable[..., Any]


# Fabric's, of a picture that has loaded when its canvas has just been taken off the page.
LATE_PICTURE = "Cannot read properties of undefined (reading 'clearRect')"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.system(), args=chromium.ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    """The address of the app."""
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    """The one context, with one cache, of all visitors who want nothing special."""
    with browser.new_context(viewport=DESKTOP) as context:
        yield context


@pytest.fixture
def visit(browser: Browser, desktop: BrowserContext, app: str) -> Iterator[Visit]:
    """A function that opens the app for one more visitor, with a drawing hand or another kind of
    visitor; its options are a browser context's.

    Afterwards fails where a page had an error that nothing caught.
    """
    opened: list[Page | BrowserContext] = []
    errors: list[str] = []

    def open_page(address: str = app, kind: Kind = Visitor, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": DESKTOP} | options) if options else desktop
        page = context.new_page()
        opened.append(context if options else page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return kind(page, address)

    yield open_page
    for page_or_context in opened:
        page_or_context.close()
    assert [error for error in errors if error != LATE_PICTURE] == []


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()


@pytest.fixture
def phone(visit: Visit) -> Visitor:
    return visit(**PHONE)
