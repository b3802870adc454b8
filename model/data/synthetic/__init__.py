"""Digits that the project draws itself, as pen strokes.

Each digit has several styles, the ways people write it: the 1 with or without flag and foot, the
4 open or closed, the 7 plain or crossed. A style is a few strokes of control points in a frame
about one unit high, y down, with its own proportions drawn at random; `handwriting` then varies
what all handwriting varies: slant, width, roundness, wobble, how the pen is set down and taken off.
Every number here is written down by hand and no shape is cut from a data set; which styles were
missing was seen by looking at the MNIST and UNIPEN training digits that a network trained on these
drawings alone got wrong.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.data.synthetic.curves import Array, PenStrokes
from model.data.synthetic.handwriting import draw_style
from model.data.synthetic.styles import STYLES
from model.preprocessing.framing import SIDE, Unreadable
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes

__all__ = ["STYLES", "draw_digit", "draw_style", "make", "pens", "render"]


def draw_digit(digit: int, rng: np.random.Generator, style: str | None = None) -> PenStrokes:
    """Draw `digit` once, in `style` (a key of `STYLES[digit]`) or in any.

    Returns its strokes in the order they are drawn, each (P, 2) float32, x and y (down), the digit
    being about one unit high. Raises KeyError for any other digit or style.
    """
    style = style or _choose_styles(digit, 1, rng)[0]
    return draw_style(STYLES[digit][style][1], 1, rng)[0]


def make(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Make `count` images (count, 28, 28) uint8 and their labels (count,) uint8, in random order.

    Every digit comes equally often, give or take one. The same seed gives the same images. The
    pens are as wide as MNIST's: 2.3 px in the middle, 1.4 to 3.9 px from 5 to 95 %.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % 10).astype(np.uint8)
    images = np.empty((count, SIDE, SIDE), np.uint8)
    widths = pens(count, rng)
    for digit in range(10):
        (places,) = np.nonzero(labels == digit)
        styles = _choose_styles(digit, len(places), rng)
        for style in np.unique(styles):
            chosen = places[styles == style]
            drawings = draw_style(STYLES[digit][style][1], len(chosen), rng)
            images[chosen] = render(drawings, widths[chosen])
    return images, labels


def pens(count: int, rng: np.random.Generator) -> Array:
    """The widths (count,) of as many pens, in px of the 28×28 field."""
    return 2.3 * np.exp(0.32 * rng.standard_normal(count).clip(-2.3, 2.3))


def render(drawings: Sequence[PenStrokes], widths: Array) -> NDArray[np.uint8]:
    """Drawings, each by a pen of its own width, as (N, 28, 28) uint8.

    Where that pen would leave nothing but a blot, it is drawn with a finer one.
    """
    images = np.empty((len(drawings), SIDE, SIDE), np.uint8)
    for image, strokes, width in zip(images, drawings, widths, strict=True):
        prepared = prepare_strokes(strokes, width=float(width))
        while prepared.reason is Unreadable.FULL:
            width = 0.8 * width
            prepared = prepare_strokes(strokes, width=float(width))
        assert prepared.image is not None, prepared.reason
        image[:] = to_uint8(prepared.image)
    return images


def _choose_styles(digit: int, count: int, rng: np.random.Generator) -> NDArray[np.str_]:
    weights = np.array([weight for weight, _ in STYLES[digit].values()])
    return rng.choice(list(STYLES[digit]), count, p=weights / weights.sum())
