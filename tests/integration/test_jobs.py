"""Training in a process of its own: it is really killed, stopped, starved and left alone here."""

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from browser.waiting import until
from model.errors import InklingError
from model.inference import classifier
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.training import jobs, pipeline
from model.training.jobs import Busy, Request
from tests.support.command_line import ROOT
from tests.support.runs import begun, ended, is_gone, kill, kill_all, supervisor, trainer
from tests.support.small_disk import fill, small_disk

SMALL = Request(data="synthetic:600", epochs=2)
LONG = Request(data="synthetic:600", epochs=1000)

limits = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="Only Linux limits a process that runs already."
)


@pytest.fixture(autouse=True)
def _home(home: Path) -> Iterator[None]:
    yield
    kill_all()


def phase(run: Run, *names: str) -> bool:
    assert not ended(run), run.snapshot().reason
    progress = run.snapshot().progress
    return progress is not None and progress.phase in names


def place(run: Run) -> float:
    progress = run.snapshot().progress
    assert progress
    return progress.position


def test_a_run_from_start_to_use() -> None:
    """As nothing is worse than a model that can't be opened, the new one takes its place."""
    broken = registry.create("broken")
    broken.model_path.write_bytes(b"no model")
    registry.use(broken)
    drawing = np.zeros((28, 28), np.float32)
    request = Request(data="synthetic:600", epochs=2, batch_size=60, seed=7, drawing=drawing)
    run = jobs.start(request)
    assert run.state == State.RUNNING  # nothing is waited for
    assert jobs.current() == run
    with pytest.raises(Busy, match="is on already: quick on synthetic:600") as busy:
        jobs.start(SMALL)
    assert busy.value.run == run
    with pytest.raises(InklingError, match="still training"):
        registry.delete(run)
    until(lambda: ended(run))
    assert (run.state, run.snapshot().reason) == (State.FINISHED, None)
    assert jobs.current() is None
    assert registry.in_use().run == run
    assert registry.previous() == broken
    assert run.config.recipe.batch_size == 60
    assert (run.config.seed, run.config.images) == (7, 672)  # non-digits among them
    assert [len(row.drawing or ()) for row in run.snapshot().history] == [10, 10]
    result = run.result
    assert result
    assert result.promotion
    assert result.promotion.passed
    (digits,) = result.promotion.comparisons
    assert digits.set == "60 digits set apart from MNIST_PATH"
    assert result.in_use is None


def test_it_is_followed_gives_way_to_others_and_is_killed() -> None:
    run = jobs.start(LONG)
    until(lambda: len(run.snapshot().history) >= 2)
    seen = set[float]()

    def has_shown_more() -> bool:
        seen.add(place(run))
        return len(seen) > 8

    until(has_shown_more)
    now = run.snapshot()
    assert now.progress
    assert 0 < now.progress.batch <= now.progress.batches == 3
    assert 0 < now.progress.elapsed < (now.progress.remaining or 0)
    assert len(now.batches) >= 2
    with pytest.raises(Busy, match=r"epoch \d+ of 1000, about [\d,]+ s to go"):
        jobs.start(SMALL)
    assert os.getpriority(os.PRIO_PROCESS, trainer(run)) > os.getpriority(os.PRIO_PROCESS, 0)
    kill(run)
    assert run.state == State.FAILED
    assert "was killed" in (run.snapshot().reason or "")
    assert jobs.current() is None


# ---------------------------------------------------------------- Stop


@pytest.mark.parametrize(
    ("data", "when"),
    [("synthetic:60000", "data"), ("synthetic:600", "starting"), ("synthetic:600", None)],
    ids=["loading data", "importing", "at once"],
)
def test_stop_before_it_learns(data: str, when: str | None) -> None:
    run = jobs.start(Request(data=data))
    if when:
        until(lambda: phase(run, when))
    jobs.stop(run)
    until(lambda: ended(run))
    assert (run.state, run.snapshot().reason) == (State.STOPPED, "It was stopped.")
    progress = run.snapshot().progress
    assert (progress and progress.phase) == when  # it came no further
    assert not run.model_path.exists()


