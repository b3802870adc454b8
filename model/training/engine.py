"""Launches the processes that train a run, and has them hear that it is to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from model.runs.run import Run
from model.settings import child_environment

# TensorFlow takes oneDNN on some processors only. With it a batch of 256 takes half the time, where
# it was tried, and a single image twice as long: for a training, not for an answer.
FASTER = {"TF_ENABLE_ONEDNN_OPTS": "1"}


def launch(run: Run, lock: int) -> None:
    """Start the two processes, which inherit the lock. Raises OSError."""
    try:
        process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "model.training.supervisor",
                str(run.folder.absolute()),
                str(lock),
                "model.training.jobs",
            ],
            env={**child_environment(), **FASTER},
            pass_fds=[lock],
            start_new_session=True,  # what stops the server does not stop it
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        run.write_process(-process.pid)
    finally:
        os.close(lock)
    # Somebody has to wait for a child, or it stays in the process table.
    threading.Thread(target=process.wait, daemon=True).start()


def stop(run: Run, kind: signal.Signals = signal.SIGTERM) -> None:
    """Have a run that was asked to stop hear of it."""
    process = run.process
    if process is None:
        return
    with suppress(ProcessLookupError):
        if process < 0:
            os.killpg(-process, kind)
        else:
            os.kill(process, kind)
