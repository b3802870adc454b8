"""Whether a new model takes over: judged on all that the app promises, told in a sentence."""

import itertools
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.data import datasets, drawings
from model.data.drawings import SavedDrawing
from model.data.samples import CLASSES, NO_DIGIT, NO_DIGIT_CLASS, LabelledSamples
from model.errors import InklingError
from model.runs.records import Comparison, Kind, Verdict
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


def holdout(labels: NDArray[np.uint8], kind: Kind = Kind.DIGITS) -> promotion.HoldoutSet:
    images = np.zeros((len(labels), 28, 28), np.uint8)
    return promotion.HoldoutSet(kind, "those set apart", LabelledSamples(images, labels))


def sure(answers: NDArray[np.integer]) -> NDArray[np.float64]:
    """Probabilities (N, 10) of a model that is sure of each answer, NO_DIGIT_CLASS among them."""
    return np.eye(CLASSES + 1)[answers][:, :CLASSES]


def compared(
    b: int, c: int, both: int = 4900, neither: int = 10, kind: Kind = Kind.DIGITS
) -> Comparison:
    """Two models, where the candidate loses b and wins c. Digits are misread or refused in turn;
    what is no digit is taken for one."""
    n = b + c + both + neither
    truth, wrong = np.full(n, 3, np.uint8), np.where(np.arange(n) % 2, 8, NO_DIGIT_CLASS)
    if kind == Kind.NONDIGITS:
        truth, wrong = np.full(n, NO_DIGIT_CLASS, np.uint8), np.full(n, 8)
    old = np.repeat([True, False, True, False], [b, c, both, neither])
    new = np.repeat([False, True, True, False], [b, c, both, neither])
    new, old = (sure(np.where(right, truth, wrong)) for right in (new, old))
    return promotion.compare(holdout(truth, kind), new, old)


def told(*comparisons: Comparison, is_used: bool = False) -> str:
    return promotion.sentence(Verdict(comparisons=comparisons), is_used)


def test_a_comparison_has_the_figures() -> None:
    worse = compared(25, 8)
    assert (worse.b, worse.c, worse.n, worse.passed) == (25, 8, 4943, False)
    assert worse.p == promotion.probability_of_losing(25, 8)
    assert worse.candidate == pytest.approx(4908 / 4943)
    assert worse.current == pytest.approx(4925 / 4943)


def test_a_digit_that_is_refused_is_read_wrong() -> None:
    labels = np.arange(10, dtype=np.uint8)
    refusing = sure(np.full(10, NO_DIGIT_CLASS))
    comparison = promotion.compare(holdout(labels), refusing, sure(labels))
    assert (comparison.b, comparison.candidate, comparison.passed) == (10, 0.0, False)


@pytest.mark.parametrize(("b", "c"), [(0, 0), (0, 1), (8, 8), (8, 25), (9, 8), (11, 8)])
def test_what_is_not_worse_passes(b: int, c: int) -> None:
    assert compared(b, c).passed


@pytest.mark.parametrize(("b", "c"), [(3, 0), (13, 8), (25, 8), (4000, 0)])
def test_what_is_likely_worse_is_held_back(b: int, c: int) -> None:
    assert not compared(b, c).passed


def test_one_loss_is_enough_to_wait_for_a_person() -> None:
    better, worse = compared(0, 50), compared(400, 0, 600, 0, Kind.NONDIGITS)
    assert Verdict(comparisons=(better,)).passed
    assert not Verdict(comparisons=(better, worse)).passed


# ---------------------------------------------------------------- in words


def test_what_is_lost_is_said_in_a_sentence() -> None:
    assert told(compared(28, 8, 4954)) == "It read 20 digits fewer of 5,000, so the old one stays."
    assert told(compared(3, 2, 95, 0), compared(9, 1, 1990, 0, Kind.PENS)) == (
        "It read 8 digits fewer of 2,000 drawn with a pen, so the old one stays."
    )
    assert told(compared(4, 0, 16, 0, Kind.DRAWINGS)) == (
        "It read 4 digits fewer of 20 saved drawings, so the old one stays."
    )
    assert told(compared(60, 10, 880, 50, Kind.NONDIGITS)) == (
        "It takes 110 of 1,000 letters and scribbles for digits, 50 more than before, "
        "so the old one stays."
    )


def test_that_it_refuses_no_more_is_said_first() -> None:
    unable = compared(740, 0, 188, 72, Kind.NONDIGITS)
    assert told(compared(28, 8, 4954), unable) == (
        "It no longer says “not a digit”: it takes 812 of 1,000 letters and scribbles for digits. "
        "It read 20 digits fewer of 5,000, so the old one stays."
    )


def test_what_is_used_anyway_is_not_said_to_be_held_back() -> None:
    assert told(compared(28, 8, 4954), is_used=True) == (
        "It read 20 digits fewer of 5,000, and is in use all the same."
    )


def test_what_passes_says_what_it_won_and_lost() -> None:
    parts = (
        compared(8, 20, 4972, 0),
        compared(5, 5, 1990, 0, Kind.PENS),
        compared(12, 10, 970, 8, Kind.NONDIGITS),
    )
    for is_used in (True, False):
        assert told(*parts, is_used=is_used) == (
            "No worse than the one before: it read 12 more of 5,000 digits, as many of 2,000 drawn "
            "with a pen and 2 fewer of 1,000 letters and scribbles as no digit."
        )


