"""The database of saved drawings, which nobody waits for who does not need it."""

from pathlib import Path

import numpy as np
import pytest

from model.data import drawings
from model.data.drawings import SavedDrawing
from model.data.tables import EVERYBODYS
from model.preprocessing.framing import SIDE
from tests.support.command_line import ROOT, program
from ui.common import drawing_store, room

VISIT = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(sys.argv[1], default_timeout=60).run()
assert not app.exception and app.title[0].value == "Draw a digit", app
sys.exit("sqlalchemy" in sys.modules)
"""


@pytest.fixture(autouse=True)
def _home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)


def test_the_draw_page_does_without_it() -> None:
    program(VISIT, ROOT / "app.py")


def test_it_is_not_made_by_who_only_looks(home: Path) -> None:
    assert not room.filled()
    assert not (home / "drawings.db").exists()


def test_it_is_opened_once_and_filled_from_anywhere() -> None:
    mine = drawing_store.store()
    assert drawing_store.store() is mine
    assert not room.filled()
    with drawings.opened() as another:
        another.save(SavedDrawing(np.zeros((SIDE, SIDE), np.uint8), 3))
    assert room.filled() == [EVERYBODYS]
