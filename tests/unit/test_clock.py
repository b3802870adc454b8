"""The machine's clock is set back: what came later is still what came later."""

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import numpy as np
import pytest

from model.data import drawings
from model.data.drawings import Choice, SavedDrawing
from model.runs import registry
from model.runs.run import Run
from tests.support import records


class Clock(datetime):
    """Of which a test says what it tells."""

    told = datetime(2027, 3, 28, 2, 0, tzinfo=UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Clock":
        told = cls.told.astimezone(tz)
        return cls.fromisoformat(told.isoformat())


@pytest.fixture(autouse=True)
def _home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    monkeypatch.setattr(registry, "datetime", Clock)
    monkeypatch.setattr(drawings, "datetime", Clock)
    monkeypatch.setattr(Clock, "told", Clock.told)


def run() -> Run:
    made = registry.create("quick")
    made.write_config(records.config())
    return made


def set_back(**by: int) -> None:
    Clock.told -= timedelta(**by)


def test_the_latest_run_is_the_first_in_the_list() -> None:
    made = [run()]
    for _ in range(3):
        set_back(hours=5)
        made.append(run())
    assert registry.all_runs() == made[::-1]
    Clock.told += timedelta(days=1)
    made.append(run())
    assert registry.all_runs() == made[::-1]


def test_a_folder_that_somebody_named_is_no_moment() -> None:
    named = run()
    named.folder.rename(named.folder.with_name("zebra"))
    assert run().id.startswith("20270328-020000-quick-")


def test_the_latest_drawing_is_the_first_in_the_album() -> None:
    with drawings.opened() as store:
        for label in range(3):
            store.save(SavedDrawing(np.full((28, 28), label, np.uint8), label))
            set_back(days=400)
        assert [one.label for one in store.some(Choice(), 0, 9)] == [2, 1, 0]
