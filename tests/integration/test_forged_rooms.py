"""Whoever speaks Streamlit's protocol, without the page and its buttons, may do no more in a room
than by them: each button, each field and each upload of the teacher's is forged by a pupil."""

import urllib.request
import uuid
from collections.abc import Iterator
from http.cookies import SimpleCookie
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

TEACHER, PUPIL = new_key(), new_key()
PATIENCE = 60  # seconds
AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


class Tab:
    """A tab without a browser, of the visitor with a key, in a room: it sees which widgets a page
    has, and sends whatever it likes about these and others."""

    def __init__(self, address: str, page: str, key: str, code: str) -> None:
        self.address = address
        self.widgets: dict[str, tuple[str, str]] = {}  # kind and fragment, by id
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
        message.rerun_script.widget_states.widgets.extend(states)
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
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            shown = str(element.WhichOneof("type"))
            if identifier := getattr(getattr(element, shown), "id", ""):
                self.widgets[identifier] = (shown, message.delta.fragment_id)
        return kind == "script_finished" and message.script_finished != AGAIN


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on which nobody is the host."""
    home = str(tmp_path_factory.mktemp("forged"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKLING_HOME", home)
        patch.delenv("INKLING_DATABASE", raising=False)
        with serving(INKLING_HOME=home, INKLING_MANAGING="off") as address:
            yield address


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with drawings.opened() as store:
        yield store


@pytest.fixture
def room(store: Store) -> Room:
    """A class' room with drawings that count, wait and were deleted, all but one the teacher's."""
    every, teacher, pupil = Rooms(store), Visitor.of(TEACHER), Visitor.of(PUPIL)
    made = every.make("7b", teacher, days=30, approval=True)
    every.join(made.code or "", pupil)
    images, labels = synthetic.make(4, seed=1)
    numbers = [
        store.save(
            SavedDrawing(
                image,
                int(label),
                room=made.id,
                owner=(pupil if place == 3 else teacher).id,
                approved=place != 1,
            )
        )
        for place, (image, label) in enumerate(zip(images, labels, strict=True))
    ]
    store.delete(numbers[2:3], teacher)
    every.wipe(every.make("wiped", teacher, days=30).id, teacher)
    return made


def contents(store: Store) -> list[Any]:
    """All that is in the database."""
    with store.transaction() as connection:
        every = (tables.drawings, tables.rooms, tables.members)
        return [row for one in every for row in connection.execute(sa.select(one)).all()]


def value(kind: str, identifier: str) -> WidgetState | None:
    """Something that was done with a widget; None where only something can be uploaded."""
    if kind in ("button", "download_button"):
        return WidgetState(id=identifier, trigger_value=True)
    if kind == "text_input":
        return WidgetState(id=identifier, string_value="forged")
    if kind == "checkbox":
        return WidgetState(id=identifier, bool_value=False)
    if kind in ("selectbox", "button_group"):
        return WidgetState(id=identifier, string_value="9")
    return None


@pytest.mark.parametrize("page", ["rooms", "drawings"])
def test_a_pupil_who_forges_the_teachers_messages_changes_nothing(
    address: str, store: Store, room: Room, page: str
) -> None:
    code = room.code or ""
    teacher, pupil = (Tab(address, page, key, code) for key in (TEACHER, PUPIL))
    theirs = {one: kind for one, kind in teacher.widgets.items() if one not in pupil.widgets}
    names = {one.rpartition("-")[2] for one in theirs}
    wanted = {"rooms": {"wipe_room", "approve_all", "teach_now"}, "drawings": {"put_back_all"}}
    assert wanted[page] <= names
    before = contents(store)
    csv = to_csv(Samples(*synthetic.make(5, seed=2)))
    for identifier, (kind, _) in theirs.items():
        pupil.send(value(kind, identifier) or pupil.upload(identifier, "five.csv", csv))
    assert contents(store) == before
    assert registry.all_runs() == []
    teacher.close()
    pupil.close()


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
    csv = to_csv(Samples(*synthetic.make(5, seed=2)))
    teacher.send(teacher.upload(bring, "five.csv", csv))
    assert len(store.all(room.id)) == count + 5
    teacher.close()


def test_a_room_is_not_entered_by_its_code_in_a_cookie(
    address: str, store: Store, room: Room
) -> None:
    stranger = Tab(address, "rooms", new_key(), room.code or "")
    assert not any(one.endswith("-leave_room") for one in stranger.widgets)
    stranger.close()
