"""Distorted copies: what each amount does, and what none of them may do."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.data import synthetic
from model.data.augmentation import Augmentation


def digits(count: int) -> np.ndarray:
    return synthetic.make(count, seed=4)[0]


def centres(images: np.ndarray) -> np.ndarray:
    weights = images.astype(float) / images.sum(axis=(1, 2), keepdims=True)
    rows, columns = np.mgrid[:28, :28]
    return np.stack([(weights * rows).sum((1, 2)), (weights * columns).sum((1, 2))], axis=1)


def test_nothing_asked_changes_nothing() -> None:
    images = digits(20)
    np.testing.assert_array_equal(Augmentation().apply(images, np.random.default_rng(0)), images)


def test_the_same_seed_gives_the_same_copies() -> None:
    images = digits(20)
    much = Augmentation(rotation=15, zoom=0.2, stretch=0.1, shift=0.1, shear=10, elastic=1)
    one, same, other = (much.apply(images, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any(axis=(1, 2)).all()


def test_a_shift_moves_the_centre_by_so_much_and_no_more() -> None:
    images = digits(300)
    copies = Augmentation(shift=0.1).apply(images, np.random.default_rng(0))
    moved = np.abs(centres(copies) - centres(images))
    assert moved.max() <= 2.8 + 0.1
    assert moved.max() > 2.5
    assert abs(np.mean(centres(copies) - centres(images))) < 0.2


def test_a_zoom_changes_the_ink_as_its_square() -> None:
    images = digits(300)
    copies = Augmentation(zoom=0.2).apply(images, np.random.default_rng(0))
    ratio = copies.sum((1, 2)) / images.sum((1, 2))
    assert 0.8**2 - 0.05 < ratio.min() < 0.7
    assert 1.35 < ratio.max() < 1.2**2 + 0.05


def test_a_rotation_turns_as_opencv_does() -> None:
    """Each copy is one of the turns up to the limit, and none of those beyond."""
    image = digits(1)
    copies = Augmentation(rotation=30).apply(np.repeat(image, 40, axis=0), np.random.default_rng(0))
    angles = np.arange(-60, 61)
    turns = []
    for angle in angles:
        matrix = cv2.getRotationMatrix2D((13.5, 13.5), float(angle), 1)
        turns.append(cv2.warpAffine(image[0], matrix, (28, 28)).astype(float))
    found = [angles[np.abs(np.array(turns) - copy).mean((1, 2)).argmin()] for copy in copies]
    assert max(np.abs(found)) <= 30
    assert max(found) > 15
    assert min(found) < -15


@given(st.integers(1, 3), st.sampled_from([(28, 28), (9, 14)]), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_no_ink_comes_from_a_neighbour(count: int, shape: tuple[int, int], seed: int) -> None:
    images = np.zeros((2 * count, *shape), np.uint8)
    images[::2] = 255
    much = Augmentation(rotation=40, zoom=0.4, shift=0.4, shear=30, elastic=3)
    copies = much.apply(images, np.random.default_rng(seed))
    assert copies.shape == images.shape
    assert copies.dtype == np.uint8
    assert not copies[1::2].any()


def test_a_batch_beyond_opencvs_rows_is_whole() -> None:
    images = np.tile(digits(100), (25, 1, 1))
    copies = Augmentation(shift=1e-9).apply(images, np.random.default_rng(0))
    np.testing.assert_array_equal(copies, images)
