"""Messages that no browser would send: what a page does not offer can't be had by them either."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from browser.digits import DIGITS
from browser.server import serving
from browser.waiting import until
from model.data import drawings, synthetic
from model.data.drawings import SavedDrawing
from model.data.kaggle import to_csv
from model.data.rooms import Rooms
from model.data.samples import Samples
from model.data.tables import EVERYBODYS
from model.data.visitors import Visitor, new_key
from model.guesses import FREE
from model.preprocessing.link import to_link
from model.runs import registry
from model.runs.run import Run
from model.runs.status import State
from model.runs.status import write as write_end
from model.settings import PRETRAINED
from tests.support import records
from tests.support.client import Client
from tests.support.files import encoded, picture
from tests.support.runs import kill_all

PAGES = ["", "why", "drawings", "train", "runs", "batch"]
BUTTONS = ("button", "download_button", "checkbox")
LINK = to_link([400 * np.array(stroke, np.float32) for stroke in DIGITS[3]], 20)
CSV = to_csv(Samples(*synthetic.make(5, seed=1)))

Ids = dict[str, tuple[set[str], set[str], set[str]]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, few_digits: Path) -> Iterator[Path]:
    """A home with three runs, of which one is in use and one can go on, and with drawings."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKLING_HOME", str(home))
        patch.setenv("MNIST_PATH", str(few_digits))
        patch.delenv("INKLING_DATABASE", raising=False)
        patch.delenv("INKLING_MODEL", raising=False)
        for _ in range(2):
            registry.use(_run(State.FINISHED))
        _run(State.STOPPED)
        with drawings.opened() as store:
            images, labels = synthetic.make(3, seed=2)
            store.add(map(SavedDrawing, images, map(int, labels)))
        yield home
        kill_all()


def _run(state: State) -> Run:
    run = registry.create("quick")
    run.write_config(records.config(data="synthetic:600", spec="synthetic:600"))
    run.write_history(records.history(2))
    if state == State.FINISHED:
        shutil.copy(PRETRAINED, run.model_path)
        run.write_result(records.result())
    write_end(run.folder, state)
    return run


@pytest.fixture(scope="module")
def permitted(home: Path) -> Iterator[str]:
    """A server on which who sits at it may everything: one without any setting."""
    with serving(INKLING_HOME=str(home)) as address:
        yield address


@pytest.fixture(scope="module")
def switched_off(home: Path) -> Iterator[str]:
    """A server on which nobody may anything."""
    off = {"INKLING_RETRAIN": "off", "INKLING_SAVING": "off", "INKLING_PASSWORD": "sesame"}
    with serving(INKLING_HOME=str(home), **off) as address:
        yield address


@pytest.fixture(scope="module")
def guarded(home: Path) -> Iterator[str]:
    """A server on which everybody may everything who knows the password, but save drawings."""
    setting = {"INKLING_MANAGING": "on", "INKLING_SAVING": "off", "INKLING_PASSWORD": "sesame"}
    with serving(INKLING_HOME=str(home), **setting) as address:
        yield address


@pytest.fixture(scope="module")
def ids(permitted: str) -> Ids:
    with Client(permitted) as client:
        client.open()
        found = shown(client)
    names = " ".join(name for page in found.values() for part in page for name in part)
    for key in ("retrain", "resume-", "taps", "delete_now", "delete_all_now", "bring-", "-file"):
        assert key in names
    return found


def shown(client: Client) -> Ids:
    """The buttons, places for files and components of all pages, those behind others too."""
    found: Ids = {}
    for page in PAGES:
        client.open(page, _query(page))
        buttons, uploaders, components = set[str](), set[str](), set[str]()
        for _ in _views(client, page):
            buttons |= client.ids(*BUTTONS)
            uploaders |= client.ids("file_uploader", "camera_input")
            components |= client.ids("bidi_component")
        found[page] = buttons, uploaders, components
    client.open("batch")
    client.upload(client.widget("batch-files-0"), b"train.csv", CSV)

    def is_read() -> bool:
        client.open("batch")
        return "batch_train" in client.text

    until(is_read)
    found["batch"][0].update(client.ids(*BUTTONS))
    return found


