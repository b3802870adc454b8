"""Where ink that hangs together may be cut apart."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.preprocessing.seams import divided


def rings(distance: int, slant: float = 0.0) -> np.ndarray:
    """Two rings, 100 px tall, their middles so far apart, (H, W) bool."""
    paper = np.zeros((140, 240), np.uint8)
    for x in (70, 70 + distance):
        cv2.ellipse(paper, (x, 70), (30, 50), 0, 0, 360, 255, 8, cv2.LINE_AA)
    move = np.array([[1, slant, -70 * slant], [0, 1, 0]])
    tilted = cv2.warpAffine(paper, move, paper.shape[::-1]) > 127
    x, y, width, height = cv2.boundingRect(tilted.astype(np.uint8))
    return tilted[y : y + height, x : x + width]


@settings(deadline=None)
@given(st.integers(58, 66), st.floats(-0.4, 0.4))
def test_rings_that_touch_can_be_parted_where_they_touch(distance: int, slant: float) -> None:
    mask = rings(distance, slant)
    parts = divided(mask)
    left = np.cumsum([part.sum() for part in parts]) / mask.sum()
    assert np.abs(left - 0.5).min() < 0.06


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(24, 90), st.integers(24, 200))
def test_each_pixel_of_any_ink_is_in_one_part(seed: int, height: int, width: int) -> None:
    noise = np.random.default_rng(seed).random((height, width), np.float32)
    mask = cv2.GaussianBlur(noise, (0, 0), 4) > 0.5
    if not mask.any():
        return
    parts = divided(mask)
    np.testing.assert_array_equal(np.sum(parts, axis=0), mask)
    assert all(part.any() for part in parts)


def test_a_narrow_digit_and_a_tiny_picture_are_left_whole() -> None:
    one = np.ones((100, 12), bool)
    assert len(divided(one)) == 1
    assert len(divided(rings(60)[::6, ::6])) == 1
