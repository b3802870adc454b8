"""uint8 and float32 images: there and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from model.preprocessing.pixels import to_float32, to_uint8

EVERY = np.arange(256, dtype=np.uint8)


def test_every_pixel_comes_back_as_it_was() -> None:
    assert (to_uint8(to_float32(EVERY)) == EVERY).all()


def test_black_is_zero_and_white_is_one() -> None:
    floats = to_float32(EVERY)
    assert floats.dtype == np.float32
    assert (floats[0], floats[-1]) == (0.0, 1.0)


@given(arrays(np.float32, array_shapes(max_dims=3), elements=st.floats(0, 1, width=32)))
def test_a_float_becomes_the_nearest_pixel(image: np.ndarray) -> None:
    pixels = to_uint8(image)
    assert (pixels.dtype, pixels.shape) == (np.uint8, image.shape)
    assert np.abs(to_float32(pixels) - image).max() <= 0.5 / 255 + 1e-6
