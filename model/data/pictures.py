"""Many pictures of one digit each → digits as MNIST's are."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

import numpy as np

from model.data.samples import Samples
from model.errors import InklingError
from model.language import Text
from model.preprocessing.ink import prepare_picture
from model.preprocessing.picture import MAX_PICTURE_BYTES, read_picture
from model.preprocessing.pixels import to_uint8

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"}

OnProgress = Callable[[float], None]  # is called with the share that is done, 0 to 1


@dataclass(frozen=True)
class Picture:
    """A picture file: its name, with the folders that it lies in; its size; how to read it."""

    name: str
    size: int  # bytes
    read: Callable[[], bytes]


@dataclass(frozen=True, eq=False)
class Album:
    """The digits of some pictures in the order of their names, 2 before 10; why others have none.

    Where every picture lies in a folder called 0 to 9, that is its label.
    """

    samples: Samples
    names: Sequence[str]
    left_out: Sequence[str]


def is_picture(name: str) -> bool:
    return PurePath(name).suffix.lower() in SUFFIXES


def read_pictures(pictures: Sequence[Picture], on_progress: OnProgress) -> Album:
    """Raises InklingError where none of the pictures has a digit on it."""
    images, names, left_out = [], [], []
    for number, picture in enumerate(sorted(pictures, key=_by_name)):
        on_progress(number / len(pictures))
        try:
            images.append(_image(picture))
            names.append(picture.name)
        except InklingError as error:
            left_out.append(str(error))
    if not images:
        raise InklingError(left_out[0])
    return Album(Samples(np.stack(images), _labels(names)), names, left_out)


def _image(picture: Picture) -> np.ndarray:
    if picture.size > MAX_PICTURE_BYTES:
        raise InklingError(
            "“{name}” has {size:.0f} MB; wanted: a picture of at most {max_picture_bytes} MB.",
            name=picture.name,
            size=picture.size / 2**20,
            max_picture_bytes=MAX_PICTURE_BYTES // 2**20,
        )
    try:
        prepared = prepare_picture(read_picture(picture.read()))
    except InklingError as error:
        raise InklingError("“{name}”: {error}", name=picture.name, error=error) from error
    if prepared.image is None:
        raise InklingError(
            "“{name}”: {reason}; wanted: a picture of a digit.",
            name=picture.name,
            reason=Text(prepared.reason or ""),
        )
    return to_uint8(prepared.image)


def _labels(names: Sequence[str]) -> np.ndarray | None:
    folders = [PurePosixPath(name).parent.name for name in names]
    if all(re.fullmatch("[0-9]", folder) for folder in folders):
        return np.array(folders, np.uint8)
    return None


def _by_name(picture: Picture) -> list[tuple[int, str]]:
    parts = re.split(r"([0-9]+)", picture.name.lower())
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
