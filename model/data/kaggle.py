"""Kaggle's digit-recognizer CSV: a header, then a digit a row.

`train.csv` has 785 columns, `label` and the 784 pixels of a 28×28 digit row by row, 0 to 255;
`test.csv` has the 784 pixels alone (https://www.kaggle.com/c/digit-recognizer/data).

`numpy.loadtxt` reads it into bytes, a few whole rows at a time, so that memory stays near the
array's own size. Rows that it refuses are gone through cell by cell to say where the fault is.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from model.data.archive import Source, named, unpacked
from model.data.samples import CLASSES, Samples
from model.errors import InklingError
from model.language import Text, ngettext
from model.preprocessing.framing import SIDE

PIXELS = SIDE * SIDE
HEADER = ["label", *(f"pixel{index}" for index in range(PIXELS))]

_BLOCK = 2**18  # bytes of CSV read at once, some 140 rows; larger ones are no quicker
_LONGEST_ROW = 2**16  # bytes; 785 quoted numbers take 5,000
_LINE_END = re.compile(rb"\r\n|\n|\r")
_WHOLE_NUMBER = re.compile(r"\s*\+?[0-9]{1,30}\s*")  # and so it is to NumPy
_AS_TEXT = [str(value).encode() for value in range(256)]
_SEPARATORS = {
    ";": Text("semicolons"),
    "\t": Text("tabs"),
    "|": Text("bars"),
    " ": Text("spaces"),
}


def read_csv(source: Source) -> Samples:
    """The digits of a Kaggle CSV, gzipped or not; labels None where the file has none.

    Empty lines are passed over. Raises InklingError with the row (the header is row 1), the column
    (the first is 1) and what was wanted there.
    """
    images, labels = bytearray(), bytearray()  # they grow in place; lists of blocks take twice that
    with unpacked(source) as stream:
        chunks = _whole_lines(stream)
        header, *rest = _LINE_END.split(next(chunks, b""), maxsplit=1)
        columns = _checked_header(header.decode("utf-8-sig", "replace"), source)
        row = 2
        for lines in chain(rest, chunks):
            block = _parsed(lines, columns)
            if block is None:
                raise InklingError(
                    "{file}, {fault}.", file=named(source), fault=_fault(lines, columns, row)
                )
            labels += block[:, :-PIXELS].tobytes()
            images += block[:, -PIXELS:].tobytes()
            row += len(lines.splitlines())
    if not images:
        raise InklingError(
            "{file} has a header and no rows; wanted: a digit a row.", file=named(source)
        )
    return Samples(
        np.frombuffer(images, np.uint8).reshape(-1, SIDE, SIDE),
        np.frombuffer(labels, np.uint8) if columns == len(HEADER) else None,
    )


def to_csv(samples: Samples) -> bytes:
    """`samples` as Kaggle's CSV: `train.csv` where they have labels, else `test.csv`."""
    table = samples.images.reshape(-1, PIXELS)
    if samples.labels is not None:
        table = np.column_stack([samples.labels, table])
    file = io.BytesIO()
    file.write(",".join(HEADER[-table.shape[1] :]).encode() + b"\n")
    file.writelines(b",".join(map(_AS_TEXT.__getitem__, row.tobytes())) + b"\n" for row in table)
    return file.getvalue()


def _whole_lines(stream: io.BufferedReader) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(_BLOCK):
        block = rest + block
        end = block.rfind(b"\n") + 1 or block.rfind(b"\r") + 1 or len(block)
        yield block[:end]
        rest = block[end:]
    if rest:
        yield rest


def _checked_header(header: str, source: Source) -> int:
    """How many columns the file has, once its first row is seen to be a header."""
    row = Text("{file}, row 1", file=named(source))
    if len(header) > _LONGEST_ROW:
        raise InklingError(
            "{row} is longer than {longest_row:,} bytes; wanted: a header.",
            row=row,
            longest_row=_LONGEST_ROW,
        )
    names = _cells(header)
    for separator, plural in _SEPARATORS.items():
        if header.count(separator) > max(PIXELS // 2, header.count(",")):
            raise InklingError(
                "{row} has {plural} between its columns; wanted: commas.", row=row, plural=plural
            )
    if sum(_is_whole(name, 255) for name in names) > len(names) / 2:
        raise InklingError(
            "{row} holds numbers; wanted: a header ({header},…).",
            row=row,
            header=",".join(HEADER[:3]),
        )
    labelled = bool(names) and names[0].strip().lower() == HEADER[0]
    if len(names) not in (PIXELS, PIXELS + 1) or (labelled and len(names) == PIXELS):
        raise InklingError(
            "{row} has {names}{labelled}; wanted: "
            "{columns} (label and the pixels) or {pixels} (the pixels alone).",
            row=row,
            names=_columns(names),
            labelled=Text(" with label") if labelled else "",
            columns=PIXELS + 1,
            pixels=PIXELS,
        )
    if len(names) == PIXELS + 1 and not labelled:
        raise InklingError(
            "{row}, column 1 is {names}; wanted: label.", row=row, names=_shown(names[0])
        )
    return len(names)


def _parsed(lines: bytes, columns: int) -> NDArray[np.uint8] | None:
    """Some rows, (n, columns) uint8; None where there is a fault in them."""
    if not lines.strip(b"\r\n"):
        return np.empty((0, columns), np.uint8)
    try:
        block = np.loadtxt(
            lines.splitlines(),
            np.uint8,
            comments=None,
            delimiter=",",
            quotechar='"',
            encoding="utf-8",
            ndmin=2,
        )
    except ValueError:
        return None
    labelled = columns == len(HEADER)
    sound = block.shape[1] == columns and not (labelled and block[:, 0].max() >= CLASSES)
    return block if sound else None


def _fault(lines: bytes, columns: int, first: int) -> Text:
    """The first thing wrong in `lines`, whose first is row `first`."""
    for row, line in enumerate(lines.splitlines(), first):
        if len(line) > _LONGEST_ROW:
            return Text(
                "row {row} is longer than {longest:,} bytes; wanted: {columns} numbers",
                row=row,
                longest=_LONGEST_ROW,
                columns=columns,
            )
        if line and (problem := _problem(row, _cells(line.decode("utf-8", "replace")), columns)):
            return problem
    return Text(
        "row {row} or one that follows is not as in a CSV; wanted: {columns} numbers a row",
        row=first,
        columns=columns,
    )


def _problem(row: int, cells: list[str], columns: int) -> Text | None:
    if len(cells) != columns:
        return Text(
            "row {row} has {found}; wanted: {columns}, as in the header",
            row=row,
            found=_columns(cells),
            columns=columns,
        )
    for column, cell in enumerate(cells, start=1):
        is_label = column == 1 and columns == len(HEADER)
        most = CLASSES - 1 if is_label else 255
        if not _is_whole(cell, most):
            return Text(
                "row {row}, column {column} {found}; wanted: {kind}, a whole number from 0 to "
                "{most}",
                row=row,
                column=column,
                found=Text("is {cell}", cell=_shown(cell)) if cell.strip() else Text("is empty"),
                kind=Text("a label") if is_label else Text("a pixel"),
                most=most,
            )
    return None


def _cells(line: str) -> list[str]:
    return next(csv.reader([line]), [])


def _is_whole(cell: str, most: int) -> bool:
    return bool(_WHOLE_NUMBER.fullmatch(cell)) and int(cell.strip()) <= most


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= 20 else f"{cell[:20]}…")


def _columns(cells: list[str]) -> str:
    return ngettext("{n} column", "{n} columns", len(cells))
