"""The pages without a browser: what they list, what they refuse, what they say came of it."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from model.data import drawings, synthetic
from model.data.drawings import SavedDrawing, Store
from model.data.kaggle import to_csv
from model.data.rooms import Room, Rooms
from model.data.samples import Samples
from model.data.tables import EVERYBODYS
from model.data.visitors import HOST, Visitor, new_key
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.runs.status import write as write_end
from tests.support import records

PAGES = ["draw", "why", "drawings", "rooms", "train", "runs", "batch"]
PAGES += ["board", "lesson", "privacy"]
APP = Path(__file__).parent.parent.parent / "app.py"


@pytest.fixture(autouse=True)
def _home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLING_DATABASE", raising=False)
    monkeypatch.setenv("INKLING_MANAGING", "on")  # AppTest has no address


@pytest.fixture
def store() -> Iterator[Store]:
    with drawings.opened() as store:
        yield store


def opened(page: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def stopped_run() -> Run:
    run = registry.create("quick")
    run.write_config(records.config())
    write_end(run.folder, State.STOPPED)
    return run


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_on_a_fresh_server(page: str) -> None:
    assert len(opened(page).title) == 1


def test_a_page_that_is_asked_for_first_has_the_app_run_before_it() -> None:
    page = AppTest.from_file(str(APP.parent / "pages" / "batch.py"), default_timeout=60)
    page.run()
    assert page.session_state["entrypoint_ran"]


# ---------------------------------------------------------------- Runs


def test_of_many_runs_some_are_listed_until_all_are_asked_for() -> None:
    for _ in range(12):
        stopped_run()
    app = opened("runs")
    assert len(app.checkbox) == 10
    app.toggle(key="all_runs").set_value(True).run()
    assert len(app.checkbox) == 12
    app.checkbox[11].check().run()
    assert not app.exception
    assert "Stopped" in html(app)


def test_several_runs_are_compared() -> None:
    one, other = stopped_run(), stopped_run()
    app = opened("runs")
    for run in (one, other):
        app.checkbox(key=f"pick-{run.id}").check()
    app.run()
    assert not app.exception
    assert one.id in html(app)
    assert other.id in html(app)
    assert app.button(key="delete").label == "Delete 2"


# ---------------------------------------------------------------- Drawings


def saved(store: Store, count: int) -> None:
    images, labels = synthetic.make(count, seed=1)
    store.add(
        [SavedDrawing(image, int(label)) for image, label in zip(images, labels, strict=True)]
    )


def test_the_drawings_are_shown_a_page_at_a_time(store: Store) -> None:
    saved(store, 30)
    app = opened("drawings")
    assert html(app).count('<figure class="drawing"') == 24
    app.button(key="older").click().run()
    assert html(app).count('<figure class="drawing"') == 6
    assert not app.exception


def test_a_label_is_mended_and_a_drawing_deleted(store: Store) -> None:
    store.save(SavedDrawing(np.zeros((28, 28), np.uint8), 3))
    (drawing,) = store.all()
    app = opened("drawings")
    app.selectbox(key=f"label-{drawing.id}-3").set_value(8).run()
    assert [found.label for found in store.all()] == [8]
    app.button(key=f"delete-{drawing.id}").click().run()
    assert not app.exception
    assert store.all() == []


def test_what_is_deleted_is_put_back(store: Store) -> None:
    saved(store, 3)
    app = opened("drawings")
    app.button(key="delete-2").click().run()
    assert [found.id for found in store.all()] == [1, 3]
    assert "Deleted, kept for a day (1)" in [one.label for one in app.expander]
    app.button(key="put-back-2").click().run()
    assert [found.id for found in store.all()] == [1, 2, 3]
    app.button(key="delete-3").click().run()
    app.button(key="erase_deleted").click().run()
    assert not app.exception
    assert not app.expander
    assert store.deleted(HOST, EVERYBODYS) == []


def test_everybodys_is_to_look_at_for_who_is_not_the_host(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKLING_MANAGING", "off")
    saved(store, 3)
    app = opened("drawings")
    assert html(app).count('<figure class="drawing"') == 3
    assert {button.key for button in app.button} == {"teach_now"}
    assert not app.selectbox


def test_an_album_of_ones_own_is_nobody_elses(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKLING_MANAGING", "off")
    mine, other = opened("drawings"), opened("drawings")
    csv = to_csv(Samples(*synthetic.make(5, seed=2)))
    mine.file_uploader(key="bring-0").set_value([("five.csv", csv, "text/csv")]).run()
    assert html(mine).count('<figure class="drawing"') == 5
    assert html(other.run()).count('<figure class="drawing"') == 0
    mine.button(key="delete-1").click().run()
    assert len(store.all()) == 4


def test_a_file_of_drawings_is_taken_in_or_refused_in_a_sentence(store: Store) -> None:
    app = opened("drawings")
    csv = to_csv(Samples(*synthetic.make(5, seed=2)))
    app.file_uploader(key="bring-0").set_value([("five.csv", csv, "text/csv")]).run()
    assert [message.value for message in app.success] == ["Added 5 drawings from five.csv."]
    app.file_uploader(key="bring-1").set_value([("no.csv", b"a,b\n1,2\n", "text/csv")]).run()
    assert "no.csv" in app.error[0].value
    assert not app.success
    assert len(store.all()) == 5


# ---------------------------------------------------------------- Rooms


@pytest.fixture
def room(store: Store, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A class' room that somebody else runs; and nobody here is the host."""
    monkeypatch.setenv("INKLING_MANAGING", "off")
    return Rooms(store).make("7b", Visitor.of(new_key()), days=30, prompt="Draw a 7")


