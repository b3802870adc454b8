"""Runs and figures in words that a person reads: names, times, shares."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import PurePath
from zoneinfo import ZoneInfo

import streamlit as st

from model.language import Text, _, month, ngettext, number
from model.runs.records import RunConfig
from model.runs.run import Run

SHIPPED = Text("the built-in network")

_DATA = {
    "mnist": Text("MNIST"),
    "synthetic": Text("synthetic digits"),
    "nondigits": Text("letters and scribbles"),
    "drawings": Text("saved drawings"),
}
_COUNTED: dict[str, Callable[[int], str]] = {
    "browser": lambda n: ngettext("{n:,} browser", "{n:,} browsers", n),
    "day": lambda n: ngettext("{n:,} day", "{n:,} days", n),
    "digit": lambda n: ngettext("{n:,} digit", "{n:,} digits", n),
    "drawing": lambda n: ngettext("{n:,} drawing", "{n:,} drawings", n),
    "reading": lambda n: ngettext("{n:,} reading", "{n:,} readings", n),
    "saved drawing": lambda n: ngettext("{n:,} saved drawing", "{n:,} saved drawings", n),
    "stroke": lambda n: ngettext("{n:,} stroke", "{n:,} strokes", n),
    "training": lambda n: ngettext("{n:,} training", "{n:,} trainings", n),
    "upload": lambda n: ngettext("{n:,} upload", "{n:,} uploads", n),
}


def plain(text: object) -> str:
    """`text`, which may quote a file's name, as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>$~|])", r"\\\1", str(text))


def capitalized(text: str) -> str:
    """`text` as a sentence begins."""
    return text[:1].upper() + text[1:]


def title(run: Run) -> str:
    """What people have named it, else what was trained on what, as “Quick on MNIST”."""
    if name := run.about.name:
        return name
    config = run.config
    return _("{recipe} on {data}", recipe=_(config.recipe.title), data=data(config.data))


def model(run: Run | None) -> str:
    """What a model is called that a run made, or with None the one that ships."""
    return title(run) if run else str(SHIPPED)


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
    spec = f".{decimals}f"
    return _("{number} %", number=number(100 * share, spec))


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
    return _("{low:.2f} to {high:.2f} %", low=100 * low, high=100 * high)


def count(number: int, noun: str) -> str:
    """So many of something, as “1 digit” or “2,000 digits”; the noun is one of _COUNTED."""
    return _COUNTED[noun](number)


def with_article(digit: int) -> str:
    """A digit as one says it: “a 7”, “an 8”."""
    return _("an {digit}", digit=digit) if digit == 8 else _("a {digit}", digit=digit)


def duration(seconds: float) -> str:
    """A rough time, as one would say it: “18 s”, “3 min”, “1 h 20 min”."""
    if seconds < 59.5:
        return _("{seconds} s", seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("{minutes} min", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if minutes:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return _("{hours} h", hours=hours)


def clock(seconds: float) -> str:
    """A time to watch go by, as “1:07”."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def moment(given: datetime, zone: str | None = None) -> str:
    """A point in time, as “22 Nov 2026, 09:14” in the visitor's time zone, else in UTC."""
    there = given.astimezone(_zone(zone))
    said = _(
        "{day} {month} {year}, {time}",
        day=there.day,
        month=month(there.month),
        year=there.year,
        time=f"{there:%H:%M}",
    )
    return f"{said} UTC" if there.tzinfo is UTC else said


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
    kind, *counted = name.split(":", 1)
    count = "".join(counted)
    if kind == "drawings":
        return str(_DATA[kind])  # a room's number tells nobody anything
    if kind in _DATA and (not count or count.isdecimal()):
        return f"{number(int(count), ',')} {_DATA[kind]}" if count else str(_DATA[kind])
    return re.sub(r"-[0-9a-f]{8}$", "", PurePath(name).name)  # an upload's, less its mark
