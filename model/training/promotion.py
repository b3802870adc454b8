"""Whether a new model may take the place of the one in use: never a worse one.

Both read the same digits, which no run ever trains on: the last 5,000 of MNIST's training images,
or, where MNIST can't be had, 5,000 synthetic ones. What both read right or both read wrong tells
nothing; of the digits that one of them reads wrong, an equally good model loses half, so their
number is binomial (Q. McNemar, Psychometrika 12, 1947; the exact test).

A new model is held back where losing so many would have happened to an equally good one with a
probability below LEVEL. The usual 0.05 would protect the newcomer; here the one in use is
protected, since holding back a good model costs a click, and a worse one in use goes unnoticed,
again and again. At 0.2 a drop from 99.6 to 99.4 %, where 18 digits are lost and 8 won, is held back
in 5 of 6 cases (at 0.05 in 4 of 7), and so is every seventh of equally good models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.data import datasets, synthetic
from model.data.samples import LabelledSamples
from model.errors import InklingError
from model.runs.records import Comparison

LEVEL = 0.2


@dataclass(frozen=True)
class HoldoutSet:
    """The digits that no run trains on, and what they are called."""

    name: str
    samples: LabelledSamples


def holdout_set() -> HoldoutSet:
    """The digits to compare on; may download MNIST, once."""
    try:
        mnist = datasets.load("mnist").validation
    except InklingError:
        count = datasets.MNIST_VALIDATION
        drawn = synthetic.make(count, datasets.SYNTHETIC_SEEDS["validation"])
        return HoldoutSet(f"{count:,} synthetic digits", LabelledSamples(*drawn))
    if len(mnist) == datasets.MNIST_VALIDATION:
        return HoldoutSet(f"the last {len(mnist):,} of MNIST's training images", mnist)
    return HoldoutSet(f"{len(mnist):,} digits set apart from MNIST_PATH", mnist)


def compare(
    holdout: HoldoutSet,
    candidate: NDArray[np.floating],
    current: NDArray[np.floating] | None,
) -> Comparison:
    """Compare the probabilities (N, 10) that two models give for the holdout set; `current` is None
    where the model in use can't be opened, and then there is nothing to be worse than."""
    new = candidate.argmax(axis=1) == holdout.samples.labels
    reads = f"on {holdout.name} it reads {_percent(new)} right"
    if current is None:
        sentence = f"The model in use can't be opened; {reads}."
        return Comparison(
            set=holdout.name,
            n=len(new),
            candidate=float(new.mean()),
            current=None,
            b=0,
            c=0,
            p=1.0,
            passed=True,
            sentence=sentence,
        )
    old = current.argmax(axis=1) == holdout.samples.labels
    b, c = int((old & ~new).sum()), int((new & ~old).sum())
    p = probability_of_losing(b, c)
    passed = p >= LEVEL
    start = "Not worse than" if passed else "Kept back, as it is likely worse than"
    sentence = (
        f"{start} the model in use: {reads}, that one {_percent(old)}; {b} digits lost, {c} won, "
        f"McNemar's exact test, one-sided, p = {p:.2g}."
    )
    return Comparison(
        set=holdout.name,
        n=len(new),
        candidate=float(new.mean()),
        current=float(old.mean()),
        b=b,
        c=c,
        p=p,
        passed=passed,
        sentence=sentence,
    )


def probability_of_losing(b: int, c: int) -> float:
    """P(X ≥ b) for X ~ Binomial(b + c, 1/2): McNemar's exact test, one-sided."""
    from scipy.stats import binomtest  # takes a second

    return float(binomtest(b, b + c, alternative="greater").pvalue) if b else 1.0


def _percent(right: NDArray[np.bool_]) -> str:
    return f"{100 * right.mean():.2f} %"
