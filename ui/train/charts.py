"""How trainings went, as charts over one another that share their epochs.

What a chart looks like stays the same while figures come in, down to its axes, whose ends are data
too: so the browser moves what it shows instead of drawing another chart, and keeps what a visitor
has zoomed into. Colours are the theme's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, log10
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import streamlit as st

from model.language import Text, _, number
from model.runs.records import Progress
from model.runs.run import Run
from model.runs.snapshot import Snapshot
from ui.common import formatting, html, state

Spec = dict[str, Any]
Row = TypeVar("Row")

ZOOM = (0.97, 1.0)  # accuracies that are hard to tell apart on the whole scale

_MOST = 300  # points on a line, of a training however long
_LEAST = 40  # points on a line, of however many runs
_COLOURS = 6  # of the theme; then they come again, dashed
_DASHES = [[1, 0], [7, 3], [2, 3], [10, 3, 2, 3]]
_LISTED = 12  # runs whose figures are told where the pointer is
_ROOM = 32  # epochs that a chart has room for from the beginning
_ACROSS = {False: Text("Epoch"), True: Text("Second of training")}
_DRAGGED = {
    False: Text("Epoch (drag here to zoom in, double-click for all)"),
    True: Text("Second of training (drag here to zoom in, double-click for all)"),
}
_SPLITS = ["Training", "Validation"]
_OF_SPLIT = {
    ("Training", "loss"): Text("Training loss"),
    ("Training", "accuracy"): Text("Training accuracy"),
    ("Validation", "loss"): Text("Validation loss"),
    ("Validation", "accuracy"): Text("Validation accuracy"),
}
_WITHIN_EPOCHS = ["rate", "speed", "norm"]  # what is measured there alone
_COLUMNS = ["epoch", "part", "series", "kind", "loss", "accuracy", *_WITHIN_EPOCHS]


@dataclass(frozen=True)
class _Panel:
    """A chart of one figure: its column, its title, its height in px, how a figure is written."""

    figure: str
    title: Text
    height: int
    format: str
    is_log: bool = False
    is_large: bool = False  # with a point an epoch, for training and validation

    @property
    def heading(self) -> str:
        return f"{self.title} (log)" if self.is_log else str(self.title)


_LOSS = _Panel("loss", Text("Loss"), 170, ".4f", is_log=True, is_large=True)
_ACCURACY = _Panel("accuracy", Text("Accuracy"), 170, ".2%", is_large=True)
_RATE = _Panel("rate", Text("Learning rate"), 56, ".2g")
_SPEED = _Panel("speed", Text("Digits a second"), 56, ",.0f")
_NORM = _Panel("norm", Text("Gradient norm"), 56, ".3g", is_log=True)
# What a logarithmic axis shows at least; without, it would jump with each of the first figures.
_FIRST_DOMAIN = {"loss": (0.01, 3.0), "norm": (0.05, 10.0)}
_SMALLEST = 1e-5  # a logarithm has no place for 0


def show(now: Snapshot) -> None:
    """A run's figures by epoch: loss, accuracy, learning rate, speed, the gradient's norm."""
    smoothing, zoomed = _controls()
    frame = figures(now, smoothing)
    bounds = _bounds(frame, _epochs_shown(now), zoomed, [now])
    panels = _panels(frame, now.is_running)
    tip = [
        _told(f"{panel.figure}{place}", str(_OF_SPLIT[split, panel.figure]))
        for panel in panels
        if panel.is_large
        for place, split in enumerate(_SPLITS)
    ]
    tip += [_told(f"{panel.figure}0", str(panel.title)) for panel in panels if not panel.is_large]
    spec = _spec([(panel, tip) for panel in panels], _SPLITS, dashed=False)
    table = _by_epoch(frame, _SPLITS, panels, within=True)
    _chart(spec, frame, bounds, table, best(frame, ["Validation"]))
    st.html(html.render("train/legend.html", is_smoothed=smoothing > 0))


def overlay(picked: Sequence[Run]) -> None:
    """The figures of some runs over each other, a colour a run: validation as points."""
    names = formatting.names(picked)
    snapshots = [run.snapshot() for run in picked]
    smoothing, zoomed = _controls()
    by_seconds = st.toggle(
        _("By seconds of training, not epochs"), key=state.BY_SECONDS.key, persist_state="session"
    )
    most = max(_LEAST, _MOST // len(picked))
    keys = [f"run {place}" for place in range(len(picked))]
    frames = [figures(now, smoothing, most) for now in snapshots]
    end = float(max(map(_epochs_shown, snapshots)))
    if by_seconds:
        frames = [_by_seconds(*one) for one in zip(frames, snapshots, strict=True)]
        end = _rounded_up(max((one.epoch.max() for one in frames if len(one)), default=1.0))
    frame = pd.concat(_of_one_run(one, key) for one, key in zip(frames, keys, strict=True))
    bounds = _bounds(frame, end, zoomed, snapshots)
    panels = _panels(frame, any(now.is_running for now in snapshots))
    tips = [
        (panel, [_told(f"{panel.figure}{n}", name) for n, name in enumerate(names[:_LISTED])])
        for panel in panels
    ]
    table = _by_epoch(frame, keys, panels, within=False)
    spec = _spec(tips, keys, dashed=True, by_seconds=by_seconds)
    _chart(spec, frame, bounds, table, best(frame, keys))
    st.html(html.render("train/legend_of_runs.html", names=names))


# ---------------------------------------------------------------- figures


def figures(now: Snapshot, smoothing: float = 0.0, most: int = _MOST) -> pd.DataFrame:
    """A row for each place on the curves: epoch; part, which epoch it is within; series, training
    or validation; kind: batch (a running mean within the epoch), epoch, or point (an epoch's, as
    it was measured); and the figures, those of batches and epochs smoothed.

    Of a training however long there are at most `most` rows of each kind."""
    batches = list(_measured(now.log, now.config.recipe.batch_size))
    rows = [
        [
            row.position,
            ceil(row.position),
            "Training",
            "batch",
            row.loss,
            row.accuracy,
            row.rate,
            speed,
            row.norm,
        ]
        for row, speed in downsampled(batches, most)
    ]
    for row in downsampled(now.history, most):
        for split, loss, accuracy in (
            ("Training", row.loss, row.accuracy),
            ("Validation", row.val_loss, row.val_accuracy),
        ):
            for kind in ("epoch", "point"):
                rows.append([row.epoch, 0, split, kind, loss, accuracy, None, None, None])
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype(
        dict.fromkeys(("epoch", *_COLUMNS[4:]), "float64") | {"part": "int64"}
    )
    for name in ("loss", "norm"):
        frame[name] = frame[name].clip(lower=_SMALLEST)
    return _smoothed(frame, smoothing) if smoothing else frame


def best(frame: pd.DataFrame, series: Sequence[str]) -> pd.DataFrame:
    """The epoch of each series with the highest accuracy on the validation digits; of several, the
    one with the least loss."""
    points = frame[(frame.kind == "point") & frame.series.isin(list(series))]
    ordered = points.sort_values(["accuracy", "loss"], ascending=[False, True], kind="stable")
    return ordered.drop_duplicates("series")


def downsampled(rows: Sequence[Row], most: int = _MOST) -> list[Row]:
    """So few of the rows that a browser draws them at once, evenly chosen, and the latest."""
    step = 1
    while len(rows) > step * most:
        step *= 2
    chosen = list(rows[::step])
    return chosen if not chosen or chosen[-1] is rows[-1] else [*chosen, rows[-1]]


def _measured(log: Sequence[Progress], batch_size: int) -> Iterator[tuple[Progress, float | None]]:
    """The rows that say how well it learns, each with the digits a second since the row before."""
    before = None
    for row in log:
        learned = _batches(row) - _batches(before) if before else 0
        if row.loss is not None and row.accuracy is not None:
            seconds = row.elapsed - before.elapsed if before else 0.0
            yield row, learned * batch_size / seconds if learned > 0 and seconds > 0 else None
        before = row


def _batches(row: Progress) -> int:
    """Learned from since the beginning."""
    return (row.epoch - 1) * row.batches + row.batch


def _smoothed(frame: pd.DataFrame, weight: float) -> pd.DataFrame:
    """Each figure a mean in which the one before weighs `weight` of it, and so on back: the
    exponential moving average of TensorBoard. Points stay as they were measured."""
    names = ["loss", "accuracy", "speed", "norm"]
    lines = frame[frame.kind != "point"]
    groups = lines.groupby(["series", "kind", "part"])[names]  # a running mean begins with each
    means = groups.transform(lambda values: values.ewm(alpha=1 - weight).mean())
    smoothed = frame.copy()
    smoothed.loc[lines.index, names] = means.where(lines[names].notna())
    return smoothed


def _of_one_run(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """A run's rows where it is one of several: its validation, and its batches."""
    kept = frame[(frame.kind == "batch") | (frame.series == "Validation")]
    return kept.assign(series=key)


