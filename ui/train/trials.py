"""The trials of a search as charts and as a table.

As in `charts`, what a chart looks like stays the same while figures come in: the browser moves what
it shows.
"""

from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import pandas as pd
import streamlit as st

from model.language import _, number
from model.training import search
from model.training.search import Outcome, Parameter, Trial
from ui.common import formatting, html

Spec = dict[str, Any]

_COLOURED = ["best", "running"]  # the others are grey, “finished” darker than “early”
_KINDS = {
    Outcome.RUNNING: "running",
    Outcome.FINISHED: "finished",
    Outcome.EARLY: "early",
    Outcome.BROKEN_OFF: "early",
}
_LOWEST = [0.97, 0.95, 0.9, 0.8, 0.5, 0.0]  # where an axis of accuracies may begin
_ACCURACY = "accuracy"


def curves(every: Sequence[Trial], epochs: int) -> None:
    """The accuracy of all trials on the validation digits by epoch, a line a trial."""
    kinds = _kinds(every)
    rows = [
        [row.epoch, row.val_accuracy, trial.number, kinds[trial.number], _(trial.outcome)]
        for trial in every
        for row in trial.now.history
    ]
    frame = pd.DataFrame(rows, columns=["epoch", _ACCURACY, "trial", "kind", "state"])
    bounds = pd.DataFrame([{"low": _lowest(every)}])
    _chart(
        {
            "height": 220,
            "title": _title(_("Validation accuracy by epoch")),
            "encoding": {
                "x": {
                    "field": "epoch",
                    "type": "quantitative",
                    "title": None,
                    "scale": {"domain": [0.8, epochs + 0.2], "nice": False},
                    "axis": {"tickMinStep": 1, "format": "d"},
                },
                "y": {
                    "field": _ACCURACY,
                    "type": "quantitative",
                    "title": None,
                    "scale": {
                        "domain": [0.1, 1],
                        "domainMin": {"expr": "data('bounds')[0].low"},
                        "domainMax": 1,
                        "nice": False,
                    },
                    "axis": {"format": ".1~%"},
                },
            },
            "layer": [
                _held(),
                {"encoding": _by_trial(), "mark": {"type": "line", "clip": True}},
                {
                    "encoding": {
                        **_by_trial(),
                        "tooltip": [
                            {"field": "trial", "title": _("Recipe")},
                            {"field": "state", "title": _("State")},
                            {"field": "epoch", "title": _("Epoch")},
                            {"field": _ACCURACY, "title": _("Accuracy"), "format": ".2%"},
                        ],
                    },
                    "mark": {"type": "point", "clip": True, "filled": True, "size": 50},
                },
            ],
        },
        {"rows": frame, "bounds": bounds},
        _("The accuracy of each recipe by epoch"),
    )
    st.html(html.render("train/legend_of_trials.html"))


def parallel_coordinates(every: Sequence[Trial], space: Mapping[str, Parameter]) -> None:
    """A line a trial through what was chosen for it, to how well it reads."""
    kinds, low = _kinds(every), _lowest(every)
    names = [*(str(one.title) for one in space.values()), _("Accuracy")]
    rows = []
    for trial in every:
        if trial.accuracy is None:
            continue
        values = [trial.parameters.get(name) for name in space]
        places = [
            None if value is None else _place(value, one)
            for value, one in zip(values, space.values(), strict=True)
        ]
        places.append(max(0.0, (trial.accuracy - low) / (1 - low)))
        told = {
            **dict(zip(names, map(_written, values), strict=False)),
            names[-1]: formatting.percent(trial.accuracy),
        }
        rows += [
            {
                "axis": axis,
                "place": place,
                "trial": trial.number,
                "kind": kinds[trial.number],
                _("Recipe"): str(trial.number),
                _("State"): _(trial.outcome),
                **told,
            }
            for axis, place in zip(names, places, strict=True)
        ]
    ends = [
        *((str(one.title), _written(one.low), _written(one.high)) for one in space.values()),
        (names[-1], formatting.percent(low, 0), formatting.percent(1, 0)),
    ]
    axes = pd.DataFrame(ends, columns=["axis", "low", "high"])
    across = {
        "field": "axis",
        "type": "ordinal",
        "scale": {"domain": names, "type": "point", "padding": 0.35},
        "title": None,
        "axis": {
            "labelAngle": 0,
            "labelExpr": "split(datum.label, ' ')",
            "labelPadding": 20,
            "ticks": False,
            "domain": False,
            "labelLimit": 90,
        },
    }
    _chart(
        {
            "height": 240,
            "title": _title(_("What was chosen, and what came of it")),
            "encoding": {"x": across},
            "layer": [
                {
                    "data": {"name": "axes"},
                    "mark": {"type": "rule", "strokeWidth": 1, "opacity": 0.5},
                    "encoding": {
                        "y": {"value": 0},
                        "y2": {"value": "height"},
                        "color": {"value": "gray"},
                    },
                },
                {"encoding": {**_upwards(), **_by_trial()}, "mark": "line"},
                {
                    "encoding": {
                        **_upwards(),
                        **_by_trial(),
                        "tooltip": [
                            {"field": name, "type": "nominal"}
                            for name in (_("Recipe"), _("State"), *names)
                        ],
                    },
                    "mark": {"type": "point", "filled": True, "size": 60},
                },
                _ends("high", 0, -8),
                _ends("low", "height", 12),
            ],
        },
        {"rows": pd.DataFrame(rows), "axes": axes},
        _("What was chosen for each recipe, and its accuracy"),
    )


