"""Digit files of every kind, read by one function.

A file's kind is told by its first bytes, not by its name: NumPy's `.npz`; the IDX files that MNIST
came in (http://yann.lecun.com/exdb/mnist); Kaggle's CSV. IDX and CSV may be gzipped.
"""

import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import InklingError
from model.kaggle import read_csv
from model.npz import read_npz
from model.preprocessing.framing import SIDE
from model.samples import CLASSES, Contents, Samples
from model.sources import LARGEST, Source, is_folder, named, too_large, unpacked

KINDS = "an .npz, IDX or Kaggle CSV file"

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_IDX = b"\x00\x00"
_IDX_BYTES = b"\x00\x00\x08"  # the magic of unsigned bytes, before the number of dimensions
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read(source: Source) -> Samples:
    """All digits of a file, or of a folder of MNIST's IDX files, in one.

    Where training and test digits are kept apart, those for training come first. Labels are None
    where there are none. Raises InklingError for what is no digit file, or damaged, or too large.
    """
    contents = read_contents(source)
    if contents.test is None:
        return contents.train
    train, test = contents.train, contents.test
    labels = None
    if train.labels is not None and test.labels is not None:
        labels = np.concatenate([train.labels, test.labels])
    return Samples(np.concatenate([train.images, test.images]), labels)


def read_contents(source: Source) -> Contents:
    """As `read`, with training and test digits apart where the file keeps them so."""
    if isinstance(source, Path) and is_folder(source):
        return _read_folder(source)
    with unpacked(source) as stream:
        head = stream.read(1024)
    if not head:
        raise InklingError(f"{named(source)} is empty; wanted: {KINDS}.")
    if head.startswith(_ZIP):
        return read_npz(source)
    if head.startswith(_IDX):
        return Contents(_read_idx(source))
    if _is_utf_16(head):
        raise InklingError(f"{named(source)} is UTF-16 text; wanted: a CSV saved as UTF-8.")
    if b"\0" in head:
        raise InklingError(f"{named(source)} is of another kind; wanted: {KINDS}.")
    return Contents(read_csv(source))


def _is_utf_16(head: bytes) -> bool:
    """By its mark, or as plain English text: every other byte is 0, and none of the rest."""
    high, low = head[::2].count(0), head[1::2].count(0)
    return head.startswith(_UTF_16) or (min(high, low) == 0 and 4 * (high + low) > len(head))


def _read_folder(folder: Path) -> Contents:
    """MNIST's IDX files: train-images and train-labels, and t10k-… if they are there."""
    found = [
        next((path for path in sorted(folder.glob(f"{name}-images*")) if path.is_file()), None)
        for name in ("train", "t10k")
    ]
    if found[0] is None:
        raise InklingError(
            f"{named(folder)} holds no train-images-idx3-ubyte; wanted: a file, or a folder with "
            "MNIST's four IDX files."
        )
    train, *test = [_read_idx(path) for path in found if path]
    return Contents(train, *test)


def read_idx(source: Source, labels_file: Source | None) -> Samples:
    """The digits of an IDX file of images, with the labels of another, if any; raises as `read`."""
    images = _idx_array(source, dimensions=3)
    if images.shape[1:] != (SIDE, SIDE) or not len(images):
        raise InklingError(
            f"{named(source)} holds images of shape {images.shape}; wanted: (N, {SIDE}, {SIDE})."
        )
    if labels_file is None:
        return Samples(images, None)
    labels = _idx_array(labels_file, dimensions=1)
    if len(labels) != len(images):
        raise InklingError(
            f"{named(labels_file)} holds {len(labels):,} labels; wanted: one for each of the "
            f"{len(images):,} images beside it."
        )
    if labels.max() >= CLASSES:
        index = int(np.argmax(labels >= CLASSES))
        raise InklingError(
            f"{named(labels_file)} has {labels[index]} at item {index + 1}; wanted: a label, a "
            f"whole number from 0 to {CLASSES - 1}."
        )
    return Samples(images, labels)


def _read_idx(source: Source) -> Samples:
    """The digits of an IDX file of images, with the labels in the file beside it, if any."""
    return read_idx(source, _labels_beside(source) if isinstance(source, Path) else None)


def _labels_beside(images: Path) -> Path | None:
    """`train-labels-idx1-ubyte` for `train-images-idx3-ubyte`, with `.gz` or without."""
    name = images.name.replace("images", "labels").replace("idx3", "idx1").removesuffix(".gz")
    candidates = [images.with_name(name), images.with_name(f"{name}.gz")]
    return next((path for path in candidates if "images" in images.name and path.is_file()), None)


def _idx_array(source: Source, dimensions: int) -> NDArray[np.uint8]:
    """The unsigned bytes of an IDX file, in an array of so many dimensions."""
    with unpacked(source) as stream:
        header = stream.read(4 + 4 * dimensions)
        if header[:4] != _IDX_BYTES + bytes([dimensions]) or len(header) < 4 + 4 * dimensions:
            kind = "images" if dimensions == 3 else "labels"
            raise InklingError(
                f"{named(source)} is no IDX file of {kind}; wanted: one that begins with "
                f"0x0000080{dimensions} and {dimensions} sizes."
            )
        shape = struct.unpack(f">{dimensions}I", header[4:])
        if math.prod(shape) > LARGEST:
            raise too_large(source)
        data = stream.read(math.prod(shape) + 1)
    if len(data) != math.prod(shape):
        amount = "less" if len(data) < math.prod(shape) else "more"
        raise InklingError(
            f"{named(source)} holds {amount} than its header says; wanted: shape {shape}."
        )
    return np.frombuffer(data, np.uint8).reshape(shape).copy()
