import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model.data import datasets, drawings, synthetic
from model.data.datasets import Dataset, LabelledSamples, load, load_test, without
from model.data.drawings import SavedDrawing
from model.data.kaggle import to_csv
from model.data.npz import strokes_to_npz
from model.data.samples import Samples
from model.errors import InklingError
from tests.support.command_line import program, python


def numbered(count: int, first: int = 0) -> np.ndarray:
    """Images (count, 28, 28) that each bear their own number, so that all of them differ."""
    images = np.zeros((count, 28, 28), np.uint8)
    images.reshape(count, -1)[:, :4] = np.arange(first, first + count, dtype=">u4")[:, None].view(
        "u1"
    )
    return images


def numbers(split: Samples) -> np.ndarray:
    return split.images.reshape(len(split), -1)[:, :4].copy().view(">u4").ravel()


def write_csv(path: Path, count: int, first: int = 0, labelled: bool = True) -> Path:
    labels = (np.arange(count) % 10).astype(np.uint8) if labelled else None
    path.write_bytes(to_csv(Samples(numbered(count, first), labels)))
    return path


def splits(dataset: Dataset) -> tuple[LabelledSamples, LabelledSamples, LabelledSamples]:
    return dataset.train, dataset.validation, dataset.test


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with MNIST's names, shapes and counts."""
    path = tmp_path_factory.mktemp("mnist") / "mnist.npz"
    np.savez_compressed(
        path,
        x_train=numbered(60_000),
        y_train=(np.arange(60_000) % 10).astype(np.uint8),
        x_test=numbered(10_000, 60_000),
        y_test=(np.arange(10_000) % 10).astype(np.uint8),
    )
    return path


# ---------------------------------------------------------------- MNIST


