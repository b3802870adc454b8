"""A drawing in a link: the same drawing again, in few characters; anything else is refused."""

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model.data import synthetic
from model.errors import InklingError
from model.preprocessing.drawing import Drawing
from model.preprocessing.link import MAX_LENGTH, from_link, to_link
from model.preprocessing.strokes import Stroke

points = arrays.arrays(
    np.float32, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(-150, 600, width=32)
)


def drawn(digit: int, size: float) -> list[Stroke]:
    """A digit on the sheet, `size` px high."""
    strokes = synthetic.draw_digit(digit, np.random.default_rng(digit))
    every = np.concatenate(strokes)
    low, extent = every.min(axis=0), np.ptp(every, axis=0).max()
    return [((stroke - low) / extent * size + 60).astype(np.float32) for stroke in strokes]


@given(st.lists(points, max_size=6), st.integers(1, 100))
def test_what_comes_back_is_what_was_drawn(strokes: list[Stroke], pen: int) -> None:
    again, width = from_link(to_link(strokes, pen))
    assert width == pen
    assert len(again) == len(strokes)
    for stroke, other in zip(strokes, again, strict=True):
        assert other.dtype == np.float32
        np.testing.assert_allclose(other[[0, -1]], stroke[[0, -1]], atol=0.11)
        assert len(other) <= max(2, len(stroke))


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("size", [60, 280])
def test_it_is_read_as_before(digit: int, size: float) -> None:
    strokes = drawn(digit, size)
    text = to_link(strokes, 20)
    assert len(text) < 500
    again, _ = from_link(text)
    before, after = (Drawing.from_strokes(of).image for of in (strokes, again))
    assert np.abs(before - after).mean() < 0.01


def test_it_needs_no_escapes_in_a_url() -> None:
    assert set(to_link(drawn(8, 280), 20)) <= set(string.ascii_letters + string.digits + "-_.")


def test_a_pen_beyond_the_sheet_stays_at_its_edge() -> None:
    ((at,),), _ = from_link(to_link([np.array([[1e6, -1e6]], np.float32)], 20))
    np.testing.assert_allclose(at, [619, -200], atol=0.1)


def test_more_than_a_link_holds_is_refused() -> None:
    scribble = np.random.default_rng(0).uniform(0, 400, (2000, 2)).astype(np.float32)
    with pytest.raises(InklingError, match="wanted: at most 4,000"):
        to_link([scribble], 20)


@pytest.mark.parametrize(
    "text",
    ["", ".", "20.", "20.AAA", "20.AA==", "20.A*AA", "0.AAAA", "101.AAAA", "-1.AAAA", "²0.AAAA"],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InklingError, match=r"The drawing in this link can’t be read .* wanted: "):
        from_link(text)


def test_more_than_a_link_gives_is_not_even_read() -> None:
    with pytest.raises(InklingError, match=r"it has 4,003 characters"):
        from_link("20." + "A" * MAX_LENGTH)


@given(st.text(max_size=60))
def test_whatever_a_stranger_writes_is_a_drawing_or_a_sentence(text: str) -> None:
    try:
        strokes, _ = from_link(text)
    except InklingError:
        return
    assert all(np.isfinite(stroke).all() for stroke in strokes)
