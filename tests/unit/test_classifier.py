"""The classifier answers as Keras' own predict does, and refuses what is no reader of digits."""

from pathlib import Path

import keras
import numpy as np
import pytest

from model.errors import InklingError
from model.inference import classifier
from model.settings import PRETRAINED
from model.training import networks


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).random((1203, 28, 28), np.float32)


def test_the_shipped_model_answers_as_keras_predict(images: np.ndarray) -> None:
    loaded = classifier.load(PRETRAINED)
    ours = loaded.probabilities(images)
    keras_own = loaded.network.predict(images[..., None], verbose=0)
    assert ours.shape == (len(images), 10)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, keras_own[:, :10], atol=1e-5)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_every_network_answers_as_keras_predict(
    name: str, images: np.ndarray, tmp_path: Path
) -> None:
    keras.utils.set_random_seed(1)
    file = tmp_path / "network.keras"
    networks.build(name).save(file)
    loaded = classifier.load(file)
    expected = loaded.network.predict(images[:50, ..., None], verbose=0)
    np.testing.assert_allclose(loaded.probabilities(images[:50]), expected, atol=1e-5)


def test_no_image_has_no_answer() -> None:
    loaded = classifier.load(PRETRAINED)
    assert loaded.probabilities(np.zeros((0, 28, 28), np.float32)).shape == (0, 10)


def test_one_trace_serves_every_number_of_images(images: np.ndarray) -> None:
    loaded = classifier.load(PRETRAINED)
    for count in range(1, 30):
        loaded.probabilities(images[:count])
    assert loaded._answer.experimental_get_tracing_count() == 1


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InklingError, match=r"nothing\.keras” is not there; restore it"):
        classifier.load(tmp_path / "nothing.keras")


def test_damaged_files(tmp_path: Path) -> None:
    whole = PRETRAINED.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 255
    for content in (b"", b"PK\x03\x04", whole[: len(whole) // 2], bytes(flipped)):
        file = tmp_path / "damaged.keras"
        file.write_bytes(content)
        with pytest.raises(InklingError, match="is damaged or no Keras model"):
            classifier.load(file)


def test_a_network_for_something_else(tmp_path: Path) -> None:
    file = tmp_path / "other.keras"
    other = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten()])
    other.save(file)
    with pytest.raises(InklingError, match="wanted: a network that takes"):
        classifier.load(file)


def test_code_in_a_model_file_is_not_run(tmp_path: Path) -> None:
    file = tmp_path / "hostile.keras"
    hostile = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Lambda(lambda x: x), keras.layers.Flatten()]
    )
    hostile.save(file)
    with pytest.raises(InklingError, match="can't be opened"):
        classifier.load(file)
