"""Waits for the process that trains a run, keeps what it says, and writes down how it ended.

It is there for as long as the training, so it imports next to nothing and takes 10 MB.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO

from model.runs import status
from model.runs.status import State

# Seconds in which a training may keep what it learned once it is asked to stop: it takes one, but
# many more where others want the processors.
_PATIENCE = 10
_TRACKERS = ("MLFLOW_TRACKING_URI", "WANDB_API_KEY")
TRACKING = 30  # seconds, once a run has ended, for what tells of it elsewhere
_CRASHES = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS)
_LOG_SIZE = 64 * 1024  # bytes of the log that are kept, the last ones


def main(folder: Path, lock: int, module: str) -> None:
    """Train the run in `folder` in a child, which is that module; both hold the handle of its
    lock."""
    tracking = track(folder)
    trainer = subprocess.Popen(
        [sys.executable, "-P", "-m", module, str(folder)],
        pass_fds=[lock],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    def insist(kind: int, frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE)

    # The trainer, of the same process group, has got the SIGTERM too.
    signal.signal(signal.SIGTERM, insist)
    signal.signal(signal.SIGALRM, lambda kind, frame: trainer.kill())
    if trainer.stdout:
        _keep(trainer.stdout, folder / "log.txt")
    code = trainer.wait()
    with suppress(OSError):
        if code and (folder / "stopping").exists():
            status.write(folder, State.STOPPED, status.STOPPED)
        elif code:
            status.write(folder, State.FAILED, _reason(code))
    os.close(lock)  # another training need not wait for what follows
    _tell(folder)
    stop_tracking(tracking, folder)


def track(folder: Path) -> subprocess.Popen[bytes] | None:
    """Have MLflow and Weights & Biases told of the run while it learns, where the host wants that:
    by a process in a session of its own, which neither Stop nor what stops the server ends."""
    if not any(map(os.environ.get, _TRACKERS)):
        return None
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "model.training.tracking", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def stop_tracking(process: subprocess.Popen[bytes] | None, folder: Path) -> None:
    """Let them be told how the run ended, but not for longer than some seconds; what they were not
    told of, and why, goes to the log."""
    if process is None:
        return
    try:
        _, said = process.communicate(timeout=TRACKING)
    except subprocess.TimeoutExpired:
        process.kill()
        _, said = process.communicate()
        said += b"What the run is tracked by did not answer in time.\n"
    with suppress(OSError), (folder / "log.txt").open("ab") as log:
        log.write(said)


def _tell(folder: Path) -> None:
    """Send the host's note, if one is wanted, in a process of its own, which imports what it
    needs; what it has to say of a failure goes to the log."""
    if os.environ.get("INKLING_WEBHOOK"):
        told = subprocess.run(
            [sys.executable, "-P", "-m", "model.training.webhook", str(folder)],
            capture_output=True,
            check=False,
        )
        with suppress(OSError), (folder / "log.txt").open("ab") as log:
            log.write(told.stderr)


def _keep(source: IO[bytes], path: Path) -> None:
    """Write the last of what comes through the pipe to `path`, until its writer is gone."""
    log = b""
    while chunk := os.read(source.fileno(), 4096):
        log = (log + chunk)[-_LOG_SIZE:]
        with suppress(OSError):
            path.write_bytes(log)


def _reason(code: int) -> str:
    if code > 0:
        return f"The training process ended with status {code}; its log may say why."
    name = signal.Signals(-code).name
    if -code == signal.SIGKILL:  # what the kernel does to the largest where memory runs out
        return f"The training process was killed ({name}), perhaps for want of memory."
    if -code in _CRASHES:  # what TensorFlow does where it gets no memory or no thread
        return f"The training process crashed ({name}), perhaps for want of memory."
    return f"The training process was ended by {name}."


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