def table(every: Sequence[Trial], space: Mapping[str, Parameter]) -> str:
    """A row a trial, the best first."""
    best = search.best(every)
    rows = [
        (
            trial == best,
            [
                str(trial.number),
                formatting.percent(trial.accuracy) if trial.accuracy is not None else "",
                _(trial.outcome),
                *(_written(trial.parameters.get(name)) for name in space),
                str(len(trial.now.history)),
                formatting.duration(trial.now.seconds) if trial.now.history else "",
            ],
        )
        for trial in search.ranked(every)
    ]
    head = [
        _("Recipe"),
        _("Validation accuracy"),
        _("State"),
        *(str(one.title) for one in space.values()),
        _("Epochs"),
        _("Time"),
    ]
    return html.render("train/trials.html", head=head, rows=rows)


# ---------------------------------------------------------------- beneath


def _kinds(every: Sequence[Trial]) -> dict[int, str]:
    """What each trial stands out as, by its number."""
    best = search.best(every)
    kinds = {trial.number: _KINDS[trial.outcome] for trial in every}
    return kinds | ({best.number: "best"} if best else {})


def _lowest(every: Sequence[Trial]) -> float:
    """Where an axis begins on which three of four trials are seen."""
    found = sorted(trial.accuracy for trial in every if trial.accuracy is not None)
    seen = found[len(found) // 4] if found else 0.0
    return next(low for low in _LOWEST if low <= seen)


def _place(value: float, one: Parameter) -> float:
    """Where a value is on its axis, from 0 to 1."""
    if one.step is None:
        return log(value / one.low) / log(one.high / one.low)
    return (value - one.low) / (one.high - one.low)


def _written(value: float | None) -> str:
    return "" if value is None else number(value, ".3g")


def _title(text: str) -> Spec:
    return {"text": text, "anchor": "start", "frame": "group", "fontSize": 14, "offset": 14}


def _upwards() -> Spec:
    return {
        "y": {
            "field": "place",
            "type": "quantitative",
            "scale": {"domain": [0, 1], "nice": False},
            "axis": None,
        }
    }


def _ends(field: str, y: object, dy: int) -> Spec:
    """What an axis begins or ends with."""
    return {
        "data": {"name": "axes"},
        "mark": {"type": "text", "dy": dy, "fontSize": 11, "opacity": 0.8},
        "encoding": {
            "y": {"value": y},
            "text": {"field": field, "type": "nominal"},
            "color": {"value": "gray"},
        },
    }


def _by_trial() -> Spec:
    """The best and what runs in the theme's first colours, the rest grey."""
    return {
        "detail": {"field": "trial", "type": "nominal"},
        "color": {
            "condition": {
                "test": "datum.kind != 'best' && datum.kind != 'running'",
                "value": "gray",
            },
            "field": "kind",
            "type": "nominal",
            "scale": {"domain": _COLOURED},
            "legend": None,
        },
        "opacity": {
            "condition": {"test": "datum.kind == 'early'", "value": 0.35},
            "value": 0.9,
        },
        "strokeWidth": {
            "condition": {"test": "datum.kind == 'best'", "value": 3},
            "value": 1.5,
        },
    }


def _held() -> Spec:
    """A dataset that nothing shows is none for the axes either."""
    return {
        "data": {"name": "bounds"},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {
            "x": {"value": 0},
            "y": {"value": 0},
            "color": {"value": "gray"},
        },
    }


def _chart(spec: Spec, datasets: dict[str, pd.DataFrame], alt: str) -> None:
    st.vega_lite_chart(
        None,
        {"data": {"name": "rows"}, **spec, "datasets": datasets},
        width="stretch",
        alt=alt,
    )
