"""What the pages and the command line do with a file of each kind."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from model.data import datasets, drawings
from model.data.npz import read_strokes
from model.inference import batch
from model.preprocessing.drawing import Drawing
from model.preprocessing.link import from_link
from model.preprocessing.picture import read_picture

Reader = Callable[[bytes], object]

_AT_MOST = 8  # drawings of a file


class Upload(io.BytesIO):
    """What a visitor gave, as Streamlit hands it on."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


def _picture(content: bytes) -> None:
    """The Draw page's picture; `predict`."""
    assert Drawing.from_picture(read_picture(content)).segments


def _canvas(content: bytes) -> None:
    """The Draw page's sheet, as the browser sends it."""
    try:
        drawing: Any = json.loads(content)
    except (ValueError, RecursionError):  # Streamlit's to refuse, before any page sees it
        return
    if isinstance(drawing, dict):
        assert Drawing.from_canvas(drawing).segments


def _strokes(content: bytes) -> None:
    """`predict` for pen strokes."""
    strokes = read_strokes(Upload(content, "strokes.npz"))
    for index in range(min(len(strokes), _AT_MOST)):
        assert Drawing.from_strokes(strokes.sample(index)).segments


def _link(content: bytes) -> None:
    """A drawing in the Draw page's address."""
    from_link(content.decode(errors="replace"))


class _Model:
    """A model file, by `--model` or INKLING_MODEL: in memory, as the disk is the reader's."""

    def __init__(self) -> None:
        self._handle = os.memfd_create("model")
        self._path = Path(tempfile.mkdtemp()) / "network.keras"
        self._path.symlink_to(f"/proc/self/fd/{self._handle}")

    def __call__(self, content: bytes) -> None:
        from model.inference import classifier

        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, content, 0)
        classifier.load(self._path)


def _batch(name: str) -> Reader:
    """Dropped on the Batch page; `submit`."""
    return lambda content: batch.read([Upload(content, name)])


def _training(name: str) -> Reader:
    """Uploaded on the Train page; `--data`."""
    return lambda content: datasets.read(Upload(content, name))


def _drawings(name: str) -> Reader:
    """Brought to the Drawings page."""
    return lambda content: drawings.read(Upload(content, name))


def _digits(name: str) -> Sequence[Reader]:
    return [_batch(name), _training(name), _drawings(name)]


READERS: dict[str, Sequence[Reader]] = {
    "JPEG": [_picture],
    "PNG": [_picture],
    "WebP": [_picture],
    "GIF": [_picture],
    "BMP": [_picture],
    "TIFF": [_picture],
    "CSV": _digits("a.csv"),
    "gzip": _digits("a.csv.gz"),
    "zip": [_batch("a.zip")],
    "npz": _digits("a.npz"),
    "IDX": _digits("train-images-idx3-ubyte"),
    "strokes": [_strokes, *_digits("a.npz")],
    "canvas": [_canvas],
    "link": [_link],
    "keras": [_Model()],
}
"""By the kinds of files: whoever reads them."""
