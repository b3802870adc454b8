"""Digits as they come from a file, a drawing or a generator."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLASSES = 10
NO_DIGIT = -1  # the label of what is none, as people and stroke files say it
NO_DIGIT_CLASS = CLASSES  # and as a network learns it: its last answer, after the digits


@dataclass(frozen=True, eq=False)
class Samples:
    """N digits: `images` (N, 28, 28) uint8, ink 255 on 0; `labels` (N,) uint8, or None."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8] | None

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, eq=False)
class LabelledSamples(Samples):
    """Samples that all have their label."""

    labels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Contents:
    """What a file holds: `test` is None where it does not tell training from test digits."""

    train: Samples
    test: Samples | None = None
