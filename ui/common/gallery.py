"""Many digits at once as HTML: counted, distorted, with their answers."""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from model.data.samples import CLASSES, LabelledSamples
from ui.common import figures, formatting

Images = NDArray[np.uint8]  # (N, 28, 28)

AT_FIRST = 24  # of the least certain digits

_SAMPLES = 20  # of each digit
_FIRST = 24  # digits shown as they come


def counted(count: int) -> str:
    return f"{count:,} digit{'' if count == 1 else 's'}"


def drawings(count: int) -> str:
    return f"{count:,} drawing{'' if count == 1 else 's'}"


def left_out(count: int) -> str:
    return f"{count:,} picture{' is' if count == 1 else 's are'} left out"


def progress(title: str, share: float | None) -> str:
    """What is being done, and how far it is; None where that can't be told."""
    now = f'aria-valuenow="{100 * share:.0f}"' if share is not None else ""
    return (
        f'<div class="task"><p>{escape(title)}{"…" if share is None else f" · {100 * share:.0f} %"}'
        f'</p><div class="bar{" unknown" if share is None else ""}" role="progressbar" '
        f'aria-label="{escape(title)}" aria-valuemin="0" aria-valuemax="100" {now}>'
        f'<i style="--p:{share or 0:.4f}"></i></div></div>'
    )


def sheet(split: LabelledSamples) -> str:
    """How often each digit occurs, and some of each, a row a digit."""
    counts = np.bincount(split.labels, minlength=CLASSES)
    rows = []
    for digit, count in enumerate(counts):
        chosen = np.flatnonzero(split.labels == digit)
        chosen = chosen[np.linspace(0, len(chosen) - 1, min(_SAMPLES, len(chosen))).astype(int)]
        row = _strip(split.images[chosen], f"Some of the {digit}s", _SAMPLES) if count else ""
        rows.append(
            f'<tr><th scope="row">{digit}</th><td class="count">{count:,}'
            f'<div class="bar"><i style="--p:{count / counts.max():.4f}"></i></div></td>'
            f"<td>{row}</td></tr>"
        )
    return (
        '<table class="digits"><thead class="unseen"><tr><th>Digit</th><th>How many</th>'
        f"<th>Some of them</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def distorted(originals: Images, copies: Sequence[Images]) -> str:
    """Digits, and beside each its copies."""
    rows = [
        f"<div>{_strip(original[None], 'A digit as it was given')}"
        f"{_strip(of_it, 'The same digit, distorted')}</div>"
        for original, of_it in zip(originals, copies, strict=True)
    ]
    return f'<div class="distorted">{"".join(rows)}</div>'


def first(images: Images, digits: NDArray[np.uint8], names: Sequence[str]) -> str:
    """The first digits with their answers, as they come."""
    pictures = (
        f'<figure><img src="{figures.png(image)}" alt="{_called(index, names)}">'
        f"<figcaption>{digit}</figcaption></figure>"
        for index, (image, digit) in enumerate(zip(images[:_FIRST], digits, strict=False))
    )
    return f'<div class="answered">{"".join(pictures)}</div>'


def doubtful(
    image: Images, probabilities: NDArray[np.float32], index: int, names: Sequence[str]
) -> str:
    """One digit, and the two that it may be."""
    best, other = (int(digit) for digit in np.argsort(probabilities)[:-3:-1])
    name = _called(index, names)
    return (
        f'<figure class="doubt"><img src="{figures.png(image)}" alt="{name}">'
        f'<figcaption><span title="{name}">{name}</span>'
        f"<b>{best}</b> {formatting.percent(float(probabilities[best]), 0)}, "
        f"<b>{other}</b> {formatting.percent(float(probabilities[other]), 0)}</figcaption></figure>"
    )


def sentences(lines: Iterable[str]) -> str:
    """A list of them."""
    return f'<ul class="sentences">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>'


def _strip(images: Images, alternative: str, places: int | None = None) -> str:
    """Digits side by side in one picture, with room for so many."""
    room = np.zeros((places or len(images), *images.shape[1:]), np.uint8)
    room[: len(images)] = images
    return f'<img src="{figures.png(np.hstack(list(room)))}" alt="{alternative}">'


def _called(index: int, names: Sequence[str]) -> str:
    return escape(names[index].rpartition("/")[2] if names else f"No. {index + 1:,}", quote=True)
