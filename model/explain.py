"""Why a network answers as it does: which ink of a drawing the answer rests on.

Occlusion leaves parts of the ink away and looks how the answer changes (Zeiler and Fergus,
"Visualizing and Understanding Convolutional Networks", ECCV 2014). What a part weighs is told in
log-odds, which go on changing where a sure network's probability hardly does (Zintgraf et al.,
"Visualizing Deep Neural Network Decisions", ICLR 2017). Integrated gradients share an answer out
among the pixels so that the shares add up to it (Sundararajan, Taly and Yan, "Axiomatic
Attribution for Deep Networks", ICML 2017). A counterfactual takes over as little as possible from
an image of another digit until the answer is that digit (Goyal et al., "Counterfactual Visual
Explanations", ICML 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.inference.classifier import Classifier
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import SIDE, Image
from model.preprocessing.strokes import (
    DOT_EXTENT,
    STROKE_WIDTH,
    Piece,
    Stroke,
    path_length,
    path_section,
    path_start,
    prepare_strokes,
)

Images = NDArray[np.float32]  # (N, 28, 28) in [0, 1]

_FINE = 8  # ink is drawn this many times finer than the field
_SUBPIXEL = 4  # fractional bits of the coordinates given to OpenCV
_PATCH, _STEP = 5, 2  # px: the side of what is covered of a picture, and how far it moves on
_STEPS = 128  # on the way from paper to the image, in the middle of which gradients are taken
_PROBED = 32  # even parts of it, to see on which the score changes
_SWAPPED = 4  # px, the side of what a counterfactual takes over at a time
_MODELS = 3  # digits that a counterfactual is tried with
_ROUNDED = 1e-5  # by less than this ten probabilities may miss 1
_LEAST = 1e-12  # a probability; what is less likely has the same log-odds


# ---------------------------------------------------------------- occlusion


@dataclass(frozen=True, eq=False)
class Occlusion:
    """How the answer changes without each of N parts of the ink.

    whole: (10,), how it is read with all the ink.
    images: (N, 28, 28), each without one part; probabilities: (N, 10), how those are read.
    """

    whole: NDArray[np.float32]
    images: Images
    probabilities: NDArray[np.float32]

    @property
    def digit(self) -> int:
        """The answer."""
        return int(self.whole.argmax())

    @property
    def probability(self) -> float:
        """The answer's own, with all the ink."""
        return float(self.whole.max())

    @property
    def drops(self) -> NDArray[np.float32]:
        """By how much the answer's probability drops without each part, (N,)."""
        return self.probability - self.probabilities[:, self.digit]

    @property
    def weights(self) -> NDArray[np.float32]:
        """The same in log-odds: what each part adds to the answer, (N,)."""
        return log_odds(self.whole[None], self.digit) - log_odds(self.probabilities, self.digit)


def occlude(classifier: Classifier, image: Image, variants: Images) -> Occlusion:
    """Read an image and its variants, each without one part of the ink, in one call."""
    read = classifier.probabilities(np.concatenate([image[None], variants]))
    return Occlusion(read[0], variants, read[1:])


def without_each(drawn: Drawing, parts: Sequence[Piece], groups: Sequence[int]) -> Images:
    """The image without each group of the pen's pieces: what is left stays where it is.

    parts: all of the drawing; groups: to which of 0, 1, 2, … each belongs.
    """
    scale, offset = drawn.to_field
    lines = [part.points * scale + offset for part in parts]
    whole = np.maximum(_inked(lines), np.float32(1e-3))
    left = [
        _inked(_left(lines, [part.stroke for part in parts], [group != gone for group in groups]))
        for gone in range(max(groups) + 1)
    ]
    return np.stack([drawn.image * np.minimum(ink / whole, 1) for ink in left])


def _left(lines: Sequence[Stroke], strokes: Sequence[int], keep: Sequence[bool]) -> list[Stroke]:
    """The lines to keep, shortened by half the pen's width where the next one of the same stroke
    is not kept: their round ends would cover some of it."""

    def cut(place: int, beside: int) -> float:
        is_cut = 0 <= beside < len(lines) and strokes[beside] == strokes[place] and not keep[beside]
        return STROKE_WIDTH / 2 if is_cut else 0.0

    left = []
    for place, line in enumerate(lines):
        length = path_length(line)
        start, end = cut(place, place - 1), length - cut(place, place + 1)
        if keep[place] and (start < end or length == 0):
            left.append(path_section(line, start, end))
    return left


