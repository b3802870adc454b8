"""What the network that ships learns from, and how it takes on another's calibration."""

from pathlib import Path

import keras
import numpy as np
import pytest

from model.data.npz import strokes_to_npz
from model.data.samples import CLASSES, NO_DIGIT_CLASS
from model.training import networks, shipping
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


def test_a_network_is_calibrated_as_another_was(tmp_path: Path) -> None:
    keras.utils.set_random_seed(4)
    plain, calibrated, other = (networks.build("small", CLASSES + 1) for _ in range(3))
    calibrated.set_weights(plain.get_weights())
    kernel, bias = plain.layers[-1].get_weights()
    shift = np.zeros(CLASSES + 1, np.float32)
    shift[NO_DIGIT_CLASS] = 0.7
    calibrated.layers[-1].set_weights([kernel / 1.5, bias / 1.5 + shift])
    for network, name in ((plain, "plain"), (calibrated, "calibrated"), (other, "other")):
        network.save(tmp_path / f"{name}.keras")
    one, two, three = (tmp_path / f"{name}.keras" for name in ("other", "plain", "calibrated"))
    made = keras.saving.load_model(shipping.likewise(one, two, three, tmp_path / "made.keras"))
    kernel, bias = other.layers[-1].get_weights()
    got, moved = made.layers[-1].get_weights()
    np.testing.assert_allclose(got, kernel / 1.5, rtol=1e-4)
    np.testing.assert_allclose(moved, bias / 1.5 + shift, atol=1e-4)
