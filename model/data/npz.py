"""NumPy's `.npz`: digits as Keras keeps MNIST, or the strokes of pens. Nothing is unpickled."""

import io
import math
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from model.data.archive import DAMAGED_ZIP, Source, named, opened, zipped
from model.data.samples import CLASSES, NO_DIGIT, Contents, Samples
from model.errors import InklingError
from model.language import Text
from model.preprocessing.framing import SIDE
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes

# The names that arrays of images and of their labels go by; (images, labels) of one set each.
IMAGES_AND_LABELS = (("x_train", "y_train"), ("x", "y"), ("images", "labels"), ("x_test", "y_test"))


FARTHEST = 1e9  # of a stroke's coordinates, in any unit

_ENCRYPTED = 1  # the bit of a zip member's flags
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # that NumPy writes
_SHOWN = 6  # names, of what may be thousands
# An array's header as NumPy writes it. NumPy reads it with Python's own parser, which a hostile one
# can exhaust, so it gets to see no others.
_HEADER = re.compile(
    r"\{'descr': (.{1,200}?), 'fortran_order': (?:False|True), "
    r"'shape': \(((?:\d{1,12}, ?)*(?:\d{1,12})?)\),? ?\} *\n"
)
_LONGEST_HEADER = 1000  # bytes; NumPy's own take 118
_NUMBERS = re.compile(r"'[<>|=][uif](\d{1,2})'")


@dataclass(frozen=True, eq=False)
class Strokes:
    """N digits or other characters as a pen wrote them, y pointing down, in any unit.

    Stroke j is `xy[stroke_start[j] : stroke_start[j + 1]]`; sample i is the strokes from
    `sample_start[i]` to `sample_start[i + 1] - 1`. What a file does not tell is None.
    """

    xy: NDArray[np.float32]  # (P, 2), finite
    stroke_start: NDArray[np.int64]  # (strokes + 1,)
    sample_start: NDArray[np.int64]  # (N + 1,)
    label: NDArray[np.int64] | None = None  # (N,), a digit, NO_DIGIT, or a character's code
    writer: NDArray[np.int64] | None = None  # (N,)
    split: NDArray[np.int64] | None = None  # (N,), 0 for training, 1 for testing

    def __len__(self) -> int:
        return len(self.sample_start) - 1

    def sample(self, index: int) -> list[NDArray[np.float32]]:
        """The strokes of one sample, each (P, 2) float32."""
        first, end = self.sample_start[index], self.sample_start[index + 1]
        return [
            self.xy[self.stroke_start[stroke] : self.stroke_start[stroke + 1]]
            for stroke in range(first, end)
        ]


def read_npz(source: Source) -> Contents:
    """The digits of an `.npz`; pen strokes are drawn as MNIST would have scanned them.

    Images are (N, 28, 28), (N, 28, 28, 1) or (N, 784) whole numbers from 0 to 255, labels (N,) or
    (N, 1) from 0 to 9. Strokes with the label NO_DIGIT are left out. Raises InklingError for all
    else.
    """
    with _archive(source) as archive:
        if "xy" in archive.names:
            return _drawn(archive, _strokes(archive))
        present = [pair for pair in IMAGES_AND_LABELS if pair[0] in archive.names]
        if not present:
            raise archive.lacks(" or ".join(images for images, _ in IMAGES_AND_LABELS))
        train = _samples(archive, *present[0])
        if present[0][0] != "x_train" or "x_test" not in archive.names:
            return Contents(train)
        return Contents(train, _samples(archive, "x_test", "y_test"))


def read_strokes(source: Source) -> Strokes:
    """The pen strokes of an `.npz` with the arrays of `Strokes`; InklingError for all else."""
    with _archive(source) as archive:
        return _strokes(archive)


def holds_strokes(source: Source) -> bool:
    """Whether it is an `.npz` with pen strokes. Raises InklingError for a damaged one."""
    with opened(source) as file:
        if not zipfile.is_zipfile(file):
            return False
    with _archive(source) as archive:
        return "xy" in archive.names


