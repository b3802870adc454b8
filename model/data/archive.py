"""Files that people give: opened, unpacked and kept within bounds, for whatever reads them.

Nothing here trusts a file. Each is refused by its size before it is read, and what it unpacks to
is counted while it is unpacked, so that a small file can't fill the memory.
"""

import gzip
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from model.errors import InklingError
from model.language import Text

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Source = Path | BinaryIO
"""A file by its path, or an upload: a seekable binary file, with a `name` if it has one."""

LARGEST = 512 * 2**20  # bytes, of a file and of what it unpacks to: 340,000 digits as CSV
MOST_FILES = 100_000  # in a zip or a folder
# What zipfile and zlib raise for damaged or hostile zips, besides what `opened` knows.
DAMAGED_ZIP = (
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
_ENTRY = b"PK\x01\x02"  # of a member, in the list of all at a zip's end
_GZIP = b"\x1f\x8b"
_CHUNK = 2**20  # bytes


def named(source: Source) -> str | Text:
    """What messages call `source`, in quotes: the path as it was given or the upload's name."""
    name = source if isinstance(source, Path) else getattr(source, "name", None)
    return f"“{name}”" if name else Text("The file")


def is_folder(source: Source) -> bool:
    with suppress(OSError):  # a name too long for one; `opened` will say so
        return isinstance(source, Path) and source.is_dir()
    return False


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The bytes of `source` as they are, from the first, in a seekable file.

    Raises InklingError for a file that is missing, unreadable or larger than LARGEST, also while
    it is being read; and for damaged gzip streams, which `unpacked` reads inside this.
    """
    try:
        if isinstance(source, Path):
            if not source.exists():
                raise InklingError("{file} does not exist; wanted: a file.", file=named(source))
            if not source.is_file():
                raise InklingError(
                    "{file} is a folder or device; wanted: a file.", file=named(source)
                )
            with source.open("rb") as file:
                yield _within_bounds(file, source)
        else:
            yield _within_bounds(source, source)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InklingError(
            "{file} is cut short or damaged ({error}); wanted: the whole file.",
            file=named(source),
            error=error,
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise InklingError(
            "{file} can't be read ({reason}); wanted: a file that can.",
            file=named(source),
            reason=reason,
        ) from error


@contextmanager
def unpacked(source: Source) -> Iterator[io.BufferedReader]:
    """The bytes of `source`, gunzipped where it is gzipped; errors as with `opened`."""
    with opened(source) as file:
        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        if packed:
            file = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
        yield io.BufferedReader(_Bounded(file, source), _CHUNK)


@contextmanager
def zipped(source: Source, kind: str = "zip") -> Iterator[zipfile.ZipFile]:
    """The zip in `source`: of MOST_FILES at most, and of LARGEST when unpacked, by its own word.
    Errors as with `opened`."""
    with opened(source) as file:
        _refuse_too_many(file, source)
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGED_ZIP as error:
            raise InklingError(
                "{file} is a damaged {kind} ({error}); wanted: the whole file.",
                file=named(source),
                kind=kind,
                error=error,
            ) from None
        with archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise too_large(source)
            yield archive


def _refuse_too_many(file: BinaryIO, source: Source) -> None:
    """zipfile keeps half a kilobyte for each member, so they are counted before it opens a zip."""
    count, end = 0, b""
    while chunk := file.read(_CHUNK):
        count += (end + chunk).count(_ENTRY)
        end = chunk[1 - len(_ENTRY) :]
        if count > MOST_FILES:
            raise InklingError(
                "{file} holds more than {most_files:,} files; wanted: fewer.",
                file=named(source),
                most_files=MOST_FILES,
            )
    file.seek(0)


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member's bytes, no more than it says that it has; raises DAMAGED_ZIP.

    ZipFile.read unpacks whatever there is before it looks at that, and to the packings besides
    Deflate zipfile can't set a bound.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError("packed otherwise than by Deflate")
    with archive.open(info) as member:
        content = member.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise EOFError("cut short")
    return content


def too_large(source: Source) -> InklingError:
    return InklingError(
        "{file} holds more than {largest} MB; wanted: a smaller file.",
        file=named(source),
        largest=LARGEST // 2**20,
    )


def _within_bounds(file: BinaryIO, source: Source) -> BinaryIO:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > LARGEST:
        raise too_large(source)
    return file


class _Bounded(io.RawIOBase):
    """A file that gives at most LARGEST bytes, and raises InklingError where there are more."""

    def __init__(self, file: BinaryIO, source: Source) -> None:
        self._file = file
        self._source = source
        self._left = LARGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        chunk = self._file.read(min(len(view), _CHUNK))
        self._left -= len(chunk)
        if self._left < 0:
            raise too_large(self._source)
        view[: len(chunk)] = chunk
        return len(chunk)
