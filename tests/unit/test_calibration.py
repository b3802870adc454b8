"""The refusal that is joined to a network's eleventh answer."""

from pathlib import Path

import keras
import numpy as np
import pytest

from model.data.samples import CLASSES, NO_DIGIT_CLASS
from model.inference import classifier
from model.training import calibration, fine_tuning, networks
from model.training.calibration import Refusal

REFUSAL = Refusal(margin=0.4, energy=-0.3, bias=1.2)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(1)
    return networks.build("small", CLASSES + 1)


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (6, 28, 28), np.uint8)


def answers(network: keras.Model, images: np.ndarray) -> np.ndarray:
    return np.asarray(network(images[..., None].astype(np.float32) / 255), np.float64)


def test_a_joined_network_says_none_by_its_refusal(
    network: keras.Model, images: np.ndarray
) -> None:
    logits = calibration.logits(network, images)
    joined = answers(calibration.join(network, REFUSAL), images)
    none = joined[:, NO_DIGIT_CLASS]
    np.testing.assert_allclose(np.log(none / (1 - none)), REFUSAL.log_odds(logits), atol=1e-4)
    np.testing.assert_allclose(joined.sum(axis=1), 1, atol=1e-5)


def test_a_joined_network_tells_digits_apart_as_before(
    network: keras.Model, images: np.ndarray
) -> None:
    before, after = answers(network, images), answers(calibration.join(network, REFUSAL), images)
    for row in (before, after):
        row[:] /= row[:, :CLASSES].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(before[:, :CLASSES], after[:, :CLASSES], atol=1e-5)


def test_a_joined_network_is_kept_in_a_file_and_taken_apart_again(
    network: keras.Model, images: np.ndarray, tmp_path: Path
) -> None:
    joined = calibration.join(network, REFUSAL)
    joined.save(tmp_path / "joined.keras")
    again = classifier.load(tmp_path / "joined.keras")
    np.testing.assert_allclose(answers(again.network, images), answers(joined, images), atol=1e-6)
    for got, wanted in zip(calibration.plain(again.network), network.get_weights(), strict=True):
        np.testing.assert_array_equal(got, wanted)
    assert len(calibration.plain(network)) == len(network.get_weights())


def test_fine_tuning_leaves_the_refusal_as_it_is(network: keras.Model) -> None:
    body, head = fine_tuning.split_network(calibration.join(network, REFUSAL))
    assert body is not None
    assert len(head.non_trainable_variables) >= 3
    assert len(head.trainable_variables) == 4  # two dense layers


def test_the_refusal_is_as_likely_as_what_it_was_fitted_on() -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 3, (20_000, CLASSES + 1))
    odds = Refusal(0.5, -0.75, -2.0).log_odds(logits)
    labels = np.where(rng.random(len(odds)) < 1 / (1 + np.exp(-odds)), NO_DIGIT_CLASS, 0)
    found = calibration.fit(logits, labels)
    assert (found.margin, found.energy, found.bias) == pytest.approx((0.5, -0.75, -2.0), abs=0.2)
