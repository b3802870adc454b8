"""Whose drawings are whose, and who may do what to them and in a room: the database decides."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import sqlalchemy as sa

from model.data import drawings, rooms, tables
from model.data.drawings import Choice, SavedDrawing, Store
from model.data.rooms import Room, Rooms, is_teachers_key
from model.data.samples import NO_DIGIT
from model.data.tables import EVERYBODYS
from model.data.visitors import HOST, Refused, Visitor, is_key, new_key
from model.errors import InklingError
from model.runs import registry
from tests.support import records

TEACHER, PUPIL, OTHER = (Visitor.of(new_key()) for _ in range(3))


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Of either kind of database."""
    with drawings.opened() as store:
        yield store


@pytest.fixture
def every(store: Store) -> Rooms:
    return Rooms(store)


@pytest.fixture
def room(every: Rooms) -> Room:
    """A class' room, which the pupil has joined."""
    made = every.make("7b", TEACHER, days=30, prompt="Draw a 7")
    every.join(made.code or "", PUPIL)
    return made


def drawn(
    room: int,
    by: Visitor,
    label: int = 7,
    answer: int | None = 1,
    run: str | None = None,
    approved: bool = True,
) -> SavedDrawing:
    blank = np.zeros((28, 28), np.uint8)
    return SavedDrawing(blank, label, None, answer, run, room=room, owner=by.id, approved=approved)


@pytest.fixture
def old(store: Store) -> Callable[[sa.Table, str, timedelta], None]:
    """A function that has a moment in every row of a table be longer ago."""

    def shift(table: sa.Table, column: str, by: timedelta) -> None:
        then = datetime.now(UTC).replace(tzinfo=None) - by
        there = table.c[column].is_not(None)
        with store.transaction() as connection:
            connection.execute(table.update().where(there).values({column: then}))

    return shift


# ---------------------------------------------------------------- whose a drawing is


def test_a_key_is_random_and_the_database_can_not_tell_it() -> None:
    key = new_key()
    assert is_key(key)
    assert key != new_key()
    assert Visitor.of(key) == Visitor.of(key)
    assert key not in Visitor.of(key).id
    for no_key in ("", "short", key + "x", key[:-1] + "é", key[:-1] + ";", None, 7):
        assert not is_key(no_key)


def test_an_album_of_ones_own_is_made_once_and_nobody_elses(store: Store, every: Rooms) -> None:
    assert every.own(PUPIL) is None
    mine = every.make_own(PUPIL)
    assert every.make_own(PUPIL).id == mine.id
    assert every.own(PUPIL)
    assert every.make_own(OTHER).id != mine.id
    store.save(drawn(mine.id, PUPIL))
    assert store.counts(mine.id) == {7: 1}
    assert store.counts(EVERYBODYS) == {}
    assert not mine.is_class
    with pytest.raises(Refused):
        every.kept(mine.id, OTHER)


@pytest.mark.parametrize(
    ("by", "may"), [(PUPIL, True), (TEACHER, True), (HOST, True), (OTHER, False)]
)
def test_who_drew_and_who_runs_the_room_may_change_it_and_nobody_else(
    store: Store, room: Room, by: Visitor, may: bool
) -> None:
    number = store.save(drawn(room.id, PUPIL))
    attempts: list[Callable[[], object]] = [
        lambda: store.relabel(number, 1, by),
        lambda: store.delete([number], by),
    ]
    for attempt in attempts:
        if may:
            attempt()
        else:
            with pytest.raises(Refused, match="up to who drew it"):
                attempt()
    assert store.counts(room.id) == ({} if may else {7: 1})


def test_what_is_deleted_can_be_put_back_by_who_deleted_it_or_runs_the_room(
    store: Store, room: Room
) -> None:
    mine, others = store.save(drawn(room.id, PUPIL)), store.save(drawn(room.id, OTHER))
    store.delete([mine], PUPIL)
    store.delete([others], TEACHER)
    assert [one.id for one in store.deleted(PUPIL, room.id)] == [mine]
    assert [one.id for one in store.deleted(TEACHER, room.id)] == [others, mine]
    assert store.deleted(OTHER, room.id) == []  # the teacher did not want it
    store.put_back([mine, others], OTHER)
    assert store.counts(room.id) == {}
    store.put_back([mine], PUPIL)
    store.put_back([others], TEACHER)
    assert store.counts(room.id) == {7: 2}


