"""A visitor of the Train and the Runs page: buttons to press, curves to watch."""

import re
from pathlib import Path

from playwright.sync_api import Download, FilePayload, Locator, Page, expect

from browser.visitor import SCREENSHOTS
from model.runs.run import Run

# How many points the lines of a chart have.
POINTS = """chart => [...chart.querySelectorAll('.mark-line path')]
    .reduce((sum, line) => sum + line.getAttribute('d').split(/[ML]/).length - 1, 0)"""

# Notes from now on, twenty times a second, how many points each chart has, where that changes.
RECORD = f"""() => {{
    window.recorded = {{loss: [0], accuracy: [0]}}
    setInterval(() => {{
        for (const [key, counts] of Object.entries(window.recorded)) {{
            const chart = document.querySelector('.st-key-charts g.' + key + '_group')
            const count = chart ? ({POINTS})(chart) : 0
            if (count != counts.at(-1)) counts.push(count)
        }}
    }}, 50)
}}"""

# Resolves when the page has told everybody that it was scrolled.
SCROLLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

PATIENCE = 180_000  # ms; a training starts by importing TensorFlow, and goes last of all


class Watcher:
    """One open page of the app, opened where an address is given."""

    where = "train"

    def __init__(self, page: Page, address: str | None = None) -> None:
        self.page = page
        if address:
            page.goto(f"{address}/{self.where}")
        page.wait_for_url(re.compile(rf"/{self.where}(\?|$)"))
        page.get_by_role("heading", level=1).wait_for()

    def at(self, key: str) -> Locator:
        """What has this key."""
        return self.page.locator(f".st-key-{key}")

    @property
    def progress(self) -> Locator:
        return self.at("progress")

    @property
    def result(self) -> Locator:
        return self.at("result")

    def chart(self, figure: str) -> Locator:
        """One of the charts: loss, accuracy, rate, speed, norm, or the strip below them."""
        return self.at("charts").locator(f"g.{figure}_group")

    # ------------------------------------------------------------ the hand

    def press(self, key: str) -> None:
        """Press the button with this key."""
        self.at(key).locator("button").click()

    def choose(self, key: str, words: str | re.Pattern[str]) -> None:
        """Choose from the list with this key."""
        self.choose_in(self.at(key), words)

    def choose_in(self, place: Locator, words: str | re.Pattern[str]) -> None:
        """Choose from the list in a place; an open list closes when the page is scrolled."""
        self.page.bring_to_front()
        field = place.locator("input")
        field.scroll_into_view_if_needed()
        self.page.evaluate(SCROLLED)
        field.click()
        self.page.get_by_role("option", name=words).click()

    def choose_recipe(self, title: str) -> None:
        self.at("recipe").get_by_text(title, exact=True).click()

    def enter(self, key: str, value: str) -> None:
        """Type a value into one of the settings."""
        settings = self.at("settings")
        if not settings.locator("input").first.is_visible():
            settings.locator("summary").click()
        field = self.at(key).locator("input")
        field.fill(value)
        field.press("Enter")

    def upload(self, file: Path | FilePayload) -> None:
        """Give a file of digits to learn from."""
        self.choose("learns_from", "A file of yours")
        self.at("file").locator("input[type=file]").set_input_files(file)

    def pick(self, run: Run) -> None:
        """Tick a run in the list, or untick it."""
        self.at(f"pick-{run.id}").locator("label").click()

    def download(self, key: str) -> Download:
        with self.page.expect_download(timeout=PATIENCE) as found:
            self.press(key)
        return found.value

    # ------------------------------------------------------------ the eyes

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until the page says how the training is."""
        expect(self.progress).to_contain_text(words, timeout=PATIENCE)

    def sees_curves_move(self) -> None:
        """Wait until both charts have got more points."""
        for chart in ("loss", "accuracy"):
            self.sees_points(chart, more_than=self.points(chart))

    def sees_points(self, chart: str, more_than: int) -> None:
        """Wait until the lines of a chart, loss or accuracy, have more points than that."""
        self.page.wait_for_function(
            f"([chart, before]) => ({POINTS})(chart) > before",
            arg=[self.chart(chart).element_handle(), more_than],
            timeout=PATIENCE,
        )

    def points(self, chart: str) -> int:
        """How many points the chart's lines have: loss or accuracy."""
        found: int = self.chart(chart).evaluate(POINTS)
        return found

    def record_curves(self) -> None:
        """Note from now on whenever the charts' lines get other points."""
        self.page.evaluate(RECORD)

    def recorded(self, chart: str) -> list[int]:
        """How many points the chart's lines had one after the other since `record_curves`."""
        counts: list[int] = self.page.evaluate("chart => window.recorded[chart]", chart)
        return counts

    def mark_charts(self) -> None:
        """Leave a mark on the charts, which ones that are drawn anew do not have."""
        self.at("curves").locator("svg.marks").evaluate_all("all => all.map(one => one.id = 'old')")

    def has_marked_charts(self) -> bool:
        return self.at("curves").locator("svg.marks#old").count() == 1

    def rows(self) -> list[list[str]]:
        """The cells of the table of figures."""
        rows = self.at("figures").locator("tbody tr").all()
        return [row.locator("td").all_text_contents() for row in rows]

    def test_accuracy(self) -> float:
        """The percentage that the result gives, once there is one."""
        expect(self.result).to_contain_text(re.compile(r"\d\d?\.\d\d %"), timeout=PATIENCE)
        found = re.search(r"(\d\d?\.\d\d) %", self.result.inner_text())
        assert found
        return float(found.group(1))

    def screenshot(self, name: str) -> None:
        """Keep a picture of the whole page to look at, in a folder that git ignores."""
        SCREENSHOTS.mkdir(exist_ok=True)
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        size = self.page.viewport_size or {"width": 1280, "height": 800}
        main = "document.querySelector('[data-testid=stMain]').scrollHeight"
        self.page.set_viewport_size(size | {"height": self.page.evaluate(main)})
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
        self.page.set_viewport_size(size)


class Archivist(Watcher):
    """A visitor of the Runs page."""

    where = "runs"