def test_nothing_is_worse_than_no_model() -> None:
    labels = np.arange(20, dtype=np.uint8) % 10
    alone = promotion.compare(holdout(labels), sure(np.zeros(20, int)), None)
    assert alone.passed
    assert alone.current is None
    assert told(alone) == "The model in use can't be opened; this one reads 2 of 20 digits right."


# ---------------------------------------------------------------- how sure that is


def test_it_is_right_as_often_as_it_says() -> None:
    """The docstring's figures, by 600 candidates of each kind."""
    rng, losing = np.random.default_rng(0), cache(promotion.probability_of_losing)
    equal = [(10, 10), (20, 20), (25, 25)]  # lost and won of digits, of pens', of non-digits
    worse = [(18, 8), *equal[1:]]

    def held_back(expected: list[tuple[int, int]]) -> float:
        kinds = (Kind.DIGITS, Kind.PENS, Kind.NONDIGITS)
        verdicts = [
            promotion.holm(
                [
                    one(kind, losing(*map(int, rng.poisson(pair))))
                    for kind, pair in zip(kinds, expected, strict=True)
                ]
            )
            for _ in range(600)
        ]
        return float(np.mean([not verdict.passed for verdict in verdicts]))

    assert promotion.LEVEL == 0.3
    assert held_back(equal) == pytest.approx(0.2, abs=0.05)
    assert held_back(worse) == pytest.approx(0.75, abs=0.05)


def one(kind: Kind, p: float) -> Comparison:
    return Comparison(
        kind=kind,
        set="those set apart",
        n=100,
        candidate=0.9,
        current=0.9,
        b=0,
        c=0,
        p=p,
        passed=True,
    )


@pytest.mark.parametrize(
    ("p", "passed"),
    [
        ((0.11, 0.12, 0.13), (True, True, True)),  # each alone would do, not the three of them
        ((0.14, 0.09, 0.5), (False, False, True)),  # below 0.3 / 3, and then below 0.3 / 2
        ((0.14, 0.09, 0.2), (False, False, False)),
        ((0.16, 0.09, 0.2), (True, False, True)),
    ],
)
def test_the_level_is_shared_by_all_kinds(p: tuple[float, ...], passed: tuple[bool, ...]) -> None:
    kinds = (Kind.DIGITS, Kind.PENS, Kind.NONDIGITS)
    verdict = promotion.holm([one(*pair) for pair in zip(kinds, p, strict=True)])
    assert tuple(comparison.passed for comparison in verdict.comparisons) == passed
    assert [comparison.kind for comparison in verdict.comparisons] == list(kinds)


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
    digits = promotion.digits()
    assert digits.name == "the last 5,000 of MNIST's training images"
    np.testing.assert_array_equal(digits.samples.images, mnist.images[55_000:60_000])


@pytest.fixture
def no_mnist(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_PATH", str(home / "none.npz"))


def test_without_mnist_they_are_synthetic(no_mnist: None) -> None:
    digits = promotion.digits()
    assert digits.name == "5,000 synthetic digits"
    assert len(digits.samples) == 5000
    again = promotion.digits().samples
    np.testing.assert_array_equal(digits.samples.images, again.images)


def test_no_run_trains_on_them_whatever_file_has_them(
    mnist: LabelledSamples, tmp_path: Path
) -> None:
    file = tmp_path / "mine.npz"
    np.savez(file, x=mnist.images[54_000:56_000], y=mnist.labels[54_000:56_000])
    dataset, digits, note = pipeline._data(str(file), get("quick"))
    held_out = {image.tobytes() for image in digits.samples.images}
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
    assert (note or "").startswith("It learned from synthetic digits instead of mnist+")
    with pytest.raises(InklingError, match="MNIST_PATH"):
        pipeline._data("mnist", get("quick"))


# ---------------------------------------------------------------- what else is promised


def test_pens_and_what_is_no_digit_are_judged_too_and_never_learned_from(home: Path) -> None:
    pens, none = promotion.others()
    assert (pens.kind, none.kind) == (Kind.PENS, Kind.NONDIGITS)
    assert set(none.samples.labels) == {NO_DIGIT_CLASS}
    assert set(pens.samples.labels) == set(range(10))
    learned = datasets.load("synthetic:2000+nondigits:1000").train
    shown = {image.tobytes() for image in learned.images}
    for judged in (pens, none):
        assert not any(image.tobytes() in shown for image in judged.samples.images)
    assert not home.exists()  # no database is made to find out


def test_saved_drawings_are_judged_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    images = np.random.default_rng(0).integers(0, 256, (2, 28, 28), np.uint8)
    with drawings.opened() as store:
        store.add([SavedDrawing(images[0], 4), SavedDrawing(images[1], NO_DIGIT)])
    _, saved, _ = promotion.others()
    assert saved.kind == Kind.DRAWINGS
    assert sorted(saved.samples.labels) == [4, NO_DIGIT_CLASS]
    monkeypatch.setenv("INKLING_DATABASE", "sqlite:////nowhere/drawings.db")
    assert [holdout.kind for holdout in promotion.others()] == [Kind.PENS, Kind.NONDIGITS]