def _by_seconds(frame: pd.DataFrame, now: Snapshot) -> pd.DataFrame:
    """A run's rows with the seconds that it had learned for in the place of the epochs."""
    known = {0.0: 0.0} | {row.position: row.elapsed for row in now.batches}
    for row, seconds in zip(now.history, np.cumsum([r.seconds for r in now.history]), strict=True):
        known[float(row.epoch)] = float(seconds)
    epochs, times = np.transpose(sorted(known.items()))
    return frame.assign(epoch=np.interp(frame.epoch, epochs, np.maximum.accumulate(times)))


def _by_epoch(
    frame: pd.DataFrame, series: Sequence[str], panels: Sequence[_Panel], within: bool
) -> pd.DataFrame:
    """What is told where the pointer is, a row for each epoch, and for each batch where it is told
    what is `within` these too: loss0 is the first series' loss."""
    rows = frame[frame.kind != "epoch"]
    places = sorted(rows[within | (rows.kind == "point")].epoch.unique())
    table = pd.DataFrame({"epoch": places}, dtype="float64")
    columns: dict[str, Any] = {"at": [number(float(f"{place:.2f}"), "g") for place in places]}
    for place, name in enumerate(series[:_LISTED]):
        own = rows[rows.series == name].groupby("epoch")[_COLUMNS[4:]].last()
        own = own.reindex(sorted({*own.index, *places}))
        own[_WITHIN_EPOCHS] = own[_WITHIN_EPOCHS].ffill()  # at an epoch's end as before it
        for panel in panels:
            columns[f"{panel.figure}{place}"] = [
                "–" if pd.isna(value) else number(value, panel.format)
                for value in own.loc[places, panel.figure]
            ]
    return table.assign(**columns)


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


