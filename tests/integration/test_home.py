"""What happens to INKLING_HOME under a running server: a sentence on the page, and nothing lost."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from browser.server import serving
from browser.waiting import until
from model.data import synthetic
from model.data.kaggle import to_csv
from model.data.samples import Samples
from model.data.visitors import new_key
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.runs.status import write as write_end
from model.settings import PRETRAINED
from model.training import jobs
from tests.support import records
from tests.support.client import Client
from tests.support.runs import kill_all, only_run
from tests.support.small_disk import fill, small_disk

PAGES = ["", "why", "drawings", "train", "runs", "batch"]


def csv(count: int, seed: int) -> bytes:
    return to_csv(Samples(*synthetic.make(count, seed)))


def bring(client: Client, count: int, seed: int) -> str:
    """Have so many drawings saved; what the page then says."""
    client.open("drawings")
    (uploader,) = client.ids("file_uploader")
    client.upload(uploader, b"drawings.csv", csv(count, seed))
    return client.text


def opens_all(client: Client) -> None:
    for page in PAGES:
        client.open(page)
        assert not client.has_exception, page


@pytest.fixture(autouse=True)
def _home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    yield
    kill_all()


def test_two_servers_on_one_home(home: Path) -> None:
    """One training at a time, the same album for the same browser; the database is locked, at last
    all is deleted."""
    setting = {"INKLING_HOME": str(home), "INKLING_MANAGING": "on"}
    cookie = f"inkling={new_key()}"
    with (
        serving(**setting) as one,
        serving(**setting) as other,
        Client(one, Cookie=cookie) as here,
        Client(other, Cookie=cookie) as there,
    ):
        for client in (here, there):
            client.open()
        assert "Added 5 drawings" in bring(here, 5, seed=1)
        there.open("drawings")
        assert "5 drawings" in there.text

        here.open("train")
        there.open("train")
        here.press(here.widget("retrain"))
        there.press(there.widget("retrain"))
        assert "is training already" in there.text
        there.press(there.widget("stop"))
        run = only_run()
        until(lambda: run.state == State.STOPPED and not run.is_alive)
        here.open("train")
        assert "Stopped" in here.text

        there.open("drawings")
        (uploader,) = there.ids("file_uploader")
        with closing(sqlite3.connect(home / "drawings.db")) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            there.upload(uploader, b"drawings.csv", csv(3, seed=2))
            assert "database is locked" in there.text
            opens_all(here)
            writer.rollback()
        assert "Added 3 drawings" in bring(there, 3, seed=2)
        here.open("drawings")
        assert "8 drawings" in here.text

        shutil.rmtree(home)
        for client in (here, there):
            opens_all(client)
        assert "Added 2 drawings" in bring(here, 2, seed=3)
        there.open("drawings")
        assert "2 drawings" in there.text
        opens_all(there)


def finished_run() -> Run:
    run = registry.create("quick")
    run.write_config(records.config())
    shutil.copy(PRETRAINED, run.model_path)
    run.write_result(records.result())
    write_end(run.folder, State.FINISHED)
    return run


def test_a_disk_that_is_read_only_and_one_that_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    with small_disk(place) as disk:
        monkeypatch.setenv("INKLING_HOME", str(disk.folder))
        for _ in range(2):
            registry.use(finished_run())
        setting = {"INKLING_HOME": str(place), "INKLING_MANAGING": "on"}
        with serving(*disk.app, **setting) as address, Client(address) as client:
            client.open()
            assert "Added 5 drawings" in bring(client, 5, seed=1)

            disk.remount("ro")
            opens_all(client)
            assert "attempt to write a readonly database" in bring(client, 3, seed=2)
            nothing_is_kept(client, "Read-only file system")
            disk.remount("rw")
            assert "Added 3 drawings" in bring(client, 3, seed=2)

            fill(disk.folder / "other")
            opens_all(client)
            assert "database or disk is full" in bring(client, 200, seed=3)
            nothing_is_kept(client, "No space left on device")
            (disk.folder / "other").unlink()
            assert "Added 200 drawings" in bring(client, 200, seed=3)
            assert "208 drawings" in client.text
            client.open("runs")
            client.press(client.widget("use_shipped"))
            assert not client.has_exception
        assert registry.in_use().run is None
        assert jobs.current() is None


def nothing_is_kept(client: Client, reason: str) -> None:
    """Neither another network in use nor a training: each is refused with the reason."""
    client.open("runs")
    client.press(client.widget("use_shipped"))
    assert "Nothing can be changed in" in client.text
    assert reason in client.text
    client.open("train")
    client.press(client.widget("retrain"))
    assert "No run can be kept in" in client.text
    assert reason in client.text
    assert not client.has_exception
    assert registry.in_use().run is not None
