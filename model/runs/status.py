"""How a run ended: written by the process that trained it, or by the one that waited for that."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from model.files import write_json
from model.language import marked

STOPPED = marked("It was stopped.")
_SPARE = 16 * 1024  # bytes set aside, to be able to say on a full disk that it is full


class State(StrEnum):
    RUNNING = marked("running")
    FINISHED = marked("finished")
    STOPPED = marked("stopped")
    FAILED = marked("failed")


def prepare(folder: Path) -> None:
    """Set aside what `write` takes. Raises OSError."""
    (folder / "spare").write_bytes(bytes(_SPARE))


def write(folder: Path, state: State, reason: str | None = None) -> None:
    """Write the run's end.json; what is already there stays. Raises OSError."""
    (folder / "spare").unlink(missing_ok=True)
    if not (folder / "end.json").exists():
        ended = datetime.now(UTC).isoformat(timespec="seconds")
        write_json(folder / "end.json", {"state": state, "reason": reason, "ended": ended})


def write_error(folder: Path, error: BaseException) -> None:
    """Write that the run ended by `error`: stopped by a KeyboardInterrupt, failed by others."""
    with suppress(OSError):  # a disk so full says it by being full
        if isinstance(error, KeyboardInterrupt):
            write(folder, State.STOPPED, STOPPED)
        else:
            write(folder, State.FAILED, reason(error))


def reason(error: BaseException) -> str:
    """Why a training failed, in a sentence."""
    from model.errors import InklingError

    if isinstance(error, InklingError):
        return str(error)
    if is_full(error):
        return marked("The disk is full.")
    if _is_memory(error):
        return marked("There was not enough memory.")
    first = next(iter(str(error).splitlines()), "")
    return f"A fault in the program: {type(error).__name__}: {first}"


def is_full(error: BaseException) -> bool:
    """Whether `error`, or what it came from, is a disk without room (or a quota used up)."""
    # TensorFlow and HDF5 have their own errors for it, with the system's words in them.
    return _is_any(error, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def _is_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return True
    return "failed to map segment" in str(error) or _is_any(error, (errno.ENOMEM,))


def _is_any(error: BaseException, codes: Sequence[int]) -> bool:
    """Whether `error`, or what it came from, is one of the system's errors, or quotes it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in codes:
            return True
        if any(os.strerror(code) in str(seen) for code in codes):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
