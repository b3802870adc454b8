"""A network of one's own is watched while it learns, replayed, and found again on the Runs page."""

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from browser.server import serving
from browser.waiting import until
from model.runs import registry
from model.training.design import Design
from tests.browser.conftest import PHONE, Visit
from tests.browser.watcher import Archivist, Watcher
from tests.support import digits
from tests.support.command_line import program
from tests.support.runs import kill_all, only_run

OWN = Design(filters=(12, 16))
TRAIN = f"""
from model.training import jobs
jobs.train_here(jobs.Request(data="mnist", network="{OWN.spec()}", epochs=12), verbose=0)
"""

# Keeps what the browser would show beside the page.
NOTES = """
    window.notes = []
    window.Notification = class {
        static permission = 'granted'
        static requestPermission = async () => 'granted'
        constructor(title, {body}) { window.notes.push(`${title}: ${body}`) }
        close() {}
    }
"""

# Whether the line where the pointer is is seen in each chart.
RULES = """charts => [...charts.querySelectorAll('.mark-rule.role-mark')].map(
    marks => [...marks.children].filter(line => line.getAttribute('opacity') > 0).length)"""

BRUSH = "strip => strip.querySelector('.zoom_brush path, .zoom_brush_bg path').getAttribute('d')"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with few digits for MNIST, on which one network was trained; its home
    is this process's too."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "few.npz").write_bytes(digits.npz(3000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKLING_HOME", str(folder / "home"))
        patch.setenv("MNIST_PATH", str(folder / "few.npz"))
        patch.setenv("INKLING_MANAGING", "on")
        program(TRAIN)
        with serving(INKLING_HOME=str(folder / "home")) as address:
            yield address
            kill_all()


def test_a_training_is_replayed_and_the_digits_of_a_cell_are_shown(visit: Visit, lab: str) -> None:
    watcher: Watcher = visit(lab, Watcher)
    player = watcher.at("watch_it_learn")
    moment, slider = player.locator(".moment"), player.get_by_role("slider")

    def wrong() -> int:
        found = re.search(r"(\d+) of \d+ digits", moment.inner_text())
        assert found
        return int(found.group(1))

    expect(moment).to_contain_text("After epoch 12 of 12")
    last = wrong()
    expect(player.locator(".misread span:visible")).to_have_count(last)
    slider.fill("0")
    expect(moment).to_contain_text("Before the first batch")
    assert wrong() > 150 > last
    expect(player.locator(".misread span:visible")).to_have_count(wrong())
    slider.fill("2")
    expect(moment).to_contain_text(re.compile(r"Epoch 0\.\d"))
    cell = player.locator("tbody td.wrong button:not(:empty)").first
    count = int(cell.inner_text())
    cell.click()
    expect(player.locator(".misread span:visible")).to_have_count(count)
    cell.click()
    expect(player.locator(".misread span:visible")).to_have_count(wrong())
    player.get_by_role("button", name="Play").click()
    expect(moment).to_contain_text("After epoch 12 of 12")
    watcher.screenshot("watch-replay")


def test_it_is_named_found_and_taken_along(visit: Visit, lab: str) -> None:
    run = only_run()
    archivist = visit(lab, Archivist)
    archivist.pick(run)
    cell = archivist.page.locator(".cells td.wrong button").first
    name, count = cell.get_attribute("aria-label") or "", int(cell.inner_text())
    cell.click()
    expect(
        archivist.page.get_by_text(re.compile(f"Each {name[0]} that it takes for"))
    ).to_be_visible()
    expect(archivist.page.locator(".gallery figure")).to_have_count(count)
    archivist.at("about").locator("summary").click()
    archivist.at(f"name-{run.id}").locator("input").fill("=Mine *and* yours")
    archivist.at(f"name-{run.id}").locator("input").press("Enter")
    archivist.at("save_about").locator("button").click()
    expect(archivist.at(f"run-{run.id}")).to_contain_text("=Mine *and* yours")
    text = archivist.download("runs_csv").path().read_text()
    (line,) = csv.DictReader(io.StringIO(text))
    assert line["name"] == "'=Mine *and* yours"
    archivist.at("per_digit").locator("summary").click()
    expect(archivist.at("per_digit").get_by_role("row", name=re.compile("^Recall"))).to_be_visible()
    notebook = json.loads(archivist.download("notebook").path().read_text())
    assert "layers.Conv2D(12, 3" in json.dumps(notebook)
    archivist.screenshot("watch-run")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_on_a_phone(visit: Visit, lab: str, theme: str) -> None:
    watcher: Watcher = visit(lab, Watcher, **PHONE, color_scheme=theme)
    expect(watcher.at("watch_it_learn").locator(".moment")).to_contain_text("After epoch 12")
    assert watcher.page.evaluate("document.documentElement.scrollWidth") == 390
    watcher.screenshot(f"watch-phone-{theme}")


def test_a_network_of_ones_own_is_watched(visit: Visit, lab: str) -> None:
    said: list[str] = []

    def opened(page: Page, address: str) -> Watcher:
        page.add_init_script(NOTES)
        page.on("console", lambda message: note(message, said))
        return Watcher(page, address)

    watcher = visit(lab, opened)
    page = watcher.page
    watcher.choose_recipe("Quick")
    watcher.enter("epochs-quick", "12")
    design(watcher)
    watcher.press("retrain")
    watcher.sees("Learning")
    watcher.at("notify").get_by_role("button").click()
    watcher.sees_points("loss", more_than=3)

    background = watcher.chart("strip").locator("path.background").first
    background.scroll_into_view_if_needed()
    strip = background.bounding_box()
    assert strip
    height = strip["y"] + 14
    page.mouse.move(strip["x"] + 100, height)
    page.mouse.down()
    page.mouse.move(strip["x"] + 500, height, steps=4)
    page.mouse.up()
    watcher.mark_charts()
    zoomed = watcher.chart("strip").evaluate(BRUSH)
    run = registry.all_runs()[0]
    until(lambda: len(run.snapshot().history) >= 6)
    watcher.sees_points("loss", more_than=watcher.points("loss") - 1)
    assert watcher.chart("strip").evaluate(BRUSH) == zoomed
    assert watcher.has_marked_charts()
    watcher.screenshot("watch-zoomed")

    watcher.sees("Finished")
    until(lambda: page.evaluate("window.notes.length"))
    assert re.match(r"Own network on MNIST.*: Finished\. \d", page.evaluate("window.notes[0]"))
    assert run.config.recipe.network == OWN.spec()
    watcher.chart("loss").scroll_into_view_if_needed()
    box = watcher.chart("loss").bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    until(lambda: watcher.at("charts").evaluate(RULES) == [1] * 5)
    assert not said


def note(message: ConsoleMessage, said: list[str]) -> None:
    """Keep what a console says that is not as it should be; Streamlit asks at two places whether
    its server is there, and one of them is not."""
    if message.type in ("warning", "error") and "404" not in message.text:
        said.append(message.text)


def design(watcher: Watcher) -> None:
    """Enter a network, and see what it costs."""
    place = watcher.at("change_network")
    place.locator("summary").click()
    watcher.at("own_network").locator("label").click()
    for number, count in enumerate(OWN.filters):
        field = watcher.at(f"filters-{number}").locator("input")
        field.fill(str(count))
        field.press("Enter")
        expect(place).to_contain_text(f"Conv2D({count}, 3")
    expect(place).to_contain_text(re.compile(r"[\d,]+ parameters, [\d.]+ million mult"))
    expect(place).to_contain_text("It takes about")
    watcher.screenshot("watch-design")