def test_one_that_is_somebody_elses_has_none_deleted(store: Store, room: Room) -> None:
    numbers = [store.save(drawn(room.id, by)) for by in (PUPIL, OTHER)]
    with pytest.raises(Refused):
        store.delete(numbers, PUPIL)
    assert store.counts(room.id) == {7: 2}


def test_a_day_later_it_is_gone_for_good(
    store: Store, every: Rooms, room: Room, old: Callable[..., None]
) -> None:
    store.delete([store.save(drawn(room.id, PUPIL))], PUPIL)
    old(tables.drawings, "deleted", timedelta(hours=23))
    every.tidy()
    assert len(store.deleted(PUPIL, room.id)) == 1
    old(tables.drawings, "deleted", timedelta(hours=25))
    assert store.deleted(PUPIL, room.id) == []
    every.tidy()
    with store.transaction() as connection:
        assert connection.execute(sa.select(tables.drawings)).all() == []


def test_what_is_deleted_can_be_erased_at_once(store: Store, room: Room) -> None:
    mine, others = store.save(drawn(room.id, PUPIL)), store.save(drawn(room.id, OTHER))
    store.delete([mine], PUPIL)
    store.delete([others], OTHER)
    store.erase(PUPIL, room.id)
    assert [one.id for one in store.deleted(TEACHER, room.id)] == [others]


def test_everybodys_is_the_hosts_to_prune(store: Store) -> None:
    number = store.save(SavedDrawing(np.zeros((28, 28), np.uint8), 3))
    attempts: list[Callable[[], object]] = [
        lambda: store.delete([number], TEACHER),
        lambda: store.delete_all(TEACHER, EVERYBODYS),
        lambda: store.relabel(number, 4, TEACHER),
    ]
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()
    store.delete_all(HOST, EVERYBODYS)
    assert store.counts(EVERYBODYS) == {}


