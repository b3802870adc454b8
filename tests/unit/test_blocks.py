"""Digits read by blocks: every row once, by its id, whatever was there before."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.data.kaggle import HEADER, to_csv
from model.data.samples import Samples
from model.errors import InklingError
from model.inference import blocks

MODEL = Path(__file__)  # its bytes are all that is asked of it


class Corner:
    """Reads each digit as what its first pixel says, and counts what it is given."""

    def __init__(self) -> None:
        self.rows = 0

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        self.rows += len(images)
        return np.eye(10, dtype=np.float32)[np.round(255 * images[:, 0, 0]).astype(int)]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ROWS", 7)


def digits(count: int, first: int = 0) -> np.ndarray:
    images = np.zeros((count, 784), np.uint8)
    images[:, 0] = (first + np.arange(count)) % 10
    return images


def as_bytes(images: np.ndarray) -> dict[str, Any]:
    return {"image": [row.tobytes() for row in images]}


def as_fixed(images: np.ndarray) -> dict[str, Any]:
    return {"image": pa.array([row.tobytes() for row in images], pa.binary(784))}


def as_lists(images: np.ndarray) -> dict[str, Any]:
    return {"image": pa.array(list(images.astype(np.int64)))}


def as_columns(images: np.ndarray) -> dict[str, Any]:
    return dict(zip(HEADER[1:], images.T, strict=True))


def parquet(path: Path, columns: dict[str, Any], rows: int = 10) -> str:
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), path, row_group_size=rows)
    return str(path)


def answered(sources: list[str], out: str, reader: Corner | None = None) -> Corner:
    reader = reader or Corner()
    for block in blocks.begin(sources, MODEL, out).missing:
        blocks.answer(reader, block, out)  # type: ignore[arg-type]
    return reader


def answers(out: str) -> dict[str, list[Any]]:
    return dict(pq.read_table(out).to_pydict())


@pytest.mark.parametrize("form", [as_bytes, as_fixed, as_lists, as_columns])
@pytest.mark.parametrize("group", [1, 10, 1000])
def test_every_row_is_answered_once_and_in_its_place(tmp_path: Path, form: Any, group: int) -> None:
    given = parquet(tmp_path / "in.parquet", form(digits(40)), group)
    out = str(tmp_path / "out")
    answered([given], out)
    read = answers(out)
    assert read["ImageId"] == list(range(1, 41))
    assert read["Label"] == [number % 10 for number in range(40)]
    assert set(read["Confidence"]) == {1.0}


def test_ids_are_kept_and_labels_are_not_looked_at(tmp_path: Path) -> None:
    columns = {"id": [f"n{number}" for number in range(9)], "label": [3] * 9}
    given = parquet(tmp_path / "in.parquet", columns | as_columns(digits(9)))
    answered([given], str(tmp_path / "out"))
    assert answers(str(tmp_path / "out"))["id"] == columns["id"]


def test_what_is_there_is_not_read_again(tmp_path: Path) -> None:
    given = parquet(tmp_path / "in.parquet", as_bytes(digits(40)))
    out = str(tmp_path / "out")
    answered([given], out)
    whole = answers(out)
    lost = sorted((tmp_path / "out").glob("*.parquet"))[2]
    lost.unlink()
    assert answered([given], out).rows == 7
    assert answers(out) == whole
    assert answered([given], out).rows == 0


def test_a_folder_a_pattern_and_other_kinds_of_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    parquet(folder / "a.parquet", as_bytes(digits(9)))
    parquet(folder / "b.parquet", as_lists(digits(8)))
    (folder / "c.csv").write_bytes(to_csv(Samples(digits(5).reshape(-1, 28, 28), None)))
    (folder / "_notes.csv").write_text("nothing")
    assert answered([str(folder)], str(tmp_path / "all")).rows == 22
    assert answered([f"{folder}/?.parquet"], str(tmp_path / "some")).rows == 17
    assert answered([f"file://{folder}/*.csv"], f"file://{tmp_path}/bucket").rows == 5
    assert answers(str(tmp_path / "bucket"))["Label"] == [0, 1, 2, 3, 4]


def test_another_model_or_other_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = parquet(tmp_path / "one.parquet", as_bytes(digits(9)))
    two = parquet(tmp_path / "two.parquet", as_bytes(digits(9)))
    out = str(tmp_path / "out")
    answered([one], out)
    with pytest.raises(InklingError, match=r"“.*out” holds answers of another model or to other"):
        blocks.begin([two], MODEL, out)
    monkeypatch.setitem(globals(), "MODEL", Path(blocks.__file__))
    with pytest.raises(InklingError, match="holds answers of another model"):
        blocks.begin([one], MODEL, out)
    with pytest.raises(InklingError, match=r"“.*” is not empty; wanted: a new or empty one"):
        blocks.begin([one], MODEL, str(tmp_path))


def test_what_cannot_be_used_is_told_in_a_sentence(tmp_path: Path) -> None:
    def told(columns: dict[str, Any] | bytes, name: str = "in.parquet") -> str:
        path = tmp_path / name
        if isinstance(columns, bytes):
            path.write_bytes(columns)
        else:
            parquet(path, columns)
        with pytest.raises(InklingError) as error:
            answered([str(path)], str(tmp_path / f"out-{len(list(tmp_path.iterdir()))}"))
        return str(error.value)

    assert "is damaged (" in told(b"PAR1 nothing")
    assert "has 1 columns of pixels; wanted: a column image, or 784" in told({"x": [1]})
    assert "rows 1 to 2 are not of 784 pixels each" in told({"image": [b"x", b"y"]})
    assert "rows 1 to 1 are not of 784 pixels" in told({"image": [[1, 2]]})
    assert "rows 1 to 1 have pixels that are empty" in told({"image": pa.array([None], "binary")})
    assert "have other things than pixels" in told({"image": pa.array([[256] * 784])})
    assert "have other things than pixels" in told({"image": [["x"] * 784]})
    assert "have other things than pixels" in told({"image": [1.5]})
    for missing in ("nothing.parquet", "*.parquet", "none"):
        with pytest.raises(InklingError, match="has no file of digits"):
            answered([str(tmp_path / "else" / missing)], str(tmp_path / "out"))
    with pytest.raises(InklingError, match="wanted: s3://…, gs://… or a path"):
        answered(["http://host/in.parquet"], str(tmp_path / "out"))
    given = parquet(tmp_path / "a" / "in.parquet", as_bytes(digits(1)))
    other = parquet(tmp_path / "b" / "in.parquet", as_bytes(digits(1)))
    with pytest.raises(InklingError, match="have the same name"):
        answered([given, other], str(tmp_path / "out"))
    with pytest.raises(InklingError, match="named twice"):
        answered([given, given], str(tmp_path / "out"))
    (tmp_path / "file").write_text("")
    with pytest.raises(InklingError, match="can't be used"):
        answered([given], str(tmp_path / "file"))


def test_a_file_that_has_changed_since_is_refused(tmp_path: Path) -> None:
    given = parquet(tmp_path / "in.parquet", as_bytes(digits(9)))
    plan = blocks.begin([given], MODEL, str(tmp_path / "out"))
    parquet(tmp_path / "in.parquet", as_bytes(digits(3)))
    with pytest.raises(InklingError, match="has changed"):
        blocks.answer(Corner(), plan.missing[1], plan.out)  # type: ignore[arg-type]


def test_when_it_is_by_blocks(tmp_path: Path) -> None:
    assert not blocks.is_for(["test.csv"], "submission.csv")
    assert not blocks.is_for(["a.csv", "pictures"], "answers")
    assert blocks.is_for(["test.csv", "more.Parquet"], "answers")
    assert blocks.is_for(["s3://bucket/test.csv"], "answers")
    assert blocks.is_for(["test.csv"], "s3://bucket/answers")
    assert blocks.is_for(["test.csv"], "answers/")
    assert blocks.is_for(["test.csv"], str(tmp_path))
