"""What the benchmark of drawings counts, and the doodles that it draws."""

import numpy as np

from benchmarks import doodles, drawings
from benchmarks.drawings import Read
from model.data.samples import NO_DIGIT
from model.inference.prediction import Outcome
from model.preprocessing.strokes import prepare_strokes


def read_as(digits: list[int], labels: list[int], outcomes: list[Outcome], writer: int = 1) -> Read:
    n = len(digits)
    rows = np.zeros((n, 10), np.float32)
    rows[np.arange(n), digits] = 1
    return Read(
        np.zeros((n, 28, 28), np.float32),
        rows,
        np.array(outcomes),
        np.array(labels),
        np.repeat([writer, writer + 1], [n - n // 2, n // 2]),
    )


def test_a_digit_that_is_not_answered_counts_as_wrong() -> None:
    labels = list(range(10)) * 10
    outcomes = [Outcome.DIGIT] * 98 + [Outcome.IN_DOUBT, Outcome.NONE]
    figures = drawings.of_digits(read_as([7, *labels[1:]], labels, outcomes))
    assert figures["accuracy"] == 0.99
    assert figures["answered"]["share"] == 0.97
    assert figures["refused"]["share"] == 0.02
    assert figures["surely_none"]["share"] == 0.01
    assert figures["worst_digit"] == (0, 0.9)
    assert figures["worst_writer"] == (2, 0.96)


def test_the_calibration_error_is_over_digits_and_non_digits() -> None:
    sure = read_as([3, 3], [3, 3], [Outcome.DIGIT] * 2)
    wrong = read_as([3, 3], [NO_DIGIT, NO_DIGIT], [Outcome.DIGIT] * 2)
    assert drawings.calibration_error([sure]) == 0
    assert drawings.calibration_error([sure, wrong]) == 0.5


def test_every_doodle_can_be_read_and_the_same_seed_draws_the_same() -> None:
    once, again = doodles.make(2 * len(doodles.FORMS)), doodles.make(2 * len(doodles.FORMS))
    assert [name for name, _ in once] == [*doodles.FORMS] * 2
    for (_, one), (_, other) in zip(once, again, strict=True):
        assert prepare_strokes(one).image is not None
        np.testing.assert_array_equal(np.concatenate(one), np.concatenate(other))
