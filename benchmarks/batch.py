"""From test.csv to submission.csv: this app's way and a notebook's.

    python -m benchmarks.batch

A test.csv of 28,000 digits that the project draws, as many as Kaggle's has, is read, answered and
written, each way in turn in one process with the same network: seconds, median and range.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import report
from model.data import synthetic
from model.data.kaggle import to_csv
from model.data.samples import Samples
from model.inference import batch, classifier
from model.inference.classifier import Classifier
from model.settings import PRETRAINED

ROWS = 28_000
ROUNDS = 5

Times = dict[str, float]


class Stopwatch:
    """What each step of a round took, in seconds."""

    def __init__(self) -> None:
        self.times: Times = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.times[name] = time.perf_counter() - began


def inkling(path: Path, reader: Classifier) -> tuple[np.ndarray, Times]:
    watch = Stopwatch()
    with watch.step("load"):
        images = batch.read([path])[0].images
    with watch.step("predict"):
        digits = batch.predict(reader, images).argmax(axis=1).astype(np.uint8)
    with watch.step("write"):
        path.with_name("submission.csv").write_bytes(batch.submission(digits))
    return digits, watch.times


def notebook(path: Path, reader: Classifier) -> tuple[np.ndarray, Times]:
    """As Kaggle's notebooks do it."""
    watch = Stopwatch()
    with watch.step("load"):
        images = pd.read_csv(path).to_numpy().reshape(-1, 28, 28, 1) / 255.0
    with watch.step("predict"):
        digits = np.argmax(reader.network.predict(images, verbose=0), axis=1)
    with watch.step("write"):
        numbers = pd.Series(range(1, ROWS + 1), name="ImageId")
        table = pd.concat([numbers, pd.Series(digits, name="Label")], axis=1)
        table.to_csv(path.with_name("submission.csv"), index=False)
    return digits, watch.times


WAYS: dict[str, Callable[[Path, Classifier], tuple[np.ndarray, Times]]] = {
    "Inkling": inkling,
    "`pandas.read_csv`, `model.predict`": notebook,
}


def main() -> None:
    reader = classifier.load(PRETRAINED)
    found: dict[str, list[Times]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test.csv"
        path.write_bytes(to_csv(Samples(synthetic.make(ROWS, 1)[0], None)))
        for _ in range(ROUNDS + 1):
            digits = {}
            for name, way in WAYS.items():
                digits[name], times = way(path, reader)
                found[name].append(times | {"all": sum(times.values())})
            first, *others = digits.values()
            assert all(np.mean(first == other) > 0.9999 for other in others)
    figures = {
        name: {
            step: {
                "median": float(np.median([times[step] for times in rounds[1:]])),
                "range": [float(pick(times[step] for times in rounds[1:])) for pick in (min, max)],
            }
            for step in rounds[0]
        }
        for name, rounds in found.items()  # the first round warms up
    }
    report.save("batch", {"rows": ROWS, "rounds": ROUNDS, "ways": figures})
    print(as_table())


def as_table() -> str:
    kept = report.load("batch")
    steps = ["load", "predict", "write", "all"]
    rows = [
        [name, *[_cell(way[step]) for step in steps]]
        for name, way in (kept["ways"] if kept else {}).items()
    ]
    return report.table(["28,000 digits", *steps], rows)


def _cell(step: dict[str, Any]) -> str:
    low, high = step["range"]
    return f"{step['median']:.2f} s ({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    main()
