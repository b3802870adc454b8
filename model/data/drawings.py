"""Drawings that people saved with what they meant by them, in a database.

By SQLAlchemy, in `tables`, which `migrations` makes and changes: in a SQLite file in INKLING_HOME,
or wherever INKLING_DATABASE says, as `postgresql+psycopg://user:password@host/name`. A row is a
drawing and what was answered to it; nothing in it says who drew it, but to the browser that did.
"""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from model.data import kaggle, migrations, npz, readers, tables
from model.data.archive import Source, named
from model.data.samples import CLASSES, NO_DIGIT, LabelledSamples
from model.data.tables import EVERYBODYS
from model.data.visitors import Refused, Visitor
from model.errors import InklingError
from model.language import Text, marked
from model.preprocessing.framing import SIDE
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes
from model.settings import Saving, home

MOST = 20_000  # drawings that are kept; some 60 MB
MOST_POINTS = 20_000  # of a pen's path that is kept: 160 kB
KEPT = timedelta(days=1)  # for so long what was deleted can be put back

_PATIENCE = 2  # seconds, for who else writes into a SQLite file

_table = tables.drawings


@dataclass(frozen=True, eq=False)
class SavedDrawing:
    """A drawing, (28, 28) uint8 with ink 255 as the network saw it, and what it is.

    `label` and `answer` are digits or NO_DIGIT; `answer` None: nobody was asked. `strokes`, each
    (P, 2) float32 with y down, are None for a picture. `run` None: the built-in network answered.
    `owner` is the id of the visitor who drew it, None where nobody knows; it counts in its room
    where it is `approved`.
    """

    image: NDArray[np.uint8]
    label: int
    strokes: Sequence[NDArray[np.float32]] | None = None
    answer: int | None = None
    run: str | None = None
    saved: datetime | None = None
    id: int = 0
    room: int = EVERYBODYS
    owner: str | None = None
    approved: bool = True

    @property
    def is_wrong(self) -> bool:
        """Whether something else was answered."""
        return self.answer not in (None, self.label)


@dataclass(frozen=True)
class Choice:
    """Some of the drawings: those with this label, those that were read wrong; of a room's those
    that are approved and those that the visitor `seen_by` drew, or with None all."""

    label: int | None = None
    wrong: bool = False
    seen_by: str | None = None


