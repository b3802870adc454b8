"""What the documents take from elsewhere is so."""

from pathlib import Path

import pytest

from benchmarks import readme, report
from benchmarks.recipes import references
from model.training import recipes


@pytest.mark.parametrize("path", readme.DOCUMENTS, ids=lambda path: path.name)
def test_the_documents_say_what_is_so(path: Path) -> None:
    assert readme.filled(path) == path.read_text(), "make fix writes them anew"


def test_the_train_page_says_what_the_recipes_reached() -> None:
    figures = report.load("recipes")
    assert figures
    measured = references(figures["recipes"])
    assert {name: vars(recipes.reference(name)) for name in recipes.RECIPES} == measured
