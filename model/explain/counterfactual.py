"""Counterfactuals: as little as possible taken over from an image of another digit, until the
answer is that digit.

Goyal et al., "Counterfactual Visual Explanations", ICML 2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.explain.occlusion import Images, log_odds
from model.inference.classifier import Classifier
from model.inference.prediction import answers, with_none
from model.preprocessing.framing import SIDE, Image

_SWAPPED = 4  # px, the side of what a counterfactual takes over at a time
_MODELS = 3  # digits that a counterfactual is tried with


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
    read = answers(classifier.probabilities(models)) == digit
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
    odds = [log_odds(with_none(read), digit) for read in _read(classifier, alone)]
    ordered = [s[np.argsort(-o)] for s, o in zip(squares, odds, strict=True)]
    images = [
        np.where(np.logical_or.accumulate(s), end, start)
        for s, start, end in zip(ordered, starts, ends, strict=True)
    ]
    is_read = [answers(read) == digit for read in _read(classifier, images)]
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