class Store:
    """The drawings in one database.

    A `room` of None is all rooms but those of classes. What changes or removes a drawing is for who
    drew it and for who runs its room; others are Refused. What was deleted is gone for everybody,
    and can be put back for a day.

    Every method raises InklingError, one sentence, where the database is locked, damaged, full or
    not there; then nothing has changed in it.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with self.transaction():
            pass  # it has its tables then

    def close(self) -> None:
        """Let go of its connections; it opens new ones where it is used again."""
        self._engine.dispose()

    def save(self, drawing: SavedDrawing) -> int:
        """Keep a drawing; its id. Raises InklingError also where MOST are kept already."""
        with self.transaction() as connection:
            if connection.execute(_counted()).scalar_one() >= MOST:
                raise InklingError(
                    "{most:,} drawings are saved already, the most that are kept; wanted: some "
                    "erased on the Drawings page.",
                    most=MOST,
                )
            return inserted(connection.execute(_table.insert().values(_row(drawing))))

    def add(self, drawings: Iterable[SavedDrawing]) -> int:
        """Keep those that are not in their room yet, a drawing being told by its 28×28; how many.

        Raises InklingError, and keeps none of them, where there is no room for all.
        """
        with self.transaction() as connection:
            there = sa.select(_table.c.room, _table.c.image).where(_is_there())
            known = {(room, image) for room, image in connection.execute(there)}
            count = connection.execute(_counted()).scalar_one()
            rows = {(row["room"], row["image"]): row for row in map(_row, drawings)}
            new = [row for place, row in rows.items() if place not in known]
            if count + len(new) > MOST:
                raise InklingError(
                    "These are {new:,} new drawings, and {count:,} are saved already; "
                    "wanted: at most {most:,} in all.",
                    new=len(new),
                    count=count,
                    most=MOST,
                )
            if new:
                connection.execute(_table.insert(), new)
            return len(new)

    def relabel(self, drawing: int, label: int, by: Visitor) -> bool:
        """Say what the drawing with that id is; whether it is there. Where drawings need an
        approval, what a pupil changes needs it again."""
        assert NO_DIGIT <= label < CLASSES
        with self.transaction() as connection:
            row = _changeable(connection, drawing, by)
            if row is None or row.deleted is not None:
                return False
            approved = row.approved and (_runs(row, by) or not row.approval)
            change = _table.update().where(_table.c.id == drawing)
            connection.execute(change.values(label=label, approved=approved))
            return True

    def delete(self, drawings: Iterable[int], by: Visitor) -> None:
        """Remove the drawings with these ids, as far as they are there: all, or, where one is
        somebody else's, none."""
        with self.transaction() as connection:
            for drawing in drawings:
                row = _changeable(connection, drawing, by)
                if row is not None and row.deleted is None:
                    change = _table.update().where(_table.c.id == drawing)
                    connection.execute(change.values(deleted=_now(), deleter=by.id))

    def delete_all(self, by: Visitor, room: int | None = None) -> None:
        """Remove every drawing of a room, for who runs it."""
        with self.transaction() as connection:
            _check_runs(connection, room, by)
            change = _table.update().where(_in(room), _is_there())
            connection.execute(change.values(deleted=_now(), deleter=by.id))

    def deleted(self, by: Visitor, room: int) -> list[SavedDrawing]:
        """The drawings that this visitor may put back into a room, the latest to go first."""
        query = sa.select(_table).where(_table.c.room == room, _may_put_back(by))
        return self._read(query.order_by(_table.c.deleted.desc(), _table.c.id.desc()))

    def put_back(self, drawings: Iterable[int], by: Visitor) -> None:
        """Have drawings again that were deleted less than a day ago: by this visitor, or from a
        room that this visitor runs."""
        with self.transaction() as connection:
            change = _table.update().where(_table.c.id.in_(list(drawings)), _may_put_back(by))
            connection.execute(change.values(deleted=None, deleter=None))

    def erase(self, by: Visitor, room: int) -> None:
        """Remove at once and for good what this visitor may put back into a room."""
        with self.transaction() as connection:
            gone = _table.delete().where(_table.c.room == room, _may_put_back(by))
            connection.execute(gone)

    def approve(self, drawings: Iterable[int], by: Visitor) -> None:
        """Have drawings count in their rooms, for who runs these."""
        with self.transaction() as connection:
            for drawing in drawings:
                row = _with_room(connection, drawing)
                if row is None:
                    continue
                if not _runs(row, by):
                    raise Refused(NOT_YOURS)
                change = _table.update().where(_table.c.id == drawing)
                connection.execute(change.values(approved=True))

    def pending(self, room: int) -> list[SavedDrawing]:
        """The drawings that wait for an approval, the oldest first."""
        waiting = sa.and_(_table.c.room == room, _is_there(), ~_table.c.approved)
        return self._read(sa.select(_table).where(waiting).order_by(_table.c.id))

    def counts(
        self, room: int | None = None, wrong: bool = False, seen_by: str | None = None
    ) -> dict[int, int]:
        """How many drawings there are of each label that occurs; or of those read wrong."""
        query = sa.select(_table.c.label, sa.func.count()).group_by(_table.c.label)
        conditions = _conditions(room, Choice(wrong=wrong, seen_by=seen_by))
        with self.transaction() as connection:
            rows = connection.execute(query.where(*conditions)).all()
        return dict(sorted((label, count) for label, count in rows))

    def some(
        self, choice: Choice, first: int, count: int, room: int | None = None
    ) -> list[SavedDrawing]:
        """The drawings from number `first` on, counted from 0, the latest first."""
        query = sa.select(_table).where(*_conditions(room, choice)).order_by(_table.c.id.desc())
        return self._read(query.offset(first).limit(count))

    def all(self, room: int | None = None) -> list[SavedDrawing]:
        """Every approved drawing, the oldest first."""
        query = sa.select(_table).where(*_conditions(room, Choice()), _table.c.approved)
        return self._read(query.order_by(_table.c.id))

    def drawn_by(self, visitor: Visitor) -> list[SavedDrawing]:
        """All that this visitor has drawn, in whichever room, the oldest first."""
        query = sa.select(_table).where(_table.c.owner == visitor.id, _is_there())
        return self._read(query.order_by(_table.c.id))

    def _read(self, query: sa.Select[Any]) -> list[SavedDrawing]:
        with self.transaction() as connection:
            return [_drawing(row) for row in connection.execute(query).mappings()]

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """All of what is done within, or nothing; with tables, if need be new ones: the database
        may have been deleted since the last time."""
        with explained(self._engine.url):
            if self._engine.dialect.name == "sqlite" and self._engine.url.database:
                Path(self._engine.url.database).parent.mkdir(parents=True, exist_ok=True)
            with self._engine.begin() as connection:
                migrations.migrate(connection)
                yield connection


