"""Uploaded digits are read before they are kept, and forgotten when no run needs them."""

import io
import os
import shutil
from pathlib import Path

import pytest

from model.data import datasets, synthetic
from model.data.kaggle import to_csv
from model.data.samples import Samples
from model.errors import InklingError
from model.runs import registry
from model.settings import home
from model.training import uploads
from tests.support import records


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    pass


def upload(name: str, labelled: bool = True, seed: int = 3) -> io.BytesIO:
    images, labels = synthetic.make(60, seed)
    file = io.BytesIO(to_csv(Samples(images, labels if labelled else None)))
    file.name = name
    return file


def folder() -> Path:
    return home() / "uploads"


def test_it_can_be_trained_on() -> None:
    spec = uploads.keep(upload("train.csv"))
    dataset = datasets.load(spec)
    assert len(dataset.train) + len(dataset.validation) + len(dataset.test) == 60
    assert dataset.name.startswith("train.csv-")
    assert uploads.keep(upload("train.csv")) == spec  # the same again is the same


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a+b:c.csv", "…", "", "x" * 300 + ".csv", "a\0b", ".hidden", "-"]
)
def test_any_name_will_do(name: str) -> None:
    spec = Path(uploads.keep(upload(name)))
    assert spec.parent == folder()
    assert not spec.name.startswith(".")
    assert "+" not in spec.name
    assert len(datasets.load(str(spec)).train)


def test_what_can_not_be_trained_on_is_not_kept() -> None:
    with pytest.raises(InklingError, match=r"“test.csv” has no labels; wanted"):
        uploads.keep(upload("test.csv", labelled=False))
    nonsense = io.BytesIO(b"\x89PNG....")
    nonsense.name = "cat.png"
    with pytest.raises(InklingError, match=r"“cat.png”"):
        uploads.keep(nonsense)
    assert not folder().exists()


def test_what_no_run_needs_is_forgotten() -> None:
    needed, unneeded = (uploads.keep(upload("train.csv", seed=seed)) for seed in (1, 2))
    run = registry.create("quick")
    run.write_config(records.config(spec=needed))
    for path in (needed, unneeded):
        os.utime(path, (0, 0))
    fresh = uploads.keep(upload("train.csv", seed=3))
    assert {str(path) for path in folder().iterdir()} == {needed, fresh}
    shutil.rmtree(run.folder)
    os.utime(needed, (0, 0))
    uploads.keep(upload("train.csv", seed=3))
    assert {str(path) for path in folder().iterdir()} == {fresh}


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = uploads.keep(upload("train.csv", seed=1))
    monkeypatch.setattr(uploads, "MOST", Path(kept).stat().st_size * 3 // 2)
    assert uploads.keep(upload("train.csv", seed=1)) == kept
    with pytest.raises(InklingError, match=r"no room for “train.csv” beside .* wanted: fewer"):
        uploads.keep(upload("train.csv", seed=2))
    os.utime(kept, (0, 0))
    uploads.keep(upload("train.csv", seed=2))


def test_a_folder_that_can_not_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INKLING_HOME", str(tmp_path / "file"))
    with pytest.raises(InklingError, match=r"“train.csv” can't be kept in"):
        uploads.keep(upload("train.csv"))


def test_the_upload_is_kept_as_it_came() -> None:
    file = upload("train.csv")
    assert Path(uploads.keep(file)).read_bytes() == file.getvalue()
