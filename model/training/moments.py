"""Looks at a network while it learns, for a replay: how it reads some digits that it is not shown.

Ten times in the first epoch, when most happens, and after each epoch; of very many epochs after
every second, fourth, and so on. A look takes the time of one batch of the training.
"""

from __future__ import annotations

from typing import NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from model.data.samples import LabelledSamples
from model.preprocessing.pixels import to_float32, to_uint8
from model.runs import replay
from model.runs.replay import Replay, Sample
from model.runs.run import Run
from model.training.callbacks import Logs

SAMPLE = 500  # digits, as many of each
IN_FIRST_EPOCH = 10

_MOST = 60  # moments after the first epoch's that are kept
_FEATURES = 256  # of a digit, at most; of more, as many random mixtures
_FILTERS = 32  # of the first layer, at most
_SIDE = 28

Features = NDArray[np.float32]


class _Moment(NamedTuple):
    """How a network is then; its `answers` and `features` with the drawing's as the last."""

    position: float
    answers: NDArray[np.uint8]
    features: NDArray[np.float16]
    filters: NDArray[np.uint8]


class Moments(keras.callbacks.Callback):
    """Notes how `run` reads a sample of `split`, and the watched `drawing`, (28, 28) in [0, 1].

    The training goes on after `done` batches, of which an epoch has `batches`.
    """

    def __init__(
        self,
        run: Run,
        split: LabelledSamples,
        answers: int,
        epochs: int,
        batches: int,
        done: int,
        drawing: NDArray[np.float32] | None = None,
    ) -> None:
        super().__init__()
        self._run = run
        self._epochs = epochs
        self._first = done  # of the batches, where the epoch at hand goes on
        self._batches = batches
        self._due = first_epoch(batches)
        self._sample = replay.read_sample(run.blobs) or sample(split, answers)
        images = [self._sample.images, *([to_uint8(drawing)[None]] if drawing is not None else [])]
        self._inputs = to_float32(np.concatenate(images))[..., None]
        self._moments = list[_Moment]()
        self._places: Features | None = None  # of the last moment, as they were shown
        if done:
            self._take_up(done / batches)
        else:
            replay.write_sample(run.blobs, self._sample)

    def on_train_begin(self, logs: Logs = None) -> None:
        if not self._moments:
            self._look(self._first / self._batches)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        done = self._first + batch + 1
        if done in self._due:
            self._look(done / self._batches)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        self._due, self._first = frozenset(), 0
        done = epoch + 1
        if done % stride(done) == 0 or done == self._epochs:
            self._look(float(done))

    def _take_up(self, position: float) -> None:
        """Go on with what was noted until there; a kill may have left more."""
        files = self._run.blobs
        before, features = replay.read(files), replay.read_features(files)
        if position >= 1:
            self._due = frozenset()
        if before is None or features is None or len(features) != len(before):
            return
        answers = np.column_stack([before.answers, before.drawing[:, 2:]]).astype(np.uint8)
        noted = zip(before.positions, answers, features, before.filters, strict=True)
        self._moments = [
            _Moment(float(at), *others) for at, *others in noted if float(at) <= position
        ]

    def _look(self, position: float) -> None:
        step = stride(int(position))  # once every so many epochs are enough, those between go
        self._moments = [
            one for one in self._moments if one.position < 1 or not one.position % step
        ]
        hidden, answers = _seen(self.model, self._inputs)
        seen = np.clip(np.nan_to_num(_few(hidden)), -6e4, 6e4).astype(np.float16)
        self._moments.append(_Moment(position, answers, seen, first_filters(self.model)))
        self._write()

    def _write(self) -> None:
        positions, answers, features, filters = map(np.stack, zip(*self._moments, strict=True))
        places = plane(features, self._places)
        self._places = places[-1]
        count = len(self._sample.images)
        drawn = np.concatenate([places[:, count:], answers[:, count:, None]], axis=2)
        replay.write(
            self._run.blobs,
            Replay(
                positions=positions.astype(np.float32),
                answers=answers[:, :count],
                places=places[:, :count].astype(np.float16),
                drawing=drawn.reshape(len(places), -1).astype(np.float32),
                filters=filters,
            ),
            features,
        )


def first_epoch(batches: int) -> frozenset[int]:
    """After which batches of the first epoch to look: densest at its beginning; its end is the
    epoch's own."""
    shares = np.linspace(0, 1, IN_FIRST_EPOCH + 1)[1:] ** 2
    found = {max(1, round(float(share) * batches)) for share in shares}
    return frozenset(found - {batches})


def stride(epoch: int) -> int:
    """After every how many epochs to look, so that there are _MOST moments at most."""
    step = 1
    while epoch // step > _MOST:
        step *= 2
    return step


def sample(split: LabelledSamples, answers: int) -> Sample:
    """SAMPLE of the split's digits, the same ones each time, as many of each as there are."""
    rng = np.random.default_rng(0)
    chosen = np.concatenate(
        [
            rng.permutation(np.flatnonzero(split.labels == label))[: SAMPLE // answers]
            for label in range(answers)
        ]
    )
    return Sample(split.images[chosen], split.labels[chosen], np.array(answers, np.uint8))


def plane(features: NDArray[np.floating], before: Features | None = None) -> Features:
    """(F, N, features) → (F, N, 2): the two directions in which the last moment's features are
    spread most (principal components), and all moments seen in these; turned so that the last but
    one is as it was `before`, if that is known, as nothing is to turn around while one watches."""
    every = features.astype(np.float32)
    mean = every[-1].mean(axis=0)
    centred = every[-1] - mean
    _, axes = np.linalg.eigh(centred.T @ centred)
    places: Features = (every - mean) @ axes[:, ::-1][:, :2]
    spread = float(np.abs(places[-1]).max())
    places /= spread if spread > 0 else 1.0
    if before is not None and len(places) > 1:
        left, _, right = np.linalg.svd(places[-2].T @ before)
        places = places @ (left @ right)
    return places


def first_filters(network: keras.Model) -> NDArray[np.uint8]:
    """The weights of the first layer that has any, (M, height, width), 128 for 0; of one that
    looks at all pixels at once, at 28×28 of them."""
    layer = next(layer for layer in network.layers if getattr(layer, "kernel", None) is not None)
    kernel = keras.ops.convert_to_numpy(layer.kernel).astype(np.float32)
    if kernel.ndim == 2:
        kernel = kernel.reshape(_SIDE, _SIDE, 1, -1)
    weights = np.moveaxis(kernel[:, :, 0, :_FILTERS], 2, 0)
    weights = np.nan_to_num(weights)
    strongest = float(np.abs(weights).max()) or 1.0
    return np.asarray(np.round(127 * weights / strongest) + 128, np.uint8)


def _seen(network: keras.Model, inputs: Features) -> tuple[Features, NDArray[np.uint8]]:
    """What the last layer is given of each digit, and what it answers. Layer by layer, as a
    traced function would take longer to make than all its calls."""
    values = inputs
    for layer in network.layers[:-1]:
        values = layer(values, training=False)
    hidden = np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(values, "float32")))
    answers = keras.ops.convert_to_numpy(network.layers[-1](values)).argmax(axis=1)
    return hidden.reshape(len(inputs), -1), answers.astype(np.uint8)


def _few(features: Features) -> Features:
    """Of many features random mixtures, between which the distances are about the same (Johnson
    and Lindenstrauss, 1984)."""
    count = features.shape[1]
    if count <= _FEATURES:
        return features
    mix = np.random.default_rng(0).standard_normal((count, _FEATURES), np.float32)
    mixed: Features = features @ (mix / np.sqrt(_FEATURES))
    return mixed