def split(drawings: Sequence[SavedDrawing]) -> LabelledSamples:
    """The digits among `drawings`, as images with labels."""
    digits = [drawing for drawing in drawings if drawing.label != NO_DIGIT]
    images = [drawing.image for drawing in digits]
    return LabelledSamples(
        np.stack(images) if images else np.zeros((0, SIDE, SIDE), np.uint8),
        np.array([drawing.label for drawing in digits], np.uint8),
    )


# ---------------------------------------------------------------- files of them


def to_csv(drawings: Sequence[SavedDrawing]) -> bytes:
    """The digits as Kaggle's train.csv; what is not a digit has no place in it."""
    return kaggle.to_csv(split(drawings))


def to_npz(drawings: Sequence[SavedDrawing]) -> bytes:
    """The drawings that have strokes, as an `.npz` of those; raises InklingError for none."""
    drawn = [(drawing.strokes, drawing.label) for drawing in drawings if drawing.strokes]
    if not drawn:
        raise InklingError("No saved drawing has strokes; wanted: one that was drawn with a pen.")
    return npz.strokes_to_npz(*zip(*drawn, strict=True))


def to_zip(drawings: Sequence[SavedDrawing]) -> bytes:
    """All that is stored of some drawings: the two files above, as far as there is something in
    them, and a `drawings.json` that says the rest of each."""
    said = [
        {
            "saved": drawing.saved and drawing.saved.isoformat(),
            "label": drawing.label,
            "answer": drawing.answer,
            "run": drawing.run,
            "approved": drawing.approved,
            "image": drawing.image.tolist(),
        }
        for drawing in drawings
    ]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("drawings.json", json.dumps(said))
        archive.writestr("drawings.csv", to_csv(drawings))
        if any(drawing.strokes for drawing in drawings):
            archive.writestr("strokes.npz", to_npz(drawings))
    return content.getvalue()


def read(source: Source) -> list[SavedDrawing]:
    """The drawings in an `.npz` of strokes, a label that is no digit's being NO_DIGIT; or in any
    other file of digits, which have no strokes. Raises InklingError."""
    if not npz.holds_strokes(source):
        samples = readers.read(source)
        if samples.labels is None:
            raise _unlabelled(source)
        _check_number(source, len(samples))
        pairs = zip(samples.images, samples.labels, strict=True)
        return [SavedDrawing(image, int(label)) for image, label in pairs]
    strokes = npz.read_strokes(source)
    if strokes.label is None:
        raise _unlabelled(source)
    _check_number(source, len(strokes))
    drawn = []
    for index, label in enumerate(strokes.label):
        sample = strokes.sample(index)
        prepared = prepare_strokes(sample)
        if prepared.image is None:
            raise InklingError(
                "{file}, drawing {index}: {reason}; wanted: drawings.",
                file=named(source),
                index=index + 1,
                reason=Text(prepared.reason or ""),
            )
        digit = int(label) if 0 <= label < CLASSES else NO_DIGIT
        drawn.append(SavedDrawing(to_uint8(prepared.image), digit, sample))
    return drawn


