"""Files that many viewers look at several times a second, each read again only where it changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeVar

Value = TypeVar("Value")
Row = TypeVar("Row")

_MOST = 4096  # files that are remembered
# A file system's clock ticks every few ms: what changes twice within a tick keeps its time. So a
# file that changed this shortly before it was read, in ns, is read again, as git does with what is
# in its index.
_RACY = 100_000_000


class _Entry(NamedTuple):
    stamp: tuple[int, int, int]  # inode, time of the last change in ns, size
    parse: Callable[[bytes], Any]
    value: Any
    end: int = 0  # how many bytes of a growing file are read
    last_line: bytes = b""  # before that


_entries: dict[Path, _Entry] = {}
_lock = Lock()


def read(path: Path, parse: Callable[[bytes], Value]) -> Value:
    """What `parse` makes of the bytes in `path`, or of none where it can't be read.

    The value is shared by all who ask while the file stays the same; nobody may change it.
    """
    known = _known(path, parse)
    try:
        stamp = _stamp(os.stat(path))  # what is not there is not opened
        if known and known.stamp == stamp:
            return known.value
        with path.open("rb") as file:
            stamp, content = _stamp(os.fstat(file.fileno())), file.read()
    except (OSError, ValueError):  # the latter for a name with a NUL
        return parse(b"")
    value = parse(content)
    if time.time_ns() - stamp[1] > _RACY:
        _remember(path, _Entry(stamp, parse, value))
    return value


def read_growing(path: Path, parse: Callable[[bytes], tuple[Row, ...]]) -> tuple[Row, ...]:
    """The rows in `path`, to which lines are appended: only those that came since are read and
    parsed, unless the file is another one. A last line without its end is left for later."""
    known = _known(path, parse)
    try:
        stamp = _stamp(os.stat(path))
        if known and known.stamp == stamp:
            return known.value
        with path.open("rb") as file:
            stamp = _stamp(os.fstat(file.fileno()))
            rows: tuple[Row, ...] = ()
            end, last_line = 0, b""
            if known and known.stamp[0] == stamp[0]:
                file.seek(known.end - len(known.last_line))
                if file.read(len(known.last_line)) == known.last_line:
                    rows, end, last_line = known.value, known.end, known.last_line
            file.seek(end)
            content = file.read()
    except (OSError, ValueError):
        return ()
    new = content[: content.rfind(b"\n") + 1]
    rows += parse(new)
    last_line = new.splitlines(keepends=True)[-1] if new else last_line
    # Its size tells whether it grew, whatever its time; what came after `stamp` is read next time.
    _remember(path, _Entry(stamp, parse, rows, end + len(new), last_line))
    return rows


def _known(path: Path, parse: Callable[[bytes], Any]) -> _Entry | None:
    entry = _entries.get(path)
    return entry if entry and entry.parse is parse else None


def _remember(path: Path, entry: _Entry) -> None:
    with _lock:
        _entries.pop(path, None)
        _entries[path] = entry
        while len(_entries) > _MOST:
            del _entries[next(iter(_entries))]


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_mtime_ns, found.st_size
