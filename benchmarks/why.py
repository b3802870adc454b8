"""The Why page in a browser: how soon each view is there.

    python -m benchmarks.why

On this machine alone, server and Chromium together: their cores are shared. Each view is opened on
drawings that it has not seen before, from the click to the painted view; the first ones on a fresh
server apart, once the network and the digits to compare with are loaded.
"""

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks import report
from browser import chromium
from browser.server import serving
from browser.visitor import Visitor

DRAWINGS = 20
# What is there last of each view.
VIEWS = {
    "What it saw": ".st-key-nearest .five img",
    "Which ink mattered": ".st-key-another img",
    "Stroke by stroke": ".timeline .digit",
    "Inside the network": ".st-key-responds .eight img",
    "Two networks": ".st-key-network-0 .eight img",
    "Break it": ".st-key-sweep-specks ol.sweep",
}
STOPWATCH = """() => document.addEventListener(
    'click', () => window.clicked = performance.now(), true)"""
# Notes when a view has been painted after the next click.
ARMED = """selector => {
    window.clicked = window.took = null
    const observer = new MutationObserver(() => {
        if (window.clicked === null || !document.querySelector(selector)) return
        observer.disconnect()
        requestAnimationFrame(() => requestAnimationFrame(
            () => window.took = performance.now() - window.clicked))
    })
    observer.observe(document.body, {childList: true, subtree: true, attributes: true})
}"""


def opened(page: Page, view: str) -> float:
    """Milliseconds from the click on a view to its being painted."""
    page.evaluate(ARMED, VIEWS[view])
    page.locator(".st-key-view").get_by_role("radio", name=view).click(force=True)
    page.wait_for_function("window.took !== null")
    took: float = page.evaluate("window.took")
    return took


def asks(visitor: Visitor, digit: int) -> None:
    """Draw on the empty sheet and go to the Why page."""
    visitor.draw(digit)
    visitor.reads(digit)
    visitor.page.get_by_role("link", name="Which ink mattered").click()
    expect(visitor.page.locator(".about")).to_contain_text(f"Inkling reads {digit}")


def main() -> None:
    expect.set_options(timeout=60_000)
    took: dict[str, list[float]] = {view: [] for view in VIEWS}
    with sync_playwright() as playwright, serving() as address:
        browser = playwright.chromium.launch(
            executable_path=chromium.system(), args=chromium.ARGUMENTS
        )
        page = browser.new_page()
        visitor = Visitor(page, address)
        page.evaluate(STOPWATCH)
        asks(visitor, 1)
        page.locator(VIEWS["What it saw"]).first.wait_for()
        open_now = "What it saw"
        for drawing in range(DRAWINGS):
            page.get_by_role("link", name="Draw", exact=True).click()
            visitor.canvas.wait_for()
            visitor.press("clear")
            visitor.is_invited()
            asks(visitor, (2, 3, 4, 7, 9)[drawing % 5])
            # The view that was open last is there already; each drawing it is another one.
            views = [*list(VIEWS)[drawing % len(VIEWS) :], *list(VIEWS)[: drawing % len(VIEWS)]]
            for view in views:
                if view != open_now:
                    took[view].append(opened(page, view))
            open_now = views[-1] if views[-1] != open_now else views[-2]
        browser.close()
    figures = {
        view: {"first": times[0], **report.spread(times[1:])} for view, times in took.items()
    }
    report.save("why", {"drawings": DRAWINGS, "views": figures})
    print(as_table())


def as_table() -> str:
    kept = report.load("why")
    rows = [
        [view, *report.in_ms(figures), f"{figures['first']:.0f} ms"]
        for view, figures in (kept["views"] if kept else {}).items()
    ]
    return report.table(["view of the Why page", "median", "5–95 %", "first on a server"], rows)


if __name__ == "__main__":
    main()
