"""Rooms: a class' album with a code, a teacher who runs it and a network of its own; and the album
of one visitor, which is a room without a code.

Who may do what is decided here at every call: a visitor who joined may draw in a room and look; the
teacher who made it, in the browser that it was made in, runs it; the host runs every room. Others
are Refused. A room is wiped by one call, or by itself when its days are over: wiped, it is gone for
everybody, and a day later for good, with all that was drawn in it and the networks that learned
from that.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from model.data import counts, tables
from model.data.drawings import KEPT, Store, inserted
from model.data.visitors import Refused, Visitor
from model.errors import InklingError
from model.language import _, marked
from model.runs import registry

MOST_ROOMS = 1_000
MOST_OF_ONE = 20  # rooms that one teacher has at once
MOST_MEMBERS = 1_000  # of a room
LONGEST_NAME = 60  # characters
LONGEST_PROMPT = 200
UNUSED = timedelta(days=365)  # after which an album of one's own is gone, as is its browser's key
FEW = 3  # drawings of a digit that tell nothing of how hard it is

_CODE_LENGTH, _KEY_LENGTH = 6, 20
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXY346789"  # none that is taken for another

_rooms, _members, _drawings = tables.rooms, tables.members, tables.drawings

NO_KEY = marked(
    "There is no room with this key; wanted: the one that was made last, as it was shown."
)
OVER = marked(
    "This room is over, or there never was one; wanted: the code of another, from who runs it."
)
NOT_IN_IT = marked(
    "This room is for who joined it by its code; wanted: its code, from who runs it."
)
NOT_RUN = marked(
    "This is up to who made the room, in the browser that it was made in; nothing was done."
)


@dataclass(frozen=True)
class Room:
    """`code` None: a visitor's own album, or everybody's; `keeper` None: the host alone runs it;
    `run` None: what answers elsewhere answers here too; `key` the digest of its teacher's."""

    id: int
    name: str
    code: str | None
    keeper: str | None
    made: datetime
    ends: datetime | None
    wiped: datetime | None
    prompt: str
    approval: bool
    run: str | None
    key: str | None = None

    @property
    def is_class(self) -> bool:
        return self.code is not None

    @property
    def is_everybodys(self) -> bool:
        return self.id == tables.EVERYBODYS

    def is_run_by(self, visitor: Visitor) -> bool:
        return visitor.is_host or self.keeper == visitor.id


@dataclass(frozen=True)
class Tally:
    """How the approved drawings of a room were read: `pairs` counts (what it is, what was
    answered), `people` how many drew."""

    people: int
    pairs: Counter[tuple[int, int]]

    @property
    def drawings(self) -> int:
        return self.pairs.total()

    @property
    def right(self) -> int:
        return sum(n for (label, answer), n in self.pairs.items() if label == answer)

    def confusions(self) -> list[tuple[int, int, int]]:
        """What was taken for what, and how often; the most frequent first."""
        wrong = [(*pair, n) for pair, n in self.pairs.items() if pair[0] != pair[1]]
        return sorted(wrong, key=lambda one: (-one[2], one[:2]))

    def hardest(self) -> tuple[int, int, int] | None:
        """The label that was read wrong the most often of those drawn FEW times at least, how often
        it was, of how many; None where none was."""
        drawn, wrong = Counter[int](), Counter[int]()
        for (label, answer), n in self.pairs.items():
            drawn[label] += n
            wrong[label] += n * (label != answer)
        found = [(wrong[one] / n, n, one) for one, n in drawn.items() if wrong[one] and n >= FEW]
        if not found:
            return None
        _, n, label = max(found)
        return label, wrong[label], n


