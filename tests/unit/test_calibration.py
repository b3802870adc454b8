"""How sure a network is, brought to how often it is right."""

import keras
import numpy as np
import pytest

from model.data.samples import CLASSES, NO_DIGIT_CLASS, LabelledSamples
from model.inference.prediction import DOUBTFUL
from model.training import calibration, networks


def test_the_shift_that_made_answers_too_ready_is_found() -> None:
    rng = np.random.default_rng(3)
    odds = rng.normal(-1, 3, 20_000)
    is_none = rng.random(len(odds)) < 1 / (1 + np.exp(-odds))
    answers = np.zeros((len(odds), CLASSES + 1))
    answers[:, NO_DIGIT_CLASS] = 1 / (1 + np.exp(-odds - 1.5))
    assert calibration.none_shift(answers, is_none) == pytest.approx(-1.5, abs=0.1)


def test_it_refuses_as_often_as_its_teacher() -> None:
    keras.utils.set_random_seed(1)
    network = networks.build("small", CLASSES + 1)
    images = np.random.default_rng(2).integers(0, 256, (400, 28, 28), np.uint8)
    split = LabelledSamples(images, np.full(400, NO_DIGIT_CLASS, np.uint8))
    teacher = np.full((400, CLASSES), 0.1, np.float32)
    teacher[:300] = 0  # so many it refuses
    calibration.refuse_as_often(network, teacher, split)
    after = network.predict(images[..., None] / 255, verbose=0)
    assert (after[:, NO_DIGIT_CLASS] > DOUBTFUL).sum() == pytest.approx(300, abs=2)


def test_calibrating_keeps_the_order_of_the_digits_and_meets_the_share_of_none() -> None:
    keras.utils.set_random_seed(1)
    network = networks.build("small", CLASSES + 1)
    rng = np.random.default_rng(2)
    images = rng.integers(0, 256, (400, 28, 28), np.uint8)
    labels = np.where(rng.random(400) < 0.3, NO_DIGIT_CLASS, rng.integers(0, 10, 400))
    before = network.predict(images[..., None] / 255, verbose=0)
    calibration.calibrate(network, LabelledSamples(images, labels.astype(np.uint8)))
    after = network.predict(images[..., None] / 255, verbose=0)
    np.testing.assert_array_equal(
        before[:, :CLASSES].argmax(axis=1), after[:, :CLASSES].argmax(axis=1)
    )
    share = (labels == NO_DIGIT_CLASS).mean()
    assert after[:, NO_DIGIT_CLASS].mean() == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("answers", [CLASSES, CLASSES + 1])
def test_what_one_network_took_another_takes_too(answers: int) -> None:
    keras.utils.set_random_seed(1)
    one = networks.build("small", answers)
    same = keras.models.clone_model(one)
    same.set_weights(one.get_weights())
    rng = np.random.default_rng(2)
    images = rng.integers(0, 256, (300, 28, 28), np.uint8)
    found = calibration.calibrate(
        one, LabelledSamples(images, rng.integers(0, answers, 300).astype(np.uint8))
    )
    found.apply(same)
    for weights, others in zip(one.get_weights(), same.get_weights(), strict=True):
        np.testing.assert_allclose(weights, others, rtol=1e-5, atol=1e-6)
