"""What the charts and the tables of a training show."""

import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.runs.records import Progress
from model.runs.run import Run
from model.runs.status import State, write
from model.training.recipes import RECIPES
from tests.support import records
from ui.train import charts, figures


def batches(count: int) -> list[Progress]:
    """Two epochs, so many batches in all, one in half a second."""
    half = count // 2
    return [
        Progress(
            "training", 1 + n // half, 1 + n % half, half, n / 2, None, 1 / (n + 1), 0.5, 0.01, 2.0
        )
        for n in range(2 * half)
    ]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = Run(tmp_path)
    run.write_config(records.config())
    return run


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


def test_an_epoch_is_a_point_on_both_lines_and_a_batch_on_one(run: Run) -> None:
    run.write_log(batches(10))
    run.write_history(records.history(2))
    frame = charts.figures(run.snapshot())
    counts = frame.groupby(["kind", "series"]).size().to_dict()
    assert counts == {
        ("batch", "Training"): 10,
        ("epoch", "Training"): 2,
        ("epoch", "Validation"): 2,
        ("point", "Training"): 2,
        ("point", "Validation"): 2,
    }
    within = frame[frame.kind == "batch"]
    assert list(within.part) == [1] * 5 + [2] * 5  # a line an epoch
    assert set(within.rate) == {0.01}
    assert list(within.speed[1:]) == [2 * RECIPES["quick"].batch_size] * 9


def test_smoothing_leaves_the_points_and_begins_with_each_epoch(run: Run) -> None:
    run.write_log(batches(10))
    run.write_history(records.history(8))
    plain, smooth = (charts.figures(run.snapshot(), weight) for weight in (0.0, 0.9))
    for frame, kind in ((smooth, "point"), (plain, "epoch")):
        expected = plain[plain.kind == "point"].loss.tolist()
        assert frame[frame.kind == kind].loss.tolist() == expected
    lines = smooth[(smooth.kind == "epoch") & (smooth.series == "Training")].loss.tolist()
    assert lines[0] == 1
    assert lines[1] == pytest.approx((0.9 * 1 + 0.5) / 1.9)
    within = smooth[smooth.kind == "batch"].loss.tolist()
    assert within[0] == 1
    assert within[5] == pytest.approx(1 / 6)  # the second epoch's first


def test_the_best_epoch_is_by_accuracy_then_by_loss(run: Run) -> None:
    accuracies, losses = [0.5, 0.8, 0.8, 0.7], [0.1, 0.3, 0.2, 0.1]
    history = [
        row._replace(val_accuracy=accuracy, val_loss=loss)
        for row, accuracy, loss in zip(records.history(4), accuracies, losses, strict=True)
    ]
    run.write_history(history)
    assert charts.best(charts.figures(run.snapshot()), ["Validation"]).epoch.tolist() == [3]


def test_a_loss_of_zero_has_a_place_on_the_logarithms(run: Run) -> None:
    run.write_log([records.step(0.5, loss=0.0)])
    assert charts.figures(run.snapshot()).loss.min() > 0


def test_before_the_first_figure_the_chart_has_its_columns(run: Run) -> None:
    frame = charts.figures(run.snapshot())
    assert len(frame) == 0
    assert {"epoch", "loss", "accuracy", "rate", "speed", "norm"} <= set(frame.columns)


def test_a_chart_has_room_for_what_comes_until_it_is_over(run: Run) -> None:
    def reach(epochs: int, done: int) -> int:
        run.write_config(records.config(replace(RECIPES["quick"], epochs=epochs)))
        run.write_history(records.history(done))
        return charts._epochs_shown(run.snapshot())

    lock = run.lock()
    try:
        assert run.state == State.RUNNING
        assert reach(2, 0) == 2
        assert reach(1000, 1) == 32
        assert reach(1000, 33) == 64
        assert reach(50, 33) == 50
    finally:
        write(run.folder, State.STOPPED)
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