def strokes_to_npz(
    samples: Sequence[Sequence[NDArray[np.float32]]], labels: Sequence[int]
) -> bytes:
    """One drawing or more, each some strokes (P, 2), as an `.npz` that `read_strokes` reads."""
    strokes = [stroke for sample in samples for stroke in sample]
    file = io.BytesIO()
    np.savez_compressed(
        file,
        allow_pickle=False,
        xy=np.concatenate(strokes).astype(np.float32),
        stroke_start=np.cumsum([0, *map(len, strokes)]),
        sample_start=np.cumsum([0, *map(len, samples)]),
        label=np.array(labels, np.int64),
    )
    return file.getvalue()


class _Archive:
    """The arrays of an `.npz` by their names in lower case, each checked before it is read."""

    def __init__(self, source: Source, file: zipfile.ZipFile) -> None:
        self._source = source
        self._file = file
        self._members = {
            info.filename.removesuffix(".npy").lower(): info for info in file.infolist()
        }
        self.names = sorted(self._members)

    def error(self, problem: Text) -> InklingError:
        return InklingError("{file} {problem}.", file=named(self._source), problem=problem)

    def lacks(self, wanted: str | Text) -> InklingError:
        names = [*self.names[:_SHOWN], *(["…"] if len(self.names) > _SHOWN else [])]
        return self.error(
            Text(
                "holds {names}; wanted: an array {wanted}",
                names=", ".join(names) or Text("nothing"),
                wanted=wanted,
            )
        )

    def array(self, name: str) -> NDArray[Any]:
        """The numbers called `name`, in an array of any shape."""
        if name not in self._members:
            raise self.lacks(name)
        info = self._members[name]
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _PACKINGS:
            raise self.error(
                Text("has {name} packed in a way NumPy does not; wanted: an .npz of its", name=name)
            )
        try:
            with self._file.open(info) as member:
                kind, shape = _described(member)
                start = member.tell()
            numbers = _NUMBERS.fullmatch(kind)
            if not numbers:
                raise self.error(
                    Text("has {kind} in its array {name}; wanted: numbers", kind=kind, name=name)
                )
            if start + math.prod(shape) * int(numbers[1]) != info.file_size:
                raise self.error(
                    Text(
                        "has no {shape} in its array {name}; wanted: what its header says",
                        shape=shape,
                        name=name,
                    )
                )
            with self._file.open(info) as member:
                return np.lib.format.read_array(member, allow_pickle=False)
        except DAMAGED_ZIP as error:
            raise self.error(
                Text(
                    "has a damaged array {name} ({error}); wanted: a sound file",
                    name=name,
                    error=error,
                )
            ) from None

    def whole_numbers(self, name: str, largest: int) -> NDArray[np.uint8]:
        """The array `name`, made of whole numbers from 0 to `largest`."""
        array = self.array(name)
        wanted = Text("wanted: whole numbers from 0 to {largest}", largest=largest)
        if array.dtype.kind == "f":
            raise self.error(
                Text(
                    "has {dtype} in its array {name}; {wanted}",
                    dtype=array.dtype,
                    name=name,
                    wanted=wanted,
                )
            )
        if array.size and (array.min() < 0 or array.max() > largest):
            where = np.argwhere((array < 0) | (array > largest))[0].tolist()
            raise self.error(
                Text(
                    "has {value} at {name}{place}; {wanted}",
                    value=array[tuple(where)],
                    name=name,
                    place=where,
                    wanted=wanted,
                )
            )
        return np.asarray(array, np.uint8, order="C")


@contextmanager
def _archive(source: Source) -> Iterator[_Archive]:
    with zipped(source, ".npz") as archive:
        yield _Archive(source, archive)


def _described(member: IO[bytes]) -> tuple[str, tuple[int, ...]]:
    """The dtype and the shape that an array's header tells; ValueError where it is none."""
    version = np.lib.format.read_magic(member)
    length = int.from_bytes(member.read(2 if version == (1, 0) else 4), "little")
    header = member.read(min(length, _LONGEST_HEADER)).decode("latin-1")
    found = _HEADER.fullmatch(header)
    if not found:
        raise ValueError("a header that NumPy does not write")
    return found[1], tuple(map(int, re.findall(r"\d+", found[2])))


