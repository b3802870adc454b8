"""A search by several processes, and from the command line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.waiting import until
from model.runs import registry
from model.runs.status import State
from model.settings import child_environment
from model.training import jobs, search
from model.training.jobs import Request
from tests.support.command_line import command
from tests.support.runs import ended, kill_all


@pytest.fixture(autouse=True)
def _home(home: Path) -> Iterator[None]:
    yield
    kill_all()


def test_several_processes_share_a_search_and_take_up_what_one_breaks_off() -> None:
    """One is killed in the middle of a trial; what it had begun is gone on with."""
    run = jobs.start(Request(data="synthetic:600", epochs=2, trials=4))
    until(lambda: bool(search.trials(run)))
    helper = subprocess.Popen(
        [sys.executable, "-P", "-m", "model.training.search_worker", str(run.folder)],
        env=child_environment(),
    )
    until(lambda: len(search.trials(run)) >= 2)
    mine = [trial for trial in search.trials(run) if trial.now.run.process == helper.pid]
    helper.kill()
    helper.wait()
    until(lambda: ended(run))
    assert run.state == State.FINISHED, run.snapshot().reason
    every = search.trials(run)
    assert [trial.number for trial in every] == [1, 2, 3, 4]
    assert all(trial.is_over for trial in every)
    assert len({json.dumps(dict(trial.parameters)) for trial in every}) == 4
    assert all(search.trials(run)[one.number - 1].now.run.process != helper.pid for one in mine)


def test_from_the_command_line(few_digits: Path) -> None:
    told = command("search", "--data", str(few_digits), "--trials", "2", "--epochs", "1")
    assert told.returncode == 0, told.stderr
    best, other = map(json.loads, told.stdout.splitlines())
    assert {best["trial"], other["trial"]} == {1, 2}
    assert best["accuracy"] >= other["accuracy"]
    assert best["in full"].startswith("inkling train --recipe quick --data ")
    (run,) = registry.all_runs()
    assert run.state == State.FINISHED
    assert run.result is None
