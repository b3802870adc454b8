"""MLflow is told of a run, by a server of its own here; one that does not answer stops nothing."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from browser.waiting import until
from model.runs import registry, status
from model.runs.run import Run
from model.runs.status import State
from model.settings import ROOT
from model.training import supervisor
from model.training.recipes import get
from tests.support import records


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """One that has learned for two epochs."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # as the supervisor has it
    monkeypatch.setenv("INKLING_PASSWORD", "geheim")
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    run = registry.create("quick")
    run.write_config(records.config(get("quick"), images=600))
    run.write_history(records.history(2))
    run.write_result(records.result())
    status.write(run.folder, State.FINISHED)
    return run


@pytest.fixture
def mlflow(tmp_path: Path) -> Iterator[str]:
    """The address of a server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store),
            *("--artifacts-destination", str(tmp_path / "artifacts")),
            *("--port", port, "--workers", "1"),
        ],
        cwd=tmp_path,
        env=os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{address}/health"))
        yield address
    finally:
        os.killpg(server.pid, 9)
        server.wait()


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=1):
            return True
    except (URLError, OSError):
        return False


def asked(address: str, **what: Any) -> dict[str, Any]:
    body = json.dumps(what).encode()
    with urlopen(Request(address, body, {"Content-Type": "application/json"})) as found:
        answer: dict[str, Any] = json.loads(found.read())
        return answer


def test_mlflow_is_told_of_a_run_once(
    run: Run, mlflow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow)
    monkeypatch.setattr(supervisor, "TRACKING", 150)  # it has not begun with the training here
    for _ in range(2):  # the second time as where it goes on
        supervisor.stop_tracking(supervisor.track(run.folder), run.folder)
        assert run.log_path.read_text() == ""
    api = f"{mlflow}/api/2.0/mlflow"
    (found,) = asked(f"{api}/runs/search", experiment_ids=["1"])["runs"]
    assert found["info"]["run_name"] == run.id
    assert found["info"]["status"] == "FINISHED"
    figures = {one["key"]: one for one in found["data"]["metrics"]}
    assert figures["val_loss"]["value"] == pytest.approx(records.history(2)[-1].val_loss)
    assert figures["val_loss"]["step"] == 1
    assert figures["test_accuracy"]["value"] == 0.99
    parameters = {one["key"]: one["value"] for one in found["data"]["params"]}
    assert parameters["name"] == "quick"
    assert parameters["images"] == "600"
    assert "geheim" not in json.dumps(found)


@pytest.mark.parametrize("is_slow", [False, True])
def test_a_server_that_does_not_answer_is_given_up(
    is_slow: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "TRACKING", 0.5 if is_slow else 120)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if is_slow:
            server.listen()
        port = server.getsockname()[1]
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://me:geheim@127.0.0.1:{port}")
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
        supervisor.stop_tracking(supervisor.track(run.folder), run.folder)
    said = run.log_path.read_text()
    assert "geheim" not in said
    assert ("did not answer in time" if is_slow else "MLflow was not told of the run") in said


def test_nobody_is_told_where_the_host_does_not_say_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert supervisor.track(run.folder) is None
