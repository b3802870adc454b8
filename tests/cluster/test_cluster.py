"""Trainings and batches on a Ray cluster: several at once, and what was lost with a node or with
the head is taken up. The last test ends the cluster."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from browser.waiting import until
from model.data import synthetic
from model.inference import classifier
from model.preprocessing.pixels import to_float32
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.settings import PRETRAINED, ROOT
from model.training import engine, jobs
from model.training.jobs import Request
from tests.cluster.conftest import Nodes
from tests.support.runs import ended

SHORT = Request(data="synthetic:600", epochs=2)
LONG = Request(data="synthetic:600", epochs=1000)  # it is stopped
PATIENCE = 240  # seconds; what takes ten takes a minute on a machine that has other work
UNIQUE, TIMES = 500, 140  # digits of a batch, and how often it has each


def epochs(run: Run) -> list[int]:
    return [row.epoch for row in run.snapshot().history]


def phase(run: Run) -> str | None:
    now = run.snapshot()
    assert now.is_running, now.reason
    return now.progress.phase if now.progress else None


def learns(run: Run, least: int = 1) -> bool:
    return phase(run) == "training" and len(epochs(run)) >= least


def finished(run: Run) -> bool:
    now = run.snapshot()
    assert now.state in (State.RUNNING, State.FINISHED), (now.reason, run.log_path.read_text())
    return now.state == State.FINISHED


def stop(run: Run) -> None:
    """Stop a run, and see that it has kept what it learned, an epoch after the other."""
    jobs.stop(run)
    until(lambda: ended(run), PATIENCE)
    assert run.state == State.STOPPED, run.snapshot().reason
    assert epochs(run) == list(range(1, len(epochs(run)) + 1))


def test_trainings_outlive_their_server_and_their_nodes(cluster: Nodes) -> None:
    subprocess.run(
        [
            sys.executable,
            "-c",
            "from model.training import jobs\n"
            "request = jobs.Request(data='synthetic:600', epochs=1000)\n"
            "for _ in range(2): jobs.start(request)",
        ],
        cwd=ROOT,
        check=True,
    )
    first, second = registry.all_runs()
    until(lambda: learns(first) and learns(second), PATIENCE)
    third = jobs.start(SHORT)  # while two are on
    until(lambda: engine.place(third) == 1, PATIENCE)
    fourth = jobs.start(LONG)
    until(lambda: engine.place(fourth) == 2, PATIENCE)
    stop(fourth)

    cluster.kill_one()
    (lost,) = until(lambda: [run for run in (first, second) if engine.place(run)], PATIENCE)
    (kept,) = {first, second} - {lost}
    known = len(epochs(lost))
    assert known
    stop(kept)
    assert kept.checkpoint_path.exists()
    until(lambda: learns(lost, known + 2), PATIENCE)
    stop(lost)
    until(lambda: finished(third), PATIENCE)
    assert epochs(third) == [1, 2]


def test_a_batch_that_loses_a_node_loses_no_row(cluster: Nodes, tmp_path: Path) -> None:
    images = synthetic.make(UNIQUE, seed=3)[0]
    pixels = [image.tobytes() for image in images] * TIMES
    rows = len(pixels)
    pq.write_table(
        pa.table({"id": np.arange(rows)[::-1], "image": pa.array(pixels)}), tmp_path / "in.parquet"
    )
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "model",
        "submit",
        str(tmp_path / "in.parquet"),
        "-o",
        str(out),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    until(lambda: list(out.glob("*.parquet")) or process.poll() is not None, PATIENCE)
    cluster.kill_one()
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert f"{rows:,} digits read, in 7 blocks" in said

    read = pq.read_table(out)
    assert read["id"].to_pylist() == list(range(rows))[::-1]
    wanted = classifier.load(PRETRAINED).probabilities(to_float32(images)).argmax(axis=1)
    assert np.mean(read["Label"].to_numpy() == np.tile(wanted, TIMES)) > 0.999

    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert "7 of 7 blocks are there already" in again.stderr


def test_without_the_token_it_is_said(cluster: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN", 64 * "0")
    run = jobs.start(LONG)
    until(lambda: ended(run), PATIENCE)
    assert "can't be joined" in (run.snapshot().reason or "")


def test_a_head_that_is_gone_leaves_what_was_learned(
    cluster: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = jobs.start(LONG)
    until(lambda: learns(run, 2), PATIENCE)
    cluster.kill_head()
    until(lambda: ended(run), PATIENCE)
    assert run.state == State.FAILED
    assert f"The Ray cluster at “{cluster.address}” is gone; go on" in (run.snapshot().reason or "")

    monkeypatch.setenv("INKLING_ENGINE", "local")
    jobs.resume(run)
    known = len(epochs(run))
    until(lambda: learns(run, known + 2), PATIENCE)
    stop(run)
    monkeypatch.setenv("INKLING_ENGINE", cluster.address)
    nobody = jobs.start(LONG)
    until(lambda: ended(nobody), PATIENCE)
    assert "does not answer" in (nobody.snapshot().reason or "")
