import gzip
import io
import re
import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.data import archive
from model.data.kaggle import to_csv
from model.data.readers import read, read_contents
from model.data.samples import LabelledSamples, Samples
from model.errors import InklingError


def made(count: int, seed: int = 0) -> LabelledSamples:
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, 28, 28), np.uint8)
    return LabelledSamples(images, rng.integers(0, 10, count, np.uint8))


def idx(array: np.ndarray) -> bytes:
    """The IDX file of an array of bytes, as http://yann.lecun.com/exdb/mnist lays it out."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def pens() -> bytes:
    return npz(
        xy=np.random.default_rng(0).normal(size=(12, 2)),
        stroke_start=[0, 5, 9, 12],
        sample_start=[0, 2, 3],
        label=[3, 4],
        writer=[0, 1],
        split=[0, 1],
    )


def mnist_files(folder: Path, packed: bool = False) -> tuple[LabelledSamples, LabelledSamples]:
    """MNIST's four files, small, in `folder`; what they hold to train and to test on."""
    parts = made(6), made(4, 1)
    for name, samples in zip(("train", "t10k"), parts, strict=True):
        for kind, array in (("images-idx3", samples.images), ("labels-idx1", samples.labels)):
            content = idx(array)
            if packed:
                (folder / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(content))
            else:
                (folder / f"{name}-{kind}-ubyte").write_bytes(content)
    return parts


def assert_same(one: Samples, other: Samples) -> None:
    np.testing.assert_array_equal(one.images, other.images)
    if one.labels is None or other.labels is None:
        assert one.labels is other.labels
    else:
        np.testing.assert_array_equal(one.labels, other.labels)


def refusal(source: Path | BinaryIO | bytes) -> str:
    with pytest.raises(InklingError) as refused:
        read(io.BytesIO(source) if isinstance(source, bytes) else source)
    message = str(refused.value)
    assert "\n" not in message
    assert message.endswith(".")
    assert "wanted: " in message
    return message


# ---------------------------------------------------------------- every kind


@given(count=st.integers(1, 5), seed=st.integers(0, 2**32), packed=st.booleans())
def test_the_same_digits_come_from_files_of_every_kind(count: int, seed: int, packed: bool) -> None:
    samples = made(count, seed)
    unlabelled = Samples(samples.images, None)
    contents = {
        to_csv(samples): samples,
        to_csv(unlabelled): unlabelled,
        idx(samples.images): unlabelled,
        npz(x=samples.images, y=samples.labels): samples,
    }
    for content, expected in contents.items():
        if packed and not content.startswith(b"PK"):
            content = gzip.compress(content)
        back = read(io.BytesIO(content))
        assert_same(back, expected)
        assert back.images.dtype == np.uint8
        assert back.images.flags.writeable


def test_training_digits_come_first(tmp_path: Path) -> None:
    train, test = mnist_files(tmp_path)
    both = read(tmp_path)
    assert both.labels is not None
    assert_same(Samples(both.images[:6], both.labels[:6]), train)
    assert_same(Samples(both.images[6:], both.labels[6:]), test)
    half = npz(x_train=train.images, y_train=train.labels, x_test=test.images)
    assert read(io.BytesIO(half)).labels is None


def test_an_upload_is_read_from_its_start_and_stays_open() -> None:
    upload = io.BytesIO(to_csv(made(3)))
    upload.seek(0, io.SEEK_END)
    assert_same(read(upload), read(upload))


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        ("label,pixel0\n5,0\n".encode("utf-16"), "is UTF-16 text; wanted: a CSV saved as UTF-8"),
        ("label,pixel0\n5,0\n".encode("utf-16-le"), "is UTF-16 text"),
        ("label,pixel0\n5,0\n".encode("utf-16-be"), "is UTF-16 text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is of another kind; wanted: an .npz, IDX or Kaggle"),
        (b"\x80\x04\x95\0\0\0\0\0", "is of another kind"),
        (b"PK\x05\x06" + bytes(18), "holds nothing"),
        (b"Dear reader", "row 1 has 1 column"),
        (b"\n\n", "row 1 has 0 columns"),
    ],
)
def test_files_of_another_kind_are_refused(content: bytes, part: str) -> None:
    assert part in refusal(content)


# ---------------------------------------------------------------- IDX


@pytest.mark.parametrize("packed", [True, False])
def test_mnists_folder_is_read(tmp_path: Path, packed: bool) -> None:
    train, test = mnist_files(tmp_path, packed)
    contents = read_contents(tmp_path)
    assert_same(contents.train, train)
    assert contents.test is not None
    assert_same(contents.test, test)


@pytest.mark.parametrize("packed", [True, False])
def test_labels_are_found_beside_their_images(tmp_path: Path, packed: bool) -> None:
    _, test = mnist_files(tmp_path, packed)
    (images,) = tmp_path.glob("t10k-images*")
    assert_same(read(images), test)


def test_packed_labels_fit_unpacked_images_and_other_spellings(tmp_path: Path) -> None:
    samples = made(3)
    (tmp_path / "my-images.idx3-ubyte").write_bytes(idx(samples.images))
    assert read(tmp_path / "my-images.idx3-ubyte").labels is None
    (tmp_path / "my-labels.idx1-ubyte.gz").write_bytes(gzip.compress(idx(samples.labels)))
    assert_same(read(tmp_path / "my-images.idx3-ubyte"), samples)


def test_a_packed_copy_is_not_taken_for_labels(tmp_path: Path) -> None:
    content = idx(made(3).images)
    (tmp_path / "digits").write_bytes(content)
    (tmp_path / "digits.gz").write_bytes(gzip.compress(content))
    assert read(tmp_path / "digits").labels is None
    assert read(tmp_path / "digits.gz").labels is None


