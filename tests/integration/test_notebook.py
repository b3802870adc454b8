"""A run's notebook trains what the run did."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from model.data import datasets, synthetic
from model.data.augmentation import Augmentation
from model.data.datasets import MNIST_VALIDATION, Dataset, LabelledSamples
from model.data.samples import NO_DIGIT_CLASS
from model.runs import registry
from model.settings import PRETRAINED
from model.training import notebook, pipeline, trainer
from model.training.pipeline import Request
from model.training.recipes import IN_USE, RECIPES, Recipe
from tests.support import records

RECIPE = replace(
    RECIPES["quick"],
    network="filters=4/8,kernel=3,dense=16,dropout=0.25,norm=on,activation=elu",
    optimizer="SGD",
    batch_size=64,
    epochs=2,
    augmentation=Augmentation(rotation=5, elastic=0.5),
    data="mnist",
    nondigits=0.0,
)

BEGUN_BY_CHANCE = [recipe for recipe in RECIPES.values() if recipe.network != IN_USE]


def cells(text: str) -> list[str]:
    """The code of a notebook."""
    document = json.loads(text)
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in document["cells"]}) == len(document["cells"])
    return ["".join(c["source"]) for c in document["cells"] if c["cell_type"] == "code"]


def test_it_comes_to_the_runs_own_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trainer, "faster_policy", lambda: "float32")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    images, labels = synthetic.make(MNIST_VALIDATION + 400, seed=9)
    mnist = (images, labels), (images[:300], labels[:300])
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: mnist)
    train, validation = (
        LabelledSamples(images[part], labels[part])
        for part in (slice(None, -MNIST_VALIDATION), slice(-MNIST_VALIDATION, None))
    )
    run = registry.create("test", tmp_path / "run")
    run.write_config(records.config(RECIPE, seed=3, data="mnist"))
    dataset = Dataset("mnist", train, validation, LabelledSamples(*mnist[1]), "0")
    trainer.learn(RECIPE, dataset, run, verbose=0)
    assert notebook.can_be_written(run)

    keras.utils.clear_session()
    made: dict[str, Any] = {}
    for cell in cells(notebook.notebook(run.config, RECIPE, 10)):
        exec(cell, made)
    history = run.snapshot().history
    assert made["history"].history["cross_entropy"] == pytest.approx(
        [r.loss for r in history], abs=2e-3
    )
    expected = [row.val_accuracy for row in history]
    assert made["history"].history["val_accuracy"] == pytest.approx(expected, abs=0.01)
    assert (tmp_path / "digits.keras").is_file()
    assert "of the test digits are read right" in capsys.readouterr().out


def test_it_refuses_what_the_run_refuses(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "faster_policy", lambda: "float32")
    request = Request("quick", "synthetic:600", seed=3, batch_size=64, network=RECIPE.network)
    run = pipeline.create(request, tmp_path / "run")
    result = pipeline.perform(run)
    keras.utils.clear_session()
    made: dict[str, Any] = {}
    for cell in cells(notebook.notebook(run.config, pipeline.recipe_of(run), 11))[:-2]:
        exec(cell, made)
    assert (made["labels"] == NO_DIGIT_CLASS).sum() == 72
    losses = [row.loss for row in run.snapshot().history]
    assert made["history"].history["cross_entropy"] == pytest.approx(losses, abs=2e-3)
    right = (made["answers"] == made["test_labels"]).mean()
    assert result
    assert right == pytest.approx(result.test.accuracy, abs=0.02)


@pytest.mark.parametrize("recipe", BEGUN_BY_CHANCE, ids=lambda recipe: recipe.name)
def test_each_recipe_has_one_that_is_python(recipe: Recipe) -> None:
    for answers in (10, 11):
        text = notebook.notebook(records.config(recipe), recipe, answers)
        for cell in cells(text):
            compile(cell, "cell", "exec")


def test_other_digits_come_from_inkling(home: Path) -> None:
    config = records.config(RECIPE, data="synthetic:40+nondigits:20")
    made: dict[str, Any] = {}
    for cell in cells(notebook.notebook(config, RECIPE, 11))[:2]:
        exec(cell, made)
    train = datasets.load("synthetic:40+nondigits:20").train
    np.testing.assert_array_equal(made["images"], train.images)
    assert made["labels"].max() == 10


def test_no_path_of_the_server_is_in_it() -> None:
    spec = "/srv/inkling/uploads/mine-1234abcd.csv"
    config = records.config(RECIPE, spec=spec, data="mine-1234abcd.csv")
    text = notebook.notebook(config, RECIPE, 10)
    assert "mine-1234abcd.csv" in text
    assert "/srv" not in text


def test_a_run_that_began_with_another_network_has_none(tmp_path: Path) -> None:
    run = registry.create("test", tmp_path / "run")
    run.write_config(records.config(RECIPE))
    run.base_path.write_bytes(PRETRAINED.read_bytes())
    assert not notebook.can_be_written(run)


def test_a_run_that_goes_on_from_the_network_in_use_has_none(tmp_path: Path) -> None:
    run = registry.create("test", tmp_path / "run")
    run.write_config(records.config(RECIPES["refine"]))
    assert not notebook.can_be_written(run)
