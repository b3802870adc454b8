"""Many digits at once as HTML: counted, distorted, with their answers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.data.samples import CLASSES, LabelledSamples
from model.language import _
from ui.common.html import render

Images = NDArray[np.uint8]  # (N, 28, 28)

_SAMPLES = 20  # of each digit
_FIRST = 24  # digits shown as they come


def counts(split: LabelledSamples) -> str:
    """How often each digit occurs, and some of each, a row a digit."""
    occurrences = np.bincount(split.labels, minlength=CLASSES)
    rows = []
    for digit, count in enumerate(occurrences.tolist()):
        chosen = np.flatnonzero(split.labels == digit)
        chosen = chosen[np.linspace(0, len(chosen) - 1, min(_SAMPLES, len(chosen))).astype(int)]
        strip = _strip(split.images[chosen], _SAMPLES) if count else None
        rows.append((count, count / occurrences.max(), strip))
    return render("batch/counts.html", rows=rows)


def augmented(originals: Images, copies: Sequence[Images]) -> str:
    """Digits, and beside each its copies."""
    rows = zip(originals, map(_strip, copies), strict=True)
    return render("batch/augmented.html", rows=rows)


def first_answers(images: Images, digits: NDArray[np.uint8], names: Sequence[str]) -> str:
    """The first digits with their answers, as they come."""
    shown = [
        (image, _name(index, names), digit)
        for index, (image, digit) in enumerate(zip(images[:_FIRST], digits, strict=False))
    ]
    return render("batch/first_answers.html", digits=shown)


def uncertain(
    image: Images, probabilities: NDArray[np.float32], index: int, names: Sequence[str]
) -> str:
    """One digit, and the two that it may be."""
    first, second = np.argsort(probabilities)[:-3:-1].tolist()
    return render(
        "batch/uncertain.html",
        image=image,
        name=_name(index, names),
        first=first,
        second=second,
        probabilities=probabilities.tolist(),
    )


def _strip(images: Images, places: int | None = None) -> Images:
    """Digits side by side in one picture, with room for so many."""
    room = np.zeros((places or len(images), *images.shape[1:]), np.uint8)
    room[: len(images)] = images
    return np.hstack(list(room))


def _name(index: int, names: Sequence[str]) -> str:
    return names[index].rpartition("/")[2] if names else _("No. {place:,}", place=index + 1)
