"""A run's folder: whole files only, whatever lies beside them, and which run is in use."""

import csv
import json
import math
import multiprocessing
import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import InklingError
from model.runs import registry, status
from model.runs.records import SCHEMA, EpochRow, Progress
from model.runs.registry import InUse
from model.runs.run import Run
from model.runs.status import State
from model.settings import PRETRAINED, home
from tests.support import records

CONFIG = records.config()


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    pass


def made(name: str | None = None, *, model: bool = True) -> Run:
    run = registry.create("quick", home() / "runs" / name if name else None)
    run.write_config(CONFIG)
    if model:
        run.model_path.write_bytes(b"a model")
    return run


# ---------------------------------------------------------------- reading and writing


def test_what_is_written_is_read() -> None:
    run = made()
    history = records.history(2, drawing=(0.1,) * 10)
    run.write_history(history)
    steps = [Progress("data"), records.step(0.5), records.step(0.6, 1.5)]
    for step in steps:
        run.append_progress(step)
    drawing = np.random.default_rng(0).random((28, 28), np.float32)
    run.write_drawing(drawing)
    run.write_result(records.result(test=records.scores(float("nan"))))
    now = run.snapshot()
    assert (now.config, list(now.history), list(now.log)) == (CONFIG, history, steps)
    assert now.progress == steps[-1]
    assert now.batches == (steps[1], steps[2])
    assert now.seconds == 4.5
    np.testing.assert_array_equal(np.asarray(now.drawing), drawing)
    assert now.result
    assert now.result.seconds == 10
    assert math.isnan(now.result.test.accuracy)
    assert registry.get(run.id) == run


def test_a_new_run_has_nothing_yet() -> None:
    run = registry.create("quick")
    with pytest.raises(InklingError, match="There is no run in"):
        run.snapshot()
    run.write_config(CONFIG)
    now = run.snapshot()
    assert (now.progress, now.result, now.drawing, run.wrong) == (None, None, None, None)
    assert now.history == now.log == ()


def test_history_is_a_csv_for_everybody(tmp_path: Path) -> None:
    run = made()
    run.write_history([EpochRow(1, 0.5, 0.9, 0.4, 0.95, 2.5)])
    with (run.folder / "history.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert list(row) == ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"]
    assert list(row.values()) == ["1", "0.5", "0.9", "0.4", "0.95", "2.5"]


def test_a_line_that_is_being_written_is_not_read() -> None:
    run = made()
    run.append_progress(records.step(0.5))
    with (run.folder / "progress.csv").open("a") as file:
        file.write("training,1,600,1000,1.0,2")
        file.flush()
        assert run.snapshot().log == (records.step(0.5),)
        file.write(".0,1.0,0.5\n")
    assert run.snapshot().log == (records.step(0.5), records.step(0.6))


def test_readers_never_see_a_part(tmp_path: Path) -> None:
    """While one process writes without a pause, what others read is one state or another."""
    run = made()
    stop = threading.Event()
    sizes = (1, 400)

    def write() -> None:
        while not stop.is_set():
            for size in sizes:
                run.write_history(records.history(size))
                run.write_log([records.step(0.5)] * size)

    run.write_history(records.history(1))
    run.write_log([records.step(0.5)])
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(500):
            now = run.snapshot()
            assert len(now.history) in sizes
            assert len(now.log) in sizes
    finally:
        stop.set()
        writer.join()


# ---------------------------------------------------------------- the listing


def test_the_newest_run_comes_first() -> None:
    names = ["20260102-000000-quick-aaaa", "20260101-000000-best-bbbb", "20260102-000001-good-0000"]
    for name in names:
        made(name)
    assert [run.id for run in registry.all_runs()] == sorted(names, reverse=True)


def test_no_folder_no_runs() -> None:
    assert registry.all_runs() == []