def patches(image: Image) -> NDArray[np.bool_]:
    """Squares, each (28, 28), that together cover all of the ink; each has some of it."""
    places = range(1 - _PATCH, SIDE, _STEP)
    found = np.zeros((len(places) ** 2, SIDE, SIDE), bool)
    for number, (top, left) in enumerate((top, left) for top in places for left in places):
        found[number, max(top, 0) : top + _PATCH, max(left, 0) : left + _PATCH] = True
    return found[(found & (image > 0)).any(axis=(1, 2))]


def by_pixel(weights: NDArray[np.float32], squares: NDArray[np.bool_]) -> Image:
    """For each pixel the mean weight of the squares (N, 28, 28) that cover it."""
    covered = np.maximum(squares.sum(axis=0), 1)
    return np.asarray(np.einsum("n,nij->ij", weights, squares) / covered, np.float32)


def log_odds(probabilities: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """ln of how much likelier a digit is than all else together, (N, 10) → (N,).

    What a row lacks to 1 is the probability of no digit. All else is summed, for 1 − p would be
    rounded to 0 where a network is sure.
    """
    none = 1 - probabilities.sum(axis=1)
    others = np.delete(probabilities, digit, axis=1).sum(axis=1) + np.where(
        none > _ROUNDED, none, 0
    )
    return np.log(np.maximum(probabilities[:, digit], _LEAST)) - np.log(np.maximum(others, _LEAST))


def _inked(lines: Sequence[Stroke]) -> Image:
    """How much of each pixel of the field a pen of MNIST's width covers that goes these ways."""
    fine = np.zeros((SIDE * _FINE, SIDE * _FINE), np.float32)
    paths = [np.round(line * _FINE * 2**_SUBPIXEL).astype(np.int32) for line in lines]
    paths = [np.repeat(path, 2, axis=0) if len(path) == 1 else path for path in paths]  # dots
    cv2.polylines(fine, paths, False, 1, round(STROKE_WIDTH * _FINE), cv2.LINE_8, _SUBPIXEL)
    return np.asarray(cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


# ---------------------------------------------------------------- gradients


def integrated_gradients(
    gradients: Callable[[Images], tuple[NDArray[np.float32], Images]], image: Image
) -> Image:
    """What each pixel adds to the score of an image: together as much as it has over paper's.

    gradients: of (N, 28, 28) images the scores, (N,), and how each pixel changes them. Returns
    (28, 28) float32; the integral is a sum, which leaves an error of some hundredths of a
    probability at most.
    """
    ends = _steps(lambda shares: gradients(_on_the_way(shares, image))[0])
    _, slopes = gradients(_on_the_way((ends[1:] + ends[:-1]) / 2, image))
    return np.asarray(np.einsum("n,nij->ij", np.diff(ends), slopes) * image, np.float32)


def _on_the_way(shares: NDArray[np.float64], image: Image) -> Images:
    """The image so far faded in from paper, from 0 to 1, (N, 28, 28)."""
    return np.asarray(shares[:, None, None] * image, np.float32)


def _steps(score: Callable[[NDArray[np.float64]], NDArray[np.float32]]) -> NDArray[np.float64]:
    """Where to part the way from paper to the image, _STEPS + 1 shares from 0 to 1.

    A sure network's probability changes on a short part of the way: half of the steps are spent
    where the score changes, the others evenly.
    """
    shares = np.linspace(0, 1, _PROBED + 1)
    changes = np.abs(np.diff(score(shares).astype(float)))
    spent = changes / max(changes.sum(), _LEAST) + 1 / _PROBED
    so_far = np.append(0, spent.cumsum())
    return np.interp(np.linspace(0, so_far[-1], _STEPS + 1), so_far, shares)


# ---------------------------------------------------------------- what would make it another digit


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """An image that is read as `digit`, made from one that isn't: `image`, and `probabilities`
    (10,), how it is read."""

    digit: int
    image: Image
    probabilities: NDArray[np.float32]


def counterfactual(
    classifier: Classifier, image: Image, digit: int, models: Images
) -> Counterfactual | None:
    """Change as little of an image as makes it be read as `digit`.

    models: images of that digit, the best first, of which the image takes over squares, those
    first that help most; then gives back those that it can do without. Of a few models the one is
    chosen that changes the least ink. None where no model is read as that digit.
    """
    read = classifier.probabilities(models).argmax(axis=1) == digit
    found = _taken_over(classifier, image, digit, models[read][:_MODELS])
    if not found:
        return None
    best = min(found, key=lambda made: float(np.abs(made - image).sum()))
    return Counterfactual(digit, best, classifier.probabilities(best[None])[0])


@dataclass(frozen=True, eq=False)
class _Way:
    """From an image to another by `squares` (N, 28, 28), one after the other: the `images` on the
    way, (N, 28, 28), and which of them `is_read` as the digit."""

    squares: NDArray[np.bool_]
    images: Images
    is_read: NDArray[np.bool_]


def _taken_over(classifier: Classifier, image: Image, digit: int, models: Images) -> list[Image]:
    """`image` with squares of each model, so few that it is just read as `digit`."""
    differing = [_squares()[(_squares() & (image != model)).any(axis=(1, 2))] for model in models]
    there = _ways(classifier, digit, [image] * len(models), list(models), differing)
    firsts = [int(way.is_read.argmax()) for way in there]
    made = [way.images[first] for way, first in zip(there, firsts, strict=True)]
    taken = [way.squares[: first + 1] for way, first in zip(there, firsts, strict=True)]
    back = _ways(classifier, digit, made, [image] * len(models), taken)
    given = [int(np.append(way.is_read, False).argmin()) for way in back]
    return [
        way.images[count - 1] if count else whole
        for way, count, whole in zip(back, given, made, strict=True)
    ]


def _ways(
    classifier: Classifier,
    digit: int,
    starts: Sequence[Image],
    ends: Sequence[Image],
    squares: Sequence[NDArray[np.bool_]],
) -> list[_Way]:
    """From each start to its end by its squares, those first that alone do most for the digit."""
    alone = [np.where(s, end, start) for s, start, end in zip(squares, starts, ends, strict=True)]
    odds = [log_odds(read, digit) for read in _read(classifier, alone)]
    ordered = [s[np.argsort(-o)] for s, o in zip(squares, odds, strict=True)]
    images = [
        np.where(np.logical_or.accumulate(s), end, start)
        for s, start, end in zip(ordered, starts, ends, strict=True)
    ]
    is_read = [read.argmax(axis=1) == digit for read in _read(classifier, images)]
    return [_Way(*way) for way in zip(ordered, images, is_read, strict=True)]


def _read(classifier: Classifier, several: Sequence[Images]) -> list[NDArray[np.float32]]:
    """How each of several stacks of images is read, in one call."""
    if not several:
        return []
    rows = classifier.probabilities(np.concatenate(several))
    return np.split(rows, np.cumsum([len(images) for images in several])[:-1])


def _squares() -> NDArray[np.bool_]:
    """The field's squares, each (28, 28)."""
    number = np.arange(SIDE) // _SWAPPED
    across = SIDE // _SWAPPED
    return (number[:, None] * across + number) == np.arange(across**2)[:, None, None]


# ---------------------------------------------------------------- stroke by stroke


@dataclass(frozen=True, eq=False)
class Timeline:
    """How a drawing was read while it came about, at N moments from its beginning to its end.

    images: (N, 28, 28), blank where there was nothing to read yet.
    probabilities: (N, 10), 0 there.
    """

    images: Images
    probabilities: NDArray[np.float32]


def timeline(classifier: Classifier, strokes: Sequence[Stroke], moments: int) -> Timeline:
    """Read the strokes as far as they were drawn after equal parts of the pen's way, in one call.

    Each is fitted and centred as if the pen had stopped there.
    """
    shares = np.arange(1, moments + 1) / moments
    prepared = [
        prepare_strokes(path_start(strokes, share), smallest=DOT_EXTENT).image for share in shares
    ]
    blank = np.zeros((SIDE, SIDE), np.float32)
    images = np.stack([blank if image is None else image for image in prepared])
    is_read = np.array([image is not None for image in prepared])
    return Timeline(images, classifier.probabilities(images) * is_read[:, None])
