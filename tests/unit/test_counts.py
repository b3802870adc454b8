"""What several processes count in their database: one count, whichever of them is asked."""

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from types import ModuleType

import pytest
import sqlalchemy as sa

from model.counts import Known, MemoryCounts, T
from model.data import counts, drawings, tables
from model.data.counts import DatabaseCounts
from model.data.drawings import Store
from model.data.rooms import Rooms
from model.errors import InklingError
from model.guesses import FREE, CodeGuesses, Guesses
from model.limits import HOUR, Uses
from tests.support.clock import Clock


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessPoolExecutor]:
    # A page that a test of pages has run stays the main module, and each process would run it anew.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with drawings.opened() as store:
        yield store


@pytest.fixture
def clock() -> Clock:
    return Clock()


def one_of(store: Store) -> DatabaseCounts:
    """As another process has it."""
    return DatabaseCounts(lambda: store)


def noted(store: Store) -> list[tuple[str, str]]:
    with store.transaction() as connection:
        query = sa.select(tables.counts.c.name, tables.counts.c.moments)
        return [(name, moments) for name, moments in connection.execute(query)]


def spends(times: int) -> int:
    """In a process of its own: how many uses it is granted of so many that it asks for."""
    with drawings.opened() as store:
        uses = Uses("reading", one_of(store))
        return sum(not uses.spend({"visitor": 1000, "address": 700}) for _ in range(times))


def test_two_processes_share_one_hour(store: Store, pool: ProcessPoolExecutor) -> None:
    granted = sum(pool.map(spends, [600, 600]))
    # Some may have grown back meanwhile; and of what one has taken and not used, a share is left.
    assert 700 - 7 <= granted <= 700 + 7


def guesses(times: int) -> int:
    """In a process of its own: how many wrong guesses were looked at."""
    looked = 0

    def is_right() -> bool:
        nonlocal looked
        looked += 1
        return False

    with drawings.opened() as store:
        for _ in range(times):
            CodeGuesses(one_of(store)).attempt("school", is_right)
    return looked


def test_ten_wrong_codes_a_minute_by_whichever_process(
    store: Store, pool: ProcessPoolExecutor
) -> None:
    assert sum(pool.map(guesses, [12, 12])) == CodeGuesses.A_MINUTE


def test_many_threads_at_once_lose_none(store: Store) -> None:
    every = [one_of(store) for _ in range(2)]

    def note(number: int) -> None:
        def change(known: Known) -> None:
            known["b"].append(number)

        every[number % 2].change(["a", "b"], change)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(40)))
    assert sorted(every[0].change(["b"], lambda known: known["b"])) == list(range(40))


def test_a_wrong_password_here_makes_one_wait_there(store: Store, clock: Clock) -> None:
    here, there = (Guesses(one_of(store), clock) for _ in range(2))
    for _ in range(FREE):
        here.attempt(["session a", "address x"], lambda: False)
    assert there.wait(["session b", "address x"]) == 1
    clock.now += 1
    assert there.attempt(["session b", "address x"], lambda: True)
    assert here.wait(["session a", "address x"]) == 0 or here.wait(["address x"]) == 0


def test_an_hours_uses_are_asked_for_a_hundredth_at_a_time(store: Store, clock: Clock) -> None:
    asked = 0

    class Watched(DatabaseCounts):
        def change(self, names: Sequence[str], change: Callable[[Known], T]) -> T:
            nonlocal asked
            asked += 1
            return super().change(names, change)

    uses = Uses("reading", Watched(lambda: store), clock)
    assert not any(uses.spend({"visitor": 200, "address": 2000}) for _ in range(200))
    assert asked <= 101  # two of the visitor's, twenty of the address' at a time
    assert uses.spend({"visitor": 200, "address": 2000}) == pytest.approx(HOUR / 200)


def test_nobody_is_named(store: Store, clock: Clock) -> None:
    Uses("upload", one_of(store), clock).spend({"address 192.0.2.1": 5})
    ((name, moments),) = noted(store)
    assert "192" not in name
    assert len(name) == 64
    assert moments == "[1720.0]"


def test_where_the_database_fails_each_process_counts_on_its_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = 0

    def store() -> Store:
        nonlocal asked
        asked += 1
        raise InklingError("The database is gone; wanted: one.")

    uses = Uses("upload", DatabaseCounts(store))
    assert [bool(uses.spend({"ada": 3})) for _ in range(4)] == [False, False, False, True]
    assert asked == 1  # not at every use: nobody waits for what is gone
    assert "Counted by this process alone for now: The database is gone" in caplog.text
    monkeypatch.setattr(counts, "_RETRY", 0)
    uses = Uses("upload", DatabaseCounts(store))
    uses.spend({"ada": 3})
    uses.spend({"ada": 3})
    assert asked == 3


def test_it_is_forgotten_after_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    Uses("upload", one_of(store)).spend({"ada": 5})
    Rooms(store).tidy()
    assert len(noted(store)) == 1
    monkeypatch.setattr(counts, "KEPT", -1)
    Rooms(store).tidy()
    assert noted(store) == []


def test_in_memory_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.counts.MOST_NAMES", 3)
    memory = MemoryCounts()
    for number in range(5):
        memory.change([str(number)], lambda known: known.update({name: [1.0] for name in known}))
    kept = memory.change([str(n) for n in range(5)], lambda known: [n for n in known if known[n]])
    assert kept == ["2", "3", "4"]
