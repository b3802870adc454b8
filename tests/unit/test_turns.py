"""Two runs that race in turns of an epoch; here one of them only says that it learns."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.runs import registry
from model.runs.records import Progress
from model.runs.run import Run
from model.training import engine, pipeline
from model.training.recipes import RECIPES
from model.training.turns import Turns
from tests.support import records

QUICK = RECIPES["quick"]


@pytest.fixture
def both(home: Path) -> Iterator[tuple[Run, Run]]:
    """Two of two epochs, in the order of their ids, of which the second has a process."""
    runs = [
        registry.create("quick", home / "runs" / f"20260101-00000{n}-quick-0000") for n in (1, 2)
    ]
    for run in runs:
        run.write_config(records.config(QUICK))
        run.append_progress(Progress("starting"))
    pipeline.race(runs[0], runs[1])
    lock = runs[1].lock()
    yield runs[0], runs[1]
    os.close(lock)


def waiting(turns: Turns, done: int) -> threading.Thread:
    """One that has done so many epochs and takes its next turn."""
    thread = threading.Thread(target=turns.on_epoch_end, args=(done - 1,), daemon=True)
    thread.start()
    return thread


def is_over(thread: threading.Thread) -> bool:
    thread.join(timeout=20)
    return not thread.is_alive()


def test_a_run_waits_until_its_rival_has_done_as_many_epochs(both: tuple[Run, Run]) -> None:
    first, second = both
    assert registry.rival(first) == second
    second.append_progress(Progress("training", 1, 1, 3))
    thread = waiting(Turns(first, second), 1)
    thread.join(timeout=0.3)
    assert thread.is_alive()
    progress = first.snapshot().progress
    assert progress
    assert progress.phase == "waiting"
    second.write_history(records.history(1))
    assert is_over(thread)


def test_it_waits_for_nobody_who_cannot_come(both: tuple[Run, Run]) -> None:
    first, second = both
    assert is_over(waiting(Turns(second, first), 1))  # no process has the first
    second.append_progress(Progress(engine.QUEUED))
    assert is_over(waiting(Turns(first, second), 1))


def test_what_is_asked_to_stop_and_what_is_done_wait_no_more(both: tuple[Run, Run]) -> None:
    first, second = both
    assert is_over(waiting(Turns(first, second), QUICK.epochs))
    thread = waiting(Turns(first, second), 1)
    first.ask_to_stop()
    assert is_over(thread)
