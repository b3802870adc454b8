"""`inkling submit`: Kaggle's test.csv in, submission.csv out."""

from pathlib import Path

import numpy as np
import pytest

from model.data import synthetic
from model.data.kaggle import to_csv
from model.data.samples import LabelledSamples, Samples
from model.inference import classifier
from model.inference.metrics import evaluate
from model.preprocessing.pixels import to_float32
from model.runs.run import Run
from model.settings import PRETRAINED
from tests.support.command_line import command
from tests.support.digits import to_test_on

COUNT = 2000


@pytest.fixture(scope="module")
def digits() -> LabelledSamples:
    return to_test_on(COUNT)


@pytest.fixture
def test_csv(tmp_path: Path, digits: LabelledSamples) -> Path:
    path = tmp_path / "test.csv"
    path.write_bytes(to_csv(Samples(digits.images, None)))
    return path


def submitted(path: Path) -> np.ndarray:
    """The labels of a submission, which counts its images from 1."""
    head, *rows = path.read_text().splitlines()
    assert head == "ImageId,Label"
    numbers, labels = zip(*(row.split(",") for row in rows), strict=True)
    assert list(map(int, numbers)) == list(range(1, len(rows) + 1))
    return np.array(labels, np.uint8)


def own_accuracy(model: Path, digits: LabelledSamples) -> float:
    images = to_float32(digits.images)
    return evaluate(classifier.load(model).probabilities(images), digits.labels).accuracy


def test_a_submission_is_as_accurate_as_the_model(
    tmp_path: Path, test_csv: Path, digits: LabelledSamples
) -> None:
    out = tmp_path / "mine.csv"
    done = command("submit", test_csv, "-o", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{out}\n"
    labels = submitted(out)
    accuracy = float((labels == digits.labels).mean())
    assert accuracy == pytest.approx(own_accuracy(PRETRAINED, digits))
    assert accuracy > 0.9


def test_from_train_csv_to_a_submission_by_the_run(
    tmp_path: Path, test_csv: Path, digits: LabelledSamples
) -> None:
    train = tmp_path / "train.csv"
    images, labels = synthetic.make(1500, 12)
    train.write_bytes(to_csv(Samples(images, labels)))
    home = {"INKLING_HOME": str(tmp_path / "home")}
    done = command("train", "--data", train, "--epochs", 1, **home)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "home" / "runs").iterdir()
    for name in (folder.name, folder):
        out = tmp_path / f"{folder.name}.csv"
        done = command("submit", "--model", name, test_csv, "-o", out, **home)
        assert done.returncode == 0, done.stderr
        accuracy = float((submitted(out) == digits.labels).mean())
        assert accuracy == pytest.approx(own_accuracy(Run(folder).model_path, digits))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"label,pixel0\n", "row 1 has 2 columns with label; wanted: 785"),
        (b"", "is empty"),
        ("label".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_bad_file_is_one_line_and_leaves_the_submission_there_was(
    tmp_path: Path, content: bytes, part: str
) -> None:
    bad, out = tmp_path / "bad.csv", tmp_path / "submission.csv"
    bad.write_bytes(content)
    out.write_text("before")
    done = command("submit", bad, "-o", out)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert part in done.stderr
    assert out.read_text() == "before"


def test_a_submission_that_cannot_be_written_is_one_line(tmp_path: Path, test_csv: Path) -> None:
    done = command("submit", test_csv, "-o", tmp_path / "nowhere" / "submission.csv")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "can't be written" in done.stderr


def test_pictures_that_are_left_out_are_named(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    out = tmp_path / "submission.csv"
    done = command("submit", tmp_path, "-o", out)
    assert done.returncode == 2
    assert "bad.png”: The picture can't be read" in done.stderr
