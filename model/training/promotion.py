"""Whether a new model may take the place of the one in use: only where nothing is lost by it.

Both are held against all that the app promises, on images that no run learns from: MNIST's digits
(the last 5,000 of its training images), digits drawn here with pens, the drawings that people
saved, and what is no digit, which is to be refused. A digit that is refused counts as read wrong:
who drew it got no answer.

What both get right or both get wrong tells nothing; of what one of them gets wrong, an equally good
model loses half, so their number is binomial (Q. McNemar, Psychometrika 12, 1947; the exact test).

A new model is held back where losing so many would have happened to an equally good one with a
probability below a level. The usual 0.05 would protect the newcomer; here the one in use is
protected, since holding back a good model costs a click, and a worse one in use goes unnoticed,
again and again. But it is asked of each kind, and who asks three or four times finds something by
chance: so LEVEL is that of all kinds together, shared out by Holm's procedure (S. Holm, Scand. J.
Statistics 6, 1979). With 0.3, a tenth for each of three, one of five equally good models is held
back at most, and three of four with which MNIST drops from 99.6 to 99.4 %, where 18 digits are lost
and 8 won. With 0.2 for each kind, unshared, it were two of five and seven of eight; with 0.2
shared, one of seven and two of three.

What is held back waits for a person, who is told what would be lost and may use it anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.data import datasets, synthetic
from model.data.samples import NO_DIGIT, NO_DIGIT_CLASS, LabelledSamples
from model.errors import InklingError
from model.inference.prediction import answers
from model.language import Text, _, marked, ngettext
from model.preprocessing.framing import SIDE
from model.runs.records import Comparison, Kind, Verdict

LEVEL = 0.3  # for all kinds together
PENS = 4_000
NONDIGITS = 1_000
DRAWINGS = 2_000  # the latest, at most

_SETS = (
    marked("the last {n:,} of MNIST's training images"),
    marked("{n:,} synthetic digits"),
    marked("{n:,} digits set apart from MNIST_PATH"),
    marked("{n:,} digits that Inkling draws"),
    marked("the saved drawings"),
    marked("{n:,} that Inkling draws"),
)


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
    where the model in use can't be opened, and then there is nothing to be worse than. Whether it
    passed is as if nothing else were compared."""
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


def holm(comparisons: Sequence[Comparison]) -> Verdict:
    """All comparisons, each as passed or not by Holm's procedure: the least likely loss has to be
    below LEVEL / how many there are, the next below LEVEL / one less, and so on until one is not.
    """
    is_lost, judged = True, {}
    for rank, one in enumerate(sorted(comparisons, key=lambda one: one.p)):
        is_lost = is_lost and one.p < LEVEL / (len(comparisons) - rank)
        judged[one.kind] = one.model_copy(update={"passed": not is_lost})
    return Verdict(comparisons=tuple(judged[one.kind] for one in comparisons))


def probability_of_losing(b: int, c: int) -> float:
    """P(X ≥ b) for X ~ Binomial(b + c, 1/2): McNemar's exact test, one-sided."""
    from scipy.stats import binomtest  # takes a second

    return float(binomtest(b, b + c, alternative="greater").pvalue) if b else 1.0


# ---------------------------------------------------------------- in words


def set_name(comparison: Comparison) -> str:
    """What a holdout set is called, which a run has in English, in the language of now."""
    for name in _SETS:
        if name.format(n=comparison.n) == comparison.set:
            return _(name, n=comparison.n)
    return comparison.set


def sentence(verdict: Verdict, is_used: bool) -> str:
    """What using the new model gives or takes, for people; `is_used` is whether it answers now."""
    first = verdict.comparisons[0]
    if first.current is None:
        return _(
            "The model in use can't be opened; this one reads {right:,} of {n:,} digits right.",
            right=round(first.n * first.candidate),
            n=first.n,
        )
    if verdict.passed:
        compared = [_more(comparison) for comparison in verdict.comparisons]
        return _("No worse than the one before: it read {compared}.", compared=_listed(compared))
    losses = ". ".join(_loss(one) for one in reversed(verdict.comparisons) if not one.passed)
    if is_used:
        return _("{losses}, and is in use all the same.", losses=losses)
    return _("{losses}, so the old one stays.", losses=losses)


_AS_MANY = {
    Kind.DIGITS: Text("as many of {n:,} digits"),
    Kind.PENS: Text("as many of {n:,} drawn with a pen"),
    Kind.DRAWINGS: Text("as many of {n:,} saved drawings"),
    Kind.NONDIGITS: Text("as many of {n:,} letters and scribbles as no digit"),
}
_MORE = {
    Kind.DIGITS: Text("{more:,} more of {n:,} digits"),
    Kind.PENS: Text("{more:,} more of {n:,} drawn with a pen"),
    Kind.DRAWINGS: Text("{more:,} more of {n:,} saved drawings"),
    Kind.NONDIGITS: Text("{more:,} more of {n:,} letters and scribbles as no digit"),
}
_FEWER = {
    Kind.DIGITS: Text("{fewer:,} fewer of {n:,} digits"),
    Kind.PENS: Text("{fewer:,} fewer of {n:,} drawn with a pen"),
    Kind.DRAWINGS: Text("{fewer:,} fewer of {n:,} saved drawings"),
    Kind.NONDIGITS: Text("{fewer:,} fewer of {n:,} letters and scribbles as no digit"),
}


def _more(comparison: Comparison) -> str:
    """“12 more of 5,000 digits”, “as many of 2,000 drawn with a pen”."""
    more = comparison.more
    texts = _AS_MANY if more == 0 else _MORE if more > 0 else _FEWER
    return texts[comparison.kind].with_values(n=comparison.n, more=more, fewer=-more)


def _loss(comparison: Comparison) -> str:
    fewer, n = -comparison.more, comparison.n
    match comparison.kind:
        case Kind.NONDIGITS:
            return _no_refusal(comparison)
        case Kind.PENS:
            return ngettext(
                "It read {n:,} digit fewer of {count:,} drawn with a pen",
                "It read {n:,} digits fewer of {count:,} drawn with a pen",
                fewer,
                count=n,
            )
        case Kind.DRAWINGS:
            return ngettext(
                "It read {n:,} digit fewer of {count:,} saved drawings",
                "It read {n:,} digits fewer of {count:,} saved drawings",
                fewer,
                count=n,
            )
    return ngettext(
        "It read {n:,} digit fewer of {count:,}",
        "It read {n:,} digits fewer of {count:,}",
        fewer,
        count=n,
    )


def _no_refusal(comparison: Comparison) -> str:
    """What it takes for digits; a model that hardly refuses anything does not refuse."""
    assert comparison.current is not None
    taken = round(comparison.n * (1 - comparison.candidate))
    if comparison.candidate < comparison.current / 2:
        return _(
            "It no longer says “not a digit”: it takes {taken:,} of {n:,} letters and scribbles "
            "for digits",
            taken=taken,
            n=comparison.n,
        )
    return _(
        "It takes {taken:,} of {n:,} letters and scribbles for digits, {more:,} more than before",
        taken=taken,
        n=comparison.n,
        more=-comparison.more,
    )


def _listed(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return _("{several} and {last}", several=", ".join(parts[:-1]), last=parts[-1])
