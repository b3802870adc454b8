"""A visitor without a browser: speaks Streamlit's protocol, and says what no browser would."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.typing import Subprotocol

_PATIENCE = 120  # s; the first answer of a server waits for TensorFlow
_LARGEST = 2**26  # bytes of a message from the server
_INTERNAL = "$$STREAMLIT_INTERNAL_KEY"  # before the ids of what components say
_XSRF = 16 * "ab"  # whoever sets the cookie knows what to say in the header


class Client:
    """One session on the app at `address`, asked for by another `name` if there is one."""

    def __init__(self, address: str, name: str = "", **headers: str) -> None:
        host, port = urlsplit(address).hostname, urlsplit(address).port
        self._host = f"{host}:{port}"
        self._connection = connect(
            f"ws://{name or host}:{port}/_stcore/stream",
            sock=socket.create_connection((host, port)),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=headers,
            max_size=_LARGEST,
        )
        self._page = self._query = self._session = ""
        self.pages: dict[str, str] = {}
        self.elements: dict[tuple[int, ...], Element] = {}

    def __enter__(self) -> Self:
        self._socket = self._connection.__enter__()
        return self

    def __exit__(self, *ending: Any) -> None:
        self._connection.__exit__(*ending)

    # ------------------------------------------------------------ what a browser would do

    def open(self, page: str = "", query: str = "") -> None:
        """Go to the page of that name, as “train”; to the first one by no name."""
        self._page, self._query = self.pages.get(page, ""), query
        message = BackMsg()
        message.rerun_script.page_name = "" if self._page else page
        self._run(message)

    def enter(self, *values: WidgetState, fragment: str = "") -> None:
        """Have the widgets of these ids take these values, whether they are there or not."""
        message = BackMsg()
        message.rerun_script.widget_states.widgets.extend(values)
        message.rerun_script.fragment_id = fragment
        self._run(message)

    def press(self, button: str) -> None:
        self.enter(WidgetState(id=button, trigger_value=True))

    def trigger(self, component: str, event: str, value: Any) -> None:
        """Have the component of that id say that something has happened to it."""
        said = json.dumps([{"event": event, "value": value}])
        self.enter(WidgetState(id=f"{_INTERNAL}_{component}__events", json_trigger_value=said))

    def upload(self, uploader: str, name: bytes, content: bytes) -> None:
        """Give a file to the uploader of that id, in whatever encoding its name is."""
        asked = BackMsg()
        asked.file_urls_request.request_id = "one"
        asked.file_urls_request.session_id = self._session
        title = name.decode(errors="replace")
        asked.file_urls_request.file_names.append(title)
        self.say(asked)
        (urls,) = self._await("file_urls_response").file_urls_response.file_urls
        assert self.put(urls.upload_url, name, content) == 204
        state = WidgetState(id=uploader)
        state.file_uploader_state_value.uploaded_file_info.add(
            file_id=urls.file_id, name=title, size=len(content), file_urls=urls
        )
        self.enter(state)

    def put(self, path: str, name: bytes, content: bytes) -> int:
        """Send a file to the server, for whatever; the status of its answer."""
        line = b'Content-Disposition: form-data; name="file"; filename="%s"' % name
        body = b"\r\n".join([b"--x", line, b"", content, b"--x--", b""])
        headers = {
            "Content-Type": "multipart/form-data; boundary=x",
            "Cookie": f"_streamlit_xsrf={_XSRF}",
            "X-Xsrftoken": _XSRF,
        }
        connection = http.client.HTTPConnection(self._host, timeout=_PATIENCE)
        connection.request("PUT", path, body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    # ------------------------------------------------------------ what is on the page

    def ids(self, *kinds: str) -> set[str]:
        """The widgets on the page, by Streamlit's names of their kinds, as “button”."""
        return {
            getattr(element, kind).id
            for element in self.elements.values()
            if (kind := element.WhichOneof("type") or "") in kinds
        }

    def widget(self, key: str) -> str:
        """The id of the widget that the app knows by `key`."""
        (found,) = {
            widget.id
            for element in self.elements.values()
            if (widget := getattr(element, element.WhichOneof("type") or "empty"))
            and getattr(widget, "id", "").endswith(f"-{key}")
        }
        return str(found)

    @property
    def has_exception(self) -> bool:
        """Whether an error that nothing caught is shown in the place of the page."""
        kinds = {element.WhichOneof("type") for element in self.elements.values()}
        return "exception" in kinds

    @property
    def text(self) -> str:
        """All that the page says, amid what the protocol puts between."""
        messages = (element.SerializeToString() for element in self.elements.values())
        return b"\n".join(messages).decode(errors="replace")

    # ------------------------------------------------------------ the messages

    def say(self, message: BackMsg) -> None:
        self._socket.send(message.SerializeToString())

    def _run(self, message: BackMsg) -> None:
        """Have the page run, until it has ended and nothing has it run again."""
        state = message.rerun_script
        state.query_string = self._query
        state.page_script_hash = self._page
        state.context_info.timezone = "UTC"
        self.say(message)
        finished = self._await("script_finished")
        while finished.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            finished = self._await("script_finished")

    def _await(self, kind: str) -> ForwardMsg:
        while True:
            message = ForwardMsg()
            content = self._socket.recv(_PATIENCE)
            assert isinstance(content, bytes)
            message.ParseFromString(content)
            self._note(message)
            if message.WhichOneof("type") == kind:
                return message

    def _note(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._session = message.new_session.initialize.session_id or self._session
                if not message.metadata.run.fragment_ids:
                    self.elements = {}
            case "navigation":
                self._page = message.navigation.page_script_hash
                self.pages = {
                    page.url_pathname: page.page_script_hash
                    for page in message.navigation.app_pages
                }
            case "delta" if message.delta.HasField("new_element"):
                path = tuple(message.metadata.delta_path)
                self.elements[path] = message.delta.new_element
