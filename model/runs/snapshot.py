"""What a run's files say at one moment, validated; whatever else lies in them counts as nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.blobs import Blobs
from model.errors import InklingError
from model.files import arrays
from model.language import _, marked
from model.runs import cache, status, upgrade
from model.runs.records import SCHEMA, About, End, EpochRow, Progress, Record, RunConfig, RunResult
from model.runs.rows import read_history, read_progress
from model.runs.status import State

if TYPE_CHECKING:
    from model.runs.run import Run

R = TypeVar("R", bound=Record)

_NEVER = 3600.0  # seconds: a drawing that is watched does not change


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run at one moment.

    `reason` is why it stopped or failed, one sentence. `history` has a row an epoch, `log` one for
    whatever was noted of its progress on the way. `drawing` is the one that is watched, (28, 28) in
    [0, 1]. `result` is None until the run has finished.
    """

    run: Run
    config: RunConfig
    state: State
    reason: str | None
    is_stopping: bool
    history: tuple[EpochRow, ...]
    log: tuple[Progress, ...]
    drawing: NDArray[np.float32] | None
    result: RunResult | None

    @property
    def is_running(self) -> bool:
        return self.state == State.RUNNING

    @property
    def progress(self) -> Progress | None:
        """Where it is; None where it has not begun."""
        return self.log[-1] if self.log else None

    @property
    def batches(self) -> tuple[Progress, ...]:
        """What was noted within the epochs: the rows with a loss and an accuracy."""
        return tuple(row for row in self.log if row.loss is not None)

    @property
    def seconds(self) -> float:
        """How long its epochs took."""
        return sum(row.seconds for row in self.history)


@dataclass(frozen=True)
class Wrong:
    """Test images that a run reads wrong, the surest first: `images` (N, 28, 28) uint8;
    `indices` in the test split, `labels`, `answers` and `probabilities` of the answers, (N,)."""

    images: NDArray[np.uint8]
    indices: NDArray[np.int64]
    labels: NDArray[np.uint8]
    answers: NDArray[np.uint8]
    probabilities: NDArray[np.float32]


def read(run: Run) -> Snapshot:
    """The run as it is now. Raises InklingError where its folder holds no run.

    While it trains, this opens the lock and what has changed of progress.csv and history.csv.
    """
    config = read_config(run.folder)
    state, reason = read_end(run)  # before the rest: what has ended has written all of that
    if config.schema_version == 1:
        history, log = upgrade.read_figures(run.folder)
    else:
        history = cache.read(run.folder / "history.csv", read_history)
        log = cache.read_growing(run.folder / "progress.csv", read_progress)
    if state == State.FAILED and _is_trained(run, log):
        more = _("Its network is trained already: go on, and it is evaluated.")
        reason = f"{_(reason or '')} {more}"
    return Snapshot(
        run,
        config,
        state,
        reason,
        run.is_stopping,
        history,
        log,
        drawing=cache.read(run.blobs.path("drawing.npz", _NEVER), arrays).get("drawing"),
        result=read_result(run.folder),
    )


def read_config(folder: Path) -> RunConfig:
    """Raises InklingError where there is none that this version can read."""
    config = cache.read(folder / "run.json", _config)
    if config is None:
        raise InklingError(
            "There is no run in “{folder}”; wanted: a folder that a training has made, of this "
            "version of Inkling or an earlier one.",
            folder=folder,
        )
    return config


def read_end(run: Run) -> tuple[State, str | None]:
    """Whether and how a run ended; and why it stopped or failed."""
    path = run.folder / "end.json"
    end = cache.read(path, _end)
    if end is None and run.is_alive:
        return State.RUNNING, None
    end = end or cache.read(path, _end)  # it may have ended while we looked
    if end:
        return end.state, end.reason
    if read_result(run.folder) is not None:
        return State.FINISHED, None
    if run.is_stopping:
        return State.STOPPED, status.STOPPED
    return State.FAILED, marked(
        "The training process was killed, perhaps for want of memory, or the machine was restarted."
    )


def read_about(folder: Path) -> About:
    """Nothing where nobody has said anything."""
    return cache.read(folder / "about.json", _about)


def read_result(folder: Path) -> RunResult | None:
    """None where it has not finished."""
    return cache.read(folder / "result.json", _result)


def read_wrong(files: Blobs) -> Wrong | None:
    """None where they are not known yet."""
    found = cache.read(files.path("wrong.npz"), arrays)
    return Wrong(**found) if set(found) == {field.name for field in fields(Wrong)} else None


def read_learned(files: Blobs) -> NDArray[np.uint64]:
    """The digests of the images that it learned from; empty where they are not known."""
    return arrays(files.read("learned.npz")).get("digests", np.zeros(0, np.uint64))


# ---------------------------------------------------------------- beneath


def _is_trained(run: Run, log: Sequence[Progress]) -> bool:
    """Whether all that was left to do when it ended was to evaluate what it has learned."""
    return bool(log) and log[-1].phase == "evaluating" and run.has_checkpoint


def _config(content: bytes) -> RunConfig | None:
    try:
        values = {"schema_version": 1, **json.loads(content)}
        config = RunConfig.model_validate(upgrade.read_config(values))
    except (ValueError, TypeError, RecursionError):
        return None
    return config if config.schema_version <= SCHEMA else None


def _about(content: bytes) -> About:
    return _record(About, content) or About()


def _end(content: bytes) -> End | None:
    return _record(End, content)


def _result(content: bytes) -> RunResult | None:
    return _record(RunResult, content)


def _record(kind: type[R], content: bytes) -> R | None:
    try:
        return kind.model_validate_json(content)
    except ValueError:
        return None
