"""The IDX files that MNIST came in (http://yann.lecun.com/exdb/mnist), gzipped or not."""

import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.archive import LARGEST, Source, named, too_large, unpacked
from model.data.samples import CLASSES, Contents, Samples
from model.errors import InklingError
from model.language import Text
from model.preprocessing.framing import SIDE

MAGIC = b"\x00\x00"  # what an IDX file begins with
_IDX_BYTES = b"\x00\x00\x08"  # the magic of unsigned bytes, before the number of dimensions


def read_folder(folder: Path) -> Contents:
    """MNIST's IDX files: train-images and train-labels, and t10k-… if they are there."""
    found = [
        next((path for path in sorted(folder.glob(f"{name}-images*")) if path.is_file()), None)
        for name in ("train", "t10k")
    ]
    if found[0] is None:
        raise InklingError(
            "{file} holds no train-images-idx3-ubyte; wanted: a file, or a folder with "
            "MNIST's four IDX files.",
            file=named(folder),
        )
    train, *test = [read_pair(path) for path in found if path]
    return Contents(train, *test)


def read_idx(source: Source, labels_file: Source | None) -> Samples:
    """The digits of an IDX file of images, with the labels of another, if any; raises as `read`."""
    images = _idx_array(source, dimensions=3)
    if images.shape[1:] != (SIDE, SIDE) or not len(images):
        raise InklingError(
            "{file} holds images of shape {shape}; wanted: (N, {side}, {side}).",
            file=named(source),
            shape=images.shape,
            side=SIDE,
        )
    if labels_file is None:
        return Samples(images, None)
    labels = _idx_array(labels_file, dimensions=1)
    if len(labels) != len(images):
        raise InklingError(
            "{file} holds {count:,} labels; wanted: one for each of the "
            "{images:,} images beside it.",
            file=named(labels_file),
            count=len(labels),
            images=len(images),
        )
    if labels.max() >= CLASSES:
        index = int(np.argmax(labels >= CLASSES))
        raise InklingError(
            "{file} has {label} at item {item}; wanted: a label, a "
            "whole number from 0 to {classes}.",
            file=named(labels_file),
            label=labels[index],
            item=index + 1,
            classes=CLASSES - 1,
        )
    return Samples(images, labels)


def read_pair(source: Source) -> Samples:
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
            kind = Text("images") if dimensions == 3 else Text("labels")
            raise InklingError(
                "{file} is no IDX file of {kind}; wanted: one that begins with "
                "0x0000080{dimensions} and {dimensions} sizes.",
                file=named(source),
                kind=kind,
                dimensions=dimensions,
            )
        shape = struct.unpack(f">{dimensions}I", header[4:])
        if math.prod(max(size, 1) for size in shape) > LARGEST:  # NumPy has its bounds for 0 too
            raise too_large(source)
        data = stream.read(math.prod(shape) + 1)
    if len(data) != math.prod(shape):
        amount = Text("less") if len(data) < math.prod(shape) else Text("more")
        raise InklingError(
            "{file} holds {amount} than its header says; wanted: shape {shape}.",
            file=named(source),
            amount=amount,
            shape=shape,
        )
    return np.frombuffer(data, np.uint8).reshape(shape).copy()
