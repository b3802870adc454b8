"""Accuracy, its interval, loss and confusion."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.inference import metrics


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, and 0 of 20.
    assert metrics.wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert metrics.wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


@given(st.integers(1, 10_000), st.data())
def test_the_interval_solves_wilsons_equation(n: int, data: st.DataObject) -> None:
    """Each bound is as many standard deviations from the share as the normal distribution says."""
    share = data.draw(st.integers(0, n)) / n
    for bound in metrics.wilson_interval(round(share * n), n):
        assert (share - bound) ** 2 == pytest.approx(
            1.959964**2 * bound * (1 - bound) / n, rel=1e-4, abs=1e-12
        )


@given(st.integers(1, 10_000), st.data())
def test_the_interval_holds_the_share(n: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, n))
    low, high = metrics.wilson_interval(right, n)
    assert -1e-12 <= low <= right / n <= high <= 1 + 1e-12


@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_an_evaluation_agrees_with_keras(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(10), n).astype(np.float32)
    labels = rng.integers(0, 10, n).astype(np.uint8)
    figures = metrics.evaluate(probabilities, labels)
    losses = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
    assert figures.loss == pytest.approx(float(np.mean(losses)), rel=1e-3)
    assert figures.n == n == figures.confusion.sum()
    assert figures.right == np.trace(figures.confusion)
    shares = figures.per_digit
    counts = np.bincount(labels, minlength=10)
    assert sum(shares[str(d)] * counts[d] for d in np.unique(labels)) == pytest.approx(
        figures.right
    )
    assert figures.as_dict()["interval"][0] <= figures.accuracy <= figures.as_dict()["interval"][1]


@settings(max_examples=10)
@given(st.floats(0.3, 3), st.integers(0, 2**32 - 1))
def test_the_temperature_that_made_answers_too_sure_is_found(made: float, seed: int) -> None:
    """Labels are drawn by the probabilities, which are then sharpened or blurred."""
    rng = np.random.default_rng(seed)
    honest = rng.dirichlet(np.full(10, 0.4), 40_000)
    labels = (honest.cumsum(axis=1) < rng.random((40_000, 1))).sum(axis=1).clip(0, 9)
    blurred = honest ** (1 / made)
    blurred /= blurred.sum(axis=1, keepdims=True)
    assert metrics.temperature(blurred, labels) * made == pytest.approx(1, rel=0.06)
    assert metrics.calibration_error(honest, labels) < 0.02


def test_the_calibration_error_is_the_gap_between_sureness_and_truth() -> None:
    sure = np.tile([0.9, *[0.1 / 9] * 9], (10, 1))
    labels = np.array([0] * 6 + [1] * 4)
    assert metrics.calibration_error(sure, labels) == pytest.approx(0.3)
    assert metrics.calibration_error(np.eye(10), np.arange(10)) == 0
