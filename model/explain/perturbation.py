"""A digit distorted by degrees, to see from where on it is no longer read.

It is done to the 28×28 that the network sees: a drawing that is moved or made larger on the sheet
is centred and fitted again, and nothing would change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.inference.classifier import Classifier
from model.preprocessing.framing import SIDE, Image

_FINE = 8  # the ink's edge is moved at so many times the resolution
_NOISE_SEED = 7  # the same specks at each degree: more of them, never others


@dataclass(frozen=True)
class Distortion:
    """One way to distort: from `low` to `high` in steps of `step`; `none` leaves all as it is."""

    low: float
    high: float
    step: float
    none: float

    def number(self, value: float) -> float:
        """`value` as an int where this goes in whole steps."""
        return int(value) if float(self.step).is_integer() else float(value)

    @property
    def values(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [round(self.low + self.step * i, 6) for i in range(count + 1)]


DISTORTIONS = {
    "shift": Distortion(-10, 10, 1, 0),  # px to the right
    "turn": Distortion(-90, 90, 10, 0),  # degrees clockwise
    "size": Distortion(40, 160, 10, 100),  # percent
    "thickness": Distortion(-2, 4, 0.5, 0),  # px that strokes are wider
    "specks": Distortion(0, 50, 5, 0),  # percent of the pixels
}
Settings = Mapping[str, float]  # of each distortion its degree


@dataclass(frozen=True, eq=False)
class Sweep:
    """How an image is read at some `settings`, and over the range of each of the distortions, the
    others staying.

    image, probabilities: (28, 28) and (10,), at the settings.
    ranges: of each distortion (its values, 10) probabilities.
    """

    image: Image
    probabilities: NDArray[np.float32]
    ranges: dict[str, NDArray[np.float32]]


def sweep(classifier: Classifier, image: Image, settings: Settings) -> Sweep:
    """Distort and read an image at the settings and over all ranges, in one call of the network."""
    variants = [settings] + [
        {**settings, name: value}
        for name, distortion in DISTORTIONS.items()
        for value in distortion.values
    ]
    widened = {
        thickness: thickened(image, thickness)
        for thickness in {variant["thickness"] for variant in variants}
    }
    images = np.stack([_moved(widened[v["thickness"]], v) for v in variants])
    read = classifier.probabilities(images)
    ends = np.cumsum([1, *(len(distortion.values) for distortion in DISTORTIONS.values())])
    ranges = np.split(read, ends)[1:-1]
    return Sweep(images[0], read[0], dict(zip(DISTORTIONS, ranges, strict=True)))


def thickened(image: Image, by: float) -> Image:
    """`image` with strokes `by` px wider, or narrower; its edge is moved by half of that."""
    if by == 0:
        return image
    fine = cv2.resize(image, None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_LINEAR) > 0.5
    ink, paper = (
        cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        for side in (fine, ~fine)
    )
    edge = paper - ink  # from below 0 within the ink to above 0 outside of it
    wider = (edge <= by * _FINE / 2).astype(np.float32)
    return np.asarray(cv2.resize(wider, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _moved(image: Image, settings: Settings) -> Image:
    """Turned and resized about the middle, shifted, then speckled."""
    matrix = cv2.getRotationMatrix2D(
        ((SIDE - 1) / 2, (SIDE - 1) / 2), -settings["turn"], settings["size"] / 100
    )
    matrix[0, 2] += settings["shift"]
    moved = np.asarray(cv2.warpAffine(image, matrix, (SIDE, SIDE)), np.float32)
    rng = np.random.default_rng(_NOISE_SEED)
    hit, grey = rng.random((2, SIDE, SIDE), np.float32)
    return np.where(hit < settings["specks"] / 100, grey, moved)
