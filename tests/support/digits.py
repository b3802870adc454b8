"""Digits to train and to test on: few, so that it takes seconds."""

import io
import os
from pathlib import Path

import numpy as np

from model.data import synthetic
from model.data.datasets import load_test
from model.data.samples import LabelledSamples
from tests.support.command_line import ROOT


def mnist() -> Path | None:
    """MNIST's file, if it is at hand: in the variable MNIST_PATH or beside the project."""
    given = os.environ.get("MNIST_PATH")
    path = Path(given) if given else ROOT.parent / "shared" / "data" / "mnist.npz"
    return path if path.exists() else None


def to_test_on(count: int) -> LabelledSamples:
    """MNIST's first test digits where they are at hand, else some that the project draws."""
    if path := mnist():
        split = load_test(str(path))
        return LabelledSamples(split.images[:count], split.labels[:count])
    return LabelledSamples(*synthetic.make(count, 11))


def npz(count: int, shift: int = 0) -> bytes:
    """An .npz of `count` synthetic digits to train on and some to test on, each labelled as the
    one that comes `shift` after it."""
    content = io.BytesIO()
    arrays: dict[str, np.ndarray] = {}
    for split, size, seed in (("train", count, 11), ("test", count // 6, 12)):
        images, labels = synthetic.make(size, seed)
        arrays |= {f"x_{split}": images, f"y_{split}": (labels + shift) % 10}
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()
