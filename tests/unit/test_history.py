"""The steps of the sheet: back and forth, and not without end."""

from collections.abc import Iterator

import pytest
import streamlit as st

from model.errors import InklingError
from ui.draw import history
from ui.draw.history import PICTURES, STEPS, Sheet
from ui.draw.picture import Picture


@pytest.fixture(autouse=True)
def _session() -> Iterator[None]:
    st.session_state.clear()
    yield
    st.session_state.clear()


def strokes(count: int) -> list[history.FabricPath]:
    return [{"type": "Path", "number": number} for number in range(count)]


def steps_back(shown: Sheet) -> list[Sheet]:
    found = []
    while earlier := history.back(shown):
        found.append(earlier)
        shown = earlier
    return found


def test_each_of_some_strokes_that_come_at_once_is_a_step() -> None:
    three = strokes(3)
    history.note_strokes(Sheet(three[:1]), three[1:])
    back = steps_back(Sheet(three))
    assert [len(sheet.strokes) for sheet in back] == [2, 1]
    forth = [history.forth(sheet) for sheet in reversed(back)]
    assert [sheet and len(sheet.strokes) for sheet in forth] == [2, 3]
    assert not history.can_go_forth()


def test_what_comes_after_going_back_ends_the_way_forth() -> None:
    history.note(Sheet([]))
    history.back(Sheet(strokes(1)))
    assert history.can_go_forth()
    history.note_strokes(Sheet([]), strokes(1))
    assert not history.can_go_forth()


def test_so_many_steps_are_kept_and_fewer_pictures() -> None:
    many = strokes(STEPS + 50)
    history.note_strokes(Sheet([]), many)
    assert len(steps_back(Sheet(many))) == STEPS
    for number in range(PICTURES + 3):
        history.note(Sheet([], Picture(InklingError(str(number)))), Sheet(strokes(1)))
    kept = [sheet for sheet in steps_back(Sheet([])) if sheet.picture]
    assert len(kept) == PICTURES
