"""What one process of the app holds in memory, as visitors use ever more of it.

    python -m benchmarks.memory

A process as `make serve` begins it; a browser goes through its pages and all views of Why.
"""

import os

from playwright.sync_api import expect, sync_playwright

from benchmarks import processes, report
from benchmarks.why import VIEWS, asks
from browser import chromium
from browser.server import serving
from browser.visitor import Visitor
from ui.host.__main__ import MEMORY

PAGES = {"Drawings": "h1", "Train": ".st-key-retrain", "Runs": "h1", "Batch": "h1"}


def held() -> float:
    """Megabytes of the app's process."""
    begun = processes.descendants(os.getpid())
    return processes.memory(pid for pid in begun if "-m ui" in processes.command(pid)) / 2**20


def main() -> None:
    expect.set_options(timeout=60_000)
    figures = {}
    with sync_playwright() as playwright, serving(INKLING_PRELOAD="on", **MEMORY) as address:
        browser = playwright.chromium.launch(
            executable_path=chromium.system(), args=chromium.ARGUMENTS
        )
        page = browser.new_page()
        visitor = Visitor(page, address)
        figures["the network is loaded"] = held()
        asks(visitor, 3)
        figures["a digit was read"] = held()
        for view, last in VIEWS.items():
            page.locator(".st-key-view").get_by_role("radio", name=view).click(force=True)
            page.locator(last).first.wait_for()
        figures["all views of Why were opened"] = held()
        for name, part in PAGES.items():
            page.get_by_role("link", name=name, exact=True).click()
            page.locator(part).first.wait_for()
        figures["all pages were opened"] = held()
        browser.close()
    report.save("memory", {"held": figures})
    print(as_table())


def as_table() -> str:
    kept = report.load("memory")
    rows = [[after, f"{held:.0f} MB"] for after, held in kept["held"].items()] if kept else []
    return report.table(["one process, once", "holds"], rows) if kept else ""


if __name__ == "__main__":
    main()