def test_a_room_is_joined_and_left(store: Store, room: Room) -> None:
    app = opened("rooms")
    app.text_input(key="room_code").set_value("").run()
    app.button(key="join_room").click().run()
    assert "No code was entered; wanted" in app.error[0].value
    app.text_input(key="room_code").set_value((room.code or "").lower())
    app.button(key="join_room").click().run()
    assert not app.error
    assert "Draw a 7" in html(app)
    assert {button.key for button in app.button} == {"leave_room"}  # none of the teacher's
    assert Rooms(store).members(room.id) == 1
    app.switch_page("pages/board.py").run()
    assert "0</strong><span>drew" in html(app)
    app.switch_page("pages/draw.py").run()
    assert "Draw a 7" in html(app)
    app.switch_page("pages/rooms.py").run()
    app.button(key="leave_room").click().run()
    assert app.text_input(key="room_code").value == ""
    assert Rooms(store).members(room.id) == 0


def test_codes_are_not_tried_one_after_the_other(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContextProxy, "ip_address", "192.0.2.1")
    app = opened("rooms")
    for _ in range(11):
        app.text_input(key="room_code").set_value("AAAAAA")
        app.button(key="join_room").click().run()
    assert "Too many wrong codes; wanted: another try in" in app.error[0].value
    st.cache_resource.clear()  # as any visitor's message may have it
    another = opened("rooms")  # from the same address
    another.text_input(key="room_code").set_value(room.code or "")
    another.button(key="join_room").click().run()
    assert "Too many wrong codes" in another.error[0].value


def test_a_host_says_whether_rooms_are_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("rooms")
    monkeypatch.setenv("INKLING_ROOMS", "off")
    app.button(key="make_room").click().run()
    assert "nothing was made" in app.error[0].value
    assert Rooms(store).of(HOST) == []
    assert "make_room" not in [button.key for button in app.button]


def test_all_that_is_mine_is_erased(store: Store) -> None:
    app = opened("drawings")
    csv = to_csv(Samples(*synthetic.make(5, seed=2)))
    app.file_uploader(key="bring-0").set_value([("five.csv", csv, "text/csv")]).run()
    app.switch_page("pages/privacy.py").run()
    assert "5 drawings of this browser’s" in html(app)
    app.button(key="erase_mine").click().run()
    app.button(key="erase_mine_now").click().run()
    assert not app.exception
    assert "0 drawings of this browser’s" in html(app)
    assert store.all() == []


# ---------------------------------------------------------------- Train


def test_a_file_of_digits_is_chosen_once_it_is_found_sound() -> None:
    app = opened("train")
    app.selectbox(key="learns_from").set_value("file").run()
    app.file_uploader(key="file").set_value([("no.npz", b"no zip", "")]).run()
    assert "no.npz" in app.error[0].value
    assert app.selectbox(key="learns_from").value == "file"
    images, labels = synthetic.make(50, seed=3)
    content = io.BytesIO()
    np.savez(content, images=images, labels=labels)
    app.file_uploader(key="file").set_value([("fifty.npz", content.getvalue(), "")]).run()
    assert not app.error
    assert "fifty.npz" in str(app.selectbox(key="learns_from").value)


def test_what_can_not_be_started_is_refused_in_a_sentence() -> None:
    app = opened("train")
    app.selectbox(key="learns_from").set_value("file").run()
    app.button(key="retrain").click().run()
    assert "No file of digits was given yet" in app.warning[0].value
    assert registry.all_runs() == []
