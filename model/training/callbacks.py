"""What a training does besides learning: say where it is, keep its state, watch, stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from model.data.samples import CLASSES
from model.files import npz
from model.runs.records import EpochRow, Progress
from model.runs.run import CHECKPOINT, Run
from model.training.gradient_norm import GradientNorm

TRUE_LOSS = "cross_entropy"  # the metric that is the loss without label smoothing
_UPDATE = 0.25  # seconds from one report to the next

Logs = Mapping[str, Any] | None


class Report(keras.callbacks.Callback):
    """Writes a row of progress.csv whenever a batch is done, four times a second at most, and the
    run's history after each epoch; there also how `drawing`, (28, 28) in [0, 1], is read then.

    The training goes on after `done` batches, of which an epoch has `batches`. `after` is how long
    the evaluation at the end will take, in times of a validation. `norm` knows the last gradient's.
    """

    def __init__(
        self,
        run: Run,
        epochs: int,
        batches: int,
        done: int,
        after: float,
        drawing: NDArray[np.float32] | None = None,
        norm: GradientNorm | None = None,
    ) -> None:
        super().__init__()
        self._run = run
        self._norm = norm
        self._epochs = epochs
        self._batches = batches
        self._after = after
        self._drawing = drawing
        before = run.snapshot()
        # A kill may have left rows from after the last checkpoint.
        self._rows = list(before.history[: done // batches])
        kept = [row for row in before.batches if row.position <= done / batches]
        now = [row.without_figures() for row in before.log[-1:]]
        run.write_log([*kept, *now])
        self._epoch = len(self._rows)
        self._first = done - self._epoch * batches  # the batch that the epoch goes on from
        self._earlier = sum(row.seconds for row in self._rows)
        elapsed = before.progress.elapsed if before.progress else 0.0
        self._broken_off = elapsed - self._earlier if self._first else 0.0  # seconds of its epoch
        self._epoch_began = time.perf_counter() - self._broken_off
        self._last = 0.0
        self._due = 0.0
        self._learning, self._learned = 0.0, 0  # seconds and batches of this sitting
        self._validation_began, self._validation = 0.0, 0.0

    @property
    def epochs_done(self) -> int:
        return len(self._rows)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch = epoch
        self._last = time.perf_counter()
        self._epoch_began = self._last - self._broken_off

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        now = time.perf_counter()
        if batch:  # an epoch's first waits for its data, and the very first is compiled
            self._learning += now - self._last
            self._learned += 1
        self._last = now
        if now >= self._due:
            self._due = now + _UPDATE
            self._note("training", self._first + batch + 1, _rounded(logs))

    def on_test_begin(self, logs: Logs = None) -> None:
        self._validation_began = time.perf_counter()
        self._note("validating", self._batches)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._validation = time.perf_counter() - self._validation_began
        seconds = round(time.perf_counter() - self._epoch_began, 3)
        figures = _rounded(logs)
        self._rows.append(
            EpochRow(
                epoch + 1,
                figures["loss"],
                figures["accuracy"],
                figures["val_loss"],
                figures["val_accuracy"],
                seconds,
                self._probabilities(),
            )
        )
        self._run.write_history(self._rows)
        # What comes between two epochs, as where it races in turns, takes none of its time.
        self._earlier, self._broken_off = self._earlier + seconds, 0.0
        self._epoch_began = time.perf_counter()
        self._note("training", self._batches)
        self._first = 0

    def _probabilities(self) -> tuple[float, ...] | None:
        if self._drawing is None:
            return None
        answer = np.asarray(self.model(self._drawing[None, ..., None], training=False))[0]
        return tuple(round(float(share), 6) for share in answer[:CLASSES])

    def _note(self, phase: str, batch: int, means: Mapping[str, float] | None = None) -> None:
        means = means or {}
        self._run.append_progress(
            Progress(
                phase,
                self._epoch + 1,
                batch,
                self._batches,
                round(self._earlier + time.perf_counter() - self._epoch_began, 2),
                self._remaining(batch),
                means.get("loss"),
                means.get("accuracy"),
                _significant(self.model.optimizer.learning_rate) if means else None,
                _significant(self._norm.latest) if means and self._norm else None,
            )
        )

    def _remaining(self, batch: int) -> float | None:
        if not self._learned:
            return None
        batches = (self._epochs - self._epoch) * self._batches - batch
        validations = self._epochs - len(self._rows) + self._after
        rate = self._learning / self._learned
        return round(batches * rate + validations * self._validation, 2)


class Checkpoint(keras.callbacks.Callback):
    """Keeps all it takes to go on: after each epoch, and whenever `save` is called.

    Keras 3.15's BackupAndRestore writes over its two files in place, weights and place apart; a
    kill in between damages one, for which `double_checkpoint` has a copy of the epoch before. It
    notes the batch, and begins the epoch anew all the same. Here it is one file, whole or not at
    all: weights, the state of the optimizer, of dropout's random numbers and of the metrics. Where
    in the epoch it is, the optimizer's count of steps says.
    """

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._metrics = list[NDArray[Any]]()  # of an epoch that is being validated
        self._carried = list[NDArray[Any]]()  # of the epoch that was broken off

    def restore(self, network: keras.Model, batch: tuple[Any, Any]) -> int:
        """Bring `network` to where it was, and say after how many batches; `batch` is any."""
        path = self._run.checkpoint_path
        if not path.exists():
            return 0
        network.test_on_batch(*batch)  # makes the metrics' variables
        network.optimizer.build(network.trainable_variables)
        with np.load(path, allow_pickle=False) as arrays:
            _assign(_state(network), _denumbered("state", arrays))
            self._carried = _denumbered("metrics", arrays)
        return int(network.optimizer.iterations)

    def restore_metrics(self, network: keras.Model) -> None:
        """Let the epoch that was broken off count on from there."""
        if len(self._carried) == len(network.metrics_variables):  # else another version's
            _assign(network.metrics_variables, self._carried)
        self._carried = []

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if self._carried:
            self.restore_metrics(self.model)

    def on_test_begin(self, logs: Logs = None) -> None:
        self._metrics = _values(self.model.metrics_variables)  # validation uses the same ones

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._metrics = []
        self._write([])  # the next epoch counts from nothing

    def save(self) -> None:
        self._write(self._metrics or _values(self.model.metrics_variables))

    def _write(self, metrics: list[NDArray[Any]]) -> None:
        arrays = {
            **_numbered("state", _values(_state(self.model))),
            **_numbered("metrics", metrics),
        }
        self._run.blobs.write(CHECKPOINT, npz(arrays, compressed=False))


class Stopped(KeyboardInterrupt):
    """The training was asked to stop, and its state is kept."""


class Stop(keras.callbacks.Callback):
    """Within `listening`, SIGTERM and Ctrl-C end the training at the next batch by `Stopped`."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        before = {kind: signal.signal(kind, self._ask) for kind in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)

    def _ask(self, kind: int, frame: FrameType | None) -> None:
        self._asked = True

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if self._asked:
            raise Stopped

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        if self._asked:
            raise Stopped


def _rounded(figures: Logs) -> dict[str, float]:
    """The figures, the losses without label smoothing."""
    rounded = {key: round(float(value), 6) for key, value in (figures or {}).items()}
    true = {
        key.replace(TRUE_LOSS, "loss"): value for key, value in rounded.items() if TRUE_LOSS in key
    }
    return rounded | true


def _significant(value: Any) -> float | None:
    """To four digits, of which the first is not 0."""
    return None if value is None else float(f"{float(value):.4g}")


def _state(network: keras.Model) -> list[keras.Variable]:
    return [*network.variables, *network.optimizer.variables]


def _values(variables: list[keras.Variable]) -> list[NDArray[Any]]:
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


def _assign(variables: list[keras.Variable], values: list[NDArray[Any]]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _numbered(name: str, arrays: list[NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"{name}{index}": array for index, array in enumerate(arrays)}


def _denumbered(name: str, arrays: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
    count = sum(key.startswith(name) for key in arrays)
    return [arrays[f"{name}{index}"] for index in range(count)]
