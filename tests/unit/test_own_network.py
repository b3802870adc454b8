"""A network that learned from one's own drawings: it answers oneself, until the host says more."""

import shutil
from pathlib import Path

import pytest
import streamlit as st

from model.data import drawings
from model.data.rooms import Room, Rooms
from model.data.visitors import Visitor
from model.runs import registry
from model.runs.records import Verdict
from model.runs.run import Run
from model.settings import PRETRAINED, Role
from model.training import pipeline
from tests.support import records
from ui.common import permissions, room, visitor
from ui.train import control

ME, OTHER, HOST = (Visitor.of(name, name == "host") for name in ("me", "other", "host"))


@pytest.fixture(autouse=True)
def _home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    monkeypatch.setattr(visitor, "is_known", lambda: True)
    monkeypatch.setattr(room, "_code", lambda: "")


@pytest.fixture
def album() -> Room:
    with drawings.opened() as store:
        return Rooms(store).make_own(ME)


@pytest.fixture
def run(album: Room) -> Run:
    """It has learned from that album, and is judged no worse than what answers everybody."""
    run = registry.create("teach")
    run.write_config(records.config(room=album.id, is_private=True))
    shutil.copy(PRETRAINED, run.model_path)
    pipeline._use(run, Verdict(comparisons=()))
    return run


def be(who: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask as this visitor from now on."""
    st.cache_resource.clear()
    monkeypatch.setattr(visitor, "current", lambda: who)
    role = Role.HOST if who.is_host else Role.TEACHER
    monkeypatch.setattr(permissions, "role", lambda: role)


def test_it_answers_me_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert registry.in_use().run is None
    be(ME, monkeypatch)
    assert room.in_use().run == run
    for who in (OTHER, HOST):
        be(who, monkeypatch)
        assert room.in_use().run is None
    be(ME, monkeypatch)
    monkeypatch.setenv("INKLING_MODEL", str(PRETRAINED))
    assert room.in_use().run is None


def test_i_and_the_host_see_it_and_others_do_not(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for who, seen in ((ME, [run]), (HOST, [run]), (OTHER, [])):
        be(who, monkeypatch)
        assert room.runs() == seen
        assert control._may_steer(run) == bool(seen)


def test_who_was_never_here_is_not_looked_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    be(ME, monkeypatch)
    monkeypatch.setattr(visitor, "is_known", lambda: False)
    assert room.own() is None
    assert room.in_use().run is None


def test_what_learns_from_my_album_among_others_is_mine_too(
    album: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(ME, monkeypatch)
    assert room.own_album(f"mnist+drawings:{album.id}") == album.id
    for spec in ("mnist", None, "mnist+drawings:1", f"drawings:{album.id}7"):
        assert room.own_album(spec) is None
    be(OTHER, monkeypatch)
    assert room.own_album(f"mnist+drawings:{album.id}") is None
