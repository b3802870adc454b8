"""Kaggle's digit-recognizer CSV: a header, then a digit a row.

`train.csv` has 785 columns, `label` and the 784 pixels of a 28×28 digit row by row, 0 to 255;
`test.csv` has the 784 pixels alone (https://www.kaggle.com/c/digit-recognizer/data).

PyArrow reads it block by block into bytes, so memory stays near the array's own size; the file is
gone through again, slowly, only to say where a fault is.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from model.errors import InklingError
from model.preprocess import SIDE
from model.samples import CLASSES, Samples
from model.sources import Source, named, unpacked

PIXELS = SIDE * SIDE
HEADER = ["label", *(f"pixel{index}" for index in range(PIXELS))]

_BLOCK = 4 * 2**20  # bytes of CSV, some 2,000 rows
_LONGEST_ROW = 2**16  # bytes; 785 quoted numbers take 5,000
_WHOLE_NUMBER = re.compile(r"\s*[0-9]{1,9}\s*", re.ASCII)
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}


def read_csv(source: Source) -> Samples:
    """The digits of a Kaggle CSV, gzipped or not; labels None where the file has none.

    Empty lines are passed over. Raises InklingError with the row (the header is row 1), the column
    (the first is 1) and what was wanted there.
    """
    columns = _checked_header(source)
    labelled = columns == len(HEADER)
    images, labels = [], []
    rows = 0
    try:
        with unpacked(source) as stream:
            for block in _blocks(stream, columns):
                if labelled and block[:, 0].max() >= CLASSES:
                    raise _fault(source, columns, rows, "a label above 9")
                labels.append(block[:, :-PIXELS])
                images.append(block[:, -PIXELS:])
                rows += len(block)
    except pa.ArrowInvalid as error:
        raise _fault(source, columns, rows, str(error).partition("\n")[0]) from None
    if not rows:
        raise InklingError(f"{named(source)} has a header and no rows; wanted: a digit a row.")
    return Samples(
        np.concatenate(images).reshape(-1, SIDE, SIDE),
        np.concatenate(labels).ravel() if labelled else None,
    )


def to_csv(samples: Samples) -> bytes:
    """`samples` as Kaggle's CSV: `train.csv` where they have labels, else `test.csv`."""
    pixels = samples.images.reshape(-1, PIXELS)
    if samples.labels is None:
        names, table = HEADER[1:], pixels
    else:
        names, table = HEADER, np.column_stack([samples.labels, pixels])
    batch = pa.record_batch([pa.array(column) for column in table.T], names=names)
    file = io.BytesIO(f"{','.join(names)}\n".encode())
    file.seek(0, io.SEEK_END)
    pyarrow.csv.write_csv(batch, file, pyarrow.csv.WriteOptions(include_header=False))
    return file.getvalue()


def _checked_header(source: Source) -> int:
    """How many columns the file has, once its first row is seen to be a header."""
    with unpacked(source) as stream:
        head = stream.read(_LONGEST_ROW)
    line = re.split(rb"[\r\n]", head, maxsplit=1)[0].decode("utf-8-sig", "replace")
    names = _cells(line)
    row = f"{named(source)}, row 1"
    for separator, plural in _SEPARATORS.items():
        if line.count(separator) > max(PIXELS // 2, line.count(",")):
            raise InklingError(f"{row} has {plural} between its columns; wanted: commas.")
    if sum(map(_is_byte, names)) > len(names) / 2:
        raise InklingError(f"{row} holds numbers; wanted: a header, {','.join(HEADER[:3])},…")
    labelled = bool(names) and names[0].strip().lower() == HEADER[0]
    if len(names) not in (PIXELS, PIXELS + 1) or (labelled and len(names) == PIXELS):
        raise InklingError(
            f"{row} has {_columns(names)}{' with label' if labelled else ''}; wanted: "
            f"{PIXELS + 1} (label and the pixels) or {PIXELS} (the pixels alone)."
        )
    if len(names) == PIXELS + 1 and not labelled:
        raise InklingError(f"{row}, column 1 is {_shown(names[0])}; wanted: label.")
    return len(names)


def _blocks(stream: io.BufferedReader, columns: int) -> Iterator[NDArray[np.uint8]]:
    """The rows below the header, (n, columns) uint8 at a time; ArrowInvalid at the first fault."""
    names = HEADER[-columns:]
    options = {
        "read_options": pyarrow.csv.ReadOptions(column_names=names, skip_rows=1, block_size=_BLOCK),
        "convert_options": pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.uint8()), null_values=[]
        ),
    }
    for batch in pyarrow.csv.open_csv(stream, **options):
        if batch.num_rows:
            yield batch.to_tensor().to_numpy()


def _fault(source: Source, columns: int, sound: int, reason: str) -> InklingError:
    """What is wrong after `sound` rows, found cell by cell; `reason` is for what this can't see."""
    with unpacked(source) as stream:
        text = io.TextIOWrapper(stream, "utf-8", errors="replace")
        lines = enumerate(iter(lambda: text.readline(_LONGEST_ROW), ""), start=1)
        rows = ((number, line) for number, line in lines if line.strip("\r\n"))
        for number, line in islice(rows, 1 + sound, None):
            if problem := _problem(_cells(line), columns):
                return InklingError(f"{named(source)}, row {number}{problem}.")
    return InklingError(f"{named(source)} is not a sound CSV ({reason}); wanted: Kaggle's CSV.")


def _problem(cells: list[str], columns: int) -> str | None:
    if len(cells) != columns:
        return f" has {_columns(cells)}; wanted: {columns}, as in the header"
    for column, cell in enumerate(cells, start=1):
        is_label = column == 1 and columns == len(HEADER)
        most, kind = (CLASSES - 1, "label") if is_label else (255, "pixel")
        if not (_WHOLE_NUMBER.fullmatch(cell) and int(cell) <= most):
            found = f"is {_shown(cell)}" if cell.strip() else "is empty"
            return f", column {column} {found}; wanted: a {kind}, a whole number from 0 to {most}"
    return None


def _cells(line: str) -> list[str]:
    return next(csv.reader([line]), [])


def _is_byte(cell: str) -> bool:
    return bool(_WHOLE_NUMBER.fullmatch(cell)) and int(cell) <= 255


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= 20 else f"{cell[:20]}…")


def _columns(cells: list[str]) -> str:
    return f"{len(cells)} column{'' if len(cells) == 1 else 's'}"
