"""Runs that train in the background: waited for, followed, and killed when a test is over."""

import os
import signal
import subprocess

from browser.waiting import until
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.training import jobs


def kill(run: Run) -> None:
    """End all processes of a run at once."""
    if (process := run.process) and run.is_alive:
        os.killpg(abs(process), signal.SIGKILL)
        until(lambda: not run.is_alive)


def kill_all() -> None:
    for run in registry.all_runs():
        kill(run)


def only_run() -> Run:
    (run,) = registry.all_runs()
    return run


def begun() -> Run:
    """The run that is training, as soon as there is one."""
    until(lambda: jobs.current() is not None)
    return only_run()


def ended(run: Run) -> bool:
    """It has said how it ended, and its processes are gone, so that another may begin."""
    return run.state != State.RUNNING and not run.is_alive


def supervisor(run: Run) -> int:
    """The id of the process that waits for the one that learns."""
    process = run.process
    assert process
    return abs(process)


def trainer(run: Run) -> int:
    """The id of the process that learns: the child of the one that waits for it."""
    parent = str(supervisor(run))

    def children() -> list[str]:
        found = subprocess.run(["pgrep", "-P", parent], capture_output=True, text=True)
        return found.stdout.split()

    return int(until(children)[0])


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False
