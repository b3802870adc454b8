"""How long a recipe will take here: by what it costs beside the others, and this machine's runs."""

import secrets
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from model.runs import registry
from model.runs.run import computer
from model.settings import home
from model.training import estimate, recipes
from model.training.recipes import RECIPES, Recipe, get
from tests.support import records

IMAGES = 55_000


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    pass


def finished(
    recipe: Recipe, times: float, images: int = IMAGES, number: int = 0, **config: object
) -> None:
    """A run that took so many times as long as where the recipes were measured, with four seconds
    around its epochs; one of a higher number is a later one."""
    run = registry.create(recipe.name, home() / "runs" / f"{number:04}-{secrets.token_hex(2)}")
    run.write_config(records.config(recipe, **{"images": images, "computer": computer(), **config}))
    reference = recipes.reference(recipe.name)
    seconds = times * (images + 5_000 / 3) * (reference.seconds_per_image if reference else 1e-4)
    run.write_result(records.result(seconds_per_epoch=seconds, overhead=4.0))


def expected(name: str, speed: estimate.Speed = estimate.REFERENCE) -> float:
    return estimate.expected_seconds(get(name), IMAGES, speed) or 0


def test_before_the_first_run_every_recipe_takes_what_it_was_measured_to_take() -> None:
    assert estimate.speed() is None
    assert 8 < expected("quick") < expected("good") < expected("best")
    assert all(recipes.reference(name) for name in RECIPES)


def test_more_epochs_and_more_digits_take_longer() -> None:
    quick = replace(get("quick"), epochs=1)
    once = estimate.expected_seconds(quick, IMAGES) or 0
    overhead = estimate.REFERENCE.overhead
    tenfold = estimate.expected_seconds(replace(quick, epochs=10), IMAGES)
    assert tenfold == pytest.approx(overhead + 10 * (once - overhead))
    double = estimate.expected_seconds(quick, 2 * IMAGES)
    assert double == pytest.approx(overhead + 2 * (once - overhead), rel=0.05)


def test_one_run_tells_of_all_recipes() -> None:
    before = {name: expected(name) - estimate.REFERENCE.overhead for name in RECIPES}
    finished(get("good"), times=3)
    speed = estimate.speed()
    assert speed
    for name in RECIPES:
        assert expected(name, speed) == pytest.approx(4 + 3 * before[name])


def test_what_takes_longer_there_takes_longer_here_whatever_the_runs_took() -> None:
    """A Quick that was disturbed is not expected to take longer than a Good."""
    finished(get("good"), times=1)
    finished(get("quick"), times=40)
    speed = estimate.speed()
    assert speed
    order = [expected(name, speed) for name in sorted(RECIPES, key=expected)]
    assert all(one < other for one, other in pairwise(order))


def test_the_last_runs_median_tells() -> None:
    for number, times in enumerate((9, 9, 9, 9, 2, 2, 2, 50, 1)):
        finished(get("quick"), times, number=number)
    speed = estimate.speed()
    assert speed
    assert speed.factor == pytest.approx(2)


def test_runs_of_something_else_tell_nothing() -> None:
    quick = get("quick")
    finished(replace(quick, batch_size=16), 6)
    finished(replace(quick, name="of-old"), 6)
    finished(recipes.FINE_TUNING, 6)
    finished(quick, 6, computer="another")
    finished(quick, 6, images=600)
    assert estimate.speed() is None
    assert estimate.expected_seconds(recipes.FINE_TUNING, IMAGES) is None