def _bounds(
    frame: pd.DataFrame, epochs: float, zoomed: bool, of: Sequence[Snapshot]
) -> pd.DataFrame:
    """Where each axis begins and ends, in one row."""
    low, high = ZOOM if zoomed else (0.0, 1.0)
    ends = {
        "epoch": (0.0, epochs),
        "accuracy": (low, high),
        "rate": (0.0, max(now.config.recipe.learning_rate for now in of)),
        "speed": (0.0, _rounded_up(frame.speed.max())),
    }
    for figure, (least, most) in _FIRST_DOMAIN.items():
        ends[figure] = (
            min(least, _rounded_down(frame[figure].min())),
            max(most, _rounded_up(frame[figure].max())),
        )
    return pd.DataFrame(
        [
            {
                f"{name}_{end}": value
                for name, pair in ends.items()
                for end, value in zip(("low", "high"), pair, strict=True)
            }
        ]
    )


def _rounded_up(value: float) -> float:
    """To 1, 2 or 5 times a power of ten, so that an axis does not move with each figure."""
    if not 0 < value < inf:  # nor where there is none yet
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next((n * power for n in (1, 2, 5) if n * power >= value), 10 * power)


def _rounded_down(value: float) -> float:
    if not 0 < value < inf:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(n * power for n in (5, 2, 1) if n * power <= value)


# ---------------------------------------------------------------- specification


