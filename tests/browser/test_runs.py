"""The Runs page in a real browser, with two small runs that were really trained."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.server import serving
from model.runs import registry
from model.runs.run import Run
from model.settings import home
from model.training import plots
from tests.browser.conftest import PHONE, Visit
from tests.browser.watcher import Archivist, Watcher
from tests.support.command_line import program

TRAIN_TWO = """
from model.training import jobs
for seed in (1, 2):
    request = jobs.Request(data="synthetic:600", epochs=2, batch_size=50, seed=seed)
    jobs.train_here(request, verbose=0)
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    """An INKLING_HOME in which two runs have trained, on digits that MNIST has no part in."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("INKLING_HOME", str(home))
        patch.setenv("MNIST_PATH", str(home / "no-mnist.npz"))
        patch.delenv("INKLING_MODEL", raising=False)
        program(TRAIN_TWO)
        yield patch


@pytest.fixture(scope="module")
def address(archive: pytest.MonkeyPatch) -> Iterator[str]:
    with serving(INKLING_HOME=str(home())) as address:
        yield address


@pytest.fixture
def two(archive: pytest.MonkeyPatch) -> Iterator[tuple[Run, Run]]:
    """The older run and the newer one; neither is in use."""
    newer, older = registry.all_runs()
    yield older, newer
    registry.use(None)


@pytest.fixture
def archivist(visit: Visit, address: str) -> Archivist:
    return visit(address, Archivist)


def percent(run: Run) -> str:
    assert run.result
    return f"{100 * run.result.test.accuracy:.2f} %"


def test_every_run_is_listed_with_what_made_it(archivist: Archivist, two: tuple[Run, Run]) -> None:
    for run in two:
        line = archivist.at(f"run-{run.id}")
        expect(line).to_contain_text("Quick on 600 synthetic digits")
        for words in (percent(run), f"seed {run.config.seed}", str(run.config.fingerprint)):
            expect(line).to_contain_text(words)
        expect(line).to_contain_text(f"Keras {run.config.versions['keras']}")
    expect(archivist.at("in_use")).to_contain_text("the built-in network")
    archivist.screenshot("runs")


def test_one_run_is_looked_at(archivist: Archivist, two: tuple[Run, Run]) -> None:
    older, newer = two
    archivist.pick(older)
    expect(archivist.result).to_contain_text(percent(older))
    archivist.sees_points("loss", more_than=4)
    expect(archivist.page.locator("table.confusion")).to_have_count(3)  # and the replay's
    wrong = older.wrong
    assert wrong is not None
    pictures = archivist.page.locator(".gallery figure")
    surest = f"{wrong.labels[0]} read as {wrong.answers[0]}"
    expect(pictures.first).to_contain_text(surest)
    archivist.screenshot("runs-one")
    archivist.pick(older)
    archivist.pick(newer)
    expect(archivist.result).to_contain_text(percent(newer))


def test_two_runs_are_compared(archivist: Archivist, two: tuple[Run, Run]) -> None:
    for run in two:
        archivist.pick(run)
    comparison = archivist.at("comparison")
    seeds = comparison.get_by_role("row", name=re.compile("^Seed"))
    expect(seeds.get_by_role("cell")).to_have_text(["2", "1"])
    expect(seeds).to_have_class("differs")
    expect(comparison.get_by_role("row", name=re.compile("^Epochs"))).not_to_have_class("differs")
    colours = archivist.chart("loss").locator(".mark-line path[stroke]")
    archivist.sees_points("loss", more_than=4)
    assert len(set(colours.evaluate_all("all => all.map(one => one.getAttribute('stroke'))"))) == 2
    missed = [set(run.wrong.indices) for run in two if run.wrong]
    for only in (missed[0] - missed[1], missed[1] - missed[0]):
        words = re.compile(f"^{len(only)} test digits that only")
        expect(
            archivist.page.get_by_test_id("stCaptionContainer").get_by_text(words)
        ).not_to_have_count(0)
    archivist.at("zoom").locator("label").click()
    expect(archivist.chart("accuracy")).to_contain_text("97%")
    archivist.screenshot("runs-two")


def test_a_run_is_put_into_use_and_back(
    visit: Visit, archivist: Archivist, two: tuple[Run, Run], address: str
) -> None:
    other = visit(address, Archivist)
    for run in two:
        archivist.pick(run)
        archivist.press(f"use-{run.id}")
        expect(archivist.at(f"run-{run.id}")).to_contain_text("in use")
        assert registry.in_use().run == run
        archivist.pick(run)
    expect(other.at(f"run-{run.id}")).to_contain_text("in use")
    archivist.press("use_shipped")
    expect(archivist.at("in_use")).to_contain_text("In use: the built-in network")
    assert registry.in_use().run is None
    for run in (two[1], two[0]):
        archivist.press("roll_back")
        expect(archivist.at(f"run-{run.id}")).to_contain_text("in use")
    archivist.press("roll_back")
    expect(archivist.at("in_use")).to_contain_text("In use: the built-in network")


def test_a_run_is_deleted_unless_it_is_in_use(
    visit: Visit, archivist: Archivist, two: tuple[Run, Run], address: str
) -> None:
    copy = Run(two[0].folder.with_name("20200101-000000-quick-0000"))
    shutil.copytree(two[0].folder, copy.folder)
    other = visit(address, Archivist)
    archivist.pick(copy)
    archivist.press(f"use-{copy.id}")
    archivist.press("delete")
    archivist.screenshot("runs-delete")
    archivist.press("delete_now")
    expect(archivist.page.get_by_role("alert")).to_contain_text("is in use; put another into use")
    archivist.press("roll_back")
    archivist.press("delete")
    archivist.press("delete_now")
    for watcher in (archivist, other):
        expect(watcher.at(f"run-{copy.id}")).to_have_count(0)
    assert not copy.folder.exists()
    assert set(registry.all_runs()) == set(two)


def test_the_curves_are_taken_along(archivist: Archivist, two: tuple[Run, Run]) -> None:
    archivist.pick(two[0])
    picture = archivist.download("plot-loss-png")
    assert picture.suggested_filename == f"{two[0].id}-loss.png"
    assert picture.path().read_bytes() == plots.plot(two[0].snapshot().history, "loss", "png")
    assert b"<svg" in archivist.download("plot-accuracy-svg").path().read_bytes()


@pytest.mark.parametrize("to", ["keras", "tflite", "onnx"])
def test_a_model_is_taken_along(
    archivist: Archivist, two: tuple[Run, Run], to: str, tmp_path: Path
) -> None:
    archivist.pick(two[0])
    archivist.download(f"download-{to}").save_as(tmp_path / "given.zip")
    with zipfile.ZipFile(tmp_path / "given.zip") as given:
        files = {name.rpartition("/")[2]: given.read(name) for name in given.namelist()}
    assert {f"inkling.{to}", "read.py", "framing.py"} <= files.keys()
    if to == "keras":
        assert files["inkling.keras"] == two[0].model_path.read_bytes()


def test_a_visitor_who_may_only_watch_changes_nothing(visit: Visit, two: tuple[Run, Run]) -> None:
    with serving(INKLING_HOME=str(home()), INKLING_RETRAIN="off") as address:
        archivist = visit(address, Archivist)
        archivist.pick(two[0])
        expect(archivist.result).to_contain_text(percent(two[0]))
        for key in (f"use-{two[0].id}", "delete", "roll_back"):
            expect(archivist.at(key)).to_have_count(0)


def test_a_run_that_is_gone_is_said_to_be(archivist: Archivist, two: tuple[Run, Run]) -> None:
    copy = Run(two[0].folder.with_name("20200101-000000-quick-1111"))
    shutil.copytree(two[0].folder, copy.folder)
    registry.use(copy)
    expect(archivist.at(f"run-{copy.id}")).to_contain_text("in use")
    shutil.rmtree(copy.folder)
    expect(archivist.page.get_by_role("alert")).to_contain_text("is gone")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_on_a_phone(visit: Visit, address: str, two: tuple[Run, Run], theme: str) -> None:
    watcher: Watcher = visit(address, Archivist, **PHONE, color_scheme=theme)
    for run in two:
        watcher.pick(run)
    expect(watcher.at("comparison")).to_be_visible()
    assert watcher.page.evaluate("document.documentElement.scrollWidth") == 390
    watcher.screenshot(f"runs-phone-{theme}")


@pytest.mark.parametrize(
    ("page", "link", "leads_to"),
    [
        ("runs", "Train the first", "Train a new network"),
        ("drawings", "Draw a digit", "Draw a digit"),
    ],
)
def test_an_empty_page_leads_on(
    visit: Visit, tmp_path: Path, page: str, link: str, leads_to: str
) -> None:
    with serving(INKLING_HOME=str(tmp_path)) as address:
        opened: Page = visit(address, lambda page, address: page)
        opened.goto(f"{address}/{page}")
        opened.get_by_test_id("stPageLink").get_by_role("link", name=link).click()
        expect(opened.get_by_role("heading", level=1, name=leads_to)).to_be_visible()
