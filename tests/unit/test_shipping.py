"""What the network that ships learns from."""

from pathlib import Path

import numpy as np
import pytest

from model.data.npz import strokes_to_npz
from model.data.samples import NO_DIGIT_CLASS
from model.training import shipping
from model.training.shipping import Pens

LINE = np.array([(0, 0), (1, 40), (2, 80)], np.float32)
HOOK = np.array([(0, 0), (30, 10), (20, 60), (0, 80)], np.float32)
DOT = np.array([(5, 5)], np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A 1, a letter and a dot of split 0, a 7 of split 1."""
    path = tmp_path / "strokes.npz"
    path.write_bytes(strokes_to_npz([[LINE], [HOOK, LINE], [DOT], [HOOK]], [1, 107, 2, 7]))
    with np.load(path) as arrays:
        kept = dict(arrays)
    np.savez(path, allow_pickle=False, **kept, split=np.array([0, 0, 0, 1]))
    return path


def test_each_drawing_comes_in_its_variants_and_as_a_picture(path: Path) -> None:
    drawn = shipping.drawn_by(Pens(path, 3), 0)
    assert drawn.labels.tolist() == [1] * 4 + [NO_DIGIT_CLASS] * 4
    assert len({image.tobytes() for image in drawn.images}) == 8


def test_only_the_split_asked_for_is_drawn(path: Path) -> None:
    plain = shipping.drawn_by(Pens(path, 1), 1, pictures=0)
    assert plain.labels.tolist() == [7]


def test_the_same_file_gives_the_same_drawings(path: Path) -> None:
    once, again = (shipping.drawn_by(Pens(path, 3), 0).images for _ in range(2))
    np.testing.assert_array_equal(once, again)
