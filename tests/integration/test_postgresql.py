"""The saved drawings in PostgreSQL, which is killed and started again while pages are open."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model.data import drawings
from model.data.drawings import Choice, SavedDrawing
from model.data.visitors import HOST
from model.errors import InklingError
from tests.support.postgresql import Database, postgresql
from ui.common import drawing_store

APP = Path(__file__).parent.parent.parent / "app.py"
STROKES = [np.array([[0, 0], [9, 9.5]], np.float32)]


@pytest.fixture
def database(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    with postgresql() as database:
        monkeypatch.setenv("INKLING_DATABASE", database.address)
        yield database
        drawing_store.store().close()  # the pages' own


def saved(label: int) -> SavedDrawing:
    return SavedDrawing(np.full((28, 28), label, np.uint8), label, STROKES, answer=1)


def test_it_is_killed_and_started_again(database: Database, home: Path) -> None:
    with drawings.opened() as store:
        number = store.save(saved(3))
        assert store.add([saved(3), saved(4), saved(5)]) == 2
        assert store.relabel(number, 8, HOST)
        assert store.counts() == {4: 1, 5: 1, 8: 1}
        (found,) = store.some(Choice(label=8, wrong=True), 0, 9)
        np.testing.assert_array_equal((found.strokes or [])[0], STROKES[0])

        page = AppTest.from_file(str(APP), default_timeout=60).run()
        page.switch_page("pages/drawings.py").run()
        assert [header.value for header in page.header] == ["3 drawings"]

        database.kill()
        database.start()
        assert store.counts() == {4: 1, 5: 1, 8: 1}  # without a word of the old connection
        page.run()
        assert not page.error

        database.kill()
        with pytest.raises(InklingError, match="the postgresql database can't be reached"):
            store.save(saved(6))
        page.run()
        assert "The drawings in the postgresql database can't be reached" in page.error[0].value
        assert "127.0.0.1" not in page.error[0].value  # it names no host

        database.start()
        assert store.counts() == {4: 1, 5: 1, 8: 1}
        store.save(saved(6))
        page.run()
        assert not page.error
        assert [header.value for header in page.header] == ["4 drawings"]
    assert not (home / "drawings.db").exists()