class Rooms:
    """The rooms in the database of a store; raises InklingError as that does."""

    def __init__(self, store: Store) -> None:
        self._transaction = store.transaction

    # ------------------------------------------------------------ found

    def get(self, room: int) -> Room:
        """The room of that number; raises InklingError for one that is over."""
        return self._one(_rooms.c.id == room)

    def coded(self, code: str) -> Room:
        """The room with that code; raises InklingError."""
        return self._one(_rooms.c.code == tidy_code(code))

    def keyed(self, key: str) -> Room:
        """The room with that teacher's key; raises InklingError."""
        try:
            return self._one(_rooms.c.key == _digest(key))
        except InklingError:
            raise InklingError(NO_KEY) from None

    def entered(self, room: int, by: Visitor) -> Room:
        """The room of that number for who is in it or runs it; others are Refused."""
        found = self.get(room)
        if not found.is_run_by(by) and not self.is_member(room, by.id):
            raise Refused(NOT_IN_IT)
        return found

    def kept(self, room: int, by: Visitor) -> Room:
        """The room of that number for who runs it; others are Refused."""
        found = self.get(room)
        if not found.is_run_by(by):
            raise Refused(NOT_RUN)
        return found

    def of(self, visitor: Visitor) -> list[Room]:
        """The classes' rooms that this visitor is in or runs, the latest first; a host's are all of
        them."""
        joined = sa.select(_members.c.room).where(_members.c.visitor == visitor.id)
        mine = sa.or_(_rooms.c.keeper == visitor.id, _rooms.c.id.in_(joined))
        query = sa.select(_rooms).where(_rooms.c.code.is_not(None), _is_open())
        if not visitor.is_host:
            query = query.where(mine)
        return self._all(query.order_by(_rooms.c.id.desc()))

    def wiped(self, by: Visitor) -> list[Room]:
        """The rooms that this visitor may have again."""
        query = sa.select(_rooms).where(_rooms.c.wiped > _now() - KEPT)
        return self._all(query if by.is_host else query.where(_rooms.c.keeper == by.id))

    def is_member(self, room: int, visitor: str) -> bool:
        """Whether the visitor of that id has joined."""
        joined = _members.c.room == room, _members.c.visitor == visitor
        with self._transaction() as connection:
            return connection.execute(sa.select(_members.c.room).where(*joined)).first() is not None

    def members(self, room: int) -> int:
        """How many have joined."""
        query = sa.select(sa.func.count()).where(_members.c.room == room)
        with self._transaction() as connection:
            return int(connection.execute(query).scalar_one())

    def tally(self, room: int, run: str | None = None, other: bool = False) -> Tally:
        """How a room's drawings were read: all of them, or with a `run` those that it answered; or
        those that an `other` one did."""
        there = [_drawings.c.room == room, _drawings.c.deleted.is_(None), _drawings.c.approved]
        if run is not None:
            is_its = sa.func.coalesce(_drawings.c.run, "") == run
            there.append(~is_its if other else is_its)
        people = sa.select(sa.func.count(sa.distinct(_drawings.c.owner))).where(*there)
        pair = (_drawings.c.label, _drawings.c.answer)
        query = sa.select(*pair, sa.func.count()).where(*there, _drawings.c.answer.is_not(None))
        with self._transaction() as connection:
            pairs = {
                (label, answer): n for label, answer, n in connection.execute(query.group_by(*pair))
            }
            return Tally(int(connection.execute(people).scalar_one()), Counter(pairs))

    # ------------------------------------------------------------ made and joined

    def make(
        self, name: str, by: Visitor, days: int, prompt: str = "", approval: bool = False
    ) -> Room:
        """A new class' room that `by` runs, which wipes itself after so many days. Raises
        InklingError where there are too many already."""
        values = {
            "name": _worded(name, LONGEST_NAME) or _("Our room"),
            "keeper": by.id,
            "made": _now(),
            "ends": _now() + timedelta(days=days),
            "prompt": _worded(prompt, LONGEST_PROMPT),
            "approval": approval,
        }
        coded = sa.select(sa.func.count()).where(_rooms.c.code.is_not(None))
        with self._transaction() as connection:
            mine = connection.execute(coded.where(_rooms.c.keeper == by.id)).scalar_one()
            if mine >= MOST_OF_ONE:
                raise InklingError(
                    "You have {mine} rooms already; wanted: one of them wiped.", mine=mine
                )
            if connection.execute(coded).scalar_one() >= MOST_ROOMS:
                raise InklingError(
                    "{most_rooms:,} rooms are the most here; wanted: fewer.", most_rooms=MOST_ROOMS
                )
            made = _rooms.insert().values(code=_new_code(), **values)
            number = inserted(connection.execute(made))
        return self.get(number)

    def join(self, code: str, by: Visitor) -> Room:
        """Enter the room with that code. Raises InklingError where there is none, or it is full."""
        room = self.coded(code)
        if room.keeper == by.id or self.is_member(room.id, by.id):
            return room
        if self.members(room.id) >= MOST_MEMBERS:
            raise InklingError(
                "“{name}” is full: {most_members:,} are in it; wanted: fewer.",
                name=room.name,
                most_members=MOST_MEMBERS,
            )
        with self._transaction() as connection:
            values = {"room": room.id, "visitor": by.id, "joined": _now()}
            connection.execute(_members.insert().values(values))
        return room

    def leave(self, room: int, by: Visitor) -> None:
        """What was drawn there stays."""
        with self._transaction() as connection:
            mine = sa.and_(_members.c.room == room, _members.c.visitor == by.id)
            connection.execute(_members.delete().where(mine))

    def own(self, by: Visitor) -> Room | None:
        """The visitor's own album; None before anything was saved in it."""
        query = sa.select(_rooms).where(_rooms.c.keeper == by.id, _rooms.c.code.is_(None))
        return next(iter(self._all(query.order_by(_rooms.c.id).limit(1))), None)

    def make_own(self, by: Visitor) -> Room:
        """The visitor's own album, made where there is none yet; it is kept for a year more."""
        ends = _now() + UNUSED
        if found := self.own(by):
            self._update(found.id, ends=ends)
            return found
        with self._transaction() as connection:
            values = {"name": "Mine", "keeper": by.id, "made": _now(), "ends": ends, "prompt": ""}
            connection.execute(_rooms.insert().values(approval=False, **values))
        found = self.own(by)
        assert found
        return found

    # ------------------------------------------------------------ run

    def make_key(self, room: int, by: Visitor) -> str:
        """A key by which the room is run from another browser, in the place of the one before; it
        is told this once, as only its digest is kept."""
        self.kept(room, by)
        key = _random(_KEY_LENGTH)
        self._update(room, key=_digest(key))
        return "-".join(key[start : start + 5] for start in range(0, _KEY_LENGTH, 5))

    def drop_key(self, room: int, by: Visitor) -> None:
        """Have no key open the room any more."""
        self.kept(room, by)
        self._update(room, key=None)

    def take_over(self, key: str, by: Visitor) -> Room:
        """Run the room with that key from now on; who ran it before is in it as others are. Raises
        InklingError."""
        room = self.keyed(key)
        if room.keeper != by.id:
            with self._transaction() as connection:
                there = _members.c.room == room.id
                connection.execute(_members.delete().where(there, _members.c.visitor == by.id))
                before = {"room": room.id, "visitor": room.keeper, "joined": _now()}
                connection.execute(_members.insert().values(before))
                change = _rooms.update().where(_rooms.c.id == room.id)
                connection.execute(change.values(keeper=by.id))
        return self.get(room.id)

    def change(
        self, room: int, by: Visitor, prompt: str | None = None, approval: bool | None = None
    ) -> None:
        """Say what is to be drawn, and whether drawings wait for an approval."""
        self.kept(room, by)
        values: dict[str, Any] = {}
        if prompt is not None:
            values["prompt"] = _worded(prompt, LONGEST_PROMPT)
        if approval is not None:
            values["approval"] = approval
        if values:
            self._update(room, **values)

    def use(self, room: int, run: str | None, by: Visitor) -> None:
        """Have that run answer in the room alone; None: what answers elsewhere."""
        self.kept(room, by)
        self._update(room, run=run)

    def wipe(self, room: int, by: Visitor) -> None:
        """End the room at once; for a day it can be had again."""
        self.kept(room, by)
        self._update(room, wiped=_now())

    def bring_back(self, room: int, by: Visitor) -> None:
        """Have a room again that was wiped less than a day ago."""
        if room not in [one.id for one in self.wiped(by)]:
            raise Refused(NOT_RUN)
        self._update(room, wiped=None)

    # ------------------------------------------------------------ erased

    def erase(self, room: int, by: Visitor) -> None:
        """Remove a room and all that is in it, at once and for good."""
        query = sa.select(_rooms).where(_rooms.c.id == room)
        if not all(found.is_run_by(by) for found in self._all(query)):
            raise Refused(NOT_RUN)
        self._erase([room])

    def forget(self, by: Visitor) -> None:
        """Remove at once and for good all that a visitor drew, joined and has of one's own; the
        rooms that this visitor runs stay."""
        with self._transaction() as connection:
            connection.execute(_drawings.delete().where(_drawings.c.owner == by.id))
            connection.execute(_members.delete().where(_members.c.visitor == by.id))
        if own := self.own(by):
            self._erase([own.id])

    def tidy(self) -> None:
        """Remove for good what has been deleted or wiped for a day, the rooms whose days are over,
        the runs of rooms that are no more, and what is counted of nobody any more."""
        with self._transaction() as connection:
            connection.execute(_drawings.delete().where(_drawings.c.deleted <= _now() - KEPT))
            over = sa.or_(_rooms.c.wiped <= _now() - KEPT, _rooms.c.ends <= _now())
            doomed = list(connection.execute(sa.select(_rooms.c.id).where(over)).scalars())
            counts.forget(connection)
        self._erase(doomed)

    def _erase(self, rooms: Iterable[int]) -> None:
        doomed = [room for room in rooms if room != tables.EVERYBODYS]
        with self._transaction() as connection:
            for room in doomed:
                connection.execute(_drawings.delete().where(_drawings.c.room == room))
                connection.execute(_members.delete().where(_members.c.room == room))
                connection.execute(_rooms.delete().where(_rooms.c.id == room))
            left = set(connection.execute(sa.select(_rooms.c.id)).scalars())
        for run in registry.all_runs():
            if run.config.room not in (None, *left) and not run.is_alive:
                with suppress(InklingError):  # it is in use elsewhere: the host's choice
                    registry.delete(run)

    # ------------------------------------------------------------ beneath

    def _one(self, which: sa.ColumnElement[bool]) -> Room:
        found = self._all(sa.select(_rooms).where(which, _is_open()))
        if not found:
            raise InklingError(OVER)
        return found[0]

    def _all(self, query: sa.Select[Any]) -> list[Room]:
        with self._transaction() as connection:
            return [_room(row) for row in connection.execute(query).mappings()]

    def _update(self, room: int, **values: Any) -> None:
        with self._transaction() as connection:
            connection.execute(_rooms.update().where(_rooms.c.id == room).values(**values))


def tidy_code(code: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(code.upper().split()).replace("-", "")


def is_teachers_key(text: str) -> bool:
    """Whether that is as long as a teacher's key, and no room's code."""
    return len(tidy_code(text)) == _KEY_LENGTH


def _new_code() -> str:
    return _random(_CODE_LENGTH)


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _digest(key: str) -> str:
    return hashlib.sha256(tidy_code(key).encode()).hexdigest()


def _worded(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest]


def _is_open() -> sa.ColumnElement[bool]:
    is_on = sa.or_(_rooms.c.ends.is_(None), _rooms.c.ends > _now())
    return sa.and_(_rooms.c.wiped.is_(None), is_on)


def _room(row: sa.RowMapping) -> Room:
    moments = {
        name: row[name] and row[name].replace(tzinfo=UTC) for name in ("made", "ends", "wiped")
    }
    return Room(**{**row, **moments})


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