def _check_number(source: Source, count: int) -> None:
    if count > MOST:
        raise InklingError(
            "{file} has {count:,} drawings; wanted: at most {most:,}, the most kept here.",
            file=named(source),
            count=count,
            most=MOST,
        )


def _unlabelled(source: Source) -> InklingError:
    return InklingError(
        "{file} has no labels; wanted: drawings with their labels.", file=named(source)
    )


# ---------------------------------------------------------------- where they are


def address(secrets: Mapping[str, Any] | None = None) -> str:
    """The database's address, by the variable INKLING_DATABASE or Streamlit's `secrets` under that
    name; else a file in INKLING_HOME. Raises InklingError for what is no address."""
    given = Saving.read(secrets).database.get_secret_value()
    if not given:
        path = str(home().absolute() / "drawings.db")
        return sa.URL.create("sqlite", database=path).render_as_string()
    try:
        sa.make_url(given)
    except ArgumentError:
        raise InklingError(  # what was given may hold a password
            "The value of INKLING_DATABASE is no database address; wanted: one as "
            "postgresql+psycopg://user:password@host/name."
        ) from None
    return given


def is_there(address: str) -> bool:
    """Whether there is a database yet; a file is made when something is saved in it."""
    url = sa.make_url(address)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def options(address: str) -> dict[str, Any]:
    """What SQLAlchemy's `create_engine` needs besides the address."""
    if sa.make_url(address).get_backend_name() == "sqlite":
        # What is kept open goes on in a file that was deleted.
        return {"connect_args": {"timeout": _PATIENCE}, "poolclass": sa.NullPool}
    return {"pool_pre_ping": True}  # a server that was started again knows no old connection


def latest(count: int) -> list[SavedDrawing]:
    """The last so many drawings; makes no database to find them. Raises InklingError."""
    if not is_there(address()):
        return []
    with opened() as store:
        return store.some(Choice(), 0, count)


@contextmanager
def opened() -> Iterator[Store]:
    """The store for a process that is not a page's. Raises InklingError."""
    found = address()
    with explained(sa.make_url(found)):
        engine = sa.create_engine(found, **options(found))
    try:
        yield Store(engine)
    finally:
        engine.dispose()


