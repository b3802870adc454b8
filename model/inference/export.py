"""A model for other programs: as .keras, TFLite or ONNX, with a script that reads a picture by it.

The three take (N, 28, 28, 1) float32 in [0, 1] to (N, 10) probabilities. A picture becomes that by
Inkling's own preprocessing, which goes along, as the answers depend on it.
"""

from __future__ import annotations

import io
import tempfile
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import InklingError
from model.files import write_whole
from model.inference import classifier

if TYPE_CHECKING:
    import keras

# What the script of each format needs: its own runtime, and what the preprocessing needs.
FORMATS = {
    "keras": ("tensorflow", "keras"),
    "tflite": ("ai-edge-litert",),
    "onnx": ("onnxruntime",),
}
_PREPROCESSING = ("numpy", "opencv-python-headless", "pillow")
# What reading a picture takes of Inkling.
_MODULES = (
    "__init__",
    "framing",
    "ink",
    "paper",
    "picture",
    "pixels",
    "sheet",
    "stroke_width",
    "strokes",
)
_HERE = Path(__file__).parent
_MODEL = _HERE.parent


def convert(model: Path, to: str) -> bytes:
    """The `.keras` file `model` in the format `to`. Raises InklingError for a file that can't be
    opened, and for another format."""
    if to not in FORMATS:
        raise InklingError(
            "There is no format “{to}”; wanted: one of {formats}.",
            to=to,
            formats=", ".join(FORMATS),
        )
    network = classifier.load(model).network
    if to == "keras":
        return model.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"inkling.{to}"
        _CONVERTERS[to](network, path)
        return path.read_bytes()


def script(to: str) -> str:
    """A program that prints what a model in the format `to` reads in a picture."""
    return (_HERE / "scripts" / f"read_{to}.py").read_text()


def package(model: Path, to: str) -> dict[str, bytes]:
    """All it takes to read pictures elsewhere: contents of files by their paths. Raises as
    `convert` does."""
    requirements = "\n".join((*_PREPROCESSING, *FORMATS.get(to, ()))) + "\n"
    ours = [
        "__init__.py",
        "errors.py",
        "language.py",
        *(f"preprocessing/{name}.py" for name in _MODULES),
    ]
    return {
        f"inkling.{to}": convert(model, to),
        "read.py": script(to).encode(),
        "requirements.txt": requirements.encode(),
        **{f"model/{name}": (_MODEL / name).read_bytes() for name in ours},
    }


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of `package`'s files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"inkling/{name}", data)
    return content.getvalue()


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write `package`'s files to `folder`. Raises InklingError where that can't be."""
    try:
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, data)
    except OSError as error:
        raise InklingError(
            "The folder “{folder}” can't be written to ({strerror}); wanted: one that can.",
            folder=folder,
            strerror=error.strerror,
        ) from error


def _to_tflite(network: keras.Model, path: Path) -> None:
    network.export(path, format="litert", verbose=False)


def _to_onnx(network: keras.Model, path: Path) -> None:
    with warnings.catch_warnings():
        # Keras mends tf2onnx for NumPy 2 and looks for a name that NumPy warns of.
        warnings.filterwarnings("ignore", "In the future `np.object`", FutureWarning)
        network.export(path, format="onnx", verbose=False)


_CONVERTERS = {"tflite": _to_tflite, "onnx": _to_onnx}
