"""The Draw page in a browser: how soon it is there, and how soon a stroke is answered.

    python -m benchmarks.page

On this machine alone, server and Chromium together: their cores are shared. Takes two or
three minutes, of which it says each server's first visit as it goes.
"""

import time

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks import report
from browser import chromium
from browser.server import serving
from browser.visitor import Visitor

STARTS = 5
STROKES = 40

# Notes when the pen is lifted from the sheet, not the mouse from a button, and when the answer that
# then comes has been painted.
STOPWATCH = """() => {
    window.lifted = null
    window.took = []
    document.querySelector('.st-key-canvas').addEventListener(
        'mouseup', () => window.lifted = performance.now(), true)
    new MutationObserver(() => {
        const answer = document.querySelector('.st-key-answer .digit')
        if (window.lifted === null || !answer) return
        const since = window.lifted
        window.lifted = null
        requestAnimationFrame(() => requestAnimationFrame(
            () => window.took.push(performance.now() - since)))
    }).observe(document.querySelector('.st-key-answer'), {childList: true, subtree: true})
}"""


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


def answers(page: Page) -> list[float]:
    """Milliseconds from pen-up to the painted answer."""
    with serving() as address:
        visitor = Visitor(page, address)
        visitor.draw(3)
        visitor.reads(3)
        page.evaluate(STOPWATCH)
        for stroke in range(STROKES):
            visitor.press("clear")
            visitor.is_invited()
            visitor.draw((2, 3, 6, 9)[stroke % 4])
            page.wait_for_function(f"window.took.length == {stroke + 1}")
        took: list[float] = page.evaluate("window.took")
    return took


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
        took = answers(browser.new_page())
        browser.close()
    first = {name: float(np.median([visit[name] for visit in visits])) for name in visits[0]}
    report.save("page", {"first_visit": first, "answer": report.spread(took)})
    print(as_table())


def as_table() -> str:
    kept = report.load("page")
    if not kept:
        return ""
    rows = [
        [f"a fresh server's first page: {name}", f"{seconds:.2f} s"]
        for name, seconds in kept["first_visit"].items()
    ]
    median, between = report.in_ms(kept["answer"])
    rows.append(
        [
            "pen lifted to answer painted (200 ms of it the canvas waits for another stroke)",
            f"{median} ({between})",
        ]
    )
    return report.table(["in the browser", "median"], rows)


if __name__ == "__main__":
    main()
