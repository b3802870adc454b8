"""A run's figures as HTML tables and pictures, which a screen reader can go through."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from math import sqrt
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.preprocessing.pixels import to_uint8
from model.runs.run import Wrong
from ui.common import formatting

Evaluation = Mapping[str, Any]  # accuracy, interval, loss, n, confusion[truth][answer], …
Rows = Sequence[Mapping[str, float]]

_COLUMNS = {
    "epoch": "Epoch",
    "loss": "Training loss",
    "accuracy": "Training accuracy",
    "val_loss": "Validation loss",
    "val_accuracy": "Validation accuracy",
    "seconds": "Seconds",
}
_LISTED = 50  # epochs in a table, the last ones
_WRITTEN = 12  # epochs whose percentages fit into the picture of the watched drawing


def history(rows: Rows, latest: Mapping[str, float] | None = None) -> str:
    """A row an epoch, of many the last ones; `latest` is where the epoch at hand has come to."""
    body = [_history_row(row, str(int(row["epoch"]))) for row in rows[-_LISTED:]]
    if latest and latest["epoch"] > len(rows):
        body.append(_history_row(latest, f"{latest['epoch']:.2f}"))
    head = "".join(f'<th scope="col">{title}</th>' for title in _COLUMNS.values())
    return (
        f'<div class="scroll"><table class="figures"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def drawing(picture: NDArray[np.float32], rows: Rows, epochs: int) -> str:
    """How a (28, 28) drawing was read after each epoch: a column an epoch, a row a digit; of many
    epochs every so many."""
    step = -(-epochs // _LISTED)
    shown = range(step, epochs + 1, step)
    written = len(shown) <= _WRITTEN
    head = "".join(
        f'<th scope="col">{n if written or place % 5 == 4 else ""}</th>'
        for place, n in enumerate(shown)
    )
    rows = rows[step - 1 :: step]
    body = [
        f'<tr><th scope="row">{digit}</th>{_readings(str(digit), rows, shown, written)}</tr>'
        for digit in range(10)
    ]
    return (
        f'<div class="watched"><img src="{png(to_uint8(picture))}" '
        'alt="Your drawing, as the network sees it">'
        '<table class="heat"><caption>Epoch</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def comparison(columns: Mapping[str, Evaluation]) -> str:
    """The test figures of some models, a column each."""
    rows = {
        "Test accuracy": [formatting.percent(figures["accuracy"]) for figures in columns.values()],
        "95 % interval": [formatting.interval(figures["interval"]) for figures in columns.values()],
        "Loss": [f"{figures['loss']:.4f}" for figures in columns.values()],
        "Read wrong": [
            f"{round(figures['n'] * (1 - figures['accuracy'])):,} of {figures['n']:,}"
            for figures in columns.values()
        ],
    }
    return table(list(columns), rows)


def table(
    head: Sequence[str], rows: Mapping[str, Sequence[str]], marked: Sequence[str] = ()
) -> str:
    """Rows by their names under a head of columns; the names in `marked` stand out."""
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f"<tr{' class=differs' if name in marked else ''}><th scope=row>{escape(name)}</th>"
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        for name, cells in rows.items()
    )
    return (
        f'<div class="scroll"><table class="figures named"><thead><tr><td></td>{names}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def confusion(title: str, counts: Sequence[Sequence[int]]) -> str:
    """How often each digit (rows) was read as which (columns)."""
    wrong = [
        n for truth, row in enumerate(counts) for answer, n in enumerate(row) if truth != answer
    ]
    most = max(1, *wrong)
    head = "".join(f'<th scope="col">{digit}</th>' for digit in range(10))
    body = []
    for truth, row in enumerate(counts):
        cells = [
            f'<td class="{"right" if truth == answer else "wrong"}" '
            f'style="--p:{1 if truth == answer else sqrt(n / most):.3f}">{n or ""}</td>'
            for answer, n in enumerate(row)
        ]
        body.append(f'<tr><th scope="row">{truth}</th>{"".join(cells)}</tr>')
    return (
        f'<table class="heat confusion"><caption>{escape(title)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def gallery(wrong: Wrong, most: int | None = None) -> str:
    """Test images that were read wrong, the surest first, at most so many."""
    pictures = [
        f'<figure><img src="{png(image)}" alt="A {label}, read as {answer}, '
        f'{_sure(probability)} sure"><figcaption><b>{label}</b> read as <b>{answer}</b>'
        f"<span>{_sure(probability)} sure</span></figcaption></figure>"
        for image, label, answer, probability in zip(
            wrong.images[:most], wrong.labels, wrong.answers, wrong.probabilities, strict=False
        )
    ]
    return f'<div class="gallery">{"".join(pictures)}</div>'


def png(image: NDArray[np.uint8]) -> str:
    """An (H, W) picture as a data address."""
    _, content = cv2.imencode(".png", image)
    return "data:image/png;base64," + base64.b64encode(content.tobytes()).decode()


def _history_row(row: Mapping[str, float], epoch: str) -> str:
    cells = [epoch]
    for name in list(_COLUMNS)[1:]:
        if name not in row:
            cells.append("")
        elif name.endswith("accuracy"):
            cells.append(formatting.percent(row[name]))
        else:
            cells.append(f"{row[name]:.1f}" if name == "seconds" else f"{row[name]:.4f}")
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _readings(digit: str, rows: Rows, shown: Sequence[int], written: bool) -> str:
    """A cell for each epoch shown, empty for those to come."""
    cells = []
    for row in rows:
        share = row[digit]
        text = f"{100 * share:.0f}" if share >= 0.005 else ""
        cells.append(
            f'<td{" class=strong" if share > 0.5 else ""} style="--p:{share:.3f}" '
            f'title="{formatting.percent(share)}">'
            f"{text if written else f'<span class=unseen>{text}</span>'}</td>"
        )
    return "".join(cells) + "<td></td>" * (len(shown) - len(cells))


def _sure(probability: float) -> str:
    return f"{min(99.9, 100 * float(probability)):.{1 if probability > 0.99 else 0}f} %"