def _query(page: str) -> str:
    return f"drawing={LINK}" if page in ("", "why") else ""


def _views(client: Client, page: str) -> Iterator[None]:
    """The page as it is, then with what it shows once it is asked to."""
    yield
    if page == "runs":
        for run in sorted(client.ids("checkbox")):
            client.enter(WidgetState(id=run, bool_value=True))
            yield
            client.press(client.widget("delete"))
            yield
            client.enter(WidgetState(id=run, bool_value=False))
    if page == "drawings":
        client.press(client.widget("delete_all"))
        yield
    if page == "train":
        spec = WidgetState(id=client.widget("learns_from"), string_value="A file of yours…")
        client.enter(spec)
        yield


def forge(client: Client, ids: Ids) -> None:
    """Tap each component, press each button and give a file to each place for one, there or not."""
    for page, (buttons, uploaders, components) in ids.items():
        client.open(page, _query(page))
        for component in sorted(components):  # before some button clears the drawing
            client.trigger(component, "tapped", "3")
        for button in sorted(buttons):
            client.press(button)
        file = (b"train.csv", CSV) if page else (b"3.png", encoded(picture(3)))
        for uploader in sorted(uploaders):
            client.upload(uploader, *file)


def state_of(home: Path) -> dict[str, bytes]:
    """All files in the home, by their paths."""
    return {str(p.relative_to(home)): p.read_bytes() for p in home.rglob("*") if p.is_file()}


def processes(parent: int | None = None) -> set[int]:
    """All that this process has begun, and those what they have begun."""
    said = subprocess.run(
        ["pgrep", "-P", str(parent or os.getpid())], capture_output=True, text=True, check=False
    )
    children = set(map(int, said.stdout.split()))
    return children.union(*(processes(child) for child in children))


def runs() -> set[str]:
    return {run.id for run in registry.all_runs()}


