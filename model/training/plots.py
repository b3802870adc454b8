"""How a training went, as the tutorials plot it: loss or accuracy against the epoch, in a file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from model.runs.records import EpochRow

FORMATS = ("png", "svg")

_SIZE = (6.4, 4.0)  # inches
_DOTS = 200  # an inch, of a PNG


def plot(history: Sequence[EpochRow], figure: str, to: str) -> bytes:
    """A picture file in the format `to`, one of FORMATS.

    history: a row an epoch. figure: loss or accuracy.
    """
    from matplotlib.figure import Figure  # not pyplot, which is one for all threads
    from matplotlib.ticker import MaxNLocator

    drawing = Figure(_SIZE, dpi=_DOTS, layout="constrained")
    axes = drawing.subplots()
    epochs = [row.epoch for row in history]
    for key, label in ((figure, "training"), (f"val_{figure}", "validation")):
        axes.plot(epochs, [getattr(row, key) for row in history], label=label, marker=".")
    axes.set(title=f"Model {figure}", xlabel="epoch", ylabel=figure)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.3)
    axes.legend()
    file = io.BytesIO()
    drawing.savefig(file, format=to)
    return file.getvalue()
