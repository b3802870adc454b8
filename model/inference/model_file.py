"""A `.keras` file, looked through before Keras opens it.

Keras' safe mode keeps a file from bringing code of its own. It does not keep it from asking for any
class that Keras has, or for more weights than there is memory; and it is not there for other kinds
of model files. So a file has to be a zip of the three members that Keras writes, of bounded sizes;
its network to be made of layers that a reader of images needs; and what it would take is counted in
a TensorFlow graph, where nothing is allocated, before any of it is made.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from model.data.archive import DAMAGED_ZIP, read_member, zipped
from model.errors import InklingError
from model.language import Text

if TYPE_CHECKING:
    import keras

MOST_WEIGHTS = 2**24  # 64 MB; the largest of the recipes' networks has 1.2 million
MOST_LAYERS = 64  # Keras builds what is before each once more
MOST_VALUES = 2**17  # that a layer makes of one image; of a thousand at once they take 500 MB

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_MEMBERS = {  # and the most bytes of each
    "metadata.json": 2**16,
    _CONFIG: 2**20,
    _WEIGHTS: 2 * 4 * MOST_WEIGHTS,
}
_CLASSES = {
    "Sequential", "Functional", "InputLayer", "Conv2D", "DepthwiseConv2D", "SeparableConv2D",
    "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D",
    "Flatten", "Reshape", "Dense", "Dropout", "SpatialDropout2D", "BatchNormalization",
    "LayerNormalization", "Activation", "ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax", "Add",
    "Multiply", "Average", "Maximum", "Concatenate", "ZeroPadding2D", "Cropping2D", "Rescaling",
    "DTypePolicy", "L1", "L2", "L1L2", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform",
    "LecunNormal", "LecunUniform", "RandomNormal", "RandomUniform", "TruncatedNormal",
    "VarianceScaling", "Zeros", "Ones", "Constant", "__keras_tensor__",
}  # fmt: skip
_MODULES = ("keras", "keras.layers", "keras.initializers", "keras.regularizers", "keras.models")
_FUNCTIONAL = "keras.src.models.functional"


def load(path: Path) -> keras.Model:
    """The network in the `.keras` file `path`, in Keras' safe mode; not compiled.

    Raises InklingError for what is missing, damaged, too large or no such file.
    """
    try:
        return _checked(path)
    except InklingError as error:
        raise InklingError("The model file can't be opened: {error}", error=error) from error
    except Exception as error:  # Keras and HDF5 raise whatever their parsers do on a damaged file
        raise InklingError(
            "The model file can't be opened: “{path}” is damaged or no Keras model "
            "({kind}); wanted: the whole file, or another.",
            path=path,
            kind=type(error).__name__,
        ) from error


def _checked(path: Path) -> keras.Model:
    if path.suffix != ".keras":
        raise InklingError("“{path}” is of another kind; wanted: a .keras file.", path=path)
    with zipped(path) as archive:
        config, weights = _config(archive, path), _member(archive, _WEIGHTS, path)
    import keras

    _check_weights(weights, path)
    _check_network(config, path)
    network: keras.Model = keras.saving.load_model(path, compile=False, safe_mode=True)
    return network


def _config(archive: ZipFile, path: Path) -> dict[str, Any]:
    """What the network is made of, if that is what Keras would write of one that is wanted."""
    names = sorted(info.filename for info in archive.infolist())
    if names != sorted(_MEMBERS):
        raise _refused(
            path, Text("holds other files than Keras puts in ({count})", count=len(names))
        )
    for name, most in _MEMBERS.items():
        if archive.getinfo(name).file_size > most:
            raise _refused(
                path, Text("has a {name} of more than {most:,} bytes", name=name, most=most)
            )
    try:
        config = json.loads(_member(archive, _CONFIG, path))
    except (ValueError, RecursionError):
        raise _refused(path, Text("has a damaged {name}", name=_CONFIG)) from None
    if not isinstance(config, dict):
        raise _refused(path, Text("has a damaged {name}", name=_CONFIG))
    config["compile_config"] = None  # as Keras takes it where it is not to compile
    layers = [found for found in _objects(config) if found.get("module") == "keras.layers"]
    if len(layers) > MOST_LAYERS:
        raise _refused(path, Text("has {count:,} layers", count=len(layers)))
    for found in _objects(config):
        if not _is_known(found):
            name = repr(str(found.get("class_name"))[:60])
            raise _refused(path, Text("asks for {name} in its network", name=name))
    return config


def _is_known(found: dict[str, Any]) -> bool:
    name, module = str(found.get("class_name")), found.get("module")
    if found.get("registered_name") not in (None, name):
        return False
    if name == "Functional" and module == _FUNCTIONAL:
        return True
    return name in _CLASSES and module in (*_MODULES, None)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Whatever Keras would make an object of."""
    inner = [value]
    while inner:
        value = inner.pop()
        if isinstance(value, dict):
            if "class_name" in value or "module" in value:
                yield value
            inner += value.values()
        elif isinstance(value, list):
            inner += value


def _member(archive: ZipFile, name: str, path: Path) -> bytes:
    try:
        return read_member(archive, archive.getinfo(name))
    except DAMAGED_ZIP as error:
        raise _refused(
            path, Text("has a damaged {name} ({error})", name=name, error=error)
        ) from None


def _check_weights(content: bytes, path: Path) -> None:
    """HDF5 has packings of its own, and unpacks whatever a file says it has."""
    import h5py

    declared: list[int] = []

    def count(name: str, found: Any) -> None:
        if isinstance(found, h5py.Dataset):
            declared.append(math.prod(found.shape) * found.dtype.itemsize)

    with h5py.File(io.BytesIO(content), "r") as file:
        file.visititems(count)
    if sum(declared) > _MEMBERS[_WEIGHTS]:
        raise _refused(path, Text("unpacks to {size:,} bytes of weights", size=sum(declared)))


def _check_network(config: dict[str, Any], path: Path) -> None:
    """Build the network where that takes no memory, and count what it would take."""
    import keras
    import tensorflow as tf

    with tf.Graph().as_default():
        network = keras.saving.deserialize_keras_object(config, safe_mode=True)
        weights = network.count_params()
        values = max(math.prod(layer.output.shape[1:]) for layer in _layers(network))
    if weights > MOST_WEIGHTS:
        raise _refused(path, Text("has {count:,} weights", count=weights))
    if values > MOST_VALUES:
        raise _refused(
            path, Text("makes {count:,} values of an image in one of its layers", count=values)
        )


def _layers(network: keras.Model) -> Iterator[keras.Layer]:
    for layer in network.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from _layers(layer)


def _refused(path: Path, found: Text) -> InklingError:
    return InklingError(
        "“{path}” {found}; wanted: a network for images of 28×28 px, of at most "
        "{most_layers} usual layers and {most_weights} million weights.",
        path=path,
        found=found,
        most_layers=MOST_LAYERS,
        most_weights=MOST_WEIGHTS // 10**6,
    )
