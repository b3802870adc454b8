"""Whoever speaks Streamlit's protocol, without the page and its buttons, may do no more in a room
than by them: each button, each field and each upload of the teacher's is forged by a pupil."""

import shutil
import urllib.request
import uuid
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from browser.server import serving
from model.data import drawings, synthetic, tables
from model.data.drawings import SavedDrawing, Store
from model.data.kaggle import to_csv
from model.data.rooms import Room, Rooms
from model.data.samples import Samples
from model.data.visitors import Visitor, new_key
from model.runs import registry
from model.runs.records import RunConfig
from model.runs.run import Run
from model.runs.status import State
from model.runs.status import write as write_end
from model.settings import PRETRAINED
from model.training import recipes
from tests.support import records
from tests.support.widgets import HOSTS, ROOMS, keys

TEACHER, PUPIL, OTHER = new_key(), new_key(), new_key()
PATIENCE = 60  # seconds
AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


class Tab:
    """A tab without a browser, of the visitor with a key, in a room: it sees which widgets a page
    has, and sends whatever it likes about these and others."""

    def __init__(self, address: str, page: str, key: str, code: str) -> None:
        self.address = address
        self.widgets: dict[str, tuple[str, str]] = {}  # kind and fragment, by id
        self.ticked: list[WidgetState] = []  # boxes, as they are told at each run
        self._hash = ""
        self._connection = connect(
            f"{address.replace('http', 'ws')}/_stcore/stream",
            origin=Origin(address),
            subprotocols=[Subprotocol("streamlit"), Subprotocol("none")],
            additional_headers={"Cookie": f"inkling={key}; inkling-room={code}"},
            max_size=None,
        )
        self._socket = self._connection.__enter__()
        self.send(page=page)

    def send(self, *states: WidgetState, page: str = "", fragment: str = "") -> None:
        """Ask for the page with these widgets, or for a fragment of it; waits until it has run."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.page_script_hash = self._hash
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend([*self.ticked, *states])
        self._socket.send(message.SerializeToString())
        while not self._has_ended():
            pass

    def upload(self, widget: str, name: str, content: bytes) -> WidgetState:
        """Bring a file to the server; what the uploader then says."""
        number = str(uuid.uuid4())
        address = f"{self.address}/_stcore/upload_file/{self.session}/{number}"
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        token = self._token()
        head_lines = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Cookie": f"_streamlit_xsrf={token}",
            "X-Xsrftoken": token,
        }
        urllib.request.urlopen(urllib.request.Request(address, body, head_lines, method="PUT"))
        info = UploadedFileInfo(file_id=number, name=name, size=len(content))
        return WidgetState(
            id=widget, file_uploader_state_value=FileUploaderState(uploaded_file_info=[info])
        )

    def _token(self) -> str:
        """What the server gives whoever asks, against requests of other sites."""
        with urllib.request.urlopen(f"{self.address}/_stcore/health") as answer:
            cookies = SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or []))
        return cookies["_streamlit_xsrf"].value

    def close(self) -> None:
        self._connection.__exit__(None, None, None)

    def _has_ended(self) -> bool:
        message = ForwardMsg()
        content = self._socket.recv(PATIENCE)
        assert isinstance(content, bytes)
        message.ParseFromString(content)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._hash = message.new_session.page_script_hash
            self.session = message.new_session.initialize.session_id
        if kind == "navigation":
            self._hash = message.navigation.page_script_hash
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            shown = str(element.WhichOneof("type"))
            if identifier := getattr(getattr(element, shown), "id", ""):
                self.widgets[identifier] = (shown, message.delta.fragment_id)
        return kind == "script_finished" and message.script_finished != AGAIN


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with two runs that are everybody's, of which one is in use."""
    home = tmp_path_factory.mktemp("forged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKLING_HOME", str(home))
        patch.delenv("INKLING_DATABASE", raising=False)
        patch.delenv("INKLING_MODEL", raising=False)
        for _ in range(2):
            registry.use(finished("quick", records.config(data="synthetic:600")))
        yield home


