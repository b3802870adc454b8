"""Has a node of the Ray cluster train a run, and waits for it.

What waits is the child of the run's supervisor, here, and holds the run's lock as a training of
this machine does. What trains is a task of Ray's, which takes a node for itself. Where the node is
lost, the task begins again on another one, from the checkpoint.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from model import cluster
from model.errors import InklingError
from model.runs import status
from model.runs.records import Progress
from model.runs.run import Run
from model.settings import Engine, Notifications, Paths, Saving
from model.training import engine

_MOST_LOST = 3  # nodes that a run loses without an epoch done in between, before it is at fault
_TURN = 1.0  # seconds between two looks at the queue
_STOPPING = 8.0  # seconds in which a node is to have kept what it learned
_GONE = 3  # looks in a row at which nobody was at the cluster's door


def _main(folder: Path) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        _queue(Run(folder))
        with cluster.connected(log=True):
            signal.signal(signal.SIGTERM, _interrupt)  # Ray has a handler of its own
            _watch_cluster(folder)
            code = _train(Run(folder))
    except BaseException as error:
        if not isinstance(error, InklingError | KeyboardInterrupt):
            traceback.print_exc()
        status.write_error(folder, error)
    finally:
        os._exit(code)


def _interrupt(kind: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _queue(run: Run) -> None:
    """Wait until no other run waits that is older."""
    _note_queued(run)
    while (place := engine.place(run)) is not None and place > 1:
        time.sleep(_TURN)


def _train(run: Run) -> int:
    """Have a node train the run, and another one where that is lost; 0 where it has finished."""
    import ray

    lost, known = 0, _epochs(run)
    while True:
        task = ray.remote(max_calls=1, max_retries=0)(perform).options(
            num_cpus=cluster.processors_of_a_node()
        )
        waited = task.remote(str(run.folder.absolute()), environment())
        try:
            return int(ray.get(waited))
        except KeyboardInterrupt:
            _cancel(waited)
            raise
        except (ray.exceptions.RayTaskError, ray.exceptions.TaskCancelledError):
            raise
        except ray.exceptions.RayError as error:
            print(error, file=sys.stderr)
            lost, known = (lost + 1, known) if _epochs(run) == known else (1, _epochs(run))
            if lost >= _MOST_LOST:
                raise InklingError(
                    "{count} nodes were lost in an epoch, perhaps for want of memory.", count=lost
                ) from error
            _note_queued(run)


def _cancel(waited: Any) -> None:
    """Have the node keep what it learned, as Ctrl-C does, or leave the queue."""
    import ray

    ray.cancel(waited)
    with suppress(ray.exceptions.RayError):
        ray.get(waited, timeout=_STOPPING)


def _watch_cluster(folder: Path) -> None:
    """End the run where the cluster is gone: Ray waits for a minute, and then ends this process
    without a word."""
    address = Engine.read().address
    if address == "auto":
        import ray

        address = ray.get_runtime_context().gcs_address

    def watch() -> None:
        missed = 0
        while missed < _GONE:
            time.sleep(_TURN)
            try:
                cluster.check(address)
                missed = 0
            except InklingError:
                missed += 1
        Run(folder).write_process(os.getpid())  # the node, if it still trains, has lost the run
        status.write_error(
            folder,
            InklingError(
                "The Ray cluster at “{address}” is gone; go on once it is back, from the last "
                "checkpoint.",
                address=address,
            ),
        )
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _note_queued(run: Run) -> None:
    last = run.snapshot().progress or Progress(engine.QUEUED)
    run.append_progress(last.without_figures()._replace(phase=engine.QUEUED))


def _epochs(run: Run) -> int:
    return len(run.snapshot().history)


def environment() -> dict[str, str]:
    """What a node has to know of what was set here."""
    names = [name for kind in (Paths, Saving, Notifications) for name in kind.variables()]
    return {name: os.environ[name] for name in names if os.environ.get(name)}


# ---------------------------------------------------------------- on the node


def perform(folder: str, environment: Mapping[str, str]) -> int:
    """Train the run in `folder` in this process, a worker of Ray's that nobody else uses; 0 where
    it has finished."""
    os.environ.update({**environment, **engine.FASTER})
    from model.training import pipeline

    run = Run(Path(folder))
    _watch_owner(run)
    try:
        pipeline.perform(run)
    except BaseException as error:
        if not isinstance(error, InklingError | KeyboardInterrupt):
            traceback.print_exc()
        status.write_error(Path(folder), error)
        return 1
    return 0


def _watch_owner(run: Run) -> None:
    """End this process where the run is somebody else's by now, who takes it for lost."""
    owner = run.process

    def watch() -> None:
        while run.process == owner:
            time.sleep(_TURN)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
