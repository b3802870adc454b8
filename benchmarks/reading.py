"""Kaggle's CSV: this app's reader and the usual ways to read it.

    python -m benchmarks.reading

Files of 42,000 rows with labels and 28,000 without, as many as Kaggle's have, hold digits that the
project draws. Each way reads in a process of its own: seconds, median and range, and how far the
first read raises the process' memory, in multiples of the array of bytes that the file holds.
"""

import multiprocessing
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from benchmarks import report
from model.data import datasets, synthetic
from model.data.kaggle import PIXELS, to_csv
from model.data.samples import Samples
from model.files import write_whole

REPEATS = 7
ROWS = {"train.csv": 42_000, "test.csv": 28_000}
SLOW = "numpy.genfromtxt"  # by a minute; once will do

WAYS: dict[str, Callable[[Path], object]] = {
    "Inkling": datasets.read,
    "pandas.read_csv": pd.read_csv,
    "pandas.read_csv(dtype=uint8)": lambda path: pd.read_csv(path, dtype=np.uint8),
    "numpy.loadtxt(dtype=uint8)": lambda path: np.loadtxt(
        path, np.uint8, delimiter=",", skiprows=1
    ),
    "pyarrow.csv.read_csv(uint8)": lambda path: _by_arrow(path),
    SLOW: lambda path: np.genfromtxt(path, np.uint8, delimiter=",", skip_header=1),
}


def _by_arrow(path: Path) -> NDArray[np.uint8]:
    names = path.open().readline().strip().split(",")
    options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.uint8()))
    table = csv.read_csv(path, convert_options=options)
    return np.stack([column.to_numpy() for column in table.columns], axis=1)


def measured(way: str, path: Path) -> tuple[list[float], int]:
    """Seconds of each read, and by how many bytes the first raised the most memory ever held."""
    times = []
    before = _most_memory()
    for repeat in range(1 if way == SLOW else REPEATS):
        began = time.perf_counter()
        WAYS[way](path)
        times.append(time.perf_counter() - began)
        if repeat == 0:
            memory = _most_memory() - before
    return times, memory


def _most_memory() -> int:
    """The most bytes that this process held so far."""
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux' own ru_maxrss begins with that of the process which started this one.
    (line,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return 1024 * int(line)


def main() -> None:
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in ROWS.items():
            path = Path(folder) / name
            images, labels = synthetic.make(rows, seed=0)
            write_whole(path, to_csv(Samples(images, labels if name == "train.csv" else None)))
            figures[name] = {"rows": rows, "bytes": path.stat().st_size, "ways": _ways(path, rows)}
    report.save("reading", {"repeats": REPEATS, "files": figures})
    print(as_table())


def _ways(path: Path, rows: int) -> dict[str, Any]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, max_tasks_per_child=1) as processes:
        found = {way: processes.submit(measured, way, path).result() for way in WAYS}
    return {
        way: {
            "median": float(np.median(times)),
            "range": [min(times), max(times)],
            "memory": memory / (rows * PIXELS),
        }
        for way, (times, memory) in found.items()
    }


def as_table() -> str:
    kept = report.load("reading")
    rows = [
        [
            f"`{name}`, {file['rows']:,} rows",
            f"`{way}`",
            f"{figures['median']:.2f} s",
            f"{figures['range'][0]:.2f}–{figures['range'][1]:.2f}",
            f"{figures['memory']:.1f} ×",
        ]
        for name, file in (kept["files"] if kept else {}).items()
        for way, figures in file["ways"].items()
    ]
    return report.table(["file", "read by", "median", "range", "memory"], rows)


if __name__ == "__main__":
    main()
