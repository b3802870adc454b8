"""A host is told when a run ends."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from model.errors import InklingError
from model.runs import registry, status
from model.runs.run import Run
from model.runs.status import State
from model.settings import ROOT
from model.training import supervisor, webhook
from tests.support import records


class Host(HTTPServer):
    """Takes notes, or answers with another status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.notes = list[dict[str, object]]()
        self.status = 204


class Taking(BaseHTTPRequestHandler):
    server: Host

    def do_POST(self) -> None:
        assert self.headers["Content-Type"] == "application/json"
        self.server.notes.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    with Host() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/hook?token=secret"
        monkeypatch.setenv("INKLING_WEBHOOK", address)
        monkeypatch.setenv("PYTHONPATH", str(ROOT))  # as the supervisor has it
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def run(home: Path) -> Run:
    run = registry.create("quick")
    run.write_config(records.config())
    run.write_result(records.result())
    status.write(run.folder, State.FINISHED)
    return run


def test_it_is_sent_what_came_of_the_run(host: Host, run: Run) -> None:
    supervisor._tell(run.folder)
    (note,) = host.notes
    assert note["run"] == run.id
    assert note["state"] == "finished"
    assert note["accuracy"] == 0.99
    assert note["text"] == "Quick on synthetic finished: 99.00% of the test digits read right."
    assert run.log_path.read_text() == ""


def test_what_fails_is_logged_without_the_address(host: Host, run: Run) -> None:
    host.status = 500
    supervisor._tell(run.folder)
    log = run.log_path.read_text()
    assert "The note to INKLING_WEBHOOK was not taken (Internal Server Error)" in log
    assert "secret" not in log
    assert "Traceback" not in log
    assert run.state == State.FINISHED


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://host/secret", "secret"])
def test_only_the_web_is_told(address: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_WEBHOOK", address)
    with pytest.raises(InklingError, match="wanted: one that begins with https") as told:
        webhook.send(run)
    assert "secret" not in str(told.value)


def test_without_an_address_nothing_is_sent(
    host: Host, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INKLING_WEBHOOK")
    webhook.send(run)
    supervisor._tell(run.folder)
    assert host.notes == []
