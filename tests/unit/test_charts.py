"""What the charts and the tables of a training show."""

import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.runs.records import Progress
from model.runs.run import Run
from model.runs.status import State, write
from model.training.recipes import RECIPES
from tests.support import records
from ui.train import charts, figures


def batches(count: int) -> list[Progress]:
    """Two epochs, so many batches in all."""
    half = count // 2
    return [
        Progress("training", 1 + n // half, 1 + n % half, half, loss=1 / (n + 1), accuracy=0.5)
        for n in range(2 * half)
    ]


@given(st.integers(0, 5000))
def test_a_line_has_few_points_and_the_latest(count: int) -> None:
    rows = [[n] for n in range(count)]
    kept = charts.downsampled(rows)
    assert len(kept) <= 301
    assert kept[:1] == rows[:1]
    assert kept[-1:] == rows[-1:]
    assert kept == sorted(kept)
    if count <= 300:
        assert kept == rows


def test_an_epoch_is_a_point_on_both_lines_and_a_batch_on_one() -> None:
    frame = charts.figures(batches(10), records.history(2))
    counts = frame.groupby(["kind", "split"]).size().to_dict()
    assert counts == {
        ("batch", "Training"): 10,
        ("epoch", "Training"): 2,
        ("epoch", "Validation"): 2,
    }
    within = frame[frame.kind == "batch"]
    assert list(within.part) == [1] * 5 + [2] * 5  # a line an epoch


def test_a_loss_of_zero_has_a_place_on_the_logarithms() -> None:
    assert charts.figures([records.step(0.5, loss=0.0)], []).loss.min() > 0


def test_before_the_first_figure_the_chart_has_its_columns() -> None:
    frame = charts.figures([], [])
    assert len(frame) == 0
    assert {"epoch", "loss", "accuracy"} <= set(frame.columns)


def test_a_chart_has_room_for_what_comes_until_it_is_over(tmp_path: Path) -> None:
    def reach(epochs: int, done: int) -> int:
        run.write_config(records.config(replace(RECIPES["quick"], epochs=epochs)))
        run.write_history(records.history(done))
        return charts._epochs_shown(run.snapshot())

    run = Run(tmp_path)
    lock = run.lock()
    try:
        assert run.state == State.RUNNING
        assert reach(2, 0) == 2
        assert reach(1000, 1) == 32
        assert reach(1000, 33) == 64
        assert reach(50, 33) == 50
    finally:
        write(tmp_path, State.STOPPED)
        os.close(lock)
    assert reach(1000, 13) == 13
    assert reach(1000, 0) == 1


def test_the_table_lists_the_epochs_and_where_the_next_has_come_to() -> None:
    table = figures.history(records.history(2), records.step(2.25, 0.1, 0.9))
    cells = re.findall("<tr><td>([^<]*)</td>", table)
    assert cells == ["1", "2", "2.25"]
    assert "90.00 %" in table
    assert figures.history(records.history(200)).count("<tr><td>") == 50


def test_the_drawings_table_has_a_column_for_each_epoch_to_come() -> None:
    rows = records.history(1, drawing=(0.1,) * 10)
    drawing = np.zeros((28, 28), np.float32)
    assert figures.drawing(drawing, rows, epochs=3).count("<td") == 1 + 10 * 3
    assert figures.drawing(drawing, rows, epochs=1000).count("<td") == 1 + 10 * 50


def test_the_matrix_of_confusion_leaves_out_what_never_happened() -> None:
    counts = np.diag(np.arange(10)).tolist()
    counts[3][5] = 2
    table = figures.confusion("On <these>", counts)
    assert "On &lt;these&gt;" in table
    assert table.count('class="wrong"') == 90
    assert re.findall(r'class="wrong" style="--p:([1-9.][\d.]*)">(\d+)<', table) == [("1.000", "2")]
