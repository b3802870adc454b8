"""The Draw page in a browser: how soon it is there after a fresh server was asked for it.

    python -m benchmarks.page

On this machine alone, server and Chromium together: their cores are shared. It says each server's
first visit as it goes.
"""

import time

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks import report
from browser import chromium
from browser.server import serving
from browser.visitor import Visitor

STARTS = 5


def first_visit(page: Page) -> dict[str, float]:
    """Seconds from the request to a fresh server until each thing is there."""
    with serving() as address:
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator("h1").wait_for()
        shown = time.perf_counter() - began
        visitor = Visitor(page)
        drawable = time.perf_counter() - began
        visitor.draw(1)
        visitor.reads(1)
        answered = time.perf_counter() - began
    return {
        "the page": shown,
        "the sheet to draw on": drawable,
        "the answer to a stroke drawn at once": answered,
    }


def main() -> None:
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.system(), args=chromium.ARGUMENTS
        )
        visits = []
        for _ in range(STARTS):
            with browser.new_context() as context:
                visits.append(first_visit(context.new_page()))
                print(visits[-1], flush=True)
        browser.close()
    first = {name: float(np.median([visit[name] for visit in visits])) for name in visits[0]}
    report.save("page", {"first_visit": first})
    print(as_table())


def as_table() -> str:
    kept = report.load("page")
    if not kept:
        return ""
    rows = [
        [f"a fresh server's first page: {name}", f"{seconds:.2f} s"]
        for name, seconds in kept["first_visit"].items()
    ]
    return report.table(["in the browser", "median"], rows)


if __name__ == "__main__":
    main()
