"""Saved drawings: kept, found, changed, by several at once, in databases that refuse."""

import re
import resource
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model.data import datasets, drawings, kaggle, npz, synthetic
from model.data.drawings import Choice, SavedDrawing, Store
from model.data.samples import NO_DIGIT, Samples
from model.data.visitors import HOST
from model.errors import InklingError
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    with drawings.opened() as store:
        yield store


def drawing(label: int, seed: int = 0, answer: int | None = None) -> SavedDrawing:
    strokes = synthetic.draw_digit(max(label, 0), np.random.default_rng(seed))
    image = prepare_strokes(strokes).image
    assert image is not None
    return SavedDrawing(to_uint8(image), label, strokes, answer, "a-run")


def picture(label: int, seed: int = 0) -> SavedDrawing:
    return SavedDrawing(drawing(label, seed).image, label)


def test_a_drawing_comes_back_as_it_was(store: Store, home: Path) -> None:
    given = drawing(7, answer=1)
    number = store.save(given)
    (found,) = store.all()
    assert (found.id, found.label, found.answer, found.run) == (number, 7, 1, "a-run")
    assert found.is_wrong
    np.testing.assert_array_equal(found.image, given.image)
    assert given.strokes
    assert found.strokes
    for stroke, other in zip(given.strokes, found.strokes, strict=True):
        np.testing.assert_array_equal(stroke, other)
    assert found.saved
    assert found.saved.tzinfo
    assert (home / "drawings.db").is_file()


