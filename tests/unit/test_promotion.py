"""The gate: McNemar's exact test, on digits that no run trains on."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data import datasets, synthetic
from model.data.samples import LabelledSamples
from model.errors import InklingError
from model.runs.records import Comparison
from model.training import pipeline, promotion
from model.training.recipes import get


def test_the_test_is_mcnemars() -> None:
    # The table of statsmodels' documentation of its mcnemar, (101, 121), (59, 33): 4.434e-06.
    assert 2 * promotion.probability_of_losing(121, 59) == pytest.approx(4.434444926375551e-06)
    # Sign test on 9 against 1, two-sided, as in any table of the binomial: 0.0215.
    assert 2 * promotion.probability_of_losing(9, 1) == pytest.approx(0.0215, abs=5e-5)


@given(st.integers(0, 9), st.integers(0, 9))
def test_the_probability_is_that_of_fair_coins(b: int, c: int) -> None:
    """Every way in which b + c coins may fall, counted one by one."""
    ways = [sum(coins) >= b for coins in itertools.product((0, 1), repeat=b + c)]
    assert promotion.probability_of_losing(b, c) == pytest.approx(sum(ways) / len(ways))


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_probability_at_any_size(b: int, c: int) -> None:
    p = promotion.probability_of_losing(b, c)
    assert 0 < p <= 1
    assert (p > 0.5) == (b <= c)
    assert promotion.probability_of_losing(b + 1, c) <= p


def verdict(b: int, c: int, both: int = 4900, neither: int = 10) -> Comparison:
    """Of two models, where the candidate loses b digits and wins c."""
    n = b + c + both + neither
    old = np.repeat([True, False, True, False], [b, c, both, neither])
    new = np.repeat([False, True, True, False], [b, c, both, neither])
    holdout = promotion.HoldoutSet(
        "digits", LabelledSamples(np.zeros((n, 28, 28), np.uint8), np.full(n, 3, np.uint8))
    )
    answers = [np.eye(10)[np.where(right, 3, 8)] for right in (new, old)]
    return promotion.compare(holdout, *answers)


def test_a_verdict_says_the_figures() -> None:
    worse = verdict(25, 8)
    assert (worse.b, worse.c, worse.n, worse.passed) == (25, 8, 4943, False)
    assert worse.p == promotion.probability_of_losing(25, 8)
    assert worse.candidate == pytest.approx(4908 / 4943)
    assert worse.current == pytest.approx(4925 / 4943)
    assert worse.sentence == (
        "Kept back, as it is likely worse than the model in use: on digits it reads 99.29 % right, "
        "that one 99.64 %; 25 digits lost, 8 won, McNemar's exact test, one-sided, p = 0.0023."
    )


@pytest.mark.parametrize(("b", "c"), [(0, 0), (0, 1), (8, 8), (8, 25), (9, 8), (11, 8)])
def test_what_is_not_worse_passes(b: int, c: int) -> None:
    assert verdict(b, c).passed
    assert verdict(b, c).sentence.startswith("Not worse than the model in use")


@pytest.mark.parametrize(("b", "c"), [(3, 0), (13, 8), (25, 8), (4000, 0)])
def test_what_is_likely_worse_is_kept_back(b: int, c: int) -> None:
    assert not verdict(b, c).passed


def test_nothing_is_worse_than_no_model() -> None:
    holdout = promotion.HoldoutSet("digits", LabelledSamples(*synthetic.make(20, 5)))
    alone = promotion.compare(holdout, np.eye(10)[np.zeros(20, int)], None)
    assert alone.passed
    assert alone.current is None
    assert alone.sentence.startswith("The model in use can't be opened; on digits it reads")


def test_it_is_right_as_often_as_it_says() -> None:
    """The docstring's figures, by 5,000 candidates of each kind."""
    rng = np.random.default_rng(0)

    def held_back(lost: float, won: float, level: float) -> float:
        pairs = zip(rng.poisson(lost, 5000), rng.poisson(won, 5000), strict=True)
        return float(
            np.mean([promotion.probability_of_losing(int(b), int(c)) < level for b, c in pairs])
        )

    assert promotion.LEVEL == 0.2
    assert held_back(18, 8, 0.2) == pytest.approx(5 / 6, abs=0.03)
    assert held_back(18, 8, 0.05) == pytest.approx(4 / 7, abs=0.03)
    assert held_back(10, 10, 0.2) == pytest.approx(1 / 7, abs=0.03)


# ---------------------------------------------------------------- the digits it compares on


@pytest.fixture
def mnist(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> LabelledSamples:
    """A file with MNIST's names and counts, each of its images another, as MNIST."""
    images = np.zeros((60_100, 28, 28), np.uint8)
    images.reshape(len(images), -1)[:, :4] = np.arange(len(images), dtype=">u4")[:, None].view("u1")
    labels = (np.arange(len(images)) % 10).astype(np.uint8)
    path = tmp_path / "mnist.npz"
    np.savez(
        path,
        x_train=images[:60_000],
        y_train=labels[:60_000],
        x_test=images[60_000:],
        y_test=labels[60_000:],
    )
    monkeypatch.setenv("MNIST_PATH", str(path))
    return LabelledSamples(images, labels)


def test_they_are_the_last_of_mnists_training_images(mnist: LabelledSamples) -> None:
    holdout = promotion.holdout_set()
    assert holdout.name == "the last 5,000 of MNIST's training images"
    np.testing.assert_array_equal(holdout.samples.images, mnist.images[55_000:60_000])


@pytest.fixture
def no_mnist(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_PATH", str(home / "none.npz"))


def test_without_mnist_they_are_synthetic(no_mnist: None) -> None:
    holdout = promotion.holdout_set()
    assert holdout.name == "5,000 synthetic digits"
    assert len(holdout.samples) == 5000
    again = promotion.holdout_set().samples
    np.testing.assert_array_equal(holdout.samples.images, again.images)


def test_no_run_trains_on_them_whatever_file_has_them(
    mnist: LabelledSamples, tmp_path: Path
) -> None:
    file = tmp_path / "mine.npz"
    np.savez(file, x=mnist.images[54_000:56_000], y=mnist.labels[54_000:56_000])
    dataset, holdout, note = pipeline._data(str(file), get("quick"))
    held_out = {image.tobytes() for image in holdout.samples.images}
    assert len(dataset.train) > 700
    assert not any(image.tobytes() in held_out for image in dataset.train.images)
    assert note is None


def test_a_file_with_nothing_else_is_refused(mnist: LabelledSamples, tmp_path: Path) -> None:
    file = tmp_path / "mine.npz"
    np.savez(file, x=mnist.images[55_000:56_000], y=mnist.labels[55_000:56_000])
    with pytest.raises(InklingError, match="has no digits besides the last 5,000"):
        pipeline._data(str(file), get("quick"))


def test_a_recipe_whose_data_can_not_be_had_says_what_it_learned_from(
    no_mnist: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "SYNTHETIC_TRAIN", 600)
    monkeypatch.setattr(datasets, "MNIST_VALIDATION", 60)
    dataset, _, note = pipeline._data(None, get("quick"))
    assert dataset.name == "synthetic"
    assert (note or "").startswith("It learned from synthetic digits instead of mnist: ")
    with pytest.raises(InklingError, match="MNIST_PATH"):
        pipeline._data("mnist", get("quick"))
