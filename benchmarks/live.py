"""The answer while the pen is down, and how soon it is there when it is lifted, in a browser.

    python -m benchmarks.live

On this machine alone, server and Chromium together. Beside it in the same run, the least that an
app with the same canvas can do: `benchmarks/echo.py`, which says how many strokes were drawn.
"""

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks import report
from browser import chromium
from browser.digits import DIGITS
from browser.server import serving
from browser.visitor import Visitor

STROKES = 40
SLOW = 3.0  # seconds that a slow stroke takes

# When the pen was lifted from the sheet, and when what came of that was painted: of the echo the
# next change of its words, of Inkling the answer to the message that has the whole stroke in it.
STOPWATCH = """() => {
    window.took = []
    let lifted = null
    const answer = document.querySelector('.st-key-answer')
    const live = document.querySelector('.live')
    const painted = () => {
        if (lifted === null) return
        const since = lifted
        lifted = null
        requestAnimationFrame(() => requestAnimationFrame(
            () => window.took.push(performance.now() - since)))
    }
    document.addEventListener('pointerup', () => lifted = performance.now(), true)
    if (live) new MutationObserver(() => {
        const {sent, answered, isWhole} = live.dataset
        if (isWhole === 'true' && sent === answered) painted()
    }).observe(live, {attributes: true})
    else new MutationObserver(painted).observe(
        answer, {childList: true, subtree: true, characterData: true})
}"""

# How often the answer's figures changed while the pen was down.
COUNTER = """() => {
    window.answers = 0
    const live = document.querySelector('.live')
    new MutationObserver(() => window.answers += 1).observe(
        live, {attributes: true, attributeFilter: ['data-answered']})
}"""


def lifted(page: Page, visitor: Visitor) -> list[float]:
    """Milliseconds from pen-up to what is painted then, for strokes with a pause between them."""
    page.evaluate(STOPWATCH)
    for place in range(STROKES):
        x, y = 0.1 + 0.1 * (place % 8), 0.1 + 0.15 * (place // 8)
        visitor.stroke([(x, y), (x + 0.02, y + 0.05), (x + 0.05, y + 0.08)])
        page.wait_for_function(f"window.took.length == {place + 1}")
        page.wait_for_timeout(400)  # the canvas has sent its own drawing too by then
    took: list[float] = page.evaluate("window.took")
    return took


def answers_a_second(page: Page, visitor: Visitor) -> float:
    """Answers that come while one slow stroke is drawn, in a second of it."""
    page.evaluate(COUNTER)
    points = visitor.on_screen(DIGITS[3][0])
    page.mouse.move(*points[0])
    page.mouse.down()
    began = page.evaluate("performance.now()")
    while page.evaluate("performance.now()") - began < 1000 * SLOW:
        share = (page.evaluate("performance.now()") - began) / (1000 * SLOW)
        page.mouse.move(*points[min(len(points) - 1, int(share * len(points)))])
    count, took = page.evaluate("[window.answers, performance.now()]")
    page.mouse.up()
    return 1000 * float(count) / (float(took) - began)


def main() -> None:
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.system(), args=chromium.ARGUMENTS
        )
        figures = {}
        with serving("-m", "streamlit", "run", "benchmarks/echo.py") as address:
            page = browser.new_page()
            figures["echo"] = report.spread(lifted(page, Visitor(page, address)))
        with serving() as address:
            page = browser.new_page()
            visitor = Visitor(page, address)
            visitor.draw(3)
            visitor.reads(3)
            visitor.press("clear")
            visitor.is_invited()
            figures["live"] = report.spread(lifted(page, visitor))
            visitor.press("clear")
            visitor.is_invited()
            rate = answers_a_second(page, visitor)
        browser.close()
    report.save("live", {**figures, "answers_a_second": rate})
    print(as_table())


def as_table() -> str:
    kept = report.load("live")
    if not kept:
        return ""
    rows = [
        ["Inkling, read while the pen is down", *report.in_ms(kept["live"])],
        ["a canvas that says how many strokes there are", *report.in_ms(kept["echo"])],
    ]
    table = report.table(["from pen-up to what is painted", "median", "5–95 %"], rows)
    return (
        f"{table}\n\n{kept['answers_a_second']:.1f} answers a second while a slow stroke is drawn."
    )


if __name__ == "__main__":
    main()
