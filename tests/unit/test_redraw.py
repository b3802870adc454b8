"""One drawing as the same hand or others might draw it."""

import numpy as np
import pytest

from model.data.redraw import other_hands
from model.inference import classifier
from model.preprocessing.pixels import to_float32
from model.settings import PRETRAINED

SEVEN = [
    np.array([(0, 5), (30, 0), (60, 4), (40, 50), (25, 100)], np.float32),
    np.array([(15, 52), (55, 48)], np.float32),
]
DOT = [np.array([(5, 5)], np.float32)]


def drawn(strokes: list[np.ndarray], count: int = 40) -> np.ndarray:
    return other_hands(strokes, count, np.random.default_rng(1))


def test_each_hand_draws_it_its_own_way() -> None:
    images = drawn(SEVEN)
    assert images.shape == (40, 28, 28)
    assert images.dtype == np.uint8
    assert len({image.tobytes() for image in images}) == 40


def test_the_same_seed_gives_the_same_hands() -> None:
    np.testing.assert_array_equal(drawn(SEVEN), drawn(SEVEN))


def test_whatever_the_unit_it_is_the_same_form() -> None:
    np.testing.assert_array_equal(drawn(SEVEN), drawn([4 * stroke for stroke in SEVEN]))


def test_it_stays_the_digit_that_it_is() -> None:
    answers = classifier.load(PRETRAINED).probabilities(to_float32(drawn(SEVEN))).argmax(axis=1)
    assert (answers == 7).mean() >= 0.95


@pytest.mark.parametrize("strokes", [DOT, [*SEVEN, *DOT]])
def test_a_dot_stops_nobody(strokes: list[np.ndarray]) -> None:
    assert len(drawn(strokes)) <= 40


def test_no_hands_draw_nothing() -> None:
    assert drawn(SEVEN, 0).shape == (0, 28, 28)
