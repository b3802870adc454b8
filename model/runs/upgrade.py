"""Runs of earlier versions: read as they are, and brought up to date before they go on.

Schema 1 (no number in run.json) had progress.json, where it is; batches.csv, the running figures
within the epochs; and drawing.csv, how the watched drawing is read. result.json said “gate” where
it says “promotion” now, which `RunResult` reads; “learned_until” in run.json was "" for never.
Schema 2 had no learning rate and no gradient's norm in progress.csv, whose lines are read all the
same.
"""

from __future__ import annotations

import json
from math import ceil, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from model.runs import cache
from model.runs.records import SCHEMA, EpochRow, Progress
from model.runs.rows import DIGITS, read_dicts, read_history

if TYPE_CHECKING:
    from model.runs.run import Run

_PROGRESS = TypeAdapter(Progress)
_BATCHES = 1000  # in an epoch, where nothing says how many there were


def upgrade(run: Run) -> None:
    """Write what a run has in today's files; the caller holds its lock. Raises OSError.

    The number in run.json is the last to be written: until then the old files count.
    """
    config = run.config
    if config.schema_version == SCHEMA:
        return
    if config.schema_version == 1:
        history, log = read_figures(run.folder)
        run.write_history(history)
        run.write_log(log)
    run.write_config(config.model_copy(update={"schema_version": SCHEMA}))
    for name in ("progress.json", "batches.csv", "drawing.csv"):
        (run.folder / name).unlink(missing_ok=True)


def read_config(values: dict[str, Any]) -> dict[str, Any]:
    """What is in a run.json of any schema, as it would be written today."""
    if values["schema_version"] == 1 and values.get("learned_until") == "":
        return {**values, "learned_until": None}
    return values


def read_figures(folder: Path) -> tuple[tuple[EpochRow, ...], tuple[Progress, ...]]:
    """The history and the log of a run of schema 1."""
    history = cache.read(folder / "history.csv", read_history)
    watched = cache.read(folder / "drawing.csv", _drawings)
    now = cache.read(folder / "progress.json", _progress)
    steps = cache.read(folder / "batches.csv", _steps)
    batches = now.batches if now and now.batches else _BATCHES
    log = [
        Progress(
            "training",
            epoch := max(1, ceil(position)),
            round((position - epoch + 1) * batches),
            batches,
            loss=loss,
            accuracy=accuracy,
        )
        for position, loss, accuracy in steps
    ]
    return (
        tuple(row._replace(drawing=row.drawing or watched.get(row.epoch)) for row in history),
        (*log, *([now] if now else [])),
    )


def _progress(content: bytes) -> Progress | None:
    try:
        values = json.loads(content)
        return _PROGRESS.validate_python(
            {name: values[name] for name in Progress._fields if name in values}
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _steps(content: bytes) -> list[tuple[float, float, float]]:
    rows = read_dicts(content[: content.rfind(b"\n") + 1])  # its last line may be half written
    names = {"epoch", "loss", "accuracy"}
    complete = [row for row in rows if names <= set(row) and isfinite(row["epoch"])]
    return [(row["epoch"], row["loss"], row["accuracy"]) for row in complete]


def _drawings(content: bytes) -> dict[int, tuple[float, ...]]:
    return {
        int(row["epoch"]): tuple(row[digit] for digit in DIGITS)
        for row in read_dicts(content)
        if {"epoch", *DIGITS} <= set(row) and isfinite(row["epoch"])
    }
