"""Whole files of digits, in whatever they come; what a network makes of them."""

import gzip
import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.data import archive, synthetic
from model.data.kaggle import to_csv
from model.data.samples import Contents, LabelledSamples, Samples
from model.errors import InklingError
from model.inference import batch, classifier
from model.inference.batch import Answers, Batch
from model.preprocessing.picture import MAX_PICTURE_BYTES
from model.preprocessing.pixels import to_float32
from model.settings import PRETRAINED
from tests.support.command_line import program
from tests.support.files import zipped


class Upload(io.BytesIO):
    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def made(count: int, seed: int = 0) -> LabelledSamples:
    return LabelledSamples(*synthetic.make(count, seed))


def unlabelled(count: int, seed: int = 0) -> Samples:
    return Samples(made(count, seed).images, None)


def png(image: np.ndarray) -> bytes:
    """A digit as a person has it: large, dark on light."""
    large = cv2.resize(255 - image, (112, 112), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".png", large)[1].tobytes()


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def huge_png(side: int) -> bytes:
    """A picture of side × side px, 1 bit each, all of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side * (1 + (side + 7) // 8)), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    )


def refusal(*given: tuple[str, bytes]) -> str:
    with pytest.raises(InklingError) as refused:
        batch.read([Upload(name, content) for name, content in given])
    message = str(refused.value)
    assert "\n" not in message
    assert "wanted: " in message
    assert message.endswith(".")
    return message


def assert_same(one: Samples, other: Samples) -> None:
    np.testing.assert_array_equal(one.images, other.images)
    np.testing.assert_array_equal(
        one.labels if one.labels is not None else [],
        other.labels if other.labels is not None else [],
    )


# ---------------------------------------------------------------- what comes in


@pytest.mark.parametrize(
    "pack",
    [
        lambda csv: ("test.csv", csv),
        lambda csv: ("test.csv.gz", gzip.compress(csv)),
        lambda csv: ("test.csv.zip", zipped({"test.csv": csv})),
        lambda csv: ("all.zip", zipped({"in/here/": b"", "in/here/test.csv": csv, "a.txt": b"?"})),
    ],
    ids=["csv", "gzip", "zip", "zip with folders"],
)
def test_a_csv_comes_packed_or_not(pack: Callable[[bytes], tuple[str, bytes]]) -> None:
    samples = unlabelled(5)
    (found,) = batch.read([Upload(*pack(to_csv(samples)))])
    assert not found.is_labelled
    assert_same(found.contents.train, samples)


def test_kaggles_zip_has_digits_to_learn_from_and_to_read() -> None:
    train, test = made(5), unlabelled(4, 1)
    files = {
        "sample_submission.csv": b"ImageId,Label\n1,0\n",
        "test.csv": to_csv(test),
        "train.csv": to_csv(train),
        "__MACOSX/._train.csv": b"\0\5\x16\7",
    }
    batches = batch.read([Upload("digit-recognizer.zip", zipped(files))])
    learn = batch.to_learn(batches)
    assert learn is not None
    assert learn.name == "train.csv"
    assert_same(learn.contents.train, train)
    assert_same(batch.to_read(batches).contents.train, test)


def test_an_npz_is_no_zip_of_files() -> None:
    samples = made(4)
    file = io.BytesIO()
    np.savez(file, x=samples.images, y=samples.labels)
    (found,) = batch.read([Upload("mine.npz", file.getvalue())])
    assert found.name == "mine.npz"
    assert_same(found.contents.train, samples)


@pytest.mark.parametrize("in_a_zip", [True, False])
def test_idx_files_find_their_labels_by_name(in_a_zip: bool) -> None:
    train, test = made(6), made(4, 1)
    assert train.labels is not None
    assert test.labels is not None
    files = {
        "t10k-labels-idx1-ubyte": idx(test.labels),
        "train-images-idx3-ubyte.gz": gzip.compress(idx(train.images)),
        "t10k-images.idx3-ubyte": idx(test.images),
        "train-labels-idx1-ubyte": idx(train.labels),
    }
    given = {"mnist.zip": zipped(files)} if in_a_zip else files
    (found,) = batch.read([Upload(name, content) for name, content in given.items()])
    assert found.contents.test is not None
    assert_same(found.contents.train, train)
    assert_same(found.contents.test, test)
    assert len(found.images) == 10


def test_idx_images_alone_have_no_labels() -> None:
    (found,) = batch.read([Upload("t10k-images-idx3-ubyte", idx(made(3).images))])
    assert not found.is_labelled


def test_pictures_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    images = made(12).images
    files = {f"scan{number}.png": png(image) for number, image in enumerate(images)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "notes.txt").write_text("not a picture")
    ways: list[list[Path | BinaryIO]] = [
        [Upload("scans.zip", zipped(dict(reversed(files.items()))))],
        [Upload(name, content) for name, content in reversed(files.items())],
        [tmp_path],
    ]
    for way in ways:
        (found,) = batch.read(way)
        assert [name.rpartition("/")[2] for name in found.names] == list(files)
        assert not found.is_labelled
        difference = np.abs(found.images.astype(int) - images.astype(int))
        assert np.mean(difference) < 12  # of 255; another order gives 40


def test_folders_called_after_digits_are_labels() -> None:
    samples = made(6)
    files = {
        f"digits/{label}/{number}.png": png(image)
        for number, (image, label) in enumerate(zip(samples.images, samples.labels, strict=True))
    }
    (found,) = batch.read([Upload("digits.zip", zipped(files))])
    assert found.contents.train.labels is not None
    assert sorted(found.contents.train.labels) == sorted(samples.labels)
    (found,) = batch.read(
        [Upload("digits.zip", zipped(files | {"more/x.png": files.popitem()[1]}))]
    )
    assert not found.is_labelled


def test_pictures_without_a_digit_are_left_out_by_name() -> None:
    files = {
        "1.png": png(made(1).images[0]),
        "2.png": b"\x89PNG no more",
        "3.png": huge_png(30_000),
        "4.png": cv2.imencode(".png", np.full((50, 50), 255, np.uint8))[1].tobytes(),
        "5.png": bytes(MAX_PICTURE_BYTES + 1),
    }
    assert len(files["3.png"]) < 2**20
    told: list[float] = []
    (found,) = batch.read([Upload("scans.zip", zipped(files))], told.append)
    assert list(found.names) == ["1.png"]
    assert len(found.images) == 1
    parts = ("can't be read as a picture", "megapixels", "nothing is drawn", "at most 20 MB")
    for sentence, name, part in zip(found.left_out, list(files)[1:], parts, strict=True):
        assert sentence.startswith(f"“{name}”")
        assert part in sentence
    assert told == [0, 0.2, 0.4, 0.6, 0.8]


# ---------------------------------------------------------------- what is refused


def test_a_picture_of_30_000_by_30_000_alone_is_refused() -> None:
    assert "wanted: at most 20 megapixels" in refusal(("huge.png", huge_png(30_000)))


def test_a_zip_bomb_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({f"{number}.png": bytes(2**20) for number in range(20)})
    assert len(bomb) < 2**16
    monkeypatch.setattr(archive, "LARGEST", 2**24)
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    assert "holds more than" in refusal(("bomb.zip", bomb))


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    content = to_csv(made(5))
    honest = zipped({"train.csv": content})
    lying = honest.replace(struct.pack("<I", len(content)), struct.pack("<I", 1000))
    assert lying != honest
    assert "damaged “train.csv”" in refusal(("lie.zip", lying))


@pytest.mark.parametrize(
    "name", ["../out.csv", "in/../../out.csv", "/etc/out.csv", "C:\\out.csv", "..\\out.csv"]
)
def test_a_zip_with_a_path_that_leads_outside_is_refused(name: str) -> None:
    assert "leads outside" in refusal(("sly.zip", zipped({"test.csv": b"x", name: b"x"})))


def test_a_zip_with_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("test.csv")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "leads outside" in refusal(("link.zip", file.getvalue()))


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(zipped({"test.csv": b"x"}))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + flags] |= 1
    assert "has a password" in refusal(("secret.zip", bytes(content)))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (zipped({"notes.txt": b"7", "more.zip": b"7"}), "holds no digits"),
        (zipped({"test.csv": b"7,8"})[:60], "damaged zip"),
        (zipped({"train.csv": b"label"}), "row 1"),
        (zipped({"a.csv": b""}), "“a.csv” is empty"),
    ],
    ids=["no digits", "cut", "bad CSV", "empty CSV"],
)
def test_other_zips_are_refused(content: bytes, part: str) -> None:
    assert part in refusal(("some.zip", content))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InklingError, match="holds no digits; wanted: pictures"):
        batch.read([tmp_path])


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 3)
    files = {f"{number}.png": b"" for number in range(4)}
    assert "holds more than 3 files" in refusal(("many.zip", zipped(files)))


def test_a_zip_of_a_million_names_is_refused_before_they_are_read() -> None:
    """zipfile would keep half a gigabyte of them."""
    name = b"PK\x01\x02" + bytes(42)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 46 * 10**6, 30, 0)
    content = b"PK\x03\x04" + bytes(26) + name * 10**6 + end
    tracemalloc.start()
    message = refusal(("names.zip", content))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "holds more than 100,000 files" in message
    assert peak < len(content) + 2**23  # the upload's own copy


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_packed_otherwise_is_refused(packing: int) -> None:
    """Those have no bound: of a member that says it has 10 bytes zipfile unpacks all there is."""
    content = zipped({"test.csv": to_csv(made(2))}, packing)
    assert "(packed otherwise than by Deflate); wanted" in refusal(("a.zip", content))


@pytest.mark.parametrize("cut", [0, 40])
def test_a_picture_in_such_a_zip_is_left_out(cut: int) -> None:
    files = {"a.png": png(made(1).images[0])[cut:]}
    lzma, sound = zipped(files, zipfile.ZIP_LZMA), png(made(1, 1).images[0])
    (found,) = batch.read([Upload("b.png", sound), Upload("a.zip", lzma)])
    assert found.names == ["b.png"]
    assert "“a.png”" in found.left_out[0]


def test_a_deflated_member_that_lies_about_its_size_is_not_unpacked() -> None:
    """A quarter of a gigabyte of nothing, said to be ten bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = b"".join(packer.compress(bytes(2**24)) for _ in range(16)) + packer.flush()
    honest = zipped({"test.csv": bytes(10)}, zipfile.ZIP_STORED)
    at = honest.index(b"PK\x01\x02")
    local, entry, end = bytearray(honest[:38]), bytearray(honest[at:-22]), bytearray(honest[-22:])
    for header, place in ((local, 8), (entry, 10)):
        header[place : place + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    for header, place in ((local, 18), (entry, 20)):
        header[place : place + 4] = struct.pack("<L", len(stream))
    end[16:20] = struct.pack("<L", len(local) + len(stream))
    tracemalloc.start()
    refusal(("lie.zip", bytes(local + stream + entry + end)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**23


def test_an_empty_zip_and_one_without_names_are_refused() -> None:
    nameless = zipped({"x.png": b"x"}).replace(b"x.png", b"\0.png")
    refusal(("nameless.zip", nameless))
    assert "holds nothing" in refusal(("empty.zip", zipped({})))


def test_one_bad_file_among_several_is_named() -> None:
    message = refusal(("test.csv", to_csv(made(2))), ("more.csv", b"label;pixel0\n"))
    assert message.startswith("“more.csv”, row 1")


def test_several_files_to_read_are_refused() -> None:
    content = to_csv(unlabelled(2))
    batches = batch.read([Upload("a.csv", content), Upload("b.csv", content)])
    with pytest.raises(InklingError, match=r"“a\.csv”, “b\.csv” to read"):
        batch.to_read(batches)


SOUND = zipped({"0/a.png": png(made(1).images[0]), "b.png": png(made(1, 1).images[0])})


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SOUND)), st.integers(0, 9), st.binary(max_size=6)),
        min_size=1,
        max_size=3,
    ),
    st.booleans(),
)
def test_damaged_zips_are_read_or_refused(changes: list[tuple[int, int, bytes]], end: bool) -> None:
    content = bytearray(SOUND)
    for place, length, new in changes:
        place = max(0, len(content) - place % 250) if end else place
        content[place : place + length] = new
    with suppress(InklingError):
        found = batch.read([Upload("some.zip", bytes(content))])
        assert all(given.images.shape[1:] == (28, 28) for given in found)


