"""One digit as it was read; the one place that says what is no digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.preprocessing.segments import Box

REFUSED = 0.6  # what is more likely than this to be no digit is not called one
NOT_ONE = "this does not look like a digit"

Probabilities = NDArray[np.float32]  # (10,); what they lack of 1 is the probability of no digit


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a network says of one digit's ink: `image` (28, 28) float32 is what it was given.

    `beside_digits`: what it stands beside are digits, so it is one too, whatever it looks like.
    `members`: which of the drawing's strokes, or of the parts of a picture's ink, are its own.
    """

    probabilities: Probabilities
    image: NDArray[np.float32]
    box: Box
    beside_digits: bool = False
    members: tuple[int, ...] = ()

    @property
    def digit(self) -> int | None:
        """The likeliest digit; None for what is rather no digit at all."""
        is_one = self.beside_digits or is_digit(self.probabilities)
        return self.nearest[0] if is_one else None

    @property
    def nearest(self) -> tuple[int, int]:
        """The likeliest digit and the next, be it one or not."""
        second, first = np.argsort(self.probabilities, kind="stable")[-2:]
        return int(first), int(second)

    @property
    def confidence(self) -> float:
        """The probability of the likeliest digit."""
        return float(self.probabilities.max())


def are_digits(several: Sequence[Probabilities]) -> bool:
    """Whether what stands in a row is rather all digits than all something else."""
    none = np.clip([1 - probabilities.sum() for probabilities in several], 1e-6, 1 - 1e-6)
    return bool(np.log(none / (1 - none)).sum() <= np.log(REFUSED / (1 - REFUSED)))


def is_digit(probabilities: Probabilities) -> bool:
    """Whether there is rather a digit than none."""
    return 1 - float(probabilities.sum()) <= REFUSED
