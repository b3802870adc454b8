"""How often a visitor may do something, and what is said when it was too often."""

from pathlib import Path

import pytest
import streamlit as st

from model.counts import MemoryCounts
from model.data.visitors import Visitor
from model.errors import InklingError
from model.limits import HOUR, Uses
from model.settings import Limits
from tests.support.clock import Clock
from ui.common import limits
from ui.common.limits import Kind


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def uses(clock: Clock) -> Uses:
    return Uses("upload", now=clock)


def test_an_hours_uses_may_come_at_once_and_no_more(uses: Uses) -> None:
    assert [uses.spend({"ada": 3}) for _ in range(3)] == [0, 0, 0]
    assert uses.spend({"ada": 3}) == pytest.approx(HOUR / 3)


def test_they_grow_back_one_by_one(uses: Uses, clock: Clock) -> None:
    for _ in range(3):
        uses.spend({"ada": 3})
    clock.now += HOUR / 3
    assert uses.spend({"ada": 3}) == 0
    assert uses.spend({"ada": 3}) == pytest.approx(HOUR / 3)
    clock.now += HOUR
    assert [uses.spend({"ada": 3}) for _ in range(3)] == [0, 0, 0]


def test_who_has_none_left_is_told_so_without_being_looked_up(clock: Clock) -> None:
    counts = MemoryCounts()
    uses = Uses("upload", counts, clock)
    uses.spend({"ada": 1})
    assert uses.spend({"ada": 1, "school": 5}) == HOUR
    counts.change(["upload ada"], lambda known: known.clear())
    clock.now += 1
    assert uses.spend({"ada": 1}) == HOUR - 1
    clock.now += HOUR
    assert uses.spend({"ada": 1}) == 0


def test_a_clock_that_is_set_back_makes_nobody_wait_longer(uses: Uses, clock: Clock) -> None:
    for _ in range(3):
        uses.spend({"ada": 3})
    clock.now -= 5 * HOUR
    assert 0 < uses.spend({"ada": 3}) <= HOUR


def test_a_new_session_does_not_begin_anew_from_the_same_address(uses: Uses) -> None:
    for visitor in ("ada", "bob"):
        assert uses.spend({visitor: 1, "school": 2}) == 0
    assert uses.spend({"eve": 1, "school": 2}) > 0


def test_what_is_refused_does_not_count(uses: Uses) -> None:
    uses.spend({"ada": 1, "school": 2})
    for _ in range(5):
        assert uses.spend({"ada": 1, "school": 2}) > 0
    assert uses.spend({"bob": 1, "school": 2}) == 0


@pytest.mark.parametrize(
    ("given", "wanted"), [("600/6000", (600, 6000)), (" 10 ", (10, 300)), ("", None)]
)
def test_a_host_says_how_many(
    monkeypatch: pytest.MonkeyPatch, given: str, wanted: tuple[int, int] | None
) -> None:
    monkeypatch.setenv("INKLING_MOST_SAVED", given)
    assert Limits.read().saved == wanted


@pytest.mark.parametrize("given", ["0", "-1", "many", "3/0", "3/4/5", "1.5"])
def test_what_is_no_limit_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("INKLING_MOST_SAVED", given)
    with pytest.raises(InklingError, match="INKLING_MOST_SAVED has the value"):
        Limits.read()


def test_a_visitor_is_told_what_is_too_much(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    monkeypatch.setattr("ui.common.permissions.names", lambda: ["session a", "address b"])
    monkeypatch.setattr("ui.common.visitor.current", lambda: Visitor.of("a"))
    limits.spend(Kind.UPLOADS)
    monkeypatch.setenv("INKLING_MOST_UPLOADS", "1/4")
    limits._uses.cache_clear()
    limits.spend(Kind.UPLOADS)
    st.cache_resource.clear()  # as any visitor's message may have it
    with pytest.raises(InklingError) as refusal:
        limits.spend(Kind.UPLOADS)
    assert str(refusal.value) == (
        "This server takes 1 upload an hour from one visitor, and 4 from one address: go on in 1 h."
    )
