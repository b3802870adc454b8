"""Where a training runs: on this machine, or on a node of a Ray cluster, as INKLING_ENGINE says.

Either way two processes are left here: a supervisor, which writes down how the run ended, and what
it waits for, which trains by itself or has a node do it. So launching, stopping, and whether a run
is alive are the same for both; what differs is how many may be on at a time, and that a cluster
has a queue.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.settings import Engine, child_environment

QUEUED = "queued"  # the phase of a run that waits for a node
# TensorFlow takes oneDNN on some processors only. With it a batch of 256 takes half the time, where
# it was tried, and a single image twice as long: for a training, not for an answer.
FASTER = {"TF_ENABLE_ONEDNN_OPTS": "1"}


def launch(run: Run, lock: int) -> None:
    """Start the two processes, which inherit the lock. Raises OSError."""
    trainer = "model.training.jobs" if Engine.read().is_local else "model.training.node"
    try:
        process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "model.training.supervisor",
                str(run.folder.absolute()),
                str(lock),
                trainer,
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


def takes_several() -> bool:
    """Whether trainings may be on at the same time: those of a cluster wait for each other."""
    return not Engine.read().is_local


def place(run: Run) -> int | None:
    """The run's place in the queue for a node, from 1, the oldest run first; None where it does
    not wait for one."""
    if not _waits(run):
        return None
    return 1 + sum(other.id < run.id and _waits(other) for other in registry.all_runs())


def _waits(run: Run) -> bool:
    now = run.snapshot()
    return now.state == State.RUNNING and now.progress is not None and now.progress.phase == QUEUED
