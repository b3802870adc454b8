"""What a training does besides learning: say where it is, keep its state, watch, stop."""

from __future__ import annotations

import io
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
from model.files import write_whole
from model.runs.run import Run

_UPDATE = 0.25  # seconds from one report to the next

Logs = Mapping[str, Any] | None


class Report(keras.callbacks.Callback):
    """Writes history.csv after each epoch; in between, four times a second, progress.json and a
    row of batches.csv.

    The training goes on after `done` batches. `after` is how long the evaluation at the end will
    take, in times of a validation.
    """

    def __init__(self, run: Run, epochs: int, batches: int, done: int, after: float) -> None:
        super().__init__()
        self._run = run
        self._epochs = epochs
        self._batches = batches
        self._after = after
        # A kill may have left rows, or a part of one, from after the last checkpoint.
        self._rows = run.history[: done // batches]
        run.write_batches([row for row in run.batches if row["epoch"] <= done / batches])
        self._epoch = len(self._rows)
        self._first = done - self._epoch * batches  # the batch that the epoch goes on from
        self._earlier = sum(row["seconds"] for row in self._rows)
        broken_off = run.progress.get("elapsed", 0.0) - self._earlier if self._first else 0.0
        self._began = self._epoch_began = time.perf_counter() - broken_off
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
        if not self._first:
            self._epoch_began = self._last

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        now = time.perf_counter()
        if batch:  # an epoch's first waits for its data, and the very first is compiled
            self._learning += now - self._last
            self._learned += 1
        self._last = now
        if now >= self._due:
            self._due = now + _UPDATE
            done = self._first + batch + 1
            share = round(self._epoch + done / self._batches, 5)
            self._run.append_batch({"epoch": share, **_rounded(logs)})
            self._say("training", done)

    def on_test_begin(self, logs: Logs = None) -> None:
        self._validation_began = time.perf_counter()
        self._say("validating", self._batches)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._validation = time.perf_counter() - self._validation_began
        seconds = round(time.perf_counter() - self._epoch_began, 3)
        self._rows.append({"epoch": epoch + 1, **_rounded(logs), "seconds": seconds})
        self._run.write_history(self._rows)
        self._say("training", self._batches)
        self._first = 0

    def _say(self, phase: str, batch: int) -> None:
        self._run.write_progress(
            {
                "phase": phase,
                "epoch": self._epoch + 1,
                "epochs": self._epochs,
                "batch": batch,
                "batches": self._batches,
                "elapsed": round(self._earlier + time.perf_counter() - self._began, 2),
                "remaining": self._remaining(batch),
            }
        )

    def _remaining(self, batch: int) -> float | None:
        if not self._learned:
            return None
        batches = (self._epochs - self._epoch) * self._batches - batch
        validations = self._epochs - len(self._rows) + self._after
        rate = self._learning / self._learned
        return round(batches * rate + validations * self._validation, 2)


class Watch(keras.callbacks.Callback):
    """Writes how one drawing, (28, 28) in [0, 1], is read after each epoch."""

    def __init__(self, run: Run, drawing: NDArray[np.float32], epochs_done: int) -> None:
        super().__init__()
        self._run = run
        self._drawing = drawing[None, ..., None]
        self._rows = run.drawing_history[:epochs_done]

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        answer = np.asarray(self.model(self._drawing, training=False))[0]
        shares = _rounded({str(digit): share for digit, share in enumerate(answer[:CLASSES])})
        self._rows.append({"epoch": epoch + 1, **shares})
        self._run.write_drawing_history(self._rows)


class Checkpoint(keras.callbacks.Callback):
    """Keeps all it takes to go on: after each epoch, and whenever `save` is called.

    Keras' BackupAndRestore writes over its files in place, which a kill leaves damaged, and
    begins the epoch anew. Here it is one file, whole or not at all: weights, the state of the
    optimizer, of dropout's random numbers and of the metrics. Where in the epoch it is, the
    optimizer's count of steps says.
    """

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._metrics = list[NDArray[Any]]()  # of an epoch that is being validated
        self._carried = list[NDArray[Any]]()  # of the epoch that was broken off

    def restore(self, network: keras.Model, batch: tuple[Any, Any]) -> int:
        """Bring `network` to where it was, and say after how many batches; `batch` is any."""
        if not self._run.checkpoint_path.exists():
            return 0
        network.test_on_batch(*batch)  # makes the metrics' variables
        network.optimizer.build(network.trainable_variables)
        with np.load(self._run.checkpoint_path, allow_pickle=False) as arrays:
            _assign(_state(network), _denumbered("state", arrays))
            self._carried = _denumbered("metrics", arrays)
        return int(network.optimizer.iterations)

    def restore_metrics(self, network: keras.Model) -> None:
        """Let the epoch that was broken off count on from there."""
        _assign(network.metrics_variables, self._carried)
        self._carried = []

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if self._carried:
            self.restore_metrics(self.model)

    def on_test_begin(self, logs: Logs = None) -> None:
        self._metrics = _values(self.model.metrics_variables)  # validation uses the same ones

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._metrics = []
        self.save()

    def save(self) -> None:
        content = io.BytesIO()
        np.savez(
            content,
            allow_pickle=False,
            **_numbered("state", _values(_state(self.model))),
            **_numbered("metrics", self._metrics or _values(self.model.metrics_variables)),
        )
        write_whole(self._run.checkpoint_path, content.getvalue())


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
    return {key: round(float(value), 6) for key, value in (figures or {}).items()}


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
