"""Digit files of every kind, read by one function.

A file's kind is told by its first bytes, not by its name: NumPy's `.npz`; the IDX files that MNIST
came in (http://yann.lecun.com/exdb/mnist); Kaggle's CSV. IDX and CSV may be gzipped.
"""

from pathlib import Path

import numpy as np

from model.data import idx
from model.data.archive import Source, is_folder, named, unpacked
from model.data.kaggle import read_csv
from model.data.npz import read_npz
from model.data.samples import Contents, Samples
from model.errors import InklingError
from model.language import Text

KINDS = Text("an .npz, IDX or Kaggle CSV file")

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
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
        return idx.read_folder(source)
    with unpacked(source) as stream:
        head = stream.read(1024)
    if not head:
        raise InklingError("{file} is empty; wanted: {kinds}.", file=named(source), kinds=KINDS)
    if head.startswith(_ZIP):
        return read_npz(source)
    if head.startswith(idx.MAGIC):
        return Contents(idx.read_pair(source))
    if _is_utf_16(head):
        raise InklingError(
            "{file} is UTF-16 text; wanted: a CSV saved as UTF-8.", file=named(source)
        )
    if b"\0" in head:
        raise InklingError(
            "{file} is of another kind; wanted: {kinds}.", file=named(source), kinds=KINDS
        )
    return Contents(read_csv(source))


def _is_utf_16(head: bytes) -> bool:
    """By its mark, or as plain English text: every other byte is 0, and none of the rest."""
    high, low = head[::2].count(0), head[1::2].count(0)
    return head.startswith(_UTF_16) or (min(high, low) == 0 and 4 * (high + low) > len(head))
