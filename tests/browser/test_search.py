"""A search among recipes and a race of two are begun, watched, stopped and gone on with."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.server import serving
from browser.waiting import until
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.training import jobs, search
from tests.browser.conftest import PHONE, Visit
from tests.browser.watcher import PATIENCE, Archivist, Watcher
from tests.support import digits
from tests.support.runs import ended, kill, kill_all

ONLY_MNIST = re.compile("^MNIST$")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with few digits for MNIST; its home is this process's too."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "few.npz").write_bytes(digits.npz(600))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKLING_HOME", str(folder / "home"))
        patch.setenv("MNIST_PATH", str(folder / "few.npz"))
        patch.setenv("INKLING_MANAGING", "on")
        with serving(INKLING_HOME=str(folder / "home")) as address:
            yield address
            kill_all()


def accuracies(run: Run) -> list[float]:
    """Of a search's first trial, by epoch."""
    return [row.val_accuracy for row in search.trials(run)[0].now.history]


def choose_view(watcher: Watcher, title: str) -> None:
    watcher.at("train_view").get_by_role("radio", name=title).click()


def test_the_best_of_some_recipes_is_found_and_trained_in_full(visit: Visit, lab: str) -> None:
    watcher: Watcher = visit(lab, Watcher)
    choose_view(watcher, "A search")
    expect(watcher.page.get_by_text("There was no search here yet")).to_be_visible()
    watcher.choose("learns_from", ONLY_MNIST)
    for key, value in (("search_trials", "3"), ("search_epochs", "2")):
        watcher.at(key).locator("input").fill(value)
        watcher.at(key).locator("input").press("Enter")
    expect(watcher.page.get_by_text("it takes about")).to_be_visible()
    watcher.press("retrain")
    watcher.sees("Trying recipes")
    (run,) = registry.all_runs()
    until(lambda: any(trial.now.history for trial in search.trials(run)))
    kill(run)
    watcher.sees("Failed")
    kept = accuracies(run)
    watcher.press(f"resume-{run.id}")
    watcher.sees("Finished")
    watcher.sees("3 of 3 recipes tried")

    every = search.trials(run)
    assert [trial.number for trial in every] == [1, 2, 3]
    assert all(trial.is_over for trial in every)
    assert accuracies(run)[: len(kept)] == kept
    best = search.best(every)
    assert best
    rows = watcher.page.locator("table.trials tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text(f"{best.accuracy:.2%}".replace("%", " %"))
    expect(watcher.at("best")).to_contain_text(f"recipe {best.number}, the best of them")
    lines = watcher.at("trials").locator("g.mark-line path")
    expect(lines).to_have_count(6)  # one for each in both charts
    watcher.screenshot("search-finished")

    watcher.press("in_full")
    # What was watched before is still there, too, until the page has been made anew.
    expect(watcher.progress.first).to_contain_text("Own network on MNIST", timeout=PATIENCE)
    full = registry.all_runs()[0]
    assert full.config.recipe.epochs == 4
    assert full.config.recipe.network == best.now.config.recipe.network
    assert full.config.recipe.learning_rate == best.parameters["learning_rate"]
    jobs.stop(full)
    until(lambda: ended(full))

    archivist: Archivist = visit(lab, Archivist)
    archivist.pick(run)
    expect(archivist.page.locator("table.trials tbody tr")).to_have_count(3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_search_fits_on_a_phone(visit: Visit, lab: str, theme: str) -> None:
    run = next(run for run in registry.all_runs() if run.config.trials)

    def opened(page: Page, address: str) -> Watcher:
        page.goto(f"{address}/train?run={run.id}")
        return Watcher(page)

    watcher = visit(lab, opened, **PHONE, color_scheme=theme)
    expect(watcher.page.locator("table.trials tbody tr")).to_have_count(3)
    expect(watcher.at("trials").locator("g.mark-line path")).to_have_count(6)
    assert watcher.page.evaluate("document.documentElement.scrollWidth") == 390
    watcher.screenshot(f"search-phone-{theme}")


def test_two_race_are_stopped_and_go_on(visit: Visit, lab: str) -> None:
    before = registry.all_runs()
    watcher: Watcher = visit(lab, Watcher)
    choose_view(watcher, "A race")
    watcher.choose("learns_from", ONLY_MNIST)
    watcher.choose("racer-1", "Keras tutorial")
    watcher.press("retrain")
    until(lambda: len(registry.all_runs()) == len(before) + 2)
    two = [run for run in registry.all_runs() if run not in before]
    until(lambda: [run.config.rival for run in two] == [two[1].id, two[0].id])
    until(lambda: all(run.snapshot().history for run in two))
    expect(watcher.result).to_contain_text(
        re.compile("(leads|level) after 1 epoch each"), timeout=PATIENCE
    )
    watcher.sees_points("loss", more_than=2)
    watcher.press("stop")
    until(lambda: all(ended(run) for run in two))
    assert {run.state for run in two} <= {State.STOPPED, State.FINISHED}
    watcher.screenshot("race-stopped")
    watcher.page.locator("[class*=st-key-resume-] button").click()
    until(lambda: any(run.state == State.RUNNING for run in two))
    watcher.at("by_seconds").locator("label").click()
    watcher.sees_points("loss", more_than=2)
    expect(watcher.at("charts")).to_contain_text("Second of training")
    watcher.screenshot("race-by-seconds")
    for run in two:
        jobs.stop(run)
    until(lambda: all(ended(run) for run in two))
