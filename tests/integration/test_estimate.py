"""How long a recipe will take here: by its runs, else by a warm-up, never by a constant."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from browser.waiting import until
from model.files import read_json, write_json
from model.runs import registry
from model.runs.run import computer
from model.settings import home
from model.training import estimate
from model.training.recipes import RECIPES, Recipe, get


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    pass


def finished(recipe: Recipe, seconds: float, images: int = 55_000, **config: object) -> None:
    """A run of which an epoch took so long, with four seconds around the epochs."""
    run = registry.create(recipe.name)
    run.write_config(
        {
            "recipe": recipe.as_dict(),
            "data": "mnist",
            "seed": 0,
            "started": "",
            "images": images,
            "computer": computer(),
            **config,
        }
    )
    figures: Mapping[str, object] = {"test": {"accuracy": 0.99}, "seconds": seconds}
    run.write_result({**figures, "seconds_per_epoch": seconds, "overhead": 4.0})


def test_nothing_is_known_at_first() -> None:
    assert estimate.expected_seconds(get("quick")) is None


def test_earlier_runs_tell() -> None:
    quick = replace(get("quick"), epochs=2)
    for seconds in (5.0, 6.0, 50.0):
        finished(quick, seconds)
    assert estimate.expected_seconds(quick) == pytest.approx(4 + 2 * 6)
    assert estimate.expected_seconds(replace(quick, epochs=10)) == pytest.approx(4 + 10 * 6)
    assert estimate.expected_seconds(quick, 110_000) == pytest.approx(4 + 2 * 12, rel=0.05)
    assert estimate.expected_seconds(get("good")) is None


def test_runs_of_something_else_tell_nothing() -> None:
    quick = get("quick")
    finished(replace(quick, batch_size=16), 6)
    finished(quick, 6, computer="another")
    finished(quick, 0.1, images=600)
    finished(quick, 6, images="many")
    assert estimate.expected_seconds(quick) is None


def test_it_is_measured_in_the_background() -> None:
    names = list(RECIPES)
    estimate.measure()
    begun = (home() / ".measuring").stat().st_mtime_ns
    estimate.measure()  # once is enough
    assert (home() / ".measuring").stat().st_mtime_ns == begun
    until(lambda: estimate.expected_seconds(get(names[0])))
    until(lambda: estimate.expected_seconds(get(names[-1])))
    measured = {name: estimate.expected_seconds(get(name)) or 0 for name in names}
    assert 0 < measured["quick"] < measured["good"] < measured["best"]
    known = read_json(home() / "speed.json")
    assert known
    assert known["computer"] == computer()
    estimate.measure()  # all is known
    finished(get("quick"), 100)
    assert estimate.expected_seconds(get("quick")) == pytest.approx(4 + get("quick").epochs * 100)


def test_nothing_is_measured_while_a_training_is_on() -> None:
    run = registry.create("quick")
    run.write_config({"recipe": {"name": "quick"}, "data": "", "seed": 0, "started": ""})
    handle = run.lock()
    estimate.measure()
    os.close(handle)
    assert not (home() / ".measuring").exists()


def test_another_computers_figures_are_not_believed() -> None:
    home().mkdir(parents=True)
    quick = get("quick")
    rates = {estimate._key(quick): {"image": 1e-4, "start": 3.0}}
    write_json(home() / "speed.json", {"computer": computer(), "rates": rates})
    assert estimate.expected_seconds(quick) == pytest.approx(3 + quick.epochs * 5.6667, rel=0.01)
    write_json(home() / "speed.json", {"computer": "another", "rates": rates})
    assert estimate.expected_seconds(quick) is None
    write_json(home() / "speed.json", {"computer": computer(), "rates": [3]})
    assert estimate.expected_seconds(quick) is None