def test_all_is_exported_that_is_stored_of_a_drawing() -> None:
    content = drawings.to_zip([drawn(1, PUPIL), drawn(1, PUPIL, label=NO_DIGIT)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert set(archive.namelist()) == {"drawings.json", "drawings.csv"}
        said = json.loads(archive.read("drawings.json"))
    assert [(one["label"], one["answer"]) for one in said] == [(7, 1), (NO_DIGIT, 1)]
    assert np.shape(said[0]["image"]) == (28, 28)
    assert PUPIL.id not in str(said)


# ---------------------------------------------------------------- rooms


def test_a_room_is_joined_by_its_code_however_it_is_typed(every: Rooms, room: Room) -> None:
    assert room.code
    assert len(room.code) == 6
    typed = f" {room.code[:3].lower()} - {room.code[3:]}"
    assert every.join(typed, OTHER) == room
    assert every.join(typed, OTHER) == room
    assert every.members(room.id) == 2
    assert every.of(OTHER) == [room]
    every.leave(room.id, OTHER)
    assert every.of(OTHER) == []
    with pytest.raises(InklingError, match="never was one; wanted"):
        every.join("ABCDEF", OTHER)
    with pytest.raises(InklingError, match="never was one; wanted"):
        every.join("", OTHER)  # an album of one's own has no code


def test_a_room_is_for_who_is_in_it_and_is_run_by_who_made_it(every: Rooms, room: Room) -> None:
    for by in (TEACHER, PUPIL, HOST):
        assert every.entered(room.id, by) == room
    with pytest.raises(Refused, match="joined it by its code"):
        every.entered(room.id, OTHER)
    for by in (PUPIL, OTHER):
        attempts: list[Callable[[Visitor], object]] = [
            lambda by: every.change(room.id, by, prompt="mine"),
            lambda by: every.use(room.id, "a-run", by),
            lambda by: every.wipe(room.id, by),
            lambda by: every.erase(room.id, by),
            lambda by: every.bring_back(room.id, by),
        ]
        for attempt in attempts:
            with pytest.raises(Refused):
                attempt(by)
    assert every.get(room.id) == room


def test_a_teacher_has_the_room_again_by_its_key(store: Store, every: Rooms, room: Room) -> None:
    for by in (PUPIL, OTHER):
        with pytest.raises(Refused):
            every.make_key(room.id, by)
        with pytest.raises(Refused):
            every.drop_key(room.id, by)
    key = every.make_key(room.id, TEACHER)
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", key)
    assert is_teachers_key(key.lower())
    assert not is_teachers_key(room.code or "")
    with store.transaction() as connection:
        assert key.replace("-", "") not in str(connection.execute(sa.select(tables.rooms)).all())
    assert every.take_over(f" {key.lower()} ", PUPIL).keeper == PUPIL.id
    every.wipe(room.id, PUPIL)
    every.bring_back(room.id, PUPIL)
    assert every.entered(room.id, TEACHER)  # as others are
    with pytest.raises(Refused):
        every.kept(room.id, TEACHER)
    assert every.members(room.id) == 1
    every.take_over(key, TEACHER)
    every.take_over(key, TEACHER)
    assert every.kept(room.id, TEACHER)


def test_the_key_that_was_made_last_opens_a_room_until_it_is_dropped(
    every: Rooms, room: Room
) -> None:
    first, second = every.make_key(room.id, TEACHER), every.make_key(room.id, TEACHER)
    with pytest.raises(InklingError, match="no room with this key; wanted"):
        every.take_over(first, OTHER)
    every.drop_key(room.id, TEACHER)
    with pytest.raises(InklingError, match="no room with this key; wanted"):
        every.take_over(second, OTHER)
    third = every.make_key(room.id, TEACHER)
    every.wipe(room.id, TEACHER)
    with pytest.raises(InklingError, match="no room with this key; wanted"):
        every.take_over(third, OTHER)


def test_rooms_are_bounded(every: Rooms, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_OF_ONE", 1)
    with pytest.raises(InklingError, match="1 rooms already; wanted"):
        every.make("two", TEACHER, days=1)
    monkeypatch.setattr(rooms, "MOST_ROOMS", 1)
    with pytest.raises(InklingError, match="the most here; wanted"):
        every.make("two", OTHER, days=1)
    monkeypatch.setattr(rooms, "MOST_MEMBERS", 1)
    with pytest.raises(InklingError, match="is full"):
        every.join(room.code or "", OTHER)


def test_a_drawing_counts_once_it_is_approved(store: Store, every: Rooms, room: Room) -> None:
    every.change(room.id, TEACHER, approval=True)
    number = store.save(drawn(room.id, PUPIL, approved=False))
    assert every.tally(room.id).drawings == 0
    assert store.all(room.id) == []
    assert store.counts(room.id, seen_by=OTHER.id) == {}
    assert store.counts(room.id, seen_by=PUPIL.id) == {7: 1}
    with pytest.raises(Refused):
        store.approve([number], PUPIL)
    store.approve([one.id for one in store.pending(room.id)], TEACHER)
    assert store.pending(room.id) == []
    assert every.tally(room.id).drawings == 1
    store.relabel(number, 4, PUPIL)  # which the teacher has not seen
    assert [one.label for one in store.pending(room.id)] == [4]
    store.approve([number], TEACHER)
    store.relabel(number, 5, TEACHER)
    assert [one.label for one in store.all(room.id)] == [5]


def test_the_board_counts(store: Store, every: Rooms, room: Room) -> None:
    given = [(7, 1)] * 2 + [(7, 7), (4, 4), (4, 4), (4, 9), (2, 3), (NO_DIGIT, 8)]
    for place, (label, answer) in enumerate(given):
        store.save(drawn(room.id, (PUPIL, TEACHER)[place % 2], label, answer))
    store.save(drawn(room.id, OTHER, 5, None))  # from a file: nobody was asked
    tally = every.tally(room.id)
    assert (tally.people, tally.drawings, tally.right) == (3, 8, 3)
    assert tally.hardest() == (7, 2, 3)  # a single 2 tells nothing
    assert tally.confusions()[0] == (7, 1, 2)
    assert (NO_DIGIT, 8, 1) in tally.confusions()
    store.save(drawn(room.id, PUPIL, 7, 7, "taught"))
    assert every.tally(room.id, "taught").right == 1
    assert every.tally(room.id, "taught", other=True).drawings == 8


def test_nothing_is_hard_where_all_was_read(store: Store, every: Rooms, room: Room) -> None:
    assert every.tally(room.id).hardest() is None
    for _ in range(5):
        store.save(drawn(room.id, PUPIL, 7, 7))
    assert every.tally(room.id).hardest() is None
    assert every.tally(room.id).confusions() == []


def test_what_a_class_draws_is_no_data_for_others(store: Store, every: Rooms, room: Room) -> None:
    store.save(drawn(room.id, PUPIL))
    store.save(drawn(every.make_own(PUPIL).id, PUPIL, label=3))
    assert [one.label for one in store.all()] == [3]
    assert [one.label for one in store.all(room.id)] == [7]


def test_a_wiped_room_is_gone_can_be_brought_back_and_is_gone_for_good(
    store: Store, every: Rooms, room: Room, old: Callable[..., None]
) -> None:
    store.save(drawn(room.id, PUPIL))
    every.wipe(room.id, TEACHER)
    attempts: list[Callable[[], object]] = [
        lambda: every.get(room.id),
        lambda: every.join(room.code or "", OTHER),
        lambda: every.entered(room.id, TEACHER),
    ]
    for attempt in attempts:
        with pytest.raises(InklingError, match="is over"):
            attempt()
    assert every.of(PUPIL) == []
    assert [one.id for one in every.wiped(TEACHER)] == [room.id]
    every.bring_back(room.id, TEACHER)
    assert every.entered(room.id, PUPIL) == room
    every.wipe(room.id, TEACHER)
    old(tables.rooms, "wiped", timedelta(hours=25))
    every.tidy()
    assert is_empty(store)


def test_a_room_wipes_itself_when_its_days_are_over(
    store: Store, every: Rooms, room: Room, old: Callable[..., None]
) -> None:
    assert room.ends
    assert abs(room.ends - room.made - timedelta(days=30)) < timedelta(seconds=5)
    store.save(drawn(room.id, PUPIL))
    taught = registry.create("teach")
    taught.write_config(records.config().model_copy(update={"room": room.id, "is_private": True}))
    elsewhere = registry.create("quick")
    elsewhere.write_config(records.config())
    every.tidy()
    assert registry.public_runs() == [elsewhere]
    assert taught in registry.all_runs()
    old(tables.rooms, "ends", timedelta(seconds=1))
    own = every.make_own(PUPIL)
    with pytest.raises(InklingError, match="is over"):
        every.get(room.id)
    every.tidy()
    assert registry.all_runs() == [elsewhere]
    assert is_empty(store)
    assert every.get(EVERYBODYS)
    assert every.own(PUPIL) == own
    assert every.make("8a", TEACHER, days=1).id > own.id  # no number comes twice


def is_empty(store: Store) -> bool:
    """Whether nothing is left of any class."""
    with store.transaction() as connection:
        of_classes = sa.select(tables.rooms).where(tables.rooms.c.code.is_not(None))
        queries = (sa.select(tables.drawings), sa.select(tables.members), of_classes)
        return not any(connection.execute(query).first() for query in queries)


def test_all_of_a_visitors_is_erased_and_nothing_of_others(
    store: Store, every: Rooms, room: Room
) -> None:
    own = every.make_own(PUPIL)
    store.save(drawn(own.id, PUPIL))
    store.save(drawn(room.id, PUPIL))
    store.save(drawn(room.id, TEACHER))
    store.delete([store.save(drawn(room.id, PUPIL))], PUPIL)
    assert len(store.drawn_by(PUPIL)) == 2
    every.forget(PUPIL)
    assert store.drawn_by(PUPIL) == []
    assert every.own(PUPIL) is None
    assert every.of(PUPIL) == []
    with store.transaction() as connection:
        owners = connection.execute(sa.select(tables.drawings.c.owner)).scalars().all()
    assert owners == [TEACHER.id]
    assert [one.owner for one in store.some(Choice(), 0, 9, room.id)] == [TEACHER.id]