@contextmanager
def explained(url: sa.URL) -> Iterator[None]:
    """What the database refuses, in a sentence."""
    try:
        yield
    except (SQLAlchemyError, ImportError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        place: str | Text = f"“{url.database}”"
        if url.get_backend_name() != "sqlite":
            place = Text("the {kind} database", kind=url.get_backend_name())
            if not isinstance(error, ImportError):  # its words name hosts and users
                logging.getLogger(__name__).warning("%s: %s", place, reason)
                reason = str(Text("the server’s log says why"))
        raise InklingError(
            "The drawings in {place} can't be reached ({reason}); wanted: a database that is "
            "sound, has room and can be written to; the variable INKLING_DATABASE names another.",
            place=place,
            reason=reason,
        ) from error


# ---------------------------------------------------------------- rows


def _counted() -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(_table)


def inserted(result: sa.CursorResult[Any]) -> int:
    """The id of the row that was."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _conditions(room: int | None, choice: Choice) -> list[sa.ColumnElement[bool]]:
    """What holds of the drawings that are there, in a room and chosen."""
    conditions = [_in(room), _is_there()]
    if choice.label is not None:
        conditions.append(_table.c.label == choice.label)
    if choice.wrong:
        conditions.append(_table.c.answer != _table.c.label)
    if choice.seen_by is not None:
        conditions.append(sa.or_(_table.c.approved, _table.c.owner == choice.seen_by))
    return conditions


def _in(room: int | None) -> sa.ColumnElement[bool]:
    if room is not None:
        return _table.c.room == room
    classes = sa.select(tables.rooms.c.id).where(tables.rooms.c.code.is_not(None))
    return _table.c.room.not_in(classes)


def _is_there() -> sa.ColumnElement[bool]:
    return _table.c.deleted.is_(None)


# ---------------------------------------------------------------- whose they are


NOT_YOURS = marked(
    "This is up to who drew it and to who runs the room; nothing was changed. Wanted: one of them, "
    "in the browser that it was drawn in."
)


def _with_room(connection: sa.Connection, drawing: int) -> Any | None:
    """What decides who may change the drawing with that id: its own, and of its room."""
    rooms = tables.rooms
    query = sa.select(
        _table.c.owner, _table.c.deleted, _table.c.approved, rooms.c.keeper, rooms.c.approval
    )
    joined = query.join(rooms, rooms.c.id == _table.c.room)
    return connection.execute(joined.where(_table.c.id == drawing)).one_or_none()


def _runs(row: Any, by: Visitor) -> bool:
    return by.is_host or row.keeper == by.id


def _changeable(connection: sa.Connection, drawing: int, by: Visitor) -> Any | None:
    """As `_with_room`; Refused for a visitor who neither drew it nor runs its room."""
    row = _with_room(connection, drawing)
    if row is not None and row.owner != by.id and not _runs(row, by):
        raise Refused(NOT_YOURS)
    return row


def _check_runs(connection: sa.Connection, room: int | None, by: Visitor) -> None:
    rooms = tables.rooms
    query = sa.select(rooms.c.keeper).where(rooms.c.id == room)
    if not by.is_host and connection.execute(query).scalar() != by.id:
        raise Refused(NOT_YOURS)


def _may_put_back(by: Visitor) -> sa.ColumnElement[bool]:
    """What holds of the drawings that were deleted and that this visitor may have again."""
    rooms = tables.rooms
    is_recent = _table.c.deleted > _now() - KEPT
    if by.is_host:
        return is_recent
    run = sa.select(rooms.c.id).where(rooms.c.keeper == by.id)
    return sa.and_(is_recent, sa.or_(_table.c.deleter == by.id, _table.c.room.in_(run)))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _row(drawing: SavedDrawing) -> dict[str, Any]:
    assert drawing.image.shape == (SIDE, SIDE)
    assert NO_DIGIT <= drawing.label < CLASSES
    row: dict[str, Any] = {
        "saved": (drawing.saved or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None),
        "label": drawing.label,
        "answer": drawing.answer,
        "run": drawing.run,
        "image": drawing.image.astype(np.uint8).tobytes(),
        "points": None,
        "lengths": None,
        "room": drawing.room,
        "owner": drawing.owner,
        "approved": drawing.approved,
    }
    strokes = drawing.strokes
    if strokes and sum(map(len, strokes)) <= MOST_POINTS:
        row["points"] = np.concatenate(strokes).astype("<f4").tobytes()
        row["lengths"] = np.array([len(stroke) for stroke in strokes], "<u4").tobytes()
    return row


def _drawing(row: sa.RowMapping) -> SavedDrawing:
    image = np.frombuffer(row["image"], np.uint8).reshape(SIDE, SIDE)
    strokes = None
    if row["points"] is not None:
        points = np.frombuffer(row["points"], "<f4").reshape(-1, 2)
        ends = np.cumsum(np.frombuffer(row["lengths"], "<u4"))
        strokes = np.split(points, ends[:-1])
    return SavedDrawing(
        image,
        row["label"],
        strokes,
        row["answer"],
        row["run"],
        row["saved"].replace(tzinfo=UTC),
        row["id"],
        row["room"],
        row["owner"],
        row["approved"],
    )
