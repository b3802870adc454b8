"""The tables of the database, as `migrations` has made them by now.

Every drawing is in a room. A class has one with a code, which its teacher runs; a visitor has an
album of one's own, a room without a code; and the room EVERYBODYS holds what was saved before there
were rooms, and what the command line adds. Nobody's name is kept: a visitor is the digest of a
random key that only one browser knows.
"""

import sqlalchemy as sa

EVERYBODYS = 1  # the room that only the host may change

_metadata = sa.MetaData()

drawings = sa.Table(
    "drawings",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("saved", sa.DateTime, nullable=False),  # UTC
    sa.Column("label", sa.SmallInteger, nullable=False),  # −1: not a digit
    sa.Column("answer", sa.SmallInteger),  # NULL: nobody was asked
    sa.Column("run", sa.String(200)),  # that answered; NULL: the built-in network, or none
    sa.Column("image", sa.LargeBinary, nullable=False),  # 28 × 28 bytes, ink 255
    sa.Column("points", sa.LargeBinary),  # x, y of the path as float32; NULL: a picture
    sa.Column("lengths", sa.LargeBinary),  # how many points each stroke has, as uint32
    sa.Column("room", sa.Integer, nullable=False),
    sa.Column("owner", sa.String(64)),  # the visitor who drew; NULL: nobody knows
    sa.Column("approved", sa.Boolean, nullable=False),  # it counts in its room
    sa.Column("deleted", sa.DateTime),  # UTC; NULL: it is there
    sa.Column("deleter", sa.String(64)),  # the visitor who deleted it
)

rooms = sa.Table(
    "rooms",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("code", sa.String(20), unique=True),  # NULL: an album of one's own, or everybody's
    sa.Column("keeper", sa.String(64)),  # the visitor who runs it; NULL: the host alone
    sa.Column("made", sa.DateTime, nullable=False),  # UTC
    sa.Column("ends", sa.DateTime),  # UTC; when it wipes itself; NULL: never
    sa.Column("wiped", sa.DateTime),  # UTC; NULL: it is there
    sa.Column("prompt", sa.String(200), nullable=False),  # what is to be drawn
    sa.Column("approval", sa.Boolean, nullable=False),  # a drawing counts once it is approved
    sa.Column("run", sa.String(200)),  # that answers in it; NULL: the one that answers elsewhere
    sa.Column("key", sa.String(64)),  # digest of the teacher's key to it; NULL: there is none
)

members = sa.Table(
    "members",
    _metadata,
    sa.Column("room", sa.Integer, primary_key=True),
    sa.Column("visitor", sa.String(64), primary_key=True),
    sa.Column("joined", sa.DateTime, nullable=False),  # UTC
)

counts = sa.Table(
    "counts",
    _metadata,
    sa.Column("name", sa.String(64), primary_key=True),  # digest of who is counted, and doing what
    sa.Column("moments", sa.String(500), nullable=False),  # as JSON, each in seconds since 1970
    sa.Column("noted", sa.Float, nullable=False),  # when, in seconds since 1970
)
