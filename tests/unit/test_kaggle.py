import gzip
import io
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data import archive
from model.data.kaggle import HEADER, PIXELS, read_csv, to_csv
from model.data.samples import Samples
from model.errors import InklingError

Table = list[list[str]]


def made(count: int, seed: int = 0, labelled: bool = True) -> Samples:
    """Digits whose every pixel is random, so that no two places look the same."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, 28, 28), np.uint8)
    return Samples(images, rng.integers(0, 10, count, np.uint8) if labelled else None)


def table(count: int = 4, labelled: bool = True) -> Table:
    lines = to_csv(made(count, labelled=labelled)).decode().splitlines()
    return [line.split(",") for line in lines]


def text(rows: Table, separator: str = ",", end: str = "\n") -> bytes:
    return "".join(separator.join(row) + end for row in rows).encode()


def same(one: Samples, other: Samples) -> bool:
    if one.labels is None or other.labels is None:
        return one.labels is other.labels and np.array_equal(one.images, other.images)
    return np.array_equal(one.images, other.images) and np.array_equal(one.labels, other.labels)


def refusal(content: bytes) -> str:
    """The message that `content` is refused with: one line, ending as a sentence."""
    with pytest.raises(InklingError) as refused:
        read_csv(io.BytesIO(content))
    message = str(refused.value)
    assert "\n" not in message
    assert message.endswith(".")
    assert "wanted: " in message
    return message


@given(
    count=st.integers(1, 5),
    seed=st.integers(0, 2**32),
    labelled=st.booleans(),
    packed=st.booleans(),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_what_is_written_is_read(
    count: int, seed: int, labelled: bool, packed: bool, end: str, mark: bytes
) -> None:
    samples = made(count, seed, labelled)
    content = mark + to_csv(samples).replace(b"\n", end.encode())
    back = read_csv(io.BytesIO(gzip.compress(content) if packed else content))
    assert same(back, samples)
    assert back.images.dtype == np.uint8
    assert back.images.flags.writeable


def test_the_format_is_kaggles() -> None:
    header, first = to_csv(made(1)).decode().splitlines()
    assert header.startswith("label,pixel0,pixel1,")
    assert header.endswith(",pixel783")
    assert re.fullmatch(r"\d(,\d{1,3}){784}", first)
    header, _ = to_csv(made(1, labelled=False)).decode().splitlines()
    assert header.startswith("pixel0,pixel1,")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_files_of_many_blocks_are_read_in_their_order(end: bytes) -> None:
    samples = made(3000)
    assert same(read_csv(io.BytesIO(to_csv(samples).replace(b"\n", end))), samples)


def test_quotes_spaces_empty_lines_and_other_names_do_no_harm() -> None:
    rows = table()
    expected = read_csv(io.BytesIO(text(rows)))
    rows[0] = ["Label", *(f"{row}x{column}" for row in range(28) for column in range(28))]
    rows[1] = [f'"{cell}"' for cell in rows[1]]
    rows[2] = [f" {cell} " for cell in rows[2]]
    rows[3] = [f"+00{cell}" for cell in rows[3]]
    content = text(rows).replace(b"\n", b"\n\n") + b"\n\n"
    assert same(read_csv(io.BytesIO(content)), expected)


def test_a_header_of_numbers_alone_is_known_by_those_that_no_pixel_has() -> None:
    rows = table(labelled=False)
    rows[0] = [str(index) for index in range(PIXELS)]  # what pandas writes for nameless columns
    assert len(read_csv(io.BytesIO(text(rows)))) == 4


def test_memory_stays_below_three_times_the_array() -> None:
    content = to_csv(made(10_000))
    tracemalloc.start()
    samples = read_csv(io.BytesIO(content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * samples.images.nbytes


# ---------------------------------------------------------------- bad cells


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("abc", "'abc'"),
        ("256", "'256'"),
        ("-1", "'-1'"),
        ("0.5", "'0.5'"),
        ("12.0", "'12.0'"),
        ("1e2", "'1e2'"),
        ("0x1F", "'0x1F'"),
        ("NaN", "'NaN'"),
        ("5#", "'5#'"),
        ("", "is empty"),
        ("  ", "is empty"),
        ("9" * 500, "99…"),
        ("٣", "'٣'"),
        ("\x00", r"'\x00'"),
    ],
)
@pytest.mark.parametrize(("row", "column"), [(1, 2), (3, 400), (4, 785)])
def test_a_bad_pixel_is_named_by_row_and_column(
    cell: str, found: str, row: int, column: int
) -> None:
    rows = table()
    rows[row][column - 1] = cell
    message = refusal(text(rows))
    assert f"row {row + 1}, column {column} " in message
    assert found in message
    assert "a pixel, a whole number from 0 to 255" in message


@pytest.mark.parametrize("cell", ["10", "255", "-1", "", "seven", "3.0"])
def test_a_bad_label_is_named_by_its_row(cell: str) -> None:
    rows = table()
    rows[2][0] = cell
    message = refusal(text(rows))
    assert "row 3, column 1 " in message
    assert "a label, a whole number from 0 to 9" in message


def test_a_fault_far_down_is_named_by_its_line_in_an_editor() -> None:
    rows = table(3000)
    rows[2900][5] = "oops"
    rows[2950][5] = "and another"
    lines = text(rows).split(b"\n")
    lines[10:10] = [b"", b""]  # empty lines count in an editor
    assert "row 2903, column 6 is 'oops'" in refusal(b"\n".join(lines))


def test_an_upload_is_called_by_its_name(tmp_path: Path) -> None:
    upload = io.BytesIO(b"label\n")
    upload.name = "digits.csv"
    with pytest.raises(InklingError, match=r"“digits\.csv”, row 1 has 1 column with"):
        read_csv(upload)
    path = tmp_path / "mine.csv"
    path.write_bytes(b"label\n")
    with pytest.raises(InklingError, match=f"“{re.escape(str(path))}”, row 1"):
        read_csv(path)


@given(
    cell=st.text("0123456789 .-+eExXNa_#\t'\x0b\x1c\x85\u00a0\u0663", max_size=5),
    column=st.integers(2, 785),
)
def test_exactly_the_whole_numbers_to_255_are_read(cell: str, column: int) -> None:
    rows = table(2)
    rows[1][column - 1] = cell
    number = re.fullmatch(r"\+?([0-9]+)", cell.strip())
    if number and int(number[1]) <= 255:
        images = read_csv(io.BytesIO(text(rows))).images
        assert images.reshape(2, PIXELS)[0, column - 2] == int(number[1])
    else:
        assert "row 2" in refusal(text(rows))


# ---------------------------------------------------------------- bad shapes


@pytest.mark.parametrize("change", [lambda row: row[:-1], lambda row: [*row, "0"]])
def test_a_row_with_a_missing_or_extra_column_is_named(
    change: Callable[[list[str]], list[str]],
) -> None:
    rows = table()
    rows[3] = change(rows[3])
    assert f"row 4 has {len(rows[3])} columns; wanted: 785, as in the header" in refusal(text(rows))


@pytest.mark.parametrize("labelled", [True, False])
def test_rows_that_all_differ_from_the_header_are_named(labelled: bool) -> None:
    rows = table(labelled=labelled)
    rows[0] = HEADER[1:] if labelled else HEADER
    wanted = f"row 2 has {len(rows[1])} columns; wanted: {len(rows[0])}, as in the header"
    assert wanted in refusal(text(rows))


def test_a_cut_last_row_is_named() -> None:
    assert "row 5 has 10 columns; wanted: 785" in refusal(
        text(table())[: -len(text([table()[-1][10:]])) - 1] + b"\n"
    )


def test_a_wrong_number_of_columns_is_refused() -> None:
    assert "row 1 has 783 columns; wanted: 785 (label and the pixels) or 784" in refusal(
        text([row[:783] for row in table(labelled=False)])
    )
    assert "row 1 has 784 columns with label; wanted" in refusal(
        text([row[:784] for row in table()])
    )
    assert "row 1 has 786 columns; wanted" in refusal(text([["", *row] for row in table()]))


def test_a_missing_label_name_is_refused() -> None:
    rows = table()
    rows[0] = [*rows[0][1:], "label"]
    assert "row 1, column 1 is 'pixel0'; wanted: label" in refusal(text(rows))


@pytest.mark.parametrize("labelled", [True, False])
def test_a_missing_header_is_refused(labelled: bool) -> None:
    message = refusal(text(table(labelled=labelled)[1:]))
    assert "row 1 holds numbers; wanted: a header (label,pixel0,pixel1,…)." in message


@pytest.mark.parametrize("content", [text([HEADER]), text([HEADER])[:-1], text([HEADER], end="\r")])
def test_a_header_alone_is_refused(content: bytes) -> None:
    assert "has a header and no rows; wanted: a digit a row" in refusal(content)
    assert "has a header and no rows; wanted: a digit a row" in refusal(content + b"\n\n\n")


@pytest.mark.parametrize(
    ("separator", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (" ", "spaces")]
)
def test_another_separator_is_named(separator: str, name: str) -> None:
    assert f"row 1 has {name} between its columns; wanted: commas" in refusal(
        text(table(), separator)
    )


def test_a_separator_that_changes_on_the_way_is_found() -> None:
    rows = text(table()).splitlines()
    rows[2] = rows[2].replace(b",", b";")
    assert "row 3 has 1 column; wanted: 785" in refusal(b"\n".join(rows))


def test_rows_without_end_are_refused() -> None:
    assert "row 1 is longer than 65,536 bytes; wanted: a header" in refusal(b"a" * 5_000_000)
    assert "row 2 is longer than 65,536 bytes; wanted: 785" in refusal(
        text([HEADER]) + b"7" * 5_000_000
    )


def test_an_open_quote_is_refused() -> None:
    rows = table()
    rows[2][5] = '"7'
    assert "row 3" in refusal(text(rows))


# ---------------------------------------------------------------- bad files


def test_a_cut_gzip_is_refused() -> None:
    packed = gzip.compress(to_csv(made(100)))
    for length in (12, len(packed) // 2, len(packed) - 1):
        assert "is cut short or damaged" in refusal(packed[:length])


def test_a_gzip_with_a_flipped_bit_is_refused() -> None:
    packed = bytearray(gzip.compress(to_csv(made(100))))
    packed[-6] ^= 1  # in its checksum
    assert "is cut short or damaged" in refusal(bytes(packed))


def test_a_gzip_that_unpacks_to_too_much_is_refused_on_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "LARGEST", 8 * 2**20)
    blank = gzip.compress(text([HEADER]) + b"\n" * 64 * 2**20)
    tracemalloc.start()
    message = refusal(blank)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "holds more than 8 MB; wanted: a smaller file" in message
    assert peak < 32 * 2**20
