"""The runs as a table: found, ordered, written for a spreadsheet."""

import csv
import io
from pathlib import Path

import pytest

from model.errors import InklingError
from model.runs import registry, table
from model.runs.records import About
from model.runs.run import Run
from model.training.recipes import RECIPES
from tests.support import records


def made(recipe: str, accuracy: float | None = None, name: str = "", notes: str = "") -> Run:
    run = registry.create(recipe)
    run.write_config(records.config(RECIPES[recipe]))
    if accuracy is not None:
        scores = records.scores(accuracy)
        run.write_result(records.result(test=scores, seconds=100 * accuracy))
    if name or notes:
        run.write_about(About(name=name, notes=notes))
    return run


@pytest.fixture
def runs(home: Path) -> list[Run]:
    return [
        made("quick", 0.991, name="Baseline"),
        made("good", 0.996, notes="with the new pens"),
        made("best"),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [0, 1, 2]),
        ("BASELINE", [0]),
        ("pens new", [1]),
        ("accuracy>99.2", [1]),
        ("accuracy>=0.996", [1]),
        ("accuracy<99.5% seconds>99", [0]),
        ("batch=256", [0, 1, 2]),
        ("parameters<=100,000", [0, 1]),
        ("medium", [1]),
        ("nowhere", []),
    ],
)
def test_runs_are_found_by_words_and_by_figures(
    words: str, found: list[int], runs: list[Run]
) -> None:
    assert table.search(runs, words) == [runs[place] for place in found]


@pytest.mark.parametrize(
    ("words", "told"),
    [("colour>3", "There is no figure “colour”"), ("accuracy>1.2.3", "“1.2.3” in")],
)
def test_a_figure_that_there_is_none_of_is_refused(words: str, told: str, runs: list[Run]) -> None:
    with pytest.raises(InklingError, match=told):
        table.search(runs, words)


def test_what_is_best_comes_first_and_what_is_unknown_last(runs: list[Run]) -> None:
    quick, good, best = runs
    assert table.ordered(runs, "accuracy") == [good, quick, best]
    assert table.ordered(runs, "seconds") == [quick, good, best]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1", "\r=1"])
def test_no_cell_of_the_csv_is_a_formula(name: str, home: Path) -> None:
    run = made("quick", 0.99)
    run.write_about(About(name=name, notes="=HYPERLINK(1)"))
    (line,) = csv.DictReader(io.StringIO(table.to_csv([run]), newline=""))
    assert line["name"] == "'" + name.replace("\r", "\n")
    assert line["notes"].startswith("'=")
    assert float(line["accuracy"]) == 0.99
    assert line["id"] == run.id


def test_precision_and_recall_are_of_the_columns_and_of_the_rows() -> None:
    confusion = [[0] * 10 for _ in range(10)]
    confusion[3][3], confusion[3][5], confusion[5][5] = 6, 2, 4
    scores = records.scores().model_copy(update={"confusion": confusion})
    assert table.recall(scores)[3] == 0.75
    assert table.precision(scores)[3] == 1
    assert table.precision(scores)[5] == pytest.approx(4 / 6)
    assert table.recall(scores)[0] is None


def test_what_people_say_of_a_run_is_read_or_is_nothing(home: Path) -> None:
    run = made("quick", name="A name", notes="Two\nlines")
    assert (run.about.name, run.about.notes) == ("A name", "Two\nlines")
    (run.folder / "about.json").write_text('{"name": 3')
    assert run.about == About()
