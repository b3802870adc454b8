"""The classifier answers as Keras' own predict does, and refuses what is no reader of digits."""

import io
import re
import resource
import zipfile
import zlib
from pathlib import Path

import h5py
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


def test_one_trace_serves_every_number_of_images(
    images: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = classifier.load(PRETRAINED)
    monkeypatch.setattr(keras.Model, "__call__", lambda *_: pytest.fail("traced anew"))
    for count in range(1, 30):
        loaded.probabilities(images[:count])


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
        with pytest.raises(InklingError, match=r"can't be opened: .* damaged"):
            classifier.load(file)


def test_a_network_for_something_else(tmp_path: Path) -> None:
    file = tmp_path / "other.keras"
    other = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten()])
    other.save(file)
    with pytest.raises(InklingError, match="wanted: a network that takes"):
        classifier.load(file)


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        (keras.layers.Lambda(lambda x: x), "asks for 'Lambda' in its network"),
        (keras.layers.StringLookup(vocabulary=["a"]), "asks for 'StringLookup'"),
        (keras.layers.ZeroPadding2D(500), "makes 1,056,784 values of an image"),
    ],
    ids=["code", "another class", "large layers"],
)
def test_a_network_of_other_layers_is_refused(
    layer: keras.Layer, found: str, tmp_path: Path
) -> None:
    network = keras.Sequential([keras.Input((28, 28, 1)), layer])
    network.save(tmp_path / "hostile.keras")
    with pytest.raises(InklingError, match=rf"can't be opened: .*hostile\.keras” .*{found}"):
        classifier.load(tmp_path / "hostile.keras")


def test_a_network_of_branches_is_opened(tmp_path: Path) -> None:
    image = keras.Input((28, 28, 1))
    maps = keras.layers.Conv2D(2, 5, activation="relu", kernel_regularizer="l2")(image)
    both = keras.layers.Concatenate()([maps, keras.layers.ReLU()(maps)])
    digit = keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(both))
    keras.Model(image, digit).save(tmp_path / "branches.keras")
    assert classifier.load(tmp_path / "branches.keras").network.count_params() > 0


def changed(folder: Path, **members: bytes) -> Path:
    """The built-in network, with some members replaced: `config` or `weights`."""
    path = folder / "changed.keras"
    names = {"config.json": "config", "model.weights.h5": "weights"}
    with (
        zipfile.ZipFile(PRETRAINED) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, members.get(names.get(name, ""), old.read(name)))
    return path


def config() -> str:
    with zipfile.ZipFile(PRETRAINED) as archive:
        return archive.read("config.json").decode()


def bomb() -> bytes:
    """A few hundred kilobytes of HDF5 that unpack to four gigabytes of zeros."""
    file = io.BytesIO()
    with h5py.File(file, "w") as weights:
        weights.create_dataset("w", (2**30,), np.float32, chunks=(2**24,), compression=9)
        for start in range(0, 2**30, 2**24):
            weights["w"].id.write_direct_chunk((start,), _ZEROS)
    return file.getvalue()


DEFLATED = zipfile.ZIP_DEFLATED
_ZEROS = zlib.compress(bytes(2**26), 9)
RELU = '{"module": "keras.layers", "class_name": "ReLU", "config": {}}, '


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"config": b" " * 2**24}, "has a config.json of more than"),
        ({"weights": bytes(2**27 + 1)}, "has a model.weights.h5 of more than"),
        ({"weights": bomb()}, "unpacks to 4,294,967,296 bytes"),
        ({"config": re.sub('"units": 256', '"units": 50000000', config()).encode()}, "damaged"),
        ({"config": config().replace("[{", "[" + 80 * RELU + "{", 1).encode()}, "has 9. layers"),
        ({"config": b"[" * 100_000}, "has a damaged config.json"),
        ({"config": config().replace("keras.layers", "keras.utils").encode()}, "asks for"),
    ],
    ids=["config", "weights", "HDF5", "Dense", "layers", "nesting", "module"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    members: dict[str, bytes], found: str, tmp_path: Path
) -> None:
    path = changed(tmp_path, **members)
    assert path.stat().st_size < 8 * 2**20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InklingError, match=f"can't be opened: .*{found}"):
        classifier.load(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**18  # KiB


def test_weights_that_no_memory_holds_are_counted_and_not_made(tmp_path: Path) -> None:
    layers = [keras.layers.Flatten(), keras.layers.Dense(9), keras.layers.Dense(10)]
    small = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    small.save(tmp_path / "small.keras")
    with zipfile.ZipFile(tmp_path / "small.keras") as archive:
        text = archive.read("config.json").decode()
    text = text.replace('"units": 9,', '"units": 1000000000,')
    text = re.sub(r'"build_config": \{"input_shape": \[null, 9\]\}', '"build_config": null', text)
    with pytest.raises(InklingError, match="has 795,000,000,010 weights"):
        classifier.load(changed(tmp_path, config=text.encode()))


def test_other_kinds_of_model_files_are_refused(tmp_path: Path) -> None:
    """HDF5 alone is opened by Keras without any safe mode."""
    for name in ("model.h5", "model.hdf5", "saved_model.pb", "model.keras.zip"):
        (tmp_path / name).write_bytes(PRETRAINED.read_bytes())
        with pytest.raises(InklingError, match=r"is of another kind; wanted: a \.keras file"):
            classifier.load(tmp_path / name)
