"""Runs and figures in words that a person reads: names, times, shares."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import PurePath
from zoneinfo import ZoneInfo

import streamlit as st

from model.runs.records import RunConfig
from model.runs.run import Run

SHIPPED = "the built-in network"

_DATA = {
    "mnist": "MNIST",
    "synthetic": "synthetic digits",
    "nondigits": "letters and scribbles",
    "drawings": "saved drawings",
}


def plain(text: object) -> str:
    """`text`, which may quote a file's name, as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>$~|])", r"\\\1", str(text))


def title(run: Run) -> str:
    """What people have named it, else what was trained on what, as “Quick on MNIST”."""
    if name := run.about.name:
        return name
    config = run.config
    return f"{config.recipe.title} on {data(config.data)}"


def model(run: Run | None) -> str:
    """What a model is called that a run made, or with None the one that ships."""
    return title(run) if run else SHIPPED


def started(run: Run) -> str:
    """When it was begun, by the visitor's clock."""
    return moment(run.config.started, st.context.timezone)


def names(several: Sequence[Run]) -> list[str]:
    """What some runs are called beside each other: no two the same."""
    short = [f"{title(run)}, {started(run)}" for run in several]
    return [
        name if short.count(name) == 1 else f"{name}, {run.id}"
        for name, run in zip(short, several, strict=True)
    ]


def data(spec: str) -> str:
    """The digits that a spec names, as “MNIST + 600 synthetic digits”."""
    return " + ".join(_data(name.strip()) for name in spec.split("+"))


def percent(share: float, decimals: int = 2) -> str:
    """A share that was counted, as “99.23 %”."""
    return f"{100 * share:.{decimals}f} %"


def probability(share: float, decimals: int = 1) -> str:
    """How sure a network is, as “96.4 %”; never rounded to certainty: “> 99.9 %”, “< 0.1 %”."""
    least = 10.0 ** -(decimals + 2)
    if share > 1 - least:
        return f"> {percent(1 - least, decimals)}"
    return f"< {percent(least, decimals)}" if share < least else percent(share, decimals)


def whole_percent(share: float) -> str:
    """A share as a chart labels it, “96”; nothing where that would be 0."""
    return f"{100 * share:.0f}" if share >= 0.005 else ""


def interval(bounds: tuple[float, float]) -> str:
    """A share's interval in percent, as “98.95 to 99.33 %”."""
    low, high = bounds
    return f"{100 * low:.2f} to {100 * high:.2f} %"


def count(number: int, noun: str) -> str:
    """So many of something, as “1 digit” or “2,000 digits”."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def with_article(digit: int) -> str:
    """A digit as one says it: “a 7”, “an 8”."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


def duration(seconds: float) -> str:
    """A rough time, as one would say it: “18 s”, “3 min”, “1 h 20 min”."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def clock(seconds: float) -> str:
    """A time to watch go by, as “1:07”."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def moment(given: datetime, zone: str | None = None) -> str:
    """A point in time, as “22 Nov 2026, 09:14” in the visitor's time zone, else in UTC."""
    there = given.astimezone(_zone(zone))
    return f"{there.day} {there:%b %Y, %H:%M}{' UTC' if there.tzinfo is UTC else ''}"


def versions(config: RunConfig) -> str:
    """The libraries that a run was trained with, in one line."""
    return ", ".join(f"{name} {version}" for name, version in config.versions.items())


def _zone(name: str | None) -> tzinfo:
    """The zone that a browser names; UTC where it names none that is known."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, OSError, ValueError):
        return UTC


def _data(name: str) -> str:
    kind, _, count = name.partition(":")
    if kind == "drawings":
        return _DATA[kind]  # a room's number tells nobody anything
    if kind in _DATA and (not count or count.isdecimal()):
        return f"{int(count):,} {_DATA[kind]}" if count.isdecimal() else _DATA[kind]
    return re.sub(r"-[0-9a-f]{8}$", "", PurePath(name).name)  # an upload's, less its mark
