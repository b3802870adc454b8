"""One digit as it was read; the one place that says what is no digit.

Of three outcomes there is one: a digit; in doubt, where a person is asked whether it is one; none.
What is in doubt is taken for no digit by whatever can't ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from model.data.samples import NO_DIGIT_CLASS
from model.language import _, marked
from model.preprocessing.segments import Box

DOUBTFUL = 0.8  # what is more likely than this to be no digit is not called one without asking
REFUSED = 0.97  # and what is more likely than this is none
_ROUNDED = 1e-5  # by less than this ten probabilities may miss 1
NOT_ONE = marked("this does not look like a digit")

Probabilities = NDArray[np.float32]  # (10,); what they lack of 1 is the probability of no digit


class Outcome(StrEnum):
    """What is made of a drawing."""

    DIGIT = "a digit"
    IN_DOUBT = "perhaps a digit"
    NONE = "no digit"


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a network says of one digit's ink: `image` (28, 28) float32 is what it was given.

    `beside_digits`: what it stands beside are digits, so it is one too, whatever it looks like.
    `is_scrawl`: no digit takes so much of a pen (`preprocessing.strokes.is_scrawl`).
    `members`: which of the drawing's strokes, or of the parts of a picture's ink, are its own.
    """

    probabilities: Probabilities
    image: NDArray[np.float32]
    box: Box
    beside_digits: bool = False
    is_scrawl: bool = False
    members: tuple[int, ...] = ()

    @property
    def outcome(self) -> Outcome:
        if self.beside_digits:
            return Outcome.DIGIT
        return Outcome.NONE if self.is_scrawl else outcome(self.probabilities)

    @property
    def digit(self) -> int | None:
        """The likeliest digit; None for what is in doubt, and for what is none."""
        return self.nearest[0] if self.outcome is Outcome.DIGIT else None

    @property
    def reason(self) -> str | None:
        """Why there is no digit, in a person's words; None where there is one."""
        if self.outcome is Outcome.IN_DOUBT:
            return _("this may be a {digit}, or no digit", digit=self.nearest[0])
        return _(NOT_ONE) if self.outcome is Outcome.NONE else None

    @property
    def nearest(self) -> tuple[int, int]:
        """The likeliest digit and the next, be it one or not."""
        second, first = np.argsort(self.probabilities, kind="stable")[-2:]
        return int(first), int(second)

    @property
    def confidence(self) -> float:
        """The probability of the likeliest digit."""
        return float(self.probabilities.max())


def outcome(probabilities: Probabilities) -> Outcome:
    """What (10,) probabilities come to."""
    none = 1 - float(probabilities.sum())
    if none <= DOUBTFUL:
        return Outcome.DIGIT
    return Outcome.IN_DOUBT if none <= REFUSED else Outcome.NONE


def answers(probabilities: Probabilities) -> NDArray[np.int64]:
    """What each of (N, 10) probabilities is read as, (N,): a digit, or NO_DIGIT_CLASS for what is
    not called one without asking."""
    none = 1 - probabilities.sum(axis=1)
    return np.where(none <= DOUBTFUL, probabilities.argmax(axis=1), NO_DIGIT_CLASS)


def with_none(probabilities: Probabilities) -> Probabilities:
    """(N, 10) → (N, 11), the last for no digit: what each row lacks of 1, but for rounding."""
    none = 1 - probabilities.sum(axis=1, keepdims=True)
    return np.concatenate([probabilities, np.where(none > _ROUNDED, none, 0)], axis=1)


def are_digits(several: Sequence[Probabilities]) -> bool:
    """Whether what stands in a row is rather all digits than all something else."""
    none = np.clip([1 - probabilities.sum() for probabilities in several], 1e-6, 1 - 1e-6)
    return bool(np.log(none / (1 - none)).sum() <= np.log(DOUBTFUL / (1 - DOUBTFUL)))
