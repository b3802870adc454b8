"""The drawings' tables as they came to be, a step a change.

Each step is run once, in this order and all in one transaction; which ones were, the database says
itself, in the table `drawings_migrations`. A change of the tables is a new step at the end; those
before it stay as they are, and name what was there at their time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn

from model.errors import InklingError

Step = Callable[[sa.Connection], None]

_done = sa.Table(
    "drawings_migrations",
    sa.MetaData(),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("applied", sa.DateTime, nullable=False),  # UTC
)


def migrate(connection: sa.Connection) -> None:
    """Bring the tables up to date. Raises InklingError for those of a later version."""
    names = [step.__name__ for step in STEPS]
    if _applied(connection) == names:
        return
    if connection.dialect.name == "sqlite":
        # Else each change of a table is a transaction of its own there. Nobody else may begin.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    applied = _applied(connection)
    if unknown := [name for name in applied if name not in names]:
        raise InklingError(
            "The drawings' database is a later version's (it has “{unknown}”); wanted: that "
            "version of Inkling, or another database.",
            unknown=unknown[-1],
        )
    _done.create(connection, checkfirst=True)
    for step in STEPS:
        if step.__name__ not in applied:
            step(connection)
            now = datetime.now(UTC).replace(tzinfo=None)
            connection.execute(_done.insert().values(name=step.__name__, applied=now))


def _applied(connection: sa.Connection) -> list[str]:
    """The names of the steps that were run, in their order."""
    if not sa.inspect(connection).has_table(_done.name):
        return []
    query = sa.select(_done.c.name).order_by(_done.c.name)
    return list(connection.execute(query).scalars())


# ---------------------------------------------------------------- the steps


def m001_drawings(connection: sa.Connection) -> None:
    """The table of the drawings, which the databases of version 0.1 have already."""
    drawings = sa.Table(
        "drawings",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("saved", sa.DateTime, nullable=False),
        sa.Column("label", sa.SmallInteger, nullable=False),
        sa.Column("answer", sa.SmallInteger),
        sa.Column("run", sa.String(200)),
        sa.Column("image", sa.LargeBinary, nullable=False),
        sa.Column("points", sa.LargeBinary),
        sa.Column("lengths", sa.LargeBinary),
    )
    drawings.create(connection, checkfirst=True)


def m002_index_of_labels(connection: sa.Connection) -> None:
    """By which drawings are counted and chosen."""
    drawings = sa.Table("drawings", sa.MetaData(), sa.Column("label", sa.SmallInteger))
    sa.Index("ix_drawings_label", drawings.c.label).create(connection)


def m003_rooms(connection: sa.Connection) -> None:
    """Rooms with their members, and whose each drawing is. What there was is everybody's."""
    metadata = sa.MetaData()
    rooms = sa.Table(
        "rooms",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("code", sa.String(20), unique=True),
        sa.Column("keeper", sa.String(64)),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("ends", sa.DateTime),
        sa.Column("wiped", sa.DateTime),
        sa.Column("prompt", sa.String(200), nullable=False),
        sa.Column("approval", sa.Boolean, nullable=False),
        sa.Column("run", sa.String(200)),
        sqlite_autoincrement=True,  # a number that was a room's is never another's
    )
    members = sa.Table(
        "members",
        metadata,
        sa.Column("room", sa.Integer, primary_key=True),
        sa.Column("visitor", sa.String(64), primary_key=True),
        sa.Column("joined", sa.DateTime, nullable=False),
    )
    metadata.create_all(connection)
    now = datetime.now(UTC).replace(tzinfo=None)
    everybodys = {"name": "Everybody’s", "made": now, "prompt": "", "approval": False}
    connection.execute(rooms.insert().values(**everybodys))  # the first: its number is 1
    drawings = sa.Table(
        "drawings",
        sa.MetaData(),
        sa.Column("room", sa.Integer, nullable=False, server_default="1"),
        sa.Column("owner", sa.String(64)),
        sa.Column("approved", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("deleted", sa.DateTime),
        sa.Column("deleter", sa.String(64)),
    )
    for column in drawings.columns:
        written = CreateColumn(column).compile(dialect=connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE drawings ADD COLUMN {written}")
    sa.Index("ix_drawings_room", drawings.c.room).create(connection)
    sa.Index("ix_drawings_owner", drawings.c.owner).create(connection)
    sa.Index("ix_rooms_keeper", rooms.c.keeper).create(connection)
    sa.Index("ix_members_visitor", members.c.visitor).create(connection)


def m004_counts_and_keys(connection: sa.Connection) -> None:
    """What several processes count together; and a teacher's key to a room."""
    counts = sa.Table(
        "counts",
        sa.MetaData(),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("moments", sa.String(500), nullable=False),
        sa.Column("noted", sa.Float, nullable=False),
    )
    counts.create(connection)
    connection.exec_driver_sql("ALTER TABLE rooms ADD COLUMN key VARCHAR(64)")
    rooms = sa.Table("rooms", sa.MetaData(), sa.Column("key", sa.String(64)))
    sa.Index("ix_rooms_key", rooms.c.key, unique=True).create(connection)


STEPS: list[Step] = [m001_drawings, m002_index_of_labels, m003_rooms, m004_counts_and_keys]
