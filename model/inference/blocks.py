"""Any number of digits, read a block at a time: Parquet and digit files here or in a bucket, each
block answered in a file of its own.

A block's file is written whole, and by nobody but who read that block. So what is there is done:
whoever is killed on the way costs a block, and the same call again does what is missing. No row is
ever answered twice or left out.

A Parquet file has the pixels, row by row from 0 to 255, in a column `image` of 784 bytes or numbers
each, or in 784 columns, as Kaggle's pixel0 … pixel783. Its column `id` or `ImageId` is kept, where
there is one; else rows are counted from 1 in each file, as Kaggle does.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.data import readers
from model.data.archive import LARGEST, MOST_FILES
from model.data.kaggle import PIXELS
from model.errors import InklingError
from model.files import write_whole
from model.inference import batch
from model.inference.classifier import Classifier
from model.language import Text
from model.preprocessing.framing import SIDE

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.fs import FileSystem

ROWS = 10_000  # of a Parquet file in a block: a few seconds' work
_WHOLE = -1  # the end of a block that is all of a file
_PARQUET = ".parquet"
_SUFFIXES = (_PARQUET, ".csv", ".csv.gz", ".npz")
_SCHEMES = ("s3", "gs", "file")
# In the folder of the answers besides; what else reads Parquet passes over such names.
_PLAN, _MODEL = "_batch.json", "_model.keras"
_IDS = ("id", "ImageId")


@dataclass(frozen=True)
class Block:
    """The rows from `start` until `stop` of the file `source`, and what their answers' file is
    called."""

    source: str
    name: str
    start: int = 0
    stop: int = _WHOLE


def is_remote(name: str) -> bool:
    return "://" in name


def is_for(files: Sequence[str], out: str) -> bool:
    """Whether these are to be read by blocks, into a folder, and not into one submission.csv."""
    several = any(is_remote(file) or file.lower().endswith(_PARQUET) for file in files)
    return several or is_remote(out) or out.endswith("/") or Path(out).is_dir()


@dataclass(frozen=True)
class Batch:
    """The blocks of some files, and the folder that their answers go to."""

    blocks: Sequence[Block]
    out: str

    @property
    def missing(self) -> list[Block]:
        """Those that nobody has answered yet."""
        files, folder = _opened(self.out)
        with _explained(self.out):
            there = {posixpath.basename(info.path) for info in _listed(files, folder)}
        return [block for block in self.blocks if block.name not in there]


def begin(sources: Sequence[str], model: Path, out: str) -> Batch:
    """Find the files, folders and patterns `sources`, and see that the folder `out` is new, or has
    answers of the same model to the same files. Raises InklingError."""
    files = [file for source in sources for file in _found(source)]
    network = model.read_bytes()
    if not files:
        raise InklingError("No file of digits was found; wanted: Parquet, CSV or .npz files.")
    if len(files) > MOST_FILES:
        raise InklingError(
            "There are {count:,} files; wanted: {most:,} at most.",
            count=len(files),
            most=MOST_FILES,
        )
    blocks = [block for file in files for block in _blocks(file)]
    _refuse_same_names(blocks)
    plan = {
        "model": hashlib.sha256(network).hexdigest(),
        "blocks": [[block.source, block.start, block.stop] for block in blocks],
    }
    _settle(plan, network, out)
    return Batch(blocks, out)


def model(out: str) -> bytes:
    """The model file of the batch that is answered in the folder `out`. Raises InklingError."""
    files, folder = _opened(out)
    with _explained(out), files.open_input_stream(f"{folder}/{_MODEL}") as file:
        return bytes(file.read())


def answer(reader: Classifier, block: Block, out: str) -> int:
    """Read a block and write its answers to the folder `out`; how many there are. Raises
    InklingError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    images, ids = _read(block)
    probabilities = batch.predict(reader, images)
    columns = {
        **ids,
        "Label": probabilities.argmax(axis=1).astype(np.uint8),
        "Confidence": probabilities.max(axis=1),
    }
    content = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), content)
    _write(f"{out.rstrip('/')}/{block.name}", content.getvalue().to_pybytes())
    return len(images)


# ---------------------------------------------------------------- which files, which blocks


