import io
import pickle
import re
import struct
import tracemalloc
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data import archive
from model.data.npz import read_npz, read_strokes
from model.data.samples import Contents
from model.errors import InklingError
from model.preprocessing.pixels import to_float32
from model.preprocessing.strokes import prepare_strokes


def packed(**arrays: Any) -> io.BytesIO:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    file.name = "digits.npz"
    return file


def images(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)


def labels(count: int) -> np.ndarray:
    return (np.arange(count) % 10).astype(np.uint8)


def pens(count: int = 4) -> dict[str, Any]:
    """A stroke file of `count` samples: one, two, three, … strokes of two to five points."""
    rng = np.random.default_rng(7)
    strokes = [rng.normal(size=(2 + number % 4, 2)) for number in range(count * (count + 1) // 2)]
    return {
        "xy": np.concatenate(strokes).astype(np.float32),
        "stroke_start": np.cumsum([0, *map(len, strokes)]).astype(np.int32),
        "sample_start": np.cumsum(range(count + 1)).astype(np.int32),
        "label": labels(count),
        "writer": np.arange(count),
        "split": (np.arange(count) % 2).astype(np.uint8),
    }


def refusal(file: io.BytesIO) -> str:
    with pytest.raises(InklingError) as refused:
        read_npz(file)
    message = str(refused.value)
    assert message.startswith("“digits.npz”")
    assert "\n" not in message
    assert message.endswith(".")
    assert "wanted: " in message
    return message


# ---------------------------------------------------------------- images


@given(
    count=st.integers(1, 5),
    seed=st.integers(0, 2**32),
    names=st.sampled_from([("x", "y"), ("X", "Y"), ("images", "labels"), ("x_train", "y_train")]),
    kind=st.sampled_from([np.uint8, np.int64, ">i2", np.uint32]),
    shape=st.sampled_from([(28, 28), (28, 28, 1), (784,)]),
    order=st.sampled_from("CF"),
)
def test_what_numpy_writes_is_read(
    count: int, seed: int, names: tuple[str, str], kind: Any, shape: Any, order: Any
) -> None:
    array = images(count, seed)
    given = array.astype(kind).reshape(count, *shape).copy(order)
    column = labels(count).astype(kind)[:, None]
    contents = read_npz(packed(**{names[0]: given, names[1]: column}))
    assert contents.test is None
    assert contents.train.labels is not None
    for read, expected in ((contents.train.images, array), (contents.train.labels, labels(count))):
        assert read.dtype == np.uint8
        assert read.flags.c_contiguous
        np.testing.assert_array_equal(read, expected)


def test_training_and_test_digits_stay_apart() -> None:
    contents = read_npz(
        packed(x_train=images(5), y_train=labels(5), x_test=images(3, 1), y_test=labels(3))
    )
    assert contents.test is not None
    np.testing.assert_array_equal(contents.train.images, images(5))
    np.testing.assert_array_equal(contents.test.images, images(3, 1))


def test_images_without_labels_are_read() -> None:
    assert read_npz(packed(x=images(2))).train.labels is None


@pytest.mark.parametrize(
    ("arrays", "parts"),
    [
        ({"pictures": images(2)}, ["holds pictures", "x_train or x or images or x_test"]),
        ({}, ["holds nothing"]),
        ({f"a{n}": [n] for n in range(20)}, ["holds a0, a1, a10, a11, a12, a13, …;"]),
        ({"x": images(2) / 255}, ["float64", "array x", "whole numbers from 0 to 255"]),
        ({"x": images(2) > 3}, ["has '|b1' in its array x; wanted: numbers"]),
        ({"x": np.array(["a", "b"])}, ["has '<U1' in its array x"]),
        ({"x": images(2).astype(int) + 1000}, ["at x[0, 0, 0]; wanted", "from 0 to 255"]),
        ({"x": -images(2).astype(int) - 1}, ["has -", "from 0 to 255"]),
        ({"x": images(2)[:, :27]}, ["x of shape (2, 27, 28); wanted: (N, 28, 28)"]),
        ({"x": images(2)[0]}, ["x of shape (28, 28); wanted: (N, 28, 28)"]),
        ({"x": np.uint8(7)}, ["x of shape (); wanted: (N, 28, 28)"]),
        ({"x": images(0)}, ["x of shape (0, 28, 28); wanted: (N, 28, 28)"]),
        ({"x": images(2), "y": labels(3)}, ["y of shape (3,); wanted: (2,), as x"]),
        ({"x": images(2), "y": np.eye(10, dtype=int)[:2]}, ["y of shape (2, 10); wanted: (2,)"]),
        ({"x": images(2), "y": [3, 10]}, ["has 10 at y[1]; wanted", "from 0 to 9"]),
        ({"x": images(2), "y": [3.0, 1.0]}, ["float64", "array y", "from 0 to 9"]),
    ],
)
def test_wrong_arrays_are_named(arrays: dict[str, Any], parts: list[str]) -> None:
    message = refusal(packed(**arrays))
    for part in parts:
        assert part in message


# ---------------------------------------------------------------- what must not be trusted


class Trap:
    """Unpickled, it leaves its mark."""

    sprung = False

    def __reduce__(self) -> tuple[Any, Any]:
        return spring, ()


def spring() -> None:
    Trap.sprung = True


def test_objects_are_not_unpickled() -> None:
    with pytest.raises(InklingError, match=r"has '\|O' in its array x; wanted: numbers"):
        read_npz(packed(x=np.array([Trap()], object)))
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("x", pickle.dumps(Trap()))
    with pytest.raises(InklingError, match="has a damaged array x"):
        read_npz(raw)
    assert not Trap.sprung


def raw_npy(shape: str, content: bytes, kind: str = "|u1") -> io.BytesIO:
    """An archive whose array `x` claims `shape`, whatever it holds."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}\n".encode()
    file = io.BytesIO()
    file.name = "digits.npz"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "x.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content
        )
    return file


@pytest.mark.parametrize(
    "shape",
    [
        "(1000000000000, 28, 28)",
        "(999999999999, 28, 28)",
        "(-1, 28, 28)",
        "(-1, -28, 28)",
        "(2, 28, 28)",
        "(0, 28, 28)",
        "(10**9,)",
        "(True, 28, 28)",
        "'28'",
        "(" * 500,
        "(1,) * 100",
        "1}\n  2\n 3",
        "[" * 150,
        "-" * 900,
        "(" + "1, " * 100 + ")",
    ],
)
def test_a_shape_that_is_not_that_of_the_bytes_is_refused(shape: str) -> None:
    tracemalloc.start()
    refusal(raw_npy(shape, bytes(784 - 1)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.parametrize(
    ("kind", "part"),
    [("|V0", "has '|V0'"), ("|S0", "has '|S0'"), ("|u0", "damaged"), ("<i3", "damaged")],
)
def test_a_dtype_of_no_numbers_is_refused(kind: str, part: str) -> None:
    size = {"<i3": 3}.get(kind, 0)
    message = refusal(raw_npy("(100000000000,)" if not size else "(1,)", bytes(size), kind))
    assert part in message


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed(x=np.zeros((20_000, 28, 28), np.uint8))
    assert len(bomb.getvalue()) < 100_000
    monkeypatch.setattr(archive, "LARGEST", 8 * 2**20)
    tracemalloc.start()
    refusal(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_an_archive_that_hides_its_size_gives_no_more_than_it_says() -> None:
    content = bytearray(packed(x=images(50)).getvalue())
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 784 + 128)
    file = io.BytesIO(content)
    file.name = "digits.npz"
    assert "damaged array x" in refusal(file)


@pytest.mark.parametrize("keep", [10, 500, 2000, -30, -1])
def test_a_cut_archive_is_refused(keep: int) -> None:
    file = io.BytesIO(packed(x=images(5)).getvalue()[:keep])
    file.name = "digits.npz"
    assert "damaged" in refusal(file)


def test_a_flipped_bit_is_found() -> None:
    content = bytearray(packed(x=images(5)).getvalue())
    content[1000] ^= 16
    file = io.BytesIO(content)
    file.name = "digits.npz"
    assert "damaged array x" in refusal(file)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_are_refused(packing: int) -> None:
    file = io.BytesIO()
    file.name = "digits.npz"
    with zipfile.ZipFile(file, "w", packing) as archive:
        archive.writestr("x.npy", b"whatever")
    assert "packed in a way" in refusal(file)


@pytest.mark.parametrize(("bit", "part"), [(0, "packed in a way"), (5, "damaged array x")])
def test_an_encrypted_or_patched_archive_is_refused(bit: int, part: str) -> None:
    content = bytearray(packed(x=images(1)).getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1 << bit
    file = io.BytesIO(content)
    file.name = "digits.npz"
    assert part in refusal(file)


# ---------------------------------------------------------------- strokes


def test_strokes_come_back_as_they_were_written() -> None:
    arrays = pens(4)
    strokes = read_strokes(packed(**arrays))
    assert len(strokes) == 4
    assert [len(strokes.sample(index)) for index in range(4)] == [1, 2, 3, 4]
    assert [len(stroke) for stroke in strokes.sample(2)] == [5, 2, 3]
    everything = np.concatenate([np.concatenate(strokes.sample(index)) for index in range(4)])
    np.testing.assert_array_equal(everything, arrays["xy"])
    for name in ("label", "writer", "split"):
        np.testing.assert_array_equal(getattr(strokes, name), arrays[name])


def test_strokes_are_drawn_and_parted_by_their_split() -> None:
    arrays = pens(5)
    file = packed(**arrays)
    contents, strokes = read_npz(file), read_strokes(file)
    assert contents.test is not None
    parts = ((contents.train, [0, 2, 4]), (contents.test, [1, 3]))
    for part, indices in parts:
        np.testing.assert_array_equal(part.labels, arrays["label"][indices])
        for image, index in zip(part.images, indices, strict=True):
            drawn = prepare_strokes(strokes.sample(index)).image
            assert drawn is not None
            np.testing.assert_allclose(to_float32(image), drawn, atol=0.5 / 255 + 1e-6)


@pytest.mark.parametrize("split", [None, np.zeros(4, int), np.ones(4, int)])
def test_strokes_of_one_split_are_not_parted(split: np.ndarray | None) -> None:
    arrays = pens(4) | {"split": split}
    contents: Contents = read_npz(packed(**{k: v for k, v in arrays.items() if v is not None}))
    assert contents.test is None
    assert len(contents.train) == 4


def test_strokes_without_labels_are_drawn() -> None:
    arrays = pens(4)
    del arrays["label"], arrays["split"]
    assert read_npz(packed(**arrays)).train.labels is None


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"xy": np.zeros((24, 3))}, "xy of shape (24, 3); wanted: (P, 2)"),
        ({"xy": np.full((33, 2), np.nan)}, "a wrong number in xy; wanted: −1e+09 to 1e+09"),
        ({"xy": np.full((33, 2), 1e300)}, "a wrong number in xy"),
        ({"xy": np.zeros((33, 2), complex)}, "'<c16' in its array xy; wanted: numbers"),
        ({"stroke_start": [0, 5, 3, 24]}, "a wrong stroke_start; wanted: rising whole numbers"),
        ({"stroke_start": np.linspace(0, 33, 11)}, "a wrong stroke_start"),
        ({"sample_start": [0, 1, 11]}, "a wrong sample_start; wanted: rising whole numbers"),
        ({"sample_start": [1, 5, 10]}, "a wrong sample_start"),
        ({"sample_start": [0, 5, 5, 10]}, "a wrong sample_start"),
        ({"sample_start": [[0, 10]]}, "a wrong sample_start"),
        ({"sample_start": [0]}, "a wrong sample_start"),
        ({"sample_start": []}, "a wrong sample_start"),
        ({"label": labels(3)}, "uint8 label of shape (3,); wanted: (4,) whole numbers"),
        ({"split": np.zeros(4)}, "float64 split of shape (4,); wanted: (4,) whole numbers"),
        ({"label": [1, 65, 3, 4]}, "label 65 at sample 1; wanted: digits from 0 to 9"),
        ({"xy": np.zeros((33, 2))}, "no digit in sample 0 (a dot is not a digit)"),
    ],
)
def test_wrong_strokes_are_named(change: dict[str, Any], part: str) -> None:
    assert len(pens()["xy"]) == 33
    assert part in refusal(packed(**(pens() | change)))


def test_an_archive_of_images_has_no_strokes() -> None:
    with pytest.raises(InklingError, match=re.escape("holds x; wanted: an array xy")):
        read_strokes(packed(x=images(1)))
