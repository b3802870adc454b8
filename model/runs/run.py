"""A training on disk: its configuration, history, model and result; and which one is in use.

    INKLING_HOME/
        runs/<id>/run.json        what is trained on what: recipe, data, seed, versions
                  drawing.npz     the drawing that is watched while it learns, if any
                  lock            held by the process that trains, for as long as it lives
                  progress.json   where it is now
                  batches.csv     running figures within the epochs, a few rows a second
                  history.csv     a row an epoch
                  drawing.csv     a row an epoch: how the watched drawing is read
                  checkpoint.npz  all it takes to go on from the last epoch or from Stop
                  tensorboard/    the history once more, for TensorBoard
                  model.keras     the network, finished or stopped
                  result.json     a finished run's figures
                  wrong.npz       the test images that it reads wrong
                  base.keras      what it began with, before any epoch or taught drawing
                  teacher-1.keras a network that it learns from too, and so on
                  end.json        how it ended
                  log.txt         what the libraries had to say
        in_use.json               the runs that answer: the one now, and those before it

Every file but batches.csv and log.txt is written whole or not at all, so whoever reads sees an
older state or a newer one; of batches.csv only whole lines are read.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
import platform
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from model.files import read_json, write_json, write_whole
from model.runs import status
from model.runs.status import State

_LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless")


@dataclass(frozen=True)
class Wrong:
    """Test images that a run reads wrong, the surest first: `images` (N, 28, 28) uint8;
    `indices` in the test split, `labels`, `answers` and `probabilities` of the answers, (N,)."""

    images: NDArray[np.uint8]
    indices: NDArray[np.int64]
    labels: NDArray[np.uint8]
    answers: NDArray[np.uint8]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True)
class Run:
    """One training's folder; nothing of it is held in memory."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def model_path(self) -> Path:
        return self.folder / "model.keras"

    @property
    def base_path(self) -> Path:
        return self.folder / "base.keras"

    @property
    def teacher_paths(self) -> list[Path]:
        return sorted(self.folder.glob("teacher-*.keras"))

    @property
    def checkpoint_path(self) -> Path:
        return self.folder / "checkpoint.npz"

    @property
    def tensorboard_path(self) -> Path:
        return self.folder / "tensorboard"

    @property
    def log_path(self) -> Path:
        return self.folder / "log.txt"

    # ------------------------------------------------------------ what it says of itself

    @property
    def config(self) -> dict[str, Any]:
        """recipe, data, seed, started; and once the data are read fingerprint, policy, versions."""
        return read_json(self.folder / "run.json") or {}

    @property
    def state(self) -> State:
        return self._ending[0]

    @property
    def reason(self) -> str | None:
        """Why it stopped or failed, one sentence; None for a run that did neither."""
        return self._ending[1]

    @property
    def progress(self) -> dict[str, Any]:
        """Where it is: phase, epoch (from 1), epochs, batch, batches, elapsed and remaining s."""
        return read_json(self.folder / "progress.json") or {}

    @property
    def history(self) -> list[dict[str, float]]:
        """A row an epoch: epoch (from 1), loss, accuracy, val_loss, val_accuracy, seconds."""
        return _read_rows(self.folder / "history.csv")

    @property
    def batches(self) -> list[dict[str, float]]:
        """Running figures: epoch (1.5 is halfway through the second), loss, accuracy."""
        return _read_rows(self.folder / "batches.csv")

    @property
    def drawing(self) -> NDArray[np.float32] | None:
        """The watched drawing, (28, 28) in [0, 1]."""
        return (_read_arrays(self.folder / "drawing.npz") or {}).get("drawing")

    @property
    def drawing_history(self) -> list[dict[str, float]]:
        """A row an epoch: epoch (from 1), and under "0" to "9" the probabilities of the digits."""
        return _read_rows(self.folder / "drawing.csv")

    @property
    def result(self) -> dict[str, Any] | None:
        """A finished run's figures; None before."""
        result = read_json(self.folder / "result.json") or {}
        test = result.get("test")
        figures = [test.get("accuracy") if isinstance(test, dict) else None, result.get("seconds")]
        return result if all(isinstance(figure, int | float) for figure in figures) else None

    @property
    def wrong(self) -> Wrong | None:
        arrays = _read_arrays(self.folder / "wrong.npz") or {}
        return Wrong(**arrays) if set(arrays) == {field.name for field in fields(Wrong)} else None

    @property
    def is_alive(self) -> bool:
        """Whether a process trains it: the kernel holds the lock no longer than that lives."""
        try:
            handle = os.open(self.folder / "lock", os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    @property
    def _ending(self) -> tuple[State, str | None]:
        path = self.folder / "end.json"
        end = read_json(path)
        if end is None and self.is_alive:
            return State.RUNNING, None
        end = end or read_json(path)  # it may have ended while we looked
        if end and end.get("state") in list(State):
            return State(end["state"]), end.get("reason")
        if self.result is not None:
            return State.FINISHED, None
        if self.is_stopping:
            return State.STOPPED, status.STOPPED
        return State.FAILED, (
            "The training process was killed, perhaps for want of memory, or the machine was "
            "restarted."
        )

    # ------------------------------------------------------------ written by who trains it

    def write_config(self, config: Mapping[str, Any]) -> None:
        write_json(self.folder / "run.json", config)

    def write_progress(self, progress: Mapping[str, Any]) -> None:
        write_json(self.folder / "progress.json", progress, durable=False)

    def write_history(self, rows: Sequence[Mapping[str, float]]) -> None:
        write_whole(self.folder / "history.csv", _as_csv(rows))

    def write_batches(self, rows: Sequence[Mapping[str, float]]) -> None:
        write_whole(self.folder / "batches.csv", _as_csv(rows))

    def append_batch(self, row: Mapping[str, float]) -> None:
        with (self.folder / "batches.csv").open("a") as file:
            file.write(_as_csv([row], header=file.tell() == 0))

    def write_drawing(self, drawing: NDArray[np.floating]) -> None:
        _write_arrays(self.folder / "drawing.npz", {"drawing": drawing.astype(np.float32)})

    def write_drawing_history(self, rows: Sequence[Mapping[str, float]]) -> None:
        write_whole(self.folder / "drawing.csv", _as_csv(rows))

    def write_result(self, result: Mapping[str, Any]) -> None:
        write_json(self.folder / "result.json", result)

    def write_wrong(self, wrong: Wrong) -> None:
        _write_arrays(self.folder / "wrong.npz", vars(wrong))

    # ------------------------------------------------------------ the process that trains it

    def lock(self) -> int:
        """Take the run's lock; its handle, which keeps it until it is closed wherever it was
        inherited. The caller holds `alone()` and knows that the run is not alive."""
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(handle, fcntl.LOCK_EX)  # waits for nobody but who looks whether it is alive
        return handle

    @property
    def process(self) -> int | None:
        """Whom to signal: the process that trains it, or minus its group."""
        try:
            return int((self.folder / "lock").read_text())
        except (OSError, ValueError):
            return None

    def write_process(self, process: int) -> None:
        (self.folder / "lock").write_text(f"{process}\n")  # in place: the lock is this file's

    @property
    def is_stopping(self) -> bool:
        return (self.folder / "stopping").exists()

    def ask_to_stop(self) -> None:
        with suppress(OSError):  # on a full disk it is stopped all the same
            (self.folder / "stopping").touch()

    def reopen(self) -> None:
        """Forget how it ended, and what a kill left half written; the caller holds its lock."""
        for name in ("end.json", "stopping", "result.json"):
            (self.folder / name).unlink(missing_ok=True)
        for partial in self.folder.glob(".*"):
            partial.unlink()
        status.prepare(self.folder)


def versions() -> dict[str, str]:
    """What decides a training's figures besides the recipe: libraries, Python, machine."""
    return {
        **{name: version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def computer() -> str:
    """What decides how long a training takes besides the recipe."""
    return f"{platform.platform()}, {os.cpu_count()} CPUs"


# ---------------------------------------------------------------- beneath


def _read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """The arrays of an .npz file; None where there is none, or something else in it."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, TypeError, AttributeError, BadZipFile, zlib.error):
        return None


def _write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    write_whole(path, content.getvalue())


def _read_rows(path: Path) -> list[dict[str, float]]:
    """The whole lines of a CSV of numbers."""
    try:
        text = path.read_text()
    except (OSError, ValueError):
        return []
    whole = io.StringIO(text[: text.rfind("\n") + 1])
    try:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(whole)]
    except (TypeError, ValueError, csv.Error):
        return []


def _as_csv(rows: Sequence[Mapping[str, float]], header: bool = True) -> str:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
        if header:
            writer.writeheader()
        writer.writerows(rows)
    return text.getvalue()