def _found(source: str) -> list[str]:
    """The files that `source` names: itself, those in a folder, or those that a pattern fits."""
    files, path = _opened(source)
    prefix = source[: len(source) - len(path)] if source.endswith(path) else ""
    with _explained(source):
        folder, pattern = posixpath.split(path)
        if "*" in pattern or "?" in pattern:
            there = _listed(files, folder)
        elif not files.get_file_info(path).is_file:
            there, pattern = _listed(files, path, recursive=True), "*"
        else:
            return [source]
    found = [info.path for info in there if _is_wanted(info.base_name, pattern)]
    if not found:
        raise InklingError(
            "“{file}” has no file of digits; wanted: Parquet, CSV or .npz files.", file=source
        )
    return [prefix + path for path in sorted(found)]


def _is_wanted(name: str, pattern: str) -> bool:
    hidden = name.startswith(("_", "."))
    return fnmatchcase(name, pattern) and name.lower().endswith(_SUFFIXES) and not hidden


def _blocks(source: str) -> Iterator[Block]:
    """Those of a file: of a Parquet file so many rows each, of any other all of them."""
    stem = posixpath.basename(source).removesuffix(_PARQUET)
    if not source.lower().endswith(_PARQUET):
        yield Block(source, f"{stem}{_PARQUET}")
        return
    with _parquet(source) as file:
        _columns(source, file.schema_arrow.names)
        rows = file.metadata.num_rows
    for start in range(0, rows, ROWS):
        yield Block(source, f"{stem}-{start:012}{_PARQUET}", start, min(start + ROWS, rows))


def _refuse_same_names(blocks: Sequence[Block]) -> None:
    sources: dict[str, str] = {}
    for block in blocks:
        other = sources.setdefault(block.name, block.source)
        if other != block.source:
            raise InklingError(
                "“{file}” and “{other}” have the same name; wanted: files that have names of their "
                "own, as their answers are called after them.",
                file=other,
                other=block.source,
            )
    if len(sources) != len(blocks):
        raise InklingError("A file is named twice; wanted: each of them once.")


def _settle(plan: dict[str, Any], network: bytes, out: str) -> None:
    """Write down in the folder what is answered there and by what, or see that it is the same."""
    files, folder = _opened(out)
    with _explained(out):
        files.create_dir(folder, recursive=True)
        there = {info.base_name for info in _listed(files, folder)}
        if _PLAN in there:
            with files.open_input_stream(f"{folder}/{_PLAN}") as file:
                known = json.loads(file.read())
        elif there:
            raise InklingError(
                "The folder “{folder}” is not empty; wanted: a new or empty one.", folder=out
            )
        else:
            known = None
    if known not in (None, plan):
        raise InklingError(
            "The folder “{folder}” holds answers of another model or to other files; wanted: a new "
            "folder, or the same model and files, to go on.",
            folder=out,
        )
    if known is None:
        _write(f"{out.rstrip('/')}/{_PLAN}", json.dumps(plan).encode())
    if _MODEL not in there:
        _write(f"{out.rstrip('/')}/{_MODEL}", network)


# ---------------------------------------------------------------- a block's digits


def _read(block: Block) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """The digits of a block, (N, 28, 28), and the column that tells them apart."""
    if block.stop == _WHOLE:
        images = _read_whole(block.source)
        return images, {"ImageId": np.arange(1, len(images) + 1)}
    table = _rows(block)
    where = Text(
        "“{file}”, rows {first:,} to {last:,}",
        file=block.source,
        first=block.start + 1,
        last=block.stop,
    )
    kept = next((name for name in _IDS if name in table.column_names), None)
    ids = table[kept] if kept else np.arange(block.start + 1, block.stop + 1)
    return _images(table, block.source, where), {kept or "ImageId": ids}


def _read_whole(source: str) -> NDArray[np.uint8]:
    if not is_remote(source):
        return readers.read(Path(source)).images
    import io

    files, path = _opened(source)
    with _explained(source), files.open_input_file(path) as file:
        if file.size() > LARGEST:
            raise InklingError(
                "“{file}” has {size:,} bytes; wanted: {most:,} at most, or Parquet.",
                file=source,
                size=file.size(),
                most=LARGEST,
            )
        content = io.BytesIO(file.read())
    content.name = source
    return readers.read(content).images


def _rows(block: Block) -> pa.Table:
    """A block's rows, and of the rest of the file as little as may be."""
    import pyarrow as pa

    with _parquet(block.source) as file:
        groups, first, before = list[int](), 0, 0
        for number in range(file.metadata.num_row_groups):
            rows = file.metadata.row_group(number).num_rows
            if before < block.stop and before + rows > block.start:
                first = first if groups else before
                groups.append(number)
            before += rows
        names = file.schema_arrow.names
        wanted = _columns(block.source, names) + [name for name in _IDS if name in names][:1]
        parts, at = [], first
        for part in file.iter_batches(ROWS, row_groups=groups, columns=wanted):
            begin, end = max(block.start - at, 0), min(block.stop - at, len(part))
            if begin < end:
                parts.append(part.slice(begin, end - begin))
            at += len(part)
            if at >= block.stop:
                break
    if sum(map(len, parts)) != block.stop - block.start:
        raise InklingError("“{file}” has changed; wanted: the file as it was.", file=block.source)
    return pa.Table.from_batches(parts)