def test_whatever_lies_there_is_passed_over() -> None:
    run = made()
    folder = home() / "runs"
    (folder / "notes.txt").write_text("a file")
    (folder / "empty").mkdir()
    (folder / ".deleted-x").mkdir()
    (folder / ".deleted-x" / "run.json").write_text(CONFIG.to_json())
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "directory" / "run.json").mkdir(parents=True)
    for number, content in enumerate(
        [b"", b"{", b"null", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"recipe": "quick"}', b"{}"]
    ):
        (folder / f"garbage{number}").mkdir()
        (folder / f"garbage{number}" / "run.json").write_bytes(content)
    assert registry.all_runs() == [run]


@given(st.binary(max_size=60), st.sampled_from(["", '{"state": "failed"', "epoch,loss\n1,"]))
def test_garbage_in_a_runs_files_is_as_none(garbage: bytes, start: str) -> None:
    shutil.rmtree(home(), ignore_errors=True)
    run = made()
    content = start.encode() + garbage
    names = "progress.csv progress.json history.csv batches.csv drawing.csv result.json end.json"
    for name in [*names.split(), "wrong.npz", "drawing.npz", "lock"]:
        (run.folder / name).write_bytes(content)
    assert registry.all_runs() == [run]
    for schema_version in (1, SCHEMA):
        run.write_config(records.config(schema_version=schema_version))
        now = run.snapshot()
        assert isinstance(now.state, State)
        assert all(isinstance(row, Progress) for row in now.log)
        assert (now.history, now.result, now.drawing, run.wrong) == ((), None, None, None)
    assert run.process is None or isinstance(run.process, int)


@pytest.mark.parametrize("name", ["", ".", "..", "../runs", "nothing", "a/b", "/", "\0"])
def test_a_run_that_is_not_there(name: str) -> None:
    made()
    with pytest.raises(InklingError, match="wanted: an id that"):
        registry.get(name)


def test_a_folder_of_ones_own_must_be_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InklingError, match="is not empty; wanted"):
        registry.create("quick", tmp_path)
    with pytest.raises(InklingError, match=r"can't be used \(Not a directory\)"):
        registry.create("quick", tmp_path / "file" / "folder")


# ---------------------------------------------------------------- how it ends


def test_a_run_is_running_while_a_process_holds_its_lock() -> None:
    run = made()
    handle = run.lock()
    assert (run.state, run.is_alive) == (State.RUNNING, True)
    child = multiprocessing.get_context("spawn").Process(target=int)
    child.start()
    child.join()
    assert run.is_alive  # another process' end lets go of nothing
    os.close(handle)
    assert not run.is_alive
    assert run.state == State.FAILED
    assert "killed, perhaps for want of memory" in (run.snapshot().reason or "")


def test_a_lock_is_passed_on() -> None:
    run = made()
    handle = run.lock()
    other = os.dup(handle)
    os.close(handle)
    assert run.is_alive
    os.close(other)
    assert not run.is_alive


def test_an_end_is_final() -> None:
    run = made()
    status.prepare(run.folder)
    status.write(run.folder, State.FAILED, "The disk is full.")
    status.write(run.folder, State.STOPPED, "It was stopped.")  # by who only waited for it
    assert (run.state, run.snapshot().reason) == (State.FAILED, "The disk is full.")
    assert not (run.folder / "spare").exists()
    handle = run.lock()
    run.reopen()
    assert (run.state, run.snapshot().reason) == (State.RUNNING, None)
    os.close(handle)


def test_one_that_was_asked_to_stop_and_is_gone_was_stopped() -> None:
    run = made()
    run.ask_to_stop()
    assert (run.state, run.snapshot().reason) == (State.STOPPED, "It was stopped.")


def test_reasons_are_sentences() -> None:
    error = ValueError("write failed")
    error.__cause__ = OSError(28, "No space left on device")
    assert status.reason(error) == "The disk is full."
    hdf5 = RuntimeError("Unable to write (errno = 28, error message = 'No space left on device')")
    assert status.reason(hdf5) == "The disk is full."
    segment = ImportError("libtensorflow.so: failed to map segment from shared object")
    assert status.reason(segment) == "There was not enough memory."
    assert status.reason(MemoryError()) == "There was not enough memory."
    assert status.reason(InklingError("No.")) == "No."
    assert status.reason(ValueError("a\nb")) == "A fault in the program: ValueError: a"
    assert not status.is_full(OSError(2, "No such file"))