def test_a_folder_without_mnist_is_refused(tmp_path: Path) -> None:
    assert "holds no train-images-idx3-ubyte; wanted: a file, or a folder" in refusal(tmp_path)
    (tmp_path / "train-images-idx3-ubyte").mkdir()
    assert "holds no train-images-idx3-ubyte" in refusal(tmp_path)


def test_a_folder_of_training_digits_alone_is_read(tmp_path: Path) -> None:
    train, _ = mnist_files(tmp_path)
    for path in tmp_path.glob("t10k*"):
        path.unlink()
    contents = read_contents(tmp_path)
    assert_same(contents.train, train)
    assert contents.test is None


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (idx(np.arange(20, dtype=np.uint8)), "no IDX file of images; wanted: one that begins with"),
        (b"\0\0\x0d\x03" + bytes(100), "no IDX file of images"),  # floats
        (idx(made(1).images)[:15], "no IDX file of images"),
        (idx(made(2).images)[:-1], "holds less than its header says; wanted: shape (2, 28, 28)"),
        (idx(made(2).images) + b"\0", "holds more than its header says"),
        (idx(np.zeros((2, 32, 32), np.uint8)), "images of shape (2, 32, 32); wanted: (N, 28, 28)"),
        (idx(np.zeros((0, 28, 28), np.uint8)), "images of shape (0, 28, 28)"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "holds more than 512 MB"),
        (b"\0\0\x08\x03" + struct.pack(">3I", 2**19, 28, 28), "holds less than its header says"),
        (gzip.compress(idx(made(9).images), mtime=0)[:-9], "is cut short or damaged"),
    ],
)
def test_wrong_idx_files_are_refused(content: bytes, part: str) -> None:
    assert part in refusal(content)


@pytest.mark.parametrize(
    ("labels", "part"),
    [
        (idx(np.zeros(5, np.uint8)), "holds 5 labels; wanted: one for each of the 6 images"),
        (idx(np.array([0, 9, 10, 3, 1, 1], np.uint8)), "has 10 at item 3; wanted: a label"),
        (idx(np.array([0, 9, 9, 255, 11, 1], np.uint8)), "has 255 at item 4; wanted: a label"),
        (idx(made(6).images), "no IDX file of labels; wanted: one that begins with 0x00000801"),
        (b"", "no IDX file of labels"),
    ],
)
def test_wrong_labels_are_named_by_their_own_file(tmp_path: Path, labels: bytes, part: str) -> None:
    mnist_files(tmp_path)
    path = tmp_path / "train-labels-idx1-ubyte"
    path.write_bytes(labels)
    message = refusal(tmp_path)
    assert part in message
    assert str(path) in message


# ---------------------------------------------------------------- what can't be opened


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "nowhere.csv” does not exist; wanted: a file" in refusal(tmp_path / "nowhere.csv")
    assert "wanted: a file" in refusal(tmp_path / ("long" * 100))


def test_what_is_no_file_is_refused() -> None:
    assert "“/dev/null” is a folder or device" in refusal(Path("/dev/null"))


class Broken(io.BytesIO):
    """A disk that fails while it is read."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


def test_what_fails_while_it_is_read_is_refused() -> None:
    broken = Broken(b"label")
    broken.name = "floppy.csv"
    assert "“floppy.csv” can't be read (Input/output error)" in refusal(broken)


def test_a_file_of_2_gb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    assert "large.csv” holds more than 512 MB; wanted: a smaller file" in refusal(path)


def test_a_file_as_large_as_may_be_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = to_csv(made(3))
    monkeypatch.setattr(archive, "LARGEST", len(content))
    assert len(read(io.BytesIO(content))) == 3
    assert len(read(io.BytesIO(gzip.compress(content)))) == 3
    monkeypatch.setattr(archive, "LARGEST", len(content) - 1)
    assert "holds more than" in refusal(content)
    assert "holds more than" in refusal(gzip.compress(content))


# ---------------------------------------------------------------- damage of every kind

SOUND = {
    "csv": to_csv(made(3)),
    "csv.gz": gzip.compress(to_csv(made(3)), mtime=0),
    "idx": idx(made(3).images),
    "idx.gz": gzip.compress(idx(made(3).images), mtime=0),
    "npz": npz(x_train=made(2).images, y_train=[1, 2], x_test=made(1).images, y_test=[3]),
    "strokes": pens(),
}


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sound file with some bytes changed, cut out, put in or doubled, mostly near its ends."""
    content = bytearray(SOUND[draw(st.sampled_from(sorted(SOUND)))])
    for _ in range(draw(st.integers(1, 4))):
        edge = min(len(content), 600)
        place = st.integers(0, edge) | st.integers(len(content) - edge, len(content))
        start = draw(place | st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 1, 1, 1, 2, 4, 8, 100, len(content)]))
        new = draw(st.binary(max_size=8) | st.just(content[start : start + length] * 2))
        content[start : start + length] = new
    return bytes(content)


def outcome(content: bytes) -> Samples | str:
    try:
        return read(io.BytesIO(content))
    except InklingError as error:
        return str(error)


def assert_read_or_refused(content: bytes) -> None:
    found = outcome(content)
    if isinstance(found, str):
        assert re.fullmatch(r".+wanted: .+\.", found)
    else:
        assert found.images.dtype == np.uint8
        assert found.images.shape == (len(found), 28, 28)
        assert found.labels is None or found.labels.max() < 10


@settings(max_examples=400)
@given(damaged())
def test_damaged_files_are_read_or_refused(content: bytes) -> None:
    assert_read_or_refused(content)


@given(st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\0\0\x08\x03"]), st.binary())
def test_noise_is_refused(head: bytes, noise: bytes) -> None:
    assert isinstance(outcome(head + noise), str)
