"""The README says what the benchmarks measured."""

from benchmarks import readme


def test_the_tables_are_those_of_the_results() -> None:
    text = readme.README.read_text()
    assert readme.filled(text) == text, "python -m benchmarks.readme writes the tables anew"
