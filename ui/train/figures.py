"""A run's figures as HTML tables and pictures, which a screen reader can go through."""

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from model.language import Text, _, number
from model.runs.records import EpochRow, Progress, Scores, Verdict
from model.runs.snapshot import Wrong
from model.training import promotion
from ui.common import formatting
from ui.common.html import render

_COLUMNS = {
    "epoch": Text("Epoch"),
    "loss": Text("Training loss"),
    "accuracy": Text("Training accuracy"),
    "val_loss": Text("Validation loss"),
    "val_accuracy": Text("Validation accuracy"),
    "seconds": Text("Seconds"),
}
_LISTED = 50  # epochs in a table, the last ones
_WRITTEN = 12  # epochs whose percentages fit into the picture of the watched drawing


def history(rows: Sequence[EpochRow], latest: Progress | None = None) -> str:
    """A row an epoch, of many the last ones; `latest` is where the epoch at hand has come to."""
    body = [_history_row(row, str(row.epoch)) for row in rows[-_LISTED:]]
    if latest and latest.position > len(rows):
        body.append(_history_row(latest, number(latest.position, ".2f")))
    return render("train/history.html", head=list(map(str, _COLUMNS.values())), rows=body)


def drawing(image: NDArray[np.float32], rows: Sequence[EpochRow], epochs: int) -> str:
    """How a (28, 28) drawing was read after each epoch: a column an epoch, a row a digit; of many
    epochs every so many."""
    step = -(-epochs // _LISTED)
    listed = range(step, epochs + 1, step)
    return render(
        "train/drawing.html",
        image=image,
        epochs=listed,
        rows=[row.drawing for row in rows[step - 1 :: step] if row.drawing],
        written=len(listed) <= _WRITTEN,
    )


def comparison(columns: Mapping[str, Scores], learned: Sequence[int]) -> str:
    """The test figures of some models, a column each, which learned from so many of the digits."""
    accuracies = [formatting.percent(figures.accuracy) for figures in columns.values()]
    rows = {
        _("Test accuracy"): [
            _(
                "{accuracy}, no rival: it learned from {count:,} of them",
                accuracy=accuracy,
                count=count,
            )
            if count
            else accuracy
            for accuracy, count in zip(accuracies, learned, strict=False)
        ],
        _("95 % interval"): [formatting.interval(figures.interval) for figures in columns.values()],
        _("Loss"): [number(figures.loss, ".4f") for figures in columns.values()],
        _("Read wrong"): [
            _("{count:,} of {n:,}", count=round(figures.n * (1 - figures.accuracy)), n=figures.n)
            for figures in columns.values()
        ],
    }
    return table(list(columns), rows)


def verdict(verdict: Verdict) -> str:
    """Two models on all that the app promises: how many each got right, and how likely an equally
    good one loses as many."""
    rows = {
        f"{formatting.capitalized(_(one.kind))}: {promotion.set_name(one)}": [
            _counted(one.candidate, one.n),
            "" if one.current is None else _counted(one.current, one.n),
            number(one.b, ","),
            number(one.c, ","),
            formatting.probability(one.p),
        ]
        for one in verdict.comparisons
    }
    head = [_("This one"), _("The one before"), _("Lost"), _("Won"), _("By chance")]
    return table(head, rows)


def _counted(share: float, n: int) -> str:
    return _(
        "{share}, {count:,} of {n:,}", share=formatting.percent(share), count=round(n * share), n=n
    )


def table(
    head: Sequence[str], rows: Mapping[str, Sequence[str]], marked: Sequence[str] = ()
) -> str:
    """Rows by their names under a head of columns; the names in `marked` stand out."""
    return render("train/table.html", head=head, rows=rows, marked=marked)


def confusion(title: str, counts: Sequence[Sequence[int]]) -> str:
    """How often each digit (rows) was read as which (columns)."""
    wrong = [
        n for truth, row in enumerate(counts) for answer, n in enumerate(row) if truth != answer
    ]
    most = max(1, *wrong)
    rows = [
        [(n, 1 if truth == answer else sqrt(n / most)) for answer, n in enumerate(row)]
        for truth, row in enumerate(counts)
    ]
    return render("train/confusion.html", title=title, rows=rows)


def wrong_digits(wrong: Wrong, most: int | None = None) -> str:
    """Test images that were read wrong, the surest first, at most so many."""
    digits = zip(
        wrong.images[:most], wrong.labels, wrong.answers, wrong.probabilities, strict=False
    )
    return render("train/wrong.html", digits=digits)


def _history_row(row: EpochRow | Progress, epoch: str) -> list[str]:
    cells = [epoch]
    for name in list(_COLUMNS)[1:]:
        value = getattr(row, name, None)
        if value is None:
            cells.append("")
        elif name.endswith("accuracy"):
            cells.append(formatting.percent(value))
        else:
            cells.append(number(value, ".1f" if name == "seconds" else ".4f"))
    return cells
