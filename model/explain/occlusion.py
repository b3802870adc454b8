"""Occlusion: parts of the ink left away, to see how the answer changes.

After Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014. What a
part weighs is told in log-odds, which go on changing where a sure network's probability hardly
does (Zintgraf et al., "Visualizing Deep Neural Network Decisions", ICLR 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.data.samples import CLASSES
from model.inference.classifier import Classifier
from model.inference.prediction import answers, with_none
from model.preprocessing.drawing import Drawing
from model.preprocessing.framing import SIDE, Image
from model.preprocessing.strokes import STROKE_WIDTH, Piece, Stroke, path_length, path_section

Images = NDArray[np.float32]  # (N, 28, 28) in [0, 1]

_FINE = 8  # ink is drawn this many times finer than the field
_SUBPIXEL = 4  # fractional bits of the coordinates given to OpenCV
_PATCH, _STEP = 5, 2  # px: the side of what is covered of a picture, and how far it moves on
_LEAST = 1e-12  # a probability; what is less likely has the same log-odds


@dataclass(frozen=True, eq=False)
class Occlusion:
    """How the answer changes without each of N parts of the ink.

    whole: (11,), how it is read with all the ink, the last for no digit.
    images: (N, 28, 28), each without one part; probabilities: (N, 11), how those are read.
    """

    whole: NDArray[np.float32]
    images: Images
    probabilities: NDArray[np.float32]

    @property
    def answer(self) -> int:
        """A digit, or NO_DIGIT_CLASS."""
        return int(answers(self.whole[None, :CLASSES])[0])

    @property
    def probability(self) -> float:
        """The answer's own, with all the ink."""
        return float(self.whole[self.answer])

    @property
    def drops(self) -> NDArray[np.float32]:
        """By how much the answer's probability drops without each part, (N,)."""
        return self.probability - self.probabilities[:, self.answer]

    @property
    def weights(self) -> NDArray[np.float32]:
        """The same in log-odds: what each part adds to the answer, (N,)."""
        return log_odds(self.whole[None], self.answer) - log_odds(self.probabilities, self.answer)


def occlude(classifier: Classifier, image: Image, variants: Images) -> Occlusion:
    """Read an image and its variants, each without one part of the ink, in one call."""
    read = with_none(classifier.probabilities(np.concatenate([image[None], variants])))
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


def log_odds(probabilities: NDArray[np.float32], answer: int) -> NDArray[np.float32]:
    """ln of how much likelier an answer is than all else together, (N, 11) → (N,).

    All else is summed, for 1 − p would be rounded to 0 where a network is sure.
    """
    others = np.delete(probabilities, answer, axis=1).sum(axis=1)
    return np.log(np.maximum(probabilities[:, answer], _LEAST)) - np.log(np.maximum(others, _LEAST))


def _inked(lines: Sequence[Stroke]) -> Image:
    """How much of each pixel of the field a pen of MNIST's width covers that goes these ways."""
    fine = np.zeros((SIDE * _FINE, SIDE * _FINE), np.float32)
    paths = [np.round(line * _FINE * 2**_SUBPIXEL).astype(np.int32) for line in lines]
    paths = [np.repeat(path, 2, axis=0) if len(path) == 1 else path for path in paths]  # dots
    cv2.polylines(fine, paths, False, 1, round(STROKE_WIDTH * _FINE), cv2.LINE_8, _SUBPIXEL)
    return np.asarray(cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
