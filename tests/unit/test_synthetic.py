"""Digits that the project draws itself."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.data import synthetic
from model.data.synthetic import STYLES, draw_digit, make
from model.preprocessing.framing import BOX, CENTRE, SIDE, Unreadable
from model.preprocessing.stroke_width import stroke_width
from model.preprocessing.strokes import prepare_strokes

EVERY_STYLE = [(digit, style) for digit, styles in STYLES.items() for style in styles]


def mean_image(digit: int, style: str, seed: int, count: int = 40) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    images = [prepare_strokes(draw_digit(digit, rng, style)).image for _ in range(count)]
    return np.mean([image for image in images if image is not None], axis=0)


def test_all_ten_digits_have_several_styles() -> None:
    assert sorted(STYLES) == list(range(10))
    assert all(len(styles) >= 4 for styles in STYLES.values())


@pytest.mark.parametrize(("digit", "style"), EVERY_STYLE)
def test_every_style_draws_finite_strokes_of_about_one_unit(digit: int, style: str) -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        strokes = draw_digit(digit, rng, style)
        assert all(s.dtype == np.float32 and s.ndim == 2 and s.shape[1] == 2 for s in strokes)
        assert all(len(s) >= 2 for s in strokes)
        points = np.concatenate(strokes)
        assert np.isfinite(points).all()
        assert 0.5 < np.ptp(points, axis=0).max() < 3


@given(st.integers(0, 9), st.integers(0, 2**63))
def test_the_same_seed_draws_the_same_strokes(digit: int, seed: int) -> None:
    first = draw_digit(digit, np.random.default_rng(seed))
    second = draw_digit(digit, np.random.default_rng(seed))
    assert len(first) == len(second)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_no_two_drawings_are_alike() -> None:
    rng = np.random.default_rng(2)
    drawings = [np.concatenate(draw_digit(1, rng, "plain")).tobytes() for _ in range(100)]
    assert len(set(drawings)) == 100


@pytest.mark.parametrize("digit", STYLES)
def test_styles_of_a_digit_differ(digit: int) -> None:
    """Nearly every style's mean image is known again among the others'."""
    means = {style: mean_image(digit, style, seed=3) for style in STYLES[digit]}
    again = {style: mean_image(digit, style, seed=4) for style in STYLES[digit]}
    nearest = {
        style: min(means, key=lambda other: float(np.abs(means[other] - image).mean()))
        for style, image in again.items()
    }
    assert sum(style == found for style, found in nearest.items()) >= 0.6 * len(nearest)


def test_a_seven_is_crossed_and_a_zero_slashed_by_a_second_stroke() -> None:
    rng = np.random.default_rng(5)
    for digit, style in [(7, "crossed"), (0, "slashed"), (5, "detached hat"), (4, "open")]:
        counts = [len(draw_digit(digit, rng, style)) for _ in range(50)]
        assert np.median(counts) == 2


def test_the_pen_is_sometimes_not_lifted_and_sometimes_loses_contact() -> None:
    rng = np.random.default_rng(6)
    counts = {len(draw_digit(7, rng, "crossed")) for _ in range(300)}
    assert counts == {1, 2, 3}


def test_make_gives_images_and_labels_in_random_order() -> None:
    images, labels = make(200, seed=7)
    assert images.shape == (200, SIDE, SIDE)
    assert labels.shape == (200,)
    assert images.dtype == labels.dtype == np.uint8
    assert len(set(labels[:20].tolist())) > 5
    assert (images.max(axis=(1, 2)) > 200).all()


@pytest.mark.parametrize("count", [0, 1, 10, 137])
def test_labels_are_balanced(count: int) -> None:
    _, labels = make(count, seed=8)
    assert len(labels) == count
    assert np.ptp(np.bincount(labels, minlength=10)) <= 1


def test_make_is_deterministic_by_seed() -> None:
    first, second, other = make(50, seed=9), make(50, seed=9), make(50, seed=10)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_images_keep_mnists_box_and_centre() -> None:
    images, _ = make(500, seed=11)
    for image in images:
        rows, columns = np.nonzero(image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == BOX
        weights = image / image.sum()
        edge = {0, SIDE - 1} & {*rows.tolist(), *columns.tolist()}
        # A shift of whole pixels centres to half a pixel, unless ink would leave the field.
        assert abs(weights.sum(axis=1) @ np.arange(SIDE) - CENTRE) < 0.51 or edge
        assert abs(weights.sum(axis=0) @ np.arange(SIDE) - CENTRE) < 0.51 or edge


def test_pens_are_as_wide_as_mnists() -> None:
    images, _ = make(1000, seed=12)
    fine = [cv2.resize(image / np.float32(255), None, fx=8, fy=8) for image in images]
    narrow, middle, wide = np.percentile([stroke_width(image) / 8 for image in fine], [5, 50, 95])
    assert (narrow, middle, wide) == pytest.approx((1.5, 2.5, 4.0), abs=0.4)


def test_a_pen_too_thick_for_a_scribble_is_made_finer() -> None:
    scribble = [np.random.default_rng(0).uniform(0, 1, (60, 2)).astype(np.float32)]
    assert prepare_strokes(scribble, width=7.0).reason is Unreadable.FULL
    (image,) = synthetic.render([scribble], np.array([7.0]))
    assert 0 < image.mean() < 255 * 0.5


def test_another_digit_or_style_is_a_key_error() -> None:
    rng = np.random.default_rng(13)
    with pytest.raises(KeyError):
        draw_digit(10, rng)
    with pytest.raises(KeyError):
        draw_digit(7, rng, "foot")