def finished(recipe: str, config: RunConfig) -> Run:
    run = registry.create(recipe)
    run.write_config(config)
    run.write_history(records.history(2))
    shutil.copy(PRETRAINED, run.model_path)
    run.write_result(records.result())
    write_end(run.folder, State.FINISHED)
    return run


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """A server on which nobody is the host."""
    with serving(INKLING_HOME=str(home), INKLING_MANAGING="off") as address:
        yield address


@pytest.fixture(scope="module")
def hosted(home: Path) -> Iterator[str]:
    """Another on the same home, on which who sits at it is the host."""
    with serving(INKLING_HOME=str(home)) as address:
        yield address


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with drawings.opened() as store:
        yield store


@pytest.fixture
def room(store: Store) -> Room:
    """A class' room with a key, a network of its own, and drawings of a pupil's that count, wait
    and were deleted; beside one that was wiped."""
    every, teacher, pupil = Rooms(store), Visitor.of(TEACHER), Visitor.of(PUPIL)
    every.wipe(every.make("wiped", teacher, days=30).id, teacher)
    made = every.make("7b", teacher, days=30, approval=True)
    every.join(made.code or "", pupil)
    every.make_key(made.id, teacher)
    images, labels = synthetic.make(4, seed=1)
    numbers = [
        store.save(
            SavedDrawing(image, int(label), room=made.id, owner=pupil.id, approved=place != 1)
        )
        for place, (image, label) in enumerate(zip(images, labels, strict=True))
    ]
    store.delete(numbers[2:3], pupil)
    teaching = records.config(recipes.FINE_TUNING, data="drawings", room=made.id, is_private=True)
    every.use(made.id, finished("teach", teaching).id, teacher)
    return every.get(made.id)


def contents(store: Store) -> list[Any]:
    """All that is in the database, and of the runs what people may change."""
    with store.transaction() as connection:
        every = (tables.drawings, tables.rooms, tables.members)
        rows = [row for one in every for row in connection.execute(sa.select(one)).all()]
    return [*rows, *[(run.id, run.about) for run in registry.all_runs()], registry.in_use()]


def value(kind: str, identifier: str) -> WidgetState | None:
    """Something that was done with a widget; None where only something can be uploaded."""
    if kind in ("button", "download_button"):
        return WidgetState(id=identifier, trigger_value=True)
    if kind in ("text_input", "text_area"):
        return WidgetState(id=identifier, string_value="forged")
    if kind == "checkbox":
        return WidgetState(id=identifier, bool_value=False)
    if kind in ("selectbox", "button_group"):
        return WidgetState(id=identifier, string_value="9")
    return None


CSV = to_csv(Samples(*synthetic.make(5, seed=2)))


def send(tab: Tab, identifier: str, kind: str) -> None:
    """Use a widget, there or not."""
    if kind != "file_uploader" and value(kind, identifier) is None:
        return
    tab.send(value(kind, identifier) or tab.upload(identifier, "five.csv", CSV))


def key_of(identifier: str) -> str:
    """By which the app knows a widget: behind “$$ID”, a digest and a dash each."""
    return identifier.split("-", 2)[-1]


def opened(address: str, page: str, key: str, code: str) -> Tab:
    """A page with all that it shows once it is asked to."""
    tab = Tab(address, page, key, code)
    asking = {"rooms": ("wipe_room",), "drawings": ("delete_all",), "runs": ("pick-", "delete")}
    for name in asking.get(page, ()):
        for identifier, (kind, _) in list(tab.widgets.items()):
            if key_of(identifier) == name or key_of(identifier)[:5] == name == "pick-":
                if kind == "checkbox":
                    tab.ticked.append(WidgetState(id=identifier, bool_value=True))
                    tab.send()
                else:
                    tab.send(WidgetState(id=identifier, trigger_value=True))
                break
    return tab


