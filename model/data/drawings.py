"""Drawings that people saved with what they meant by them, in a database.

One table, by SQLAlchemy, which `migrations` makes and changes: in a SQLite file in INKLING_HOME, or
wherever INKLING_DATABASE says, as `postgresql+psycopg://user:password@host/name`. A row is a
drawing and what was answered to it; nothing in it says who drew it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from model.data import kaggle, migrations, npz, readers
from model.data.archive import Source, named
from model.data.samples import CLASSES, NO_DIGIT, LabelledSamples
from model.errors import InklingError
from model.preprocessing.framing import SIDE
from model.preprocessing.pixels import to_uint8
from model.preprocessing.strokes import prepare_strokes
from model.settings import Saving, home

MOST = 20_000  # drawings that are kept; some 60 MB
MOST_POINTS = 20_000  # of a pen's path that is kept: 160 kB

_PATIENCE = 2  # seconds, for who else writes into a SQLite file

_table = sa.Table(
    "drawings",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("saved", sa.DateTime, nullable=False),  # UTC
    sa.Column("label", sa.SmallInteger, nullable=False),  # −1: not a digit
    sa.Column("answer", sa.SmallInteger),  # NULL: nobody was asked
    sa.Column("run", sa.String(200)),  # that answered; NULL: the built-in network, or none
    sa.Column("image", sa.LargeBinary, nullable=False),  # 28 × 28 bytes, ink 255
    sa.Column("points", sa.LargeBinary),  # x, y of the path as float32; NULL: a picture
    sa.Column("lengths", sa.LargeBinary),  # how many points each stroke has, as uint32
)


@dataclass(frozen=True, eq=False)
class SavedDrawing:
    """A drawing, (28, 28) uint8 with ink 255 as the network saw it, and what it is.

    `label` and `answer` are digits or NO_DIGIT; `answer` None: nobody was asked. `strokes`, each
    (P, 2) float32 with y down, are None for a picture. `run` None: the built-in network answered.
    """

    image: NDArray[np.uint8]
    label: int
    strokes: Sequence[NDArray[np.float32]] | None = None
    answer: int | None = None
    run: str | None = None
    saved: datetime | None = None
    id: int = 0

    @property
    def is_wrong(self) -> bool:
        """Whether something else was answered."""
        return self.answer not in (None, self.label)


@dataclass(frozen=True)
class Choice:
    """Some of the drawings: those with this label, those that were read wrong."""

    label: int | None = None
    wrong: bool = False


class Store:
    """The drawings in one database.

    Every method raises InklingError, one sentence, where the database is locked, damaged, full or
    not there; then nothing has changed in it.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with self._transaction():
            pass  # it has its tables then

    def save(self, drawing: SavedDrawing) -> int:
        """Keep a drawing; its id. Raises InklingError also where MOST are kept already."""
        with self._transaction() as connection:
            if connection.execute(_counted()).scalar_one() >= MOST:
                raise InklingError(
                    f"{MOST:,} drawings are saved already, the most that are kept; wanted: some "
                    "deleted on the Drawings page."
                )
            return _inserted(connection.execute(_table.insert().values(_row(drawing))))

    def add(self, drawings: Iterable[SavedDrawing]) -> int:
        """Keep those that are not there yet, a drawing being told by its 28×28; how many.

        Raises InklingError, and keeps none of them, where there is no room for all.
        """
        with self._transaction() as connection:
            known = set(connection.execute(sa.select(_table.c.image)).scalars())
            count = connection.execute(_counted()).scalar_one()
            rows = {row["image"]: row for row in map(_row, drawings) if row["image"] not in known}
            if count + len(rows) > MOST:
                raise InklingError(
                    f"These are {len(rows):,} new drawings, and {count:,} are saved already; "
                    f"wanted: at most {MOST:,} in all."
                )
            if rows:
                connection.execute(_table.insert(), list(rows.values()))
            return len(rows)

    def relabel(self, drawing: int, label: int) -> bool:
        """Say what the drawing with that id is; whether it is there."""
        with self._transaction() as connection:
            change = _table.update().where(_table.c.id == drawing).values(label=label)
            return connection.execute(change).rowcount > 0

    def delete(self, drawing: int) -> None:
        """Remove the drawing with that id, if it is there."""
        with self._transaction() as connection:
            connection.execute(_table.delete().where(_table.c.id == drawing))

    def delete_all(self) -> None:
        with self._transaction() as connection:
            connection.execute(_table.delete())

    def counts(self, wrong: bool = False) -> dict[int, int]:
        """How many drawings there are of each label that occurs; or of those read wrong."""
        query = sa.select(_table.c.label, sa.func.count()).group_by(_table.c.label)
        with self._transaction() as connection:
            rows = connection.execute(query.where(*_conditions(Choice(wrong=wrong)))).all()
        return dict(sorted((label, count) for label, count in rows))

    def some(self, choice: Choice, first: int, count: int) -> list[SavedDrawing]:
        """The drawings from number `first` on, counted from 0, the latest first."""
        query = sa.select(_table).where(*_conditions(choice)).order_by(_table.c.id.desc())
        return self._read(query.offset(first).limit(count))

    def all(self) -> list[SavedDrawing]:
        """Every drawing, the oldest first."""
        return self._read(sa.select(_table).order_by(_table.c.id))

    def _read(self, query: sa.Select[Any]) -> list[SavedDrawing]:
        with self._transaction() as connection:
            return [_drawing(row) for row in connection.execute(query).mappings()]

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
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
                f"{named(source)}, drawing {index + 1}: {prepared.reason}; wanted: drawings."
            )
        digit = int(label) if 0 <= label < CLASSES else NO_DIGIT
        drawn.append(SavedDrawing(to_uint8(prepared.image), digit, sample))
    return drawn


