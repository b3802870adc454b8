"""Whole files of digits: opened whatever they come in, read by a network, handed in to Kaggle."""

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from model.data import idx, readers
from model.data.archive import (
    DAMAGED_ZIP,
    MOST_FILES,
    Source,
    is_folder,
    named,
    opened,
    read_member,
    zipped,
)
from model.data.pictures import OnProgress, Picture, is_picture, read_pictures
from model.data.samples import Contents
from model.errors import InklingError
from model.inference.classifier import Classifier
from model.language import _
from model.preprocessing.picture import MAX_PICTURE_BYTES
from model.preprocessing.pixels import to_float32

_ZIP = b"PK\x03\x04"
_AT_ONCE = 1000  # digits between two words about the progress
_ENCRYPTED = 1  # the bit of a zip member's flags
_DATA = {".csv", ".npz", ".gz"}
_IDX = re.compile(r"(?P<set>.*?)[-.]?(?P<kind>images|labels)[-.]idx[13][-.]ubyte(\.gz)?", re.I)
_NO_DIGITS = {"sample_submission.csv"}  # that Kaggle packs with its digits


def no_progress(share: float) -> None:
    """Who is told of the progress where nobody wants to know."""


# ---------------------------------------------------------------- files to digits


@dataclass(frozen=True, eq=False)
class Batch:
    """The digits that came in one file, or in some that belong together.

    Of pictures `names` are the files', one for each digit, and `left_out` says, a sentence each,
    which of them have no digit and why.
    """

    name: str
    contents: Contents
    names: Sequence[str] = ()
    left_out: Sequence[str] = ()

    @property
    def is_labelled(self) -> bool:
        return self.contents.train.labels is not None

    @property
    def images(self) -> NDArray[np.uint8]:
        """All of the digits, (N, 28, 28); those to test on come last."""
        test = self.contents.test
        train = self.contents.train.images
        return train if test is None else np.concatenate([train, test.images])


def read(sources: Sequence[Source], on_progress: OnProgress = no_progress) -> list[Batch]:
    """The digits of whatever was given: the files that `readers.read` reads, pictures, folders
    and zips of these.

    All pictures make one batch, as do IDX files of images and labels whose names fit. Nothing is
    unpacked to the disk. Raises InklingError where one of the files can't be used, but for
    pictures: those are left out.
    """
    with ExitStack() as open_files:
        files = [file for source in sources for file in _files(source, open_files)]
        names = [PurePosixPath(file.name).name for file in files]
        sets = _idx_sets(files)
        paired = {file.name for pair in sets.values() for file in pair.values()}
        batches = [
            Batch(name, readers.read_contents(file.open()))
            for name, file in zip(names, files, strict=True)
            if not is_picture(name) and file.name not in paired
        ]
        batches += _idx_batches(sets)
        pictures = [
            Picture(file.name, file.size, file.read) for file in files if is_picture(file.name)
        ]
        if pictures:
            album = read_pictures(pictures, on_progress)
            name = _title(sources, len(pictures))
            batches.append(Batch(name, Contents(album.samples), album.names, album.left_out))
    if not batches:
        raise InklingError("No file was given; wanted: a file of digits.")
    return batches


def to_read(batches: Sequence[Batch]) -> Batch:
    """The one among them without labels, as in Kaggle's zip of train.csv and test.csv; where all
    have labels, the only one. Raises InklingError where there are several."""
    return _only([batch for batch in batches if not batch.is_labelled] or batches, reading=True)


def to_learn(batches: Sequence[Batch]) -> Batch | None:
    """The one among them with labels, if any. Raises InklingError where there are several."""
    labelled = [batch for batch in batches if batch.is_labelled]
    return _only(labelled, reading=False) if labelled else None


def _only(batches: Sequence[Batch], reading: bool) -> Batch:
    if len(batches) > 1:
        names = ", ".join(f"“{batch.name}”" for batch in batches)
        if reading:
            raise InklingError(
                "There are {names} to read; wanted: one of them at a time.", names=names
            )
        raise InklingError(
            "There are {names} to learn from; wanted: one of them at a time.", names=names
        )
    return batches[0]


@dataclass(frozen=True)
class _File:
    name: str
    size: int  # bytes, unpacked
    open: Callable[[], Source]

    def read(self) -> bytes:
        with opened(self.open()) as file:
            return file.read(MAX_PICTURE_BYTES + 1)


def _files(source: Source, open_files: ExitStack) -> list[_File]:
    """The files in a folder or a zip; any other by itself."""
    if isinstance(source, Path) and is_folder(source):
        return _in_folder(source)
    with opened(source) as file:
        is_zip = file.read(len(_ZIP)) == _ZIP
        size = file.seek(0, io.SEEK_END)
    if is_zip:
        archive = open_files.enter_context(zipped(source))
        members = [info for info in archive.infolist() if not info.filename.endswith("/")]
        if not all(info.filename.endswith(".npy") for info in members):
            return _in_zip(source, archive, members)
    name = str(source) if isinstance(source, Path) else str(getattr(source, "name", "upload"))
    return [_File(name, size, lambda: source)]


def _in_folder(folder: Path) -> list[_File]:
    def found() -> Iterator[_File]:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and _is_wanted(path.relative_to(folder).as_posix()):
                yield _File(str(path), path.stat().st_size, lambda path=path: path)  # type: ignore[misc]

    return _some(list(found()), folder)