@pytest.mark.parametrize("server", ["switched_off", "guarded"])
def test_what_is_not_offered_does_nothing(
    home: Path, ids: Ids, server: str, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue(server)
    before, begun = state_of(home), processes()
    with Client(address) as client:
        client.open()
        forge(client, ids)
        assert not client.has_exception
    assert state_of(home) == before
    assert processes() == begun


def test_where_it_is_offered_the_same_messages_do_it(home: Path, permitted: str) -> None:
    """Else the test before would say nothing. What is tapped is saved in the visitor's own album,
    and in nobody else's."""
    key = new_key()
    with drawings.opened() as store, Client(permitted, Cookie=f"inkling={key}") as client:
        everybodys = store.counts(EVERYBODYS)
        client.open()
        client.open("", _query(""))
        client.trigger(client.widget("taps"), "tapped", "7")
        own = Rooms(store).own(Visitor.of(key))
        assert own
        assert store.counts(own.id, wrong=True) == {7: 1}
        assert store.counts(EVERYBODYS) == everybodys
        client.open("runs")
        client.press(client.widget("use_shipped"))
        assert registry.in_use().run is None


@pytest.mark.parametrize("word", ["11", "-1", "__class__", 7, None, ["7"], {"7": 7}])
def test_a_tap_is_on_a_button_or_on_none(permitted: str, word: Any) -> None:
    key = new_key()
    with drawings.opened() as store, Client(permitted, Cookie=f"inkling={key}") as client:
        client.open()
        client.open("", _query(""))
        client.trigger(client.widget("taps"), "tapped", word)
        assert not client.has_exception
        assert Rooms(store).own(Visitor.of(key)) is None


def test_a_crop_is_four_numbers_or_none(permitted: str) -> None:
    with Client(permitted) as client:
        client.open()
        client.open()
        (uploader,) = client.ids("file_uploader")
        client.upload(uploader, b"3.png", encoded(picture(3)))
        for part in ("abcd", 5, 4 * ["a"], 4 * [float("nan")], 4 * [10**400], [0, 1], {"a": 1}):
            client.trigger(client.widget("crop"), "part", part)
            assert not client.has_exception, part


def test_no_file_of_the_servers_is_to_be_trained_on(home: Path, permitted: str) -> None:
    """By a choice that is not in the list."""
    known = runs()
    with Client(permitted) as client:
        client.open()
        client.open("train")
        client.enter(
            WidgetState(id=client.widget("learns_from"), string_value=str(home / "in_use.json")),
            WidgetState(id=client.widget("retrain"), trigger_value=True),
        )
        assert "There are no such digits here" in client.text
        client.open("train")
        client.enter(
            WidgetState(id=client.widget("recipe"), string_value="../recipe"),
            WidgetState(id=client.widget("retrain"), trigger_value=True),
        )
        assert "There is no such recipe" in client.text
        assert not client.has_exception
    assert runs() == known


def test_a_drawing_is_no_more_than_a_digit_or_none(permitted: str) -> None:
    with drawings.opened() as store, Client(permitted) as client:
        (drawing, *_) = store.all()
        client.open()
        client.open("drawings")
        label = client.widget(f"label-{drawing.id}-{drawing.label}")
        client.enter(WidgetState(id=label, string_value="=1+1"))
        assert not client.has_exception
        assert store.all()[0].label == drawing.label


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"<img src=x onerror=alert(1)>.csv", r"\<img src=x onerror=alert(1)\>.csv"),
        (b"![x](http://evil.example/x.png).csv", r"!\[x\](http://evil.example/x.png).csv"),
        (b"=1+1.csv", "=1+1.csv"),
        (b"\xed\xa0\x80.csv", ".csv"),
    ],
    ids=["HTML", "Markdown", "a formula", "half of a pair of surrogates"],
)
def test_a_name_is_shown_as_it_is(permitted: str, name: bytes, shown: str) -> None:
    """The Drawings page says what it has added from which file."""
    with Client(permitted) as client:
        client.open()
        client.open("drawings")
        (uploader,) = client.ids("file_uploader")
        client.upload(uploader, name, to_csv(Samples(*synthetic.make(1, seed=len(name)))))
        assert "Added 1 drawing from" in client.text
        assert shown in client.text


def test_no_message_has_the_guesses_forgotten(guarded: str) -> None:
    with Client(guarded) as client:
        client.open()
        client.open("train")
        assert not is_held_up(client)
        client.say(BackMsg(clear_cache=True))
        client.open("train")
        assert is_held_up(client)
        guess(client, 10 * 2**20 * "a")
        assert not client.has_exception
    with Client(guarded) as client:  # nor has a new session
        client.open()
        client.open("train")
        assert is_held_up(client)
        assert "retrain" not in " ".join(client.ids("button"))


def is_held_up(client: Client) -> bool:
    """Whether as many guesses as are free, one after the other, are too many."""
    for number in range(FREE):
        guess(client, f"wrong {number}")
        if "Too many wrong passwords" in client.text:
            return True
        assert "That is not the password" in client.text
    return False


def guess(client: Client, password: str) -> None:
    client.enter(WidgetState(id=client.widget("password"), string_value=password))


@pytest.mark.parametrize(
    ("name", "headers", "may_manage"),
    [
        ("localhost", {}, True),
        ("evil.example", {}, False),
        ("127.0.0.1.evil.example", {}, False),
        ("localhost", {"X-Forwarded-For": "192.0.2.1"}, False),
    ],
)
def test_who_comes_by_another_name_does_not_sit_at_the_server(
    permitted: str, name: str, headers: dict[str, str], may_manage: bool
) -> None:
    """As a foreign page whose name was made to lead here, and what a proxy hands on."""
    with Client(permitted, name, **headers) as client:
        client.open()
        client.open("drawings")
        assert ("delete_all" in client.text) == may_manage
