"""What is no digit: drawn, learned from, and refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data import datasets, nondigits
from model.data.samples import NO_DIGIT_CLASS
from model.errors import InklingError


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_they_are_prepared_as_digits_are(count: int, seed: int) -> None:
    images = nondigits.make(count, seed)
    assert (images.shape, images.dtype) == ((count, 28, 28), np.uint8)
    np.testing.assert_array_equal(images, nondigits.make(count, seed))
    for image in images:
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 <= 20


def test_no_two_are_alike() -> None:
    assert len(np.unique(nondigits.make(500, 3), axis=0)) == 500


def test_they_are_trained_on_only(few_digits: Path) -> None:
    alone = datasets.load(str(few_digits))
    joined = datasets.load(f"{few_digits}+nondigits:30")
    assert (joined.train.labels == NO_DIGIT_CLASS).sum() == 30
    assert len(joined.train) == len(alone.train) + 30
    np.testing.assert_array_equal(joined.validation.images, alone.validation.images)
    np.testing.assert_array_equal(joined.test.labels, alone.test.labels)


def test_those_of_a_stroke_file_keep_its_split(tmp_path: Path, few_digits: Path) -> None:
    line = np.array([[0, 0], [9, 9], [0, 9]], np.float32)
    path = tmp_path / "letters.npz"
    np.savez(
        path,
        xy=np.concatenate([line, line[::-1], line * 2]),
        stroke_start=[0, 3, 6, 9],
        sample_start=[0, 1, 2, 3],
        label=[75, 86, 90],
        split=[0, 1, 0],
    )
    joined = datasets.load(f"{few_digits}+nondigits:{path}")
    others = joined.train.images[joined.train.labels == NO_DIGIT_CLASS]
    assert len(others) == 2 * datasets.VARIANTS
    # The third is the first at twice the size; as they are, both look the same.
    assert len(np.unique(others, axis=0)) == len(others) - 1


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("nondigits", "too few digits to train"),
        ("nondigits:3", "has a wrong count"),
        ("nondigits:nowhere.npz", "has a wrong count"),
    ],
)
def test_a_wrong_spec_is_named(spec: str, told: str) -> None:
    with pytest.raises(InklingError, match=told):
        datasets.load(spec)


def test_none_of_them_can_be_tested_on() -> None:
    with pytest.raises(InklingError, match="has no digits to test on"):
        datasets.load_test("nondigits:30")
