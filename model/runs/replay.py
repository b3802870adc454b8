"""A training as it went: how some digits that it does not learn from are read at moments of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.blobs import Blobs
from model.files import arrays, npz
from model.runs import cache


@dataclass(frozen=True, eq=False)
class Sample:
    """The digits that are looked at, N of them: `images` (N, 28, 28) uint8, `labels` (N,) uint8,
    and how many answers the network has."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    answers: NDArray[np.uint8]  # ()


@dataclass(frozen=True, eq=False)
class Replay:
    """What there was at F moments.

    `positions` (F,) in epochs; `answers` (F, N), how each digit of the sample was read; `places`
    (F, N, 2), where it lies on a map of what the network makes of it before its last layer;
    `drawing` (F, 3), where the watched drawing lies and how it was read, or (F, 0);
    `filters` (F, M, height, width) uint8, of the first layer, 128 for a weight of 0.
    """

    positions: NDArray[np.float32]
    answers: NDArray[np.uint8]
    places: NDArray[np.float16]
    drawing: NDArray[np.float32]
    filters: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.positions)


Kind = TypeVar("Kind", Sample, Replay)


def read_sample(files: Blobs) -> Sample | None:
    """None where none was looked at: before the data are read, or in an earlier version's run."""
    return cache.read(files.path("sample.npz"), _sample)


def read(files: Blobs) -> Replay | None:
    """None before the first moment."""
    return cache.read(files.path("replay.npz"), _replay)


def read_features(files: Blobs) -> NDArray[np.float16] | None:
    """What the places are computed from, (F, N, features); None where it has finished."""
    return arrays(files.read("features.npz")).get("features")


def write_sample(files: Blobs, sample: Sample) -> None:
    files.write("sample.npz", npz(vars(sample)))


def write(files: Blobs, replay: Replay, features: NDArray[np.float16]) -> None:
    """Several times a second, so neither is compressed nor waits for the disk."""
    for name, content in (("features.npz", {"features": features}), ("replay.npz", vars(replay))):
        files.write(name, npz(content, compressed=False), durable=False)


def forget_features(files: Blobs) -> None:
    """Where no moment is to come any more."""
    files.remove("features.npz")


def _sample(content: bytes) -> Sample | None:
    return _made(Sample, content)


def _replay(content: bytes) -> Replay | None:
    return _made(Replay, content)


def _made(kind: type[Kind], content: bytes) -> Kind | None:
    found = arrays(content)
    return kind(**found) if set(found) == {field.name for field in fields(kind)} else None
