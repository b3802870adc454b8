"""What the table of the recipes says of their seconds."""

import pytest

from benchmarks import recipes
from model.runs.records import EpochRow


def test_the_epoch_is_the_first_that_reads_as_much() -> None:
    history = [
        EpochRow(epoch, 0.1, 0.9, 0.1, accuracy, 9.0)
        for epoch, accuracy in enumerate((0.98, 0.9911, 0.9905, 0.993), 1)
    ]
    assert recipes.until(0.991, history) == 2
    assert recipes.until(0.994, history) is None


def test_it_is_told_against_the_tutorials_epochs_until_there() -> None:
    kept = {
        recipes.RIVAL: {"goal_epoch": 9, "seconds_per_epoch": 16.0, "accuracy": 0.9912},
        "quick": {"seconds": 7.2, "accuracy": 0.9911},
        "worse": {"seconds": 7.2, "accuracy": 0.9909},
    }
    assert recipes.times_sooner("quick", kept) == pytest.approx(20)
    assert recipes.times_sooner("worse", kept) is None
    assert recipes.times_sooner(recipes.RIVAL, kept) is None
    assert recipes.times_sooner("quick", {"quick": kept["quick"]}) is None


def test_where_others_compute_an_image_costs_what_it_did() -> None:
    before = {"seconds_per_epoch": 10.0, "images": 55_000}
    busy = {"seconds_per_epoch": 70.0, "seconds": 140.0, "images": 55_000, "epochs": 2}
    now = recipes.undisturbed(busy, before)
    assert (now["seconds_per_epoch"], now["seconds"]) == pytest.approx((10, 20))
    fewer = recipes.undisturbed({**busy, "images": 26_666}, before)
    assert fewer["seconds"] == pytest.approx(10, rel=1e-3)
    assert recipes.undisturbed(busy, None) == busy
