"""The README says what the benchmarks measured."""

from benchmarks import readme, report
from benchmarks.recipes import references
from model.training import recipes


def test_the_tables_are_those_of_the_results() -> None:
    text = readme.README.read_text()
    assert readme.filled(text) == text, "python -m benchmarks.readme writes the tables anew"


def test_the_train_page_says_what_the_recipes_reached() -> None:
    figures = report.load("recipes")
    assert figures
    measured = references(figures["recipes"])
    assert {name: vars(recipes.reference(name)) for name in recipes.RECIPES} == measured