# ---------------------------------------------------------------- which one is in use


def test_the_shipped_model_answers_first() -> None:
    assert registry.in_use() == InUse(PRETRAINED)


def test_a_run_goes_into_use_and_out_again() -> None:
    first, second = made("20260101-000000-quick-aaaa"), made("20260102-000000-quick-bbbb")
    registry.use(first)
    assert registry.in_use() == InUse(first.model_path, first)
    registry.use(second)
    registry.use(second)  # again: nothing to roll back to twice
    assert registry.in_use().run == second
    assert registry.previous() == first
    registry.roll_back()
    assert registry.in_use().run == first
    assert registry.previous() is None
    registry.roll_back()
    assert registry.in_use() == InUse(PRETRAINED)
    registry.roll_back()
    assert registry.in_use() == InUse(PRETRAINED)


def test_rolling_back_passes_over_what_is_gone() -> None:
    first, second, third = (made(f"2026010{day}-000000-quick-aaaa") for day in (1, 2, 3))
    for run in (first, second, third):
        registry.use(run)
    registry.delete(second)
    assert registry.previous() == first
    registry.roll_back()
    assert registry.in_use().run == first


def test_a_run_without_a_model_is_refused() -> None:
    run = made(model=False)
    with pytest.raises(InklingError, match="has no model"):
        registry.use(run)
    assert registry.in_use() == InUse(PRETRAINED)


def test_a_run_that_vanished_gives_way_with_a_reason() -> None:
    run = made()
    registry.use(run)
    shutil.rmtree(run.folder)
    in_use = registry.in_use()
    assert (in_use.path, in_use.run) == (PRETRAINED, None)
    assert (
        in_use.problem == f"The run {run.id} that was in use is gone; the built-in network answers."
    )


def test_the_variable_settles_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    run = made()
    registry.use(run)
    monkeypatch.setenv("INKLING_MODEL", str(tmp_path / "mine.keras"))
    assert registry.in_use() == InUse(tmp_path / "mine.keras")
    with pytest.raises(InklingError, match="INKLING_MODEL"):
        registry.use(None)
    with pytest.raises(InklingError, match="INKLING_MODEL"):
        registry.roll_back()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"runs": 3}', '{"runs": ["../../x", 7]}'])
def test_a_damaged_choice_is_none(content: str) -> None:
    home().mkdir(parents=True)
    (home() / "in_use.json").write_text(content)
    assert registry.in_use() == InUse(PRETRAINED)
    run = made()
    registry.use(run)
    assert registry.in_use().run == run


def test_deleting() -> None:
    run, other = made("20260101-000000-quick-aaaa"), made("20260102-000000-quick-bbbb")
    registry.use(run)
    with pytest.raises(InklingError, match="is in use"):
        registry.delete(run)
    handle = other.lock()
    with pytest.raises(InklingError, match="still training"):
        registry.delete(other)
    os.close(handle)
    registry.delete(other)
    registry.delete(other)  # by two visitors at once
    assert registry.all_runs() == [run]
    assert [path.name for path in (home() / "runs").iterdir()] == [run.id]


def test_the_home_is_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_HOME")
    assert home().name == "inkling"
    monkeypatch.setenv("INKLING_HOME", "~/somewhere")
    assert home() == Path.home() / "somewhere"


@pytest.mark.parametrize("result", [{"test": 3}, {"test": {"accuracy": "high"}, "seconds": 1}])
def test_a_damaged_result_is_none(result: dict[str, object]) -> None:
    run = made()
    (run.folder / "result.json").write_text(json.dumps(result))
    assert run.result is None


def test_a_later_versions_run_is_passed_over() -> None:
    run = made()
    run.write_config(records.config(schema_version=SCHEMA + 1))
    assert registry.all_runs() == []
