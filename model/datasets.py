"""A few words on the command line → digits to train, validate and test on."""

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model import synthetic
from model.errors import InklingError
from model.readers import read, read_contents
from model.samples import Contents, Samples, Split

__all__ = ["Dataset", "Samples", "Split", "load", "read", "without"]

SPECS = "mnist, synthetic, synthetic:COUNT, a file or a folder, or several joined by +"

MNIST_TRAIN = 60_000  # images that MNIST gives to train on
MNIST_VALIDATION = 5_000  # the last of them, which no run trains on
SYNTHETIC_TRAIN = 60_000
MOST_SYNTHETIC = 600_000
# Drawn with seeds of their own, no digit of one split comes back in another.
SYNTHETIC_SEEDS = {"train": 1, "validation": 2, "test": 3}

_SPLIT_SEED = 20
_SHARE = 10  # one digit in so many is set apart to validate on, and as many to test on


@dataclass(frozen=True, eq=False)
class Dataset:
    """Digits to train on, to choose by, and to state the accuracy on; never the same ones.

    `fingerprint` is 12 hex digits of a SHA-256 over all images and labels.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    fingerprint: str


def load(spec: str) -> Dataset:
    """The dataset that `spec` names.

    - `mnist`: the file or folder in the variable MNIST_PATH; without one, Keras' download, kept in
      its cache. The last 5,000 training images are for validation, as in every file with 60,000.
    - `synthetic`: 60,000 digits drawn by `model.synthetic`, 5,000 for validation, 10,000 to test;
      `synthetic:6000` a tenth of each.
    - the path of whatever `read` reads, with labels. What the file itself does not set apart is:
      a tenth of each digit for validation, and where it has no test digits, a tenth to test on.
    - several of these joined by `+`, joined split by split. A digit that one of them trains on is
      left out where another has that very image for validation or test.

    The same spec and files always give the same splits. Raises InklingError.
    """
    parts = [_load_one(name) for name in _names(spec)]
    if len(parts) == 1:
        splits = parts[0]
    else:
        train, validation, test = (_joined(splits) for splits in zip(*parts, strict=True))
        validation = without(validation, test)
        splits = (without(without(train, validation), test), validation, test)
    if not all(len(split) for split in splits):
        raise InklingError(
            f"“{spec}” has too few digits to train, validate and test on; wanted: 3 at least."
        )
    name = "+".join(Path(name).name for name in _names(spec))
    return Dataset(name, *splits, fingerprint=_fingerprint(splits))


def without(split: Split, other: Samples) -> Split:
    """`split` without the images that `other` has too, pixel for pixel."""
    taken = {image.tobytes() for image in other.images}
    keep = np.array([image.tobytes() not in taken for image in split.images], bool)
    return split if keep.all() else _chosen(split, keep)


Splits = tuple[Split, Split, Split]  # to train on, to validate on, to test on


def _names(spec: str) -> list[str]:
    """The parts of `spec`; a path may have a + in it."""
    names = [spec] if _existing(spec) else [name.strip() for name in spec.split("+")]
    if not all(names):
        raise InklingError(f"“{spec}” leaves a name empty; wanted: {SPECS}.")
    return names


def _existing(name: str) -> Path | None:
    try:
        path = Path(name).expanduser()
        return path if path.exists() else None
    except (OSError, RuntimeError):  # too long for a name; the ~ of nobody
        return None


def _load_one(name: str) -> Splits:
    if name == "mnist":
        return _apart(_mnist(), name)
    keyword, _, count = name.partition(":")
    if keyword == "synthetic":
        return _synthetic(count if count or name.endswith(":") else str(SYNTHETIC_TRAIN))
    path = _existing(name)
    if path is None:
        raise InklingError(f"“{name}” is no file or folder; wanted: {SPECS}.")
    return _apart(read_contents(path), name)


def _synthetic(count: str) -> Splits:
    if not re.fullmatch("[0-9]{1,9}", count, re.ASCII) or not 12 <= int(count) <= MOST_SYNTHETIC:
        raise InklingError(
            f"“synthetic:{count}” has a wrong count; wanted: a whole number of digits to train "
            f"on, from 12 to {MOST_SYNTHETIC:,}."
        )
    train = int(count)
    sizes = {"train": train, "validation": train // 12, "test": train // 6}
    made = [Split(*synthetic.make(size, SYNTHETIC_SEEDS[name])) for name, size in sizes.items()]
    return made[0], made[1], made[2]


def _mnist() -> Contents:
    """MNIST from the file in MNIST_PATH, or from Keras, which downloads it once."""
    path = os.environ.get("MNIST_PATH")
    if not path:
        return _downloaded()
    try:
        return read_contents(Path(path))
    except InklingError as error:
        raise InklingError(f"The variable MNIST_PATH can't be used: {error}") from error


def _downloaded() -> Contents:
    import keras

    try:
        # Keras shows its progress on stdout, which belongs to a command's results.
        with contextlib.redirect_stdout(sys.stderr):
            train, test = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras raises just that when a download fails
        raise InklingError(
            f"MNIST can't be downloaded ({error}); wanted: a network, or --data synthetic, which "
            "needs none, or a file of digits by --data FILE or the variable MNIST_PATH."
        ) from error
    return Contents(Samples(*train), Samples(*test))


def _apart(contents: Contents, name: str) -> Splits:
    """The splits of a file, those made that it does not have."""
    train = _labelled(contents.train, name)
    if len(train) == MNIST_TRAIN:
        held = np.arange(MNIST_TRAIN) >= MNIST_TRAIN - MNIST_VALIDATION
    else:
        held = _every_tenth(train.labels)
    train, validation = _chosen(train, ~held), _chosen(train, held)
    if contents.test is not None:
        return train, validation, _labelled(contents.test, name)
    held = _every_tenth(train.labels)
    return _chosen(train, ~held), validation, _chosen(train, held)


def _labelled(samples: Samples, name: str) -> Split:
    if samples.labels is None:
        raise InklingError(f"“{name}” has no labels; wanted: digits with their labels.")
    return Split(samples.images, samples.labels)


def _every_tenth(labels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """A mask (N,) over a random tenth of each digit, the same for the same labels."""
    order = np.random.default_rng(_SPLIT_SEED).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    mask = np.zeros(len(labels), bool)
    mask[order[::_SHARE]] = True
    return mask


def _chosen(split: Split, mask: NDArray[np.bool_]) -> Split:
    return Split(split.images[mask], split.labels[mask])


def _joined(splits: Sequence[Split]) -> Split:
    return Split(
        np.concatenate([split.images for split in splits]),
        np.concatenate([split.labels for split in splits]),
    )


def _fingerprint(splits: Splits) -> str:
    digest = hashlib.sha256()
    for split in splits:
        digest.update(len(split).to_bytes(8))
        digest.update(np.ascontiguousarray(split.images).data)
        digest.update(np.ascontiguousarray(split.labels).data)
    return digest.hexdigest()[:12]
