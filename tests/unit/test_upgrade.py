"""Drawings and runs that version 0.1 has left on disk; tests/data/version-0.1 is a home of its,
with synthetic digits, less the networks."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from model.data import drawings, migrations
from model.data.tables import EVERYBODYS
from model.errors import InklingError
from model.runs import registry, status
from model.runs.records import SCHEMA
from model.runs.run import Run
from model.runs.status import State
from tests.support import records

BEFORE = Path(__file__).parent.parent / "data" / "version-0.1"


@pytest.fixture
def before(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An INKLING_HOME as version 0.1 has left it."""
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    shutil.copytree(BEFORE, home)
    connection = sqlite3.connect(home / "drawings.db")
    connection.executescript((home / "drawings.sql").read_text())
    connection.close()
    return home


@pytest.fixture
def runs(before: Path) -> dict[str, Run]:
    taught, killed, stopped, finished = registry.all_runs()
    return {"taught": taught, "killed": killed, "stopped": stopped, "finished": finished}


# ---------------------------------------------------------------- runs


def test_how_each_run_ended_is_read(runs: dict[str, Run]) -> None:
    states = {name: run.state for name, run in runs.items()}
    assert states == {
        "taught": State.FINISHED,
        "killed": State.FAILED,
        "stopped": State.STOPPED,
        "finished": State.FINISHED,
    }
    assert runs["stopped"].snapshot().reason == status.STOPPED


def test_a_finished_run_is_read_whole(runs: dict[str, Run]) -> None:
    now = runs["finished"].snapshot()
    assert (now.config.schema_version, now.config.recipe.name, now.config.seed) == (1, "quick", 3)
    assert now.config.started.year == 2026
    assert [row.epoch for row in now.history] == [1, 2]
    assert [round(sum(row.drawing or ()), 3) for row in now.history] == [1, 1]
    assert now.history[1].val_accuracy == 0.52
    positions = [row.position for row in now.batches]
    assert positions == sorted(positions)
    assert len(positions) == 4
    assert now.progress
    assert (now.progress.phase, now.progress.epoch, now.progress.batch) == ("evaluating", 2, 3)
    assert now.drawing is not None
    assert now.drawing.shape == (28, 28)
    assert now.result
    assert now.result.promotion  # “gate” in its file
    assert [one.n for one in now.result.promotion.comparisons] == [60]
    assert not now.result.promotion.passed
    assert now.result.in_use
    assert now.result.in_use.run is None
    wrong = runs["finished"].wrong
    assert wrong
    assert len(wrong.images) == now.result.test.n - round(
        now.result.test.n * now.result.test.accuracy
    )


def test_what_was_learned_from_drawings_is_read(runs: dict[str, Run]) -> None:
    now = runs["taught"].snapshot()
    assert now.config.learned_until is None
    assert now.config.data == "drawings"
    assert len(now.history) == 4
    assert now.result
    assert now.result.drawings
    assert now.result.drawings.n == 6
    assert now.result.tested_on


@pytest.mark.parametrize("name", ["stopped", "killed", "finished"])
def test_a_run_that_goes_on_is_brought_up_to_date(name: str, runs: dict[str, Run]) -> None:
    run = runs[name]
    old = run.snapshot()
    handle = run.lock()
    run.reopen()
    new = run.snapshot()
    assert new.config.schema_version == SCHEMA
    assert new.config.recipe == old.config.recipe
    assert (new.history, new.log, new.progress) == (old.history, old.log, old.progress)
    assert new.state == State.RUNNING
    left = {path.name for path in run.folder.iterdir()}
    assert left.isdisjoint({"progress.json", "batches.csv", "drawing.csv"})
    os.close(handle)


def test_a_run_of_schema_2_is_read_and_goes_on(home: Path) -> None:
    """Whose steps had no learning rate and no gradient's norm."""
    run = registry.create("quick")
    run.write_config(records.config(schema_version=2))
    (run.folder / "progress.csv").write_text(
        "phase,epoch,batch,batches,elapsed,remaining,loss,accuracy\n"
        "training,1,5,10,1.5,2.0,0.5,0.75\n"
        "training,1,10,10,1.9,,,\n"
    )
    (step,) = run.snapshot().batches
    assert (step.loss, step.accuracy, step.rate, step.norm) == (0.5, 0.75, None, None)
    handle = run.lock()
    run.reopen()
    run.append_progress(step._replace(batch=6, rate=0.01, norm=2.0))
    now = run.snapshot()
    assert now.config.schema_version == SCHEMA
    assert [row.rate for row in now.batches] == [None, 0.01]
    os.close(handle)


# ---------------------------------------------------------------- drawings


def test_the_drawings_are_read_and_their_table_is_brought_up_to_date(before: Path) -> None:
    with drawings.opened() as store:
        saved = store.all()
        assert [drawing.label for drawing in saved] == [0, 3, 4, 5, -1, 1]
        assert [drawing.is_wrong for drawing in saved] == [False, False, False, True, True, False]
        assert [drawing.strokes is None for drawing in saved] == [True, False] * 3
        assert saved[1].image.max() > 200
        assert {(one.room, one.owner, one.approved) for one in saved} == {(EVERYBODYS, None, True)}
        assert store.save(saved[0]) == 7
    with drawings.opened() as store:  # once more: nothing is left to be done
        assert sum(store.counts().values()) == 7
    assert state_of(before / "drawings.db") == ([step.__name__ for step in migrations.STEPS], True)


def state_of(path: Path) -> tuple[list[str], bool]:
    """The steps that a database has gone through, and whether it has the index of the last."""
    connection = sqlite3.connect(path)
    applied = [name for (name,) in connection.execute("SELECT name FROM drawings_migrations")]
    indices = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    connection.close()
    return applied, "ix_drawings_label" in indices


def test_a_new_database_is_as_one_that_was_brought_up_to_date(before: Path, home: Path) -> None:
    def schema() -> set[str]:
        with drawings.opened():
            pass
        connection = sqlite3.connect(home / "drawings.db")
        found = {" ".join(sql.split()) for (sql,) in connection.execute(QUERY)}
        connection.close()
        return found

    upgraded = schema()
    (home / "drawings.db").unlink()
    assert schema() == upgraded


QUERY = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"


def test_a_step_that_fails_leaves_the_database_as_it_was(
    before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def m003_fails(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE drawings ADD COLUMN pen VARCHAR")
        connection.exec_driver_sql("NONSENSE")

    monkeypatch.setattr(migrations, "STEPS", [*migrations.STEPS, m003_fails])
    with pytest.raises(InklingError, match="can't be reached"), drawings.opened():
        pass
    connection = sqlite3.connect(before / "drawings.db")
    tables = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
    connection.close()
    assert [name for name, _ in tables] == ["drawings"]
    assert "pen" not in tables[0][1]


def test_a_later_versions_database_is_refused(
    before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def m003_later(connection: sa.Connection) -> None:
        pass

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", [*migrations.STEPS, m003_later])
        with drawings.opened():
            pass
    with pytest.raises(InklingError, match="a later version's"), drawings.opened():
        pass
