"""What is exported answers as the classifier, and its script reads a picture as the app does."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.errors import InklingError
from model.inference import classifier, export
from model.preprocessing.ink import prepare_picture
from model.preprocessing.picture import read_picture
from model.settings import PRETRAINED
from model.training import networks

ALIKE = 1e-4


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).random((7, 28, 28), np.float32)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seven, dark on light."""
    path = tmp_path_factory.mktemp("picture") / "seven.png"
    image = Image.new("RGB", (320, 240), "white")
    ImageDraw.Draw(image).line([(120, 50), (200, 50), (150, 190)], "navy", 14, "curve")
    image.save(path)
    return path


def read_keras(path: Path, images: np.ndarray) -> np.ndarray:
    return classifier.load(path).probabilities(images)


def read_tflite(path: Path, images: np.ndarray) -> np.ndarray:
    from ai_edge_litert.interpreter import Interpreter

    network = Interpreter(str(path))
    place = network.get_input_details()[0]["index"]
    network.resize_tensor_input(place, (len(images), 28, 28, 1))
    network.allocate_tensors()
    network.set_tensor(place, images[..., None])
    network.invoke()
    return np.asarray(network.get_tensor(network.get_output_details()[0]["index"]))


def read_onnx(path: Path, images: np.ndarray) -> np.ndarray:
    import onnxruntime

    network = onnxruntime.InferenceSession(path)
    answers = network.run(None, {network.get_inputs()[0].name: images[..., None]})
    return np.asarray(answers[0])


READERS: dict[str, Callable[[Path, np.ndarray], np.ndarray]] = {
    "keras": read_keras,
    "tflite": read_tflite,
    "onnx": read_onnx,
}


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_every_network_answers_alike_in_every_format(
    name: str, images: np.ndarray, tmp_path: Path
) -> None:
    keras.utils.set_random_seed(1)
    model = tmp_path / "network.keras"
    networks.build(name).save(model)
    expected = classifier.load(model).probabilities(images)
    for to, read in READERS.items():
        path = tmp_path / f"model.{to}"
        path.write_bytes(export.convert(model, to))
        np.testing.assert_allclose(read(path, images), expected, atol=ALIKE, err_msg=to)


@pytest.mark.parametrize("to", export.FORMATS)
def test_the_script_reads_a_picture_alike(to: str, picture: Path, tmp_path: Path) -> None:
    """In a folder that has nothing but what the download has."""
    content = export.zipped(export.package(PRETRAINED, to))
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    said = subprocess.run(
        [sys.executable, tmp_path / "inkling" / "read.py", picture],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line.split() for line in said.splitlines()][:10]  # the eleventh: that it is none
    assert [digit for digit, _ in lines] == list("0123456789")
    prepared = prepare_picture(read_picture(picture))
    assert prepared.image is not None
    expected = classifier.load(PRETRAINED).probabilities(prepared.image[None])[0]
    np.testing.assert_allclose([float(share) for _, share in lines], expected, atol=ALIKE)
    assert expected.argmax() == 7


def test_the_scripts_say_when_there_is_no_digit(tmp_path: Path) -> None:
    export.write(export.package(PRETRAINED, "onnx"), tmp_path / "here")
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    said = subprocess.run(
        [sys.executable, tmp_path / "here" / "read.py", tmp_path / "blank.png"],
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1
    assert said.stderr.startswith("No digit: ")


@pytest.mark.parametrize("to", export.FORMATS)
def test_the_scripts_are_short(to: str) -> None:
    assert len(export.script(to).splitlines()) <= 20


def test_what_can_not_be_exported(tmp_path: Path) -> None:
    with pytest.raises(InklingError, match="There is no format “pt”; wanted: one of keras, tfl"):
        export.convert(PRETRAINED, "pt")
    with pytest.raises(InklingError, match="is not there"):
        export.package(tmp_path / "none.keras", "onnx")
    (tmp_path / "file").write_text("")
    with pytest.raises(InklingError, match=r"can't be written to \(Not a directory\)"):
        export.write({"a": b""}, tmp_path / "file" / "folder")
