"""One browser and one server for all tests here, a new visitor for each."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import chromium
from tests.browser.hand import Visitor
from tests.browser.server import serving

expect.set_options(timeout=20_000)  # ms; the first answer of a server waits for TensorFlow

Visit = Callable[..., Visitor]


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


@pytest.fixture
def visit(browser: Browser, app: str) -> Iterator[Visit]:
    """A function that opens the app for one more visitor; its arguments are a browser context's.

    Afterwards fails where a page had an error that nothing caught.
    """
    contexts = []
    errors: list[str] = []

    def open_page(address: str = app, width: int = 1280, height: int = 800, **options) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return Visitor(page, address)

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()


@pytest.fixture
def phone(visit: Visit) -> Visitor:
    return visit(width=390, height=844, device_scale_factor=2, is_mobile=True, has_touch=True)