@given(
    st.lists(
        arrays.arrays(
            np.float32,
            st.tuples(st.integers(1, 5), st.just(2)),
            elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_path_comes_back_as_it_was(store: Store, strokes: list[np.ndarray]) -> None:
    store.delete_all(HOST)
    store.save(SavedDrawing(np.zeros((28, 28), np.uint8), 3, strokes))
    (found,) = store.all()
    assert found.strokes
    for stroke, other in zip(strokes, found.strokes, strict=True):
        np.testing.assert_array_equal(stroke, other)


def test_a_picture_and_an_endless_path_have_no_strokes(store: Store) -> None:
    store.save(picture(2))
    endless = np.zeros((drawings.MOST_POINTS + 1, 2), np.float32)
    store.save(SavedDrawing(drawing(3).image, 3, [endless]))
    assert [found.strokes for found in store.all()] == [None, None]


def test_they_are_found_by_what_they_are_and_page_by_page(store: Store) -> None:
    for seed in range(6):
        store.save(drawing(seed % 2, seed, answer=1))
    store.save(SavedDrawing(drawing(8).image, NO_DIGIT, answer=8))
    assert store.counts() == {NO_DIGIT: 1, 0: 3, 1: 3}
    assert store.counts(wrong=True) == {NO_DIGIT: 1, 0: 3}
    zeros = store.some(Choice(label=0), 0, 2)
    assert [found.id for found in zeros] == [5, 3]  # the latest first
    assert [found.id for found in store.some(Choice(label=0), 2, 2)] == [1]
    assert {found.label for found in store.some(Choice(wrong=True), 0, 9)} == {0, NO_DIGIT}
    assert store.some(Choice(label=1, wrong=True), 0, 9) == []


def test_they_are_relabelled_and_deleted(store: Store) -> None:
    first, second = store.save(drawing(1, 1, answer=7)), store.save(drawing(1, 2, answer=1))
    assert store.relabel(first, 7, HOST)
    assert [found.label for found in store.all()] == [7, 1]
    assert not store.counts(wrong=True)
    store.delete([first], HOST)
    store.delete([first], HOST)
    assert not store.relabel(first, 3, HOST)
    assert [found.id for found in store.all()] == [second]
    store.delete_all(HOST)
    assert store.counts() == {}


def test_what_is_there_already_is_not_added_again(store: Store) -> None:
    store.save(drawing(4, 1))
    assert store.add([drawing(4, 1), drawing(4, 2), drawing(5, 3), drawing(5, 3)]) == 2
    assert store.add([]) == 0
    assert len(store.all()) == 3


def test_no_more_are_kept_than_there_is_room_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "MOST", 2)
    with pytest.raises(InklingError, match="3 new drawings, and 0 are saved already; wanted"):
        store.add([drawing(1, seed) for seed in range(3)])
    assert store.add([drawing(1, 1), drawing(2, 2)]) == 2
    with pytest.raises(InklingError, match="2 drawings are saved already, the most"):
        store.save(drawing(3))
    assert len(store.all()) == 2


def test_the_digits_to_train_on(store: Store) -> None:
    given = [drawing(3), SavedDrawing(drawing(8).image, NO_DIGIT), picture(5)]
    split = drawings.split(given)
    assert split.labels.tolist() == [3, 5]
    np.testing.assert_array_equal(split.images[1], given[2].image)
    assert drawings.split([]).images.shape == (0, 28, 28)


def test_a_csv_gives_back_the_same_images_and_labels(tmp_path: Path) -> None:
    """Kaggle's 785 columns, in which what is not a digit has no place."""
    given = [drawing(digit, digit) for digit in range(10)] + [picture(4, 11)]
    content = drawings.to_csv([*given, SavedDrawing(given[0].image, NO_DIGIT)])
    header, *rows = content.decode().splitlines()
    assert header.split(",")[:2] == ["label", "pixel0"]
    assert {row.count(",") for row in rows} == {784}
    (tmp_path / "drawings.csv").write_bytes(content)
    found = drawings.read(tmp_path / "drawings.csv")
    assert [one.label for one in found] == [*range(10), 4]
    for one, other in zip(found, given, strict=True):
        np.testing.assert_array_equal(one.image, other.image)
        assert one.strokes is None


def test_an_npz_gives_back_the_same_strokes(tmp_path: Path) -> None:
    given = [drawing(digit, digit) for digit in range(10)]
    given.append(SavedDrawing(drawing(8, 12).image, NO_DIGIT, drawing(8, 12).strokes))
    (tmp_path / "drawings.npz").write_bytes(drawings.to_npz([*given, picture(4)]))
    found = drawings.read(tmp_path / "drawings.npz")
    assert [one.label for one in found] == [*range(10), NO_DIGIT]
    for one, other in zip(found, given, strict=True):
        np.testing.assert_array_equal(one.image, other.image)
        assert one.strokes
        assert other.strokes
        np.testing.assert_array_equal(np.concatenate(one.strokes), np.concatenate(other.strokes))
    digits = datasets.read(tmp_path / "drawings.npz")  # to train on
    assert digits.labels is not None
    assert digits.labels.tolist() == list(range(10))


def test_files_of_more_than_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [drawing(digit) for digit in range(3)]
    monkeypatch.setattr(drawings, "MOST", 2)
    for name, content in (("a.csv", drawings.to_csv(given)), ("a.npz", drawings.to_npz(given))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InklingError, match="has 3 drawings; wanted: at most 2"):
            drawings.read(tmp_path / name)


def test_files_that_are_no_drawings(tmp_path: Path) -> None:
    with pytest.raises(InklingError, match="No saved drawing has strokes"):
        drawings.to_npz([picture(1)])
    path = tmp_path / "test.csv"
    path.write_bytes(kaggle.to_csv(Samples(picture(1).image[None], None)))
    with pytest.raises(InklingError, match=r"test\.csv” has no labels; wanted"):
        drawings.read(path)
    path = tmp_path / "nothing.npz"
    path.write_bytes(npz.strokes_to_npz([[np.zeros((3, 2), np.float32)]], [1]))
    with pytest.raises(InklingError, match=r"nothing\.npz”, drawing 1: a dot is not a digit"):
        drawings.read(path)
    path.write_bytes(npz.strokes_to_npz([[np.eye(2, dtype=np.float32)]], [NO_DIGIT]))
    with pytest.raises(InklingError, match="has no digit; wanted"):
        datasets.read(path)


def test_many_save_at_once(store: Store) -> None:
    """Each in a process' own way: an engine and a connection of its own."""
    with ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        stores = [stack.enter_context(drawings.opened()) for _ in range(4)]
        jobs = [(stores[seed % 4], drawing(seed % 10, seed)) for seed in range(40)]
        numbers = list(pool.map(lambda job: job[0].save(job[1]), jobs))
    assert len(set(numbers)) == 40
    assert len(store.all()) == 40


def test_a_locked_database_is_said_and_nothing_lost(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(drawing(1))
    monkeypatch.setattr(drawings, "_PATIENCE", 0.05)
    with drawings.opened() as other, closing(sqlite3.connect(home / "drawings.db")) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(InklingError, match=r"drawings\.db.* \(database is locked\); wanted"):
            other.save(drawing(2))
        writer.rollback()
        other.save(drawing(2))
    assert [found.label for found in store.all()] == [1, 2]


def test_a_full_disk_is_said_and_nothing_lost(store: Store, home: Path) -> None:
    store.save(drawing(1))
    size = (home / "drawings.db").stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        with pytest.raises(InklingError, match=r"can't be reached .* wanted: a database that is"):
            store.add([drawing(2, seed) for seed in range(50)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [found.label for found in store.all()] == [1]
    store.save(drawing(3))


def test_a_damaged_database_is_said(home: Path) -> None:
    home.mkdir()
    (home / "drawings.db").write_bytes(b"no database at all " * 100)
    with pytest.raises(InklingError, match="file is not a database"), drawings.opened():
        pass
    (home / "drawings.db").unlink()
    (home / "drawings.db").mkdir()
    with pytest.raises(InklingError, match="unable to open"), drawings.opened():
        pass


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("my drawings", "INKLING_DATABASE is no database address; wanted"),
        ("postgresql+nothing://me:secret@inside/x", "the server’s log says why"),
        ("mysql+pymysql://me:secret@inside/x", "the mysql database .*No module named 'pymysql'"),
    ],
)
def test_an_address_that_can_not_be_used(
    home: Path, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.setenv("INKLING_DATABASE", address)
    with pytest.raises(InklingError, match=told) as error, drawings.opened():
        pass
    assert not {"secret", "inside"} & set(re.findall(r"\w+", str(error.value)))


def test_the_address_is_a_setting(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    assert drawings.address({"INKLING_DATABASE": "sqlite:///a.db"}) == "sqlite:///a.db"
    monkeypatch.setenv("INKLING_DATABASE", f"sqlite:///{home}/other/place.db")
    with drawings.opened() as store:
        store.save(drawing(1))
    assert (home / "other" / "place.db").is_file()
    monkeypatch.setenv("INKLING_HOME", str(home / "a?b #c%20"))
    monkeypatch.delenv("INKLING_DATABASE")
    with drawings.opened() as store:
        store.save(drawing(1))
    assert (home / "a?b #c%20" / "drawings.db").is_file()
