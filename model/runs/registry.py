"""Every run in INKLING_HOME, and which one is in use."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from model.errors import InklingError
from model.files import write_json
from model.language import Text, _
from model.runs import cache
from model.runs.run import Run
from model.settings import PRETRAINED, Paths, home

_MOMENT, _STAMP = "%Y%m%d-%H%M%S", 15  # and the characters that it takes
_REMEMBERED = 50  # models that were in use before


def create(recipe: str, folder: Path | None = None) -> Run:
    """A new run's folder: `folder`, which must be empty or new, or one in INKLING_HOME.

    Raises InklingError where the folder can't be made or holds something already.
    """
    if folder is None:
        folder = home() / "runs" / f"{_moment()}-{recipe}-{secrets.token_hex(2)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        empty = not any(folder.iterdir())
    except OSError as error:
        raise InklingError(
            "The folder “{folder}” can't be used ({strerror}); wanted: a new or empty "
            "folder that can be written to.",
            folder=folder,
            strerror=error.strerror,
        ) from error
    if not empty:
        raise InklingError(
            "The folder “{folder}” is not empty; wanted: a new or empty one.", folder=folder
        )
    return Run(folder)


def _moment() -> str:
    """What a new run's id begins with: now, but later than every other where the clock was set
    back, as runs are listed by it."""
    now = datetime.now(UTC)
    for run in all_runs()[:1]:
        with suppress(ValueError):  # a folder that somebody named
            newest = datetime.strptime(run.id[:_STAMP], _MOMENT).replace(tzinfo=UTC)
            if newest > now:
                now = newest + timedelta(seconds=1)
    return now.strftime(_MOMENT)


def all_runs() -> list[Run]:
    """Every run in INKLING_HOME, the newest first; whatever else lies there is passed over."""
    try:
        folders = sorted((home() / "runs").iterdir(), reverse=True)
    except OSError:
        return []
    return [run for folder in folders if _is_run(run := Run(folder))]


def public_runs(room: int | None = None) -> list[Run]:
    """As `all_runs`, but those that are private to a room, other than the one of that number."""
    configs = ((run, run.config) for run in all_runs())
    return [run for run, config in configs if not config.is_private or config.room == room]


def get(name: str) -> Run:
    """The run of that id; raises InklingError."""
    run = Run(home() / "runs" / name)
    if not _is_run(run):
        raise InklingError(
            "There is no run “{name}”; wanted: an id that “inkling runs” lists.", name=name
        )
    return run


def rival(run: Run) -> Run | None:
    """The run that `run` races, if it does and that is still there."""
    try:
        return get(name) if (name := run.config.rival) else None
    except InklingError:
        return None


def at(name: str) -> Run:
    """The run of that id, or in a folder of that name; raises InklingError."""
    return run if _is_run(run := Run(Path(name))) else get(name)


def delete(run: Run) -> None:
    """Remove the run's folder. Raises InklingError for one that is in use or still training."""
    with on_disk(), alone():
        if run.is_alive:
            raise InklingError(
                "The run {id} is still training; stop it before deleting it.", id=run.id
            )
        if _chosen()[0] == run.id:
            raise InklingError("The run {id} is in use; put another into use first.", id=run.id)
        # Out of the listing in one step, so that nobody sees it half deleted.
        doomed = run.folder.with_name(f".deleted-{run.id}")
        with suppress(FileNotFoundError):  # somebody else was faster
            run.folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)


# ---------------------------------------------------------------- which one is in use


@dataclass(frozen=True)
class InUse:
    """The model that answers: its file, the run it came from (None: the built-in network, or the
    one that INKLING_MODEL names), and, where it isn't the one chosen, why, in one sentence."""

    path: Path
    run: Run | None = None
    problem: str | None = None


def in_use() -> InUse:
    """What answers now. A chosen run that is gone gives way to the built-in network."""
    if fixed := Paths.read().model:
        return InUse(fixed)
    chosen = _chosen()[0]
    if chosen is None:
        return InUse(PRETRAINED)
    run = Run(home() / "runs" / chosen)
    if run.has_model:
        return InUse(run.model_path, run)
    return InUse(
        PRETRAINED,
        None,
        _("The run {run} that was in use is gone; the built-in network answers.", run=chosen),
    )


def use(run: Run | None) -> None:
    """Have `run` answer from now on, or with None the built-in network.

    Raises InklingError for a run without a model, and where INKLING_MODEL settles what answers.
    """
    _refuse_if_fixed()
    if run is not None and not run.has_model:
        raise InklingError("The run {id} has no model; wanted: one that has trained.", id=run.id)
    now = run.id if run else None
    with on_disk(), alone():
        chosen = _chosen()
        if now != chosen[0]:
            _choose([now, *chosen])


def previous() -> Run | None:
    """What `roll_back` would have answer: the run in use before, or None: the built-in network."""
    return _before(_chosen())[1]


def roll_back() -> None:
    """Have what was in use before answer again. Raises InklingError as `use` does."""
    _refuse_if_fixed()
    with on_disk(), alone():
        chosen = _chosen()
        place, run = _before(chosen)
        _choose([run.id if run else None, *chosen[place + 1 :]])


def _before(chosen: Sequence[str | None]) -> tuple[int, Run | None]:
    """The last choice but the present one that is still there; then the built-in network."""
    for place, name in enumerate(chosen[1:], start=1):
        if name is None:
            return place, None
        run = Run(home() / "runs" / name)
        if name != chosen[0] and run.has_model:
            return place, run
    return len(chosen), None


def is_fixed() -> bool:
    """Whether INKLING_MODEL settles what answers."""
    return Paths.read().model is not None


def _refuse_if_fixed() -> None:
    if fixed := Paths.read().model:
        raise InklingError(
            "The variable INKLING_MODEL has “{fixed}” answer; unset it to choose another.",
            fixed=fixed,
        )


def _chosen() -> list[str | None]:
    """The ids in use, the present one first; None is the built-in network."""
    return list(cache.read(home() / "in_use.json", _ids))


def _ids(content: bytes) -> tuple[str | None, ...]:
    try:
        names = json.loads(content)["runs"]
    except (ValueError, TypeError, KeyError, RecursionError):
        names = None
    if not isinstance(names, list) or not names:
        return (None,)
    return tuple(name if isinstance(name, str) and _ID.fullmatch(name) else None for name in names)


def _choose(names: Sequence[str | None]) -> None:
    write_json(home() / "in_use.json", {"runs": list(names[:_REMEMBERED])})


# ---------------------------------------------------------------- beneath


@contextmanager
def alone() -> Iterator[None]:
    """Keeps every other process that asks for it waiting: for changes that take milliseconds."""
    home().mkdir(parents=True, exist_ok=True)
    handle = os.open(home() / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


_NOT_CHANGED = Text("Nothing can be changed")


@contextmanager
def on_disk(refused: str | Text = _NOT_CHANGED) -> Iterator[None]:
    """Tell what the disk refuses in a sentence: raises InklingError in the place of an OSError."""
    try:
        yield
    except OSError as error:
        raise InklingError(
            "{refused} in “{home}” ({strerror}); wanted: a folder with room that can be "
            "written to; the variable INKLING_HOME names another.",
            refused=refused,
            home=home(),
            strerror=error.strerror,
        ) from error


_ID = re.compile(r"\w[\w.-]*", re.ASCII)


def _is_run(run: Run) -> bool:
    try:
        return _ID.fullmatch(run.id) is not None and bool(run.config)
    except InklingError:
        return False
