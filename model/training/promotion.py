"""Whether a new model may take the place of the one in use: only where nothing is lost by it.

Both are held against all that the app promises, on images that no run learns from: MNIST's digits
(the last 5,000 of its training images), digits drawn here with pens, the drawings that people
saved, and what is no digit, which is to be refused. A digit that is refused counts as read wrong:
who drew it got no answer.

What both get right or both get wrong tells nothing; of what one of them gets wrong, an equally good
model loses half, so their number is binomial (Q. McNemar, Psychometrika 12, 1947; the exact test).

A new model is held back where losing so many would have happened to an equally good one with a
probability below LEVEL. The usual 0.05 would protect the newcomer; here the one in use is
protected, since holding back a good model costs a click, and a worse one in use goes unnoticed,
again and again. At 0.2 a drop from 99.6 to 99.4 %, where 18 digits are lost and 8 won, is held back
in 5 of 6 cases (at 0.05 in 4 of 7), and so is every seventh of equally good models.

What is held back waits for a person, who is told what would be lost and may use it anyway.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.data import datasets, synthetic
from model.data.samples import NO_DIGIT, NO_DIGIT_CLASS, LabelledSamples
from model.errors import InklingError
from model.inference.prediction import answers
from model.preprocessing.framing import SIDE
from model.runs.records import Comparison, Kind, Verdict

LEVEL = 0.2
PENS = 2_000
NONDIGITS = 1_000
DRAWINGS = 2_000  # the latest, at most


@dataclass(frozen=True)
class HoldoutSet:
    """Images that no run trains on, of one kind, and what they are called."""

    kind: Kind
    name: str
    samples: LabelledSamples


def digits() -> HoldoutSet:
    """The digits to compare on; may download MNIST, once."""
    try:
        mnist = datasets.load("mnist").validation
    except InklingError:
        count = datasets.MNIST_VALIDATION
        return HoldoutSet(Kind.DIGITS, f"{count:,} synthetic digits", _drawn(count))
    if len(mnist) == datasets.MNIST_VALIDATION:
        name = f"the last {len(mnist):,} of MNIST's training images"
    else:
        name = f"{len(mnist):,} digits set apart from MNIST_PATH"
    return HoldoutSet(Kind.DIGITS, name, mnist)


def others() -> list[HoldoutSet]:
    """What else the app promises to read, and what to refuse."""
    refused, saved = datasets.drawn_nondigits(NONDIGITS, "promotion"), _saved()
    return [
        HoldoutSet(Kind.PENS, f"{PENS:,} digits that Inkling draws", _drawn(PENS)),
        *([HoldoutSet(Kind.DRAWINGS, "the saved drawings", saved)] if len(saved) else []),
        HoldoutSet(Kind.NONDIGITS, f"{NONDIGITS:,} that Inkling draws", refused),
    ]


def _drawn(count: int) -> LabelledSamples:
    return LabelledSamples(*synthetic.make(count, datasets.SYNTHETIC_SEEDS["promotion"]))


def _saved() -> LabelledSamples:
    """The latest of the saved drawings; none where they can't be had."""
    from model.data import drawings  # brings SQLAlchemy

    try:
        latest = drawings.latest(DRAWINGS)
    except InklingError:
        latest = []
    images = np.array([drawing.image for drawing in latest], np.uint8).reshape(-1, SIDE, SIDE)
    labels = np.array([drawing.label for drawing in latest], int)
    return LabelledSamples(
        images, np.where(labels == NO_DIGIT, NO_DIGIT_CLASS, labels).astype(np.uint8)
    )


# ---------------------------------------------------------------- the comparison


def compare(
    holdout: HoldoutSet,
    candidate: NDArray[np.floating],
    current: NDArray[np.floating] | None,
) -> Comparison:
    """Compare the probabilities (N, 10) that two models give for a holdout set; `current` is None
    where the model in use can't be opened, and then there is nothing to be worse than."""
    labels = holdout.samples.labels
    new = answers(candidate) == labels
    old = None if current is None else answers(current) == labels
    b = 0 if old is None else int((old & ~new).sum())
    c = 0 if old is None else int((new & ~old).sum())
    p = probability_of_losing(b, c)
    return Comparison(
        kind=holdout.kind,
        set=holdout.name,
        n=len(new),
        candidate=float(new.mean()),
        current=None if old is None else float(old.mean()),
        b=b,
        c=c,
        p=p,
        passed=p >= LEVEL,
    )


def probability_of_losing(b: int, c: int) -> float:
    """P(X ≥ b) for X ~ Binomial(b + c, 1/2): McNemar's exact test, one-sided."""
    from scipy.stats import binomtest  # takes a second

    return float(binomtest(b, b + c, alternative="greater").pvalue) if b else 1.0


# ---------------------------------------------------------------- in words


def sentence(verdict: Verdict, is_used: bool) -> str:
    """What using the new model gives or takes, for people; `is_used` is whether it answers now."""
    if verdict.comparisons[0].current is None:
        return f"The model in use can't be opened; this one {_alone(verdict.comparisons[0])}."
    if verdict.passed:
        compared = [_more(comparison) for comparison in verdict.comparisons]
        return f"No worse than the one before: it read {_listed(compared)}."
    lost = [_loss(one) for one in reversed(verdict.comparisons) if not one.passed]
    end = ", and is in use all the same." if is_used else ", so the old one stays."
    return ". ".join(lost) + end


def _alone(comparison: Comparison) -> str:
    right = round(comparison.n * comparison.candidate)
    return f"reads {right:,} of {comparison.n:,} digits right"


def _more(comparison: Comparison) -> str:
    """“12 digits more of 5,000”, “as many of 2,000 digits drawn with a pen”."""
    of = f"of {comparison.n:,}{_NOUNS[comparison.kind]}"
    if comparison.kind == Kind.NONDIGITS:
        of = f"{of} as no digit"
    if comparison.more == 0:
        return f"as many {of}"
    return f"{abs(comparison.more):,} {'more' if comparison.more > 0 else 'fewer'} {of}"


_NOUNS = {
    Kind.DIGITS: " digits",
    Kind.PENS: " drawn with a pen",
    Kind.DRAWINGS: " saved drawings",
    Kind.NONDIGITS: " letters and scribbles",
}


def _loss(comparison: Comparison) -> str:
    if comparison.kind == Kind.NONDIGITS:
        return _no_refusal(comparison)
    fewer = -comparison.more
    what = "digit" if fewer == 1 else "digits"
    noun = "" if comparison.kind == Kind.DIGITS else _NOUNS[comparison.kind]
    return f"It read {fewer:,} {what} fewer of {comparison.n:,}{noun}"


def _no_refusal(comparison: Comparison) -> str:
    """What it takes for digits; a model that hardly refuses anything does not refuse."""
    assert comparison.current is not None
    taken = f"{round(comparison.n * (1 - comparison.candidate)):,} of {comparison.n:,}"
    if comparison.candidate < comparison.current / 2:
        return f"It no longer says “not a digit”: it takes {taken} letters and scribbles for digits"
    more = -comparison.more
    return f"It takes {taken} letters and scribbles for digits, {more:,} more than before"


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