def _in_zip(
    source: Source, archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]
) -> list[_File]:
    for info in members:
        parts = re.split(r"[/\\]", info.filename)
        outside = ".." in parts or not parts[0] or ":" in parts[0]
        if outside or stat.S_ISLNK(info.external_attr >> 16):
            raise InklingError(
                "{file} has “{filename}” in it, which leads outside; wanted: files "
                "in the zip's own folders.",
                file=named(source),
                filename=info.filename,
            )
        if info.flag_bits & _ENCRYPTED:
            raise InklingError(
                "{file} has a password; wanted: a zip without one.", file=named(source)
            )

    def file(info: zipfile.ZipInfo) -> _File:
        return _File(info.filename, info.file_size, lambda: _member(source, archive, info))

    return _some([file(info) for info in members if _is_wanted(info.filename)], source)


def _some(files: list[_File], source: Source) -> list[_File]:
    if not files:
        raise InklingError(
            "{file} holds no digits; wanted: pictures, or {kinds}.",
            file=named(source),
            kinds=readers.KINDS,
        )
    if len(files) > MOST_FILES:
        raise InklingError(
            "{file} holds more than {most_files:,} files; wanted: fewer.",
            file=named(source),
            most_files=MOST_FILES,
        )
    return files


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    if any(part.startswith((".", "__MACOSX")) for part in path.parts) or path.name in _NO_DIGITS:
        return False
    return is_picture(name) or path.suffix.lower() in _DATA or bool(_IDX.fullmatch(path.name))


class _Member(io.BytesIO):
    """A zip's member, unpacked, with its name."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def _member(source: Source, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
    try:
        return _Member(info.filename, read_member(archive, info))
    except DAMAGED_ZIP as error:
        raise InklingError(
            "{file} has a damaged “{filename}” ({error}); wanted: the whole file.",
            file=named(source),
            filename=info.filename,
            error=error,
        ) from None


def _idx_sets(files: Sequence[_File]) -> dict[str, dict[str, _File]]:
    """By the name of a set (train, t10k), its images and its labels."""
    sets: dict[str, dict[str, _File]] = {}
    for file in files:
        if match := _IDX.fullmatch(PurePosixPath(file.name).name):
            sets.setdefault(match["set"], {})[match["kind"].lower()] = file
    return {name: pair for name, pair in sets.items() if "images" in pair}


def _idx_batches(sets: dict[str, dict[str, _File]]) -> list[Batch]:
    """A batch for each set of IDX files; MNIST's own test digits go with those to train on."""
    samples = {
        name: idx.read_idx(
            pair["images"].open(), pair["labels"].open() if "labels" in pair else None
        )
        for name, pair in sets.items()
    }
    names = {name: PurePosixPath(pair["images"].name).name for name, pair in sets.items()}
    if set(samples) == {"train", "t10k"}:
        return [Batch(names["train"], Contents(samples["train"], samples["t10k"]))]
    return [Batch(names[name], Contents(found)) for name, found in samples.items()]


def _title(sources: Sequence[Source], count: int) -> str:
    """What some pictures are called together."""
    if len(sources) == 1:
        source = sources[0]
        return source.name if isinstance(source, Path) else str(getattr(source, "name", "upload"))
    return _("{count} pictures", count=count)


# ---------------------------------------------------------------- digits to answers


@dataclass(eq=False)
class Answers:
    """How a network reads a batch, and what somebody corrected: digits by their index."""

    batch: Batch
    probabilities: NDArray[np.float32]  # (N, 10)
    corrections: dict[int, int] = field(default_factory=dict)

    @property
    def digits(self) -> NDArray[np.uint8]:
        """(N,), corrected."""
        digits = self.probabilities.argmax(axis=1).astype(np.uint8)
        for index, digit in self.corrections.items():
            digits[index] = digit
        return digits

    @property
    def least_certain(self) -> NDArray[np.int64]:
        """The indices of all digits, those that the network is least sure of first."""
        return np.argsort(self.probabilities.max(axis=1), kind="stable")

    def correct(self, index: int, digit: int) -> None:
        """Have `digit` stand, whatever the network says."""
        if digit == self.probabilities[index].argmax():
            self.corrections.pop(index, None)
        else:
            self.corrections[index] = digit


def predict(
    reader: Classifier, images: NDArray[np.uint8], on_progress: OnProgress = no_progress
) -> np.ndarray:
    """(N, 28, 28) uint8 → probabilities, (N, 10) float32; memory does not grow with N else."""
    probabilities = np.empty((len(images), 10), np.float32)
    for start in range(0, len(images), _AT_ONCE):
        some = to_float32(images[start : start + _AT_ONCE])
        probabilities[start : start + _AT_ONCE] = reader.probabilities(some)
        on_progress(min(1.0, (start + _AT_ONCE) / len(images)))
    return probabilities


def submission(digits: NDArray[np.uint8]) -> bytes:
    """What Kaggle's digit-recognizer wants handed in: ImageId, from 1, and Label."""
    rows = (f"{number},{digit}" for number, digit in enumerate(digits, start=1))
    return "\n".join(["ImageId,Label", *rows, ""]).encode()
