"""A run is read in one look, and its files again only where they have changed."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.runs import cache, registry
from model.runs.records import Progress
from model.runs.run import Run
from tests.support import records
from tests.support.opens import opened_in


@pytest.fixture
def run(home: Path) -> Iterator[Run]:
    """One that is training its second epoch, for as long as the test takes."""
    run = registry.create("quick")
    run.write_config(records.config())
    run.write_drawing(np.zeros((28, 28)))
    run.write_history(records.history(1, drawing=(0.1,) * 10))
    run.append_progress(records.step(1.5))
    age(run.folder)
    lock = run.lock()
    run.write_process(os.getpid())
    yield run
    os.close(lock)


def age(folder: Path) -> None:
    """Have all that is there be of long ago."""
    for path in folder.iterdir():
        os.utime(path, (0, 0))


def test_a_look_opens_what_has_changed_and_at_most_three_files(run: Run) -> None:
    run.snapshot()
    for place in range(20):
        run.append_progress(records.step(1.5 + place / 100))
        with opened_in(run.folder) as opened:
            now = run.snapshot()
        assert now.is_running
        assert now.batches[-1] == records.step(1.5 + place / 100)
        assert sorted(opened) == ["lock", "progress.csv"]
    run.append_progress(Progress("validating", 2, 1000, 1000))
    run.write_history(records.history(2, drawing=(0.1,) * 10))
    with opened_in(run.folder) as opened:
        now = run.snapshot()
    assert (now.progress and now.progress.phase, len(now.history)) == ("validating", 2)
    assert sorted(opened) == ["history.csv", "lock", "progress.csv"]


def test_many_viewers_open_no_more_than_the_lock(run: Run) -> None:
    first = run.snapshot()
    with opened_in(run.folder) as opened:
        others = [run.snapshot() for _ in range(10)]
    assert opened == ["lock"] * 10
    assert all(other.log is first.log and other.drawing is first.drawing for other in others)


def test_a_snapshot_stays_what_it_was(run: Run) -> None:
    before = run.snapshot()
    run.append_progress(records.step(1.9))
    run.write_history(records.history(2))
    assert (len(before.log), len(before.history)) == (1, 1)
    assert (len(run.snapshot().log), len(run.snapshot().history)) == (2, 2)


def test_what_was_just_written_is_read_again(run: Run) -> None:
    """A file system's clock may not tell two changes apart; nor need the size change."""
    path = run.folder / "history.csv"
    for _ in range(200):
        for epochs in (1, 2):
            history = [row._replace(loss=epochs / 10) for row in records.history(1)]
            run.write_history(history)
            assert run.snapshot().history[0].loss == epochs / 10, path.stat()


def test_a_log_that_was_replaced_is_read_anew(run: Run) -> None:
    """As by a training that goes on from its last checkpoint, to a file that is longer."""
    log = [records.step(position / 10) for position in range(8)]
    run.write_log(log)
    assert run.snapshot().log == tuple(log)
    other = [records.step(position / 20) for position in range(20)]
    (run.folder / "progress.csv").write_text("")  # the same inode
    for step in other:
        run.append_progress(step)
    assert run.snapshot().log == tuple(other)


def test_so_many_files_are_remembered_and_no_more(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_MOST", 3)
    for _ in range(3):
        run.snapshot()
    assert len(cache._entries) <= 3
