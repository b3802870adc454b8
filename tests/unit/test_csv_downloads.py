"""What is taken along as CSV: names of columns and numbers, nothing that a spreadsheet runs."""

import csv
import io
import re

import numpy as np
import pytest

from model.data import drawings, kaggle, synthetic
from model.data.drawings import SavedDrawing
from model.data.samples import Samples
from model.errors import InklingError
from model.inference import batch
from model.runs.rows import history_to_csv
from tests.support import records

NAME = re.compile(r"[A-Za-z]\w*")
NUMBER = re.compile(r"\d+(\.\d+)?(e-\d+)?")
FORMULA = "=1+1.png"


def holds_names_and_numbers(content: str) -> bool:
    head, *rows = csv.reader(io.StringIO(content))
    assert rows
    names = all(NAME.fullmatch(cell) or NUMBER.fullmatch(cell) for cell in head)
    return names and all(NUMBER.fullmatch(cell) for row in rows for cell in row)


def test_saved_drawings() -> None:
    images, labels = synthetic.make(3, seed=1)
    saved = [
        SavedDrawing(image, int(label), run=FORMULA)
        for image, label in zip(images, labels, strict=True)
    ]
    assert holds_names_and_numbers(drawings.to_csv(saved).decode())


def test_a_submission() -> None:
    assert holds_names_and_numbers(batch.submission(np.arange(10, dtype=np.uint8)).decode())


def test_a_history() -> None:
    assert holds_names_and_numbers(history_to_csv(records.history(3, drawing=(0.1,) * 10)))


def test_a_formula_in_the_place_of_a_pixel_is_refused() -> None:
    content = kaggle.to_csv(Samples(*synthetic.make(3, seed=1))).replace(b"\n", b"\n=", 1)
    file = io.BytesIO(content)
    file.name = FORMULA
    with pytest.raises(InklingError, match="wanted"):
        kaggle.read_csv(file)