def _controls() -> tuple[float, bool]:
    """How much the curves are smoothed, and whether the accuracies near 100 % are enlarged."""
    with st.container(key="chart_controls", horizontal=True, vertical_alignment="center"):
        smoothing = st.slider(
            _("Smoothing"),
            0.0,
            0.95,
            0.0,
            0.05,
            key="smoothing",
            width=240,
            help=_(
                "How much of each place on a curve comes from those before it. Points stay as "
                "they were measured."
            ),
        )
        zoomed = st.toggle(_("Accuracy from 97 to 100 %"), key="zoom")
    return smoothing, zoomed


def _panels(frame: pd.DataFrame, is_running: bool) -> list[_Panel]:
    """All; of runs that are over, those that have figures: an earlier version noted fewer."""
    small = [p for p in (_RATE, _SPEED, _NORM) if is_running or frame[p.figure].notna().any()]
    return [_LOSS, _ACCURACY, *small]


def _chart(
    spec: Spec, frame: pd.DataFrame, bounds: pd.DataFrame, table: pd.DataFrame, best: pd.DataFrame
) -> None:
    datasets = {"figures": frame, "bounds": bounds, "table": table, "best": best}
    with st.container(key="charts"):
        st.vega_lite_chart(
            None,
            {**spec, "datasets": datasets},
            width="stretch",
            alt=_("Loss, accuracy and more by epoch"),
        )


def _spec(
    panels: Sequence[tuple[_Panel, list[Spec]]],
    series: Sequence[str],
    dashed: bool,
    by_seconds: bool = False,
) -> Spec:
    """Panels over each other, a line where the pointer is through all of them, and below them a
    strip on which a part of the epochs is chosen."""
    return {
        "data": {"name": "figures"},
        "params": [
            {
                "name": "hover",
                "select": {
                    "type": "point",
                    "on": "pointermove",
                    "nearest": True,
                    "encodings": ["x"],
                    "clear": "pointerout",
                },
                "views": [f"{panel.figure}_rule" for panel, _ in panels],
            }
        ],
        "spacing": 6,
        "config": {"title": {"offset": 6, "fontSize": 14}, **_locale()},
        "vconcat": [
            *(_panel(panel, tip, series, dashed, by_seconds) for panel, tip in panels),
            _strip(series, dashed, by_seconds),
        ],
    }


def _locale() -> Spec:
    """How the axes write numbers; D3's own way is the English one."""
    decimal, thousands = number(0.5)[1], number(1000, ",")[1]
    if decimal == ".":
        return {}
    signs = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    return {"locale": {"number": signs}}


def _panel(
    panel: _Panel, tip: list[Spec], series: Sequence[str], dashed: bool, by_seconds: bool
) -> Spec:
    name, line = panel.figure, {"type": "line", "clip": True}
    layers: list[Spec] = [
        _HELD,
        {
            "transform": [{"filter": f"datum.kind == 'batch' && isValid(datum.{name})"}],
            "mark": {**line, "strokeWidth": 1.5, "opacity": 0.55},
            "encoding": {"detail": _WITHIN} if panel.is_large else {},
        },
    ]
    if panel.is_large:
        layers += [
            {
                "transform": [{"filter": "datum.kind == 'epoch'"}],
                "mark": {**line, "strokeWidth": 2},
            },
            {
                "transform": [{"filter": "datum.kind == 'point'"}],
                "mark": {"type": "point", "clip": True, "filled": True, "size": 40, "opacity": 1},
            },
            {
                "data": {"name": "best"},
                "mark": {
                    "type": "point",
                    "clip": True,
                    "filled": False,
                    "size": 190,
                    "strokeWidth": 2,
                    "opacity": 1,
                },
            },
        ]
    return {
        "name": name,
        "height": panel.height,
        "title": {"text": panel.heading, "anchor": "start", "frame": "group"},
        "encoding": {
            "x": _epochs(),
            "y": _axis(panel),
            "color": _colour(series),
            **(_dash(series) if dashed else {}),
        },
        "layer": [*layers, _rule(panel, tip, by_seconds)],
    }


def _rule(panel: _Panel, tip: list[Spec], by_seconds: bool) -> Spec:
    """The line through all panels where the pointer is, and what the figures are there."""
    return {
        "name": f"{panel.figure}_rule",
        "data": {"name": "table"},
        "mark": {"type": "rule", "strokeWidth": 1, "clip": True},
        "encoding": {
            "y": {"value": 0},
            "y2": {"value": "height"},
            "color": {"value": "gray"},
            "strokeDash": {"value": [1, 0]},
            "opacity": {"condition": {"param": "hover", "value": 0.8, "empty": False}, "value": 0},
            "tooltip": [_told("at", str(_ACROSS[by_seconds])), *tip],
        },
    }