def _check_number(source: Source, count: int) -> None:
    if count > MOST:
        raise InklingError(
            f"{named(source)} has {count:,} drawings; wanted: at most {MOST:,}, the most kept here."
        )


def _unlabelled(source: Source) -> InklingError:
    return InklingError(f"{named(source)} has no labels; wanted: drawings with their labels.")


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
        place = f"“{url.database}”"
        if url.get_backend_name() != "sqlite":
            place = f"the {url.get_backend_name()} database"
            if not isinstance(error, ImportError):  # its words name hosts and users
                logging.getLogger(__name__).warning("%s: %s", place, reason)
                reason = "the server’s log says why"
        raise InklingError(
            f"The drawings in {place} can't be reached ({reason}); wanted: a database that is "
            f"sound, has room and can be written to; the variable INKLING_DATABASE names another."
        ) from error


# ---------------------------------------------------------------- rows


def _counted() -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(_table)


def _inserted(result: sa.CursorResult[Any]) -> int:
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def _conditions(choice: Choice) -> list[sa.ColumnElement[bool]]:
    by_label = [] if choice.label is None else [_table.c.label == choice.label]
    return by_label + ([_table.c.answer != _table.c.label] if choice.wrong else [])


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
    }
    strokes = drawing.strokes
    if strokes and sum(map(len, strokes)) <= MOST_POINTS:
        row["points"] = np.concatenate(strokes).astype("<f4").tobytes()
        row["lengths"] = np.array([len(stroke) for stroke in strokes], "<u4").tobytes()
    return row


def _drawing(row: sa.RowMapping) -> SavedDrawing:
    image = np.frombuffer(row["image"], np.uint8).reshape(SIDE, SIDE)
    drawing = SavedDrawing(image, row["label"], None, row["answer"], row["run"], id=row["id"])
    strokes = None
    if row["points"] is not None:
        points = np.frombuffer(row["points"], "<f4").reshape(-1, 2)
        ends = np.cumsum(np.frombuffer(row["lengths"], "<u4"))
        strokes = np.split(points, ends[:-1])
    return replace(drawing, strokes=strokes, saved=row["saved"].replace(tzinfo=UTC))