# ---------------------------------------------------------------- answers


def answers() -> Answers:
    probabilities = np.full((3, 10), 0.05, np.float32)
    probabilities[[0, 1, 2], [7, 2, 4]] = [0.55, 0.5, 0.54]
    return Answers(Batch("x", Contents(unlabelled(3))), probabilities)


def test_the_least_certain_come_first() -> None:
    assert answers().least_certain.tolist() == [1, 2, 0]


def test_corrections_stand_and_can_be_taken_back() -> None:
    found = answers()
    assert found.digits.tolist() == [7, 2, 4]
    found.correct(1, 9)
    found.correct(2, 4)
    assert found.digits.tolist() == [7, 9, 4]
    assert found.corrections == {1: 9}
    found.correct(1, 2)
    assert found.corrections == {}


def test_a_submission_is_as_kaggle_wants_it() -> None:
    digits = np.array([7, 0, 9], np.uint8)
    assert batch.submission(digits) == b"ImageId,Label\n1,7\n2,0\n3,9\n"


def test_predict_reads_all_and_tells_how_far_it_is() -> None:
    reader = classifier.load(PRETRAINED)
    images = made(2300).images
    told: list[float] = []
    found = batch.predict(reader, images, told.append)
    np.testing.assert_allclose(found, reader.probabilities(to_float32(images)), atol=1e-5)
    assert told == [1000 / 2300, 2000 / 2300, 1.0]


def test_an_upload_larger_than_any_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 1000)
    assert "holds more than" in refusal(("big.zip", zipped({"a.csv": bytes(2000)}, 0)))


# ---------------------------------------------------------------- the page

PAGE = """
import sys
from streamlit.testing.v1 import AppTest
from model.inference import batch
from model.data import synthetic
from model.data.kaggle import to_csv
from model.data.samples import Contents, Samples
page = AppTest.from_file("pages/batch.py")
page.session_state["batches"] = {
    "learn": batch.Batch("train.csv", Contents(Samples(*synthetic.make(50, 1))))
}
page.run(timeout=60)
assert not page.exception, page.exception
assert [heading.value for heading in page.header] == ["train.csv"]
sys.exit("tensorflow" in sys.modules or "keras" in sys.modules)
"""


def test_digits_to_learn_from_do_not_wait_for_tensorflow() -> None:
    program(PAGE)