def _samples(archive: _Archive, images_name: str, labels_name: str) -> Samples:
    images = archive.whole_numbers(images_name, 255)
    shape = images.shape
    if shape[1:] not in ((SIDE, SIDE), (SIDE, SIDE, 1), (SIDE * SIDE,)) or not shape[0]:
        raise archive.error(
            Text(
                "has {images_name} of shape {shape}; wanted: (N, {side}, {side})",
                images_name=images_name,
                shape=shape,
                side=SIDE,
            )
        )
    images = images.reshape(-1, SIDE, SIDE)
    if labels_name not in archive.names:
        return Samples(images, None)
    labels = archive.whole_numbers(labels_name, CLASSES - 1)
    if labels.shape not in ((len(images),), (len(images), 1)):
        raise archive.error(
            Text(
                "has {labels_name} of shape {shape}; wanted: ({count},), as {images_name}",
                labels_name=labels_name,
                shape=labels.shape,
                count=len(images),
                images_name=images_name,
            )
        )
    return Samples(images, labels.ravel())


def _strokes(archive: _Archive) -> Strokes:
    xy = archive.array("xy")
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise archive.error(Text("has xy of shape {shape}; wanted: (P, 2)", shape=xy.shape))
    if not ((xy >= -FARTHEST) & (xy <= FARTHEST)).all():
        raise archive.error(
            Text(
                "has a wrong number in xy; wanted: −{farthest:g} to {farthest:g}", farthest=FARTHEST
            )
        )
    stroke_start = _starts(archive, "stroke_start", len(xy))
    sample_start = _starts(archive, "sample_start", len(stroke_start) - 1)
    told = {
        name: _one_each(archive, name, len(sample_start) - 1)
        for name in ("label", "writer", "split")
        if name in archive.names
    }
    return Strokes(xy.astype(np.float32), stroke_start, sample_start, **told)


def _starts(archive: _Archive, name: str, end: int) -> NDArray[np.int64]:
    starts = archive.array(name)
    rising = starts.ndim == 1 and starts.dtype.kind in "ui" and len(starts) > 1
    if not (rising and starts[0] == 0 and starts[-1] == end and (starts[1:] > starts[:-1]).all()):
        raise archive.error(
            Text(
                "has a wrong {name}; wanted: rising whole numbers from 0 to {end}",
                name=name,
                end=end,
            )
        )
    return starts.astype(np.int64)


def _one_each(archive: _Archive, name: str, count: int) -> NDArray[np.int64]:
    values = archive.array(name)
    if values.shape != (count,) or values.dtype.kind not in "ui":
        raise archive.error(
            Text(
                "has {dtype} {name} of shape {shape}; wanted: ({count},) whole numbers",
                dtype=values.dtype,
                name=name,
                shape=values.shape,
                count=count,
            )
        )
    return values.astype(np.int64)


def _drawn(archive: _Archive, strokes: Strokes) -> Contents:
    """What a stroke file holds, drawn: apart by its split, where that has both sides."""
    labels, digits = None, np.arange(len(strokes))
    if strokes.label is not None:
        wrong = np.flatnonzero((strokes.label < NO_DIGIT) | (strokes.label >= CLASSES))
        if len(wrong):
            found = Text(
                "label {label} at sample {place}", label=strokes.label[wrong[0]], place=wrong[0]
            )
            raise archive.error(
                Text(
                    "has {found}; wanted: digits from 0 to {classes}",
                    found=found,
                    classes=CLASSES - 1,
                )
            )
        digits = np.flatnonzero(strokes.label != NO_DIGIT)
        if not len(digits):
            raise archive.error(Text("has no digit; wanted: strokes of digits"))
        labels = strokes.label[digits].astype(np.uint8)
    images = np.stack([_image(archive, strokes, index) for index in digits.tolist()])
    if strokes.split is None or len(np.unique(strokes.split[digits])) == 1:
        return Contents(Samples(images, labels))
    train = strokes.split[digits] == 0
    return Contents(
        Samples(images[train], None if labels is None else labels[train]),
        Samples(images[~train], None if labels is None else labels[~train]),
    )


def _image(archive: _Archive, strokes: Strokes, index: int) -> NDArray[np.uint8]:
    prepared = prepare_strokes(strokes.sample(index))
    if prepared.image is None:
        raise archive.error(
            Text(
                "has no digit in sample {index} ({reason}); wanted: digits",
                index=index,
                reason=Text(prepared.reason or ""),
            )
        )
    return to_uint8(prepared.image)