def _strip(series: Sequence[str], dashed: bool, by_seconds: bool) -> Spec:
    """All epochs, of which a visitor chooses a part by dragging."""
    return {
        "name": "strip",
        "height": 28,
        "params": [{"name": "zoom", "select": {"type": "interval", "encodings": ["x"]}}],
        "transform": [{"filter": "datum.kind != 'point'"}],
        "mark": {"type": "line", "clip": True, "strokeWidth": 1, "opacity": 0.6},
        "encoding": {
            "x": {
                "field": "epoch",
                "type": "quantitative",
                "title": str(_DRAGGED[by_seconds]),
                "scale": {
                    "domain": [0, 1],
                    "domainMax": _bound("epoch_high"),
                    "nice": False,
                    "padding": 6,
                },
                "axis": {"tickMinStep": 1, "format": "d", "grid": False},
            },
            "y": {
                "field": "loss",
                "type": "quantitative",
                "scale": _scale(_LOSS),
                "axis": None,
            },
            "color": _colour(series),
            "detail": [{"field": "kind", "type": "nominal"}, _WITHIN],
            **(_dash(series) if dashed else {}),
        },
    }


def _epochs() -> Spec:
    low = "isDefined(zoom.epoch) ? zoom.epoch[0] : 0"
    high = f"isDefined(zoom.epoch) ? zoom.epoch[1] : {_bound('epoch_high')['expr']}"
    return {
        "field": "epoch",
        "type": "quantitative",
        "title": None,
        "scale": {
            "domain": [0, 1],
            "domainMin": {"expr": low},
            "domainMax": {"expr": high},
            "nice": False,
            "padding": 6,
        },
        "axis": {"labels": False, "ticks": False, "tickMinStep": 1},
    }


def _axis(panel: _Panel) -> Spec:
    label = {"accuracy": ".1~%", "loss": "~g", "norm": "~g", "rate": ".2~g", "speed": ",d"}
    return {
        "field": panel.figure,
        "type": "quantitative",
        "title": None,
        "scale": _scale(panel),
        "axis": {
            "format": label[panel.figure],
            "tickCount": 5 if panel.is_large else 2,
            "minExtent": 44,
            "maxExtent": 44,
            **({"values": _TICKS if panel.is_large else _DECADES} if panel.is_log else {}),
        },
    }


# A dataset that nothing shows is none for the axes either.
_HELD: Spec = {
    "data": {"name": "bounds"},
    "mark": {"type": "point", "opacity": 0},
    "encoding": {"x": {"value": 0}, "y": {"value": 0}, "color": {"value": "gray"}},
}
_WITHIN = {"field": "part", "type": "ordinal"}  # its own line each
_DECADES = [10.0**e for e in range(4, -6, -1)]
_TICKS = [n * decade for decade in _DECADES for n in (5, 2, 1)]


def _scale(panel: _Panel) -> Spec:
    return {
        "type": "log" if panel.is_log else "linear",
        "domain": [0.1, 1],
        "domainMin": _bound(f"{panel.figure}_low"),
        "domainMax": _bound(f"{panel.figure}_high"),
        "nice": False,
        **({} if panel.is_log else {"zero": False}),
        "padding": 4,
    }


def _bound(name: str) -> Spec:
    return {"expr": f"data('bounds')[0].{name}"}


def _colour(series: Sequence[str]) -> Spec:
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(series)},
        "legend": None,
    }


def _dash(series: Sequence[str]) -> Spec:
    dashes = [_DASHES[place // _COLOURS % len(_DASHES)] for place in range(len(series))]
    return {
        "strokeDash": {
            "field": "series",
            "type": "nominal",
            "scale": {"domain": list(series), "range": dashes},
            "legend": None,
        }
    }


def _told(field: str, title: str) -> Spec:
    return {"field": field, "title": title, "type": "nominal"}