def _columns(source: str, names: Sequence[str]) -> list[str]:
    """Those with the pixels."""
    if "image" in names:
        return ["image"]
    pixels = [name for name in names if name not in (*_IDS, "label")]
    if len(pixels) != PIXELS:
        raise InklingError(
            "“{file}” has {count} columns of pixels; wanted: a column image, or {wanted} as "
            "Kaggle's pixel0 to pixel783.",
            file=source,
            count=len(pixels),
            wanted=PIXELS,
        )
    return pixels


def _images(table: pa.Table, source: str, where: Text) -> NDArray[np.uint8]:
    import pyarrow as pa

    columns = [table[name].combine_chunks() for name in _columns(source, table.column_names)]
    if any(column.null_count for column in columns):
        raise InklingError(
            "{rows} have pixels that are empty; wanted: numbers from 0 to 255.", rows=where
        )
    try:
        if len(columns) == 1:
            flat = _flat(columns[0])
        else:
            flat = np.column_stack([column.cast(pa.uint8()).to_numpy() for column in columns])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InklingError(
            "{rows} have other things than pixels ({fault}); wanted: whole numbers from 0 to 255.",
            rows=where,
            fault=error,
        ) from None
    if flat.size != len(table) * PIXELS:
        raise InklingError(
            "{rows} are not of {wanted} pixels each; wanted: 28×28 digits.",
            rows=where,
            wanted=PIXELS,
        )
    return flat.reshape(-1, SIDE, SIDE)


def _flat(column: pa.Array) -> NDArray[np.uint8]:
    """The pixels of bytes or lists; none where one has another number of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    nested = pa.types.is_nested(column.type)
    lengths = pc.list_value_length(column) if nested else pc.binary_length(column)
    if not pc.all(pc.equal(lengths, PIXELS)).as_py():
        return np.empty(0, np.uint8)
    if nested:
        return column.flatten().cast(pa.uint8()).to_numpy(zero_copy_only=False)
    return np.frombuffer(b"".join(column.cast(pa.large_binary()).to_pylist()), np.uint8)


# ---------------------------------------------------------------- files here and elsewhere


def _opened(name: str) -> tuple[FileSystem, str]:
    """Where `name` is, and what it is called there."""
    from pyarrow.fs import FileSystem, LocalFileSystem

    if not is_remote(name):
        return LocalFileSystem(), str(Path(name).absolute())
    if name.split("://")[0] not in _SCHEMES:
        raise InklingError(
            "“{file}” is at an address of another kind; wanted: s3://…, gs://… or a path.",
            file=name,
        )
    with _explained(name):
        files, path = FileSystem.from_uri(name.rstrip("/"))
    return files, path


def _listed(files: FileSystem, folder: str, recursive: bool = False) -> list[Any]:
    from pyarrow.fs import FileSelector

    found = files.get_file_info(FileSelector(folder, recursive=recursive, allow_not_found=True))
    return [info for info in found if info.is_file]


@contextmanager
def _parquet(source: str) -> Iterator[Any]:
    """A Parquet file. Raises InklingError for what is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    files, path = _opened(source)
    try:
        with _explained(source), pq.ParquetFile(path, filesystem=files) as file:
            yield file
    except pa.ArrowException as error:
        first = next(iter(str(error).splitlines()), "")
        raise InklingError(
            "“{file}” is damaged ({fault}); wanted: a Parquet file.", file=source, fault=first
        ) from None


def _write(name: str, content: bytes) -> None:
    with _explained(name):
        if is_remote(name):
            files, path = _opened(name)
            with files.open_output_stream(path) as file:  # is there when it is closed
                file.write(content)
        else:
            write_whole(Path(name), content)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Tell what a disk or a bucket refuses in a sentence."""
    try:
        yield
    except OSError as error:
        first = error.strerror or next(iter(str(error).splitlines()), type(error).__name__)
        raise InklingError(
            "“{file}” can't be used ({fault}); wanted: files that can be read, and a folder that "
            "can be written to.",
            file=name,
            fault=first,
        ) from error
