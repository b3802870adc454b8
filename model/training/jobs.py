"""One training at a time, in processes of its own: start, watch, stop, go on.

`start` leaves two processes behind, which outlive the server that asked for them: one trains; the
other waits for it, keeps what it has to say, and writes down how it ended where it can't do that
itself. Both hold the lock of the run's folder, which the kernel lets go when they are gone; so
whether a run is alive is never a matter of what a file says.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from model.errors import InklingError
from model.language import Text
from model.runs import registry, status
from model.runs.run import Run
from model.runs.status import State
from model.training import engine, pipeline, search, supervisor
from model.training.pipeline import Request

__all__ = [
    "Busy",
    "Request",
    "current",
    "resume",
    "resume_here",
    "running",
    "start",
    "start_race",
    "stop",
    "train_here",
]

_REFUSED = Text("No run can be kept")
_RESUMABLE = (State.STOPPED, State.FAILED)
_EXIT = 2.0  # seconds in which the processes of a run that has ended are gone
_NICENESS = 10  # with 5, an answer took half as long again while a training ran


class Busy(InklingError):  # noqa: N818 (it is what one says)
    """Another training is on: `run`."""

    def __init__(self, run: Run) -> None:
        super().__init__("{busy}", busy=_told(run))
        self.run = run


class Interrupted(KeyboardInterrupt):
    """The training in this process was stopped, by Ctrl-C or by `stop`: `run`."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run


def start(request: Request) -> Run:
    """Train in the background. Raises Busy, or InklingError for what can't be asked for."""
    with _turn():
        run = pipeline.create(request)
        try:
            engine.launch(run, run.lock())
        except OSError:
            shutil.rmtree(run.folder)
            raise
    return run


def start_race(first: Request, second: Request) -> Run:
    """Train two in the background, side by side or in turns; the first. Raises as `start`."""
    with _turn():
        runs = pipeline.create(first), pipeline.create(second)
        try:
            pipeline.race(*runs)
            for run in runs:
                engine.launch(run, run.lock())
        except OSError:
            for run in runs:
                engine.stop(run, signal.SIGKILL)
                shutil.rmtree(run.folder)
            raise
    return runs[0]


def resume(run: Run) -> Run:
    """Go on from the last checkpoint of a run that was stopped or failed, and with its rival in a
    race likewise. Raises as `start`."""
    with _turn():
        engine.launch(run, _reopened(run))
        if (rival := registry.rival(run)) and rival.state in _RESUMABLE:
            engine.launch(rival, _reopened(rival))
    return run


def stop(run: Run) -> None:
    """Ask the run to stop, and its rival in a race, which they mostly have within a second; what
    they learned is kept. One that does not hear is killed after ten."""
    for one in (run, registry.rival(run)):
        if one and one.state == State.RUNNING:
            one.ask_to_stop()
            engine.stop(one)


def current() -> Run | None:
    """The run that is training now; of several the newest."""
    return next(running(), None)


def running() -> Iterator[Run]:
    """Those that train, or wait for a node to do so, the newest first."""
    return (run for run in registry.all_runs() if run.state == State.RUNNING)


def train_here(request: Request, folder: Path | None = None, verbose: int = 1) -> Run:
    """Train in this process, into INKLING_HOME or a `folder` of one's own; the finished run.

    Raises Busy, InklingError for what can't be used, and Interrupted.
    """
    with _turn() if folder is None else registry.on_disk(_REFUSED):
        run = pipeline.create(request, folder)
        handle = run.lock()
    try:
        return _perform_here(run, handle, verbose)
    except InklingError:
        if not run.snapshot().history:
            shutil.rmtree(run.folder)  # nothing has come of it
        raise


def resume_here(run: Run, verbose: int = 1) -> Run:
    """Go on in this process, as `resume` does in another. Raises as `train_here`."""
    with _turn():
        handle = _reopened(run)
    return _perform_here(run, handle, verbose)


def _perform_here(run: Run, lock: int, verbose: int) -> Run:
    run.write_process(os.getpid())
    tracking = supervisor.track(run.folder)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        pipeline.perform(run, verbose)
    except BaseException as error:
        status.write_error(run.folder, error)
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted(run) from None
        if status.is_full(error):
            raise InklingError(status.reason(error)) from error
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
        os.close(lock)
        supervisor.stop_tracking(tracking, run.folder)
    return run


# ---------------------------------------------------------------- in the server


@contextmanager
def _turn() -> Iterator[None]:
    """Nobody else starts a training meanwhile. Raises Busy where one is on, and the engine takes
    one at a time."""
    with registry.on_disk(_REFUSED), registry.alone():
        if engine.takes_several():
            yield
            return
        deadline = time.monotonic() + _EXIT
        while run := next((run for run in registry.all_runs() if run.is_alive), None):
            if run.state == State.RUNNING or time.monotonic() > deadline:
                raise Busy(run)
            time.sleep(0.01)  # it has ended, and its process is about to
        yield


def _reopened(run: Run) -> int:
    """Make a run that has ended ready to go on; the handle of its lock."""
    if run.state not in _RESUMABLE:
        raise InklingError(
            "The run {id} is {state}; wanted: a stopped or failed one.",
            id=run.id,
            state=Text(run.state),
        )
    pipeline.recipe_of(run)
    handle = run.lock()
    run.reopen()
    return handle


def _told(run: Run) -> Text:
    """What is on, and for how long."""
    now = run.snapshot()
    recipe, progress = now.config.recipe, now.progress
    values: dict[str, Any] = {
        "recipe": recipe.name,
        "data": now.config.data,
        "epoch": progress.epoch if progress else 0,
        "epochs": recipe.epochs,
    }
    if now.config.trials:
        return Text(
            "A search is on already, {tried} of {trials} recipes; wait until it is over, or stop "
            "it.",
            tried=len(search.trials(run)),
            trials=now.config.trials,
        )
    if not values["epoch"]:
        return Text(
            "A training is on already: {recipe} on {data}; wait until it is over, or stop it.",
            **values,
        )
    if progress is None or progress.remaining is None:
        return Text(
            "A training is on already: {recipe} on {data}, epoch {epoch} of {epochs}; wait until "
            "it is over, or stop it.",
            **values,
        )
    return Text(
        "A training is on already: {recipe} on {data}, epoch {epoch} of {epochs}, about "
        "{seconds:,} s to go; wait until it is over, or stop it.",
        seconds=max(1, round(progress.remaining)),
        **values,
    )


# ---------------------------------------------------------------- in the process that trains


def _main(folder: Path) -> NoReturn:
    run = Run(folder)
    code = 0
    try:
        be_nice()
        _share_processors(run)
        pipeline.perform(run)
    except BaseException as error:
        if not isinstance(error, InklingError | KeyboardInterrupt):
            traceback.print_exc()
        status.write_error(folder, error)
        code = 1
    finally:
        os._exit(code)  # TensorFlow would take its time to clear up what is gone anyway


def be_nice() -> None:
    """Leave the processors to whoever else wants them."""
    niceness = os.nice(_NICENESS)
    # Where the kernel shares the processors out by session, a session asks for itself.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness))


def _share_processors(run: Run) -> None:
    """Leave half of them to the rival, where two race at the same time; TensorFlow, which is not
    loaded yet, reads this."""
    if run.config.rival and pipeline.races_side_by_side():
        os.environ["TF_NUM_INTRAOP_THREADS"] = str((os.cpu_count() or 2) // 2)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
