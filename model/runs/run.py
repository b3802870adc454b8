"""A training on disk: its configuration, history, model and result; and which one is in use.

    INKLING_HOME/
        runs/<id>/run.json        what is trained on what: recipe, data, seed, versions
                  about.json      the name and the notes that people have given it
                  drawing.npz     the drawing that is watched while it learns, if any
                  lock            held by the process that trains, for as long as it lives
                  progress.csv    where it is: a row at each step, a few a second; and its
                                  running figures within the epochs
                  history.csv     a row an epoch, and how the watched drawing is read
                  checkpoint.npz  all it takes to go on from the last epoch or from Stop
                  tensorboard/    the history once more, for TensorBoard
                  model.keras     the network, finished or stopped
                  sample.npz      some of the validation digits, which are looked at
                  replay.npz      how these were read at moments of the training
                  features.npz    what the network made of them then, until it has finished
                  result.json     a finished run's figures
                  wrong.npz       the test images that it reads wrong
                  learned.npz     what tells the images that it learned from
                  base.keras      what it began with, before any epoch or fine-tuning
                  teacher-1.keras a network that it learns from too, and so on
                  end.json        how it ended
                  study.db        what Optuna knows of a search
                  trials/<n>/     a recipe that a search tried: a run, less its network
                  log.txt         what the libraries had to say
        in_use.json               the runs that answer: the one now, and those before it

Every file but progress.csv and log.txt is written whole or not at all, so whoever reads sees an
older state or a newer one; of progress.csv only whole lines are read. While a training is watched,
`lock`, progress.csv and history.csv are all that has to be opened: the others stay as they are.

What is in the files is in `records`; `upgrade` reads those of an earlier version.
"""

from __future__ import annotations

import fcntl
import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model import blobs
from model.blobs import Blobs
from model.files import npz, write_whole
from model.runs import rows, snapshot, status, upgrade
from model.runs.records import About, EpochRow, Progress, RunConfig, RunResult
from model.runs.snapshot import Snapshot, Wrong
from model.runs.status import State
from model.settings import home

MODEL, BASE, CHECKPOINT = "model.keras", "base.keras", "checkpoint.npz"

_SETTLED = 60.0  # seconds for which a model far away is believed to be as it was
_LIBRARIES = ("tensorflow", "keras", "numpy", "opencv-python-headless")


@dataclass(frozen=True)
class Run:
    """One training's folder; nothing of it is held in memory."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def blobs(self) -> Blobs:
        """Its large files; the paths below are theirs on this machine."""
        return blobs.of(f"runs/{self.id}") if self.is_at_home else Blobs(self.folder)

    @property
    def is_at_home(self) -> bool:
        """Whether it is one of INKLING_HOME's, and not in a folder of somebody's own."""
        return self.folder.absolute().parent == (home() / "runs").absolute()

    @property
    def has_model(self) -> bool:
        return self.blobs.exists(MODEL, _SETTLED)

    @property
    def model_path(self) -> Path:
        return self.blobs.path(MODEL, _SETTLED)

    @property
    def base_path(self) -> Path:
        return self.blobs.path(BASE)

    @property
    def teacher_paths(self) -> list[Path]:
        files = self.blobs
        return [files.path(name) for name in files.names("teacher-*.keras")]

    @property
    def has_checkpoint(self) -> bool:
        return self.blobs.exists(CHECKPOINT)

    @property
    def checkpoint_path(self) -> Path:
        return self.blobs.path(CHECKPOINT)

    @property
    def tensorboard_path(self) -> Path:
        return self.folder / "tensorboard"

    @property
    def log_path(self) -> Path:
        return self.blobs.path("log.txt")

    # ------------------------------------------------------------ what it says of itself

    @property
    def config(self) -> RunConfig:
        """What is trained on what. Raises InklingError where the folder holds no run."""
        return snapshot.read_config(self.folder)

    @property
    def state(self) -> State:
        return snapshot.read_end(self)[0]

    def snapshot(self) -> Snapshot:
        """All that its files say now. Raises InklingError where the folder holds no run."""
        return snapshot.read(self)

    @property
    def result(self) -> RunResult | None:
        """A finished run's figures; None before."""
        return snapshot.read_result(self.folder)

    @property
    def about(self) -> About:
        """The name and the notes that people have given it."""
        return snapshot.read_about(self.folder)

    @property
    def wrong(self) -> Wrong | None:
        """What it reads wrong; None until it has finished."""
        return snapshot.read_wrong(self.blobs)

    @property
    def learned(self) -> NDArray[np.uint64]:
        """The digests of the images that it learned from; of an earlier version's run none."""
        return snapshot.read_learned(self.blobs)

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

    def write_about(self, about: About) -> None:
        write_whole(self.folder / "about.json", about.to_json())

    # ------------------------------------------------------------ written by who trains it

    def write_config(self, config: RunConfig) -> None:
        write_whole(self.folder / "run.json", config.to_json())

    def write_log(self, log: Sequence[Progress]) -> None:
        """Have this be all that was noted of its progress."""
        write_whole(self.folder / "progress.csv", rows.progress_to_csv(log))

    def append_progress(self, progress: Progress) -> None:
        with (self.folder / "progress.csv").open("a") as file:
            file.write(rows.progress_to_csv([progress], head=file.tell() == 0))

    def write_history(self, history: Sequence[EpochRow]) -> None:
        write_whole(self.folder / "history.csv", rows.history_to_csv(history))

    def write_drawing(self, drawing: NDArray[np.floating]) -> None:
        self.blobs.write("drawing.npz", npz({"drawing": drawing.astype(np.float32)}))

    def write_result(self, result: RunResult) -> None:
        write_whole(self.folder / "result.json", result.to_json())

    def write_wrong(self, wrong: Wrong) -> None:
        self.blobs.write("wrong.npz", npz(vars(wrong)))

    def write_learned(self, digests: NDArray[np.uint64]) -> None:
        self.blobs.write("learned.npz", npz({"digests": digests}))

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
        upgrade.upgrade(self)
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