PAGES = ("rooms", "drawings", "runs", "train")


def widgets(address: str, page: str, key: str, code: str) -> dict[str, str]:
    """The kinds of all widgets on a page, by their ids."""
    tab = opened(address, page, key, code)
    tab.close()
    return {identifier: kind for identifier, (kind, _) in tab.widgets.items()}


def test_who_may_not_changes_nothing_by_whatever_message(
    address: str, hosted: str, store: Store, room: Room
) -> None:
    """Each widget of the teacher's and of the host's, sent by who has none of it: a visitor, a
    pupil, a teacher of another room; and the host's by the teacher."""
    code, stranger, other = room.code or "", new_key(), new_key()
    another = Rooms(store).make("8a", Visitor.of(other), days=30)
    teachers = {page: widgets(address, page, TEACHER, code) for page in PAGES}
    hosts = {page: widgets(hosted, page, new_key(), "") for page in PAGES}
    hosts["drawings"] |= widgets(hosted, "drawings", TEACHER, code)
    shown = [key_of(one) for both in (teachers, hosts) for page in both.values() for one in page]
    untried = [
        key
        for key in [*keys(HOSTS), *keys(ROOMS)]
        if not any(name.startswith(key) for name in shown)
    ]
    assert untried == []
    before = contents(store)
    for key, own in ((stranger, ""), (PUPIL, code), (other, another.code or ""), (TEACHER, code)):
        for page in PAGES:
            forger = Tab(address, page, key, own)
            theirs = (teachers[page] if key != TEACHER else {}) | hosts[page]
            for identifier in theirs.keys() - forger.widgets.keys():
                send(forger, identifier, theirs[identifier])
            forger.close()
    assert contents(store) == before


@pytest.mark.parametrize("page", ["rooms", "drawings"])
def test_who_was_the_teacher_when_the_page_was_shown_changes_nothing_any_more(
    address: str, store: Store, room: Room, page: str
) -> None:
    """All that was offered is still there in the session: what is done decides."""
    every, code = Rooms(store), room.code or ""
    key = every.make_key(room.id, Visitor.of(TEACHER))
    of_another = ("bring-back-", "erase-")  # a room that was wiped, which is theirs still
    offered = widgets(address, page, TEACHER, code)
    tried = [
        one
        for one in offered
        if key_of(one).startswith(tuple(keys(ROOMS))) and not key_of(one).startswith(of_another)
    ]
    assert len(tried) > 5
    for identifier in tried:
        tab = opened(address, page, TEACHER, code)
        every.take_over(key, Visitor.of(OTHER))
        before = contents(store)
        send(tab, identifier, offered[identifier])
        assert contents(store) == before, key_of(identifier)
        tab.close()
        every.take_over(key, Visitor.of(TEACHER))


def test_the_same_messages_are_the_teachers_to_send(address: str, store: Store, room: Room) -> None:
    """So what is refused above is refused for who sends it."""
    teacher = Tab(address, "rooms", TEACHER, room.code or "")
    (approve,) = (one for one in teacher.widgets if one.endswith("-approve_all"))
    teacher.send(WidgetState(id=approve, trigger_value=True), fragment=teacher.widgets[approve][1])
    assert store.pending(room.id) == []
    teacher.close()
    teacher = Tab(address, "drawings", TEACHER, room.code or "")
    (bring,) = (one for one, (kind, _) in teacher.widgets.items() if kind == "file_uploader")
    count = len(store.all(room.id))
    teacher.send(teacher.upload(bring, "five.csv", CSV))
    assert len(store.all(room.id)) == count + 5
    teacher.close()


def test_a_room_is_not_entered_by_its_code_in_a_cookie(
    address: str, store: Store, room: Room
) -> None:
    stranger = Tab(address, "rooms", new_key(), room.code or "")
    assert not any(one.endswith("-leave_room") for one in stranger.widgets)
    stranger.close()
