"""How a training went, as charts: loss and accuracy, and how one drawing was read.

A chart's specification stays the same while figures come in, so that the browser moves what it
shows instead of drawing another chart. Colours are the theme's.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from model.runs.records import EpochRow, Progress
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from ui.common import formatting, html

Spec = dict[str, Any]
Row = TypeVar("Row")

ZOOM = (0.97, 1.0)  # accuracies that are hard to tell apart on the whole scale

_HEIGHT = 250  # px
_MOST = 300  # points on a line, of a training however long
_LOSSES = [n * 10.0**e for e in range(1, -6, -1) for n in (5, 2, 1)]
_COLOURS = 6  # of the theme; so many runs can be told apart
_ROOM = 32  # epochs that a chart has room for from the beginning
_SPLITS = ["Training", "Validation"]


def show(now: Snapshot) -> None:
    """Loss and accuracy of a run, beside each other where there is room."""
    frame, epochs = figures(now.batches, now.history), _epochs_shown(now)
    left, right = st.columns(2, gap="medium")
    with left:
        with _head("loss"):
            st.markdown("**Loss**", help="How far off its answers are. Less is better.")
        _chart(frame, _one_run("loss", epochs, _loss()), "loss")
    with right:
        with _head("accuracy"):
            st.markdown("**Accuracy**", help="The share of the digits that it reads right.")
            zoomed = st.toggle("97 to 100 %", key="zoom")
        _chart(frame, _one_run("accuracy", epochs, _accuracy(zoomed)), "accuracy")
    st.html(html.render("train/legend.html"))


def overlay(picked: Sequence[Run]) -> None:
    """The curves of some runs over each other, a colour a run."""
    shown = picked[:_COLOURS]
    names = formatting.names(shown)
    snapshots = [run.snapshot() for run in shown]
    frame = pd.concat(
        figures(now.batches, now.history).assign(run=name)
        for now, name in zip(snapshots, names, strict=True)
    )
    epochs = max(map(_epochs_shown, snapshots))
    left, right = st.columns(2, gap="medium")
    with left:
        with _head("loss"):
            st.markdown("**Loss**")
        _chart(frame, _several("loss", names, epochs, _loss()), "loss")
    with right:
        with _head("accuracy"):
            st.markdown("**Accuracy**")
            zoomed = st.toggle("97 to 100 %", key="zoom")
        _chart(frame, _several("accuracy", names, epochs, _accuracy(zoomed)), "accuracy")
    st.html(html.render("train/legend_of_runs.html", names=names))


def figures(batches: Sequence[Progress], history: Sequence[EpochRow]) -> pd.DataFrame:
    """A row for each point on the curves: epoch, part (which epoch it is within), split, kind
    (epoch, or batch: a running mean within the epoch), loss, accuracy."""
    rows = [
        _point(row.position, "Training", "batch", row.loss, row.accuracy)
        for row in downsampled(batches)
        if row.loss is not None and row.accuracy is not None
    ]
    for row in downsampled(history):
        rows.append(_point(row.epoch, "Training", "epoch", row.loss, row.accuracy))
        rows.append(_point(row.epoch, "Validation", "epoch", row.val_loss, row.val_accuracy))
    return pd.DataFrame(rows, columns=["epoch", "part", "split", "kind", "loss", "accuracy"])


def _epochs_shown(now: Snapshot) -> int:
    """The epochs that the chart has room for: as many as there were, and while it trains as many
    as there will be; of very many, twice as many whenever the room is used up."""
    last = max(1, len(now.history), *(ceil(row.position) for row in now.batches[-1:]))
    if not now.is_running:
        return last
    room = _ROOM
    while room < last:
        room *= 2
    return min(room, now.config.recipe.epochs)


def downsampled(rows: Sequence[Row]) -> list[Row]:
    """So few of the rows that a browser draws them at once, evenly chosen, and the latest."""
    step = 1
    while len(rows) > step * _MOST:
        step *= 2
    chosen = list(rows[::step])
    return chosen if not chosen or chosen[-1] is rows[-1] else [*chosen, rows[-1]]


def _point(epoch: float, split: str, kind: str, loss: float, accuracy: float) -> dict[str, Any]:
    return {
        "epoch": epoch,
        "part": ceil(epoch),
        "split": split,
        "kind": kind,
        "loss": max(loss, _LOSSES[-1]),  # a logarithm has no place for 0
        "accuracy": accuracy,
    }


# ---------------------------------------------------------------- specifications


def _head(figure: str) -> DeltaGenerator:
    return st.container(key=f"head-{figure}", horizontal=True, vertical_alignment="center")


def _chart(frame: pd.DataFrame, spec: Spec, figure: str) -> None:
    with st.container(key=figure):
        st.vega_lite_chart(frame, spec, alt=f"{figure.capitalize()} by epoch")


def _one_run(figure: str, epochs: int, scale: Spec) -> Spec:
    return _spec(figure, epochs, scale, "split", _SPLITS, "datum.kind == 'epoch'")


def _several(figure: str, names: list[str], epochs: int, scale: Spec) -> Spec:
    return _spec(figure, epochs, scale, "run", names, "datum.split == 'Validation'")


def _spec(
    figure: str, epochs: int, scale: Spec, colour: str, domain: list[str], points: str
) -> Spec:
    """Running values as thin lines, epochs as points: those that the filter `points` lets by."""
    tip = [
        {"field": colour, "title": colour.capitalize()},
        {"field": "epoch", "title": "Epoch", "format": "d"},
        {"field": figure, "title": figure.capitalize(), "format": _format(figure)},
    ]
    line = {"type": "line", "clip": True}
    size = 56 if epochs <= _ROOM else 12
    return {
        "height": _HEIGHT,
        "padding": {"left": 0, "right": 0, "top": 8, "bottom": 0},
        "encoding": {
            "x": _epochs(epochs),
            "y": {"field": figure, "type": "quantitative", "title": None, **scale},
            "color": {
                "field": colour,
                "type": "nominal",
                "scale": {"domain": domain},
                "legend": None,
            },
        },
        "layer": [
            {
                "transform": [{"filter": "datum.kind == 'batch'"}],
                "mark": {**line, "strokeWidth": 1.5, "opacity": 0.55},
                "encoding": {"detail": {"field": "part", "type": "ordinal"}},
            },
            {
                "transform": [{"filter": points}],
                "mark": {**line, "strokeWidth": 2, "point": {"filled": True, "size": size}},
                "encoding": {"tooltip": tip},
            },
        ],
    }


def _epochs(epochs: int) -> Spec:
    return {
        "field": "epoch",
        "type": "quantitative",
        "title": "Epoch",
        "scale": {"domain": [0, epochs], "nice": False, "padding": 6},
        "axis": {"tickMinStep": 1, "format": "d", "grid": False},
    }


def _loss() -> Spec:
    return {
        "scale": {"type": "log", "nice": False, "padding": 6},
        "axis": {"values": _LOSSES, "format": "~g"},
    }


def _accuracy(zoomed: bool) -> Spec:
    low, high = ZOOM if zoomed else (0, 1)
    ticks = [low + (high - low) * n / 6 for n in range(7)] if zoomed else [n / 5 for n in range(6)]
    scale = {"domain": [low, high], "nice": False, "padding": 6}
    return {"scale": scale, "axis": {"format": ".1~%", "values": ticks}}


def _format(figure: str) -> str:
    return ".2%" if figure == "accuracy" else ".4f"
