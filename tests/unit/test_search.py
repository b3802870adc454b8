"""What is tried in a search, which of it is the best, and who leads a race."""

from pathlib import Path

import pytest

from model.errors import InklingError
from model.runs import registry, status
from model.runs.records import EpochRow
from model.runs.run import Run
from model.runs.status import State
from model.training import jobs, pipeline, search
from model.training.jobs import Request
from model.training.recipes import RECIPES
from model.training.search import Outcome
from tests.support import records
from ui.train import standing, trials

QUICK = RECIPES["quick"]


@pytest.fixture
def run(home: Path) -> Run:
    """A search of three trials, none of which has begun."""
    return pipeline.create(Request("quick", data="synthetic:600", epochs=4, trials=3, seed=5))


def tried(run: Run, number: int, accuracies: list[float], state: State | None = None) -> None:
    trial = search.trial_run(run, number)
    trial.folder.mkdir(parents=True)
    trial.write_config(records.config(QUICK, trial=search.first(QUICK) | {"width": 8.0 * number}))
    trial.write_history(rows(accuracies))
    if state:
        status.write(trial.folder, state)


def rows(accuracies: list[float], seconds: float = 2.0) -> list[EpochRow]:
    return [
        EpochRow(n, 0.5, 0.5, 1 - accuracy, accuracy, seconds)
        for n, accuracy in enumerate(accuracies, 1)
    ]


def test_the_best_of_those_that_came_furthest_is_offered_with_more_epochs(run: Run) -> None:
    assert search.best(search.trials(run)) is None
    tried(run, 1, [0.8, 0.85, 0.9, 0.93], State.FINISHED)
    tried(run, 2, [0.99], State.STOPPED)
    tried(run, 3, [0.82, 0.9, 0.91, 0.95], State.FINISHED)
    every = search.trials(run)
    assert [trial.outcome for trial in every] == [
        Outcome.FINISHED,
        Outcome.EARLY,
        Outcome.FINISHED,
    ]
    best = search.best(every)
    assert best
    assert best.number == 3
    full = search.in_full(run, best)
    assert (full.recipe, full.data, full.seed, full.epochs) == ("quick", "synthetic:600", 5, 8)
    recipe = full.chosen()
    assert "filters=24/48," in recipe.network
    assert recipe.augmentation
    assert recipe.augmentation.rotation == 5.5
    assert [trial.number for trial in search.ranked(every)] == [3, 1, 2]
    assert trials.table(every, search.space(QUICK)).index("93.00 %") > 0


def test_a_search_is_told_apart_from_a_training(run: Run) -> None:
    assert run.id.split("-")[2] == "search"
    assert run.config.trials == 3
    assert search.trials(run) == []
    handle = run.lock()
    assert handle
    with pytest.raises(InklingError, match="A search is on already, 0 of 3 recipes; wait"):
        jobs.start(Request("quick"))


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        (Request("quick", trials=1), "The number of recipes to try is 1; wanted: from 2 to 50"),
        (Request("quick", trials=51), "The number of recipes to try is 51; wanted: from 2 to 50"),
        (Request("refine", trials=3), "refine goes on with the network in use"),
        (Request("quick", network="large", trials=3), "A search chooses networks"),
    ],
)
def test_what_cannot_be_searched_is_refused(request_: Request, wanted: str) -> None:
    with pytest.raises(InklingError, match=wanted):
        request_.chosen()


def test_fewer_epochs_are_expected_than_without_stopping_early() -> None:
    assert search.expected_epochs(12, 1) == 12
    assert 2 * 12 < search.expected_epochs(12, 4) < 4 * 12 * 0.7
    few = search.expected_seconds(QUICK, 4, 60_000)
    assert few < search.expected_seconds(QUICK, 12, 60_000)


def test_who_leads_is_said_by_epochs_and_by_seconds(home: Path) -> None:
    both = []
    for recipe, accuracies, seconds in (
        ("quick", [0.9, 0.92, 0.93, 0.94], 1.0),
        ("good", [0.95, 0.97], 4.0),
    ):
        run = registry.create(recipe)
        run.write_config(records.config(RECIPES[recipe]))
        both.append(run)
        run.write_history(rows(accuracies, seconds))
    now = [run.snapshot() for run in both]
    assert standing.sentences(now[0], now[1], ["Quick", "Good"]) == [
        "Good leads after 2 epochs each: 97.00 % of the validation digits, to 92.00 %.",
        "Good leads after 4 s of training each: 95.00 % of the validation digits, to 94.00 %.",
    ]
    both[1].write_history([])
    assert standing.sentences(now[0], both[1].snapshot(), ["Quick", "Good"]) == []