def test_stop_of_a_training_that_does_not_listen() -> None:
    """Frozen, it would never end by itself."""
    run = jobs.start(LONG)
    until(lambda: phase(run, "training", "validating"))
    os.kill(trainer(run), signal.SIGSTOP)
    jobs.stop(run)
    until(lambda: ended(run))
    assert (run.state, run.snapshot().reason) == (State.STOPPED, "It was stopped.")


def test_stop_while_it_learns_and_go_on() -> None:
    run = jobs.start(Request(data="synthetic:600", epochs=8))
    until(lambda: len(run.snapshot().history) >= 2)
    jobs.stop(run)
    until(lambda: ended(run))
    assert run.state == State.STOPPED
    classifier.load(run.model_path)
    kept = run.snapshot().history
    assert 2 <= len(kept) < 8
    assert registry.in_use().run is None
    jobs.stop(run)  # nothing to stop
    assert run.state == State.STOPPED

    refused_with_other_data(run)
    assert jobs.resume(run) == run
    assert run.state == State.RUNNING
    until(lambda: ended(run))
    assert run.state == State.FINISHED, run.snapshot().reason
    assert run.snapshot().history[: len(kept)] == kept
    assert [row.epoch for row in run.snapshot().history] == list(range(1, 9))
    with pytest.raises(InklingError, match="is finished; wanted: a stopped or failed one"):
        jobs.resume(run)


def refused_with_other_data(run: Run) -> None:
    config = run.config
    run.write_config(config.model_copy(update={"spec": "synthetic:60"}))
    jobs.resume(run)
    until(lambda: ended(run))
    said = f"The data of the run {run.id} have changed since it began; start a new one."
    assert run.snapshot().reason == said
    assert run.model_path.exists()
    run.write_config(config)


# ---------------------------------------------------------------- what happens to processes


def test_a_killed_training_has_failed_and_can_go_on() -> None:
    run = jobs.start(Request(data="synthetic:600", epochs=5))
    until(lambda: len(run.snapshot().history) >= 2)
    os.kill(trainer(run), signal.SIGKILL)
    until(lambda: ended(run))
    assert run.state == State.FAILED
    said = "The training process was killed (SIGKILL), perhaps for want of memory."
    assert run.snapshot().reason == said
    assert registry.in_use().run is None
    jobs.resume(run)
    until(lambda: ended(run))
    assert (run.state, len(run.snapshot().history)) == (State.FINISHED, 5)


def test_a_run_killed_while_it_was_evaluated_is_evaluated_once_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from model.training import trainer

    class Killed(BaseException):
        """Nothing is written after it."""

    def killed(*_: object) -> None:
        raise Killed

    run = pipeline.create(SMALL)
    with monkeypatch.context() as patch:
        patch.setattr(trainer, "examine", killed)
        with pytest.raises(Killed):
            pipeline.perform(run)
    now = run.snapshot()
    assert (now.state, len(now.history)) == (State.FAILED, 2)
    assert "Its network is trained already: go on, and it is evaluated." in (now.reason or "")
    trained = classifier.load(run.model_path).network.get_weights()

    jobs.resume_here(run, verbose=0)
    assert (run.state, run.snapshot().reason) == (State.FINISHED, None)
    assert run.snapshot().history == now.history
    weights = classifier.load(run.model_path).network.get_weights()
    for after, before in zip(weights, trained, strict=True):
        np.testing.assert_array_equal(after, before)


def test_it_outlives_the_server_that_started_it() -> None:
    """The server, and all of its process group, is killed while its training runs."""
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time; from model.training import jobs\n"
            "jobs.start(jobs.Request(data='synthetic:600', epochs=8)); time.sleep(600)",
        ],
        cwd=ROOT,
        start_new_session=True,
    )
    run = begun()
    until(lambda: phase(run, "training", "validating"))
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    assert jobs.current() == run
    until(lambda: ended(run))
    assert (run.state, len(run.snapshot().history)) == (State.FINISHED, 8)


