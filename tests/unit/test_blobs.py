"""What is large, in a folder and far away: whole files, copies that are fresh, and sentences."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from model import blobs
from model.blobs import Blobs
from model.errors import InklingError
from tests.support.s3 import s3


@pytest.fixture(params=["folder", "another folder", "S3"])
def files(
    request: pytest.FixtureRequest, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Blobs]:
    with ExitStack() as opened:
        if request.param == "another folder":
            monkeypatch.setenv("INKLING_BLOBS", f"file://{tmp_path}/store")
        elif request.param == "S3":
            monkeypatch.setenv("INKLING_BLOBS", opened.enter_context(s3()))
        yield blobs.of("runs/one")
    blobs._versions.clear()


def elsewhere(files: Blobs, tmp_path: Path) -> Blobs:
    """The same folder of the store, on another machine."""
    return Blobs(tmp_path / "other" / "one", files.remote) if files.remote else files


def test_what_is_written_is_read_everywhere(files: Blobs, tmp_path: Path) -> None:
    assert files.read("model.keras") == b""
    assert not files.exists("model.keras")
    assert not files.path("model.keras").exists()
    for content in (b"a model", b"another"):
        files.write("model.keras", content)
        blobs._versions.clear()  # as on another machine
        other = elsewhere(files, tmp_path)
        assert other.path("model.keras").read_bytes() == content
        assert other.exists("model.keras")
    files.write("teacher-1.keras", b"")
    assert other.names("*.keras") == ["model.keras", "teacher-1.keras"]
    files.remove("model.keras")
    files.remove("model.keras")
    blobs._versions.clear()
    assert not other.exists("model.keras")
    assert not other.path("model.keras").exists()
    files.remove_all()
    files.remove_all()
    assert other.names() == []
    assert not files.folder.exists()


def test_a_copy_is_fetched_once(
    files: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write("model.keras", b"a model")
    other = elsewhere(files, tmp_path)
    path = other.path("model.keras")
    assert path.read_bytes() == b"a model"
    before = path.stat()
    blobs._versions.clear()
    after = other.path("model.keras").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_a_library_wrote_is_kept(files: Blobs, tmp_path: Path) -> None:
    (files.folder / "tensorboard" / "train").mkdir(parents=True)
    (files.folder / "tensorboard" / "train" / "events").write_bytes(b"events")
    (files.folder / "model.keras").write_bytes(b"a model")
    files.keep("tensorboard")
    files.keep("model.keras")
    other = elsewhere(files, tmp_path)
    assert other.read("tensorboard/train/events") == b"events"
    assert other.read("model.keras") == b"a model"


def test_a_copy_stands_in_for_what_can_not_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Blobs(tmp_path / "one", f"file://{tmp_path}/store/runs/one")
    files.write("model.keras", b"a model")

    def down(*_: object) -> None:
        raise ConnectionError("nobody is there")

    monkeypatch.setattr(blobs, "_system", down)
    blobs._versions.clear()
    assert files.read("model.keras") == b"a model"
    with pytest.raises(InklingError, match=r"can't be reached .* INKLING_BLOBS"):
        files.read("checkpoint.npz")
    with pytest.raises(InklingError, match="can't be reached"):
        files.write("checkpoint.npz", b"a checkpoint")


def test_the_variable_says_where(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert blobs.of("runs/one") == Blobs(home / "runs" / "one")
    monkeypatch.setenv("INKLING_BLOBS", "s3://bucket/inkling/")
    assert blobs.of("runs/one") == Blobs(home / "runs" / "one", "s3://bucket/inkling/runs/one")
    monkeypatch.setenv("INKLING_BLOBS", "a folder")
    with pytest.raises(InklingError, match="INKLING_BLOBS has the value “a folder”; wanted: an"):
        blobs.of("runs/one")


def test_a_store_without_a_driver_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InklingError, match="which is no address of a store"):
        Blobs(tmp_path, "nowhere://bucket").write("one", b"")