def test_mnists_last_5000_training_images_are_for_validation(
    mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_PATH", str(mnist))
    dataset = load("mnist")
    assert dataset.name == "mnist"
    bounds = ((0, 55_000), (55_000, 60_000), (60_000, 70_000))
    for split, (first, end) in zip(splits(dataset), bounds, strict=True):
        np.testing.assert_array_equal(numbers(split), np.arange(first, end))
        np.testing.assert_array_equal(split.labels, np.arange(first, end) % 10)
    by_path = load(str(mnist))
    assert by_path.name == "mnist.npz"
    assert by_path.fingerprint == dataset.fingerprint
    np.testing.assert_array_equal(numbers(load_test("mnist")), np.arange(60_000, 70_000))


def test_mnist_by_its_path_needs_no_tensorflow(mnist: Path) -> None:
    code = (
        "import sys; from model.data import datasets; datasets.load('mnist'); print(*sys.modules)"
    )
    modules = program(code, MNIST_PATH=str(mnist)).split()
    assert not {"tensorflow", "keras", "streamlit"} & set(modules)


def test_a_wrong_mnist_path_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_PATH", "/nowhere/mnist.npz")
    wanted = "The variable MNIST_PATH can't be used: “/nowhere/mnist.npz” does not exist; wanted"
    with pytest.raises(InklingError, match=re.escape(wanted)):
        load("mnist")


@pytest.fixture
def refusing_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A network that lets nothing through, and an empty cache."""

    class Refusal(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusal) as server:
        threading.Thread(target=server.serve_forever).start()
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("KERAS_HOME", str(tmp_path))
        monkeypatch.delenv("MNIST_PATH", raising=False)
        yield
        server.shutdown()


@pytest.mark.usefixtures("refusing_proxy")
def test_without_a_network_both_ways_out_are_named() -> None:
    done = python("-c", "from model.data import datasets; datasets.load('mnist')")
    error = done.stderr.splitlines()[-1]
    assert error.startswith("model.errors.InklingError: MNIST can't be downloaded (URL fetch")
    assert "--data synthetic, which needs none" in error
    assert "by --data FILE or the variable MNIST_PATH" in error
    assert done.stdout == ""
    assert "Downloading data from" in done.stderr


# ---------------------------------------------------------------- synthetic


def test_synthetic_splits_share_no_digit() -> None:
    dataset = load("synthetic:600")
    assert [len(split) for split in splits(dataset)] == [600, 50, 100]
    everything = {image.tobytes() for split in splits(dataset) for image in split.images}
    assert len(everything) == 750
    assert load("synthetic:600").fingerprint == dataset.fingerprint
    np.testing.assert_array_equal(load_test("synthetic:600").images, dataset.test.images)


def test_synthetic_alone_is_of_mnists_size(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def make(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        asked.append((count, seed))
        return numbered(count), np.zeros(count, np.uint8)

    monkeypatch.setattr(synthetic, "make", make)
    load("synthetic")
    assert [count for count, _ in asked] == [60_000, 5_000, 10_000]
    assert len({seed for _, seed in asked}) == 3


@pytest.mark.parametrize("count", ["", "0", "11", "-600", "6e4", "many", "600001", "9" * 50, "٣٣٣"])
def test_a_wrong_count_is_named(count: str) -> None:
    wanted = f"“synthetic:{count}” has a wrong count; wanted: a whole number"
    with pytest.raises(InklingError, match=wanted):
        load(f"synthetic:{count}")


# ---------------------------------------------------------------- files


def test_a_file_is_parted_into_tenths(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "train.csv", 1000)
    dataset = load(str(path))
    assert dataset.name == "train.csv"
    assert [len(split) for split in splits(dataset)] == [810, 100, 90]
    assert sorted(np.concatenate([numbers(split) for split in splits(dataset)])) == list(
        range(1000)
    )
    for split, each in zip(splits(dataset), (81, 10, 9), strict=True):
        np.testing.assert_array_equal(np.bincount(split.labels), [each] * 10)
        np.testing.assert_array_equal(split.labels, numbers(split) % 10)
    assert load(str(path)).fingerprint == dataset.fingerprint


@given(arrays.arrays(np.uint8, st.integers(3, 300), elements=st.integers(0, 9)))
def test_a_held_out_tenth_has_its_share_of_each_digit(labels: np.ndarray) -> None:
    rest, held = datasets._held_out(LabelledSamples(numbered(len(labels)), labels))
    assert sorted([*numbers(rest), *numbers(held)]) == list(range(len(labels)))
    assert len(held) == -(-len(labels) // 10)
    shares = np.bincount(held.labels, minlength=10) - np.bincount(labels, minlength=10) / 10
    assert np.abs(shares).max() < 1


def test_all_of_a_file_is_there_to_test_on(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "mine.csv", 30)
    np.testing.assert_array_equal(numbers(load_test(str(path))), np.arange(30))


def test_the_files_own_test_digits_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "digits.npz"
    labels = (np.arange(40) % 10).astype(np.uint8)
    np.savez(path, x_train=numbered(40), y_train=labels, x_test=numbered(7, 40), y_test=labels[:7])
    dataset = load(str(path))
    assert [len(split) for split in splits(dataset)] == [36, 4, 7]
    np.testing.assert_array_equal(numbers(dataset.test), np.arange(40, 47))
    np.testing.assert_array_equal(numbers(load_test(str(path))), np.arange(40, 47))


def test_three_digits_are_just_enough(tmp_path: Path) -> None:
    assert [len(split) for split in splits(load(str(write_csv(tmp_path / "3.csv", 3))))] == [
        1,
        1,
        1,
    ]
    with pytest.raises(InklingError, match="too few digits to train, validate and test on"):
        load(str(write_csv(tmp_path / "2.csv", 2)))


def test_digits_without_labels_are_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "test.csv", 20, labelled=False)
    for reader in (load, load_test):
        with pytest.raises(InklingError, match=r"test\.csv” has no labels; wanted: digits with"):
            reader(str(path))


def test_the_fingerprint_tells_any_change(tmp_path: Path) -> None:
    path = tmp_path / "digits.npz"
    digits = {
        "x_train": numbered(30),
        "y_train": np.zeros(30, np.uint8),
        "x_test": numbered(30, 30),
        "y_test": np.zeros(30, np.uint8),
    }
    seen = set()
    for array in (None, *digits.values()):
        if array is not None:
            array[-1] += 1
        np.savez(path, allow_pickle=False, **digits)
        seen.add(load(str(path)).fingerprint)
    assert len(seen) == 5
    assert all(re.fullmatch("[0-9a-f]{12}", fingerprint) for fingerprint in seen)


# ---------------------------------------------------------------- several


def test_joined_sources_are_joined_split_by_split(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "one.csv", 100)
    two = write_csv(tmp_path / "two.csv", 200, first=1000)
    both = load(f"{one}+{two}")
    assert both.name == "one.csv+two.csv"
    for joined, *parts in zip(
        splits(both), splits(load(str(one))), splits(load(str(two))), strict=True
    ):
        np.testing.assert_array_equal(numbers(joined), np.concatenate([*map(numbers, parts)]))
    assert len(load_test(f"{one}+{two}")) == 300


def test_no_joined_digit_is_trained_on_that_another_source_tests_on(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "one.csv", 300)
    two = write_csv(tmp_path / "two.csv", 300, first=150)
    train, validation, test = map(set, map(numbers, splits(load(f"{one}+{two}"))))
    assert not train & validation
    assert not train & test
    assert not validation & test
    assert train | validation | test == set(range(450))


def test_without_takes_out_equal_images_only() -> None:
    split = LabelledSamples(numbered(10), np.arange(10, dtype=np.uint8))
    rest = without(split, Samples(numbered(4, 3), None))
    np.testing.assert_array_equal(rest.labels, [0, 1, 2, 7, 8, 9])
    np.testing.assert_array_equal(numbers(rest), rest.labels)
    assert without(split, Samples(numbered(5, 100), None)) is split


def test_a_path_may_have_a_plus_in_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a+b.csv", 30)
    assert load(str(path)).name == "a+b.csv"


@pytest.mark.parametrize("spec", ["", "+", "synthetic:12+", " + synthetic:12"])
def test_an_empty_name_is_refused(spec: str) -> None:
    with pytest.raises(InklingError, match=r"wanted: mnist, synthetic, synthetic:COUNT, drawings"):
        load(spec)


@pytest.mark.parametrize(
    "name", ["mnits", "~nobody-here/x.csv", "x" * 5000, "train.csv\0", "syn:3"]
)
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(InklingError, match=r"is no file or folder; wanted: mnist, synthetic"):
        load(name)


@pytest.fixture
def pens(tmp_path: Path) -> Path:
    """A stroke file of 60 digits to train on and 10 to test on."""
    rng = np.random.default_rng(0)
    labels = np.arange(70) % 10
    drawn = [synthetic.draw_digit(int(label), rng) for label in labels]
    path = tmp_path / "pens.npz"
    path.write_bytes(strokes_to_npz(drawn, labels.tolist()))
    with np.load(path) as arrays:
        told = dict(arrays)
    np.savez(path, **told, split=np.repeat([0, 1], [60, 10]))
    return path


def test_digits_to_train_on_are_redrawn_and_no_others(pens: Path) -> None:
    plain, redrawn = load(str(pens)), load(f"redrawn:{pens}")
    assert redrawn.name == "redrawn:pens.npz"
    assert len(without(plain.train, redrawn.train)) == 0
    assert 4.8 * len(plain.train) < len(redrawn.train) <= 5 * len(plain.train)
    assert len(np.unique(redrawn.train.images, axis=0)) == len(redrawn.train)
    before, after = (np.bincount(some.labels) / len(some) for some in (plain.train, redrawn.train))
    np.testing.assert_allclose(before, after, atol=0.01)
    for ours, theirs in zip(splits(redrawn)[1:], splits(plain)[1:], strict=True):
        np.testing.assert_array_equal(ours.images, theirs.images)
        np.testing.assert_array_equal(ours.labels, theirs.labels)
    assert load(f"redrawn:{pens}").fingerprint == redrawn.fingerprint
    np.testing.assert_array_equal(load_test(f"redrawn:{pens}").images, plain.test.images)


def test_only_pen_strokes_are_redrawn(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "train.csv", 30)
    with pytest.raises(InklingError, match="no file of pen strokes"):
        load(f"redrawn:{file}")


def test_saved_drawings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    with pytest.raises(InklingError, match="too few digits"):
        datasets.load("drawings")
    images, labels = synthetic.make(40, 5)
    with drawings.opened() as store:
        for image, label in [*zip(images, labels, strict=True), (images[0], -1)]:
            store.save(SavedDrawing(image, int(label)))
    dataset = datasets.load("mnist+drawings")
    assert dataset.name == "mnist+drawings"
    assert len(datasets.load("mnist").train) < len(dataset.train) < 600
