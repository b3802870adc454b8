"""A network that was shown what is no digit, and one that was not."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from model.data import datasets, nondigits
from model.inference import classifier
from model.preprocessing.pixels import to_float32
from model.runs import registry
from model.runs.registry import create
from model.settings import PRETRAINED
from model.training import jobs, networks, promotion, recipes
from model.training.jobs import Request
from tests.support import records

PAGE = Path(__file__).parent.parent.parent / "pages" / "train.py"


def test_a_network_learns_to_refuse_them(tmp_path: Path) -> None:
    """And reads digits no worse; what its answers lack of 1 is that it is no digit."""
    from model.training import trainer

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


def test_a_network_that_can_not_refuse_waits_for_a_yes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKLING_MANAGING", "on")
    request = Request("keras-tutorial", "synthetic:600", network="small", epochs=1)
    run = jobs.train_here(request, verbose=0)
    assert run.result
    assert run.result.promotion
    said = promotion.sentence(run.result.promotion, is_used=False)
    assert said.startswith(
        "It no longer says “not a digit”: it takes 1,000 of 1,000 letters and scribbles for digits."
    )
    assert said.endswith("so the old one stays.")
    assert registry.in_use().run is None
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["entrypoint_ran"] = True
    page.run()
    assert not page.exception
    anyway = page.button(key=f"use-{run.id}")
    assert anyway.label == "Use it anyway"
    anyway.click().run()
    assert registry.in_use().run == run
    shown = " ".join(str(element.proto) for element in page.get("html"))
    assert "and is in use all the same" in shown
    assert "the old one stays" not in shown
    assert "kept-back" not in shown


def test_a_run_learns_to_refuse_whatever_digits_it_is_given(home: Path) -> None:
    run = jobs.train_here(Request("quick", "synthetic:600", epochs=1), verbose=0)
    assert run.config.data == "synthetic:600"
    assert run.config.images == round(600 * (1 + recipes.get("quick").nondigits))
    assert classifier.load(run.model_path).network.output_shape == (None, 11)


def test_the_network_in_use_goes_on_learning(home: Path) -> None:
    """It keeps what it knows, also where it can't refuse."""
    run = jobs.train_here(Request("refine", "synthetic:600", epochs=1), verbose=0)
    assert run.config.recipe.network == "compact"
    assert run.base_path.read_bytes() == PRETRAINED.read_bytes()
    assert run.result
    assert run.result.test.accuracy > 0.9  # after three batches
    unable = registry.create("quick")
    unable.write_config(records.config())
    networks.build("small").save(unable.model_path)
    registry.use(unable)
    run = jobs.train_here(Request("refine", "synthetic:600", epochs=1), verbose=0)
    assert (run.config.recipe.network, run.config.recipe.nondigits) == ("small", 0.0)
    assert run.config.images == 600
