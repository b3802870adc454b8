"""Watch it learn: a slider through the moments of a training, while it goes on and afterwards.

What is sent to the browser are numbers and pictures of our own; no word of a visitor's is in it.
"""

import base64
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from model.language import _, current
from model.runs import replay
from model.runs.replay import Replay, Sample
from model.runs.run import Run
from ui.common import images
from ui.common.component import Component

_REACH = 1.2  # of the map, where the digits at the end reach 1
_COLUMNS = 25  # digits beside each other in the picture that has them all

_player = Component("replay", "train/replay.html")


def show(run: Run) -> None:
    """How the run read some digits at moments of its training, if anything was noted yet."""
    found, sample = replay.read(run.blobs), replay.read_sample(run.blobs)
    if found is None or sample is None or not len(found):
        return
    st.header(_("Watch it learn"), anchor=False)
    _player(
        key="replay",
        data={
            "of": run.id,
            "epochs": run.config.recipe.epochs,
            "words": _words(),
            **_encoded(found, sample),
        },
    )


def _words() -> dict[str, str]:
    """What the browser says, with {name} where it puts something in."""
    return {
        "language": current(),
        "own": _("you: {answer}"),
        "cell": _("{label} read as {answer}: {count}"),
        "before": _("Before the first batch"),
        "after": _("After epoch {epoch} of {epochs}"),
        "within": _("Epoch {epoch} of {epochs}"),
        "moment": _("{when}: {wrong} of {count} digits that it does not learn from read wrong"),
        "map": _("A map of {count} digits, {wrong} read wrong"),
        "chosen": _(
            "{label} read as {answer}: {count}. Press the number again for all that is read wrong."
        ),
        "wrong": _("What it still reads wrong"),
        "right": _("It reads all of these right."),
    }


@lru_cache(maxsize=16)
def _encoded(found: Replay, sample: Sample) -> dict[str, Any]:
    """What the browser shows, in few bytes; once for all who watch."""
    drawing = found.drawing.astype(np.float32)
    if drawing.shape[1]:
        drawing = np.column_stack([_on_map(drawing[:, :2]), drawing[:, 2]])
    return {
        "positions": [round(float(position), 3) for position in found.positions],
        "labels": _base64(sample.labels),
        "answers": _base64(found.answers),
        "places": _base64(_on_map(found.places)),
        "drawing": _base64(drawing),
        "filters": _base64(found.filters),
        "filterShape": list(found.filters.shape[1:]),
        "classes": int(sample.answers),
        "columns": _COLUMNS,
        "sprite": _sprite(sample),
    }


@lru_cache(maxsize=16)
def _sprite(sample: Sample) -> str:
    """All digits in one picture, _COLUMNS in a row."""
    count, side = len(sample.images), sample.images.shape[1]
    rows = -(-count // _COLUMNS)
    padded = np.zeros((rows * _COLUMNS, side, side), np.uint8)
    padded[:count] = sample.images
    grid = padded.reshape(rows, _COLUMNS, side, side).swapaxes(1, 2)
    return images.png(grid.reshape(rows * side, _COLUMNS * side))


def _on_map(places: NDArray[np.floating]) -> NDArray[np.uint8]:
    """To 0 … 255; what lies beyond the map lies at its edge."""
    shares = np.clip(places.astype(np.float32) / _REACH, -1, 1)
    return np.asarray(np.round((shares + 1) / 2 * 255), np.uint8)


def _base64(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values, np.uint8).tobytes()).decode()
