"""What a model learned from is no test of it, and is marked where it is shown."""

from pathlib import Path

import numpy as np

from model.data import datasets
from model.runs import registry
from model.runs.registry import InUse
from model.training import learned
from tests.support import records
from ui.train import figures


def test_what_a_run_learned_from_is_known_again(home: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    run = registry.create("quick")
    model = InUse(run.model_path, run)
    assert learned.count(images, model) == 0  # of a run of an earlier version nothing is known
    run.write_learned(learned.digests(images[:3]))
    assert learned.count(images, model) == 3


def test_the_built_in_network_learned_from_mnists_training_images(home: Path) -> None:
    mnist = datasets.load("mnist")
    built_in = registry.in_use()
    assert learned.count(mnist.train.images, built_in) == len(mnist.train)
    assert learned.count(mnist.test.images, built_in) == 0


def test_its_figures_are_marked() -> None:
    columns = {"This one": records.scores(), "In use before": records.scores(1.0)}
    assert "no rival" not in figures.comparison(columns, [0, 0])
    assert "100.00 %, no rival: it learned from 180 of them" in figures.comparison(
        columns, [0, 180]
    )
