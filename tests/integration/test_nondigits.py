"""A network that was shown what is no digit."""

from dataclasses import replace
from pathlib import Path

from model.data import datasets, nondigits
from model.inference import classifier
from model.preprocessing.pixels import to_float32
from model.runs.registry import create
from model.training import recipes, trainer
from tests.support import records


def test_a_network_learns_to_refuse_them(tmp_path: Path) -> None:
    """And reads digits no worse; what its answers lack of 1 is that it is no digit."""
    recipe = replace(recipes.get("quick"), epochs=6)
    dataset = datasets.load("synthetic:3000+nondigits:1500")
    run = create("test", tmp_path)
    run.write_config(records.config(recipe))
    trained = trainer.learn(recipe, dataset, run, verbose=0)
    assert trainer.examine(trained, dataset, run).test.accuracy > 0.9
    reader = classifier.load(run.model_path)
    assert reader.network.output_shape == (None, 11)
    others = to_float32(nondigits.make(300, seed=9))
    refused = 1 - reader.probabilities(others).sum(axis=1)
    digits = 1 - trainer.probabilities(reader, dataset.test).sum(axis=1)
    assert (refused > 0.5).mean() > 0.7
    assert (digits > 0.5).mean() < 0.1
