"""The rows of a run's CSV files, which any spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from model.runs.records import EpochRow, Progress

DIGITS = [str(digit) for digit in range(10)]

# Until schema 2 a step had neither learning rate nor norm.
_FIGURES_OF_A_STEP = (len(Progress._fields) - 5, len(Progress._fields) - 7)
_FIGURES = [name for name in EpochRow._fields if name != "drawing"]


def history_to_csv(rows: Sequence[EpochRow]) -> str:
    """A row an epoch; the probabilities for a watched drawing in ten columns, "0" to "9"."""
    watched = any(row.drawing for row in rows)
    head = _FIGURES + (DIGITS if watched else [])
    return _to_csv([head, *([*row[: len(_FIGURES)], *(row.drawing or ())] for row in rows)])


def read_history(content: bytes) -> tuple[EpochRow, ...]:
    """The rows of a history.csv; none where something else is in it."""
    rows = []
    try:
        for row in read_dicts(content):
            epoch, loss, accuracy, val_loss, val_accuracy, seconds = (
                row[name] for name in _FIGURES
            )
            drawing = tuple(row[digit] for digit in DIGITS if digit in row) or None
            rows.append(
                EpochRow(int(epoch), loss, accuracy, val_loss, val_accuracy, seconds, drawing)
            )
    except (KeyError, TypeError, ValueError, OverflowError):
        return ()
    return tuple(rows)


def read_dicts(content: bytes) -> list[dict[str, float]]:
    """The rows of a CSV of numbers by its head, less empty cells; none of any other file."""
    try:
        lines = csv.DictReader(io.StringIO(content.decode()))
        return [{key: float(cell) for key, cell in line.items() if cell} for line in lines]
    except (TypeError, ValueError, csv.Error):
        return []


def progress_to_csv(rows: Iterable[Progress], head: bool = True) -> str:
    return _to_csv([*([Progress._fields] if head else []), *rows])


def read_progress(content: bytes) -> tuple[Progress, ...]:
    """The rows of a progress.csv, or of a part of it that begins with a line. A line that is still
    being written, or that a full disk broke off, is passed over, and so is the head."""
    whole = content[: content.rfind(b"\n") + 1]
    return tuple(row for line in whole.splitlines() if (row := _progress(line)))


def _progress(line: bytes) -> Progress | None:
    try:
        phase, epoch, batch, batches, elapsed, *others = line.decode().split(",")
        figures = [float(cell) if cell else None for cell in others]
        if len(figures) not in _FIGURES_OF_A_STEP:
            return None
        row = Progress(phase, int(epoch), int(batch), int(batches), float(elapsed), *figures)
    except ValueError:
        return None
    return row if row.batches > 0 or row.loss is None else None


def _to_csv(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