def test_it_goes_on_without_who_waits_for_it_and_can_be_stopped() -> None:
    run = jobs.start(LONG)
    until(lambda: phase(run, "training", "validating"))
    waiting = supervisor(run)
    os.kill(waiting, signal.SIGKILL)
    until(lambda: is_gone(waiting))
    epochs = len(run.snapshot().history)
    until(lambda: len(run.snapshot().history) > epochs)
    assert run.state == State.RUNNING
    jobs.stop(run)
    until(lambda: ended(run))
    assert run.state == State.STOPPED
    assert run.model_path.exists()


# ---------------------------------------------------------------- one at a time


START = """
import sys
from model.training import jobs
from model.training.jobs import Busy, Request
sys.stdin.readline()
try:
    print("started", jobs.start(Request(data="synthetic:600", epochs=1000)).id)
except Busy as busy:
    print("busy", busy.run.id)
"""


def test_of_two_processes_that_start_at_once_one_does() -> None:
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", START],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    with ThreadPoolExecutor() as pool:
        said = list(pool.map(lambda starter: starter.communicate("go\n")[0].split(), starters))
    assert sorted(verb for verb, _ in said) == ["busy", "started"]
    assert {name for _, name in said} == {run.id for run in registry.all_runs()}


def test_of_many_clicks_one_starts() -> None:
    ready = threading.Barrier(6)

    def click(_: int) -> str:
        ready.wait()
        try:
            jobs.start(LONG)
        except Busy:
            return "busy"
        return "started"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(click, range(6))) == ["busy"] * 5 + ["started"]
    assert len(registry.all_runs()) == 1


# ---------------------------------------------------------------- what is not there


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small disk, which is INKLING_HOME."""
    place = tmp_path / "disk"
    place.mkdir()
    with small_disk(place) as disk:
        monkeypatch.setenv("INKLING_HOME", str(disk.folder))
        yield disk.folder
        kill_all()


def test_a_full_disk(disk: Path) -> None:
    run = jobs.start(LONG)
    until(lambda: len(run.snapshot().history) >= 1)
    fill(disk / "other")
    until(lambda: ended(run))
    assert (run.state, run.snapshot().reason) == (State.FAILED, "The disk is full.")
    assert registry.in_use().run is None
    with pytest.raises(InklingError, match=r"No run can be kept in .* \(No space left on device\)"):
        jobs.start(SMALL)
    assert registry.all_runs() == [run]
    (disk / "other").unlink()
    jobs.resume(run)
    until(lambda: len(run.snapshot().history) >= 3)


@limits
def test_a_file_that_may_not_grow() -> None:
    """A quota, or a limit on files: what is written is too much in the middle of it."""
    run = jobs.start(SMALL)
    resource.prlimit(trainer(run), resource.RLIMIT_FSIZE, (500_000, 500_000))
    until(lambda: ended(run))
    assert (run.state, run.snapshot().reason) == (State.FAILED, "The disk is full.")
    assert not run.model_path.exists()
    assert not run.checkpoint_path.exists()
    assert registry.in_use().run is None


@limits
def test_too_little_memory() -> None:
    run = jobs.start(SMALL)
    resource.prlimit(trainer(run), resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
    until(lambda: ended(run))
    assert run.state == State.FAILED
    assert "memory" in (run.snapshot().reason or "")
    assert registry.in_use().run is None


# ---------------------------------------------------------------- what can't be asked for


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Request(recipe="fast"), "There is no recipe “fast”; wanted"),
        (Request(epochs=0), "The number of epochs is 0; wanted: from 1 to 1,000"),
        (Request(batch_size=0), "The batch size is 0; wanted"),
        (Request(learning_rate=float("nan")), "The learning rate is nan; wanted"),
        (Request(seed=-1), "The seed is -1; wanted"),
        (Request(drawing=np.zeros((3, 3), np.float32)), "The drawing is .* wanted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_requests_out_of_bounds(request_: Request, said: str) -> None:
    with pytest.raises(InklingError, match=said):
        jobs.start(request_)
    assert registry.all_runs() == []


def test_data_that_can_not_be_read(tmp_path: Path) -> None:
    run = jobs.start(Request(data=str(tmp_path / "nothing.csv")))
    until(lambda: ended(run))
    assert run.state == State.FAILED
    assert "is no file or folder; wanted" in (run.snapshot().reason or "")
